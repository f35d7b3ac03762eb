//! More messages for one person than fit anywhere at once.

use std::collections::HashSet;

use serde_json::Value;

use super::classroom::Classroom;
use crate::support::{socket::Device, wait::eventually};

/// Writes `count` messages for a parent, as the expander would have.
pub async fn write_messages(classroom: &Classroom, count: i32, content: &str) {
    let (org, pia) = (classroom.org, classroom.parents[0]);
    let sql = format!(
        "with n as (
           insert into frontdesk.notifications (org_id, id, title, content, channels, audience, state, recipient_count)
           select '{org}', gen_random_uuid(), 'Message ' || i, '{content}', '{{in_app,websocket}}', '{{}}', 'done', 1
           from generate_series(1, {count}) i returning id
         ), r as (
           insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role)
           select '{org}', id, '{pia}', 'parent' from n)
         insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status)
         select '{org}', frontdesk.uuid_v7(), n.id, '{pia}', 'websocket', 'pending' from n"
    );
    classroom.app.db.run(&sql).await;
}

/// Reads until so many different messages have come, acknowledging each.
async fn read_and_acknowledge(device: &mut Device, expected: usize) {
    let mut seen = HashSet::new();
    while seen.len() < expected {
        let frame = match device.next_or_close().await {
            Ok(frame) => frame,
            Err(close) => panic!("{close:?} after {} of {expected} messages", seen.len()),
        };
        if frame["type"] == "notification.created" {
            device.acknowledge(&[&frame["delivery_id"]]).await;
            seen.insert(frame["delivery_id"].to_string());
        }
    }
}

async fn until_none_is_open(classroom: &Classroom) {
    let sql = "select count(*) from frontdesk.notification_logs where status <> 'delivered'";
    eventually("all are delivered", async || {
        (classroom.app.db.value::<i64>(sql).await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn somebody_with_three_hundred_open_messages_gets_all_of_them_on_connecting() {
    let classroom = Classroom::open().await;
    write_messages(&classroom, 300, "…").await;
    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    read_and_acknowledge(&mut device, 300).await;
    until_none_is_open(&classroom).await;
}

#[tokio::test]
async fn three_hundred_messages_at_once_reach_a_device_that_reads_them() {
    let classroom = Classroom::open().await;
    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    write_messages(&classroom, 300, "…").await;
    read_and_acknowledge(&mut device, 300).await;
    until_none_is_open(&classroom).await;
}

#[tokio::test]
async fn all_that_was_not_acknowledged_comes_again_however_much_it_is() {
    let classroom = Classroom::open().await;
    write_messages(&classroom, 120, "…").await;
    classroom
        .app
        .db
        .run("update frontdesk.notification_logs set status = 'sent', sent_at = now()")
        .await;
    let mut device = Device::connect(&classroom.app, &classroom.parent(0)).await;
    let mut ids: Vec<Value> = Vec::new();
    while ids.len() < 120 {
        ids.push(device.next_of("notification.created").await["delivery_id"].clone());
    }
    device.acknowledge(&ids.iter().collect::<Vec<_>>()).await;
    until_none_is_open(&classroom).await;
}
