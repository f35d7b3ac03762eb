-- needs: 0021
-- A message's life: which moves it may make, its history, creating and ending one in SQL, and what a person does with it.

call frontdesk.guard_table('notification_history');
grant select on frontdesk.notification_history to authenticated;
drop policy if exists notification_history_select on frontdesk.notification_history;
create policy notification_history_select on frontdesk.notification_history for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());

-- Stored answers are the server's own book-keeping for requests of staff.
call frontdesk.guard_table('idempotent_requests');
grant select, insert, update (status, response) on frontdesk.idempotent_requests to authenticated;
drop policy if exists idempotent_requests_select on frontdesk.idempotent_requests;
create policy idempotent_requests_select on frontdesk.idempotent_requests for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists idempotent_requests_insert on frontdesk.idempotent_requests;
create policy idempotent_requests_insert on frontdesk.idempotent_requests for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists idempotent_requests_update on frontdesk.idempotent_requests;
create policy idempotent_requests_update on frontdesk.idempotent_requests for update to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff())
  with check (org_id = frontdesk.org_id());

-- Everybody may see the rules that messages follow; admins change them.
call frontdesk.guard_table('notification_policies');
grant select, insert, delete, update (policy) on frontdesk.notification_policies to authenticated;
drop policy if exists notification_policies_select on frontdesk.notification_policies;
create policy notification_policies_select on frontdesk.notification_policies for select to authenticated
  using (org_id = frontdesk.org_id());
drop policy if exists notification_policies_insert on frontdesk.notification_policies;
create policy notification_policies_insert on frontdesk.notification_policies for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));
drop policy if exists notification_policies_update on frontdesk.notification_policies;
create policy notification_policies_update on frontdesk.notification_policies for update to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'))
  with check (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));
drop policy if exists notification_policies_delete on frontdesk.notification_policies;
create policy notification_policies_delete on frontdesk.notification_policies for delete to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.role() in ('admin', 'service'));

-- Whether an audience can be taken by frontdesk.audience_members: its shape, and that ids are ids. Raises otherwise; a
-- message whose audience cannot be read would stop the expander.
create or replace function frontdesk.check_audience(p_audience jsonb) returns void
language plpgsql immutable
as $$
declare
  v_key text;
  v_value jsonb;
