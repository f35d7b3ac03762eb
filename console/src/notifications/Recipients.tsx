/** Who it went to, why, and how far it came with each: one page at a time, so that any number can be leafed through. */
import { useState } from 'react';
import { useRecipients } from '../api/queries';
import type { Channel, Recipient } from '../api/contract';
import { Empty, Loading, Trouble } from '../shell/Feedback';
import { describeReasons } from '../words/audience';
import type { Names } from '../words/audience';
import { CHANNEL, deliveryWord, INBOX_STATUS, ROLE_ONE } from '../words/labels';
import { When } from '../words/When';

interface Props {
  id: string;
  channels: readonly Channel[];
  settled: boolean;
  names: Names;
}

export function Recipients({ id, channels, settled, names }: Props) {
  // The cursors of the pages walked through; the last one is the page shown.
  const [trail, setTrail] = useState<readonly (string | null)[]>([null]);
  const list = useRecipients(id, trail.at(-1) ?? null, settled);

  return (
    <section className="card section" aria-labelledby="recipients-title">
      <h2 id="recipients-title">Recipients</h2>
      {list.isPending ? (
        <Loading what="Loading the recipients" />
      ) : list.isError ? (
        <Trouble error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Empty title="Nobody yet">{settled ? 'It had no recipients.' : 'People appear here as they are found.'}</Empty>
      ) : (
        <RecipientTable items={list.data.items} channels={channels} names={names} />
      )}
      <Pager
        page={trail.length}
        next={list.isPlaceholderData ? null : (list.data?.next_cursor ?? null)}
        onBack={() => setTrail(trail.slice(0, -1))}
        onNext={(cursor) => setTrail([...trail, cursor])}
      />
    </section>
  );
}

function RecipientTable({ items, channels, names }: Pick<Props, 'channels' | 'names'> & { items: readonly Recipient[] }) {
  const others = channels.filter((channel) => channel !== 'in_app');
  return (
    <table className="table">
      <caption className="visually-hidden">Recipients with the reason and the state of each delivery</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Why</th>
          <th scope="col">Inbox</th>
          {others.map((channel) => (
            <th key={channel} scope="col">
              {CHANNEL[channel]?.name ?? channel}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((person) => (
          <tr key={person.recipient_id}>
            <th scope="row">
              {person.name}
              <span className="table__role">{ROLE_ONE[person.role] ?? person.role}</span>
            </th>
            <td data-label="Why">{describeReasons(person.reasons, names)}</td>
            <td data-label="Inbox">
              <InboxMark person={person} />
            </td>
            {others.map((channel) => (
              <td key={channel} data-label={CHANNEL[channel]?.name ?? channel}>
                <DeliveryMark channel={channel} state={person.deliveries[channel]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the person did with it; before it is in the inbox, how far it is on the way there. */
function InboxMark({ person }: { person: Recipient }) {
  const stored = person.deliveries.in_app;
  if (stored !== undefined && stored !== 'delivered' && stored !== 'sent') return <DeliveryMark channel="in_app" state={stored} />;
  return (
    <>
      {INBOX_STATUS[person.status] ?? person.status}
      {person.read_at !== null && (
        <span className="table__when">
          <When at={person.read_at} />
        </span>
      )}
    </>
  );
}

function DeliveryMark({ channel, state }: { channel: Channel; state: Recipient['deliveries'][Channel] }) {
  if (state === undefined) return <span className="muted">–</span>;
  return (
    <span className="delivery" data-state={state}>
      <span className="legend__key" aria-hidden="true" />
      {deliveryWord(channel, state)}
    </span>
  );
}

interface PagerProps {
  page: number;
  next: string | null;
  onBack: () => void;
  onNext: (cursor: string) => void;
}

function Pager({ page, next, onBack, onNext }: PagerProps) {
  if (page === 1 && next === null) return null;
  return (
    <nav className="pager" aria-label="Pages of recipients">
      <button className="button" type="button" aria-disabled={page === 1} onClick={() => page > 1 && onBack()}>
        Previous
      </button>
      <span role="status">Page {page}</span>
      <button className="button" type="button" aria-disabled={next === null} onClick={() => next !== null && onNext(next)}>
        Next
      </button>
    </nav>
  );
}
