//! E-mail: writes a notification as a message and hands it to a mail server, or keeps it in the built-in preview.
//!
//! The delivery engine calls this slice: [`Email::render`] makes the bytes, [`Transport::send`] gets them out, and
//! [`SendError`] tells the engine whether to give up, to try later, or to try another provider. The composition root
//! opens the transport from [`EmailConfig`] and mounts [`preview_page::router`] when mails stay on this machine.
//!
//! What always holds:
//! - one delivery log row has one Message-ID, however often it is sent, so that receivers can drop a repeat;
//! - no field that a sender controls can start a new header or end the message;
//! - a message is reported as accepted only after the server's final reply to its last byte.

mod address;
mod config;
mod content;
mod dkim;
mod message;
pub mod preview;
pub mod preview_page;
pub mod smtp;
mod transport;
mod url;

pub use address::{Address, AddressError, Mailbox};
pub use config::{ConfigError, EmailConfig, MailProvider, TransportKind};
pub use content::NotificationMail;
pub use dkim::Dkim;
pub use message::{Email, MessageError, Rendered};
pub use preview::PreviewStore;
pub use smtp::{Accepted, Envelope, SendError, Stage};
pub use transport::Transport;
pub use url::SmtpUrl;