begin
  if jsonb_typeof(p_audience) is distinct from 'object' then
    raise exception 'the audience must be an object: {"all": true}, or lists people, roles, classes, grades, schools'
      using errcode = 'invalid_parameter_value';
  end if;
  for v_key, v_value in select * from jsonb_each(p_audience)
  loop
    if v_key = 'all' then
      if v_value <> 'true' or p_audience <> '{"all": true}' then
        raise exception 'audience.all can only be true, and stands alone' using errcode = 'invalid_parameter_value';
      end if;
    elsif v_key not in ('people', 'roles', 'classes', 'grades', 'schools') then
      raise exception 'audience.% is not known; there are all, people, roles, classes, grades, schools', v_key
        using errcode = 'invalid_parameter_value';
    elsif jsonb_typeof(v_value) <> 'array' or jsonb_array_length(v_value) = 0 then
      raise exception 'audience.% must be a list with at least one entry', v_key using errcode = 'invalid_parameter_value';
    elsif v_key = 'roles' then
      if exists (select from jsonb_array_elements(v_value) r where r #>> '{}' not in ('admin', 'staff', 'teacher', 'parent', 'student')) then
        raise exception 'audience.roles knows admin, staff, teacher, parent, student' using errcode = 'invalid_parameter_value';
      end if;
    else
      begin
        perform frontdesk.uuid_list(v_value);
      exception when others then
        raise exception 'audience.% must hold ids (UUIDs)', v_key using errcode = 'invalid_parameter_value';
      end;
    end if;
  end loop;
end
$$;

-- The rules of a message's life, for whoever writes it:
--   draft → scheduled → expanding → sending → done → (sending → done for each later step) → expired; cancelled from all
--   of these until nothing is left to send. What it says may change while it is a draft or scheduled. SQLSTATE FD409.
create or replace function frontdesk.move_notification() returns trigger
language plpgsql set search_path = frontdesk, pg_temp
as $$
declare
  v_changed boolean;
  v_moved boolean;
begin
  if tg_op = 'INSERT' then
    perform frontdesk.check_audience(new.audience);
    if new.state in ('done', 'cancelled', 'expired') then
      new.ended_at := coalesce(new.ended_at, now());
    end if;
    return new;
  end if;

  v_moved := (new.scheduled_for, new.expires_at) is distinct from (old.scheduled_for, old.expires_at);
  v_changed := (new.title, new.content, new.severity, new.type, new.category, new.priority, new.channels, new.audience,
      new.related_entity_type, new.related_entity_id, new.action_url, new.data, new.acknowledgement, new.steps, new.template, new.contents)
    is distinct from (old.title, old.content, old.severity, old.type, old.category, old.priority, old.channels, old.audience,
      old.related_entity_type, old.related_entity_id, old.action_url, old.data, old.acknowledgement, old.steps, old.template, old.contents);
  if v_changed then
    if old.state not in ('draft', 'scheduled') or new.state not in ('draft', 'scheduled') then
      raise exception 'this message is % and can no longer be edited', old.state using errcode = 'FD409';
    end if;
    perform frontdesk.check_audience(new.audience);
  end if;
  -- (When it is no longer true may be put off afterwards, by who may write more than staff.)
  if v_changed or v_moved and old.state in ('draft', 'scheduled') then
    new.version := old.version + 1;
  end if;

  if new.state <> old.state then
    if not (case old.state
        when 'draft' then new.state in ('scheduled', 'cancelled')
        when 'scheduled' then new.state in ('draft', 'expanding', 'sending', 'cancelled', 'expired')
        when 'expanding' then new.state in ('sending', 'cancelled', 'expired')
        when 'sending' then new.state in ('done', 'cancelled', 'expired')
        when 'done' then new.state in ('sending', 'expired') or new.state = 'cancelled' and old.next_step_at is not null
        else false end) then
      raise exception 'this message is % and cannot become %', old.state, new.state using errcode = 'FD409';
    end if;
    if new.state in ('done', 'cancelled', 'expired') then
      new.ended_at := now();
    end if;
    if new.state in ('cancelled', 'expired') then
      new.next_step_at := null;
    end if;
  end if;
  return new;
end
$$;
drop trigger if exists move_notification on frontdesk.notifications;
create trigger move_notification before insert or update on frontdesk.notifications
  for each row execute function frontdesk.move_notification();

-- Which fields an edit has changed, for the history; nothing when it was none.
create or replace function frontdesk.edited_fields(p_old jsonb, p_new jsonb) returns jsonb
language sql immutable parallel safe
return case when p_new -> 'version' = p_old -> 'version' then '{}'::jsonb
  else jsonb_build_object('version', p_new -> 'version', 'fields', (
    select jsonb_agg(n.key order by n.key) from jsonb_each(p_new) n join jsonb_each(p_old) o using (key)
    where n.value is distinct from o.value and n.key not in ('version', 'updated_at', 'state', 'contents'))) end;

-- Writes down what happened. With the owner's rights: nobody else may write history.
create or replace function frontdesk.record_notification() returns trigger
language plpgsql security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_detail jsonb := '{}';
  v_event text;
begin
  if tg_op = 'INSERT' then
    v_event := 'created';
    v_detail := jsonb_build_object('state', new.state);
  elsif new.state <> old.state then
    v_event := new.state;
  else
    v_event := 'edited';
  end if;
  if tg_op = 'UPDATE' then
    v_detail := frontdesk.edited_fields(to_jsonb(old), to_jsonb(new));
  end if;
  insert into frontdesk.notification_history (org_id, id, notification_id, event, actor_id, detail)
  values (new.org_id, frontdesk.uuid_v7(), new.id, v_event, frontdesk.user_id(), v_detail);
  return null;
end
$$;
drop trigger if exists record_new_notification on frontdesk.notifications;
create trigger record_new_notification after insert on frontdesk.notifications
  for each row execute function frontdesk.record_notification();
drop trigger if exists record_notification on frontdesk.notifications;
create trigger record_notification after update on frontdesk.notifications for each row
  when (old.state is distinct from new.state or old.version is distinct from new.version)
  execute function frontdesk.record_notification();

-- The rules of each tier as they ship (DESIGN: tiers). Times in seconds. `channels`: at once, when the sender names none.
-- `steps`: later, counted from the end of the fan-out, for those to whom `if` still applies; with `to` a message to others
-- that says how many have not answered. `steps_always`: also when the sender names the channels. `preferences`,
-- `quiet_hours`, `digest`: whether people's choices count. `only_if`: what waits or is retried goes only as long as this is true.
create or replace function frontdesk.default_policy(p_category text) returns jsonb
language sql immutable parallel safe
return case p_category
  when 'emergency' then '{"channels": ["in_app", "websocket", "push", "sms", "email"], "acknowledgement": true,
    "steps": [{"after": 120, "if": "unacknowledged", "channels": ["push"]}, {"after": 240, "if": "unacknowledged", "channels": ["sms"]},
      {"after": 360, "if": "unacknowledged", "channels": ["email"]},
      {"after": 900, "if": "unacknowledged", "to": {"roles": ["admin", "staff"]}}],
    "steps_always": true, "preferences": false, "quiet_hours": false, "digest": false, "only_if": null}'::jsonb
  when 'announcement' then '{"channels": ["in_app", "websocket"], "acknowledgement": false,
    "steps": [{"after": 3600, "if": "unread", "channels": ["email"]}],
    "steps_always": false, "preferences": true, "quiet_hours": true, "digest": true, "only_if": null}'::jsonb
  when 'reminder' then '{"channels": ["in_app"], "acknowledgement": false, "steps": [],
    "steps_always": false, "preferences": true, "quiet_hours": true, "digest": false, "only_if": "unread"}'::jsonb
  when 'system' then '{"channels": ["in_app"], "acknowledgement": false, "steps": [],
    "steps_always": false, "preferences": true, "quiet_hours": true, "digest": false, "only_if": null}'::jsonb
