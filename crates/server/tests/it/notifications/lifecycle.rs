//! A message's life: drafts, edits until it goes, calling off, its history, and the moves that nobody can make.

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

async fn school(app: &TestApp) -> (Uuid, String) {
    let org = people::organization(&app.db, "school").await;
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    (org, app.token(org, admin))
}

async fn write(app: &TestApp, admin: &str, body: Value) -> String {
    let sent = app.post("/v1/notifications", admin, body).await;
    assert_eq!(sent.status, 202, "{sent:?}");
    sent.body["id"].as_str().unwrap().to_owned()
}

async fn edit(app: &TestApp, admin: &str, id: &str, body: Value) -> Answer {
    let path = format!("/v1/notifications/{id}");
    app.ask(Method::PATCH, &path, Some(admin), Some(body)).await
}

async fn act(app: &TestApp, admin: &str, id: &str, what: &str) -> Answer {
    let path = format!("/v1/notifications/{id}/{what}");
    app.ask(Method::POST, &path, Some(admin), None).await
}

async fn get(app: &TestApp, admin: &str, id: &str) -> Value {
    app.get(&format!("/v1/notifications/{id}"), admin).await.body
}

async fn events(app: &TestApp, admin: &str, id: &str) -> Vec<String> {
    let page = app.get(&format!("/v1/notifications/{id}/history"), admin).await.body;
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["event"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_draft_is_edited_sent_and_its_whole_life_can_be_read() {
    let app = TestApp::start().await;
    let (org, admin) = school(&app).await;
    people::crowd(&app.db, org, "parent", 3).await;
    let id = write(
        &app,
        &admin,
        json!({"title": "Trip", "content": "Soon.", "audience": {"roles": ["parent"]}, "draft": true}),
    )
    .await;
    app.drain().await;
    let draft = get(&app, &admin, &id).await;
    assert_eq!((&draft["state"], &draft["version"]), (&json!("draft"), &json!(1)));
    assert_eq!(draft["recipients"]["total"], 0, "a draft goes nowhere");

    let edited = edit(
        &app,
        &admin,
        &id,
        json!({"title": "Trip to the zoo", "severity": "warning", "action_url": "/trips/7"}),
    )
    .await;
    assert_eq!(edited.status, 200, "{edited:?}");
    assert_eq!(edited.body["title"], "Trip to the zoo");
    assert_eq!(edited.body["content"], "Soon.", "what is left out stays");
    assert_eq!(edited.body["version"], 2);
    assert_eq!(edited.headers["etag"], "\"2\"");
    let back = edit(&app, &admin, &id, json!({"action_url": null})).await;
    assert_eq!(back.body["action_url"], Value::Null);

    let sent = act(&app, &admin, &id, "send").await;
    assert_eq!((sent.status.as_u16(), &sent.body["state"]), (202, &json!("scheduled")));
    app.drain().await;
    let done = get(&app, &admin, &id).await;
    assert_eq!(done["state"], "done");
    assert_eq!(done["progress"], json!({"expanded": 3, "total": 3}));
    assert_eq!(
        events(&app, &admin, &id).await,
        ["created", "edited", "edited", "scheduled", "sending", "done"]
    );
    let history = app.get(&format!("/v1/notifications/{id}/history"), &admin).await.body;
    assert_eq!(history["items"][1]["actor_name"], "Ada");
    assert_eq!(
        history["items"][1]["detail"]["fields"],
        json!(["action_url", "severity", "title"])
    );
    assert_eq!(history["items"][4]["actor_name"], Value::Null, "the workers did it");

    for (answer, what) in [
        (edit(&app, &admin, &id, json!({"title": "Late"})).await, "edited"),
        (act(&app, &admin, &id, "send").await, "sent"),
    ] {
        assert_eq!(answer.status, 409, "cannot be {what} again: {answer:?}");
        assert_eq!(answer.body["code"], "already_sent");
    }
}

#[tokio::test]
async fn a_scheduled_message_can_be_edited_and_called_off_until_it_goes() {
    let clock = Clock::fixed(Timestamp::now());
    let app = TestApp::start_with(clock.clone(), |_| {}).await;
    let (_, admin) = school(&app).await;
    let later = clock.now() + SignedDuration::from_mins(10);
    let body = json!({"title": "Later", "content": "", "audience": {"all": true}, "scheduled_for": later});
    let moved = write(&app, &admin, body.clone()).await;
    let cancelled = write(&app, &admin, body).await;
    let much_later = later + SignedDuration::from_mins(10);
    let edited = edit(
        &app,
        &admin,
        &moved,
        json!({"scheduled_for": much_later, "expires_at": null}),
    )
    .await;
    assert_eq!(edited.status, 200, "{edited:?}");
    assert_eq!(act(&app, &admin, &cancelled, "cancel").await.body["state"], "cancelled");
    assert_eq!(act(&app, &admin, &cancelled, "cancel").await.status, 409);
    assert_eq!(edit(&app, &admin, &cancelled, json!({"title": "x"})).await.status, 409);

    clock.advance(SignedDuration::from_mins(11));
    app.drain().await;
    assert_eq!(get(&app, &admin, &moved).await["state"], "scheduled", "it was put off");
    assert_eq!(get(&app, &admin, &cancelled).await["recipients"]["total"], 0);
    clock.advance(SignedDuration::from_mins(10));
    app.drain().await;
    assert_eq!(get(&app, &admin, &moved).await["state"], "done");
    assert_eq!(events(&app, &admin, &cancelled).await, ["created", "cancelled"]);
}

#[tokio::test]
async fn cancelling_while_it_is_under_way_stops_the_rest_and_takes_it_out_of_the_inboxes() {
    let app = TestApp::start_with(Clock::system(), |settings| settings.delivery.expand_chunk = 10).await;
    let (org, admin) = school(&app).await;
    let parents = people::crowd(&app.db, org, "parent", 40).await;
    let id = write(
        &app,
        &admin,
        json!({"title": "Wrong", "content": "", "audience": {"roles": ["parent"]},
               "channels": ["in_app", "websocket", "email"]}),
    )
    .await;
    frontdesk::notifications::jobs::expand_step(&app.app).await.unwrap();
    let half = get(&app, &admin, &id).await;
    assert_eq!(half["state"], "expanding");
    assert_eq!(half["progress"], json!({"expanded": 10, "total": 40}));

    assert_eq!(act(&app, &admin, &id, "cancel").await.status, 200);
    frontdesk::notifications::jobs::finish(&app.app).await.unwrap();
    app.drain().await;
    let stopped = get(&app, &admin, &id).await;
    assert_eq!(stopped["state"], "cancelled");
    assert_eq!(stopped["recipients"]["total"], 10);
    assert_eq!(stopped["recipients"]["archived"], 10);
    assert_eq!(stopped["totals"]["email"]["skipped"], 10);
    assert_eq!(stopped["totals"]["websocket"]["skipped"], 10);
    assert_eq!(app.mails().await.len(), 0);
    let queued: i64 = app.db.value("select count(*) from frontdesk.delivery_queue").await;
    assert_eq!(queued, 0);
    let reasons: i64 = app
        .db
        .value("select count(*) from frontdesk.notification_logs where status = 'skipped' and reason = 'cancelled'")
        .await;
    assert_eq!(reasons, 20);
    for parent in &parents {
        let inbox = app.get("/v1/inbox", &app.token(org, *parent)).await.body;
        assert_eq!(inbox["items"], json!([]));
    }
}

#[tokio::test]
async fn of_two_people_who_edit_at_once_one_hears_that_it_has_changed() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let id = write(
        &app,
        &admin,
        json!({"title": "T", "content": "", "audience": {"all": true}, "draft": true}),
    )
    .await;
    let patch = |title: &str, tag: &str| {
        let request = app
            .client()
            .patch(format!("{}/v1/notifications/{id}", app.url))
            .bearer_auth(&admin)
            .header("if-match", tag)
            .json(&json!({"title": title}));
        app.send(request)
    };
    let (one, two) = tokio::join!(patch("one", "\"1\""), patch("two", "\"1\""));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{one:?} {two:?}");
    let refused = if one.status == 412 { one } else { two };
    assert_eq!(refused.body["code"], "precondition_failed");
    assert_eq!(patch("three", "*").await.status, 200);
}

#[tokio::test]
async fn an_edit_that_races_with_the_expander_is_whole_or_refused() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    for round in 0..10 {
        let id = write(
            &app,
            &admin,
            json!({"title": "Before", "content": "", "audience": {"all": true}}),
        )
        .await;
        let (edited, _) = tokio::join!(edit(&app, &admin, &id, json!({"title": "After"})), app.drain());
        app.drain().await;
        let title = get(&app, &admin, &id).await["title"].as_str().unwrap().to_owned();
        match edited.status.as_u16() {
            200 => assert_eq!(title, "After", "round {round}"),
            409 => assert_eq!(title, "Before", "round {round}"),
            other => panic!("round {round}: {other}: {edited:?}"),
        }
    }
}

