insert into frontdesk.delivery_lanes (org_id, channel, priority, last_turn)
select o.id, 'email', 3, 4 from frontdesk.organizations o;
insert into frontdesk.delivery_events (org_id, log_id, id, kind, attempt, status, reason, provider, message)
select l.org_id, l.id, gen_random_uuid(), 'attempt', 1, 'pending', 'retrying', 'smtp', '451 later' from frontdesk.notification_logs l;
