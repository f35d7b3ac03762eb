//! The expander: turns notifications whose time has come into recipients, delivery logs and queue rows.
//!
//! One chunk is one transaction, and before each chunk the most urgent notification is chosen anew: a crash loses nothing,
//! an emergency overtakes a running announcement, and any number of expanders can run beside each other.

use std::time::Duration;

use platform::db::DbError;
use uuid::Uuid;

use super::store;
use crate::app::App;

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
    /// Found a notification that was no longer true before it went out.
    Expired,
    /// Found nothing to do.
    Idle,
}

/// Expands until the process stops.
pub async fn run_expander(app: App) {
    let stopping = app.tasks.stopping();
    let pause = Duration::from_millis(app.settings.delivery.poll_interval);
    while !stopping.is_cancelled() {
        match expand_all(&app, &stopping).await {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "expanding failed; trying again"),
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

/// Takes the most urgent notification and writes its next chunk.
///
/// # Errors
/// Of the database; nothing of the step is then written.
pub async fn expand_step(app: &App) -> Result<Step, DbError> {
    let now = app.clock.now();
    let tx = app.db.system("expand notification").await?;
    let Some(next) = store::take_next(&tx, now).await? else {
        tx.commit().await?;
        return Ok(Step::Idle);
    };
    if next.expired {
        store::mark_expired(&tx, &next).await?;
        tx.commit().await?;
        return Ok(Step::Expired);
    }
    let people = store::expand_chunk(&tx, &next, app.settings.delivery.expand_chunk, now).await?;
    tx.commit().await?;
    metrics::counter!("frontdesk_recipients_total").increment(u64::try_from(people).unwrap_or_default());
    app.wake.dispatcher.notify_waiters();
    app.hub.progress(next.org_id, next.id);
    Ok(Step::Expanded {
        org_id: next.org_id,
        notification_id: next.id,
        people,
    })
}

/// Marks as done what has nothing left to send, and takes expired messages out of the inboxes.
///
/// # Errors
/// Of the database.
pub async fn finish(app: &App) -> Result<(), DbError> {
    for (org_id, id) in store::finish(&app.db, app.clock.now()).await? {
        app.hub.progress(org_id, id);
    }
    Ok(())
}
