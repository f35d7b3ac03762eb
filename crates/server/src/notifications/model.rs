//! What a notification is, and which ones are refused. No SQL, no HTTP.

use jiff::{SignedDuration, Timestamp};
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::audience::AudienceRequest;
use crate::templates::{Composed, TemplateUse};

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
        // ToSchema cannot read a word that comes through this macro; all of them are their names in snake case.
        #[schema(rename_all = "snake_case")]
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

pub(super) use words;

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
    /// 1–200 characters, one line. Left out with a template.
    #[schema(min_length = 1, max_length = 200, example = "Early dismissal on Friday")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Up to 10,000 characters. Left out with a template.
    #[schema(max_length = 10_000, example = "School ends at 12:30 this Friday.")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// A template that says it instead, in each person's language. It is rendered now: a missing variable is an error of
    /// this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateUse>,
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
    /// How to reach people at once. By default what the tier's policy says (`GET /v1/policies`), and then what it says is
    /// to follow: a mail for who has not read an announcement after a while …
    pub channels: Option<Vec<Channel>>,
    /// Where a tap leads: an https URL, or a path of your application.
    pub action_url: Option<String>,
    /// Anything your application wants to find again, up to 8 KiB.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
    /// What it is about in your application.
    pub related_entity: Option<RelatedEntity>,
    /// Whether recipients are asked to say that they have taken note; as the tier's policy says by default (yes for an
    /// emergency).
    pub acknowledgement: Option<bool>,
    /// Keeps it as a draft, which goes out with `POST /v1/notifications/{id}/send`; false by default.
    #[serde(default)]
    pub draft: bool,
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
    /// What its template came to, once that is rendered.
    pub composed: Option<Composed>,
    pub category: Category,
    pub priority: Priority,
    pub severity: Severity,
    pub r#type: String,
    /// None: the tier's.
    pub channels: Option<Vec<Channel>>,
    pub acknowledgement: Option<bool>,
    pub draft: bool,
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
        let title = self.title.as_deref().unwrap_or_default().trim();
        let content = self.content.as_deref().unwrap_or_default();
        self.check_texts(&mut errors, title, content);
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
            content: content.to_owned(),
            composed: None,
            category: self.category,
            priority: self.priority.unwrap_or(default_priority),
            severity: self.severity,
            r#type: self.r#type.clone().unwrap_or_else(|| self.category.as_str().to_owned()),
            channels,
            acknowledgement: self.acknowledgement,
            draft: self.draft,
            action_url: self.action_url.clone(),
            data: Value::Object(self.data.clone().unwrap_or_default()),
            related_entity: self.related_entity.clone(),
            scheduled_for,
            expires_at,
        })
    }

    fn check_texts(&self, errors: &mut Vec<FieldError>, title: &str, content: &str) {
        if self.template.is_some() {
            for (field, given) in [("title", self.title.is_some()), ("content", self.content.is_some())] {
                if given {
                    errors.push(FieldError::new(field, "comes from the template; leave it out"));
                }
            }
            return;
        }
        check_text(errors, "title", title, MAX_TITLE);
        if title.is_empty() {
            errors.push(FieldError::new(
                "title",
                "is empty; say in a few words what it is about",
            ));
        }
        if title.contains(['\r', '\n']) {
            errors.push(FieldError::new("title", "must be one line"));
        }
        if self.content.is_none() {
            errors.push(FieldError::new("content", "is missing; it may be empty"));
        }
        check_text(errors, "content", content, MAX_CONTENT);
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

    fn check_channels(&self, errors: &mut Vec<FieldError>, available: &[Channel]) -> Option<Vec<Channel>> {
        let asked = self.channels.as_ref()?;
        if asked.is_empty() {
            errors.push(FieldError::new(
                "channels",
                "is empty; leave it out for what the tier's policy says",
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
        Some(channels)
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

pub(super) fn check_text(errors: &mut Vec<FieldError>, field: &str, text: &str, most: usize) {
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
        assert_eq!(draft.channels, None, "the tier's policy says");
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
