//! Templates over HTTP, for admins, staff and the organization's own server.

use axum::{Json as Answer, extract::State, http::StatusCode};
use platform::{
    db::{Caller, TenantTx},
    http::{ApiError, FieldError, Json, Path, Problem, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    builtin,
    compose::{find, render, render_all},
    model::{self, Contents, Template, Texts},
    store,
};
use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_templates))
        .routes(routes!(get_template, put_template, delete_template))
        .routes(routes!(preview_template))
}

fn require_staff(tx: &TenantTx) -> Result<(), ApiError> {
    match tx.role() {
        "admin" | "staff" | "service" => Ok(()),
        other => Err(ApiError::forbidden(format!(
            "Templates are for admin and staff; your role is {other}."
        ))),
    }
}

fn unknown(key: &str) -> ApiError {
    ApiError::not_found(format!(
        "There is no template {key:?}. List them with GET /v1/templates."
    ))
}

fn built_in(key: &str, contents: &Contents) -> Template {
    Template {
        key: key.to_owned(),
        version: 0,
        built_in: true,
        contents: contents.clone(),
        variables: model::variables(contents),
        created_at: None,
    }
}

fn own(stored: store::Stored) -> Template {
    Template {
        variables: model::variables(&stored.contents),
        key: stored.key,
        version: stored.version,
        built_in: false,
        contents: stored.contents,
        created_at: Some(stored.created_at),
    }
}

/// All templates.
#[derive(Debug, Serialize, ToSchema)]
struct Templates {
    items: Vec<Template>,
}

/// List templates
///
/// The organization's, in their newest version, and those that ship, by name.
#[utoipa::path(get, path = "/v1/templates", tag = "Templates", operation_id = "listTemplates",
    responses((status = 200, body = Templates),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")))]
async fn list_templates(State(app): State<App>, caller: Caller) -> Result<Answer<Templates>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let mut items: Vec<Template> = store::list(&tx, caller.org_id()).await?.into_iter().map(own).collect();
    tx.commit().await?;
    for (key, contents) in builtin::all() {
        if !items.iter().any(|item| item.key == *key) {
            items.push(built_in(key, contents));
        }
    }
    items.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(Answer(Templates { items }))
}

/// `?version=…`
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VersionQuery {
    /// An older version; 0 is the one that ships. The newest by default.
    version: Option<i32>,
}

/// Get a template
#[utoipa::path(get, path = "/v1/templates/{key}", tag = "Templates", operation_id = "getTemplate",
    params(("key" = String, Path), VersionQuery),
    responses((status = 200, body = Template),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_template(
    State(app): State<App>,
    caller: Caller,
    Path(key): Path<String>,
    Query(query): Query<VersionQuery>,
) -> Result<Answer<Template>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let stored = match query.version {
        Some(0) => None,
        version => store::get(&tx, caller.org_id(), &key, version).await?,
    };
    tx.commit().await?;
    let template = match stored {
        Some(stored) => Some(own(stored)),
        None if query.version.unwrap_or_default() == 0 => builtin::get(&key).map(|contents| built_in(&key, contents)),
        None => None,
    };
    template.map(Answer).ok_or_else(|| unknown(&key))
}

/// What a template is to say.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTemplate {
    /// By language tag.
    #[schema(value_type = Object, example = json!({"en": {"in_app": {"title": "{{ child }}'s bus is late", "content": ""}}}))]
    contents: Contents,
}

