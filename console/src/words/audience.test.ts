import { expect, test } from 'vitest';
import { describeAudience, describeReason, describeReasons, describeRoles } from './audience';

const id = '0192f0c8-0000-7000-8000-000000000001';
const names = new Map([
  [id, '709 Math'],
  ['9', 'Grade 9'],
]);

test('audiences are told in plain words', () => {
  expect(describeAudience({ all: true }, names)).toBe('Everyone');
  expect(describeAudience({ roles: ['parent'], classes: [id] }, names)).toBe('Parents · 709 Math');
  expect(describeAudience({ roles: ['parent', 'teacher'], grades: ['9'] }, names)).toBe('Parents and Teachers · Grade 9');
  expect(describeAudience({ classes: ['709'] }, names)).toBe('Everyone · class 709');
  expect(describeAudience({ people: ['a', 'b'] }, names)).toBe('2 named people');
});

test('ids without a name are counted, not shown', () => {
  const other = id.replace(/1$/, '2');
  expect(describeAudience({ roles: ['parent'], classes: [id, other] }, names)).toBe('Parents · 2 classes');
});

test('reasons are told in plain words', () => {
  expect(describeReason({ why: 'guardian_of', student: 'Tam Nguyen', class_id: id }, names)).toBe(
    'Parent or guardian of Tam Nguyen, who is in 709 Math',
  );
  expect(describeReason({ why: 'guardian_of', student: 'Tam Nguyen' }, names)).toBe('Parent or guardian of Tam Nguyen');
  expect(describeReason({ why: 'guardian_of', student: 'Tam', relationship: 'GRANDMOTHER' }, names)).toBe('Grandmother of Tam');
  expect(describeReason({ why: 'teaches', class_id: id }, names)).toBe('Teaches 709 Math');
  expect(describeReason({ why: 'something new' }, names)).toBe('Matches the audience');
});

test('the same words are said once', () => {
  expect(describeReasons([{ why: 'named' }, { why: 'named' }], names)).toBe('Chosen by name');
});

test('roles are counted in words, most first', () => {
  expect(describeRoles({ teacher: 1, parent: 1004, staff: 2, admin: 0 }).map(({ text }) => text)).toEqual([
    '1,004 parents',
    '2 staff',
    '1 teacher',
  ]);
});
