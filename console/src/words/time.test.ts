import { expect, test } from 'vitest';
import { timeInWords } from './time';

const now = Date.UTC(2026, 10, 22, 12);
const before = (seconds: number) => timeInWords(now - seconds * 1000, now, 'en');

test('near times are relative, far ones a date', () => {
  expect(before(3)).toBe('just now');
  expect(before(45)).toBe('45 seconds ago');
  expect(before(119)).toBe('1 minute ago');
  expect(before(3 * 3600)).toBe('3 hours ago');
  expect(before(86_400)).toBe('yesterday');
  expect(before(30 * 86_400)).toBe('Oct 23, 2026');
});

test('the future is told as such', () => {
  expect(before(-7200)).toBe('in 2 hours');
});
