//! The console: static pages built from `console/` and embedded in the binary.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

/// `console/dist`, as it was when the binary was built. Empty when the pages were not built (`make console`).
#[derive(RustEmbed)]
#[folder = "../../console/dist"]
#[allow_missing = true]
struct Pages;

const PAGE_POLICY: &str = "default-src 'self'; connect-src 'self'; img-src 'self' data:; object-src 'none'; \
                           base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The API reference draws its own styles.
const REFERENCE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                                font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The file at a path; a path without a file extension is a page of the console.
pub fn serve(path: &str) -> Response {
    let name = match path.trim_start_matches('/') {
        "docs" | "docs/" => "docs.html",
        name if name.rsplit('/').next().is_some_and(|last| last.contains('.')) => name,
        _ => "index.html",
    };
    let Some(file) = Pages::get(name) else {
        let why = if Pages::iter().next().is_none() {
            "The console was not built into this binary: run `make console` and build again.\n"
        } else {
            "There is no such page.\n"
        };
        return (StatusCode::NOT_FOUND, why).into_response();
    };
    let policy = if name == "docs.html" {
        REFERENCE_POLICY
    } else {
        PAGE_POLICY
    };
    // Names under assets/ carry a hash of their content.
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind =
        HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = file.data.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
