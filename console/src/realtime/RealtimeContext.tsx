/** What the realtime line tells the components. */
import { createContext, use } from 'react';
import type { InboxItem } from '../api/contract';

export interface Arrival {
  deliveryId: string;
  item: InboxItem;
}

export interface Realtime {
  /** Null until the first answer. */
  connected: boolean | null;
  /** Messages that arrived while the page was open and are still shown, newest first. */
  arrivals: readonly Arrival[];
  acknowledge: (deliveryId: string) => void;
  dismiss: (deliveryId: string) => void;
}

export const RealtimeContext = createContext<Realtime | null>(null);

export function useRealtime(): Realtime {
  const realtime = use(RealtimeContext);
  if (realtime === null) throw new Error('useRealtime is for components inside <RealtimeProvider>');
  return realtime;
}
