//! What the runner tells while it works. The caller decides whether that becomes a line, a log record or nothing.

use std::fmt;

use serde::Serialize;

use super::lock::Holder;

/// Where the runner sends its [`Event`]s.
pub type Progress<'a> = &'a mut (dyn FnMut(Event) + Send);

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Another runner has the lock; sent once per holder.
    Waiting {
        /// Who it is.
        holder: Holder,
    },
    /// `bootstrap.sql` has run.
    Bootstrapped,
    /// A step begins.
    Applying {
        /// Its folder.
        step: String,
    },
    /// A step and its verify script have succeeded.
    Applied {
        /// Its folder.
        step: String,
    },
    /// The down script of a step begins.
    Undoing {
        /// Its folder.
        step: String,
    },
    /// The down script of a step has succeeded.
    Undone {
        /// Its folder.
        step: String,
    },
    /// A transaction lost a lock and is about to be started again.
    Retrying {
        /// Which attempt comes, from 2.
        attempt: u32,
        /// Why.
        reason: String,
    },
    /// A replaceable script has been applied.
    Replaced {
        /// Its name.
        name: String,
    },
    /// The drop statements of a replaceable script have run.
    Dropped {
        /// Its name.
        name: String,
    },
    /// An unfinished index of a dirty step has been dropped.
    DroppedIndex {
        /// Its name.
        name: String,
    },
    /// The verify script of a step succeeded again.
    Verified {
        /// Its folder.
        step: String,
    },
    /// The schema has been removed.
    Purged,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting { holder } => write!(f, "waiting for another runner: {holder}"),
            Self::Bootstrapped => write!(f, "bootstrap.sql has run"),
            Self::Applying { step } => write!(f, "applying {step}"),
            Self::Applied { step } => write!(f, "applied and verified {step}"),
            Self::Undoing { step } => write!(f, "undoing {step}"),
            Self::Undone { step } => write!(f, "undone {step}"),
            Self::Retrying { attempt, reason } => write!(f, "attempt {attempt}, because: {reason}"),
            Self::Replaced { name } => write!(f, "applied replaceable/{name}.sql"),
            Self::Dropped { name } => write!(f, "dropped what replaceable/{name}.sql made"),
            Self::DroppedIndex { name } => write!(f, "dropped the unfinished index {name}"),
            Self::Verified { step } => write!(f, "verified {step}"),
            Self::Purged => write!(f, "removed the schema {}", super::SCHEMA),
        }
    }
}
