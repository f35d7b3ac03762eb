/** What did not arrive, grouped by the reason the log gives, so that a hundred equal failures are one line. */
import { useDeliveries } from '../api/queries';
import type { Channel, ChannelTotals, Delivery, DeliveryState, Notification } from '../api/contract';
import { Trouble } from '../shell/Feedback';
import { CHANNEL, deliveryWord } from '../words/labels';

const NOT_REACHED = ['failed', 'bounced', 'skipped'] as const;

export function NotReached({ notification }: { notification: Notification }) {
  const counts = NOT_REACHED.map((state) => ({ state, count: countOf(notification.totals, state) }));
  if (counts.every(({ count }) => count === 0)) return null;
  return (
    <section className="card section" aria-labelledby="not-reached-title">
      <h2 id="not-reached-title">What did not arrive</h2>
      <ul className="causes">
        {counts.map(({ state, count }) => count > 0 && <Causes key={state} id={notification.id} state={state} count={count} />)}
      </ul>
    </section>
  );
}

function countOf(totals: Partial<Record<Channel, ChannelTotals>>, state: DeliveryState): number {
  return Object.values(totals).reduce((all, channel) => all + (channel[state] ?? 0), 0);
}

function Causes({ id, state, count }: { id: string; state: DeliveryState; count: number }) {
  const deliveries = useDeliveries(id, state, true);
  if (deliveries.isError) return <Trouble error={deliveries.error} />;
  const groups = Map.groupBy(deliveries.data?.items ?? [], cause);
  const shown = deliveries.data?.items.length ?? 0;
  return [
    ...[...groups].map(([text, alike]) => (
      <li key={text} data-state={state}>
        <span className="delivery" data-state={state}>
          <span className="legend__key" aria-hidden="true" />
          {deliveryWord('in_app', state)} <strong>{alike.length.toLocaleString('en')}</strong>
        </span>
        <span>{text}</span>
      </li>
    )),
    shown > 0 && count > shown && (
      <li key="more" className="muted">
        Counted over the first {shown} of {count.toLocaleString('en')}.
      </li>
    ),
  ];
}

function cause({ channel, reason, error_message }: Delivery): string {
  const said = [reason?.replaceAll('_', ' '), error_message].filter(Boolean).join(': ');
  return `${CHANNEL[channel]?.name ?? channel}: ${said || 'no reason was given'}`;
}
