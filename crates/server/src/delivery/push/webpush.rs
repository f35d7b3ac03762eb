//! Web Push (RFC 8030): one encrypted message to one browser, over its maker's push service.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::clock::Clock;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;

use super::{
    super::{content::Content, model::Delivery, net},
    Device, PushSettings, Sent, VapidKey, data,
    encryption::{MAX_PLAIN, encrypt},
    is_urgent, shorten,
};

/// Longest time that a push service is asked to keep a message: four weeks, more than any does.
const MAX_TTL: i64 = 28 * 24 * 3600;

/// Sends to browsers.
pub struct WebPush {
    client: Client,
    key: VapidKey,
    private_addresses: bool,
    clock: Clock,
}

impl WebPush {
    /// As configured; none without a key.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn open(settings: &PushSettings, clock: Clock) -> Result<Option<Self>, String> {
        if settings.vapid_private_key.is_empty() {
            return Ok(None);
        }
        let key = VapidKey::read(
            &settings.vapid_private_key,
            &settings.vapid_public_key,
            &settings.vapid_subject,
        )?;
        let client = if settings.allow_private_addresses {
            net::client()
        } else {
            net::guarded_client()
        };
        Ok(Some(Self {
            client: client.map_err(net::describe)?,
            key,
            private_addresses: settings.allow_private_addresses,
            clock,
        }))
    }

    /// The public key that browsers subscribe with.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.key.public()
    }

    /// The request for one message to one browser, encrypted and signed; none when the browser's key is no key.
    #[must_use]
    pub fn prepare(&self, url: Url, p256dh: &[u8], auth: &[u8], delivery: &Delivery) -> Option<RequestBuilder> {
        let now = self.clock.now();
        let body = encrypt(&payload(delivery), p256dh, auth)?;
        let authorization = self.key.header(&url.origin().ascii_serialization(), now)?;
        let ttl = delivery
            .message
            .expires_at
            .duration_since(now)
            .as_secs()
            .clamp(0, MAX_TTL);
        Some(
            self.client
                .post(url)
                .header("authorization", authorization)
                .header("content-encoding", "aes128gcm")
                .header("content-type", "application/octet-stream")
                .header("ttl", ttl)
                .header("urgency", urgency(delivery))
                .header("topic", topic(delivery))
                .body(body),
        )
    }

    /// Sends one message to one browser.
    pub async fn send(&self, device: &Device, delivery: &Delivery) -> Sent {
        // Looked at again: the rules may have become stricter since it was registered.
        if !self.private_addresses && net::refuse_address(&device.token).is_some() {
            return Sent::Gone("its address is not on the public internet".into());
        }
        let Ok(url) = Url::parse(&device.token) else {
            return Sent::Gone("its address cannot be read".into());
        };
        let now = self.clock.now();
        let (Some(p256dh), Some(auth)) = (&device.p256dh, &device.auth) else {
            return Sent::Gone("it has no keys".into());
        };
        let Some(request) = self.prepare(url, p256dh, auth, delivery) else {
            return Sent::Gone("its public key is not a point on the curve P-256".into());
        };
        let answer = request.send().await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Sent::Later(net::describe(error), None),
        };
        let status = answer.status().as_u16();
        let after = net::retry_after(&answer, now);
        let place = answer.headers().get("location").and_then(|place| place.to_str().ok());
        let place = place.map(str::to_owned);
        let said = format!("{status} {}", shorten(net::text(answer).await.trim(), 300));
        match status {
            200..=299 => Sent::Taken(place),
            404 | 410 => Sent::Gone(said),
            429 | 500..=599 => Sent::Later(said, after),
            _ => Sent::Refused(said),
        }
    }
}

/// What the service worker gets: JSON, shortened until it fits.
fn payload(delivery: &Delivery) -> Vec<u8> {
    let message = &delivery.message;
    let (title, body) = Content::of(delivery).push();
    for limit in [2000, 1000, 300, 0] {
        let mut value = json!({"title": title, "body": if limit == 0 { String::new() } else { shorten(body, limit) }});
        value["data"] = data(delivery);
        let bytes = value.to_string().into_bytes();
        if bytes.len() <= MAX_PLAIN {
            return bytes;
        }
    }
    // An action_url of kilobytes: the program can fetch the message by its id.
    json!({"title": shorten(title, 800), "body": "", "data": {"notification_id": message.id, "delivery_id": delivery.log_id}})
        .to_string()
        .into_bytes()
}

/// RFC 8030 section 5.3.
fn urgency(delivery: &Delivery) -> &'static str {
    match delivery.message.priority.as_str() {
        _ if is_urgent(delivery) => "high",
        "low" => "low",
        _ => "normal",
    }
}

/// RFC 8030 section 5.4: a newer message of the same notification takes the place of one that was not shown yet. 32
/// characters of base64url at most.
fn topic(delivery: &Delivery) -> String {
    URL_SAFE_NO_PAD.encode(delivery.message.id.as_bytes())
}
