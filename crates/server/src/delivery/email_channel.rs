//! The email channel: renders a notification as a mail and hands it to the transport.

use futures_util::{FutureExt, future::BoxFuture};
use platform::clock::Clock;

use super::email::smtp::EnhancedCode;
use super::{
    content::Content,
    email::{
        Address, ConfigError, Dkim, Email, EmailConfig, MailProvider, Mailbox, NotificationMail, SendError, Stage,
        Transport,
    },
    model::{Adapter, Delivery, Outcome, Receipt},
    reference,
};
use crate::preferences;

/// Sends mail through one transport.
pub struct EmailChannel {
    transport: Transport,
    from: Mailbox,
    domain: String,
    name: &'static str,
    provider: MailProvider,
    dkim: Option<Dkim>,
    public_url: String,
    clock: Clock,
}

impl EmailChannel {
    /// The channel as configured; none when it is off.
    ///
    /// # Errors
    /// When a setting is wrong.
    pub fn open(
        name: &'static str,
        config: &EmailConfig,
        public_url: &str,
        clock: Clock,
    ) -> Result<Option<Self>, ConfigError> {
        let Some(transport) = Transport::open(config)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            transport,
            from: config.sender()?,
            domain: config.message_domain()?,
            name,
            provider: config.provider,
            dkim: config.dkim()?,
            public_url: public_url.to_owned(),
            clock,
        }))
    }

    /// The transport, for its preview page and for closing it.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// What goes along for machines: the delivery's reference, in the form in which the mail provider gives it back.
    fn headers(&self, delivery: &Delivery) -> Vec<(String, String)> {
        let reference = reference::write(delivery.org_id, delivery.log_id);
        let mut headers = vec![(reference::HEADER.to_owned(), reference.clone())];
        let extra = match self.provider {
            MailProvider::None => None,
            MailProvider::Ses => Some(("X-SES-MESSAGE-TAGS", format!("delivery={reference}"))),
            MailProvider::Postmark => Some(("X-PM-Metadata-delivery", reference)),
            MailProvider::Sendgrid => Some((
                "X-SMTPAPI",
                format!(r#"{{"unique_args":{{"delivery":"{reference}"}}}}"#),
            )),
            MailProvider::Mailgun => Some(("X-Mailgun-Variables", format!(r#"{{"delivery":"{reference}"}}"#))),
        };
        headers.extend(extra.map(|(name, value)| (name.to_owned(), value)));
        if let Some(token) = &delivery.unsubscribe_token {
            let url = preferences::unsubscribe_url(&self.public_url, token);
            headers.push(("List-Unsubscribe".to_owned(), format!("<{url}>")));
            headers.push((
                "List-Unsubscribe-Post".to_owned(),
                "List-Unsubscribe=One-Click".to_owned(),
            ));
        }
        headers
    }

    async fn attempt(&self, delivery: &Delivery) -> Outcome {
        let Some(address) = &delivery.email else {
            return Outcome::Skipped {
                reason: "no_email_address",
            };
        };
        let address: Address = match address.parse() {
            Ok(address) => address,
            Err(error) => return Outcome::failed("bad_email_address", &error),
        };
        let said = Content::of(delivery);
        let own = said.email();
        let content = NotificationMail {
            organization: &delivery.message.organization,
            title: own.as_ref().map_or(said.title(), |own| own.subject),
            content: own.as_ref().map_or(said.body(), |own| own.text),
            action_url: delivery.message.action_url.as_deref(),
            locale: delivery.language(),
        };
        let mail = Email {
            message_id_local: delivery.log_id,
            domain: self.domain.clone(),
            from: self.from.clone(),
            to: Mailbox::named(&delivery.recipient, address),
            subject: content.title.to_owned(),
            text: content.text(),
            html: Some(
                own.and_then(|own| own.html)
                    .map_or_else(|| content.html(), ToOwned::to_owned),
            ),
            headers: self.headers(delivery),
        };
        let rendered = match mail.render_signed(self.clock.now(), self.dkim.as_ref()) {
            Ok(rendered) => rendered,
            Err(error) => return Outcome::failed("cannot_be_rendered", &error),
        };
        match self
            .transport
            .send(delivery.log_id, &rendered.envelope, &rendered.bytes)
            .await
        {
            Ok(accepted) => Outcome::Sent(Receipt {
                external_id: Some(accepted.response.clone()),
                answer: Some(accepted.response),
                units: None,
            }),
            Err(error) => outcome(&error),
        }
    }
}

/// An address that does not exist or takes no mail is a bounce; any other refusal for good is a failure (it may be our own
/// fault, such as "relaying denied"); everything that may pass is tried again.
fn outcome(error: &SendError) -> Outcome {
    match error {
        SendError::Permanent {
            stage: Stage::Recipient,
            reply,
        } if is_about_the_address(reply.enhanced) => Outcome::Bounced {
            message: error.to_string(),
        },
        error if error.is_permanent() => Outcome::failed("refused_by_server", error),
        // Nothing of the message has left us and the server does not work: another one may.
        SendError::Connection {
            may_be_accepted: false, ..
        } => Outcome::Unavailable {
            message: error.to_string(),
            after: None,
        },
        error => Outcome::Retry {
            message: error.to_string(),
            after: None,
        },
    }
}

/// RFC 3463: X.1.x is about the address, X.2.x about the mailbox. Without an enhanced code a refused recipient is taken so.
fn is_about_the_address(code: Option<EnhancedCode>) -> bool {
    code.is_none_or(|EnhancedCode(_, subject, _)| matches!(subject, 1 | 2))
}

impl Adapter for EmailChannel {
    fn provider(&self) -> &str {
        self.name
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        self.transport.close_idle().boxed()
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        self.attempt(delivery).boxed()
    }
}
