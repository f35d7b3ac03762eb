//! Notifications, recipients and history as the API answers them. No SQL, no HTTP.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Category, Channel, Priority, RelatedEntity, Severity, words};

/// A notification as the API answers it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Notification {
    /// Its id.
    pub id: Uuid,
    /// One line.
    pub title: String,
    /// The text.
    pub content: String,
    /// How it looks.
    #[schema(value_type = Severity)]
    pub severity: String,
    /// What it is about, for programs.
    pub r#type: String,
    /// The tier.
    #[schema(value_type = Category)]
    pub category: String,
    /// Its place in the queues.
    #[schema(value_type = Priority)]
    pub priority: String,
    /// Where it is on its way: draft → scheduled → expanding → sending → done; or cancelled, expired. `done` means that nothing is
    /// left to send: websocket rows of people who are away stay pending until they come back or it expires.
    #[schema(value_type = State)]
    pub state: String,
    /// How people are reached.
    #[schema(value_type = Vec<Channel>)]
    pub channels: Vec<String>,
    /// Whether recipients are asked to say that they have taken note.
    pub acknowledgement: bool,
    /// What follows later: seconds after the fan-out, for whom, on which channels (or to whom else).
    #[schema(value_type = Vec<Object>)]
    pub steps: Value,
    /// When the next of these steps is due; null when none is (any more).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_step_at: Option<Timestamp>,
    /// Counts edits; also its ETag.
    pub version: i32,
    /// How far the fan-out is.
    pub progress: Progress,
    /// Who it is for, with our ids.
    #[schema(value_type = Object)]
    pub audience: Value,
    /// Who sent it; null for a service key.
    pub sender_id: Option<Uuid>,
    /// Their name.
    pub sender_name: Option<String>,
    /// Where a tap leads.
    pub action_url: Option<String>,
    /// What it was made of: name, version and data of a template; null when it was written out.
    #[schema(value_type = Option<Object>)]
    pub template: Option<Value>,
    /// The application's own.
    #[schema(value_type = Object)]
    pub data: Value,
    /// What it is about in the application.
    pub related_entity: Option<RelatedEntity>,
    /// When it goes or went out.
    #[schema(value_type = String, format = DateTime)]
    pub scheduled_for: Timestamp,
    /// When it is no longer true.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// How many people it is for, and what they did with it.
    pub recipients: RecipientCounts,
    /// For each channel asked for, how many deliveries are in which state.
    pub totals: std::collections::BTreeMap<String, StatusCounts>,
}

words! {
    /// Where a notification is on its way.
    State {
        /// Not asked to go yet.
        Draft = "draft",
        /// Waits for its time.
        Scheduled = "scheduled",
        /// Its recipients are being written.
        Expanding = "expanding",
        /// Deliveries are under way.
        Sending = "sending",
        /// Nothing is left to send.
        Done = "done",
        /// Was called off.
        Cancelled = "cancelled",
        /// Is no longer true: out of the inboxes, or never sent.
        Expired = "expired",
    }
}

/// How far the fan-out is.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Progress {
    /// People written so far.
    pub expanded: i32,
    /// People there are to write; null until the fan-out begins.
    pub total: Option<i32>,
}

/// What the recipients did with it.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct RecipientCounts {
    /// People it is for (so far, while it is expanding).
    pub total: i64,
    /// Not read yet.
    pub unread: i64,
    /// Read.
    pub read: i64,
    /// Put away.
    pub archived: i64,
    /// Took note, and said so.
    pub acknowledged: i64,
}

/// Deliveries of one channel by state.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct StatusCounts {
    /// On its way.
    pub pending: i64,
    /// Handed to the provider or device.
    pub sent: i64,
    /// Arrived.
    pub delivered: i64,
    /// Given up.
    pub failed: i64,
    /// Came back.
    pub bounced: i64,
    /// Not tried, with a reason.
    pub skipped: i64,
}

/// One recipient of a notification.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Recipient {
    /// The person.
    pub recipient_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their role when it went out.
    pub role: String,
    /// Every reason why it reached them.
    #[schema(value_type = Vec<Object>)]
    pub reasons: Value,
    /// unread, read or archived.
    pub status: String,
    /// When they read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
    /// When they noticed it in their list.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen_at: Option<Timestamp>,
    /// When they said that they have taken note.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Timestamp>,
    /// For each channel, the delivery's state.
    #[schema(value_type = Object)]
    pub deliveries: Value,
}

/// Something that happened to a notification.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its id.
    pub id: Uuid,
    /// created, edited, escalated, or the state that it moved to.
    pub event: String,
    /// Who did it; null for a service key and for our own workers.
    pub actor_id: Option<Uuid>,
    /// Their name.
    pub actor_name: Option<String>,
    /// More about it: the fields that were edited …
    #[schema(value_type = Object)]
    pub detail: Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
