//! A person's device, as it is registered and as it is sent to.

use base64::{
    Engine,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::net;

/// Browsers give their keys with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where to push.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// Over which service.
    pub kind: Kind,
    /// The push service's address for it, or its token.
    pub token: String,
    /// Web Push: the browser's public key.
    pub p256dh: Option<Vec<u8>>,
    /// Web Push: the browser's secret.
    pub auth: Option<Vec<u8>>,
}

/// The service that reaches a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A browser, by Web Push.
    Webpush,
    /// By Firebase Cloud Messaging.
    Fcm,
    /// By Apple's push service.
    Apns,
}

impl Kind {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webpush => "webpush",
            Self::Fcm => "fcm",
            Self::Apns => "apns",
        }
    }

    /// Reads what is stored.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Webpush, Self::Fcm, Self::Apns]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// The body of `POST /v1/devices`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// The service that reaches it.
    pub kind: Kind,
    /// FCM and APNs: the device's token.
    pub token: Option<String>,
    /// Web Push: `subscription.endpoint` of the browser.
    #[schema(example = "https://updates.push.services.mozilla.com/wpush/v2/gAAA")]
    pub endpoint: Option<String>,
    /// Web Push: `subscription.keys` of the browser.
    pub keys: Option<Keys>,
    /// For the person, 1–100 characters: "Firefox on the laptop".
    pub name: Option<String>,
}

/// A browser's keys, in base64url.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Its public key, 65 bytes.
    pub p256dh: String,
    /// Its secret, 16 bytes.
    pub auth: String,
}

impl DeviceRequest {
    /// The device, if all of it makes sense. `private`: its address may lie in our own network.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self, id: Uuid, private: bool) -> Result<Device, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| errors.push(FieldError::new(field, message));
        if let Some(name) = &self.name
            && (name.trim().is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control))
        {
            wrong("name", "must be one line of 1 to 100 characters");
        }
        let mut device = Device {
            id,
            kind: self.kind,
            token: String::new(),
            p256dh: None,
            auth: None,
        };
        if self.kind == Kind::Webpush {
            if self.token.is_some() {
                wrong("token", "belongs to fcm and apns; a browser has an endpoint and keys");
            }
            match &self.endpoint {
                None => wrong("endpoint", "is missing: the browser's subscription has it"),
                Some(endpoint) if endpoint.len() > 4096 => wrong("endpoint", "is longer than 4,096 characters"),
                Some(endpoint) => match net::refuse_address(endpoint).filter(|_| !private) {
                    Some(message) => wrong("endpoint", message),
                    None => device.token.clone_from(endpoint),
                },
            }
            let bytes = |text: &str, length: usize| BASE64.decode(text).ok().filter(|bytes| bytes.len() == length);
            match &self.keys {
                None => wrong("keys", "are missing: the browser's subscription has them"),
                Some(keys) => {
                    device.p256dh = bytes(&keys.p256dh, 65).filter(|key| key[0] == 4);
                    device.auth = bytes(&keys.auth, 16);
                    if device.p256dh.is_none() {
                        wrong("keys.p256dh", "is no P-256 public key: 65 bytes in base64url");
                    }
                    if device.auth.is_none() {
                        wrong("keys.auth", "must be 16 bytes in base64url");
                    }
                }
            }
        } else {
            if self.endpoint.is_some() {
                wrong("endpoint", "belongs to webpush; this device has a token");
            }
            if self.keys.is_some() {
                wrong("keys", "belong to webpush; this device has a token");
            }
            match self.token.as_deref() {
                None => wrong("token", "is missing"),
                Some(token) => match check_token(self.kind, token) {
                    Some(message) => wrong("token", message),
                    None => token.clone_into(&mut device.token),
                },
            }
        }
        if errors.is_empty() { Ok(device) } else { Err(errors) }
    }
}

/// A token goes into a URL (APNs) or a document (FCM): nothing but the characters that they are made of.
fn check_token(kind: Kind, token: &str) -> Option<&'static str> {
    if kind == Kind::Apns {
        let fit = (32..=200).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        return (!fit).then_some("is no APNs token: hexadecimal digits");
    }
    let fit = (1..=4096).contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.'));
    (!fit).then_some("is no FCM token")
}
