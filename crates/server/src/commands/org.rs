//! `frontdesk org`: organizations.

use anyhow::{Context, bail};
use clap::Subcommand;
use platform::ids;

use super::database;
use crate::{
    organizations::{Kind, store},
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
    /// Make an organization, with its first admin if you name one.
    Create {
        /// For people.
        name: String,
        /// For URLs and commands: lower-case letters, digits and dashes; from the name by default.
        #[arg(long)]
        slug: Option<String>,
        /// What kind it is.
        #[arg(long, value_enum, default_value = "other")]
        kind: Kind,
        /// IANA time zone.
        #[arg(long, default_value = "UTC", value_parser = check_timezone)]
        timezone: String,
        /// Mail address of its first admin.
        #[arg(long)]
        admin: Option<String>,
    },
    /// List organizations.
    List,
}

/// Runs the command.
///
/// # Errors
/// When an argument does not fit or the slug is taken.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<()> {
    let db = database::open(&settings).await?;
    match args.command {
        Command::Create {
            name,
            slug,
            kind,
            timezone,
            admin,
        } => {
            let slug = slug.unwrap_or_else(|| slug_of(&name));
            let tx = db.system("create organization").await?;
            let id = ids::new_id();
            let org = store::create(&tx, id, name.trim(), &slug, kind, &timezone)
                .await
                .with_context(|| format!("{name:?} with the slug {slug:?} is refused; name: 1–200 characters, slug: a-z, 0-9 and single dashes"))?;
            if org.id != id {
                bail!("the slug {slug:?} is taken by {}; choose another with --slug", org.name);
            }
            println!("{} {} ({})", org.id, org.slug, org.name);
            if let Some(email) = admin {
                let admin_id = store::add_admin(&tx, org.id, ids::new_id(), &email)
                    .await
                    .with_context(|| format!("--admin {email:?} is no mail address"))?;
                println!("{admin_id} admin {email}");
            }
            tx.commit().await?;
        }
        Command::List => {
            for org in store::list(&db).await? {
                println!("{} {} ({})", org.id, org.slug, org.name);
            }
        }
    }
    Ok(())
}

fn slug_of(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .take(63)
        .collect()
}

fn check_timezone(text: &str) -> Result<String, String> {
    jiff::tz::TimeZone::get(text)
        .map(|_| text.to_owned())
        .map_err(|_| format!("{text:?} is no IANA time zone, such as America/New_York"))
}
