//! The beginning of a conversation, and many messages over few connections.

use super::scripted::Act::{Hang, Hear, Say, Silence};
use super::scripted::{Act, GREET, Server, TAKE_ONE};
use super::{Cause, Connection, Credentials, Envelope, Pool, SendError, Settings, Stage, Tls, client_config};

fn envelope() -> Envelope {
    Envelope {
        from: "from@example.org".parse().unwrap(),
        to: "to@example.net".parse().unwrap(),
    }
}

/// Opens a connection to a server that plays `script`, and leaves it again if that worked.
async fn open(script: &[Act], adjust: impl FnOnce(&mut Settings)) -> (Result<(), SendError>, Vec<String>) {
    let server = Server::start(vec![script.to_vec()]).await;
    let mut settings = server.settings();
    adjust(&mut settings);
    let outcome = match Connection::open(&settings).await {
        Ok(connection) => {
            connection.quit().await;
            Ok(())
        }
        Err(error) => Err(error),
    };
    (outcome, server.finish().await)
}

/// The same for a script that must be left in peace at its end.
async fn opened(script: &[Act], adjust: impl FnOnce(&mut Settings)) -> Vec<String> {
    let (outcome, heard) = open(script, adjust).await;
    outcome.unwrap();
    heard
}

async fn failure(script: &[Act], adjust: impl FnOnce(&mut Settings)) -> (Stage, Cause, Vec<String>) {
    match open(script, adjust).await {
        (
            Err(SendError::Connection {
                stage,
                cause,
                may_be_accepted: false,
            }),
            heard,
        ) => (stage, cause, heard),
        (outcome, _) => panic!("{outcome:?}"),
    }
}

fn with_password(settings: &mut Settings) {
    settings.credentials = Some(Credentials {
        user: "user".to_owned(),
        password: "secret".to_owned(),
    });
}

#[tokio::test]
async fn an_unwelcome_greeting_is_not_a_messages_fault() {
    for greeting in ["554 go away\r\n", "421 busy\r\n"] {
        let (stage, cause, _) = failure(&[Say(greeting)], |_| {}).await;
        assert!(matches!((stage, cause), (Stage::Greeting, Cause::Refused(_))));
    }
    let (stage, cause, _) = failure(&[Say("SSH-2.0-x\r\n")], |_| {}).await;
    assert!(matches!((stage, cause), (Stage::Greeting, Cause::Protocol(_))));
    let (stage, cause, _) = failure(&[Hang], |_| {}).await;
    assert!(matches!((stage, cause), (Stage::Greeting, Cause::Timeout(_))));
    let (stage, cause, _) = failure(&[], |_| {}).await;
    assert!(matches!(
        (stage, cause),
        (Stage::Greeting, Cause::Closed | Cause::Io(_))
    ));
}

