/** What was sent to me. The filter lives in the address, so it survives a reload and can be shared. */
import { useSearchParams } from 'wouter';
import { useInboxCounts, useReadAll } from '../api/queries';
import type { InboxStatus } from '../api/contract';
import { CheckIcon } from '../shell/icons';
import { Trouble } from '../shell/Feedback';
import { Page } from '../shell/Page';
import { InboxList } from './InboxList';

const FILTERS: readonly { status: InboxStatus | null; name: string }[] = [
  { status: null, name: 'All' },
  { status: 'unread', name: 'Unread' },
  { status: 'read', name: 'Read' },
  { status: 'archived', name: 'Archived' },
];

export function InboxPage() {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('status');
  const current = FILTERS.find(({ status }) => status === asked)?.status ?? null;
  const unread = useInboxCounts().data?.unread ?? 0;
  const readAll = useReadAll();

  return (
    <Page
      title="Inbox"
      action={
        <button className="button" type="button" disabled={unread === 0 || readAll.isPending} onClick={() => readAll.mutate()}>
          <CheckIcon /> Mark all as read
        </button>
      }
    >
      <div className="filters" role="group" aria-label="Show">
        {FILTERS.map(({ status, name }) => (
          <button
            key={name}
            className="filter"
            type="button"
            aria-pressed={status === current}
            onClick={() => setSearch(status === null ? {} : { status })}
          >
            {name}
            {status === 'unread' && unread > 0 && <span className="filter__count">{unread}</span>}
          </button>
        ))}
      </div>
      {readAll.isError && <Trouble error={readAll.error} />}
      <InboxList key={current} status={current} />
    </Page>
  );
}
