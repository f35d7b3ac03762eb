//! Preferences: what people want to hear by which way, when they want quiet, mail gathered into a digest, and the links by
//! which they unsubscribe. The expander applies them; an emergency goes past all of them.

mod api;
pub mod jobs;
mod model;
mod store;
mod unsubscribe_api;

pub use api::router;
pub use model::unsubscribe_url;
