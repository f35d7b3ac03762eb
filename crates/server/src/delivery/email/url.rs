//! The mail server's URL, `smtp://user:password@host:port?tls=…` or `smtps://…`, taken apart for [`super::EmailConfig`].
//!
//! What cannot be understood is refused without being repeated, because it may hold a password.

use std::fmt;

use axum::http::Uri;

use super::config::ConfigError;
use super::smtp::Credentials;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    None,
    Opportunistic,
    Required,
    Implicit,
}

/// The mail server's URL, taken apart. Its `Display` hides the password, so that it can be shown and logged.
#[derive(Debug, Clone)]
pub struct SmtpUrl {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: TlsMode,
    pub(super) credentials: Option<Credentials>,
}

impl std::str::FromStr for SmtpUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let wrong = |what: &str| ConfigError::Url(what.to_owned());
        if text.is_empty() {
            return Err(wrong("is empty, and transport is smtp"));
        }
        let uri: Uri = text.parse().map_err(|_| wrong("is not a URL"))?;
        let authority = uri.authority().ok_or_else(|| wrong("names no host"))?;
        if !matches!(uri.path(), "" | "/") {
            return Err(wrong("has a path, which mail servers do not have"));
        }
        let tls = match (uri.scheme_str(), uri.query()) {
            (Some("smtps"), None) => TlsMode::Implicit,
            (Some("smtps"), Some(_)) => return Err(wrong("is smtps:// and so takes no ?tls=")),
            (Some("smtp"), None | Some("tls=required" | "tls=starttls")) => TlsMode::Required,
            (Some("smtp"), Some("tls=opportunistic")) => TlsMode::Opportunistic,
            (Some("smtp"), Some("tls=none")) => TlsMode::None,
            (Some("smtp"), Some(_)) => {
                return Err(wrong("may end in ?tls=required, ?tls=opportunistic or ?tls=none only"));
            }
            _ => return Err(wrong("does not start with smtp:// or smtps://")),
        };
        let default_port = match tls {
            TlsMode::Implicit => 465,
            TlsMode::None => 25,
            TlsMode::Required | TlsMode::Opportunistic => 587,
        };
        let credentials = authority
            .as_str()
            .rsplit_once('@')
            .map(|(user, _)| credentials(user))
            .transpose()?;
        Ok(Self {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(default_port),
            tls,
            credentials,
        })
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, query) = match self.tls {
            TlsMode::Implicit => ("smtps", ""),
            TlsMode::Required => ("smtp", "?tls=required"),
            TlsMode::Opportunistic => ("smtp", "?tls=opportunistic"),
            TlsMode::None => ("smtp", "?tls=none"),
        };
        let user = if self.credentials.is_some() { "***@" } else { "" };
        write!(f, "{scheme}://{user}{}:{}{query}", self.host, self.port)
    }
}

fn credentials(user_info: &str) -> Result<Credentials, ConfigError> {
    let wrong = || ConfigError::Url("has a user or password that is not percent-encoded".to_owned());
    let (user, password) = user_info
        .split_once(':')
        .ok_or_else(|| ConfigError::Url("has a user but no password".to_owned()))?;
    Ok(Credentials {
        user: percent_decode(user).ok_or_else(wrong)?,
        password: percent_decode(password).ok_or_else(wrong)?,
    })
}

/// RFC 3986 section 2.1. NUL is refused: AUTH PLAIN separates its fields with it.
fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::EmailConfig;
    use super::*;

    fn url(text: &str) -> SmtpUrl {
        text.parse().unwrap()
    }

    #[test]
    fn encryption_is_required_unless_the_url_says_otherwise() {
        assert_eq!(url("smtp://mail.example.org").tls, TlsMode::Required);
        assert_eq!(url("smtp://mail.example.org?tls=starttls").tls, TlsMode::Required);
        assert_eq!(
            url("smtp://mail.example.org/?tls=opportunistic").tls,
            TlsMode::Opportunistic
        );
        assert_eq!(url("smtps://mail.example.org").tls, TlsMode::Implicit);
        assert_eq!(url("smtp://127.0.0.1:2525?tls=none").tls, TlsMode::None);
    }

    #[test]
    fn ports_follow_the_encryption() {
        assert_eq!(url("smtp://mail.example.org").port, 587);
        assert_eq!(url("smtps://mail.example.org").port, 465);
        assert_eq!(url("smtp://mail.example.org?tls=none").port, 25);
        assert_eq!(url("smtp://[::1]:2525?tls=none").port, 2525);
    }

    #[test]
    fn the_password_is_decoded_and_never_shown() {
        let config = EmailConfig {
            url: "smtp://us%40er:p%3Aw:d@mail.example.org".to_owned(),
            ..EmailConfig::default()
        };
        let parsed = url(&config.url);
        let credentials = parsed.credentials.clone().unwrap();
        assert_eq!(
            (credentials.user.as_str(), credentials.password.as_str()),
            ("us@er", "p:w:d")
        );
        for shown in [format!("{config:?}"), format!("{parsed:?}"), parsed.to_string()] {
            assert!(!shown.contains("p:w") && !shown.contains("p%3A"), "{shown}");
        }
    }

    #[test]
    fn wrong_urls_are_refused_without_repeating_them() {
        for text in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://h?tls=maybe",
            "smtps://h?tls=none",
            "smtp://user@h",
            "smtp://u:%zz@h",
            "smtp://u:%+f@h",
            "smtp://u:%00secret@h",
            "smtp://h/path",
            "smtp://u:secret@h?x=y",
        ] {
            let error = text.parse::<SmtpUrl>().unwrap_err().to_string();
            assert!(error.starts_with("email.url "), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
