-- A step that tells others: if anybody has not acknowledged (or read) the message, one new message to the step's audience
-- says how many. Moves the plan on to the step after.
-- $1 org, $2 notification, $3 id of the new message, $4 now, $5 channels that this server can send on
with message as materialized (
  select n.*, n.steps -> n.next_step as step, n.steps -> (n.next_step + 1) as following
  from frontdesk.notifications n where n.org_id = $1 and n.id = $2
), silent as materialized (
  select count(*) filter (where case message.step ->> 'if'
      when 'unread' then r.status = 'unread' and r.acknowledged_at is null
      else r.acknowledged_at is null end) as open, count(*) as total
  from message join frontdesk.notification_recipients r on r.org_id = $1 and r.notification_id = $2
), told as (
  insert into frontdesk.notifications (org_id, id, title, content, severity, type, category, priority, channels, audience,
    sender_id, related_entity_type, related_entity_id, action_url, data, scheduled_for, expires_at)
  select $1, $3, left('No answer yet: ' || m.title, 200),
    silent.open || ' of ' || silent.total || ' people have not answered: ' || m.title, 'warning', 'escalation', m.category,
    m.priority, p.channels, m.step -> 'to', m.sender_id, 'notification', m.id, m.action_url,
    jsonb_build_object('unacknowledged', silent.open, 'total', silent.total), $4::timestamptz,
    greatest(m.expires_at, $4::timestamptz + interval '1 hour')
  from message m cross join silent
  cross join lateral frontdesk.plan_message($1, m.category, null, false, $5) p
  where silent.open > 0
  returning id
), written as (
  insert into frontdesk.notification_history (org_id, id, notification_id, event, detail, created_at)
  select $1, frontdesk.uuid_v7(), $2, 'escalated', jsonb_build_object('notification_id', told.id, 'unacknowledged', silent.open), $4
  from told cross join silent
)
update frontdesk.notifications n
set next_step = n.next_step + 1, step_to = null,
  next_step_at = n.next_step_at + make_interval(secs => (message.following ->> 'after')::float8 - (message.step ->> 'after')::float8)
from message
where n.org_id = $1 and n.id = $2
