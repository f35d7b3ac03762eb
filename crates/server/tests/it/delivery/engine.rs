//! Retries, failover, the breaker, dead letters, and the record of all that.

use std::time::Duration;

use frontdesk::delivery::Outcome;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    desk::{Desk, words},
    scripted::{Scripted, down, later, mail_by, sent},
};
use crate::support::people;

/// A desk whose mail goes to these providers.
async fn desk_with(providers: Vec<std::sync::Arc<Scripted>>) -> Desk {
    Desk::open(|_| {}, mail_by(providers)).await
}

#[tokio::test]
async fn every_attempt_stands_in_the_timeline_with_the_providers_answer() {
    let provider = Scripted::new("smtp", |_, before| match before {
        0 => later("451 greylisted"),
        1 => later("452 mailbox full"),
        _ => sent(),
    });
    let desk = desk_with(vec![provider.clone()]).await;
    let id = desk.send_on("email").await;
    desk.app.drain().await;
    let waiting = desk.delivery(&id).await;
    assert_eq!(
        (&waiting["status"], &waiting["reason"]),
        (&json!("pending"), &json!("retrying"))
    );
    desk.wait_out().await;
    let done = desk.delivery(&id).await;
    assert_eq!((&done["status"], &done["retry_count"]), (&json!("sent"), &json!(2)));
    assert_eq!(
        (&done["provider"], &done["answer"]),
        (&json!("smtp"), &json!("250 taken"))
    );
    let timeline = desk.timeline(&id).await;
    assert_eq!(
        words(&timeline),
        [
            "planned pending - -",
            "attempt pending smtp retrying",
            "attempt pending smtp retrying",
            "attempt sent smtp -"
        ]
    );
    assert_eq!(timeline[1]["message"], "451 greylisted");
    assert_eq!(timeline[3]["message"], "250 taken");
    let attempts: Vec<i16> = provider.made().iter().map(|one| one.attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
}

#[tokio::test]
async fn a_retry_after_is_kept_to() {
    let provider = Scripted::new("smtp", |_, before| match before {
        0 => Outcome::Retry {
            message: "slow down".into(),
            after: Some(Duration::from_secs(3000)),
        },
        _ => sent(),
    });
    let desk = desk_with(vec![provider.clone()]).await;
    desk.send_on("email").await;
    desk.app.drain().await;
    desk.clock.advance(SignedDuration::from_secs(2999));
    desk.app.drain().await;
    assert_eq!(provider.made().len(), 1);
    desk.clock.advance(SignedDuration::from_secs(302));
    desk.app.drain().await;
    assert_eq!(provider.made().len(), 2);
}

#[tokio::test]
async fn the_second_provider_takes_over_and_the_first_is_left_alone_until_a_probe_succeeds() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let healthy = std::sync::Arc::new(AtomicBool::new(false));
    let first = {
        let healthy = healthy.clone();
        Scripted::new("smtp", move |_, _| {
            if healthy.load(Ordering::SeqCst) {
                sent()
            } else {
                down("connection refused")
            }
        })
    };
    let second = Scripted::willing("smtp_backup");
    let desk = desk_with(vec![first.clone(), second.clone()]).await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        ids.push(desk.send_on("email").await);
    }
    desk.app.drain().await;
    assert_eq!(first.made().len(), 5, "five failures in a row, then it is left alone");
    assert_eq!(second.made().len(), 8, "nothing waited");
    assert_eq!(
        words(&desk.timeline(&ids[0]).await),
        [
            "planned pending - -",
            "attempt failed smtp provider_unavailable",
            "attempt sent smtp_backup -"
        ]
    );
    assert_eq!(words(&desk.timeline(&ids[7]).await).len(), 2, "no detour");
    // Still down: one probe, and twice the pause.
    desk.clock.advance(SignedDuration::from_secs(6));
    desk.send_on("email").await;
    desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(first.made().len(), 6);
    healthy.store(true, Ordering::SeqCst);
    desk.clock.advance(SignedDuration::from_secs(11));
    desk.send_on("email").await;
    desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!((first.made().len(), second.made().len()), (8, 10));
}

