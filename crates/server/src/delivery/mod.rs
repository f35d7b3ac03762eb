//! Delivery: takes due rows off the queue and hands each to its channel's providers, until every delivery log has its end.
//!
//! A claim is a lease: a worker that crashes loses it, and another takes over. What is sent and what is recorded cannot be
//! one transaction, so a crash in between repeats that one delivery: at least once, with the same Message-ID.
//!
//! A channel is one file that implements [`Adapter`] (`email_channel.rs`, `push_channel.rs`, `sms/twilio.rs`, `sms/http.rs`);
//! [`Route`] puts a channel's providers in their order, `providers.rs` reads them from the configuration, and what providers
//! report later comes in through `reports_api.rs`. docs/adding-a-channel.md shows the whole of a new one.

mod api;
mod content;
mod devices_api;
pub mod email;
mod email_channel;
mod form;
pub mod jobs;
mod model;
mod net;
mod providers;
mod push;
mod push_channel;
mod reference;
mod reports;
mod reports_api;
mod route;
mod sms;
mod store;
mod throttle;

pub use content::{Content, EmailText};
pub use email_channel::EmailChannel;
pub use model::{Adapter, Delivery, DeliverySettings, Message, Outcome, Receipt};
pub use providers::{Opened, open_routes};
pub use push::{Device, Kind as DeviceKind, PushSettings, WebPush, generate_vapid_key};
pub use push_channel::PushChannel;
pub use reports::{Report, ReportSettings, read_bounce};
pub use reports_api::callbacks;
pub use route::Route;
pub use sms::SmsSettings;
pub use store::{
    log::{DeadFilter, count_dead, redrive_all},
    reports::apply as apply_report,
};
pub use throttle::Limits;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// The routes of this slice that applications use.
pub fn router() -> OpenApiRouter<App> {
    api::router().merge(devices_api::router())
}
