//! Organizations (the tenants), who the caller is in theirs, and the organization's service keys.

mod api;
mod model;
pub mod store;

pub use api::router;
pub use model::{Kind, Me, Organization, OrganizationRef, Profile, Role};
