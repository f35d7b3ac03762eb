//! Preferences over HTTP: a person's own, and the organization's defaults.

use axum::{Json as Answer, extract::State};
use platform::{
    db::{Caller, TenantTx},
    http::{ApiError, Json, Problem},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    model::{Digest, PreferenceChange, Preferences, QuietHours, categories, mute, parse_time},
    store::{self, Kept},
    unsubscribe_api,
};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_preferences, change_preferences))
        .routes(routes!(get_defaults, change_defaults))
        .merge(unsubscribe_api::router())
}

fn require_person(caller: &Caller) -> Result<Uuid, ApiError> {
    caller
        .user_id()
        .ok_or_else(|| ApiError::forbidden("A service key has no preferences. Use the token of a person."))
}

fn quiet(kept: &Kept) -> Option<QuietHours> {
    let (from, to) = kept.quiet?;
    let text = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    (from != to).then(|| QuietHours {
        from: text(from),
        to: text(to),
    })
}

/// What counts for somebody: their own before the defaults.
fn effective(own: &Kept, defaults: &Kept, timezone: String) -> Preferences {
    let muted = own.muted.as_ref().or(defaults.muted.as_ref());
    let mine = [
        ("categories", own.muted.is_some()),
        ("quiet_hours", own.quiet.is_some()),
        ("digest", own.digest.is_some()),
        ("timezone", own.timezone.is_some()),
    ];
    Preferences {
        categories: categories(muted.map_or(&[], Vec::as_slice)),
        quiet_hours: quiet(if own.quiet.is_some() { own } else { defaults }),
        digest: own
            .digest
            .clone()
            .or_else(|| defaults.digest.clone())
            .unwrap_or_else(|| Digest::Off.as_str().to_owned()),
        timezone: own.timezone.clone().unwrap_or(timezone),
        own: mine.into_iter().filter(|(_, own)| *own).map(|(name, _)| name).collect(),
    }
}

/// Lays a change over what is kept; `base` is what is muted without one's own choice.
fn apply(mut kept: Kept, change: &PreferenceChange, base: &[String]) -> Kept {
    match &change.categories {
        Some(Some(categories)) => {
            let muted = kept.muted.as_deref().unwrap_or(base);
            kept.muted = Some(mute(muted, categories));
        }
        Some(None) => kept.muted = None,
        None => {}
    }
    match &change.quiet_hours {
        Some(Some(quiet)) => kept.quiet = parse_time(&quiet.from).zip(parse_time(&quiet.to)),
        Some(None) => kept.quiet = None,
        None => {}
    }
    if let Some(digest) = change.digest {
        kept.digest = digest.map(|digest| digest.as_str().to_owned());
    }
    if let Some(timezone) = &change.timezone {
        kept.timezone.clone_from(timezone);
    }
    kept
}

/// Get one's preferences
///
/// What counts for the caller, and which of it is their own choice.
#[utoipa::path(get, path = "/v1/preferences", tag = "Preferences", operation_id = "getPreferences",
    responses((status = 200, body = Preferences),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn get_preferences(State(app): State<App>, caller: Caller) -> Result<Answer<Preferences>, ApiError> {
    let user_id = require_person(&caller)?;
    let tx = app.db.tenant(&caller).await?;
    let (own, defaults, timezone) = load(&tx, &caller, user_id).await?;
    tx.commit().await?;
    Ok(Answer(effective(&own, &defaults, timezone)))
}

async fn load(tx: &TenantTx, caller: &Caller, user_id: Uuid) -> Result<(Kept, Kept, String), ApiError> {
    store::get(tx, caller.org_id(), user_id)
        .await?
        .ok_or_else(|| ApiError::not_found("You have no profile in this organization."))
}

/// Change one's preferences
///
/// What is left out stays, null goes back to the organization's defaults.
#[utoipa::path(patch, path = "/v1/preferences", tag = "Preferences", operation_id = "changePreferences",
    request_body = PreferenceChange,
    responses((status = 200, body = Preferences),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn change_preferences(
    State(app): State<App>,
    caller: Caller,
    Json(change): Json<PreferenceChange>,
) -> Result<Answer<Preferences>, ApiError> {
    let user_id = require_person(&caller)?;
    let errors = change.check();
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let tx = app.db.tenant(&caller).await?;
    let (own, defaults, timezone) = load(&tx, &caller, user_id).await?;
    let own = apply(own, &change, defaults.muted.as_deref().unwrap_or_default());
    store::put(&tx, caller.org_id(), user_id, &own).await?;
    tx.commit().await?;
    Ok(Answer(effective(&own, &defaults, timezone)))
}

/// Get the organization's defaults
///
/// What holds for who has chosen nothing.
#[utoipa::path(get, path = "/v1/preferences/defaults", tag = "Preferences", operation_id = "getPreferenceDefaults",
    responses((status = 200, body = Preferences),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn get_defaults(State(app): State<App>, caller: Caller) -> Result<Answer<Preferences>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    let (defaults, timezone) = store::defaults(&tx, caller.org_id()).await?;
    tx.commit().await?;
    Ok(Answer(effective(&Kept::default(), &defaults, timezone)))
}

/// Change the organization's defaults
///
/// What is left out stays, null goes back to what ships.
#[utoipa::path(patch, path = "/v1/preferences/defaults", tag = "Preferences", operation_id = "changePreferenceDefaults",
    request_body = PreferenceChange,
    responses((status = 200, body = Preferences),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn change_defaults(
    State(app): State<App>,
    caller: Caller,
    Json(change): Json<PreferenceChange>,
) -> Result<Answer<Preferences>, ApiError> {
    let errors = change.check();
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    if change.timezone.is_some() {
        return Err(ApiError::field(
            "timezone",
            "is a person's own; the organization's stands in its profile",
        ));
    }
    let tx = app.db.tenant(&caller).await?;
    if !matches!(tx.role(), "admin" | "service") {
        let role = tx.role();
        return Err(ApiError::forbidden(format!(
            "The organization's defaults are for admins; your role is {role}."
        )));
    }
    let (kept, timezone) = store::defaults(&tx, caller.org_id()).await?;
    let kept = apply(kept, &change, &[]);
    store::put_defaults(&tx, caller.org_id(), &kept).await?;
    tx.commit().await?;
    Ok(Answer(effective(&Kept::default(), &kept, timezone)))
}
