//! Who may open a socket.

use jiff::{SignedDuration, Timestamp};
use platform::{auth::ServiceKey, clock::Clock};
use reqwest::{Method, StatusCode};
use tokio::net::TcpSocket;

use crate::support::{
    TestApp, people,
    socket::{Device, ticket},
};

async fn parent(app: &TestApp) -> String {
    let org = people::organization(&app.db, "school").await;
    app.token(org, people::person(&app.db, org, "parent", "Pia").await)
}

fn status(opened: Result<Device, (StatusCode, serde_json::Value)>) -> u16 {
    opened.err().map_or(101, |(status, _)| status.as_u16())
}

#[tokio::test]
async fn a_ticket_opens_one_socket_once() {
    let app = TestApp::start().await;
    let ticket = ticket(&app, &parent(&app).await).await;
    let mut device = Device::open(&app.url, &ticket, None).await.unwrap();
    device.greet().await;
    assert_eq!(device.unread, 0);
    let (status, problem) = Device::open(&app.url, &ticket, None).await.err().unwrap();
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (401, &"unauthenticated".into()),
        "{problem}"
    );
}

#[tokio::test]
async fn of_many_who_present_a_ticket_at_once_one_gets_in() {
    let app = TestApp::start().await;
    let ticket = ticket(&app, &parent(&app).await).await;
    let all = futures_util::future::join_all((0..8).map(|_| Device::open(&app.url, &ticket, None))).await;
    assert_eq!(all.iter().filter(|opened| opened.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_ticket_is_good_for_30_seconds() {
    let app = TestApp::start_with(Clock::fixed(Timestamp::now()), |_| {}).await;
    let token = parent(&app).await;
    let (in_time, too_late) = (ticket(&app, &token).await, ticket(&app, &token).await);
    app.app.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(status(Device::open(&app.url, &in_time, None).await), 101);
    app.app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(status(Device::open(&app.url, &too_late, None).await), 401);
}

#[tokio::test]
async fn without_a_good_ticket_there_is_no_socket() {
    let app = TestApp::start().await;
    let good = ticket(&app, &parent(&app).await).await;
    let mut forged = good.clone().into_bytes();
    forged[40] = if forged[40] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for query in [
        String::new(),
        "?ticket=".into(),
        "?ticket=garbage".into(),
        format!("?ticket={}", &good[1..]),
        format!("?ticket={good}{good}"),
        format!("?ticket={forged}"),
    ] {
        let opened = Device::open_on(TcpSocket::new_v4().unwrap(), &app.url, &query, None).await;
        assert_eq!(status(opened), 401, "{query:?}");
    }
    assert_eq!(
        status(Device::open(&app.url, &good, None).await),
        101,
        "none of this used it up"
    );
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_socket_and_does_not_use_up_the_ticket() {
    let app = TestApp::start().await;
    let ticket = ticket(&app, &parent(&app).await).await;
    for origin in [
        "https://evil.example",
        "http://127.0.0.1:1",
        "null",
        &format!("{}.evil.example", app.url),
    ] {
        assert_eq!(
            status(Device::open(&app.url, &ticket, Some(origin)).await),
            403,
            "{origin}"
        );
    }
    assert_eq!(status(Device::open(&app.url, &ticket, Some(&app.url)).await), 101);
}

#[tokio::test]
async fn what_is_no_websocket_is_told_so_and_does_not_use_up_the_ticket() {
    let app = TestApp::start().await;
    let ticket = ticket(&app, &parent(&app).await).await;
    let answer = app
        .ask(Method::GET, &format!("/v1/realtime?ticket={ticket}"), None, None)
        .await;
    assert_eq!(
        (answer.status.as_u16(), &answer.body["code"]),
        (400, &"malformed_request".into())
    );
    assert_eq!(status(Device::open(&app.url, &ticket, None).await), 101);
}

#[tokio::test]
async fn a_service_key_gets_no_ticket() {
    let app = TestApp::start().await;
    let org = people::organization(&app.db, "school").await;
    let key = ServiceKey::generate(org);
    let tx = app.db.db.system("test").await.unwrap();
    frontdesk::organizations::store::add_service_key(&tx, &key, "test")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let answer = app
        .ask(Method::POST, "/v1/realtime/tickets", Some(&key.reveal()), None)
        .await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_ticket_of_somebody_who_is_no_longer_welcome_is_worth_nothing() {
    let app = TestApp::start().await;
    let ticket = ticket(&app, &parent(&app).await).await;
    app.db.run("update frontdesk.profiles set status = 'inactive'").await;
    let mut device = Device::open(&app.url, &ticket, None).await.unwrap();
    assert_eq!(device.next_or_close().await, Err((1008, "membership ended".into())));
}
