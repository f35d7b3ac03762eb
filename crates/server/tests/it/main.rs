//! The integration tests: one binary, one file for each slice or promise. See docs/TESTING.md.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "tests"
)]

mod crash;
mod email;
mod import;
mod model;
mod notifications;
mod realtime;
mod schema;
mod sessions;
mod sign_in;
mod support;
mod tenancy;
mod tenancy_matrix;
