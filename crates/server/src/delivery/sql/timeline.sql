-- What happened to one person's deliveries of a message, oldest first. A first attempt that succeeded stands in the log row
-- alone; all others are events. $1 org, $2 notification, $3 person
with logs as (
  select l.* from frontdesk.notification_logs l
  where l.org_id = $1 and l.notification_id = $2 and l.recipient_id = $3
), entries as (
  select l.created_at as at, l.id, l.channel, 'planned' as kind, 'pending' as status, null::smallint as attempt,
    null::text as reason, null::text as provider, null::text as message, null::text as external_id, 0 as place
  from logs l
  union all
  select e.created_at, l.id, l.channel, e.kind, e.status, e.attempt, e.reason, e.provider, e.message, e.external_id, 1
  from logs l join frontdesk.delivery_events e on e.org_id = l.org_id and e.log_id = l.id
  union all
  select l.sent_at, l.id, l.channel, 'attempt', 'sent', 1::smallint, null, l.provider, l.answer, l.external_id, 1
  from logs l where l.sent_at is not null and l.retry_count = 0 and l.channel <> 'in_app'
  union all
  -- Inbox rows and acknowledged frames: delivered without a provider's report.
  select l.delivered_at, l.id, l.channel, 'delivered', 'delivered', null, null, null, null, null, 2
  from logs l where l.delivered_at is not null and l.channel in ('in_app', 'websocket')
  union all
  select l.created_at, l.id, l.channel, 'planned', 'skipped', null, l.reason, null, null, null, 3
  from logs l where l.status = 'skipped'
)
select e.at, e.id, e.channel, e.kind, e.status, e.attempt, e.reason, e.provider, e.message, e.external_id
from entries e
order by e.at, e.place, e.id
