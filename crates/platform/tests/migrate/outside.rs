//! Steps outside a transaction: what an interruption leaves, and the way out.

use std::time::Duration;

use platform::migrate::{Event, MigrateError, State, StepState};

use crate::support::{Database, Files, kill_up};

/// Step 2 builds a unique index on `frontdesk.one (id)`.
fn files() -> Files {
    Files::with_tables(&["one"]).step(
        "0002_index_one",
        "-- no-transaction\ncreate unique index concurrently if not exists one_id on frontdesk.one (id);\n",
        "-- no-transaction\ndrop index concurrently if exists frontdesk.one_id;\n",
        "select indisvalid from pg_index where indexrelid = 'frontdesk.one_id'::regclass;\n",
    )
}

/// Waits until the number of indexes being built in this database is `count`.
async fn building(db: &Database, count: &str) {
    let sql = "select count(*) from pg_stat_progress_create_index where datname = current_database()";
    let poll = async {
        while db.ask(sql).await.as_deref() != Some(count) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), poll)
        .await
        .expect("the index build starts and ends");
}

async fn with_duplicates() -> Database {
    let db = Database::create().await;
    db.migrator(&files().plan()).up_to(1).await.unwrap();
    db.run("insert into frontdesk.one values (1), (1)").await;
    db
}

#[tokio::test]
async fn an_index_is_built_and_dropped_outside_a_transaction() {
    let db = Database::create().await;
    let runner = db.migrator(&files().plan());
    let preview = runner.preview(None).await.to_string();
    assert!(
        preview.contains("0002_index_one/up.sql (outside a transaction)"),
        "{preview}"
    );
    runner.up().await.unwrap();
    assert_eq!(db.objects().await, "one one_id");
    assert!(runner.status().await.is_current());
    runner.down(1).await.unwrap();
    assert_eq!(db.objects().await, "one");
}

#[tokio::test]
async fn a_failed_step_is_dirty_names_its_invalid_index_and_can_be_retried() {
    let db = with_duplicates().await;
    let runner = db.migrator(&files().plan());
    let error = runner.up().await.unwrap_err().to_string();
    assert!(
        error.starts_with("0002_index_one/up.sql:2: could not create unique index \"one_id\" (SQLSTATE 23505)"),
        "{error}"
    );

    let error = runner.up().await.unwrap_err();
    let MigrateError::Dirty(dirty) = &error else {
        panic!("{error}")
    };
    assert_eq!((dirty.version, dirty.state), (2, State::Failed));
    let message = error.to_string();
    for part in [
        "step 0002_index_one is dirty",
        "could not create unique index",
        "frontdesk.one_id is invalid",
        "`migrate up --retry 0002`",
        "`migrate down --to 1`",
    ] {
        assert!(message.contains(part), "{part} is not in: {message}");
    }
    assert_eq!(runner.status().await.steps[1].state, StepState::Failed);
    assert_eq!(runner.status().await.invalid_indexes.len(), 1);
    assert!(!runner.verify().await.is_good());

    db.run("delete from frontdesk.one").await;
    let (result, events) = runner.retry(2).await;
    assert_eq!(result.unwrap().applied, ["0002_index_one"]);
    assert!(
        events.contains(&Event::DroppedIndex {
            name: "one_id".to_owned()
        }),
        "{events:?}"
    );
    assert!(runner.status().await.is_current());
    let error = runner.retry(2).await.0.unwrap_err();
    assert!(matches!(error, MigrateError::NotDirty(2)), "{error}");
}

#[tokio::test]
async fn a_retry_that_fails_again_stays_dirty() {
    let db = with_duplicates().await;
    let runner = db.migrator(&files().plan());
    runner.up().await.unwrap_err();
    let error = runner.retry(2).await.0.unwrap_err().to_string();
    assert!(error.contains("could not create unique index"), "{error}");
    assert!(matches!(runner.up().await.unwrap_err(), MigrateError::Dirty(_)));
    let error = runner.retry(1).await.0.unwrap_err();
    assert!(matches!(error, MigrateError::Dirty(_)), "{error}");
}

#[tokio::test]
async fn a_dirty_step_can_be_undone() {
    let db = with_duplicates().await;
    let runner = db.migrator(&files().plan());
    runner.up().await.unwrap_err();
    assert_eq!(runner.down(1).await.unwrap().undone, ["0002_index_one"]);
    assert_eq!(db.objects().await, "one");
    db.run("delete from frontdesk.one").await;
    assert_eq!(runner.up().await.unwrap().applied, ["0002_index_one"]);
}

