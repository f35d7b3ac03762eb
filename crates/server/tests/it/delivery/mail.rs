//! Mail through the engine and a real server: greylisting, refusals, connections that drop, a slow server, a bounce that
//! comes back, what mail providers report, and the signature.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use frontdesk::{
    delivery::{apply_report, email::TransportKind, read_bounce},
    settings::Settings,
};
use jiff::SignedDuration;
use mail_parser::MessageParser;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{
    desk::{Desk, words},
    peer::openssl,
};
use crate::support::{postfix::Postfix, wait::eventually};

fn smtp(url: &str) -> impl FnOnce(&mut Settings) + use<> {
    let url = url.to_owned();
    move |settings| {
        settings.email.transport = TransportKind::Smtp;
        settings.email.from = "Riverdale <no-reply@school.test>".into();
        settings.email.url = url;
    }
}

async fn readdress(desk: &Desk, address: &str) {
    let sql = format!("update frontdesk.profiles set email = '{address}'");
    desk.app.db.superuser().await.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn greylisting_is_waited_out_and_a_refusal_for_good_is_a_bounce() {
    let server = Postfix::start();
    let base = smtp(&server.url());
    let desk = Desk::open(
        move |settings| {
            base(settings);
            settings.delivery.max_attempts = 1000;
            settings.email.idle_timeout_seconds = 1;
        },
        |app| app,
    )
    .await;
    readdress(&desk, "defer.me@example.test").await;
    let greylisted = desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&greylisted).await, "pending retrying");
    // Postfix changes its mind, as greylisting does; its old processes take a moment to go.
    server.accept_all();
    eventually("the mail is taken", async || {
        desk.clock.advance(SignedDuration::from_mins(1));
        desk.app.drain().await;
        (desk.state(&greylisted).await == "sent -").then_some(())
    })
    .await;
    let timeline = desk.timeline(&greylisted).await;
    assert!(
        timeline[1]["message"].as_str().unwrap().contains("Greylisted"),
        "{timeline:?}"
    );

    readdress(&desk, "unknown@example.test").await;
    let refused = desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&refused).await, "bounced refused_by_server");
}

#[tokio::test]
async fn a_server_that_hangs_up_or_does_not_answer_is_passed_over_for_the_second() {
    for answer in ["", "220 slow\r\n"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bad = format!("smtp://{}?tls=none", listener.local_addr().unwrap());
        let tried = Arc::new(AtomicUsize::new(0));
        let count = tried.clone();
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                // Hangs up at once, or greets and then says no more.
                if !answer.is_empty() {
                    stream.write_all(answer.as_bytes()).await.ok();
                    held.push(stream);
                }
            }
        });
        let good = Postfix::start();
        let (first, second) = (smtp(&bad), good.url());
        let desk = Desk::open(
            move |settings| {
                first(settings);
                settings.email.backup_url = second;
                settings.email.command_timeout_seconds = 1;
            },
            |app| app,
        )
        .await;
        let id = desk.send_on("email").await;
        desk.app.drain().await;
        assert_eq!(desk.state(&id).await, "sent -");
        assert_eq!(
            words(&desk.timeline(&id).await)[1..],
            ["attempt failed smtp provider_unavailable", "attempt sent smtp_backup -"]
        );
        assert_eq!(tried.load(Ordering::SeqCst), 1);
        assert_eq!(good.wait_for(1).await.len(), 1);
    }
}

#[tokio::test]
async fn a_bounce_that_postfix_writes_finds_its_delivery_and_suppresses_the_address() {
    let server = Postfix::start();
    let desk = Desk::open(smtp(&server.url()), |app| app).await;
    readdress(&desk, "late.refusal@example.test").await;
    let id = desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&id).await, "sent -", "it is taken at first");
    let bounce = server.wait_for(1).await.remove(0);
    assert_eq!(bounce.recipient, "no-reply@school.test");
    let report = read_bounce(&bounce.raw).expect("postfix writes RFC 3464");
    apply_report(&desk.app.app.db, &report).await.unwrap();
    assert_eq!(desk.state(&id).await, "bounced bounced");
    let list = desk.app.get("/v1/suppressions", &desk.token()).await.body;
    assert_eq!(list["items"][0]["address"], "late.refusal@example.test");
    let again = desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&again).await, "skipped address_suppressed");
    // Lifted by staff, and it is sent to again.
    let path = "/v1/suppressions?channel=email&address=Late.Refusal%40example.test";
    let lifted = desk
        .app
        .ask(reqwest::Method::DELETE, path, Some(&desk.token()), None)
        .await;
    assert_eq!(lifted.status, 204, "{lifted:?}");
    let third = desk.send_on("email").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&third).await, "sent -");
    assert!(read_bounce(b"Subject: hello\r\n\r\nI am on holiday").is_none());
}

