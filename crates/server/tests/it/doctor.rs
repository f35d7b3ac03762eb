//! `frontdesk doctor`: every kind of trouble is provoked on a database of its own, found, and mended by what the fix says.

use platform::db::{Check, check_safety, examine};

use crate::support::{
    TestDb,
    binary::{Binary, open_folder},
    database::url,
};

async fn problems(db: &TestDb) -> Vec<(bool, String, String)> {
    let found = |check: Check| {
        let dangerous = check.dangerous;
        check
            .findings
            .into_iter()
            .map(move |finding| (dangerous, finding.problem, finding.fix))
    };
    examine(&db.db).await.unwrap().into_iter().flat_map(found).collect()
}

/// The SQL of a fix: what follows "As the owner: ", as far as it goes.
fn statement(fix: &str) -> &str {
    let (_, rest) = fix
        .split_once("As the owner: ")
        .unwrap_or_else(|| panic!("no statement in {fix:?}"));
    rest.split_once("; then ").map_or(rest, |(statement, _)| statement)
}

#[tokio::test]
async fn each_trouble_with_tables_functions_and_views_is_found_and_its_fix_mends_it() {
    let db = TestDb::new().await;
    assert_eq!(problems(&db).await, []);
    for (trouble, problem) in [
        (
            "grant update on frontdesk.grades to authenticated",
            "authenticated may update org_id of frontdesk.grades",
        ),
        (
            "grant update (org_id) on frontdesk.schools to service_role",
            "service_role may update org_id of frontdesk.schools",
        ),
        (
            "grant truncate on frontdesk.profiles to service_role",
            "service_role may truncate frontdesk.profiles, which asks no policy",
        ),
        (
            "grant select on frontdesk.profiles to anon",
            "anon may select frontdesk.profiles",
        ),
        (
            "grant select (name) on frontdesk.profiles to public",
            "public may select frontdesk.profiles",
        ),
        (
            "create function frontdesk.loose() returns int language sql return 1",
            "frontdesk.loose() may be run by public",
        ),
        (
            "create function frontdesk.deep() returns int language sql security definer return 1;
             revoke execute on function frontdesk.deep() from public",
            "frontdesk.deep() runs with its owner's rights and the caller's search path",
        ),
        (
            "grant execute on function frontdesk.touch_session(uuid, uuid) to anon",
            "frontdesk.touch_session(uuid,uuid) runs with its owner's rights, and anon may run it",
        ),
        (
            "create view frontdesk.leak as select * from frontdesk.profiles",
            "the view frontdesk.leak shows rows with its owner's rights",
        ),
        (
            "grant create on schema frontdesk to authenticated",
            "authenticated may create things in the schema frontdesk, where functions look names up",
        ),
    ] {
        db.run(trouble).await;
        let found = problems(&db).await;
        let (_, _, fix) = found
            .iter()
            .find(|found| found.1 == problem)
            .unwrap_or_else(|| panic!("{trouble}: {found:?}"));
        db.run(statement(fix)).await;
        // Also when more had to be said after it, the trouble itself is over.
        assert_eq!(problems(&db).await, [], "{trouble} is not mended by: {fix}");
    }
}

#[tokio::test]
async fn policies_that_open_too_much_or_work_otherwise_elsewhere_are_found() {
    let db = TestDb::new().await;
    db.run("create policy wide on frontdesk.profiles using (true); create policy narrow on frontdesk.grades as restrictive to authenticated using (true)")
        .await;
    let found: Vec<_> = problems(&db).await.into_iter().map(|(_, problem, _)| problem).collect();
    assert_eq!(
        found,
        [
            "the policy wide of frontdesk.profiles is for public",
            "the policy narrow of frontdesk.grades is RESTRICTIVE"
        ]
    );
}

#[tokio::test]
async fn what_makes_serve_refuse_is_marked_and_is_what_serve_says() {
    let db = TestDb::new().await;
    db.run(
        "alter table frontdesk.grades no force row level security;
         create table frontdesk.bare (org_id uuid primary key);
         alter table frontdesk.bare enable row level security, force row level security",
    )
    .await;
    let refused: Vec<_> = check_safety(&db.db)
        .await
        .unwrap()
        .into_iter()
        .map(|finding| finding.problem)
        .collect();
    assert_eq!(
        refused,
        [
            "the table frontdesk.grades lacks forced row security",
            "the table frontdesk.bare has no row security policy"
        ]
    );
    let marked: Vec<_> = problems(&db)
        .await
        .into_iter()
        .filter(|found| found.0)
        .map(|found| found.1)
        .collect();
    assert_eq!(marked, refused);
    let dir = open_folder();
    let doctor = Binary::on(&db, dir.path()).run(&["doctor"]).await;
    assert!(
        doctor
            .stdout
            .contains("FAIL  every table has policies (serve refuses to start)"),
        "{doctor:?}"
    );
    let serve = Binary::on(&db, dir.path()).run(&["serve"]).await;
    assert_eq!((doctor.code(), serve.code()), (Some(1), Some(1)));
    for problem in refused {
        assert!(
            doctor.stdout.contains(&problem) && serve.stderr.contains(&problem),
            "{problem}\n{doctor:?}\n{serve:?}"
        );
    }
}

