//! Importing a directory from files: people, classes and who belongs to whom.
//!
//! Called by `frontdesk import` and by `frontdesk up` (demo data). What always holds:
//! - One transaction: an import happens as a whole or not at all, also when the process is killed.
//! - Importing the same files again changes nothing, not even `updated_at`; only rows that differ are written.
//! - A wrong row is reported with file and line, and the rest is imported. Who is missing from a file is deactivated or
//!   removed only when that file had no wrong row, and only as long as no more than a fifth of a kind would go.
//! - Only what the format's own import made (`source`) is ever changed, deactivated or removed. Schools, grades and classes
//!   have no source: they are found by the school's own id, and never removed.
//! - One import at a time for an organization; a second one waits.

mod clever;
mod csv_file;
mod lines;
mod progress;
mod report;
mod run;
mod store;

pub use clever::clever;
pub use csv_file::FileError;
pub use progress::Progress;
pub use report::{Counts, FileSummary, Issue, Kind, Report, Severity};
pub use run::Options;

use platform::db::DbError;
use uuid::Uuid;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file as a whole cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no such organization.
    #[error("there is no organization {0}")]
    NoOrganization(Uuid),
    /// So much would go that the files are more likely incomplete.
    #[error("{}. Nothing was imported. If that is what you want, run it again with --allow-removals", explain(.0))]
    TooManyRemovals(Vec<Removals>),
    /// The database failed or refused.
    #[error("nothing was imported: {0}")]
    Db(#[from] DbError),
}

/// How many of a kind an import would deactivate or remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removals {
    /// Of what.
    pub kind: Kind,
    /// How many would go.
    pub going: u64,
    /// How many there were, active and made by the same import.
    pub of: u64,
}

fn explain(removals: &[Removals]) -> String {
    let parts: Vec<String> = removals
        .iter()
        .map(|Removals { kind, going, of }| format!("{going} of {of} {}", kind.plural()))
        .collect();
    format!("these files lack {}, more than a fifth", parts.join(", "))
}
