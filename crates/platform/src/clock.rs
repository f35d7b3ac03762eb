//! The time, as a value that is passed in.
//!
//! Everybody who needs to know what time it is holds a [`Clock`]; nobody asks the operating system directly (clippy's
//! `disallowed_methods` sees to it). Tests hold a clock that they move by hand.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the time; cheap to clone. The system's clock, or one that stands still until a test moves it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    fixed: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The operating system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None }
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn fixed(start: Timestamp) -> Self {
        Self {
            fixed: Some(Arc::new(Mutex::new(start))),
        }
    }

    /// The present moment, UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.fixed {
            Some(fixed) => *fixed.lock().unwrap_or_else(PoisonError::into_inner),
            None => system_now(),
        }
    }

    /// Moves a fixed clock forward; a system clock takes no notice.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(fixed) = &self.fixed {
            let mut now = fixed.lock().unwrap_or_else(PoisonError::into_inner);
            *now += by;
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
fn system_now() -> Timestamp {
    Timestamp::now()
}
