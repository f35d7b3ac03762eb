//! What bad input gets: a problem document that names the field, and nothing half-written.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, people};

#[tokio::test]
async fn each_mistake_is_named_at_its_field_and_nothing_is_written() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
    let nobody = platform::ids::new_id();
    let cases: &[(Value, &[&str])] = &[
        (json!({"content": "", "audience": {"all": true}}), &["title"]),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "colour": "red"}),
            &["colour"],
        ),
        (
            json!({"title": "  ", "content": "", "audience": {"all": true}}),
            &["title"],
        ),
        (
            json!({"title": "x".repeat(201), "content": "", "audience": {"all": true}}),
            &["title"],
        ),
        (
            json!({"title": "a\u{0}b", "content": "\u{0}", "audience": {"all": true}}),
            &["title", "content"],
        ),
        (
            json!({"title": "Hi\r\nBcc: x@y", "content": "", "audience": {"all": true}}),
            &["title"],
        ),
        (
            json!({"title": "Hi", "content": "x".repeat(10_001), "audience": {"all": true}}),
            &["content"],
        ),
        (
            json!({"title": 7, "content": "", "audience": {"all": true}}),
            &["title"],
        ),
        (json!({"title": "Hi", "content": "", "audience": {}}), &["audience"]),
        (
            json!({"title": "Hi", "content": "", "audience": {"classes": ["999"]}}),
            &["audience.classes[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"roles": ["pirate"]}}),
            &["audience.roles[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"people": [nobody]}}),
            &["audience.people[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"people": ["x"]}}),
            &["audience.people[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"roles": ["student"]}}),
            &["audience"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"everyone": true}}),
            &["audience.everyone"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "channels": ["sms"]}),
            &["channels[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "channels": []}),
            &["channels"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "channels": ["pigeon"]}),
            &["channels[0]"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "category": "party"}),
            &["category"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "action_url": "javascript:alert(1)"}),
            &["action_url"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "scheduled_for": "tomorrow"}),
            &["scheduled_for"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "expires_at": "2001-01-01T00:00:00Z"}),
            &["expires_at"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "data": {"x": "y".repeat(9000)}}),
            &["data"],
        ),
        (
            json!({"title": "Hi", "content": "", "audience": {"all": true}, "data": [1]}),
            &["data"],
        ),
    ];
    for (body, fields) in cases {
        let answer = app.post("/v1/notifications", &admin, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}: {answer:?}");
        assert_eq!(answer.fields(), *fields, "{body}: {answer:?}");
        assert_eq!(answer.body["code"], "validation_failed");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert_eq!(
            answer.body["request_id"].as_str(),
            answer.headers["x-request-id"].to_str().ok()
        );
    }
    let rows: i64 = app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn what_is_no_json_too_large_or_the_wrong_kind_is_refused_in_words() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
    let url = format!("{}/v1/notifications", app.url);
    let post = |body: String| app.client().post(&url).bearer_auth(&admin).body(body);
    let json = |body: String| post(body).header("content-type", "application/json");
    let cases = [
        (json("{".into()), 400, "malformed_request"),
        (json(String::new()), 400, "malformed_request"),
        (json("[]".into()), 422, "validation_failed"),
        (json("{} {}".into()), 422, "validation_failed"),
        (post("{}".into()), 415, "unsupported_media_type"),
        (json(format!("\"{}\"", "x".repeat(2 << 20))), 413, "too_large"),
        (app.client().put(&url).bearer_auth(&admin), 405, "method_not_allowed"),
        (
            app.client().get(format!("{}/v1/nothing", app.url)).bearer_auth(&admin),
            404,
            "not_found",
        ),
        (
            app.client().get(format!("{url}/17")).bearer_auth(&admin),
            404,
            "not_found",
        ),
        (app.client().get(&url), 401, "unauthenticated"),
        (
            app.client().get(&url).header("authorization", "Basic x"),
            401,
            "unauthenticated",
        ),
        (app.client().get(&url).bearer_auth("nonsense"), 401, "unauthenticated"),
    ];
    for (request, status, code) in cases {
        let answer = app.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body["code"].as_str()),
            (status, Some(code)),
            "{answer:?}"
        );
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=zzz", "cursor"),
    ] {
        let answer = app.get(&format!("/v1/notifications?{query}"), &admin).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec![field]),
            "{query}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn only_staff_send_and_watch() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
    let body = json!({"title": "Hi", "content": "", "audience": {"all": true}});
    let sent = app.post("/v1/notifications", &admin, body.clone()).await;
    app.drain().await;
    let id = sent.body["id"].as_str().unwrap();
    for role in ["teacher", "parent", "student"] {
        let token = app.token(org, people::person(&app.db, org, role, "Kim").await);
        assert_eq!(app.post("/v1/notifications", &token, body.clone()).await.status, 403);
        let preview = app
            .post("/v1/audiences/preview", &token, json!({"audience": {"all": true}}))
            .await;
        assert_eq!(preview.status, 403);
        for path in [
            "/v1/notifications",
            &format!("/v1/notifications/{id}"),
            &format!("/v1/notifications/{id}/recipients"),
        ] {
            assert_eq!(
                app.ask(Method::GET, path, Some(&token), None).await.status,
                403,
                "{role} {path}"
            );
        }
        let people = app.get("/v1/profiles", &token).await.body;
        assert_eq!(
            people["items"].as_array().unwrap().len(),
            1,
            "{role} sees themselves only"
        );
    }
}
