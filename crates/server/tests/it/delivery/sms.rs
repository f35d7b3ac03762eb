//! SMS on the wire, and what providers report later.

use base64::{Engine, engine::general_purpose::STANDARD};
use frontdesk::settings::Settings;
use ring::hmac;
use serde_json::json;

use super::{
    desk::{Desk, words},
    peer::{Peer, Request},
};

const TOKEN: &str = "a secret of twilio's";

fn twilio(url: &str) -> impl FnOnce(&mut Settings) + use<> {
    let url = url.to_owned();
    move |settings| {
        settings.server.public_url = "https://desk.example.test".into();
        settings.sms.providers = vec!["twilio".into()];
        settings.sms.twilio.account_sid = "AC123".into();
        settings.sms.twilio.auth_token = TOKEN.into();
        settings.sms.twilio.from = "+15005550006".into();
        settings.sms.twilio.url = url;
    }
}

fn fields(request: &Request) -> Vec<(String, String)> {
    let body = format!("http://x/?{}", String::from_utf8(request.body.clone()).unwrap());
    url::Url::parse(&body).unwrap().query_pairs().into_owned().collect()
}

fn field(request: &Request, name: &str) -> String {
    fields(request)
        .into_iter()
        .find(|(one, _)| one == name)
        .map(|(_, value)| value)
        .unwrap_or_default()
}

/// Posts a status callback as Twilio does, signed with `token`.
async fn report(desk: &Desk, callback: &str, status: &str, code: &str, token: &str) -> u16 {
    let pairs = [
        ("ErrorCode", code),
        ("MessageSid", "SM1"),
        ("MessageStatus", status),
        ("To", "+14155552671"),
    ];
    let mut signed = callback.to_owned();
    for (name, value) in pairs {
        signed += name;
        signed += value;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
    let path = callback.strip_prefix("https://desk.example.test").unwrap();
    let mut body = url::Url::parse("http://x").unwrap();
    body.query_pairs_mut().extend_pairs(pairs);
    let request = desk
        .app
        .client()
        .post(format!("{}{path}", desk.app.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature)
        .body(body.query().unwrap().to_owned());
    desk.app.send(request).await.status.as_u16()
}

#[tokio::test]
async fn twilio_gets_its_form_and_its_signed_callback_moves_the_log_row() {
    let server = Peer::start(|_| {
        (
            201,
            vec![],
            json!({"sid": "SM1", "status": "queued", "num_segments": "2"}).to_string(),
        )
    })
    .await;
    let desk = Desk::open(twilio(&server.url), |app| app).await;
    let id = desk.send_on("sms").await;
    desk.app.drain().await;
    let delivery = desk.delivery(&id).await;
    assert_eq!(
        (&delivery["status"], &delivery["external_id"], &delivery["units"]),
        (&json!("sent"), &json!("SM1"), &json!(2))
    );
    let request = &server.requests()[0];
    assert_eq!(request.path, "/2010-04-01/Accounts/AC123/Messages.json");
    assert_eq!(
        request.header("authorization"),
        format!("Basic {}", STANDARD.encode(format!("AC123:{TOKEN}")))
    );
    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(field(request, "To"), "+14155552671");
    assert_eq!(field(request, "From"), "+15005550006");
    assert_eq!(field(request, "Body"), "Snow\nSchool is closed.");
    let callback = field(request, "StatusCallback");

    assert_eq!(report(&desk, &callback, "delivered", "", "another secret").await, 401);
    assert_eq!(desk.state(&id).await, "sent -");
    assert_eq!(report(&desk, &callback, "sent", "", TOKEN).await, 204);
    assert_eq!(report(&desk, &callback, "delivered", "", TOKEN).await, 204);
    assert_eq!(
        report(&desk, &callback, "delivered", "", TOKEN).await,
        204,
        "providers repeat themselves"
    );
    assert_eq!(desk.state(&id).await, "delivered -");
    let timeline = words(&desk.timeline(&id).await);
    assert_eq!(
        timeline,
        [
            "planned pending - -",
            "attempt sent twilio -",
            "callback delivered twilio -"
        ]
    );

    // The number is off: it bounces, and nothing is sent to it any more.
    let second = desk.send_on("sms").await;
    desk.app.drain().await;
    let callback = field(&server.requests()[1], "StatusCallback");
    assert_eq!(report(&desk, &callback, "undelivered", "30005", TOKEN).await, 204);
    assert_eq!(desk.state(&second).await, "bounced bounced");
    let third = desk.send_on("sms").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&third).await, "skipped address_suppressed");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn what_twilio_refuses_is_told_apart_from_twilio_being_down() {
    let server = Peer::start(|request: &Request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        match () {
            () if body.contains("Wrong") => (
                400,
                vec![],
                json!({"code": 21211, "message": "Invalid 'To'"}).to_string(),
            ),
            () if body.contains("Busy") => (
                429,
                vec![("retry-after", "30".into())],
                json!({"code": 20429}).to_string(),
            ),
            () => (400, vec![], json!({"code": 21617, "message": "too long"}).to_string()),
        }
    })
    .await;
    let desk = Desk::open(twilio(&server.url), |app| app).await;
    for (title, state) in [
        ("Wrong", "bounced refused_by_server"),
        ("Long", "failed refused_by_provider"),
        ("Busy", "pending retrying"),
    ] {
        let id = desk
            .send(json!({"title": title, "content": "", "channels": ["sms"]}))
            .await;
        desk.app.drain().await;
        assert_eq!(desk.state(&id).await, state, "{title}");
    }
}

#[tokio::test]
async fn a_second_provider_takes_over_and_its_reports_are_signed_too() {
    let down = Peer::start(|_| (503, vec![], String::new())).await;
    let bridge = Peer::start(|_| (202, vec![], json!({"id": "m-7"}).to_string())).await;
    let (first, second) = (twilio(&down.url), format!("{}/messages", bridge.url));
    let desk = Desk::open(
        move |settings| {
            first(settings);
            settings.sms.providers = vec!["twilio".into(), "http".into()];
            settings.sms.http.url = second;
            settings.sms.http.token = "bridge secret".into();
        },
        |app| app,
    )
    .await;
    let id = desk.send_on("sms").await;
    desk.app.drain().await;
    let delivery = desk.delivery(&id).await;
    assert_eq!(
        (&delivery["status"], &delivery["provider"], &delivery["external_id"]),
        (&json!("sent"), &json!("sms_http"), &json!("m-7"))
    );
    assert_eq!(
        words(&desk.timeline(&id).await)[1],
        "attempt failed twilio provider_unavailable"
    );
    let request = &bridge.requests()[0];
    assert_eq!(request.header("authorization"), "Bearer bridge secret");
    assert_eq!(request.json()["id"], delivery["id"]);
    let callback = request.json()["callback_url"].as_str().unwrap().to_owned();
    let (_, reference) = callback.split_once("delivery=").unwrap();
    let body = json!({"status": "failed", "message": "switched off"}).to_string();
    for (secret, status) in [("another", 401), ("bridge secret", 204)] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, format!("{reference}.{body}").as_bytes());
        let signature: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let path = callback.strip_prefix("https://desk.example.test").unwrap();
        let request = desk
            .app
            .client()
            .post(format!("{}{path}", desk.app.url))
            .header("x-signature", format!("sha256={signature}"));
        assert_eq!(desk.app.send(request.body(body.clone())).await.status.as_u16(), status);
    }
    assert_eq!(desk.state(&id).await, "failed not_delivered");
}
