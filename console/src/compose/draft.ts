/** A message being written: its rules, and the request it becomes. The server has the last word on all of it. */
import type { Audience, Category, Channel, NewNotification, Priority, Role } from '../api/contract';

/** Characters (Unicode code points), as the server counts them. */
export const TITLE_LIMIT = 200;
export const CONTENT_LIMIT = 10_000;

/** Something that was picked from the directory. */
export interface Choice {
  id: string;
  name: string;
  /** What tells it from others of the same name. */
  detail: string;
}

export type AudienceMode = 'matching' | 'named' | 'everyone';

export interface Draft {
  title: string;
  content: string;
  category: Category;
  priority: Priority;
  channels: readonly Channel[];
  mode: AudienceMode;
  roles: readonly Role[];
  classes: readonly Choice[];
  grades: readonly Choice[];
  schools: readonly Choice[];
  people: readonly Choice[];
}

export const EMPTY_DRAFT: Draft = {
  title: '',
  content: '',
  category: 'announcement',
  priority: 'normal',
  channels: ['in_app', 'websocket', 'email'],
  mode: 'matching',
  roles: [],
  classes: [],
  grades: [],
  schools: [],
  people: [],
};

export function characters(text: string): number {
  return [...text].length;
}

/** The audience as the API takes it. `{}` when nothing is chosen yet: the server refuses it by name. */
export function toAudience(draft: Draft): Audience {
  if (draft.mode === 'everyone') return { all: true };
  if (draft.mode === 'named') return { people: ids(draft.people) };
  return {
    ...(draft.roles.length > 0 && { roles: [...draft.roles] }),
    ...(draft.classes.length > 0 && { classes: ids(draft.classes) }),
    ...(draft.grades.length > 0 && { grades: ids(draft.grades) }),
    ...(draft.schools.length > 0 && { schools: ids(draft.schools) }),
  };
}

function ids(choices: readonly Choice[]): string[] {
  return choices.map(({ id }) => id);
}

/** Whether the audience says anything at all, so that there is something to count. */
export function hasAudience(audience: Audience): boolean {
  return audience.all === true || Object.values(audience).some((list) => Array.isArray(list) && list.length > 0);
}

export function toRequest(draft: Draft): NewNotification {
  return {
    title: draft.title.trim(),
    content: draft.content.trim(),
    audience: toAudience(draft),
    category: draft.category,
    priority: draft.priority,
    channels: [...draft.channels],
  };
}

/** Choosing the emergency category raises the priority with it, and leaving it lowers it again. */
export function withCategory(draft: Draft, category: Category): Draft {
  if (category === 'emergency') return { ...draft, category, priority: 'emergency' };
  return { ...draft, category, priority: draft.category === 'emergency' ? 'normal' : draft.priority };
}

/** The names of everything that was picked, to speak of ids in plain words. */
export function namesIn(draft: Draft): Map<string, string> {
  const all = [...draft.classes, ...draft.grades, ...draft.schools, ...draft.people];
  return new Map(all.map(({ id, name }) => [id, name]));
}
