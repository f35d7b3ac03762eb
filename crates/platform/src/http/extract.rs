//! Extractors that answer with a problem document which names the field, instead of axum's plain text.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{ApiError, FieldError};

/// A JSON body. Types say `deny_unknown_fields`, so that a misspelt field is refused and named.
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(is_json) {
            return Err(ApiError::status(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as JSON, with the header `content-type: application/json`.",
            ));
        }
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    ApiError::status(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "too_large",
                        "The body is larger than this server takes.",
                    )
                } else {
                    ApiError::malformed("The body ended early.")
                }
            })?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| json_error(&error))?;
        reader
            .end()
            .map_err(|error| ApiError::malformed(format!("The body has something after the JSON value: {error}")))?;
        Ok(Self(value))
    }
}

/// Reads a JSON value as a body would be read.
///
/// # Errors
/// 422 with the field that is wrong.
pub fn read_json<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(value).map_err(|error| json_error(&error))
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json")
}

fn json_error(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let inner = error.inner();
    if inner.is_syntax() || inner.is_eof() {
        return ApiError::malformed(format!("The body is not JSON: {inner}"));
    }
    let path = error.path().to_string();
    // serde reports a missing or unknown field at its parent; the field's name stands in the message, in backticks.
    let message = inner.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    let field = match (path.as_str(), named) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) if !path.ends_with(name) => format!("{path}.{name}"),
        (".", None) => "body".to_owned(),
        (path, _) => path.to_owned(),
    };
    ApiError::validation(vec![FieldError::new(field, message)])
}

/// The query string.
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        axum::extract::Query::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                let text = rejection.body_text();
                let message = text.split_once(": ").map_or(text.as_str(), |(_, message)| message);
                let field = message
                    .split_once(": ")
                    .map(|(field, _)| field)
                    .or_else(|| message.split('`').nth(1))
                    .filter(|field| !field.contains(' '))
                    .unwrap_or("query");
                ApiError::field(field, message)
            })
    }
}

/// The parts of the path. What is no id is answered like an id that does not exist.
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| ApiError::not_found("The path names nothing: ids are UUIDs."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[allow(dead_code, reason = "only its parsing is looked at")]
        inner: Inner,
    }
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code, reason = "only its parsing is looked at")]
        count: u32,
    }

    fn field_of(body: &str) -> String {
        let mut reader = serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, Outer>(&mut reader).unwrap_err();
        format!("{:?}", json_error(&error))
    }

    #[test]
    fn an_error_names_the_field_wherever_it_is() {
        assert!(field_of(r#"{"inner":{"count":"x"}}"#).contains(r#"field: "inner.count""#));
        assert!(field_of(r#"{"inner":{"count":1,"cuont":2}}"#).contains(r#"field: "inner.cuont""#));
        assert!(field_of(r#"{"inner":{}}"#).contains(r#"field: "inner.count""#));
        assert!(field_of(r#"{"outer":1}"#).contains(r#"field: "outer""#));
        assert!(field_of("{}").contains(r#"field: "inner""#));
        assert!(field_of("{").contains("malformed_request"));
    }
}
