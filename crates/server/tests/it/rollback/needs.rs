//! When something that a script needs is not there, the runner names it, says which file makes it, and what to do.

use frontdesk::migrations;
use platform::migrate::{Down, Migrator, Plan, Script, Up};

use super::{Database, fill, latest};
use crate::support::database::url;

async fn up(plan: Plan, db: &Database) -> String {
    let migrator = Migrator::new(url("frontdesk_owner", &db.name), plan);
    migrator.up(Up::default(), &mut |_| {}).await.unwrap_err().to_string()
}

fn assert_says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{part:?} is not in:\n{error}");
    }
}

#[tokio::test]
async fn a_table_that_somebody_dropped_is_named_with_the_file_that_makes_it() {
    let db = Database::empty("dropped").await;
    db.up(2).await;
    db.superuser
        .batch_execute("drop table frontdesk.profiles cascade")
        .await
        .unwrap();
    let error = up(migrations::plan().unwrap(), &db).await;
    assert_says(
        &error,
        &[
            "0003_create_directory/up.sql:",
            "frontdesk.profiles\" does not exist",
            "made by 0002_create_profiles/up.sql:2",
            "somebody has dropped it",
            "Restore it from a backup",
        ],
    );
    // On the way down as well.
    let down = Down {
        target: 1,
        purge: false,
    };
    let error = db.migrator.down(down, &mut |_| {}).await.unwrap_err().to_string();
    assert_says(
        &error,
        &["0002_create_profiles/down.sql", "made by 0002_create_profiles/up.sql:2"],
    );
    // And when only asked: verify names all that is gone.
    let report = db.migrator.verify(&mut |_| {}).await.unwrap().to_string();
    assert_says(
        &report,
        &["table profiles is missing", "0002_create_profiles made it so"],
    );
}

#[tokio::test]
async fn a_schema_that_somebody_dropped_comes_back_empty_and_lost_bookkeeping_is_an_error() {
    let db = Database::empty("gone").await;
    db.up(latest()).await;
    db.superuser
        .batch_execute("drop schema frontdesk cascade")
        .await
        .unwrap();
    db.up(latest()).await;
    assert!(db.migrator.verify(&mut |_| {}).await.unwrap().is_good());

    db.superuser
        .batch_execute("drop table frontdesk.schema_migrations, frontdesk.schema_replaceables")
        .await
        .unwrap();
    let error = up(migrations::plan().unwrap(), &db).await;
    assert_says(
        &error,
        &[
            "0001_create_organizations/up.sql:2",
            "already exists",
            "no row that says 0001_create_organizations was applied",
        ],
    );
}

#[tokio::test]
async fn a_function_that_somebody_dropped_is_named_with_its_script() {
    let db = Database::empty("function").await;
    db.up(latest()).await;
    db.superuser
        .batch_execute("drop procedure frontdesk.guard_table(text)")
        .await
        .unwrap();
    let mut plan = migrations::plan().unwrap();
    let sessions = plan
        .replaceable
        .iter_mut()
        .find(|one| one.name == "70_sessions")
        .unwrap();
    sessions.apply = Script::new(
        sessions.apply.path.clone(),
        &format!("{}\nselect 1;", sessions.apply.text),
    );
    let error = up(plan, &db).await;
    assert_says(
        &error,
        &[
            "replaceable/70_sessions.sql",
            "guard_table",
            "made by replaceable/20_guards.sql",
            "delete from frontdesk.schema_replaceables where name = '20_guards'",
        ],
    );
    // The advice works.
    db.superuser
        .batch_execute("delete from frontdesk.schema_replaceables where name = '20_guards'")
        .await
        .unwrap();
    db.up(latest()).await;
}

#[tokio::test]
async fn a_step_or_script_that_uses_what_comes_later_is_told_so() {
    let db = Database::empty("order").await;
    let with_up = |version: usize, sql: &str| {
        let mut plan = migrations::plan().unwrap();
        let step = &mut plan.steps[version - 1];
        step.up = Script::new(step.up.path.clone(), &format!("{}\n{sql};", step.up.text));
        plan
    };
    let error = up(with_up(1, "insert into frontdesk.profiles default values"), &db).await;
    assert_says(
        &error,
        &[
            "made by the later step 0002_create_profiles",
            "move what uses it into a step after that",
        ],
    );
    let error = up(with_up(1, "select frontdesk.org_id()"), &db).await;
    assert_says(&error, &["made by replaceable/10_identity.sql", "run after the steps"]);
    let error = up(with_up(1, "select frontdesk.orgid()"), &db).await;
    assert_says(&error, &["no migration makes frontdesk.orgid"]);
    let error = up(
        with_up(1, "grant select on frontdesk.organizations to nobody_at_all"),
        &db,
    )
    .await;
    assert_says(
        &error,
        &["role \"nobody_at_all\" does not exist", "create role nobody_at_all"],
    );

    let with_script = |name: &str, sql: &str| {
        let mut plan = migrations::plan().unwrap();
        let one = plan.replaceable.iter_mut().find(|one| one.name == name).unwrap();
        one.apply = Script::new(one.apply.path.clone(), &format!("{}\n{sql};", one.apply.text));
        plan
    };
    let error = {
        let migrator = Migrator::new(
            url("frontdesk_owner", &db.name),
            with_script("20_guards", "select * from frontdesk.profiles"),
        );
        let first = Up {
            target: Some(1),
            retry: None,
        };
        migrator.up(first, &mut |_| {}).await.unwrap_err().to_string()
    };
    assert_says(&error, &["`-- needs: 0001`: make that `-- needs: 0002`"]);
    let error = up(with_script("20_guards", "select frontdesk.start_session(null)"), &db).await;
    assert_says(
        &error,
        &["made by replaceable/70_sessions.sql, which runs after this file"],
    );
}

#[tokio::test]
async fn privileges_of_a_role_that_was_lost_come_back_with_the_scripts() {
    // A dump that was restored on another server, where the roles were not: policies and grants are missing.
    let db = Database::empty("roles").await;
    fill::up_and_fill(&db.migrator, &db.superuser).await;
    let whole = db.dump(&["--schema-only", "--schema=frontdesk"]);
    db.superuser
        .batch_execute(
            "do $$ declare v record; begin
               for v in select format('drop policy %I on %I.%I', policyname, schemaname, tablename) as sql from pg_policies
                        where schemaname = 'frontdesk' and tablename not like 'schema\\_%' loop execute v.sql; end loop;
               for v in select format('revoke all on frontdesk.%I from authenticated, service_role', relname) as sql from pg_class
                        where relnamespace = 'frontdesk'::regnamespace and relkind in ('r', 'v') loop execute v.sql; end loop;
             end $$;
             delete from frontdesk.schema_replaceables",
        )
        .await
        .unwrap();
    db.up(latest()).await;
    crate::support::dump::assert_same(
        &whole,
        &db.dump(&["--schema-only", "--schema=frontdesk"]),
        "not everything came back",
    );
}
