-- Records what came of claimed deliveries, all in one. A row whose lease was taken over meanwhile (its attempts moved on)
-- is left to whoever has it now.
-- $1 org ids, $2 log ids, $3 attempts, $4 statuses, $5 reasons, $6 messages, $7 external ids, $8 next due (null: the end), $9 now
with results as (
  select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    as r (org_id, log_id, attempt, status, reason, message, external_id, next_due)
), ended as (
  delete from frontdesk.delivery_queue q using results r
  where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt and r.next_due is null
  returning q.org_id, q.log_id
), postponed as (
  update frontdesk.delivery_queue q set due_at = r.next_due, leased_until = null
  from results r
  where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt and r.next_due is not null
  returning q.org_id, q.log_id
), ours as (
  select * from ended union all select * from postponed
)
update frontdesk.notification_logs l
set status = r.status, reason = r.reason, error_message = left(r.message, 1000), retry_count = r.attempt - 1,
  external_id = coalesce(left(r.external_id, 500), l.external_id),
  sent_at = case when r.status = 'sent' then $9 else l.sent_at end,
  failed_at = case when r.status in ('failed', 'bounced') then $9 else l.failed_at end
from results r join ours on ours.org_id = r.org_id and ours.log_id = r.log_id
where l.org_id = r.org_id and l.id = r.log_id
