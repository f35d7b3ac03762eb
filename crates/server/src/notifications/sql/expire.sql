-- Messages that are no longer true: archived in every inbox, and what nobody fetched is given up, so that nothing stays
-- pending for ever. Only messages with nothing left to send: the dispatcher skips the queue rows of expired ones itself.
-- $1 now, $2 at most this many
with expired as (
  select n.org_id, n.id from frontdesk.notifications n
  where n.state = 'done' and n.expires_at <= $1
  order by n.expires_at
  limit $2
  for update skip locked
), logs as (
  update frontdesk.notification_logs l
  set status = case when l.status = 'pending' then 'skipped' else 'failed' end, reason = 'expired',
    failed_at = case when l.status = 'sent' then $1 end
  from expired e
  where l.org_id = e.org_id and l.notification_id = e.id and l.channel = 'websocket' and l.status in ('pending', 'sent')
), inboxes as (
  update frontdesk.notification_recipients r set status = 'archived', archived_at = $1
  from expired e
  where r.org_id = e.org_id and r.notification_id = e.id and r.status <> 'archived'
)
update frontdesk.notifications n set state = 'expired'
from expired e
where n.org_id = e.org_id and n.id = e.id
returning n.org_id, n.id
