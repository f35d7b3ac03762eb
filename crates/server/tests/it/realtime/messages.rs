//! The way of a message to the devices of its recipients, and back.

use serde_json::json;

use super::classroom::Classroom;
use crate::support::{socket::Device, wait::eventually};

#[tokio::test]
async fn a_connected_recipient_gets_the_message_and_acknowledging_it_makes_it_delivered() {
    let classroom = Classroom::open().await;
    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let id = classroom.send_to(0, "Early dismissal").await;
    let created = device.next_of("notification.created").await;
    let message = &created["notification"];
    assert_eq!(message["notification_id"], json!(id));
    assert_eq!(
        (&message["title"], &message["status"]),
        (&json!("Early dismissal"), &json!("unread"))
    );
    assert_eq!(message["sender_name"], "Ada");
    assert_eq!(device.next_of("inbox.count").await["unread"], 1);
    classroom.until_states(&id, &["sent"]).await;

    device.acknowledge(&[&created["delivery_id"]]).await;
    classroom.until_states(&id, &["delivered"]).await;
    let path = format!("/v1/notifications/{id}/deliveries?channel=websocket");
    let log = &classroom.app.get(&path, &classroom.admin).await.body["items"][0];
    assert_eq!(log["id"], created["delivery_id"]);
    assert!(log["sent_at"].is_string() && log["delivered_at"].is_string(), "{log}");
}

#[tokio::test]
async fn somebody_who_was_away_gets_it_on_connecting_and_again_until_it_is_acknowledged() {
    let classroom = Classroom::open().await;
    let id = classroom.send_to(0, "While you were away").await;
    classroom.until_expanded(&id).await;
    assert_eq!(classroom.states(&id).await, ["pending"]);

    for _ in 0..2 {
        let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
        assert_eq!(device.unread, 1);
        let created = device.next_of("notification.created").await;
        assert_eq!(created["notification"]["notification_id"], json!(id));
        classroom.until_states(&id, &["sent"]).await;
        device.leave().await;
    }

    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let created = device.next_of("notification.created").await;
    device.acknowledge(&[&created["delivery_id"]]).await;
    classroom.until_states(&id, &["delivered"]).await;
    device.leave().await;

    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let next = classroom.send_to(0, "The next one").await;
    let created = device.next_of("notification.created").await;
    assert_eq!(
        created["notification"]["notification_id"],
        json!(next),
        "what was acknowledged does not come again"
    );
}

#[tokio::test]
async fn both_devices_of_a_person_get_it_and_one_acknowledgement_is_enough() {
    let classroom = Classroom::open().await;
    let mut phone = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let mut laptop = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let id = classroom.send_to(0, "For both").await;
    let on_phone = phone.next_of("notification.created").await;
    let on_laptop = laptop.next_of("notification.created").await;
    assert_eq!(on_phone, on_laptop);
    phone.acknowledge(&[&on_phone["delivery_id"]]).await;
    classroom.until_states(&id, &["delivered"]).await;
    laptop.acknowledge(&[&on_laptop["delivery_id"]]).await;
    classroom.send_to(0, "It goes on").await;
    laptop.next_of("notification.created").await;
    assert_eq!(classroom.states(&id).await, ["delivered"]);
}

#[tokio::test]
async fn what_is_read_on_one_device_counts_down_on_the_other() {
    let classroom = Classroom::open().await;
    let token = classroom.parent(0);
    let id = classroom.send_to(0, "Read me").await;
    classroom.until_expanded(&id).await;
    let mut laptop = Device::connect(&classroom.app, &token).await;
    assert_eq!(laptop.unread, 1);
    let path = format!("/v1/inbox/{id}");
    let patch = |status: &'static str| {
        classroom.app.ask(
            reqwest::Method::PATCH,
            &path,
            Some(&token),
            Some(json!({"status": status})),
        )
    };
    assert_eq!(patch("read").await.status, 200);
    eventually("none unread", async || {
        (laptop.next_of("inbox.count").await["unread"] == 0).then_some(())
    })
    .await;
    assert_eq!(patch("unread").await.status, 200);
    eventually("one unread", async || {
        (laptop.next_of("inbox.count").await["unread"] == 1).then_some(())
    })
    .await;
    let all = classroom
        .app
        .ask(reqwest::Method::POST, "/v1/inbox/read-all", Some(&token), None)
        .await;
    assert_eq!(all.body["updated"], 1);
    eventually("none unread", async || {
        (laptop.next_of("inbox.count").await["unread"] == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn staff_hear_of_progress_and_parents_do_not() {
    let classroom = Classroom::open().await;
    let mut admin = Device::connect(&classroom.app, &classroom.admin).await;
    let mut pia = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let id = classroom.send("To both", json!({"roles": ["parent"]})).await;
    let progress = admin.next_of("notification.progress").await;
    assert_eq!(progress["notification_id"], json!(id));
    let created = pia.next_of("notification.created").await;
    pia.acknowledge(&[&created["delivery_id"]]).await;
    classroom.until_states(&id, &["delivered", "pending"]).await;
    admin.next_of("notification.progress").await;

    classroom.send_to(0, "The last one").await;
    let frames = pia.until("notification.created").await;
    let kinds: Vec<_> = frames.iter().filter_map(|frame| frame["type"].as_str()).collect();
    assert!(!kinds.contains(&"notification.progress"), "{kinds:?}");
}

#[tokio::test]
async fn nobody_can_acknowledge_for_somebody_else() {
    let classroom = Classroom::open().await;
    let mut pia = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let mut pablo = Device::connect(&classroom.app, &classroom.parent(1)).await;
    let id = classroom.send_to(0, "For Pia").await;
    let created = pia.next_of("notification.created").await;
    let own = classroom.send_to(1, "For Pablo").await;
    let his = pablo.next_of("notification.created").await;
    pablo.acknowledge(&[&created["delivery_id"], &his["delivery_id"]]).await;
    classroom.until_states(&own, &["delivered"]).await;
    assert_eq!(classroom.states(&id).await, ["sent"]);
}
