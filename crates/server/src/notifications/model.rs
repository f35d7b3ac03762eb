//! What a notification is, and which ones are refused. No SQL, no HTTP.

use jiff::{SignedDuration, Timestamp};
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audience::AudienceRequest;

/// The longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// The longest content, in characters.
pub const MAX_CONTENT: usize = 10_000;
/// The largest `data`, in bytes of JSON.
const MAX_DATA: usize = 8 * 1024;
/// How long a notification lives by default (clinic seed: 30 days).
const DEFAULT_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How far ahead one may be scheduled.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// As the API and the database write it.
            #[must_use]
            #[allow(dead_code, reason = "not every list of words is written from here")]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// The tier: how urgently and on how many ways it goes out.
    Category {
        /// News for many.
        Announcement = "announcement",
        /// Everybody must know now.
        Emergency = "emergency",
        /// Something is due.
        Reminder = "reminder",
        /// From the software itself.
        System = "system",
    }
}
words! {
    /// Its place in every queue.
    Priority {
        /// Last.
        Low = "low",
        /// As it comes.
        Normal = "normal",
        /// Before the normal ones.
        High = "high",
        /// Before the high ones.
        Urgent = "urgent",
        /// Before everything.
        Emergency = "emergency",
    }
}
words! {
    /// How it looks (the school seed's `type`).
    Severity {
        /// Neutral.
        Info = "info",
        /// Good news.
        Success = "success",
        /// Mind this.
        Warning = "warning",
        /// Something is wrong.
        Error = "error",
    }
}
words! {
    /// A way to reach somebody.
    Channel {
        /// The inbox.
        InApp = "in_app",
        /// A connected device, at once.
        Websocket = "websocket",
        /// Mail.
        Email = "email",
        /// A push message to a device.
        Push = "push",
        /// A text message.
        Sms = "sms",
    }
}

/// The body of `POST /v1/notifications`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotification {
    /// 1–200 characters, one line.
    #[schema(min_length = 1, max_length = 200, example = "Early dismissal on Friday")]
    pub title: String,
    /// Up to 10,000 characters.
    #[schema(max_length = 10_000, example = "School ends at 12:30 this Friday.")]
    pub content: String,
    /// Who it is for.
    pub audience: AudienceRequest,
    /// announcement by default.
    #[serde(default = "default_category")]
    pub category: Category,
    /// normal by default; emergency for an emergency.
    pub priority: Option<Priority>,
    /// info by default.
    #[serde(default = "default_severity")]
    pub severity: Severity,
    /// What it is about, as a word for programs (`hot_lead`, `fees.due` …); the category by default.
    #[schema(pattern = "^[a-z][a-z0-9_.]{0,62}$")]
    pub r#type: Option<String>,
    /// How to reach people; `in_app` and `websocket` by default.
    pub channels: Option<Vec<Channel>>,
    /// Where a tap leads: an https URL, or a path of your application.
    pub action_url: Option<String>,
    /// Anything your application wants to find again, up to 8 KiB.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
    /// What it is about in your application.
    pub related_entity: Option<RelatedEntity>,
    /// When it goes out; at once by default.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub scheduled_for: Option<Timestamp>,
    /// When it is no longer true; 30 days after it went out by default.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

fn default_category() -> Category {
    Category::Announcement
}

fn default_severity() -> Severity {
    Severity::Info
}

/// A thing in the application that a message is about.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedEntity {
    /// contact, appointment, call …
    #[schema(max_length = 63)]
    pub r#type: String,
    /// Its id.
    pub id: Uuid,
}

/// A notification that may be written: checked, defaults filled in.
#[derive(Clone, Debug)]
pub struct Draft {
    pub title: String,
    pub content: String,
    pub category: Category,
    pub priority: Priority,
    pub severity: Severity,
    pub r#type: String,
    pub channels: Vec<Channel>,
    pub action_url: Option<String>,
    pub data: Value,
    pub related_entity: Option<RelatedEntity>,
    pub scheduled_for: Timestamp,
    pub expires_at: Timestamp,
}

