//! The migration runner against a real PostgreSQL. Every test makes its own database, so they run side by side.
//!
//! Run with `cargo run -p frontdesk-devdb -- with -- cargo test -p frontdesk-platform --test migrate`, which starts a
//! private server and sets FRONTDESK_TEST_DATABASE_URL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod outside;
mod replaceables;
mod runners;
mod sources;
mod steps;
mod support;
