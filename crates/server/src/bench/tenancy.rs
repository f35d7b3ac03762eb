//! `frontdesk bench tenancy`: what it costs that the database keeps the tenants apart. Statements of the inbox under row
//! security against the same statements as somebody would write them who trusts every handler to say `where org_id = …`,
//! by a role that row security does not concern.
//!
//! Called by `commands::bench`. Both sides are run by pgbench in turn, for the same people; before anything is measured
//! their answers are compared row by row.

use std::{fmt, path::PathBuf, time::Duration};

use anyhow::ensure;
use platform::db;
use serde::Serialize;
use tokio_postgres::Client;

use super::{
    Event,
    arena::Arena,
    pgbench::Pgbench,
    report::{PgbenchRound, median},
    scripts::{self, Crowd, LIMIT, Script},
    seed::{self, Size},
};
use crate::inbox::{COUNTS, FIRST_PAGE};

/// The inbox page as it would be written by hand over the tables: what [`FIRST_PAGE`] reads through the view.
const PAGE_BY_HAND: &str = "select r.notification_id, n.title, n.content, n.severity, n.type, n.category, n.priority, \
n.action_url, n.data, s.name as sender_name, r.status, r.read_at, r.created_at, r.seen_at, r.snoozed_until, \
r.acknowledgement, r.acknowledged_at \
from frontdesk.notification_recipients r \
join frontdesk.notifications n on n.org_id = r.org_id and n.id = r.notification_id \
left join frontdesk.profiles s on s.org_id = n.org_id and s.id = n.sender_id \
where r.org_id = $1 and r.recipient_id = $2 and r.in_app and r.status <> 'archived' \
and (r.snoozed_until is null or r.snoozed_until <= now()) \
order by r.created_at desc, r.notification_id desc limit $3";

/// People whose answers are compared.
const COMPARED: u32 = 50;
const WARM_UP: Duration = Duration::from_secs(2);

/// What to measure.
pub struct Options {
    /// How much data.
    pub size: Size,
    /// How long each side is measured at a time.
    pub time: Duration,
    /// How often each side is measured.
    pub rounds: u32,
    /// Number of connections.
    pub clients: u32,
    /// Where the throw-away cluster goes.
    pub dir: PathBuf,
}

/// Everything.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The server's version.
    pub postgresql: String,
    /// How much data there was.
    pub data: Size,
    /// Connections.
    pub clients: u32,
    /// One for each pair of sides.
    pub comparisons: Vec<Comparison>,
}

/// Two ways to the same rows; medians over the rounds, ratios within each round.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// What is compared.
    pub what: &'static str,
    /// Per second, kept apart by the database.
    pub guarded: f64,
    /// Per second, by hand and without row security.
    pub by_hand: f64,
    /// The first to the second.
    pub ratio: f64,
    /// PostgreSQL's processor time by hand to that under row security: the ratio again, without what the rest of the
    /// machine does meanwhile.
    pub cpu_ratio: Option<f64>,
}

/// One side: who connects and runs what.
struct Side {
    url: String,
    script: Script,
}

