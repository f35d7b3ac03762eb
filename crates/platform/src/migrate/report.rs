//! What the commands answer: values for a program (`Serialize`) and for a person (`Display`).

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::ledger::InvalidIndex;
use super::lock::Holder;

/// What `up` did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UpReport {
    /// The version before.
    pub from: u32,
    /// The version now.
    pub to: u32,
    /// The steps that were run, in order.
    pub applied: Vec<String>,
    /// The replaceable scripts that were run, in order.
    pub replaced: Vec<String>,
}

impl fmt::Display for UpReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            to,
            applied,
            replaced,
        } = self;
        if applied.is_empty() && replaced.is_empty() {
            return write!(f, "at {to:04}, nothing to do");
        }
        write!(
            f,
            "{from:04} → {to:04}: {} steps, {} replaceable scripts",
            applied.len(),
            replaced.len()
        )
    }
}

/// What `down` did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DownReport {
    /// The version before.
    pub from: u32,
    /// The version now.
    pub to: u32,
    /// The replaceable scripts whose drop statements ran, in order.
    pub dropped: Vec<String>,
    /// The steps that were undone, in order.
    pub undone: Vec<String>,
    /// The replaceable scripts that were applied again, in order.
    pub replaced: Vec<String>,
    /// Whether the schema was removed.
    pub purged: bool,
}

impl fmt::Display for DownReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            from,
            to,
            undone,
            replaced,
            ..
        } = self;
        write!(
            f,
            "{from:04} → {to:04}: {} steps undone, {} replaceable scripts applied again",
            undone.len(),
            replaced.len()
        )?;
        if self.purged {
            write!(f, ", schema removed")
        } else {
            Ok(())
        }
    }
}

/// Which way a [`Preview`] goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// `migrate up`.
    Up,
    /// `migrate down`.
    Down,
}

/// One step of a [`Preview`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewedStep {
    /// The script that would run.
    pub path: String,
    /// Whether it runs inside a transaction.
    pub transaction: bool,
}

/// What `up` or `down` would do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Which of the two.
    pub direction: Direction,
    /// The version now.
    pub from: u32,
    /// The version after.
    pub to: u32,
    /// The steps, in order.
    pub steps: Vec<PreviewedStep>,
    /// The replaceable scripts whose drop statements would run first, in order.
    pub drops: Vec<String>,
    /// The replaceable scripts that would be applied last, in order.
    pub replaceables: Vec<String>,
    /// Why it would not work at all.
    pub obstacles: Vec<String>,
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for obstacle in &self.obstacles {
            writeln!(f, "would not run: {obstacle}")?;
        }
        for name in &self.drops {
            writeln!(f, "  drop   replaceable/{name}.sql")?;
        }
        for step in &self.steps {
            writeln!(
                f,
                "  run    {}{}",
                step.path,
                if step.transaction {
                    ""
                } else {
                    " (outside a transaction)"
                }
            )?;
        }
        for name in &self.replaceables {
            writeln!(f, "  apply  replaceable/{name}.sql")?;
        }
        let count = self.drops.len() + self.steps.len() + self.replaceables.len();
        write!(f, "{:04} → {:04}, {count} scripts", self.from, self.to)
    }
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not run yet.
    Pending,
    /// Done and verified.
    Applied,
    /// Applied, but its text has changed since.
    Changed,
    /// At work now, or dirty: interrupted.
    Running,
    /// Dirty: failed outside a transaction.
    Failed,
    /// In the database, but not in this program.
    Unknown,
}

/// A step in a [`Status`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepStatus {
    /// Its number.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: StepState,
    /// When it was done, or failed.
    pub finished_at: Option<Timestamp>,
    /// The error that it got.
    pub error: Option<String>,
}

/// How a replaceable script stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplaceableState {
    /// The database has this text.
    Current,
    /// The database has another text.
    Outdated,
    /// Not applied although it could be.
    Missing,
    /// Waits for the step that it needs.
    Waiting,
    /// Applied once, but there is no such file any more.
    Orphaned,
}

/// A replaceable script in a [`Status`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplaceableStatus {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: ReplaceableState,
    /// When it was applied last.
    pub applied_at: Option<Timestamp>,
}

/// How the database stands against the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The highest applied version.
    pub version: u32,
    /// The highest version that this program has.
    pub latest: u32,
    /// Every step.
    pub steps: Vec<StepStatus>,
    /// Every replaceable script.
    pub replaceables: Vec<ReplaceableStatus>,
    /// Unfinished indexes in the schema.
    pub invalid_indexes: Vec<InvalidIndex>,
    /// Who is migrating at this moment.
    pub lock: Option<Holder>,
}

impl Status {
    /// Whether everything is applied, unchanged and finished: `up` would do nothing.
    pub fn is_current(&self) -> bool {
        self.invalid_indexes.is_empty()
            && self.steps.iter().all(|step| step.state == StepState::Applied)
            && self
                .replaceables
                .iter()
                .all(|one| one.state == ReplaceableState::Current)
    }
}

/// The name that a state has in the serialised form, so that both forms use one word.
fn word(state: &impl Serialize) -> String {
    serde_json::to_string(state)
        .unwrap_or_default()
        .trim_matches('"')
        .to_owned()
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for StepStatus {
            version,
            name,
            state,
            finished_at,
            error,
        } in &self.steps
        {
            write!(f, "{version:04}_{name:<40} {:<9}", word(state))?;
            finished_at.map_or(Ok(()), |at| write!(f, " {at:.0}"))?;
            error.as_ref().map_or(Ok(()), |error| write!(f, "\n     {error}"))?;
            writeln!(f)?;
        }
        for one in &self.replaceables {
            write!(f, "{:<45} {:<9}", one.name, word(&one.state))?;
            one.applied_at.map_or(Ok(()), |at| write!(f, " {at:.0}"))?;
            writeln!(f)?;
        }
        for index in &self.invalid_indexes {
            writeln!(f, "unfinished: {index}")?;
        }
        self.lock
            .as_ref()
            .map_or(Ok(()), |holder| writeln!(f, "migrating now: {holder}"))?;
        write!(f, "at {:04} of {:04}", self.version, self.latest)
    }
}

/// What `verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// The steps whose verify script succeeded.
    pub verified: Vec<String>,
    /// The steps whose verify script says that it holds only until a step that is applied.
    pub outlived: Vec<String>,
    /// Everything that is wrong.
    pub problems: Vec<String>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        let Self {
            verified,
            outlived,
            problems,
        } = self;
        write!(
            f,
            "{} steps verified, {} outlived, {} problems",
            verified.len(),
            outlived.len(),
            problems.len()
        )
    }
}
