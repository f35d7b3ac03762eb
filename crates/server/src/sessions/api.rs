//! Signing in, seeing who is signed in where, and signing out.

use std::net::SocketAddr;

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
    http::{Extensions, HeaderMap, StatusCode, header},
};
use platform::{
    auth::SessionToken,
    db::{Caller, DbError},
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
    ids,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::{DeviceType, NewSession, Session, StartedSession},
    store::{self, Device},
};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(start_session, list_sessions))
        .routes(routes!(end_current_session))
        .routes(routes!(end_session))
}

/// Sign in
///
/// Exchanges the identity provider's token for a session on this device. The person's other session ends in the same
/// transaction (or, if the organization wants it so, the new one is refused).
#[utoipa::path(post, path = "/v1/sessions", tag = "Sessions", operation_id = "startSession", request_body = NewSession,
    responses((status = 201, body = StartedSession),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn start_session(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    extensions: Extensions,
    Json(new): Json<NewSession>,
) -> Result<(StatusCode, Answer<StartedSession>), ApiError> {
    let Caller::Person(person) = &caller else {
        return Err(ApiError::forbidden(
            "Sign in with a token of your identity provider, not with a session or a service key.",
        ));
    };
    new.check().map_err(ApiError::validation)?;
    let settings = &app.settings.sessions;
    let user_agent = headers
        .get(header::USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let device = Device {
        device_type: new.device_type.map(DeviceType::as_str),
        device_id: new.device_id(person.org_id, &settings.fingerprint_key),
        user_agent: user_agent.map(|text| text.replace('\0', "")),
        ip_address: extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(address)| address.ip()),
    };
    let token = SessionToken::generate(person.org_id, person.user_id);
    let id = ids::new_id();
    let expires_at =
        store::start(&app.db, person, id, &token, settings.lifetime_hours, &device).await.map_err(|error| match error {
            DbError::Conflict(_) => ApiError::conflict(
                "signed_in_elsewhere",
                "This person is signed in elsewhere, and this organization does not let a new login end that. Sign out there, \
                 or ask an admin to end the session.",
            ),
            other => other.into(),
        })?;
    app.hub.session_ended(person.org_id, person.user_id, "new_login");
    Ok((
        StatusCode::CREATED,
        Answer(StartedSession {
            id,
            token: token.reveal(),
            expires_at,
        }),
    ))
}

/// `?user_id=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SessionQuery {
    /// Only this person's.
    user_id: Option<Uuid>,
    /// Rows on a page, 1–100; 20 by default.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<i64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List sessions
///
/// Staff see the organization's, everybody else their own; newest first.
#[utoipa::path(get, path = "/v1/sessions", tag = "Sessions", operation_id = "listSessions", params(SessionQuery),
    responses((status = 200, body = Page<Session>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_sessions(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SessionQuery>,
) -> Result<Answer<Page<Session>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let rows = store::list(&app.db, &caller, query.user_id, page.after()?, limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| (row.created_at, row.id))))
}

/// Sign out
///
/// Ends the session whose token this request carries.
#[utoipa::path(delete, path = "/v1/sessions/current", tag = "Sessions", operation_id = "endCurrentSession",
    responses((status = 204, description = "It has ended"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn end_current_session(State(app): State<App>, caller: Caller) -> Result<StatusCode, ApiError> {
    let Caller::Session(session) = &caller else {
        return Err(ApiError::forbidden(
            "Only a session can sign itself out. Send its token (fds_…).",
        ));
    };
    if let Some(id) = store::current(&app.db, &caller).await? {
        store::terminate(&app.db, &caller, id).await?;
    }
    app.hub.session_ended(session.org_id, session.user_id, "manual");
    Ok(StatusCode::NO_CONTENT)
}

/// End a session
///
/// A person their own, admins and the organization's server anybody's in the organization.
#[utoipa::path(delete, path = "/v1/sessions/{id}", tag = "Sessions", operation_id = "endSession", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It has ended"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn end_session(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, ApiError> {
    let user_id = store::terminate(&app.db, &caller, id)
        .await?
        .ok_or_else(|| ApiError::not_found("There is no live session with this id that you may end."))?;
    let reason = if caller.user_id() == Some(user_id) {
        "manual"
    } else {
        "admin"
    };
    app.hub.session_ended(caller.org_id(), user_id, reason);
    Ok(StatusCode::NO_CONTENT)
}
