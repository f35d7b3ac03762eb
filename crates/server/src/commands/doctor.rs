//! `frontdesk doctor`: looks at the configured database and says, as a checklist, what is well, what is not, and what mends
//! it. Changes nothing. Exit code 1 when something is not well.
//!
//! The checks that make `frontdesk serve` refuse to start are marked; they are the same (`platform::db::examine`).

use std::process::ExitCode;

use platform::{
    db::{self, Check, Db, Finding},
    migrate::{Migrator, ReplaceableState, ReplaceableStatus, Status, StepState, StepStatus},
};

use crate::{migrations, settings::Settings};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show only what is not well.
    #[arg(long)]
    quiet: bool,
}

/// Runs the checks and prints the list.
///
/// # Errors
/// When the settings name no database.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<ExitCode> {
    let options = settings.db().map_err(anyhow::Error::msg)?;
    let mut checks = Vec::new();
    for (name, url) in [
        ("database.api_url", &options.api_url),
        ("database.worker_url", &options.worker_url),
    ] {
        checks.push(reachable(name, url).await);
    }
    if checks.iter().all(|check| check.findings.is_empty()) {
        match db::examine(&Db::new(&options)?).await {
            Ok(examined) => checks.extend(examined),
            Err(error) => checks.push(unanswered("the catalogs can be read", &error.to_string())),
        }
    }
    checks.extend(migration_checks(&settings).await?);
    Ok(report(&checks, args.quiet))
}

fn report(checks: &[Check], quiet: bool) -> ExitCode {
    let mut count = 0;
    for check in checks {
        if check.findings.is_empty() {
            if !quiet {
                println!("ok    {}", check.what);
            }
            continue;
        }
        let refuses = if check.dangerous {
            " (serve refuses to start)"
        } else {
            ""
        };
        println!("FAIL  {}{refuses}", check.what);
        for Finding { problem, fix } in &check.findings {
            count += 1;
            println!("      - {problem}\n        fix: {fix}");
        }
    }
    println!("{} checks, {count} findings", checks.len());
    if count == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn check(what: impl Into<String>, findings: Vec<Finding>) -> Check {
    Check {
        what: what.into(),
        dangerous: false,
        findings,
    }
}

fn finding(problem: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        problem: problem.into(),
        fix: fix.into(),
    }
}

fn unanswered(what: &str, error: &str) -> Check {
    let fix = "Is the server running, and is the URL right? On a database that has never been migrated, run `frontdesk \
               migrate up` first: it makes the logins. A managed server wants passwords for them: alter role frontdesk_api \
               password '…'";
    check(what, vec![finding(error, fix)])
}

/// Does the database answer at this URL, and is it itself that answers?
async fn reachable(name: &str, url: &str) -> Check {
    let what = format!("{name} leads to PostgreSQL, not to a pooler in transaction mode");
    match db::is_pooled_by_transaction(url).await {
        Ok(false) => check(what, Vec::new()),
        Ok(true) => {
            let fix = "Connect to PostgreSQL itself or to the pooler's session mode (Supabase: port 5432, not 6543). Prepared \
                       statements, LISTEN and the migration lock do not survive a change of the server process.";
            check(
                what,
                vec![finding(
                    format!("{name} leads through a pooler in transaction mode"),
                    fix,
                )],
            )
        }
        Err(error) => unanswered(&what, &error.to_string()),
    }
}

async fn migration_checks(settings: &Settings) -> anyhow::Result<Vec<Check>> {
    let url = if settings.database.url.is_empty() {
        as_service_role(&settings.database.worker_url)
    } else {
        settings.database.url.clone()
    };
    Ok(match Migrator::new(url, migrations::plan()?).status().await {
        Ok(status) => vec![steps(&status), scripts(&status)],
        Err(error) => vec![unanswered(
            "the migrations' bookkeeping can be read",
            &error.to_string(),
        )],
    })
}

/// The worker's URL, with the role that may read the bookkeeping: who runs the doctor need not have the owner's password.
fn as_service_role(url: &str) -> String {
    if !url.contains("://") {
        return format!("{url} options='-c role=service_role'");
    }
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}options=-c%20role%3Dservice_role")
}

fn steps(status: &Status) -> Check {
    let mut findings: Vec<_> = status
        .steps
        .iter()
        .filter_map(|step| step_finding(step, status))
        .collect();
    findings.extend(status.invalid_indexes.iter().map(|index| {
        finding(
            index.to_string(),
            format!(
                "Drop it and build it again: drop index concurrently frontdesk.{}",
                index.name
            ),
        )
    }));
    let what = format!("migrations are at {:04} of {:04}", status.version, status.latest);
    check(what, findings)
}

fn step_finding(step: &StepStatus, status: &Status) -> Option<Finding> {
    let name = format!("{:04}_{}", step.version, step.name);
    Some(match step.state {
        StepState::Applied => return None,
        StepState::Pending => finding(format!("step {name} is not applied"), "Run `frontdesk migrate up`."),
        StepState::Changed => finding(
            format!("step {name} was changed after it was applied"),
            "Run the program whose migrations these are, or put the change into a new step (`frontdesk migrate verify`).",
        ),
        StepState::Unknown => finding(
            format!("step {name} is not in this program"),
            "The database is newer: run the newer program, or `frontdesk migrate down` with it.",
        ),
        StepState::Running if status.lock.is_some() => finding(
            format!("step {name} is being applied at this moment"),
            "Wait until it has finished (`frontdesk migrate status` says who is at it).",
        ),
        StepState::Running | StepState::Failed => finding(
            format!(
                "step {name} is dirty: {}",
                step.error.as_deref().unwrap_or("it was interrupted")
            ),
            format!(
                "Remove the cause, then `frontdesk migrate up --retry {}`; or take it back with `frontdesk migrate down --to {}`.",
                step.version,
                step.version.saturating_sub(1)
            ),
        ),
    })
}

fn scripts(status: &Status) -> Check {
    let findings = status.replaceables.iter().filter_map(script_finding).collect();
    check("functions and policies are those of this program", findings)
}

fn script_finding(one: &ReplaceableStatus) -> Option<Finding> {
    let name = &one.name;
    Some(match one.state {
        ReplaceableState::Current | ReplaceableState::Waiting => return None,
        ReplaceableState::Outdated => finding(
            format!("replaceable/{name}.sql is another text in the database"),
            "Run `frontdesk migrate up`.",
        ),
        ReplaceableState::Missing => finding(
            format!("replaceable/{name}.sql is not applied"),
            "Run `frontdesk migrate up`.",
        ),
        ReplaceableState::Orphaned => finding(
            format!("replaceable/{name}.sql was applied, but this program has no such file"),
            "The database is newer (run the newer program), or a step should have dropped what the file made.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::as_service_role;

    #[test]
    fn the_workers_url_gets_the_role_that_may_read_the_bookkeeping() {
        for url in ["postgresql://w@/d?host=/run", "postgres://w:x@db/d", "host=/run user=w"] {
            let config: tokio_postgres::Config = as_service_role(url).parse().unwrap();
            assert_eq!(config.get_options(), Some("-c role=service_role"), "{url}");
        }
    }
}
