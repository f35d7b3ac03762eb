-- The next message to work on, locked against other expanders: the most urgent whose time has come to be expanded, or whose
-- next step (a channel for those who have not read it, an escalation) is due.
-- $1 now
select n.org_id, n.id, n.audience, n.expanded_to, n.expires_at <= $1 as expired,
  case when n.state in ('sending', 'done') then n.steps -> n.next_step end as step, n.step_to
from frontdesk.notifications n
where (n.state in ('scheduled', 'expanding') and n.scheduled_for <= $1)
  or (n.next_step_at <= $1 and n.state in ('sending', 'done') and n.expires_at > $1)
order by frontdesk.priority_rank(n.category, n.priority), coalesce(n.next_step_at, n.scheduled_for), n.id
limit 1
for update skip locked
