-- Writes the next chunk of a notification's recipients with their delivery logs and queue rows, and moves its place.
-- All of it, or (after a crash) none.
-- $1 org, $2 notification, $3 audience, $4 after, $5 limit, $6 now, $7 channels that this server can send on
with members as materialized (
  select m.user_id, m.role, m.reasons from frontdesk.audience_members($1, $3, $4, $5) m
), message as materialized (
  select n.channels, n.acknowledgement, n.category, frontdesk.priority_rank(n.category, n.priority) as rank,
    p.policy ->> 'only_if' as only_if, (p.policy ->> 'preferences')::boolean and n.type <> 'digest' as preferences,
    (p.policy ->> 'quiet_hours')::boolean as quiet_hours, (p.policy ->> 'digest')::boolean as digest,
    d.muted, d.digest as default_digest, d.quiet_from, d.quiet_to, o.timezone
  from frontdesk.notifications n
  join frontdesk.organizations o on o.id = n.org_id
  cross join lateral (select frontdesk.policy_of($1, n.category) as policy) p
  left join frontdesk.preference_defaults d on d.org_id = n.org_id and d.name = 'everyone'
  where n.org_id = $1 and n.id = $2
), ways as materialized (
  -- Each person's ways, with why one is not taken, and until when one waits.
  select m.user_id, u.channel,
    case
      when not u.channel = any ($7) then 'channel_not_set_up'
      when message.preferences and message.category || '.' || u.channel = any (coalesce(w.muted, message.muted)) then 'muted'
      when u.channel = 'email' and p.email is null then 'no_email_address'
      when u.channel = 'sms' and p.phone is null then 'no_phone_number'
    end as reason,
    case when u.channel = 'email' and message.preferences and message.digest
        and coalesce(w.digest, message.default_digest, 'off') <> 'off'
      then frontdesk.next_digest($6, coalesce(w.timezone, p.timezone, message.timezone),
        coalesce(w.digest, message.default_digest)) end as digest_at,
    case when u.channel in ('email', 'push', 'sms') and message.quiet_hours
        and coalesce(w.quiet_from, message.quiet_from) is not null
      then frontdesk.quiet_until($6, coalesce(w.timezone, p.timezone, message.timezone),
        coalesce(w.quiet_from, message.quiet_from), coalesce(w.quiet_to, message.quiet_to)) end as quiet_until
  from members m
  join frontdesk.profiles p on p.org_id = $1 and p.id = m.user_id
  left join frontdesk.notification_preferences w on w.org_id = $1 and w.profile_id = m.user_id and w.name = 'all'
  cross join message
  cross join unnest(message.channels) as u (channel)
), recipients as (
  insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons, in_app, acknowledgement,
    created_at)
  select $1, $2, m.user_id, m.role, m.reasons,
    exists (select from ways y where y.user_id = m.user_id and y.channel = 'in_app' and y.reason is null),
    message.acknowledgement, $6
  from members m cross join message
  on conflict do nothing
), logs as (
  insert into frontdesk.notification_logs
    (org_id, id, notification_id, recipient_id, channel, status, reason, delivered_at, created_at)
  select $1, frontdesk.uuid_v7(), $2, y.user_id, y.channel,
    case
      when y.reason is not null then 'skipped'
      when y.channel = 'in_app' then 'delivered' -- the inbox row stands in this same transaction
      else 'pending'
    end,
    coalesce(y.reason, case when y.digest_at is not null then 'digest' when y.quiet_until is not null then 'quiet_hours' end),
    case when y.channel = 'in_app' and y.reason is null then $6 end,
    $6
  from ways y
  on conflict do nothing
  returning id, channel, status, reason, recipient_id
), gathered as (
  insert into frontdesk.digest_items (org_id, profile_id, log_id, notification_id, due_at)
  select $1, l.recipient_id, l.id, $2, y.digest_at
  from logs l join ways y on y.user_id = l.recipient_id and y.channel = l.channel
  where l.status = 'pending' and l.reason = 'digest'
), turns as materialized (
  -- The chunk's places in each channel's queue, among those of other organizations (frontdesk.take_turns).
  select w.channel, frontdesk.take_turns($1, w.channel, message.rank, w.count) as first
  from (select l.channel, count(*)::integer as count from logs l
        where l.status = 'pending' and l.channel <> 'websocket' and l.reason is null group by l.channel) w
  cross join message
  order by w.channel
), queued as (
  -- Websocket rows wait for the person, not for a worker.
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn, only_if)
  select $1, l.id, $2, l.recipient_id, l.channel, message.rank, $6,
    t.first + row_number() over (partition by l.channel order by l.id) - 1, message.only_if
  from logs l join turns t on t.channel = l.channel cross join message
  where l.status = 'pending' and l.reason is null
), later as (
  -- Whoever has quiet hours gets it when they are over; turns are taken then.
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, only_if)
  select $1, l.id, $2, l.recipient_id, l.channel, message.rank, y.quiet_until, message.only_if
  from logs l join ways y on y.user_id = l.recipient_id and y.channel = l.channel cross join message
  where l.status = 'pending' and l.reason = 'quiet_hours'
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
