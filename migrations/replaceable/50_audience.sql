-- needs: 0003
-- Who a message is for. One place decides it: the preview, the expander and applications in SQL all ask here.

-- The people of an audience, each once, with every reason why they qualify; in the order of their ids, after p_after, at
-- most p_limit of them, so that a large audience can be taken in chunks.
--
-- p_audience, with ids only (references to a school's own ids are resolved before):
--   {"all": true}                      everybody active in the organization
--   {"people": [id …]}                 exactly these (if active)
--   {"roles": […], "classes": [id …], "grades": [id …], "schools": [id …]}
--       lists of different kinds are AND-ed, entries of one list are OR-ed. With classes, grades or schools the relation
--       counts: `student` are the students there, `parent` their guardians, `teacher` who teaches there; admin and staff
--       belong to no class. Without roles: students, guardians and teachers.
-- Inactive people qualify for nothing, and nobody qualifies through an inactive student.
-- Runs with the caller's rights: what row security hides from the caller is not in the audience.
create or replace function frontdesk.audience_members(
  p_org_id uuid, p_audience jsonb, p_after uuid default null, p_limit integer default null)
returns table (user_id uuid, role text, reasons jsonb)
language plpgsql stable
as $$
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

-- A JSON array of ids as uuid[]; null when there is none, so that "no filter" and "an empty filter" stay apart.
create or replace function frontdesk.uuid_list(p_list jsonb) returns uuid[]
language sql immutable parallel safe
return (select case when p_list is null then null else coalesce(array_agg(value::uuid), '{}') end
        from jsonb_array_elements_text(p_list));

-- The school seed's function, by its name and its arguments, repaired: grades and classes filter guardians and teachers
-- too, specific users are exactly those, inactive people are left out, and each row says why. The organization is the
-- caller's; the service role names one.
create or replace function frontdesk.get_notification_recipients(
  p_target_role text,
  p_target_grade_ids uuid[] default null,
  p_target_class_ids uuid[] default null,
  p_specific_user_ids uuid[] default null,
  p_org_id uuid default frontdesk.org_id())
returns table (user_id uuid, role text, reasons jsonb)
language sql stable
as $$
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

revoke execute on function frontdesk.audience_members(uuid, jsonb, uuid, integer), frontdesk.uuid_list(jsonb),
  frontdesk.get_notification_recipients(text, uuid[], uuid[], uuid[], uuid) from public, anon, authenticated, service_role;
grant execute on function frontdesk.audience_members(uuid, jsonb, uuid, integer), frontdesk.uuid_list(jsonb),
  frontdesk.get_notification_recipients(text, uuid[], uuid[], uuid[], uuid) to authenticated, service_role;

-- drop:
drop function if exists frontdesk.get_notification_recipients(text, uuid[], uuid[], uuid[], uuid);
drop function if exists frontdesk.audience_members(uuid, jsonb, uuid, integer);
drop function if exists frontdesk.uuid_list(jsonb);
