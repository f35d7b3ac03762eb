import { expect, test } from 'vitest';
import { ApiProblem } from '../api/client';
import { EMPTY_DRAFT } from './draft';
import { checkDraft, fromServer, hasProblems } from './problems';

function refused(...errors: { field: string; message: string }[]) {
  return new ApiProblem({ title: 'Refused', status: 422, code: 'validation_failed', detail: 'Not valid.', errors });
}

test('an empty draft is told what is missing', () => {
  expect(checkDraft(EMPTY_DRAFT).fields).toEqual({
    title: 'Give the message a title.',
    content: 'Write what you want to say.',
  });
});

test('too long says by how much', () => {
  const draft = { ...EMPTY_DRAFT, title: 'x'.repeat(201), content: 'y' };
  expect(checkDraft(draft).fields.title).toBe('Shorten the title by 1 character.');
  expect(hasProblems(checkDraft({ ...draft, title: 'x'.repeat(200) }))).toBe(false);
});

test('server errors go to the field that they name', () => {
  const { fields, rest } = fromServer(
    refused(
      { field: 'audience.classes[0]', message: 'no such class: 999' },
      { field: '/title', message: 'Too long.' },
      { field: 'expires_at', message: 'is in the past' },
    ),
  );
  expect(fields).toEqual({ audience: 'No such class: 999.', title: 'Too long.' });
  expect(rest).toEqual(['expires_at: is in the past']);
});

test('a predicate of the server becomes a sentence about the field', () => {
  const { fields } = fromServer(refused({ field: 'audience', message: 'is empty; say all or people' }));
  expect(fields.audience).toBe('The audience is empty; say all or people.');
});

test('a problem without fields is told in full', () => {
  expect(fromServer(refused())).toEqual({ fields: {}, rest: ['Not valid.'] });
});
