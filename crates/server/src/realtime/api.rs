//! Tickets, and the WebSocket that they open.

use axum::{
    Json as Answer,
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use platform::{
    db::Caller,
    http::{ApiError, Problem, Query},
    ids,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    socket::{self, MAX_FRAME},
    store,
};
use crate::app::App;

const TICKET_LIFE: SignedDuration = SignedDuration::from_secs(30);

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_ticket))
        .routes(routes!(open_socket))
}

/// A ticket to one WebSocket.
#[derive(Debug, Serialize, ToSchema)]
struct Ticket {
    /// Goes into `GET /v1/realtime?ticket=…`, once.
    ticket: String,
    /// 30 seconds from now.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Get a ticket for a WebSocket
///
/// A browser cannot send an Authorization header with a WebSocket, and a long-lived token has no place in a URL.
#[utoipa::path(post, path = "/v1/realtime/tickets", tag = "Realtime", operation_id = "createRealtimeTicket",
    responses((status = 201, body = Ticket),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn create_ticket(State(app): State<App>, caller: Caller) -> Result<(StatusCode, Answer<Ticket>), ApiError> {
    if caller.user_id().is_none() {
        return Err(ApiError::forbidden(
            "Realtime is for people; a service key has no inbox. Use the token of a person.",
        ));
    }
    let secret = ids::new_secret();
    let expires_at = app.clock.now() + TICKET_LIFE;
    store::add_ticket(&app.db, &caller, &Sha256::digest(secret), expires_at).await?;
    let ticket = URL_SAFE_NO_PAD.encode([caller.org_id().as_bytes().as_slice(), &secret].concat());
    Ok((StatusCode::CREATED, Answer(Ticket { ticket, expires_at })))
}

/// `?ticket=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TicketQuery {
    /// From `POST /v1/realtime/tickets`.
    #[serde(default)]
    #[param(required = true)]
    ticket: String,
}

/// Open the WebSocket
///
/// JSON text frames. The server sends `ready`, `notification.created`, `inbox.count` and `notification.progress`; the client
/// answers `{"type":"ack","delivery_ids":[…]}` for what it has shown. docs/API-DESIGN.md describes each.
#[utoipa::path(get, path = "/v1/realtime", tag = "Realtime", operation_id = "openRealtime", params(TicketQuery), security(()),
    responses((status = 101, description = "Switching to WebSocket"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn open_socket(
    State(app): State<App>,
    headers: HeaderMap,
    Query(query): Query<TicketQuery>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    check_origin(&headers)?;
    let refused =
        || ApiError::unauthenticated("This ticket is used up or too old. Get a new one: POST /v1/realtime/tickets.");
    let ticket: [u8; 48] = URL_SAFE_NO_PAD
        .decode(&query.ticket)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(refused)?;
    let org_id = Uuid::from_slice(&ticket[..16]).map_err(|_| refused())?;
    let upgrade = upgrade.map_err(|_| ApiError::malformed("This address takes WebSocket connections only."))?;
    let hash = Sha256::digest(&ticket[16..]);
    let person = store::take_ticket(&app.db, org_id, &hash, app.clock.now())
        .await?
        .ok_or_else(refused)?;
    let tasks = app.tasks.clone();
    // Buffers of axum's default size would cost 135 KB a connection.
    Ok(upgrade
        .read_buffer_size(512)
        .write_buffer_size(4096)
        .max_frame_size(4 * MAX_FRAME)
        .max_message_size(4 * MAX_FRAME)
        .on_upgrade(move |socket| async move { tasks.spawn("websocket", socket::serve(app, person, socket)) }))
}

/// A page of another site must not open a socket here, ticket or not.
fn check_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return Ok(());
    };
    let same = origin.split_once("://").map(|(_, host)| host) == text(header::HOST);
    if same {
        Ok(())
    } else {
        Err(ApiError::forbidden(
            "Pages of another origin may not open a socket here.",
        ))
    }
}
