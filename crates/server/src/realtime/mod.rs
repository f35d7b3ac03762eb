//! Realtime: tells connected people what is new for them, over WebSocket.
//!
//! What a person must see stands in the database (a websocket delivery log that is pending); the [`Hub`] only carries it.
//! A wake-up that gets lost costs one poll interval, never a message, and who reconnects gets what they did not acknowledge.

mod api;
mod hub;
mod socket;
mod store;

pub use api::router;
pub use hub::{Hub, run_hub};
