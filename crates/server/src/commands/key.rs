//! `frontdesk key`: service keys of an organization's own servers.

use anyhow::{Context, bail};
use clap::Subcommand;
use platform::auth::ServiceKey;
use uuid::Uuid;

use super::database;
use crate::{
    organizations::{OrganizationRef, store},
    settings::Settings,
};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key and print it: this once.
    Create {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
        /// What it is for, for people.
        #[arg(long)]
        name: String,
    },
    /// Make a key pair for Web Push and print it as settings.
    Vapid,
    /// End a key.
    Revoke {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
        /// The key's id, as printed when it was made.
        id: Uuid,
    },
}

/// Runs the command.
///
/// # Errors
/// When the organization or key is not there.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<()> {
    if matches!(args.command, Command::Vapid) {
        let (private, public) = crate::delivery::generate_vapid_key().context("no random numbers are to be had")?;
        println!("[push]\nvapid_private_key = \"{private}\"\nvapid_public_key = \"{public}\"");
        println!("vapid_subject = \"mailto:…\" # where push services can reach you");
        return Ok(());
    }
    let db = database::open(&settings).await?;
    match args.command {
        Command::Vapid => {}
        Command::Create { org, name } => {
            let name = name.trim();
            if name.is_empty() || name.chars().count() > 100 {
                bail!("--name must have 1 to 100 characters");
            }
            let org = store::find(&db, &org).await?;
            let key = ServiceKey::generate(org.id);
            let tx = db.system("create service key").await?;
            store::add_service_key(&tx, &key, name).await?;
            tx.commit().await?;
            eprintln!(
                "Key {} of {}. It is shown this once; only its hash is kept:",
                key.key_id, org.name
            );
            println!("{}", key.reveal());
        }
        Command::Revoke { org, id } => {
            let org = store::find(&db, &org).await?;
            let tx = db.system("revoke service key").await?;
            let ended = store::revoke_service_key(&tx, org.id, id).await?;
            tx.commit().await?;
            if !ended {
                bail!("{} has no live key {id}", org.name);
            }
            println!("Key {id} no longer counts.");
        }
    }
    Ok(())
}
