//! `frontdesk up`: it starts, shows what to do, stops without a trace, and starts again with its data.

use std::{os::unix::fs::PermissionsExt, time::Instant};

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::home::{Home, offered, offered_curl};
use crate::support::wait::eventually;

#[tokio::test]
async fn up_shows_links_that_work_stops_without_a_trace_and_keeps_its_data() {
    let home = Home::new();
    let started = Instant::now();
    let up = home.up().await;
    let first = started.elapsed();
    let output = up.output();

    let people = offered(&output, &up.url);
    let roles: Vec<&str> = people.iter().map(|person| person.role.as_str()).collect();
    assert_eq!(
        roles,
        ["admin", "parent", "staff", "student", "teacher", "admin", "staff"],
        "{output}"
    );
    for person in &people {
        let (status, me) = up.get("/v1/me", &person.token).await;
        assert_eq!(
            (status, me["profile"]["role"].as_str()),
            (StatusCode::OK, Some(person.role.as_str())),
            "{me}"
        );
    }
    let (status, _) = up.get("/v1/me", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let (token, body) = offered_curl(&output);
    let (status, sent) = up.ask(Method::POST, "/v1/notifications", &token, Some(body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{sent}");
    let path = format!("/v1/notifications/{}", sent["id"].as_str().unwrap());
    let done = eventually("the message is out", async || {
        let (_, message) = up.get(&path, &token).await;
        (message["state"] == "done").then_some(message)
    })
    .await;
    let reached = &done["recipients"]["total"];
    assert!(reached.as_i64() > Some(0), "{done}");
    assert_eq!(&done["totals"]["email"]["sent"], reached);
    let (status, mails) = up.get("/dev/mail", "").await;
    assert!(
        status.is_success() && mails.to_string().contains("Early dismissal on Friday"),
        "{status} {mails}"
    );

    for name in ["secrets.toml", "running.toml"] {
        let mode = std::fs::metadata(home.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name} is for its owner only");
    }
    up.signal("INT");
    let ended = up.end().await;
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    assert!(ended.stdout.contains("The data stays in"), "{}", ended.stdout);
    assert_eq!(ended.stderr, "", "nothing to complain about");
    home.assert_nothing_runs().await;

    let started = Instant::now();
    let up = home.up().await;
    println!("first start {first:?}, second start {:?}", started.elapsed());
    let (_, kept) = up.get(&path, &token).await;
    assert_eq!(
        kept["title"],
        Value::from("Early dismissal on Friday"),
        "the data and the token are as before"
    );
    assert_eq!(
        offered(&up.output(), &up.url).len(),
        people.len(),
        "the demo is loaded once"
    );
    up.signal("TERM");
    assert_eq!(up.end().await.code(), Some(0));
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn up_goes_on_after_kill_9_whenever_it_was() {
    let home = Home::new();
    // While initdb works, while PostgreSQL starts, while it migrates or loads the demo.
    for left_behind in ["postgres/data.new", "postgres/data/postmaster.pid", "running.toml"] {
        let up = home.start_up();
        let seen = home.path(left_behind);
        eventually(left_behind, async || seen.exists().then_some(())).await;
        up.kill().await;
    }
    let up = home.up().await;
    let token = offered(&up.output(), &up.url)[0].token.clone();
    assert_eq!(offered(&up.output(), &up.url).len(), 7, "the demo is complete");
    up.kill().await;
    assert!(home.cluster_runs(), "PostgreSQL does not die with it");

    let up = home.up().await;
    let (status, _) = up.get("/v1/me", &token).await;
    assert_eq!(status, StatusCode::OK);
    up.signal("INT");
    assert_eq!(up.end().await.code(), Some(0));
    home.assert_nothing_runs().await;
}

#[tokio::test]
async fn commands_beside_a_running_up_work_on_its_database() {
    let home = Home::new();
    let up = home.binary.up(home.port, &["--no-demo"]).await;
    assert_eq!(offered(&up.output(), &up.url).len(), 0);
    home.binary
        .run_well(&[
            "org",
            "create",
            "Hill School",
            "--kind",
            "school",
            "--admin",
            "ada@hill.example",
        ])
        .await;
    let link = home
        .binary
        .run_well(&["token", "--org", "hill-school", "--user", "ada@hill.example", "--link"])
        .await;
    let token = link
        .strip_prefix(&format!("{}/#token=", up.url))
        .unwrap_or_else(|| panic!("{link}"));
    let (status, me) = up.get("/v1/me", token).await;
    assert_eq!(
        (status, &me["organization"]["name"]),
        (StatusCode::OK, &Value::from("Hill School"))
    );
    up.signal("INT");
    assert_eq!(up.end().await.code(), Some(0));

    let alone = home.binary.run(&["org", "list"]).await;
    assert_eq!(alone.code(), Some(1));
    assert!(alone.stderr.contains("FRONTDESK_DATABASE__API_URL"), "{}", alone.stderr);
    home.assert_nothing_runs().await;
}
