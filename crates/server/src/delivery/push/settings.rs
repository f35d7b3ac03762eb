//! The `[push]` section of the configuration.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[push]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PushSettings {
    /// Web Push: the private key, 32 bytes in base64url. Empty: no Web Push.
    pub vapid_private_key: String,
    /// Web Push: the public key beside it.
    pub vapid_public_key: String,
    /// Web Push: where push services can reach you, `mailto:…` or `https://…`.
    pub vapid_subject: String,
    /// Whether subscriptions may point into our own network, without TLS too. For tests only.
    pub allow_private_addresses: bool,
    /// FCM: the service account's JSON file.
    pub fcm_credentials: Option<PathBuf>,
    /// FCM: Google's address.
    pub fcm_url: String,
    /// APNs: the key's file, `AuthKey_….p8`.
    pub apns_key: Option<PathBuf>,
    /// APNs: the key's id.
    pub apns_key_id: String,
    /// APNs: your team's id.
    pub apns_team_id: String,
    /// APNs: the app's bundle id.
    pub apns_topic: String,
    /// APNs: Apple's address.
    pub apns_url: String,
    /// Messages at a time.
    pub concurrency: usize,
    /// Messages a second at most; 0: as many as they take.
    pub rate: f64,
}
