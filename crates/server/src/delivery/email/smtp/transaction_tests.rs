//! One message at a time, with everything that a server can do to it.

use super::scripted::Act::{Hang, Hear, HearMessage, Say, SayInPieces, Silence};
use super::scripted::{Act, GREET, GREET_PLAINLY, Server, TAKE_ONE};
use super::{Accepted, Cause, Connection, EnhancedCode, Envelope, SendError, Stage};

fn envelope() -> Envelope {
    Envelope {
        from: "from@example.org".parse().unwrap(),
        to: "to@example.net".parse().unwrap(),
    }
}

/// Plays `script` after the greeting and sends one message; the outcome, whether the connection can go on, what was heard.
async fn send(script: &[Act]) -> (Result<Accepted, SendError>, bool, Vec<String>) {
    send_after(&GREET, script).await
}

async fn send_after(greeting: &[Act], script: &[Act]) -> (Result<Accepted, SendError>, bool, Vec<String>) {
    let server = Server::start(vec![[greeting, script].concat()]).await;
    let mut connection = Connection::open(&server.settings()).await.unwrap();
    let outcome = connection.send(&envelope(), b"Subject: x\r\n\r\n.dot\r\n").await;
    let usable = connection.is_usable();
    drop(connection);
    (outcome, usable, server.finish().await)
}

const ENVELOPE: [Act; 3] = [
    Hear("MAIL FROM:<from@example.org> SIZE="),
    Hear("RCPT TO:<to@example.net>"),
    Hear("DATA"),
];

#[tokio::test]
async fn a_pipelined_message_is_accepted_with_the_servers_words() {
    let (outcome, usable, heard) = send(&TAKE_ONE).await;
    assert_eq!(outcome.unwrap().response, "250 2.0.0 Ok: queued as ABC");
    assert!(usable);
    assert_eq!(heard[1], "MAIL FROM:<from@example.org> SIZE=20\r\n");
    assert_eq!(heard[4], "Subject: x\r\n\r\n..dot\r\n.\r\n");
}

#[tokio::test]
async fn without_pipelining_every_command_waits_for_its_reply() {
    let (outcome, usable, _) = send_after(
        &GREET_PLAINLY,
        &[
            Hear("MAIL FROM:<from@example.org>\r\n"),
            Silence,
            Say("250 ok\r\n"),
            Hear("RCPT"),
            Silence,
            Say("250 ok\r\n"),
            Hear("DATA"),
            Silence,
            Say("354 go\r\n"),
            HearMessage,
            Say("250 queued\r\n"),
        ],
    )
    .await;
    assert!(outcome.is_ok() && usable);
}

#[tokio::test]
async fn replies_may_come_in_single_octets_or_all_at_once() {
    let in_pieces = [
        SayInPieces("250-2.1.0 one\r\n250 2.1.0 two\r\n250 ok\r\n354 go\r\n"),
        HearMessage,
        SayInPieces("250 ok\r\n"),
    ];
    assert!(send(&[&ENVELOPE[..], &in_pieces].concat()).await.0.is_ok());
}