#[tokio::test]
async fn edits_are_checked_like_new_messages_and_name_the_field() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let id = write(
        &app,
        &admin,
        json!({"title": "T", "content": "", "audience": {"all": true}, "draft": true}),
    )
    .await;
    for (body, fields) in [
        (json!({"title": ""}), vec!["title"]),
        (json!({"title": null}), vec!["title"]),
        (json!({"title": "a\r\nBcc: x@y"}), vec!["title"]),
        (json!({"audience": {"classes": ["none"]}}), vec!["audience.classes[0]"]),
        (json!({"audience": {"everyone": 1}}), vec!["audience.everyone"]),
        (json!({"channels": ["pigeon"]}), vec!["channels[0]"]),
        (json!({"priority": "most"}), vec!["priority"]),
        (json!({"state": "done"}), vec!["state"]),
        (json!({"draft": false}), vec!["draft"]),
        (json!({"expires_at": "2001-01-01T00:00:00Z"}), vec!["expires_at"]),
    ] {
        let answer = edit(&app, &admin, &id, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, fields),
            "{body}: {answer:?}"
        );
    }
    assert_eq!(get(&app, &admin, &id).await["version"], 1);
    assert_eq!(
        act(&app, &admin, &platform::ids::new_id().to_string(), "cancel")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn nobody_can_move_a_message_where_it_may_not_go_not_even_the_owner() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    let id = write(
        &app,
        &admin,
        json!({"title": "T", "content": "", "audience": {"all": true}}),
    )
    .await;
    app.drain().await;
    let client = app.db.superuser().await;
    for sql in [
        "update frontdesk.notifications set state = 'scheduled'",
        "update frontdesk.notifications set state = 'draft'",
        "update frontdesk.notifications set title = 'other words'",
        "update frontdesk.notifications set audience = '{\"roles\": [\"parent\"]}'",
    ] {
        let error = client.batch_execute(sql).await.unwrap_err();
        assert_eq!(error.as_db_error().unwrap().code().code(), "FD409", "{sql}");
    }
    let error = client
        .batch_execute("update frontdesk.notifications set state = 'expired'; update frontdesk.notifications set state = 'sending'")
        .await
        .unwrap_err();
    assert_eq!(error.as_db_error().unwrap().code().code(), "FD409");
    assert_eq!(
        get(&app, &admin, &id).await["state"],
        "done",
        "all of it was rolled back"
    );
}

#[tokio::test]
async fn the_list_can_be_narrowed_to_states() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app).await;
    for draft in [true, false, false] {
        let body = json!({"title": "T", "content": "", "audience": {"all": true}, "draft": draft});
        write(&app, &admin, body).await;
    }
    let count = async |query: &str| {
        let page = app.get(&format!("/v1/notifications?{query}"), &admin).await.body;
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("state=draft").await, 1);
    assert_eq!(count("state=draft,scheduled").await, 3);
    assert_eq!(count("state=done").await, 0);
    let wrong = app.get("/v1/notifications?state=gone", &admin).await;
    assert_eq!((wrong.status.as_u16(), wrong.fields()), (422, vec!["state"]));
}
