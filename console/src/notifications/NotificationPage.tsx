/** Did it reach them? One notification, kept true while it is on its way. */
import { Link } from 'wouter';
import { isSettled, useNotification } from '../api/queries';
import type { Channel, ChannelTotals, Notification } from '../api/contract';
import { safeLink } from '../inbox/safeLink';
import { Loading, Trouble } from '../shell/Feedback';
import { Page } from '../shell/Page';
import { describeAudience } from '../words/audience';
import { CATEGORY, PRIORITY } from '../words/labels';
import { When } from '../words/When';
import { ChannelBar } from './ChannelBar';
import { NotReached } from './NotReached';
import { Reading } from './Reading';
import { Recipients } from './Recipients';
import { StatePill } from './StatePill';
import { useAudienceNames } from './useAudienceNames';
import '../styles/notifications.css';

const NOTHING_YET: ChannelTotals = { pending: 0, sent: 0, delivered: 0, failed: 0, bounced: 0, skipped: 0 };

export default function NotificationPage({ id }: { id: string }) {
  const notification = useNotification(id);
  if (notification.isPending) return <Loading what="Loading the notification" />;
  if (notification.isError) {
    return (
      <Page title="Notification" before={<Back />}>
        <Trouble error={notification.error} onRetry={() => void notification.refetch()} />
      </Page>
    );
  }
  return <Shown notification={notification.data} />;
}

function Shown({ notification }: { notification: Notification }) {
  const names = useAudienceNames(notification.audience);
  const settled = isSettled(notification);
  return (
    <Page title={notification.title} before={<Back />} lead={<Lead notification={notification} />}>
      <div className="stack">
        <section className="card section" aria-labelledby="progress-title">
          <div className="section__head">
            <h2 id="progress-title">Progress</h2>
            <p role="status">
              <StatePill of={notification} />
            </p>
          </div>
          <Reading recipients={notification.recipients} />
          <ul className="channels">
            {notification.channels.map((channel: Channel) => (
              <ChannelBar key={channel} channel={channel} totals={notification.totals[channel] ?? NOTHING_YET} recipients={notification.recipients.total} />
            ))}
          </ul>
        </section>
        <Content notification={notification} audience={describeAudience(notification.audience, names)} />
        <NotReached notification={notification} />
        <Recipients id={notification.id} channels={notification.channels} settled={settled} names={names} />
      </div>
    </Page>
  );
}

function Back() {
  return (
    <Link className="back" href="/notifications">
      <span aria-hidden="true">←</span> Notifications
    </Link>
  );
}

function Lead({ notification }: { notification: Notification }) {
  return (
    <p className="page__lead">
      {notification.sender_name && <span>{notification.sender_name}</span>}
      <When at={notification.created_at} />
      <span className="tag" data-category={notification.category}>
        {CATEGORY[notification.category]?.name ?? notification.category}
      </span>
      {notification.priority !== 'normal' && <span>{PRIORITY[notification.priority] ?? notification.priority} priority</span>}
    </p>
  );
}

function Content({ notification, audience }: { notification: Notification; audience: string }) {
  const link = safeLink(notification.action_url, location.href);
  return (
    <section className="card section" aria-labelledby="message-title">
      <h2 id="message-title">Message</h2>
      <p className="said">{notification.content}</p>
      {link !== null && (
        <p>
          <a href={link} rel="noopener noreferrer" target="_blank">
            {notification.action_url}
          </a>
        </p>
      )}
      <p className="said__to">
        <span className="muted">To</span> {audience}
      </p>
    </section>
  );
}
