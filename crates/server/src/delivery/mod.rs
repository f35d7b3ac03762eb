//! Delivery: takes due rows off the queue and hands each to its channel's adapter, until every delivery log has its end.
//!
//! A claim is a lease: a worker that crashes loses it, and another takes over. What is sent and what is recorded cannot be
//! one transaction, so a crash in between repeats that one delivery: at least once, with the same Message-ID.

mod api;
mod content;
pub mod email;
mod email_channel;
pub mod jobs;
mod model;
mod providers;
mod route;
mod store;
mod throttle;

pub use api::router;
pub use content::{Content, EmailText};
pub use email_channel::EmailChannel;
pub use model::{Adapter, Delivery, DeliverySettings, Message, Outcome, Receipt};
pub use providers::open_routes;
pub use route::Route;
pub use store::log::{DeadFilter, count_dead, redrive_all};
pub use throttle::Limits;
