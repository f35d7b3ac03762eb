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

mod architecture;
mod crash;
mod delivery;
mod doctor;
mod email;
mod import;
mod model;
mod notifications;
mod operations;
mod plans;
mod postgrest;
mod preferences;
mod process;
mod realtime;
mod rollback;
mod schema;
mod sessions;
mod sign_in;
mod supabase;
mod support;
mod templates;
mod tenancy;
mod tenancy_matrix;
mod tenancy_mutations;
