//! Twilio's Programmable Messaging: <https://www.twilio.com/docs/messaging/api/message-resource>.

use futures_util::{FutureExt, future::BoxFuture};
use platform::clock::Clock;
use reqwest::Client;
use serde_json::Value;

use super::{
    super::{
        form,
        model::{Adapter, Delivery, Outcome, Receipt},
        net,
    },
    SmsSettings, TwilioSettings, callback_url, e164, segments, text,
};

/// The longest that Twilio keeps a message in its queue, in seconds.
const MAX_VALIDITY: i64 = 36_000;

/// Sends over Twilio.
pub struct Twilio {
    client: Client,
    settings: TwilioSettings,
    public_url: String,
    clock: Clock,
}

impl Twilio {
    /// As configured.
    ///
    /// # Errors
    /// What is missing.
    pub fn open(settings: &SmsSettings, public_url: &str, clock: Clock) -> Result<Self, String> {
        let twilio = &settings.twilio;
        for (name, value) in [
            ("account_sid", &twilio.account_sid),
            ("auth_token", &twilio.auth_token),
            ("from", &twilio.from),
        ] {
            if value.is_empty() {
                return Err(format!("sms.twilio.{name} is not set, and sms.providers names twilio"));
            }
        }
        Ok(Self {
            client: net::client().map_err(net::describe)?,
            settings: twilio.clone(),
            public_url: public_url.to_owned(),
            clock,
        })
    }

    async fn attempt(&self, delivery: &Delivery) -> Outcome {
        let Some(phone) = delivery.phone.as_deref() else {
            return Outcome::Skipped {
                reason: "no_phone_number",
            };
        };
        let Some(phone) = e164(phone) else {
            return Outcome::failed("bad_phone_number", &"the number is not in the form +15551234567");
        };
        let text = text(delivery);
        let now = self.clock.now();
        let validity = delivery
            .message
            .expires_at
            .duration_since(now)
            .as_secs()
            .clamp(1, MAX_VALIDITY);
        let validity = validity.to_string();
        let callback = callback_url(&self.public_url, "twilio", delivery);
        let sender = if self.settings.from.starts_with("MG") {
            "MessagingServiceSid"
        } else {
            "From"
        };
        let body = form::encode(&[
            ("To", &phone),
            (sender, &self.settings.from),
            ("Body", &text),
            ("StatusCallback", &callback),
            ("ValidityPeriod", &validity),
        ]);
        let url = format!(
            "{}/2010-04-01/Accounts/{}/Messages.json",
            self.settings.url, self.settings.account_sid
        );
        let answer = self
            .client
            .post(url)
            .basic_auth(&self.settings.account_sid, Some(&self.settings.auth_token))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            // It may have been taken: another provider would send it a second time.
            Err(error) if error.is_timeout() && !error.is_connect() => {
                return Outcome::Retry {
                    message: net::describe(error),
                    after: None,
                };
            }
            Err(error) => {
                return Outcome::Unavailable {
                    message: net::describe(error),
                    after: None,
                };
            }
        };
        let status = answer.status().as_u16();
        let after = net::retry_after(&answer, now);
        let answer: Value = serde_json::from_str(&net::text(answer).await).unwrap_or_default();
        if let (200 | 201, Some(sid)) = (status, answer["sid"].as_str()) {
            let counted = answer["num_segments"].as_str().and_then(|count| count.parse().ok());
            return Outcome::Sent(Receipt {
                external_id: Some(sid.to_owned()),
                answer: answer["status"].as_str().map(str::to_owned),
                units: counted.filter(|count| *count > 0).or_else(|| Some(segments(&text))),
            });
        }
        refused(status, &answer, after)
    }
}

/// <https://www.twilio.com/docs/api/errors>
fn refused(status: u16, answer: &Value, after: Option<std::time::Duration>) -> Outcome {
    let said = answer["message"].as_str().unwrap_or("no reason given");
    let code = answer["code"].as_i64().unwrap_or_default();
    let message = format!("{status} {code}: {said}");
    match (status, code) {
        // No mobile number, not reachable, blocked by its owner.
        (_, 21211 | 21214 | 21217 | 21610 | 21612 | 21614) => Outcome::Bounced { message },
        (401 | 403 | 404 | 429 | 500..=599, _) => Outcome::Unavailable { message, after },
        _ => Outcome::Failed {
            reason: "refused_by_provider",
            message,
        },
    }
}

impl Adapter for Twilio {
    fn provider(&self) -> &str {
        "twilio"
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        self.attempt(delivery).boxed()
    }
}
