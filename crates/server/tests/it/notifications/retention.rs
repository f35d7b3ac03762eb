//! What is kept, and for how long: expiry and retention, by the function that an application may call too.

use frontdesk::notifications::jobs;
use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people};

const DAY: i64 = 24;

async fn school(app: &TestApp, slug: &str) -> (Uuid, String) {
    let org = people::organization(&app.db, slug).await;
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    (org, app.token(org, admin))
}

async fn send(app: &TestApp, admin: &str, extra: Value) -> String {
    let mut body = json!({"title": "T", "content": "", "audience": {"all": true}});
    for (name, value) in extra.as_object().unwrap() {
        body[name] = value.clone();
    }
    let sent = app.post("/v1/notifications", admin, body).await;
    assert_eq!(sent.status, 202, "{sent:?}");
    sent.body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_seeds_function_expires_what_is_old_and_its_inbox_rows_are_archived() {
    let app = TestApp::start().await;
    let (_, admin) = school(&app, "school").await;
    let old = send(&app, &admin, json!({})).await;
    let young = send(&app, &admin, json!({})).await;
    app.drain().await;
    let client = app.db.superuser().await;
    client
        .batch_execute(&format!(
            "alter table frontdesk.notifications disable trigger move_notification;
             update frontdesk.notifications set scheduled_for = now() - interval '40 days', expires_at = now() - interval '10 days'
             where id = '{old}';
             alter table frontdesk.notifications enable trigger move_notification"
        ))
        .await
        .unwrap();
    let run = "set role service_role; select frontdesk.expire_old_notifications()";
    let tx = app.app.db.system("test").await.unwrap();
    let row = tx
        .query_one("select frontdesk.expire_old_notifications()", &[])
        .await
        .unwrap();
    assert_eq!(row.get::<_, i32>(0), 1, "{run}");
    tx.commit().await.unwrap();
    app.drain().await;
    let states = client
        .query(
            "select n.id::text, n.state, r.status from frontdesk.notifications n
             join frontdesk.notification_recipients r on r.notification_id = n.id",
            &[],
        )
        .await
        .unwrap();
    for row in states {
        let (id, state, status): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let expected = if id == old {
            ("expired", "archived")
        } else {
            ("done", "unread")
        };
        assert_eq!((state.as_str(), status.as_str()), expected, "{young}");
    }
}

#[tokio::test]
async fn each_organizations_retention_counts_and_the_totals_outlive_the_logs() {
    let clock = Clock::fixed(Timestamp::now());
    let app = TestApp::start_with(clock.clone(), |_| {}).await;
    let (short, short_admin) = school(&app, "short").await;
    let (_, long_admin) = school(&app, "long").await;
    app.db
        .run(&format!(
            "update frontdesk.organizations set settings = '{{\"retention\": {{\"logs\": 5, \"expired_notifications\": 10}}}}'
             where id = '{short}'"
        ))
        .await;
    let kept = send(&app, &short_admin, json!({})).await;
    let gone = send(
        &app,
        &short_admin,
        json!({"expires_at": clock.now() + SignedDuration::from_hours(DAY)}),
    )
    .await;
    send(&app, &long_admin, json!({})).await;
    app.drain().await;
    // ended_at is the database's time: the clock is put forward instead.
    clock.advance(SignedDuration::from_hours(2 * DAY));
    app.drain().await;
    clock.advance(SignedDuration::from_hours(12 * DAY));
    jobs::tidy(&app.app).await.unwrap();

    let client = app.db.superuser().await;
    let ids: Vec<String> = client
        .query(
            "select id::text from frontdesk.notifications where org_id = $1",
            &[&short],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(ids, std::slice::from_ref(&kept), "{gone} expired long enough ago");
    let logs: Vec<(Uuid, i64)> = client
        .query(
            "select org_id, count(*) from frontdesk.notification_logs group by 1",
            &[],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    assert_eq!(logs.len(), 1);
    assert_ne!(logs[0].0, short, "the other organization keeps its logs for 90 days");
    let totals: Value = client
        .query_one(
            "select final_totals from frontdesk.notifications where id::text = $1",
            &[&kept],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(totals.as_array().unwrap().len(), 3, "{totals}");
    let inbox: i64 = app
        .db
        .value("select count(*) from frontdesk.notification_recipients")
        .await;
    assert_eq!(inbox, 2, "inboxes keep what has not expired");
}
