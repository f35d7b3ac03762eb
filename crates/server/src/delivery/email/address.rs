//! Mail addresses that are safe to put on the wire: parsed once, so that everything behind them need not check again.
//!
//! Used for the sender in [`super::EmailConfig`], for both ends of a message and for the SMTP envelope. An [`Address`]
//! never holds a control character, is at most 254 octets long (RFC 5321 section 4.5.3.1.3) and has a local part and a
//! domain by RFC 5321/6531.

use std::fmt;
use std::str::FromStr;

/// Longest address that fits into an SMTP path of 256 octets with its angle brackets.
const MAX_OCTETS: usize = 254;

/// One mail address, such as `maria@example.org`. May hold UTF-8 (RFC 6531); see [`Address::is_ascii`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address(lettre::Address);

/// Why a text is not a mail address. The text itself is not repeated: it is somebody's personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address ({reason}); it must look like name@example.org")]
pub struct AddressError {
    reason: String,
}

impl Address {
    /// The address as text, without angle brackets.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    /// Whether every server can take it. An address with other characters needs SMTPUTF8 (RFC 6531).
    pub fn is_ascii(&self) -> bool {
        self.as_str().is_ascii()
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_OCTETS {
            return Err(AddressError {
                reason: format!("longer than {MAX_OCTETS} octets"),
            });
        }
        if text.chars().any(char::is_control) {
            return Err(AddressError {
                reason: "it holds a control character".to_owned(),
            });
        }
        let parsed: lettre::Address = text
            .parse()
            .map_err(|error: lettre::address::AddressError| AddressError {
                reason: error.to_string(),
            })?;
        Ok(Self(parsed))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An address with the name to show beside it. The name may be anything: it is checked and encoded when rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Shown instead of the address where there is one; an empty name counts as none.
    pub name: Option<String>,
    /// Where the mail goes.
    pub address: Address,
}

impl Mailbox {
    /// An address with a name.
    pub fn named(name: impl Into<String>, address: Address) -> Self {
        Self {
            name: Some(name.into()),
            address,
        }
    }

    /// The same mailbox for lettre's builder.
    pub(super) fn to_lettre(&self) -> lettre::message::Mailbox {
        let name = self.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        lettre::message::Mailbox::new(name.map(str::to_owned), self.address.0.clone())
    }
}

impl FromStr for Mailbox {
    type Err = AddressError;

    /// Reads `Name <name@example.org>` or a bare address, as the configuration writes them.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let parsed: lettre::message::Mailbox =
            text.parse()
                .map_err(|error: lettre::address::AddressError| AddressError {
                    reason: error.to_string(),
                })?;
        Ok(Self {
            name: parsed.name,
            address: parsed.email.to_string().parse()?,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_address_is_taken_as_it_is() {
        let address: Address = "o'brien+school@example.org".parse().unwrap();
        assert_eq!(address.as_str(), "o'brien+school@example.org");
        assert_eq!(address.domain(), "example.org");
        assert!(address.is_ascii());
    }

    #[test]
    fn what_could_break_out_of_the_envelope_is_refused() {
        for text in [
            "",
            "nobody",
            "a@b@c",
            "a b@example.org",
            "a@example.org>\r\nRCPT TO:<b@example.org",
            "a@exa\nmple.org",
            "\"a\r\nb\"@example.org",
            "a@example.org\r\n",
            "<a@example.org>",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text:?} was taken");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert!(long.parse::<Address>().is_err());
    }

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        let named: Mailbox = "Riverdale Schools <no-reply@example.org>".parse().unwrap();
        assert_eq!(named.name.as_deref(), Some("Riverdale Schools"));
        let bare: Mailbox = "no-reply@example.org".parse().unwrap();
        assert_eq!(bare.name, None);
        assert_eq!(bare.address.as_str(), "no-reply@example.org");
    }
}
