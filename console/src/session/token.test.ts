import { expect, test } from 'vitest';
import { tokenIn } from './token';

test('a bare token and a whole link both give the token', () => {
  expect(tokenIn('  aa.bb-_.cc \n')).toBe('aa.bb-_.cc');
  expect(tokenIn('http://localhost:4000/#token=aa.bb.cc')).toBe('aa.bb.cc');
  expect(tokenIn('#x=1&token=aa.bb.cc')).toBe('aa.bb.cc');
});

test('anything else gives none', () => {
  for (const text of ['', '   ', 'two words', 'http://localhost:4000/', 'http://localhost:4000/#section']) {
    expect(tokenIn(text)).toBeNull();
  }
});
