/** Times in words: near ones relative ("2 minutes ago"), far ones as a date. */

const STEPS: readonly [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [604_800, 86_400, 'day'],
];

/** `at` as seen from `now` (both in milliseconds since the epoch). Under 10 seconds is "just now"; over a week is a date. */
export function timeInWords(at: number, now: number, locale: string): string {
  const seconds = (at - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 10) return 'just now';
  const step = STEPS.find(([limit]) => distance < limit);
  if (step === undefined) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(at);
  const [, size, unit] = step;
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}
