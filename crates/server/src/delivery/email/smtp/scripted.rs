//! A mail server for tests that follows a script word by word: the only way to be refused, cut off or left waiting at an
//! exact point of the conversation. The ordinary course of things is tested against a real postfix (`tests/it/email.rs`).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{Settings, Timeouts, Tls};

/// One step of a script.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Sends this.
    Say(&'static str),
    /// Sends this one byte per packet.
    SayInPieces(&'static str),
    /// Waits for a line that starts with this.
    Hear(&'static str),
    /// Waits for a message up to its final dot.
    HearMessage,
    /// Makes sure that the client waits for a reply and has sent nothing more.
    Silence,
    /// Says nothing until the client gives up.
    Hang,
}

/// The usual beginning with PIPELINING.
pub(super) const GREET: [Act; 3] = [
    Act::Say("220 mx.test ESMTP\r\n"),
    Act::Hear("EHLO client.test"),
    Act::Say("250-mx.test\r\n250-PIPELINING\r\n250-SIZE 10000\r\n250 8BITMIME\r\n"),
];

/// The usual beginning without any extension.
pub(super) const GREET_PLAINLY: [Act; 3] = [
    Act::Say("220 mx.test ESMTP\r\n"),
    Act::Hear("EHLO client.test"),
    Act::Say("250 mx.test\r\n"),
];

/// A whole pipelined envelope that is welcome, message and verdict.
pub(super) const TAKE_ONE: [Act; 6] = [
    Act::Hear("MAIL FROM:<from@example.org>"),
    Act::Hear("RCPT TO:<to@example.net>"),
    Act::Hear("DATA"),
    Act::Say("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go\r\n"),
    Act::HearMessage,
    Act::Say("250 2.0.0 Ok: queued as ABC\r\n"),
];

pub(super) struct Server {
    port: u16,
    task: JoinHandle<Vec<String>>,
}

impl Server {
    /// Starts a server that plays one script per connection, in order, and then accepts no more.
    pub(super) async fn start(scripts: Vec<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        #[allow(clippy::disallowed_methods, reason = "a test's own server, awaited by `finish`")]
        let task = tokio::spawn(async move {
            let mut heard = Vec::new();
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                Play {
                    stream,
                    inbox: Vec::new(),
                    heard: &mut heard,
                }
                .run(&script)
                .await;
            }
            heard
        });
        Self { port, task }
    }

    /// Settings that reach this server, with time-outs short enough for tests.
    pub(super) fn settings(&self) -> Settings {
        let short = Duration::from_millis(300);
        Settings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: Tls::None,
            credentials: None,
            helo: "client.test".to_owned(),
            timeouts: Timeouts {
                connect: short,
                command: short,
                content: short,
                verdict: short,
                idle: short,
            },
        }
    }

    /// Everything that was heard, once all scripts have been played. Panics where the client left the script.
    pub(super) async fn finish(self) -> Vec<String> {
        tokio::time::timeout(Duration::from_secs(5), self.task)
            .await
            .expect("the script was not played to its end")
            .unwrap()
    }
}

struct Play<'a> {
    stream: TcpStream,
    inbox: Vec<u8>,
    heard: &'a mut Vec<String>,
}

impl Play<'_> {
    async fn run(&mut self, script: &[Act]) {
        self.stream.set_nodelay(true).unwrap();
        for act in script {
            match act {
                Act::Say(words) => self.stream.write_all(words.as_bytes()).await.unwrap(),
                Act::SayInPieces(words) => self.say_in_pieces(words).await,
                Act::Hear(start) => {
                    let line = self.hear(b"\r\n").await;
                    assert!(line.starts_with(start), "heard {line:?} instead of {start:?}");
                }
                Act::HearMessage => drop(self.hear_message().await),
                Act::Silence => {
                    let more = self.stream.read_buf(&mut self.inbox);
                    let more = tokio::time::timeout(Duration::from_millis(50), more).await;
                    // Hanging up is a silence too.
                    let waited = !matches!(more, Ok(Ok(1..)));
                    assert!(
                        waited && self.inbox.is_empty(),
                        "the client did not wait: {:?}",
                        self.inbox
                    );
                }
                Act::Hang => while self.stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {},
            }
        }
    }

    async fn say_in_pieces(&mut self, words: &str) {
        for byte in words.bytes() {
            self.stream.write_all(&[byte]).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn hear_message(&mut self) -> String {
        // A message that is empty is only its final dot.
        while self.inbox.len() < 3 {
            assert!(
                self.stream.read_buf(&mut self.inbox).await.unwrap() > 0,
                "the client hung up within a message"
            );
        }
        if self.inbox.starts_with(b".\r\n") {
            self.hear(b".\r\n").await
        } else {
            self.hear(b"\r\n.\r\n").await
        }
    }

    async fn hear(&mut self, end: &[u8]) -> String {
        loop {
            if let Some(at) = self.inbox.windows(end.len()).position(|window| window == end) {
                let words: Vec<u8> = self.inbox.drain(..at + end.len()).collect();
                let words = String::from_utf8(words).unwrap();
                self.heard.push(words.clone());
                return words;
            }
            let read = self.stream.read_buf(&mut self.inbox).await.unwrap();
            assert!(read > 0, "the client hung up after {:?}", self.heard);
        }
    }
}
