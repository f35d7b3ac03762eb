//! The `[sms]` section of the configuration.

use serde::{Deserialize, Serialize};

/// `[sms]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Providers in their order, of `twilio` and `http`: the second takes over while the first does not work. None: no SMS.
    pub providers: Vec<String>,
    /// Messages at a time, to each.
    pub concurrency: usize,
    /// Messages a second at most, to each; 0: as many as it takes.
    pub rate: f64,
    /// Twilio.
    pub twilio: TwilioSettings,
    /// Any other provider.
    pub http: HttpSmsSettings,
}

/// `[sms.twilio]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSettings {
    /// `AC…`
    pub account_sid: String,
    /// The account's secret; also signs the callbacks.
    pub auth_token: String,
    /// The number to send from, or the SID of a messaging service (`MG…`).
    pub from: String,
    /// Twilio's address.
    pub url: String,
}

/// `[sms.http]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSmsSettings {
    /// Where messages are posted to.
    pub url: String,
    /// Goes along as a bearer token; also signs the callbacks.
    pub token: String,
    /// The number to send from.
    pub from: String,
}
