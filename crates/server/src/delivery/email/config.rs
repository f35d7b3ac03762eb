//! The `[email]` section of the configuration: which transport, which server, which sender.
//!
//! Read by the composition root, checked by `frontdesk config check` through [`EmailConfig::check`], and turned into a
//! transport by [`super::Transport::open`]. Errors name the setting and the fix; the password in the URL is never shown.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::{AddressError, Mailbox};
use super::dkim::Dkim;
use super::smtp::{self, Settings, Timeouts, Tls};
use super::url::{SmtpUrl, TlsMode};

/// Where mails go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// To a mail server.
    Smtp,
    /// Into a folder on this machine, shown at `/dev/mail`. Nothing leaves the machine.
    Preview,
    /// Nowhere: the e-mail channel is switched off and its deliveries are skipped.
    Off,
}

/// Whose mail server it is: decides in which header a delivery's reference goes along, to come back in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailProvider {
    /// Nobody's in particular.
    None,
    /// Amazon SES.
    Ses,
    /// Postmark.
    Postmark,
    /// SendGrid.
    Sendgrid,
    /// Mailgun.
    Mailgun,
}

/// Settings of the e-mail channel. Its `Debug` hides the password in `url`; whoever serializes it must hide it first.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EmailConfig {
    /// `smtp`, `preview` or `off`.
    pub transport: TransportKind,
    /// Sender of every mail, `Name <address>` or an address. Its address is also where bounces go.
    pub from: String,
    /// Right side of every Message-ID and our name in EHLO. Empty: the domain of `from`.
    pub domain: String,
    /// The mail server: `smtp://user:password@host:port?tls=required`, or `smtps://…` for TLS from the first byte.
    /// `tls` is `required` (the default: STARTTLS or nothing; also spelled `starttls`), `opportunistic` (STARTTLS when
    /// offered) or `none`. Ports default to 587, to 465 with `smtps` and to 25 with `tls=none`. Special characters in
    /// user and password are percent-encoded. Only needed with `transport = "smtp"`.
    pub url: String,
    /// PEM file with further certificate authorities to trust, for a mail server with a certificate of its own.
    pub ca_file: Option<PathBuf>,
    /// Whose server it is: `none`, `ses`, `postmark`, `sendgrid` or `mailgun`.
    pub provider: MailProvider,
    /// DKIM: the selector, under which the public key stands in DNS at `<selector>._domainkey.<domain of from>`.
    pub dkim_selector: String,
    /// DKIM: the private key, RSA in PEM (`BEGIN RSA PRIVATE KEY`) or 32 bytes of Ed25519 in base64. None: no signature.
    pub dkim_key: Option<PathBuf>,
    /// A second mail server, written as `url`: takes over while the first does not work. Empty: none.
    pub backup_url: String,
    /// Mails a second at most, to each server; 0: as many as it takes.
    pub rate: f64,
    /// Most connections to the mail server at a time, 1 to 1,000.
    pub max_connections: u32,
    /// Seconds to wait for a TCP connection, and for a TLS handshake.
    pub connect_timeout_seconds: u64,
    /// Seconds to wait for the reply to a command.
    pub command_timeout_seconds: u64,
    /// Seconds that sending one message's bytes may take.
    pub content_timeout_seconds: u64,
    /// Seconds to wait for the server's verdict on a message. RFC 5321 recommends 600; too few cause duplicates.
    pub verdict_timeout_seconds: u64,
    /// Seconds after which an unused connection is closed.
    pub idle_timeout_seconds: u64,
    /// Folder that keeps the mails with `transport = "preview"`.
    pub preview_dir: PathBuf,
}

