//! The dispatcher: one for each channel that has a route. It claims what is ready, hands it to the route, and records what
//! came of it; all three go on beside each other.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use platform::db::DbError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::Instant,
};
use uuid::Uuid;

use super::{
    model::{Delivery, Outcome},
    route::{Made, Route},
    store::queue::{self as store, Completed},
};
use crate::{app::App, notifications};

/// Results recorded in one statement at most.
const RECORD_AT_ONCE: usize = 500;
/// Time of the lease that is kept for recording the result.
const RECORDING: Duration = Duration::from_millis(500);
/// Deliveries whose time has come that get their turn at once.
const PROMOTE_AT_ONCE: i64 = 2000;
/// How often messages that have nothing left to send are looked for while there is work.
const FINISH_EVERY: Duration = Duration::from_millis(200);

/// A claimed delivery on its way through the dispatcher, and its place.
struct Claimed {
    delivery: Delivery,
    lease_ends: Timestamp,
    place: OwnedSemaphorePermit,
}

/// A delivery that was made, or (the error) not begun.
type Attempt = Result<Completed, Delivery>;

/// Delivers on one channel until the process stops; what is under way then is finished and recorded.
pub async fn run_dispatcher(app: App, route: Arc<Route>) {
    let (claimed, to_make) = mpsc::unbounded_channel();
    let (made, to_record) = mpsc::unbounded_channel();
    let making = async {
        // Moved in, so that the recorder sees the end when the last attempt is over.
        let made = made;
        let to_make = stream::unfold(to_make, async |mut from: mpsc::UnboundedReceiver<Claimed>| {
            from.recv().await.map(|one| (one, from))
        });
        let (app, route, made) = (&app, route.as_ref(), &made);
        to_make
            .map(move |one| async move {
                let attempt = attempt(app, route, one.delivery, one.lease_ends).await;
                let _recorder_is_there = made.send((attempt, one.place));
            })
            .buffer_unordered(route.concurrency())
            .for_each(async |()| {})
            .await;
    };
    tokio::join!(claim(&app, &route, claimed), making, record(&app, to_record));
}

/// Claims as long as there is room. As much is under way as the providers get through in a part of the lease: what would
/// wait longer is better off with another worker.
async fn claim(app: &App, route: &Route, claimed: mpsc::UnboundedSender<Claimed>) {
    let settings = &app.settings.delivery;
    let stopping = app.tasks.stopping();
    let pause = Duration::from_millis(settings.poll_interval);
    let lease = Duration::from_secs(settings.lease.into());
    let batch = usize::try_from(settings.claim_batch).unwrap_or(1).max(1);
    let least = route.concurrency().min(batch);
    let room = Arc::new(Semaphore::new(2 * batch));
    // Of the places, this many are in use; the rest is added as it turns out that the providers are quick.
    let mut window = least;
    let mut held = room
        .clone()
        .acquire_many_owned(u32::try_from(2 * batch - window).unwrap_or(0))
        .await
        .ok();
    let mut promoted: Option<Instant> = None;
    let mut claimed_at: Option<Instant> = None;
    while !stopping.is_cancelled() {
        let woken = app.wake.dispatcher.notified();
        let half = u32::try_from(window.div_ceil(2)).unwrap_or(1);
        tokio::select! {
            // Half of the window is free again.
            free = room.acquire_many(half) => drop(free),
            () = stopping.cancelled() => break,
        }
        if window < 2 * batch && claimed_at.is_some_and(|at| at.elapsed() < lease / 100) && held.is_some() {
            window = (2 * window).min(2 * batch);
            held = held.take().and_then(|mut held| {
                let more = held.num_permits().saturating_sub(2 * batch - window);
                drop(held.split(more));
                (held.num_permits() > 0).then_some(held)
            });
        }
        let wanted = room.available_permits().min(batch).min(route.room(lease / 4));
        let promote = promoted.is_none_or(|at| at.elapsed() >= pause);
        if promote {
            promoted = Some(Instant::now());
        }
        match claim_some(app, route, wanted, promote).await {
            Ok((batch, lease_ends)) => {
                let all = batch.len() >= wanted && wanted > 0;
                for delivery in batch {
                    let Ok(place) = room.clone().acquire_owned().await else {
                        return;
                    };
                    let _maker_is_there = claimed.send(Claimed {
                        delivery,
                        lease_ends,
                        place,
                    });
                }
                claimed_at = all.then(Instant::now);
                if all {
                    continue;
                }
                route.rest().await;
            }
            Err(error) => {
                tracing::error!(%error, channel = route.channel().as_str(), "claiming failed; trying again");
            }
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => {}
        }
    }
}

async fn record(app: &App, from: mpsc::UnboundedReceiver<(Attempt, OwnedSemaphorePermit)>) {
    let results = stream::unfold(from, async |mut from| from.recv().await.map(|one| (one, from)));
    let mut results = std::pin::pin!(results.ready_chunks(RECORD_AT_ONCE));
    let mut finished = Instant::now();
    while let Some(results) = results.next().await {
        let (attempts, places): (Vec<_>, Vec<_>) = results.into_iter().unzip();
        let mut outcome = record_some(app, attempts).await;
        drop(places);
        if outcome.is_ok() && finished.elapsed() >= FINISH_EVERY {
            finished = Instant::now();
            outcome = notifications::jobs::finish(app).await;
        }
        if let Err(error) = outcome {
            tracing::error!(%error, "results could not be recorded; these deliveries come again when their lease ends");
        }
    }
}