end;

-- The rules of a tier in an organization. An emergency goes past preferences whatever the organization says.
create or replace function frontdesk.policy_of(p_org_id uuid, p_category text) returns jsonb
language sql stable
return frontdesk.default_policy(p_category)
  || coalesce((select p.policy from frontdesk.notification_policies p where p.org_id = p_org_id and p.category = p_category), '{}')
  || case when p_category = 'emergency' then '{"preferences": false, "quiet_hours": false, "digest": false}'::jsonb else '{}'::jsonb end;

-- How a new message goes out, by the rules of its tier and what the sender asked for (null: not said).
create or replace function frontdesk.plan_message(
  p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[] default null,
  out channels text[], out steps jsonb, out acknowledgement boolean)
language plpgsql stable
as $$
declare
  v_policy jsonb := frontdesk.policy_of(p_org_id, p_category);
begin
  channels := coalesce(p_channels, (
    select array_agg(c) from jsonb_array_elements_text(v_policy -> 'channels') c
    where p_available is null or c = any (p_available)), array['in_app']);
  acknowledgement := coalesce(p_acknowledgement, (v_policy ->> 'acknowledgement')::boolean, false);
  steps := coalesce((
    select jsonb_agg(s.step order by (s.step ->> 'after')::numeric, s.n)
    from jsonb_array_elements(v_policy -> 'steps') with ordinality s (step, n)
    where (p_channels is null or (v_policy ->> 'steps_always')::boolean)
      and (s.step ->> 'if' is distinct from 'unacknowledged' or acknowledgement)
      and (s.step ? 'to' or exists (
        select from jsonb_array_elements_text(s.step -> 'channels') c
        where not c = any (channels) and (p_available is null or c = any (p_available))))), '[]');
end
$$;

