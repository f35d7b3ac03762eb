//! Fan-out: one announcement to everybody on two channels, by the expander, against the same rows written by bare SQL as the
//! superuser, without row security, audience or reasons, in chunks of the same size.

use std::time::Instant;

use anyhow::ensure;
use platform::db;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{Comparison, Options, Report, app};
use crate::{
    app::App,
    bench::arena::Arena,
    notifications::jobs::{Step, expand_step},
};

/// The organization of this benchmark.
pub const ORG: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

const SEED: &str = "
insert into frontdesk.organizations (id, name, slug, kind) values ($1, 'Bench', 'bench', 'school');";
const PEOPLE: &str = "
insert into frontdesk.profiles (org_id, id, role, name, email)
select $1, frontdesk.uuid_v7(), 'parent', 'Person ' || i, 'person' || i || '@example.test' from generate_series(1, $2::int) i";
const MESSAGE: &str = "
insert into frontdesk.notifications (org_id, id, title, content, channels, audience, state)
values ($1, $2, 'Snow', 'School is closed.', '{in_app,email}', '{\"all\": true}', $3)";
/// The bare SQL.
const CHUNK: &str = "
with members as (
  select p.id, p.role from frontdesk.profiles p where p.org_id = $1 and p.id > $3 and p.status = 'active' order by p.id limit $4
), recipients as (
  insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons, in_app)
  select $1, $2, m.id, m.role, '[{\"why\": \"everyone\"}]', true from members m
), logs as (
  insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status, delivered_at)
  select $1, frontdesk.uuid_v7(), $2, m.id, c, case c when 'in_app' then 'delivered' else 'pending' end,
    case c when 'in_app' then now() end
  from members m cross join unnest(array['in_app', 'email']) c
  returning id, recipient_id, channel
), queued as (
  insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn)
  select $1, l.id, $2, l.recipient_id, l.channel, 3, now(), row_number() over (order by l.id) from logs l where l.channel = 'email'
)
select count(*)::int, (array_agg(m.id order by m.id desc))[1] from members m";

pub async fn measure(arena: &Arena, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let client = db::connect(&arena.url("postgres")).await?;
    let app = app(arena)?;
    client.execute(SEED.trim().trim_end_matches(';'), &[&ORG]).await?;
    client.execute(PEOPLE, &[&ORG, &options.people]).await?;
    client.batch_execute("vacuum analyze").await?;
    let mut rounds = Vec::new();
    for round in 0..=options.rounds {
        let theirs = bare(&client, options, app.settings.delivery.expand_chunk).await?;
        empty(&client).await?;
        let ours = expander(&client, &app, options).await?;
        empty(&client).await?;
        // The first round warms up.
        if round > 0 {
            rounds.push((ours, theirs));
        }
    }
    let what = format!("fan-out to {} people on 2 channels, bare SQL", options.people);
    report.comparisons.push(Comparison::rates(what, "people/s", &rounds));
    Ok(())
}

async fn expander(client: &Client, app: &App, options: &Options) -> anyhow::Result<f64> {
    let id = Uuid::from_u128(ORG.as_u128() + 1);
    client.execute(MESSAGE, &[&ORG, &id, &"scheduled"]).await?;
    let begun = Instant::now();
    while expand_step(app).await? != Step::Idle {}
    rate(client, options, begun).await
}

async fn bare(client: &Client, options: &Options, chunk: i32) -> anyhow::Result<f64> {
    let id = Uuid::from_u128(ORG.as_u128() + 2);
    client.execute(MESSAGE, &[&ORG, &id, &"sending"]).await?;
    let statement = client.prepare(CHUNK).await?;
    let begun = Instant::now();
    let mut after = Uuid::nil();
    loop {
        let row = client
            .query_one(&statement, &[&ORG, &id, &after, &i64::from(chunk)])
            .await?;
        if row.get::<_, i32>(0) < chunk {
            break;
        }
        after = row.get(1);
    }
    rate(client, options, begun).await
}

async fn rate(client: &Client, options: &Options, begun: Instant) -> anyhow::Result<f64> {
    let seconds = begun.elapsed().as_secs_f64();
    let sql =
        "select (select count(*) from frontdesk.notification_logs), (select count(*) from frontdesk.delivery_queue)";
    let row = client.query_one(sql, &[]).await?;
    let (logs, queued): (i64, i64) = (row.get(0), row.get(1));
    let people = i64::from(options.people);
    ensure!(
        (logs, queued) == (2 * people, people),
        "{logs} logs and {queued} queue rows for {people} people"
    );
    Ok(f64::from(options.people) / seconds)
}

async fn empty(client: &Client) -> anyhow::Result<()> {
    client
        .batch_execute("truncate frontdesk.notifications cascade; truncate frontdesk.delivery_lanes")
        .await?;
    client
        .batch_execute("vacuum analyze frontdesk.notification_logs, frontdesk.delivery_queue")
        .await?;
    client.batch_execute("checkpoint").await?;
    Ok(())
}
