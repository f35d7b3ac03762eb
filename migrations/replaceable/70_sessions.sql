-- needs: 0006
-- Sessions, the identities of other providers, and how a request of PostgREST or supabase-js is opened.

-- A person sees their own sessions, staff the organization's; nobody sees the hash. They change by functions only.
call frontdesk.guard_table('user_sessions');
grant select (org_id, id, user_id, is_active, last_active, device_type, user_agent, ip_address, city, country, created_at,
  expires_at, terminated_at, termination_reason) on frontdesk.user_sessions to authenticated;
drop policy if exists user_sessions_select on frontdesk.user_sessions;
create policy user_sessions_select on frontdesk.user_sessions for select to authenticated
  using (org_id = frontdesk.org_id() and (user_id = frontdesk.user_id() or frontdesk.is_staff()));

-- The maps of identities are the service role's alone.
call frontdesk.guard_table('organization_identities');
call frontdesk.guard_table('profile_identities');

-- Starts the caller's session and ends their other one, in one transaction. The profile's row is locked first, so that
-- simultaneous logins come one after the other; the partial unique index is the judge all the same. With the organization
-- setting sessions.on_new_login = "refuse", a live session stays and the new one is refused (SQLSTATE FD409).
create or replace function frontdesk.start_session(
  p_session_id uuid, p_token_hash bytea, p_lifetime interval,
  p_device_type text default null, p_device_id bytea default null, p_user_agent text default null,
  p_ip_address inet default null, p_provider_session_id text default null)
returns timestamptz
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_org uuid := frontdesk.org_id();
  v_user uuid := frontdesk.user_id();
  v_ends timestamptz := now() + p_lifetime;
begin
  perform from frontdesk.profiles p where p.org_id = v_org and p.id = v_user and p.status = 'active' for update;
  if not found then
    raise exception 'only an active person signs in' using errcode = 'FD401';
  end if;
  perform frontdesk.end_idle_sessions(v_org, v_user);
  if (select o.settings -> 'sessions' ->> 'on_new_login' from frontdesk.organizations o where o.id = v_org) = 'refuse'
    and exists (select from frontdesk.user_sessions s where s.org_id = v_org and s.user_id = v_user and s.is_active) then
    raise exception 'this person is signed in elsewhere' using errcode = 'FD409';
  end if;
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(), termination_reason = 'new_login'
  where s.org_id = v_org and s.user_id = v_user and s.is_active;
  insert into frontdesk.user_sessions (org_id, id, user_id, token_hash, provider_session_id, device_type, device_id,
    user_agent, ip_address, expires_at)
  values (v_org, p_session_id, v_user, p_token_hash, p_provider_session_id, p_device_type, p_device_id,
    left(p_user_agent, 1000), p_ip_address, v_ends);
  return v_ends;
end
$$;

-- Ends a person's sessions that are over by time: expired, or idle for longer than sessions.idle_minutes (null: never).
create or replace function frontdesk.end_idle_sessions(p_org_id uuid, p_user_id uuid) returns void
language sql volatile security definer set search_path = frontdesk, pg_temp
as $$
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(),
    termination_reason = case when s.expires_at <= now() then 'expired' else 'timeout' end
  from frontdesk.organizations o
  where s.org_id = p_org_id and s.user_id = p_user_id and s.is_active and o.id = s.org_id
    and (s.expires_at <= now()
      or s.last_active < now() - make_interval(mins => (o.settings -> 'sessions' ->> 'idle_minutes')::integer))
$$;

-- The school seed's function, by its name, with the check that it lacked: a person ends their own sessions, admins and the
-- organization's server anybody's in the organization. Answers how many ended.
create or replace function frontdesk.terminate_user_sessions(p_user_id uuid, p_reason text default 'new_login') returns integer
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_count integer;
begin
  if frontdesk.org_id() is null
    or (p_user_id is distinct from frontdesk.user_id() and coalesce(frontdesk.role(), '') not in ('admin', 'service')) then
    raise exception 'only admins end the sessions of others' using errcode = 'insufficient_privilege';
  end if;
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(), termination_reason = p_reason
  where s.org_id = frontdesk.org_id() and s.user_id = p_user_id and s.is_active;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Ends one session: a person their own, admins and the organization's server anybody's in the organization. Answers whose it
