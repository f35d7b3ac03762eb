-- Records what came of claimed deliveries, all in one. A row whose lease was taken over meanwhile (its attempts moved on), or
-- that was taken off the queue (cancelled), is left as it is.
-- $1 org ids, $2 log ids, $3 attempts, $4 statuses, $5 reasons, $6 messages, $7 external ids, $8 next due (null: the end),
-- $9 providers, $10 answers, $11 units, $12 now;
-- providers that were tried before: $13 org ids, $14 log ids, $15 providers, $16 messages
with results as (
  select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
      $9::text[], $10::text[], $11::smallint[])
    as r (org_id, log_id, attempt, status, reason, message, external_id, next_due, provider, answer, units)
), ended as (
  delete from frontdesk.delivery_queue q using results r
  where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt and r.next_due is null
  returning q.org_id, q.log_id
), postponed as (
  update frontdesk.delivery_queue q set due_at = r.next_due, turn = null, leased_until = null
  from results r
  where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt and r.next_due is not null
  returning q.org_id, q.log_id
), ours as (
  select e.org_id, e.log_id from ended e union all select p.org_id, p.log_id from postponed p
), detours as (
  insert into frontdesk.delivery_events (org_id, log_id, id, kind, attempt, status, reason, provider, message, created_at)
  select r.org_id, r.log_id, frontdesk.uuid_v7(), 'attempt', r.attempt, 'failed', 'provider_unavailable', t.provider,
    left(t.message, 1000), $12
  from unnest($13::uuid[], $14::uuid[], $15::text[], $16::text[]) as t (org_id, log_id, provider, message)
  join results r on r.org_id = t.org_id and r.log_id = t.log_id
  join ours on ours.org_id = r.org_id and ours.log_id = r.log_id
), attempts as (
  -- A first attempt that succeeded is recorded by the log row alone: most are, and a row for each would cost a third.
  insert into frontdesk.delivery_events (org_id, log_id, id, kind, attempt, status, reason, provider, message, external_id, created_at)
  select r.org_id, r.log_id, frontdesk.uuid_v7(), 'attempt', r.attempt, r.status, r.reason, r.provider,
    left(coalesce(r.message, r.answer), 1000), left(r.external_id, 500), $12
  from results r join ours on ours.org_id = r.org_id and ours.log_id = r.log_id
  where not (r.attempt = 1 and r.status = 'sent') and r.status <> 'skipped'
)
update frontdesk.notification_logs l
set
  -- The provider may have reported sooner than we could record that it took the message.
  status = case when r.status = 'sent' and l.status in ('delivered', 'bounced') then l.status else r.status end, reason = r.reason, error_message = left(r.message, 1000), retry_count = r.attempt - 1,
  external_id = coalesce(left(r.external_id, 500), l.external_id), provider = coalesce(r.provider, l.provider),
  answer = left(r.answer, 1000), units = r.units,
  sent_at = case when r.status = 'sent' then $12 else l.sent_at end,
  failed_at = case when r.status in ('failed', 'bounced') then $12 else l.failed_at end
from results r join ours on ours.org_id = r.org_id and ours.log_id = r.log_id
where l.org_id = r.org_id and l.id = r.log_id
