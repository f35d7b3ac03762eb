/**
 * Messages that just arrived: shown in a corner, spoken once by the page's one announcer, gone by themselves after a while
 * unless the pointer or the focus is on them. An emergency stays until it is dismissed.
 */
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useRealtime } from '../realtime/RealtimeContext';
import type { Arrival } from '../realtime/RealtimeContext';
import { BellIcon, CloseIcon } from '../shell/icons';

const SHOWN_MS = 9_000;

export function Toasts() {
  const { arrivals, acknowledge, dismiss } = useRealtime();
  const newest = arrivals[0]?.item;
  return (
    <>
      <p className="visually-hidden" role="status">
        {newest && `New message: ${newest.title}${newest.sender_name ? `, from ${newest.sender_name}` : ''}`}
      </p>
      {arrivals.length > 0 && (
        <section className="toasts" aria-label="Just arrived">
          {arrivals.map((arrival) => (
            <Toast key={arrival.deliveryId} arrival={arrival} onShown={acknowledge} onDone={dismiss} />
          ))}
        </section>
      )}
    </>
  );
}

interface ToastProps {
  arrival: Arrival;
  onShown: (deliveryId: string) => void;
  onDone: (deliveryId: string) => void;
}

function Toast({ arrival: { deliveryId, item }, onShown, onDone }: ToastProps) {
  const [held, setHeld] = useState(false);
  const stays = item.category === 'emergency';

  // The row of the delivery log becomes "delivered" only now that the message is on the screen. A repeat is harmless.
  useEffect(() => onShown(deliveryId), [deliveryId, onShown]);

  useEffect(() => {
    if (held || stays) return;
    const timer = setTimeout(() => onDone(deliveryId), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held, stays, deliveryId, onDone]);

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- watched, not operated: it only waits longer
    <article
      className="toast"
      data-category={item.category}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <BellIcon className="toast__icon" />
      <div className="toast__body">
        <p className="toast__title">
          <Link href="/inbox" onClick={() => onDone(deliveryId)}>
            {item.title}
          </Link>
        </p>
        <p className="toast__text">{item.content}</p>
      </div>
      <button className="button button--quiet button--icon" type="button" aria-label={`Dismiss: ${item.title}`} onClick={() => onDone(deliveryId)}>
        <CloseIcon />
      </button>
    </article>
  );
}
