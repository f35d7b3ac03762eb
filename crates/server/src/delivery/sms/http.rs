//! Any SMS provider behind a small HTTP interface, of its own or of a bridge that you write.
//!
//! `POST` of `{"id", "to", "from", "text", "callback_url"}` with a bearer token and the id as `Idempotency-Key`. A 2xx with
//! `{"id": …}` means that it was taken, 429 and 5xx that it may be later (`Retry-After` counts), any other 4xx that it never
//! will be. What becomes of it is posted to `callback_url`: see [`super::super::reports`].

use futures_util::{FutureExt, future::BoxFuture};
use platform::clock::Clock;
use reqwest::Client;
use serde_json::{Value, json};

use super::{
    super::{
        model::{Adapter, Delivery, Outcome, Receipt},
        net,
    },
    HttpSmsSettings, SmsSettings, callback_url, e164, segments, text,
};

/// Sends over the provider.
pub struct HttpSms {
    client: Client,
    settings: HttpSmsSettings,
    public_url: String,
    clock: Clock,
}

impl HttpSms {
    /// As configured.
    ///
    /// # Errors
    /// What is missing.
    pub fn open(settings: &SmsSettings, public_url: &str, clock: Clock) -> Result<Self, String> {
        for (name, value) in [("url", &settings.http.url), ("token", &settings.http.token)] {
            if value.is_empty() {
                return Err(format!("sms.http.{name} is not set, and sms.providers names http"));
            }
        }
        Ok(Self {
            client: net::client().map_err(net::describe)?,
            settings: settings.http.clone(),
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
        let answer = self
            .client
            .post(&self.settings.url)
            .bearer_auth(&self.settings.token)
            .header("idempotency-key", delivery.log_id.to_string())
            .json(
                &json!({"id": delivery.log_id, "to": phone, "from": self.settings.from, "text": text,
                "callback_url": callback_url(&self.public_url, "sms", delivery)}),
            )
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                return Outcome::Unavailable {
                    message: net::describe(error),
                    after: None,
                };
            }
        };
        let status = answer.status().as_u16();
        let after = net::retry_after(&answer, self.clock.now());
        let said = net::text(answer).await;
        let value: Value = serde_json::from_str(&said).unwrap_or_default();
        let message = format!("{status} {}", said.chars().take(300).collect::<String>());
        match status {
            200..=299 => Outcome::Sent(Receipt {
                external_id: value["id"]
                    .as_str()
                    .map(str::to_owned)
                    .or_else(|| value["id"].as_i64().map(|id| id.to_string())),
                answer: Some(message),
                units: Some(segments(&text)),
            }),
            401 | 403 | 429 | 500..=599 => Outcome::Unavailable { message, after },
            _ => Outcome::Failed {
                reason: "refused_by_provider",
                message,
            },
        }
    }
}

impl Adapter for HttpSms {
    fn provider(&self) -> &str {
        "sms_http"
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        self.attempt(delivery).boxed()
    }
}