/// Measures. The cluster's files are deleted by [`super::clear`].
///
/// # Errors
/// When anything does not go as it should, above all when the two sides answer different rows.
pub async fn run(options: &Options, tell: &mut dyn FnMut(Event<'_>)) -> anyhow::Result<Report> {
    tell(Event::Step("Starting a private PostgreSQL and migrating"));
    let arena = Arena::start(&options.dir).await?;
    tell(Event::Step("Filling the inboxes"));
    seed::fill(&arena.url("postgres"), options.size, &mut |rows| {
        tell(Event::Filled(rows))
    })
    .await?;
    tell(Event::Step("Comparing the answers"));
    compare_answers(&arena, options.size).await?;

    let pairs = pairs(&arena, options.size);
    let scripts: Vec<_> = pairs.iter().flat_map(|(_, a, b)| [&a.script, &b.script]).collect();
    let pgbench = Pgbench::new(arena.binaries(), arena.postgres()?, &options.dir, &scripts)?;
    let mut comparisons = Vec::new();
    for (what, guarded, by_hand) in &pairs {
        let side = async |side: &Side, time| pgbench.run(&side.script, &side.url, options.clients, time).await;
        side(guarded, WARM_UP).await?;
        side(by_hand, WARM_UP).await?;
        let mut rounds = Vec::new();
        for _ in 0..options.rounds {
            let round = (side(guarded, options.time).await?, side(by_hand, options.time).await?);
            tell(Event::Pair(what, round.0.per_second, round.1.per_second));
            rounds.push(round);
        }
        comparisons.push(Comparison::new(what, &rounds));
    }
    Ok(Report {
        postgresql: arena.binaries().version().to_string(),
        data: options.size,
        clients: options.clients,
        comparisons,
    })
}

fn pairs(arena: &Arena, size: Size) -> [(&'static str, Side, Side); 3] {
    let crowd = Crowd {
        size,
        people: size.all_people(),
        step: 1,
    };
    let guarded = |script| Side {
        url: arena.url("frontdesk_api"),
        script,
    };
    // Row security does not concern a superuser.
    let by_hand = |script| Side {
        url: arena.url("postgres"),
        script,
    };
    let alone = |name, role, statement| scripts::alone(name, crowd, role, statement);
    [
        (
            "inbox page",
            guarded(alone("page", "authenticated", FIRST_PAGE)),
            by_hand(alone("page-by-hand", "none", PAGE_BY_HAND)),
        ),
        (
            "inbox counts",
            guarded(alone("counts", "authenticated", COUNTS)),
            by_hand(alone("counts-by-hand", "none", COUNTS)),
        ),
        (
            "page with its transaction",
            guarded(scripts::pipeline(crowd)),
            by_hand(scripts::trusting(crowd, PAGE_BY_HAND)),
        ),
    ]
}

/// Both sides must answer the same rows, and not none.
async fn compare_answers(arena: &Arena, size: Size) -> anyhow::Result<()> {
    let tenant = db::connect(&arena.url("frontdesk_api")).await?;
    let superuser = db::connect(&arena.url("postgres")).await?;
    for person in (0..size.all_people()).step_by(size.all_people().div_ceil(COMPARED) as usize) {
        let (org_id, user_id) = (
            seed::organization_id(size.organization_of(person)),
            seed::person_id(person),
        );
        let context = "select set_config('role', 'authenticated', false), set_config('request.jwt.claims', $1, false)";
        tenant
            .query(context, &[&db::Person::new(org_id, user_id).claims()])
            .await?;
        for (guarded, by_hand, parameters) in [(FIRST_PAGE, PAGE_BY_HAND, 3), (COUNTS, COUNTS, 2)] {
            let answer = async |client: &Client, sql: &str| {
                let all: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&org_id, &user_id, &LIMIT];
                let sql = format!("select to_jsonb(answer)::text from ({sql}) answer");
                let rows = client.query(&sql, &all[..parameters]).await?;
                anyhow::Ok(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>())
            };
            let (guarded, by_hand) = (answer(&tenant, guarded).await?, answer(&superuser, by_hand).await?);
            ensure!(!guarded.is_empty(), "person {person} finds nothing");
            ensure!(
                guarded == by_hand,
                "person {person} finds {guarded:?} under row security and {by_hand:?} by hand"
            );
        }
    }
    Ok(())
}

impl Comparison {
    fn new(what: &'static str, rounds: &[(PgbenchRound, PgbenchRound)]) -> Self {
        let of = |value: fn(&(PgbenchRound, PgbenchRound)) -> f64| median(rounds.iter().map(value).collect());
        let cpu = |(guarded, by_hand): &(PgbenchRound, PgbenchRound)| {
            Some(by_hand.postgres_cpu_microseconds? / guarded.postgres_cpu_microseconds?)
        };
        Self {
            what,
            guarded: of(|round| round.0.per_second),
            by_hand: of(|round| round.1.per_second),
            ratio: of(|round| round.0.per_second / round.1.per_second),
            cpu_ratio: rounds.iter().map(cpu).collect::<Option<_>>().map(median),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nKept apart by the database, and by hand ({} rows of {} organizations, PostgreSQL {}, {} clients); medians:",
            self.data.rows(),
            self.data.organizations,
            self.postgresql,
            self.clients
        )?;
        write!(f, "{:<26}  guarded/s  by hand/s  ratio  of processor time", "statement")?;
        for row in &self.comparisons {
            write!(
                f,
                "\n{:<26}  {:>9.0}  {:>9.0}  {:>5.2}  {}",
                row.what,
                row.guarded,
                row.by_hand,
                row.ratio,
                row.cpu_ratio
                    .map_or_else(|| "not known".into(), |ratio| format!("{ratio:.2}"))
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_a_round() {
        let round = |per_second, cpu| PgbenchRound {
            per_second,
            average_milliseconds: 1.0,
            postgres_cpu_microseconds: Some(cpu),
        };
        let slow_machine = (round(90.0, 200.0), round(100.0, 190.0));
        let fast_machine = (round(900.0, 100.0), round(1000.0, 95.0));
        let comparison = Comparison::new("x", &[slow_machine, fast_machine]);
        assert!((comparison.ratio - 0.9).abs() < 1e-9);
        assert!((comparison.cpu_ratio.unwrap() - 0.95).abs() < 1e-9);
    }
}