impl NewNotification {
    /// Checks everything that can be checked without the database, all fields at once. `available` are the channels that
    /// this server can send on.
    ///
    /// # Errors
    /// Each field that is wrong, with what would be right.
    pub fn check(&self, now: Timestamp, available: &[Channel]) -> Result<Draft, Vec<FieldError>> {
        let mut errors = self.audience.check();
        let title = self.title.trim();
        check_text(&mut errors, "title", title, MAX_TITLE);
        if title.is_empty() {
            errors.push(FieldError::new(
                "title",
                "is empty; say in a few words what it is about",
            ));
        }
        if title.contains(['\r', '\n']) {
            errors.push(FieldError::new("title", "must be one line"));
        }
        check_text(&mut errors, "content", &self.content, MAX_CONTENT);
        self.check_type(&mut errors);
        self.check_action_url(&mut errors);
        self.check_data(&mut errors);
        let channels = self.check_channels(&mut errors, available);
        let (scheduled_for, expires_at) = self.check_times(&mut errors, now);
        if !errors.is_empty() {
            return Err(errors);
        }
        let default_priority = if self.category == Category::Emergency {
            Priority::Emergency
        } else {
            Priority::Normal
        };
        Ok(Draft {
            title: title.to_owned(),
            content: self.content.clone(),
            category: self.category,
            priority: self.priority.unwrap_or(default_priority),
            severity: self.severity,
            r#type: self.r#type.clone().unwrap_or_else(|| self.category.as_str().to_owned()),
            channels,
            action_url: self.action_url.clone(),
            data: Value::Object(self.data.clone().unwrap_or_default()),
            related_entity: self.related_entity.clone(),
            scheduled_for,
            expires_at,
        })
    }

    fn check_type(&self, errors: &mut Vec<FieldError>) {
        let word = |text: &str| {
            text.len() <= 63
                && text.starts_with(|first: char| first.is_ascii_lowercase())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte))
        };
        let message = "must be a word of lower-case letters, digits, _ and ., up to 63, such as fees.due";
        if self.r#type.as_deref().is_some_and(|text| !word(text)) {
            errors.push(FieldError::new("type", message));
        }
        if self.related_entity.as_ref().is_some_and(|entity| !word(&entity.r#type)) {
            errors.push(FieldError::new("related_entity.type", message));
        }
    }

    fn check_action_url(&self, errors: &mut Vec<FieldError>) {
        let Some(url) = self.action_url.as_deref() else { return };
        let path = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
        if url.len() > 2000
            || !(path || url.starts_with("https://"))
            || url.contains(|c: char| c.is_control() || c.is_whitespace())
        {
            errors.push(FieldError::new(
                "action_url",
                "must be an https:// URL or a path that begins with one /, without spaces, up to 2,000 characters",
            ));
        }
    }

    fn check_data(&self, errors: &mut Vec<FieldError>) {
        let Some(data) = &self.data else { return };
        let text = serde_json::to_string(data).unwrap_or_default();
        if text.len() > MAX_DATA {
            errors.push(FieldError::new(
                "data",
                format!("has {} bytes; at most {MAX_DATA} are kept", text.len()),
            ));
        }
        if text.contains("\\u0000") {
            errors.push(FieldError::new(
                "data",
                "contains a null character, which cannot be stored",
            ));
        }
    }

    fn check_channels(&self, errors: &mut Vec<FieldError>, available: &[Channel]) -> Vec<Channel> {
        let Some(asked) = &self.channels else {
            return vec![Channel::InApp, Channel::Websocket];
        };
        if asked.is_empty() {
            errors.push(FieldError::new(
                "channels",
                "is empty; leave it out for in_app and websocket",
            ));
        }
        for (index, channel) in asked.iter().enumerate() {
            if !available.contains(channel) {
                let known: Vec<_> = available.iter().map(|channel| channel.as_str()).collect();
                errors.push(FieldError::new(
                    format!("channels[{index}]"),
                    format!(
                        "{} is not set up on this server; set up are: {}",
                        channel.as_str(),
                        known.join(", ")
                    ),
                ));
            }
        }
        let mut channels = asked.clone();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    fn check_times(&self, errors: &mut Vec<FieldError>, now: Timestamp) -> (Timestamp, Timestamp) {
        let scheduled_for = self.scheduled_for.unwrap_or(now).max(now);
        if scheduled_for > now + MAX_AHEAD {
            errors.push(FieldError::new("scheduled_for", "is more than two years ahead"));
            return (now, now + DEFAULT_LIFE);
        }
        let expires_at = self.expires_at.unwrap_or(scheduled_for + DEFAULT_LIFE);
        if expires_at <= scheduled_for {
            errors.push(FieldError::new(
                "expires_at",
                "must be after the moment when it goes out",
            ));
        } else if expires_at > scheduled_for + MAX_AHEAD {
            errors.push(FieldError::new(
                "expires_at",
                "is more than two years after it goes out",
            ));
        }
        (scheduled_for, expires_at)
    }
}

