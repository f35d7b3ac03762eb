//! Replaceable scripts: applied when their text is not the one in the database, after the steps and apart from them.
//!
//! All of them go in one short transaction: policies and triggers take strong locks on their tables, so they are held
//! together, briefly, or not at all.

use super::error::MigrateError;
use super::event::{Event, Progress};
use super::ledger::{Entry, Ledger};
use super::plan::Plan;
use super::session::{Action, Session};

/// Applies what is outdated at `version`; gives their names.
pub(super) async fn apply(
    session: &Session<'_>,
    plan: &Plan,
    ledger: &Ledger,
    version: u32,
    progress: Progress<'_>,
) -> Result<Vec<String>, MigrateError> {
    let outdated = ledger.outdated(plan, version);
    if outdated.is_empty() {
        return Ok(Vec::new());
    }
    let actions: Vec<_> = outdated
        .iter()
        .flat_map(|one| [Action::Define(&one.apply), Action::Record(Entry::Replaced(one))])
        .collect();
    session.transact(&actions, MigrateError::is_passing, progress).await?;
    let names: Vec<_> = outdated.iter().map(|one| one.name.clone()).collect();
    names
        .iter()
        .for_each(|name| progress(Event::Replaced { name: name.clone() }));
    Ok(names)
}

/// Runs the drop statements of everything that is applied, last first, and forgets it. Rows without a file are only
/// forgotten.
pub(super) async fn drop_all(
    session: &Session<'_>,
    plan: &Plan,
    ledger: &Ledger,
    progress: Progress<'_>,
) -> Result<Vec<String>, MigrateError> {
    let applied: Vec<_> = plan
        .replaceable
        .iter()
        .rev()
        .filter(|one| ledger.replaceables.contains_key(&one.name))
        .collect();
    let mut actions: Vec<_> = applied.iter().map(|one| Action::Define(&one.drop)).collect();
    actions.extend(
        ledger
            .replaceables
            .keys()
            .map(|name| Action::Record(Entry::Dropped(name))),
    );
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    session.transact(&actions, MigrateError::is_passing, progress).await?;
    let names: Vec<_> = applied.iter().map(|one| one.name.clone()).collect();
    names
        .iter()
        .for_each(|name| progress(Event::Dropped { name: name.clone() }));
    Ok(names)
}
