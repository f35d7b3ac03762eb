//! What can go wrong with a migration. Every message names the thing and says what to do.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::ErrorPosition;

use super::check::Finding;
use super::ledger::{InvalidIndex, State};
use super::lock::Holder;
use super::script::Script;
use crate::db::DbError;

/// An error of the migration runner.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A file is missing, doubled, or not where it belongs.
    #[error("migrations: {path} {problem}")]
    Source {
        /// The file or folder.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The static check found errors, so nothing was run.
    #[error("migrations: the files do not pass `migrate check`, nothing was run:\n{}", list(.0))]
    Unsound(Vec<Finding>),
    /// No connection to the database.
    #[error("migrations: {0}")]
    Connect(#[source] DbError),
    /// Another runner held the lock for the whole waiting time.
    #[error(
        "migrations: another runner holds the lock, waited {waited:?} for it: {holder}. \
         Wait until it has finished, or end it with `select pg_terminate_backend({})`",
        .holder.pid
    )]
    LockTimeout {
        /// How long.
        waited: Duration,
        /// Who has it.
        holder: Box<Holder>,
    },
    /// The connection that held the lock is gone, so another runner may have started.
    #[error("migrations: the connection that held the migration lock was lost; nothing more was run, run it again")]
    LockLost,
    /// A statement of a script failed.
    #[error("{0}")]
    Script(Box<ScriptFailure>),
    /// A statement of the runner itself failed.
    #[error("migrations: {doing}: {}", reason(.source))]
    Database {
        /// What the runner was doing.
        doing: &'static str,
        /// What the driver or the server said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// `bootstrap.sql` ran but the bookkeeping tables are not there.
    #[error("migrations: bootstrap.sql must create the tables {schema}.schema_migrations and {schema}.schema_replaceables", schema = super::SCHEMA)]
    NoBookkeeping,
    /// The text of an applied `up.sql` is not the one that was applied.
    #[error(
        "migrations: {path} was changed after it was applied. Restore its text (`git log -- {path}` shows who changed it) \
         and put the change into a new step; on a database without data worth keeping run `migrate down --to {before}` \
         and then `migrate up`"
    )]
    Changed {
        /// The file.
        path: String,
        /// The version before that step.
        before: u32,
    },
    /// The database has steps that this program does not have.
    #[error(
        "migrations: the database is at step {version:04}_{name}, but this program's last step is {latest:04}. \
         Run the newer program; to go back, run `migrate down --to {latest}` with the newer program first"
    )]
    Unknown {
        /// The database's version.
        version: u32,
        /// That step's name.
        name: String,
        /// The program's version.
        latest: u32,
    },
    /// A step below an applied one has no bookkeeping row.
    #[error(
        "migrations: step {missing:04} has no row in {}.schema_migrations although step {version:04} is applied: \
         somebody edited that table. Put the row back, or restore the database from a backup",
        super::SCHEMA
    )]
    Gap {
        /// The version without a row.
        missing: u32,
        /// The version that is applied.
        version: u32,
    },
    /// A step outside a transaction did not finish.
    #[error("migrations: {0}")]
    Dirty(Box<DirtyStep>),
    /// `--retry` names a step that is not dirty.
    #[error("migrations: step {0:04} is not dirty, there is nothing to retry; run `migrate status` to see what is")]
    NotDirty(u32),
    /// The index of an interrupted step is still being built by its old backend.
    #[error(
        "migrations: the index {} is still being built by process {pid} of the server, which outlived its runner. \
         Wait until it has finished, or end it with `select pg_terminate_backend({pid})`, then retry",
        .index
    )]
    StillBuilding {
        /// The index.
        index: String,
        /// The server process.
        pid: i32,
    },
    /// A target version that the command cannot reach.
    #[error("migrations: cannot go {direction} to {target}: {problem}")]
    Target {
        /// `up` or `down`.
        direction: &'static str,
        /// The version asked for.
        target: u32,
        /// Why not.
        problem: String,
    },
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("  {finding}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the server said if it said something (the driver prints only "db error"), else what the driver says.
fn reason(error: &tokio_postgres::Error) -> String {
    use std::error::Error;
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} (SQLSTATE {})", db.message(), db.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

impl MigrateError {
    /// The five characters of SQLSTATE, when the server raised the error.
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Script(failure) => failure.sqlstate.as_deref(),
            Self::Database { source, .. } => source.code().map(|code| code.code()),
            _ => None,
        }
    }

    pub(super) fn database(doing: &'static str) -> impl FnOnce(tokio_postgres::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Whether the same transaction, started again, may succeed: it lost a lock, or met a concurrent change of the
    /// shared catalogs (roles belong to all databases of a cluster, the advisory lock only to one).
    pub(super) fn is_passing(&self) -> bool {
        let Some(state) = self.sqlstate() else { return false };
        let concurrent = || self.to_string().contains("concurrently");
        matches!(state, "55P03" | "40P01" | "40001") || (state == "XX000" && concurrent())
    }

    /// As [`Self::is_passing`]; in `bootstrap.sql` also what two `create … if not exists` at the same moment cause.
    pub(super) fn is_passing_in_bootstrap(&self) -> bool {
        self.is_passing() || matches!(self.sqlstate(), Some("23505" | "42710" | "42P06" | "42P07"))
    }
}

