//! The configuration, typed. [`DEFAULTS`] documents each setting; nothing else in the product reads the environment.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use platform::{auth::AuthOptions, config::ConfigError, db::DbOptions, telemetry::LogFormat};
use serde::{Deserialize, Serialize};

use crate::{
    delivery::{DeliverySettings, PushSettings, ReportSettings, SmsSettings, email::EmailConfig},
    sessions::SessionSettings,
};

/// The commented defaults, as `frontdesk config show --defaults` prints them.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// Variables with our prefix that are no settings: where programs are, and what the tests are told.
const NOT_SETTINGS: &[&str] = &["BIN", "LINKS", "PG_BIN", "TEST_DATABASE_URL", "TEST_PG_VERSION"];

/// All settings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// HTTP.
    pub server: ServerSettings,
    /// PostgreSQL.
    pub database: DatabaseSettings,
    /// Tokens.
    pub auth: AuthOptions,
    /// Signed-in devices.
    pub sessions: SessionSettings,
    /// Logs.
    pub log: LogSettings,
    /// Expanding and delivering.
    pub delivery: DeliverySettings,
    /// The email channel.
    pub email: EmailConfig,
    /// The push channel.
    pub push: PushSettings,
    /// The SMS channel.
    pub sms: SmsSettings,
    /// Reports of providers.
    pub callbacks: ReportSettings,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address and port.
    pub listen: SocketAddr,
    /// How people reach this server, without a slash at the end.
    pub public_url: String,
    /// What this process does.
    pub role: ProcessRole,
    /// Bytes.
    pub body_limit: usize,
    /// Seconds.
    pub request_timeout: u64,
    /// Seconds.
    pub shutdown_timeout: u64,
}

/// What one process of several does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ProcessRole {
    /// Everything.
    All,
    /// HTTP and realtime.
    Api,
    /// Expanding and delivering.
    Worker,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// The owner's URL.
    pub url: String,
    /// URL of `frontdesk_api`.
    pub api_url: String,
    /// URL of `frontdesk_worker`.
    pub worker_url: String,
    /// Connections in each pool.
    pub pool_size: usize,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Directives.
    pub filter: String,
    /// Text or JSON.
    pub format: LogFormat,
}

impl Settings {
    /// Reads defaults, file and environment. Without `file`, `./frontdesk.toml` is read if it is there.
    ///
    /// # Errors
    /// Every wrong setting, with its name and where it came from.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let beside = PathBuf::from("frontdesk.toml");
        let file = file.map(Path::to_owned).or_else(|| beside.is_file().then_some(beside));
        let last: Vec<_> = std::env::var("DATABASE_URL")
            .ok()
            .map(|url| ("database.url", url))
            .into_iter()
            .collect();
        platform::config::load(DEFAULTS, file.as_deref(), "FRONTDESK_", NOT_SETTINGS, &last)
    }

    /// The pools' settings.
    ///
    /// # Errors
    /// When a URL is missing or the pools would be empty.
    pub fn db(&self) -> Result<DbOptions, String> {
        for (name, url) in [
            ("api_url", &self.database.api_url),
            ("worker_url", &self.database.worker_url),
        ] {
            if url.is_empty() {
                return Err(format!(
                    "database.{name} is not set. Set FRONTDESK_DATABASE__{}, or run `frontdesk up`, which brings its own database",
                    name.to_uppercase()
                ));
            }
        }
        if self.database.pool_size == 0 {
            return Err("database.pool_size must be at least 1".into());
        }
        Ok(DbOptions {
            api_url: self.database.api_url.clone(),
            worker_url: self.database.worker_url.clone(),
            pool_size: self.database.pool_size,
        })
    }

    /// The same with every secret replaced, for people's eyes.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let mut shown = self.clone();
        for url in [
            &mut shown.database.url,
            &mut shown.database.api_url,
            &mut shown.database.worker_url,
            &mut shown.email.url,
            &mut shown.email.backup_url,
            &mut shown.auth.jwks,
        ] {
            *url = hide_password(url);
        }
        for secret in [
            &mut shown.auth.hs256_secret,
            &mut shown.sessions.fingerprint_key,
            &mut shown.push.vapid_private_key,
            &mut shown.sms.twilio.auth_token,
            &mut shown.sms.http.token,
            &mut shown.callbacks.ses_login,
            &mut shown.callbacks.postmark_login,
            &mut shown.callbacks.mailgun_signing_key,
            &mut shown.callbacks.bounce_login,
        ] {
            if !secret.is_empty() {
                *secret = "(set)".into();
            }
        }
        shown
    }
}

/// `scheme://user:secret@host` → `scheme://user:***@host`; the parameter `password` likewise, in both forms of a
/// connection string.
fn hide_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return hide_keyword(text);
    };
    let shown = match rest.rsplit_once('@') {
        Some((login, place)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:***@{place}"),
            None => rest.to_owned(),
        },
        None => rest.to_owned(),
    };
    let hide = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if name.contains("password") || name.contains('%') => format!("{name}=***"),
        _ => pair.to_owned(),
    };
    match shown.split_once('?') {
        Some((place, query)) => {
            let query: Vec<_> = query.split('&').map(hide).collect();
            format!("{scheme}://{place}?{}", query.join("&"))
        }
        None => format!("{scheme}://{shown}"),
    }
}

/// `user=u password='a b' dbname=d` → `user=u password=*** dbname=d`.
fn hide_keyword(text: &str) -> String {
    const NAME: &str = "password";
    let Some(at) = text.find(NAME) else {
        return text.to_owned();
    };
    let (before, rest) = text.split_at(at + NAME.len());
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return format!("{before}{}", hide_keyword(rest));
    };
    let mut escaped = false;
    let quoted = value.starts_with('\'');
    let ends = |(index, c): (usize, char)| {
        let end = match c {
            _ if escaped => false,
            '\'' => quoted && index > 0,
            c => !quoted && c.is_whitespace(),
        };
        escaped = c == '\\' && !escaped;
        end.then_some(index)
    };
    let end = value.char_indices().find_map(ends).unwrap_or(value.len());
    format!("{before}=***{}", hide_keyword(value[end..].trim_start_matches('\'')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid_and_hold_no_secret() {
        let settings: Settings =
            platform::config::load(DEFAULTS, None, "FRONTDESK_NOTHING_HAS_THIS_", &[], &[]).unwrap();
        assert!(settings.auth.hs256_secret.is_empty());
        assert!(settings.db().unwrap_err().contains("FRONTDESK_DATABASE__API_URL"));
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let error = platform::config::load::<Settings>(
            DEFAULTS,
            None,
            "FRONTDESK_NOTHING_HAS_THIS_",
            &[],
            &[("server.lisen", "x".into())],
        );
        assert!(error.unwrap_err().to_string().contains("lisen"));
    }

    #[test]
    fn passwords_are_hidden() {
        assert_eq!(
            hide_password("postgresql://a:b:c@host/db"),
            "postgresql://a:***@host/db"
        );
        for (text, shown) in [
            ("postgresql://a@/db?host=/tmp", "postgresql://a@/db?host=/tmp"),
            (
                "postgresql://a@h/db?x=1&password=b",
                "postgresql://a@h/db?x=1&password=***",
            ),
            ("https://id.example/jwks.json", "https://id.example/jwks.json"),
            ("user=a password=b dbname=c", "user=a password=*** dbname=c"),
            (r"password = 'b \' c' user=a", "password=*** user=a"),
            ("/etc/passwords.json", "/etc/passwords.json"),
        ] {
            assert_eq!(hide_password(text), shown);
        }
    }
}
