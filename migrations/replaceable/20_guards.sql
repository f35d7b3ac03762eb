-- needs: 0001
-- What every tenant table has in common, in one place: see guard_table.

create or replace function frontdesk.prevent_org_id_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'org_id of %.% cannot be changed', tg_table_schema, tg_table_name
    using errcode = 'integrity_constraint_violation', constraint = 'org_id_immutable',
      hint = 'Insert a new row for the other organization and delete this one.';
end
$$;

create or replace function frontdesk.touch_updated_at() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

-- Puts the common guards on a table of this schema: forced row security, the org_id guard, the updated_at trigger where
-- the column exists, and the service role's policy and grants. Policies for `authenticated` stand beside the call, in words.
-- Nobody, not even the service role, holds UPDATE on org_id.
create or replace procedure frontdesk.guard_table(p_table text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
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
revoke execute on function frontdesk.prevent_org_id_change(), frontdesk.touch_updated_at()
  from public, anon, authenticated, service_role;
revoke execute on procedure frontdesk.guard_table(text) from public, anon, authenticated, service_role;

-- drop:
-- Policies and privileges of all scripts go here, once for all: a table that stays is as its step made it, until the scripts
-- that can be applied again have been.
do $$
declare
  v_table record;
  v_policy name;
begin
  for v_table in
    select c.oid, c.oid::regclass as name from pg_catalog.pg_class c
    where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'schema\_%'
  loop
    for v_policy in select p.polname from pg_catalog.pg_policy p where p.polrelid = v_table.oid
    loop
      execute format('drop policy %I on %s', v_policy, v_table.name);
    end loop;
    execute format('revoke all on %s from public, anon, authenticated, service_role, frontdesk_api, frontdesk_worker', v_table.name);
  end loop;
end
$$;
drop procedure if exists frontdesk.guard_table(text);
drop function if exists frontdesk.touch_updated_at() cascade;
drop function if exists frontdesk.prevent_org_id_change() cascade;
