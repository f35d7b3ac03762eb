//! What became of deliveries, for admins, staff and the organization's own server: the timeline of a person, dead letters,
//! and taking them up again.

use axum::{Json as Answer, extract::State};
use platform::{
    db::Caller,
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::check_reason,
    store::log::{self, DeadFilter, DeadLetter, Timeline},
};
use crate::{app::App, notifications::Channel};

/// The most deliveries that one request may name.
const MAX_IDS: usize = 1_000;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_timeline))
        .routes(routes!(list_dead_letters))
        .routes(routes!(redrive))
}

/// What happened to one person's deliveries of a message
///
/// Each channel's delivery with its attempts, the providers' answers, what they reported later, and the present state; oldest
/// first.
#[utoipa::path(get, path = "/v1/notifications/{id}/recipients/{recipient_id}/timeline", tag = "Deliveries",
    operation_id = "getTimeline", params(("id" = Uuid, Path), ("recipient_id" = Uuid, Path)),
    responses((status = 200, body = Timeline),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_timeline(
    State(app): State<App>,
    caller: Caller,
    Path((id, recipient_id)): Path<(Uuid, Uuid)>,
) -> Result<Answer<Timeline>, ApiError> {
    require_staff(&app, &caller).await?;
    let timeline = log::timeline(&app.db, &caller, id, recipient_id).await?;
    timeline
        .map(Answer)
        .ok_or_else(|| ApiError::not_found("There is no such recipient of such a notification."))
}

/// `?channel=…&reason=…&notification_id=…&limit=…&cursor=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeadQuery {
    /// Only this channel.
    channel: Option<Channel>,
    /// Only this reason.
    reason: Option<String>,
    /// Only of this notification.
    notification_id: Option<Uuid>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Deliveries that were given up
///
/// Dead letters, the latest first, with the reason and what the provider said.
#[utoipa::path(get, path = "/v1/deliveries/failed", tag = "Deliveries", operation_id = "listDeadLetters", params(DeadQuery),
    responses((status = 200, body = Page<DeadLetter>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_dead_letters(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DeadQuery>,
) -> Result<Answer<Page<DeadLetter>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let after = page.after()?;
    require_staff(&app, &caller).await?;
    let filter = DeadFilter {
        notification_id: query.notification_id,
        channel: query.channel.map(Channel::as_str),
        reason: query.reason.as_deref(),
    };
    let rows = log::dead_letters(&app.db, &caller, &filter, after, limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| (row.failed_at, row.id))))
}

/// Which dead letters to take up again; what is left out is not looked at. At least one must be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Redrive {
    /// All of this notification.
    notification_id: Option<Uuid>,
    /// All of this channel.
    channel: Option<Channel>,
    /// All that failed for this reason.
    #[schema(example = "attempts_exhausted")]
    reason: Option<String>,
    /// These, at most 1,000.
    delivery_ids: Option<Vec<Uuid>>,
}

/// How many were taken up again.
#[derive(Debug, Serialize, ToSchema)]
struct Redriven {
    /// Deliveries that are pending again. 10,000 at most at a time: ask again while it is that many.
    redriven: i32,
}

/// Take up dead letters again
///
/// With as many attempts as at first. Deliveries of messages that are cancelled or no longer true are left alone.
#[utoipa::path(post, path = "/v1/deliveries/redrive", tag = "Deliveries", operation_id = "redriveDeliveries",
    request_body = Redrive,
    responses((status = 200, body = Redriven),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn redrive(
    State(app): State<App>,
    caller: Caller,
    Json(asked): Json<Redrive>,
) -> Result<Answer<Redriven>, ApiError> {
    require_staff(&app, &caller).await?;
    let ids = asked.delivery_ids.as_deref();
    if asked.notification_id.is_none() && asked.channel.is_none() && asked.reason.is_none() && ids.is_none() {
        return Err(ApiError::field(
            "notification_id",
            "say which: notification_id, channel, reason or delivery_ids",
        ));
    }
    if ids.is_some_and(|ids| ids.is_empty() || ids.len() > MAX_IDS) {
        return Err(ApiError::field("delivery_ids", "must have 1 to 1,000 entries"));
    }
    if let Some(message) = asked.reason.as_deref().and_then(check_reason) {
        return Err(ApiError::field("reason", message));
    }
    let filter = DeadFilter {
        notification_id: asked.notification_id,
        channel: asked.channel.map(Channel::as_str),
        reason: asked.reason.as_deref(),
    };
    let redriven = log::redrive(&app.db, &caller, &filter, ids).await?;
    app.wake.dispatcher.notify_waiters();
    Ok(Answer(Redriven { redriven }))
}

/// Only admins, staff and service keys watch deliveries.
pub(super) async fn require_staff(app: &App, caller: &Caller) -> Result<(), ApiError> {
    let tx = app.db.tenant(caller).await?;
    let role = tx.role().to_owned();
    tx.commit().await?;
    match role.as_str() {
        "admin" | "staff" | "service" => Ok(()),
        other => Err(ApiError::forbidden(format!(
            "Watching deliveries is for admin and staff; your role is {other}."
        ))),
    }
}
