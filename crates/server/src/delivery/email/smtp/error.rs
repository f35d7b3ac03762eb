//! What can go wrong while sending, sorted by what the delivery engine should do about it.

use std::fmt;
use std::io;

use super::reply::Reply;

/// Where in the conversation something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Opening the TCP connection.
    Connect,
    /// The TLS handshake, at once or after STARTTLS.
    Tls,
    /// The server's first line.
    Greeting,
    /// EHLO or HELO.
    Hello,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Sender,
    /// RCPT TO. A permanent refusal here means that this address does not take mail.
    Recipient,
    /// The DATA command.
    Data,
    /// The message itself and the server's verdict on it.
    Content,
    /// RSET, QUIT.
    Closing,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Tls => "the TLS handshake",
            Self::Greeting => "the greeting",
            Self::Hello => "EHLO",
            Self::Auth => "AUTH",
            Self::Sender => "MAIL FROM",
            Self::Recipient => "RCPT TO",
            Self::Data => "DATA",
            Self::Content => "the message",
            Self::Closing => "closing",
        })
    }
}

/// Why a conversation failed as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The network or the operating system.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Nothing came in time.
    #[error("no answer within {0} s")]
    Timeout(u64),
    /// The server ended the connection.
    #[error("the server closed the connection")]
    Closed,
    /// The server does not want to talk to us: busy, wrong password, no TLS for us. Not this message's fault.
    #[error("the server refused: {0}")]
    Refused(Reply),
    /// The server said something that is not SMTP.
    #[error("the server broke the protocol: {0}")]
    Protocol(String),
    /// The server cannot do what the configuration demands; the text names the setting.
    #[error("{0}")]
    Unmet(String),
}

/// Why a message was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// 5xx: the server will never take this message for this recipient. Do not repeat.
    #[error("refused for good at {stage}: {reply}")]
    Permanent {
        /// At what.
        stage: Stage,
        /// The server's reply.
        reply: Reply,
    },
    /// 4xx: not now. Repeat later.
    #[error("refused for now at {stage}: {reply}")]
    Transient {
        /// At what.
        stage: Stage,
        /// The server's reply.
        reply: Reply,
    },
    /// The conversation broke or never came about: the fault of the server, the way to it or the configuration.
    #[error("failed at {stage}: {cause}")]
    Connection {
        /// At what.
        stage: Stage,
        /// Why.
        cause: Cause,
        /// True when the whole message had left us but no verdict came. Repeating may deliver it twice (the Message-ID
        /// is the same); not repeating may lose it.
        may_be_accepted: bool,
    },
    /// This message cannot go to this server at all (too large, needs SMTPUTF8 …). Nothing was sent; do not repeat.
    #[error("cannot be sent through this server: {0}")]
    Unsendable(String),
}

impl SendError {
    /// Whether repeating is pointless.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent { .. } | Self::Unsendable(_))
    }

    /// Whether the server may have the message although no verdict came.
    pub fn may_be_accepted(&self) -> bool {
        matches!(
            self,
            Self::Connection {
                may_be_accepted: true,
                ..
            }
        )
    }

    /// The server's reply, where the failure is one.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Permanent { reply, .. }
            | Self::Transient { reply, .. }
            | Self::Connection {
                cause: Cause::Refused(reply),
                ..
            } => Some(reply),
            Self::Connection { .. } | Self::Unsendable(_) => None,
        }
    }

    /// A connection-level failure before the message could have been accepted.
    pub(in super::super) fn broken(stage: Stage, cause: impl Into<Cause>) -> Self {
        Self::Connection {
            stage,
            cause: cause.into(),
            may_be_accepted: false,
        }
    }

    /// The same failure after the last byte of the message has left us.
    pub(super) fn in_doubt(self) -> Self {
        match self {
            Self::Connection { stage, cause, .. } => Self::Connection {
                stage,
                cause,
                may_be_accepted: true,
            },
            other => other,
        }
    }

    /// What an unfavourable reply within a transaction means.
    pub(super) fn refused(stage: Stage, reply: Reply) -> Self {
        match reply.code {
            // Authentication required, too weak or gone: the configuration's fault, so the message must not die of it.
            530 | 534 | 535 | 538 => Self::broken(stage, Cause::Refused(reply)),
            400..=499 => Self::Transient { stage, reply },
            500..=599 => Self::Permanent { stage, reply },
            _ => Self::broken(stage, Cause::Protocol(format!("unexpected reply {reply}"))),
        }
    }

    /// Whether a connection taken from the pool turned out to be dead before it could take the message: the server may
    /// hang up on an idle client at any time, so this says nothing about the message or the server.
    pub(super) fn is_stale_connection(&self) -> bool {
        match self {
            Self::Connection {
                stage: Stage::Sender,
                cause,
                may_be_accepted: false,
            } => {
                matches!(cause, Cause::Io(_) | Cause::Closed)
            }
            Self::Transient {
                stage: Stage::Sender,
                reply,
            } => reply.code == 421,
            _ => false,
        }
    }
}
