//! The command `devdb`: throw-away clusters for tests, and the development cluster by hand.
//!
//! Called by `make test` (`devdb with`) and by people. What always holds: results go to standard output, the one error to
//! standard error with exit code 1, and `devdb with` exits with the code of its command.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to its user")]

mod with;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use devdb::{Binaries, Cluster, DEFAULT_DIR, Options, Status};

/// A private PostgreSQL: throw-away clusters for tests, and the one that `frontdesk up` uses.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Run a command with a throw-away cluster: FRONTDESK_TEST_DATABASE_URL and FRONTDESK_TEST_PG_VERSION are set for it.
    With {
        /// Major version of PostgreSQL, such as 15 or 18; the newest that is found if not given.
        #[arg(long)]
        version: Option<u32>,
        /// A directory that does not exist yet or is empty; deleted at the end.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Print the major version of the PostgreSQL that would be used; exit code 1 when there is none.
    Find {
        /// Only this major version.
        #[arg(long)]
        version: Option<u32>,
    },
    /// Start the cluster (made if it is new) and leave it running.
    Start {
        /// Major version of PostgreSQL for a new cluster.
        #[arg(long)]
        version: Option<u32>,
        #[command(flatten)]
        place: Place,
    },
    /// Stop the cluster that `devdb start` or a killed `frontdesk up` left running.
    Stop(Place),
    /// Say whether the cluster runs and how to connect. Exit code 3 when it does not.
    Status(Place),
    /// Open psql on the running cluster.
    Psql {
        #[command(flatten)]
        place: Place,
        /// More arguments for psql.
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Stop the cluster and delete it with all its data.
    Remove(Place),
}

#[derive(Args)]
struct Place {
    /// The cluster's directory.
    #[arg(long, default_value = DEFAULT_DIR)]
    dir: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().action).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("devdb: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(action: Action) -> Result<u8> {
    match action {
        Action::With { version, dir, command } => return with::run(version, dir, &command).await,
        Action::Find { version } => println!("{}", Binaries::find(version)?.version().major),
        Action::Start { version, place } => start(version, &place.dir).await?,
        Action::Stop(place) => {
            let stopped = Cluster::stop_in(&place.dir).await?;
            println!("{}", if stopped { "stopped" } else { "was not running" });
        }
        Action::Status(place) => return status(&place.dir),
        Action::Psql { place, arguments } => psql(&place.dir, &arguments)?,
        Action::Remove(place) => {
            Cluster::remove_in(&place.dir).await?;
            println!("removed");
        }
    }
    Ok(0)
}

async fn start(version: Option<u32>, dir: &Path) -> Result<()> {
    let binaries = Binaries::find(version.or_else(|| Cluster::existing_major(dir)))?;
    let cluster = Cluster::start(dir, &binaries, Options::default()).await?;
    println!("PostgreSQL {} runs, process {}", cluster.version(), cluster.pid()?);
    println!("{}", cluster.url("postgres", "postgres"));
    cluster.leave_running();
    Ok(())
}

fn status(dir: &Path) -> Result<u8> {
    match Cluster::status(dir)? {
        Status::Absent => println!("no cluster in {}", dir.display()),
        Status::Stopped { major } => println!("PostgreSQL {major} in {}: stopped", dir.display()),
        Status::Running { major, pid, url } => {
            println!("PostgreSQL {major} in {}: running, process {pid}", dir.display());
            println!("{}", url.as_deref().unwrap_or("still starting"));
            return Ok(0);
        }
    }
    Ok(3)
}

fn psql(dir: &Path, arguments: &[String]) -> Result<()> {
    let Status::Running {
        major, url: Some(url), ..
    } = Cluster::status(dir)?
    else {
        bail!(
            "no server runs in {}; start it with `devdb start --dir {0}`",
            dir.display()
        );
    };
    let program = Binaries::find(Some(major))?.program("psql");
    let failure = Command::new(&program).arg(url).args(arguments).exec();
    Err(failure).with_context(|| format!("could not run {}", program.display()))
}
