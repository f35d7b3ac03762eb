//! `migrate plan`, `status` and `verify`: they look and change nothing, and take no lock.

use super::error::MigrateError;
use super::event::{Event, Progress};
use super::ledger::{self, Ledger, SCHEMA, State};
use super::lock;
use super::plan::{Replaceable, Step};
use super::report::{
    Direction, Preview, PreviewedStep, ReplaceableState, ReplaceableStatus, Status, StepState, StepStatus, VerifyReport,
};
use super::session::{Action, Session};
use super::up::up_target;
use super::{Migrator, missing};

impl Migrator {
    /// What `up` to the target (the latest when none) would run; what `down` would run when the target lies below the
    /// database's version. Works on a database that has never been migrated.
    ///
    /// # Errors
    /// No connection, or a target that does not exist. Reasons why it would not run are obstacles in the answer.
    pub async fn plan(&self, target: Option<u32>) -> Result<Preview, MigrateError> {
        let session = Session::open(&self.url, "plan", &self.options).await?;
        let ledger = Ledger::read(&session.client).await?;
        let obstacles = self
            .obstacles(&session, &ledger)
            .await?
            .iter()
            .map(ToString::to_string)
            .collect();
        let from = ledger.highest();
        match target.filter(|target| *target < from) {
            Some(to) => Ok(self.preview_down(&ledger, from, to, obstacles)),
            None => {
                // With a newer database there is no target, and the obstacles say so.
                let to = if from > self.plan.latest() {
                    from
                } else {
                    up_target(&self.plan, &ledger, target)?
                };
                Ok(self.preview_up(&ledger, to, obstacles))
            }
        }
    }

    fn preview_up(&self, ledger: &Ledger, to: u32, obstacles: Vec<String>) -> Preview {
        let from = ledger.version();
        let steps = self
            .plan
            .steps
            .iter()
            .filter(|step| step.version > from && step.version <= to);
        Preview {
            direction: Direction::Up,
            from,
            to,
            steps: steps.map(|step| previewed(&step.up)).collect(),
            drops: Vec::new(),
            replaceables: ledger
                .outdated(&self.plan, to)
                .into_iter()
                .map(|one| one.name.clone())
                .collect(),
            obstacles,
        }
    }

    fn preview_down(&self, ledger: &Ledger, from: u32, to: u32, obstacles: Vec<String>) -> Preview {
        let steps = self
            .plan
            .steps
            .iter()
            .rev()
            .filter(|step| step.version > to && step.version <= from);
        let all = self.plan.replaceable.iter();
        let drops = all
            .clone()
            .rev()
            .filter(|one| ledger.replaceables.contains_key(&one.name));
        Preview {
            direction: Direction::Down,
            from,
            to,
            steps: steps.map(|step| previewed(&step.down)).collect(),
            drops: drops.map(|one| one.name.clone()).collect(),
            replaceables: all.filter(|one| one.needs <= to).map(|one| one.name.clone()).collect(),
            obstacles,
        }
    }

    async fn obstacles(&self, session: &Session<'_>, ledger: &Ledger) -> Result<Vec<MigrateError>, MigrateError> {
        let mut obstacles: Vec<_> = ledger.refuse_unknown(&self.plan).err().into_iter().collect();
        obstacles.extend(ledger.changed(&self.plan));
        if let Some(row) = ledger.dirty() {
            obstacles.push(Ledger::dirty_error(
                row,
                ledger::invalid_indexes(&session.client).await?,
            ));
        }
        Ok(obstacles)
    }

    /// How every step and replaceable script stands, and who is migrating at this moment.
    ///
    /// # Errors
    /// No connection, or no right to read the bookkeeping tables.
    pub async fn status(&self) -> Result<Status, MigrateError> {
        let session = Session::open(&self.url, "status", &self.options).await?;
        let ledger = Ledger::read(&session.client).await?;
        let mut steps: Vec<_> = self.plan.steps.iter().map(|step| step_status(&ledger, step)).collect();
        steps.extend(
            ledger
                .rows
                .values()
                .filter(|row| self.plan.step(row.version).is_none())
                .map(|row| StepStatus {
                    version: row.version,
                    name: row.name.clone(),
                    state: StepState::Unknown,
                    finished_at: row.finished_at,
                    error: row.error.clone(),
                }),
        );
        Ok(Status {
            version: ledger.version(),
            latest: self.plan.latest(),
            steps,
            replaceables: self.replaceables(&ledger),
            invalid_indexes: ledger::invalid_indexes(&session.client).await?,
            lock: lock::holder(&session.client).await?,
        })
    }

