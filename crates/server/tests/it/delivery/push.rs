//! Push on the wire: what browsers, Google's and Apple's servers get, and what their answers do.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use frontdesk::{delivery::generate_vapid_key, settings::Settings};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use super::{
    desk::Desk,
    peer::{Peer, Request, openssl, run, script},
};

fn webpush(settings: &mut Settings) {
    let (private, public) = generate_vapid_key().unwrap();
    settings.push.vapid_private_key = private;
    settings.push.vapid_public_key = public;
    settings.push.vapid_subject = "mailto:desk@example.test".into();
    settings.push.allow_private_addresses = true;
}

async fn register(desk: &Desk, body: Value) -> String {
    let answer = desk.app.post("/v1/devices", &desk.token(), body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body["id"].as_str().unwrap().to_owned()
}

async fn devices(desk: &Desk) -> usize {
    let answer = desk.app.get("/v1/devices", &desk.token()).await;
    answer.body["items"].as_array().unwrap().len()
}

fn browser(endpoint: &str, keys: &Value) -> Value {
    json!({"kind": "webpush", "endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}, "name": "Firefox"})
}

#[tokio::test]
async fn a_browser_reads_what_it_gets_and_the_headers_say_how_long_and_how_urgent() {
    let service = Peer::start(|_| {
        (
            201,
            vec![("location", "https://push.example.test/m/1".into())],
            String::new(),
        )
    })
    .await;
    let desk = Desk::open(webpush, |app| app).await;
    let key = desk.app.get("/v1/devices/push-key", &desk.token()).await.body["vapid_public_key"].clone();
    let keys = run("webpush.mjs", "subscribe", &Value::Null);
    register(&desk, browser(&format!("{}/send/1", service.url), &keys)).await;
    let id = desk
        .send(
            json!({"title": "Snow ☃", "content": "School is closed.", "channels": ["push"], "priority": "urgent",
            "action_url": "https://school.test/n/1"}),
        )
        .await;
    desk.app.drain().await;
    let delivery = desk.delivery(&id).await;
    assert_eq!(
        (&delivery["status"], &delivery["units"]),
        (&json!("sent"), &json!(1)),
        "{delivery}"
    );
    assert_eq!(delivery["external_id"], "https://push.example.test/m/1");

    let request = &service.requests()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/send/1"));
    assert_eq!(request.header("content-encoding"), "aes128gcm");
    assert_eq!(request.header("urgency"), "high");
    let topic = request.header("topic");
    assert!(
        topic.len() <= 32
            && topic
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    let ttl: i64 = request.header("ttl").parse().unwrap();
    assert_eq!(
        ttl,
        28 * 24 * 3600,
        "the message is true for 30 days; four weeks is the longest"
    );
    let opened = run(
        "webpush.mjs",
        "open",
        &json!({"privateKey": keys["privateKey"], "auth": keys["auth"],
            "body": URL_SAFE_NO_PAD.encode(&request.body), "authorization": request.header("authorization")}),
    );
    assert_eq!(opened["message"]["title"], "Snow ☃");
    assert_eq!(opened["message"]["body"], "School is closed.");
    assert_eq!(opened["message"]["data"]["notification_id"], json!(id));
    assert_eq!(opened["message"]["data"]["action_url"], "https://school.test/n/1");
    assert_eq!(opened["vapid"]["key"], key);
    assert_eq!(opened["vapid"]["aud"], json!(service.url));
    assert_eq!(opened["vapid"]["sub"], "mailto:desk@example.test");
    let life = opened["vapid"]["exp"].as_i64().unwrap() - desk.clock.now().as_second();
    assert!(
        (1..=24 * 3600).contains(&life),
        "RFC 8292: at most 24 hours, not {life}"
    );
}

#[tokio::test]
async fn a_subscription_that_is_gone_is_forgotten_and_one_that_is_busy_is_tried_again() {
    let service = Peer::start(|request: &Request| match request.path.as_str() {
        "/gone" => (410, vec![], "gone".into()),
        "/unknown" => (404, vec![], String::new()),
        "/busy" => (429, vec![("retry-after", "120".into())], String::new()),
        _ => (413, vec![], "too large".into()),
    })
    .await;
    let desk = Desk::open(webpush, |app| app).await;
    let keys = run("webpush.mjs", "subscribe", &Value::Null);
    for path in ["gone", "unknown"] {
        register(&desk, browser(&format!("{}/{path}", service.url), &keys)).await;
    }
    let id = desk.send_on("push").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&id).await, "bounced refused_by_server");
    assert_eq!(devices(&desk).await, 0);
    let none = desk.send_on("push").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&none).await, "skipped no_device");

    register(&desk, browser(&format!("{}/busy", service.url), &keys)).await;
    let busy = desk.send_on("push").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&busy).await, "pending retrying");
    let pause = format!(
        "select extract(epoch from due_at - '{}')::float8 from frontdesk.delivery_queue",
        desk.clock.now()
    );
    let pause: f64 = desk.app.db.value(&pause).await;
    assert!(
        (119.9..133.0).contains(&pause),
        "Retry-After counts, and a little spread: {pause}"
    );
    desk.wait_out().await;
    register(&desk, browser(&format!("{}/large", service.url), &keys)).await;
    assert_eq!(devices(&desk).await, 2);
}

