-- needs: 0032
-- Addresses that take no more messages, and the devices that take push messages.

-- Staff see and lift suppressions; only the workers, which hear of bounces, set them.
call frontdesk.guard_table('suppressions');
grant select, delete on frontdesk.suppressions to authenticated;
drop policy if exists suppressions_select on frontdesk.suppressions;
create policy suppressions_select on frontdesk.suppressions for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists suppressions_delete on frontdesk.suppressions;
create policy suppressions_delete on frontdesk.suppressions for delete to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());

-- Nobody but the person sees a device: who has its token can write to it.
call frontdesk.guard_table('push_subscriptions');
grant select, delete on frontdesk.push_subscriptions to authenticated;
drop policy if exists push_subscriptions_select on frontdesk.push_subscriptions;
create policy push_subscriptions_select on frontdesk.push_subscriptions for select to authenticated
  using (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());
drop policy if exists push_subscriptions_delete on frontdesk.push_subscriptions;
create policy push_subscriptions_delete on frontdesk.push_subscriptions for delete to authenticated
  using (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());

-- Registers a device for the caller; answers its id. A device belongs to one person: whoever signs in on it takes it over.
create or replace function frontdesk.register_device(p_id uuid, p_kind text, p_token text, p_p256dh bytea, p_auth bytea,
  p_name text) returns uuid
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_id uuid;
begin
  if frontdesk.org_id() is null or frontdesk.user_id() is null then
    raise exception 'only a person has devices' using errcode = 'insufficient_privilege';
  end if;
  insert into frontdesk.push_subscriptions as s (org_id, id, profile_id, kind, token, token_hash, p256dh, auth, name)
  values (frontdesk.org_id(), p_id, frontdesk.user_id(), p_kind, p_token, sha256(convert_to(p_token, 'UTF8')), p_p256dh, p_auth, p_name)
  on conflict (org_id, kind, token_hash) do update
  set profile_id = excluded.profile_id, p256dh = excluded.p256dh, auth = excluded.auth, name = excluded.name
  returning s.id into v_id;
  return v_id;
end
$$;
revoke execute on function frontdesk.register_device(uuid, text, text, bytea, bytea, text)
  from public, anon, authenticated, service_role;
grant execute on function frontdesk.register_device(uuid, text, text, bytea, bytea, text) to authenticated;

-- drop:
drop function if exists frontdesk.register_device(uuid, text, text, bytea, bytea, text);
