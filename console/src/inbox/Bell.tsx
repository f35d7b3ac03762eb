/**
 * The bell: how many are unread, and a panel with the newest. The panel is a native popover, which brings Escape, closing
 * by a click elsewhere and the return of the focus with it.
 */
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { useInboxCounts } from '../api/queries';
import { useRealtime } from '../realtime/RealtimeContext';
import { BellIcon } from '../shell/icons';
import { InboxList } from './InboxList';

const PANEL = 'inbox-panel';

export function Bell() {
  const unread = useInboxCounts().data?.unread ?? 0;
  const { arrivals } = useRealtime();
  const [open, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const newest = arrivals[0]?.deliveryId;

  return (
    <>
      <button
        className="bell"
        type="button"
        popoverTarget={PANEL}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={unread === 0 ? 'Inbox, nothing unread' : `Inbox, ${unread} unread`}
      >
        {/* A new key starts the ringing anew for each arrival. */}
        <span key={newest ?? 'quiet'} className={newest === undefined ? 'bell__icon' : 'bell__icon bell__icon--ringing'}>
          <BellIcon />
        </span>
        {unread > 0 && (
          <span className="bell__badge" aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </button>
      <div
        ref={panel}
        id={PANEL}
        className="panel"
        popover="auto"
        role="dialog"
        aria-label="Newest in your inbox"
        tabIndex={-1}
        onToggle={(event) => {
          const nowOpen = event.newState === 'open';
          setOpen(nowOpen);
          if (nowOpen) panel.current?.focus();
        }}
      >
        {open && (
          <>
            <InboxList status={null} limit={5} compact />
            <Link className="panel__all" href="/inbox" onClick={() => panel.current?.hidePopover()}>
              Open the inbox
            </Link>
          </>
        )}
      </div>
    </>
  );
}
