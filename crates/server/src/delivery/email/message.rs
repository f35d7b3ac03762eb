//! One mail as bytes: headers, plain text and HTML in the form of RFC 5322 and MIME.
//!
//! The delivery engine fills an [`Email`] for a delivery log row and calls [`Email::render`]. Rendering is pure: the
//! same row at the same time gives the same bytes, so a repeat is recognisable and tests need no clock. lettre encodes;
//! what it would have to guess about (line breaks in headers, reserved headers) is refused here with the field's name.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MessageBuilder, MultiPart, MultiPartKind, SinglePart};
use uuid::Uuid;

use super::address::Mailbox;
use super::dkim::Dkim;
use super::smtp::Envelope;

/// Headers that this module writes itself; a caller's `headers` may not set them again.
const OWN_HEADERS: [&str; 11] = [
    "from",
    "sender",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "auto-submitted",
    "return-path",
];

/// Everything that goes into one mail to one person.
#[derive(Debug, Clone)]
pub struct Email {
    /// Id of the delivery log row. It becomes the left side of the Message-ID and so never changes between attempts.
    pub message_id_local: Uuid,
    /// Right side of the Message-ID: a domain of the sender's.
    pub domain: String,
    /// Who speaks.
    pub from: Mailbox,
    /// Whom it is for.
    pub to: Mailbox,
    /// One line of text, any language.
    pub subject: String,
    /// The plain part; line ends may be of any kind.
    pub text: String,
    /// The HTML part, a whole document, where there is one.
    pub html: Option<String>,
    /// Further headers, such as `List-Unsubscribe`. Names that this module writes itself are refused.
    pub headers: Vec<(String, String)>,
}

/// A mail ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Sender and recipient as the mail server is told them.
    pub envelope: Envelope,
    /// The message with CRLF line ends, not yet dot-stuffed.
    pub bytes: Vec<u8>,
}

/// Why a mail cannot be written. None of these goes away by trying again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// A line break or another control character where one line of text belongs: the way header injection would come.
    #[error("{field} holds a line break or another control character; it must be one line of text")]
    ControlCharacter {
        /// The field that holds it.
        field: String,
    },
    /// A header whose name is not one, or which is written from the mail's own fields.
    #[error("the header {name:?} cannot be set: {reason}")]
    Header {
        /// The name as it was given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The Message-ID's right side is not a domain.
    #[error("domain {0:?} is not a domain name; set email.domain to one of yours, such as example.org")]
    Domain(String),
    /// The date lies before 1970 and cannot be written.
    #[error("the date {0} lies before 1970")]
    Date(Timestamp),
    /// lettre could not put the message together.
    #[error("the message could not be built: {0}")]
    Build(String),
}

impl Email {
    /// Writes the mail with `at` as its date. Pass the log row's own time, not the attempt's, to keep repeats identical.
    ///
    /// # Errors
    /// [`MessageError`] with the field that cannot be written.
    pub fn render(&self, at: Timestamp) -> Result<Rendered, MessageError> {
        self.render_signed(at, None)
    }

    /// The same with a DKIM signature, whose time is the present one.
    ///
    /// # Errors
    /// [`MessageError`] with the field that cannot be written.
    pub fn render_signed(&self, at: Timestamp, dkim: Option<&Dkim>) -> Result<Rendered, MessageError> {
        self.check()?;
        let mut builder = lettre::Message::builder()
            .from(self.from.to_lettre())
            .to(self.to.to_lettre())
            .subject(self.subject.as_str())
            .date(date(at)?)
            .message_id(Some(self.message_id()))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        for (name, value) in &self.headers {
            builder = builder.raw_header(HeaderValue::new(header_name(name)?, value.clone()));
        }
        let mut message = self
            .body(builder)
            .map_err(|error| MessageError::Build(error.to_string()))?;
        if let Some(dkim) = dkim {
            dkim.sign(&mut message);
        }
        Ok(Rendered {
            envelope: Envelope {
                from: self.from.address.clone(),
                to: self.to.address.clone(),
            },
            bytes: message.formatted(),
        })
    }

    /// The Message-ID header's value, angle brackets included.
    pub fn message_id(&self) -> String {
        format!("<{}@{}>", self.message_id_local, self.domain)
    }

    fn check(&self) -> Result<(), MessageError> {
        one_line("subject", &self.subject)?;
        one_line("the sender's name", self.from.name.as_deref().unwrap_or_default())?;
        one_line("the recipient's name", self.to.name.as_deref().unwrap_or_default())?;
        for (name, value) in &self.headers {
            header_name(name)?;
            one_line(&format!("the header {name}"), value)?;
        }
        let domain_is_fit = self.domain.is_ascii() && lettre::Address::new("id", &self.domain).is_ok();
        if domain_is_fit {
            Ok(())
        } else {
            Err(MessageError::Domain(self.domain.clone()))
        }
    }

    fn body(&self, builder: MessageBuilder) -> Result<lettre::Message, lettre::error::Error> {
        let text = SinglePart::plain(crlf(&self.text));
        let Some(html) = &self.html else {
            return builder.singlepart(text);
        };
        // The boundary comes from the row's id instead of a random source, so that rendering stays pure. Whoever wrote
        // the content could not know the id, which is made afterwards.
        let parts = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("=_{}", self.message_id_local.simple()))
            .singlepart(text)
            .singlepart(SinglePart::html(crlf(html)));
        builder.multipart(parts)
    }
}

/// lettre's date wants the time since 1970 and panics on anything earlier.
fn date(at: Timestamp) -> Result<SystemTime, MessageError> {
    if at < Timestamp::UNIX_EPOCH {
        Err(MessageError::Date(at))
    } else {
        Ok(SystemTime::from(at))
    }
}

fn one_line(field: &str, text: &str) -> Result<(), MessageError> {
    if text.chars().any(char::is_control) {
        return Err(MessageError::ControlCharacter {
            field: field.to_owned(),
        });
    }
    Ok(())
}

/// A header name by RFC 5322 section 2.2 that is not one of our own.
fn header_name(name: &str) -> Result<HeaderName, MessageError> {
    let refuse = |reason| MessageError::Header {
        name: name.to_owned(),
        reason,
    };
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(refuse("a header's name is letters, digits and hyphens"));
    }
    let lower = name.to_ascii_lowercase();
    if OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("content-") {
        return Err(refuse("it is written from the mail's own fields"));
    }
    HeaderName::new_from_ascii(name.to_owned()).map_err(|_| refuse("it is empty or longer than 76 characters"))
}

/// The text with CRLF at every line end, whatever it had. A lone CR must not survive: some servers take it as a line end.
fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push_str("\r\n");
            }
            '\n' => out.push_str("\r\n"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
#[path = "message_tests.rs"]
mod tests;
