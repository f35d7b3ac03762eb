//! What a delivery is, what can come of it, and what an adapter must do.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{push::Device, throttle::Limits};

/// `[delivery]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettings {
    /// People that one transaction expands a notification to.
    pub expand_chunk: i32,
    /// Deliveries claimed at once.
    pub claim_batch: i64,
    /// Seconds that a claim holds.
    pub lease: u32,
    /// Attempts before a delivery is given up.
    pub max_attempts: i16,
    /// Seconds of the first pause.
    pub retry_base: u32,
    /// Milliseconds between looks for work.
    pub poll_interval: u64,
    /// Failures in a row after which a provider counts as down.
    pub breaker_failures: u32,
    /// Seconds that it is then left alone; doubles each time up to five minutes.
    pub breaker_pause: u32,
}

/// What is to be said: one notification of a claimed batch, shared by its deliveries.
#[derive(Clone, Debug)]
pub struct Message {
    /// The tenant.
    pub org_id: Uuid,
    /// The notification's id.
    pub id: Uuid,
    /// One line.
    pub title: String,
    /// The text.
    pub content: String,
    /// Where a tap leads.
    pub action_url: Option<String>,
    /// info, success, warning or error.
    pub severity: String,
    /// A word of the sender's.
    pub r#type: String,
    /// announcement, emergency, reminder or system.
    pub category: String,
    /// low, normal, high, urgent or emergency.
    pub priority: String,
    /// What the sender's application added.
    pub data: serde_json::Value,
    /// Where the notification stands: a cancelled one goes to nobody.
    pub state: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is no longer true.
    pub expires_at: Timestamp,
    /// The organization's name.
    pub organization: String,
    /// Language tag of the organization.
    pub locale: String,
    /// What its template came to, by language and channel; none without a template.
    pub contents: Option<serde_json::Value>,
}

/// One claimed delivery: a message to one person on one channel.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The tenant.
    pub org_id: Uuid,
    /// The delivery log's id: the same at every attempt.
    pub log_id: Uuid,
    /// The person.
    pub recipient_id: Uuid,
    /// 1 at the first attempt; goes on counting when a dead letter is taken up again.
    pub attempt: i16,
    /// Attempts that do not count any more.
    pub attempts_before: i16,
    /// What is to be said.
    pub message: Arc<Message>,
    /// The person's name.
    pub recipient: String,
    /// The person's language, where it is known.
    pub locale: Option<String>,
    /// Their mail address.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// For the link by which they end mails of this kind with one click (RFC 8058); none for those that cannot be ended.
    pub unsubscribe_token: Option<String>,
    /// Their devices, for push.
    pub devices: Vec<Device>,
    /// Why it must not be made, found out when it was claimed: a stable word.
    pub idle: Option<String>,
}

impl Delivery {
    /// The language to speak: the person's, or the organization's.
    #[must_use]
    pub fn language(&self) -> &str {
        self.locale.as_deref().unwrap_or(&self.message.locale)
    }
}

/// What a provider gave for a message that it took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's name for it: a queue id, an SMS's SID …
    pub external_id: Option<String>,
    /// What it said.
    pub answer: Option<String>,
    /// How many messages it was to the provider, where it counts (SMS segments, devices).
    pub units: Option<i16>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Sent(Receipt),
    /// It came back: the address takes no mail, the device is gone.
    Bounced {
        /// What the provider said.
        message: String,
    },
    /// It will never work.
    Failed {
        /// A stable word.
        reason: &'static str,
        /// What went wrong.
        message: String,
    },
    /// It is not worth trying.
    Skipped {
        /// A stable word.
        reason: &'static str,
    },
    /// This one may work later; the provider is well (a greylisted address, a full mailbox).
    Retry {
        /// What went wrong.
        message: String,
        /// When the provider said to come back; by the schedule otherwise.
        after: Option<Duration>,
    },
    /// The provider does not work, and nothing was sent: another one may, and this one is left alone for a while.
    Unavailable {
        /// What went wrong.
        message: String,
        /// When the provider said to come back (`Retry-After`).
        after: Option<Duration>,
    },
}

