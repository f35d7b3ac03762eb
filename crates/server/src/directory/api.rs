//! Lists of people, schools, grades and classes.

use axum::{Json, extract::State};
use platform::{
    db::Caller,
    http::{ApiError, Page, PageQuery, Problem, Query},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{Class, ClassQuery, Group, ProfileQuery},
    store::{self, Groups},
};
use crate::{
    app::App,
    organizations::{Profile, Role},
};

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_profiles))
        .routes(routes!(list_schools))
        .routes(routes!(list_grades))
        .routes(routes!(list_classes))
}

/// List people
///
/// Staff see the organization's people; everybody else sees themselves.
#[utoipa::path(get, path = "/v1/profiles", tag = "Directory", operation_id = "listProfiles", params(ProfileQuery),
    responses((status = 200, body = Page<Profile>), (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_profiles(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ProfileQuery>,
) -> Result<Json<Page<Profile>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let rows = store::profiles(
        &app.db,
        &caller,
        query.role.map(Role::as_str),
        search(query.q.as_deref())?,
        page.after()?,
        limit + 1,
    )
    .await?;
    Ok(Json(Page::from_rows(rows, limit, |row| (row.name.clone(), row.id))))
}

/// List schools
#[utoipa::path(get, path = "/v1/schools", tag = "Directory", operation_id = "listSchools",
    responses((status = 200, body = Page<Group>), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn list_schools(State(app): State<App>, caller: Caller) -> Result<Json<Page<Group>>, ApiError> {
    let items = store::groups(&app.db, &caller, Groups::Schools).await?;
    Ok(Json(Page {
        items,
        next_cursor: None,
    }))
}

/// List grades
#[utoipa::path(get, path = "/v1/grades", tag = "Directory", operation_id = "listGrades",
    responses((status = 200, body = Page<Group>), (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn list_grades(State(app): State<App>, caller: Caller) -> Result<Json<Page<Group>>, ApiError> {
    let items = store::groups(&app.db, &caller, Groups::Grades).await?;
    Ok(Json(Page {
        items,
        next_cursor: None,
    }))
}

/// List classes
#[utoipa::path(get, path = "/v1/classes", tag = "Directory", operation_id = "listClasses", params(ClassQuery),
    responses((status = 200, body = Page<Class>), (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")))]
async fn list_classes(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ClassQuery>,
) -> Result<Json<Page<Class>>, ApiError> {
    let page = PageQuery {
        limit: query.limit,
        cursor: query.cursor,
    };
    let limit = page.limit()?;
    let rows = store::classes(&app.db, &caller, search(query.q.as_deref())?, page.after()?, limit + 1).await?;
    Ok(Json(Page::from_rows(rows, limit, |row| (row.name.clone(), row.id))))
}

/// What to search for; nothing when it is blank.
fn search(q: Option<&str>) -> Result<Option<&str>, ApiError> {
    match q.map(str::trim) {
        Some(text) if text.chars().count() > 100 => Err(ApiError::field("q", "is longer than 100 characters")),
        Some("") | None => Ok(None),
        some => Ok(some),
    }
}
