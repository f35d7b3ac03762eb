//! One message through an open connection: envelope, content, verdict.
//!
//! With PIPELINING the whole envelope (MAIL, RCPT, DATA) is one packet. The server then may let DATA begin although it
//! refused the recipient; RFC 2920 section 3.1 has the client end that empty message with a single dot.

use super::connection::Connection;
use super::error::{Cause, SendError, Stage};
use super::reply::Reply;
use super::stuffing;
use super::{Accepted, Envelope};

/// The envelope's three commands, in order, with the code that lets the next one matter.
const ENVELOPE: [Stage; 3] = [Stage::Sender, Stage::Recipient, Stage::Data];

/// What the server thinks of an envelope.
enum Verdict {
    /// It waits for the message.
    Go,
    /// The first refusal. When `in_data`, the server nevertheless waits for a message.
    Refused { stage: Stage, reply: Reply, in_data: bool },
}

impl Connection {
    /// Sends `message` (RFC 5322, not yet dot-stuffed) and returns once the server has taken responsibility for it.
    ///
    /// Cancelling is safe: the connection is then not usable any more.
    ///
    /// # Errors
    /// [`SendError`], sorted by what to do next.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Result<Accepted, SendError> {
        if !self.usable {
            return Err(SendError::broken(Stage::Sender, Cause::Closed));
        }
        let parameters = self.parameters(envelope, message)?;
        self.usable = false;
        let commands = [
            format!("MAIL FROM:<{}>{parameters}\r\n", envelope.from),
            format!("RCPT TO:<{}>\r\n", envelope.to),
            "DATA\r\n".to_owned(),
        ];
        let verdict = if self.offers.pipelining {
            self.pipelined(&commands).await
        } else {
            self.in_turn(&commands).await
        }?;
        match verdict {
            Verdict::Go => self.content(message).await,
            Verdict::Refused { stage, reply, in_data } => {
                // A server that is closing cannot be recovered; the refusal stands whether or not recovery works.
                self.usable = !reply.is_closing() && self.recover(in_data).await.is_ok();
                Err(SendError::refused(stage, reply))
            }
        }
    }

    /// What MAIL must declare about the message, or why this server cannot take it.
    fn parameters(&self, envelope: &Envelope, message: &[u8]) -> Result<String, SendError> {
        let mut parameters = String::new();
        if self.offers.size {
            parameters = format!(" SIZE={}", message.len());
        }
        if let Some(max) = self.offers.max_size.filter(|max| message.len() > *max) {
            return Err(SendError::Unsendable(format!(
                "{} octets, and it takes at most {max}",
                message.len()
            )));
        }
        if !message.is_ascii() {
            if !self.offers.eight_bit {
                return Err(SendError::Unsendable(
                    "it has 8-bit content, and the server has no 8BITMIME".to_owned(),
                ));
            }
            parameters.push_str(" BODY=8BITMIME");
        }
        if !(envelope.from.is_ascii() && envelope.to.is_ascii()) {
            if !self.offers.smtputf8 {
                return Err(SendError::Unsendable(
                    "an address is not ASCII, and the server has no SMTPUTF8".to_owned(),
                ));
            }
            parameters.push_str(" SMTPUTF8");
        }
        Ok(parameters)
    }

    /// The whole envelope at once. All three replies must be read whatever they say: each command gets one.
    async fn pipelined(&mut self, commands: &[String; 3]) -> Result<Verdict, SendError> {
        self.wire.command(Stage::Sender, commands.concat().as_bytes()).await?;
        let mut refused = None;
        for stage in [Stage::Sender, Stage::Recipient] {
            let reply = self.next_reply(stage, &mut refused).await?;
            if !reply.is_positive() && refused.is_none() {
                refused = Some((stage, reply));
            }
        }
        let reply = self.next_reply(Stage::Data, &mut refused).await?;
        let in_data = reply.code == 354;
        Ok(match refused {
            None if in_data => Verdict::Go,
            None => Verdict::Refused {
                stage: Stage::Data,
                reply,
                in_data,
            },
            Some((stage, reply)) => Verdict::Refused { stage, reply, in_data },
        })
    }

    /// The reply to the next pipelined command. When the server hangs up instead, an earlier refusal is the better answer:
    /// it says more than the silence after it.
    async fn next_reply(&mut self, stage: Stage, refused: &mut Option<(Stage, Reply)>) -> Result<Reply, SendError> {
        let error = match self.wire.reply(stage, self.wire.timeouts.command).await {
            Ok(reply) if !reply.is_closing() => return Ok(reply),
            Ok(closing) => SendError::refused(stage, closing),
            Err(error) => error,
        };
        Err(refused
            .take()
            .map_or(error, |(stage, reply)| SendError::refused(stage, reply)))
    }

    /// One command after the other, stopping at the first refusal.
    async fn in_turn(&mut self, commands: &[String; 3]) -> Result<Verdict, SendError> {
        for (stage, command) in ENVELOPE.into_iter().zip(commands) {
            self.wire.command(stage, command.as_bytes()).await?;
            let reply = self.wire.reply(stage, self.wire.timeouts.command).await?;
            let welcome = if stage == Stage::Data {
                reply.code == 354
            } else {
                reply.is_positive()
            };
            if !welcome {
                return Ok(Verdict::Refused {
                    stage,
                    reply,
                    in_data: false,
                });
            }
        }
        Ok(Verdict::Go)
    }

    /// The message and the server's verdict on it.
    async fn content(&mut self, message: &[u8]) -> Result<Accepted, SendError> {
        let timeouts = self.wire.timeouts;
        let mut outbox = std::mem::take(&mut self.outbox);
        outbox.clear();
        stuffing::stuff(message, &mut outbox);
        let written = self.wire.write(Stage::Content, &outbox, timeouts.content).await;
        self.outbox = outbox;
        if let Err(error) = written {
            return Err(self.last_words().await.unwrap_or(error));
        }
        // From here on the final dot may be with the server, so every failure leaves the message in doubt.
        self.wire
            .flush(Stage::Content, timeouts.content)
            .await
            .map_err(SendError::in_doubt)?;
        let reply = self
            .wire
            .reply(Stage::Content, timeouts.verdict)
            .await
            .map_err(SendError::in_doubt)?;
        self.usable = !reply.is_closing();
        match reply.code {
            200..300 => Ok(Accepted {
                response: reply.to_string(),
            }),
            400..600 => Err(SendError::refused(Stage::Content, reply)),
            _ => Err(SendError::refused(Stage::Content, reply).in_doubt()),
        }
    }

    /// Why the server stopped reading in the middle of a message, if it said so before it hung up.
    async fn last_words(&mut self) -> Option<SendError> {
        let patience = std::time::Duration::from_secs(1);
        let reply = self.wire.reply(Stage::Content, patience).await.ok()?;
        (reply.code >= 400).then(|| SendError::refused(Stage::Content, reply))
    }

    /// Brings the conversation back to the point where MAIL is welcome.
    async fn recover(&mut self, in_data: bool) -> Result<(), SendError> {
        if !in_data {
            return self.reset().await;
        }
        self.wire.command(Stage::Closing, b".\r\n").await?;
        let reply = self.wire.reply(Stage::Closing, self.wire.timeouts.command).await?;
        if reply.is_closing() {
            Err(SendError::broken(Stage::Closing, Cause::Refused(reply)))
        } else {
            Ok(())
        }
    }
}
