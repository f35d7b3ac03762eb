//! What an inbox holds, and what a person can do with it. No SQL, no HTTP.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A message in somebody's inbox.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InboxItem {
    /// The message.
    pub notification_id: Uuid,
    /// One line.
    pub title: String,
    /// The text.
    pub content: String,
    /// info, success, warning or error.
    pub severity: String,
    /// What it is about, for programs.
    pub r#type: String,
    /// announcement, emergency, reminder or system.
    pub category: String,
    /// low, normal, high, urgent or emergency.
    pub priority: String,
    /// Where a tap leads.
    pub action_url: Option<String>,
    /// The application's own.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Who sent it.
    pub sender_name: Option<String>,
    /// unread, read or archived.
    pub status: String,
    /// When it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// When it was noticed in the list.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen_at: Option<Timestamp>,
    /// Hidden until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snoozed_until: Option<Timestamp>,
    /// Whether its sender asks for an acknowledgement.
    pub acknowledgement: bool,
    /// When it was acknowledged.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Timestamp>,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What a person can do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InboxStatus {
    /// Not read yet (again).
    Unread,
    /// Read.
    Read,
    /// Put away.
    Archived,
}

impl InboxStatus {
    /// As the database has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Read => "read",
            Self::Archived => "archived",
        }
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct InboxCounts {
    /// Not read.
    pub unread: i64,
    /// Not archived.
    pub total: i64,
    /// Not noticed in the list yet.
    pub unseen: i64,
    /// Hidden until later; counted nowhere else.
    pub snoozed: i64,
    /// Waiting for an acknowledgement.
    pub unacknowledged: i64,
}

/// Which messages of an inbox.
#[derive(Clone, Debug, Default)]
pub struct InboxFilter {
    /// Only these; none: all that is not archived.
    pub status: Option<InboxStatus>,
    /// Only of this tier.
    pub category: Option<String>,
    /// Only about this.
    pub r#type: Option<String>,
    /// Only what is hidden until later; otherwise only what is not.
    pub snoozed: bool,
    /// Only what waits for an acknowledgement.
    pub unacknowledged: bool,
}

impl InboxFilter {
    /// Whether it is the inbox as it opens.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.status.is_none()
            && self.category.is_none()
            && self.r#type.is_none()
            && !self.snoozed
            && !self.unacknowledged
    }
}
