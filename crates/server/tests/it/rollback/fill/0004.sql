insert into frontdesk.notifications (org_id, id, title, content, channels, audience, sender_id, state, recipient_count)
select o.id, '40000000-0000-4000-8000-000000000001', 'No school on Friday', 'Snow.', '{in_app,email}', '{"all": true}',
  '10000000-0000-4000-8000-000000000001', 'sending', 4 from frontdesk.organizations o;
insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons)
select p.org_id, '40000000-0000-4000-8000-000000000001', p.id, p.role, '[{"why": "everyone"}]' from frontdesk.profiles p;
insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status)
select r.org_id, gen_random_uuid(), r.notification_id, r.recipient_id, 'email', 'pending' from frontdesk.notification_recipients r;
insert into frontdesk.delivery_queue (org_id, log_id, notification_id, channel, priority, due_at)
select l.org_id, l.id, l.notification_id, l.channel, 3, now() from frontdesk.notification_logs l;
insert into frontdesk.realtime_tickets (org_id, secret_hash, profile_id, expires_at)
select o.id, sha256('ticket'), '10000000-0000-4000-8000-000000000002', now() + interval '1 hour' from frontdesk.organizations o;
