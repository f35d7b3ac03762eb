//! What the tests stand on: a fresh migrated database each, a whole server on it with a clock of its own, people to ask
//! as, and a client that asks.

pub mod app;
pub mod binary;
pub mod database;
pub mod dump;
pub mod people;
pub mod postfix;
pub mod provider;
pub mod sink;
pub mod socket;
pub mod wait;

pub use app::TestApp;
pub use database::TestDb;
