//! What is asked of the catalogs. Each query answers a row for each finding: the problem, and what mends it.

pub(super) struct Asked {
    pub what: &'static str,
    /// Whether the server refuses to start with such a finding.
    pub dangerous: bool,
    pub sql: &'static str,
}

/// About the login itself; $1: the roles that it may become. The last column: tables that it reaches without a role.
pub(super) const LOGIN: &str = "
select session_user::text,
  (select rolsuper or rolbypassrls from pg_roles where rolname = session_user),
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'frontdesk' and pg_has_role(session_user, c.relowner, 'member')),
  array(select r.rolname::text from pg_roles r
        where r.rolname <> session_user and r.rolname <> all ($1::text[]) and pg_has_role(session_user, r.oid, 'member')
        order by 1),
  array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'frontdesk' and c.relkind in ('r', 'p', 'v', 'm')
          and has_any_column_privilege(session_user, c.oid, 'select, insert, update')
        order by 1)";

pub(super) const CHECKS: &[Asked] = &[
    Asked {
        what: "PostgreSQL is 15 or newer",
        dangerous: false,
        sql: "select format('this is PostgreSQL %s', current_setting('server_version')),
                'Move to PostgreSQL 15 or newer: pg_upgrade, or a dump that is restored there.'
              where current_setting('server_version_num')::integer < 150000",
    },
    Asked {
        what: "the schema frontdesk is there",
        dangerous: true,
        sql: "select 'the schema frontdesk has no tables', 'Run `frontdesk migrate up`.'
              where not exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'frontdesk' and c.relkind in ('r', 'p'))",
    },
    Asked {
        what: "every table has forced row security",
        dangerous: true,
        sql: "select format('the table frontdesk.%s lacks forced row security', c.relname),
                format('Add `call frontdesk.guard_table(''%s'')` to its slice''s file in migrations/replaceable. If it is '
                  'there, somebody took it back: alter table frontdesk.%I enable row level security, force row level security',
                  c.relname, c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'frontdesk' and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
              order by c.relname",
    },
    Asked {
        what: "every table has policies",
        dangerous: true,
        sql: "select format('the table frontdesk.%s has no row security policy', c.relname),
                format('Write the policies of %s in its slice''s file in migrations/replaceable. If they are there, the '
                  'database has lost them: as the owner, delete from frontdesk.schema_replaceables where true; then '
                  '`frontdesk migrate up`', c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'frontdesk' and c.relkind in ('r', 'p')
                and not exists (select from pg_policy p where p.polrelid = c.oid)
              order by c.relname",
    },
    Asked {
        what: "policies are for authenticated or service_role only",
        dangerous: false,
        sql: "select format('the policy %s of frontdesk.%s is for %s', p.policyname, p.tablename, array_to_string(p.roles, ', ')),
                format('Write `to authenticated` (or `to service_role`) into it: a policy is added to the others, and for '
                  'everybody it opens the table to everybody. To be rid of it: drop policy %I on frontdesk.%I',
                  p.policyname, p.tablename)
              from pg_policies p
              where p.schemaname = 'frontdesk' and not p.roles <@ array['authenticated', 'service_role']::name[]
              order by p.tablename, p.policyname",
    },
    Asked {
        what: "no policy is RESTRICTIVE",
        dangerous: false,
        sql: "select format('the policy %s of frontdesk.%s is RESTRICTIVE', p.policyname, p.tablename),
                'Put its condition into the permissive policies: distributed tables (Citus) take a restrictive policy for a '
                  'permissive one, silently.'
              from pg_policies p where p.schemaname = 'frontdesk' and p.permissive <> 'PERMISSIVE'
              order by p.tablename, p.policyname",
    },
    Asked {
        what: "nobody but the owner may change org_id",
        dangerous: false,
        sql: "select format('%s may update org_id of frontdesk.%s', g.grantee, g.relname),
                format('As the owner: revoke update on frontdesk.%I from %s; then grant update (…) with the other columns. '
                  '(A revoke of the one column does nothing while the whole table is granted.)', g.relname, g.grantee)
              from (
                select distinct c.relname, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                join pg_attribute t on t.attrelid = c.oid and t.attname = 'org_id'
                cross join lateral (select * from aclexplode(c.relacl) union all select * from aclexplode(t.attacl)) a
                where n.nspname = 'frontdesk' and a.privilege_type = 'UPDATE' and a.grantee <> c.relowner) g
              order by 1",
    },
    Asked {
        what: "nobody but the owner may TRUNCATE",
        dangerous: false,
        sql: "select format('%s may truncate frontdesk.%s, which asks no policy', g.grantee, g.relname),
                format('As the owner: revoke truncate on frontdesk.%I from %s', g.relname, g.grantee)
              from (
                select c.relname, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee
                from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a
                where n.nspname = 'frontdesk' and a.privilege_type = 'TRUNCATE' and a.grantee <> c.relowner) g
              order by 1",
    },
    Asked {
        what: "anon and the public may read and write nothing",
        dangerous: false,
        sql: "select format('%s may %s frontdesk.%s', g.grantee, lower(g.privileges), g.relname),
                format('As the owner: revoke all on frontdesk.%I from %s', g.relname, g.grantee)
              from (
                select c.relname, case a.grantee when 0 then 'public' else 'anon' end as grantee,
                  string_agg(distinct a.privilege_type, ', ') as privileges
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                cross join lateral (
                  select * from aclexplode(c.relacl)
                  union all select e.* from pg_attribute t, aclexplode(t.attacl) e where t.attrelid = c.oid) a
                where n.nspname = 'frontdesk' and c.relkind in ('r', 'p', 'v', 'm')
                  and (a.grantee = 0 or pg_get_userbyid(a.grantee) = 'anon')
                group by c.relname, a.grantee) g
              order by 1",
    },
    Asked {
        what: "functions are for whom they were granted to, not for the public",
        dangerous: false,
        sql: "select format('%s may be run by public', p.oid::regprocedure),
                format('As the owner: revoke execute on routine %s from public', p.oid::regprocedure)
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
              where n.nspname = 'frontdesk' and a.grantee = 0
              order by 1",
    },
    Asked {
        what: "functions with their owner's rights have a fixed search path and are not for anon",
        dangerous: false,
        sql: "select format('%s runs with its owner''s rights and the caller''s search path', p.oid::regprocedure),
                format('As the owner: alter routine %s set search_path = frontdesk, pg_temp', p.oid::regprocedure)
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace
              where n.nspname = 'frontdesk' and p.prosecdef
                and not coalesce(p.proconfig, '{}') && array['search_path=frontdesk, pg_temp', 'search_path=pg_catalog, pg_temp']
              union all
              select format('%s runs with its owner''s rights, and anon may run it', p.oid::regprocedure),
                format('As the owner: revoke execute on routine %s from anon', p.oid::regprocedure)
              from pg_proc p join pg_namespace n on n.oid = p.pronamespace cross join lateral aclexplode(p.proacl) a
              where n.nspname = 'frontdesk' and p.prosecdef and p.proname <> 'pre_request'
                and a.grantee <> 0 and pg_get_userbyid(a.grantee) = 'anon'
              order by 1",
    },
    Asked {
        what: "views ask the caller's row security, or are the reviewed inbox",
        dangerous: false,
        sql: "select format('the view frontdesk.%s shows rows with its owner''s rights', c.relname),
                case c.relkind when 'm' then format('A materialized view cannot ask row security: drop materialized view frontdesk.%I, '
                  'or keep it where no request reaches it.', c.relname)
                else format('As the owner: alter view frontdesk.%I set (security_invoker = true)', c.relname) end
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'frontdesk' and c.relkind in ('v', 'm')
                and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']
                and not (c.relname = 'inbox' and coalesce(c.reloptions, '{}') && array['security_barrier=true'])
              order by 1",
    },
    Asked {
        what: "only the owner may create things in the schema",
        dangerous: false,
        sql: "select format('%s may create things in the schema frontdesk, where functions look names up', g.grantee),
                format('As the owner: revoke create on schema frontdesk from %s', g.grantee)
              from (
                select case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as grantee
                from pg_namespace n cross join lateral aclexplode(n.nspacl) a
                where n.nspname = 'frontdesk' and a.privilege_type = 'CREATE' and a.grantee <> n.nspowner) g
              order by 1",
    },
];
