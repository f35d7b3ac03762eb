//! Many messages in one request, and requests that are repeated.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

async fn school(app: &TestApp) -> (Uuid, String) {
    let org = people::organization(&app.db, "school").await;
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    (org, app.token(org, admin))
}

async fn with_key(app: &TestApp, path: &str, admin: &str, key: &str, body: &Value) -> Answer {
    let request = app
        .client()
        .post(format!("{}{path}", app.url))
        .bearer_auth(admin)
        .header("idempotency-key", key)
        .json(body);
    app.send(request).await
}

#[tokio::test]
async fn a_thousand_messages_are_written_at_once_and_each_goes_out() {
    let app = TestApp::start().await;
    let (org, admin) = school(&app).await;
    let people = people::crowd(&app.db, org, "parent", 50).await;
    let notifications: Vec<Value> = (0..1000)
        .map(|n| json!({"title": format!("Grades {n}"), "content": "", "audience": {"people": [people[n % 50]]}}))
        .collect();
    let answer = app
        .post(
            "/v1/notifications/bulk",
            &admin,
            json!({"notifications": notifications}),
        )
        .await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    assert_eq!(answer.body["items"].as_array().unwrap().len(), 1000);
    let first = answer.body["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        app.get(&format!("/v1/notifications/{first}"), &admin).await.body["title"],
        "Grades 0"
    );
    app.drain().await;
    let inbox = app.get("/v1/inbox/counts", &app.token(org, people[7])).await.body;
    assert_eq!(inbox["unread"], 20);
}

#[tokio::test]
async fn one_wrong_message_among_many_is_named_and_none_is_written() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let good = json!({"title": "T", "content": "", "audience": {"all": true}});
    for (bad, field) in [
        (
            json!({"title": "", "content": "", "audience": {"all": true}}),
            "notifications[1].title",
        ),
        (
            json!({"title": "T", "content": "", "audience": {"roles": ["student"]}}),
            "notifications[1].audience",
        ),
        (
            json!({"title": "T", "content": "", "audience": {"classes": ["no"]}}),
            "notifications[1].audience.classes[0]",
        ),
        (
            json!({"title": "T", "content": "", "audience": {"all": true}, "colour": 1}),
            "notifications[1].colour",
        ),
    ] {
        let answer = app
            .post("/v1/notifications/bulk", &admin, json!({"notifications": [good, bad]}))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec![field]),
            "{answer:?}"
        );
    }
    for notifications in [vec![], vec![good; 1001]] {
        let answer = app
            .post(
                "/v1/notifications/bulk",
                &admin,
                json!({"notifications": notifications}),
            )
            .await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["notifications"]));
    }
    let rows: i64 = app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_another_body_a_conflict() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let one = json!({"title": "T", "content": "", "audience": {"all": true}});
    let many = json!({"notifications": [one, one]});
    for (path, body) in [("/v1/notifications", &one), ("/v1/notifications/bulk", &many)] {
        let (first, second) = tokio::join!(
            with_key(&app, path, &admin, "k", body),
            with_key(&app, path, &admin, "k", body)
        );
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (202, 202));
        assert_eq!(first.body, second.body);
        app.drain().await;
        let third = with_key(&app, path, &admin, "k", body).await;
        assert_eq!(third.body, first.body, "the answer as it was, not as things stand now");

        let mut other = body.clone();
        if path.ends_with("bulk") {
            other["notifications"][1]["title"] = json!("U");
        } else {
            other["title"] = json!("U");
        }
        let refused = with_key(&app, path, &admin, "k", &other).await;
        assert_eq!(
            (refused.status.as_u16(), refused.body["code"].as_str()),
            (409, Some("idempotency_key_reused"))
        );
    }
    let rows: i64 = app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 3, "the key counts for each operation apart");
    for bad in ["", &"x".repeat(201)] {
        let answer = with_key(&app, "/v1/notifications", &admin, bad, &one).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec!["Idempotency-Key"])
        );
    }
}

#[tokio::test]
async fn a_request_that_was_refused_leaves_its_key_free() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let nobody = json!({"title": "T", "content": "", "audience": {"roles": ["student"]}});
    assert_eq!(
        with_key(&app, "/v1/notifications", &admin, "k", &nobody).await.status,
        422
    );
    let good = json!({"title": "T", "content": "", "audience": {"all": true}});
    assert_eq!(
        with_key(&app, "/v1/notifications", &admin, "k", &good).await.status,
        202
    );
}