-- was; null when there is no such live session that the caller may end.
create or replace function frontdesk.terminate_session(p_session_id uuid) returns uuid
language sql volatile security definer set search_path = frontdesk, pg_temp
as $$
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(),
    termination_reason = case when s.user_id is not distinct from frontdesk.user_id() then 'manual' else 'admin' end
  where s.org_id = frontdesk.org_id() and s.id = p_session_id and s.is_active
    and (s.user_id is not distinct from frontdesk.user_id() or frontdesk.role() in ('admin', 'service'))
  returning s.user_id
$$;

-- The live session with this token in this organization: whose, and its id. Only for who knows the token's hash.
create or replace function frontdesk.live_session(p_org_id uuid, p_token_hash bytea)
returns table (user_id uuid, session_id uuid)
language sql stable rows 1 security definer set search_path = frontdesk, pg_temp
as $$
  select s.user_id, s.id from frontdesk.user_sessions s
  join frontdesk.organizations o on o.id = s.org_id
  where s.org_id = p_org_id and s.token_hash = p_token_hash and s.is_active and s.expires_at > now()
    and coalesce(s.last_active >= now() - make_interval(mins => (o.settings -> 'sessions' ->> 'idle_minutes')::integer), true)
$$;

-- Notes that a session is in use, at most once a minute.
create or replace function frontdesk.touch_session(p_org_id uuid, p_session_id uuid) returns void
language sql volatile security definer set search_path = frontdesk, pg_temp
as $$
  update frontdesk.user_sessions s set last_active = now()
  where s.org_id = p_org_id and s.id = p_session_id and s.is_active and s.last_active < now() - interval '1 minute'
$$;

-- Opens the request of a signed-in device. A session that has ended is refused here, at its next statement (FD401).
create or replace function frontdesk.open_request_with_session(p_org_id uuid, p_token_hash bytea) returns text
language plpgsql volatile
as $$
declare
  v_session record;
begin
  select * into v_session from frontdesk.live_session(p_org_id, p_token_hash);
  if not found then
    raise exception 'this session has ended' using errcode = 'FD401', hint = 'session';
  end if;
  perform frontdesk.touch_session(p_org_id, v_session.session_id);
  return frontdesk.open_request(jsonb_build_object(
    'org_id', p_org_id, 'sub', v_session.user_id, 'session_id', v_session.session_id, 'role', 'authenticated')::text);
end
$$;

-- What the text of a claim names: a UUID is itself, everything else is looked up in the maps.
create or replace function frontdesk.resolve_identity(p_issuer text, p_org text, p_user text)
returns table (org_id uuid, user_id uuid)
language plpgsql stable rows 1 security definer set search_path = frontdesk, pg_temp
as $$
declare
  c_uuid constant text := '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
begin
  if p_org ~ c_uuid then
    org_id := p_org::uuid;
  else
    select i.org_id into org_id from frontdesk.organization_identities i
    where i.issuer = coalesce(p_issuer, '') and i.external_id = p_org;
  end if;
  select i.profile_id into user_id from frontdesk.profile_identities i
  where i.org_id = resolve_identity.org_id and i.issuer = coalesce(p_issuer, '') and i.external_id = p_user;
  if user_id is null and p_user ~ c_uuid then
    user_id := p_user::uuid;
  end if;
  if org_id is not null and user_id is not null then
    return next;
  end if;
end
$$;

-- PostgREST's pre-request function (db-pre-request = "frontdesk.pre_request"), also for hosted Supabase. It finds out who the
-- token means and says so in settings: organization, person, and the role from the profile (see 10_identity.sql). It
-- refuses a session that has ended (SQLSTATE PT401, which PostgREST answers as HTTP 401). Who has no active profile is nobody
-- here and sees nothing of ours, but is not refused: the application beside us may know them. The organization is looked for in the shapes of Supabase, Auth0, Clerk, Keycloak and Zitadel; the settings
-- frontdesk.org_claim and frontdesk.user_claim (a path, parts separated by commas) override that:
--   alter role authenticator set frontdesk.org_claim = 'https://example.com/claims,org';
-- Only a superuser may say that. Elsewhere db-pre-request names a function of one's own, which sets it and then calls this:
--   perform set_config('frontdesk.org_claim', 'https://example.com/claims,org', true), frontdesk.pre_request();
-- It writes nothing: PostgREST reads in read-only transactions.
create or replace function frontdesk.pre_request() returns void
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_claims jsonb := coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb;
  v_org_path text[] := string_to_array(nullif(current_setting('frontdesk.org_claim', true), ''), ',');
  v_user_path text[] := string_to_array(nullif(current_setting('frontdesk.user_claim', true), ''), ',');
  v_org text;
  v_who record;
  v_role text;
