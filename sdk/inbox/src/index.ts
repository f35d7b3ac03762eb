/**
 * `@frontdesk/inbox`: importing it defines `<frontdesk-inbox>`.
 *
 * @packageDocumentation
 */
import type { InboxItem } from '@frontdesk/client';
import { FrontdeskInbox } from './element.js';

export { FrontdeskInbox };

/** What the element tells the page. All bubble; `preventDefault` keeps it from doing the thing itself. */
export interface FrontdeskInboxEvents {
  /** A message was opened in the list. */
  'frontdesk-open': CustomEvent<{ item: InboxItem }>;
  /** Its link was followed. */
  'frontdesk-link': CustomEvent<{ item: InboxItem; href: string }>;
  /** A message has come in. */
  'frontdesk-arrived': CustomEvent<{ item: InboxItem }>;
  /** Another number is unread. */
  'frontdesk-unread': CustomEvent<{ unread: number }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'frontdesk-inbox': FrontdeskInbox;
  }
  interface HTMLElementEventMap extends FrontdeskInboxEvents {}
}

if (!customElements.get('frontdesk-inbox')) customElements.define('frontdesk-inbox', FrontdeskInbox);
