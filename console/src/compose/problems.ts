/** What is wrong with a draft, at which field: our own quick checks, and the server's problem document. */
import { ApiProblem } from '../api/client';
import { characters, CONTENT_LIMIT, TITLE_LIMIT } from './draft';
import type { Draft } from './draft';

/** The fields of the form that a problem can be shown at, in the order of the page. */
export const FIELDS = ['title', 'content', 'category', 'priority', 'audience', 'channels'] as const;
export type Field = (typeof FIELDS)[number];

export interface Problems {
  fields: Partial<Record<Field, string>>;
  /** What belongs to no field of this form. */
  rest: string[];
}

export const NO_PROBLEMS: Problems = { fields: {}, rest: [] };

export function hasProblems(problems: Problems): boolean {
  return problems.rest.length > 0 || Object.keys(problems.fields).length > 0;
}

/** What can be said without asking the server. Whether an audience is good only the server knows. */
export function checkDraft(draft: Draft): Problems {
  const fields: Problems['fields'] = {};
  const title = characters(draft.title.trim());
  const content = characters(draft.content.trim());
  if (title === 0) fields.title = 'Give the message a title.';
  if (title > TITLE_LIMIT) fields.title = `Shorten the title by ${count(title - TITLE_LIMIT)}.`;
  if (content === 0) fields.content = 'Write what you want to say.';
  if (content > CONTENT_LIMIT) fields.content = `Shorten the message by ${count(content - CONTENT_LIMIT)}.`;
  if (draft.channels.length === 0) fields.channels = 'Choose at least one channel.';
  return { fields, rest: [] };
}

function count(over: number): string {
  return `${over.toLocaleString('en')} ${over === 1 ? 'character' : 'characters'}`;
}

/**
 * Puts each error of a problem document at the form's field: `audience.classes[0]`, `/audience/classes/0` and `audience`
 * all belong to the audience. A problem that names no field of ours is told in full.
 */
export function fromServer(error: Error): Problems {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return { fields: {}, rest: [error.message] };
  const problems: Problems = { fields: {}, rest: [] };
  for (const { field, message } of error.errors) {
    const ours = fieldOf(field);
    if (ours === null) problems.rest.push(field ? `${field}: ${message}` : message);
    else problems.fields[ours] = [problems.fields[ours], sentence(ours, message)].filter(Boolean).join(' ');
  }
  return problems;
}

function fieldOf(path: string): Field | null {
  const first = path.replace(/^[#$./]+/, '').split(/[./[]/, 1)[0];
  return FIELDS.find((field) => field === first) ?? null;
}

/** Everything that is wrong, as sentences, where there are no fields to put them at. */
export function allProblems(error: Error): string[] {
  const { fields, rest } = fromServer(error);
  return [...Object.values(fields), ...rest];
}

const SUBJECT: Record<Field, string> = {
  title: 'The title',
  content: 'The text',
  category: 'The category',
  priority: 'The priority',
  audience: 'The audience',
  channels: 'The list of channels',
};

/** The server says what a field "is" or "must be"; here the field is named, as a person would. */
function sentence(field: Field, message: string): string {
  const text = /^(is|has|must|can|stands|contains)\b/.test(message) ? `${SUBJECT[field]} ${message}` : message;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
