-- One digest: a message of its own to one person by mail, and the logs of what is in it.
-- $1 org, $2 person, $3 id, $4 title, $5 contents, $6 logs, $7 now
with sent as (
  update frontdesk.notification_logs l set status = 'sent', reason = 'in_digest', sent_at = $7, external_id = $3::uuid::text
  where l.org_id = $1 and l.id = any ($6) and l.status = 'pending'
)
insert into frontdesk.notifications (org_id, id, title, content, severity, type, category, priority, channels, audience, data,
  scheduled_for, expires_at, contents)
values ($1, $3::uuid, $4, '', 'info', 'digest', 'system', 'low', array['email'],
  jsonb_build_object('people', jsonb_build_array($2::uuid)), jsonb_build_object('messages', cardinality($6::uuid[])),
  $7::timestamptz, $7::timestamptz + interval '7 days', $5)
