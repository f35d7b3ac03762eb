//! A message's way: sent, expanded, delivered, read.

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::support::{TestApp, people};

async fn school(app: &TestApp) -> (Uuid, String, Uuid) {
    let org = people::organization(&app.db, "school").await;
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    (org, app.token(org, admin), admin)
}

#[tokio::test]
async fn a_message_reaches_everybody_once_on_each_channel_and_says_so() {
    let app = TestApp::start().await;
    let (org, admin, _) = school(&app).await;
    let parents = people::crowd(&app.db, org, "parent", 30).await;
    app.db
        .run("update frontdesk.profiles set email = null where name = 'parent 7'")
        .await;

    let sent = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "Zoë's trip — 5 €", "content": "Bring lunch.", "audience": {"roles": ["parent"]},
                   "channels": ["in_app", "websocket", "email"]}),
        )
        .await;
    assert_eq!(sent.status, 202, "{sent:?}");
    assert_eq!(sent.body["state"], "scheduled");
    app.drain().await;

    let id = sent.body["id"].as_str().unwrap();
    let got = app.get(&format!("/v1/notifications/{id}"), &admin).await.body;
    assert_eq!(got["state"], "done");
    assert_eq!(
        got["recipients"],
        json!({"total": 30, "unread": 30, "read": 0, "archived": 0, "acknowledged": 0})
    );
    assert_eq!(got["totals"]["in_app"]["delivered"], 30);
    assert_eq!(got["totals"]["websocket"]["pending"], 30);
    assert_eq!(got["totals"]["email"]["sent"], 29);
    assert_eq!(got["totals"]["email"]["skipped"], 1);
    assert_eq!(app.mails().await.len(), 29);

    let skipped = app
        .get(&format!("/v1/notifications/{id}/deliveries?status=skipped"), &admin)
        .await
        .body;
    assert_eq!(skipped["items"][0]["reason"], "no_email_address");
    let log_rows: i64 = app.db.value("select count(*) from frontdesk.notification_logs").await;
    assert_eq!(log_rows, 90, "one row for each recipient and channel");
    let queued: i64 = app.db.value("select count(*) from frontdesk.delivery_queue").await;
    assert_eq!(queued, 0);

    let inbox = app.get("/v1/inbox", &app.token(org, parents[0])).await.body;
    assert_eq!(inbox["items"][0]["title"], "Zoë's trip — 5 €");
    assert_eq!(inbox["items"][0]["sender_name"], "Ada");
    assert_eq!(
        app.get("/v1/inbox", &admin).await.body["items"],
        json!([]),
        "the sender is no parent"
    );
}

#[tokio::test]
async fn fan_out_in_chunks_reaches_each_person_once() {
    let app = TestApp::start_with(Clock::system(), |settings| settings.delivery.expand_chunk = 7).await;
    let (org, admin, _) = school(&app).await;
    people::crowd(&app.db, org, "parent", 50).await;
    app.post(
        "/v1/notifications",
        &admin,
        json!({"title": "Hi", "content": "", "audience": {"all": true}}),
    )
    .await;
    app.drain().await;
    let counts: (i64, i64) = {
        let row = app
            .db
            .superuser()
            .await
            .query_one(
                "select count(*), count(distinct recipient_id) from frontdesk.notification_recipients",
                &[],
            )
            .await
            .unwrap();
        (row.get(0), row.get(1))
    };
    assert_eq!(counts, (51, 51));
    let recorded: i32 = app
        .db
        .value("select recipient_count from frontdesk.notifications")
        .await;
    assert_eq!(recorded, 51);
}

#[tokio::test]
async fn an_emergency_overtakes_a_running_announcement() {
    let app = TestApp::start_with(Clock::system(), |settings| settings.delivery.expand_chunk = 10).await;
    let (org, admin, _) = school(&app).await;
    people::crowd(&app.db, org, "parent", 40).await;
    let slow = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "News", "content": "", "audience": {"all": true}}),
        )
        .await;
    frontdesk::notifications::jobs::expand_step(&app.app).await.unwrap();
    let urgent = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "Fire", "content": "", "category": "emergency", "audience": {"roles": ["admin"]}}),
        )
        .await;
    frontdesk::notifications::jobs::expand_step(&app.app).await.unwrap();
    let state = async |id: &str| app.get(&format!("/v1/notifications/{id}"), &admin).await.body["state"].clone();
    assert_eq!(state(urgent.body["id"].as_str().unwrap()).await, "sending");
    assert_eq!(state(slow.body["id"].as_str().unwrap()).await, "expanding");
}

#[tokio::test]
async fn a_scheduled_message_waits_for_its_time_and_an_expired_one_never_goes() {
    let clock = Clock::fixed(Timestamp::now());
    let app = TestApp::start_with(clock.clone(), |_| {}).await;
    let (_, admin, _) = school(&app).await;
    let later = clock.now() + SignedDuration::from_mins(10);
    let sent = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "Later", "content": "", "audience": {"all": true}, "scheduled_for": later}),
        )
        .await;
    let short = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "Gone", "content": "", "audience": {"all": true}, "scheduled_for": later,
                   "expires_at": later + SignedDuration::from_secs(1)}),
        )
        .await;
    app.drain().await;
    let state = async |id: &serde_json::Value| {
        let path = format!("/v1/notifications/{}", id.as_str().unwrap());
        app.get(&path, &admin).await.body["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&sent.body["id"]).await, "scheduled");
    clock.advance(SignedDuration::from_mins(11));
    app.drain().await;
    assert_eq!(state(&sent.body["id"]).await, "done");
    assert_eq!(state(&short.body["id"]).await, "expired");
}

#[tokio::test]
async fn an_expired_message_leaves_the_inboxes_and_what_nobody_fetched_does_not_stay_pending_for_ever() {
    let clock = Clock::fixed(Timestamp::now());
    let app = TestApp::start_with(clock.clone(), |_| {}).await;
    let (_, admin, _) = school(&app).await;
    app.post(
        "/v1/notifications",
        &admin,
        json!({"title": "Hi", "content": "", "audience": {"all": true}}),
    )
    .await;
    app.drain().await;
    clock.advance(SignedDuration::from_hours(24 * 31));
    app.drain().await;
    let row = app
        .db
        .superuser()
        .await
        .query_one(
            "select status, reason from frontdesk.notification_logs where channel = 'websocket'",
            &[],
        )
        .await
        .unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), ("skipped", "expired"));
    assert_eq!(
        app.get("/v1/inbox", &admin).await.status,
        401,
        "the token has expired too"
    );
    let state: String = app.db.value("select state || ' ' || (select status from frontdesk.notification_recipients) from frontdesk.notifications").await;
    assert_eq!(state, "expired archived");
}

