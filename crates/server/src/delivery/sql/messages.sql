-- What is to be said: the notifications of a claimed batch, once each.
-- $1 org ids, $2 notification ids
select n.org_id, n.id, n.title, n.content, n.action_url, n.severity, n.type, n.category, n.priority, n.data, n.state, n.created_at,
  n.expires_at, o.name, o.locale, n.contents
from unnest($1::uuid[], $2::uuid[]) as w (org_id, id)
join frontdesk.notifications n on n.org_id = w.org_id and n.id = w.id
join frontdesk.organizations o on o.id = w.org_id
