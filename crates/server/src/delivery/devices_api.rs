//! A person's devices for push messages, and the organization's suppressed addresses.

use axum::{Json as Answer, extract::State, http::StatusCode};
use platform::{
    db::Caller,
    http::{ApiError, Json, Page, PageQuery, Path, Problem, Query},
    ids,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    api::require_staff,
    push::DeviceRequest,
    store::devices::{self, RegisteredDevice, Suppression},
};
use crate::app::App;

/// The routes of devices and suppressions.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register_device, list_devices))
        .routes(routes!(remove_device))
        .routes(routes!(get_push_key))
        .routes(routes!(list_suppressions, lift_suppression))
}

fn require_person(caller: &Caller) -> Result<(), ApiError> {
    match caller.user_id() {
        Some(_) => Ok(()),
        None => Err(ApiError::forbidden(
            "Devices are people's; a service key has none. Use the token of a person.",
        )),
    }
}

/// Register a device for push messages
///
/// The browser or telephone that this person is signed in on. One that is registered already keeps its id; it now belongs to
/// the caller. Of more than 20 the oldest are forgotten.
#[utoipa::path(post, path = "/v1/devices", tag = "Devices", operation_id = "registerDevice", request_body = DeviceRequest,
    responses((status = 201, body = RegisteredDevice),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn register_device(
    State(app): State<App>,
    caller: Caller,
    Json(asked): Json<DeviceRequest>,
) -> Result<(StatusCode, Answer<RegisteredDevice>), ApiError> {
    require_person(&caller)?;
    let private = app.settings.push.allow_private_addresses;
    let device = asked.check(ids::new_id(), private).map_err(ApiError::validation)?;
    let registered = devices::register(&app.db, &caller, &device, asked.name.as_deref()).await?;
    let registered = registered.ok_or_else(|| ApiError::internal(&"a device was not there after it was registered"))?;
    Ok((StatusCode::CREATED, Answer(registered)))
}

/// A person's devices.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceList {
    /// Oldest first.
    items: Vec<RegisteredDevice>,
}

/// List your devices
#[utoipa::path(get, path = "/v1/devices", tag = "Devices", operation_id = "listDevices",
    responses((status = 200, body = DeviceList),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list_devices(State(app): State<App>, caller: Caller) -> Result<Answer<DeviceList>, ApiError> {
    require_person(&caller)?;
    let items = devices::list(&app.db, &caller).await?;
    Ok(Answer(DeviceList { items }))
}

/// Remove one of your devices
///
/// 204 also when it is not there (any more).
#[utoipa::path(delete, path = "/v1/devices/{id}", tag = "Devices", operation_id = "removeDevice",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "It gets no more messages"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn remove_device(State(app): State<App>, caller: Caller, Path(id): Path<Uuid>) -> Result<StatusCode, ApiError> {
    require_person(&caller)?;
    devices::remove(&app.db, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The key that browsers subscribe with.
#[derive(Debug, Serialize, ToSchema)]
struct PushKey {
    /// For `pushManager.subscribe({applicationServerKey})`, in base64url; null when Web Push is not configured.
    vapid_public_key: Option<String>,
}

/// Get the key for Web Push
#[utoipa::path(get, path = "/v1/devices/push-key", tag = "Devices", operation_id = "getPushKey",
    responses((status = 200, body = PushKey),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn get_push_key(State(app): State<App>, caller: Caller) -> Result<Answer<PushKey>, ApiError> {
    app.db.tenant(&caller).await?.commit().await?;
    Ok(Answer(PushKey {
        vapid_public_key: app.push_key.clone(),
    }))
}

/// List suppressed addresses
///
/// They came back or their owner complained; nothing is sent to them.
#[utoipa::path(get, path = "/v1/suppressions", tag = "Deliveries", operation_id = "listSuppressions", params(PageQuery),
    responses((status = 200, body = Page<Suppression>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_suppressions(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Answer<Page<Suppression>>, ApiError> {
    let limit = page.limit()?;
    let after = page.after::<(String, Uuid)>()?;
    require_staff(&app, &caller).await?;
    let rows = devices::suppressions(&app.db, &caller, after.as_ref(), limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, limit, |row| {
        (format!("{} {}", row.channel, row.address), Uuid::nil())
    })))
}

/// `?channel=…&address=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SuppressedAddress {
    /// email or sms.
    channel: String,
    /// As listed.
    address: String,
}

/// Lift the suppression of an address
///
/// It is sent to again. If it comes back again, it is suppressed again. 204 also when it is not suppressed.
#[utoipa::path(delete, path = "/v1/suppressions", tag = "Deliveries", operation_id = "liftSuppression",
    params(SuppressedAddress),
    responses((status = 204, description = "It is sent to again"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn lift_suppression(
    State(app): State<App>,
    caller: Caller,
    Query(which): Query<SuppressedAddress>,
) -> Result<StatusCode, ApiError> {
    require_staff(&app, &caller).await?;
    devices::lift(&app.db, &caller, &which.channel, &which.address.to_lowercase()).await?;
    Ok(StatusCode::NO_CONTENT)
}
