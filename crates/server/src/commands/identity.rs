//! `frontdesk identity`: which ids of an identity provider are whom here.

use anyhow::bail;
use clap::Subcommand;

use super::{database, token::find_person};
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
    /// An organization of the provider's is this one.
    Org {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
        /// `iss` of the provider's tokens.
        #[arg(long)]
        issuer: String,
        /// What the provider calls it.
        #[arg(long)]
        external_id: String,
    },
    /// A person of the provider's is this one.
    Person {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
        /// The person: email, name or id.
        #[arg(long)]
        user: String,
        /// `iss` of the provider's tokens.
        #[arg(long)]
        issuer: String,
        /// What the provider calls them (`sub`).
        #[arg(long)]
        external_id: String,
    },
}

/// Runs the command.
///
/// # Errors
/// When nobody fits, or the id is taken by another.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<()> {
    let db = database::open(&settings).await?;
    let (org, person, issuer, external_id) = match args.command {
        Command::Org {
            org,
            issuer,
            external_id,
        } => (store::find(&db, &org).await?, None, issuer, external_id),
        Command::Person {
            org,
            user,
            issuer,
            external_id,
        } => {
            let org = store::find(&db, &org).await?;
            let person = find_person(&db, &org, &user).await?;
            (org, Some(person), issuer, external_id)
        }
    };
    let tx = db.system("map identity").await?;
    let profile_id = person.as_ref().map(|person| person.id);
    let mapped = store::map_identity(&tx, org.id, profile_id, &issuer, &external_id).await?;
    tx.commit().await?;
    if !mapped {
        bail!("{external_id:?} of {issuer} is somebody else already");
    }
    let whom = person.map_or_else(|| org.name.clone(), |person| format!("{} ({})", person.name, org.name));
    println!("{external_id} of {issuer} is {whom}.");
    Ok(())
}
