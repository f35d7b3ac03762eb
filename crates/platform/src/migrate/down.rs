//! `migrate down`: the replaceable scripts' drop statements, the down scripts, and what can be applied again after them.

use super::error::MigrateError;
use super::event::{Event, Progress};
use super::ledger::{self, Entry, Ledger, SCHEMA};
use super::lock::Lock;
use super::plan::Step;
use super::report::DownReport;
use super::script::Script;
use super::session::{Action, Session};
use super::up::note_failure;
use super::{Migrator, missing, replace};

/// How far to go back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Down {
    /// The version to end at; 0 leaves the bookkeeping tables and nothing else of ours in the schema.
    pub target: u32,
    /// Also removes the schema with its bookkeeping tables. Only with target 0. Roles stay: other databases of the
    /// cluster may use them.
    pub purge: bool,
}

impl Migrator {
    /// Takes the database back to the target. A dirty step above it is undone like the others: a down script outside a
    /// transaction must therefore use `if exists`.
    ///
    /// # Errors
    /// Every [`MigrateError`]. What finished before the error stays undone; running it again goes on from there.
    pub async fn down(&self, down: Down, progress: Progress<'_>) -> Result<DownReport, MigrateError> {
        if down.purge && down.target != 0 {
            let problem = "the schema can only be removed on the way to 0".to_owned();
            return Err(MigrateError::Target {
                direction: "down",
                target: down.target,
                problem,
            });
        }
        let lock = Lock::take(&self.url, "down", &self.options, progress).await?;
        let result = self.down_locked(down, &lock, progress).await;
        lock.release().await;
        result.map_err(|error| missing::advised(&self.plan, error))
    }

    async fn down_locked(&self, down: Down, lock: &Lock, progress: Progress<'_>) -> Result<DownReport, MigrateError> {
        let session = Session::open(&self.url, "down", &self.options).await?;
        let ledger = Ledger::read(&session.client).await?;
        ledger.refuse_unknown(&self.plan)?;
        let (from, target) = (ledger.highest(), down.target);
        if target > from {
            let problem = format!("the database is at {from:04}; use `migrate up {target}`");
            return Err(MigrateError::Target {
                direction: "down",
                target,
                problem,
            });
        }
        let mut report = DownReport {
            from,
            to: target,
            ..DownReport::default()
        };
        if !ledger.exists {
            return Ok(report);
        }
        if let Some(row) = ledger.dirty().filter(|row| row.version <= target) {
            return Err(Ledger::dirty_error(
                row,
                ledger::invalid_indexes(&session.client).await?,
            ));
        }
        if target < from || down.purge {
            report.dropped = replace::drop_all(&session, &self.plan, &ledger, progress).await?;
        }
        for step in self
            .plan
            .steps
            .iter()
            .rev()
            .filter(|step| step.version > target && step.version <= from)
        {
            lock.still_held().await?;
            undo_step(&session, lock, step, progress).await?;
            report.undone.push(step.folder());
        }
        lock.still_held().await?;
        if down.purge {
            self.purge(&session, progress).await?;
            report.purged = true;
        } else {
            let ledger = Ledger::read(&session.client).await?;
            report.replaced = replace::apply(&session, &self.plan, &ledger, target, progress).await?;
        }
        Ok(report)
    }

    /// Without `cascade`: what somebody else put into the schema is named in the error, not lost.
    async fn purge(&self, session: &Session<'_>, progress: Progress<'_>) -> Result<(), MigrateError> {
        let tables = format!(
            "drop table {SCHEMA}.schema_replaceables, {SCHEMA}.schema_migrations;\ndrop schema {SCHEMA} restrict;\n"
        );
        let rest = Script::new("removal of the schema", &tables);
        let actions = [Action::Define(&self.plan.bootstrap.drop), Action::Define(&rest)];
        session.transact(&actions, MigrateError::is_passing, progress).await?;
        progress(Event::Purged);
        Ok(())
    }
}

async fn undo_step(
    session: &Session<'_>,
    lock: &Lock,
    step: &Step,
    progress: Progress<'_>,
) -> Result<(), MigrateError> {
    progress(Event::Undoing { step: step.folder() });
    if step.down.no_transaction() {
        session.record(Entry::RunningAgain(step)).await?;
        let result = session.run_outside(&step.down).await;
        note_failure(session, lock, step, &result).await;
        result?;
        session.record(Entry::Undone(step)).await?;
    } else {
        let actions = [Action::Run(&step.down), Action::Record(Entry::Undone(step))];
        session.transact(&actions, MigrateError::is_passing, progress).await?;
    }
    progress(Event::Undone { step: step.folder() });
    Ok(())
}
