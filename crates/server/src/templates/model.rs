//! What a template is made of, and which ones are refused. No SQL, no HTTP.

use std::collections::BTreeMap;

use jiff::Timestamp;
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{mjml, sandbox};

/// The most languages that a template may have.
const MAX_LOCALES: usize = 40;
/// The largest source of one text, in bytes.
const MAX_SOURCE: usize = 64 * 1024;

/// What a template says, by language tag (`en`, `de-CH` …).
pub type Contents = BTreeMap<String, Texts>;

/// What it says in one language. Each text is a Jinja template; a channel that is left out says what `in_app` says.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// The inbox, and every channel that has no text of its own.
    pub in_app: InAppText,
    /// Mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailText>,
    /// Push messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<PushText>,
    /// Text messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms: Option<SmsText>,
}

/// In the inbox.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InAppText {
    /// One line.
    #[schema(example = "{{ child }}'s bus is late")]
    pub title: String,
    /// The text.
    #[schema(example = "About {{ minutes }} minutes.")]
    pub content: String,
}

/// As mail.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailText {
    /// One line.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// MJML (<https://mjml.io>), which becomes HTML. Values are escaped. Left out: made of `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mjml: Option<String>,
}

/// As a push message.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PushText {
    /// One line.
    pub title: String,
    /// The text.
    pub body: String,
}

/// As a text message.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SmsText {
    /// The text.
    pub text: String,
}

/// One text of a template, with what its result must keep to.
pub struct Part<'a> {
    /// channel and field: `email.subject`.
    pub name: &'static str,
    pub source: &'a str,
    /// One line, no longer than that; or only no longer.
    pub one_line: bool,
    pub longest: usize,
    pub mjml: bool,
}

impl Texts {
    /// All texts.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let part = |name, source, one_line, longest| Part {
            name,
            source,
            one_line,
            longest,
            mjml: false,
        };
        let mut parts = vec![
            part("in_app.title", self.in_app.title.as_str(), true, 200),
            part("in_app.content", &self.in_app.content, false, 10_000),
        ];
        if let Some(email) = &self.email {
            parts.push(part("email.subject", &email.subject, true, 200));
            parts.push(part("email.text", &email.text, false, 100_000));
            if let Some(mjml) = &email.mjml {
                parts.push(Part {
                    mjml: true,
                    ..part("email.mjml", mjml, false, sandbox::MAX_OUTPUT)
                });
            }
        }
        if let Some(push) = &self.push {
            parts.push(part("push.title", &push.title, true, 200));
            parts.push(part("push.body", &push.body, false, 2_000));
        }
        if let Some(sms) = &self.sms {
            parts.push(part("sms.text", &sms.text, false, 1_600));
        }
        parts
    }
}

/// What is wrong with a template, apart from the data that it will get.
#[must_use]
pub fn check(contents: &Contents) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if contents.is_empty() || contents.len() > MAX_LOCALES {
        errors.push(FieldError::new("contents", "must have between 1 and 40 languages"));
    }
    for (locale, texts) in contents {
        if !is_language_tag(locale) {
            errors.push(FieldError::new(
                format!("contents.{locale}"),
                "is no language tag; write en, de or de-CH",
            ));
            continue;
        }
        for part in texts.parts() {
            let field = format!("contents.{locale}.{}", part.name);
            if part.source.len() > MAX_SOURCE {
                errors.push(FieldError::new(field, "is longer than 64 KiB"));
            } else if let Err(message) = sandbox::check(part.source) {
                errors.push(FieldError::new(field, message));
            } else if part.mjml
                && let Err(message) = mjml::check(part.source)
            {
                errors.push(FieldError::new(field, message));
            }
        }
    }
    errors
}

fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    parts
        .next()
        .is_some_and(|first| (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase()))
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Names of templates: words of lower-case letters, digits, `_` and `.`.
#[must_use]
pub fn is_key(text: &str) -> bool {
    text.len() <= 63
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.".contains(&byte))
}

/// A template that a message is made of.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Its name.
    #[schema(example = "appointment.reminder")]
    pub key: String,
    /// Which version; the newest by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// What its variables stand for, up to 16 KiB.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub data: Map<String, Value>,
}

/// A template as the API answers it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Template {
    /// Its name.
    pub key: String,
    /// 0 for one that ships; otherwise counts up with every change.
    pub version: i32,
    /// Whether it ships with Frontdesk (and the organization has none of its own by this name).
    pub built_in: bool,
    /// What it says.
    #[schema(value_type = Object)]
    pub contents: Contents,
    /// The variables that it uses anywhere.
    pub variables: Vec<String>,
    /// When this version was written; null for one that ships.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub created_at: Option<Timestamp>,
}

/// The variables of all texts, each once, in order.
#[must_use]
pub fn variables(contents: &Contents) -> Vec<String> {
    let mut names: Vec<String> = contents
        .values()
        .flat_map(|texts| {
            texts
                .parts()
                .into_iter()
                .flat_map(|part| sandbox::variables(part.source))
                .collect::<Vec<_>>()
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(contents: &str) -> Vec<String> {
        let contents: Contents = serde_json::from_str(contents).unwrap();
        check(&contents).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_broken_text_is_named() {
        assert_eq!(
            fields(
                r#"{"en":{"in_app":{"title":"{{ a","content":"{% set x = 1 %}"},"sms":{"text":"{{ a|nosuch }}"}},
                       "x":{"in_app":{"title":"","content":""}}}"#
            ),
            [
                "contents.en.in_app.title",
                "contents.en.in_app.content",
                "contents.en.sms.text",
                "contents.x"
            ]
        );
        assert_eq!(
            fields(
                r#"{"de-CH":{"in_app":{"title":"{{ a }}","content":"{% for b in c %}{{ b.d|upper }}{% endfor %}"}}}"#
            ),
            Vec::<String>::new()
        );
        assert_eq!(fields("{}"), ["contents"]);
    }
}
