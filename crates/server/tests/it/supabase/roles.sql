-- The roles of a hosted Supabase project, made by its superuser. The role `postgres` that a customer gets is none.
create role postgres login nosuperuser createdb createrole replication bypassrls;
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;
create role supabase_auth_admin login noinherit createrole;
create role supabase_storage_admin login noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
create role supabase_replication_admin login replication;
create role supabase_read_only_user login bypassrls;
create role dashboard_user nologin createdb createrole replication;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
-- Since PostgreSQL 16 the right to create roles does not include the right to grant those of others.
do $$
begin
  grant anon, authenticated, service_role, authenticator to postgres;
  if current_setting('server_version_num')::integer >= 160000 then
    execute 'grant anon, authenticated, service_role, authenticator to postgres with admin option';
  end if;
end
$$;