#[tokio::test]
async fn a_refusal_at_each_stage_is_sorted_and_leaves_a_usable_connection() {
    let cases = [
        ("451 4.3.0 later\r\n503 no\r\n503 no\r\n", Stage::Sender, false),
        ("550 5.7.1 not you\r\n503 no\r\n503 no\r\n", Stage::Sender, true),
        (
            "250 ok\r\n450 4.2.0 greylisted\r\n554 no recipients\r\n",
            Stage::Recipient,
            false,
        ),
        (
            "250 ok\r\n550 5.1.1 unknown\r\n554 no recipients\r\n",
            Stage::Recipient,
            true,
        ),
        ("250 ok\r\n250 ok\r\n451 4.3.0 no room\r\n", Stage::Data, false),
        ("250 ok\r\n250 ok\r\n554 5.5.1 no\r\n", Stage::Data, true),
    ];
    for (replies, expected, permanent) in cases {
        let (outcome, usable, _) =
            send(&[&ENVELOPE[..], &[Say(replies), Hear("RSET"), Say("250 ok\r\n")]].concat()).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.is_permanent(), permanent, "{replies:?}: {error}");
        let (SendError::Permanent { stage, .. } | SendError::Transient { stage, .. }) = &error else {
            panic!("{replies:?} gave {error:?}");
        };
        assert_eq!(*stage, expected);
        assert!(usable, "{replies:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_sorted_without_pipelining_too() {
    let (outcome, usable, heard) = send_after(
        &GREET_PLAINLY,
        &[
            Hear("MAIL"),
            Say("250 ok\r\n"),
            Hear("RCPT"),
            Say("550 5.1.1 unknown\r\n"),
            Hear("RSET"),
            Say("250 ok\r\n"),
        ],
    )
    .await;
    let error = outcome.unwrap_err();
    assert!(
        matches!(
            &error,
            SendError::Permanent {
                stage: Stage::Recipient,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(usable && !heard.iter().any(|line| line.starts_with("DATA")));
}

#[tokio::test]
async fn data_that_begins_without_a_recipient_is_ended_with_a_lone_dot() {
    let script = [
        Say("250 ok\r\n550 5.1.1 unknown\r\n354 go\r\n"),
        HearMessage,
        Say("554 no recipients\r\n"),
    ];
    let (outcome, usable, heard) = send(&[&ENVELOPE[..], &script].concat()).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.reply().unwrap().enhanced, Some(EnhancedCode(5, 1, 1)));
    assert!(error.is_permanent() && usable);
    assert_eq!(heard.last().unwrap(), ".\r\n");
}

#[tokio::test]
async fn the_verdict_on_the_message_counts() {
    let go = Say("250 ok\r\n250 ok\r\n354 go\r\n");
    for (verdict, permanent) in [("552 5.3.4 too big\r\n", true), ("451 4.3.0 later\r\n", false)] {
        let (outcome, usable, _) = send(&[&ENVELOPE[..], &[go, HearMessage, Say(verdict)]].concat()).await;
        let error = outcome.unwrap_err();
        assert_eq!(error.is_permanent(), permanent);
        assert!(usable && !error.may_be_accepted());
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_final_dot_leaves_the_message_in_doubt() {
    let go = Say("250 ok\r\n250 ok\r\n354 go\r\n");
    let cases: [&[Act]; 4] = [
        &[go, HearMessage],
        &[go, HearMessage, Hang],
        &[go, HearMessage, Say("250")],
        &[go, HearMessage, Say("what?\r\n")],
    ];
    for script in cases {
        let (outcome, usable, _) = send(&[&ENVELOPE[..], script].concat()).await;
        let error = outcome.unwrap_err();
        assert!(error.may_be_accepted(), "{script:?}: {error:?}");
        assert!(!usable && !error.is_permanent());
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_message_leaves_no_doubt() {
    let cases: [&[Act]; 4] = [&[], &[Say("250 ok\r\n")], &[Say("250 ok\r\n250 ok\r\n")], &[Hang]];
    for script in cases {
        let (outcome, usable, _) = send(&[&ENVELOPE[..], script].concat()).await;
        let error = outcome.unwrap_err();
        assert!(
            matches!(
                error,
                SendError::Connection {
                    may_be_accepted: false,
                    ..
                }
            ),
            "{script:?}: {error:?}"
        );
        assert!(!usable);
    }
}

#[tokio::test]
async fn a_slow_server_is_a_timeout_at_the_stage_where_it_was_slow() {
    let (outcome, _, _) = send(&[&ENVELOPE[..], &[Say("250 ok\r\n"), Hang]].concat()).await;
    let Err(SendError::Connection {
        stage: Stage::Recipient,
        cause: Cause::Timeout(_),
        ..
    }) = outcome
    else {
        panic!("{outcome:?}");
    };
}

#[tokio::test]
async fn a_refusal_followed_by_a_hang_up_is_the_refusal() {
    let (outcome, usable, _) = send(&[&ENVELOPE[..], &[Say("250 ok\r\n550 5.1.1 unknown\r\n")]].concat()).await;
    assert!(matches!(
        outcome,
        Err(SendError::Permanent {
            stage: Stage::Recipient,
            ..
        })
    ));
    assert!(!usable);
}

#[tokio::test]
async fn a_server_that_is_closing_refuses_for_now() {
    let (outcome, usable, _) = send(&[&ENVELOPE[..], &[Say("250 ok\r\n421 4.3.2 shutting down\r\n")]].concat()).await;
    assert!(matches!(
        outcome,
        Err(SendError::Transient {
            stage: Stage::Recipient,
            ..
        })
    ));
    assert!(!usable);
}

#[tokio::test]
async fn a_demand_for_authentication_is_not_the_messages_fault() {
    let script = [
        Say("530 5.7.0 Authentication required\r\n503 no\r\n503 no\r\n"),
        Hear("RSET"),
        Say("250 ok\r\n"),
    ];
    let (outcome, _, _) = send(&[&ENVELOPE[..], &script].concat()).await;
    assert!(matches!(
        outcome,
        Err(SendError::Connection {
            cause: Cause::Refused(_),
            may_be_accepted: false,
            ..
        })
    ));
}

#[tokio::test]
async fn what_the_server_cannot_take_is_not_even_tried() {
    let server = Server::start(vec![GREET.to_vec(), GREET_PLAINLY.to_vec()]).await;
    let mut with_size = Connection::open(&server.settings()).await.unwrap();
    let large = vec![b'x'; 10_001];
    assert!(matches!(
        with_size.send(&envelope(), &large).await,
        Err(SendError::Unsendable(_))
    ));
    let foreign = Envelope {
        to: "jürgen@example.net".parse().unwrap(),
        ..envelope()
    };
    assert!(matches!(
        with_size.send(&foreign, b"x").await,
        Err(SendError::Unsendable(_))
    ));
    assert!(with_size.is_usable());
    drop(with_size);
    let mut plain = Connection::open(&server.settings()).await.unwrap();
    assert!(matches!(
        plain.send(&envelope(), "ü".as_bytes()).await,
        Err(SendError::Unsendable(_))
    ));
    drop(plain);
    server.finish().await;
}

#[tokio::test]
async fn eight_bit_content_is_declared() {
    let script = [
        Hear("MAIL FROM:<from@example.org> SIZE=2 BODY=8BITMIME"),
        Hear("RCPT"),
        Hear("DATA"),
    ];
    let go = [Say("250 ok\r\n250 ok\r\n354 go\r\n"), HearMessage, Say("250 ok\r\n")];
    let server = Server::start(vec![[&GREET[..], &script, &go].concat()]).await;
    let mut connection = Connection::open(&server.settings()).await.unwrap();
    connection.send(&envelope(), "ü".as_bytes()).await.unwrap();
    drop(connection);
    server.finish().await;
}

#[tokio::test]
async fn a_cancelled_message_leaves_a_connection_that_nobody_uses_again() {
    let server = Server::start(vec![[&GREET[..], &ENVELOPE, &[Hang]].concat()]).await;
    let mut connection = Connection::open(&server.settings()).await.unwrap();
    let envelope = envelope();
    let sending = connection.send(&envelope, b"x");
    assert!(
        tokio::time::timeout(std::time::Duration::from_millis(50), sending)
            .await
            .is_err()
    );
    assert!(!connection.is_usable());
    assert!(connection.send(&envelope, b"x").await.is_err());
    drop(connection);
    server.finish().await;
}
