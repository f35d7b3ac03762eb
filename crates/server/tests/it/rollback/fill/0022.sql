insert into frontdesk.notification_preferences (org_id, profile_id, name, muted, digest, quiet_from, quiet_to)
select p.org_id, p.id, 'all', '{announcement.email}', 'daily', '22:00', '07:00' from frontdesk.profiles p;
insert into frontdesk.preference_defaults (org_id, name, muted) select o.id, 'everyone', '{system.email}' from frontdesk.organizations o;
insert into frontdesk.digest_items (org_id, profile_id, log_id, notification_id, due_at)
select l.org_id, l.recipient_id, l.id, l.notification_id, now() + interval '1 day' from frontdesk.notification_logs l;
insert into frontdesk.signing_keys (org_id, purpose, inner_key, outer_key)
select o.id, 'links', sha256('a') || sha256('b'), sha256('c') || sha256('d') from frontdesk.organizations o;