#[tokio::test]
async fn a_subscription_into_our_own_network_is_refused_with_the_field_named() {
    let desk = Desk::open(
        |settings| {
            webpush(settings);
            settings.push.allow_private_addresses = false;
        },
        |app| app,
    )
    .await;
    let keys = run("webpush.mjs", "subscribe", &Value::Null);
    for endpoint in [
        "http://push.example.org/1",
        "https://127.0.0.1/1",
        "https://localhost:5432/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
    ] {
        let answer = desk
            .app
            .post("/v1/devices", &desk.token(), browser(endpoint, &keys))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec!["endpoint"]),
            "{endpoint}"
        );
    }
    for (body, field) in [
        (
            json!({"kind": "webpush", "endpoint": "https://push.example.org/1"}),
            "keys",
        ),
        (
            json!({"kind": "webpush", "endpoint": "https://push.example.org/1", "keys": {"p256dh": "AAAA", "auth": keys["auth"]}}),
            "keys.p256dh",
        ),
        (
            json!({"kind": "webpush", "endpoint": "https://push.example.org/1", "keys": {"p256dh": keys["p256dh"], "auth": "x"}}),
            "keys.auth",
        ),
        (json!({"kind": "fcm"}), "token"),
        (json!({"kind": "apns", "token": "../../../x"}), "token"),
        (json!({"kind": "fcm", "token": "a\r\nb"}), "token"),
        (json!({"kind": "fcm", "token": "abc", "name": "a\nb"}), "name"),
        (json!({"kind": "pager", "token": "abc"}), "kind"),
    ] {
        let answer = desk.app.post("/v1/devices", &desk.token(), body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec![field]), "{body}");
    }
    // One that was registered when the rules were other ones: nothing connects to it, and it is forgotten.
    let sql = format!(
        "insert into frontdesk.push_subscriptions (org_id, id, profile_id, kind, token, token_hash, p256dh, auth)
         values ('{}', gen_random_uuid(), '{}', 'webpush', 'https://127.0.0.1:1/', sha256('x'), '\\x04' || sha256('a') || sha256('b'), substring(sha256('c') for 16))",
        desk.org, desk.admin
    );
    desk.app.db.superuser().await.batch_execute(&sql).await.unwrap();
    let id = desk.send_on("push").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&id).await, "bounced refused_by_server");
    assert_eq!(devices(&desk).await, 0);
}

