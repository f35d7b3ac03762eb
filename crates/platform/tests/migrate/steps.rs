//! Steps inside a transaction: up, down, errors, checksums, versions.

use platform::migrate::{MigrateError, StepState};

use crate::support::{Database, Files};

#[tokio::test]
async fn up_down_up_ends_where_it_began() {
    let db = Database::create().await;
    let runner = db.migrator(&Files::with_tables(&["one", "two"]).plan());

    assert_eq!(runner.preview(None).await.steps.len(), 2);
    let report = runner.up().await.unwrap();
    assert_eq!((report.from, report.to), (0, 2));
    assert_eq!(report.applied, ["0001_create_one", "0002_create_two"]);
    assert_eq!(db.objects().await, "one two");
    assert_eq!(runner.up().await.unwrap().to_string(), "at 0002, nothing to do");
    assert!(runner.status().await.is_current());

    let preview = runner.preview(Some(0)).await;
    assert_eq!(
        preview.steps.iter().map(|s| s.path.as_str()).collect::<Vec<_>>(),
        ["0002_create_two/down.sql", "0001_create_one/down.sql"]
    );
    let report = runner.down(0).await.unwrap();
    assert_eq!(report.undone, ["0002_create_two", "0001_create_one"]);
    assert_eq!(db.objects().await, "");
    assert_eq!(runner.down(0).await.unwrap().undone.len(), 0);

    assert_eq!(runner.up_to(1).await.unwrap().applied, ["0001_create_one"]);
    assert_eq!(runner.up().await.unwrap().applied, ["0002_create_two"]);
    assert_eq!(db.objects().await, "one two");
    assert_eq!(runner.verify().await.verified.len(), 2);
}

#[tokio::test]
async fn purge_removes_the_schema_but_nobody_elses_table() {
    let db = Database::create().await;
    let runner = db.migrator(&Files::with_tables(&["one"]).plan());
    runner.up().await.unwrap();
    db.run("create table frontdesk.foreign_table (id int)").await;
    let error = runner.purge().await.unwrap_err().to_string();
    assert!(error.contains("foreign_table"), "{error}");
    db.run("drop table frontdesk.foreign_table").await;
    assert!(runner.purge().await.unwrap().purged);
    assert_eq!(
        db.ask("select to_regnamespace('frontdesk') is null").await.unwrap(),
        "t"
    );
    assert_eq!(runner.up().await.unwrap().applied.len(), 1);
}

#[tokio::test]
async fn a_failing_step_leaves_nothing_and_the_steps_before_it_stay() {
    let db = Database::create().await;
    let up = "create table frontdesk.three (id int);\ninsert into frontdesk.one values (1);\n\nselect 1 / 0;\n";
    let files =
        Files::with_tables(&["one", "two"]).step("0003_create_three", up, "drop table frontdesk.three", "select 1");
    let error = db.migrator(&files.plan()).up().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "0003_create_three/up.sql:4: division by zero (SQLSTATE 22012)"
    );
    assert_eq!(db.objects().await, "one two");
    assert_eq!(db.ask("select count(*) from frontdesk.one").await.unwrap(), "0");
    assert_eq!(
        db.ask("select max(version) from frontdesk.schema_migrations")
            .await
            .unwrap(),
        "2"
    );
    let fixed = files
        .file("0003_create_three/up.sql", "create table frontdesk.three (id int)")
        .plan();
    assert_eq!(db.migrator(&fixed).up().await.unwrap().applied, ["0003_create_three"]);
}

#[tokio::test]
async fn a_failing_verify_rolls_its_step_back_and_names_the_line_inside_the_block() {
    let db = Database::create().await;
    let verify = "-- Says no.\nselect true;\n\ndo $$\nbegin\n  perform 1;\n  raise exception 'not as it should be'\n    using hint = 'look again';\nend\n$$;\n";
    let files = Files::with_tables(&["one"]).file("0001_create_one/verify.sql", verify);
    let error = db.migrator(&files.plan()).up().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "0001_create_one/verify.sql:7: not as it should be (SQLSTATE P0001)\n  hint: look again"
    );
    assert_eq!(db.objects().await, "");

    let says_false = files
        .file("0001_create_one/verify.sql", "select true;\n\nselect false;\n")
        .plan();
    let error = db.migrator(&says_false).up().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "0001_create_one/verify.sql:3: the statement answered false"
    );
    assert_eq!(db.objects().await, "");
}

