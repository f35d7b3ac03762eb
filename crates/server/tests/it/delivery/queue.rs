//! The order in which the queue is worked off, and what that costs.

use std::collections::HashMap;

use frontdesk::delivery::jobs::dispatch_batch;
use frontdesk::notifications::jobs::{Step, expand_step};
use platform::clock::Clock;
use serde_json::json;
use uuid::Uuid;

use super::scripted::{Scripted, mail_by};
use crate::support::{TestApp, people};

/// An organization with so many parents, and its admin's token.
async fn school(app: &TestApp, slug: &str, parents: i32) -> (Uuid, String) {
    let org = people::organization(&app.db, slug).await;
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    people::crowd(&app.db, org, "parent", parents).await;
    let token = app.token(org, admin);
    (org, token)
}

async fn announce(app: &TestApp, token: &str, priority: &str) {
    let body = json!({"title": "T", "content": "", "audience": {"roles": ["parent"]}, "channels": ["email"], "priority": priority});
    assert_eq!(app.post("/v1/notifications", token, body).await.status, 202);
    while expand_step(&app.app).await.unwrap() != Step::Idle {}
}

#[tokio::test]
async fn a_flood_of_one_organization_does_not_starve_another() {
    let provider = Scripted::willing("smtp");
    let app = TestApp::start_on(
        Clock::system(),
        |settings| settings.delivery.claim_batch = 50,
        mail_by(vec![provider.clone()]),
    )
    .await;
    let (flood, flood_token) = school(&app, "flood", 3000).await;
    let (quiet, quiet_token) = school(&app, "quiet", 100).await;
    let (late, late_token) = school(&app, "late", 20).await;
    announce(&app, &flood_token, "normal").await;
    announce(&app, &quiet_token, "normal").await;
    let route = app.app.routes[0].clone();
    dispatch_batch(&app.app, &route).await.unwrap();
    announce(&app, &late_token, "normal").await;
    let before_late = provider.made().len();
    app.drain().await;
    let order: Vec<Uuid> = provider.made().iter().map(|one| one.org_id).collect();
    assert_eq!(order.len(), 3120);
    let last = |org: Uuid| order.iter().rposition(|one| *one == org).unwrap();
    // Turn by turn: a hundred of the quiet one among the first two hundred and a few, the late one likewise from its arrival.
    assert!(
        last(quiet) < 250,
        "the quiet organization had to wait for {} others",
        last(quiet)
    );
    assert!(
        last(late) < before_late + 80,
        "the late one had to wait for {}",
        last(late) - before_late
    );
    assert_eq!(last(flood), 3119);
    // What it sent in the past is not held against anybody: both begin at the same place again.
    announce(&app, &quiet_token, "normal").await;
    announce(&app, &late_token, "normal").await;
    let before = provider.made().len();
    app.drain().await;
    let mut places: HashMap<Uuid, usize> = HashMap::new();
    for (place, one) in provider.made()[before..].iter().enumerate() {
        places.insert(one.org_id, place);
    }
    assert!(places[&late] < 45, "{places:?}");
}

#[tokio::test]
async fn what_is_urgent_overtakes_whatever_waits() {
    let provider = Scripted::willing("smtp");
    let app = TestApp::start_on(
        Clock::system(),
        |settings| settings.delivery.claim_batch = 50,
        mail_by(vec![provider.clone()]),
    )
    .await;
    let (_, token) = school(&app, "ash", 500).await;
    announce(&app, &token, "normal").await;
    dispatch_batch(&app.app, &app.app.routes[0].clone()).await.unwrap();
    announce(&app, &token, "urgent").await;
    app.drain().await;
    let order: Vec<String> = provider.made().iter().map(|one| one.message.priority.clone()).collect();
    assert!(order[50..550].iter().all(|priority| priority == "urgent"));
}

/// A plan that was made and kept while the queue was empty must not read the whole queue once it is full.
#[tokio::test]
async fn claims_never_read_the_queue_from_one_end_to_the_other() {
    let app = TestApp::start_on(
        Clock::system(),
        |settings| settings.database.pool_size = 1,
        mail_by(vec![Scripted::willing("smtp")]),
    )
    .await;
    let (org, token) = school(&app, "ash", 30).await;
    let route = app.app.routes[0].clone();
    let client = app.db.superuser().await;
    client
        .batch_execute("vacuum analyze frontdesk.delivery_queue")
        .await
        .unwrap();
    announce(&app, &token, "normal").await;
    for _ in 0..10 {
        dispatch_batch(&app.app, &route).await.unwrap();
    }
    client
        .batch_execute("vacuum analyze frontdesk.delivery_queue")
        .await
        .unwrap();
    for _ in 0..10 {
        dispatch_batch(&app.app, &route).await.unwrap();
    }
    // Full at a stroke, and nobody has told the planner.
    client
        .batch_execute("alter table frontdesk.delivery_queue drop constraint delivery_queue_log_fk")
        .await
        .unwrap();
    client
        .execute(
            "insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn)
             select l.org_id, gen_random_uuid(), l.notification_id, l.recipient_id, 'email', 4, now(), i
             from (select * from frontdesk.notification_logs where org_id = $1 limit 1) l, generate_series(1, 20000) i",
            &[&org],
        )
        .await
        .unwrap();
    let scans =
        "select coalesce(sum(seq_tup_read), 0)::bigint from pg_stat_user_tables where relname = 'delivery_queue'";
    client.batch_execute("select pg_stat_force_next_flush()").await.unwrap();
    let before: i64 = client.query_one(scans, &[]).await.unwrap().get(0);
    for _ in 0..3 {
        assert_eq!(dispatch_batch(&app.app, &route).await.unwrap(), 200);
    }
    let _flushed = app
        .app
        .db
        .system_query("test", "select pg_stat_force_next_flush()", &[])
        .await
        .unwrap();
    client.batch_execute("select pg_stat_clear_snapshot()").await.unwrap();
    let after: i64 = client.query_one(scans, &[]).await.unwrap().get(0);
    assert!(
        after - before < 20_000,
        "{} rows were read one after the other",
        after - before
    );
}
