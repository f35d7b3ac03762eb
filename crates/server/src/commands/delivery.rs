//! `frontdesk delivery`: dead letters of an organization, and taking them up again.

use std::io::Read;

use clap::Subcommand;
use uuid::Uuid;

use super::database;
use crate::{
    delivery::{self, DeadFilter},
    notifications::Channel,
    organizations::{OrganizationRef, store},
    settings::Settings,
};

/// The most that is read of a bounce mail, in bytes.
const MAX_BOUNCE: u64 = 10 * 1024 * 1024;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Count the deliveries that were given up, by channel and reason.
    Dead {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
    },
    /// Read a bounce mail from standard input, as a mail server's alias hands it over: |frontdesk delivery bounce
    Bounce,
    /// Take deliveries up again that were given up.
    Redrive {
        /// The organization: slug, name or id.
        #[arg(long)]
        org: OrganizationRef,
        /// Only those of this notification.
        #[arg(long)]
        notification: Option<Uuid>,
        /// Only those of this channel.
        #[arg(long, value_parser = channel)]
        channel: Option<Channel>,
        /// Only those that failed for this reason, as `frontdesk delivery dead` prints it.
        #[arg(long)]
        reason: Option<String>,
    },
}

fn channel(text: &str) -> Result<Channel, String> {
    [Channel::Email, Channel::Push, Channel::Sms]
        .into_iter()
        .find(|channel| channel.as_str() == text)
        .ok_or_else(|| "must be email, push or sms".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the organization is not there.
pub async fn run(args: Args, settings: Settings) -> anyhow::Result<()> {
    let db = database::open(&settings).await?;
    match args.command {
        Command::Dead { org } => {
            let org = store::find(&db, &org).await?;
            let dead = delivery::count_dead(&db, org.id).await?;
            if dead.is_empty() {
                println!("{} has no deliveries that were given up.", org.name);
            }
            for (channel, reason, count) in dead {
                println!("{count:>9}  {channel:<6}  {reason}");
            }
        }
        Command::Bounce => {
            let mut raw = Vec::new();
            std::io::stdin().lock().take(MAX_BOUNCE).read_to_end(&mut raw)?;
            let Some(report) = delivery::read_bounce(&raw) else {
                // Not an error: an address for bounces gets all kinds of mail, and an error would bounce it back.
                println!("This is no bounce of a mail of ours.");
                return Ok(());
            };
            delivery::apply_report(&db, &report).await?;
            println!("{:?}: {}", report.fate, report.message);
        }
        Command::Redrive {
            org,
            notification,
            channel,
            reason,
        } => {
            let org = store::find(&db, &org).await?;
            let filter = DeadFilter {
                notification_id: notification,
                channel: channel.map(Channel::as_str),
                reason: reason.as_deref(),
            };
            let count = delivery::redrive_all(&db, org.id, &filter).await?;
            println!("{count} deliveries are pending again.");
        }
    }
    Ok(())
}
