//! `frontdesk token`: a token for development, as the identity provider would make it.

use anyhow::{anyhow, bail};
use jiff::SignedDuration;
use platform::{auth, clock::Clock};

use super::database;
use crate::{
    organizations::{OrganizationRef, store},
    settings::Settings,
};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The organization: slug, name or id.
    #[arg(long)]
    org: OrganizationRef,
    /// The person: email, name or id.
    #[arg(long)]
    user: String,
    /// How long it counts, such as 12h or 30m.
    #[arg(long, default_value = "12h", value_parser = parse_duration)]
    ttl: SignedDuration,
    /// Print a sign-in link for the console instead.
    #[arg(long)]
    link: bool,
}

/// Mints and prints a token.
///
/// # Errors
/// When nobody or several people fit, or no secret is configured.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<()> {
    let db = database::open(&settings).await?;
    let org = store::find(&db, &args.org).await?;
    let people = store::find_people(&db, org.id, args.user.trim()).await?;
    let person = match people.as_slice() {
        [person] => person,
        [] => bail!(
            "nobody active in {} has the id, email or name {:?}",
            org.name,
            args.user
        ),
        several => {
            let list: Vec<_> = several
                .iter()
                .map(|person| format!("{} ({}, {})", person.id, person.role, person.name))
                .collect();
            bail!(
                "several people fit {:?}; name one by id:\n  {}",
                args.user,
                list.join("\n  ")
            )
        }
    };
    let token = auth::mint(&settings.auth, org.id, person.id, Clock::system().now(), args.ttl)
        .map_err(|error| anyhow!(error))?;
    if args.link {
        println!("{}/#token={token}", settings.server.public_url);
    } else {
        println!("{token}");
    }
    Ok(())
}

fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let duration: SignedDuration = text
        .parse()
        .map_err(|_| format!("{text:?} is no duration; write 12h, 30m or 90s"))?;
    if duration <= SignedDuration::ZERO || duration > SignedDuration::from_hours(24 * 365) {
        return Err("must be more than nothing and at most 8760h".into());
    }
    Ok(duration)
}
