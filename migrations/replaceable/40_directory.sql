-- needs: 0003
-- The school directory. Staff and teachers read the organization's; parents and students see what is about themselves.
-- It is written by imports and the application's own server (service role or service key) and by admins.

do $$
declare
  v_table text;
  v_own text;
begin
  foreach v_table in array array['schools', 'grades', 'classes', 'students', 'enrollments', 'class_teachers', 'guardians']
  loop
    call frontdesk.guard_table(v_table);
    execute format('grant select, insert, delete on frontdesk.%I to authenticated', v_table);
    v_own := case v_table
      when 'students' then 'or id = frontdesk.user_id()'
      when 'enrollments' then 'or student_id = frontdesk.user_id()'
      when 'class_teachers' then 'or teacher_id = frontdesk.user_id()'
      when 'guardians' then 'or guardian_id = frontdesk.user_id() or student_id = frontdesk.user_id()'
    end; -- null for schools, grades and classes: their names are no secret inside the organization
    execute format('drop policy if exists %I on frontdesk.%I', v_table || '_select', v_table);
    execute format('create policy %I on frontdesk.%I for select to authenticated '
      'using (org_id = frontdesk.org_id() %s)', v_table || '_select', v_table,
      coalesce('and (frontdesk.is_staff() or frontdesk.role() = ''teacher'' ' || v_own || ')', ''));
    execute format('drop policy if exists %I on frontdesk.%I', v_table || '_insert', v_table);
    execute format('create policy %I on frontdesk.%I for insert to authenticated '
      'with check (org_id = frontdesk.org_id() and frontdesk.role() in (''admin'', ''service''))', v_table || '_insert', v_table);
    execute format('drop policy if exists %I on frontdesk.%I', v_table || '_update', v_table);
    if v_table <> 'enrollments' then -- nothing of an enrollment can be changed: it is there or not
      execute format('create policy %I on frontdesk.%I for update to authenticated '
        'using (org_id = frontdesk.org_id() and frontdesk.role() in (''admin'', ''service'')) '
        'with check (org_id = frontdesk.org_id() and frontdesk.role() in (''admin'', ''service''))', v_table || '_update', v_table);
    end if;
    execute format('drop policy if exists %I on frontdesk.%I', v_table || '_delete', v_table);
    execute format('create policy %I on frontdesk.%I for delete to authenticated '
      'using (org_id = frontdesk.org_id() and frontdesk.role() in (''admin'', ''service''))', v_table || '_delete', v_table);
  end loop;
end
$$;

-- Columns that may be changed; never org_id, never a key.
grant update (name) on frontdesk.schools to authenticated;
grant update (name, position) on frontdesk.grades to authenticated;
grant update (name, course, period, school_id, grade_id, starts_on, ends_on) on frontdesk.classes to authenticated;
grant update (school_id, grade_id, student_number, date_of_birth) on frontdesk.students to authenticated;
grant update (position) on frontdesk.class_teachers to authenticated;
grant update (relationship) on frontdesk.guardians to authenticated;
