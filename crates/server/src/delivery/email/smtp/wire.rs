//! The byte stream under the conversation: plain or TLS, whole replies in, whole packets out, a time-out on each.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::error::{Cause, SendError, Stage};
use super::reply::{self, Reply};
use super::settings::{Settings, Timeouts};
use super::tls;

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Between giving up the plain stream and having the encrypted one.
    Gone,
}

/// A stream and what was read from it but not yet understood.
pub(super) struct Wire {
    stream: Stream,
    inbox: Vec<u8>,
    pub(super) timeouts: Timeouts,
}

impl Wire {
    /// Connects without delaying small packets: with Nagle's algorithm a message would wait 40 ms for the server's
    /// delayed acknowledgement.
    pub(super) async fn connect(settings: &Settings) -> Result<Self, SendError> {
        let limit = settings.timeouts.connect;
        let host = settings.host.trim_start_matches('[').trim_end_matches(']');
        let stream = within(limit, Stage::Connect, TcpStream::connect((host, settings.port))).await?;
        stream
            .set_nodelay(true)
            .map_err(|error| SendError::broken(Stage::Connect, error))?;
        Ok(Self {
            stream: Stream::Plain(stream),
            inbox: Vec::with_capacity(1024),
            timeouts: settings.timeouts,
        })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// Whether the server has said more than we have read.
    pub(super) fn has_unread(&self) -> bool {
        !self.inbox.is_empty()
    }

    /// Encrypts the stream from here on.
    pub(super) async fn start_tls(
        &mut self,
        config: &std::sync::Arc<tokio_rustls::rustls::ClientConfig>,
        host: &str,
    ) -> Result<(), SendError> {
        let name = tls::server_name(host).map_err(|reason| SendError::broken(Stage::Tls, Cause::Unmet(reason)))?;
        let Stream::Plain(plain) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            return Err(SendError::broken(Stage::Tls, Cause::Closed));
        };
        let connector = TlsConnector::from(config.clone());
        let encrypted = within(self.timeouts.connect, Stage::Tls, connector.connect(name, plain)).await?;
        self.stream = Stream::Tls(Box::new(encrypted));
        Ok(())
    }

    /// Writes all of `bytes`. On an error the last of them has certainly not left.
    pub(super) async fn write(&mut self, stage: Stage, bytes: &[u8], limit: Duration) -> Result<(), SendError> {
        let writing = async {
            match &mut self.stream {
                Stream::Plain(stream) => stream.write_all(bytes).await,
                Stream::Tls(stream) => stream.write_all(bytes).await,
                Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
            }
        };
        within(limit, stage, writing).await
    }

    /// Pushes out what TLS holds back. On an error the last byte may have left.
    pub(super) async fn flush(&mut self, stage: Stage, limit: Duration) -> Result<(), SendError> {
        match &mut self.stream {
            Stream::Tls(stream) => within(limit, stage, stream.flush()).await,
            Stream::Plain(_) | Stream::Gone => Ok(()),
        }
    }

    /// One command, or several that are pipelined.
    pub(super) async fn command(&mut self, stage: Stage, command: &[u8]) -> Result<(), SendError> {
        let limit = self.timeouts.command;
        self.write(stage, command, limit).await?;
        self.flush(stage, limit).await
    }

    /// The next whole reply. The time-out covers all of it, so that a server cannot hold us with one byte at a time.
    pub(super) async fn reply(&mut self, stage: Stage, limit: Duration) -> Result<Reply, SendError> {
        Ok(self.reply_with_bytes(stage, limit).await?.0)
    }

    /// The next whole reply and the bytes it was read from.
    pub(super) async fn reply_with_bytes(
        &mut self,
        stage: Stage,
        limit: Duration,
    ) -> Result<(Reply, Vec<u8>), SendError> {
        match timeout(limit, self.read_reply()).await {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(cause)) => Err(SendError::broken(stage, cause)),
            Err(_) => Err(SendError::broken(stage, Cause::Timeout(limit.as_secs()))),
        }
    }

    async fn read_reply(&mut self) -> Result<(Reply, Vec<u8>), Cause> {
        loop {
            if let Some((reply, consumed)) = reply::parse(&self.inbox).map_err(Cause::Protocol)? {
                let bytes = self.inbox.drain(..consumed).collect();
                return Ok((reply, bytes));
            }
            let read = match &mut self.stream {
                Stream::Plain(stream) => stream.read_buf(&mut self.inbox).await?,
                Stream::Tls(stream) => stream.read_buf(&mut self.inbox).await?,
                Stream::Gone => 0,
            };
            if read == 0 {
                return Err(Cause::Closed);
            }
        }
    }
}

/// Runs `work`, turning its error or its lateness into a connection-level failure at `stage`.
async fn within<T>(limit: Duration, stage: Stage, work: impl Future<Output = io::Result<T>>) -> Result<T, SendError> {
    match timeout(limit, work).await {
        Ok(done) => done.map_err(|error| SendError::broken(stage, error)),
        Err(_) => Err(SendError::broken(stage, Cause::Timeout(limit.as_secs()))),
    }
}
