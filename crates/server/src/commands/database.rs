//! Which database a command works on: the configured one, or that of an `up` in the working directory.

use std::path::Path;

use anyhow::Context;
use platform::db::Db;

use super::state_dir::{self, StateDir};
use crate::settings::Settings;

/// The settings for commands that need a database. When none is configured and `frontdesk up` has one in `./.frontdesk`,
/// that one.
///
/// # Errors
/// When the configuration is wrong.
pub fn settings(config: Option<&Path>) -> anyhow::Result<Settings> {
    let mut settings = Settings::load(config)?;
    let dir = Path::new(state_dir::DEFAULT);
    if settings.database.api_url.is_empty() && settings.database.url.is_empty() && dir.is_dir() {
        let dir = StateDir::open(dir)?;
        if let Some(running) = dir.running() {
            settings.database.url = running.url;
            settings.database.api_url = running.api_url;
            settings.database.worker_url = running.worker_url;
            settings.server.public_url = running.public_url;
            if settings.auth.hs256_secret.is_empty() {
                settings.auth.hs256_secret = dir.secrets()?.hs256_secret;
            }
        }
    }
    Ok(settings)
}

/// Opens the database for a command.
///
/// # Errors
/// When it is not configured or does not answer.
pub async fn open(settings: &Settings) -> anyhow::Result<Db> {
    let options = settings.db().map_err(anyhow::Error::msg)?;
    let db = Db::new(&options)?;
    db.ping()
        .await
        .context("the database does not answer; is `frontdesk up` running, or are the URLs right?")?;
    Ok(db)
}