#[tokio::test]
async fn errors_name_the_line_by_position_and_by_statement() {
    let db = Database::create().await;
    let cases = [
        (
            "select 1; -- ä ö ü €\nselect 'é',\n  nowhere.f();",
            "up.sql:3: schema \"nowhere\" does not exist (SQLSTATE 3F000)",
        ),
        (
            "select 1;\n\ncreate tabel x ();",
            "up.sql:3: syntax error at or near \"tabel\" (SQLSTATE 42601)",
        ),
        (
            "select 1;\n/* ; */\ncreate table frontdesk.a ();\n\n  drop table\n frontdesk.none;",
            "up.sql:5: table \"none\" does not exist (SQLSTATE 42P01)",
        ),
        (
            "do language plpgsql $$\ndeclare x int;\nbegin\n  execute 'select 1/0' into x;\nend $$;",
            "up.sql:4: division by zero (SQLSTATE 22012)",
        ),
        (
            "create table unqualified ();",
            "up.sql:1: permission denied to create \"pg_catalog.unqualified\" (SQLSTATE 42501)\n  detail: System catalog modifications are currently disallowed.",
        ),
        (
            "create table frontdesk.p (id int primary key);\ncreate table frontdesk.c (id int references frontdesk.p deferrable initially deferred);\ninsert into frontdesk.c values (7);",
            "up.sql:1: insert or update on table \"c\" violates foreign key constraint \"c_id_fkey\" (SQLSTATE 23503)\n  detail: Key (id)=(7) is not present in table \"p\".",
        ),
    ];
    for (up, expected) in cases {
        let files = Files::new().step("0001_do_wrong", up, "select 1", "select 1");
        let error = db.migrator(&files.plan()).up().await.unwrap_err().to_string();
        assert_eq!(error, format!("0001_do_wrong/{expected}"));
    }
}

#[tokio::test]
async fn what_a_verify_script_writes_is_undone() {
    let db = Database::create().await;
    let verify =
        "insert into frontdesk.one values (1);\nset local role postgres;\nselect count(*) = 1 from frontdesk.one;";
    let runner = db.migrator(
        &Files::with_tables(&["one", "two"])
            .file("0001_create_one/verify.sql", verify)
            .plan(),
    );
    runner.up().await.unwrap();
    assert!(runner.verify().await.is_good());
    assert_eq!(db.ask("select count(*) from frontdesk.one").await.unwrap(), "0");
}

#[tokio::test]
async fn a_setting_of_one_script_does_not_reach_the_next() {
    let db = Database::create().await;
    let files = Files::with_tables(&["one"])
        .file(
            "0001_create_one/up.sql",
            "create table frontdesk.one (id int); set search_path = public; set role pg_monitor;",
        )
        .step(
            "0002_create_two",
            "create table frontdesk.two as select current_user::text as who, current_setting('search_path') as path",
            "drop table frontdesk.two",
            "select 1",
        );
    db.migrator(&files.plan()).up().await.unwrap();
    let found = db
        .ask("select concat_ws(' ', who = session_user, path) from frontdesk.two")
        .await
        .unwrap();
    assert_eq!(found, "t pg_catalog, pg_temp");
}

#[tokio::test]
async fn a_changed_step_is_named_with_what_to_do() {
    let db = Database::create().await;
    let files = Files::with_tables(&["one", "two"]);
    db.migrator(&files.plan()).up().await.unwrap();

    let crlf = files
        .clone()
        .file("0001_create_one/up.sql", "create table frontdesk.one (id int);\r\n");
    db.migrator(&crlf.plan()).up().await.unwrap();
    let repaired = files
        .clone()
        .file("0001_create_one/down.sql", "drop table if exists frontdesk.one");
    db.migrator(&repaired.plan()).up().await.unwrap();

    let changed = db.migrator(
        &files
            .file("0001_create_one/up.sql", "create table frontdesk.one (id bigint);\n")
            .plan(),
    );
    let error = changed.up().await.unwrap_err().to_string();
    assert!(
        error.contains("0001_create_one/up.sql was changed after it was applied"),
        "{error}"
    );
    assert!(error.contains("put the change into a new step"), "{error}");
    assert_eq!(changed.status().await.steps[0].state, StepState::Changed);
    assert_eq!(changed.preview(None).await.obstacles.len(), 1);
    assert!(changed.verify().await.problems[0].contains("0001_create_one/up.sql was changed"));
    changed.down(0).await.unwrap();
    assert_eq!(changed.up().await.unwrap().applied.len(), 2);
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_left_alone() {
    let db = Database::create().await;
    db.migrator(&Files::with_tables(&["one", "two", "three"]).plan())
        .up()
        .await
        .unwrap();
    let older = db.migrator(&Files::with_tables(&["one"]).plan());
    for error in [older.up().await.unwrap_err(), older.down(0).await.unwrap_err()] {
        assert!(
            matches!(
                error,
                MigrateError::Unknown {
                    version: 3,
                    latest: 1,
                    ..
                }
            ),
            "{error}"
        );
    }
    assert_eq!(older.status().await.steps[2].state, StepState::Unknown);
    assert!(older.preview(None).await.obstacles[0].contains("0003_create_three"));
}

#[tokio::test]
async fn a_missing_row_and_a_wrong_target_are_named() {
    let db = Database::create().await;
    let runner = db.migrator(&Files::with_tables(&["one", "two", "three"]).plan());
    runner.up_to(2).await.unwrap();
    let error = runner.up_to(1).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "migrations: cannot go up to 1: the database is at 0002; use `migrate down --to 1`"
    );
    let error = runner.up_to(9).await.unwrap_err().to_string();
    assert_eq!(error, "migrations: cannot go up to 9: the last step is 0003");
    let error = runner.down(3).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "migrations: cannot go down to 3: the database is at 0002; use `migrate up 3`"
    );
    db.run("delete from frontdesk.schema_migrations where version = 1")
        .await;
    let error = runner.up().await.unwrap_err();
    assert!(matches!(error, MigrateError::Gap { missing: 1, version: 2 }), "{error}");
}

