-- needs: 0022
-- What people prefer, when they are not to be disturbed, and the signed links by which they unsubscribe.

-- A person's own; the organization's staff see them, to answer "why did I not hear of it?".
call frontdesk.guard_table('notification_preferences');
grant select, insert, delete, update (muted, digest, quiet_from, quiet_to, timezone)
  on frontdesk.notification_preferences to authenticated;
drop policy if exists notification_preferences_select on frontdesk.notification_preferences;
create policy notification_preferences_select on frontdesk.notification_preferences for select to authenticated
  using (org_id = frontdesk.org_id() and (profile_id = frontdesk.user_id() or frontdesk.is_staff()));
drop policy if exists notification_preferences_insert on frontdesk.notification_preferences;
create policy notification_preferences_insert on frontdesk.notification_preferences for insert to authenticated
  with check (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());
drop policy if exists notification_preferences_update on frontdesk.notification_preferences;
create policy notification_preferences_update on frontdesk.notification_preferences for update to authenticated
  using (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id())
  with check (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());
drop policy if exists notification_preferences_delete on frontdesk.notification_preferences;
create policy notification_preferences_delete on frontdesk.notification_preferences for delete to authenticated
  using (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());

-- Everybody may know what holds for them; admins change it.
call frontdesk.guard_table('preference_defaults');
grant select, insert, update (muted, digest, quiet_from, quiet_to) on frontdesk.preference_defaults to authenticated;
drop policy if exists preference_defaults_select on frontdesk.preference_defaults;
create policy preference_defaults_select on frontdesk.preference_defaults for select to authenticated
  using (org_id = frontdesk.org_id());
drop policy if exists preference_defaults_insert on frontdesk.preference_defaults;
create policy preference_defaults_insert on frontdesk.preference_defaults for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));
drop policy if exists preference_defaults_update on frontdesk.preference_defaults;
create policy preference_defaults_update on frontdesk.preference_defaults for update to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'))
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));

-- The workers' alone.
call frontdesk.guard_table('digest_items');
call frontdesk.guard_table('signing_keys');

-- The end of the quiet hours that p_now lies in; null when it lies in none. A time zone that is none counts as UTC: one
-- wrong word must not stop a whole fan-out.
create or replace function frontdesk.quiet_until(p_now timestamptz, p_timezone text, p_from time, p_to time) returns timestamptz
language plpgsql stable
as $$
declare
  v_zone text := coalesce(p_timezone, 'UTC');
  v_local timestamp;
begin
  if p_from is null or p_from = p_to then
    return null;
  end if;
  begin
    v_local := p_now at time zone v_zone;
  exception when invalid_parameter_value then
    v_zone := 'UTC';
    v_local := p_now at time zone v_zone;
  end;
  if p_from < p_to then
    if v_local::time >= p_from and v_local::time < p_to then
      return (v_local::date + p_to) at time zone v_zone;
    end if;
  elsif v_local::time >= p_from then
    return (v_local::date + 1 + p_to) at time zone v_zone;
  elsif v_local::time < p_to then
    return (v_local::date + p_to) at time zone v_zone;
  end if;
  return null;
end
$$;

-- When the next digest goes: at the full hour, at 8 in the morning, on Monday at 8, in the person's time zone.
create or replace function frontdesk.next_digest(p_now timestamptz, p_timezone text, p_digest text) returns timestamptz
language plpgsql stable
as $$
declare
  v_zone text := coalesce(p_timezone, 'UTC');
  v_local timestamp;
  v_next timestamp;
begin
  begin
    v_local := p_now at time zone v_zone;
  exception when invalid_parameter_value then
    v_zone := 'UTC';
    v_local := p_now at time zone v_zone;
  end;
  if p_digest = 'hourly' then
    return date_trunc('hour', p_now) + interval '1 hour';
  end if;
  v_next := v_local::date + time '08:00';
  if p_digest = 'weekly' then
    v_next := date_trunc('week', v_local) + interval '8 hours';
    if v_next <= v_local then
      v_next := v_next + interval '7 days';
    end if;
  elsif v_next <= v_local then
    v_next := v_next + interval '1 day';
  end if;
  return v_next at time zone v_zone;
end
$$;

-- The signature of a link, by the organization's own secret: HMAC's construction (RFC 2104) with two independent keys.
create or replace function frontdesk.sign(p_org_id uuid, p_message bytea) returns bytea
language plpgsql volatile
as $$
declare
  v_key record;
