//! The queue: deliveries that do nothing, claimed and recorded by a dispatcher, against graphile-worker's jobs that do nothing;
//! and the same with a small backlog and a large one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::ensure;
use futures_util::{FutureExt, future::BoxFuture};
use platform::db;
use tokio_postgres::Client;

use super::{Comparison, Options, Report, app, fan_out::ORG, peers};
use crate::{
    app::App,
    bench::arena::Arena,
    delivery::{Adapter, Delivery, Outcome, Receipt, Route, jobs::run_dispatcher},
    notifications::Channel,
};

/// Takes everything and does nothing.
struct Nothing;

impl Adapter for Nothing {
    fn provider(&self) -> &str {
        "nothing"
    }

    fn deliver<'a>(&'a self, _delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        std::future::ready(Outcome::Sent(Receipt::default())).boxed()
    }
}

/// Queue rows for so many of the people, with their logs.
const FILL: &str = "
with message as (
  insert into frontdesk.notifications (org_id, id, title, content, channels, audience, state, recipient_count)
  values ($1, frontdesk.uuid_v7(), 'Snow', 'School is closed.', '{sms}', '{\"all\": true}', 'sending', $2::int) returning id
), people as (
  select p.id from frontdesk.profiles p where p.org_id = $1 order by p.id limit $2
), recipients as (
  insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role)
  select $1, message.id, people.id, 'parent' from message, people
), logs as (
  insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status)
  select $1, frontdesk.uuid_v7(), message.id, people.id, 'sms', 'pending' from message, people
  returning id, notification_id, recipient_id
)
insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn)
select $1, l.id, l.notification_id, l.recipient_id, 'sms', 3, now(), $3::bigint + row_number() over (order by l.id) from logs l";

pub async fn measure(arena: &Arena, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let client = db::connect(&arena.url("postgres")).await?;
    let peer = peers::are_installed(&options.peers);
    if !peer {
        report.left_out.push(format!(
            "graphile-worker: {} is not installed (npm ci)",
            options.peers.display()
        ));
    }
    let mut rounds = Vec::new();
    for round in 0..=options.rounds {
        fill(&client, options, options.jobs).await?;
        let ours = drain(arena, &client, options.jobs).await?;
        empty(&client).await?;
        if peer {
            let jobs = options.jobs.to_string();
            let seconds = peers::number(&options.peers, "graphile.mjs", &[&arena.url("postgres"), &jobs]).await?;
            if round > 0 {
                rounds.push((ours, f64::from(options.jobs) / seconds));
            }
        }
    }
    if peer {
        let what = format!("claim and complete of {}, graphile-worker", options.jobs);
        report
            .comparisons
            .push(Comparison::rates(what, "deliveries/s", &rounds));
    }
    flatness(arena, &client, options, report).await
}

/// As many deliveries while the backlog is large as with one of 1,000.
async fn flatness(arena: &Arena, client: &Client, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    const SMALL: i32 = 1000;
    let measured = 20 * SMALL;
    fill(client, options, options.backlog).await?;
    let large = partly(arena, client, measured).await?;
    empty(client).await?;
    let (mut seconds, mut done) = (0.0, 0);
    while done < measured {
        fill(client, options, SMALL).await?;
        seconds += f64::from(SMALL) / partly(arena, client, SMALL).await?;
        done += SMALL;
    }
    let what = format!("claim and complete, backlog {} against 1000", options.backlog);
    let small = f64::from(done) / seconds;
    report
        .comparisons
        .push(Comparison::rates(what, "deliveries/s", &[(large, small)]));
    empty(client).await
}

async fn fill(client: &Client, options: &Options, count: i32) -> anyhow::Result<()> {
    let mut filled = 0;
    while filled < count {
        let some = (count - filled).min(options.people);
        client.execute(FILL, &[&ORG, &some, &i64::from(filled)]).await?;
        filled += some;
    }
    client
        .batch_execute("vacuum analyze frontdesk.delivery_queue, frontdesk.notification_logs")
        .await?;
    Ok(())
}

/// Deliveries a second until none is left, with a dispatcher as the server runs it.
async fn drain(arena: &Arena, client: &Client, count: i32) -> anyhow::Result<f64> {
    until(arena, client, 0, count).await
}

/// Deliveries a second of the first so many.
async fn partly(arena: &Arena, client: &Client, count: i32) -> anyhow::Result<f64> {
    let before: i64 = client.query_one(LEFT, &[]).await?.get(0);
    until(arena, client, before - i64::from(count), count).await
}

const LEFT: &str = "select count(*) from frontdesk.delivery_queue";

async fn until(arena: &Arena, client: &Client, left: i64, count: i32) -> anyhow::Result<f64> {
    let app: App = app(arena)?;
    let limits = app.settings.delivery.limits(64, 0.0);
    let app = {
        let clock = app.clock.clone();
        app.with_route(Route::new(Channel::Sms).then(Arc::new(Nothing), limits, clock))
    };
    let before: i64 = client.query_one(LEFT, &[]).await?.get(0);
    let begun = Instant::now();
    for route in app.routes.iter() {
        app.tasks
            .spawn("dispatcher", run_dispatcher(app.clone(), route.clone()));
    }
    // Looked at seldom while there is much left, so that looking is not what is measured.
    let mut now = before;
    while now > left {
        tokio::time::sleep(Duration::from_millis(if now - left > 5000 { 50 } else { 5 })).await;
        let sql =
            "select n_live from (select count(*) n_live from (select from frontdesk.delivery_queue limit $1) q) c";
        let limit = left + 20_000;
        let seen: i64 = client.query_one(sql, &[&limit]).await?.get(0);
        now = seen;
        if left > 0 {
            now = client.query_one(LEFT, &[]).await?.get(0);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(
        app.tasks.shut_down(Duration::from_secs(20)).await,
        "the dispatcher did not end"
    );
    app.db.close();
    let done: i64 = before - client.query_one(LEFT, &[]).await?.get::<_, i64>(0);
    ensure!(done >= i64::from(count), "{done} of {count} were done");
    Ok((before - now) as f64 / seconds)
}

async fn empty(client: &Client) -> anyhow::Result<()> {
    client
        .batch_execute("truncate frontdesk.notifications cascade; truncate frontdesk.delivery_lanes")
        .await?;
    client.batch_execute("checkpoint").await?;
    Ok(())
}