/// Posts a provider's report.
async fn report(desk: &Desk, provider: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    let mut request = desk
        .app
        .client()
        .post(format!("{}/v1/callbacks/{provider}", desk.app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    desk.app.send(request.body(body.to_owned())).await.status.as_u16()
}

fn basic(login: &str) -> String {
    format!("Basic {}", STANDARD.encode(login))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn bounces_and_complaints_of_ses_postmark_sendgrid_and_mailgun_count_when_they_are_signed() {
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pair.as_ref(), &SystemRandom::new()).unwrap();
    // A SubjectPublicKeyInfo of P-256: 26 bytes that are always the same, then the point.
    let spki = [
        &STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=").unwrap()[..26],
        pair.public_key().as_ref(),
    ]
    .concat();
    let desk = Desk::open(
        |settings| {
            settings.callbacks.ses_login = "ses:one".into();
            settings.callbacks.postmark_login = "postmark:two".into();
            settings.callbacks.sendgrid_public_key = STANDARD.encode(&spki);
            settings.callbacks.mailgun_signing_key = "three".into();
        },
        |app| app,
    )
    .await;
    let fresh = async |address: &str| {
        readdress(&desk, address).await;
        let id = desk.send_on("email").await;
        desk.app.drain().await;
        let log = desk.delivery(&id).await["id"].as_str().unwrap().to_owned();
        (id, format!("{}_{log}", desk.org))
    };
    let suppressed = async || -> Vec<String> {
        let list = desk.app.get("/v1/suppressions", &desk.token()).await.body;
        let all = list["items"].as_array().unwrap().iter();
        all.map(|one| {
            format!(
                "{} {}",
                one["address"].as_str().unwrap(),
                one["reason"].as_str().unwrap()
            )
        })
        .collect()
    };

    let (id, reference) = fresh("a@example.test").await;
    let event = json!({"eventType": "Bounce", "mail": {"tags": {"delivery": [reference]}},
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "a@example.test", "diagnosticCode": "550 5.1.1"}]}});
    let body = json!({"Type": "Notification", "Message": event.to_string()}).to_string();
    assert_eq!(
        report(&desk, "ses", &[("authorization", &basic("ses:wrong"))], &body).await,
        401
    );
    assert_eq!(report(&desk, "ses", &[], &body).await, 401);
    assert_eq!(desk.state(&id).await, "sent -");
    assert_eq!(
        report(&desk, "ses", &[("authorization", &basic("ses:one"))], &body).await,
        204
    );
    assert_eq!(desk.state(&id).await, "bounced bounced");

    let (id, reference) = fresh("b@example.test").await;
    let body = json!({"RecordType": "SpamComplaint", "Email": "b@example.test", "Metadata": {"delivery": reference}})
        .to_string();
    assert_eq!(
        report(&desk, "postmark", &[("authorization", &basic("postmark:"))], &body).await,
        401
    );
    assert_eq!(
        report(&desk, "postmark", &[("authorization", &basic("postmark:two"))], &body).await,
        204
    );
    assert_eq!(desk.state(&id).await, "delivered complained");

    let (id, reference) = fresh("c@example.test").await;
    let body = json!([{"event": "delivered", "email": "c@example.test", "delivery": reference, "response": "250 ok"},
        {"event": "bounce", "type": "bounce", "email": "c@example.test", "delivery": reference, "reason": "550 no such user"},
        {"event": "open", "email": "c@example.test", "delivery": reference}])
    .to_string();
    let signature = pair
        .sign(&SystemRandom::new(), format!("1700000000{body}").as_bytes())
        .unwrap();
    let signature = STANDARD.encode(signature.as_ref());
    let headers = |time: &'static str| {
        [
            ("x-twilio-email-event-webhook-timestamp", time),
            ("x-twilio-email-event-webhook-signature", signature.as_str()),
        ]
    };
    assert_eq!(report(&desk, "sendgrid", &headers("1700000001"), &body).await, 401);
    assert_eq!(
        report(
            &desk,
            "sendgrid",
            &headers("1700000000"),
            &body.replace("no such", "any")
        )
        .await,
        401
    );
    assert_eq!(report(&desk, "sendgrid", &headers("1700000000"), &body).await, 204);
    assert_eq!(desk.state(&id).await, "bounced bounced");
    assert_eq!(
        words(&desk.timeline(&id).await)[2..],
        ["callback delivered sendgrid -", "callback bounced sendgrid bounced"]
    );

    let (id, reference) = fresh("d@example.test").await;
    let mailgun = |time: i64| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"three");
        let signature = hex(hmac::sign(&key, format!("{time}tok").as_bytes()).as_ref());
        json!({"signature": {"timestamp": time.to_string(), "token": "tok", "signature": signature}, "event-data": {"event": "failed",
            "severity": "permanent", "recipient": "d@example.test", "user-variables": {"delivery": reference},
            "delivery-status": {"message": "550 5.1.1 gone"}}})
        .to_string()
    };
    let now = desk.clock.now().as_second();
    assert_eq!(
        report(&desk, "mailgun", &[], &mailgun(now - 3600)).await,
        401,
        "an old signature"
    );
    assert_eq!(
        report(&desk, "mailgun", &[], &mailgun(now).replace("tok\"", "tik\"")).await,
        401
    );
    assert_eq!(report(&desk, "mailgun", &[], &mailgun(now)).await, 204);
    assert_eq!(desk.state(&id).await, "bounced bounced");
    assert_eq!(
        suppressed().await,
        [
            "a@example.test bounced",
            "b@example.test complained",
            "c@example.test bounced",
            "d@example.test bounced"
        ]
    );

    // A report about nothing of ours changes nothing.
    let strange = format!("{}_{}", Uuid::nil(), Uuid::nil());
    let body = json!({"RecordType": "SpamComplaint", "Email": "x@example.test", "Metadata": {"delivery": strange}})
        .to_string();
    assert_eq!(
        report(&desk, "postmark", &[("authorization", &basic("postmark:two"))], &body).await,
        204
    );
    assert_eq!(
        report(
            &desk,
            "postmark",
            &[("authorization", &basic("postmark:two"))],
            "garbage"
        )
        .await,
        400
    );
    assert_eq!(report(&desk, "pigeon", &[], "").await, 404);
    assert_eq!(suppressed().await.len(), 4);
}

