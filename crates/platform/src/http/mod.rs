//! HTTP without product words: errors, extractors, pages, request ids, logs and metrics of requests.

mod error;
mod extract;
mod observe;
mod page;

pub use error::{ApiError, FieldError, Problem};
pub use extract::{Json, Path, Query, read_json};
pub use observe::{REQUEST_ID, observe};
pub use page::{Cursor, MAX_LIMIT, Page, PageQuery};
