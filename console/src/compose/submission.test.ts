import { expect, test } from 'vitest';
import { randomKey, submissionFor } from './submission';

test('trying the same body again keeps its key, another body gets its own', () => {
  let made = 0;
  const newKey = () => `key-${(made += 1)}`;
  const first = submissionFor('a', null, newKey);
  expect(submissionFor('a', first, newKey)).toBe(first);
  expect(submissionFor('b', first, newKey).key).toBe('key-2');
});

test('keys are 128 random bits in hexadecimal', () => {
  expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomKey()).not.toBe(randomKey());
});
