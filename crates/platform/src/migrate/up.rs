//! `migrate up`: bootstrap, the missing steps, the replaceable scripts.

use super::check::{Severity, check};
use super::error::MigrateError;
use super::event::{Event, Progress};
use super::ledger::{self, Entry, Ledger, SCHEMA};
use super::lock::Lock;
use super::plan::{Plan, Step};
use super::report::UpReport;
use super::session::{Action, Session};
use super::{Migrator, missing, replace};

/// How far to go, and whether to run a dirty step again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Up {
    /// The version to stop at; the latest when none.
    pub target: Option<u32>,
    /// The dirty step to run again. Without it a dirty step is an error.
    pub retry: Option<u32>,
}

impl Migrator {
    /// Brings the database up to the target and applies the replaceable scripts whose text has changed.
    /// Waits for another runner; when that one did the work, nothing is left to do and nothing is done.
    ///
    /// # Errors
    /// Every [`MigrateError`]. What finished before the error stays; the step that failed leaves no trace, or is dirty
    /// if it runs outside a transaction.
    pub async fn up(&self, up: Up, progress: Progress<'_>) -> Result<UpReport, MigrateError> {
        let errors: Vec<_> = check(&self.plan)
            .findings
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        if !errors.is_empty() {
            return Err(MigrateError::Unsound(errors));
        }
        let lock = Lock::take(&self.url, "up", &self.options, progress).await?;
        let result = self.up_locked(up, &lock, progress).await;
        lock.release().await;
        result.map_err(|error| missing::advised(&self.plan, error))
    }

    async fn up_locked(&self, up: Up, lock: &Lock, progress: Progress<'_>) -> Result<UpReport, MigrateError> {
        let session = Session::open(&self.url, "up", &self.options).await?;
        self.bootstrap(&session, progress).await?;
        let ledger = Ledger::read(&session.client).await?;
        if !ledger.exists {
            return Err(MigrateError::NoBookkeeping);
        }
        ledger.refuse_unknown(&self.plan)?;
        if let Some(changed) = ledger.changed(&self.plan).into_iter().next() {
            return Err(changed);
        }
        let (from, target) = (ledger.version(), up_target(&self.plan, &ledger, up.target)?);
        let retried = refuse_dirty(&session, &ledger, up.retry).await?;
        let mut applied = Vec::new();
        for step in self
            .plan
            .steps
            .iter()
            .filter(|step| step.version > from && step.version <= target)
        {
            lock.still_held().await?;
            let again = retried == Some(step.version);
            apply_step(&session, lock, step, again, progress).await?;
            applied.push(step.folder());
        }
        lock.still_held().await?;
        // Read again: a step may have deleted the row of a replaceable script whose objects it had to drop.
        let ledger = Ledger::read(&session.client).await?;
        let replaced = replace::apply(&session, &self.plan, &ledger, target, progress).await?;
        Ok(UpReport {
            from,
            to: target,
            applied,
            replaced,
        })
    }

    pub(super) async fn bootstrap(&self, session: &Session<'_>, progress: Progress<'_>) -> Result<(), MigrateError> {
        let run = [Action::Define(&self.plan.bootstrap.apply)];
        session
            .transact(&run, MigrateError::is_passing_in_bootstrap, progress)
            .await?;
        progress(Event::Bootstrapped);
        Ok(())
    }
}

/// The version to end at.
pub(super) fn up_target(plan: &Plan, ledger: &Ledger, target: Option<u32>) -> Result<u32, MigrateError> {
    let (version, latest) = (ledger.highest(), plan.latest());
    let target = target.unwrap_or(latest);
    let problem = if target > latest {
        format!("the last step is {latest:04}")
    } else if target < version {
        format!("the database is at {version:04}; use `migrate down --to {target}`")
    } else {
        return Ok(target);
    };
    Err(MigrateError::Target {
        direction: "up",
        target,
        problem,
    })
}

