-- Writes what a provider reported of a delivery. $1 org, $2 log, $3 channel, $4 status, $5 reason, $6 provider, $7 message,
-- $8 why the address takes no more (null: it does), $9 the address as the provider names it (null: the person's)
with log as (
  select l.org_id, l.id, l.notification_id, l.status, l.reason, coalesce($9, case $3 when 'email' then lower(p.email) else regexp_replace(p.phone, '[^+0-9]', '', 'g') end) as address
  from frontdesk.notification_logs l
  join frontdesk.profiles p on p.org_id = l.org_id and p.id = l.recipient_id
  where l.org_id = $1 and l.id = $2 and l.channel = $3
  for update of l
), news as (
  -- What is final stays: a late "delivered" does not undo a bounce, and nothing is said twice.
  select l.* from log l
  where not (l.status = $4 and l.reason is not distinct from $5::text)
    and (l.status in ('pending', 'sent') or (l.status = 'delivered' and ($4 = 'bounced' or $5::text is not null)))
), events as (
  insert into frontdesk.delivery_events (org_id, log_id, id, kind, status, reason, provider, message)
  select n.org_id, n.id, frontdesk.uuid_v7(), 'callback', $4, $5, $6, $7 from news n
), suppressed as (
  insert into frontdesk.suppressions (org_id, channel, address, reason, detail)
  select l.org_id, $3, l.address, $8::text, $7 from log l
  where $8::text is not null and length(l.address) between 1 and 320
  on conflict do nothing
), updated as (
  update frontdesk.notification_logs l
  set status = $4, reason = $5,
    error_message = case when $4 = 'delivered' then l.error_message else $7 end,
    delivered_at = case when $4 = 'delivered' then coalesce(l.delivered_at, now()) else l.delivered_at end,
    failed_at = case when $4 in ('bounced', 'failed') then now() else l.failed_at end
  from news n
  where l.org_id = n.org_id and l.id = n.id
)
select l.notification_id from log l
