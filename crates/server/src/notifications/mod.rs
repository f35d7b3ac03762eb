//! Notifications: one message, its audience, its recipients and how far it got.
//!
//! A request only writes the notification; the expander ([`jobs`]) turns its audience into recipients and delivery logs in
//! chunks, each its own transaction, so that a crash loses nothing and an emergency overtakes.

mod api;
mod audience;
pub mod jobs;
mod model;
mod store;

pub use api::router;
pub use model::{Category, Channel, Priority, Severity};