begin
  -- The role that PostgREST has set, not the claim: which claim names the role is PostgREST's configuration, and roles of
  -- the application's own may be members of `authenticated`. (Inside a security definer function current_user is its owner.)
  if current_setting('role') in ('anon', 'service_role') then
    return; -- anon has no rights here, and the service role needs no organization
  end if;
  v_org := case when v_org_path is not null then v_claims #>> v_org_path
    else coalesce(
      v_claims ->> 'org_id',                                    -- Auth0, Clerk v1, Supabase's access-token hook
      v_claims -> 'app_metadata' ->> 'org_id',                  -- Supabase
      v_claims -> 'o' ->> 'id',                                 -- Clerk v2
      v_claims ->> 'urn:zitadel:iam:user:resourceowner:id',     -- Zitadel
      (select case when count(*) = 1 then min(o.value ->> 'id') end
       from jsonb_each(case jsonb_typeof(v_claims -> 'organization') when 'object' then v_claims -> 'organization' else '{}' end) o))
    end;                                                        -- Keycloak: the one organization, if it is one
  select * into v_who from frontdesk.resolve_identity(v_claims ->> 'iss', v_org, v_claims #>> coalesce(v_user_path, '{sub}'));
  select p.role into v_role from frontdesk.profiles p
  where p.org_id = v_who.org_id and p.id = v_who.user_id and p.status = 'active';
  if frontdesk.provider_session_has_ended(v_who.org_id, v_who.user_id, v_claims ->> 'session_id') then
    raise exception 'this session has ended' using errcode = 'PT401', hint = 'session';
  end if;
  -- The token's own claims stay as they are: policies of the application beside us may read them.
  perform set_config('frontdesk.org_id', case when v_role is null then 'nobody' else v_who.org_id::text end, true),
    set_config('frontdesk.user_id', case when v_role is null then 'nobody' else v_who.user_id::text end, true),
    set_config('frontdesk.org_role', coalesce(v_role, 'nobody'), true);
end
$$;

-- Has the session that this provider's session started here ended? Unknown ones have not.
create or replace function frontdesk.provider_session_has_ended(p_org_id uuid, p_user_id uuid, p_provider_session_id text)
returns boolean
language sql stable security definer set search_path = frontdesk, pg_temp
as $$
  select exists (select from frontdesk.user_sessions s
      where s.org_id = p_org_id and s.user_id = p_user_id and s.provider_session_id = p_provider_session_id)
    and not exists (select from frontdesk.user_sessions s
      where s.org_id = p_org_id and s.user_id = p_user_id and s.provider_session_id = p_provider_session_id
        and s.is_active and s.expires_at > now())
$$;

do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'frontdesk'::regnamespace
      and p.proname in ('start_session', 'end_idle_sessions', 'terminate_user_sessions', 'terminate_session', 'live_session', 'touch_session',
        'open_request_with_session', 'resolve_identity', 'pre_request', 'provider_session_has_ended')
  loop
    execute format('revoke execute on function %s from public, anon, authenticated, service_role', v_function);
  end loop;
end
$$;
grant execute on function
  frontdesk.start_session(uuid, bytea, interval, text, bytea, text, inet, text),
  frontdesk.terminate_user_sessions(uuid, text), frontdesk.terminate_session(uuid) to authenticated;
grant execute on function frontdesk.open_request_with_session(uuid, bytea), frontdesk.live_session(uuid, bytea),
  frontdesk.touch_session(uuid, uuid), frontdesk.resolve_identity(text, text, text),
  frontdesk.provider_session_has_ended(uuid, uuid, text) to frontdesk_api;
-- PostgREST runs its pre-request function as the request's role. The look-ups behind it are nobody's: they would tell a
-- tenant which ids others have.
grant execute on function frontdesk.pre_request() to anon, authenticated, service_role;

-- drop:
drop function if exists frontdesk.pre_request();
drop function if exists frontdesk.provider_session_has_ended(uuid, uuid, text);
drop function if exists frontdesk.resolve_identity(text, text, text);
drop function if exists frontdesk.open_request_with_session(uuid, bytea);
drop function if exists frontdesk.touch_session(uuid, uuid);
drop function if exists frontdesk.live_session(uuid, bytea);
drop function if exists frontdesk.terminate_session(uuid);
drop function if exists frontdesk.terminate_user_sessions(uuid, text);
drop function if exists frontdesk.end_idle_sessions(uuid, uuid);
drop function if exists frontdesk.start_session(uuid, bytea, interval, text, bytea, text, inet, text);
