//! What a device may say, and how the server takes leave.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{TestApp, people, socket::Device, wait::eventually};

async fn device(app: &TestApp, name: &str) -> Device {
    let org = people::organization(&app.db, name).await;
    Device::connect(
        app,
        &app.token(org, people::person(&app.db, org, "parent", "Pia").await),
    )
    .await
}

#[tokio::test]
async fn each_kind_of_bad_frame_closes_with_its_code() {
    let app = TestApp::start().await;
    let too_many = json!({"type": "ack", "delivery_ids": vec![Uuid::nil(); 401]}).to_string();
    let cases = [
        ("binary", Message::binary(vec![1, 2, 3]), 1003),
        ("garbage", Message::text("garbage"), 1008),
        ("empty", Message::text(""), 1008),
        ("unknown type", Message::text(r#"{"type":"subscribe"}"#), 1008),
        (
            "unknown field",
            Message::text(r#"{"type":"ack","delivery_ids":[],"org_id":"x"}"#),
            1008,
        ),
        ("no id", Message::text(r#"{"type":"ack","delivery_ids":["x"]}"#), 1008),
        ("too many ids", Message::text(too_many), 1008),
        ("too large", Message::text("x".repeat(17 * 1024)), 1009),
    ];
    for (number, (what, message, code)) in cases.into_iter().enumerate() {
        let mut device = device(&app, &format!("school-{number}")).await;
        device.send(message).await;
        assert_eq!(device.closed().await, code, "{what}");
    }
    eventually("every seat is free again", async || {
        (app.app.hub.connections() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_frame_of_megabytes_ends_the_connection_before_it_is_read() {
    let app = TestApp::start().await;
    let mut device = device(&app, "school").await;
    // The server may hang up while this is still being sent.
    device.try_send(Message::text("x".repeat(4 * 1024 * 1024))).await.ok();
    device.closed().await;
    eventually("its seat is free", async || {
        (app.app.hub.connections() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_unknown_delivery_is_acknowledged_without_effect() {
    let app = TestApp::start().await;
    let mut device = device(&app, "school").await;
    device.acknowledge(&[]).await;
    device.acknowledge(&[&json!(Uuid::nil())]).await;
    // It goes on: what is not understood after it still gets its own answer.
    device.send(Message::text("{")).await;
    assert_eq!(device.closed().await, 1008);
}

#[tokio::test]
async fn a_device_that_leaves_gives_its_seat_back() {
    let app = TestApp::start().await;
    let device = device(&app, "school").await;
    assert_eq!(app.app.hub.connections(), 1);
    device.leave().await;
    eventually("the seat is free", async || {
        (app.app.hub.connections() == 0).then_some(())
    })
    .await;
}
