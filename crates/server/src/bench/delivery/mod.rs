//! `frontdesk bench delivery`: what a message costs on its way, each part against the best there is for it: fan-out against
//! bare SQL, the queue against graphile-worker, mail against Postfix's smtp-source, Web Push against npm web-push.
//!
//! Called by `commands::bench`. The other implementations are packages of `crates/server/tests/peers` and of Postfix; what is
//! missing is left out and said so. Sides are measured in turn, round by round; ratios are taken within a round.

mod fan_out;
mod kills;
mod mail;
mod peers;
mod push;
mod queue;
mod sample;

use std::{fmt, path::PathBuf};

use platform::auth::AuthOptions;
use serde::Serialize;

use super::{Event, arena::Arena, report::median};
use crate::{
    app::App,
    settings::{DEFAULTS, Settings},
};

/// What to measure.
pub struct Options {
    /// People of the fan-out.
    pub people: i32,
    /// Deliveries drained, and jobs of the peer.
    pub jobs: i32,
    /// The largest backlog that a claim is measured in.
    pub backlog: i32,
    /// Mails of a round.
    pub mails: usize,
    /// Push messages of a round.
    pub pushes: usize,
    /// How often each side is measured.
    pub rounds: u32,
    /// Folder with the other implementations.
    pub peers: PathBuf,
    /// Where the throw-away cluster goes.
    pub dir: PathBuf,
}

/// Everything, in the order of measuring.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The server's version.
    pub postgresql: String,
    /// Comparisons.
    pub comparisons: Vec<Comparison>,
    /// What was found beside.
    pub facts: Vec<String>,
    /// What was left out, and why.
    pub left_out: Vec<String>,
}

/// Two sides; medians over the rounds, the ratio's within each.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// What is compared.
    pub what: String,
    /// In which unit.
    pub unit: &'static str,
    /// Frontdesk.
    pub ours: f64,
    /// What it is compared with.
    pub theirs: f64,
    /// How many times as good.
    pub ratio: f64,
}

impl Comparison {
    /// From rounds of (ours, theirs) in something per second.
    fn rates(what: impl Into<String>, unit: &'static str, rounds: &[(f64, f64)]) -> Self {
        let middle = |pick: &dyn Fn(&(f64, f64)) -> f64| median(rounds.iter().map(pick).collect::<Vec<_>>());
        Self {
            what: what.into(),
            unit,
            ours: middle(&|round| round.0),
            theirs: middle(&|round| round.1),
            ratio: middle(&|round| round.0 / round.1),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "PostgreSQL {}", self.postgresql)?;
        for one in &self.comparisons {
            writeln!(
                f,
                "{:>64}: {:>9.1} against {:>9.1} {}   {:.2}",
                one.what, one.ours, one.theirs, one.unit, one.ratio
            )?;
        }
        for what in &self.facts {
            writeln!(f, "{what}")?;
        }
        for what in &self.left_out {
            writeln!(f, "left out: {what}")?;
        }
        Ok(())
    }
}

/// Measures. The cluster's files are deleted by [`super::clear`].
///
/// # Errors
/// When anything does not go as it should; a benchmark that lost a row is none.
pub async fn run(options: &Options, tell: &mut dyn FnMut(Event<'_>)) -> anyhow::Result<Report> {
    let mut report = Report {
        postgresql: String::new(),
        comparisons: Vec::new(),
        facts: Vec::new(),
        left_out: Vec::new(),
    };
    tell(Event::Step("Web Push: preparing messages"));
    push::measure(options, &mut report).await?;
    tell(Event::Step("Mail: against smtp-source"));
    mail::measure(options, &mut report).await?;
    tell(Event::Step("Starting a private PostgreSQL and migrating"));
    let arena = Arena::start(&options.dir).await?;
    report.postgresql = arena.binaries().version().to_string();
    tell(Event::Step("Fan-out: against bare SQL"));
    fan_out::measure(&arena, options, &mut report).await?;
    tell(Event::Step("Queue: against graphile-worker"));
    queue::measure(&arena, options, &mut report).await?;
    tell(Event::Step("Ten kills"));
    kills::measure(&arena, options, &mut report).await?;
    Ok(report)
}

/// The defaults, whatever the environment says.
fn settings() -> anyhow::Result<Settings> {
    Ok(platform::config::load(
        DEFAULTS,
        None,
        "FRONTDESK_NOTHING_HAS_THIS_",
        &[],
        &[],
    )?)
}

/// A server's inside on the arena's database, without channels.
fn app(arena: &Arena) -> anyhow::Result<App> {
    let mut settings = settings()?;
    settings.database.api_url = arena.url("frontdesk_api");
    settings.database.worker_url = arena.url("frontdesk_worker");
    settings.database.pool_size = 8;
    settings.auth = AuthOptions {
        hs256_secret: "a secret that nobody uses, since nobody asks".into(),
        ..settings.auth
    };
    settings.delivery.claim_batch = 500;
    App::new(settings, platform::clock::Clock::system())
}