#[tokio::test]
async fn a_login_that_is_too_much_is_named() {
    let db = TestDb::new().await;
    // Roles are the whole cluster's: these are of this test alone.
    let suffix = db.name.rsplit('_').next().unwrap().to_owned();
    for (role, is, problem) in [
        ("super", "superuser", "is a superuser or bypasses row security"),
        ("bypass", "bypassrls", "is a superuser or bypasses row security"),
        (
            "owner",
            "in role frontdesk_owner",
            "owns tables of the schema frontdesk",
        ),
        (
            "both",
            "noinherit in role authenticated, service_role",
            "is a member of service_role, and so may do all that service_role may",
        ),
        (
            "heir",
            "inherit in role authenticated",
            "may read or write frontdesk.profiles without saying for whom",
        ),
    ] {
        let login = format!("{role}_{suffix}");
        db.run(&format!(
            "create role {login} login {is}; grant usage on schema frontdesk to {login}"
        ))
        .await;
        let options = platform::db::DbOptions {
            api_url: url(&login, &db.name),
            worker_url: url("frontdesk_worker", &db.name),
            pool_size: 1,
        };
        let checks = examine(&platform::db::Db::new(&options).unwrap()).await.unwrap();
        let found: Vec<_> = checks
            .into_iter()
            .flat_map(|check| check.findings)
            .map(|finding| finding.problem)
            .collect();
        assert!(
            found.contains(&format!("the login {login} {problem}")),
            "{role}: {found:?}"
        );
        db.run(&format!("drop owned by {login}; drop role {login}")).await;
    }
}

#[tokio::test]
async fn the_command_shows_a_checklist_and_what_the_migrations_lack() {
    let db = TestDb::new().await;
    let dir = open_folder();
    let binary = Binary::on(&db, dir.path());
    let well = binary.run(&["doctor"]).await;
    assert_eq!(well.code(), Some(0), "{well:?}");
    for line in [
        "ok    database.api_url leads to PostgreSQL, not to a pooler in transaction mode",
        "ok    the login frontdesk_api may become anon or authenticated and nobody else",
        "ok    every table has forced row security",
        "ok    functions and policies are those of this program",
        " 0 findings",
    ] {
        assert!(well.stdout.contains(line), "{line}: {well:?}");
    }

    // Without the owner's URL the bookkeeping is read as the service role; with it, as the owner.
    for binary in [
        binary.clone(),
        binary.clone().set("database.url", url("frontdesk_owner", &db.name)),
    ] {
        db.run(
            "update frontdesk.schema_replaceables set checksum = 'old' where name = '10_identity';
             delete from frontdesk.schema_replaceables where name = '60_notifications';
             insert into frontdesk.schema_replaceables (name, checksum) values ('99_gone', '')",
        )
        .await;
        let ill = binary.run(&["doctor", "--quiet"]).await;
        assert_eq!(ill.code(), Some(1));
        for line in [
            "FAIL  functions and policies are those of this program",
            "- replaceable/10_identity.sql is another text in the database",
            "- replaceable/60_notifications.sql is not applied",
            "- replaceable/99_gone.sql was applied, but this program has no such file",
            "fix: Run `frontdesk migrate up`.",
            " 3 findings",
        ] {
            assert!(ill.stdout.contains(line), "{line}: {ill:?}");
        }
        assert!(!ill.stdout.contains("ok    "), "{ill:?}");
        db.run("delete from frontdesk.schema_replaceables where name = '99_gone'")
            .await;
    }
    db.run(
        "with last as (delete from frontdesk.schema_migrations where version = (select max(version) from frontdesk.schema_migrations))
         update frontdesk.schema_migrations set state = 'failed', error = 'no room' where version = 1;
         insert into frontdesk.schema_migrations (version, name, checksum, state) values (4711, 'from_tomorrow', '', 'applied')",
    )
    .await;
    let ill = binary.run(&["doctor"]).await;
    for line in [
        "- step 0001_create_organizations is dirty: no room",
        "fix: Remove the cause, then `frontdesk migrate up --retry 1`; or take it back with `frontdesk migrate down --to 0`.",
        "is not applied\n        fix: Run `frontdesk migrate up`.",
        "- step 4711_from_tomorrow is not in this program",
    ] {
        assert!(ill.stdout.contains(line), "{line}: {ill:?}");
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_a_finding_too() {
    let db = TestDb::new().await;
    let dir = open_folder();
    let nowhere = Binary::on(&db, dir.path())
        .set("database.api_url", url("frontdesk_api", "there_is_no_such_database"))
        .run(&["doctor"])
        .await;
    assert_eq!(nowhere.code(), Some(1));
    assert!(
        nowhere.stdout.contains("FAIL  database.api_url leads to PostgreSQL"),
        "{nowhere:?}"
    );
    assert!(
        nowhere
            .stdout
            .contains("fix: Is the server running, and is the URL right?"),
        "{nowhere:?}"
    );
}
