//! One-click unsubscribing (RFC 8058): whoever holds a link from a mail of theirs, without signing in. The token is signed;
//! one that is not ours is not there.

use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse},
};
use platform::http::{ApiError, Path, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::store;
use crate::app::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_unsubscribe, unsubscribe))
}

fn unknown() -> ApiError {
    ApiError::not_found("This link is not one of ours, or its person is gone.")
}

fn page(title: &str, text: &str, button: bool) -> impl IntoResponse + use<> {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let form = if button {
        "<form method=\"post\"><button>Unsubscribe</button></form>"
    } else {
        ""
    };
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"robots\" content=\"noindex\"><title>{0}</title>\
         <main style=\"font:1.1rem/1.5 system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem\"><h1>{0}</h1><p>{1}</p>{form}\
         </main></html>",
        escape(title),
        escape(text)
    );
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
        ),
    ];
    (headers, Html(html))
}

fn in_words(topic: &str) -> &str {
    match topic {
        "announcement" => "announcements",
        "reminder" => "reminders",
        "system" => "system messages",
        _ => "all messages but emergencies",
    }
}

/// Show what a link unsubscribes from
///
/// A page with a button: programs that look at links in mails must not unsubscribe anybody.
#[utoipa::path(get, path = "/v1/unsubscribe/{token}", tag = "Preferences", operation_id = "showUnsubscribe",
    params(("token" = String, Path)), security(()),
    responses((status = 200, description = "A page", content_type = "text/html"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn show_unsubscribe(State(app): State<App>, Path(token): Path<String>) -> Result<impl IntoResponse, ApiError> {
    let (organization, topic) = store::unsubscribe(&app.db, &token, false).await?.ok_or_else(unknown)?;
    Ok(page(
        "Unsubscribe",
        &format!("No more {} by mail from {organization}?", in_words(&topic)),
        true,
    ))
}

/// Unsubscribe
///
/// At once, with the body `List-Unsubscribe=One-Click` or any other. Emergencies still come.
#[utoipa::path(post, path = "/v1/unsubscribe/{token}", tag = "Preferences", operation_id = "unsubscribe",
    params(("token" = String, Path)), security(()),
    responses((status = 200, description = "A page", content_type = "text/html"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn unsubscribe(State(app): State<App>, Path(token): Path<String>) -> Result<impl IntoResponse, ApiError> {
    let (organization, topic) = store::unsubscribe(&app.db, &token, true).await?.ok_or_else(unknown)?;
    Ok(page(
        "Unsubscribed",
        &format!(
            "{organization} sends you no more {} by mail. Emergencies still come.",
            in_words(&topic)
        ),
        false,
    ))
}