#[tokio::test]
async fn a_verify_script_can_say_until_which_step_it_holds() {
    let db = Database::create().await;
    let files = Files::with_tables(&["one"]).step(
        "0002_rename_one",
        "alter table frontdesk.one rename to uno",
        "alter table frontdesk.uno rename to one",
        "select to_regclass('frontdesk.uno') is not null",
    );
    let runner = db.migrator(&files.plan());
    runner.up().await.unwrap();
    assert_eq!(
        runner.verify().await.problems,
        ["0001_create_one/verify.sql:1: the statement answered false"]
    );
    let dated = "-- until: 0002\nselect to_regclass('frontdesk.one') is not null;";
    let runner = db.migrator(&files.file("0001_create_one/verify.sql", dated).plan());
    let report = runner.verify().await;
    assert!(report.is_good(), "{report}");
    assert_eq!(
        (report.outlived, report.verified),
        (vec!["0001_create_one".to_owned()], vec!["0002_rename_one".to_owned()])
    );
}

#[tokio::test]
async fn an_unsound_plan_is_refused_before_anything_runs() {
    let db = Database::create().await;
    let files = Files::with_tables(&["one"]).file("0001_create_one/verify.sql", "");
    let error = db.migrator(&files.plan()).up().await.unwrap_err().to_string();
    assert!(
        error.contains("0001_create_one/verify.sql:1: has no statement"),
        "{error}"
    );
    assert_eq!(
        db.ask("select to_regnamespace('frontdesk') is null").await.unwrap(),
        "t"
    );
    let files = Files::with_tables(&["one"]).file("bootstrap.sql", "create schema if not exists frontdesk");
    let error = db.migrator(&files.plan()).up().await.unwrap_err();
    assert!(matches!(error, MigrateError::NoBookkeeping), "{error}");
}

#[tokio::test]
async fn statements_that_row_security_would_filter_are_errors_for_an_owner_who_is_no_superuser() {
    let db = Database::create().await.owned_by_ordinary_role().await;
    let up = "create table frontdesk.one (id int);\ninsert into frontdesk.one values (1);\n\
              alter table frontdesk.one enable row level security;\nalter table frontdesk.one force row level security;\n";
    let files = Files::with_tables(&["one"]).file("0001_create_one/up.sql", up).step(
        "0002_fill_one",
        "update frontdesk.one set id = 2;",
        "select 1",
        "select 1",
    );
    let error = db.migrator(&files.plan()).up().await.unwrap_err().to_string();
    assert!(
        error.starts_with("0002_fill_one/up.sql:1: query would be affected by row-level security policy"),
        "{error}"
    );
    let lifted = "alter table frontdesk.one no force row level security;\nupdate frontdesk.one set id = 2;\n\
                  alter table frontdesk.one force row level security;";
    db.migrator(&files.file("0002_fill_one/up.sql", lifted).plan())
        .up()
        .await
        .unwrap();
    let client = db.superuser().await;
    assert_eq!(
        client
            .query_one("select id from frontdesk.one", &[])
            .await
            .unwrap()
            .get::<_, i32>(0),
        2
    );
}
