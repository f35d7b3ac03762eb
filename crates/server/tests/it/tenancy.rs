//! The database keeps organizations apart: what the catalog promises, and what a caller of another organization meets.

use frontdesk::organizations::store as organizations;
use platform::db::{DbError, check_safety};

use crate::support::{TestApp, TestDb, people};

/// Tables whose key does not begin with org_id, and why.
const NO_ORG_KEY: &[(&str, &str)] = &[
    (
        "organizations",
        "is the tenant itself: its id is the org_id of everything else",
    ),
    (
        "schema_migrations",
        "the migration runner's bookkeeping, of the database and not of a tenant",
    ),
    (
        "schema_replaceables",
        "the migration runner's bookkeeping, of the database and not of a tenant",
    ),
];

#[tokio::test]
async fn every_table_has_forced_row_security_policies_and_an_org_first_key() {
    let db = TestDb::new().await;
    assert_eq!(check_safety(&db.db).await.unwrap(), []);
    let rows = db
        .superuser()
        .await
        .query(
            "select c.relname::text, (select a.attname::text from pg_index i
               join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
               where i.indrelid = c.oid and i.indisprimary),
               exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'org_id_immutable')
             from pg_class c where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p') order by 1",
            &[],
        )
        .await
        .unwrap();
    assert!(rows.len() >= 16);
    for row in rows {
        let (table, key, guarded): (String, Option<String>, bool) = (row.get(0), row.get(1), row.get(2));
        let exempt = NO_ORG_KEY.iter().any(|(name, _)| *name == table);
        assert!(
            exempt || key.as_deref() == Some("org_id"),
            "the primary key of {table} does not begin with org_id"
        );
        assert!(
            guarded || table.starts_with("schema_"),
            "{table} lacks the trigger that keeps org_id"
        );
    }
}

#[tokio::test]
async fn unique_constraints_and_foreign_keys_carry_the_organization() {
    let db = TestDb::new().await;
    let rows = db
        .superuser()
        .await
        .query(
            "select c.conrelid::regclass::text || '.' || c.conname from pg_constraint c
             where c.connamespace = 'frontdesk'::regnamespace and c.contype in ('u', 'f')
               and c.conname not in ('uq_organizations_slug', 'uq_organization_identities') -- both written by the service role only
               and not exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'org_id'
                 and a.attnum = c.conkey[1])
             union all
             select i.indexrelid::regclass::text from pg_index i join pg_class t on t.oid = i.indrelid
             where t.relnamespace = 'frontdesk'::regnamespace and i.indisunique and not i.indisprimary
               and i.indexrelid::regclass::text not in ('frontdesk.uq_organizations_slug', 'frontdesk.uq_organization_identities')
               and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'org_id'
                 and a.attnum = i.indkey[0])",
            &[],
        )
        .await
        .unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_may_update_org_id_or_truncate_and_public_may_run_nothing() {
    let db = TestDb::new().await;
    let client = db.superuser().await;
    let rows = client
        .query(
            "select c.relname::text || ' ' || r.rolname || ' ' || p.privilege
             from pg_class c cross join pg_roles r
             cross join lateral (
               select 'update org_id' as privilege where exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id')
                 and has_column_privilege(r.oid, c.oid, 'org_id', 'update')
               union all select 'truncate' where has_table_privilege(r.oid, c.oid, 'truncate')) p
             where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p', 'v')
               and r.rolname in ('anon', 'authenticated', 'service_role', 'frontdesk_api', 'frontdesk_worker')",
            &[],
        )
        .await
        .unwrap();
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(found, Vec::<String>::new());
    let open: i64 = db
        .value(
            "select count(*) from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
             where p.pronamespace = 'frontdesk'::regnamespace and a.grantee = 0",
        )
        .await;
    assert_eq!(open, 0, "some function may be run by public");
}

#[tokio::test]
async fn security_definer_functions_have_a_fixed_search_path_and_views_are_the_reviewed_ones() {
    let db = TestDb::new().await;
    let loose: i64 = db
        .value(
            "select count(*) from pg_proc p where p.pronamespace = 'frontdesk'::regnamespace and p.prosecdef
               and not coalesce(p.proconfig, '{}') @> array['search_path=frontdesk, pg_temp']",
        )
        .await;
    assert_eq!(loose, 0);
    let views = db
        .superuser()
        .await
        .query(
            "select relname::text, coalesce(reloptions, '{}')::text[] from pg_class
             where relnamespace = 'frontdesk'::regnamespace and relkind in ('v', 'm')",
            &[],
        )
        .await
        .unwrap();
    for view in views {
        let (name, options): (String, Vec<String>) = (view.get(0), view.get(1));
        // The inbox is its own rule: own rows only, as a security barrier (docs/adr/0004).
        let reviewed = name == "inbox" && options.contains(&"security_barrier=true".to_owned());
        assert!(
            reviewed || options.contains(&"security_invoker=true".to_owned()),
            "{name} bypasses row security"
        );
    }
}

#[tokio::test]
async fn a_login_without_a_context_can_read_nothing() {
    let db = TestDb::new().await;
    for login in ["frontdesk_api", "frontdesk_worker"] {
        let client = platform::db::connect(&crate::support::database::url(login, &db.name))
            .await
            .unwrap();
        for table in ["organizations", "profiles", "notifications", "inbox"] {
            let error = client
                .query(&format!("select * from frontdesk.{table}"), &[])
                .await
                .unwrap_err();
            assert_eq!(
                error.code().map(tokio_postgres::error::SqlState::code),
                Some("42501"),
                "{login} {table}"
            );
        }
    }
}

