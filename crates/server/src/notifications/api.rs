//! Sending, and watching what became of it. For admins, staff and the organization's own server.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use platform::{
    db::{Caller, TenantTx},
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
    ids,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    audience::{Audience, AudienceRequest, Preview, PreviewRequest},
    model::{Channel, DeliveryLog, NewNotification, Notification, Recipient},
    store,
};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_notification, list_notifications))
        .routes(routes!(get_notification))
        .routes(routes!(list_recipients))
        .routes(routes!(list_deliveries))
        .routes(routes!(preview_audience))
}

/// Only admins, staff and service keys send and watch.
fn require_staff(tx: &TenantTx) -> Result<(), ApiError> {
    match tx.role() {
        "admin" | "staff" | "service" => Ok(()),
        other => Err(ApiError::forbidden(format!(
            "Sending and watching messages is for admin and staff; your role is {other}."
        ))),
    }
}

async fn resolve(tx: &TenantTx, org_id: Uuid, asked: &AudienceRequest) -> Result<Audience, ApiError> {
    store::resolve(tx, org_id, asked).await?.map_err(ApiError::validation)
}

/// Send a notification
///
/// Writes the message and answers at once; its recipients are worked out and reached in the background. With an
/// `Idempotency-Key` a repeated request answers with the same notification instead of sending twice.
#[utoipa::path(post, path = "/v1/notifications", tag = "Notifications", operation_id = "createNotification",
    request_body = NewNotification,
    params(("Idempotency-Key" = Option<String>, Header, description = "1–200 characters, once per message")),
    responses((status = 202, body = Notification),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create_notification(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewNotification>,
) -> Result<(StatusCode, Answer<Notification>), ApiError> {
    let key = idempotency_key(&headers)?;
    let draft = new
        .check(app.clock.now(), &app.channels)
        .map_err(ApiError::validation)?;
    let hash = Sha256::digest(serde_json::to_vec(&new).map_err(|error| ApiError::internal(&error))?);
    let org_id = caller.org_id();

    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    if let Some(key) = key
        && let Some(notification) = replay(&tx, org_id, key, &hash).await?
    {
        return Ok((StatusCode::ACCEPTED, Answer(notification)));
    }
    let audience = resolve(&tx, org_id, &new.audience).await?;
    if !store::reaches_somebody(&tx, org_id, &audience).await? {
        return Err(ApiError::field(
            "audience",
            "reaches nobody: no active person fits all of it",
        ));
    }
    let id = ids::new_id();
    if !store::insert(&tx, &caller, id, &draft, &audience, key.map(|key| (key, &hash[..]))).await? {
        // The same key came in at the same moment; the other request has committed by now.
        let first = match key {
            Some(key) => replay(&tx, org_id, key, &hash).await?,
            None => None,
        };
        return first
            .map(|notification| (StatusCode::ACCEPTED, Answer(notification)))
            .ok_or_else(|| ApiError::unavailable("The same Idempotency-Key is being handled. Try again."));
    }
    let notification = store::get(&tx, org_id, id)
        .await?
        .ok_or_else(|| ApiError::internal(&"a new notification is missing"))?;
    tx.commit().await?;
    app.wake.expander.notify_one();
    Ok((StatusCode::ACCEPTED, Answer(notification)))
}

async fn replay(tx: &TenantTx, org_id: Uuid, key: &str, hash: &[u8]) -> Result<Option<Notification>, ApiError> {
    match store::find_by_idempotency_key(tx, org_id, key).await? {
        None => Ok(None),
        Some((_, first)) if first != hash => Err(ApiError::conflict(
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Use a new key for a new message.",
        )),
        Some((id, _)) => Ok(store::get(tx, org_id, id).await?),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key)),
        _ => Err(ApiError::field(
            "Idempotency-Key",
            "must be 1–200 printable ASCII characters",
        )),
    }
}

/// List notifications
///
/// Newest first, with their totals.
#[utoipa::path(get, path = "/v1/notifications", tag = "Notifications", operation_id = "listNotifications", params(PageQuery),
    responses((status = 200, body = Page<Notification>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_notifications(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Answer<Page<Notification>>, ApiError> {
    let limit = page.limit()?;
    let before = page.after()?;
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let rows = store::list(&tx, caller.org_id(), before, limit + 1).await?;
    tx.commit().await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| (row.created_at, row.id))))
}

/// Get a notification
///
/// With the totals per channel and state.
#[utoipa::path(get, path = "/v1/notifications/{id}", tag = "Notifications", operation_id = "getNotification",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Notification),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_notification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Answer<Notification>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let notification = store::get(&tx, caller.org_id(), id)
        .await?
        .ok_or_else(unknown_notification)?;
    tx.commit().await?;
    Ok(Answer(notification))
}

fn unknown_notification() -> ApiError {
    ApiError::not_found("No notification of this organization has this id.")
}

/// Opens the way to what belongs to a notification: the caller may watch, and it is there.
async fn require_notification(app: &App, caller: &Caller, id: Uuid) -> Result<(), ApiError> {
    let tx = app.db.tenant(caller).await?;
    require_staff(&tx)?;
    let found = store::exists(&tx, caller.org_id(), id).await?;
    tx.commit().await?;
    if found { Ok(()) } else { Err(unknown_notification()) }
}

/// List recipients
///
/// Who it is for and why, and how far each channel got.
#[utoipa::path(get, path = "/v1/notifications/{id}/recipients", tag = "Notifications", operation_id = "listRecipients",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<Recipient>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_recipients(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<Page<Recipient>>, ApiError> {
    let limit = page.limit()?;
    let after = page.after()?;
    require_notification(&app, &caller, id).await?;
    let rows = store::recipients(&app.db, &caller, id, after, limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| row.recipient_id)))
}

/// `?channel=…&status=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only this channel.
    channel: Option<Channel>,
    /// Only this state: pending, sent, delivered, failed, bounced or skipped.
    status: Option<String>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List deliveries
///
/// One row for each recipient and channel, with its true state.
#[utoipa::path(get, path = "/v1/notifications/{id}/deliveries", tag = "Notifications", operation_id = "listDeliveries",
    params(("id" = Uuid, Path), DeliveryQuery),
    responses((status = 200, body = Page<DeliveryLog>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_deliveries(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<DeliveryQuery>,
) -> Result<Answer<Page<DeliveryLog>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let after = page.after()?;
    if let Some(status) = query.status.as_deref()
        && !["pending", "sent", "delivered", "failed", "bounced", "skipped"].contains(&status)
    {
        return Err(ApiError::field(
            "status",
            "must be pending, sent, delivered, failed, bounced or skipped",
        ));
    }
    require_notification(&app, &caller, id).await?;
    let filter = store::LogFilter {
        channel: query.channel.map(Channel::as_str),
        status: query.status.as_deref(),
        after,
        limit: limit + 1,
    };
    let rows = store::deliveries(&app.db, &caller, id, &filter).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| row.id)))
}

/// Preview an audience
///
/// Whom it would reach now, and why.
#[utoipa::path(post, path = "/v1/audiences/preview", tag = "Notifications", operation_id = "previewAudience",
    request_body = PreviewRequest,
    responses((status = 200, body = Preview),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn preview_audience(
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<PreviewRequest>,
) -> Result<Answer<Preview>, ApiError> {
    let errors = request.audience.check();
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let audience = resolve(&tx, caller.org_id(), &request.audience).await?;
    let preview = store::preview(&tx, caller.org_id(), &audience).await?;
    tx.commit().await?;
    Ok(Answer(preview))
}