#[tokio::test]
async fn mails_are_signed_so_that_an_independent_verifier_agrees_and_carry_the_providers_reference() {
    let dir = tempfile::tempdir().unwrap();
    let key = openssl(&["genrsa", "-traditional", "2048"]);
    let file = dir.path().join("dkim.pem");
    std::fs::write(&file, &key).unwrap();
    let public = openssl(&["rsa", "-in", file.to_str().unwrap(), "-pubout"]);
    let public: String = public.lines().filter(|line| !line.starts_with('-')).collect();
    let server = Postfix::start();
    let base = smtp(&server.url());
    let desk = Desk::open(
        move |settings| {
            base(settings);
            settings.email.dkim_selector = "desk".into();
            settings.email.dkim_key = Some(file);
            settings.email.provider = frontdesk::delivery::email::MailProvider::Mailgun;
        },
        |app| app,
    )
    .await;
    let id = desk
        .send(json!({"title": "Schneefrei ☃", "content": "Zeile 1\n.\n\n  zwei  \n", "channels": ["email"]}))
        .await;
    desk.app.drain().await;
    let log = desk.delivery(&id).await["id"].as_str().unwrap().to_owned();
    let raw = server.wait_for(1).await.remove(0).raw;
    let mail = MessageParser::default().parse(&raw).unwrap();
    let header = |name: &str| mail.header_raw(name).unwrap_or_default().trim().to_owned();
    assert_eq!(header("X-Frontdesk-Delivery"), format!("{}_{log}", desk.org));
    let variables: Value = serde_json::from_str(&header("X-Mailgun-Variables").replace(['\r', '\n'], "")).unwrap();
    assert_eq!(variables["delivery"], format!("{}_{log}", desk.org));
    let link = header("List-Unsubscribe");
    assert!(
        link.starts_with("<http://localhost:4000/v1/unsubscribe/") && link.ends_with('>'),
        "{link}"
    );
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let verdict = dkimpy(&raw, &public);
    assert_eq!(verdict, "True", "{}", String::from_utf8_lossy(&raw));
    let altered = String::from_utf8_lossy(&raw).replace("Subject: ", "Subject: x");
    assert_eq!(dkimpy(altered.as_bytes(), &public), "False");
}

/// What dkimpy thinks of a mail, with this key in the DNS.
fn dkimpy(mail: &[u8], public: &str) -> String {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    let script = format!(
        "import sys, dkim\nraw = sys.stdin.buffer.read().replace(b'\\r\\n', b'\\n').replace(b'\\n', b'\\r\\n')\n\
         print(dkim.verify(raw, dnsfunc=lambda name, timeout=5: b'v=DKIM1; k=rsa; p={public}'))"
    );
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 and python3-dkim are installed by scripts/setup test");
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_line_break_in_a_title_is_refused_before_anything_is_sent() {
    let desk = Desk::open(|_| {}, |app| app).await;
    for title in ["Snow\r\nBcc: everybody@example.test", "Snow\nX: y", "Snow\u{0}"] {
        let body = json!({"title": title, "content": "", "audience": {"all": true}, "channels": ["email"]});
        let answer = desk.app.post("/v1/notifications", &desk.token(), body).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, vec!["title"]));
    }
}
