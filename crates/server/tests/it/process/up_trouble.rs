//! What can be in the way of `frontdesk up`.

use std::net::TcpListener;

use devdb::{Binaries, Cluster, Options};
use reqwest::StatusCode;

use super::home::{Home, offered};
use crate::support::{
    binary::{free_port, open_folder},
    wait::eventually,
};

#[tokio::test]
async fn ctrl_c_while_it_starts_leaves_nothing_running_either() {
    let home = Home::new();
    for moment in [
        "postgres/owner.lock",
        "postgres/data.new",
        "postgres/data/postmaster.pid",
        "running.toml",
    ] {
        let seen = home.path(moment);
        // An interrupted initdb leaves its folder, which the next one clears away.
        std::fs::remove_dir_all(&seen).ok();
        let up = home.start_up();
        eventually(moment, async || seen.exists().then_some(())).await;
        up.signal("INT");
        let ended = up.end().await;
        assert_eq!(ended.code(), Some(0), "{moment}: {ended:?}");
        home.assert_nothing_runs().await;
    }
    let up = home.up().await;
    up.signal("INT");
    assert_eq!(up.end().await.code(), Some(0));
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn a_second_up_in_the_same_folder_is_told_who_is_there_and_harms_nobody() {
    let home = Home::new();
    let first = home.up().await;
    let second = home.binary.run(&["up", "--port", &free_port().to_string()]).await;
    assert_eq!(second.code(), Some(1));
    let expected = format!("is in use by process {}; stop that one first", first.id());
    assert!(second.stderr.contains(&expected), "{}", second.stderr);

    let token = &offered(&first.output(), &first.url)[0].token;
    assert_eq!(first.get("/v1/me", token).await.0, StatusCode::OK);
    assert!(
        home.binary.run_well(&["org", "list"]).await.contains("riverside"),
        "it is still found"
    );
    first.signal("INT");
    assert_eq!(first.end().await.code(), Some(0));
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_the_database_is_stopped_again() {
    let home = Home::new();
    let taken = TcpListener::bind(("127.0.0.1", home.port)).unwrap();
    let ended = home.start_up().end().await;
    assert_eq!(ended.code(), Some(1));
    assert!(
        ended.stderr.contains(&format!("127.0.0.1:{}", home.port)),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("--port"), "{}", ended.stderr);
    drop(taken);
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn with_database_url_it_uses_that_server_and_starts_none() {
    let elsewhere = open_folder();
    let binaries = Binaries::find(None).unwrap();
    let cluster = Cluster::start(&elsewhere.path().join("pg"), &binaries, Options::throw_away())
        .await
        .unwrap();
    let client = platform::db::connect(&cluster.url("postgres", "postgres"))
        .await
        .unwrap();
    for sql in [
        "create role hosted login createrole createdb",
        "create database app owner hosted",
    ] {
        client.batch_execute(sql).await.unwrap();
    }
    let mut home = Home::new();
    home.binary = home.binary.clone().env("DATABASE_URL", cluster.url("app", "hosted"));
    let up = home.up().await;
    let people = offered(&up.output(), &up.url);
    assert_eq!(up.get("/v1/me", &people[0].token).await.0, StatusCode::OK);
    assert!(!home.path("postgres").exists(), "no server of its own");
    up.signal("INT");
    assert_eq!(up.end().await.code(), Some(0));
    home.assert_nothing_runs().await;

    let app = platform::db::connect(&cluster.url("app", "postgres")).await.unwrap();
    let row = app
        .query_one("select count(*) from frontdesk.organizations", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), 2, "the data is there, and the server goes on");
    cluster.remove().await.unwrap();

    let gone = home.start_up().end().await;
    assert_eq!(gone.code(), Some(1));
    assert!(
        !gone.stderr.is_empty() && !gone.stderr.contains("panicked"),
        "{}",
        gone.stderr
    );
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn a_secrets_file_that_is_spoilt_is_named() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("")).unwrap();
    std::fs::write(home.path("secrets.toml"), "half a fi").unwrap();
    let ended = home.start_up().end().await;
    assert_eq!(ended.code(), Some(1));
    assert!(
        ended.stderr.contains("secrets.toml") && ended.stderr.contains("remove it"),
        "{}",
        ended.stderr
    );
    home.assert_nothing_runs().await;
}
