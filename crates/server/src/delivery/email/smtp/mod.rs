//! A small SMTP client (RFC 5321) that does not wait where the protocol lets it go on.
//!
//! [`Pool::send`] is what the delivery engine uses; [`Connection`] is one conversation with one server. The envelope goes
//! out in one packet when the server offers PIPELINING (RFC 2920) and Nagle's algorithm is off, so a message costs two
//! round trips and no delayed acknowledgement. smtp-proto reads the server's capabilities; replies are framed here,
//! because three-digit enhanced codes such as 5.7.606 do not fit its types.
//!
//! What always holds:
//! - a connection is used again only when both sides agree where the conversation stands;
//! - credentials travel encrypted unless the configuration says `tls=none`;
//! - a reply is at most [`reply::MAX_REPLY_OCTETS`] long and every wait has a time-out;
//! - an error says whether the message may have been accepted nevertheless.

mod connection;
mod error;
mod greeting;
mod pool;
mod reply;
mod settings;
mod stuffing;
mod tls;
mod transaction;
mod wire;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod transaction_tests;

pub use connection::Connection;
pub use error::{Cause, SendError, Stage};
pub use pool::Pool;
pub use reply::{EnhancedCode, MAX_REPLY_OCTETS, Reply};
pub use settings::{Credentials, Settings, Timeouts, Tls};
pub use tls::{TlsError, client_config};

use super::address::Address;

/// Sender and recipient as the server is told them (RFC 5321 section 2.3.1). One recipient: a message is one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where bounces go.
    pub from: Address,
    /// Whom the message is for.
    pub to: Address,
}

/// The server has taken responsibility for the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The server's words, which usually name its queue id.
    pub response: String,
}
