-- Marks as done what has nothing left to send. $1 at most this many
with candidates as (
  select n.org_id, n.id from frontdesk.notifications n
  where n.state = 'sending' and n.step_to is null and not exists (
    select from frontdesk.delivery_queue q where q.org_id = n.org_id and q.notification_id = n.id)
  limit $1
  for update skip locked
)
update frontdesk.notifications n set state = 'done'
from candidates c
where n.org_id = c.org_id and n.id = c.id
returning n.org_id, n.id
