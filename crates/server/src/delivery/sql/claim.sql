-- Claims due deliveries of a channel, the most urgent first, until the lease ends.
-- $1 channel, $2 now, $3 at most this many, $4 end of the lease
with due as (
  select q.org_id, q.log_id from frontdesk.delivery_queue q
  where q.channel = $1 and q.due_at <= $2 and (q.leased_until is null or q.leased_until <= $2)
  order by q.priority, q.due_at
  limit $3
  for update skip locked
), claimed as (
  update frontdesk.delivery_queue q set leased_until = $4, attempts = q.attempts + 1
  from due d
  where q.org_id = d.org_id and q.log_id = d.log_id
  returning q.org_id, q.log_id, q.notification_id, q.attempts, q.priority, q.due_at
)
select c.org_id, c.log_id, c.notification_id, c.attempts, o.name, coalesce(p.locale, o.locale), n.title, n.content,
  n.action_url, n.expires_at, p.name, p.email
from claimed c
join frontdesk.notification_logs l on l.org_id = c.org_id and l.id = c.log_id
join frontdesk.notifications n on n.org_id = c.org_id and n.id = c.notification_id
join frontdesk.profiles p on p.org_id = c.org_id and p.id = l.recipient_id
join frontdesk.organizations o on o.id = c.org_id
order by c.priority, c.due_at
