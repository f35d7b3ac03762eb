/** A list of inbox rows with its loading, empty and failing states; used by the page and by the bell's panel. */
import { useRef } from 'react';
import { useInbox, useSetInboxStatus } from '../api/queries';
import type { InboxStatus } from '../api/contract';
import { Empty, Loading, Trouble } from '../shell/Feedback';
import { InboxRow } from './InboxRow';

const NOTHING: Record<InboxStatus | 'all', { title: string; hint: string }> = {
  all: { title: 'Nothing here yet', hint: 'Messages to you appear here the moment they are sent.' },
  unread: { title: 'You are up to date', hint: 'Everything sent to you has been read.' },
  read: { title: 'Nothing read', hint: 'Messages move here once you have read them.' },
  archived: { title: 'Nothing archived', hint: 'Archive a message to keep it out of the way; it stays here.' },
};

interface Props {
  status: InboxStatus | null;
  limit?: number;
  /** In the panel: no paging. */
  compact?: boolean;
}

export function InboxList({ status, limit = 20, compact = false }: Props) {
  const inbox = useInbox(status, limit);
  const change = useSetInboxStatus();
  const list = useRef<HTMLUListElement>(null);

  if (inbox.isPending) return <Loading what="Loading your messages" />;
  if (inbox.isError) return <Trouble error={inbox.error} onRetry={() => void inbox.refetch()} />;
  const items = inbox.data.pages.flatMap((page) => page.items).slice(0, compact ? limit : undefined);
  const nothing = NOTHING[status ?? 'all'];

  /** The row may leave this list: its neighbour takes the focus, so a keyboard user keeps their place. */
  function set(id: string, to: InboxStatus, row: HTMLElement | null) {
    const leaves = to === 'archived' || (status !== null && to !== status);
    const heir = leaves ? (row?.nextElementSibling ?? row?.previousElementSibling ?? list.current) : null;
    change.mutate({ id, status: to });
    if (heir instanceof HTMLElement) heir.focus();
  }

  return (
    <>
      {change.isError && <Trouble error={change.error} />}
      {items.length === 0 ? (
        <Empty title={nothing.title}>{nothing.hint}</Empty>
      ) : (
        <ul className={compact ? 'inbox inbox--compact' : 'inbox'} ref={list} tabIndex={-1} aria-label="Messages">
          {items.map((item) => (
            <InboxRow key={item.notification_id} item={item} onStatus={(to, row) => set(item.notification_id, to, row)} />
          ))}
        </ul>
      )}
      {!compact && inbox.hasNextPage && (
        <button className="button more" type="button" disabled={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>
          {inbox.isFetchingNextPage ? 'Loading…' : 'Show older messages'}
        </button>
      )}
    </>
  );
}
