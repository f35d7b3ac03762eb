//! A message's life over HTTP: many at once, edits, sending a draft, calling off, and what happened.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use platform::{
    db::{Caller, DbError, TenantTx},
    http::{ApiError, FieldError, Json, Page, PageQuery, Path, Problem, Query, read_json},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    answer::{HistoryEntry, Notification},
    api::{
        channel_words, composed, require_notification, require_staff, resolve_at, tagged, unknown_notification, write,
    },
    edit,
    model::NewNotification,
    store::{
        self,
        idempotency::{self, Known},
        lifecycle,
    },
};
use crate::app::App;

/// The most messages that one request may ask for.
const MAX_AT_ONCE: usize = 1000;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_notifications))
        .routes(routes!(edit_notification))
        .routes(routes!(send_notification))
        .routes(routes!(cancel_notification))
        .routes(routes!(list_history))
}

/// A request's `Idempotency-Key` with what it stands for.
pub(super) struct Key {
    operation: &'static str,
    key: String,
    hash: [u8; 32],
}

impl Key {
    /// The key of a request, if it has one.
    pub(super) fn from_headers(
        operation: &'static str,
        headers: &HeaderMap,
        body: &impl Serialize,
    ) -> Result<Option<Self>, ApiError> {
        let Some(value) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = match value.to_str() {
            Ok(key) if (1..=200).contains(&key.len()) => key.to_owned(),
            _ => {
                return Err(ApiError::field(
                    "Idempotency-Key",
                    "must be 1–200 printable ASCII characters",
                ));
            }
        };
        let body = serde_json::to_vec(body).map_err(|error| ApiError::internal(&error))?;
        Ok(Some(Self {
            operation,
            key,
            hash: Sha256::digest(body).into(),
        }))
    }

    /// Takes the key; the first answer when the same request came before.
    pub(super) async fn take(&self, tx: &TenantTx, org_id: Uuid) -> Result<Option<Value>, ApiError> {
        match idempotency::take(tx, org_id, self.operation, &self.key, &self.hash).await? {
            Known::New => Ok(None),
            Known::Answered(answer) => Ok(Some(answer)),
            Known::OtherRequest => Err(ApiError::conflict(
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request. Use a new key for a new message.",
            )),
        }
    }

    /// Keeps the answer.
    pub(super) async fn keep(&self, tx: &TenantTx, org_id: Uuid, answer: &Value) -> Result<(), ApiError> {
        Ok(idempotency::keep(tx, org_id, self.operation, &self.key, answer).await?)
    }
}

/// The body of `POST /v1/notifications/bulk`.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNotifications {
    /// 1–1,000 messages.
    #[schema(min_items = 1, max_items = 1000)]
    notifications: Vec<NewNotification>,
}

/// The messages that were written, in the order that they were asked for.
#[derive(Debug, Serialize, ToSchema)]
struct Written {
    items: Vec<WrittenItem>,
}

/// A message that was written.
#[derive(Debug, Serialize, ToSchema)]
struct WrittenItem {
    /// Its id.
    id: Uuid,
}

