//! Waiting for a state instead of sleeping for a time.

use std::time::{Duration, Instant};

/// Generous, because a test that passes never waits so long, and machines that build at the same time are slow.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until there is something to see. Panics with `what` when it does not come.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

/// The same with a deadline of one's own.
pub async fn eventually_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
