//! `kill -9`, ten times in one run: a message to everybody by inbox and mail, whose server is killed wherever it is by then.
//! In the end nothing may be missing, and nobody may have a row twice.

use std::time::{Duration, Instant};

use anyhow::ensure;
use platform::{auth::AuthOptions, db};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{Options, Report, fan_out::ORG, mail::Sink};
use crate::bench::arena::Arena;

/// Milliseconds that a server lives, one after the other, from being ready on.
const LIVES: [u64; 10] = [150, 900, 400, 2000, 700, 1300, 250, 1800, 1100, 600];

const STATE: &str = "
select (select count(*) from frontdesk.notification_recipients),
  (select count(*) from frontdesk.notification_logs where channel = 'in_app' and status = 'delivered'),
  (select count(*) from frontdesk.notification_logs where channel = 'email' and status = 'sent'),
  (select count(*) from frontdesk.notification_logs where channel = 'email' and retry_count > 0),
  (select count(*) from frontdesk.delivery_queue),
  (select count(distinct (recipient_id, channel)) from frontdesk.notification_logs)";

pub async fn measure(arena: &Arena, options: &Options, report: &mut Report) -> anyhow::Result<()> {
    if !std::path::Path::new("/usr/sbin/smtp-sink").is_file() {
        report.left_out.push("kills: smtp-sink comes with Postfix".into());
        return Ok(());
    }
    let _sink = Sink::start()?;
    let client = db::connect(&arena.url("postgres")).await?;
    let config = options.dir.join("kills.toml");
    std::fs::write(
        &config,
        format!(
            "[delivery]\nlease = 5\nclaim_batch = 500\npoll_interval = 100\n[email]\ntransport = \"smtp\"\nurl = \"{}\"\n",
            Sink::url()
        ),
    )?;
    let auth = AuthOptions {
        hs256_secret: "a secret that nobody uses, since nobody asks".into(),
        ..crate::bench::delivery::settings()?.auth
    };
    let message = "insert into frontdesk.notifications (org_id, id, title, content, channels, audience, state)
        values ($1, $2, 'Snow', 'School is closed.', '{in_app,email}', '{\"all\": true}', 'scheduled')";
    client
        .execute(message, &[&ORG, &Uuid::from_u128(ORG.as_u128() + 3)])
        .await?;
    let begun = Instant::now();
    for life in LIVES {
        let server = arena.serve(&auth, Some(&config)).await?;
        tokio::time::sleep(Duration::from_millis(life)).await;
        server.kill().await?;
    }
    let killed_at = state(&client).await?;
    let server = arena.serve(&auth, Some(&config)).await?;
    let people = i64::from(options.people);
    while state(&client).await?[2] < people {
        ensure!(
            begun.elapsed() < Duration::from_secs(900),
            "not done after 15 minutes: {:?}",
            state(&client).await?
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    server.kill().await?;
    let [recipients, inbox, mails, again, queued, distinct] = state(&client).await?;
    ensure!(
        (recipients, inbox, mails, queued, distinct) == (people, people, people, 0, 2 * people),
        "{recipients} recipients, {inbox} in inboxes, {mails} mails, {queued} queued, {distinct} distinct rows of {people}"
    );
    report.facts.push(format!(
        "{people} people after 10 kills (the last at {} mails): every one in the inbox once, every mail sent, {again} of them tried again",
        killed_at[2]
    ));
    Ok(())
}

async fn state(client: &Client) -> anyhow::Result<[i64; 6]> {
    let row = client.query_one(STATE, &[]).await?;
    Ok(std::array::from_fn(|column| row.get(column)))
}