    fn replaceables(&self, ledger: &Ledger) -> Vec<ReplaceableStatus> {
        let state = |one: &Replaceable| match ledger.replaceables.get(&one.name) {
            Some(row) if row.checksum == one.checksum() => ReplaceableState::Current,
            Some(_) => ReplaceableState::Outdated,
            None if one.needs <= ledger.version() => ReplaceableState::Missing,
            None => ReplaceableState::Waiting,
        };
        let status = |name: &str, state| ReplaceableStatus {
            name: name.to_owned(),
            state,
            applied_at: ledger.replaceables.get(name).map(|row| row.applied_at),
        };
        let has_file = |name: &String| self.plan.replaceable.iter().any(|one| one.name == *name);
        let orphans = ledger.replaceables.keys().filter(|name| !has_file(name));
        let files = self.plan.replaceable.iter().map(|one| status(&one.name, state(one)));
        files
            .chain(orphans.map(|name| status(name, ReplaceableState::Orphaned)))
            .collect()
    }

    /// Runs the verify script of every applied step again (and undoes what it wrote), and compares the bookkeeping with
    /// the files. Finds everything that is wrong, not only the first thing.
    ///
    /// # Errors
    /// No connection, or no right to read the bookkeeping tables.
    pub async fn verify(&self, progress: Progress<'_>) -> Result<VerifyReport, MigrateError> {
        let session = Session::open(&self.url, "verify", &self.options).await?;
        let ledger = Ledger::read(&session.client).await?;
        let version = ledger.version();
        let mut report = VerifyReport::default();
        for step in self.plan.steps.iter().filter(|step| step.version <= version) {
            if step.verify_until().is_some_and(|until| until <= version) {
                report.outlived.push(step.folder());
                continue;
            }
            match session
                .transact(&[Action::Verify(&step.verify)], MigrateError::is_passing, progress)
                .await
            {
                Ok(()) => {
                    progress(Event::Verified { step: step.folder() });
                    report.verified.push(step.folder());
                }
                Err(error @ MigrateError::Script(_)) => {
                    report.problems.push(missing::advised(&self.plan, error).to_string());
                }
                Err(error) => return Err(error),
            }
        }
        let obstacles = self.obstacles(&session, &ledger).await?;
        report.problems.extend(obstacles.iter().map(ToString::to_string));
        report
            .problems
            .extend(self.replaceables(&ledger).iter().filter_map(replaceable_problem));
        if ledger.dirty().is_none() {
            let invalid = ledger::invalid_indexes(&session.client).await?;
            report.problems.extend(
                invalid
                    .iter()
                    .map(|index| format!("migrations: {index}; drop or rebuild it")),
            );
        }
        Ok(report)
    }
}

fn replaceable_problem(one: &ReplaceableStatus) -> Option<String> {
    let name = &one.name;
    let problem = match one.state {
        ReplaceableState::Current | ReplaceableState::Waiting => return None,
        ReplaceableState::Outdated => "is not the text that the database has; run `migrate up`".to_owned(),
        ReplaceableState::Missing => "is not applied; run `migrate up`".to_owned(),
        ReplaceableState::Orphaned => format!(
            "was applied, but the file is gone: drop what it made in a new step, with \
             `delete from {SCHEMA}.schema_replaceables where name = '{name}'`"
        ),
    };
    Some(format!("migrations: replaceable/{name}.sql {problem}"))
}

fn previewed(script: &super::Script) -> PreviewedStep {
    PreviewedStep {
        path: script.path.clone(),
        transaction: !script.no_transaction(),
    }
}

fn step_status(ledger: &Ledger, step: &Step) -> StepStatus {
    let row = ledger.rows.get(&step.version);
    let state = match row.map(|row| (row.state, row.checksum == step.up.checksum())) {
        None => StepState::Pending,
        Some((State::Running, _)) => StepState::Running,
        Some((State::Failed, _)) => StepState::Failed,
        Some((State::Applied, true)) => StepState::Applied,
        Some((State::Applied, false)) => StepState::Changed,
    };
    StepStatus {
        version: step.version,
        name: step.name.clone(),
        state,
        finished_at: row.and_then(|row| row.finished_at),
        error: row.and_then(|row| row.error.clone()),
    }
}
