/** How far the message has come with people: for whom, in how many inboxes, read by how many. */
import type { Notification } from '../api/contract';
import { percent } from './progress';

export function Reading({ recipients }: { recipients: Notification['recipients'] }) {
  const read = recipients.read + recipients.archived;
  return (
    <dl className="figures">
      <Figure name="Recipients" value={recipients.total} />
      <Figure name="Read" value={read} note={`${percent(read, recipients.total)}%`} />
      <Figure name="Unread" value={recipients.unread} />
      <Figure name="Archived" value={recipients.archived} />
    </dl>
  );
}

function Figure({ name, value, note }: { name: string; value: number; note?: string }) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        {value.toLocaleString('en')} {note !== undefined && <span className="figure__note">{note}</span>}
      </dd>
    </div>
  );
}
