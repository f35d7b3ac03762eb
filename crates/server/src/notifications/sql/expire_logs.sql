-- A websocket delivery whose message is no longer true will not be made: nothing stays pending for ever.
-- $1 now, $2 at most this many
with stale as (
  select l.org_id, l.id from frontdesk.notification_logs l
  join frontdesk.notifications n on n.org_id = l.org_id and n.id = l.notification_id
  where l.channel = 'websocket' and l.status in ('pending', 'sent') and n.expires_at <= $1
  limit $2
  for update of l skip locked
)
update frontdesk.notification_logs l
set status = case when l.status = 'pending' then 'skipped' else 'failed' end, reason = 'expired',
  failed_at = case when l.status = 'sent' then $1 end
from stale s
where l.org_id = s.org_id and l.id = s.id
