//! Membership: who is no longer welcome, and who belongs to another organization.

use serde_json::json;

use super::{classroom::Classroom, many::write_messages};
use crate::support::{people, socket::Device};

#[tokio::test]
async fn somebody_who_is_deactivated_while_connected_cannot_acknowledge() {
    let classroom = Classroom::open().await;
    let mut pia = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let id = classroom.send_to(0, "Your last one").await;
    let created = pia.next_of("notification.created").await;
    classroom.until_states(&id, &["sent"]).await;
    classroom
        .app
        .db
        .run("update frontdesk.profiles set status = 'inactive' where name = 'Pia'")
        .await;
    pia.acknowledge(&[&created["delivery_id"]]).await;
    assert_eq!(pia.closed().await, 1008);
    assert_eq!(classroom.states(&id).await, ["sent"]);
}

#[tokio::test]
async fn somebody_who_is_deactivated_while_connected_gets_nothing_more() {
    let classroom = Classroom::open().await;
    let mut pia = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let mut pablo = Device::connect(&classroom.app, &classroom.parent(1)).await;
    let db = &classroom.app.db;
    db.run("update frontdesk.profiles set status = 'inactive' where name = 'Pia'")
        .await;
    // Expanded while she still belonged, and not brought to her yet.
    write_messages(&classroom, 1, "…").await;
    classroom.send_to(1, "For Pablo").await;
    pablo.next_of("notification.created").await;
    let hers: String = db
        .value("select status from frontdesk.notification_logs where recipient_id = (select id from frontdesk.profiles where name = 'Pia')")
        .await;
    assert_eq!(hers, "pending");
    classroom.app.app.tasks.stop();
    assert_eq!(pia.next_or_close().await, Err((1012, "restarting; reconnect".into())));
}

#[tokio::test]
async fn the_same_person_in_another_organization_gets_nothing_of_this_one() {
    let classroom = Classroom::open().await;
    let db = &classroom.app.db;
    let other = people::organization(db, "clinic").await;
    let pia = classroom.parents[0];
    db.run(&format!(
        "insert into frontdesk.profiles (org_id, id, role, name) values ('{other}', '{pia}', 'staff', 'Pia')"
    ))
    .await;
    let sender = people::person(db, other, "admin", "Olga").await;
    let mut elsewhere = Device::connect(&classroom.app, &classroom.app.token(other, pia)).await;
    let mut here = Device::connect(&classroom.app, &classroom.parent(0)).await;

    let id = classroom.send_to(0, "Of the school").await;
    let created = here.next_of("notification.created").await;
    elsewhere.acknowledge(&[&created["delivery_id"]]).await;

    let body = json!({"title": "Of the clinic", "content": "", "audience": {"all": true}, "channels": ["websocket"]});
    let sent = classroom
        .app
        .post("/v1/notifications", &classroom.app.token(other, sender), body)
        .await;
    assert_eq!(sent.status, 202);
    let frames = elsewhere.until("notification.created").await;
    assert_eq!(frames.last().unwrap()["notification"]["title"], "Of the clinic");
    let text = serde_json::to_string(&frames).unwrap();
    assert!(!text.contains(&id), "not even that there was progress: {text}");
    assert_eq!(
        classroom.states(&id).await,
        ["sent"],
        "an acknowledgement from elsewhere counts for nothing"
    );
}
