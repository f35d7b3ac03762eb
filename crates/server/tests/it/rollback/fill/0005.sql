insert into frontdesk.user_sessions (org_id, id, user_id, token_hash, provider_session_id, device_type, ip_address, expires_at)
select o.id, '50000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', sha256('session'),
  '60000000-0000-4000-8000-000000000001', 'web', '192.0.2.7', now() + interval '1 hour' from frontdesk.organizations o;