#[tokio::test]
async fn a_device_belongs_to_whoever_registered_it_last_and_to_twenty_at_most() {
    let desk = Desk::open(webpush, |app| app).await;
    let other = crate::support::people::person(&desk.app.db, desk.org, "parent", "Pat").await;
    let others_token = desk.app.token(desk.org, other);
    let phone = json!({"kind": "fcm", "token": "one-telephone"});
    let first = register(&desk, phone.clone()).await;
    assert_eq!(
        register(&desk, phone.clone()).await,
        first,
        "the same device keeps its id"
    );
    assert_eq!(desk.app.post("/v1/devices", &others_token, phone).await.status, 201);
    assert_eq!(devices(&desk).await, 0);
    let path = format!("/v1/devices/{first}");
    let gone = desk
        .app
        .ask(reqwest::Method::DELETE, &path, Some(&desk.token()), None)
        .await;
    assert_eq!(gone.status, 204);
    let theirs = desk.app.get("/v1/devices", &others_token).await.body;
    assert_eq!(
        theirs["items"].as_array().unwrap().len(),
        1,
        "it is somebody else's now, and stays"
    );
    for number in 0..25 {
        register(&desk, json!({"kind": "fcm", "token": format!("telephone-{number}")})).await;
    }
    assert_eq!(devices(&desk).await, 20);
    let gone = desk
        .app
        .ask(reqwest::Method::DELETE, &path, Some(&others_token), None)
        .await;
    assert_eq!(gone.status, 204);
}

