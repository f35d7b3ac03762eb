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
      exception
        when duplicate_object or unique_violation then
          null; -- another database of this cluster created it at the same moment
        when insufficient_privilege then
          raise exception 'the role % does not exist, and % may not create roles', split_part(v_role, ' ', 1), current_user
            using errcode = 'insufficient_privilege', hint = format('An administrator runs once: create role %s; '
              'or: alter role %I createrole', v_role, current_user);
      end;
    end if;
  end loop;
end
$$;

-- Who is a member of whom. From PostgreSQL 16 on only a role with the ADMIN option may grant: its creator has it, and
-- Supabase's `postgres` does. The owner is subject to forced row security like everybody (unless it is a superuser); its
-- security definer functions see rows through the service role's policies, hence its own membership.
do $$
declare
  v_grant record;
begin
  for v_grant in
    select g.granted, g.member
    from (values ('anon', 'frontdesk_api', 'member'), ('authenticated', 'frontdesk_api', 'member'),
                 ('service_role', 'frontdesk_worker', 'member'), ('service_role', current_user::text, 'usage')
         ) g (granted, member, privilege)
    where not pg_has_role(g.member::name, g.granted::name, g.privilege)
  loop
    begin
      execute format('grant %I to %I', v_grant.granted, v_grant.member);
    exception when insufficient_privilege then
      raise exception '% may not grant the role % to %', current_user, v_grant.granted, v_grant.member
        using errcode = 'insufficient_privilege', hint = format('An administrator runs once: grant %I to %I; '
          'or: grant anon, authenticated, service_role to %I with admin option', v_grant.granted, v_grant.member, current_user);
    end;
  end loop;
end
$$;

do $$
begin
  -- Not `if not exists` alone: that asks for the right to create schemas even when there is nothing to create.
  if to_regnamespace('frontdesk') is null then
    create schema if not exists frontdesk;
  end if;
exception when insufficient_privilege then
  raise exception '% may not create the schema frontdesk in the database %', current_user, current_database()
    using errcode = 'insufficient_privilege', hint = format('The owner of the database runs once: grant create on database %I to %I',
      current_database(), current_user);
end
$$;
grant usage on schema frontdesk to anon, authenticated, service_role, frontdesk_api, frontdesk_worker;
-- Default privileges of the database may have given more, here and below.
revoke create on schema frontdesk from public, anon, authenticated, service_role;

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
    execute format('revoke all on frontdesk.%I from public, anon, authenticated, service_role', v_table);
    execute format('grant select on frontdesk.%I to service_role', v_table);
  end loop;
end
$$;
