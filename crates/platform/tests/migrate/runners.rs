//! Several runners, and runners that die.

use std::time::{Duration, Instant};

use platform::migrate::{Event, MigrateError, Options, State, StepState, Up};

use tokio::sync::Notify;

use crate::support::{Database, Files, kill_up};

/// Step 2 sleeps inside its transaction, step 3 outside.
fn slow(inside: &str, outside: &str) -> Files {
    Files::with_tables(&["one"])
        .step(
            "0002_sleep_inside",
            &format!("create table frontdesk.two (id int); do $$ begin perform pg_sleep({inside}); end $$"),
            "drop table frontdesk.two",
            "select 1",
        )
        .step(
            "0003_sleep_outside",
            &format!("-- no-transaction\nselect pg_sleep({outside})"),
            "select 1",
            "select 1",
        )
}

/// Step 2 waits inside its transaction until the gate is open.
fn gated() -> Files {
    let up = "create table frontdesk.two (id int); set local lock_timeout = 0; select pg_advisory_xact_lock(42);";
    slow("0", "0").file("0002_sleep_inside/up.sql", up)
}

struct Gate(tokio_postgres::Client);

impl Gate {
    async fn shut(db: &Database) -> Self {
        let client = db.client().await;
        client.batch_execute("select pg_advisory_lock(42)").await.unwrap();
        Self(client)
    }

    async fn open(&self) {
        self.0.batch_execute("select pg_advisory_unlock(42)").await.unwrap();
    }
}

