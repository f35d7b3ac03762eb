//! One conversation with one mail server, for any number of messages one after the other.

use super::error::{Cause, SendError, Stage};
use super::greeting::{self, Capabilities};
use super::settings::Settings;
use super::wire::Wire;

/// An open, greeted, encrypted (if so configured) and authenticated connection.
///
/// Dropping it closes the socket without QUIT; [`Connection::quit`] is the polite way. A `send` that is cancelled or fails
/// in the middle leaves a connection that is no longer [usable](Connection::is_usable).
pub struct Connection {
    pub(super) wire: Wire,
    pub(super) offers: Capabilities,
    /// Reused for every message, so that sending allocates nothing once it has grown.
    pub(super) outbox: Vec<u8>,
    pub(super) usable: bool,
}

impl Connection {
    /// Connects, greets, encrypts and signs in.
    ///
    /// # Errors
    /// Always [`SendError::Connection`]: whatever goes wrong here is not a message's fault.
    pub async fn open(settings: &Settings) -> Result<Self, SendError> {
        let mut wire = Wire::connect(settings).await?;
        let offers = greeting::greet(&mut wire, settings).await?;
        Ok(Self {
            wire,
            offers,
            outbox: Vec::with_capacity(8 * 1024),
            usable: true,
        })
    }

    /// Whether another message can be sent. False after anything that leaves the two sides in doubt about each other.
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Whether the conversation is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.wire.is_encrypted()
    }

    /// Forgets a half-finished envelope.
    pub(super) async fn reset(&mut self) -> Result<(), SendError> {
        self.wire.command(Stage::Closing, b"RSET\r\n").await?;
        let reply = self.wire.reply(Stage::Closing, self.wire.timeouts.command).await?;
        if reply.is_positive() {
            Ok(())
        } else {
            Err(SendError::broken(Stage::Closing, Cause::Refused(reply)))
        }
    }

    /// Says goodbye. Errors are of no interest any more; a server that does not answer is not waited for long.
    pub async fn quit(mut self) {
        let patience = self.wire.timeouts.connect;
        if self.usable && self.wire.command(Stage::Closing, b"QUIT\r\n").await.is_ok() {
            let _ = self.wire.reply(Stage::Closing, patience).await;
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("offers", &self.offers)
            .field("usable", &self.usable)
            .finish_non_exhaustive()
    }
}
