//! Frontdesk: the front desk of a multi-tenant application, in one binary on PostgreSQL.
//!
//! The folders are the architecture: each slice (`organizations`, `directory`, `templates`, `notifications`, `inbox` …) has
//! its rules in `model`, its SQL in `store`, its HTTP in `api` and its background work in `jobs`; [`router`] merges them,
//! [`app`] puts them together, [`commands`] are the ways in. Dependencies point one way: commands → router → slices →
//! platform.

pub mod app;
pub mod bench;
pub mod commands;
pub mod console;
pub mod delivery;
pub mod demo;
pub mod directory;
pub mod inbox;
pub mod migrations;
pub mod notifications;
pub mod organizations;
pub mod preferences;
pub mod realtime;
pub mod router;
pub mod sessions;
pub mod settings;
pub mod templates;