/// Waits until a backend of this database sleeps or stands at the gate, and gives its process.
async fn sleeper(db: &Database) -> i32 {
    let client = db.client().await;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(20) {
        let sql = "select pid from pg_stat_activity
                   where datname = current_database() and wait_event in ('PgSleep', 'advisory')";
        if let Some(row) = client.query_opt(sql, &[]).await.unwrap() {
            return row.get(0);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing sleeps");
}

#[tokio::test]
async fn of_two_runners_at_once_one_waits_and_every_step_runs_once() {
    let db = Database::create().await;
    let (plan, gate, waits) = (gated().plan(), Gate::shut(&db).await, Notify::new());
    let (first, second) = (db.migrator(&plan), db.migrator(&plan));
    let note = |event: Event| {
        if matches!(event, Event::Waiting { .. }) {
            waits.notify_one();
        }
    };
    let (mut note_a, mut note_b) = (note, note);
    let (a, b, ()) = tokio::join!(
        first.0.up(Up::default(), &mut note_a),
        second.0.up(Up::default(), &mut note_b),
        async {
            waits.notified().await;
            gate.open().await;
        }
    );
    let mut counts = [a.unwrap().applied.len(), b.unwrap().applied.len()];
    counts.sort_unstable();
    assert_eq!(counts, [0, 3]);
    let sql = "select count(*) from frontdesk.schema_migrations where state = 'applied'";
    assert_eq!(db.ask(sql).await.unwrap(), "3");
}

#[tokio::test]
async fn a_waiting_runner_does_not_block_an_index_that_is_built_concurrently() {
    let db = Database::create().await;
    let index = "-- no-transaction\ncreate index concurrently if not exists one_id on frontdesk.one (id)";
    let plan = slow("0.3", "0")
        .step("0004_index_one", index, "drop index frontdesk.one_id", "select 1")
        .plan();
    let runners = [db.migrator(&plan), db.migrator(&plan), db.migrator(&plan)];
    let together = Box::pin(async { tokio::join!(runners[0].up(), runners[1].up(), runners[2].up()) });
    let (a, b, c) = tokio::time::timeout(Duration::from_secs(30), together)
        .await
        .expect("no deadlock");
    assert_eq!(
        [a, b, c]
            .map(|result| result.unwrap().applied.len())
            .iter()
            .sum::<usize>(),
        4
    );
}

#[tokio::test]
async fn a_runner_that_waits_too_long_says_who_holds_the_lock() {
    let db = Database::create().await;
    let (plan, gate) = (gated().plan(), Gate::shut(&db).await);
    let holder = db.migrator(&plan);
    let impatient = db.migrator_with(
        &plan,
        Options {
            wait_for_lock: Duration::from_millis(400),
            ..Options::default()
        },
    );
    let (done, refused) = tokio::join!(holder.up(), async {
        sleeper(&db).await;
        assert!(impatient.status().await.lock.is_some());
        let refused = impatient.up().await;
        gate.open().await;
        refused
    });
    done.unwrap();
    let error = refused.unwrap_err();
    let MigrateError::LockTimeout { holder, .. } = &error else {
        panic!("{error}")
    };
    let message = error.to_string();
    assert!(message.contains(&format!("server process {}", holder.pid)), "{message}");
    assert!(message.contains("application \"migrate up, process"), "{message}");
    assert!(
        message.contains("waited 400ms") && message.contains("pg_terminate_backend("),
        "{message}"
    );
    assert!(impatient.status().await.lock.is_none());
}

#[tokio::test]
async fn a_connection_that_dies_inside_a_step_leaves_nothing_and_up_goes_on() {
    let db = Database::create().await;
    let runner = db.migrator(&slow("30", "0").plan());
    let (result, ()) = tokio::join!(runner.up(), async {
        let pid = sleeper(&db).await;
        db.superuser()
            .await
            .execute("select pg_terminate_backend($1)", &[&pid])
            .await
            .unwrap();
    });
    let error = result.unwrap_err().to_string();
    assert!(
        error.starts_with("0002_sleep_inside/up.sql:1: terminating connection"),
        "{error}"
    );
    assert_eq!(db.objects().await, "one");
    let runner = db.migrator(&slow("0", "0").plan());
    assert_eq!(
        runner.up().await.unwrap().applied,
        ["0002_sleep_inside", "0003_sleep_outside"]
    );
}

#[tokio::test]
async fn a_connection_that_dies_outside_a_transaction_leaves_a_failed_row() {
    let db = Database::create().await;
    let runner = db.migrator(&slow("0", "30").plan());
    let (result, ()) = tokio::join!(runner.up(), async {
        let pid = sleeper(&db).await;
        db.superuser()
            .await
            .execute("select pg_terminate_backend($1)", &[&pid])
            .await
            .unwrap();
    });
    result.unwrap_err();
    assert_eq!(runner.status().await.steps[2].state, StepState::Failed);
    let runner = db.migrator(&slow("0", "0").plan());
    let error = runner.up().await.unwrap_err();
    assert!(
        matches!(&error, MigrateError::Dirty(dirty) if dirty.state == State::Failed),
        "{error}"
    );
    assert!(error.to_string().contains("terminating connection"), "{error}");
    assert_eq!(runner.retry(3).await.0.unwrap().applied, ["0003_sleep_outside"]);
}

#[tokio::test]
async fn a_killed_runner_frees_the_lock_and_leaves_the_row_running() {
    let db = Database::create().await;
    kill_up(&db.migrator(&slow("0", "60").plan()), async {
        let _process = sleeper(&db).await;
    })
    .await;
    let runner = db.migrator(&slow("0", "0").plan());
    let error = runner.up().await.unwrap_err();
    assert!(
        matches!(&error, MigrateError::Dirty(dirty) if dirty.state == State::Running),
        "{error}"
    );
    assert!(error.to_string().contains("its runner was interrupted"), "{error}");
    assert_eq!(runner.retry(3).await.0.unwrap().applied, ["0003_sleep_outside"]);
}

#[tokio::test]
async fn a_killed_runner_inside_a_transaction_leaves_nothing_and_its_statement_ends_soon() {
    let db = Database::create().await;
    kill_up(&db.migrator(&slow("60", "0").plan()), async {
        let _process = sleeper(&db).await;
    })
    .await;
    let runner = db.migrator(&slow("0", "0").plan());
    let again = tokio::time::timeout(Duration::from_secs(20), runner.up())
        .await
        .expect("the old statement has ended");
    assert_eq!(again.unwrap().applied, ["0002_sleep_inside", "0003_sleep_outside"]);
}

#[tokio::test]
async fn without_its_lock_a_runner_starts_nothing_more() {
    let db = Database::create().await;
    let (runner, gate) = (db.migrator(&gated().plan()), Gate::shut(&db).await);
    let (result, ()) = tokio::join!(runner.up(), async {
        sleeper(&db).await;
        let pid = runner.status().await.lock.unwrap().pid;
        db.superuser()
            .await
            .execute("select pg_terminate_backend($1)", &[&pid])
            .await
            .unwrap();
        gate.open().await;
    });
    assert!(matches!(result.unwrap_err(), MigrateError::LockLost));
    assert_eq!(runner.status().await.version, 2);
}

#[tokio::test]
async fn databases_of_one_cluster_can_be_bootstrapped_at_the_same_moment() {
    let role = format!("migrate_role_{}", uuid::Uuid::from_u128(rand::random()).simple());
    let bootstrap = format!(
        "create schema if not exists frontdesk; do $$ begin
           if not exists (select from pg_roles where rolname = '{role}') then perform pg_sleep(0.2); create role {role}; end if;
         end $$; grant usage on schema frontdesk to {role}; alter role {role} set work_mem = '5MB';
         create table if not exists frontdesk.schema_migrations (version int primary key, name text, checksum text,
           state text, started_at timestamptz, finished_at timestamptz, error text);
         create table if not exists frontdesk.schema_replaceables (name text primary key, checksum text, applied_at timestamptz);"
    );
    let plan = Files::with_tables(&["one"]).file("bootstrap.sql", &bootstrap).plan();
    let (a, b, c) = tokio::join!(Database::create(), Database::create(), Database::create());
    let (ra, rb, rc) = (db_up(&a, &plan), db_up(&b, &plan), db_up(&c, &plan));
    tokio::join!(ra, rb, rc);
    for db in [&a, &b, &c] {
        db.run(&format!("drop owned by {role}")).await;
    }
    a.run(&format!("drop role {role}")).await;
}

async fn db_up(db: &Database, plan: &platform::migrate::Plan) {
    assert_eq!(db.migrator(plan).up().await.unwrap().applied.len(), 1);
}
