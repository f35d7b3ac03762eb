//! The supervisor against real servers: each test starts a cluster of its own in a temporary directory.
//!
//! Run by `cargo test -p frontdesk-devdb`; needs PostgreSQL (see `scripts/setup`), takes a few seconds. What always holds:
//! a test that succeeds leaves neither a server nor a file behind.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;
use std::process::Command;

use devdb::{Binaries, Cluster, Options, Status};
use tokio_postgres::NoTls;

async fn start(dir: &Path) -> Cluster {
    Cluster::start(dir, &binaries(), Options::throw_away()).await.unwrap()
}

/// The version that the test run asks for, or any.
fn binaries() -> Binaries {
    let wanted = std::env::var("FRONTDESK_TEST_PG_VERSION").ok();
    Binaries::find(wanted.map(|major| major.parse().unwrap())).unwrap()
}

async fn ask(cluster: &Cluster, database: &str, sql: &str) -> String {
    let (client, connection) = tokio_postgres::connect(&cluster.url(database, "postgres"), NoTls)
        .await
        .unwrap();
    let question = async move { client.query_one(sql, &[]).await.unwrap().get::<_, String>(0) };
    let (answer, ended) = tokio::join!(question, connection);
    ended.unwrap();
    answer
}

fn kill_9(pid: i32) {
    assert!(
        Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

fn is_stopped(dir: &Path) -> bool {
    matches!(Cluster::status(dir).unwrap(), Status::Stopped { .. })
}

#[tokio::test]
async fn a_new_cluster_answers_keeps_its_data_over_a_stop_and_can_be_removed() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("pg");
    assert_eq!(Cluster::status(&dir).unwrap(), Status::Absent);

    let cluster = start(&dir).await;
    assert_eq!(
        ask(&cluster, "postgres", "show server_version_num").await,
        version_number(&cluster)
    );
    assert_eq!(ask(&cluster, "postgres", "show listen_addresses").await, "");
    assert_eq!(ask(&cluster, "postgres", "show data_checksums").await, "on");
    assert_eq!(ask(&cluster, "postgres", "show server_encoding").await, "UTF8");
    cluster.create_database("kept", None).await.unwrap();
    cluster.stop().await.unwrap();
    assert!(is_stopped(&dir));

    let cluster = start(&dir).await;
    assert!(!cluster.adopted());
    assert_eq!(ask(&cluster, "kept", "select current_database()::text").await, "kept");
    cluster.remove().await.unwrap();
    assert_eq!(Cluster::status(&dir).unwrap(), Status::Absent);
    assert!(!dir.exists());
}

fn version_number(cluster: &Cluster) -> String {
    (cluster.version().major * 10_000 + cluster.version().minor).to_string()
}

#[tokio::test]
async fn a_server_killed_with_9_recovers_at_the_next_start() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("pg");
    let cluster = start(&dir).await;
    cluster.create_database("kept", None).await.unwrap();
    // A session that outlives the postmaster for a moment, as a busy application's would.
    let (client, connection) = tokio_postgres::connect(&cluster.url("kept", "postgres"), NoTls)
        .await
        .unwrap();
    let session = async move { client.batch_execute("select pg_sleep(60)").await };
    let killer = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        kill_9(cluster.pid().unwrap());
    };
    let (ended, _, ()) = tokio::join!(session, connection, killer);
    assert!(ended.is_err());
    drop(cluster);

    let cluster = start(&dir).await;
    assert!(!cluster.adopted());
    assert_eq!(ask(&cluster, "kept", "select current_database()::text").await, "kept");
    cluster.remove().await.unwrap();
}

#[tokio::test]
async fn a_server_left_running_is_adopted_and_restarted_only_for_other_settings() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("pg");
    let cluster = start(&dir).await;
    let first = cluster.pid().unwrap();
    cluster.leave_running();

    let cluster = start(&dir).await;
    assert!(cluster.adopted());
    assert_eq!(cluster.pid().unwrap(), first);
    let second_owner = Cluster::start(&dir, &binaries(), Options::throw_away())
        .await
        .unwrap_err();
    assert!(
        second_owner.to_string().contains("is in use by process"),
        "{second_owner}"
    );
    cluster.leave_running();

    let mut options = Options::throw_away();
    options.settings.push(("work_mem".into(), "7MB".into()));
    let cluster = Cluster::start(&dir, &binaries(), options).await.unwrap();
    assert!(!cluster.adopted());
    assert_eq!(ask(&cluster, "postgres", "show work_mem").await, "7MB");

    drop(cluster);
    assert!(is_stopped(&dir), "dropping a cluster stops its server");
    Cluster::remove_in(&dir).await.unwrap();
}

#[tokio::test]
async fn databases_are_cloned_from_a_template_and_dropped_under_a_session() {
    let root = tempfile::tempdir().unwrap();
    let cluster = start(&root.path().join("pg")).await;
    cluster.create_database("template \"one\"", None).await.unwrap();
    let made = "create table t as select 'copied' as v; select 1";
    let (client, connection) = tokio_postgres::connect(&cluster.url("template \"one\"", "postgres"), NoTls)
        .await
        .unwrap();
    let fill = async move { client.batch_execute(made).await.unwrap() };
    tokio::join!(fill, connection).1.unwrap();

    let template = Some("template \"one\"");
    let (a, b) = tokio::join!(
        cluster.create_database("a", template),
        cluster.create_database("b", template)
    );
    a.unwrap();
    b.unwrap();
    assert_eq!(ask(&cluster, "b", "select v from t").await, "copied");

    let _session = tokio_postgres::connect(&cluster.url("a", "postgres"), NoTls)
        .await
        .unwrap();
    cluster.drop_database("a").await.unwrap();
    cluster.drop_database("a").await.unwrap();
    assert!(
        tokio_postgres::connect(&cluster.url("a", "postgres"), NoTls)
            .await
            .is_err()
    );
    cluster.remove().await.unwrap();
}

#[tokio::test]
async fn data_of_another_major_version_is_refused_by_name() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("pg");
    let cluster = start(&dir).await;
    cluster.stop().await.unwrap();
    // The data may be elsewhere when the server's user cannot reach the temporary directory.
    let elsewhere = dir.join("cluster/data/PG_VERSION");
    let file = if elsewhere.exists() {
        elsewhere
    } else {
        dir.join("data/PG_VERSION")
    };
    std::fs::write(&file, "12\n").unwrap();
    assert_eq!(Cluster::existing_major(&dir), Some(12));
    let refused = Cluster::start(&dir, &binaries(), Options::throw_away())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("was made by PostgreSQL 12") && refused.contains("FRONTDESK_PG_BIN"),
        "{refused}"
    );
    Cluster::remove_in(&dir).await.unwrap();
}
