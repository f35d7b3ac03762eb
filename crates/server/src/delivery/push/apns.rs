//! Apple's push service: one message to one device over HTTP/2, with a provider token.

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Client;
use ring::signature::EcdsaKeyPair;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    super::{model::Delivery, net},
    Device, PushSettings, Sent, data, is_urgent, shorten, shown,
    signing::{es256, read_ec_key},
};

/// Apple refuses tokens that are older than an hour, and providers that change them more often than every 20 minutes.
const TOKEN_USE: SignedDuration = SignedDuration::from_mins(40);

/// Sends over APNs.
pub struct Apns {
    client: Client,
    url: String,
    key: EcdsaKeyPair,
    key_id: String,
    team_id: String,
    topic: String,
    token: Mutex<Option<(Timestamp, String)>>,
    clock: Clock,
}

impl Apns {
    /// As configured; none without a key.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn open(settings: &PushSettings, clock: Clock) -> Result<Option<Self>, String> {
        let Some(file) = &settings.apns_key else {
            return Ok(None);
        };
        for (name, value) in [
            ("apns_key_id", &settings.apns_key_id),
            ("apns_team_id", &settings.apns_team_id),
            ("apns_topic", &settings.apns_topic),
        ] {
            if value.is_empty() {
                return Err(format!("push.{name} is not set; APNs needs it beside push.apns_key"));
            }
        }
        let wrong = |what: &dyn std::fmt::Display| format!("push.apns_key {}: {what}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
        let key = read_ec_key(&text).map_err(|error| wrong(&error))?;
        let client = if settings.apns_url.starts_with("http://") {
            net::http2_client()
        } else {
            net::client()
        };
        Ok(Some(Self {
            client: client.map_err(net::describe)?,
            url: settings.apns_url.clone(),
            key,
            key_id: settings.apns_key_id.clone(),
            team_id: settings.apns_team_id.clone(),
            topic: settings.apns_topic.clone(),
            token: Mutex::default(),
            clock,
        }))
    }

    /// Sends one message to one device.
    pub async fn send(&self, device: &Device, delivery: &Delivery) -> Sent {
        let now = self.clock.now();
        let Some(token) = self.provider_token(now).await else {
            return Sent::Later("the provider token could not be signed".into(), None);
        };
        let answer = self
            .client
            .post(format!("{}/3/device/{}", self.url, device.token))
            .header("authorization", format!("bearer {token}"))
            .header("apns-topic", &self.topic)
            .header("apns-push-type", "alert")
            .header("apns-id", delivery.log_id.to_string())
            .header("apns-expiration", delivery.message.expires_at.as_second())
            .header("apns-priority", if is_urgent(delivery) { 10 } else { 5 })
            .header("apns-collapse-id", delivery.message.id.to_string())
            .json(&body(delivery))
            .send()
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Sent::Later(net::describe(error), None),
        };
        let status = answer.status().as_u16();
        let after = net::retry_after(&answer, now);
        let id = answer.headers().get("apns-id").and_then(|id| id.to_str().ok());
        let id = id.map(str::to_owned);
        let text = net::text(answer).await;
        let reason = serde_json::from_str::<Value>(&text).unwrap_or_default()["reason"].clone();
        let reason = reason.as_str().unwrap_or_default();
        let said = format!("{status} {}", shorten(reason, 100));
        match (status, reason) {
            (200, _) => Sent::Taken(id),
            (410, _) | (400, "BadDeviceToken" | "DeviceTokenNotForTopic") => Sent::Gone(said),
            (403, "ExpiredProviderToken") => {
                *self.token.lock().await = None;
                Sent::Later(said, after)
            }
            (403 | 429 | 500..=599, _) => Sent::Later(said, after),
            _ => Sent::Refused(said),
        }
    }

    async fn provider_token(&self, now: Timestamp) -> Option<String> {
        let mut kept = self.token.lock().await;
        if let Some((made, token)) = kept.as_ref()
            && now.duration_since(*made) < TOKEN_USE
        {
            return Some(token.clone());
        }
        let header = json!({"alg": "ES256", "kid": self.key_id});
        let token = es256(
            &self.key,
            &header,
            &json!({"iss": self.team_id, "iat": now.as_second()}),
        )?;
        *kept = Some((now, token.clone()));
        Some(token)
    }
}

/// <https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification>; at most 4,096 bytes.
fn body(delivery: &Delivery) -> Value {
    let (title, body) = shown(delivery);
    let level = match delivery.message.category.as_str() {
        "emergency" => "time-sensitive",
        _ if delivery.message.priority == "low" => "passive",
        _ => "active",
    };
    json!({
        "aps": {"alert": {"title": title, "body": body}, "sound": "default", "interruption-level": level},
        "frontdesk": data(delivery),
    })
}
