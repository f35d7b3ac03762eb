//! The expander: turns notifications whose time has come into recipients, delivery logs and queue rows, takes the later
//! steps of their tier when those are due, and clears away what is over.
//!
//! One chunk is one transaction, and before each chunk the most urgent notification is chosen anew: a crash loses nothing,
//! an emergency overtakes a running announcement, and any number of expanders can run beside each other.

use std::time::{Duration, Instant};

use platform::{db::DbError, ids};
use serde_json::Value;
use uuid::Uuid;

use super::store::expansion::{self, Chunk, Waiting};
use crate::app::App;

/// How often retention is looked after.
const TIDY_EVERY: Duration = Duration::from_secs(600);

/// What one step of the expander did.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Wrote a chunk of this notification's recipients.
    Expanded {
        /// Whose.
        org_id: Uuid,
        /// Which.
        notification_id: Uuid,
        /// How many people.
        people: i32,
    },
    /// Took a later step of a notification for some of its people, or told others of it.
    Followed {
        /// Whose.
        org_id: Uuid,
        /// Which.
        notification_id: Uuid,
        /// How many people.
        people: i32,
    },
    /// Found a notification that was no longer true before it went out.
    Expired,
    /// Found nothing to do.
    Idle,
}

/// Expands until the process stops.
pub async fn run_expander(app: App) {
    let stopping = app.tasks.stopping();
    let pause = Duration::from_millis(app.settings.delivery.poll_interval);
    let mut tidied: Option<Instant> = None;
    while !stopping.is_cancelled() {
        match expand_all(&app, &stopping).await {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "expanding failed; trying again"),
        }
        if tidied.is_none_or(|last| last.elapsed() >= TIDY_EVERY) {
            tidied = Some(Instant::now());
            if let Err(error) = tidy(&app).await {
                tracing::error!(%error, "retention failed; trying again later");
            }
        }
        tokio::select! {
            () = app.wake.expander.notified() => {}
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => {}
        }
    }
}

async fn expand_all(app: &App, stopping: &tokio_util::sync::CancellationToken) -> Result<(), DbError> {
    while !stopping.is_cancelled() && expand_step(app).await? != Step::Idle {}
    finish(app).await
}

/// Takes the most urgent notification and writes its next chunk, of its recipients or of a later step.
///
/// # Errors
/// Of the database; nothing of the step is then written.
pub async fn expand_step(app: &App) -> Result<Step, DbError> {
    let now = app.clock.now();
    let tx = app.db.system("expand notification").await?;
    let Some(next) = expansion::take_next(&tx, now).await? else {
        tx.commit().await?;
        return Ok(Step::Idle);
    };
    if next.expired {
        expansion::mark_expired(&tx, &next).await?;
        tx.commit().await?;
        return Ok(Step::Expired);
    }
    let channels: Vec<&'static str> = app.channels.iter().map(|channel| channel.as_str()).collect();
    let chunk = Chunk {
        limit: app.settings.delivery.expand_chunk,
        now,
        channels: &channels,
    };
    let people = match &next.step {
        None => expansion::expand_chunk(&tx, &next, &chunk).await?,
        Some(step) => follow(&tx, &next, step, &chunk).await?,
    };
    tx.commit().await?;
    app.wake.dispatcher.notify_waiters();
    app.hub.progress(next.org_id, next.id);
    let (org_id, notification_id) = (next.org_id, next.id);
    if next.step.is_some() {
        return Ok(Step::Followed {
            org_id,
            notification_id,
            people,
        });
    }
    metrics::counter!("frontdesk_recipients_total").increment(u64::try_from(people).unwrap_or_default());
    Ok(Step::Expanded {
        org_id,
        notification_id,
        people,
    })
}

async fn follow(tx: &platform::db::SystemTx, next: &Waiting, step: &Value, chunk: &Chunk<'_>) -> Result<i32, DbError> {
    if step.get("to").is_some() {
        expansion::escalate(tx, next, ids::new_id(), chunk).await?;
        Ok(0)
    } else {
        expansion::step_chunk(tx, next, chunk).await
    }
}

/// Marks as done what has nothing left to send, and takes cancelled and expired messages out of the queue and the inboxes.
///
/// # Errors
/// Of the database.
pub async fn finish(app: &App) -> Result<(), DbError> {
    for (org_id, id) in expansion::finish(&app.db).await? {
        app.hub.progress(org_id, id);
    }
    let now = app.clock.now();
    expansion::expire(&app.db, now).await?;
    let mut swept = 0;
    while let Some((org_id, id)) = expansion::sweep(&app.db, app.settings.delivery.expand_chunk, now).await? {
        app.hub.progress(org_id, id);
        swept += 1;
        // What is left is swept the next time: new messages do not wait behind old ones.
        if swept >= 100 {
            break;
        }
    }
    Ok(())
}

/// Deletes what each organization has kept long enough.
///
/// # Errors
/// Of the database.
pub async fn tidy(app: &App) -> Result<(), DbError> {
    loop {
        let [logs, messages, requests] = expansion::apply_retention(&app.db, app.clock.now()).await?;
        if logs + messages == 0 {
            return Ok(());
        }
        tracing::info!(logs, messages, requests, "deleted what was kept long enough");
    }
}
