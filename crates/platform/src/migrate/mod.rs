//! Migrations: numbered steps with up, down and verify SQL, replaceable scripts, and the runner that applies them.
//!
//! For: the commands `migrate plan|up|down|status|verify|check`, start-up (`up`) and tests, which give the SQL files as
//! a [`Plan`]. The runner opens its own connections and prints nothing: it returns values that implement `Display` and
//! `Serialize`, and tells its progress to a callback.
//!
//! What always holds:
//! - one runner per database at a time: an advisory lock on a connection of its own, polled and never waited for inside
//!   the server (a waiting backend would hold a snapshot that `create index concurrently` waits for);
//! - a step, its verify script and its bookkeeping row commit together or not at all; a step marked `-- no-transaction`
//!   has its row written first, so that whatever interrupts it is visible as *dirty*;
//! - an applied `up.sql` is never run a second time, and never silently differs from its file (SHA-256);
//! - whatever a verify script writes is undone.
//!
//! How to write the files is in `migrations/README.md`.

mod check;
mod down;
mod error;
mod event;
mod inspect;
mod ledger;
mod lock;
mod missing;
mod plan;
mod replace;
mod report;
mod script;
mod session;
mod statements;
mod up;

use std::time::Duration;

pub use check::{CheckReport, Finding, Severity, check};
pub use down::Down;
pub use error::{DirtyStep, MigrateError, ScriptFailure};
pub use event::{Event, Progress};
pub use ledger::{InvalidIndex, SCHEMA, State};
pub use lock::Holder;
pub use plan::{Bootstrap, Plan, Replaceable, Step};
pub use report::{
    Direction, DownReport, Preview, PreviewedStep, ReplaceableState, ReplaceableStatus, Status, StepState, StepStatus,
    UpReport, VerifyReport,
};
pub use script::Script;
pub use up::Up;

/// How long the runner waits, and how often it tries again.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long to wait in all for another runner to release the lock.
    pub wait_for_lock: Duration,
    /// PostgreSQL's `lock_timeout` in every transaction: how long one statement may queue for a table lock, because
    /// everything that comes after it queues behind it. Steps outside a transaction wait without limit.
    pub lock_timeout: Duration,
    /// How often a transaction that lost a lock (time-out, deadlock) is started again before its error is reported.
    pub retries: u32,
    /// The pause before the first new attempt; it doubles each time.
    pub backoff: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wait_for_lock: Duration::from_secs(120),
            lock_timeout: Duration::from_secs(5),
            retries: 5,
            backoff: Duration::from_millis(100),
        }
    }
}

/// The runner: a plan and the database it is for.
///
/// The URL's role owns the schema; it need not be a superuser. The URL must lead to PostgreSQL itself or to a pooler in
/// session mode: a pooler in transaction mode hands the advisory lock to somebody else.
#[derive(Debug, Clone)]
pub struct Migrator {
    url: String,
    plan: Plan,
    options: Options,
}

impl Migrator {
    /// A runner with the default [`Options`]. Connects to nothing yet.
    pub fn new(url: impl Into<String>, plan: Plan) -> Self {
        Self {
            url: url.into(),
            plan,
            options: Options::default(),
        }
    }

    /// The same runner with other waiting times.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }
}
