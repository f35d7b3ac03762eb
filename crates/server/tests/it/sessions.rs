//! Each person is signed in at one place: simultaneous logins, ended sessions, and who may end whose.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people};

async fn sign_in(app: &TestApp, org: Uuid, user: Uuid) -> Value {
    let body = json!({"device_type": "web", "device_fingerprint": "laptop"});
    let answer = app.post("/v1/sessions", &app.token(org, user), body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

fn token(session: &Value) -> &str {
    session["token"].as_str().unwrap()
}

async fn status(app: &TestApp, method: Method, path: &str, token: &str) -> u16 {
    app.ask(method, path, Some(token), None).await.status.as_u16()
}

#[tokio::test]
async fn a_new_login_ends_the_one_before_at_its_next_statement() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let first = sign_in(&app, org, pat).await;
    assert_eq!(app.get("/v1/me", token(&first)).await.body["profile"]["name"], "Pat");
    let second = sign_in(&app, org, pat).await;
    let refused = app.get("/v1/me", token(&first)).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["code"].as_str()),
        (401, Some("unauthenticated"))
    );
    assert_eq!(status(&app, Method::GET, "/v1/me", token(&second)).await, 200);
    let list = app.get("/v1/sessions", token(&second)).await.body;
    let reasons: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["termination_reason"].clone())
        .collect();
    assert_eq!(reasons, [Value::Null, json!("new_login")]);
    assert_eq!(list["items"][0]["device_type"], "web");
}

#[tokio::test]
async fn a_hundred_simultaneous_logins_leave_exactly_one_session_and_ninety_nine_clean_ends() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let sessions = futures_util::future::join_all((0..100).map(|_| sign_in(&app, org, pat))).await;
    let live: i64 = app
        .db
        .value("select count(*) from frontdesk.user_sessions where is_active")
        .await;
    let ended: i64 = app
        .db
        .value("select count(*) from frontdesk.user_sessions where termination_reason = 'new_login'")
        .await;
    assert_eq!((live, ended), (1, 99));
    let mut welcome = 0;
    for session in &sessions {
        welcome += i32::from(status(&app, Method::GET, "/v1/me", token(session)).await == 200);
    }
    assert_eq!(welcome, 1);
}

#[tokio::test]
async fn an_organization_can_refuse_the_new_login_instead() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    app.db
        .run(r#"update frontdesk.organizations set settings = '{"sessions": {"on_new_login": "refuse"}}'"#)
        .await;
    let first = sign_in(&app, org, pat).await;
    let refused = app.post("/v1/sessions", &app.token(org, pat), json!({})).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["code"].as_str()),
        (409, Some("signed_in_elsewhere"))
    );
    assert_eq!(
        status(&app, Method::DELETE, "/v1/sessions/current", token(&first)).await,
        204
    );
    sign_in(&app, org, pat).await;
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_time_by_idleness_and_with_its_profile() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let me = async |session: &Value| status(&app, Method::GET, "/v1/me", token(session)).await;

    let session = sign_in(&app, org, pat).await;
    assert_eq!(
        status(&app, Method::DELETE, "/v1/sessions/current", token(&session)).await,
        204
    );
    assert_eq!(me(&session).await, 401);

    let session = sign_in(&app, org, pat).await;
    app.db
        .run("update frontdesk.user_sessions set expires_at = now() where is_active")
        .await;
    assert_eq!(me(&session).await, 401);

    app.db
        .run(r#"update frontdesk.organizations set settings = '{"sessions": {"idle_minutes": 30}}'"#)
        .await;
    let session = sign_in(&app, org, pat).await;
    app.db
        .run("update frontdesk.user_sessions set last_active = now() - interval '29 minutes' where is_active")
        .await;
    assert_eq!(me(&session).await, 200, "being used keeps it alive");
    app.db
        .run("update frontdesk.user_sessions set last_active = now() - interval '31 minutes' where is_active")
        .await;
    assert_eq!(me(&session).await, 401);

    let session = sign_in(&app, org, pat).await;
    app.db.run("update frontdesk.profiles set status = 'inactive'").await;
    assert_eq!(me(&session).await, 401);
    let reasons: i64 = app
        .db
        .value("select count(distinct termination_reason) from frontdesk.user_sessions where not is_active")
        .await;
    assert_eq!(reasons, 3, "manual, expired, timeout");
}

