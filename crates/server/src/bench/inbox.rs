//! `frontdesk bench inbox`: the inbox page through HTTP, with token, tenant transaction and row security, against pgbench
//! running the same transaction in the same run.
//!
//! Called by `commands::bench`. Rounds alternate between the sides, so that whatever else the machine does meets all of
//! them; ids, rows and number of connections are the same for all.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::ensure;
use jiff::SignedDuration;
use platform::{
    auth::{self, AuthOptions},
    clock::Clock,
    db,
};

use super::{
    Event,
    arena::{Arena, Server},
    load::{self, Person},
    pgbench::Pgbench,
    process,
    report::{Figures, HttpRound, Report, Round},
    scripts::{self, Crowd, LIMIT, Script},
    seed::{self, Size},
};
use crate::inbox::FIRST_PAGE;

/// Rows of a page unless the caller asks otherwise.
const PAGE: usize = 20;
/// Everybody is asked for as long as they are not more than this; then every second one, and so on.
const MOST_PEOPLE: u32 = 4_000;
const WARM_UP: Duration = Duration::from_secs(2);
/// Longer than any run.
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// What to measure.
pub struct Options {
    /// How much data.
    pub size: Size,
    /// How long each side is measured at a time.
    pub time: Duration,
    /// How often each side is measured.
    pub rounds: u32,
    /// Numbers of connections, each measured on its own.
    pub clients: Vec<u32>,
    /// Where the throw-away cluster goes.
    pub dir: PathBuf,
    /// Secret and claims of the tokens; the server gets the same.
    pub auth: AuthOptions,
    /// The server's configuration file, if it is to have one.
    pub config: Option<PathBuf>,
}

/// Measures. The cluster's files are deleted at the end, whatever the end; when the future is dropped the processes are
/// gone and the files stay until `arena::clear` or the next run.
///
/// # Errors
/// When anything at all does not go as it should: a benchmark with wrong answers is none.
pub async fn run(options: &Options, tell: &mut dyn FnMut(Event<'_>)) -> anyhow::Result<Report> {
    ensure!(
        options.size.first_page(0, PAGE + 1).len() > PAGE,
        "a person needs at least 24 notifications for a page of {PAGE} and a next one"
    );
    tell(Event::Step("Starting a private PostgreSQL and migrating"));
    let arena = Arena::start(&options.dir).await?;
    tell(Event::Step("Filling the inboxes"));
    seed::fill(&arena.url("postgres"), options.size, &mut |rows| {
        tell(Event::Filled(rows))
    })
    .await?;
    tell(Event::Step("Starting the server"));
    let server = arena.serve(&options.auth, options.config.as_deref()).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle_memory = memory(&server);
    tell(Event::Idle(idle_memory));

    tell(Event::Step("Warming up and checking everybody's first answer"));
    let step = options.size.all_people().div_ceil(MOST_PEOPLE);
    let people = people(options, step)?;
    let count = u32::try_from(people.len())?;
    let people = Arc::new(load::read_first(server.address(), people).await?);
    let crowd = Crowd {
        size: options.size,
        people: count,
        step,
    };
    let (sequence, pipeline) = (scripts::sequence(crowd), scripts::pipeline(crowd));
    check_page(&arena.url("frontdesk_api"), options.size, step * (count - 1)).await?;
    let sides = Sides {
        server: &server,
        people,
        pgbench: Pgbench::new(
            arena.binaries(),
            arena.postgres()?,
            &options.dir,
            &[&sequence, &pipeline],
        )?,
        postgres: arena.postgres()?,
        url: arena.url("frontdesk_api"),
        sequence,
        pipeline,
    };
    let mut figures = Vec::new();
    for &clients in &options.clients {
        sides.round(clients, WARM_UP).await?;
        let mut rounds = Vec::new();
        for _ in 0..options.rounds {
            let round = sides.round(clients, options.time).await?;
            tell(Event::Round(clients, &round));
            rounds.push(round);
        }
        figures.push(Figures::new(clients, rounds));
    }
    Ok(Report {
        postgresql: arena.binaries().version().to_string(),
        data: options.size,
        idle_memory,
        loaded_memory: memory(&server),
        figures,
    })
}

fn people(options: &Options, step: u32) -> anyhow::Result<Vec<Person>> {
    let now = Clock::system().now();
    (0..options.size.all_people())
        .step_by(usize::try_from(step)?)
        .map(|number| {
            let organization = options.size.organization_of(number);
            let (org_id, user_id) = (seed::organization_id(organization), seed::person_id(number));
            let token = auth::mint(&options.auth, org_id, user_id, now, TOKEN_LIFETIME).map_err(anyhow::Error::msg)?;
            Ok(Person::new(&token, options.size.first_page(organization, PAGE)))
        })
        .collect()
}

/// Sees to it that the transaction of the scripts finds what it should.
async fn check_page(url: &str, size: Size, person: u32) -> anyhow::Result<()> {
    let mut client = db::connect(url).await?;
    let transaction = client.transaction().await?;
    let (org_id, user_id) = (
        seed::organization_id(size.organization_of(person)),
        seed::person_id(person),
    );
    let claims = db::Person::new(org_id, user_id);
    transaction
        .query("select frontdesk.open_request($1, null)", &[&claims.claims()])
        .await?;
    let rows = transaction.query(FIRST_PAGE, &[&org_id, &user_id, &LIMIT]).await?;
    ensure!(
        rows.len() == PAGE + 1,
        "the page has {} rows instead of {}",
        rows.len(),
        PAGE + 1
    );
    Ok(())
}

fn memory(server: &Server) -> Option<u64> {
    server.pid().and_then(process::resident_memory)
}

/// The things that are compared.
struct Sides<'a> {
    server: &'a Server,
    people: Arc<Vec<Person>>,
    pgbench: Pgbench<'a>,
    postgres: u32,
    url: String,
    sequence: Script,
    pipeline: Script,
}

impl Sides<'_> {
    async fn round(&self, clients: u32, time: Duration) -> anyhow::Result<Round> {
        Ok(Round {
            http: self.http(clients, time).await?,
            sequence: self.pgbench.run(&self.sequence, &self.url, clients, time).await?,
            pipeline: self.pgbench.run(&self.pipeline, &self.url, clients, time).await?,
        })
    }

    async fn http(&self, clients: u32, time: Duration) -> anyhow::Result<HttpRound> {
        let server = || self.server.pid().and_then(process::processor_time);
        let postgres = || process::processor_time_of_all(self.postgres);
        let before = (server(), postgres());
        let load = load::run(self.server.address(), self.people.clone(), clients, time).await?;
        let after = (server(), postgres());
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52 answers")]
        let count = load.count.max(1) as f64;
        let per_answer = |before: Option<Duration>, after: Option<Duration>| {
            Some(after?.saturating_sub(before?).as_secs_f64() * 1e6 / count)
        };
        Ok(HttpRound {
            per_second: load.per_second,
            p50_milliseconds: load.p50,
            p99_milliseconds: load.p99,
            server_cpu_microseconds: per_answer(before.0, after.0),
            postgres_cpu_microseconds: per_answer(before.1, after.1),
        })
    }
}