#[tokio::test]
async fn nobody_listening_is_a_failure_to_connect() {
    let server = Server::start(vec![]).await;
    let settings = server.settings();
    server.finish().await;
    let outcome = Connection::open(&settings).await;
    assert!(
        matches!(
            outcome,
            Err(SendError::Connection {
                stage: Stage::Connect,
                ..
            })
        ),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_old_server_is_greeted_with_helo() {
    let script = [
        Say("220 mx\r\n"),
        Hear("EHLO"),
        Say("502 what?\r\n"),
        Hear("HELO client.test"),
        Say("250 mx\r\n"),
        Hear("QUIT"),
    ];
    let heard = opened(&script, |_| {}).await;
    assert_eq!(heard.len(), 3);
}

#[tokio::test]
async fn auth_plain_is_one_step_and_auth_login_is_three() {
    let hello = [
        Say("220 mx\r\n"),
        Hear("EHLO"),
        Say("250-mx\r\n250 AUTH LOGIN PLAIN\r\n"),
    ];
    let plain = [Hear("AUTH PLAIN AHVzZXIAc2VjcmV0\r\n"), Say("235 ok\r\n"), Hear("QUIT")];
    opened(&[&hello[..], &plain].concat(), with_password).await;
    let hello = [Say("220 mx\r\n"), Hear("EHLO"), Say("250-mx\r\n250 AUTH LOGIN\r\n")];
    let login = [
        Hear("AUTH LOGIN\r\n"),
        Say("334 VXNlcm5hbWU6\r\n"),
        Hear("dXNlcg==\r\n"),
        Say("334 UGFzc3dvcmQ6\r\n"),
        Hear("c2VjcmV0\r\n"),
        Say("235 ok\r\n"),
        Hear("QUIT"),
    ];
    opened(&[&hello[..], &login].concat(), with_password).await;
}

#[tokio::test]
async fn a_wrong_password_holds_mails_back_and_does_not_fail_them() {
    let script = [
        Say("220 mx\r\n"),
        Hear("EHLO"),
        Say("250-mx\r\n250 AUTH PLAIN\r\n"),
        Hear("AUTH"),
        Say("535 5.7.8 wrong\r\n"),
    ];
    let (stage, cause, _) = failure(&script, with_password).await;
    assert!(matches!((stage, cause), (Stage::Auth, Cause::Refused(_))));
}

#[tokio::test]
async fn a_server_without_a_way_to_sign_in_is_reported_with_the_fix() {
    let (stage, cause, _) = failure(&GREET, with_password).await;
    assert_eq!(stage, Stage::Auth);
    assert!(cause.to_string().contains("take user and password out of the URL"));
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_when_encryption_is_required() {
    let (stage, cause, heard) = failure(&GREET, |settings| {
        settings.tls = Tls::Required(client_config(None).unwrap())
    })
    .await;
    assert_eq!((stage, heard.len()), (Stage::Tls, 1));
    assert!(cause.to_string().contains("tls=none"), "{cause}");
}

#[tokio::test]
async fn opportunistic_encryption_goes_on_in_clear_but_never_with_the_password() {
    let opportunistic = |settings: &mut Settings| settings.tls = Tls::Opportunistic(client_config(None).unwrap());
    let heard = opened(&[&GREET[..], &[Hear("QUIT")]].concat(), opportunistic).await;
    assert_eq!(heard.len(), 2);
    let (stage, _, heard) = failure(&[&GREET[..], &[Silence]].concat(), |settings| {
        opportunistic(settings);
        with_password(settings);
    })
    .await;
    assert_eq!((stage, heard.len()), (Stage::Auth, 1));
}

#[tokio::test]
async fn words_smuggled_in_behind_the_starttls_reply_end_the_conversation() {
    let script = [
        Say("220 mx\r\n"),
        Hear("EHLO"),
        Say("250-mx\r\n250 STARTTLS\r\n"),
        Hear("STARTTLS"),
        Say("220 go\r\n250 injected\r\n"),
    ];
    let (stage, cause, _) = failure(&script, |settings| {
        settings.tls = Tls::Required(client_config(None).unwrap())
    })
    .await;
    assert!(matches!((stage, cause), (Stage::Tls, Cause::Protocol(_))));
}

#[tokio::test]
async fn an_endless_reply_is_cut_off() {
    let lines: &'static str = Box::leak("250-more\r\n".repeat(3_000).into_boxed_str());
    let (stage, cause, _) = failure(&[Say("220 mx\r\n"), Hear("EHLO"), Say(lines)], |_| {}).await;
    assert!(matches!((stage, cause), (Stage::Hello, Cause::Protocol(_))));
}

#[tokio::test]
async fn a_pool_sends_one_message_after_the_other_over_one_connection() {
    let server = Server::start(vec![
        [&GREET[..], &TAKE_ONE, &TAKE_ONE, &[Hear("QUIT"), Say("221 bye\r\n")]].concat(),
    ])
    .await;
    let pool = Pool::new(server.settings(), 4);
    for _ in 0..2 {
        pool.send(&envelope(), b"x").await.unwrap();
    }
    pool.close().await;
    assert!(pool.send(&envelope(), b"x").await.is_err());
    server.finish().await;
}

#[tokio::test]
async fn a_pool_never_opens_more_connections_than_it_may() {
    let server = Server::start(vec![[&GREET[..], &TAKE_ONE, &TAKE_ONE, &TAKE_ONE].concat()]).await;
    let pool = Pool::new(server.settings(), 1);
    let envelope = envelope();
    let (a, b, c) = tokio::join!(
        pool.send(&envelope, b"x"),
        pool.send(&envelope, b"x"),
        pool.send(&envelope, b"x")
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    drop(pool);
    server.finish().await;
}

#[tokio::test]
async fn a_connection_that_died_in_the_pool_costs_a_retry_and_no_error() {
    let hang_up_on_second = [&GREET[..], &TAKE_ONE].concat();
    let close_politely = [
        &GREET[..],
        &TAKE_ONE,
        &[Hear("MAIL"), Hear("RCPT"), Hear("DATA"), Say("421 idle too long\r\n")],
    ]
    .concat();
    for first in [hang_up_on_second, close_politely] {
        let server = Server::start(vec![first, [&GREET[..], &TAKE_ONE].concat()]).await;
        let pool = Pool::new(server.settings(), 1);
        pool.send(&envelope(), b"one").await.unwrap();
        pool.send(&envelope(), b"two").await.unwrap();
        let heard = server.finish().await;
        assert_eq!(heard.iter().filter(|line| line.ends_with("two\r\n.\r\n")).count(), 1);
    }
}

#[tokio::test]
async fn a_message_in_doubt_is_never_repeated_by_the_pool() {
    let doubtful = [
        Hear("MAIL"),
        Hear("RCPT"),
        Hear("DATA"),
        Say("250 ok\r\n250 ok\r\n354 go\r\n"),
        Act::HearMessage,
    ];
    let server = Server::start(vec![[&GREET[..], &TAKE_ONE, &doubtful].concat()]).await;
    let pool = Pool::new(server.settings(), 1);
    pool.send(&envelope(), b"one").await.unwrap();
    assert!(pool.send(&envelope(), b"two").await.unwrap_err().may_be_accepted());
    server.finish().await;
}

#[tokio::test]
async fn an_idle_connection_is_left_politely() {
    let server = Server::start(vec![
        [&GREET[..], &TAKE_ONE, &[Hear("QUIT"), Say("221 bye\r\n")]].concat(),
    ])
    .await;
    let pool = Pool::new(server.settings(), 1);
    pool.send(&envelope(), b"x").await.unwrap();
    pool.close_idle().await;
    tokio::time::sleep(server.settings().timeouts.idle + std::time::Duration::from_millis(20)).await;
    pool.close_idle().await;
    server.finish().await;
}