#[tokio::test]
async fn people_end_their_own_sessions_admins_anybodys_and_nobody_those_of_another_organization() {
    let app = TestApp::start().await;
    let (ours, theirs) = (
        people::organization(&app.db, "ours").await,
        people::organization(&app.db, "theirs").await,
    );
    let pat = people::person(&app.db, ours, "parent", "Pat").await;
    let kim = people::person(&app.db, ours, "parent", "Kim").await;
    let admin = app.token(ours, people::person(&app.db, ours, "admin", "Ada").await);
    let eve = app.token(theirs, people::person(&app.db, theirs, "admin", "Eve").await);
    let session = sign_in(&app, ours, pat).await;
    let path = format!("/v1/sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(status(&app, Method::DELETE, &path, &eve).await, 404);
    assert_eq!(status(&app, Method::DELETE, &path, &app.token(ours, kim)).await, 404);
    assert_eq!(app.get("/v1/sessions", &eve).await.body["items"], json!([]));
    assert_eq!(
        app.get("/v1/sessions", &app.token(ours, kim)).await.body["items"],
        json!([])
    );
    assert_eq!(status(&app, Method::GET, "/v1/me", token(&session)).await, 200);
    assert_eq!(status(&app, Method::DELETE, &path, &admin).await, 204);
    assert_eq!(status(&app, Method::GET, "/v1/me", token(&session)).await, 401);
    assert_eq!(
        status(&app, Method::DELETE, &path, &admin).await,
        404,
        "it has ended already"
    );
    let listed = app.get(&format!("/v1/sessions?user_id={pat}"), &admin).await.body;
    assert_eq!(listed["items"][0]["termination_reason"], "admin");

    let end = "select frontdesk.terminate_user_sessions($1)";
    sign_in(&app, ours, pat).await;
    let refused = app.db.db.query(&people::caller(ours, kim), end, &[&pat]).await;
    assert!(
        matches!(refused, Err(platform::db::DbError::Forbidden(_))),
        "{refused:?}"
    );
    let own = app.db.db.query(&people::caller(ours, pat), end, &[&pat]).await.unwrap();
    assert_eq!(own[0].get::<_, i32>(0), 1);
}

#[tokio::test]
async fn an_altered_or_invented_session_token_counts_for_nothing() {
    let app = TestApp::start().await;
    let (ours, theirs) = (
        people::organization(&app.db, "ours").await,
        people::organization(&app.db, "theirs").await,
    );
    let pat = people::person(&app.db, ours, "parent", "Pat").await;
    app.db
        .run(&format!(
            "insert into frontdesk.profiles (org_id, id, role, name) values ('{theirs}', '{pat}', 'admin', 'Pat')"
        ))
        .await;
    let session = sign_in(&app, ours, pat).await;
    let text = token(&session);
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix("fds_").unwrap()).unwrap();
    bytes[..16].copy_from_slice(theirs.as_bytes());
    let moved = format!("fds_{}", URL_SAFE_NO_PAD.encode(&bytes));
    bytes[..16].copy_from_slice(ours.as_bytes());
    bytes[16] ^= 1;
    let other_user = format!("fds_{}", URL_SAFE_NO_PAD.encode(&bytes));
    for forged in [moved.as_str(), other_user.as_str(), &text[..50], "fds_"] {
        assert_eq!(status(&app, Method::GET, "/v1/me", forged).await, 401, "{forged}");
    }
    let kept: Vec<u8> = app.db.value("select token_hash from frontdesk.user_sessions").await;
    assert!(!bytes.windows(32).any(|window| window == kept), "only the hash is kept");
}

#[tokio::test]
async fn a_session_or_service_key_cannot_sign_in_and_bad_devices_are_named() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let session = sign_in(&app, org, pat).await;
    assert_eq!(app.post("/v1/sessions", token(&session), json!({})).await.status, 403);
    for (body, field) in [
        (json!({"device_type": "toaster"}), "device_type"),
        (json!({"device_fingerprint": ""}), "device_fingerprint"),
        (json!({"device_fingerprint": "x".repeat(501)}), "device_fingerprint"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let answer = app.post("/v1/sessions", &app.token(org, pat), body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec![field]),
            "{answer:?}"
        );
    }
    assert_eq!(
        status(&app, Method::DELETE, "/v1/sessions/current", &app.token(org, pat)).await,
        403
    );
}

