//! A channel's providers in their order: the first that works gets the delivery, the next one takes over when it is down.
//!
//! Made in the composition root, used by the dispatcher ([`super::jobs`]). What a route answers is always about one delivery:
//! it was made (with an outcome), or not begun, and then another worker may have it.

use std::{sync::Arc, time::Duration};

use platform::clock::Clock;
use tokio::time::Instant;

use super::{
    model::{Adapter, Delivery, Outcome},
    throttle::{Condition, Gate, Limits},
};
use crate::notifications::Channel;

/// A channel and who can deliver on it.
pub struct Route {
    channel: Channel,
    providers: Vec<Provider>,
}

struct Provider {
    adapter: Arc<dyn Adapter>,
    gate: Gate,
}

/// A provider that was tried and passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    /// Its name.
    pub provider: String,
    /// What went wrong.
    pub message: String,
}

/// What came of handing a delivery to the providers.
pub struct Made {
    /// Who had it last.
    pub provider: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// Who was tried before.
    pub detours: Vec<Detour>,
}

impl Route {
    /// A route without providers, which delivers nothing.
    #[must_use]
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            providers: Vec::new(),
        }
    }

    /// Adds a provider behind those that are there.
    #[must_use]
    pub fn then(mut self, adapter: Arc<dyn Adapter>, limits: Limits, clock: Clock) -> Self {
        self.providers.push(Provider {
            adapter,
            gate: Gate::new(limits, clock),
        });
        self
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Deliveries at a time, over all providers.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        self.providers
            .iter()
            .map(|one| one.gate.limits().concurrency.max(1))
            .sum::<usize>()
            .max(1)
    }

    /// How many deliveries can be begun within `time`: none while every provider is down, one that finds out whether the
    /// first of them is up again, or as many as the rates allow.
    #[must_use]
    pub fn room(&self, time: Duration) -> usize {
        self.providers.iter().fold(0, |room: usize, one| {
            room.saturating_add(match one.gate.condition() {
                Condition::Up => one.gate.allowance(time),
                Condition::Probing => 1,
                Condition::Down(_) => 0,
            })
        })
    }

    /// Lets the providers close what idles.
    pub async fn rest(&self) {
        for provider in &self.providers {
            provider.adapter.rest().await;
        }
    }

    /// Makes one attempt, which begins before `begin_by` and ends before `end_by`. None when it was not begun.
    pub async fn deliver(&self, delivery: &Delivery, begin_by: Instant, end_by: Instant) -> Option<Made> {
        let mut detours: Vec<Detour> = Vec::new();
        let mut last: Option<(String, String, Option<Duration>)> = None;
        for provider in &self.providers {
            let Some(pass) = provider.gate.enter(begin_by).await else {
                continue;
            };
            let outcome = tokio::time::timeout_at(end_by, provider.adapter.deliver(delivery))
                .await
                .unwrap_or_else(|_| Outcome::Retry {
                    message: "the attempt took longer than delivery.lease allows".to_owned(),
                    after: None,
                });
            let name = provider.adapter.provider().to_owned();
            let Outcome::Unavailable { message, after } = outcome else {
                pass.worked();
                detours.extend(last.map(|(provider, message, _)| Detour { provider, message }));
                return Some(Made {
                    provider: Some(name),
                    outcome,
                    detours,
                });
            };
            pass.failed(after);
            if let Some((provider, message, _)) = last.replace((name, message, after)) {
                detours.push(Detour { provider, message });
            }
        }
        last.map(|(provider, message, after)| Made {
            provider: Some(provider),
            outcome: Outcome::Unavailable { message, after },
            detours,
        })
    }
}
