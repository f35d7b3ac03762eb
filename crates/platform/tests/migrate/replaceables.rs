//! Replaceable scripts: applied when they change and only then; dropped and restored on the way down.

use std::time::Duration;

use platform::migrate::{Event, Options, ReplaceableState, Up};
use tokio::sync::Notify;

use crate::support::{Database, Files};

const FUNCTION: &str = "-- needs: 0001\ncreate or replace function frontdesk.f() returns bigint language sql\n\
                        as 'select count(*) from frontdesk.one';\n-- drop:\ndrop function if exists frontdesk.f();\n";
const VIEW: &str = "-- needs: 0002\ncreate or replace view frontdesk.v as select frontdesk.f(), t.id from frontdesk.two t;\n\
                    -- drop:\ndrop view if exists frontdesk.v;\n";

fn files() -> Files {
    Files::with_tables(&["one", "two", "three"])
        .file("replaceable/10_function.sql", FUNCTION)
        .file("replaceable/20_view.sql", VIEW)
}

async fn applied_at(db: &Database, name: &str) -> String {
    db.ask(&format!(
        "select applied_at from frontdesk.schema_replaceables where name = '{name}'"
    ))
    .await
    .unwrap()
}

#[tokio::test]
async fn it_is_applied_when_its_text_changes_and_only_then() {
    let db = Database::create().await;
    assert_eq!(
        db.migrator(&files().plan()).up().await.unwrap().replaced,
        ["10_function", "20_view"]
    );
    let (function, view) = (applied_at(&db, "10_function").await, applied_at(&db, "20_view").await);
    assert!(db.migrator(&files().plan()).up().await.unwrap().replaced.is_empty());

    let changed = files()
        .file(
            "replaceable/10_function.sql",
            &FUNCTION.replace("count(*)", "count(*) + 100"),
        )
        .plan();
    let runner = db.migrator(&changed);
    assert_eq!(runner.status().await.replaceables[0].state, ReplaceableState::Outdated);
    assert!(
        runner.verify().await.problems[0].contains("replaceable/10_function.sql is not the text that the database has")
    );
    assert_eq!(runner.preview(None).await.replaceables, ["10_function"]);
    assert_eq!(runner.up().await.unwrap().replaced, ["10_function"]);
    assert_eq!(db.ask("select frontdesk.f()").await.unwrap(), "100");
    assert_ne!(applied_at(&db, "10_function").await, function);
    assert_eq!(applied_at(&db, "20_view").await, view);
    assert!(runner.verify().await.is_good());
}

#[tokio::test]
async fn it_waits_for_the_step_that_it_needs() {
    let db = Database::create().await;
    let runner = db.migrator(&files().plan());
    assert_eq!(runner.up_to(1).await.unwrap().replaced, ["10_function"]);
    assert_eq!(runner.status().await.replaceables[1].state, ReplaceableState::Waiting);
    assert_eq!(runner.up().await.unwrap().replaced, ["20_view"]);
}

#[tokio::test]
async fn on_the_way_down_all_go_in_reverse_and_those_that_can_come_back() {
    let db = Database::create().await;
    let runner = db.migrator(&files().plan());
    runner.up().await.unwrap();
    let preview = runner.preview(Some(1)).await;
    assert_eq!(
        (preview.drops, preview.replaceables),
        (
            vec!["20_view".to_owned(), "10_function".to_owned()],
            vec!["10_function".to_owned()]
        )
    );
    let report = runner.down(1).await.unwrap();
    assert_eq!(report.dropped, ["20_view", "10_function"]);
    assert_eq!(report.undone, ["0003_create_three", "0002_create_two"]);
    assert_eq!(report.replaced, ["10_function"]);
    assert_eq!(db.objects().await, "f() one");
    runner.down(0).await.unwrap();
    assert_eq!(db.objects().await, "");
    assert_eq!(
        db.ask("select count(*) from frontdesk.schema_replaceables")
            .await
            .unwrap(),
        "0"
    );
    assert_eq!(runner.up().await.unwrap().replaced, ["10_function", "20_view"]);
}

#[tokio::test]
async fn if_one_fails_none_is_applied_and_the_line_is_that_of_the_file() {
    let db = Database::create().await;
    let wrong_view = files().file(
        "replaceable/20_view.sql",
        "-- needs: 0001\n\ncreate view frontdesk.v as\n select * from frontdesk.none;\n-- drop:\nselect 1;",
    );
    let error = db.migrator(&wrong_view.plan()).up().await.unwrap_err().to_string();
    assert_eq!(
        error,
        "replaceable/20_view.sql:4: relation \"frontdesk.none\" does not exist (SQLSTATE 42P01)\n  \
         fix: no migration makes frontdesk.none: it is misspelt, or the step that makes it is not in this program"
    );
    assert_eq!(db.objects().await, "one three two");
    db.migrator(&files().plan()).up().await.unwrap();
    let wrong_drop = files()
        .file("replaceable/20_view.sql", &VIEW.replace("drop view if", "drop veiw if"))
        .plan();
    let error = db.migrator(&wrong_drop).down(0).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "replaceable/20_view.sql:4: syntax error at or near \"veiw\" (SQLSTATE 42601)"
    );
    assert_eq!(db.objects().await, "f() one three two v");
}

#[tokio::test]
async fn a_step_that_must_drop_it_deletes_its_row_and_it_comes_back() {
    let db = Database::create().await;
    db.migrator(&files().plan()).up().await.unwrap();
    let up = "drop view frontdesk.v;\nalter table frontdesk.two alter id type bigint;\n\
              delete from frontdesk.schema_replaceables where name = '20_view';";
    let more = files()
        .step(
            "0004_widen_two",
            up,
            "alter table frontdesk.two alter id type int",
            "select 1",
        )
        .plan();
    let report = db.migrator(&more).up().await.unwrap();
    assert_eq!((report.applied.len(), report.replaced), (1, vec!["20_view".to_owned()]));
    db.migrator(&more).down(3).await.unwrap();
    assert_eq!(db.objects().await, "f() one three two v");
}

#[tokio::test]
async fn one_whose_file_is_gone_is_a_problem_and_is_forgotten_on_the_way_down() {
    let db = Database::create().await;
    db.migrator(&files().plan()).up().await.unwrap();
    let runner = db.migrator(&files().without("replaceable/20_view.sql").plan());
    assert_eq!(runner.status().await.replaceables[1].state, ReplaceableState::Orphaned);
    assert!(runner.verify().await.problems[0].contains("replaceable/20_view.sql was applied, but the file is gone"));
}

#[tokio::test]
async fn a_table_in_use_is_waited_for_with_a_short_lock_time_out_and_new_attempts() {
    let db = Database::create().await;
    let plan = files()
        .file(
            "replaceable/30_comment.sql",
            "-- needs: 0001\ncomment on table frontdesk.one is 'x';",
        )
        .plan();
    db.migrator(&files().plan()).up().await.unwrap();
    let reader = db.client().await;
    reader
        .batch_execute("begin; lock table frontdesk.one in access exclusive mode")
        .await
        .unwrap();
    let options = Options {
        lock_timeout: Duration::from_millis(100),
        retries: 20,
        ..Options::default()
    };
    let (runner, retried) = (db.migrator_with(&plan, options), Notify::new());
    let mut note = |event| {
        if matches!(event, Event::Retrying { .. }) {
            retried.notify_one();
        }
    };
    let (result, ()) = tokio::join!(runner.0.up(Up::default(), &mut note), async {
        retried.notified().await;
        reader.batch_execute("rollback").await.unwrap();
    });
    assert_eq!(result.unwrap().replaced, ["30_comment"]);
}
