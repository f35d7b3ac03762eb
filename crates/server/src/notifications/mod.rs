//! Notifications: one message, its audience, its recipients (the inbox) and how far it got.
//!
//! A request only writes the notification; the expander ([`jobs`]) turns its audience into recipients and delivery logs in
//! chunks, each its own transaction, so that a crash loses nothing and an emergency overtakes.

mod api;
mod audience;
pub mod inbox;
mod inbox_api;
pub mod jobs;
mod model;
mod store;

pub use inbox::InboxItem;
pub use model::{Category, Channel, Priority, Severity};

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes of this slice.
pub fn router() -> OpenApiRouter<App> {
    api::router().merge(inbox_api::router())
}