/// Google's servers, as <https://firebase.google.com/docs/cloud-messaging/send/v1-api> describes them.
#[tokio::test]
async fn google_gets_a_signed_assertion_once_and_the_message_as_documented() {
    let dir = tempfile::tempdir().unwrap();
    let private = openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    let key_file = dir.path().join("key.pem");
    std::fs::write(&key_file, &private).unwrap();
    let public = openssl(&["pkey", "-in", key_file.to_str().unwrap(), "-pubout"]);
    let google = Peer::start(|request: &Request| match request.path.as_str() {
        "/token" => (
            200,
            vec![],
            json!({"access_token": "ya29.a", "expires_in": 3599, "token_type": "Bearer"}).to_string(),
        ),
        _ if request.json()["message"]["token"] == "gone" => (
            404,
            vec![],
            json!({"error": {"code": 404, "status": "NOT_FOUND", "details": [{"@type":
                "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}]}})
            .to_string(),
        ),
        _ => (200, vec![], json!({"name": "projects/desk/messages/0:1"}).to_string()),
    })
    .await;
    let account = json!({"type": "service_account", "project_id": "desk", "private_key_id": "k1", "private_key": private,
        "client_email": "push@desk.iam.example.test", "token_uri": format!("{}/token", google.url)});
    let credentials = dir.path().join("firebase.json");
    std::fs::write(&credentials, account.to_string()).unwrap();
    let url = google.url.clone();
    let desk = Desk::open(
        move |settings| {
            settings.push.fcm_credentials = Some(credentials);
            settings.push.fcm_url = url;
        },
        |app| app,
    )
    .await;
    register(&desk, json!({"kind": "fcm", "token": "device:1"})).await;
    register(&desk, json!({"kind": "fcm", "token": "gone"})).await;
    let id = desk.send_on("push").await;
    desk.app.drain().await;
    let delivery = desk.delivery(&id).await;
    assert_eq!(delivery["status"], "sent", "{delivery}");
    assert_eq!(delivery["external_id"], "projects/desk/messages/0:1");
    assert_eq!(devices(&desk).await, 1, "the other one is unregistered");

    let requests = google.requests();
    let tokens: Vec<_> = requests.iter().filter(|one| one.path == "/token").collect();
    assert_eq!(tokens.len(), 1, "the access token is used again");
    let form = String::from_utf8(tokens[0].body.clone()).unwrap();
    assert!(
        form.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="),
        "{form}"
    );
    let assertion = form.split_once("assertion=").unwrap().1;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[format!("{}/token", google.url)]);
    let decoded = jsonwebtoken::decode::<Value>(
        assertion,
        &DecodingKey::from_rsa_pem(public.as_bytes()).unwrap(),
        &rules,
    )
    .unwrap();
    assert_eq!(decoded.claims["iss"], "push@desk.iam.example.test");
    assert_eq!(
        decoded.claims["scope"],
        "https://www.googleapis.com/auth/firebase.messaging"
    );
    let sent = requests.iter().find(|one| one.path != "/token").unwrap();
    assert_eq!(sent.path, "/v1/projects/desk/messages:send");
    assert_eq!(sent.header("authorization"), "Bearer ya29.a");
    let message = sent.json()["message"].clone();
    assert_eq!(
        message["notification"],
        json!({"title": "Snow", "body": "School is closed."})
    );
    assert!(
        message["data"].as_object().unwrap().values().all(Value::is_string),
        "{message}"
    );
    assert_eq!(message["android"]["priority"], "NORMAL");
    assert!(message["android"]["ttl"].as_str().unwrap().ends_with('s'));
}

struct Apple {
    server: Child,
    lines: std::sync::mpsc::Receiver<String>,
    url: String,
}

impl Apple {
    fn start() -> Self {
        let mut server = Command::new("node")
            .arg(script("apns.mjs"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(server.stdout.take().unwrap());
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let url = format!("http://127.0.0.1:{}", lines.recv().unwrap());
        Self { server, lines, url }
    }

    fn request(&self) -> Value {
        let line = self.lines.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Apple {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

#[tokio::test]
async fn apple_gets_http_2_with_a_provider_token_and_the_documented_headers() {
    let apple = Apple::start();
    let dir = tempfile::tempdir().unwrap();
    let private = openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let key = dir.path().join("AuthKey_ABC123DEFG.p8");
    std::fs::write(&key, &private).unwrap();
    let public = openssl(&["pkey", "-in", key.to_str().unwrap(), "-pubout"]);
    let url = apple.url.clone();
    let desk = Desk::open(
        move |settings| {
            settings.push.apns_key = Some(key);
            settings.push.apns_key_id = "ABC123DEFG".into();
            settings.push.apns_team_id = "DEF123GHIJ".into();
            settings.push.apns_topic = "test.school.app".into();
            settings.push.apns_url = url;
        },
        |app| app,
    )
    .await;
    let good = "a".repeat(64);
    register(&desk, json!({"kind": "apns", "token": good})).await;
    let id = desk.send_on("push").await;
    desk.app.drain().await;
    let delivery = desk.delivery(&id).await;
    assert_eq!(delivery["status"], "sent", "{delivery}");
    assert_eq!(delivery["external_id"], delivery["id"], "apns-id is the delivery's id");
    let request = apple.request();
    let header = |name: &str| request["headers"][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(header(":method"), "POST");
    assert_eq!(header(":path"), format!("/3/device/{good}"));
    assert_eq!(header("apns-topic"), "test.school.app");
    assert_eq!(header("apns-push-type"), "alert");
    assert_eq!(header("apns-priority"), "5");
    assert!(header("apns-collapse-id").len() <= 64);
    assert!(header("apns-expiration").parse::<i64>().unwrap() > desk.clock.now().as_second());
    assert_eq!(
        request["body"]["aps"]["alert"],
        json!({"title": "Snow", "body": "School is closed."})
    );
    let token = header("authorization").strip_prefix("bearer ").unwrap().to_owned();
    let mut rules = Validation::new(Algorithm::ES256);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    let decoded =
        jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_ec_pem(public.as_bytes()).unwrap(), &rules).unwrap();
    assert_eq!(decoded.header.kid.as_deref(), Some("ABC123DEFG"));
    assert_eq!(decoded.claims["iss"], "DEF123GHIJ");

    // Another message a while later: the token is used again, since Apple refuses providers that change it too often.
    desk.clock.advance(jiff::SignedDuration::from_mins(30));
    register(
        &desk,
        json!({"kind": "apns", "token": format!("410{}", "b".repeat(61))}),
    )
    .await;
    let second = desk.send_on("push").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&second).await, "sent -");
    assert_eq!(
        apple.request()["headers"]["authorization"],
        request["headers"]["authorization"]
    );
    assert_eq!(devices(&desk).await, 1, "the one that is unregistered is forgotten");
}
