import { expect, test } from 'vitest';
import { characters, EMPTY_DRAFT, hasAudience, toAudience, toRequest, withCategory } from './draft';

const someone = { id: 'p1', name: 'Ana', detail: '' };

test('only what was chosen is in the audience', () => {
  expect(toAudience(EMPTY_DRAFT)).toEqual({});
  expect(toAudience({ ...EMPTY_DRAFT, roles: ['parent'], classes: [{ id: 'c1', name: '709', detail: '' }] })).toEqual({
    roles: ['parent'],
    classes: ['c1'],
  });
});

test('everyone and named people stand alone', () => {
  const draft = { ...EMPTY_DRAFT, roles: ['parent' as const], people: [someone] };
  expect(toAudience({ ...draft, mode: 'everyone' })).toEqual({ all: true });
  expect(toAudience({ ...draft, mode: 'named' })).toEqual({ people: ['p1'] });
});

test('an audience without any entry is none', () => {
  expect(hasAudience({})).toBe(false);
  expect(hasAudience({ people: [] })).toBe(false);
  expect(hasAudience({ all: true })).toBe(true);
  expect(hasAudience({ roles: ['parent'] })).toBe(true);
});

test('characters are counted as people see them, not as code units', () => {
  expect(characters('Đón ☃ 🎒')).toBe(7);
});

test('the texts are sent without the blanks around them', () => {
  expect(toRequest({ ...EMPTY_DRAFT, title: ' Hi ', content: 'There\n' })).toMatchObject({ title: 'Hi', content: 'There' });
});

test('an emergency raises the priority and leaving it lowers it again', () => {
  const emergency = withCategory(EMPTY_DRAFT, 'emergency');
  expect(emergency.priority).toBe('emergency');
  expect(withCategory(emergency, 'reminder').priority).toBe('normal');
  expect(withCategory({ ...EMPTY_DRAFT, priority: 'high' }, 'reminder').priority).toBe('high');
});
