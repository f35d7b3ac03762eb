//! Reading a configuration: commented defaults in the binary, then a file, then the environment.

use std::path::Path;

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::de::DeserializeOwned;

/// What is wrong with the configuration: names the setting and where it came from.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// Reads the defaults, overridden by the file (if given), overridden by environment variables that begin with `prefix`
/// (`FRONTDESK_DATABASE__POOL_SIZE` is `database.pool_size`: two underscores go one level down; `not_settings` are names behind
/// the prefix that mean something else), overridden by `last`
/// (pairs of dotted setting and value, for other well-known variables such as `DATABASE_URL`).
///
/// # Errors
/// When the file cannot be read, a setting is unknown, missing, or of the wrong kind: all of them at once.
pub fn load<T: DeserializeOwned>(
    defaults: &str,
    file: Option<&Path>,
    prefix: &str,
    not_settings: &[&str],
    last: &[(&str, String)],
) -> Result<T, ConfigError> {
    let mut figment = Figment::from(Toml::string(defaults));
    if let Some(path) = file {
        if !path.is_file() {
            return Err(ConfigError(format!("{}: there is no such file", path.display())));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(Env::prefixed(prefix).ignore(not_settings).split("__"));
    for (setting, value) in last {
        figment = figment.merge((*setting, value));
    }
    figment.extract().map_err(|errors| {
        let lines = errors.into_iter().map(|error| {
            let source = error.metadata.as_ref().map(|metadata| match &metadata.source {
                Some(figment::Source::File(path)) => format!(" (in {})", path.display()),
                _ if metadata.name.contains("environment") => " (in the environment)".to_owned(),
                _ => String::new(),
            });
            let setting = if error.path.is_empty() {
                String::new()
            } else {
                format!("{}: ", error.path.join("."))
            };
            format!("{setting}{}{}", error.kind, source.unwrap_or_default())
        });
        ConfigError(lines.collect::<Vec<_>>().join("\n"))
    })
}
