//! `org`, `token` and `key`, all the way to the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{
    TestDb,
    binary::{Binary, open_folder},
    people,
};

/// Two organizations with an admin each, made by the command.
async fn two_organizations(binary: &Binary) {
    for (name, admin) in [
        ("Hill School", "ada@hill.example"),
        ("Lake School", "olga@lake.example"),
    ] {
        binary
            .run_well(&["org", "create", name, "--kind", "school", "--admin", admin])
            .await;
    }
}

#[tokio::test]
async fn a_token_is_its_persons_until_it_expires() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let binary = Binary::on(&db, dir.path()).set("auth.leeway_seconds", 0);
    two_organizations(&binary).await;
    let server = binary.serve(&["--role", "api"]).await;

    let mint = ["token", "--org", "hill-school", "--user", "Ada@Hill.example"];
    let token = binary.run_well(&mint).await;
    let (status, me) = server.get("/v1/me", &token).await;
    assert_eq!(
        (status, &me["profile"]["email"]),
        (StatusCode::OK, &json!("ada@hill.example"))
    );
    assert_eq!(me["organization"]["slug"], "hill-school");
    let by_id = [
        "token",
        "--org",
        "Hill School",
        "--user",
        me["profile"]["id"].as_str().unwrap(),
        "--link",
    ];
    let link = binary.run_well(&by_id).await;
    assert!(link.starts_with("http://localhost:4000/#token="), "{link}");

    let short = binary.run_well(&[&mint[..], &["--ttl", "1s"]].concat()).await;
    crate::support::wait::eventually("it expires", async || {
        let (status, problem) = server.get("/v1/me", &short).await;
        let expired = problem["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("expired"));
        (status == StatusCode::UNAUTHORIZED && expired).then_some(())
    })
    .await;
    server.kill().await;
}

#[tokio::test]
async fn a_token_for_nobody_or_for_several_is_not_minted() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let binary = Binary::on(&db, dir.path());
    two_organizations(&binary).await;
    let org = people::organization(&db, "third").await;
    for _ in 0..2 {
        people::person(&db, org, "parent", "Kim Twin").await;
    }
    let refuse = async |arguments: &[&str]| {
        let ended = binary.run(&[&["token"], arguments].concat()).await;
        assert_ne!(ended.code(), Some(0));
        assert_eq!(ended.stdout, "");
        ended.stderr
    };
    let why = refuse(&["--org", "nowhere", "--user", "ada@hill.example"]).await;
    assert!(why.contains("\"nowhere\"") && why.contains("hill-school"), "{why}");
    let why = refuse(&["--org", "lake-school", "--user", "ada@hill.example"]).await;
    assert!(why.contains("nobody active in Lake School"), "{why}");
    let why = refuse(&["--org", "third", "--user", "Kim Twin"]).await;
    assert!(
        why.contains("several people fit") && why.matches("Kim Twin").count() >= 3,
        "{why}"
    );
    for ttl in ["0s", "-1h", "soon", "9000h"] {
        let why = refuse(&[
            "--org",
            "lake-school",
            "--user",
            "olga@lake.example",
            &format!("--ttl={ttl}"),
        ])
        .await;
        assert!(why.contains("--ttl"), "{why}");
    }
}

#[tokio::test]
async fn a_service_key_sees_its_organization_only_and_ends_when_it_is_revoked_or_expires() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let binary = Binary::on(&db, dir.path());
    two_organizations(&binary).await;
    let server = binary.serve(&["--role", "api"]).await;
    let create = async |org: &str| {
        let made = binary
            .run(&["key", "create", "--org", org, "--name", "the school's app"])
            .await;
        assert!(made.status.success(), "{made:?}");
        let id = made.stderr.split_whitespace().nth(1).expect("its id").to_owned();
        (made.stdout.trim().to_owned(), id)
    };
    let (hill, hill_id) = create("hill-school").await;
    let (lake, _) = create("lake-school").await;
    let kept: i64 = db
        .value(
            "select count(*) from frontdesk.service_keys where length(secret_hash) = 32 and name = 'the school''s app'",
        )
        .await;
    assert_eq!(kept, 2);

    let people = async |key: &str| {
        let (status, page) = server.get("/v1/profiles", key).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["email"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(people(&hill).await, ["ada@hill.example"]);
    assert_eq!(people(&lake).await, ["olga@lake.example"]);
    let body = json!({"title": "From the app", "content": "", "audience": {"all": true}, "channels": ["in_app"]});
    let (status, sent) = server.ask(Method::POST, "/v1/notifications", &hill, Some(body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{sent}");
    let path = format!("/v1/notifications/{}", sent["id"].as_str().unwrap());
    assert_eq!(server.get(&path, &hill).await.0, StatusCode::OK);
    assert_eq!(server.get(&path, &lake).await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/v1/notifications", &lake).await.1["items"], json!([]));

    let foreign = binary.run(&["key", "revoke", "--org", "lake-school", &hill_id]).await;
    assert!(
        foreign.code() == Some(1) && foreign.stderr.contains(&hill_id),
        "{foreign:?}"
    );
    assert_eq!(
        server.get("/v1/me", &hill).await.0,
        StatusCode::OK,
        "another organization cannot end it"
    );
    binary
        .run_well(&["key", "revoke", "--org", "hill-school", &hill_id])
        .await;
    assert_eq!(server.get("/v1/me", &hill).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        binary
            .run(&["key", "revoke", "--org", "hill-school", &hill_id])
            .await
            .code(),
        Some(1)
    );

    assert_eq!(server.get("/v1/me", &lake).await.0, StatusCode::OK);
    db.run("update frontdesk.service_keys set expires_at = now() - interval '1 second'")
        .await;
    assert_eq!(server.get("/v1/me", &lake).await.0, StatusCode::UNAUTHORIZED);
    server.kill().await;
}

#[tokio::test]
async fn an_altered_service_key_is_none() {
    let dir = open_folder();
    let db = TestDb::new().await;
    let binary = Binary::on(&db, dir.path());
    two_organizations(&binary).await;
    let server = binary.serve(&["--role", "api"]).await;
    let hill = binary
        .run_well(&["key", "create", "--org", "hill-school", "--name", "app"])
        .await;
    let lake = binary
        .run_well(&["key", "create", "--org", "lake-school", "--name", "app"])
        .await;
    // The organization is the first 16 of 64 bytes, the key's id the next: 21 characters are the organization alone.
    let grafted = format!("{}{}", &lake[..4 + 21], &hill[4 + 21..]);
    for altered in [
        &grafted,
        &hill[..hill.len() - 1],
        &hill[4..],
        &hill.to_uppercase(),
        &format!("{hill}A"),
    ] {
        assert_eq!(
            server.get("/v1/me", altered).await.0,
            StatusCode::UNAUTHORIZED,
            "{altered}"
        );
    }
    server.kill().await;
}