-- Writes a message in the caller's own transaction: it goes out if and only if that transaction commits. The caller is staff
-- of the organization (by the claims, as PostgREST and the API set them), or the service role, which names the organization.
-- Channels that are null are the tier's. The audience has ids only, as frontdesk.audience_members takes it.
-- With an idempotency key the same call again answers with the same id; with other arguments it is refused (FD409).
create or replace function frontdesk.create_notification(
  p_title text,
  p_content text,
  p_audience jsonb,
  p_category text default 'announcement',
  p_priority text default null,
  p_severity text default 'info',
  p_type text default null,
  p_channels text[] default null,
  p_action_url text default null,
  p_data jsonb default '{}',
  p_related_entity_type text default null,
  p_related_entity_id uuid default null,
  p_scheduled_for timestamptz default null,
  p_expires_at timestamptz default null,
  p_acknowledgement boolean default null,
  p_idempotency_key text default null,
  p_org_id uuid default frontdesk.org_id())
returns uuid
language plpgsql volatile
as $$
declare
  v_id uuid := frontdesk.uuid_v7();
  v_start timestamptz := greatest(coalesce(p_scheduled_for, now()), now());
  v_hash bytea := sha256(convert_to(jsonb_build_array(p_title, p_content, p_audience, p_category, p_priority, p_severity, p_type,
    p_channels, p_action_url, p_data, p_related_entity_type, p_related_entity_id, p_scheduled_for, p_expires_at,
    p_acknowledgement)::text, 'UTF8'));
  v_plan record;
  v_first record;
begin
  if p_org_id is null then
    raise exception 'p_org_id is missing: the claims name no organization' using errcode = 'invalid_parameter_value';
  end if;
  if frontdesk.org_id() is not null and (frontdesk.org_id() <> p_org_id or not frontdesk.is_staff()) then
    raise exception 'sending messages is for admin and staff of the organization' using errcode = 'insufficient_privilege';
  end if;
  if p_action_url !~ '^(https://|/(?![/\\]))[^[:space:][:cntrl:]]*$' then
    raise exception 'p_action_url must be an https:// URL or a path that begins with one /' using errcode = 'invalid_parameter_value';
  end if;
  if p_title ~ '[\r\n]' or btrim(p_title) = '' then
    raise exception 'p_title must be one line and not empty' using errcode = 'invalid_parameter_value';
  end if;
  if p_category not in ('announcement', 'emergency', 'reminder', 'system') then
    raise exception 'p_category must be announcement, emergency, reminder or system' using errcode = 'invalid_parameter_value';
  end if;
  perform frontdesk.check_audience(p_audience);
  if not exists (select from frontdesk.audience_members(p_org_id, p_audience, null, 1)) then
    raise exception 'the audience reaches nobody: no active person fits all of it' using errcode = 'invalid_parameter_value';
  end if;
  select * into v_plan from frontdesk.plan_message(p_org_id, p_category, p_channels, p_acknowledgement);
  insert into frontdesk.notifications (org_id, id, title, content, severity, type, category, priority, channels, audience,
    sender_id, related_entity_type, related_entity_id, action_url, data, scheduled_for, expires_at, acknowledgement, asked_channels,
    steps, idempotency_key, request_hash)
  values (p_org_id, v_id, btrim(p_title), p_content, p_severity, coalesce(p_type, p_category), p_category,
    coalesce(p_priority, case when p_category = 'emergency' then 'emergency' else 'normal' end), v_plan.channels, p_audience,
    frontdesk.user_id(), p_related_entity_type, p_related_entity_id, p_action_url, coalesce(p_data, '{}'), v_start,
    coalesce(p_expires_at, v_start + interval '30 days'), v_plan.acknowledgement, p_channels, v_plan.steps,
    p_idempotency_key, case when p_idempotency_key is not null then v_hash end)
  on conflict (org_id, idempotency_key) where idempotency_key is not null do nothing;
  if found then
    return v_id;
  end if;
  select n.id, n.request_hash into v_first from frontdesk.notifications n
  where n.org_id = p_org_id and n.idempotency_key = p_idempotency_key;
  if v_first.request_hash is distinct from v_hash then
    raise exception 'this idempotency key was used for another message' using errcode = 'FD409';
  end if;
  return v_first.id;
end
$$;

-- Calls a message off; what has not gone does not go, and it leaves the inboxes. Answers the state that it had, null when
-- there is no such message. FD409 when nothing is left to call off. For staff and the service role.
create or replace function frontdesk.cancel_notification(p_id uuid, p_org_id uuid default frontdesk.org_id()) returns text
language plpgsql volatile
as $$
declare
  v_state text;
  v_next_step_at timestamptz;
