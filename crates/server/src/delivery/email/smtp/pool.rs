//! A bounded set of connections to one mail server, shared by all delivery tasks.
//!
//! Connections are opened when there is work, reused last-in first-out so that surplus ones fall idle, and dropped after
//! the idle time-out. A reused connection that the server has closed meanwhile costs one silent retry, never an error.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::connection::Connection;
use super::error::{Cause, SendError, Stage};
use super::settings::Settings;
use super::{Accepted, Envelope};

/// Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    permits: Semaphore,
    max_connections: u32,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Pool {
    /// A pool of at most `max_connections` (at least one). Nothing is opened yet.
    pub fn new(settings: Settings, max_connections: u32) -> Self {
        let max_connections = max_connections.max(1);
        let permits = Semaphore::new(max_connections as usize);
        Self {
            inner: Arc::new(Inner {
                settings,
                permits,
                max_connections,
                idle: Mutex::new(Vec::new()),
            }),
        }
    }

    /// Sends one message over a free connection, waiting for one if all are busy.
    ///
    /// # Errors
    /// As [`Connection::send`], and connection-level when none can be opened or the pool is closed.
    pub async fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<Accepted, SendError> {
        let permit = self.inner.permits.acquire().await;
        let _permit = permit.map_err(|_| SendError::broken(Stage::Connect, Cause::Closed))?;
        loop {
            let reused = self.take_idle();
            let was_reused = reused.is_some();
            let mut connection = match reused {
                Some(connection) => connection,
                None => Connection::open(&self.inner.settings).await?,
            };
            let outcome = connection.send(envelope, message).await;
            if connection.is_usable() {
                self.idle().push(Idle {
                    connection,
                    since: Instant::now(),
                });
            }
            match outcome {
                Err(error) if was_reused && error.is_stale_connection() => continue,
                outcome => return outcome,
            }
        }
    }

    /// Takes leave of connections that have been unused for too long. Call it every few seconds from a supervised task;
    /// without it they are dropped when the next message comes.
    pub async fn close_idle(&self) {
        let expired: Vec<Idle> = {
            let mut idle = self.idle();
            let (keep, expired) = idle.drain(..).partition(|entry| self.is_fresh(entry));
            *idle = keep;
            expired
        };
        for entry in expired {
            entry.connection.quit().await;
        }
    }

    /// Refuses new messages, waits for those under way and takes leave of the server. For shutdown.
    pub async fn close(&self) {
        let _all = self.inner.permits.acquire_many(self.inner.max_connections).await;
        self.inner.permits.close();
        let connections: Vec<Idle> = self.idle().drain(..).collect();
        for entry in connections {
            entry.connection.quit().await;
        }
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle();
        // The freshest is last; when it has expired, all have.
        let entry = idle.pop()?;
        if self.is_fresh(&entry) {
            return Some(entry.connection);
        }
        idle.clear();
        None
    }

    fn is_fresh(&self, entry: &Idle) -> bool {
        entry.since.elapsed() < self.inner.settings.timeouts.idle
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        // A panic elsewhere cannot leave a list of connections half-changed.
        self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("settings", &self.inner.settings)
            .field("idle", &self.idle().len())
            .finish_non_exhaustive()
    }
}
