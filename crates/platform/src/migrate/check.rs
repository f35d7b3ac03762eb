//! `migrate check`: what can be said about the files without a database. `up` refuses a plan with errors.

use std::fmt;

use serde::Serialize;

use super::plan::{Plan, Replaceable, Step};
use super::script::Script;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot work; `up` refuses the plan.
    Error,
    /// It works today and will surprise somebody.
    Warning,
}

/// One thing that the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}:{}: {}", self.path, self.line, self.message)
    }
}

/// The outcome of [`check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Folder or file and SHA-256 of what `up` compares, in the order in which it runs.
    pub checksums: Vec<(String, String)>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    /// Whether there are no errors (warnings are allowed).
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        let errors = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
        let warnings = self.findings.len() - errors;
        write!(
            f,
            "{} scripts, {errors} errors, {warnings} warnings",
            self.checksums.len()
        )
    }
}

/// Looks at every script of the plan.
pub fn check(plan: &Plan) -> CheckReport {
    let mut findings = Findings(Vec::new());
    findings.script(&plan.bootstrap.apply, Place::Transaction);
    findings.script(&plan.bootstrap.drop, Place::Transaction);
    plan.steps.iter().for_each(|step| findings.step(step));
    plan.replaceable.iter().for_each(|one| findings.replaceable(one));
    let steps = plan.steps.iter().map(|step| (step.folder(), step.up.checksum()));
    let replaceables = plan
        .replaceable
        .iter()
        .map(|one| (one.apply.path.clone(), one.checksum()));
    CheckReport {
        checksums: steps.chain(replaceables).collect(),
        findings: findings.0,
    }
}

/// Where a script runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Transaction,
    /// The header says.
    Choice,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn step(&mut self, step: &Step) {
        for script in [&step.up, &step.down, &step.verify] {
            if script.is_empty() {
                self.add(Severity::Error, script, 1, "has no statement");
            }
        }
        self.script(&step.up, Place::Choice);
        self.script(&step.down, Place::Choice);
        self.script(&step.verify, Place::Transaction);
        if step.verify_until().is_some_and(|until| until <= step.version) {
            self.add(Severity::Error, &step.verify, 1, "`-- until:` must name a later step");
        }
    }

    fn replaceable(&mut self, one: &Replaceable) {
        if one.apply.is_empty() {
            self.add(Severity::Error, &one.apply, 1, "has no statement");
        }
        self.script(&one.apply, Place::Transaction);
        self.script(&one.drop, Place::Transaction);
        let statements = one.apply.statements();
        let stays = statements.iter().find(|statement| {
            let words = statement.words();
            let made = words
                .strip_prefix("create or replace ")
                .or(words.strip_prefix("create "))
                .unwrap_or_default();
            ["function ", "procedure ", "view ", "aggregate "]
                .iter()
                .any(|kind| made.starts_with(kind))
        });
        if let Some(statement) = stays.filter(|_| one.drop.is_empty()) {
            let advice = "what this makes stays behind on the way down; add a line `-- drop:` and the drop statements";
            self.add(Severity::Warning, &one.apply, statement.line, advice);
        }
    }

    fn script(&mut self, script: &Script, place: Place) {
        let statements = script.statements();
        let outside = script.no_transaction();
        if outside && place == Place::Transaction {
            self.add(
                Severity::Error,
                script,
                1,
                "always runs in a transaction; only up.sql and down.sql may opt out",
            );
        } else if outside && statements.len() > 1 {
            let line = statements.get(1).map_or(1, |statement| statement.line);
            let advice = "a `-- no-transaction` script has one statement; put this one into a step of its own";
            self.add(Severity::Error, script, line, advice);
        }
        for statement in &statements {
            let words = statement.words();
            if is_transaction_control(&words) {
                let advice = "the runner begins and commits; remove this statement";
                self.add(Severity::Error, script, statement.line, advice);
            }
            if builds_concurrently(&words) && !outside {
                let advice = "`concurrently` cannot run in a transaction: put it alone into a step whose script begins \
                              with `-- no-transaction`";
                self.add(Severity::Error, script, statement.line, advice);
            }
            let is_index = words.contains("index concurrently");
            if outside && is_index && !words.contains(" if not exists ") && !words.contains(" if exists ") {
                let advice = "add `if not exists` (or `if exists`), so that the step can be run again after a failure";
                self.add(Severity::Warning, script, statement.line, advice);
            }
        }
    }

    fn add(&mut self, severity: Severity, script: &Script, line: usize, message: &str) {
        let line = script.first_line - 1 + line;
        self.0.push(Finding {
            severity,
            path: script.path.clone(),
            line,
            message: message.to_owned(),
        });
    }
}

fn is_transaction_control(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or_default();
    matches!(
        first,
        "begin" | "commit" | "rollback" | "abort" | "end" | "savepoint" | "release"
    ) || ["start transaction", "prepare transaction"]
        .iter()
        .any(|start| words.starts_with(start))
}

fn builds_concurrently(words: &str) -> bool {
    let start = ["create ", "drop index ", "reindex "]
        .iter()
        .any(|start| words.starts_with(start));
    start
        && words
            .split(" ( ")
            .next()
            .unwrap_or_default()
            .split(' ')
            .any(|word| word == "concurrently")
}
