//! The command line.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    frontdesk::commands::run(frontdesk::commands::Cli::parse())
}
