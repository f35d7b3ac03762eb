//! The expander: turns notifications whose time has come into recipients, delivery logs and queue rows.
//!
//! One chunk is one transaction, and before each chunk the most urgent notification is chosen anew: a crash loses nothing,
//! an emergency overtakes a running announcement, and any number of expanders can run beside each other.

use std::time::Duration;

use platform::db::{DbError, SystemTx};
use serde_json::Value;
use uuid::Uuid;

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
    let Some(row) = tx.query_opt(include_str!("sql/take_next.sql"), &[&now]).await? else {
        tx.commit().await?;
        return Ok(Step::Idle);
    };
    let (org_id, id): (Uuid, Uuid) = (row.get(0), row.get(1));
    if row.get::<_, bool>(5) {
        set_state(&tx, org_id, id, "expired").await?;
        tx.commit().await?;
        return Ok(Step::Expired);
    }
    let (audience, after): (Value, Option<Uuid>) = (row.get(2), row.get(3));
    let limit = app.settings.delivery.expand_chunk;
    let people: i32 = tx
        .query_one(
            include_str!("sql/expand_chunk.sql"),
            &[&org_id, &id, &audience, &after, &limit, &now],
        )
        .await?
        .get(0);
    tx.commit().await?;
    metrics::counter!("frontdesk_recipients_total").increment(u64::try_from(people).unwrap_or_default());
    app.wake.dispatcher.notify_waiters();
    app.hub.notification_expanded(org_id, id);
    Ok(Step::Expanded {
        org_id,
        notification_id: id,
        people,
    })
}

async fn set_state(tx: &SystemTx, org_id: Uuid, id: Uuid, state: &str) -> Result<(), DbError> {
    tx.execute(
        "update frontdesk.notifications set state = $3 where org_id = $1 and id = $2",
        &[&org_id, &id, &state],
    )
    .await?;
    Ok(())
}

/// Marks as done what has nothing left to send, and takes expired messages out of the inboxes.
///
/// # Errors
/// Of the database.
pub async fn finish(app: &App) -> Result<(), DbError> {
    let done = app
        .db
        .system_query("finish notifications", include_str!("sql/finish.sql"), &[&500_i64])
        .await?;
    let now = app.clock.now();
    let expired = app
        .db
        .system_query("expire notifications", include_str!("sql/expire.sql"), &[&now, &20_i64])
        .await?;
    for row in done.iter().chain(&expired) {
        app.hub.progress(row.get(0), row.get(1));
    }
    Ok(())
}
