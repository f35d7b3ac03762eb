--
-- PostgreSQL database dump
--

SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: frontdesk; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA frontdesk;

--
-- Name: acknowledge_deliveries(uuid[]); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.acknowledge_deliveries(p_log_ids uuid[]) RETURNS integer
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  with acknowledged as (
    update frontdesk.notification_logs l
    set status = 'delivered', delivered_at = now(), sent_at = coalesce(l.sent_at, now())
    where l.org_id = frontdesk.org_id() and l.id = any (p_log_ids) and l.recipient_id = frontdesk.user_id()
      and l.channel = 'websocket' and l.status in ('pending', 'sent')
    returning 1)
  select count(*)::integer from acknowledged
$$;

--
-- Name: acknowledge_notification(uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.acknowledge_notification(p_notification_id uuid) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: apply_retention(timestamp with time zone, integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.apply_retention(p_now timestamp with time zone DEFAULT now(), p_limit integer DEFAULT 100, OUT logs bigint, OUT messages bigint, OUT requests bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: audience_members(uuid, jsonb, uuid, integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.audience_members(p_org_id uuid, p_audience jsonb, p_after uuid DEFAULT NULL::uuid, p_limit integer DEFAULT NULL::integer) RETURNS TABLE(user_id uuid, role text, reasons jsonb)
    LANGUAGE plpgsql STABLE
    AS $$
declare
  v_people uuid[] := frontdesk.uuid_list(p_audience -> 'people');
  v_classes uuid[] := frontdesk.uuid_list(p_audience -> 'classes');
  v_grades uuid[] := frontdesk.uuid_list(p_audience -> 'grades');
  v_schools uuid[] := frontdesk.uuid_list(p_audience -> 'schools');
  v_roles text[] := (select array_agg(value) from jsonb_array_elements_text(p_audience -> 'roles'));
begin
  if (p_audience -> 'all')::boolean then
    return query
      select p.id, p.role, '[{"why": "everyone"}]'::jsonb
      from frontdesk.profiles p
      where p.org_id = p_org_id and p.status = 'active' and (p_after is null or p.id > p_after)
      order by p.id limit p_limit;

  elsif v_people is not null then
    return query
      select p.id, p.role, '[{"why": "named"}]'::jsonb
      from frontdesk.profiles p
      where p.org_id = p_org_id and p.id = any (v_people) and p.status = 'active' and (p_after is null or p.id > p_after)
      order by p.id limit p_limit;

  elsif v_classes is null and v_grades is null and v_schools is null then
    return query
      select p.id, p.role,
        case when p.role = any (v_roles) then jsonb_build_array(jsonb_build_object('why', 'role', 'role', p.role))
        else jsonb_build_array(jsonb_build_object('why', 'role', 'role', 'parent')) end
      from frontdesk.profiles p
      where p.org_id = p_org_id and p.status = 'active' and (p_after is null or p.id > p_after)
        and (p.role = any (v_roles)
          -- a teacher with a child at the school is a parent too
          or ('parent' = any (v_roles) and exists (
            select from frontdesk.guardians g
            join frontdesk.profiles s on s.org_id = g.org_id and s.id = g.student_id and s.status = 'active'
            where g.org_id = p_org_id and g.guardian_id = p.id)))
      order by p.id limit p_limit;

  else
    return query
      with matched_students as (
        select s.id, sp.name, c.id as class_id, c.name as class
        from frontdesk.students s
        join frontdesk.profiles sp on sp.org_id = s.org_id and sp.id = s.id and sp.status = 'active'
        left join frontdesk.enrollments e
          on e.org_id = s.org_id and e.student_id = s.id and e.class_id = any (v_classes)
        left join frontdesk.classes c on c.org_id = e.org_id and c.id = e.class_id
        where s.org_id = p_org_id
          and (v_classes is null or e.class_id is not null)
          and (v_schools is null or s.school_id = any (v_schools))
          and (v_grades is null or s.grade_id = any (v_grades)
            or (s.grade_id is null and exists (
              select from frontdesk.enrollments ge
              join frontdesk.classes gc on gc.org_id = ge.org_id and gc.id = ge.class_id
              where ge.org_id = p_org_id and ge.student_id = s.id and gc.grade_id = any (v_grades))))
      ), qualified (person_id, capacity, reason) as (
        select ms.id, 'student',
          jsonb_strip_nulls(jsonb_build_object('why', 'enrolled_in', 'class_id', ms.class_id, 'class', ms.class))
        from matched_students ms
        union all
        select g.guardian_id, 'parent',
          jsonb_strip_nulls(jsonb_build_object('why', 'guardian_of', 'student_id', ms.id, 'student', ms.name,
            'relationship', g.relationship, 'class_id', ms.class_id, 'class', ms.class))
        from matched_students ms
        join frontdesk.guardians g on g.org_id = p_org_id and g.student_id = ms.id
        union all
        select ct.teacher_id, 'teacher', jsonb_build_object('why', 'teaches', 'class_id', c.id, 'class', c.name)
        from frontdesk.classes c
        join frontdesk.class_teachers ct on ct.org_id = c.org_id and ct.class_id = c.id
        where c.org_id = p_org_id
          and (v_classes is null or c.id = any (v_classes))
          and (v_grades is null or c.grade_id = any (v_grades))
          and (v_schools is null or c.school_id = any (v_schools))
      )
      select p.id, p.role, jsonb_agg(distinct q.reason)
      from qualified q
      join frontdesk.profiles p on p.org_id = p_org_id and p.id = q.person_id and p.status = 'active'
      where (v_roles is null or q.capacity = any (v_roles)) and (p_after is null or p.id > p_after)
      group by p.id, p.role
      order by p.id limit p_limit;
  end if;
end
$$;

--
-- Name: org_id(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.org_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(COALESCE(NULLIF(current_setting('frontdesk.org_id'::text, true), ''::text), ((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb ->> 'org_id'::text), (((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb -> 'app_metadata'::text) ->> 'org_id'::text)), 'nobody'::text))::uuid;

--
-- Name: cancel_notification(uuid, uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.cancel_notification(p_id uuid, p_org_id uuid DEFAULT frontdesk.org_id()) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: check_audience(jsonb); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.check_audience(p_audience jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    AS $$
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

--
-- Name: create_notification(text, text, jsonb, text, text, text, text, text[], text, jsonb, text, uuid, timestamp with time zone, timestamp with time zone, boolean, text, uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.create_notification(p_title text, p_content text, p_audience jsonb, p_category text DEFAULT 'announcement'::text, p_priority text DEFAULT NULL::text, p_severity text DEFAULT 'info'::text, p_type text DEFAULT NULL::text, p_channels text[] DEFAULT NULL::text[], p_action_url text DEFAULT NULL::text, p_data jsonb DEFAULT '{}'::jsonb, p_related_entity_type text DEFAULT NULL::text, p_related_entity_id uuid DEFAULT NULL::uuid, p_scheduled_for timestamp with time zone DEFAULT NULL::timestamp with time zone, p_expires_at timestamp with time zone DEFAULT NULL::timestamp with time zone, p_acknowledgement boolean DEFAULT NULL::boolean, p_idempotency_key text DEFAULT NULL::text, p_org_id uuid DEFAULT frontdesk.org_id()) RETURNS uuid
    LANGUAGE plpgsql
    AS $_$
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
$_$;

--
-- Name: default_policy(text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.default_policy(p_category text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE p_category WHEN 'emergency'::text THEN '{"steps": [{"if": "unacknowledged", "after": 120, "channels": ["push"]}, {"if": "unacknowledged", "after": 240, "channels": ["sms"]}, {"if": "unacknowledged", "after": 360, "channels": ["email"]}, {"if": "unacknowledged", "to": {"roles": ["admin", "staff"]}, "after": 900}], "digest": false, "only_if": null, "channels": ["in_app", "websocket", "push", "sms", "email"], "preferences": false, "quiet_hours": false, "steps_always": true, "acknowledgement": true}'::jsonb WHEN 'announcement'::text THEN '{"steps": [{"if": "unread", "after": 3600, "channels": ["email"]}], "digest": true, "only_if": null, "channels": ["in_app", "websocket"], "preferences": true, "quiet_hours": true, "steps_always": false, "acknowledgement": false}'::jsonb WHEN 'reminder'::text THEN '{"steps": [], "digest": false, "only_if": "unread", "channels": ["in_app"], "preferences": true, "quiet_hours": true, "steps_always": false, "acknowledgement": false}'::jsonb WHEN 'system'::text THEN '{"steps": [], "digest": false, "only_if": null, "channels": ["in_app"], "preferences": true, "quiet_hours": true, "steps_always": false, "acknowledgement": false}'::jsonb ELSE NULL::jsonb END;

--
-- Name: edited_fields(jsonb, jsonb); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.edited_fields(p_old jsonb, p_new jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((p_new -> 'version'::text) = (p_old -> 'version'::text)) THEN '{}'::jsonb ELSE jsonb_build_object('version', (p_new -> 'version'::text), 'fields', (SELECT jsonb_agg(n.key ORDER BY n.key) AS jsonb_agg FROM (jsonb_each(edited_fields.p_new) n(key, value) JOIN jsonb_each(edited_fields.p_old) o(key, value) USING (key)) WHERE ((n.value IS DISTINCT FROM o.value) AND (n.key <> ALL (ARRAY['version'::text, 'updated_at'::text, 'state'::text, 'contents'::text]))))) END;

--
-- Name: end_idle_sessions(uuid, uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.end_idle_sessions(p_org_id uuid, p_user_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(),
    termination_reason = case when s.expires_at <= now() then 'expired' else 'timeout' end
  from frontdesk.organizations o
  where s.org_id = p_org_id and s.user_id = p_user_id and s.is_active and o.id = s.org_id
    and (s.expires_at <= now()
      or s.last_active < now() - make_interval(mins => (o.settings -> 'sessions' ->> 'idle_minutes')::integer))
$$;

--
-- Name: expire_old_notifications(timestamp with time zone, integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.expire_old_notifications(p_now timestamp with time zone DEFAULT now(), p_limit integer DEFAULT 1000) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: get_notification_recipients(text, uuid[], uuid[], uuid[], uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.get_notification_recipients(p_target_role text, p_target_grade_ids uuid[] DEFAULT NULL::uuid[], p_target_class_ids uuid[] DEFAULT NULL::uuid[], p_specific_user_ids uuid[] DEFAULT NULL::uuid[], p_org_id uuid DEFAULT frontdesk.org_id()) RETURNS TABLE(user_id uuid, role text, reasons jsonb)
    LANGUAGE sql STABLE
    AS $$
  select m.user_id, m.role, m.reasons
  from frontdesk.audience_members(p_org_id,
    case
      when p_specific_user_ids is not null then jsonb_build_object('people', to_jsonb(p_specific_user_ids))
      when p_target_role is null and p_target_grade_ids is null and p_target_class_ids is null then '{"all": true}'
      else jsonb_strip_nulls(jsonb_build_object(
        'roles', case when p_target_role is not null then jsonb_build_array(p_target_role) end,
        'grades', to_jsonb(p_target_grade_ids),
        'classes', to_jsonb(p_target_class_ids)))
    end) m
$$;

--
-- Name: guard_table(text); Type: PROCEDURE; Schema: frontdesk; Owner: -
--

CREATE PROCEDURE frontdesk.guard_table(IN p_table text)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
  v_key text := case p_table when 'organizations' then 'id' else 'org_id' end;
  v_columns text;
begin
  execute format('alter table frontdesk.%I enable row level security', p_table);
  execute format('alter table frontdesk.%I force row level security', p_table);

  execute format('drop trigger if exists org_id_immutable on frontdesk.%I', p_table);
  execute format('create trigger org_id_immutable before update of %I on frontdesk.%I for each row '
    'when (old.%I is distinct from new.%I) execute function frontdesk.prevent_org_id_change()', v_key, p_table, v_key, v_key);

  execute format('drop trigger if exists touch_updated_at on frontdesk.%I', p_table);
  if exists (select from pg_attribute where attrelid = format('frontdesk.%I', p_table)::regclass
             and attname = 'updated_at' and not attisdropped) then
    execute format('create trigger touch_updated_at before update on frontdesk.%I for each row '
      'when (old.* is distinct from new.*) execute function frontdesk.touch_updated_at()', p_table);
  end if;

  select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns from pg_attribute
  where attrelid = format('frontdesk.%I', p_table)::regclass and attnum > 0 and not attisdropped and attname <> v_key;

  execute format('revoke all on frontdesk.%I from public, anon, authenticated, service_role', p_table);
  execute format('grant select, insert, delete, update (%s) on frontdesk.%I to service_role', v_columns, p_table);
  execute format('drop policy if exists %I on frontdesk.%I', p_table || '_service', p_table);
  execute format('create policy %I on frontdesk.%I for all to service_role using (true) with check (true)',
    p_table || '_service', p_table);
end
$$;

--
-- Name: role(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(COALESCE(NULLIF(current_setting('frontdesk.org_role'::text, true), ''::text), ((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb ->> 'org_role'::text), (((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb -> 'app_metadata'::text) ->> 'org_role'::text)), 'nobody'::text);

--
-- Name: is_staff(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.is_staff() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (frontdesk.role() = ANY (ARRAY['admin'::text, 'staff'::text, 'service'::text])) THEN true ELSE false END;

--
-- Name: live_session(uuid, bytea); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.live_session(p_org_id uuid, p_token_hash bytea) RETURNS TABLE(user_id uuid, session_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  select s.user_id, s.id from frontdesk.user_sessions s
  join frontdesk.organizations o on o.id = s.org_id
  where s.org_id = p_org_id and s.token_hash = p_token_hash and s.is_active and s.expires_at > now()
    and coalesce(s.last_active >= now() - make_interval(mins => (o.settings -> 'sessions' ->> 'idle_minutes')::integer), true)
$$;

--
-- Name: localized(jsonb, text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.localized(p_contents jsonb, p_locale text, p_fallback text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((p_contents -> p_locale), (p_contents -> split_part(p_locale, '-'::text, 1)), (p_contents -> p_fallback), (p_contents -> split_part(p_fallback, '-'::text, 1)), (p_contents -> 'en'::text), (SELECT jsonb_each.value FROM jsonb_each(localized.p_contents) jsonb_each(key, value) ORDER BY jsonb_each.key LIMIT 1));

--
-- Name: organizations; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.organizations (
    id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    kind text NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    locale text DEFAULT 'en'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organizations_kind_check CHECK ((kind = ANY (ARRAY['school'::text, 'clinic'::text, 'other'::text]))),
    CONSTRAINT organizations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT organizations_slug_check CHECK (((slug ~ '^[a-z0-9](-?[a-z0-9])*$'::text) AND (length(slug) <= 63)))
);

ALTER TABLE ONLY frontdesk.organizations FORCE ROW LEVEL SECURITY;

--
-- Name: profiles; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.profiles (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    role text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    locale text,
    timezone text,
    source text,
    external_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profiles_email_check CHECK (((email = lower(email)) AND (length(email) <= 254) AND (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
    CONSTRAINT profiles_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT profiles_phone_check CHECK ((length(phone) <= 40)),
    CONSTRAINT profiles_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'staff'::text, 'teacher'::text, 'parent'::text, 'student'::text]))),
    CONSTRAINT profiles_source_check CHECK (((source IS NULL) = (external_id IS NULL))),
    CONSTRAINT profiles_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text])))
);

ALTER TABLE ONLY frontdesk.profiles FORCE ROW LEVEL SECURITY;

--
-- Name: localized_for(uuid, uuid, jsonb); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN frontdesk.localized(p_contents, (SELECT p.locale FROM frontdesk.profiles p WHERE ((p.org_id = localized_for.p_org_id) AND (p.id = localized_for.p_profile_id))), (SELECT o.locale FROM frontdesk.organizations o WHERE (o.id = localized_for.p_org_id)));

--
-- Name: set_inbox_status(uuid[], text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.set_inbox_status(p_notification_ids uuid[], p_status text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
declare
  v_count integer;
begin
  if frontdesk.user_id() is null or frontdesk.org_id() is null then
    raise exception 'only a person has an inbox' using errcode = 'insufficient_privilege';
  end if;
  if p_status is null or p_status not in ('unread', 'read', 'archived') then
    raise exception 'p_status must be unread, read or archived' using errcode = 'invalid_parameter_value';
  end if;
  update frontdesk.notification_recipients r
  set status = p_status,
    seen_at = coalesce(r.seen_at, now()),
    snoozed_until = case when p_status = 'unread' then r.snoozed_until end,
    read_at = case when p_status = 'unread' then null else coalesce(r.read_at, now()) end,
    archived_at = case when p_status = 'archived' then now() end
  where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.in_app and r.status <> p_status
    and case when p_notification_ids is null then r.status = 'unread' else r.notification_id = any (p_notification_ids) end;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

--
-- Name: user_id(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.user_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(COALESCE(NULLIF(current_setting('frontdesk.user_id'::text, true), ''::text), ((NULLIF(current_setting('request.jwt.claims'::text, true), ''::text))::jsonb ->> 'sub'::text)), 'nobody'::text))::uuid;

--
-- Name: notification_recipients; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notification_recipients (
    org_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    role text NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    in_app boolean DEFAULT true NOT NULL,
    status text DEFAULT 'unread'::text NOT NULL,
    seen_at timestamp with time zone,
    read_at timestamp with time zone,
    archived_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    snoozed_until timestamp with time zone,
    acknowledgement boolean DEFAULT false NOT NULL,
    acknowledged_at timestamp with time zone,
    CONSTRAINT notification_recipients_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'staff'::text, 'teacher'::text, 'parent'::text, 'student'::text]))),
    CONSTRAINT notification_recipients_status_check CHECK ((status = ANY (ARRAY['unread'::text, 'read'::text, 'archived'::text])))
);

ALTER TABLE ONLY frontdesk.notification_recipients FORCE ROW LEVEL SECURITY;

--
-- Name: notifications; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notifications (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    severity text DEFAULT 'info'::text NOT NULL,
    type text DEFAULT 'announcement'::text NOT NULL,
    category text DEFAULT 'announcement'::text NOT NULL,
    priority text DEFAULT 'normal'::text NOT NULL,
    channels text[] NOT NULL,
    audience jsonb NOT NULL,
    sender_id uuid,
    related_entity_type text,
    related_entity_id uuid,
    action_url text,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'scheduled'::text NOT NULL,
    scheduled_for timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '30 days'::interval) NOT NULL,
    expanded_to uuid,
    recipient_count integer DEFAULT 0 NOT NULL,
    idempotency_key text,
    request_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    acknowledgement boolean DEFAULT false NOT NULL,
    asked_channels text[],
    steps jsonb DEFAULT '[]'::jsonb NOT NULL,
    next_step integer DEFAULT 0 NOT NULL,
    next_step_at timestamp with time zone,
    step_to uuid,
    audience_total integer,
    ended_at timestamp with time zone,
    swept boolean DEFAULT false NOT NULL,
    final_totals jsonb,
    template jsonb,
    contents jsonb,
    CONSTRAINT notifications_category_check CHECK ((category = ANY (ARRAY['announcement'::text, 'emergency'::text, 'reminder'::text, 'system'::text]))),
    CONSTRAINT notifications_channels_check CHECK (((cardinality(channels) > 0) AND (channels <@ ARRAY['in_app'::text, 'websocket'::text, 'email'::text, 'push'::text, 'sms'::text]))),
    CONSTRAINT notifications_content_check CHECK ((length(content) <= 10000)),
    CONSTRAINT notifications_expiry_check CHECK ((expires_at > scheduled_for)),
    CONSTRAINT notifications_idempotency_check CHECK (((idempotency_key IS NULL) = (request_hash IS NULL))),
    CONSTRAINT notifications_next_step_check CHECK ((next_step >= 0)),
    CONSTRAINT notifications_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text, 'urgent'::text, 'emergency'::text]))),
    CONSTRAINT notifications_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'success'::text, 'warning'::text, 'error'::text]))),
    CONSTRAINT notifications_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'expanding'::text, 'sending'::text, 'done'::text, 'cancelled'::text, 'expired'::text]))),
    CONSTRAINT notifications_steps_check CHECK ((jsonb_typeof(steps) = 'array'::text)),
    CONSTRAINT notifications_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200))),
    CONSTRAINT notifications_type_check CHECK ((type ~ '^[a-z][a-z0-9_.]{0,62}$'::text))
);

