//! A person's own inbox over HTTP.

use axum::{Json as Answer, extract::State};
use jiff::{SignedDuration, Timestamp};
use platform::{
    db::Caller,
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::{InboxCounts, InboxFilter, InboxItem, InboxStatus},
    store,
};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_inbox))
        .routes(routes!(count_inbox))
        .routes(routes!(set_inbox_status))
        .routes(routes!(read_all))
        .routes(routes!(mark_inbox))
        .routes(routes!(mark_inbox_seen))
        .routes(routes!(acknowledge_notification))
}

/// An inbox is a person's; a service key has none.
fn require_person(caller: &Caller) -> Result<Uuid, ApiError> {
    caller
        .user_id()
        .ok_or_else(|| ApiError::forbidden("A service key has no inbox. Use the token of a person."))
}

/// `?status=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InboxQuery {
    /// Only these; by default all that is not archived.
    status: Option<InboxStatus>,
    /// Only of this tier: announcement, emergency, reminder or system.
    category: Option<String>,
    /// Only about this (`fees.due` …).
    r#type: Option<String>,
    /// Only what is hidden until later; false by default: only what is not.
    snoozed: Option<bool>,
    /// Only what waits for an acknowledgement.
    unacknowledged: Option<bool>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Read the inbox
///
/// The caller's own messages, newest first.
#[utoipa::path(get, path = "/v1/inbox", tag = "Inbox", operation_id = "listInbox", params(InboxQuery),
    responses((status = 200, body = Page<InboxItem>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_inbox(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> Result<Answer<Page<InboxItem>>, ApiError> {
    require_person(&caller)?;
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    if let Some(category) = query.category.as_deref()
        && !["announcement", "emergency", "reminder", "system"].contains(&category)
    {
        return Err(ApiError::field(
            "category",
            "must be announcement, emergency, reminder or system",
        ));
    }
    let filter = InboxFilter {
        status: query.status,
        category: query.category,
        r#type: query.r#type,
        snoozed: query.snoozed.unwrap_or_default(),
        unacknowledged: query.unacknowledged.unwrap_or_default(),
    };
    let rows = store::page(&app.db, &caller, &filter, page.after()?, limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| {
        (row.created_at, row.notification_id)
    })))
}

/// Count the inbox
#[utoipa::path(get, path = "/v1/inbox/counts", tag = "Inbox", operation_id = "countInbox",
    responses((status = 200, body = InboxCounts),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn count_inbox(State(app): State<App>, caller: Caller) -> Result<Answer<InboxCounts>, ApiError> {
    require_person(&caller)?;
    Ok(Answer(store::counts(&app.db, &caller).await?))
}

/// The body of `PATCH /v1/inbox/{notification_id}`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InboxChange {
    /// Moves it.
    status: Option<InboxStatus>,
    /// Hides it until then; null shows it again.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    snoozed_until: Option<Option<Timestamp>>,
}

/// Tells null (some none) from left out (none).
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change a message
///
/// Marks it as unread, read or archived, or hides it until later.
#[utoipa::path(patch, path = "/v1/inbox/{notification_id}", tag = "Inbox", operation_id = "setInboxStatus",
    params(("notification_id" = Uuid, Path)), request_body = InboxChange,
    responses((status = 200, body = InboxItem),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn set_inbox_status(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Json(change): Json<InboxChange>,
) -> Result<Answer<InboxItem>, ApiError> {
    let user_id = require_person(&caller)?;
    if change.status.is_none() && change.snoozed_until.is_none() {
        return Err(ApiError::field(
            "status",
            "is missing; say status, snoozed_until or both",
        ));
    }
    if let Some(Some(until)) = change.snoozed_until {
        let now = app.clock.now();
        if until <= now || until > now + SignedDuration::from_hours(366 * 24) {
            return Err(ApiError::field(
                "snoozed_until",
                "must be in the future and within a year; null shows the message again",
            ));
        }
    }
    let tx = app.db.tenant(&caller).await?;
    if let Some(status) = change.status {
        store::set_status(&tx, id, status).await?;
    }
    if let Some(until) = change.snoozed_until {
        store::snooze(&tx, id, until).await?;
    }
    let item = store::get(&tx, &caller, id).await?.ok_or_else(not_in_inbox)?;
    tx.commit().await?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    app.hub.progress(caller.org_id(), id);
    Ok(Answer(item))
}

fn not_in_inbox() -> ApiError {
    ApiError::not_found("This message is not in your inbox.")
}

/// The most ids that one request may name.
const MAX_IDS: usize = 1000;

/// The body of `POST /v1/inbox/mark`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InboxMark {
    /// What becomes of them.
    status: InboxStatus,
    /// Up to 1,000 messages; left out: all that are not archived (for archived: all of these, for read: all unread …).
    #[schema(max_items = 1000)]
    notification_ids: Option<Vec<Uuid>>,
}

fn check_ids(ids: Option<&Vec<Uuid>>) -> Result<(), ApiError> {
    match ids.map(Vec::len) {
        Some(length) if length == 0 || length > MAX_IDS => Err(ApiError::field(
            "notification_ids",
            "must have between 1 and 1,000 entries; leave it out for all",
        )),
        _ => Ok(()),
    }
}

/// Mark many or all
///
/// Moves the named messages, or all that are not archived.
#[utoipa::path(post, path = "/v1/inbox/mark", tag = "Inbox", operation_id = "markInbox", request_body = InboxMark,
    responses((status = 200, body = Updated),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn mark_inbox(
    State(app): State<App>,
    caller: Caller,
    Json(mark): Json<InboxMark>,
) -> Result<Answer<Updated>, ApiError> {
    let user_id = require_person(&caller)?;
    check_ids(mark.notification_ids.as_ref())?;
    let updated = store::mark(&app.db, &caller, mark.notification_ids.as_deref(), mark.status).await?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    Ok(Answer(Updated { updated }))
}

/// The body of `POST /v1/inbox/seen`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InboxSeen {
    /// Up to 1,000 messages; left out: all.
    #[schema(max_items = 1000)]
    notification_ids: Option<Vec<Uuid>>,
}

/// Mark as seen
///
/// They were noticed in the list, opened or not: the badge goes back to zero.
#[utoipa::path(post, path = "/v1/inbox/seen", tag = "Inbox", operation_id = "markInboxSeen", request_body = InboxSeen,
    responses((status = 200, body = Updated),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn mark_inbox_seen(
    State(app): State<App>,
    caller: Caller,
    Json(seen): Json<InboxSeen>,
) -> Result<Answer<Updated>, ApiError> {
    let user_id = require_person(&caller)?;
    check_ids(seen.notification_ids.as_ref())?;
    let updated = store::mark_seen(&app.db, &caller, seen.notification_ids.as_deref()).await?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    Ok(Answer(Updated { updated }))
}

/// When a message was acknowledged.
#[derive(Debug, Serialize, ToSchema)]
struct Acknowledged {
    /// The first time counts.
    #[schema(value_type = String, format = DateTime)]
    acknowledged_at: Timestamp,
}

/// Acknowledge a message
///
/// The caller has taken note: its sender sees it, and nothing more is sent to them about it.
#[utoipa::path(post, path = "/v1/inbox/{notification_id}/acknowledge", tag = "Inbox",
    operation_id = "acknowledgeNotification", params(("notification_id" = Uuid, Path)),
    responses((status = 200, body = Acknowledged),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn acknowledge_notification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<Answer<Acknowledged>, ApiError> {
    let user_id = require_person(&caller)?;
    let acknowledged_at = store::acknowledge(&app.db, &caller, id)
        .await?
        .ok_or_else(not_in_inbox)?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    app.hub.progress(caller.org_id(), id);
    Ok(Answer(Acknowledged { acknowledged_at }))
}

/// How many were changed.
#[derive(Debug, Serialize, ToSchema)]
struct Updated {
    updated: i32,
}

/// Mark all as read
#[utoipa::path(post, path = "/v1/inbox/read-all", tag = "Inbox", operation_id = "readAllInbox",
    responses((status = 200, body = Updated),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn read_all(State(app): State<App>, caller: Caller) -> Result<Answer<Updated>, ApiError> {
    let user_id = require_person(&caller)?;
    let updated = store::read_all(&app.db, &caller).await?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    Ok(Answer(Updated { updated }))
}
