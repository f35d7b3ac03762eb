-- needs: 0002
-- Organizations, profiles and service keys: who may see and change them, and how a request is opened.

call frontdesk.guard_table('organizations');
grant select on frontdesk.organizations to authenticated;
drop policy if exists organizations_select on frontdesk.organizations;
create policy organizations_select on frontdesk.organizations for select to authenticated
  using (id = frontdesk.org_id());

-- Staff see everybody; teachers, parents and students see themselves.
call frontdesk.guard_table('profiles');
grant select, insert, delete on frontdesk.profiles to authenticated;
grant update (role, status, name, email, phone, locale, timezone) on frontdesk.profiles to authenticated;
drop policy if exists profiles_select on frontdesk.profiles;
create policy profiles_select on frontdesk.profiles for select to authenticated
  using (org_id = frontdesk.org_id() and (frontdesk.is_staff() or id = frontdesk.user_id()));
drop policy if exists profiles_insert on frontdesk.profiles;
create policy profiles_insert on frontdesk.profiles for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));
drop policy if exists profiles_update on frontdesk.profiles;
create policy profiles_update on frontdesk.profiles for update to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'))
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));
drop policy if exists profiles_delete on frontdesk.profiles;
create policy profiles_delete on frontdesk.profiles for delete to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));

-- Admins see which keys exist; the hash is nobody's but the service role's.
call frontdesk.guard_table('service_keys');
grant select (org_id, id, name, created_at, expires_at, revoked_at) on frontdesk.service_keys to authenticated;
drop policy if exists service_keys_select on frontdesk.service_keys;
create policy service_keys_select on frontdesk.service_keys for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() = 'admin');

-- Opens a person's request: from here to the end of the transaction the caller is `authenticated`, with these claims.
-- The profile is looked up now, by its own row security, so that a role that was taken away or a membership that was
-- ended counts at the next statement, whatever the token says. With the identity provider's session (claim session_id), a
-- token of a session that has ended here is refused too. SQLSTATE FD401: not welcome.
create or replace function frontdesk.open_request(p_claims text, p_provider_session_id text default null) returns text
language plpgsql volatile
as $$
declare
  v_org uuid := p_claims::jsonb ->> 'org_id';
  v_user uuid := p_claims::jsonb ->> 'sub';
  v_role text;
begin
  if p_provider_session_id is not null and frontdesk.provider_session_has_ended(v_org, v_user, p_provider_session_id) then
    raise exception 'this session has ended' using errcode = 'FD401';
  end if;
  perform set_config('frontdesk.org_id', v_org::text, true), set_config('frontdesk.user_id', v_user::text, true),
    set_config('role', 'authenticated', true);
  select p.role into v_role from frontdesk.profiles p where p.org_id = v_org and p.id = v_user and p.status = 'active';
  if not found then
    raise exception 'no active profile in this organization' using errcode = 'FD401';
  end if;
  perform set_config('frontdesk.org_role', v_role, true),
    set_config('request.jwt.claims', left(p_claims, -1) || ',"org_role":"' || v_role || '"}', true);
  return v_role;
end
$$;

-- Is this the secret of a live key of this organization? Answers only yes or no, to those who know the hash already.
create or replace function frontdesk.service_key_is_live(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) returns boolean
language sql stable security definer set search_path = frontdesk, pg_temp
as $$
  select exists (
    select from frontdesk.service_keys k
    where k.org_id = p_org_id and k.id = p_key_id and k.secret_hash = p_secret_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))
$$;

-- Opens a request of an organization's own server. It is bound to that organization by row security like everybody.
create or replace function frontdesk.open_request_with_key(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) returns text
language plpgsql volatile
as $$
begin
  if not frontdesk.service_key_is_live(p_org_id, p_key_id, p_secret_hash) then
    raise exception 'no live service key' using errcode = 'FD401';
  end if;
  perform set_config('frontdesk.org_id', p_org_id::text, true), set_config('frontdesk.user_id', 'nobody', true),
    set_config('frontdesk.org_role', 'service', true),
    set_config('request.jwt.claims', jsonb_build_object('org_id', p_org_id, 'key_id', p_key_id, 'role', 'authenticated',
      'org_role', 'service')::text, true),
    set_config('role', 'authenticated', true);
  return 'service';
end
$$;

revoke execute on function frontdesk.open_request(text, text), frontdesk.open_request_with_key(uuid, uuid, bytea),
  frontdesk.service_key_is_live(uuid, uuid, bytea) from public, anon, authenticated, service_role;
grant execute on function frontdesk.open_request(text, text), frontdesk.open_request_with_key(uuid, uuid, bytea),
  frontdesk.service_key_is_live(uuid, uuid, bytea) to frontdesk_api;

-- drop:
drop function if exists frontdesk.open_request_with_key(uuid, uuid, bytea);
drop function if exists frontdesk.service_key_is_live(uuid, uuid, bytea);
drop function if exists frontdesk.open_request(text, text);