begin
  select k.inner_key, k.outer_key into v_key from frontdesk.signing_keys k
  where k.org_id = p_org_id and k.purpose = 'links';
  if not found then
    insert into frontdesk.signing_keys (org_id, purpose, inner_key, outer_key)
    select p_org_id, 'links',
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
      sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
        || sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    on conflict (org_id, purpose) do nothing;
    select k.inner_key, k.outer_key into strict v_key from frontdesk.signing_keys k
  where k.org_id = p_org_id and k.purpose = 'links';
  end if;
  return sha256(v_key.outer_key || sha256(v_key.inner_key || p_message));
end
$$;

-- What stands at the end of a person's unsubscribe link (RFC 8058) for mail of a category; null where there is none to be
-- had: an emergency cannot be muted. For the service role, which writes the mails.
create or replace function frontdesk.unsubscribe_token(p_org_id uuid, p_profile_id uuid, p_category text, p_type text default null)
returns text
language plpgsql volatile
as $$
declare
  v_message bytea;
begin
  if p_category = 'emergency' then
    return null;
  end if;
  v_message := uuid_send(p_org_id) || uuid_send(p_profile_id)
    || convert_to(case when p_type = 'digest' then 'digest' else p_category end, 'UTF8');
  return translate(encode(substring(frontdesk.sign(p_org_id, v_message) for 20) || v_message, 'base64'), E'+/=\n', '-_');
end
$$;

-- Reads an unsubscribe link's token, and (p_apply) mutes mail of its category for its person. Answers the organization's name
-- and what is muted; nothing when the token is none of ours. Repeating it changes nothing. For the service role.
create or replace function frontdesk.unsubscribe(p_token text, p_apply boolean default true)
returns table (organization text, topic text)
language plpgsql volatile
as $$
declare
  v_bytes bytea;
  v_org_id uuid;
  v_profile_id uuid;
  v_topic text;
  v_muted text[];
begin
  if p_token !~ '^[A-Za-z0-9_-]{70,120}$' then
    return;
  end if;
  begin
    v_bytes := decode(rpad(translate(p_token, '-_', '+/'), (length(p_token) + 3) / 4 * 4, '='), 'base64');
    v_org_id := encode(substring(v_bytes from 21 for 16), 'hex')::uuid;
    v_profile_id := encode(substring(v_bytes from 37 for 16), 'hex')::uuid;
    v_topic := convert_from(substring(v_bytes from 53), 'UTF8');
  exception when others then
    return;
  end;
  if not exists (select from frontdesk.profiles p where p.org_id = v_org_id and p.id = v_profile_id)
    or substring(frontdesk.sign(v_org_id, substring(v_bytes from 21)) for 20) <> substring(v_bytes for 20)
    or v_topic not in ('announcement', 'reminder', 'system', 'digest') then
    return;
  end if;
  if p_apply then
    v_muted := case when v_topic = 'digest' then array['announcement.email', 'reminder.email', 'system.email']
      else array[v_topic || '.email'] end;
    insert into frontdesk.notification_preferences as w (org_id, profile_id, name, muted, digest)
    select v_org_id, v_profile_id, 'all',
      coalesce((select d.muted from frontdesk.preference_defaults d
        where d.org_id = v_org_id and d.name = 'everyone'), '{}') || v_muted,
      case when v_topic = 'digest' then 'off' end
    on conflict (org_id, profile_id, name) do update
    set muted = array(select distinct m from unnest(coalesce(w.muted, excluded.muted) || v_muted) m order by m),
      digest = case when v_topic = 'digest' then 'off' else w.digest end;
  end if;
  return query select o.name, v_topic from frontdesk.organizations o where o.id = v_org_id;
end
$$;

revoke execute on function frontdesk.quiet_until(timestamptz, text, time, time), frontdesk.next_digest(timestamptz, text, text),
  frontdesk.sign(uuid, bytea), frontdesk.unsubscribe_token(uuid, uuid, text, text), frontdesk.unsubscribe(text, boolean)
  from public, anon, authenticated, service_role;
grant execute on function frontdesk.quiet_until(timestamptz, text, time, time), frontdesk.next_digest(timestamptz, text, text),
  frontdesk.sign(uuid, bytea), frontdesk.unsubscribe_token(uuid, uuid, text, text), frontdesk.unsubscribe(text, boolean)
  to service_role;

-- drop:
drop function if exists frontdesk.unsubscribe(text, boolean);
drop function if exists frontdesk.unsubscribe_token(uuid, uuid, text, text);
drop function if exists frontdesk.sign(uuid, bytea);
drop function if exists frontdesk.next_digest(timestamptz, text, text);
drop function if exists frontdesk.quiet_until(timestamptz, text, time, time);
