//! What the tests stand on: a fresh migrated database each, a whole server on it with a clock of its own, people to ask
//! as, and a client that asks.

pub mod app;
pub mod database;
pub mod people;
pub mod postfix;

pub use app::TestApp;
pub use database::TestDb;
