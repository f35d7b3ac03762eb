insert into frontdesk.notification_history (org_id, id, notification_id, event)
select n.org_id, gen_random_uuid(), n.id, 'created' from frontdesk.notifications n;
insert into frontdesk.idempotent_requests (org_id, operation, key, request_hash, status, response)
select o.id, 'createNotification', 'k1', sha256('body'), 202, '{}' from frontdesk.organizations o;
insert into frontdesk.notification_policies (org_id, category, policy)
select o.id, 'announcement', '{"channels": ["in_app"]}' from frontdesk.organizations o;
