//! The cross-tenant suite notices when a guard is gone: each policy, each part of its expression, each grant, trigger,
//! condition of the view and check inside a function is taken away in turn, and the suite must go red every time.
//!
//! All in one database: DDL is transactional in PostgreSQL, so each mutation stands in a savepoint that is rolled back.

mod mutants;

use crate::tenancy_matrix::{attempts, fixture::Fixture, functions, guards, scenes};
use mutants::Mutant;

/// Mutants that nothing can notice, because what is left means the same: (name, why).
const EQUIVALENT: &[(&str, &str)] = &[
    (
        "open_request: p.org_id = v_org",
        "row security of profiles says it too; it stands there so that the key is used",
    ),
    (
        "open_request: p.id = v_user",
        "so does it here: nobody has a role yet, and without one a person sees only their own profile",
    ),
    (
        "resolve_identity: user_id is not null",
        "without a person no profile is found, and the request is refused all the same",
    ),
    (
        "notification_preferences_update: with check (profile_id = frontdesk.user_id())",
        "a row's organization is not changed by an update: the column is granted to nobody, and a trigger refuses",
    ),
    ("touch_session: s.is_active", "only live sessions get there"),
    (
        "touch_session: s.last_active < now() - interval '1 minute'",
        "it only saves writes",
    ),
];

fn is_equivalent(mutant: &Mutant) -> bool {
    EQUIVALENT.iter().any(|(name, _)| *name == mutant.name)
}

/// Applies each mutant in turn; the names of those that nothing noticed.
async fn survivors(fixture: &Fixture, mutants: &[Mutant], noticed: impl AsyncFn(&Mutant) -> bool) -> Vec<String> {
    let mut survivors = Vec::new();
    for mutant in mutants {
        fixture.client.batch_execute("savepoint mutant").await.unwrap();
        let applied = fixture.client.batch_execute(&mutant.sql).await;
        assert!(
            applied.is_ok(),
            "the mutation {} cannot be made: {applied:?}\n{}",
            mutant.name,
            mutant.sql
        );
        let equivalent = is_equivalent(mutant);
        let noticed = noticed(mutant).await;
        assert!(
            !(equivalent && noticed),
            "{} is noticed now: take it off the list EQUIVALENT",
            mutant.name
        );
        if !noticed && !equivalent {
            survivors.push(mutant.name.clone());
        }
        fixture
            .client
            .batch_execute("rollback to savepoint mutant")
            .await
            .unwrap();
    }
    survivors
}

async fn policy_is_missed(fixture: &Fixture, mutant: &Mutant) -> bool {
    for situation in fixture.situations.iter().filter(|situation| situation.core) {
        let (wrong, _) = attempts::check(fixture, &mutant.table, &mutant.commands, std::iter::once(situation)).await;
        if !wrong.is_empty() {
            return true;
        }
    }
    !guards::check(fixture, &mutant.table).await.is_empty()
}

async fn guard_is_missed(fixture: &Fixture, mutant: &Mutant) -> bool {
    !guards::check(fixture, &mutant.table).await.is_empty() || policy_is_missed(fixture, mutant).await
}

async fn check_is_missed(fixture: &Fixture, mutant: &Mutant) -> bool {
    let function = mutant.name.split(':').next().unwrap_or_default();
    if functions::knows(function) || scenes::knows(function) {
        return !functions::check(fixture, Some(function)).await.is_empty()
            || !scenes::check(fixture, Some(function)).await.is_empty();
    }
    if !functions::check(fixture, Some("none")).await.is_empty() {
        return true;
    }
    for situation in &fixture.situations {
        let (wrong, _) = attempts::check(fixture, "profiles", &["select"], std::iter::once(situation)).await;
        if !wrong.is_empty() {
            return true;
        }
    }
    false
}

fn report(what: &str, mutants: &[Mutant], survivors: &[String]) {
    let equivalent = mutants.iter().filter(|mutant| is_equivalent(mutant)).count();
    let killed = mutants.len() - survivors.len() - equivalent;
    println!(
        "{what}: of {} mutants {killed} killed, {equivalent} mean the same",
        mutants.len()
    );
    assert!(
        survivors.is_empty(),
        "{} mutants of {what} survived: the suite did not notice\n{}",
        survivors.len(),
        survivors.join("\n")
    );
}

#[tokio::test]
async fn every_policy_and_every_part_of_it_is_missed_when_it_is_gone() {
    let fixture = Fixture::new().await;
    let mutants = mutants::policies(&fixture.client).await;
    fixture.client.batch_execute("begin").await.unwrap();
    let survivors = survivors(&fixture, &mutants, async |mutant| {
        policy_is_missed(&fixture, mutant).await
    })
    .await;
    report("policies", &mutants, &survivors);
}

#[tokio::test]
async fn every_grant_trigger_and_condition_of_a_view_is_missed_when_it_is_changed() {
    let fixture = Fixture::new().await;
    let mut mutants = mutants::tables(&fixture);
    mutants.extend(mutants::views(&fixture.client).await);
    fixture.client.batch_execute("begin").await.unwrap();
    let survivors = survivors(&fixture, &mutants, async |mutant| {
        guard_is_missed(&fixture, mutant).await
    })
    .await;
    report("tables and views", &mutants, &survivors);
}

#[tokio::test]
async fn every_check_inside_a_function_is_missed_when_it_is_gone() {
    let fixture = Fixture::new().await;
    let mutants = mutants::functions(&fixture.client).await;
    fixture.client.batch_execute("begin").await.unwrap();
    let survivors = survivors(&fixture, &mutants, async |mutant| {
        check_is_missed(&fixture, mutant).await
    })
    .await;
    report("functions", &mutants, &survivors);
}