/// Send many notifications
///
/// All of them are written, or (when one is not valid) none. Each is expanded and sent in the background like any other.
#[utoipa::path(post, path = "/v1/notifications/bulk", tag = "Notifications", operation_id = "createNotifications",
    request_body = NewNotifications,
    params(("Idempotency-Key" = Option<String>, Header, description = "1–200 characters, once per request")),
    responses((status = 202, body = Written),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn create_notifications(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewNotifications>,
) -> Result<(StatusCode, Answer<Value>), ApiError> {
    let key = Key::from_headers("createNotifications", &headers, &new)?;
    if new.notifications.is_empty() || new.notifications.len() > MAX_AT_ONCE {
        return Err(ApiError::field(
            "notifications",
            "must have between 1 and 1,000 entries",
        ));
    }
    let (mut drafts, mut errors) = (Vec::new(), Vec::new());
    for (index, one) in new.notifications.iter().enumerate() {
        match one.check(app.clock.now(), &app.channels) {
            Ok(draft) => drafts.push(draft),
            Err(found) => errors.extend(
                found
                    .into_iter()
                    .map(|error| FieldError::new(format!("notifications[{index}].{}", error.field), error.message)),
            ),
        }
    }
    if !errors.is_empty() {
        errors.truncate(100);
        return Err(ApiError::validation(errors));
    }
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    if let Some(key) = &key
        && let Some(answer) = key.take(&tx, caller.org_id()).await?
    {
        return Ok((StatusCode::ACCEPTED, Answer(answer)));
    }
    let mut items = Vec::with_capacity(drafts.len());
    for (index, (one, draft)) in new.notifications.iter().zip(&drafts).enumerate() {
        let at = format!("notifications[{index}].audience");
        let id = write(&app, &tx, &caller, one, draft, &at).await?;
        items.push(WrittenItem { id });
    }
    let answer = json!(Written { items });
    if let Some(key) = &key {
        key.keep(&tx, caller.org_id(), &answer).await?;
    }
    tx.commit().await?;
    app.wake.expander.notify_one();
    Ok((StatusCode::ACCEPTED, Answer(answer)))
}

/// The fields of a message that can be edited; what is left out stays, null takes back to the default.
#[derive(Debug, ToSchema)]
#[schema(as = NotificationChanges)]
#[allow(
    dead_code,
    reason = "describes the body, which is read as an object to tell null from left out"
)]
struct Changes {
    title: Option<String>,
    content: Option<String>,
    #[schema(value_type = Option<Object>)]
    template: Option<Value>,
    #[schema(value_type = Option<Object>)]
    audience: Option<Value>,
    category: Option<super::Category>,
    priority: Option<super::Priority>,
    severity: Option<super::Severity>,
    r#type: Option<String>,
    channels: Option<Vec<super::Channel>>,
    acknowledgement: Option<bool>,
    action_url: Option<String>,
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
    #[schema(value_type = Option<Object>)]
    related_entity: Option<Value>,
    #[schema(value_type = Option<String>, format = DateTime)]
    scheduled_for: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<String>,
}

/// Edit a notification
///
/// As long as it is a draft or waits for its time. A JSON merge patch: what is left out stays, null takes back to the
/// default. With `If-Match` only if nobody has edited it meanwhile.
#[utoipa::path(patch, path = "/v1/notifications/{id}", tag = "Notifications", operation_id = "editNotification",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag that was read")),
    request_body = Changes,
    responses((status = 200, body = Notification),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn edit_notification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Json(changes): Json<Map<String, Value>>,
) -> Result<impl IntoResponse, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let notification = apply(&app, &tx, &caller, id, &headers, &changes, false).await?;
    tx.commit().await?;
    app.wake.expander.notify_one();
    Ok(tagged(notification))
}

/// Send a draft
///
/// It goes out now, or at its time.
#[utoipa::path(post, path = "/v1/notifications/{id}/send", tag = "Notifications", operation_id = "sendNotification",
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the ETag that was read")),
    responses((status = 202, body = Notification),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 412, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn send_notification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let notification = apply(&app, &tx, &caller, id, &headers, &Map::new(), true).await?;
    tx.commit().await?;
    app.wake.expander.notify_one();
    Ok((StatusCode::ACCEPTED, tagged(notification)))
}

