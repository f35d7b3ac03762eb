-- Two organizations with people of the same ids, a message to everybody, and one session of Ada's that ended at Ash.
insert into frontdesk.organizations (id, name, slug, kind) values
  ('a0000000-0000-4000-8000-00000000000a', 'Ash School', 'ash', 'school'),
  ('b0000000-0000-4000-8000-00000000000b', 'Birch Clinic', 'birch', 'clinic');
insert into frontdesk.profiles (org_id, id, role, name)
select o.id, ('10000000-0000-4000-8000-00000000000' || p.n)::uuid, p.role, p.name || ' ' || o.slug
from frontdesk.organizations o
cross join (values ('1', 'admin', 'Ada'), ('2', 'parent', 'Pat'), ('3', 'student', 'Sam'), ('4', 'teacher', 'Tom')) p (n, role, name);
insert into frontdesk.notifications (org_id, id, title, content, channels, audience, sender_id, state, recipient_count)
select o.id, '40000000-0000-4000-8000-000000000001', 'No school on Friday', 'Snow.', '{in_app}', '{"all": true}',
  '10000000-0000-4000-8000-000000000001', 'done', 4 from frontdesk.organizations o;
insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons)
select p.org_id, '40000000-0000-4000-8000-000000000001', p.id, p.role, '[{"why": "everyone"}]' from frontdesk.profiles p;
insert into frontdesk.user_sessions (org_id, id, user_id, token_hash, provider_session_id, expires_at, is_active, terminated_at,
  termination_reason)
select o.id, gen_random_uuid(), '10000000-0000-4000-8000-000000000001', sha256(o.slug::bytea), 'ada-at-the-provider',
  now() + interval '1 day', o.slug <> 'ash', case when o.slug = 'ash' then now() end, case when o.slug = 'ash' then 'new_login' end
from frontdesk.organizations o;
insert into frontdesk.organization_identities (org_id, issuer, external_id)
values ('a0000000-0000-4000-8000-00000000000a', 'https://ash.eu.auth0.test/', 'org_ash');
insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id)
values ('a0000000-0000-4000-8000-00000000000a', 'https://ash.eu.auth0.test/', 'auth0|ada', '10000000-0000-4000-8000-000000000001');
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;