/// Gives the dirty step that is to run again. Any other dirty step is an error, and so is a retry without one.
async fn refuse_dirty(session: &Session<'_>, ledger: &Ledger, retry: Option<u32>) -> Result<Option<u32>, MigrateError> {
    match (ledger.dirty(), retry) {
        (Some(row), retry) if retry != Some(row.version) => Err(Ledger::dirty_error(
            row,
            ledger::invalid_indexes(&session.client).await?,
        )),
        (None, Some(version)) => Err(MigrateError::NotDirty(version)),
        (_, retry) => Ok(retry),
    }
}

async fn apply_step(
    session: &Session<'_>,
    lock: &Lock,
    step: &Step,
    again: bool,
    progress: Progress<'_>,
) -> Result<(), MigrateError> {
    progress(Event::Applying { step: step.folder() });
    if again {
        drop_leftovers(session, step, progress).await?;
    }
    if step.up.no_transaction() {
        session
            .record(if again {
                Entry::RunningAgain(step)
            } else {
                Entry::Running(step)
            })
            .await?;
        let result = up_outside(session, step, progress).await;
        note_failure(session, lock, step, &result).await;
        result?;
    } else {
        let record = if again {
            Entry::Finished(step)
        } else {
            Entry::Applied(step)
        };
        let actions = [
            Action::Run(&step.up),
            Action::Verify(&step.verify),
            Action::Record(record),
        ];
        session.transact(&actions, MigrateError::is_passing, progress).await?;
    }
    progress(Event::Applied { step: step.folder() });
    Ok(())
}

async fn up_outside(session: &Session<'_>, step: &Step, progress: Progress<'_>) -> Result<(), MigrateError> {
    session.run_outside(&step.up).await?;
    refuse_leftovers(session, step).await?;
    let finish = [Action::Verify(&step.verify), Action::Record(Entry::Finished(step))];
    session.transact(&finish, MigrateError::is_passing, progress).await
}

/// `create index concurrently if not exists` is content with an index that an earlier attempt left unfinished.
async fn refuse_leftovers(session: &Session<'_>, step: &Step) -> Result<(), MigrateError> {
    let invalid = ledger::invalid_indexes(&session.client).await?;
    match invalid.into_iter().find(|index| names(step, &index.name)) {
        Some(index) => Err(MigrateError::Source {
            path: step.up.path.clone(),
            problem: format!("has run, but {index}: it is left from an earlier attempt"),
        }),
        None => Ok(()),
    }
}

/// Writes the error of a step outside a transaction into its row, by the lock's connection if the other one is gone.
/// If that fails too, the row stays `running`, which is dirty as well.
pub(super) async fn note_failure(session: &Session<'_>, lock: &Lock, step: &Step, result: &Result<(), MigrateError>) {
    let Err(error) = result else { return };
    let error = error.to_string();
    let entry = Entry::Failed(step, &error);
    if session.record(entry).await.is_ok() {
        return;
    }
    if let Err(error) = ledger::write(lock.client(), entry).await {
        tracing::debug!(%error, step = step.version, "the failure of a step could not be recorded");
    }
}

/// Drops the unfinished indexes that the step names, so that it can build them anew.
async fn drop_leftovers(session: &Session<'_>, step: &Step, progress: Progress<'_>) -> Result<(), MigrateError> {
    for index in ledger::invalid_indexes(&session.client).await? {
        if !names(step, &index.name) {
            continue;
        }
        if let Some(pid) = index.building {
            return Err(MigrateError::StillBuilding { index: index.name, pid });
        }
        let name = index.name.replace('"', "\"\"");
        session
            .command(&format!("drop index concurrently if exists {SCHEMA}.\"{name}\""))
            .await?;
        progress(Event::DroppedIndex { name: index.name });
    }
    Ok(())
}

fn names(step: &Step, index: &str) -> bool {
    step.up
        .statements()
        .iter()
        .any(|statement| statement.tokens.iter().any(|token| token == index))
}
