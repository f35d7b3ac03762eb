//! `frontdesk config check|show`.

use clap::Subcommand;
use platform::{auth::Authenticator, clock::Clock};

use crate::settings::{DEFAULTS, Settings};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether the configuration is complete and valid.
    Check,
    /// Print the configuration in force, secrets hidden.
    Show {
        /// Print the commented defaults instead.
        #[arg(long)]
        defaults: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// What is wrong with the configuration, all of it.
pub fn run(args: &Args, settings: Settings) -> anyhow::Result<()> {
    match args.command {
        Command::Show { defaults: true } => print!("{DEFAULTS}"),
        Command::Show { defaults: false } => print!("{}", toml::to_string_pretty(&settings.without_secrets())?),
        Command::Check => {
            let mut problems = Vec::new();
            problems.extend(settings.db().err());
            problems.extend(Authenticator::new(&settings.auth, Clock::system()).err());
            problems.extend(settings.delivery.check().err());
            problems.extend(settings.email.check().err().map(|error| error.to_string()));
            if !problems.is_empty() {
                anyhow::bail!("the configuration is not complete:\n- {}", problems.join("\n- "));
            }
            println!("The configuration is complete.");
        }
    }
    Ok(())
}