begin
  if frontdesk.org_id() is not null and (frontdesk.org_id() <> p_org_id or not frontdesk.is_staff()) then
    raise exception 'cancelling messages is for admin and staff of the organization' using errcode = 'insufficient_privilege';
  end if;
  select n.state, n.next_step_at into v_state, v_next_step_at from frontdesk.notifications n
  where n.org_id = p_org_id and n.id = p_id for update;
  if not found then
    return null;
  end if;
  if v_state in ('cancelled', 'expired') or v_state = 'done' and v_next_step_at is null then
    raise exception 'nothing of this message is left to be called off: it is %', v_state using errcode = 'FD409';
  end if;
  update frontdesk.notifications n set state = 'cancelled' where n.org_id = p_org_id and n.id = p_id;
  return v_state;
end
$$;

-- Clears one message that was cancelled or has expired out of the queue, the logs and the inboxes, at most p_limit rows of
-- each: call it until it answers nothing. Rows that a worker has claimed are left to it.
create or replace function frontdesk.sweep_notification(p_limit integer, p_now timestamptz default now())
returns table (org_id uuid, notification_id uuid)
language plpgsql volatile
as $$
declare
  v record;
  v_logs integer;
  v_inboxes integer;
begin
  select n.org_id, n.id, n.state into v from frontdesk.notifications n
  where n.state in ('cancelled', 'expired') and not n.swept
  order by n.ended_at limit 1 for update skip locked;
  if not found then
    return;
  end if;
  with open as (
    select l.id from frontdesk.notification_logs l
    left join frontdesk.delivery_queue q on q.org_id = l.org_id and q.log_id = l.id
    where l.org_id = v.org_id and l.notification_id = v.id
      and (l.status = 'pending' and (q.leased_until is null or q.leased_until <= p_now)
        or l.status = 'sent' and l.channel = 'websocket' and l.delivered_at is null)
    limit p_limit
  ), unqueued as (
    delete from frontdesk.delivery_queue q using open o where q.org_id = v.org_id and q.log_id = o.id
  )
  update frontdesk.notification_logs l
  set status = case when l.status = 'sent' then 'failed' else 'skipped' end, reason = v.state,
    failed_at = case when l.status = 'sent' or l.channel = 'websocket' then p_now else l.failed_at end
  from open o
  where l.org_id = v.org_id and l.id = o.id;
  get diagnostics v_logs = row_count;

  with open as (
    select r.recipient_id from frontdesk.notification_recipients r
    where r.org_id = v.org_id and r.notification_id = v.id and r.status <> 'archived'
    limit p_limit
  )
  update frontdesk.notification_recipients r set status = 'archived', archived_at = p_now
  from open o
  where r.org_id = v.org_id and r.notification_id = v.id and r.recipient_id = o.recipient_id;
  get diagnostics v_inboxes = row_count;

  -- What is claimed just now ends by its worker's hand; if it comes back, the claim sees the message's state.
  if v_logs < p_limit and v_inboxes < p_limit then
    update frontdesk.notifications n set swept = true where n.org_id = v.org_id and n.id = v.id;
  end if;
  org_id := v.org_id;
  notification_id := v.id;
  return next;
end
$$;

-- The clinic seed's function: messages that are no longer true expire and are archived in every inbox. Answers how many.
-- Workers call it all the time; an application may too. For the service role.
create or replace function frontdesk.expire_old_notifications(p_now timestamptz default now(), p_limit integer default 1000)
returns integer
language plpgsql volatile
as $$
declare
  v_count integer;
begin
  with old as (
    select n.org_id, n.id from frontdesk.notifications n
    where n.state = 'done' and n.expires_at <= p_now
    order by n.expires_at limit p_limit for update skip locked
  )
  update frontdesk.notifications n set state = 'expired' from old o where n.org_id = o.org_id and n.id = o.id;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Deletes what has been kept long enough, by the organization's settings (settings.retention, in days): delivery logs
