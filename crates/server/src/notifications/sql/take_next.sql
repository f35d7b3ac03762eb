-- The next notification to expand: the most urgent whose time has come, locked against other expanders.
-- $1 now
select n.org_id, n.id, n.audience, n.expanded_to, n.expires_at <= $1 as expired
from frontdesk.notifications n
where n.state in ('scheduled', 'expanding') and n.scheduled_for <= $1
order by frontdesk.priority_rank(n.category, n.priority), n.scheduled_for, n.id
limit 1
for update skip locked
