//! 100,000 recipients: the request does not wait for them, and an emergency to 1,000 overtakes them on the way.

use frontdesk::{delivery, notifications::jobs};
use platform::clock::Clock;
use serde_json::json;
use uuid::Uuid;

use crate::support::{TestApp, people};

/// Mails that have gone, by message.
async fn sent(app: &TestApp, id: &str) -> i64 {
    app.db
        .value(&format!(
            "select count(*) from frontdesk.notification_logs where notification_id = '{id}' and channel = 'email' and status = 'sent'"
        ))
        .await
}

async fn people_of(app: &TestApp, id: &str) -> i32 {
    app.db
        .value(&format!(
            "select recipient_count from frontdesk.notifications where id = '{id}'"
        ))
        .await
}

async fn dispatch(app: &TestApp) -> usize {
    let email = app.app.routes.first().unwrap();
    delivery::jobs::dispatch_batch(&app.app, email).await.unwrap()
}

async fn send(app: &TestApp, admin: &str, role: &str, category: &str) -> (String, std::time::Duration) {
    let body = json!({"title": category, "content": "", "category": category, "audience": {"roles": [role]},
                      "channels": ["in_app", "email"]});
    let started = std::time::Instant::now();
    let sent = app.post("/v1/notifications", admin, body).await;
    let took = started.elapsed();
    assert_eq!(sent.status, 202, "{sent:?}");
    (sent.body["id"].as_str().unwrap().to_owned(), took)
}

#[tokio::test]
async fn an_emergency_to_1000_overtakes_an_announcement_to_100000_and_no_request_waits_for_its_recipients() {
    let app = TestApp::start_with(Clock::system(), |_| {}).await;
    let org: Uuid = people::organization(&app.db, "district").await;
    let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
    people::crowd(&app.db, org, "student", 100_000).await;
    people::crowd(&app.db, org, "teacher", 1_000).await;
    app.db.run("analyze frontdesk.profiles").await;

    let (_, to_one) = send(&app, &admin, "admin", "system").await;
    app.drain().await;
    let (news, to_all) = send(&app, &admin, "student", "announcement").await;
    println!("POST answered in {to_one:?} for one recipient, in {to_all:?} for 100,000");
    assert_eq!(people_of(&app, &news).await, 0, "the request has written no recipient");

    // It is under way: some chunks are written, some mails are gone, thousands wait in the queue.
    for _ in 0..3 {
        jobs::expand_step(&app.app).await.unwrap();
    }
    dispatch(&app).await;
    let (expanded, gone) = (people_of(&app, &news).await, sent(&app, &news).await);
    assert!(expanded >= 3_000 && gone > 0, "{expanded} {gone}");
    let progress = app.get(&format!("/v1/notifications/{news}"), &admin).await.body["progress"].clone();
    assert_eq!(progress, json!({"expanded": expanded, "total": 100_000}));

    let (fire, _) = send(&app, &admin, "teacher", "emergency").await;
    let mut turns = 0;
    while sent(&app, &fire).await < 1_000 {
        jobs::expand_step(&app.app).await.unwrap();
        dispatch(&app).await;
        turns += 1;
        assert!(turns < 50, "the emergency does not get through");
    }
    let news_sent = sent(&app, &news).await;
    println!(
        "while 1,000 emergency mails went, {} of the {} announcement mails that stood in the queue before them did",
        news_sent - gone,
        i64::from(expanded) - gone
    );
    // By the order of completion: nothing of the announcement went between the emergency's first mail and its last.
    let between: i64 = app
        .db
        .value(&format!(
            "select count(*) from frontdesk.notification_logs l where l.notification_id = '{news}' and l.channel = 'email'
               and l.sent_at > (select min(sent_at) from frontdesk.notification_logs where notification_id = '{fire}' and channel = 'email')
               and l.sent_at < (select max(sent_at) from frontdesk.notification_logs where notification_id = '{fire}' and channel = 'email')"
        ))
        .await;
    assert_eq!(between, 0);
    assert_eq!(news_sent, gone);
    assert!(
        people_of(&app, &news).await < 100_000,
        "the announcement is still under way"
    );

    // It goes on afterwards.
    jobs::expand_step(&app.app).await.unwrap();
    dispatch(&app).await;
    assert!(sent(&app, &news).await > gone);
    assert!(people_of(&app, &news).await > expanded);
}
