-- Takes the digest items of the next person for whom some are due. $1 now
with next as (
  select i.org_id, i.profile_id from frontdesk.digest_items i
  where i.due_at <= $1
  order by i.due_at limit 1
  for update skip locked
), items as materialized (
  delete from frontdesk.digest_items i using next
  where i.org_id = next.org_id and i.profile_id = next.profile_id and i.due_at <= $1
  returning i.org_id, i.profile_id, i.log_id, i.notification_id
), judged as materialized (
  select i.org_id, i.log_id, i.notification_id, n.title, n.content, n.contents, n.created_at,
    case when n.state in ('cancelled', 'expired') then n.state
      when n.expires_at <= $1 then 'expired'
      when r.status <> 'unread' then 'already_read' end as reason
  from items i
  join frontdesk.notifications n on n.org_id = i.org_id and n.id = i.notification_id
  join frontdesk.notification_recipients r
    on r.org_id = i.org_id and r.notification_id = i.notification_id and r.recipient_id = i.profile_id
), skipped as (
  update frontdesk.notification_logs l set status = 'skipped', reason = j.reason
  from judged j where j.reason is not null and l.org_id = j.org_id and l.id = j.log_id and l.status = 'pending'
)
select next.org_id, next.profile_id, o.name, coalesce(p.locale, o.locale),
  (select t.contents from frontdesk.templates t where t.org_id = next.org_id and t.key = 'digest' order by t.version desc limit 1),
  coalesce((select jsonb_agg(jsonb_build_object('title', s.title, 'content', left(s.content, 200)) order by s.created_at) from (
    select coalesce(frontdesk.localized(j.contents, p.locale, o.locale) #>> '{in_app,title}', j.title) as title,
      coalesce(frontdesk.localized(j.contents, p.locale, o.locale) #>> '{in_app,content}', j.content) as content, j.created_at
    from judged j where j.reason is null order by j.created_at limit 20) s), '[]'),
  (select count(*) from judged j where j.reason is null),
  coalesce((select array_agg(j.log_id) from judged j where j.reason is null), '{}')
from next
join frontdesk.organizations o on o.id = next.org_id
join frontdesk.profiles p on p.org_id = next.org_id and p.id = next.profile_id