fn check_text(errors: &mut Vec<FieldError>, field: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        errors.push(FieldError::new(
            field,
            format!("has {length} characters; at most {most} fit"),
        ));
    }
    if text.contains('\0') {
        errors.push(FieldError::new(
            field,
            "contains a null character, which cannot be stored",
        ));
    }
}

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
    /// Where it is on its way: scheduled → expanding → sending → done; or cancelled, expired. `done` means that nothing is
    /// left to send: websocket rows of people who are away stay pending until they come back or it expires.
    #[schema(value_type = State)]
    pub state: String,
    /// How people are reached.
    #[schema(value_type = Vec<Channel>)]
    pub channels: Vec<String>,
    /// Who it is for, with our ids.
    #[schema(value_type = Object)]
    pub audience: Value,
    /// Who sent it; null for a service key.
    pub sender_id: Option<Uuid>,
    /// Their name.
    pub sender_name: Option<String>,
    /// Where a tap leads.
    pub action_url: Option<String>,
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
    /// For each channel, the delivery's state.
    #[schema(value_type = Object)]
    pub deliveries: Value,
}

/// One delivery: a notification to a recipient on a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryLog {
    /// Its id; part of the Message-ID of a mail.
    pub id: Uuid,
    /// The person.
    pub recipient_id: Uuid,
    /// The channel.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// pending, sent, delivered, failed, bounced or skipped.
    pub status: String,
    /// Why it was skipped or failed, as a stable word.
    pub reason: Option<String>,
    /// What the provider said.
    pub error_message: Option<String>,
    /// Attempts after the first.
    pub retry_count: i16,
    /// The provider's name for it.
    pub external_id: Option<String>,
    /// Which of the channel's providers had it last.
    pub provider: Option<String>,
    /// What the provider said when it took it.
    pub answer: Option<String>,
    /// How many messages it was to the provider, where it counts (SMS segments, devices).
    pub units: Option<i16>,
    /// Handed over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    /// Arrived.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub delivered_at: Option<Timestamp>,
    /// Given up or came back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub failed_at: Option<Timestamp>,
    /// Planned.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str) -> Result<Draft, Vec<FieldError>> {
        let new: NewNotification = serde_json::from_str(body).unwrap();
        new.check(
            Timestamp::from_second(1_800_000_000).unwrap(),
            &[Channel::InApp, Channel::Websocket, Channel::Email],
        )
    }

    #[test]
    fn a_short_message_gets_the_defaults() {
        let draft = check(r#"{"title":" Hello ","content":"","audience":{"all":true}}"#).unwrap();
        assert_eq!((draft.title.as_str(), draft.r#type.as_str()), ("Hello", "announcement"));
        assert_eq!(draft.channels, [Channel::InApp, Channel::Websocket]);
        assert_eq!(
            draft.expires_at - draft.scheduled_for,
            jiff::Span::new().seconds(30 * 86_400).fieldwise()
        );
    }

    #[test]
    fn an_emergency_has_the_priority_of_one() {
        let draft = check(r#"{"title":"Fire","content":"","category":"emergency","audience":{"all":true}}"#).unwrap();
        assert_eq!(draft.priority, Priority::Emergency);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let errors = check(
            r#"{"title":"a\nb","content":"","audience":{"all":true},"channels":["sms","email"],"type":"No!",
                "action_url":"javascript:alert(1)","expires_at":"2020-01-01T00:00:00Z"}"#,
        )
        .unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["title", "type", "action_url", "channels[0]", "expires_at"]);
    }
}
