//! `frontdesk token`: a token for development, as the identity provider would make it.

use anyhow::{anyhow, bail};
use jiff::SignedDuration;
use platform::{auth, clock::Clock, db::Db};

use super::database;
use crate::{
    organizations::{Organization, OrganizationRef, Profile, store},
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
    let person = find_person(&db, &org, &args.user).await?;
    let token = auth::mint(&settings.auth, org.id, person.id, Clock::system().now(), args.ttl)
        .map_err(|error| anyhow!(error))?;
    if args.link {
        println!("{}/#token={token}", settings.server.public_url);
    } else {
        println!("{token}");
    }
    Ok(())
}

/// The one active person whom a command line means.
///
/// # Errors
/// A sentence that lists who fits, when nobody or several do.
pub async fn find_person(db: &Db, org: &Organization, text: &str) -> anyhow::Result<Profile> {
    let mut people = store::find_people(db, org.id, text.trim()).await?;
    match (people.pop(), people.is_empty()) {
        (Some(person), true) => Ok(person),
        (None, _) => bail!("nobody active in {} has the id, email or name {text:?}", org.name),
        (Some(last), false) => {
            people.push(last);
            let list: Vec<_> = people
                .iter()
                .map(|person| format!("{} ({}, {})", person.id, person.role, person.name))
                .collect();
            bail!("several people fit {text:?}; name one by id:\n  {}", list.join("\n  "))
        }
    }
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
