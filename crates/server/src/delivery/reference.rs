//! A delivery's name for providers, who give it back in their reports: organization and log row, in characters that every
//! provider takes in tags, headers and addresses.

use uuid::Uuid;

/// The header that carries it in every mail.
pub const HEADER: &str = "X-Frontdesk-Delivery";

/// `<organization>_<log row>`.
#[must_use]
pub fn write(org_id: Uuid, log_id: Uuid) -> String {
    format!("{org_id}_{log_id}")
}

/// Reads what [`write()`] wrote.
#[must_use]
pub fn read(text: &str) -> Option<(Uuid, Uuid)> {
    let (org_id, log_id) = text.trim().split_once('_')?;
    Some((org_id.parse().ok()?, log_id.parse().ok()?))
}
