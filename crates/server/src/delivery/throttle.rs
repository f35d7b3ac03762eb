//! What holds a provider back: how many deliveries at a time, how many a second, and a circuit breaker that leaves a provider
//! alone while it is down.
//!
//! Used by [`super::route::Route`], one [`Gate`] for each provider. The state is this process's own view of a provider and
//! nothing that must be true: with several worker processes each has its own rate, and each finds out by itself.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// The longest time that a provider is left alone before it is tried again, unless it asked for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// How much a provider gets.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deliveries at a time.
    pub concurrency: usize,
    /// Deliveries a second; 0: as many as it takes.
    pub rate: f64,
    /// Failures in a row after which it counts as down.
    pub breaker_failures: u32,
    /// The first pause after that; it doubles each time.
    pub breaker_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            concurrency: 8,
            rate: 0.0,
            breaker_failures: 5,
            breaker_pause: Duration::from_secs(5),
        }
    }
}

/// Whether a provider can be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Yes.
    Up,
    /// It was down; one delivery at a time finds out whether it still is.
    Probing,
    /// No, until then.
    Down(Timestamp),
}

/// Stands before one provider.
pub struct Gate {
    limits: Limits,
    places: Arc<Semaphore>,
    /// When the next delivery may begin.
    next: Mutex<Instant>,
    breaker: Mutex<Breaker>,
    clock: Clock,
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    openings: u32,
    down_until: Option<Timestamp>,
    probing: bool,
}

/// Leave to make one delivery. Given up without a report, it counts as nothing.
pub struct Pass<'a> {
    gate: &'a Gate,
    probe: bool,
    _place: OwnedSemaphorePermit,
}

impl Gate {
    /// A provider that is thought to be up.
    #[must_use]
    pub fn new(limits: Limits, clock: Clock) -> Self {
        Self {
            limits,
            places: Arc::new(Semaphore::new(limits.concurrency.max(1))),
            next: Mutex::new(Instant::now()),
            breaker: Mutex::default(),
            clock,
        }
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether the provider can be used now.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let breaker = lock(&self.breaker);
        match breaker.down_until {
            None => Condition::Up,
            Some(until) if until > self.clock.now() || breaker.probing => Condition::Down(until),
            Some(_) => Condition::Probing,
        }
    }

    /// Waits for a place and for the rate; none when the provider is down or `deadline` comes first.
    pub async fn enter(&self, deadline: Instant) -> Option<Pass<'_>> {
        let place = tokio::time::timeout_at(deadline, self.places.clone().acquire_owned())
            .await
            .ok()?
            .ok()?;
        let begins = self.reserve(deadline)?;
        tokio::time::sleep_until(begins).await;
        let probe = {
            let mut breaker = lock(&self.breaker);
            match breaker.down_until {
                None => false,
                Some(until) if until > self.clock.now() || breaker.probing => return None,
                Some(_) => {
                    breaker.probing = true;
                    true
                }
            }
        };
        Some(Pass {
            gate: self,
            probe,
            _place: place,
        })
    }

    /// Deliveries that may begin within a time, by the rate; as many as one likes without one.
    #[must_use]
    pub fn allowance(&self, within: Duration) -> usize {
        if self.limits.rate <= 0.0 {
            return usize::MAX;
        }
        let count = (within.as_secs_f64() * self.limits.rate).clamp(1.0, 1e6);
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and a million"
        )]
        let count = count as usize;
        count
    }

    /// The moment at which a delivery may begin, taken; none when that is after the deadline.
    fn reserve(&self, deadline: Instant) -> Option<Instant> {
        if self.limits.rate <= 0.0 {
            return Some(Instant::now());
        }
        let mut next = lock(&self.next);
        let begins = (*next).max(Instant::now());
        if begins > deadline {
            return None;
        }
        *next = begins + Duration::from_secs_f64(1.0 / self.limits.rate);
        Some(begins)
    }
}

impl Pass<'_> {
    /// The provider did its work, whatever it said of this delivery.
    pub fn worked(self) {
        let mut breaker = lock(&self.gate.breaker);
        if breaker.down_until.is_none() || self.probe {
            *breaker = Breaker::default();
        }
    }

    /// The provider did not work. `after`: it asked to be left alone that long.
    pub fn failed(self, after: Option<Duration>) {
        let mut breaker = lock(&self.gate.breaker);
        breaker.failures += 1;
        let down = after.is_some() || self.probe || breaker.failures >= self.gate.limits.breaker_failures;
        if !down || (breaker.down_until.is_some() && !self.probe) {
            return;
        }
        let doubled = self.gate.limits.breaker_pause * 2u32.saturating_pow(breaker.openings.min(16));
        let pause = after.unwrap_or(doubled.min(LONGEST_PAUSE));
        breaker.openings += 1;
        breaker.failures = 0;
        let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_mins(5));
        breaker.down_until = Some(self.gate.clock.now() + pause);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe {
            lock(&self.gate.breaker).probing = false;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere cannot leave these numbers half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(rate: f64) -> (Gate, Clock) {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        let limits = Limits {
            rate,
            breaker_failures: 3,
            ..Limits::default()
        };
        (Gate::new(limits, clock.clone()), clock)
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(1)
    }

    #[tokio::test]
    async fn three_failures_in_a_row_close_the_way_and_one_probe_opens_it() {
        let (gate, clock) = gate(0.0);
        for _ in 0..2 {
            gate.enter(soon()).await.unwrap().failed(None);
        }
        gate.enter(soon()).await.unwrap().worked();
        for _ in 0..3 {
            assert_eq!(gate.condition(), Condition::Up);
            gate.enter(soon()).await.unwrap().failed(None);
        }
        assert!(matches!(gate.condition(), Condition::Down(_)));
        assert!(gate.enter(soon()).await.is_none());
        clock.advance(SignedDuration::from_secs(5));
        assert_eq!(gate.condition(), Condition::Probing);
        let probe = gate.enter(soon()).await.unwrap();
        assert!(gate.enter(soon()).await.is_none(), "two probes at a time");
        probe.failed(None);
        clock.advance(SignedDuration::from_secs(5));
        assert!(matches!(gate.condition(), Condition::Down(_)), "the pause has doubled");
        clock.advance(SignedDuration::from_secs(5));
        drop(gate.enter(soon()).await.unwrap());
        gate.enter(soon()).await.unwrap().worked();
        assert_eq!(gate.condition(), Condition::Up);
    }

    #[tokio::test]
    async fn a_provider_that_asks_for_a_pause_gets_it() {
        let (gate, clock) = gate(0.0);
        gate.enter(soon()).await.unwrap().failed(Some(Duration::from_secs(600)));
        clock.advance(SignedDuration::from_secs(599));
        assert!(matches!(gate.condition(), Condition::Down(_)));
        clock.advance(SignedDuration::from_secs(1));
        assert_eq!(gate.condition(), Condition::Probing);
    }

    #[tokio::test]
    async fn the_rate_is_kept() {
        let (gate, _) = gate(1000.0);
        let start = Instant::now();
        for _ in 0..21 {
            gate.enter(start + Duration::from_secs(60)).await.unwrap().worked();
        }
        assert!(start.elapsed() >= Duration::from_millis(20));
        let (gate, _) = self::gate(0.1);
        gate.enter(soon()).await.unwrap().worked();
        assert!(
            gate.enter(soon()).await.is_none(),
            "nothing is reserved beyond a deadline"
        );
        assert_eq!(gate.allowance(Duration::from_secs(300)), 30);
    }
}
