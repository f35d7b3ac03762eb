//! Firebase Cloud Messaging, HTTP v1: one message to one Android (or other) device, with a token of a service account.

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Client;
use ring::rsa;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    super::{model::Delivery, net},
    Device, PushSettings, Sent, data, is_urgent, shorten, shown,
    signing::{read_rsa_key, rs256},
};

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
/// The longest that FCM keeps a message.
const MAX_TTL: i64 = 28 * 24 * 3600;

/// The service account's file, as Google gives it.
#[derive(Deserialize)]
struct Account {
    project_id: String,
    client_email: String,
    private_key: String,
    #[serde(default)]
    private_key_id: String,
    token_uri: String,
}

/// Sends over FCM.
pub struct Fcm {
    client: Client,
    account: Account,
    key: rsa::KeyPair,
    send_url: String,
    /// The access token, and until when it is used.
    access: Mutex<Option<(Timestamp, String)>>,
    clock: Clock,
}

impl Fcm {
    /// As configured; none without a service account.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn open(settings: &PushSettings, clock: Clock) -> Result<Option<Self>, String> {
        let Some(file) = &settings.fcm_credentials else {
            return Ok(None);
        };
        let wrong = |what: &dyn std::fmt::Display| format!("push.fcm_credentials {}: {what}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
        let account: Account = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
        let key = read_rsa_key(&account.private_key).map_err(|error| wrong(&error))?;
        Ok(Some(Self {
            client: net::client().map_err(net::describe)?,
            send_url: format!("{}/v1/projects/{}/messages:send", settings.fcm_url, account.project_id),
            account,
            key,
            access: Mutex::default(),
            clock,
        }))
    }

    /// Sends one message to one device.
    pub async fn send(&self, device: &Device, delivery: &Delivery) -> Sent {
        let token = match self.access_token().await {
            Ok(token) => token,
            Err(message) => return Sent::Later(message, None),
        };
        let now = self.clock.now();
        let request = self
            .client
            .post(&self.send_url)
            .bearer_auth(token)
            .json(&body(&device.token, delivery, now));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Sent::Later(net::describe(error), None),
        };
        let status = answer.status().as_u16();
        let after = net::retry_after(&answer, now);
        let text = net::text(answer).await;
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let said = format!(
            "{status} {}",
            shorten(&text.split_whitespace().collect::<Vec<_>>().join(" "), 300)
        );
        match (status, error_code(&value)) {
            (200, _) => Sent::Taken(value["name"].as_str().map(str::to_owned)),
            (_, "UNREGISTERED") => Sent::Gone(said),
            (401, _) => {
                // Withdrawn before its time: the next attempt gets a new one.
                *self.access.lock().await = None;
                Sent::Later(said, after)
            }
            (403 | 429 | 500..=599, _) => Sent::Later(said, after),
            _ => Sent::Refused(said),
        }
    }

    /// The access token of the service account (RFC 7523), asked for when there is none or it ends soon.
    async fn access_token(&self) -> Result<String, String> {
        let mut access = self.access.lock().await;
        let now = self.clock.now();
        if let Some((until, token)) = access.as_ref().filter(|(until, _)| *until > now) {
            let _ = until;
            return Ok(token.clone());
        }
        let claims = json!({"iss": self.account.client_email, "scope": SCOPE, "aud": self.account.token_uri,
            "iat": now.as_second(), "exp": now.as_second() + 3600});
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.account.private_key_id});
        let assertion = rs256(&self.key, &header, &claims).ok_or("the assertion could not be signed")?;
        let form = super::super::form::encode(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", &assertion),
        ]);
        let answer = self
            .client
            .post(&self.account.token_uri)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .map_err(net::describe)?;
        let status = answer.status();
        let text = net::text(answer).await;
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let Some(token) = value["access_token"].as_str().filter(|_| status.is_success()) else {
            return Err(format!(
                "Google gave no access token: {status} {}",
                shorten(text.trim(), 300)
            ));
        };
        let life = value["expires_in"].as_i64().unwrap_or(3600);
        *access = Some((now + SignedDuration::from_secs((life - 300).max(1)), token.to_owned()));
        Ok(token.to_owned())
    }
}

/// <https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages>
fn body(token: &str, delivery: &Delivery, now: Timestamp) -> Value {
    let (title, body) = shown(delivery);
    let ttl = delivery
        .message
        .expires_at
        .duration_since(now)
        .as_secs()
        .clamp(0, MAX_TTL);
    // All values of `data` are texts.
    let data: serde_json::Map<String, Value> = data(delivery)
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            (
                name.clone(),
                value.as_str().map_or_else(|| value.to_string(), str::to_owned).into(),
            )
        })
        .collect();
    json!({"message": {
        "token": token,
        "notification": {"title": title, "body": body},
        "data": data,
        "android": {
            "priority": if is_urgent(delivery) { "HIGH" } else { "NORMAL" },
            "ttl": format!("{ttl}s"),
            "collapse_key": delivery.message.id,
        },
    }})
}

fn error_code(answer: &Value) -> &str {
    let details = answer["error"]["details"].as_array().into_iter().flatten();
    details
        .filter_map(|detail| detail["errorCode"].as_str())
        .next()
        .unwrap_or_default()
}
