//! A device that does not read what it is sent.

use tokio::net::TcpSocket;

use super::{classroom::Classroom, many::write_messages};
use crate::support::{
    socket::{Device, ticket},
    wait::eventually,
};

/// 40 MB of text in all: more than the kernel's buffers take for one socket.
const MESSAGES: i32 = 1000;
const CONTENT: usize = 10_000;

#[tokio::test]
async fn a_device_that_does_not_read_is_cut_off_after_a_bounded_amount_and_gets_the_rest_later() {
    let classroom = Classroom::open().await;
    let small = TcpSocket::new_v4().unwrap();
    small.set_recv_buffer_size(4096).unwrap();
    let ticket = ticket(&classroom.app, &classroom.parent(0)).await;
    let query = format!("?ticket={ticket}");
    let mut sleeper = Device::open_on(small, &classroom.app.url, &query, None).await.unwrap();
    sleeper.greet().await;
    write_messages(&classroom, MESSAGES, &"雪".repeat(CONTENT)).await;

    // It reads nothing from here on.
    eventually("it is cut off", async || {
        (classroom.app.app.hub.connections() == 0).then_some(())
    })
    .await;
    let pending = "select count(*) from frontdesk.notification_logs where status = 'pending'";
    let left: i64 = classroom.app.db.value(pending).await;
    assert!(
        left > i64::from(MESSAGES) / 2,
        "only {left} of {MESSAGES} wait in the database and not in memory"
    );

    // Others are not held up by it, and its person gets the rest elsewhere.
    let mut pablo = Device::connect(&classroom.app, &classroom.parent(1)).await;
    classroom.send_to(1, "Meanwhile").await;
    pablo.next_of("notification.created").await;
    let mut awake = Device::connect(&classroom.app, &classroom.parent(0)).await;
    awake.next_of("notification.created").await;
    let mut read = 0;
    while sleeper.next_or_close().await.is_ok() {
        read += 1;
    }
    println!("it was cut off with {left} messages left in the database and {read} on the way");
    assert!(read < MESSAGES / 2, "{read} frames were kept for it");
}
