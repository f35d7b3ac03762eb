//! What to do when a script does not find what it needs: which file of the plan makes the missing thing, and what may have
//! become of it. Called where an error of a script leaves the runner; it only looks at the plan and at the server's message.

use super::error::{MigrateError, ScriptFailure};
use super::ledger::SCHEMA;
use super::plan::{Plan, Replaceable, Step};
use super::script::Script;

/// The same error, with advice if the plan knows any.
pub(super) fn advised(plan: &Plan, error: MigrateError) -> MigrateError {
    match error {
        MigrateError::Script(mut failure) => {
            failure.advice = advice(plan, &failure);
            MigrateError::Script(failure)
        }
        other => other,
    }
}

/// Which script failed.
#[derive(Clone, Copy)]
enum Place<'p> {
    Up(&'p Step),
    Down,
    Verify(&'p Step),
    Replaceable(&'p Replaceable),
    Bootstrap,
}

/// What makes the missing thing.
#[derive(Clone, Copy)]
enum Maker<'p> {
    Step(&'p Step, usize),
    Replaceable(&'p Replaceable),
}

fn advice(plan: &Plan, failure: &ScriptFailure) -> Option<String> {
    let place = place(plan, &failure.path);
    let name = named(&failure.message)?;
    match (failure.sqlstate.as_deref()?, place) {
        ("42P07", Place::Up(step)) => Some(already_there(step, &name)),
        ("42704", _) if failure.message.starts_with("role ") => Some(missing_role(plan, place, &name)),
        ("42P01" | "42883" | "42704" | "42809", _) => maker(plan, &name)
            .map(|maker| missing(place, maker, &name))
            .or_else(|| unknown(&failure.message, &name)),
        ("P0004", Place::Verify(step)) => Some(not_as_promised(step)),
        _ => None,
    }
}

/// The first name in the server's message: in quotes, or before the parenthesis of a function's arguments.
fn named(message: &str) -> Option<String> {
    let quoted = message.split('"').nth(1);
    let called = || {
        message
            .split(['(', ' '])
            .find(|word| word.starts_with(&format!("{SCHEMA}.")))
    };
    let name = quoted.or_else(called).unwrap_or(message);
    let name = name
        .strip_prefix(SCHEMA)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(name);
    (!name.is_empty()).then(|| name.to_owned())
}

fn place<'p>(plan: &'p Plan, path: &str) -> Place<'p> {
    if let Some(one) = plan.replaceable.iter().find(|one| one.apply.path == path) {
        return Place::Replaceable(one);
    }
    for step in &plan.steps {
        if step.up.path == path {
            return Place::Up(step);
        }
        if step.verify.path == path {
            return Place::Verify(step);
        }
        if step.down.path == path {
            return Place::Down;
        }
    }
    Place::Bootstrap
}

fn maker<'p>(plan: &'p Plan, name: &str) -> Option<Maker<'p>> {
    let step = plan
        .steps
        .iter()
        .find_map(|step| Some(Maker::Step(step, makes(&step.up, name)?)));
    step.or_else(|| {
        let one = plan.replaceable.iter().find(|one| makes(&one.apply, name).is_some());
        one.map(Maker::Replaceable)
    })
}

/// The line of the statement that creates this object of our schema.
fn makes(script: &Script, name: &str) -> Option<usize> {
    let made = script.statements().into_iter().find(|statement| {
        let tokens = &statement.tokens;
        let first = tokens.windows(3).find(|words| words[0] == SCHEMA && words[1] == ".");
        tokens.first().is_some_and(|word| word == "create") && first.is_some_and(|words| words[2] == name)
    });
    made.map(|statement| script.first_line - 1 + statement.line)
}

fn missing(place: Place<'_>, maker: Maker<'_>, name: &str) -> String {
    match (maker, place) {
        (Maker::Step(made_by, _), Place::Up(step) | Place::Verify(step)) if made_by.version > step.version => format!(
            "{SCHEMA}.{name} is made by the later step {}: move what uses it into a step after that",
            made_by.folder()
        ),
        (Maker::Step(made_by, _), Place::Replaceable(one)) if one.needs < made_by.version => format!(
            "{SCHEMA}.{name} is made by step {}, but the file says `-- needs: {:04}`: make that `-- needs: {:04}`",
            made_by.folder(),
            one.needs,
            made_by.version
        ),
        (Maker::Step(made_by, line), _) => format!(
            "{SCHEMA}.{name} is made by {}:{line}, and that step is applied: somebody has dropped it since. Restore it \
             from a backup, or run that statement again if its rows are not missed; then run this again",
            made_by.up.path
        ),
        (Maker::Replaceable(made_by), Place::Up(_) | Place::Verify(_)) => format!(
            "{SCHEMA}.{name} is made by replaceable/{}.sql, and those scripts run after the steps: a step uses only what \
             steps have made",
            made_by.name
        ),
        (Maker::Replaceable(made_by), Place::Replaceable(one)) if made_by.name > one.name => format!(
            "{SCHEMA}.{name} is made by replaceable/{}.sql, which runs after this file: give this one a higher number",
            made_by.name
        ),
        (Maker::Replaceable(made_by), _) => format!(
            "{SCHEMA}.{name} is made by replaceable/{0}.sql, and that is applied: somebody has dropped it since. Run \
             `delete from {SCHEMA}.schema_replaceables where name = '{0}'` as the owner, then `migrate up`",
            made_by.name
        ),
    }
}

fn unknown(message: &str, name: &str) -> Option<String> {
    // Only of our own schema can be said that nothing in it comes from elsewhere.
    message.contains(&format!("{SCHEMA}.")).then(|| {
        format!("no migration makes {SCHEMA}.{name}: it is misspelt, or the step that makes it is not in this program")
    })
}

fn missing_role(plan: &Plan, place: Place<'_>, name: &str) -> String {
    let ours = plan.bootstrap.apply.text.contains(&format!("'{name} "))
        || plan.bootstrap.apply.text.contains(&format!("role {name} "));
    match (ours, place) {
        (true, Place::Down | Place::Replaceable(_)) => {
            format!("bootstrap.sql makes the role {name}: run `migrate up` first, then this again")
        }
        (true, _) => format!(
            "bootstrap.sql makes the role {name} at every `migrate up`: somebody has dropped it just now; run it again"
        ),
        (false, _) => format!(
            "roles belong to the whole server and are in no dump of a database: an administrator runs `create role {name}`"
        ),
    }
}

fn already_there(step: &Step, name: &str) -> String {
    format!(
        "{name} is there, but {SCHEMA}.schema_migrations has no row that says {} was applied: the row was deleted, or the \
         schema was restored without it. Restore that table from the same backup as the schema; if {name} is a left-over \
         that nobody needs, drop it",
        step.folder()
    )
}

fn not_as_promised(step: &Step) -> String {
    format!(
        "{} made it so when it was applied; somebody has changed it since. Restore it from a backup, or do again by hand \
         what {} says",
        step.folder(),
        step.up.path
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::named;

    #[test]
    fn the_missing_things_name_is_found_in_the_servers_words() {
        for (message, name) in [
            ("relation \"frontdesk.schools\" does not exist", "schools"),
            ("table \"schools\" does not exist", "schools"),
            ("function frontdesk.org_id() does not exist", "org_id"),
            ("procedure frontdesk.guard_table(unknown) does not exist", "guard_table"),
            ("role \"anon\" does not exist", "anon"),
        ] {
            assert_eq!(named(message).unwrap(), name, "{message}");
        }
    }
}