ALTER TABLE ONLY frontdesk.notifications FORCE ROW LEVEL SECURITY;

--
-- Name: inbox; Type: VIEW; Schema: frontdesk; Owner: -
--

CREATE VIEW frontdesk.inbox WITH (security_barrier='true') AS
 SELECT r.org_id,
    r.recipient_id,
    r.notification_id,
        CASE
            WHEN (n.contents IS NULL) THEN n.title
            ELSE COALESCE((frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,title}'::text[]), n.title)
        END AS title,
        CASE
            WHEN (n.contents IS NULL) THEN n.content
            ELSE COALESCE((frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,content}'::text[]), n.content)
        END AS content,
    n.severity,
    n.type,
    n.category,
    n.priority,
    n.action_url,
    n.data,
    s.name AS sender_name,
    r.status,
    r.seen_at,
    r.read_at,
    r.archived_at,
    r.created_at,
    r.snoozed_until,
    r.acknowledged_at,
    r.acknowledgement
   FROM ((frontdesk.notification_recipients r
     JOIN frontdesk.notifications n ON (((n.org_id = r.org_id) AND (n.id = r.notification_id))))
     LEFT JOIN frontdesk.profiles s ON (((s.org_id = n.org_id) AND (s.id = n.sender_id))))
  WHERE ((r.org_id = frontdesk.org_id()) AND (r.recipient_id = frontdesk.user_id()) AND r.in_app)
  ORDER BY r.created_at DESC, r.notification_id DESC;

--
-- Name: mark_inbox(uuid[], text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.mark_inbox(p_notification_ids uuid[], p_status text) RETURNS integer
    LANGUAGE sql
    RETURN frontdesk.set_inbox_status(COALESCE(p_notification_ids, ARRAY(SELECT i.notification_id FROM frontdesk.inbox i WHERE ((i.org_id = frontdesk.org_id()) AND (i.recipient_id = frontdesk.user_id()) AND (i.status <> 'archived'::text)))), p_status);

--
-- Name: mark_inbox_seen(uuid[]); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.mark_inbox_seen(p_notification_ids uuid[] DEFAULT NULL::uuid[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: move_notification(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.move_notification() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: next_digest(timestamp with time zone, text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.next_digest(p_now timestamp with time zone, p_timezone text, p_digest text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
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

--
-- Name: open_request(text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.open_request(p_claims text, p_provider_session_id text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: open_request_with_key(uuid, uuid, bytea); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.open_request_with_key(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: open_request_with_session(uuid, bytea); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.open_request_with_session(p_org_id uuid, p_token_hash bytea) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: plan_message(uuid, text, text[], boolean, text[]); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.plan_message(p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[] DEFAULT NULL::text[], OUT channels text[], OUT steps jsonb, OUT acknowledgement boolean) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
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

--
-- Name: notification_policies; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notification_policies (
    org_id uuid NOT NULL,
    category text NOT NULL,
    policy jsonb DEFAULT '{}'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_policies_category_check CHECK ((category = ANY (ARRAY['announcement'::text, 'emergency'::text, 'reminder'::text, 'system'::text]))),
    CONSTRAINT notification_policies_policy_check CHECK ((jsonb_typeof(policy) = 'object'::text))
);

ALTER TABLE ONLY frontdesk.notification_policies FORCE ROW LEVEL SECURITY;

--
-- Name: policy_of(uuid, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.policy_of(p_org_id uuid, p_category text) RETURNS jsonb
    LANGUAGE sql STABLE
    RETURN ((frontdesk.default_policy(p_category) || COALESCE((SELECT p.policy FROM frontdesk.notification_policies p WHERE ((p.org_id = policy_of.p_org_id) AND (p.category = policy_of.p_category))), '{}'::jsonb)) || CASE WHEN (p_category = 'emergency'::text) THEN '{"digest": false, "preferences": false, "quiet_hours": false}'::jsonb ELSE '{}'::jsonb END);

--
-- Name: pre_request(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.pre_request() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: prevent_org_id_change(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.prevent_org_id_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  raise exception 'org_id of %.% cannot be changed', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', constraint = 'org_id_immutable',
      hint = 'Insert a new row for the other organization and delete this one.';
end
$$;

--
-- Name: priority_rank(text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.priority_rank(p_category text, p_priority text) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (CASE WHEN ((p_category = 'emergency'::text) OR (p_priority = 'emergency'::text)) THEN 0 WHEN (p_priority = 'urgent'::text) THEN 1 WHEN (p_priority = 'high'::text) THEN 2 WHEN (p_priority = 'normal'::text) THEN 3 ELSE 4 END)::smallint;

--
-- Name: provider_session_has_ended(uuid, uuid, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.provider_session_has_ended(p_org_id uuid, p_user_id uuid, p_provider_session_id text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  select exists (select from frontdesk.user_sessions s
      where s.org_id = p_org_id and s.user_id = p_user_id and s.provider_session_id = p_provider_session_id)
    and not exists (select from frontdesk.user_sessions s
      where s.org_id = p_org_id and s.user_id = p_user_id and s.provider_session_id = p_provider_session_id
        and s.is_active and s.expires_at > now())
$$;

--
-- Name: quiet_until(timestamp with time zone, text, time without time zone, time without time zone); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.quiet_until(p_now timestamp with time zone, p_timezone text, p_from time without time zone, p_to time without time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
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

--
-- Name: record_notification(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.record_notification() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: redrive(uuid, uuid, text, text, uuid[], integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.redrive(p_org uuid, p_notification uuid, p_channel text, p_reason text, p_ids uuid[], p_limit integer) RETURNS integer
    LANGUAGE sql
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  with dead as (
    select l.org_id, l.id, l.notification_id, l.recipient_id, l.channel, l.retry_count, l.status, l.reason,
      frontdesk.priority_rank(n.category, n.priority) as priority
    from frontdesk.notification_logs l
    join frontdesk.notifications n on n.org_id = l.org_id and n.id = l.notification_id
    where l.org_id = p_org and l.status = 'failed' and l.channel <> 'websocket'
      and n.state not in ('draft', 'cancelled', 'expired') and n.expires_at > now()
      and (p_notification is null or l.notification_id = p_notification)
      and (p_channel is null or l.channel = p_channel)
      and (p_reason is null or l.reason = p_reason)
      and (p_ids is null or l.id = any (p_ids))
    order by l.failed_at desc, l.id desc
    limit p_limit
    for update of l skip locked
  ), logs as (
    update frontdesk.notification_logs l set status = 'pending', reason = 'redriven', failed_at = null
    from dead d where l.org_id = d.org_id and l.id = d.id
  ), events as (
    insert into frontdesk.delivery_events (org_id, log_id, id, kind, status, reason)
    select d.org_id, d.id, frontdesk.uuid_v7(), 'redrive', 'pending', d.reason from dead d
  ), queued as (
    insert into frontdesk.delivery_queue
      (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, attempts, attempts_before)
    select d.org_id, d.id, d.notification_id, d.recipient_id, d.channel, d.priority, now(), d.retry_count + 1, d.retry_count + 1
    from dead d
    on conflict do nothing
  ), reopened as (
    update frontdesk.notifications n set state = 'sending'
    where n.org_id = p_org and n.state = 'done' and n.id in (select d.notification_id from dead d)
  )
  select count(*)::integer from dead
$$;

--
-- Name: redrive_deliveries(uuid, text, text, uuid[]); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.redrive_deliveries(p_notification uuid, p_channel text, p_reason text, p_ids uuid[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
begin
  if frontdesk.org_id() is null or not frontdesk.is_staff() then
    raise exception 'only staff may take deliveries up again' using errcode = 'insufficient_privilege';
  end if;
  return frontdesk.redrive(frontdesk.org_id(), p_notification, p_channel, p_reason, p_ids, 10000);
end
$$;

--
-- Name: register_device(uuid, text, text, bytea, bytea, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.register_device(p_id uuid, p_kind text, p_token text, p_p256dh bytea, p_auth bytea, p_name text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: resolve_identity(text, text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.resolve_identity(p_issuer text, p_org text, p_user text) RETURNS TABLE(org_id uuid, user_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $_$
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
$_$;

--
-- Name: retention_days(jsonb, text, integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.retention_days(p_settings jsonb, p_kind text, p_default integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((jsonb_typeof((p_settings #> ARRAY['retention'::text, p_kind])) = 'number'::text) AND ((((p_settings #>> ARRAY['retention'::text, p_kind]))::numeric >= (1)::numeric) AND (((p_settings #>> ARRAY['retention'::text, p_kind]))::numeric <= (36500)::numeric))) THEN (((p_settings #>> ARRAY['retention'::text, p_kind]))::numeric)::integer ELSE p_default END;

--
-- Name: service_key_is_live(uuid, uuid, bytea); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.service_key_is_live(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  select exists (
    select from frontdesk.service_keys k
    where k.org_id = p_org_id and k.id = p_key_id and k.secret_hash = p_secret_hash
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))
$$;

--
-- Name: sign(uuid, bytea); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.sign(p_org_id uuid, p_message bytea) RETURNS bytea
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: snooze_inbox(uuid[], timestamp with time zone); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.snooze_inbox(p_notification_ids uuid[], p_until timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: start_session(uuid, bytea, interval, text, bytea, text, inet, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.start_session(p_session_id uuid, p_token_hash bytea, p_lifetime interval, p_device_type text DEFAULT NULL::text, p_device_id bytea DEFAULT NULL::bytea, p_user_agent text DEFAULT NULL::text, p_ip_address inet DEFAULT NULL::inet, p_provider_session_id text DEFAULT NULL::text) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: sweep_notification(integer, timestamp with time zone); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.sweep_notification(p_limit integer, p_now timestamp with time zone DEFAULT now()) RETURNS TABLE(org_id uuid, notification_id uuid)
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: take_turns(uuid, text, smallint, integer); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.take_turns(p_org uuid, p_channel text, p_priority smallint, p_count integer) RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'frontdesk', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
declare
  v_now bigint;
  v_first bigint;
begin
  select q.turn into v_now from frontdesk.delivery_queue q
  where q.channel = p_channel and q.priority = p_priority and q.turn is not null
  order by q.turn limit 1;
  if v_now is null then
    select l.last_turn + 1 into v_now from frontdesk.delivery_lanes l
    where l.channel = p_channel and l.priority = p_priority
    order by l.last_turn desc limit 1;
  end if;
  v_now := coalesce(v_now, 1);
  insert into frontdesk.delivery_lanes as l (org_id, channel, priority, last_turn)
  values (p_org, p_channel, p_priority, v_now + p_count - 1)
  on conflict (org_id, channel, priority) do update set last_turn = greatest(l.last_turn + 1, v_now) + p_count - 1
  returning l.last_turn - p_count + 1 into v_first;
  return v_first;
end
$$;

--
-- Name: terminate_session(uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.terminate_session(p_session_id uuid) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  update frontdesk.user_sessions s
  set is_active = false, terminated_at = now(),
    termination_reason = case when s.user_id is not distinct from frontdesk.user_id() then 'manual' else 'admin' end
  where s.org_id = frontdesk.org_id() and s.id = p_session_id and s.is_active
    and (s.user_id is not distinct from frontdesk.user_id() or frontdesk.role() in ('admin', 'service'))
  returning s.user_id
$$;

--
-- Name: terminate_user_sessions(uuid, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.terminate_user_sessions(p_user_id uuid, p_reason text DEFAULT 'new_login'::text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
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

--
-- Name: touch_session(uuid, uuid); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.touch_session(p_org_id uuid, p_session_id uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'frontdesk', 'pg_temp'
    AS $$
  update frontdesk.user_sessions s set last_active = now()
  where s.org_id = p_org_id and s.id = p_session_id and s.is_active and s.last_active < now() - interval '1 minute'
$$;

--
-- Name: touch_updated_at(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
  new.updated_at := now();
  return new;
end
$$;

--
-- Name: unsubscribe(text, boolean); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.unsubscribe(p_token text, p_apply boolean DEFAULT true) RETURNS TABLE(organization text, topic text)
    LANGUAGE plpgsql
    AS $_$
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
$_$;

--
-- Name: unsubscribe_token(uuid, uuid, text, text); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.unsubscribe_token(p_org_id uuid, p_profile_id uuid, p_category text, p_type text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql
    AS $$
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

--
-- Name: uuid_list(jsonb); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.uuid_list(p_list jsonb) RETURNS uuid[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT CASE WHEN (uuid_list.p_list IS NULL) THEN NULL::uuid[] ELSE COALESCE(array_agg((jsonb_array_elements_text.value)::uuid), '{}'::uuid[]) END AS "coalesce" FROM jsonb_array_elements_text(uuid_list.p_list) jsonb_array_elements_text(value));

--
-- Name: uuid_v7(); Type: FUNCTION; Schema: frontdesk; Owner: -
--

CREATE FUNCTION frontdesk.uuid_v7() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid;

--
-- Name: class_teachers; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.class_teachers (
    org_id uuid NOT NULL,
    class_id uuid NOT NULL,
    teacher_id uuid NOT NULL,
    "position" smallint DEFAULT 1 NOT NULL,
    source text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY frontdesk.class_teachers FORCE ROW LEVEL SECURITY;

--
-- Name: classes; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.classes (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    name text NOT NULL,
    course text,
    period text,
    school_id uuid,
    grade_id uuid,
    starts_on date,
    ends_on date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT classes_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT classes_term_check CHECK ((ends_on >= starts_on))
);

ALTER TABLE ONLY frontdesk.classes FORCE ROW LEVEL SECURITY;

--
-- Name: delivery_events; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.delivery_events (
    org_id uuid NOT NULL,
    log_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    attempt smallint,
    status text NOT NULL,
    reason text,
    provider text,
    message text,
    external_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT delivery_events_kind_check CHECK ((kind = ANY (ARRAY['attempt'::text, 'callback'::text, 'redrive'::text]))),
    CONSTRAINT delivery_events_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'bounced'::text, 'skipped'::text])))
);

ALTER TABLE ONLY frontdesk.delivery_events FORCE ROW LEVEL SECURITY;

--
-- Name: delivery_lanes; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.delivery_lanes (
    org_id uuid NOT NULL,
    channel text NOT NULL,
    priority smallint NOT NULL,
    last_turn bigint NOT NULL,
    CONSTRAINT delivery_lanes_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'websocket'::text, 'email'::text, 'push'::text, 'sms'::text])))
)
WITH (fillfactor='50');

ALTER TABLE ONLY frontdesk.delivery_lanes FORCE ROW LEVEL SECURITY;

--
-- Name: delivery_queue; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.delivery_queue (
    org_id uuid NOT NULL,
    log_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    channel text NOT NULL,
    priority smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    leased_until timestamp with time zone,
    recipient_id uuid NOT NULL,
    turn bigint,
    attempts_before smallint DEFAULT 0 NOT NULL,
    only_if text,
    CONSTRAINT delivery_queue_only_if_check CHECK ((only_if = ANY (ARRAY['unread'::text, 'unacknowledged'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY frontdesk.delivery_queue FORCE ROW LEVEL SECURITY;

--
-- Name: digest_items; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.digest_items (
    org_id uuid NOT NULL,
    profile_id uuid NOT NULL,
    log_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY frontdesk.digest_items FORCE ROW LEVEL SECURITY;

--
-- Name: enrollments; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.enrollments (
    org_id uuid NOT NULL,
    class_id uuid NOT NULL,
    student_id uuid NOT NULL,
    source text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY frontdesk.enrollments FORCE ROW LEVEL SECURITY;

--
-- Name: grades; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.grades (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    name text NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT grades_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE ONLY frontdesk.grades FORCE ROW LEVEL SECURITY;

--
-- Name: guardians; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.guardians (
    org_id uuid NOT NULL,
    student_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    relationship text NOT NULL,
    source text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT guardians_relationship_check CHECK (((length(relationship) >= 1) AND (length(relationship) <= 100)))
);

ALTER TABLE ONLY frontdesk.guardians FORCE ROW LEVEL SECURITY;

--
-- Name: idempotent_requests; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.idempotent_requests (
    org_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status smallint,
    response jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotent_requests_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
    CONSTRAINT idempotent_requests_operation_check CHECK ((operation ~ '^[a-zA-Z]{1,63}$'::text)),
    CONSTRAINT idempotent_requests_request_hash_check CHECK ((length(request_hash) = 32))
);

ALTER TABLE ONLY frontdesk.idempotent_requests FORCE ROW LEVEL SECURITY;

--
-- Name: notification_history; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notification_history (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    notification_id uuid NOT NULL,
    event text NOT NULL,
    actor_id uuid,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_history_event_check CHECK ((event = ANY (ARRAY['created'::text, 'edited'::text, 'draft'::text, 'scheduled'::text, 'expanding'::text, 'sending'::text, 'done'::text, 'cancelled'::text, 'expired'::text, 'escalated'::text])))
);

ALTER TABLE ONLY frontdesk.notification_history FORCE ROW LEVEL SECURITY;

--
-- Name: notification_logs; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notification_logs (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    notification_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    channel text NOT NULL,
    status text NOT NULL,
    reason text,
    error_message text,
    retry_count smallint DEFAULT 0 NOT NULL,
    external_id text,
    sent_at timestamp with time zone,
    delivered_at timestamp with time zone,
    failed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    provider text,
    answer text,
    units smallint,
    CONSTRAINT notification_logs_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'websocket'::text, 'email'::text, 'push'::text, 'sms'::text]))),
    CONSTRAINT notification_logs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'bounced'::text, 'skipped'::text])))
)
WITH (fillfactor='85');

ALTER TABLE ONLY frontdesk.notification_logs FORCE ROW LEVEL SECURITY;

--
-- Name: notification_preferences; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.notification_preferences (
    org_id uuid NOT NULL,
    profile_id uuid NOT NULL,
    name text NOT NULL,
    muted text[],
    digest text,
    quiet_from time without time zone,
    quiet_to time without time zone,
    timezone text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notification_preferences_digest_check CHECK ((digest = ANY (ARRAY['off'::text, 'hourly'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT notification_preferences_quiet_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL)))
);

ALTER TABLE ONLY frontdesk.notification_preferences FORCE ROW LEVEL SECURITY;

--
-- Name: organization_identities; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.organization_identities (
    org_id uuid NOT NULL,
    issuer text NOT NULL,
    external_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organization_identities_text_check CHECK (((length(issuer) <= 500) AND ((length(external_id) >= 1) AND (length(external_id) <= 200))))
);

ALTER TABLE ONLY frontdesk.organization_identities FORCE ROW LEVEL SECURITY;

--
-- Name: preference_defaults; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.preference_defaults (
    org_id uuid NOT NULL,
    name text NOT NULL,
    muted text[] DEFAULT '{}'::text[] NOT NULL,
    digest text DEFAULT 'off'::text NOT NULL,
    quiet_from time without time zone,
    quiet_to time without time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT preference_defaults_digest_check CHECK ((digest = ANY (ARRAY['off'::text, 'hourly'::text, 'daily'::text, 'weekly'::text]))),
    CONSTRAINT preference_defaults_quiet_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL)))
);

ALTER TABLE ONLY frontdesk.preference_defaults FORCE ROW LEVEL SECURITY;

--
-- Name: profile_identities; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.profile_identities (
    org_id uuid NOT NULL,
    issuer text NOT NULL,
    external_id text NOT NULL,
    profile_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT profile_identities_text_check CHECK (((length(issuer) <= 500) AND ((length(external_id) >= 1) AND (length(external_id) <= 200))))
);

ALTER TABLE ONLY frontdesk.profile_identities FORCE ROW LEVEL SECURITY;

--
-- Name: push_subscriptions; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.push_subscriptions (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    profile_id uuid NOT NULL,
    kind text NOT NULL,
    token text NOT NULL,
    token_hash bytea NOT NULL,
    p256dh bytea,
    auth bytea,
    name text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT push_subscriptions_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT push_subscriptions_keys_check CHECK (
CASE
    WHEN (kind = 'webpush'::text) THEN ((length(p256dh) = 65) AND (length(auth) = 16))
    ELSE ((p256dh IS NULL) AND (auth IS NULL))
END),
    CONSTRAINT push_subscriptions_kind_check CHECK ((kind = ANY (ARRAY['webpush'::text, 'fcm'::text, 'apns'::text]))),
    CONSTRAINT push_subscriptions_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT push_subscriptions_token_check CHECK (((length(token) >= 1) AND (length(token) <= 4096)))
);

ALTER TABLE ONLY frontdesk.push_subscriptions FORCE ROW LEVEL SECURITY;

--
-- Name: realtime_tickets; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.realtime_tickets (
    org_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    profile_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT realtime_tickets_secret_hash_check CHECK ((length(secret_hash) = 32))
);

ALTER TABLE ONLY frontdesk.realtime_tickets FORCE ROW LEVEL SECURITY;

--
-- Name: schema_migrations; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    state text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    error text,
    CONSTRAINT schema_migrations_state_check CHECK ((state = ANY (ARRAY['running'::text, 'applied'::text, 'failed'::text])))
);

ALTER TABLE ONLY frontdesk.schema_migrations FORCE ROW LEVEL SECURITY;

--
-- Name: schema_replaceables; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.schema_replaceables (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY frontdesk.schema_replaceables FORCE ROW LEVEL SECURITY;

--
-- Name: schools; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.schools (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    external_id text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT schools_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

ALTER TABLE ONLY frontdesk.schools FORCE ROW LEVEL SECURITY;

--
-- Name: service_keys; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.service_keys (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT service_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
    CONSTRAINT service_keys_secret_hash_check CHECK ((length(secret_hash) = 32))
);

ALTER TABLE ONLY frontdesk.service_keys FORCE ROW LEVEL SECURITY;

--
-- Name: signing_keys; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.signing_keys (
    org_id uuid NOT NULL,
    purpose text NOT NULL,
    inner_key bytea NOT NULL,
    outer_key bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signing_keys_inner_key_check CHECK ((length(inner_key) = 64)),
    CONSTRAINT signing_keys_outer_key_check CHECK ((length(outer_key) = 64))
);

ALTER TABLE ONLY frontdesk.signing_keys FORCE ROW LEVEL SECURITY;

--
-- Name: students; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.students (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    school_id uuid,
    grade_id uuid,
    student_number text,
    date_of_birth date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY frontdesk.students FORCE ROW LEVEL SECURITY;

--
-- Name: suppressions; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.suppressions (
    org_id uuid NOT NULL,
    channel text NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    detail text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT suppressions_address_check CHECK ((((length(address) >= 1) AND (length(address) <= 320)) AND (address = lower(address)))),
    CONSTRAINT suppressions_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT suppressions_detail_check CHECK ((length(detail) <= 1000)),
    CONSTRAINT suppressions_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'complained'::text, 'unsubscribed'::text, 'manual'::text])))
);

ALTER TABLE ONLY frontdesk.suppressions FORCE ROW LEVEL SECURITY;

--
-- Name: templates; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.templates (
    org_id uuid NOT NULL,
    key text NOT NULL,
    version integer NOT NULL,
    contents jsonb NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT templates_contents_check CHECK ((jsonb_typeof(contents) = 'object'::text)),
    CONSTRAINT templates_key_check CHECK ((key ~ '^[a-z][a-z0-9_.]{0,62}$'::text)),
    CONSTRAINT templates_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY frontdesk.templates FORCE ROW LEVEL SECURITY;

--
-- Name: user_sessions; Type: TABLE; Schema: frontdesk; Owner: -
--

CREATE TABLE frontdesk.user_sessions (
    org_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    provider_session_id text,
    is_active boolean DEFAULT true NOT NULL,
    last_active timestamp with time zone DEFAULT now() NOT NULL,
    device_type text,
    device_id bytea,
    user_agent text,
    ip_address inet,
    city text,
    country text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    terminated_at timestamp with time zone,
    termination_reason text,
    CONSTRAINT user_sessions_device_id_check CHECK ((length(device_id) = 32)),
    CONSTRAINT user_sessions_device_type_check CHECK ((device_type = ANY (ARRAY['web'::text, 'mobile_ios'::text, 'mobile_android'::text, 'desktop'::text]))),
    CONSTRAINT user_sessions_place_check CHECK (((length(city) <= 200) AND (length(country) <= 200))),
    CONSTRAINT user_sessions_termination_check CHECK (((is_active = (terminated_at IS NULL)) AND (is_active = (termination_reason IS NULL)))),
    CONSTRAINT user_sessions_termination_reason_check CHECK ((termination_reason = ANY (ARRAY['new_login'::text, 'timeout'::text, 'expired'::text, 'manual'::text, 'admin'::text]))),
    CONSTRAINT user_sessions_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT user_sessions_user_agent_check CHECK ((length(user_agent) <= 1000))
);

ALTER TABLE ONLY frontdesk.user_sessions FORCE ROW LEVEL SECURITY;

--
-- Name: class_teachers class_teachers_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.class_teachers
    ADD CONSTRAINT class_teachers_pkey PRIMARY KEY (org_id, class_id, teacher_id);

--
-- Name: classes classes_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.classes
    ADD CONSTRAINT classes_pkey PRIMARY KEY (org_id, id);

--
-- Name: delivery_events delivery_events_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_events
    ADD CONSTRAINT delivery_events_pkey PRIMARY KEY (org_id, log_id, id);

--
-- Name: delivery_lanes delivery_lanes_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_lanes
    ADD CONSTRAINT delivery_lanes_pkey PRIMARY KEY (org_id, channel, priority);

--
-- Name: delivery_queue delivery_queue_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_queue
    ADD CONSTRAINT delivery_queue_pkey PRIMARY KEY (org_id, log_id);

--
-- Name: digest_items digest_items_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.digest_items
    ADD CONSTRAINT digest_items_pkey PRIMARY KEY (org_id, profile_id, log_id);

--
-- Name: enrollments enrollments_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.enrollments
    ADD CONSTRAINT enrollments_pkey PRIMARY KEY (org_id, class_id, student_id);

--
-- Name: grades grades_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.grades
    ADD CONSTRAINT grades_pkey PRIMARY KEY (org_id, id);

--
-- Name: guardians guardians_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.guardians
    ADD CONSTRAINT guardians_pkey PRIMARY KEY (org_id, student_id, guardian_id);

--
-- Name: idempotent_requests idempotent_requests_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.idempotent_requests
    ADD CONSTRAINT idempotent_requests_pkey PRIMARY KEY (org_id, operation, key);

--
-- Name: notification_history notification_history_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_history
    ADD CONSTRAINT notification_history_pkey PRIMARY KEY (org_id, id);

--
-- Name: notification_logs notification_logs_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_logs
    ADD CONSTRAINT notification_logs_pkey PRIMARY KEY (org_id, id);

--
-- Name: notification_policies notification_policies_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_policies
    ADD CONSTRAINT notification_policies_pkey PRIMARY KEY (org_id, category);

--
-- Name: notification_preferences notification_preferences_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_preferences
    ADD CONSTRAINT notification_preferences_pkey PRIMARY KEY (org_id, profile_id, name);

--
-- Name: notification_recipients notification_recipients_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_recipients
    ADD CONSTRAINT notification_recipients_pkey PRIMARY KEY (org_id, notification_id, recipient_id);

--
-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (org_id, id);

--
-- Name: organization_identities organization_identities_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.organization_identities
    ADD CONSTRAINT organization_identities_pkey PRIMARY KEY (org_id, issuer, external_id);

--
-- Name: organizations organizations_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);

--
-- Name: preference_defaults preference_defaults_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.preference_defaults
    ADD CONSTRAINT preference_defaults_pkey PRIMARY KEY (org_id, name);

--
-- Name: profile_identities profile_identities_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.profile_identities
    ADD CONSTRAINT profile_identities_pkey PRIMARY KEY (org_id, issuer, external_id);

--
-- Name: profiles profiles_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (org_id, id);

--
-- Name: push_subscriptions push_subscriptions_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.push_subscriptions
    ADD CONSTRAINT push_subscriptions_pkey PRIMARY KEY (org_id, id);

--
-- Name: realtime_tickets realtime_tickets_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.realtime_tickets
    ADD CONSTRAINT realtime_tickets_pkey PRIMARY KEY (org_id, secret_hash);

--
-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

--
-- Name: schema_replaceables schema_replaceables_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.schema_replaceables
    ADD CONSTRAINT schema_replaceables_pkey PRIMARY KEY (name);

--
-- Name: schools schools_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.schools
    ADD CONSTRAINT schools_pkey PRIMARY KEY (org_id, id);

--
-- Name: service_keys service_keys_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.service_keys
    ADD CONSTRAINT service_keys_pkey PRIMARY KEY (org_id, id);

--
-- Name: signing_keys signing_keys_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (org_id, purpose);

--
-- Name: students students_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.students
    ADD CONSTRAINT students_pkey PRIMARY KEY (org_id, id);

--
-- Name: suppressions suppressions_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (org_id, channel, address);

--
-- Name: templates templates_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.templates
    ADD CONSTRAINT templates_pkey PRIMARY KEY (org_id, key, version);

--
-- Name: classes uq_classes_external; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.classes
    ADD CONSTRAINT uq_classes_external UNIQUE (org_id, external_id);

--
-- Name: grades uq_grades_external; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.grades
    ADD CONSTRAINT uq_grades_external UNIQUE (org_id, external_id);

--
-- Name: notification_logs uq_notification_logs_delivery; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_logs
    ADD CONSTRAINT uq_notification_logs_delivery UNIQUE (org_id, notification_id, recipient_id, channel);

--
-- Name: organization_identities uq_organization_identities; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.organization_identities
    ADD CONSTRAINT uq_organization_identities UNIQUE (issuer, external_id);

--
-- Name: organizations uq_organizations_slug; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.organizations
    ADD CONSTRAINT uq_organizations_slug UNIQUE (slug);

--
-- Name: profiles uq_profiles_external; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.profiles
    ADD CONSTRAINT uq_profiles_external UNIQUE (org_id, source, external_id);

--
-- Name: push_subscriptions uq_push_subscriptions_token; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.push_subscriptions
    ADD CONSTRAINT uq_push_subscriptions_token UNIQUE (org_id, kind, token_hash);

--
-- Name: schools uq_schools_external; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.schools
    ADD CONSTRAINT uq_schools_external UNIQUE (org_id, external_id);

--
-- Name: user_sessions uq_user_sessions_token; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.user_sessions
    ADD CONSTRAINT uq_user_sessions_token UNIQUE (org_id, token_hash);

--
-- Name: user_sessions user_sessions_pkey; Type: CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.user_sessions
    ADD CONSTRAINT user_sessions_pkey PRIMARY KEY (org_id, id);

--
-- Name: idx_class_teachers_org_teacher; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_class_teachers_org_teacher ON frontdesk.class_teachers USING btree (org_id, teacher_id);

--
-- Name: idx_classes_org_grade; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_classes_org_grade ON frontdesk.classes USING btree (org_id, grade_id);

--
-- Name: idx_classes_org_school; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_classes_org_school ON frontdesk.classes USING btree (org_id, school_id);

--
-- Name: idx_delivery_lanes_last; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_delivery_lanes_last ON frontdesk.delivery_lanes USING btree (channel, priority, last_turn);

--
-- Name: idx_delivery_queue_notification; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_delivery_queue_notification ON frontdesk.delivery_queue USING btree (org_id, notification_id);

--
-- Name: idx_delivery_queue_ready; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_delivery_queue_ready ON frontdesk.delivery_queue USING btree (channel, priority, turn) WHERE (turn IS NOT NULL);

--
-- Name: idx_delivery_queue_waiting; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_delivery_queue_waiting ON frontdesk.delivery_queue USING btree (due_at) WHERE (turn IS NULL);

--
-- Name: idx_digest_items_due; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_digest_items_due ON frontdesk.digest_items USING btree (due_at);

--
-- Name: idx_digest_items_log; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_digest_items_log ON frontdesk.digest_items USING btree (org_id, log_id);

--
-- Name: idx_enrollments_org_student; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_enrollments_org_student ON frontdesk.enrollments USING btree (org_id, student_id);

--
-- Name: idx_guardians_org_guardian; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_guardians_org_guardian ON frontdesk.guardians USING btree (org_id, guardian_id);

--
-- Name: idx_idempotent_requests_created; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_idempotent_requests_created ON frontdesk.idempotent_requests USING btree (created_at);

--
-- Name: idx_notification_history_notification; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notification_history_notification ON frontdesk.notification_history USING btree (org_id, notification_id, id);

--
-- Name: idx_notification_logs_failed; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notification_logs_failed ON frontdesk.notification_logs USING btree (org_id, failed_at DESC, id DESC) WHERE (status = 'failed'::text);

--
-- Name: idx_notification_logs_websocket_open; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notification_logs_websocket_open ON frontdesk.notification_logs USING btree (org_id, recipient_id) WHERE ((channel = 'websocket'::text) AND (status = ANY (ARRAY['pending'::text, 'sent'::text])));

--
-- Name: idx_notification_recipients_inbox; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notification_recipients_inbox ON frontdesk.notification_recipients USING btree (org_id, recipient_id, created_at DESC, notification_id DESC) WHERE in_app;

--
-- Name: idx_notification_recipients_unread; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notification_recipients_unread ON frontdesk.notification_recipients USING btree (org_id, recipient_id) WHERE ((status = 'unread'::text) AND in_app);

--
-- Name: idx_notifications_ended; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_ended ON frontdesk.notifications USING btree (org_id, ended_at) WHERE (state = ANY (ARRAY['cancelled'::text, 'expired'::text]));

--
-- Name: idx_notifications_entity; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_entity ON frontdesk.notifications USING btree (org_id, related_entity_type, related_entity_id) WHERE (related_entity_id IS NOT NULL);

--
-- Name: idx_notifications_expires; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_expires ON frontdesk.notifications USING btree (expires_at) WHERE (state = 'done'::text);

--
-- Name: idx_notifications_logs_kept; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_logs_kept ON frontdesk.notifications USING btree (org_id, ended_at) WHERE ((state = ANY (ARRAY['done'::text, 'cancelled'::text, 'expired'::text])) AND (final_totals IS NULL));

--
-- Name: idx_notifications_next_step; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_next_step ON frontdesk.notifications USING btree (next_step_at) WHERE (next_step_at IS NOT NULL);

--
-- Name: idx_notifications_org_created; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_org_created ON frontdesk.notifications USING btree (org_id, created_at DESC, id DESC);

--
-- Name: idx_notifications_unfinished; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_unfinished ON frontdesk.notifications USING btree (state, scheduled_for) WHERE (state = ANY (ARRAY['scheduled'::text, 'expanding'::text, 'sending'::text]));

--
-- Name: idx_notifications_unswept; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_notifications_unswept ON frontdesk.notifications USING btree (ended_at) WHERE ((state = ANY (ARRAY['cancelled'::text, 'expired'::text])) AND (NOT swept));

--
-- Name: idx_profile_identities_profile; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_profile_identities_profile ON frontdesk.profile_identities USING btree (org_id, profile_id);

--
-- Name: idx_profiles_org_email; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_profiles_org_email ON frontdesk.profiles USING btree (org_id, email) WHERE (email IS NOT NULL);

--
-- Name: idx_profiles_org_name; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_profiles_org_name ON frontdesk.profiles USING btree (org_id, name, id);

--
-- Name: idx_profiles_org_role; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_profiles_org_role ON frontdesk.profiles USING btree (org_id, role, id);

--
-- Name: idx_push_subscriptions_profile; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_push_subscriptions_profile ON frontdesk.push_subscriptions USING btree (org_id, profile_id, created_at);

--
-- Name: idx_realtime_tickets_expires; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_realtime_tickets_expires ON frontdesk.realtime_tickets USING btree (expires_at);

--
-- Name: idx_students_org_grade; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_students_org_grade ON frontdesk.students USING btree (org_id, grade_id);

--
-- Name: idx_students_org_school; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_students_org_school ON frontdesk.students USING btree (org_id, school_id);

--
-- Name: idx_suppressions_org_created; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_suppressions_org_created ON frontdesk.suppressions USING btree (org_id, created_at DESC, address);

--
-- Name: idx_user_sessions_org_user; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_user_sessions_org_user ON frontdesk.user_sessions USING btree (org_id, user_id, created_at DESC);

--
-- Name: idx_user_sessions_provider; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE INDEX idx_user_sessions_provider ON frontdesk.user_sessions USING btree (org_id, provider_session_id) WHERE (provider_session_id IS NOT NULL);

--
-- Name: uq_notifications_idempotency_key; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE UNIQUE INDEX uq_notifications_idempotency_key ON frontdesk.notifications USING btree (org_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

--
-- Name: uq_user_sessions_active; Type: INDEX; Schema: frontdesk; Owner: -
--

CREATE UNIQUE INDEX uq_user_sessions_active ON frontdesk.user_sessions USING btree (org_id, user_id) WHERE is_active;

--
-- Name: notifications move_notification; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER move_notification BEFORE INSERT OR UPDATE ON frontdesk.notifications FOR EACH ROW EXECUTE FUNCTION frontdesk.move_notification();

--
-- Name: class_teachers org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.class_teachers FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: classes org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.classes FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: delivery_events org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.delivery_events FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: delivery_lanes org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.delivery_lanes FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: delivery_queue org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.delivery_queue FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: digest_items org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.digest_items FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: enrollments org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.enrollments FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: grades org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.grades FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: guardians org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.guardians FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: idempotent_requests org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.idempotent_requests FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notification_history org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notification_history FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notification_logs org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notification_logs FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notification_policies org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notification_policies FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notification_preferences org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notification_preferences FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notification_recipients org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notification_recipients FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notifications org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.notifications FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: organization_identities org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.organization_identities FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: organizations org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF id ON frontdesk.organizations FOR EACH ROW WHEN ((old.id IS DISTINCT FROM new.id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: preference_defaults org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.preference_defaults FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: profile_identities org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.profile_identities FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: profiles org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.profiles FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: push_subscriptions org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.push_subscriptions FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: realtime_tickets org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.realtime_tickets FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: schools org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.schools FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: service_keys org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.service_keys FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: signing_keys org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.signing_keys FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: students org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.students FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: suppressions org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.suppressions FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: templates org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.templates FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: user_sessions org_id_immutable; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER org_id_immutable BEFORE UPDATE OF org_id ON frontdesk.user_sessions FOR EACH ROW WHEN ((old.org_id IS DISTINCT FROM new.org_id)) EXECUTE FUNCTION frontdesk.prevent_org_id_change();

--
-- Name: notifications record_new_notification; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER record_new_notification AFTER INSERT ON frontdesk.notifications FOR EACH ROW EXECUTE FUNCTION frontdesk.record_notification();

--
-- Name: notifications record_notification; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER record_notification AFTER UPDATE ON frontdesk.notifications FOR EACH ROW WHEN (((old.state IS DISTINCT FROM new.state) OR (old.version IS DISTINCT FROM new.version))) EXECUTE FUNCTION frontdesk.record_notification();

--
-- Name: classes touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.classes FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: grades touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.grades FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: guardians touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.guardians FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: notification_policies touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.notification_policies FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: notification_preferences touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.notification_preferences FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: notifications touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.notifications FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: organizations touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.organizations FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: preference_defaults touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.preference_defaults FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: profiles touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.profiles FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: schools touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.schools FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: students touch_updated_at; Type: TRIGGER; Schema: frontdesk; Owner: -
--

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON frontdesk.students FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION frontdesk.touch_updated_at();

--
-- Name: class_teachers class_teachers_class_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.class_teachers
    ADD CONSTRAINT class_teachers_class_fk FOREIGN KEY (org_id, class_id) REFERENCES frontdesk.classes(org_id, id) ON DELETE CASCADE;

--
-- Name: class_teachers class_teachers_teacher_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.class_teachers
    ADD CONSTRAINT class_teachers_teacher_fk FOREIGN KEY (org_id, teacher_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: classes classes_grade_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.classes
    ADD CONSTRAINT classes_grade_fk FOREIGN KEY (org_id, grade_id) REFERENCES frontdesk.grades(org_id, id);

--
-- Name: classes classes_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.classes
    ADD CONSTRAINT classes_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: classes classes_school_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.classes
    ADD CONSTRAINT classes_school_fk FOREIGN KEY (org_id, school_id) REFERENCES frontdesk.schools(org_id, id);

--
-- Name: delivery_events delivery_events_log_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_events
    ADD CONSTRAINT delivery_events_log_fk FOREIGN KEY (org_id, log_id) REFERENCES frontdesk.notification_logs(org_id, id) ON DELETE CASCADE;

--
-- Name: delivery_lanes delivery_lanes_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_lanes
    ADD CONSTRAINT delivery_lanes_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: delivery_queue delivery_queue_log_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.delivery_queue
    ADD CONSTRAINT delivery_queue_log_fk FOREIGN KEY (org_id, log_id) REFERENCES frontdesk.notification_logs(org_id, id) ON DELETE CASCADE;

--
-- Name: digest_items digest_items_log_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.digest_items
    ADD CONSTRAINT digest_items_log_fk FOREIGN KEY (org_id, log_id) REFERENCES frontdesk.notification_logs(org_id, id) ON DELETE CASCADE;

--
-- Name: enrollments enrollments_class_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.enrollments
    ADD CONSTRAINT enrollments_class_fk FOREIGN KEY (org_id, class_id) REFERENCES frontdesk.classes(org_id, id) ON DELETE CASCADE;

--
-- Name: enrollments enrollments_student_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.enrollments
    ADD CONSTRAINT enrollments_student_fk FOREIGN KEY (org_id, student_id) REFERENCES frontdesk.students(org_id, id) ON DELETE CASCADE;

--
-- Name: grades grades_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.grades
    ADD CONSTRAINT grades_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: guardians guardians_guardian_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.guardians
    ADD CONSTRAINT guardians_guardian_fk FOREIGN KEY (org_id, guardian_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: guardians guardians_student_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.guardians
    ADD CONSTRAINT guardians_student_fk FOREIGN KEY (org_id, student_id) REFERENCES frontdesk.students(org_id, id) ON DELETE CASCADE;

--
-- Name: idempotent_requests idempotent_requests_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.idempotent_requests
    ADD CONSTRAINT idempotent_requests_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: notification_history notification_history_notification_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_history
    ADD CONSTRAINT notification_history_notification_fk FOREIGN KEY (org_id, notification_id) REFERENCES frontdesk.notifications(org_id, id) ON DELETE CASCADE;

--
-- Name: notification_logs notification_logs_recipient_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_logs
    ADD CONSTRAINT notification_logs_recipient_fk FOREIGN KEY (org_id, notification_id, recipient_id) REFERENCES frontdesk.notification_recipients(org_id, notification_id, recipient_id) ON DELETE CASCADE;

--
-- Name: notification_policies notification_policies_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_policies
    ADD CONSTRAINT notification_policies_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: notification_preferences notification_preferences_profile_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_preferences
    ADD CONSTRAINT notification_preferences_profile_fk FOREIGN KEY (org_id, profile_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: notification_recipients notification_recipients_notification_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_recipients
    ADD CONSTRAINT notification_recipients_notification_fk FOREIGN KEY (org_id, notification_id) REFERENCES frontdesk.notifications(org_id, id) ON DELETE CASCADE;

--
-- Name: notification_recipients notification_recipients_recipient_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notification_recipients
    ADD CONSTRAINT notification_recipients_recipient_fk FOREIGN KEY (org_id, recipient_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: notifications notifications_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.notifications
    ADD CONSTRAINT notifications_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: organization_identities organization_identities_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.organization_identities
    ADD CONSTRAINT organization_identities_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: preference_defaults preference_defaults_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.preference_defaults
    ADD CONSTRAINT preference_defaults_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: profile_identities profile_identities_profile_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.profile_identities
    ADD CONSTRAINT profile_identities_profile_fk FOREIGN KEY (org_id, profile_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: profiles profiles_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.profiles
    ADD CONSTRAINT profiles_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: push_subscriptions push_subscriptions_profile_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.push_subscriptions
    ADD CONSTRAINT push_subscriptions_profile_fk FOREIGN KEY (org_id, profile_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: realtime_tickets realtime_tickets_profile_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.realtime_tickets
    ADD CONSTRAINT realtime_tickets_profile_fk FOREIGN KEY (org_id, profile_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: schools schools_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.schools
    ADD CONSTRAINT schools_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: service_keys service_keys_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.service_keys
    ADD CONSTRAINT service_keys_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: signing_keys signing_keys_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.signing_keys
    ADD CONSTRAINT signing_keys_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: students students_grade_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.students
    ADD CONSTRAINT students_grade_fk FOREIGN KEY (org_id, grade_id) REFERENCES frontdesk.grades(org_id, id);

--
-- Name: students students_profile_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.students
    ADD CONSTRAINT students_profile_fk FOREIGN KEY (org_id, id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: students students_school_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.students
    ADD CONSTRAINT students_school_fk FOREIGN KEY (org_id, school_id) REFERENCES frontdesk.schools(org_id, id);

--
-- Name: suppressions suppressions_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.suppressions
    ADD CONSTRAINT suppressions_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: templates templates_org_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.templates
    ADD CONSTRAINT templates_org_fk FOREIGN KEY (org_id) REFERENCES frontdesk.organizations(id) ON DELETE CASCADE;

--
-- Name: user_sessions user_sessions_user_fk; Type: FK CONSTRAINT; Schema: frontdesk; Owner: -
--

ALTER TABLE ONLY frontdesk.user_sessions
    ADD CONSTRAINT user_sessions_user_fk FOREIGN KEY (org_id, user_id) REFERENCES frontdesk.profiles(org_id, id) ON DELETE CASCADE;

--
-- Name: class_teachers; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.class_teachers ENABLE ROW LEVEL SECURITY;

--
-- Name: class_teachers class_teachers_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY class_teachers_delete ON frontdesk.class_teachers FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: class_teachers class_teachers_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY class_teachers_insert ON frontdesk.class_teachers FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: class_teachers class_teachers_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY class_teachers_select ON frontdesk.class_teachers FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.is_staff() OR (frontdesk.role() = 'teacher'::text) OR (teacher_id = frontdesk.user_id()))));

--
-- Name: class_teachers class_teachers_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY class_teachers_service ON frontdesk.class_teachers TO service_role USING (true) WITH CHECK (true);

--
-- Name: class_teachers class_teachers_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY class_teachers_update ON frontdesk.class_teachers FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: classes; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.classes ENABLE ROW LEVEL SECURITY;

--
-- Name: classes classes_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY classes_delete ON frontdesk.classes FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: classes classes_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY classes_insert ON frontdesk.classes FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: classes classes_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY classes_select ON frontdesk.classes FOR SELECT TO authenticated USING ((org_id = frontdesk.org_id()));

--
-- Name: classes classes_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY classes_service ON frontdesk.classes TO service_role USING (true) WITH CHECK (true);

--
-- Name: classes classes_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY classes_update ON frontdesk.classes FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: delivery_events; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.delivery_events ENABLE ROW LEVEL SECURITY;

--
-- Name: delivery_events delivery_events_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY delivery_events_select ON frontdesk.delivery_events FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: delivery_events delivery_events_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY delivery_events_service ON frontdesk.delivery_events TO service_role USING (true) WITH CHECK (true);

--
-- Name: delivery_lanes; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.delivery_lanes ENABLE ROW LEVEL SECURITY;

--
-- Name: delivery_lanes delivery_lanes_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY delivery_lanes_service ON frontdesk.delivery_lanes TO service_role USING (true) WITH CHECK (true);

--
-- Name: delivery_queue; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.delivery_queue ENABLE ROW LEVEL SECURITY;

--
-- Name: delivery_queue delivery_queue_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY delivery_queue_service ON frontdesk.delivery_queue TO service_role USING (true) WITH CHECK (true);

--
-- Name: digest_items; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.digest_items ENABLE ROW LEVEL SECURITY;

--
-- Name: digest_items digest_items_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY digest_items_service ON frontdesk.digest_items TO service_role USING (true) WITH CHECK (true);

--
-- Name: enrollments; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.enrollments ENABLE ROW LEVEL SECURITY;

--
-- Name: enrollments enrollments_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY enrollments_delete ON frontdesk.enrollments FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: enrollments enrollments_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY enrollments_insert ON frontdesk.enrollments FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: enrollments enrollments_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY enrollments_select ON frontdesk.enrollments FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.is_staff() OR (frontdesk.role() = 'teacher'::text) OR (student_id = frontdesk.user_id()))));

--
-- Name: enrollments enrollments_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY enrollments_service ON frontdesk.enrollments TO service_role USING (true) WITH CHECK (true);

--
-- Name: grades; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.grades ENABLE ROW LEVEL SECURITY;

--
-- Name: grades grades_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY grades_delete ON frontdesk.grades FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: grades grades_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY grades_insert ON frontdesk.grades FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: grades grades_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY grades_select ON frontdesk.grades FOR SELECT TO authenticated USING ((org_id = frontdesk.org_id()));

--
-- Name: grades grades_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY grades_service ON frontdesk.grades TO service_role USING (true) WITH CHECK (true);

--
-- Name: grades grades_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY grades_update ON frontdesk.grades FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: guardians; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.guardians ENABLE ROW LEVEL SECURITY;

--
-- Name: guardians guardians_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY guardians_delete ON frontdesk.guardians FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: guardians guardians_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY guardians_insert ON frontdesk.guardians FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: guardians guardians_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY guardians_select ON frontdesk.guardians FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.is_staff() OR (frontdesk.role() = 'teacher'::text) OR (guardian_id = frontdesk.user_id()) OR (student_id = frontdesk.user_id()))));

--
-- Name: guardians guardians_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY guardians_service ON frontdesk.guardians TO service_role USING (true) WITH CHECK (true);

--
-- Name: guardians guardians_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY guardians_update ON frontdesk.guardians FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: idempotent_requests; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.idempotent_requests ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotent_requests idempotent_requests_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY idempotent_requests_insert ON frontdesk.idempotent_requests FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: idempotent_requests idempotent_requests_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY idempotent_requests_select ON frontdesk.idempotent_requests FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: idempotent_requests idempotent_requests_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY idempotent_requests_service ON frontdesk.idempotent_requests TO service_role USING (true) WITH CHECK (true);

--
-- Name: idempotent_requests idempotent_requests_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY idempotent_requests_update ON frontdesk.idempotent_requests FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff())) WITH CHECK ((org_id = frontdesk.org_id()));

--
-- Name: notification_history; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notification_history ENABLE ROW LEVEL SECURITY;

--
-- Name: notification_history notification_history_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_history_select ON frontdesk.notification_history FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: notification_history notification_history_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_history_service ON frontdesk.notification_history TO service_role USING (true) WITH CHECK (true);

--
-- Name: notification_logs; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notification_logs ENABLE ROW LEVEL SECURITY;

--
-- Name: notification_logs notification_logs_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_logs_select ON frontdesk.notification_logs FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND ((recipient_id = frontdesk.user_id()) OR frontdesk.is_staff())));

--
-- Name: notification_logs notification_logs_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_logs_service ON frontdesk.notification_logs TO service_role USING (true) WITH CHECK (true);

--
-- Name: notification_policies; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notification_policies ENABLE ROW LEVEL SECURITY;

--
-- Name: notification_policies notification_policies_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_policies_delete ON frontdesk.notification_policies FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: notification_policies notification_policies_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_policies_insert ON frontdesk.notification_policies FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: notification_policies notification_policies_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_policies_select ON frontdesk.notification_policies FOR SELECT TO authenticated USING ((org_id = frontdesk.org_id()));

--
-- Name: notification_policies notification_policies_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_policies_service ON frontdesk.notification_policies TO service_role USING (true) WITH CHECK (true);

--
-- Name: notification_policies notification_policies_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_policies_update ON frontdesk.notification_policies FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: notification_preferences; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notification_preferences ENABLE ROW LEVEL SECURITY;

--
-- Name: notification_preferences notification_preferences_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_preferences_delete ON frontdesk.notification_preferences FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: notification_preferences notification_preferences_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_preferences_insert ON frontdesk.notification_preferences FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: notification_preferences notification_preferences_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_preferences_select ON frontdesk.notification_preferences FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND ((profile_id = frontdesk.user_id()) OR frontdesk.is_staff())));

--
-- Name: notification_preferences notification_preferences_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_preferences_service ON frontdesk.notification_preferences TO service_role USING (true) WITH CHECK (true);

--
-- Name: notification_preferences notification_preferences_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_preferences_update ON frontdesk.notification_preferences FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id()))) WITH CHECK (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: notification_recipients; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notification_recipients ENABLE ROW LEVEL SECURITY;

--
-- Name: notification_recipients notification_recipients_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_recipients_select ON frontdesk.notification_recipients FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND ((recipient_id = frontdesk.user_id()) OR frontdesk.is_staff())));

--
-- Name: notification_recipients notification_recipients_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notification_recipients_service ON frontdesk.notification_recipients TO service_role USING (true) WITH CHECK (true);

--
-- Name: notifications; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.notifications ENABLE ROW LEVEL SECURITY;

--
-- Name: notifications notifications_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notifications_insert ON frontdesk.notifications FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND frontdesk.is_staff() AND (state = ANY (ARRAY['draft'::text, 'scheduled'::text])) AND (NOT (sender_id IS DISTINCT FROM frontdesk.user_id()))));

--
-- Name: notifications notifications_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notifications_select ON frontdesk.notifications FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: notifications notifications_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notifications_service ON frontdesk.notifications TO service_role USING (true) WITH CHECK (true);

--
-- Name: notifications notifications_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY notifications_update ON frontdesk.notifications FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff())) WITH CHECK (((org_id = frontdesk.org_id()) AND (state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'cancelled'::text]))));

--
-- Name: organization_identities; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.organization_identities ENABLE ROW LEVEL SECURITY;

--
-- Name: organization_identities organization_identities_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY organization_identities_service ON frontdesk.organization_identities TO service_role USING (true) WITH CHECK (true);

--
-- Name: organizations; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.organizations ENABLE ROW LEVEL SECURITY;

--
-- Name: organizations organizations_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY organizations_select ON frontdesk.organizations FOR SELECT TO authenticated USING ((id = frontdesk.org_id()));

--
-- Name: organizations organizations_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY organizations_service ON frontdesk.organizations TO service_role USING (true) WITH CHECK (true);

--
-- Name: preference_defaults; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.preference_defaults ENABLE ROW LEVEL SECURITY;

--
-- Name: preference_defaults preference_defaults_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY preference_defaults_insert ON frontdesk.preference_defaults FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: preference_defaults preference_defaults_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY preference_defaults_select ON frontdesk.preference_defaults FOR SELECT TO authenticated USING ((org_id = frontdesk.org_id()));

--
-- Name: preference_defaults preference_defaults_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY preference_defaults_service ON frontdesk.preference_defaults TO service_role USING (true) WITH CHECK (true);

--
-- Name: preference_defaults preference_defaults_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY preference_defaults_update ON frontdesk.preference_defaults FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: profile_identities; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.profile_identities ENABLE ROW LEVEL SECURITY;

--
-- Name: profile_identities profile_identities_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profile_identities_service ON frontdesk.profile_identities TO service_role USING (true) WITH CHECK (true);

--
-- Name: profiles; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.profiles ENABLE ROW LEVEL SECURITY;

--
-- Name: profiles profiles_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profiles_delete ON frontdesk.profiles FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: profiles profiles_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profiles_insert ON frontdesk.profiles FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: profiles profiles_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profiles_select ON frontdesk.profiles FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.is_staff() OR (id = frontdesk.user_id()))));

--
-- Name: profiles profiles_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profiles_service ON frontdesk.profiles TO service_role USING (true) WITH CHECK (true);

--
-- Name: profiles profiles_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY profiles_update ON frontdesk.profiles FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: push_subscriptions; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.push_subscriptions ENABLE ROW LEVEL SECURITY;

--
-- Name: push_subscriptions push_subscriptions_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY push_subscriptions_delete ON frontdesk.push_subscriptions FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: push_subscriptions push_subscriptions_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY push_subscriptions_select ON frontdesk.push_subscriptions FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: push_subscriptions push_subscriptions_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY push_subscriptions_service ON frontdesk.push_subscriptions TO service_role USING (true) WITH CHECK (true);

--
-- Name: realtime_tickets; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.realtime_tickets ENABLE ROW LEVEL SECURITY;

--
-- Name: realtime_tickets realtime_tickets_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY realtime_tickets_insert ON frontdesk.realtime_tickets FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (profile_id = frontdesk.user_id())));

--
-- Name: realtime_tickets realtime_tickets_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY realtime_tickets_service ON frontdesk.realtime_tickets TO service_role USING (true) WITH CHECK (true);

--
-- Name: schema_migrations; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.schema_migrations ENABLE ROW LEVEL SECURITY;

--
-- Name: schema_migrations schema_migrations_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schema_migrations_service ON frontdesk.schema_migrations TO service_role USING (true) WITH CHECK (true);

--
-- Name: schema_replaceables; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.schema_replaceables ENABLE ROW LEVEL SECURITY;

--
-- Name: schema_replaceables schema_replaceables_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schema_replaceables_service ON frontdesk.schema_replaceables TO service_role USING (true) WITH CHECK (true);

--
-- Name: schools; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.schools ENABLE ROW LEVEL SECURITY;

--
-- Name: schools schools_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schools_delete ON frontdesk.schools FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: schools schools_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schools_insert ON frontdesk.schools FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: schools schools_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schools_select ON frontdesk.schools FOR SELECT TO authenticated USING ((org_id = frontdesk.org_id()));

--
-- Name: schools schools_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schools_service ON frontdesk.schools TO service_role USING (true) WITH CHECK (true);

--
-- Name: schools schools_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY schools_update ON frontdesk.schools FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: service_keys; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.service_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: service_keys service_keys_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY service_keys_select ON frontdesk.service_keys FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = 'admin'::text)));

--
-- Name: service_keys service_keys_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY service_keys_service ON frontdesk.service_keys TO service_role USING (true) WITH CHECK (true);

--
-- Name: signing_keys; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.signing_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: signing_keys signing_keys_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY signing_keys_service ON frontdesk.signing_keys TO service_role USING (true) WITH CHECK (true);

--
-- Name: students; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.students ENABLE ROW LEVEL SECURITY;

--
-- Name: students students_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY students_delete ON frontdesk.students FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: students students_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY students_insert ON frontdesk.students FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: students students_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY students_select ON frontdesk.students FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.is_staff() OR (frontdesk.role() = 'teacher'::text) OR (id = frontdesk.user_id()))));

--
-- Name: students students_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY students_service ON frontdesk.students TO service_role USING (true) WITH CHECK (true);

--
-- Name: students students_update; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY students_update ON frontdesk.students FOR UPDATE TO authenticated USING (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text])))) WITH CHECK (((org_id = frontdesk.org_id()) AND (frontdesk.role() = ANY (ARRAY['admin'::text, 'service'::text]))));