#[tokio::test]
async fn while_the_only_provider_is_down_deliveries_wait_and_use_up_no_attempts() {
    let provider = Scripted::new("smtp", |_, before| if before < 5 { down("refused") } else { sent() });
    let desk = desk_with(vec![provider.clone()]).await;
    for _ in 0..20 {
        desk.send_on("email").await;
    }
    desk.app.drain().await;
    assert_eq!(provider.made().len(), 5);
    let untouched: i64 = desk
        .app
        .db
        .value("select count(*) from frontdesk.delivery_queue where attempts = 0 and leased_until is null")
        .await;
    assert_eq!(untouched, 15);
    desk.wait_out().await;
    assert_eq!(provider.made().len(), 25);
}

#[tokio::test]
async fn what_is_given_up_is_a_dead_letter_and_can_be_taken_up_again() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let mended = std::sync::Arc::new(AtomicBool::new(false));
    let provider = {
        let mended = mended.clone();
        Scripted::new("smtp", move |_, _| {
            if mended.load(Ordering::SeqCst) {
                sent()
            } else {
                later("452 full")
            }
        })
    };
    let desk = desk_with(vec![provider.clone()]).await;
    let (id, other) = (desk.send_on("email").await, desk.send_on("email").await);
    desk.wait_out().await;
    assert_eq!(provider.made().len(), 16, "eight attempts each");
    let dead = desk.app.get("/v1/deliveries/failed?limit=1", &desk.token()).await.body;
    assert_eq!(dead["items"][0]["reason"], "attempts_exhausted");
    assert_eq!(dead["items"][0]["error_message"], "452 full");
    let next = format!("/v1/deliveries/failed?cursor={}", dead["next_cursor"].as_str().unwrap());
    assert_eq!(
        desk.app.get(&next, &desk.token()).await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let nothing = desk.app.post("/v1/deliveries/redrive", &desk.token(), json!({})).await;
    assert_eq!(nothing.fields(), ["notification_id"]);
    let state = desk
        .app
        .get(&format!("/v1/notifications/{id}"), &desk.token())
        .await
        .body["state"]
        .clone();
    assert_eq!(state, "done");

    mended.store(true, Ordering::SeqCst);
    let body = json!({"notification_id": id, "reason": "attempts_exhausted"});
    let answer = desk
        .app
        .post("/v1/deliveries/redrive", &desk.token(), body.clone())
        .await;
    assert_eq!(answer.body, json!({"redriven": 1}), "{answer:?}");
    assert_eq!(
        desk.app.post("/v1/deliveries/redrive", &desk.token(), body).await.body,
        json!({"redriven": 0})
    );
    desk.app.drain().await;
    assert_eq!(desk.delivery(&id).await["status"], "sent");
    assert_eq!(desk.delivery(&other).await["status"], "failed");
    let timeline = words(&desk.timeline(&id).await);
    assert_eq!(timeline.len(), 1 + 8 + 1 + 1, "{timeline:?}");
    // (The database's clock stamps the redrive, the test's the attempts.)
    assert!(
        timeline.contains(&"redrive pending - attempts_exhausted".to_owned()),
        "{timeline:?}"
    );
    assert_eq!(timeline.last().unwrap(), "attempt sent smtp -");

    // The command, for the rest; another organization's dead letters stay dead.
    let filter = frontdesk::delivery::DeadFilter::default();
    let elsewhere = people::organization(&desk.app.db, "birch").await;
    assert_eq!(
        frontdesk::delivery::redrive_all(&desk.app.app.db, elsewhere, &filter)
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        frontdesk::delivery::redrive_all(&desk.app.app.db, desk.org, &filter)
            .await
            .unwrap(),
        1
    );
    desk.app.drain().await;
    assert_eq!(desk.delivery(&other).await["status"], "sent");
}

#[tokio::test]
async fn a_redriven_delivery_of_a_message_that_is_no_longer_true_stays_dead() {
    let provider = Scripted::new("smtp", |_, _| Outcome::Failed {
        reason: "refused_by_server",
        message: "554 no".into(),
    });
    let desk = desk_with(vec![provider]).await;
    let id = desk.send_on("email").await;
    desk.app.drain().await;
    desk.app
        .db
        .superuser()
        .await
        .execute("update frontdesk.notifications set scheduled_for = now() - interval '2 days', expires_at = now() - interval '1 day'", &[])
        .await
        .unwrap();
    let answer = desk
        .app
        .post("/v1/deliveries/redrive", &desk.token(), json!({"notification_id": id}))
        .await;
    assert_eq!(answer.body, json!({"redriven": 0}));
}
