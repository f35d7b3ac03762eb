-- Gives what has waited long enough (a pause after a failed attempt, a delayed step) its turn: ready to be claimed.
-- $1 now, $2 at most this many
with due as (
  select q.org_id, q.log_id, q.channel, q.priority, q.due_at from frontdesk.delivery_queue q
  where q.turn is null and q.due_at <= $1
  order by q.due_at
  limit $2
  for update skip locked
), lanes as materialized (
  select d.org_id, d.channel, d.priority, frontdesk.take_turns(d.org_id, d.channel, d.priority, count(*)::integer) as first
  from due d
  group by d.org_id, d.channel, d.priority
  order by d.org_id, d.channel, d.priority
), placed as (
  select d.org_id, d.log_id,
    l.first + row_number() over (partition by d.org_id, d.channel, d.priority order by d.due_at, d.log_id) - 1 as turn
  from due d
  join lanes l on l.org_id = d.org_id and l.channel = d.channel and l.priority = d.priority
)
update frontdesk.delivery_queue q set turn = p.turn
from placed p
where q.org_id = p.org_id and q.log_id = p.log_id
