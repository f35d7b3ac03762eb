/** What was sent, newest first, and how far each has come. */
import { Link } from 'wouter';
import { useNotifications } from '../api/queries';
import type { Notification } from '../api/contract';
import { Empty, Loading, Trouble } from '../shell/Feedback';
import { PencilIcon } from '../shell/icons';
import { Page } from '../shell/Page';
import { CATEGORY, people } from '../words/labels';
import { When } from '../words/When';
import { percent } from './progress';
import { StatePill } from './StatePill';
import '../styles/notifications.css';

export default function NotificationsPage() {
  const list = useNotifications();
  return (
    <Page
      title="Notifications"
      action={
        <Link className="button button--primary" href="/compose">
          <PencilIcon /> Compose
        </Link>
      }
    >
      {list.isPending ? (
        <Loading what="Loading the notifications" />
      ) : list.isError ? (
        <Trouble error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <List items={list.data.pages.flatMap((page) => page.items)} />
      )}
      {list.hasNextPage && (
        <button className="button more" type="button" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {list.isFetchingNextPage ? 'Loading…' : 'Show older notifications'}
        </button>
      )}
    </Page>
  );
}

function List({ items }: { items: readonly Notification[] }) {
  if (items.length === 0) {
    return (
      <Empty title="Nothing sent yet">
        <p>Write the first message: choose who should get it, see how many that is, and watch it arrive.</p>
        <Link className="button button--primary" href="/compose">
          Compose a message
        </Link>
      </Empty>
    );
  }
  return (
    <ul className="sent">
      {items.map((item) => (
        <Row key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Row({ item }: { item: Notification }) {
  const { total, read, archived } = item.recipients;
  return (
    <li className="sent__row">
      <div className="sent__what">
        <h2>
          <Link href={`/notifications/${item.id}`}>{item.title}</Link>
        </h2>
        <p className="sent__meta">
          {item.category !== 'announcement' && (
            <span className="tag" data-category={item.category}>
              {CATEGORY[item.category]?.name ?? item.category}
            </span>
          )}
          {item.sender_name && <span>{item.sender_name}</span>}
          <When at={item.created_at} />
        </p>
      </div>
      <p className="sent__reach">
        <span>{people(total)}</span>
        <span className="muted">{percent(read + archived, total)}% read</span>
      </p>
      <StatePill of={item} />
    </li>
  );
}
