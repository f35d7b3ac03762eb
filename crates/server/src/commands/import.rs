//! `frontdesk import`: a directory from files. Reads arguments, shows how far it is, prints the report; the work is in
//! [`crate::directory::import`].
//!
//! Exit code 0: everything was imported. 2: some rows were wrong, the rest was imported. 1: nothing was imported.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use platform::clock::Clock;

use super::database;
use crate::{
    directory::import::{self, Options, Progress, Report},
    organizations::{OrganizationRef, store},
    settings::Settings,
};

/// Issues that are listed of each file; --json lists all.
const LISTED: usize = 50;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// Schools, teachers, students, their contacts, classes and enrollments in Clever's CSV format. Importing again updates.
    Clever {
        /// The folder with schools.csv, teachers.csv, students.csv, sections.csv and enrollments.csv.
        dir: PathBuf,
        /// The organization: its name, slug or id.
        #[arg(long)]
        org: OrganizationRef,
        /// Report what would happen, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Deactivate and remove also when more than a fifth of a kind is missing from the files.
        #[arg(long)]
        allow_removals: bool,
        /// Print the report as JSON, with every wrong row.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// When nothing was imported.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<ExitCode> {
    let Format::Clever {
        dir,
        org,
        dry_run,
        allow_removals,
        json,
    } = args.format;
    let db = database::open(&settings).await?;
    let org = store::find(&db, &org).await?;
    let zone = TimeZone::get(&org.timezone).with_context(|| format!("the time zone of {}", org.name))?;
    let options = Options {
        dry_run,
        allow_removals,
        keep_issues: if json { usize::MAX } else { LISTED },
        today: Clock::system().now().to_zoned(zone).date(),
    };
    let report = import_clever(&db, org.id, &dir, options).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&report, &org.name);
    }
    Ok(if report.is_complete() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    })
}

async fn import_clever(
    db: &platform::db::Db,
    org_id: uuid::Uuid,
    dir: &Path,
    options: Options,
) -> anyhow::Result<Report> {
    let bar = Bar::new();
    let result = import::clever(db, org_id, dir, options, &bar).await;
    bar.bar.finish_and_clear();
    Ok(result?)
}

fn print(report: &Report, organization: &str) {
    for issue in &report.issues {
        eprintln!("{issue}");
    }
    for (file, summary) in &report.files {
        let listed = report.issues.iter().filter(|issue| issue.file == *file).count() as u64;
        let more = summary.wrong + summary.warnings - listed;
        if more > 0 {
            eprintln!("{file}: {more} more; --json lists all");
        }
    }
    print!("{report}");
    if report.dry_run {
        println!("Dry run: this is what an import into {organization} would do. Nothing was changed.");
    } else {
        println!("Imported into {organization}.");
    }
}

/// A progress bar on standard error; hidden when that is no terminal.
struct Bar {
    bar: ProgressBar,
}

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:16} {bar:30} {bytes}/{total_bytes} {elapsed}") {
            bar.set_style(style);
        }
        Self { bar }
    }
}

impl Progress for Bar {
    fn file(&self, name: &'static str, bytes: u64) {
        self.bar.set_length(bytes);
        self.bar.set_position(0);
        self.bar.set_message(name);
    }

    fn read(&self, bytes: u64) {
        self.bar.set_position(bytes);
    }

    fn waiting(&self) {
        self.bar
            .suspend(|| eprintln!("Another import into this organization is running; waiting until it is done."));
    }
}
