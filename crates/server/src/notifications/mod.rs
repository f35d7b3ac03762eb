//! Notifications: one message, its audience, its recipients and how far it got.
//!
//! A request only writes the notification; the expander ([`jobs`]) turns its audience into recipients and delivery logs in
//! chunks, each its own transaction, so that a crash loses nothing and an emergency overtakes. What follows later, for whom
//! has not read or acknowledged it, is planned by the policy of its tier.

mod answer;
mod api;
mod audience;
mod edit;
pub mod jobs;
mod lifecycle_api;
mod model;
mod policy;
mod policy_api;
mod store;

pub use api::router;
pub use model::{Category, Channel, Priority, Severity};
