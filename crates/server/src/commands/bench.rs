//! `frontdesk bench`: what Frontdesk costs on this machine. Reads arguments, shows how far it is, prints the report; the
//! work is in [`crate::bench`].

use std::{
    fmt::Display,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::bail;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use platform::ids;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    bench::{self, DeliveryOptions, Event, InboxOptions, Size, TenancyOptions},
    settings::Settings,
};

/// Folder of the throw-away PostgreSQL, in the working directory; deleted before and after, hence not the caller's choice.
const DIR: &str = ".frontdesk/bench";

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The inbox page through HTTP against pgbench running the same transaction, on a throw-away PostgreSQL.
    Inbox(InboxArgs),
    /// Delivery: fan-out, queue, mail and Web Push, each against the best there is for it.
    Delivery(DeliveryArgs),
    /// The inbox under row security against the same statements by hand and without it, on a throw-away PostgreSQL.
    Tenancy(TenancyArgs),
}

/// How much data there is, and how long it is measured.
#[derive(Debug, clap::Args)]
struct Common {
    /// Seconds that each side is measured at a time.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How often each side is measured, in turn.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Organizations.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    orgs: u32,
    /// People in each organization.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    people: u32,
    /// Notifications to each person.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(24..=10_000))]
    notifications: u32,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct InboxArgs {
    #[command(flatten)]
    common: Common,
    /// Connections; several numbers, separated by commas, are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [64, 16], value_parser = clap::value_parser!(u32).range(1..=200))]
    clients: Vec<u32>,
}

#[derive(Debug, clap::Args)]
struct TenancyArgs {
    #[command(flatten)]
    common: Common,
    /// Connections.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=200))]
    clients: u32,
}

#[derive(Debug, clap::Args)]
struct DeliveryArgs {
    /// People of the fan-out.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i32).range(1_000..=1_000_000))]
    people: i32,
    /// Deliveries drained from the queue in a round.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(i32).range(1_000..=10_000_000))]
    jobs: i32,
    /// The largest backlog.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(i32).range(20_000..=10_000_000))]
    backlog: i32,
    /// Mails in a round.
    #[arg(long, default_value_t = 20_000)]
    mails: usize,
    /// Push messages in a round.
    #[arg(long, default_value_t = 5_000)]
    pushes: usize,
    /// How often each side is measured, in turn.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Folder with graphile-worker and web-push (`npm ci` in it).
    #[arg(long, default_value = "crates/server/tests/peers")]
    peers: PathBuf,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

impl Common {
    fn size(&self) -> Size {
        Size {
            organizations: self.orgs,
            people: self.people,
            notifications: self.notifications,
        }
    }

    fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// Measures and prints.
///
/// # Errors
/// When something did not go as it should; a benchmark with wrong answers is none.
pub async fn run(args: Args, config: Option<&Path>) -> anyhow::Result<()> {
    match args.what {
        What::Delivery(args) => Box::pin(delivery(args)).await,
        What::Inbox(args) => Box::pin(inbox(args, config)).await,
        What::Tenancy(args) => Box::pin(tenancy(args)).await,
    }
}

async fn inbox(args: InboxArgs, config: Option<&Path>) -> anyhow::Result<()> {
    let mut auth = Settings::load(config)?.auth;
    auth.hs256_secret = URL_SAFE_NO_PAD.encode(ids::new_secret());
    let options = InboxOptions {
        size: args.common.size(),
        time: args.common.time(),
        rounds: args.common.rounds,
        clients: args.clients,
        dir: PathBuf::from(DIR),
        auth,
        config: config.map(Path::to_owned),
    };
    let bar = bar(options.size.rows());
    let mut tell = |event: Event<'_>| show(&bar, &event);
    let report = to_the_end(bench::inbox(&options, &mut tell)).await?;
    print(&report, args.common.json)
}

async fn delivery(args: DeliveryArgs) -> anyhow::Result<()> {
    let options = DeliveryOptions {
        people: args.people,
        jobs: args.jobs,
        backlog: args.backlog,
        mails: args.mails,
        pushes: args.pushes,
        rounds: args.rounds,
        peers: args.peers,
        dir: PathBuf::from(DIR),
    };
    let bar = bar(0);
    let mut tell = |event: Event<'_>| show(&bar, &event);
    let report = to_the_end(bench::delivery(&options, &mut tell)).await?;
    print(&report, args.json)
}

async fn tenancy(args: TenancyArgs) -> anyhow::Result<()> {
    let options = TenancyOptions {
        size: args.common.size(),
        time: args.common.time(),
        rounds: args.common.rounds,
        clients: args.clients,
        dir: PathBuf::from(DIR),
    };
    let bar = bar(options.size.rows());
    let mut tell = |event: Event<'_>| show(&bar, &event);
    let report = to_the_end(bench::tenancy(&options, &mut tell)).await?;
    print(&report, args.common.json)
}

fn print(report: &(impl Serialize + Display), json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(report)?);
    } else {
        println!("{report}");
    }
    Ok(())
}

/// Runs to the end or to a signal; either way nothing is left running and the folder is deleted.
async fn to_the_end<T>(benchmark: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let result = tokio::select! {
        result = benchmark => Some(result),
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
    };
    bench::clear(Path::new(DIR)).await?;
    match result {
        Some(report) => report,
        None => bail!("interrupted; nothing is left running"),
    }
}

fn bar(rows: u64) -> ProgressBar {
    let bar = ProgressBar::new(rows);
    if let Ok(style) = ProgressStyle::with_template("{msg:24} {bar:30} {human_pos}/{human_len} rows {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// Progress goes to standard error, so that `--json` can be piped.
fn show(bar: &ProgressBar, event: &Event<'_>) {
    match event {
        Event::Step(what) => bar.suspend(|| eprintln!("{what} …")),
        Event::Filled(rows) => {
            bar.set_message("inbox rows");
            bar.set_position(*rows);
            if Some(*rows) == bar.length() {
                bar.finish_and_clear();
            }
        }
        Event::Idle(Some(memory)) => eprintln!("The server holds {} KB, idle.", memory / 1000),
        Event::Idle(None) => {}
        Event::Round(clients, round) => eprintln!("{clients:>4} clients: {round}"),
        Event::Pair(what, guarded, by_hand) => {
            eprintln!(
                "{what:>26}: guarded {guarded:>7.0}/s   by hand {by_hand:>7.0}/s   {:.2}",
                guarded / by_hand
            );
        }
    }
}
