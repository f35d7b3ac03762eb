import { expect, test } from 'vitest';
import { percent, reached, segments, sum } from './progress';

const totals = { pending: 2, sent: 3, delivered: 5, failed: 0, bounced: 0, skipped: 0 };

test('the parts fill the bar, the best state first, without empty ones', () => {
  expect(segments(totals)).toEqual([
    { state: 'delivered', count: 5, from: 0, share: 50 },
    { state: 'sent', count: 3, from: 50, share: 30 },
    { state: 'pending', count: 2, from: 80, share: 20 },
  ]);
  expect(segments({ ...totals, pending: 0, sent: 0, delivered: 0 })).toEqual([]);
});

test('reached is what has left', () => {
  expect(reached(totals)).toBe(8);
  expect(sum(totals)).toBe(10);
});

test('only all is a hundred per cent and only none is zero', () => {
  expect(percent(999, 1000)).toBe(99);
  expect(percent(1, 1000)).toBe(1);
  expect(percent(5, 5)).toBe(100);
  expect(percent(0, 0)).toBe(0);
});
