-- Writes the next chunk of a notification's recipients with their delivery logs and queue rows, and moves its place.
-- All of it, or (after a crash) none.
-- $1 org, $2 notification, $3 audience, $4 after, $5 limit, $6 now, $7 channels that this server can send on
with members as materialized (
  select m.user_id, m.role, m.reasons from frontdesk.audience_members($1, $3, $4, $5) m
), message as materialized (
  select n.channels, n.acknowledgement, frontdesk.priority_rank(n.category, n.priority) as rank,
    frontdesk.policy_of($1, n.category) ->> 'only_if' as only_if
  from frontdesk.notifications n where n.org_id = $1 and n.id = $2
), recipients as (
  insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons, in_app, acknowledgement,
    created_at)
  select $1, $2, m.user_id, m.role, m.reasons, 'in_app' = any (message.channels), message.acknowledgement, $6
  from members m cross join message
  on conflict do nothing
), logs as (
  insert into frontdesk.notification_logs
    (org_id, id, notification_id, recipient_id, channel, status, reason, delivered_at, created_at)
  select $1, frontdesk.uuid_v7(), $2, m.user_id, c.channel,
    case
      when c.channel = 'in_app' then 'delivered' -- the inbox row stands in this same transaction
      when c.reason is not null then 'skipped'
      else 'pending'
    end,
    c.reason,
    case when c.channel = 'in_app' then $6 end,
    $6
  from members m
  join frontdesk.profiles p on p.org_id = $1 and p.id = m.user_id
  cross join message
  cross join lateral (
    select u.channel, case
        when not u.channel = any ($7) then 'channel_not_set_up'
        when u.channel = 'email' and p.email is null then 'no_email_address'
        when u.channel = 'sms' and p.phone is null then 'no_phone_number'
      end as reason
    from unnest(message.channels) as u (channel)
  ) c
  on conflict do nothing
  returning id, channel, status, recipient_id
), turns as materialized (
  -- The chunk's places in each channel's queue, among those of other organizations (frontdesk.take_turns).
  select w.channel, frontdesk.take_turns($1, w.channel, message.rank, w.count) as first
  from (select l.channel, count(*)::integer as count from logs l
        where l.status = 'pending' and l.channel <> 'websocket' group by l.channel) w
  cross join message
  order by w.channel
), queued as (
  -- Websocket rows wait for the person, not for a worker.
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn, only_if)
  select $1, l.id, $2, l.recipient_id, l.channel, message.rank, $6,
    t.first + row_number() over (partition by l.channel order by l.id) - 1, message.only_if
  from logs l join turns t on t.channel = l.channel cross join message
  where l.status = 'pending'
), counted as (
  select count(*)::integer as count, (array_agg(user_id order by user_id desc))[1] as last from members
)
update frontdesk.notifications n
set expanded_to = coalesce(counted.last, n.expanded_to),
  recipient_count = n.recipient_count + counted.count,
  -- Counted once, when the first people are written: what progress is measured against.
  audience_total = coalesce(n.audience_total, (select count(*)::integer from frontdesk.audience_members($1, $3))),
  state = case when counted.count < $5 then 'sending' else 'expanding' end,
  next_step_at = case when counted.count < $5 then $6 + make_interval(secs => (n.steps -> 0 ->> 'after')::float8) end
from counted
where n.org_id = $1 and n.id = $2
returning counted.count
