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
}