/// Write a template
///
/// A new version; messages from now on are made of it. Versions that were written stay and can be named.
#[utoipa::path(put, path = "/v1/templates/{key}", tag = "Templates", operation_id = "putTemplate",
    params(("key" = String, Path)), request_body = NewTemplate,
    responses((status = 200, body = Template),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn put_template(
    State(app): State<App>,
    caller: Caller,
    Path(key): Path<String>,
    Json(new): Json<NewTemplate>,
) -> Result<Answer<Template>, ApiError> {
    let mut errors = model::check(&new.contents);
    if !model::is_key(&key) {
        errors.push(FieldError::new(
            "key",
            "must be a word of lower-case letters, digits, _ and ., up to 63, such as fees.due",
        ));
    }
    if !errors.is_empty() {
        return Err(ApiError::validation(errors));
    }
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let contents = serde_json::to_value(&new.contents).map_err(|error| ApiError::internal(&error))?;
    match store::add(&tx, &caller, &key, &contents).await {
        Err(error) if error.constraint() == Some("templates_pkey") => {
            return Err(ApiError::conflict(
                "conflict",
                "Somebody has written a new version at the same moment. Read it and try again.",
            ));
        }
        result => result?,
    }
    let stored = store::get(&tx, caller.org_id(), &key, None)
        .await?
        .ok_or_else(|| ApiError::internal(&"a new template is missing"))?;
    tx.commit().await?;
    Ok(Answer(own(stored)))
}

/// Delete a template
///
/// With all its versions. One that ships by the same name counts again; messages that were made of it stay as they are.
#[utoipa::path(delete, path = "/v1/templates/{key}", tag = "Templates", operation_id = "deleteTemplate",
    params(("key" = String, Path)),
    responses((status = 204),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn delete_template(
    State(app): State<App>,
    caller: Caller,
    Path(key): Path<String>,
) -> Result<StatusCode, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let removed = store::delete(&tx, caller.org_id(), &key).await?;
    tx.commit().await?;
    if removed == 0 {
        return Err(unknown(&key));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The body of `POST /v1/templates/{key}/preview`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TemplatePreview {
    /// What its variables stand for.
    #[serde(default)]
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    /// Only this language; all by default.
    locale: Option<String>,
    /// An older version; the newest by default.
    version: Option<i32>,
    /// Texts that are not kept yet, in the place of the template's.
    #[schema(value_type = Option<Object>)]
    contents: Option<Contents>,
}

/// What a template comes to.
#[derive(Debug, Serialize, ToSchema)]
struct Rendered {
    /// By language, then by channel.
    #[schema(value_type = Object)]
    contents: Map<String, Value>,
}

/// Preview a template
///
/// Renders it with this data, kept or not; nothing is sent.
#[utoipa::path(post, path = "/v1/templates/{key}/preview", tag = "Templates", operation_id = "previewTemplate",
    params(("key" = String, Path)), request_body = TemplatePreview,
    responses((status = 200, body = Rendered),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn preview_template(
    State(app): State<App>,
    caller: Caller,
    Path(key): Path<String>,
    Json(preview): Json<TemplatePreview>,
) -> Result<Answer<Rendered>, ApiError> {
    let tx = app.db.tenant(&caller).await?;
    require_staff(&tx)?;
    let kept = find(&tx, caller.org_id(), &key, preview.version).await?;
    tx.commit().await?;
    let contents = match preview.contents {
        Some(contents) => {
            let errors = model::check(&contents);
            if !errors.is_empty() {
                return Err(ApiError::validation(errors));
            }
            contents
        }
        None => kept.map(|(_, contents)| contents).ok_or_else(|| unknown(&key))?,
    };
    // The data stands at the top here, not in `template`.
    let at_top = |mut errors: Vec<FieldError>| {
        for error in &mut errors {
            if let Some(rest) = error.field.strip_prefix("template.") {
                error.field = rest.to_owned();
            }
        }
        ApiError::validation(errors)
    };
    let rendered = match &preview.locale {
        None => render_all(&contents, &preview.data).map_err(at_top)?,
        Some(locale) => {
            let texts: &Texts = contents.get(locale).ok_or_else(|| {
                let known: Vec<_> = contents.keys().map(String::as_str).collect();
                ApiError::field(
                    "locale",
                    format!("the template has no {locale:?}; it has {}", known.join(", ")),
                )
            })?;
            let value = render(locale, texts, &preview.data).map_err(at_top)?;
            Map::from_iter([(locale.clone(), value)])
        }
    };
    Ok(Answer(Rendered { contents: rendered }))
}
