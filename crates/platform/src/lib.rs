//! What every slice of Frontdesk stands on: tenant transactions, sign-in, errors, pages, configuration, migrations, tasks,
//! time and ids. No product word lives here, and nothing here depends on a slice.

#![warn(missing_docs)]

pub mod auth;
pub mod clock;
pub mod config;
pub mod db;
pub mod http;
pub mod ids;
pub mod migrate;
pub mod tasks;
pub mod telemetry;