#[tokio::test]
async fn a_repeated_request_with_the_same_key_sends_once() {
    let app = TestApp::start().await;
    let (_, admin, _) = school(&app).await;
    let body = json!({"title": "Once", "content": "", "audience": {"all": true}});
    let request = |body: &serde_json::Value, key: &str| {
        let url = format!("{}/v1/notifications", app.url);
        app.client()
            .post(url)
            .bearer_auth(&admin)
            .header("idempotency-key", key)
            .json(body)
    };
    let answers = futures_util::future::join_all((0..8).map(|_| app.send(request(&body, "k1")))).await;
    let ids: std::collections::HashSet<_> = answers
        .iter()
        .map(|answer| answer.body["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.status == 202));
    let other = app
        .send(request(
            &json!({"title": "Other", "content": "", "audience": {"all": true}}),
            "k1",
        ))
        .await;
    assert_eq!(
        (other.status.as_u16(), other.body["code"].as_str()),
        (409, Some("idempotency_key_reused"))
    );
    let rows: i64 = app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn the_inbox_is_paged_filtered_counted_and_marked() {
    let app = TestApp::start().await;
    let (org, admin, _) = school(&app).await;
    let parent = people::person(&app.db, org, "parent", "Pat").await;
    let token = app.token(org, parent);
    for index in 0..5 {
        let body = json!({"title": format!("No. {index}"), "content": "", "audience": {"people": [parent]}});
        app.post("/v1/notifications", &admin, body).await;
        app.drain().await;
    }
    let mut titles = Vec::new();
    let mut path = "/v1/inbox?limit=2".to_owned();
    loop {
        let page = app.get(&path, &token).await.body;
        titles.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["title"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/inbox?limit=2&cursor={cursor}");
    }
    assert_eq!(titles, ["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"]);

    let first = app.get("/v1/inbox", &token).await.body["items"][0]["notification_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mark = async |status: &str| {
        app.ask(
            Method::PATCH,
            &format!("/v1/inbox/{first}"),
            Some(&token),
            Some(json!({"status": status})),
        )
        .await
        .body
    };
    assert!(mark("read").await["read_at"].is_string());
    let counts = async || {
        let body = app.get("/v1/inbox/counts", &token).await.body;
        (body["unread"].as_i64().unwrap(), body["total"].as_i64().unwrap())
    };
    assert_eq!(counts().await, (4, 5));
    assert_eq!(mark("archived").await["status"], "archived");
    assert_eq!(counts().await, (4, 4));
    assert_eq!(
        app.get("/v1/inbox?status=archived", &token).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(mark("unread").await["read_at"].is_null());
    assert_eq!(
        app.post("/v1/inbox/read-all", &token, json!({})).await.body,
        json!({"updated": 5})
    );
    assert_eq!(app.get("/v1/inbox/counts", &token).await.body["unread"], 0);
}

#[tokio::test]
async fn a_message_without_in_app_is_in_nobodys_inbox() {
    let app = TestApp::start().await;
    let (org, admin, _) = school(&app).await;
    let parent = people::person(&app.db, org, "parent", "Pat").await;
    app.post(
        "/v1/notifications",
        &admin,
        json!({"title": "Mail only", "content": "", "audience": {"all": true}, "channels": ["email"]}),
    )
    .await;
    app.drain().await;
    assert_eq!(app.mails().await.len(), 2);
    assert_eq!(
        app.get("/v1/inbox", &app.token(org, parent)).await.body["items"],
        json!([])
    );
    assert_eq!(
        app.get("/v1/inbox/counts", &app.token(org, parent)).await.body["total"],
        0
    );
}

#[tokio::test]
async fn recipients_are_listed_with_reasons_and_deliveries_page_by_page() {
    let app = TestApp::start().await;
    let (org, admin, _) = school(&app).await;
    people::crowd(&app.db, org, "parent", 25).await;
    let sent = app
        .post(
            "/v1/notifications",
            &admin,
            json!({"title": "Hi", "content": "", "audience": {"roles": ["parent"]}}),
        )
        .await;
    app.drain().await;
    let id = sent.body["id"].as_str().unwrap();
    let mut seen = std::collections::HashSet::new();
    let mut path = format!("/v1/notifications/{id}/recipients?limit=10");
    loop {
        let page = app.get(&path, &admin).await.body;
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["reasons"], json!([{"why": "role", "role": "parent"}]));
            assert_eq!(
                item["deliveries"],
                json!({"in_app": "delivered", "websocket": "pending"})
            );
            seen.insert(item["recipient_id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/notifications/{id}/recipients?limit=10&cursor={cursor}");
    }
    assert_eq!(seen.len(), 25);
}