#[tokio::test]
async fn ids_of_other_providers_are_looked_up_in_the_identity_maps() {
    let app = TestApp::start_with(platform::clock::Clock::system(), |settings| {
        settings.auth.issuer = "https://login.example".into();
    })
    .await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    app.db
        .run(&format!(
            "insert into frontdesk.organization_identities (org_id, issuer, external_id)
               values ('{org}', 'https://login.example', 'org_2abc');
             insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id)
               values ('{org}', 'https://login.example', 'auth0|42', '{pat}');"
        ))
        .await;
    let mint = |org: &str, user: &str| {
        let claims = json!({"iss": "https://login.example", "exp": 4_000_000_000_u64, "o": {"id": org}, "sub": user});
        let key = jsonwebtoken::EncodingKey::from_secret(crate::support::app::SECRET.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
    };
    assert_eq!(
        app.get("/v1/me", &mint("org_2abc", "auth0|42")).await.body["profile"]["name"],
        "Pat"
    );
    assert_eq!(app.get("/v1/me", &mint(&org.to_string(), "auth0|42")).await.status, 200);
    for (org, user) in [
        ("org_2abc", "auth0|43"),
        ("org_other", "auth0|42"),
        ("", ""),
        ("' or true --", "x"),
    ] {
        assert_eq!(app.get("/v1/me", &mint(org, user)).await.status, 401, "{org} {user}");
    }
}

fn mint(org: Uuid, user: &str, provider_session: Option<&str>) -> String {
    let mut claims = json!({"exp": 4_000_000_000_u64, "org_id": org, "sub": user});
    if let Some(session) = provider_session {
        claims["session_id"] = json!(session);
    }
    let key = jsonwebtoken::EncodingKey::from_secret(crate::support::app::SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

#[tokio::test]
async fn the_providers_token_ends_with_the_session_that_it_started() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let (first, second) = (
        mint(org, &pat.to_string(), Some("s1")),
        mint(org, &pat.to_string(), Some("s2")),
    );
    assert_eq!(app.get("/v1/me", &first).await.status, 200, "nothing has started yet");
    assert_eq!(app.post("/v1/sessions", &first, json!({})).await.status, 201);
    assert_eq!(app.get("/v1/me", &first).await.status, 200);
    assert_eq!(app.post("/v1/sessions", &second, json!({})).await.status, 201);
    assert_eq!(
        app.get("/v1/me", &first).await.status,
        401,
        "the old device's token is dead with its session"
    );
    assert_eq!(
        app.post("/v1/sessions", &first, json!({})).await.status,
        401,
        "and cannot come back without signing in"
    );
    assert_eq!(app.get("/v1/me", &second).await.status, 200);
}

#[tokio::test]
async fn people_with_ids_of_our_own_sign_in_with_the_providers_uuids_when_the_maps_are_asked() {
    let app = TestApp::start_with(platform::clock::Clock::system(), |settings| {
        settings.auth.map_uuids = true
    })
    .await;
    let org = people::organization(&app.db, "school").await;
    let pat = people::person(&app.db, org, "parent", "Pat").await;
    let theirs = platform::ids::new_id();
    assert_eq!(
        app.get("/v1/me", &mint(org, &theirs.to_string(), None)).await.status,
        401
    );
    let tx = app.db.db.system("test").await.unwrap();
    let map = async |profile: Uuid| {
        frontdesk::organizations::store::map_identity(&tx, org, Some(profile), "", &theirs.to_string())
            .await
            .unwrap()
    };
    assert!(map(pat).await);
    assert!(map(pat).await, "noting the same again changes nothing");
    let kim = people::person(&app.db, org, "parent", "Kim").await;
    assert!(!map(kim).await, "the id is somebody else's");
    tx.commit().await.unwrap();
    assert_eq!(
        app.get("/v1/me", &mint(org, &theirs.to_string(), None)).await.body["profile"]["name"],
        "Pat"
    );
    assert_eq!(
        app.get("/v1/me", &mint(org, &kim.to_string(), None)).await.body["profile"]["name"],
        "Kim"
    );
}
