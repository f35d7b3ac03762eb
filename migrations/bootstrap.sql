-- Runs before every migration, always safe to run again: the roles, the schema and the runner's own bookkeeping.
-- Roles belong to the whole cluster and may be there already (hosted Supabase): they are created where missing, never
-- altered, and never dropped by `migrate down`.

do $$
declare
  v_role text;
begin
  -- What a request runs as: anon (nobody), authenticated (somebody of one organization), service_role (our workers).
  -- The login roles hold no table privilege of their own, so a connection that lost its context can read nothing.
  foreach v_role in array array[
    'anon nologin noinherit', 'authenticated nologin noinherit', 'service_role nologin noinherit',
    'frontdesk_api login noinherit', 'frontdesk_worker login noinherit']
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = split_part(v_role, ' ', 1)) then
      begin
        execute 'create role ' || v_role;
      exception when duplicate_object or unique_violation then
        null; -- another database of this cluster created it at the same moment
      end;
    end if;
  end loop;

  if not pg_has_role('frontdesk_api', 'authenticated', 'member') then
    grant anon, authenticated to frontdesk_api;
  end if;
  if not pg_has_role('frontdesk_worker', 'service_role', 'member') then
    grant service_role to frontdesk_worker;
  end if;
  -- The owner is subject to forced row security like everybody (unless it is a superuser); its security definer functions
  -- see rows through the service role's policies.
  if not pg_has_role(current_user, 'service_role', 'usage') then
    execute format('grant service_role to %I', current_user);
  end if;
end
$$;

create schema if not exists frontdesk;
grant usage on schema frontdesk to anon, authenticated, service_role, frontdesk_api, frontdesk_worker;

create table if not exists frontdesk.schema_migrations (
  version integer primary key,
  name text not null,
  checksum text not null,
  state text not null constraint schema_migrations_state_check check (state in ('running', 'applied', 'failed')),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  error text
);

create table if not exists frontdesk.schema_replaceables (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['schema_migrations', 'schema_replaceables']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
    if not exists (
      select from pg_catalog.pg_policies
      where schemaname = 'frontdesk' and tablename = v_table and policyname = v_table || '_service')
    then
      execute format('create policy %I on frontdesk.%I for all to service_role using (true) with check (true)',
        v_table || '_service', v_table);
    end if;
    execute format('grant select on frontdesk.%I to service_role', v_table);
  end loop;
end
$$;
