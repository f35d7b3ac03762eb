import { expect, test } from 'vitest';
import { retryDelay } from './backoff';

test('the wait doubles, between half and all of it', () => {
  expect(retryDelay(0, 0)).toBe(250);
  expect(retryDelay(0, 1)).toBe(500);
  expect(retryDelay(3, 0.5)).toBe(3_000);
});

test('the wait never passes thirty seconds', () => {
  expect(retryDelay(7, 1)).toBe(30_000);
  expect(retryDelay(10_000, 1)).toBe(30_000);
});
