//! The tiers' policies over HTTP: everybody may look, admins change them.

use axum::{Json as Answer, extract::State, http::StatusCode};
use platform::{
    db::{Caller, TenantTx},
    http::{ApiError, Json, Path, Problem},
};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    api,
    model::Category,
    policy::{Policy, PolicyChange},
    store::policies,
};
use crate::app::App;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_policies))
        .routes(routes!(put_policy, delete_policy))
}

/// The rules of all tiers.
#[derive(Debug, serde::Serialize, ToSchema)]
struct Policies {
    items: Vec<Policy>,
}

fn require_admin(tx: &TenantTx) -> Result<(), ApiError> {
    match tx.role() {
        "admin" | "service" => Ok(()),
        other => Err(ApiError::forbidden(format!(
            "Changing the rules of messages is for admins; your role is {other}."
        ))),
    }
}

/// List policies
///
/// How messages of each tier go out in this organization, and what it has changed.
#[utoipa::path(get, path = "/v1/policies", tag = "Notifications", operation_id = "listPolicies",
    responses((status = 200, body = Policies),
        (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn list_policies(State(app): State<App>, caller: Caller) -> Result<Answer<Policies>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    let items = policies::all(&tx, caller.org_id()).await?;
    tx.commit().await?;
    let policy = |(category, policy, changes)| Policy {
        category,
        policy,
        changes,
    };
    Ok(Answer(Policies {
        items: items.into_iter().map(policy).collect(),
    }))
}

/// Change a policy
///
/// Lays the organization's own rules over the tier's. Messages that are written from now on follow them.
#[utoipa::path(put, path = "/v1/policies/{category}", tag = "Notifications", operation_id = "putPolicy",
    params(("category" = Category, Path)), request_body = PolicyChange,
    responses((status = 200, body = Policy),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn put_policy(
    State(app): State<App>,
    caller: Caller,
    Path(category): Path<Category>,
    Json(change): Json<PolicyChange>,
) -> Result<Answer<Policy>, ApiError> {
    let errors = change.check(category);
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let tx = app.db.tenant(&caller).await?;
    require_admin(&tx)?;
    let org_id = caller.org_id();
    let mut stored = serde_json::to_value(&change).map_err(|error| ApiError::internal(&error))?;
    for (index, step) in change.steps.iter().flatten().enumerate() {
        if let Some(to) = &step.to {
            let audience = api::resolve_at(&tx, org_id, to, &format!("steps[{index}].to")).await?;
            stored["steps"][index]["to"] = audience.0;
        }
    }
    policies::put(&tx, org_id, category.as_str(), &stored).await?;
    let changed = policies::all(&tx, org_id)
        .await?
        .into_iter()
        .find(|(name, ..)| name == category.as_str());
    tx.commit().await?;
    let (category, policy, changes) = changed.ok_or_else(|| ApiError::internal(&"a policy is missing"))?;
    Ok(Answer(Policy {
        category,
        policy,
        changes: changes.filter(|changes| *changes != Value::Null),
    }))
}

/// Take a policy back
///
/// The tier goes by the rules that ship again.
#[utoipa::path(delete, path = "/v1/policies/{category}", tag = "Notifications", operation_id = "deletePolicy",
    params(("category" = Category, Path)),
    responses((status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn delete_policy(
    State(app): State<App>,
    caller: Caller,
    Path(category): Path<Category>,
) -> Result<StatusCode, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_admin(&tx)?;
    policies::delete(&tx, caller.org_id(), category.as_str()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
