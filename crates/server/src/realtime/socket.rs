//! One WebSocket: greets, replays what was not acknowledged, carries frames out and acknowledgements in.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use platform::db::{Caller, DbError, Person};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    hub::Seat,
    store::{self, Open},
};
use crate::app::App;

/// The largest frame that a device may send, in bytes. Four times as much is still read, to be able to say so.
pub(super) const MAX_FRAME: usize = 16 * 1024;
/// Acknowledgements that one frame may carry.
const MAX_ACKNOWLEDGED: usize = 400;
/// A device that says nothing (not even a pong) for two of these is gone.
const PING_EVERY: Duration = Duration::from_secs(25);
/// Messages that one statement reads for the replay on connecting.
const REPLAY: i64 = 50;

/// What a device may say.
#[derive(Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
enum FromDevice {
    /// These were shown.
    #[serde(rename = "ack")]
    Acknowledge { delivery_ids: Vec<Uuid> },
}

/// Why a conversation ended.
struct Goodbye(u16, &'static str);

/// Serves one device until it leaves, is too slow, breaks the protocol, or the process stops.
pub(super) async fn serve(app: App, person: Person, mut socket: WebSocket) {
    let caller = Caller::Person(person.clone());
    let Goodbye(code, reason) = match converse(&app, &person, &caller, &mut socket).await {
        Ok(goodbye) => goodbye,
        Err(Failure::Gone) => return,
        Err(Failure::Database(DbError::Unauthenticated)) => Goodbye(close_code::POLICY, "membership ended"),
        Err(Failure::Database(error)) => {
            tracing::error!(%error, "a realtime connection failed");
            Goodbye(close_code::AGAIN, "try again")
        }
    };
    let _gone_already = socket
        .send(Message::Close(Some(CloseFrame {
            code,
            reason: reason.into(),
        })))
        .await;
}

enum Failure {
    Gone,
    Database(DbError),
}

impl From<axum::Error> for Failure {
    fn from(_: axum::Error) -> Self {
        Self::Gone
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

async fn converse(app: &App, person: &Person, caller: &Caller, socket: &mut WebSocket) -> Result<Goodbye, Failure> {
    let (role, unread) = store::greeting(&app.db, caller).await?;
    // Seated before the replay is read: what commits in between comes twice rather than not at all.
    let mut seat = app.hub.join(person, matches!(role.as_str(), "admin" | "staff"));
    socket
        .send(Message::text(json!({"type": "ready", "unread": unread}).to_string()))
        .await?;
    replay(app, person, socket).await?;
    carry(app, caller, socket, &mut seat).await
}

/// Sends everything that the person has not acknowledged, oldest first.
async fn replay(app: &App, person: &Person, socket: &mut WebSocket) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let open = store::unacknowledged(&app.db, person, app.clock.now(), after, REPLAY).await?;
        for one in &open {
            send(socket, &one.frame()).await?;
        }
        store::mark_sent(&app.db, &open.iter().collect::<Vec<&Open>>(), app.clock.now()).await?;
        after = open.last().map(|one| one.log_id);
        if i64::try_from(open.len()).unwrap_or(REPLAY) < REPLAY {
            return Ok(());
        }
    }
}

async fn carry(app: &App, caller: &Caller, socket: &mut WebSocket, seat: &mut Seat) -> Result<Goodbye, Failure> {
    let stopping = app.tasks.stopping();
    let mut ping = tokio::time::interval(PING_EVERY);
    let mut heard = true;
    loop {
        tokio::select! {
            frame = seat.inbox.recv() => match frame {
                Some(frame) => {
                    send(socket, &frame).await?;
                    seat.passed_on();
                }
                None => return Ok(Goodbye(close_code::AGAIN, "reading too slowly; reconnect")),
            },
            message = socket.recv() => {
                heard = true;
                match message.ok_or(Failure::Gone)?? {
                    Message::Text(text) if text.len() > MAX_FRAME => {
                        return Ok(Goodbye(close_code::SIZE, "frame too large"));
                    }
                    Message::Text(text) => match serde_json::from_str(&text) {
                        Ok(FromDevice::Acknowledge { delivery_ids }) if delivery_ids.len() <= MAX_ACKNOWLEDGED => {
                            for id in store::acknowledge(&app.db, caller, &delivery_ids).await? {
                                app.hub.progress(caller.org_id(), id);
                            }
                        }
                        _ => return Ok(Goodbye(close_code::POLICY, "not understood")),
                    },
                    Message::Binary(_) => return Ok(Goodbye(close_code::UNSUPPORTED, "text frames only")),
                    Message::Close(_) => return Err(Failure::Gone),
                    Message::Ping(_) | Message::Pong(_) => {}
                }
            }
            _ = ping.tick() => {
                if !std::mem::take(&mut heard) {
                    return Err(Failure::Gone);
                }
                socket.send(Message::Ping(Vec::new().into())).await?;
            }
            () = stopping.cancelled() => return Ok(Goodbye(close_code::RESTART, "restarting; reconnect")),
        }
    }
}

async fn send(socket: &mut WebSocket, frame: &Arc<str>) -> Result<(), Failure> {
    match tokio::time::timeout(PING_EVERY, socket.send(Message::text(&**frame))).await {
        Ok(sent) => Ok(sent?),
        Err(_) => Err(Failure::Gone),
    }
}
