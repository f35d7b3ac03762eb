-- needs: 0001
-- Who is asking. All three read the setting request.jwt.claims, which PostgREST, supabase-js and our own API fill alike,
-- so that every policy means the same whoever opened the transaction. Where somebody has already found out who the claims
-- mean (frontdesk.open_request and its sisters, frontdesk.pre_request), the answers stand in the settings frontdesk.org_id,
-- frontdesk.user_id and frontdesk.org_role and count alone, 'nobody' for none. That also spares every row that a policy looks
-- at the parsing of JSON: a count of 45 rows took four times as long without it. They are plain SQL and stable, so that the
-- planner folds them into the query; a transaction-local setting comes back as '' (not null) afterwards, hence nullif.

create or replace function frontdesk.org_id() returns uuid
language sql stable parallel safe
return nullif(coalesce(
  nullif(current_setting('frontdesk.org_id', true), ''),
  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'org_id',
  nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'org_id'), 'nobody')::uuid;

create or replace function frontdesk.user_id() returns uuid
language sql stable parallel safe
return nullif(coalesce(
  nullif(current_setting('frontdesk.user_id', true), ''),
  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'), 'nobody')::uuid;

-- The person's role in the organization (admin, staff, teacher, parent, student), or 'service' for a service key.
-- (The claim `role` is PostgreSQL's role, as in PostgREST; this one is `org_role`.)
create or replace function frontdesk.role() returns text
language sql stable parallel safe
return nullif(coalesce(
  nullif(current_setting('frontdesk.org_role', true), ''),
  nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'org_role',
  nullif(current_setting('request.jwt.claims', true), '')::jsonb -> 'app_metadata' ->> 'org_role'), 'nobody');

-- May the caller see the whole organization's people and messages? A CASE, because of the planner: it knows nothing of
-- settings and would take `role() in (…)` for a condition that 15 rows in 1,000 fulfil, read an organization's every row
-- because so few would be left, and sort them (measured: 8.5 ms instead of 0.1 for a page). Of a CASE it expects half.
create or replace function frontdesk.is_staff() returns boolean
language sql stable parallel safe
return case when frontdesk.role() in ('admin', 'staff', 'service') then true else false end;

-- A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random. For rows that SQL itself creates.
create or replace function frontdesk.uuid_v7() returns uuid
language sql volatile parallel safe
return encode(
  set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid;

-- Default privileges of the database (older Supabase projects have them) may have given the API roles more than we do:
-- every file takes all back before it grants.
revoke execute on function frontdesk.org_id(), frontdesk.user_id(), frontdesk.role(), frontdesk.is_staff(), frontdesk.uuid_v7()
  from public, anon, authenticated, service_role;
grant execute on function frontdesk.org_id(), frontdesk.user_id(), frontdesk.role(), frontdesk.is_staff(), frontdesk.uuid_v7()
  to anon, authenticated, service_role;

-- drop:
-- Policies depend on these and go with them; a table without policies shows nothing to anybody.
drop function if exists frontdesk.uuid_v7() cascade;
drop function if exists frontdesk.is_staff() cascade;
drop function if exists frontdesk.role() cascade;
drop function if exists frontdesk.user_id() cascade;
drop function if exists frontdesk.org_id() cascade;
