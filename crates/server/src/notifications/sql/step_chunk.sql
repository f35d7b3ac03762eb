-- A later step of a message, for the next chunk of the people to whom it still applies: delivery logs and queue rows on the
-- step's channels, once each, as their preferences allow. Moves the place, and at the end the plan on to the step after.
-- $1 org, $2 notification, $3 after, $4 limit, $5 now, $6 channels that this server can send on
with message as materialized (
  select n.steps -> n.next_step as step, n.steps -> (n.next_step + 1) as following, n.category,
    frontdesk.priority_rank(n.category, n.priority) as rank,
    (p.policy ->> 'preferences')::boolean and n.type <> 'digest' as preferences, (p.policy ->> 'quiet_hours')::boolean as quiet_hours,
    (p.policy ->> 'digest')::boolean as digest, d.muted, d.digest as default_digest, d.quiet_from, d.quiet_to, o.timezone
  from frontdesk.notifications n
  join frontdesk.organizations o on o.id = n.org_id
  cross join lateral (select frontdesk.policy_of($1, n.category) as policy) p
  left join frontdesk.preference_defaults d on d.org_id = n.org_id and d.name = 'everyone'
  where n.org_id = $1 and n.id = $2
), members as materialized (
  select r.recipient_id from frontdesk.notification_recipients r cross join message
  where r.org_id = $1 and r.notification_id = $2 and ($3::uuid is null or r.recipient_id > $3)
    and case message.step ->> 'if'
      when 'unread' then r.status = 'unread' and r.acknowledged_at is null
      when 'unacknowledged' then r.acknowledged_at is null
      else true end
  order by r.recipient_id limit $4::integer
), ways as materialized (
  select m.recipient_id, u.channel,
    case
      when message.preferences and message.category || '.' || u.channel = any (coalesce(w.muted, message.muted)) then 'muted'
      when u.channel = 'email' and p.email is null then 'no_email_address'
      when u.channel = 'sms' and p.phone is null then 'no_phone_number'
    end as reason,
    case when u.channel = 'email' and message.preferences and message.digest
        and coalesce(w.digest, message.default_digest, 'off') <> 'off'
      then frontdesk.next_digest($5, coalesce(w.timezone, p.timezone, message.timezone),
        coalesce(w.digest, message.default_digest)) end as digest_at,
    case when u.channel in ('email', 'push', 'sms') and message.quiet_hours
        and coalesce(w.quiet_from, message.quiet_from) is not null
      then frontdesk.quiet_until($5, coalesce(w.timezone, p.timezone, message.timezone),
        coalesce(w.quiet_from, message.quiet_from), coalesce(w.quiet_to, message.quiet_to)) end as quiet_until
  from members m
  join frontdesk.profiles p on p.org_id = $1 and p.id = m.recipient_id and p.status = 'active'
  left join frontdesk.notification_preferences w on w.org_id = $1 and w.profile_id = m.recipient_id
    and w.name = 'all'
  cross join message
  cross join jsonb_array_elements_text(message.step -> 'channels') as u (channel)
  where u.channel = any ($6)
), logs as (
  insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status, reason, created_at)
  select $1, frontdesk.uuid_v7(), $2, y.recipient_id, y.channel,
    case when y.reason is null then 'pending' else 'skipped' end,
    coalesce(y.reason, case when y.digest_at is not null then 'digest' when y.quiet_until is not null then 'quiet_hours' end), $5
  from ways y
  on conflict do nothing
  returning id, channel, status, reason, recipient_id
), gathered as (
  insert into frontdesk.digest_items (org_id, profile_id, log_id, notification_id, due_at)
  select $1, l.recipient_id, l.id, $2, y.digest_at
  from logs l join ways y on y.recipient_id = l.recipient_id and y.channel = l.channel
  where l.status = 'pending' and l.reason = 'digest'
), turns as materialized (
  select w.channel, frontdesk.take_turns($1, w.channel, message.rank, w.count) as first
  from (select l.channel, count(*)::integer as count from logs l
        where l.status = 'pending' and l.channel not in ('in_app', 'websocket') and l.reason is null group by l.channel) w
  cross join message
  order by w.channel
), queued as (
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn, only_if)
  select $1, l.id, $2, l.recipient_id, l.channel, message.rank, $5,
    t.first + row_number() over (partition by l.channel order by l.id) - 1, message.step ->> 'if'
  from logs l join turns t on t.channel = l.channel cross join message
  where l.status = 'pending' and l.reason is null
), later as (
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, only_if)
  select $1, l.id, $2, l.recipient_id, l.channel, message.rank, y.quiet_until, message.step ->> 'if'
  from logs l join ways y on y.recipient_id = l.recipient_id and y.channel = l.channel cross join message
  where l.status = 'pending' and l.reason = 'quiet_hours'
), counted as (
  select count(*)::integer as count, (array_agg(recipient_id order by recipient_id desc))[1] as last from members
)
update frontdesk.notifications n
set state = case when counted.count > 0 then 'sending' else n.state end,
  step_to = case when counted.count = $4 then counted.last end,
  next_step = case when counted.count = $4 then n.next_step else n.next_step + 1 end,
  next_step_at = case when counted.count = $4 then n.next_step_at
    else n.next_step_at + make_interval(secs => (message.following ->> 'after')::float8 - (message.step ->> 'after')::float8) end
from counted cross join message
where n.org_id = $1 and n.id = $2
returning counted.count
