//! `GET /v1/me`.

use axum::{Json, extract::State};
use platform::{
    db::Caller,
    http::{ApiError, Problem},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{model::Me, store};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(me))
}

/// Who am I?
///
/// The organization and person behind the credential, as the database knows them now.
#[utoipa::path(get, path = "/v1/me", tag = "Organization", operation_id = "getMe",
    responses((status = 200, body = Me), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    let me = store::me(&tx, &caller).await?;
    tx.commit().await?;
    Ok(Json(me))
}
