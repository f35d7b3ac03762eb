//! The commands of the binary: each reads its arguments, calls the slices, and prints for people.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "commands talk to a terminal")]

mod bench;
mod config;
mod database;
mod delivery;
mod doctor;
mod identity;
mod import;
mod key;
mod migrate;
mod openapi;
mod org;
mod serve;
mod state_dir;
mod token;
mod up;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::settings::Settings;

/// The front desk of a multi-tenant application: notifications, sessions, directory, audit, on PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version)]
pub struct Cli {
    /// Configuration file; ./frontdesk.toml by default if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything on an embedded default: private PostgreSQL, demo data, API, realtime, workers, console.
    Up(up::Args),
    /// Serve API, realtime and console, and work, on the configured database.
    Serve(serve::Args),
    /// Plan, apply, undo and check migrations.
    Migrate(migrate::Args),
    /// Import people and classes from files.
    Import(import::Args),
    /// Make and list organizations.
    Org(org::Args),
    /// Mint a token for development.
    Token(token::Args),
    /// Say which ids of an identity provider are whom here.
    Identity(identity::Args),
    /// Make and revoke service keys.
    Key(key::Args),
    /// Look at deliveries that were given up, and take them up again.
    Delivery(delivery::Args),
    /// Look at the database: is it safe to serve from, and complete? Says what mends it.
    Doctor(doctor::Args),
    /// Check or show the configuration.
    Config(config::Args),
    /// Print the OpenAPI document.
    Openapi,
    /// Measure what Frontdesk costs on this machine.
    Bench(bench::Args),
}

/// Runs a command; errors go to standard error, with their causes.
pub fn run(cli: Cli) -> ExitCode {
    // Everything that speaks TLS uses this; a second call in one process changes nothing.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(dispatch(cli)).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    });
    runtime.shutdown_background();
    code
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = cli.config.as_deref();
    match cli.command {
        Command::Up(args) => up::run(args, config).await?,
        Command::Serve(args) => serve::run(args, database::settings(config)?).await?,
        Command::Migrate(args) => return migrate::run(args, config).await,
        Command::Import(args) => return import::run(args, database::settings(config)?).await,
        Command::Org(args) => org::run(args, database::settings(config)?).await?,
        Command::Token(args) => token::run(args, database::settings(config)?).await?,
        Command::Identity(args) => identity::run(args, database::settings(config)?).await?,
        Command::Key(args) => key::run(args, database::settings(config)?).await?,
        Command::Delivery(args) => delivery::run(args, database::settings(config)?).await?,
        Command::Doctor(args) => return doctor::run(args, database::settings(config)?).await,
        Command::Config(args) => config::run(&args, Settings::load(config)?)?,
        Command::Openapi => openapi::run(),
        Command::Bench(args) => Box::pin(bench::run(args, config)).await?,
    }
    Ok(ExitCode::SUCCESS)
}
