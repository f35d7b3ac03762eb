/** Audiences and reasons in plain words. */
import type { Audience, Reason, Role } from '../api/contract';
import { ROLE_MANY, ROLE_ONE } from './labels';

/** What an id (or the school's own id) is called; ids that are not in it are spoken of by number. */
export type Names = ReadonlyMap<string, string>;

const or = new Intl.ListFormat('en', { type: 'disjunction' });
const and = new Intl.ListFormat('en', { type: 'conjunction' });

/** "Parents of 709 Math", "Everyone", "3 named people". */
export function describeAudience(audience: Audience, names: Names): string {
  if (audience.all) return 'Everyone';
  if (audience.people?.length) return describePeople(audience.people, names);
  const roles = audience.roles ?? [];
  const who = roles.length === 0 ? 'Everyone' : and.format(roles.map((role) => ROLE_MANY[role] ?? role));
  const places = [
    place(audience.classes, names, 'class', 'classes'),
    place(audience.grades, names, 'grade', 'grades'),
    place(audience.schools, names, 'school', 'schools'),
  ].filter((part) => part !== null);
  return [who, ...places].join(' · ');
}

function describePeople(ids: readonly string[], names: Names): string {
  const known = ids.map((id) => names.get(id)).filter((name) => name !== undefined);
  if (known.length === ids.length && ids.length <= 3) return and.format(known);
  return `${ids.length} named ${ids.length === 1 ? 'person' : 'people'}`;
}

function place(ids: readonly string[] | undefined, names: Names, one: string, many: string): string | null {
  if (!ids?.length) return null;
  const known = ids.map((id) => names.get(id) ?? (isUuid(id) ? undefined : `${one} ${id}`)).filter((name) => name !== undefined);
  if (known.length === ids.length && ids.length <= 3) return or.format(known);
  return `${ids.length} ${ids.length === 1 ? one : many}`;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

const IS_A: Record<Role, string> = {
  admin: 'Is an admin',
  staff: 'Is on the staff',
  teacher: 'Is a teacher',
  parent: 'Is a parent',
  student: 'Is a student',
};

/** Why one person gets it: "Parent or guardian of Tam Nguyen, who is in 709 Math". */
export function describeReason(reason: Reason, names: Names): string {
  const className = reason.class ?? (reason.class_id === undefined ? undefined : names.get(reason.class_id));
  switch (reason.why) {
    case 'guardian_of':
      return `${relation(reason)} of ${reason.student ?? 'a student'}${className ? `, who is in ${className}` : ''}`;
    case 'enrolled_in':
      return className ? `Student in ${className}` : 'Is a student there';
    case 'teaches':
      return className ? `Teaches ${className}` : 'Teaches there';
    case 'role':
      return reason.role && reason.role in IS_A ? IS_A[reason.role] : 'Has the role';
    case 'named':
      return 'Chosen by name';
    case 'everyone':
      return 'Everyone gets it';
    default:
      return 'Matches the audience';
  }
}

/** "Grandmother" as the school wrote it, or what every guardian is. */
function relation({ relationship }: Reason): string {
  if (!relationship) return 'Parent or guardian';
  return relationship.charAt(0).toUpperCase() + relationship.slice(1).toLowerCase();
}

/** The reasons of one person as one line; the same words are said once. */
export function describeReasons(reasons: readonly Reason[], names: Names): string {
  return [...new Set(reasons.map((reason) => describeReason(reason, names)))].join('; ');
}

/** "12 parents, 3 teachers": the people of a preview by role, most first. */
export function describeRoles(byRole: Partial<Record<Role, number>>): { role: Role; text: string }[] {
  return (Object.entries(byRole) as [Role, number][])
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([role, count]) => {
      const word = count === 1 || role === 'staff' ? ROLE_ONE[role] : ROLE_MANY[role];
      return { role, text: `${count.toLocaleString('en')} ${(word ?? role).toLowerCase()}` };
    });
}


