//! `frontdesk migrate`.

use std::{path::Path, process::ExitCode};

use clap::Subcommand;
use platform::migrate::{Down, Event, Migrator, Up, check};

use super::database;
use crate::migrations;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what `up` would do.
    Plan {
        /// Version to stop at; the latest by default.
        #[arg(long)]
        to: Option<u32>,
    },
    /// Apply what is missing.
    Up {
        /// Version to stop at; the latest by default.
        #[arg(long)]
        to: Option<u32>,
        /// Run the dirty step with this version again.
        #[arg(long)]
        retry: Option<u32>,
    },
    /// Undo steps. Their data goes.
    Down {
        /// Version to end at; 0 for nothing left.
        #[arg(long)]
        to: u32,
        /// With --to 0: remove the schema too.
        #[arg(long)]
        purge: bool,
    },
    /// Say what is applied.
    Status,
    /// Check that the database is what the applied steps promise.
    Verify,
    /// Check the migration files themselves, without a database.
    Check,
}

/// Runs the command.
///
/// # Errors
/// What stopped it, with what to do.
pub async fn run(args: Args, config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let plan = migrations::plan()?;
    if matches!(args.command, Command::Check) {
        let report = check(&plan);
        println!("{report}");
        return Ok(if report.is_sound() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let settings = database::settings(config)?;
    anyhow::ensure!(
        !settings.database.url.is_empty(),
        "database.url is not set: give the owner's URL in DATABASE_URL (or run this beside a running `frontdesk up`)"
    );
    let migrator = Migrator::new(&settings.database.url, plan);
    let mut tell = |event: Event| eprintln!("{event}");
    match args.command {
        Command::Plan { to } => println!("{}", migrator.plan(to).await?),
        Command::Up { to, retry } => println!("{}", migrator.up(Up { target: to, retry }, &mut tell).await?),
        Command::Down { to, purge } => println!("{}", migrator.down(Down { target: to, purge }, &mut tell).await?),
        Command::Status => println!("{}", migrator.status().await?),
        Command::Verify => {
            let report = migrator.verify(&mut tell).await?;
            println!("{report}");
            return Ok(if report.is_good() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Check => {}
    }
    Ok(ExitCode::SUCCESS)
}