impl Default for EmailConfig {
    fn default() -> Self {
        let timeouts = Timeouts::default();
        Self {
            transport: TransportKind::Preview,
            from: "Frontdesk <frontdesk@localhost>".to_owned(),
            domain: String::new(),
            url: String::new(),
            provider: MailProvider::None,
            dkim_selector: String::new(),
            dkim_key: None,
            backup_url: String::new(),
            rate: 0.0,
            ca_file: None,
            max_connections: 8,
            connect_timeout_seconds: timeouts.connect.as_secs(),
            command_timeout_seconds: timeouts.command.as_secs(),
            content_timeout_seconds: timeouts.content.as_secs(),
            verdict_timeout_seconds: timeouts.verdict.as_secs(),
            idle_timeout_seconds: timeouts.idle.as_secs(),
            preview_dir: PathBuf::from(".frontdesk/mail"),
        }
    }
}

/// What is wrong with the section.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The sender is not an address.
    #[error("email.from: {0}")]
    From(#[from] AddressError),
    /// The domain is not one.
    #[error("email.domain {0:?} is not a domain name; set it to one of yours, such as example.org")]
    Domain(String),
    /// The URL cannot be understood; its text is not repeated, since it may hold a password.
    #[error("email.url {0}; it must look like smtp://user:password@mail.example.org:587?tls=required")]
    Url(String),
    /// The second server cannot be used.
    #[error("email.backup_url: {0}")]
    Backup(Box<ConfigError>),
    /// The DKIM key cannot be used.
    #[error("{0}")]
    Dkim(String),
    /// A number is out of its range.
    #[error("email.{field} must be between {min} and {max}")]
    Range {
        /// The setting.
        field: &'static str,
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
    },
    /// The certificate file cannot be used.
    #[error(transparent)]
    Tls(#[from] smtp::TlsError),
    /// The preview's folder cannot be used.
    #[error("email.preview_dir {path}: {error}; choose a folder that this user may write to")]
    PreviewDir {
        /// The folder.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

impl EmailConfig {
    /// Checks everything that can be checked without the network and without writing.
    ///
    /// # Errors
    /// The first thing that is wrong, with the setting's name.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.sender()?;
        self.message_domain()?;
        self.check_ranges()?;
        if !(0.0..=100_000.0).contains(&self.rate) {
            return Err(ConfigError::Range {
                field: "rate",
                min: 0,
                max: 100_000,
            });
        }
        if let Some(backup) = self.backup() {
            backup
                .settings()
                .map_err(|error| ConfigError::Backup(Box::new(error)))?;
        }
        if self.transport == TransportKind::Smtp {
            self.settings()?;
        }
        Ok(())
    }

    /// The sender as configured. A caller may show an organization's name instead of its own.
    ///
    /// # Errors
    /// When `from` is not a mailbox.
    pub fn sender(&self) -> Result<Mailbox, ConfigError> {
        Ok(self.from.parse()?)
    }

    /// Right side of the Message-ID: `domain`, or the sender's.
    ///
    /// # Errors
    /// When it is not a domain.
    pub fn message_domain(&self) -> Result<String, ConfigError> {
        let domain = if self.domain.is_empty() {
            self.sender()?.address.domain().to_owned()
        } else {
            self.domain.clone()
        };
        let fit = domain.is_ascii() && lettre::Address::new("id", &domain).is_ok();
        if fit {
            Ok(domain)
        } else {
            Err(ConfigError::Domain(domain))
        }
    }

    /// The DKIM signer, when there is a key.
    ///
    /// # Errors
    /// When the key cannot be read, or the selector is missing.
    pub fn dkim(&self) -> Result<Option<Dkim>, ConfigError> {
        let Some(file) = &self.dkim_key else {
            return Ok(None);
        };
        let selector = &self.dkim_selector;
        if selector.is_empty()
            || !selector
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        {
            return Err(ConfigError::Dkim(
                "email.dkim_selector is missing or not one; it is the first part of the DNS name of your key".into(),
            ));
        }
        let domain = self.sender()?.address.domain().to_owned();
        Dkim::open(selector, &domain, file).map(Some).map_err(ConfigError::Dkim)
    }

    /// The same settings with the second mail server in the place of the first, when there is one.
    #[must_use]
    pub fn backup(&self) -> Option<Self> {
        let wanted = self.transport == TransportKind::Smtp && !self.backup_url.is_empty();
        wanted.then(|| Self {
            url: self.backup_url.clone(),
            backup_url: String::new(),
            ..self.clone()
        })
    }

    /// How to reach the mail server, certificates loaded.
    ///
    /// # Errors
    /// When the URL, the domain or the certificate file is wrong.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let url: SmtpUrl = self.url.parse()?;
        let tls = match url.tls {
            TlsMode::None => Tls::None,
            TlsMode::Opportunistic => Tls::Opportunistic(smtp::client_config(self.ca_file.as_deref())?),
            TlsMode::Required => Tls::Required(smtp::client_config(self.ca_file.as_deref())?),
            TlsMode::Implicit => Tls::Implicit(smtp::client_config(self.ca_file.as_deref())?),
        };
        Ok(Settings {
            host: url.host,
            port: url.port,
            tls,
            credentials: url.credentials,
            helo: self.message_domain()?,
            timeouts: self.timeouts(),
        })
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(self.connect_timeout_seconds),
            command: Duration::from_secs(self.command_timeout_seconds),
            content: Duration::from_secs(self.content_timeout_seconds),
            verdict: Duration::from_secs(self.verdict_timeout_seconds),
            idle: Duration::from_secs(self.idle_timeout_seconds),
        }
    }

    fn check_ranges(&self) -> Result<(), ConfigError> {
        let ranges = [
            ("max_connections", u64::from(self.max_connections), 1_000),
            ("connect_timeout_seconds", self.connect_timeout_seconds, 3_600),
            ("command_timeout_seconds", self.command_timeout_seconds, 3_600),
            ("content_timeout_seconds", self.content_timeout_seconds, 3_600),
            ("verdict_timeout_seconds", self.verdict_timeout_seconds, 3_600),
            ("idle_timeout_seconds", self.idle_timeout_seconds, 3_600),
        ];
        match ranges.into_iter().find(|(_, value, max)| !(1..=*max).contains(value)) {
            Some((field, _, max)) => Err(ConfigError::Range { field, min: 1, max }),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for EmailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self
            .url
            .parse::<SmtpUrl>()
            .map_or_else(|_| "(invalid)".to_owned(), |url| url.to_string());
        f.debug_struct("EmailConfig")
            .field("transport", &self.transport)
            .field("from", &self.from)
            .field("domain", &self.domain)
            .field("url", &url)
            .field("max_connections", &self.max_connections)
            .field("preview_dir", &self.preview_dir)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_valid_and_unknown_settings_are_refused() {
        EmailConfig::default().check().unwrap();
        assert!(serde_json::from_str::<EmailConfig>(r#"{"transport":"preview"}"#).is_ok());
        assert!(serde_json::from_str::<EmailConfig>(r#"{"transprot":"smtp"}"#).is_err());
    }

    #[test]
    fn check_names_the_setting_that_is_wrong() {
        let base = EmailConfig::default;
        let cases = [
            (
                EmailConfig {
                    from: "nobody".to_owned(),
                    ..base()
                },
                "email.from",
            ),
            (
                EmailConfig {
                    domain: "not a domain".to_owned(),
                    ..base()
                },
                "email.domain",
            ),
            (
                EmailConfig {
                    max_connections: 0,
                    ..base()
                },
                "email.max_connections",
            ),
            (
                EmailConfig {
                    verdict_timeout_seconds: 0,
                    ..base()
                },
                "email.verdict_timeout_seconds",
            ),
            (
                EmailConfig {
                    transport: TransportKind::Smtp,
                    ..base()
                },
                "email.url",
            ),
            (
                EmailConfig {
                    transport: TransportKind::Smtp,
                    url: "smtps://mail.example.org".to_owned(),
                    ca_file: Some("no-such-file.pem".into()),
                    ..base()
                },
                "email.ca_file",
            ),
        ];
        for (config, setting) in cases {
            let error = config.check().unwrap_err().to_string();
            assert!(error.contains(setting), "{error}");
        }
    }
}
