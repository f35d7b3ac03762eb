//! How to reach one mail server. Made from [`super::super::EmailConfig`]; tests make it by hand.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ClientConfig;

/// When the conversation is encrypted. The certificate is always verified.
#[derive(Debug, Clone)]
pub enum Tls {
    /// Never. For a server on this machine or on a network that is trusted.
    None,
    /// STARTTLS when the server offers it (RFC 3207); credentials are not sent otherwise.
    Opportunistic(Arc<ClientConfig>),
    /// STARTTLS, or nothing is sent.
    Required(Arc<ClientConfig>),
    /// TLS from the first byte (`smtps://`, RFC 8314).
    Implicit(Arc<ClientConfig>),
}

/// User name and password for AUTH PLAIN or LOGIN.
#[derive(Clone)]
pub struct Credentials {
    /// User name.
    pub user: String,
    /// Password; never shown.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, password hidden)", self.user)
    }
}

/// How long to wait in each phase. RFC 5321 section 4.5.3.2 recommends minutes; a worker that holds a lease wants less.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// TCP and, apart from it, the TLS handshake.
    pub connect: Duration,
    /// Greeting, EHLO, AUTH, MAIL, RCPT, DATA: the wait for each reply.
    pub command: Duration,
    /// Writing the whole message.
    pub content: Duration,
    /// The verdict after the final dot. Too short a wait causes duplicates: the server may be accepting meanwhile.
    pub verdict: Duration,
    /// How long an unused connection is kept.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(60),
            content: Duration::from_secs(180),
            verdict: Duration::from_secs(300),
            idle: Duration::from_secs(30),
        }
    }
}

/// Everything a connection needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name or address of the server; the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// Who we are, when the server wants to know.
    pub credentials: Option<Credentials>,
    /// Our name in EHLO: a host name, or an address literal in brackets.
    pub helo: String,
    /// How long to wait.
    pub timeouts: Timeouts,
}
