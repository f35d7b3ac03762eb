-- The worst that a database may bring along: the same for every schema, ours too.
alter default privileges for role postgres grant all on schemas to anon, authenticated, service_role;
alter default privileges for role postgres grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres grant all on routines to anon, authenticated, service_role;
alter default privileges for role postgres grant all on sequences to anon, authenticated, service_role;
alter default privileges for role postgres grant all on types to anon, authenticated, service_role;
