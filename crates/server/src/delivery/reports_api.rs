//! Where providers report what became of messages. Each address is one provider's and checks that it is them; what is not
//! theirs is refused with 401 and changes nothing.
//!
//! These are for machines outside, not part of the API that applications use, and so not in its document.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, Uri},
    routing::post,
};
use platform::http::ApiError;
use serde_json::Value;

use super::{
    form,
    reports::{self, Report},
    store::reports as store,
};
use crate::app::App;

/// The routes of this slice that are not in the API's document.
pub fn callbacks() -> Router<App> {
    Router::new().route("/v1/callbacks/{provider}", post(take))
}

async fn take(
    State(app): State<App>,
    Path(provider): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let found = match provider.as_str() {
        "twilio" => twilio(&app, &uri, query.as_deref(), &headers, &body)?,
        "sms" => generic_sms(&app, query.as_deref(), &headers, &body)?,
        "ses" => ses(&app, &headers, &body)?,
        "postmark" => {
            require(reports::basic(
                text(&headers, "authorization"),
                &app.settings.callbacks.postmark_login,
            ))?;
            reports::postmark(&json(&body)?)
        }
        "sendgrid" => {
            require(reports::sendgrid_signature(
                &app.settings.callbacks.sendgrid_public_key,
                text(&headers, "x-twilio-email-event-webhook-timestamp"),
                text(&headers, "x-twilio-email-event-webhook-signature"),
                &body,
            ))?;
            reports::sendgrid(&json(&body)?)
        }
        "mailgun" => mailgun(&app, &body)?,
        "bounce" => {
            require(reports::basic(
                text(&headers, "authorization"),
                &app.settings.callbacks.bounce_login,
            ))?;
            reports::read_bounce(&body).into_iter().collect()
        }
        _ => return Err(ApiError::not_found("There is no such provider.")),
    };
    apply(&app, &found).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn apply(app: &App, found: &[Report]) -> Result<(), ApiError> {
    for report in found {
        match store::apply(&app.db, report).await? {
            Some(notification_id) => app.hub.progress(report.org_id, notification_id),
            None => tracing::info!(
                provider = report.provider,
                "a report about a delivery that is not here any more"
            ),
        }
    }
    Ok(())
}

fn twilio(
    app: &App,
    uri: &Uri,
    query: Option<&str>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Vec<Report>, ApiError> {
    // Twilio signs the address that it was given, which begins with our public one.
    let place = uri.path_and_query().map_or("", |place| place.as_str());
    let url = format!("{}{place}", app.settings.server.public_url.trim_end_matches('/'));
    let token = &app.settings.sms.twilio.auth_token;
    require(reports::twilio_signature(
        text(headers, "x-twilio-signature"),
        token,
        &url,
        body,
    ))?;
    Ok(reports::twilio(&delivery(query), body).into_iter().collect())
}

fn generic_sms(app: &App, query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Report>, ApiError> {
    let token = &app.settings.sms.http.token;
    // The address is signed too: otherwise a report about one delivery could be sent again for another.
    let delivery = delivery(query);
    let signed = [delivery.as_bytes(), b".", body].concat();
    require(reports::hmac_sha256(text(headers, "x-signature"), token, &signed))?;
    Ok(reports::generic(&delivery, &json(body)?).into_iter().collect())
}

fn ses(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Report>, ApiError> {
    require(reports::basic(
        text(headers, "authorization"),
        &app.settings.callbacks.ses_login,
    ))?;
    let body = json(body)?;
    if body["Type"] == "SubscriptionConfirmation" {
        // Whoever may read the log may confirm; nothing of ours fetches an address that a request brought.
        tracing::warn!(
            url = body["SubscribeURL"].as_str(),
            "SNS wants its subscription confirmed: open this address once"
        );
    }
    Ok(reports::ses(&body))
}

fn mailgun(app: &App, body: &[u8]) -> Result<Vec<Report>, ApiError> {
    let body = json(body)?;
    let field = |name: &str| body["signature"][name].as_str().unwrap_or_default();
    let (timestamp, token, signature) = (field("timestamp"), field("token"), field("signature"));
    let key = &app.settings.callbacks.mailgun_signing_key;
    require(reports::mailgun_signature(key, timestamp, token, signature))?;
    // The content is not signed: an old signature must not carry a new one for ever.
    let age = app.clock.now().as_second() - timestamp.parse::<i64>().unwrap_or_default();
    require(age.abs() <= 15 * 60)?;
    Ok(reports::mailgun(&body))
}

fn require(right: bool) -> Result<(), ApiError> {
    if right {
        Ok(())
    } else {
        Err(ApiError::unauthenticated(
            "This report is not signed as it must be; check the provider's secret in the configuration.",
        ))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn json(body: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::malformed("The body is not JSON."))
}

/// `?delivery=…`
fn delivery(query: Option<&str>) -> String {
    let pairs = form::decode(query.unwrap_or_default().as_bytes());
    let found = pairs.into_iter().find(|(name, _)| name == "delivery");
    found.map(|(_, value)| value).unwrap_or_default()
}
