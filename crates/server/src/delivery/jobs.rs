//! The dispatcher: one loop for each channel that has an adapter.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use platform::db::DbError;

use super::{
    model::{Adapter, Delivery, Outcome},
    store::{self, Completed},
};
use crate::{app::App, notifications};

/// Results recorded in one statement at most.
const RECORD_AT_ONCE: usize = 100;
/// Time of the lease that is kept for recording the result.
const RECORDING: Duration = Duration::from_millis(500);

/// Delivers on one channel until the process stops; what is under way then is finished and recorded.
pub async fn run_dispatcher(app: App, adapter: Arc<dyn Adapter>) {
    let stopping = app.tasks.stopping();
    let pause = Duration::from_millis(app.settings.delivery.poll_interval);
    while !stopping.is_cancelled() {
        let woken = app.wake.dispatcher.notified();
        match dispatch_batch(&app, adapter.as_ref()).await {
            Ok(0) => adapter.rest().await,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, channel = adapter.channel().as_str(), "dispatching failed; trying again")
            }
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => {}
        }
    }
}

/// Claims one batch, delivers it and records the results; answers how many deliveries it had.
///
/// # Errors
/// Of the database: results that could not be recorded are repeated when the lease ends.
pub async fn dispatch_batch(app: &App, adapter: &dyn Adapter) -> Result<usize, DbError> {
    let now = app.clock.now();
    let lease_ends = now + SignedDuration::from_secs(i64::from(app.settings.delivery.lease));
    let batch = store::claim(
        &app.db,
        adapter.channel(),
        now,
        lease_ends,
        app.settings.delivery.claim_batch,
    )
    .await?;
    if batch.is_empty() {
        return Ok(0);
    }
    let count = batch.len();
    let notifications: HashSet<_> = batch
        .iter()
        .map(|delivery| (delivery.org_id, delivery.notification_id))
        .collect();
    let mut results = std::pin::pin!(
        stream::iter(batch)
            .map(|delivery| attempt(app, adapter, delivery, lease_ends))
            .buffer_unordered(adapter.concurrency().max(1))
            .ready_chunks(RECORD_AT_ONCE)
    );
    while let Some(results) = results.next().await {
        let (mut completed, mut left) = (Vec::new(), Vec::new());
        for result in results {
            result.map_or_else(|delivery| left.push(delivery), |one| completed.push(one));
        }
        store::complete(&app.db, &completed, app.clock.now()).await?;
        store::give_back(&app.db, &left).await?;
        for (org_id, id) in &notifications {
            app.hub.progress(*org_id, *id);
        }
    }
    notifications::jobs::finish(app).await?;
    Ok(count)
}

/// One attempt, ended before the lease is. The delivery itself when it was not begun, because the process is stopping or
/// half the lease has gone: an attempt that the lease's end cuts off may have been sent, and would be sent again.
async fn attempt(
    app: &App,
    adapter: &dyn Adapter,
    delivery: Delivery,
    lease_ends: Timestamp,
) -> Result<Completed, Delivery> {
    let now = app.clock.now();
    let lease = Duration::from_secs(app.settings.delivery.lease.into());
    let time_left = Duration::try_from(lease_ends.duration_since(now)).unwrap_or_default();
    if time_left < lease / 2 || app.tasks.stopping().is_cancelled() {
        return Err(delivery);
    }
    let outcome = if delivery.expires_at <= now {
        Outcome::Skipped { reason: "expired" }
    } else {
        tokio::time::timeout(time_left.saturating_sub(RECORDING), adapter.deliver(&delivery))
            .await
            .unwrap_or_else(|_| Outcome::Retry {
                message: "the attempt took longer than delivery.lease allows".to_owned(),
                after: None,
            })
    };
    let settings = &app.settings.delivery;
    let next_due = match &outcome {
        Outcome::Retry { after, .. } if delivery.attempt < settings.max_attempts => {
            // The log id's random tail spreads what failed together.
            let spread = f64::from(delivery.log_id.as_bytes()[15]) / 255.0;
            let pause = after.unwrap_or_else(|| settings.pause(delivery.attempt, spread));
            Some(app.clock.now() + SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_hours(1)))
        }
        _ => None,
    };
    let label = match &outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Bounced { .. } => "bounced",
        Outcome::Failed { .. } => "failed",
        Outcome::Skipped { .. } => "skipped",
        Outcome::Retry { .. } => "retry",
    };
    metrics::counter!("frontdesk_deliveries_total", "channel" => adapter.channel().as_str(), "outcome" => label)
        .increment(1);
    Ok(Completed {
        org_id: delivery.org_id,
        log_id: delivery.log_id,
        attempt: delivery.attempt,
        outcome,
        next_due,
    })
}