/// A statement of a script that failed, with the place in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFailure {
    /// The file.
    pub path: String,
    /// The line, counted from 1; none when the connection broke.
    pub line: Option<usize>,
    /// Five characters; none when the error is not the server's.
    pub sqlstate: Option<String>,
    /// The server's message.
    pub message: String,
    /// The server's further words.
    pub detail: Option<String>,
    /// The server's advice.
    pub hint: Option<String>,
    /// The runner's own advice: which file makes what is missing, and what to do.
    pub advice: Option<String>,
}

impl ScriptFailure {
    /// Locates `error`, raised after `completed` statements of `script` had finished.
    pub(super) fn locate(script: &Script, completed: usize, error: &tokio_postgres::Error) -> MigrateError {
        let line = error
            .as_db_error()
            .map(|db| script.first_line - 1 + line_of(script, completed, db));
        let db = error.as_db_error();
        MigrateError::Script(Box::new(Self {
            path: script.path.clone(),
            line,
            sqlstate: error.code().map(|code| code.code().to_owned()),
            message: db.map_or_else(|| reason(error), |db| db.message().to_owned()),
            detail: db.and_then(|db| db.detail()).map(str::to_owned),
            hint: db.and_then(|db| db.hint()).map(str::to_owned),
            advice: None,
        }))
    }

    /// A verify statement that answered false.
    pub(super) fn answered_false(script: &Script, completed: usize) -> MigrateError {
        let line = script
            .statements()
            .get(completed)
            .map(|statement| script.first_line - 1 + statement.line);
        MigrateError::Script(Box::new(Self {
            path: script.path.clone(),
            line,
            sqlstate: None,
            message: "the statement answered false".to_owned(),
            detail: None,
            hint: None,
            advice: None,
        }))
    }
}

impl fmt::Display for ScriptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))?;
        write!(f, ": {}", self.message)?;
        self.sqlstate
            .as_ref()
            .map_or(Ok(()), |state| write!(f, " (SQLSTATE {state})"))?;
        self.detail
            .as_ref()
            .map_or(Ok(()), |detail| write!(f, "\n  detail: {detail}"))?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))?;
        self.advice
            .as_ref()
            .map_or(Ok(()), |advice| write!(f, "\n  fix: {advice}"))
    }
}

/// The line within the script's text, counted from 1.
fn line_of(script: &Script, completed: usize, error: &tokio_postgres::error::DbError) -> usize {
    if let Some(ErrorPosition::Original(position)) = error.position() {
        // PostgreSQL counts characters, from 1.
        let before = usize::try_from(*position).unwrap_or(1).saturating_sub(1);
        return 1 + script.text.chars().take(before).filter(|c| *c == '\n').count();
    }
    let statements = script.statements();
    let Some(statement) = statements.get(completed).or(statements.last()) else {
        return 1;
    };
    match (statement.body_line, error.where_().and_then(line_in_block)) {
        (Some(body), Some(line)) => body + line - 1,
        _ => statement.line,
    }
}

/// The line inside a `do` block, from the server's context: `PL/pgSQL function inline_code_block line 3 at RAISE`.
fn line_in_block(context: &str) -> Option<usize> {
    let (_, rest) = context.rsplit_once("inline_code_block line ")?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|line| *line > 0)
}

/// A step outside a transaction that was interrupted or failed: nobody knows how much of it is done.
#[derive(Debug, Clone)]
pub struct DirtyStep {
    /// Its number.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// `running`: its runner died. `failed`: it got an error.
    pub state: State,
    /// The error that it got.
    pub error: Option<String>,
    /// Indexes in the schema that were not finished.
    pub invalid_indexes: Vec<InvalidIndex>,
}

impl fmt::Display for DirtyStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {:04}_{} is dirty: ", self.version, self.name)?;
        match (&self.state, &self.error) {
            (State::Running, _) => write!(f, "its runner was interrupted before it finished")?,
            (_, Some(error)) => write!(f, "it failed: {error}")?,
            (_, None) => write!(f, "it failed")?,
        }
        for index in &self.invalid_indexes {
            write!(f, "\n  unfinished: {index}")?;
        }
        write!(
            f,
            "\n  Remove the cause, then run `migrate up --retry {:04}` (it drops the unfinished indexes of this step \
             first), or undo the step with `migrate down --to {}`",
            self.version,
            self.version.saturating_sub(1)
        )
    }
}
