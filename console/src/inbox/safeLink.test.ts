import { expect, test } from 'vitest';
import { safeLink } from './safeLink';

const base = 'http://localhost:4000/inbox';

test('web links are followed, also relative ones', () => {
  expect(safeLink('https://example.org/a', base)).toBe('https://example.org/a');
  expect(safeLink('/forms/1', base)).toBe('http://localhost:4000/forms/1');
});

test('other schemes and nothing are not', () => {
  for (const url of ['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'http://[', '', null, undefined]) {
    expect(safeLink(url, base)).toBeNull();
  }
});
