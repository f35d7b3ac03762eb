//! What providers report after they took a message: delivered, bounced, complained. Each provider's words become [`Report`]s;
//! `reports_api.rs` lets them in, `store/reports.rs` writes them.
//!
//! What always holds: a report counts only when its signature (or, where a provider has none, its password) is right; it names
//! its delivery by the reference that we gave with the message, and changes that row and that address only.

mod bounce;
mod mail;
mod settings;
mod signature;
mod telephone;

pub use bounce::read as read_bounce;
pub use mail::{mailgun, postmark, sendgrid, ses};
pub use settings::ReportSettings;
pub use signature::{
    basic, hmac_sha256, mailgun as mailgun_signature, sendgrid as sendgrid_signature, twilio as twilio_signature,
};
pub use telephone::{generic, twilio};

use uuid::Uuid;

use crate::notifications::Channel;

/// What became of a message, as a provider says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrived.
    Delivered,
    /// It came back for good; the address takes no more.
    Bounced,
    /// It came back this time; the provider tries no more, the address may be well.
    SoftBounced,
    /// Its reader called it unwanted: the address gets no more.
    Complained,
    /// It did not arrive, for another reason.
    Failed,
    /// The owner of the address wants no more.
    Unsubscribed,
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The tenant.
    pub org_id: Uuid,
    /// The delivery.
    pub log_id: Uuid,
    /// On which channel.
    pub channel: Channel,
    /// What became of it.
    pub fate: Fate,
    /// Who says so.
    pub provider: &'static str,
    /// The address, as the provider names it.
    pub address: Option<String>,
    /// In the provider's words.
    pub message: String,
}