--
-- Name: suppressions; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.suppressions ENABLE ROW LEVEL SECURITY;

--
-- Name: suppressions suppressions_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY suppressions_delete ON frontdesk.suppressions FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: suppressions suppressions_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY suppressions_select ON frontdesk.suppressions FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: suppressions suppressions_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY suppressions_service ON frontdesk.suppressions TO service_role USING (true) WITH CHECK (true);

--
-- Name: templates; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.templates ENABLE ROW LEVEL SECURITY;

--
-- Name: templates templates_delete; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY templates_delete ON frontdesk.templates FOR DELETE TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: templates templates_insert; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY templates_insert ON frontdesk.templates FOR INSERT TO authenticated WITH CHECK (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: templates templates_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY templates_select ON frontdesk.templates FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND frontdesk.is_staff()));

--
-- Name: templates templates_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY templates_service ON frontdesk.templates TO service_role USING (true) WITH CHECK (true);

--
-- Name: user_sessions; Type: ROW SECURITY; Schema: frontdesk; Owner: -
--

ALTER TABLE frontdesk.user_sessions ENABLE ROW LEVEL SECURITY;

--
-- Name: user_sessions user_sessions_select; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY user_sessions_select ON frontdesk.user_sessions FOR SELECT TO authenticated USING (((org_id = frontdesk.org_id()) AND ((user_id = frontdesk.user_id()) OR frontdesk.is_staff())));

