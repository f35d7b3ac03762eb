/**
 * Joins the socket to the screen: frames make the queries they concern ask again, an arriving message becomes a toast, and
 * once it is on screen its delivery is acknowledged. After a reconnect everything is asked again, so nothing is missed.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { keys } from '../api/queries';
import type { InboxCounts, InboxItem } from '../api/contract';
import { useApi } from '../session/SessionContext';
import { coalesce } from './coalesce';
import { RealtimeContext } from './RealtimeContext';
import type { Arrival } from './RealtimeContext';
import { openLine } from './socket';
import type { Line } from './socket';

/** More than this many at once would cover the page; the rest are in the inbox. */
const MOST_TOASTS = 3;
const PROGRESS_WAIT_MS = 200;

export function RealtimeProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const client = useQueryClient();
  const line = useRef<Line | null>(null);
  const [connected, setConnected] = useState<boolean | null>(null);
  const [arrivals, setArrivals] = useState<Arrival[]>([]);

  useEffect(() => {
    const progress = coalesce((id) => {
      void client.invalidateQueries({ queryKey: keys.notification(id) });
      void client.invalidateQueries({ queryKey: keys.notifications });
    }, PROGRESS_WAIT_MS);
    const inbox = coalesce(() => void client.invalidateQueries({ queryKey: keys.inbox }), PROGRESS_WAIT_MS);
    const setUnread = (unread: number) =>
      client.setQueryData<InboxCounts>(keys.counts, (counts) => ({ total: counts?.total ?? unread, unread }));

    let seenBefore = false;
    const opened = openLine({
      ticket: async () => (await api.send<{ ticket: string }>('POST', '/v1/realtime/tickets')).ticket,
      onConnected: setConnected,
      onFrame(frame) {
        switch (frame.type) {
          case 'ready':
            setUnread(frame.unread);
            if (seenBefore) void client.invalidateQueries();
            seenBefore = true;
            break;
          case 'inbox.count':
            setUnread(frame.unread);
            inbox.call('inbox');
            break;
          case 'notification.created':
            setArrivals((shown) => withArrival(shown, frame.delivery_id, frame.notification));
            inbox.call('inbox');
            break;
          case 'notification.progress':
            progress.call(frame.notification_id);
            break;
        }
      },
    });
    line.current = opened;
    return () => {
      progress.cancel();
      inbox.cancel();
      opened.close();
      line.current = null;
    };
  }, [api, client]);

  const acknowledge = useCallback(
    (deliveryId: string) => line.current?.send({ type: 'ack', delivery_ids: [deliveryId] }),
    [],
  );
  const dismiss = useCallback(
    (deliveryId: string) => setArrivals((shown) => shown.filter((one) => one.deliveryId !== deliveryId)),
    [],
  );
  const value = useMemo(() => ({ connected, arrivals, acknowledge, dismiss }), [connected, arrivals, acknowledge, dismiss]);
  return <RealtimeContext value={value}>{children}</RealtimeContext>;
}

/** The newest first; a delivery that comes twice is shown once. */
function withArrival(shown: Arrival[], deliveryId: string, item: InboxItem): Arrival[] {
  const others = shown.filter((one) => one.deliveryId !== deliveryId);
  return [{ deliveryId, item }, ...others].slice(0, MOST_TOASTS);
}
