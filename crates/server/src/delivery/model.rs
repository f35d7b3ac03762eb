//! What a delivery is, what can come of it, and what an adapter must do.

use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::notifications::Channel;

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
}

/// One claimed delivery: a message to one person on one channel.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The tenant.
    pub org_id: Uuid,
    /// The delivery log's id: the same at every attempt.
    pub log_id: Uuid,
    /// The message.
    pub notification_id: Uuid,
    /// 1 at the first attempt.
    pub attempt: i16,
    /// The organization's name.
    pub organization: String,
    /// Language tag of the organization.
    pub locale: String,
    /// One line.
    pub title: String,
    /// The text.
    pub content: String,
    /// Where a tap leads.
    pub action_url: Option<String>,
    /// When the message is no longer true.
    pub expires_at: Timestamp,
    /// The person's name.
    pub recipient: String,
    /// Their mail address.
    pub email: Option<String>,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Sent {
        /// The provider's name or answer for it.
        external_id: Option<String>,
    },
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
    /// It may work later.
    Retry {
        /// What went wrong.
        message: String,
        /// When the provider said to come back; by the schedule otherwise.
        after: Option<Duration>,
    },
}

/// A channel's way out. One file implements it.
pub trait Adapter: Send + Sync {
    /// Which channel.
    fn channel(&self) -> Channel;
    /// How many deliveries it makes at a time.
    fn concurrency(&self) -> usize;
    /// Called now and then while there is nothing to deliver: connections that idle may be closed.
    fn rest(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
    /// Makes one attempt. Never fails: whatever happens is an [`Outcome`].
    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome>;
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
        };
        assert_eq!(settings.pause(1, 0.0).as_secs(), 15);
        assert_eq!(settings.pause(3, 0.0).as_secs(), 60);
        assert_eq!(settings.pause(3, 1.0).as_secs(), 30);
        assert_eq!(settings.pause(30, 0.0).as_secs(), 3600);
    }
}
