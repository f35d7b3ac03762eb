//! `frontdesk serve`: what it refuses to serve from, and how it stops.

use std::{net::TcpListener, time::Instant};

use reqwest::Method;
use serde_json::json;
use tokio_postgres::Client;

use crate::support::{
    TestDb,
    binary::{Binary, open_folder, token},
    database::{create_empty, unique_name, url},
    people,
    sink::Sink,
    wait::eventually,
};

async fn refused(binary: &Binary) -> String {
    let ended = binary.run(&["serve"]).await;
    assert_eq!(ended.code(), Some(1), "{ended:?}");
    ended.stderr + &ended.stdout
}

#[tokio::test]
async fn it_refuses_a_database_that_would_not_keep_organizations_apart() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let good = Binary::on(&db, dir.path());
    for (setting, user, problem) in [
        ("database.api_url", "postgres", "the login postgres is a superuser"),
        ("database.worker_url", "postgres", "the login postgres is a superuser"),
        (
            "database.api_url",
            "frontdesk_owner",
            "the login frontdesk_owner owns tables",
        ),
    ] {
        let why = refused(&good.clone().set(setting, url(user, &db.name))).await;
        assert!(why.contains(problem), "{why}");
    }
    for (trouble, problem, mend) in [
        (
            "alter table frontdesk.notification_logs no force row level security",
            "frontdesk.notification_logs lacks forced row security",
            "alter table frontdesk.notification_logs force row level security",
        ),
        (
            "alter table frontdesk.profiles disable row level security",
            "frontdesk.profiles lacks forced row security",
            "alter table frontdesk.profiles enable row level security",
        ),
        (
            "create table frontdesk.extra (); alter table frontdesk.extra enable row level security, force row level security",
            "frontdesk.extra has no row security policy",
            "drop table frontdesk.extra",
        ),
    ] {
        db.run(trouble).await;
        let why = refused(&good).await;
        assert!(why.contains(problem), "{why}");
        db.run(mend).await;
    }
    let server = good.serve(&[]).await;
    server.signal("TERM");
    assert_eq!(server.end().await.code(), Some(0), "mended, it serves");
}

#[tokio::test]
async fn it_refuses_what_is_not_there_and_says_what_to_do() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let good = Binary::on(&db, dir.path());

    let bare = Binary::bare(dir.path());
    assert!(refused(&bare).await.contains("FRONTDESK_DATABASE__API_URL"));
    let half = bare.set("database.api_url", url("frontdesk_api", &db.name));
    assert!(refused(&half).await.contains("FRONTDESK_DATABASE__WORKER_URL"));
    let why = refused(&good.clone().set("auth.hs256_secret", "")).await;
    assert!(why.contains("auth.hs256_secret") && why.contains("auth.jwks"), "{why}");
    assert!(
        refused(&good.clone().set("auth.hs256_secret", "short"))
            .await
            .contains("at least 32 bytes")
    );
    let why = refused(&good.clone().set("server.lisen", "127.0.0.1:0")).await;
    assert!(why.contains("lisen") && why.contains("environment"), "{why}");
    assert!(
        refused(&good.clone().set("server.listen", "here"))
            .await
            .contains("server.listen")
    );
    assert!(
        refused(&good.clone().set("email.transport", "smtp"))
            .await
            .contains("email.url")
    );

    let name = unique_name("empty");
    create_empty(&name).await;
    let empty = good
        .clone()
        .set("database.api_url", url("frontdesk_api", &name))
        .set("database.worker_url", url("frontdesk_worker", &name));
    let why = refused(&empty).await;
    assert!(why.contains("frontdesk migrate up"), "{why}");

    let nowhere = good
        .clone()
        .set("database.api_url", "postgresql://frontdesk_api@/app?host=/nowhere");
    let why = refused(&nowhere).await;
    assert!(why.contains("the database cannot be reached"), "{why}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let why = refused(&good.set("server.listen", address)).await;
    assert!(
        why.contains(&address.to_string()) && why.contains("FRONTDESK_SERVER__LISTEN"),
        "{why}"
    );
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect(sql).get(0)
}

#[tokio::test]
async fn sigterm_in_the_middle_of_delivering_ends_what_was_begun_and_leaves_the_rest_to_others() {
    const PEOPLE: i64 = 60;
    let sink = Sink::start_slow(1);
    let dir = open_folder();
    let db = TestDb::new().await;
    let org = people::organization(&db, "school").await;
    let admin = people::person(&db, org, "admin", "Ada").await;
    people::crowd(&db, org, "parent", i32::try_from(PEOPLE).unwrap()).await;
    let binary = Binary::on(&db, dir.path())
        .set("email.transport", "smtp")
        .set("email.url", sink.url())
        .set("server.shutdown_timeout", 10);
    let server = binary.serve(&[]).await;
    let body = json!({"title": "Hi", "content": "", "audience": {"roles": ["parent"]}, "channels": ["email"]});
    let (status, answer) = server
        .ask(Method::POST, "/v1/notifications", &token(org, admin), Some(body))
        .await;
    assert_eq!(status, 202, "{answer}");

    // One batch of all sixty over eight connections, a second each: eight seconds of work.
    let client = db.superuser().await;
    let sent = "select count(*) from frontdesk.notification_logs where status = 'sent'";
    eventually("the first are sent", async || {
        (number(&client, sent).await >= 8).then_some(())
    })
    .await;
    server.signal("TERM");
    let asked = Instant::now();
    let ended = server.end().await;
    println!("it took {:?} to stop", asked.elapsed());
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    let before = number(&client, sent).await;
    assert!((8..PEOPLE).contains(&before), "{before} were sent");
    assert_eq!(
        sink.mails().len(),
        usize::try_from(before).unwrap(),
        "what was begun is recorded"
    );
    let held = "select count(*) from frontdesk.delivery_queue where leased_until is not null or attempts > 0";
    assert_eq!(
        number(&client, held).await,
        0,
        "what was not begun can be taken at once"
    );

    let next = binary.serve(&[]).await;
    eventually("all are sent", async || {
        (number(&client, sent).await == PEOPLE).then_some(())
    })
    .await;
    assert_eq!(sink.mails().len(), usize::try_from(PEOPLE).unwrap(), "each once");
    next.signal("INT");
    assert_eq!(next.end().await.code(), Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let sink = Sink::start_slow(30);
    let dir = open_folder();
    let db = TestDb::new().await;
    let org = people::organization(&db, "school").await;
    let admin = people::person(&db, org, "admin", "Ada").await;
    let binary = Binary::on(&db, dir.path())
        .set("email.transport", "smtp")
        .set("email.url", sink.url());
    let server = binary.serve(&[]).await;
    let body = json!({"title": "Hi", "content": "", "audience": {"all": true}, "channels": ["email"]});
    server
        .ask(Method::POST, "/v1/notifications", &token(org, admin), Some(body))
        .await;
    let client = db.superuser().await;
    let claimed = "select count(*) from frontdesk.delivery_queue where leased_until is not null";
    eventually("it is sending", async || {
        (number(&client, claimed).await > 0 && !sink.mails().is_empty()).then_some(())
    })
    .await;
    server.signal("TERM");
    let health = format!("{}/healthz", server.url);
    eventually("it takes no more requests", async || {
        reqwest::get(&health).await.is_err().then_some(())
    })
    .await;
    let asked = Instant::now();
    server.signal("TERM");
    let ended = server.end().await;
    assert_eq!(ended.code(), Some(143));
    assert!(asked.elapsed().as_secs() < 5);
}