impl Outcome {
    /// It will never work: a stable word and what went wrong.
    #[must_use]
    pub fn failed(reason: &'static str, error: &dyn std::fmt::Display) -> Self {
        Self::Failed {
            reason,
            message: error.to_string(),
        }
    }
}

/// A channel's way out: one provider. One file implements it; docs/adding-a-channel.md shows the whole of a new one.
pub trait Adapter: Send + Sync {
    /// Its name in logs and timelines.
    fn provider(&self) -> &str;
    /// Called now and then while there is nothing to deliver: connections that idle may be closed.
    fn rest(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
    /// Makes one attempt. Never fails: whatever happens is an [`Outcome`].
    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome>;
}

/// What is wrong with a reason that somebody asks for: they are words of ours.
pub fn check_reason(reason: &str) -> Option<&'static str> {
    let is_word =
        !reason.is_empty() && reason.len() <= 63 && reason.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    (!is_word).then_some("is no reason: a word such as attempts_exhausted")
}

impl DeliverySettings {
    /// Refuses numbers with which nothing would ever be delivered, or everything at once.
    ///
    /// # Errors
    /// The first setting that is out of its range, and the range.
    pub fn check(&self) -> Result<(), String> {
        let ranges = [
            ("expand_chunk", i64::from(self.expand_chunk), 1, 100_000),
            ("claim_batch", self.claim_batch, 1, 10_000),
            ("lease", i64::from(self.lease), 2, 3_600),
            ("max_attempts", i64::from(self.max_attempts), 1, 1_000),
            ("retry_base", i64::from(self.retry_base), 1, 3_600),
            ("breaker_failures", i64::from(self.breaker_failures), 1, 1_000),
            ("breaker_pause", i64::from(self.breaker_pause), 1, 3_600),
            (
                "poll_interval",
                i64::try_from(self.poll_interval).unwrap_or(i64::MAX),
                10,
                60_000,
            ),
        ];
        match ranges
            .into_iter()
            .find(|(_, value, min, max)| value < min || value > max)
        {
            Some((name, _, min, max)) => Err(format!("delivery.{name} must be between {min} and {max}")),
            None => Ok(()),
        }
    }

    /// What a provider of these settings gets, with `concurrency` deliveries at a time and `rate` a second (0: no limit).
    #[must_use]
    pub fn limits(&self, concurrency: usize, rate: f64) -> Limits {
        Limits {
            concurrency,
            rate,
            breaker_failures: self.breaker_failures,
            breaker_pause: Duration::from_secs(self.breaker_pause.into()),
        }
    }

    /// The pause after a failed attempt: doubles each time from `retry_base` up to an hour; `spread` (0.0–1.0) takes away
    /// up to half of it, so that what failed together does not come back together.
    #[must_use]
    pub fn pause(&self, attempt: i16, spread: f64) -> Duration {
        let doubled = f64::from(self.retry_base) * 2f64.powi(i32::from(attempt.max(1)) - 1);
        Duration::from_secs_f64(doubled.min(3600.0) * (1.0 - spread.clamp(0.0, 1.0) / 2.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_spread() {
        let settings = DeliverySettings {
            expand_chunk: 1,
            claim_batch: 1,
            lease: 1,
            max_attempts: 8,
            retry_base: 15,
            poll_interval: 1,
            breaker_failures: 1,
            breaker_pause: 1,
        };
        assert_eq!(settings.pause(1, 0.0).as_secs(), 15);
        assert_eq!(settings.pause(3, 0.0).as_secs(), 60);
        assert_eq!(settings.pause(3, 1.0).as_secs(), 30);
        assert_eq!(settings.pause(30, 0.0).as_secs(), 3600);
    }
}
