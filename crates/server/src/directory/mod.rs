//! The school directory: people, schools, grades, classes, and who is whose parent and teacher. It is filled by
//! [`import`]s and read by the console's pickers; audiences are computed from it in SQL (`frontdesk.audience_members`).

mod api;
pub mod import;
mod model;
mod store;

pub use api::router;
