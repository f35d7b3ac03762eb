//! A person's own inbox over HTTP.

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
    model::{InboxCounts, InboxItem, InboxStatus},
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
    let rows = store::page(&app.db, &caller, query.status, page.after()?, limit + 1).await?;
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
    status: InboxStatus,
}

/// Mark a message
///
/// As unread, read or archived.
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
    let item = store::set_status(&app.db, &caller, id, change.status)
        .await?
        .ok_or_else(|| ApiError::not_found("This message is not in your inbox."))?;
    app.hub.inbox_changed(caller.org_id(), user_id);
    app.hub.progress(caller.org_id(), id);
    Ok(Answer(item))
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
