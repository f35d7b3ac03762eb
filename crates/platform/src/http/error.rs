//! The one error that handlers answer with: an RFC 9457 problem document.
//!
//! Which to use when:
//! - the input is wrong → [`ApiError::validation`], with each field named;
//! - there is no such thing, or it is another tenant's → [`ApiError::not_found`] (never 403: what you may not see is not there);
//! - the caller is not known → [`ApiError::unauthenticated`]; known but may not → [`ApiError::forbidden`];
//! - it clashes with what is there → [`ApiError::conflict`];
//! - anything else is our fault → [`ApiError::internal`]: logged once with the request id, never told to the caller.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::DbError;

/// An RFC 9457 problem document, `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI reference that names the kind of problem: `/docs/errors#<code>`.
    #[schema(example = "/docs/errors#validation_failed")]
    pub r#type: String,
    /// The kind of problem in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The kind of problem as a stable word for programs.
    #[schema(example = "validation_failed")]
    pub code: &'static str,
    /// What happened this time and what to do.
    pub detail: String,
    /// The fields at fault, if it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The request's id, also in the `x-request-id` header and in the server's log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field in the body or query.
    #[schema(example = "audience.classes[0]")]
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl FieldError {
    /// `field` is wrong: `message`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// A refusal or failure on its way to the caller.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// 422: these fields are wrong.
    #[must_use]
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = errors
            .iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect::<Vec<_>>()
            .join("; ");
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation_failed",
            "The request is not valid",
            detail,
        );
        problem.errors = errors;
        problem
    }

    /// 422: this one field is wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(field, message)])
    }

    /// 400: the body is no JSON at all, a header is malformed …
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed_request",
            "The request cannot be read",
            detail,
        )
    }

    /// 401: no credential, or none that counts.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Who is asking is not known",
            detail,
        );
        problem
            .headers
            .push((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
        problem
    }

    /// 403: known, but may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "The caller may not do this", detail)
    }

    /// 404: there is no such thing in the caller's organization.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is no such thing", detail)
    }

    /// 409, with a code of the slice's own.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, "It clashes with what is there", detail)
    }

    /// 503: try again.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not just now", detail);
        problem
            .headers
            .push((header::RETRY_AFTER, HeaderValue::from_static("1")));
        problem
    }

    /// Any status for which there is no constructor (405, 408, 413 …), as the layers answer them.
    #[must_use]
    pub fn status(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(
            status,
            code,
            status.canonical_reason().unwrap_or("The request failed"),
            detail,
        )
    }

    /// 500: our fault. Logs `error` once and tells the caller nothing of it.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side",
            "The failure is in the server's log under this request id.",
        )
    }

    /// The stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unauthenticated => Self::unauthenticated(
                "The credential names nobody who is active in this organization, or its session or key has ended. Sign in again, \
                 or ask an admin for access.",
            ),
            DbError::Forbidden(reason) => {
                tracing::warn!(reason, "the database refused what a handler let through");
                Self::forbidden("This role may not do this.")
            }
            DbError::Conflict(reason) => Self::conflict("conflict", reason),
            DbError::Unavailable(reason) => {
                tracing::error!(reason, "the database cannot be reached");
                Self::unavailable("The database cannot be reached just now. Try again in a moment.")
            }
            other => Self::internal(&other),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            r#type: format!("/docs/errors#{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail,
            errors: self.errors,
            request_id: super::observe::current_request_id(),
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.extend(self.headers);
        response
    }
}
