//! What a session is, and what a device may say about itself. No SQL, no HTTP.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use platform::http::FieldError;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

/// `[sessions]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// Hours that a session lives at most.
    pub lifetime_hours: u32,
    /// Secret that device fingerprints are hashed with; empty: they are not kept.
    pub fingerprint_key: String,
}

/// What kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// A browser.
    Web,
    /// An iPhone or iPad.
    MobileIos,
    /// An Android device.
    MobileAndroid,
    /// A program on a computer.
    Desktop,
}

impl DeviceType {
    /// As the database has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::MobileIos => "mobile_ios",
            Self::MobileAndroid => "mobile_android",
            Self::Desktop => "desktop",
        }
    }
}

/// The body of `POST /v1/sessions`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// What kind of device signs in.
    pub device_type: Option<DeviceType>,
    /// Whatever tells this device from others, up to 500 characters. Only a keyed hash of it is kept.
    #[schema(max_length = 500)]
    pub device_fingerprint: Option<String>,
}

impl NewSession {
    /// # Errors
    /// The fields that do not fit.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        match &self.device_fingerprint {
            Some(text) if text.is_empty() || text.chars().count() > 500 => Err(vec![FieldError::new(
                "device_fingerprint",
                "must have 1 to 500 characters",
            )]),
            _ => Ok(()),
        }
    }

    /// The keyed hash that is kept, one for each organization, so that devices cannot be followed across tenants.
    #[must_use]
    pub fn device_id(&self, org_id: Uuid, key: &str) -> Option<Vec<u8>> {
        let text = self.device_fingerprint.as_ref().filter(|_| !key.is_empty())?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        mac.update(org_id.as_bytes());
        mac.update(text.as_bytes());
        Some(mac.finalize().into_bytes().to_vec())
    }
}

/// A session that has just begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct StartedSession {
    /// Its id.
    pub id: Uuid,
    /// Send it as `Authorization: Bearer …`. It is shown this once.
    #[schema(example = "fds_…")]
    pub token: String,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// A session as its person and the organization's staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// Whether it still counts.
    pub is_active: bool,
    /// web, mobile_ios, mobile_android or desktop.
    pub device_type: Option<String>,
    /// What the device called itself.
    pub user_agent: Option<String>,
    /// Where it signed in from.
    pub ip_address: Option<String>,
    /// When it signed in.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last in use, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub last_active: Timestamp,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub terminated_at: Option<Timestamp>,
    /// new_login, timeout, expired, manual or admin.
    pub termination_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_kept_as_a_keyed_hash_for_each_organization() {
        let device = NewSession {
            device_type: None,
            device_fingerprint: Some("abc".into()),
        };
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(device.device_id(one, "key"), device.device_id(one, "key"));
        assert_ne!(device.device_id(one, "key"), device.device_id(two, "key"));
        assert_ne!(device.device_id(one, "key"), device.device_id(one, "other"));
        assert_eq!(device.device_id(one, ""), None);
    }
}