#[tokio::test]
async fn a_dirty_step_can_be_rewritten_and_retried() {
    let db = with_duplicates().await;
    db.migrator(&files().plan()).up().await.unwrap_err();
    let inside = files().file(
        "0002_index_one/up.sql",
        "delete from frontdesk.one; create unique index one_id on frontdesk.one (id);",
    );
    let (result, _) = db.migrator(&inside.plan()).retry(2).await;
    result.unwrap();
    assert!(db.migrator(&inside.plan()).status().await.is_current());
}

#[tokio::test]
async fn an_index_left_by_an_earlier_attempt_is_not_mistaken_for_a_finished_one() {
    let db = with_duplicates().await;
    let by_hand = db.client().await;
    by_hand
        .batch_execute("create unique index concurrently one_id on frontdesk.one (id)")
        .await
        .unwrap_err();
    let lenient = files().file("0002_index_one/verify.sql", "select 1").plan();
    let error = db.migrator(&lenient).up().await.unwrap_err().to_string();
    assert!(
        error.contains("frontdesk.one_id is invalid: it is left from an earlier attempt"),
        "{error}"
    );
    assert!(matches!(
        db.migrator(&lenient).up().await.unwrap_err(),
        MigrateError::Dirty(_)
    ));
}

#[tokio::test]
async fn a_failed_down_script_is_dirty_too() {
    let db = Database::create().await;
    let wrong = files().file(
        "0002_index_one/down.sql",
        "-- no-transaction\ndrop index concurrently frontdesk.one_idd;",
    );
    db.migrator(&wrong.plan()).up().await.unwrap();
    let error = db.migrator(&wrong.plan()).down(1).await.unwrap_err().to_string();
    assert!(
        error.starts_with("0002_index_one/down.sql:2: index \"one_idd\" does not exist"),
        "{error}"
    );
    assert!(matches!(
        db.migrator(&wrong.plan()).up().await.unwrap_err(),
        MigrateError::Dirty(_)
    ));
    db.migrator(&files().plan()).down(1).await.unwrap();
    assert_eq!(db.objects().await, "one");
}

#[tokio::test]
async fn an_index_build_that_is_killed_is_dirty_and_the_retry_starts_afresh() {
    let db = Database::create().await;
    let runner = db.migrator(&files().plan());
    runner.up_to(1).await.unwrap();
    // The build waits for this transaction, which has written to the table.
    let writer = db.client().await;
    writer
        .batch_execute("begin; insert into frontdesk.one values (1)")
        .await
        .unwrap();
    kill_up(&runner, building(&db, "1")).await;
    // The server notices by itself that the client is gone.
    building(&db, "0").await;
    writer.batch_execute("commit").await.unwrap();
    let error = runner.up().await.unwrap_err().to_string();
    assert!(
        error.contains("its runner was interrupted") && error.contains("frontdesk.one_id is invalid"),
        "{error}"
    );
    let (result, events) = runner.retry(2).await;
    assert_eq!(result.unwrap().applied, ["0002_index_one"]);
    assert!(
        events.contains(&Event::DroppedIndex {
            name: "one_id".to_owned()
        }),
        "{events:?}"
    );
}

#[tokio::test]
async fn an_index_that_somebody_is_still_building_is_not_dropped() {
    let db = with_duplicates().await;
    let runner = db.migrator(&files().plan());
    runner.up().await.unwrap_err();
    db.run("drop index frontdesk.one_id").await;
    let (writer, builder) = (db.client().await, db.client().await);
    writer
        .batch_execute("begin; insert into frontdesk.one values (2)")
        .await
        .unwrap();
    let build = builder.batch_execute("create index concurrently one_id on frontdesk.one (id)");
    let (built, ()) = tokio::join!(build, async {
        building(&db, "1").await;
        let error = runner.up().await.unwrap_err().to_string();
        assert!(error.contains("is building it"), "{error}");
        let error = runner.retry(2).await.0.unwrap_err();
        assert!(matches!(error, MigrateError::StillBuilding { .. }), "{error}");
        assert!(error.to_string().contains("pg_terminate_backend("), "{error}");
        writer.batch_execute("rollback").await.unwrap();
    });
    built.unwrap();
}

#[tokio::test]
async fn down_to_a_dirty_step_is_refused() {
    let db = with_duplicates().await;
    let runner = db.migrator(&files().plan());
    runner.up().await.unwrap_err();
    assert!(matches!(runner.down(2).await.unwrap_err(), MigrateError::Dirty(_)));
}
