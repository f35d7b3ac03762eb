//! Sending, and watching what became of it. For admins, staff and the organization's own server.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use platform::{
    db::{Caller, TenantTx},
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
    ids,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    answer::{Notification, Recipient},
    audience::{Audience, AudienceRequest, Preview, PreviewRequest},
    lifecycle_api::{self, Key},
    model::{Channel, DeliveryLog, Draft, NewNotification},
    policy_api,
    store::{self, lifecycle},
};
use crate::{app::App, templates};

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_notification, list_notifications))
        .routes(routes!(get_notification))
        .routes(routes!(list_recipients))
        .routes(routes!(list_deliveries))
        .routes(routes!(preview_audience))
        .merge(lifecycle_api::router())
        .merge(policy_api::router())
}

/// Only admins, staff and service keys send and watch.
pub(super) fn require_staff(tx: &TenantTx) -> Result<(), ApiError> {
    match tx.role() {
        "admin" | "staff" | "service" => Ok(()),
        other => Err(ApiError::forbidden(format!(
            "Sending and watching messages is for admin and staff; your role is {other}."
        ))),
    }
}

/// Resolves an audience that stands at `at` in the body.
pub(super) async fn resolve_at(
    tx: &TenantTx,
    org_id: Uuid,
    asked: &AudienceRequest,
    at: &str,
) -> Result<Audience, ApiError> {
    store::resolve(tx, org_id, asked).await?.map_err(|mut errors| {
        for error in &mut errors {
            error.field = error.field.replacen("audience", at, 1);
        }
        ApiError::validation(errors)
    })
}

/// Send a notification
///
/// Writes the message and answers at once; its recipients are worked out and reached in the background. With an
/// `Idempotency-Key` a repeated request gets the first one's answer instead of sending twice.
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
) -> Result<(StatusCode, Answer<Value>), ApiError> {
    let key = Key::from_headers("createNotification", &headers, &new)?;
    let draft = new
        .check(app.clock.now(), &app.channels)
        .map_err(ApiError::validation)?;
    let org_id = caller.org_id();

    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    if let Some(key) = &key
        && let Some(answer) = key.take(&tx, org_id).await?
    {
        return Ok((StatusCode::ACCEPTED, Answer(answer)));
    }
    let id = write(&app, &tx, &caller, &new, &draft, "audience").await?;
    let notification = store::get(&tx, org_id, id)
        .await?
        .ok_or_else(|| ApiError::internal(&"a new notification is missing"))?;
    let answer = serde_json::to_value(&notification).map_err(|error| ApiError::internal(&error))?;
    if let Some(key) = &key {
        key.keep(&tx, org_id, &answer).await?;
    }
    tx.commit().await?;
    app.wake.expander.notify_one();
    Ok((StatusCode::ACCEPTED, Answer(answer)))
}

/// Writes one checked notification; `at` is where its audience stands in the body.
pub(super) async fn write(
    app: &App,
    tx: &TenantTx,
    caller: &Caller,
    new: &NewNotification,
    draft: &Draft,
    at: &str,
) -> Result<Uuid, ApiError> {
    let draft = &composed(tx, caller.org_id(), new, draft, at).await?;
    let audience = resolve_at(tx, caller.org_id(), &new.audience, at).await?;
    if !store::reaches_somebody(tx, caller.org_id(), &audience).await? {
        return Err(ApiError::field(at, "reaches nobody: no active person fits all of it"));
    }
    let id = ids::new_id();
    lifecycle::insert(tx, caller, id, draft, &audience, &channel_words(app)).await?;
    Ok(id)
}

/// The draft with what its template comes to; `at` is where its audience stands in the body.
pub(super) async fn composed(
    tx: &TenantTx,
    org_id: Uuid,
    new: &NewNotification,
    draft: &Draft,
    at: &str,
) -> Result<Draft, ApiError> {
    let mut draft = draft.clone();
    if let Some(asked) = &new.template {
        let composed = templates::compose(tx, org_id, asked).await?.map_err(|mut errors| {
            for error in &mut errors {
                error.field = at.replacen("audience", &error.field, 1);
            }
            ApiError::validation(errors)
        })?;
        draft.title.clone_from(&composed.title);
        draft.content.clone_from(&composed.content);
        draft.composed = Some(composed);
    }
    Ok(draft)
}