/// Locks a message, lays the changes over it and writes it, if it may still change. `send` makes a draft go out.
async fn apply(
    app: &App,
    tx: &TenantTx,
    caller: &Caller,
    id: Uuid,
    headers: &HeaderMap,
    changes: &Map<String, Value>,
    send: bool,
) -> Result<Notification, ApiError> {
    let org_id = caller.org_id();
    let current = lifecycle::lock(tx, org_id, id)
        .await?
        .ok_or_else(unknown_notification)?;
    require_version(headers, current.version)?;
    match current.state.as_str() {
        "draft" => {}
        "scheduled" if !send => {}
        "scheduled" => return Err(already("This message has been sent off already.".to_owned())),
        state => {
            return Err(already(format!(
                "This message is {state} and can no longer be changed."
            )));
        }
    }
    let before = store::get(tx, org_id, id).await?.ok_or_else(unknown_notification)?;
    let mut body =
        edit::with_changes(&before, current.asked_channels.as_deref(), changes).map_err(ApiError::validation)?;
    if send {
        body["draft"] = json!(false);
    }
    let new: NewNotification = read_json(body)?;
    let mut draft = new
        .check(app.clock.now(), &app.channels)
        .map_err(ApiError::validation)?;
    if !send && !changes.contains_key("scheduled_for") {
        draft.scheduled_for = before.scheduled_for; // a time that has passed meanwhile is no edit
    }
    let draft = composed(tx, org_id, &new, &draft, "audience").await?;
    let audience = resolve_at(tx, org_id, &new.audience, "audience").await?;
    if !store::reaches_somebody(tx, org_id, &audience).await? {
        return Err(ApiError::field(
            "audience",
            "reaches nobody: no active person fits all of it",
        ));
    }
    lifecycle::update(tx, org_id, id, &draft, &audience, &channel_words(app)).await?;
    store::get(tx, org_id, id).await?.ok_or_else(unknown_notification)
}

fn already(detail: String) -> ApiError {
    ApiError::conflict("already_sent", detail)
}

fn require_version(headers: &HeaderMap, version: i32) -> Result<(), ApiError> {
    let Some(asked) = headers.get(header::IF_MATCH) else {
        return Ok(());
    };
    let current = format!("\"{version}\"");
    let fits = asked
        .to_str()
        .is_ok_and(|tags| tags.split(',').any(|tag| ["*", current.as_str()].contains(&tag.trim())));
    if fits {
        Ok(())
    } else {
        Err(ApiError::status(
            StatusCode::PRECONDITION_FAILED,
            "precondition_failed",
            "Somebody has edited it meanwhile. Read it again and repeat the edit with its new ETag.",
        ))
    }
}

/// Cancel a notification
///
/// What has not gone does not go, and it leaves the inboxes. A message that is done can be cancelled as long as a later step
/// of its tier is to come.
#[utoipa::path(post, path = "/v1/notifications/{id}/cancel", tag = "Notifications", operation_id = "cancelNotification",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Notification),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")))]
async fn cancel_notification(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    match lifecycle::cancel(&tx, id).await {
        Ok(Some(_)) => {}
        Ok(None) => return Err(unknown_notification()),
        Err(DbError::Conflict(_)) => {
            return Err(already(
                "Nothing of this message is left to be called off: it was sent, cancelled or has expired.".to_owned(),
            ));
        }
        Err(error) => return Err(error.into()),
    }
    let notification = store::get(&tx, caller.org_id(), id)
        .await?
        .ok_or_else(unknown_notification)?;
    tx.commit().await?;
    app.wake.expander.notify_one();
    app.hub.progress(caller.org_id(), id);
    Ok(tagged(notification))
}

/// List a notification's history
///
/// What happened to it and who did it, oldest first.
#[utoipa::path(get, path = "/v1/notifications/{id}/history", tag = "Notifications", operation_id = "listHistory",
    params(("id" = Uuid, Path), PageQuery),
    responses((status = 200, body = Page<HistoryEntry>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<Uuid>,
    Query(page): Query<PageQuery>,
) -> Result<Answer<Page<HistoryEntry>>, ApiError> {
    let limit = page.limit()?;
    let after = page.after()?;
    require_notification(&app, &caller, id).await?;
    let rows = lifecycle::history(&app.db, &caller, id, after, limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| row.id)))
}