#[tokio::test]
async fn a_caller_sees_their_own_organization_only_in_one_flight_and_in_a_transaction() {
    let db = TestDb::new().await;
    let (ours, theirs) = (
        people::organization(&db, "ours").await,
        people::organization(&db, "theirs").await,
    );
    let admin = people::person(&db, ours, "admin", "Ada").await;
    people::person(&db, theirs, "admin", "Eve").await;
    let caller = people::caller(ours, admin);

    let rows = db
        .db
        .query(&caller, "select name from frontdesk.profiles", &[])
        .await
        .unwrap();
    assert_eq!(
        rows.iter().map(|row| row.get::<_, &str>(0)).collect::<Vec<_>>(),
        ["Ada"]
    );
    let rows = db
        .db
        .query(&caller, "select slug from frontdesk.organizations", &[])
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);

    let tx = db.db.tenant(&caller).await.unwrap();
    assert_eq!(tx.role(), "admin");
    let asked = tx
        .query("select name from frontdesk.profiles where org_id = $1", &[&theirs])
        .await
        .unwrap();
    assert_eq!(asked.len(), 0);
    let written = tx
        .execute("insert into frontdesk.profiles (org_id, id, role, name) values ($1, gen_random_uuid(), 'admin', 'Mallory')", &[&theirs])
        .await;
    assert!(matches!(written, Err(DbError::Forbidden(_))), "{written:?}");
}

#[tokio::test]
async fn who_has_no_active_profile_is_refused_before_anything_runs() {
    let db = TestDb::new().await;
    let (ours, theirs) = (
        people::organization(&db, "ours").await,
        people::organization(&db, "theirs").await,
    );
    let admin = people::person(&db, ours, "admin", "Ada").await;
    let elsewhere = people::caller(theirs, admin);
    let refused = db
        .db
        .query(&elsewhere, "select name from frontdesk.profiles", &[])
        .await;
    assert!(matches!(refused, Err(DbError::Unauthenticated)), "{refused:?}");

    db.run("update frontdesk.profiles set status = 'inactive'").await;
    let refused = db.db.tenant(&people::caller(ours, admin)).await.map(drop);
    assert!(matches!(refused, Err(DbError::Unauthenticated)), "{refused:?}");
    // The connection that refused is fit for the next.
    db.run("update frontdesk.profiles set status = 'active'").await;
    assert!(db.db.tenant(&people::caller(ours, admin)).await.is_ok());
}

#[tokio::test]
async fn the_same_person_in_two_organizations_has_two_inboxes_and_two_roles() {
    let app = TestApp::start().await;
    let (school, clinic) = (
        people::organization(&app.db, "school").await,
        people::organization(&app.db, "clinic").await,
    );
    let person = people::person(&app.db, school, "admin", "Ada").await;
    app.db
        .run(&format!(
            "insert into frontdesk.profiles (org_id, id, role, name) values ('{clinic}', '{person}', 'parent', 'Ada')"
        ))
        .await;
    let sent = app
        .post(
            "/v1/notifications",
            &app.token(school, person),
            serde_json::json!({"title": "Hi", "content": "", "audience": {"all": true}}),
        )
        .await;
    assert_eq!(sent.status, 202, "{sent:?}");
    app.drain().await;
    let here = app.get("/v1/inbox", &app.token(school, person)).await;
    let there = app.get("/v1/inbox", &app.token(clinic, person)).await;
    assert_eq!(here.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(there.body["items"].as_array().unwrap().len(), 0);
    let id = sent.body["id"].as_str().unwrap();
    assert_eq!(
        app.get(&format!("/v1/notifications/{id}"), &app.token(clinic, person))
            .await
            .status,
        403
    );
    let change = app
        .ask(
            reqwest::Method::PATCH,
            &format!("/v1/inbox/{id}"),
            Some(&app.token(clinic, person)),
            Some(serde_json::json!({"status": "read"})),
        )
        .await;
    assert_eq!(change.status, 404);
    assert_eq!(organizations::list(&app.db.db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn another_organizations_message_is_not_there() {
    let app = TestApp::start().await;
    let (ours, theirs) = (
        people::organization(&app.db, "ours").await,
        people::organization(&app.db, "theirs").await,
    );
    let ada = people::person(&app.db, ours, "admin", "Ada").await;
    let eve = people::person(&app.db, theirs, "admin", "Eve").await;
    let sent = app
        .post(
            "/v1/notifications",
            &app.token(ours, ada),
            serde_json::json!({"title": "Hi", "content": "", "audience": {"all": true}}),
        )
        .await;
    app.drain().await;
    let id = sent.body["id"].as_str().unwrap();
    for path in ["", "/recipients", "/deliveries"] {
        let answer = app
            .get(&format!("/v1/notifications/{id}{path}"), &app.token(theirs, eve))
            .await;
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    let named = app
        .post(
            "/v1/audiences/preview",
            &app.token(theirs, eve),
            serde_json::json!({"audience": {"people": [ada]}}),
        )
        .await;
    assert_eq!(named.fields(), ["audience.people[0]"]);
}