--
-- Name: user_sessions user_sessions_service; Type: POLICY; Schema: frontdesk; Owner: -
--

CREATE POLICY user_sessions_service ON frontdesk.user_sessions TO service_role USING (true) WITH CHECK (true);

--
-- Name: SCHEMA frontdesk; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA frontdesk TO anon;
GRANT USAGE ON SCHEMA frontdesk TO authenticated;
GRANT USAGE ON SCHEMA frontdesk TO service_role;
GRANT USAGE ON SCHEMA frontdesk TO frontdesk_api;
GRANT USAGE ON SCHEMA frontdesk TO frontdesk_worker;

--
-- Name: FUNCTION acknowledge_deliveries(p_log_ids uuid[]); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.acknowledge_deliveries(p_log_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.acknowledge_deliveries(p_log_ids uuid[]) TO authenticated;

--
-- Name: FUNCTION acknowledge_notification(p_notification_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.acknowledge_notification(p_notification_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.acknowledge_notification(p_notification_id uuid) TO authenticated;

--
-- Name: FUNCTION apply_retention(p_now timestamp with time zone, p_limit integer, OUT logs bigint, OUT messages bigint, OUT requests bigint); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.apply_retention(p_now timestamp with time zone, p_limit integer, OUT logs bigint, OUT messages bigint, OUT requests bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.apply_retention(p_now timestamp with time zone, p_limit integer, OUT logs bigint, OUT messages bigint, OUT requests bigint) TO service_role;

--
-- Name: FUNCTION audience_members(p_org_id uuid, p_audience jsonb, p_after uuid, p_limit integer); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.audience_members(p_org_id uuid, p_audience jsonb, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.audience_members(p_org_id uuid, p_audience jsonb, p_after uuid, p_limit integer) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.audience_members(p_org_id uuid, p_audience jsonb, p_after uuid, p_limit integer) TO service_role;

--
-- Name: FUNCTION org_id(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.org_id() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.org_id() TO anon;
GRANT ALL ON FUNCTION frontdesk.org_id() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.org_id() TO service_role;

--
-- Name: FUNCTION cancel_notification(p_id uuid, p_org_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.cancel_notification(p_id uuid, p_org_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.cancel_notification(p_id uuid, p_org_id uuid) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.cancel_notification(p_id uuid, p_org_id uuid) TO service_role;

--
-- Name: FUNCTION check_audience(p_audience jsonb); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.check_audience(p_audience jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.check_audience(p_audience jsonb) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.check_audience(p_audience jsonb) TO service_role;

--
-- Name: FUNCTION create_notification(p_title text, p_content text, p_audience jsonb, p_category text, p_priority text, p_severity text, p_type text, p_channels text[], p_action_url text, p_data jsonb, p_related_entity_type text, p_related_entity_id uuid, p_scheduled_for timestamp with time zone, p_expires_at timestamp with time zone, p_acknowledgement boolean, p_idempotency_key text, p_org_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.create_notification(p_title text, p_content text, p_audience jsonb, p_category text, p_priority text, p_severity text, p_type text, p_channels text[], p_action_url text, p_data jsonb, p_related_entity_type text, p_related_entity_id uuid, p_scheduled_for timestamp with time zone, p_expires_at timestamp with time zone, p_acknowledgement boolean, p_idempotency_key text, p_org_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.create_notification(p_title text, p_content text, p_audience jsonb, p_category text, p_priority text, p_severity text, p_type text, p_channels text[], p_action_url text, p_data jsonb, p_related_entity_type text, p_related_entity_id uuid, p_scheduled_for timestamp with time zone, p_expires_at timestamp with time zone, p_acknowledgement boolean, p_idempotency_key text, p_org_id uuid) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.create_notification(p_title text, p_content text, p_audience jsonb, p_category text, p_priority text, p_severity text, p_type text, p_channels text[], p_action_url text, p_data jsonb, p_related_entity_type text, p_related_entity_id uuid, p_scheduled_for timestamp with time zone, p_expires_at timestamp with time zone, p_acknowledgement boolean, p_idempotency_key text, p_org_id uuid) TO service_role;

--
-- Name: FUNCTION default_policy(p_category text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.default_policy(p_category text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.default_policy(p_category text) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.default_policy(p_category text) TO service_role;

--
-- Name: FUNCTION edited_fields(p_old jsonb, p_new jsonb); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.edited_fields(p_old jsonb, p_new jsonb) FROM PUBLIC;

--
-- Name: FUNCTION end_idle_sessions(p_org_id uuid, p_user_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.end_idle_sessions(p_org_id uuid, p_user_id uuid) FROM PUBLIC;

--
-- Name: FUNCTION expire_old_notifications(p_now timestamp with time zone, p_limit integer); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.expire_old_notifications(p_now timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.expire_old_notifications(p_now timestamp with time zone, p_limit integer) TO service_role;

--
-- Name: FUNCTION get_notification_recipients(p_target_role text, p_target_grade_ids uuid[], p_target_class_ids uuid[], p_specific_user_ids uuid[], p_org_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.get_notification_recipients(p_target_role text, p_target_grade_ids uuid[], p_target_class_ids uuid[], p_specific_user_ids uuid[], p_org_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.get_notification_recipients(p_target_role text, p_target_grade_ids uuid[], p_target_class_ids uuid[], p_specific_user_ids uuid[], p_org_id uuid) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.get_notification_recipients(p_target_role text, p_target_grade_ids uuid[], p_target_class_ids uuid[], p_specific_user_ids uuid[], p_org_id uuid) TO service_role;

--
-- Name: PROCEDURE guard_table(IN p_table text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON PROCEDURE frontdesk.guard_table(IN p_table text) FROM PUBLIC;

--
-- Name: FUNCTION role(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.role() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.role() TO anon;
GRANT ALL ON FUNCTION frontdesk.role() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.role() TO service_role;

--
-- Name: FUNCTION is_staff(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.is_staff() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.is_staff() TO anon;
GRANT ALL ON FUNCTION frontdesk.is_staff() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.is_staff() TO service_role;

--
-- Name: FUNCTION live_session(p_org_id uuid, p_token_hash bytea); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.live_session(p_org_id uuid, p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.live_session(p_org_id uuid, p_token_hash bytea) TO frontdesk_api;

--
-- Name: FUNCTION localized(p_contents jsonb, p_locale text, p_fallback text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.localized(p_contents jsonb, p_locale text, p_fallback text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.localized(p_contents jsonb, p_locale text, p_fallback text) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.localized(p_contents jsonb, p_locale text, p_fallback text) TO service_role;

--
-- Name: TABLE organizations; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.organizations TO service_role;
GRANT SELECT ON TABLE frontdesk.organizations TO authenticated;

--
-- Name: COLUMN organizations.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.slug; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(slug) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.kind; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(kind) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.timezone; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(timezone) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.locale; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(locale) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.settings; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(settings) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: COLUMN organizations.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.organizations TO service_role;

--
-- Name: TABLE profiles; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.profiles TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.profiles TO service_role;

--
-- Name: COLUMN profiles.role; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(role) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(role) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.status; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(status) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(status) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(name) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.email; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(email) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(email) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.phone; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(phone) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(phone) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.locale; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(locale) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(locale) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.timezone; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(timezone) ON TABLE frontdesk.profiles TO service_role;
GRANT UPDATE(timezone) ON TABLE frontdesk.profiles TO authenticated;

--
-- Name: COLUMN profiles.source; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(source) ON TABLE frontdesk.profiles TO service_role;

--
-- Name: COLUMN profiles.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.profiles TO service_role;

--
-- Name: COLUMN profiles.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.profiles TO service_role;

--
-- Name: COLUMN profiles.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.profiles TO service_role;

--
-- Name: FUNCTION localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb) TO service_role;

--
-- Name: FUNCTION set_inbox_status(p_notification_ids uuid[], p_status text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.set_inbox_status(p_notification_ids uuid[], p_status text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.set_inbox_status(p_notification_ids uuid[], p_status text) TO authenticated;

--
-- Name: FUNCTION user_id(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.user_id() TO anon;
GRANT ALL ON FUNCTION frontdesk.user_id() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.user_id() TO service_role;

--
-- Name: TABLE notification_recipients; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_recipients TO service_role;
GRANT SELECT ON TABLE frontdesk.notification_recipients TO authenticated;

--
-- Name: COLUMN notification_recipients.notification_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(notification_id) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.recipient_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(recipient_id) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.role; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(role) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.reasons; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(reasons) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.in_app; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(in_app) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.status; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(status) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.seen_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(seen_at) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.read_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(read_at) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.archived_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(archived_at) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.snoozed_until; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(snoozed_until) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.acknowledgement; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(acknowledgement) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: COLUMN notification_recipients.acknowledged_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(acknowledged_at) ON TABLE frontdesk.notification_recipients TO service_role;

--
-- Name: TABLE notifications; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notifications TO service_role;
GRANT SELECT,INSERT ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.title; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(title) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(title) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.content; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(content) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(content) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.severity; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(severity) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(severity) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.type; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(type) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(type) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.category; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(category) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(category) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.priority; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(priority) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(priority) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.channels; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(channels) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(channels) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.audience; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(audience) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(audience) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.sender_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(sender_id) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.related_entity_type; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(related_entity_type) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(related_entity_type) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.related_entity_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(related_entity_id) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(related_entity_id) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.action_url; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(action_url) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(action_url) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.data; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(data) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(data) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.state; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(state) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(state) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.scheduled_for; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(scheduled_for) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(scheduled_for) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.expires_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(expires_at) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.expanded_to; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(expanded_to) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.recipient_count; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(recipient_count) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.idempotency_key; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(idempotency_key) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.request_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(request_hash) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.version; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(version) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.acknowledgement; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(acknowledgement) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(acknowledgement) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.asked_channels; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(asked_channels) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(asked_channels) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.steps; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(steps) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(steps) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.next_step; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(next_step) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.next_step_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(next_step_at) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.step_to; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(step_to) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.audience_total; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(audience_total) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.ended_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(ended_at) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.swept; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(swept) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.final_totals; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(final_totals) ON TABLE frontdesk.notifications TO service_role;

--
-- Name: COLUMN notifications.template; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(template) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(template) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: COLUMN notifications.contents; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(contents) ON TABLE frontdesk.notifications TO service_role;
GRANT UPDATE(contents) ON TABLE frontdesk.notifications TO authenticated;

--
-- Name: TABLE inbox; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT ON TABLE frontdesk.inbox TO authenticated;

--
-- Name: FUNCTION mark_inbox(p_notification_ids uuid[], p_status text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.mark_inbox(p_notification_ids uuid[], p_status text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.mark_inbox(p_notification_ids uuid[], p_status text) TO authenticated;

--
-- Name: FUNCTION mark_inbox_seen(p_notification_ids uuid[]); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.mark_inbox_seen(p_notification_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.mark_inbox_seen(p_notification_ids uuid[]) TO authenticated;

--
-- Name: FUNCTION move_notification(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.move_notification() FROM PUBLIC;

--
-- Name: FUNCTION next_digest(p_now timestamp with time zone, p_timezone text, p_digest text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.next_digest(p_now timestamp with time zone, p_timezone text, p_digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.next_digest(p_now timestamp with time zone, p_timezone text, p_digest text) TO service_role;

--
-- Name: FUNCTION open_request(p_claims text, p_provider_session_id text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.open_request(p_claims text, p_provider_session_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.open_request(p_claims text, p_provider_session_id text) TO frontdesk_api;

--
-- Name: FUNCTION open_request_with_key(p_org_id uuid, p_key_id uuid, p_secret_hash bytea); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.open_request_with_key(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.open_request_with_key(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) TO frontdesk_api;

--
-- Name: FUNCTION open_request_with_session(p_org_id uuid, p_token_hash bytea); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.open_request_with_session(p_org_id uuid, p_token_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.open_request_with_session(p_org_id uuid, p_token_hash bytea) TO frontdesk_api;

--
-- Name: FUNCTION plan_message(p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[], OUT channels text[], OUT steps jsonb, OUT acknowledgement boolean); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.plan_message(p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[], OUT channels text[], OUT steps jsonb, OUT acknowledgement boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.plan_message(p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[], OUT channels text[], OUT steps jsonb, OUT acknowledgement boolean) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.plan_message(p_org_id uuid, p_category text, p_channels text[], p_acknowledgement boolean, p_available text[], OUT channels text[], OUT steps jsonb, OUT acknowledgement boolean) TO service_role;

--
-- Name: TABLE notification_policies; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_policies TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_policies TO authenticated;

--
-- Name: COLUMN notification_policies.category; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(category) ON TABLE frontdesk.notification_policies TO service_role;

--
-- Name: COLUMN notification_policies.policy; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(policy) ON TABLE frontdesk.notification_policies TO service_role;
GRANT UPDATE(policy) ON TABLE frontdesk.notification_policies TO authenticated;

--
-- Name: COLUMN notification_policies.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.notification_policies TO service_role;

--
-- Name: FUNCTION policy_of(p_org_id uuid, p_category text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.policy_of(p_org_id uuid, p_category text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.policy_of(p_org_id uuid, p_category text) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.policy_of(p_org_id uuid, p_category text) TO service_role;

--
-- Name: FUNCTION pre_request(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.pre_request() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.pre_request() TO anon;
GRANT ALL ON FUNCTION frontdesk.pre_request() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.pre_request() TO service_role;

--
-- Name: FUNCTION prevent_org_id_change(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.prevent_org_id_change() FROM PUBLIC;

--
-- Name: FUNCTION priority_rank(p_category text, p_priority text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.priority_rank(p_category text, p_priority text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.priority_rank(p_category text, p_priority text) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.priority_rank(p_category text, p_priority text) TO service_role;

--
-- Name: FUNCTION provider_session_has_ended(p_org_id uuid, p_user_id uuid, p_provider_session_id text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.provider_session_has_ended(p_org_id uuid, p_user_id uuid, p_provider_session_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.provider_session_has_ended(p_org_id uuid, p_user_id uuid, p_provider_session_id text) TO frontdesk_api;

--
-- Name: FUNCTION quiet_until(p_now timestamp with time zone, p_timezone text, p_from time without time zone, p_to time without time zone); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.quiet_until(p_now timestamp with time zone, p_timezone text, p_from time without time zone, p_to time without time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.quiet_until(p_now timestamp with time zone, p_timezone text, p_from time without time zone, p_to time without time zone) TO service_role;

--
-- Name: FUNCTION record_notification(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.record_notification() FROM PUBLIC;

--
-- Name: FUNCTION redrive(p_org uuid, p_notification uuid, p_channel text, p_reason text, p_ids uuid[], p_limit integer); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.redrive(p_org uuid, p_notification uuid, p_channel text, p_reason text, p_ids uuid[], p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.redrive(p_org uuid, p_notification uuid, p_channel text, p_reason text, p_ids uuid[], p_limit integer) TO service_role;

--
-- Name: FUNCTION redrive_deliveries(p_notification uuid, p_channel text, p_reason text, p_ids uuid[]); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.redrive_deliveries(p_notification uuid, p_channel text, p_reason text, p_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.redrive_deliveries(p_notification uuid, p_channel text, p_reason text, p_ids uuid[]) TO authenticated;

--
-- Name: FUNCTION register_device(p_id uuid, p_kind text, p_token text, p_p256dh bytea, p_auth bytea, p_name text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.register_device(p_id uuid, p_kind text, p_token text, p_p256dh bytea, p_auth bytea, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.register_device(p_id uuid, p_kind text, p_token text, p_p256dh bytea, p_auth bytea, p_name text) TO authenticated;

--
-- Name: FUNCTION resolve_identity(p_issuer text, p_org text, p_user text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.resolve_identity(p_issuer text, p_org text, p_user text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.resolve_identity(p_issuer text, p_org text, p_user text) TO frontdesk_api;

--
-- Name: FUNCTION retention_days(p_settings jsonb, p_kind text, p_default integer); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.retention_days(p_settings jsonb, p_kind text, p_default integer) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.retention_days(p_settings jsonb, p_kind text, p_default integer) TO service_role;

--
-- Name: FUNCTION service_key_is_live(p_org_id uuid, p_key_id uuid, p_secret_hash bytea); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.service_key_is_live(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.service_key_is_live(p_org_id uuid, p_key_id uuid, p_secret_hash bytea) TO frontdesk_api;

--
-- Name: FUNCTION sign(p_org_id uuid, p_message bytea); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.sign(p_org_id uuid, p_message bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.sign(p_org_id uuid, p_message bytea) TO service_role;

--
-- Name: FUNCTION snooze_inbox(p_notification_ids uuid[], p_until timestamp with time zone); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.snooze_inbox(p_notification_ids uuid[], p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.snooze_inbox(p_notification_ids uuid[], p_until timestamp with time zone) TO authenticated;

--
-- Name: FUNCTION start_session(p_session_id uuid, p_token_hash bytea, p_lifetime interval, p_device_type text, p_device_id bytea, p_user_agent text, p_ip_address inet, p_provider_session_id text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.start_session(p_session_id uuid, p_token_hash bytea, p_lifetime interval, p_device_type text, p_device_id bytea, p_user_agent text, p_ip_address inet, p_provider_session_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.start_session(p_session_id uuid, p_token_hash bytea, p_lifetime interval, p_device_type text, p_device_id bytea, p_user_agent text, p_ip_address inet, p_provider_session_id text) TO authenticated;

--
-- Name: FUNCTION sweep_notification(p_limit integer, p_now timestamp with time zone); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.sweep_notification(p_limit integer, p_now timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.sweep_notification(p_limit integer, p_now timestamp with time zone) TO service_role;

--
-- Name: FUNCTION take_turns(p_org uuid, p_channel text, p_priority smallint, p_count integer); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.take_turns(p_org uuid, p_channel text, p_priority smallint, p_count integer) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.take_turns(p_org uuid, p_channel text, p_priority smallint, p_count integer) TO service_role;

--
-- Name: FUNCTION terminate_session(p_session_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.terminate_session(p_session_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.terminate_session(p_session_id uuid) TO authenticated;

--
-- Name: FUNCTION terminate_user_sessions(p_user_id uuid, p_reason text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.terminate_user_sessions(p_user_id uuid, p_reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.terminate_user_sessions(p_user_id uuid, p_reason text) TO authenticated;

--
-- Name: FUNCTION touch_session(p_org_id uuid, p_session_id uuid); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.touch_session(p_org_id uuid, p_session_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.touch_session(p_org_id uuid, p_session_id uuid) TO frontdesk_api;

--
-- Name: FUNCTION touch_updated_at(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.touch_updated_at() FROM PUBLIC;

--
-- Name: FUNCTION unsubscribe(p_token text, p_apply boolean); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.unsubscribe(p_token text, p_apply boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.unsubscribe(p_token text, p_apply boolean) TO service_role;

--
-- Name: FUNCTION unsubscribe_token(p_org_id uuid, p_profile_id uuid, p_category text, p_type text); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.unsubscribe_token(p_org_id uuid, p_profile_id uuid, p_category text, p_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.unsubscribe_token(p_org_id uuid, p_profile_id uuid, p_category text, p_type text) TO service_role;

--
-- Name: FUNCTION uuid_list(p_list jsonb); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.uuid_list(p_list jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.uuid_list(p_list jsonb) TO authenticated;
GRANT ALL ON FUNCTION frontdesk.uuid_list(p_list jsonb) TO service_role;

--
-- Name: FUNCTION uuid_v7(); Type: ACL; Schema: frontdesk; Owner: -
--

REVOKE ALL ON FUNCTION frontdesk.uuid_v7() FROM PUBLIC;
GRANT ALL ON FUNCTION frontdesk.uuid_v7() TO anon;
GRANT ALL ON FUNCTION frontdesk.uuid_v7() TO authenticated;
GRANT ALL ON FUNCTION frontdesk.uuid_v7() TO service_role;

--
-- Name: TABLE class_teachers; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.class_teachers TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.class_teachers TO authenticated;

--
-- Name: COLUMN class_teachers.class_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(class_id) ON TABLE frontdesk.class_teachers TO service_role;

--
-- Name: COLUMN class_teachers.teacher_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(teacher_id) ON TABLE frontdesk.class_teachers TO service_role;

--
-- Name: COLUMN class_teachers."position"; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE("position") ON TABLE frontdesk.class_teachers TO service_role;
GRANT UPDATE("position") ON TABLE frontdesk.class_teachers TO authenticated;

--
-- Name: COLUMN class_teachers.source; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(source) ON TABLE frontdesk.class_teachers TO service_role;

--
-- Name: COLUMN class_teachers.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.class_teachers TO service_role;

--
-- Name: TABLE classes; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.classes TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.classes TO service_role;

--
-- Name: COLUMN classes.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.classes TO service_role;

--
-- Name: COLUMN classes.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(name) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.course; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(course) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(course) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.period; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(period) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(period) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.school_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(school_id) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(school_id) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.grade_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(grade_id) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(grade_id) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.starts_on; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(starts_on) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(starts_on) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.ends_on; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(ends_on) ON TABLE frontdesk.classes TO service_role;
GRANT UPDATE(ends_on) ON TABLE frontdesk.classes TO authenticated;

--
-- Name: COLUMN classes.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.classes TO service_role;

--
-- Name: COLUMN classes.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.classes TO service_role;

--
-- Name: TABLE delivery_events; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.delivery_events TO service_role;
GRANT SELECT ON TABLE frontdesk.delivery_events TO authenticated;

--
-- Name: COLUMN delivery_events.log_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(log_id) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.kind; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(kind) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.attempt; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(attempt) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.status; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(status) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.reason; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(reason) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.provider; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(provider) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.message; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(message) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: COLUMN delivery_events.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.delivery_events TO service_role;

--
-- Name: TABLE delivery_lanes; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.delivery_lanes TO service_role;

--
-- Name: COLUMN delivery_lanes.channel; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(channel) ON TABLE frontdesk.delivery_lanes TO service_role;

--
-- Name: COLUMN delivery_lanes.priority; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(priority) ON TABLE frontdesk.delivery_lanes TO service_role;

--
-- Name: COLUMN delivery_lanes.last_turn; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(last_turn) ON TABLE frontdesk.delivery_lanes TO service_role;

--
-- Name: TABLE delivery_queue; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.log_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(log_id) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.notification_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(notification_id) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.channel; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(channel) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.priority; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(priority) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.due_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(due_at) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.attempts; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(attempts) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.leased_until; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(leased_until) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.recipient_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(recipient_id) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.turn; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(turn) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.attempts_before; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(attempts_before) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: COLUMN delivery_queue.only_if; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(only_if) ON TABLE frontdesk.delivery_queue TO service_role;

--
-- Name: TABLE digest_items; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.digest_items TO service_role;

--
-- Name: COLUMN digest_items.profile_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(profile_id) ON TABLE frontdesk.digest_items TO service_role;

--
-- Name: COLUMN digest_items.log_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(log_id) ON TABLE frontdesk.digest_items TO service_role;

--
-- Name: COLUMN digest_items.notification_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(notification_id) ON TABLE frontdesk.digest_items TO service_role;

--
-- Name: COLUMN digest_items.due_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(due_at) ON TABLE frontdesk.digest_items TO service_role;

--
-- Name: TABLE enrollments; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.enrollments TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.enrollments TO authenticated;

--
-- Name: COLUMN enrollments.class_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(class_id) ON TABLE frontdesk.enrollments TO service_role;

--
-- Name: COLUMN enrollments.student_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(student_id) ON TABLE frontdesk.enrollments TO service_role;

--
-- Name: COLUMN enrollments.source; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(source) ON TABLE frontdesk.enrollments TO service_role;

--
-- Name: COLUMN enrollments.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.enrollments TO service_role;

--
-- Name: TABLE grades; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.grades TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.grades TO authenticated;

--
-- Name: COLUMN grades.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.grades TO service_role;

--
-- Name: COLUMN grades.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.grades TO service_role;

--
-- Name: COLUMN grades.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.grades TO service_role;
GRANT UPDATE(name) ON TABLE frontdesk.grades TO authenticated;

--
-- Name: COLUMN grades."position"; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE("position") ON TABLE frontdesk.grades TO service_role;
GRANT UPDATE("position") ON TABLE frontdesk.grades TO authenticated;

--
-- Name: COLUMN grades.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.grades TO service_role;

--
-- Name: COLUMN grades.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.grades TO service_role;

--
-- Name: TABLE guardians; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.guardians TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.guardians TO authenticated;

--
-- Name: COLUMN guardians.student_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(student_id) ON TABLE frontdesk.guardians TO service_role;

--
-- Name: COLUMN guardians.guardian_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(guardian_id) ON TABLE frontdesk.guardians TO service_role;

--
-- Name: COLUMN guardians.relationship; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(relationship) ON TABLE frontdesk.guardians TO service_role;
GRANT UPDATE(relationship) ON TABLE frontdesk.guardians TO authenticated;

--
-- Name: COLUMN guardians.source; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(source) ON TABLE frontdesk.guardians TO service_role;

--
-- Name: COLUMN guardians.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.guardians TO service_role;

--
-- Name: COLUMN guardians.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.guardians TO service_role;

--
-- Name: TABLE idempotent_requests; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.idempotent_requests TO service_role;
GRANT SELECT,INSERT ON TABLE frontdesk.idempotent_requests TO authenticated;

--
-- Name: COLUMN idempotent_requests.operation; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(operation) ON TABLE frontdesk.idempotent_requests TO service_role;

--
-- Name: COLUMN idempotent_requests.key; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(key) ON TABLE frontdesk.idempotent_requests TO service_role;

--
-- Name: COLUMN idempotent_requests.request_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(request_hash) ON TABLE frontdesk.idempotent_requests TO service_role;

--
-- Name: COLUMN idempotent_requests.status; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(status) ON TABLE frontdesk.idempotent_requests TO service_role;
GRANT UPDATE(status) ON TABLE frontdesk.idempotent_requests TO authenticated;

--
-- Name: COLUMN idempotent_requests.response; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(response) ON TABLE frontdesk.idempotent_requests TO service_role;
GRANT UPDATE(response) ON TABLE frontdesk.idempotent_requests TO authenticated;

--
-- Name: COLUMN idempotent_requests.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.idempotent_requests TO service_role;

--
-- Name: TABLE notification_history; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_history TO service_role;
GRANT SELECT ON TABLE frontdesk.notification_history TO authenticated;

--
-- Name: COLUMN notification_history.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: COLUMN notification_history.notification_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(notification_id) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: COLUMN notification_history.event; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(event) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: COLUMN notification_history.actor_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(actor_id) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: COLUMN notification_history.detail; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(detail) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: COLUMN notification_history.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.notification_history TO service_role;

--
-- Name: TABLE notification_logs; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_logs TO service_role;
GRANT SELECT ON TABLE frontdesk.notification_logs TO authenticated;

--
-- Name: COLUMN notification_logs.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.notification_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(notification_id) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.recipient_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(recipient_id) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.channel; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(channel) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.status; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(status) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.reason; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(reason) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.error_message; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(error_message) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.retry_count; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(retry_count) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.sent_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(sent_at) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.delivered_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(delivered_at) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.failed_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(failed_at) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.provider; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(provider) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.answer; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(answer) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: COLUMN notification_logs.units; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(units) ON TABLE frontdesk.notification_logs TO service_role;

--
-- Name: TABLE notification_preferences; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_preferences TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.profile_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(profile_id) ON TABLE frontdesk.notification_preferences TO service_role;

--
-- Name: COLUMN notification_preferences.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.notification_preferences TO service_role;

--
-- Name: COLUMN notification_preferences.muted; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(muted) ON TABLE frontdesk.notification_preferences TO service_role;
GRANT UPDATE(muted) ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.digest; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(digest) ON TABLE frontdesk.notification_preferences TO service_role;
GRANT UPDATE(digest) ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.quiet_from; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(quiet_from) ON TABLE frontdesk.notification_preferences TO service_role;
GRANT UPDATE(quiet_from) ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.quiet_to; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(quiet_to) ON TABLE frontdesk.notification_preferences TO service_role;
GRANT UPDATE(quiet_to) ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.timezone; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(timezone) ON TABLE frontdesk.notification_preferences TO service_role;
GRANT UPDATE(timezone) ON TABLE frontdesk.notification_preferences TO authenticated;

--
-- Name: COLUMN notification_preferences.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.notification_preferences TO service_role;

--
-- Name: TABLE organization_identities; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.organization_identities TO service_role;

--
-- Name: COLUMN organization_identities.issuer; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(issuer) ON TABLE frontdesk.organization_identities TO service_role;

--
-- Name: COLUMN organization_identities.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.organization_identities TO service_role;

--
-- Name: COLUMN organization_identities.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.organization_identities TO service_role;

--
-- Name: TABLE preference_defaults; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.preference_defaults TO service_role;
GRANT SELECT,INSERT ON TABLE frontdesk.preference_defaults TO authenticated;

--
-- Name: COLUMN preference_defaults.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.preference_defaults TO service_role;

--
-- Name: COLUMN preference_defaults.muted; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(muted) ON TABLE frontdesk.preference_defaults TO service_role;
GRANT UPDATE(muted) ON TABLE frontdesk.preference_defaults TO authenticated;

--
-- Name: COLUMN preference_defaults.digest; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(digest) ON TABLE frontdesk.preference_defaults TO service_role;
GRANT UPDATE(digest) ON TABLE frontdesk.preference_defaults TO authenticated;

--
-- Name: COLUMN preference_defaults.quiet_from; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(quiet_from) ON TABLE frontdesk.preference_defaults TO service_role;
GRANT UPDATE(quiet_from) ON TABLE frontdesk.preference_defaults TO authenticated;

--
-- Name: COLUMN preference_defaults.quiet_to; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(quiet_to) ON TABLE frontdesk.preference_defaults TO service_role;
GRANT UPDATE(quiet_to) ON TABLE frontdesk.preference_defaults TO authenticated;

--
-- Name: COLUMN preference_defaults.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.preference_defaults TO service_role;

--
-- Name: TABLE profile_identities; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.profile_identities TO service_role;

--
-- Name: COLUMN profile_identities.issuer; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(issuer) ON TABLE frontdesk.profile_identities TO service_role;

--
-- Name: COLUMN profile_identities.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.profile_identities TO service_role;

--
-- Name: COLUMN profile_identities.profile_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(profile_id) ON TABLE frontdesk.profile_identities TO service_role;

--
-- Name: COLUMN profile_identities.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.profile_identities TO service_role;

--
-- Name: TABLE push_subscriptions; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.push_subscriptions TO service_role;
GRANT SELECT,DELETE ON TABLE frontdesk.push_subscriptions TO authenticated;

--
-- Name: COLUMN push_subscriptions.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.profile_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(profile_id) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.kind; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(kind) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.token; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(token) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.token_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(token_hash) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.p256dh; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(p256dh) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.auth; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(auth) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: COLUMN push_subscriptions.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.push_subscriptions TO service_role;

--
-- Name: TABLE realtime_tickets; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.realtime_tickets TO service_role;
GRANT INSERT ON TABLE frontdesk.realtime_tickets TO authenticated;

--
-- Name: COLUMN realtime_tickets.secret_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(secret_hash) ON TABLE frontdesk.realtime_tickets TO service_role;

--
-- Name: COLUMN realtime_tickets.profile_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(profile_id) ON TABLE frontdesk.realtime_tickets TO service_role;

--
-- Name: COLUMN realtime_tickets.expires_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE frontdesk.realtime_tickets TO service_role;

--
-- Name: COLUMN realtime_tickets.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.realtime_tickets TO service_role;

--
-- Name: TABLE schema_migrations; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT ON TABLE frontdesk.schema_migrations TO service_role;

--
-- Name: TABLE schema_replaceables; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT ON TABLE frontdesk.schema_replaceables TO service_role;

--
-- Name: TABLE schools; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.schools TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.schools TO authenticated;

--
-- Name: COLUMN schools.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.schools TO service_role;

--
-- Name: COLUMN schools.external_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(external_id) ON TABLE frontdesk.schools TO service_role;

--
-- Name: COLUMN schools.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.schools TO service_role;
GRANT UPDATE(name) ON TABLE frontdesk.schools TO authenticated;

--
-- Name: COLUMN schools.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.schools TO service_role;

--
-- Name: COLUMN schools.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.schools TO service_role;

--
-- Name: TABLE service_keys; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.service_keys TO service_role;

--
-- Name: COLUMN service_keys.org_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT(org_id) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: COLUMN service_keys.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.service_keys TO service_role;
GRANT SELECT(id) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: COLUMN service_keys.name; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(name) ON TABLE frontdesk.service_keys TO service_role;
GRANT SELECT(name) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: COLUMN service_keys.secret_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(secret_hash) ON TABLE frontdesk.service_keys TO service_role;

--
-- Name: COLUMN service_keys.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.service_keys TO service_role;
GRANT SELECT(created_at) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: COLUMN service_keys.expires_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE frontdesk.service_keys TO service_role;
GRANT SELECT(expires_at) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: COLUMN service_keys.revoked_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(revoked_at) ON TABLE frontdesk.service_keys TO service_role;
GRANT SELECT(revoked_at) ON TABLE frontdesk.service_keys TO authenticated;

--
-- Name: TABLE signing_keys; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.signing_keys TO service_role;

--
-- Name: COLUMN signing_keys.purpose; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(purpose) ON TABLE frontdesk.signing_keys TO service_role;

--
-- Name: COLUMN signing_keys.inner_key; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(inner_key) ON TABLE frontdesk.signing_keys TO service_role;

--
-- Name: COLUMN signing_keys.outer_key; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(outer_key) ON TABLE frontdesk.signing_keys TO service_role;

--
-- Name: COLUMN signing_keys.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.signing_keys TO service_role;

--
-- Name: TABLE students; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.students TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.students TO authenticated;

--
-- Name: COLUMN students.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.students TO service_role;

--
-- Name: COLUMN students.school_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(school_id) ON TABLE frontdesk.students TO service_role;
GRANT UPDATE(school_id) ON TABLE frontdesk.students TO authenticated;

--
-- Name: COLUMN students.grade_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(grade_id) ON TABLE frontdesk.students TO service_role;
GRANT UPDATE(grade_id) ON TABLE frontdesk.students TO authenticated;

--
-- Name: COLUMN students.student_number; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(student_number) ON TABLE frontdesk.students TO service_role;
GRANT UPDATE(student_number) ON TABLE frontdesk.students TO authenticated;

--
-- Name: COLUMN students.date_of_birth; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(date_of_birth) ON TABLE frontdesk.students TO service_role;
GRANT UPDATE(date_of_birth) ON TABLE frontdesk.students TO authenticated;

--
-- Name: COLUMN students.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.students TO service_role;

--
-- Name: COLUMN students.updated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(updated_at) ON TABLE frontdesk.students TO service_role;

--
-- Name: TABLE suppressions; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.suppressions TO service_role;
GRANT SELECT,DELETE ON TABLE frontdesk.suppressions TO authenticated;

--
-- Name: COLUMN suppressions.channel; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(channel) ON TABLE frontdesk.suppressions TO service_role;

--
-- Name: COLUMN suppressions.address; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(address) ON TABLE frontdesk.suppressions TO service_role;

--
-- Name: COLUMN suppressions.reason; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(reason) ON TABLE frontdesk.suppressions TO service_role;

--
-- Name: COLUMN suppressions.detail; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(detail) ON TABLE frontdesk.suppressions TO service_role;

--
-- Name: COLUMN suppressions.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.suppressions TO service_role;

--
-- Name: TABLE templates; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.templates TO service_role;
GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.templates TO authenticated;

--
-- Name: COLUMN templates.key; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(key) ON TABLE frontdesk.templates TO service_role;

--
-- Name: COLUMN templates.version; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(version) ON TABLE frontdesk.templates TO service_role;

--
-- Name: COLUMN templates.contents; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(contents) ON TABLE frontdesk.templates TO service_role;

--
-- Name: COLUMN templates.created_by; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_by) ON TABLE frontdesk.templates TO service_role;

--
-- Name: COLUMN templates.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.templates TO service_role;

--
-- Name: TABLE user_sessions; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT,INSERT,DELETE ON TABLE frontdesk.user_sessions TO service_role;

--
-- Name: COLUMN user_sessions.org_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT SELECT(org_id) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(id) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(id) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.user_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(user_id) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(user_id) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.token_hash; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(token_hash) ON TABLE frontdesk.user_sessions TO service_role;

--
-- Name: COLUMN user_sessions.provider_session_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(provider_session_id) ON TABLE frontdesk.user_sessions TO service_role;

--
-- Name: COLUMN user_sessions.is_active; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(is_active) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(is_active) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.last_active; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(last_active) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(last_active) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.device_type; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(device_type) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(device_type) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.device_id; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(device_id) ON TABLE frontdesk.user_sessions TO service_role;

--
-- Name: COLUMN user_sessions.user_agent; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(user_agent) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(user_agent) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.ip_address; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(ip_address) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(ip_address) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.city; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(city) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(city) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.country; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(country) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(country) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.created_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(created_at) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(created_at) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.expires_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(expires_at) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(expires_at) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.terminated_at; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(terminated_at) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(terminated_at) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- Name: COLUMN user_sessions.termination_reason; Type: ACL; Schema: frontdesk; Owner: -
--

GRANT UPDATE(termination_reason) ON TABLE frontdesk.user_sessions TO service_role;
GRANT SELECT(termination_reason) ON TABLE frontdesk.user_sessions TO authenticated;

--
-- PostgreSQL database dump complete
--
