/**
 * `@frontdesk/client`: Frontdesk's API for TypeScript.
 *
 * @packageDocumentation
 */
export { Frontdesk } from './frontdesk.js';
export type { Address, Answer, FrontdeskOptions, Input, Item, ListAddress, TokenProvider } from './frontdesk.js';
export { Inbox } from './inbox.js';
export type { InboxOptions, InboxState, InboxView } from './inbox.js';
export { Line } from './line.js';
export type { LineOptions, LineState } from './line.js';
export type { Frame } from './frames.js';
export { ProblemError } from './problem.js';
export type { Operations } from './generated/operations.gen.js';
export type * from './generated/types.gen.js';
