/** The arithmetic of a notification's page: what each channel's bar shows. */
import { DELIVERY_STATES } from '../api/contract';
import type { ChannelTotals, DeliveryState } from '../api/contract';

export interface Segment {
  state: DeliveryState;
  count: number;
  /** Where it starts and how long it is, in hundredths of the bar. */
  from: number;
  share: number;
}

/** The parts of a channel's bar, best state first; empty ones are left out. Together they fill the bar. */
export function segments(totals: ChannelTotals): Segment[] {
  const all = sum(totals);
  let from = 0;
  return DELIVERY_STATES.flatMap((state) => {
    const count = totals[state] ?? 0;
    if (count === 0) return [];
    const segment = { state, count, from, share: (100 * count) / all };
    from += segment.share;
    return [segment];
  });
}

export function sum(totals: ChannelTotals): number {
  return DELIVERY_STATES.reduce((all, state) => all + (totals[state] ?? 0), 0);
}

/** How many have left the house: sent or confirmed. */
export function reached(totals: ChannelTotals): number {
  return (totals.delivered ?? 0) + (totals.sent ?? 0);
}

/** A whole per cent that is 100 only when all of it is there, and 0 only when nothing is. */
export function percent(part: number, whole: number): number {
  if (whole === 0 || part === 0) return 0;
  if (part >= whole) return 100;
  return Math.min(99, Math.max(1, Math.round((100 * part) / whole)));
}
