import { expect, test } from 'vitest';
import { withQuery } from './client';

test('only parameters with a value are sent, encoded', () => {
  expect(withQuery('/v1/inbox', { status: null, limit: 5, cursor: undefined, q: '' })).toBe('/v1/inbox?limit=5');
  expect(withQuery('/v1/classes', { q: 'a&b c' })).toBe('/v1/classes?q=a%26b+c');
  expect(withQuery('/v1/me')).toBe('/v1/me');
});
