//! Mails through a real mail server: what the transport reports is what postfix did, and what arrives is what was written.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use frontdesk::delivery::email::smtp::{Cause, EnhancedCode};
use frontdesk::delivery::email::{
    Email, EmailConfig, Mailbox, NotificationMail, Rendered, SendError, Stage, Transport, TransportKind,
};
use jiff::Timestamp;
use mail_parser::MessageParser;
use uuid::Uuid;

use crate::support::postfix::Postfix;

fn transport(config: EmailConfig) -> Transport {
    Transport::open(&EmailConfig {
        transport: TransportKind::Smtp,
        ..config
    })
    .unwrap()
    .unwrap()
}

fn plain(server: &Postfix) -> Transport {
    transport(EmailConfig {
        url: server.url(),
        ..EmailConfig::default()
    })
}

fn email(number: u128, to: &str) -> Email {
    Email {
        message_id_local: Uuid::from_u128(number),
        domain: "school.test".to_owned(),
        from: Mailbox::named("Riverdale Schools", "no-reply@school.test".parse().unwrap()),
        to: Mailbox::named("Zoë \"Zo\" O'Neil, Jr.", to.parse().unwrap()),
        subject: "Snow day".to_owned(),
        text: "School is closed.".to_owned(),
        html: None,
        headers: Vec::new(),
    }
}

fn rendered(email: &Email) -> Rendered {
    email.render(Timestamp::UNIX_EPOCH).unwrap()
}

async fn send(transport: &Transport, email: &Email) -> Result<String, SendError> {
    let Rendered { envelope, bytes } = rendered(email);
    Ok(transport
        .send(email.message_id_local, &envelope, &bytes)
        .await?
        .response)
}

/// What only a server that stuffs and unstuffs dots, folds and unfolds lines correctly leaves intact.
fn difficult() -> Email {
    let content = format!(
        ".\n..two dots\n.hidden\n\n{}\nГрүсс 雪 🌨\nFrom here\n{}\n.",
        "long ".repeat(500),
        "x".repeat(3_000)
    );
    let words = NotificationMail {
        organization: "Riverdale & Söhne",
        title: "Schneefrei für alle – 雪の日 ☃ – and a subject that is much longer than one line of a header may be",
        content: &content,
        action_url: Some("https://school.test/n/1?a=1&b=2"),
        locale: "de",
    };
    Email {
        subject: words.title.to_owned(),
        text: words.text(),
        html: Some(words.html()),
        ..email(1, "zoe@example.test")
    }
}

#[tokio::test]
async fn a_difficult_mail_arrives_as_it_was_written() {
    let server = Postfix::start();
    let email = difficult();
    let response = send(&plain(&server), &email).await.unwrap();
    assert!(response.contains("queued as"), "{response}");
    let delivered = server.wait_for(1).await;
    assert_eq!(delivered[0].recipient, "zoe@example.test");
    let parsed = MessageParser::default().parse(&delivered[0].raw).unwrap();
    assert_eq!(parsed.subject(), Some(email.subject.as_str()));
    assert_eq!(format!("<{}>", parsed.message_id().unwrap()), email.message_id());
    assert_eq!(parsed.to().unwrap().first().unwrap().name(), email.to.name.as_deref());
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n"), email.text);
    assert_eq!(parsed.body_html(0).unwrap().replace("\r\n", "\n"), email.html.unwrap());
}

#[tokio::test]
async fn fifty_mails_over_one_pool_arrive_exactly_once_each() {
    let server = Postfix::start();
    let transport = plain(&server);
    let mails: Vec<Email> = (0..50)
        .map(|n| email(n, &format!("parent{n}@example{}.test", n % 7)))
        .collect();
    let sent = futures_util::future::join_all(mails.iter().map(|mail| send(&transport, mail))).await;
    for outcome in sent {
        outcome.unwrap();
    }
    transport.close().await;
    let mut arrived: HashMap<String, usize> = HashMap::new();
    for mail in server.wait_for(50).await {
        let parsed = MessageParser::default().parse(&mail.raw).unwrap();
        *arrived
            .entry(format!("<{}> {}", parsed.message_id().unwrap(), mail.recipient))
            .or_default() += 1;
    }
    let expected = mails
        .iter()
        .map(|mail| (format!("{} {}", mail.message_id(), mail.to.address), 1))
        .collect();
    assert_eq!(arrived, expected);
}

#[tokio::test]
async fn refusals_are_sorted_and_the_connection_goes_on_after_them() {
    let server = Postfix::start();
    let config = EmailConfig {
        url: server.url(),
        max_connections: 1,
        ..EmailConfig::default()
    };
    let transport = transport(config);
    let unknown = send(&transport, &email(1, "unknown@example.test")).await.unwrap_err();
    let SendError::Permanent {
        stage: Stage::Recipient,
        reply,
    } = &unknown
    else {
        panic!("{unknown:?}")
    };
    assert_eq!((reply.code, reply.enhanced), (550, Some(EnhancedCode(5, 1, 1))));
    let deferred = send(&transport, &email(2, "defer@example.test")).await.unwrap_err();
    let SendError::Transient {
        stage: Stage::Recipient,
        reply,
    } = &deferred
    else {
        panic!("{deferred:?}")
    };
    assert_eq!((reply.code, reply.enhanced), (450, Some(EnhancedCode(4, 2, 0))));
    send(&transport, &email(3, "parent@example.test")).await.unwrap();
    assert_eq!(server.wait_for(1).await.len(), 1);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn mails_go_encrypted_with_starttls_and_with_tls_from_the_start() {
    let server = Postfix::start();
    let urls = [
        format!("smtp://localhost:{}?tls=required", server.port),
        format!("smtp://localhost:{}?tls=opportunistic", server.port),
        format!("smtps://127.0.0.1:{}", server.tls_port),
    ];
    for (n, url) in (0..).zip(urls) {
        let transport = transport(EmailConfig {
            url,
            ca_file: Some(server.ca_file()),
            ..EmailConfig::default()
        });
        send(&transport, &email(n, "parent@example.test")).await.unwrap();
        transport.close().await;
    }
    for mail in server.wait_for(3).await {
        let text = String::from_utf8_lossy(&mail.raw).into_owned();
        assert!(text.contains("(using TLSv1.3 "), "{text}");
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_that_nobody_vouches_for_gets_no_mail() {
    let server = Postfix::start();
    for url in [
        format!("smtp://localhost:{}?tls=required", server.port),
        format!("smtp://localhost:{}?tls=opportunistic", server.port),
        format!("smtps://localhost:{}", server.tls_port),
    ] {
        let transport = transport(EmailConfig {
            url,
            ..EmailConfig::default()
        });
        let error = send(&transport, &email(1, "parent@example.test")).await.unwrap_err();
        assert!(
            matches!(
                &error,
                SendError::Connection {
                    stage: Stage::Tls,
                    cause: Cause::Io(_),
                    ..
                }
            ),
            "{error:?}"
        );
        assert!(!error.is_permanent());
    }
}

#[tokio::test]
async fn the_preview_keeps_a_mail_once_however_often_it_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let config = EmailConfig {
        preview_dir: dir.path().join("mail"),
        ..EmailConfig::default()
    };
    let transport = Transport::open(&config).unwrap().unwrap();
    let mail = difficult();
    for _ in 0..2 {
        send(&transport, &mail).await.unwrap();
    }
    let listing = transport.preview().unwrap().list(10).await.unwrap();
    assert_eq!(listing.total, 1);
    assert_eq!(listing.mails[0].subject, mail.subject);
}
