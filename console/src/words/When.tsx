/** A time in words that stays true while the page is open; the exact time is its title. */
import { useSyncExternalStore } from 'react';
import { timeInWords } from './time';

const TICK_MS = 10_000;

function subscribe(changed: () => void): () => void {
  const timer = setInterval(changed, TICK_MS);
  return () => clearInterval(timer);
}

/** Rounded, so that the value is the same within a tick. */
function currentTick(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS;
}

export function When({ at }: { at: string }) {
  const tick = useSyncExternalStore(subscribe, currentTick);
  const moment = Date.parse(at);
  const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium' }).format(moment);
  return (
    <time dateTime={at} title={exact}>
      {timeInWords(moment, Math.max(tick, moment), 'en')}
    </time>
  );
}