/// Claims one batch, delivers it and records the results; answers how many deliveries it had. This is the dispatcher step by
/// step, for those who want to know when nothing is left.
///
/// # Errors
/// Of the database: results that could not be recorded are repeated when the lease ends.
pub async fn dispatch_batch(app: &App, route: &Route) -> Result<usize, DbError> {
    let batch = usize::try_from(app.settings.delivery.claim_batch).unwrap_or(1);
    let lease = Duration::from_secs(app.settings.delivery.lease.into());
    let (batch, lease_ends) = claim_some(app, route, batch.min(route.room(lease / 4)), true).await?;
    let count = batch.len();
    let mut results = std::pin::pin!(
        stream::iter(batch)
            .map(|delivery| attempt(app, route, delivery, lease_ends))
            .buffer_unordered(route.concurrency())
            .ready_chunks(RECORD_AT_ONCE)
    );
    while let Some(results) = results.next().await {
        record_some(app, results).await?;
    }
    if count > 0 {
        notifications::jobs::finish(app).await?;
    }
    Ok(count)
}

async fn claim_some(
    app: &App,
    route: &Route,
    limit: usize,
    promote: bool,
) -> Result<(Vec<Delivery>, Timestamp), DbError> {
    let now = app.clock.now();
    let lease_ends = now + SignedDuration::from_secs(i64::from(app.settings.delivery.lease));
    if promote {
        store::promote(&app.db, now, PROMOTE_AT_ONCE).await?;
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    if limit == 0 {
        return Ok((Vec::new(), lease_ends));
    }
    let batch = store::claim(&app.db, route.channel(), now, lease_ends, limit).await?;
    Ok((batch, lease_ends))
}

async fn record_some(app: &App, results: Vec<Attempt>) -> Result<(), DbError> {
    let (mut completed, mut left) = (Vec::new(), Vec::new());
    let mut notifications: HashSet<(Uuid, Uuid)> = HashSet::new();
    let mut outcomes: HashMap<(&str, &str), u64> = HashMap::new();
    for result in results {
        match result {
            Ok(one) => {
                notifications.insert((one.org_id, one.notification_id));
                *outcomes.entry((one.channel.as_str(), one.label())).or_default() += 1;
                completed.push(one);
            }
            Err(delivery) => left.push(delivery),
        }
    }
    store::complete(&app.db, &completed, app.clock.now()).await?;
    store::give_back(&app.db, &left).await?;
    for ((channel, outcome), count) in outcomes {
        let labels = [("channel", channel.to_owned()), ("outcome", outcome.to_owned())];
        metrics::counter!("frontdesk_deliveries_total", &labels).increment(count);
    }
    for (org_id, id) in notifications {
        app.hub.progress(org_id, id);
    }
    Ok(())
}

/// One attempt, ended before the lease is. The delivery itself when it was not begun, because no provider is up, the process
/// is stopping, or half the lease has gone: an attempt that the lease's end cuts off may have been sent, and would be sent
/// again.
async fn attempt(app: &App, route: &Route, delivery: Delivery, lease_ends: Timestamp) -> Attempt {
    let now = app.clock.now();
    let lease = Duration::from_secs(app.settings.delivery.lease.into());
    let time_left = Duration::try_from(lease_ends.duration_since(now)).unwrap_or_default();
    if time_left < lease / 2 || app.tasks.stopping().is_cancelled() {
        return Err(delivery);
    }
    let made = if let Some(reason) = needless(&delivery, now) {
        Made {
            provider: None,
            outcome: Outcome::Skipped { reason },
            detours: Vec::new(),
        }
    } else {
        let begin_by = Instant::now() + time_left.saturating_sub(lease / 2);
        let end_by = Instant::now() + time_left.saturating_sub(RECORDING);
        match route.deliver(&delivery, begin_by, end_by).await {
            Some(made) => made,
            None => return Err(delivery),
        }
    };
    let next_due = next_attempt(app, &delivery, &made.outcome);
    Ok(Completed {
        org_id: delivery.org_id,
        log_id: delivery.log_id,
        notification_id: delivery.message.id,
        channel: route.channel(),
        attempt: delivery.attempt,
        provider: made.provider,
        outcome: made.outcome,
        detours: made.detours,
        next_due,
    })
}

/// Why a delivery is not worth making any more.
fn needless(delivery: &Delivery, now: Timestamp) -> Option<&'static str> {
    if delivery.message.state == "cancelled" {
        return Some("cancelled");
    }
    if delivery.message.state == "expired" || delivery.message.expires_at <= now {
        return Some("expired");
    }
    Some(match delivery.idle.as_deref()? {
        "already_read" => "already_read",
        "already_acknowledged" => "already_acknowledged",
        _ => "address_suppressed",
    })
}

/// When a delivery that did not work is tried again; never after its last attempt.
fn next_attempt(app: &App, delivery: &Delivery, outcome: &Outcome) -> Option<Timestamp> {
    let settings = &app.settings.delivery;
    let (Outcome::Retry { after, .. } | Outcome::Unavailable { after, .. }) = outcome else {
        return None;
    };
    let attempt = delivery.attempt - delivery.attempts_before;
    if attempt >= settings.max_attempts {
        return None;
    }
    // The log id's random tail spreads what failed together, also behind a Retry-After that all of them got.
    let spread = f64::from(delivery.log_id.as_bytes()[15]) / 255.0;
    let pause = match after {
        Some(after) => after.mul_f64(1.0 + spread / 10.0),
        None => settings.pause(attempt, spread),
    };
    Some(app.clock.now() + SignedDuration::try_from(pause).unwrap_or(SignedDuration::from_hours(1)))
}