-- (`logs`, 90; the message's totals stay), expired and cancelled messages (`expired_notifications`, 30), answers to
-- idempotent requests (7). At most p_limit messages; answers how many rows of each kind went.
create or replace function frontdesk.apply_retention(
  p_now timestamptz default now(), p_limit integer default 100, out logs bigint, out messages bigint, out requests bigint)
language plpgsql volatile
as $$
begin
  with old as (
    select n.org_id, n.id from frontdesk.organizations o
    join frontdesk.notifications n on n.org_id = o.id
    where n.state in ('done', 'cancelled', 'expired') and n.final_totals is null and n.next_step_at is null
      and n.ended_at <= p_now - make_interval(days => frontdesk.retention_days(o.settings, 'logs', 90))
    limit p_limit for update of n skip locked
  ), gone as (
    delete from frontdesk.notification_logs l using old where l.org_id = old.org_id and l.notification_id = old.id
    returning l.org_id, l.notification_id, l.channel, l.status
  ), totals as (
    select g.org_id, g.notification_id, g.channel, g.status, count(*) as count from gone g group by 1, 2, 3, 4
  ), kept as (
    update frontdesk.notifications n set final_totals = coalesce((
      select jsonb_agg(jsonb_build_array(t.channel, t.status, t.count)) from totals t
      where t.org_id = n.org_id and t.notification_id = n.id), '[]')
    from old where n.org_id = old.org_id and n.id = old.id
  )
  select count(*) into logs from gone;

  with old as (
    select n.org_id, n.id from frontdesk.organizations o
    join frontdesk.notifications n on n.org_id = o.id
    where n.state in ('cancelled', 'expired') and n.swept
      and n.ended_at <= p_now - make_interval(days => frontdesk.retention_days(o.settings, 'expired_notifications', 30))
    limit p_limit for update of n skip locked
  )
  delete from frontdesk.notifications n using old where n.org_id = old.org_id and n.id = old.id;
  get diagnostics messages = row_count;

  delete from frontdesk.idempotent_requests r where r.created_at <= p_now - interval '7 days';
  get diagnostics requests = row_count;
end
$$;

-- A number of days out of an organization's settings; the default when there is none, or none that makes sense.
create or replace function frontdesk.retention_days(p_settings jsonb, p_kind text, p_default integer) returns integer
language sql immutable parallel safe
return case
  when jsonb_typeof(p_settings #> array['retention', p_kind]) = 'number'
    and (p_settings #>> array['retention', p_kind])::numeric between 1 and 36500
  then (p_settings #>> array['retention', p_kind])::numeric::integer
  else p_default end;

-- Moves these messages of the caller's inbox, or (null) all that are not archived, to unread, read or archived; answers how
-- many changed.
create or replace function frontdesk.mark_inbox(p_notification_ids uuid[], p_status text) returns integer
language sql volatile
return frontdesk.set_inbox_status(coalesce(p_notification_ids, array(
  select i.notification_id from frontdesk.inbox i
  where i.org_id = frontdesk.org_id() and i.recipient_id = frontdesk.user_id() and i.status <> 'archived')), p_status);

-- The caller has noticed these messages in their list (null: all). Answers how many were new to them.
create or replace function frontdesk.mark_inbox_seen(p_notification_ids uuid[] default null) returns integer
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_count integer;
begin
  if frontdesk.user_id() is null or frontdesk.org_id() is null then
    raise exception 'only a person has an inbox' using errcode = 'insufficient_privilege';
  end if;
  update frontdesk.notification_recipients r set seen_at = now()
  where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.in_app and r.seen_at is null
    and (p_notification_ids is null or r.notification_id = any (p_notification_ids));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Hides messages of the caller's inbox until then (null: shows them again at once). Answers how many.
create or replace function frontdesk.snooze_inbox(p_notification_ids uuid[], p_until timestamptz) returns integer
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_count integer;
begin
  if frontdesk.user_id() is null or frontdesk.org_id() is null then
    raise exception 'only a person has an inbox' using errcode = 'insufficient_privilege';
  end if;
  update frontdesk.notification_recipients r set snoozed_until = p_until, seen_at = coalesce(r.seen_at, now())
  where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.in_app
    and r.notification_id = any (p_notification_ids);
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- The caller says that they have taken note of a message. Works for every message that is for them, in their inbox or not;
-- once. Answers when it was, null when there is no such message for them.
create or replace function frontdesk.acknowledge_notification(p_notification_id uuid) returns timestamptz
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_when timestamptz;
begin
  if frontdesk.user_id() is null or frontdesk.org_id() is null then
    raise exception 'only a person can acknowledge' using errcode = 'insufficient_privilege';
  end if;
  update frontdesk.notification_recipients r
  set acknowledged_at = coalesce(r.acknowledged_at, now()), seen_at = coalesce(r.seen_at, now()),
    read_at = coalesce(r.read_at, now()), status = case when r.status = 'unread' then 'read' else r.status end
  where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.notification_id = p_notification_id
  returning r.acknowledged_at into v_when;
  return v_when;
end
$$;

revoke execute on function frontdesk.check_audience(jsonb), frontdesk.move_notification(), frontdesk.record_notification(),
  frontdesk.edited_fields(jsonb, jsonb),
  frontdesk.default_policy(text), frontdesk.policy_of(uuid, text),
  frontdesk.plan_message(uuid, text, text[], boolean, text[]),
  frontdesk.create_notification(text, text, jsonb, text, text, text, text, text[], text, jsonb, text, uuid, timestamptz,
    timestamptz, boolean, text, uuid),
  frontdesk.cancel_notification(uuid, uuid), frontdesk.sweep_notification(integer, timestamptz),
  frontdesk.expire_old_notifications(timestamptz, integer), frontdesk.apply_retention(timestamptz, integer),
  frontdesk.retention_days(jsonb, text, integer), frontdesk.mark_inbox(uuid[], text), frontdesk.mark_inbox_seen(uuid[]),
  frontdesk.snooze_inbox(uuid[], timestamptz), frontdesk.acknowledge_notification(uuid)
  from public, anon, authenticated, service_role;
grant execute on function frontdesk.check_audience(jsonb), frontdesk.default_policy(text), frontdesk.policy_of(uuid, text),
  frontdesk.plan_message(uuid, text, text[], boolean, text[]),
  frontdesk.create_notification(text, text, jsonb, text, text, text, text, text[], text, jsonb, text, uuid, timestamptz,
    timestamptz, boolean, text, uuid),
  frontdesk.cancel_notification(uuid, uuid) to authenticated, service_role;
grant execute on function frontdesk.sweep_notification(integer, timestamptz),
  frontdesk.expire_old_notifications(timestamptz, integer), frontdesk.apply_retention(timestamptz, integer),
  frontdesk.retention_days(jsonb, text, integer) to service_role;
grant execute on function frontdesk.mark_inbox(uuid[], text), frontdesk.mark_inbox_seen(uuid[]),
  frontdesk.snooze_inbox(uuid[], timestamptz),
  frontdesk.acknowledge_notification(uuid) to authenticated;

-- drop:
drop function if exists frontdesk.acknowledge_notification(uuid);
drop function if exists frontdesk.snooze_inbox(uuid[], timestamptz);
drop function if exists frontdesk.mark_inbox_seen(uuid[]);
drop function if exists frontdesk.mark_inbox(uuid[], text);
drop function if exists frontdesk.apply_retention(timestamptz, integer);
drop function if exists frontdesk.retention_days(jsonb, text, integer);
drop function if exists frontdesk.expire_old_notifications(timestamptz, integer);
drop function if exists frontdesk.sweep_notification(integer, timestamptz);
drop function if exists frontdesk.cancel_notification(uuid, uuid);
drop function if exists frontdesk.create_notification(text, text, jsonb, text, text, text, text, text[], text, jsonb, text, uuid,
  timestamptz, timestamptz, boolean, text, uuid);
drop function if exists frontdesk.plan_message(uuid, text, text[], boolean, text[]);
drop function if exists frontdesk.policy_of(uuid, text);
drop function if exists frontdesk.default_policy(text);
drop function if exists frontdesk.record_notification() cascade;
drop function if exists frontdesk.edited_fields(jsonb, jsonb);
drop function if exists frontdesk.move_notification() cascade;
drop function if exists frontdesk.check_audience(jsonb);
