-- Claims deliveries of a channel that are ready, the most urgent first and the organizations in turns, until the lease ends.
-- What was locked a moment ago is found again by its place in the table: no second look into an index.
-- $1 channel, $2 now, $3 at most this many, $4 end of the lease
with ready as (
  select q.ctid from frontdesk.delivery_queue q
  where q.channel = $1 and q.turn is not null and (q.leased_until is null or q.leased_until <= $2)
  order by q.priority, q.turn
  limit $3
  for update skip locked
), claimed as (
  update frontdesk.delivery_queue q set leased_until = $4, attempts = q.attempts + 1
  from ready r
  where q.ctid = r.ctid
  returning q.org_id, q.log_id, q.notification_id, q.recipient_id, q.attempts, q.attempts_before, q.only_if, q.priority, q.turn
)
select c.org_id, c.log_id, c.notification_id, c.recipient_id, c.attempts, c.attempts_before, p.name, p.locale, p.email, p.phone,
  case
    when $1 in ('email', 'sms') and exists (
      select from frontdesk.suppressions s
      where s.org_id = c.org_id and s.channel = $1 and s.address = case $1 when 'email' then lower(p.email) else regexp_replace(p.phone, '[^+0-9]', '', 'g') end)
    then 'address_suppressed'
    when c.only_if is not null then (
      select case
          when c.only_if = 'unacknowledged' then case when r.acknowledged_at is not null then 'already_acknowledged' end
          when r.status <> 'unread' then 'already_read' end
      from frontdesk.notification_recipients r
      where r.org_id = c.org_id and r.notification_id = c.notification_id and r.recipient_id = c.recipient_id)
  end
from claimed c
join frontdesk.profiles p on p.org_id = c.org_id and p.id = c.recipient_id
order by c.priority, c.turn
