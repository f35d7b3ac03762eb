import { expect, test } from 'vitest';
import { deliveryWord, people, stateWord } from './labels';

test('the live channel waits for the person', () => {
  expect(deliveryWord('websocket', 'pending')).toBe('Not online yet');
  expect(deliveryWord('email', 'pending')).toBe('Waiting');
});

test('scheduled is said only of what waits for a date', () => {
  const created_at = '2026-11-22T12:00:00Z';
  expect(stateWord({ state: 'scheduled', scheduled_for: null, created_at })).toBe('Queued');
  expect(stateWord({ state: 'scheduled', scheduled_for: created_at, created_at })).toBe('Queued');
  expect(stateWord({ state: 'scheduled', scheduled_for: '2026-11-23T12:00:00Z', created_at })).toBe('Scheduled');
  expect(stateWord({ state: 'done', scheduled_for: null, created_at })).toBe('Done');
});

test('people are counted in words', () => {
  expect(people(1)).toBe('1 person');
  expect(people(1004)).toBe('1,004 people');
});
