-- What a database of a hosted Supabase project holds before anything of ours comes, with a few rows: its schemas, the
-- functions and tables of `auth`, and an application's own table in `public`. Nobody but their owners creates in `auth`,
-- `storage` and `realtime`.
do $$
begin
  execute format('grant all on database %I to postgres', current_database());
end
$$;
create publication supabase_realtime;
create schema auth authorization supabase_auth_admin;
create schema storage authorization supabase_storage_admin;
create schema realtime authorization supabase_realtime_admin;
create schema extensions;
create schema vault;
create schema graphql_public;
grant usage on schema auth, storage, realtime, extensions, graphql_public to postgres, anon, authenticated, service_role;
grant create on schema extensions to postgres;
grant all on schema public to postgres;
grant usage on schema public to anon, authenticated, service_role;

set role supabase_auth_admin;
create table auth.users (
  id uuid primary key, email text unique, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
  created_at timestamptz not null default now());
create table auth.sessions (
  id uuid primary key, user_id uuid not null references auth.users on delete cascade, not_after timestamptz);
alter table auth.users enable row level security;
alter table auth.sessions enable row level security;
grant select, insert, update, delete, references, trigger on auth.users, auth.sessions to postgres;
create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;
create function auth.uid() returns uuid language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable as $$ select auth.jwt() ->> 'role' $$;
create function auth.email() returns text language sql stable as $$ select auth.jwt() ->> 'email' $$;
insert into auth.users (id, email) values ('10000000-0000-4000-8000-000000000001', 'ada@example.test');
reset role;

set role postgres;
create table public.todos (
  id bigint generated always as identity primary key, owner uuid not null references auth.users, title text not null);
alter table public.todos enable row level security;
create policy todos_own on public.todos to authenticated using (auth.uid() = owner and auth.email() like '%@example.test');
grant select on public.todos to authenticated;
insert into public.todos (owner, title) values ('10000000-0000-4000-8000-000000000001', 'Water the plants');
reset role;