/// The channels that this server can send on, as the database writes them.
pub(super) fn channel_words(app: &App) -> Vec<&'static str> {
    app.channels.iter().map(|channel| channel.as_str()).collect()
}

/// `?state=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NotificationQuery {
    /// Only messages in these states, separated by commas: draft, scheduled, expanding, sending, done, cancelled, expired.
    state: Option<String>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl NotificationQuery {
    fn states(&self) -> Result<Option<Vec<&str>>, ApiError> {
        let known = [
            "draft",
            "scheduled",
            "expanding",
            "sending",
            "done",
            "cancelled",
            "expired",
        ];
        let Some(state) = self.state.as_deref() else {
            return Ok(None);
        };
        let states: Vec<&str> = state.split(',').collect();
        match states.iter().find(|state| !known.contains(state)) {
            Some(other) => Err(ApiError::field(
                "state",
                format!("{other:?} is not known; there are {}", known.join(", ")),
            )),
            None => Ok(Some(states)),
        }
    }
}

/// List notifications
///
/// Newest first, with their totals.
#[utoipa::path(get, path = "/v1/notifications", tag = "Notifications", operation_id = "listNotifications", params(NotificationQuery),
    responses((status = 200, body = Page<Notification>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_notifications(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<NotificationQuery>,
) -> Result<Answer<Page<Notification>>, ApiError> {
    let states = query.states()?;
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor.clone(),
    };
    let limit = page.limit()?;
    let before = page.after()?;
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let rows = store::list(&tx, caller.org_id(), states.as_deref(), before, limit + 1).await?;
    tx.commit().await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| (row.created_at, row.id))))
}

/// Get a notification
///
/// With the totals per channel and state. Its version is the ETag.
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
) -> Result<impl IntoResponse, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let notification = store::get(&tx, caller.org_id(), id)
        .await?
        .ok_or_else(unknown_notification)?;
    tx.commit().await?;
    Ok(tagged(notification))
}

/// With its version as ETag.
pub(super) fn tagged(notification: Notification) -> impl IntoResponse {
    (
        [(header::ETAG, format!("\"{}\"", notification.version))],
        Answer(notification),
    )
}

pub(super) fn unknown_notification() -> ApiError {
    ApiError::not_found("No notification of this organization has this id.")
}

/// Opens the way to what belongs to a notification: the caller may watch, and it is there.
pub(super) async fn require_notification(app: &App, caller: &Caller, id: Uuid) -> Result<(), ApiError> {
    let tx = app.db.tenant(caller).await?;
    require_staff(&tx)?;
    let found = store::exists(&tx, caller.org_id(), id).await?;
    tx.commit().await?;
    if found { Ok(()) } else { Err(unknown_notification()) }
}

/// `?acknowledged=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RecipientQuery {
    /// Only who has acknowledged (true) or has not (false).
    acknowledged: Option<bool>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List recipients
///
/// Who it is for and why, and how far each channel got.
#[utoipa::path(get, path = "/v1/notifications/{id}/recipients", tag = "Notifications", operation_id = "listRecipients",
    params(("id" = Uuid, Path), RecipientQuery),
    responses((status = 200, body = Page<Recipient>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_recipients(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(query): Query<RecipientQuery>,
) -> Result<Answer<Page<Recipient>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let after = page.after()?;
    require_notification(&app, &caller, id).await?;
    let rows = store::recipients(&app.db, &caller, id, query.acknowledged, after, limit + 1).await?;
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
    let audience = resolve_at(&tx, caller.org_id(), &request.audience, "audience").await?;
    let preview = store::preview(&tx, caller.org_id(), &audience).await?;
    tx.commit().await?;
    Ok(Answer(preview))
}
