//! What a delivery says on its channel, in the person's language: what the message's template came to, or its title and
//! text. No SQL, no HTTP.

use serde_json::Value;

use super::model::Delivery;

/// What there is to say to one person.
pub struct Content<'a> {
    title: &'a str,
    body: &'a str,
    /// By channel, in the best language there is; none without a template.
    texts: Option<&'a Value>,
}

/// A template's mail.
pub struct EmailText<'a> {
    /// One line.
    pub subject: &'a str,
    /// For readers without HTML.
    pub text: &'a str,
    /// The template's own; made of the text when there is none.
    pub html: Option<&'a str>,
}

impl<'a> Content<'a> {
    /// What a delivery says.
    #[must_use]
    pub fn of(delivery: &'a Delivery) -> Self {
        let message = &delivery.message;
        let texts = message
            .contents
            .as_ref()
            .and_then(|contents| pick(contents, delivery.language(), &message.locale));
        let in_app = |field: &str| texts.and_then(|texts| texts["in_app"][field].as_str());
        Self {
            title: in_app("title").unwrap_or(&message.title),
            body: in_app("content").unwrap_or(&message.content),
            texts,
        }
    }

    fn own(&self, channel: &str, field: &str) -> Option<&'a str> {
        self.texts.and_then(|texts| texts[channel][field].as_str())
    }

    /// One line, as in the inbox.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.title
    }

    /// The text, as in the inbox.
    #[must_use]
    pub fn body(&self) -> &'a str {
        self.body
    }

    /// The template's text for mail, if it has one.
    #[must_use]
    pub fn email(&self) -> Option<EmailText<'a>> {
        Some(EmailText {
            subject: self.own("email", "subject")?,
            text: self.own("email", "text")?,
            html: self.own("email", "html"),
        })
    }

    /// Title and text of a push message.
    #[must_use]
    pub fn push(&self) -> (&'a str, &'a str) {
        (
            self.own("push", "title").unwrap_or(self.title),
            self.own("push", "body").unwrap_or(self.body),
        )
    }

    /// A text message.
    #[must_use]
    pub fn sms(&self) -> String {
        match self.own("sms", "text") {
            Some(text) => text.to_owned(),
            None if self.body.is_empty() => self.title.to_owned(),
            None => format!("{}\n{}", self.title, self.body),
        }
    }
}

/// The same choice as `frontdesk.localized` makes.
fn pick<'a>(contents: &'a Value, locale: &str, fallback: &str) -> Option<&'a Value> {
    let contents = contents.as_object()?;
    [
        locale,
        locale.split('-').next().unwrap_or_default(),
        fallback,
        fallback.split('-').next().unwrap_or_default(),
        "en",
    ]
    .into_iter()
    .find_map(|tag| contents.get(tag))
    .or_else(|| contents.values().next())
}
