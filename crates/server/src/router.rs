//! All routes on one screen.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use platform::http::{ApiError, observe};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    app::App,
    console,
    delivery::{self, email::preview_page},
    directory, inbox, notifications, organizations, preferences, realtime, sessions, templates,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Frontdesk",
        description = "The front desk of a multi-tenant application. Errors are RFC 9457 problem documents; lists are \
                       pages by cursor; times are RFC 3339 in UTC.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
struct Documentation;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let description = "A JWT of the organization's identity provider, or a service key (fdk_…)";
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(description))
            .build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Documentation::openapi())
        .merge(organizations::router())
        .merge(directory::router())
        .merge(notifications::router())
        .merge(templates::router())
        .merge(preferences::router())
        .merge(delivery::router())
        .merge(inbox::router())
        .merge(realtime::router())
        .merge(sessions::router())
}

/// The OpenAPI document of the API.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// Everything that this process answers.
pub fn router(app: App) -> Router {
    let (api, openapi) = api().split_for_parts();
    let document = openapi.to_json().unwrap_or_default();
    let request_timeout = Duration::from_secs(app.settings.server.request_timeout);

    let preview = app.email.as_ref().and_then(|email| email.transport().preview());
    let dev = preview
        .map(|store| preview_page::router(store.clone()))
        .unwrap_or_default();

    Router::new()
        .merge(api)
        .merge(delivery::callbacks())
        .route(
            "/openapi.json",
            get(|| async { ([(header::CONTENT_TYPE, "application/json")], document) }),
        )
        .route("/docs/errors", get(error_codes))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(fallback)
        .with_state(app.clone())
        .merge(dev)
        .layer(CompressionLayer::new())
        .layer(from_fn(move |request, next| limit_time(request_timeout, request, next)))
        .layer(DefaultBodyLimit::max(app.settings.server.body_limit))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            header::HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::custom(|_| {
            ApiError::internal(&"a handler panicked").into_response()
        }))
        .layer(from_fn(observe))
}

/// A request that takes too long is given up; its transaction rolls back.
async fn limit_time(limit: Duration, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| {
            ApiError::unavailable("The request took longer than this server allows. Try again in a moment.")
                .into_response()
        })
}

/// The codes of problem documents, where their `type` points.
async fn error_codes() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
        include_str!("../../../docs/ERRORS.md"),
    )
}

/// Ready to serve: the database answers.
async fn readyz(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.db.ping().await?;
    Ok("ready")
}

async fn metrics(State(app): State<App>) -> String {
    for (pool, status) in app.db.pool_status() {
        let gauge = |name: &'static str, value: usize| {
            metrics::gauge!(name, "pool" => pool).set(f64::from(u32::try_from(value).unwrap_or(u32::MAX)));
        };
        gauge("frontdesk_db_connections", status.size);
        gauge("frontdesk_db_waiting", status.waiting);
    }
    let connections = u32::try_from(app.hub.connections()).unwrap_or(u32::MAX);
    metrics::gauge!("frontdesk_realtime_connections").set(f64::from(connections));
    app.metrics.render()
}

async fn method_not_allowed() -> ApiError {
    ApiError::status(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take that method.",
    )
}

/// What no route takes: the console's pages, or a 404.
async fn fallback(uri: Uri) -> Response {
    if uri.path().starts_with("/v1/") || uri.path().starts_with("/dev/") {
        return ApiError::not_found("There is no such address. GET /openapi.json lists all of them.").into_response();
    }
    console::serve(uri.path())
}

/// The document as `openapi.json` in the repository has it.
#[must_use]
pub fn openapi_pretty() -> String {
    let mut text = serde_json::to_string_pretty(&Json(openapi()).0).unwrap_or_default();
    text.push('\n');
    text
}
