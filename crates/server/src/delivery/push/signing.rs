//! Tokens that say who pushes: VAPID (RFC 8292) for Web Push, provider tokens for APNs, assertions for Google. All are JWTs;
//! signing one costs about as much as encrypting a message, so each is used for a while.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::{
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256},
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::{Value, json};

/// How long a VAPID token is good for; RFC 8292 allows 24 hours.
const VAPID_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// The part of its life in which it is used.
const VAPID_USE: SignedDuration = SignedDuration::from_hours(11);
/// Push services whose tokens are kept. There are half a dozen in the world.
const MAX_ORIGINS: usize = 256;

/// The key pair by which push services know us. Browsers get the public key when they subscribe.
pub struct VapidKey {
    pair: EcdsaKeyPair,
    subject: String,
    /// Authorization headers by the push service's origin, and when each was made.
    headers: Mutex<HashMap<String, (Timestamp, String)>>,
}

impl VapidKey {
    /// Reads the private key: 32 bytes in base64url, as `frontdesk key vapid` prints it, and the public key beside it.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(private: &str, public: &str, subject: &str) -> Result<Self, String> {
        let bytes = |name: &str, text: &str| {
            URL_SAFE_NO_PAD
                .decode(text.trim_end_matches('='))
                .map_err(|_| format!("push.{name} is not base64url; make a pair with `frontdesk key vapid`"))
        };
        let (private, public) = (bytes("vapid_private_key", private)?, bytes("vapid_public_key", public)?);
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &private,
            &public,
            &SystemRandom::new(),
        )
        .map_err(
            |_| "push.vapid_private_key and push.vapid_public_key are no pair; make one with `frontdesk key vapid`",
        )?;
        if !(subject.starts_with("mailto:") || subject.starts_with("https://")) {
            return Err("push.vapid_subject must be mailto:… or https://…, where push services can reach you".into());
        }
        Ok(Self {
            pair,
            subject: subject.to_owned(),
            headers: Mutex::default(),
        })
    }

    /// The public key in base64url: the browser's `applicationServerKey`.
    #[must_use]
    pub fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// The Authorization header for a push service.
    pub fn header(&self, origin: &str, now: Timestamp) -> Option<String> {
        let mut headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, header)) = headers.get(origin)
            && now >= *made
            && now.duration_since(*made) < VAPID_USE
        {
            return Some(header.clone());
        }
        let claims = json!({"aud": origin, "exp": (now + VAPID_LIFE).as_second(), "sub": self.subject});
        let token = es256(&self.pair, &json!({"typ": "JWT", "alg": "ES256"}), &claims)?;
        let header = format!("vapid t={token}, k={}", self.public());
        if headers.len() >= MAX_ORIGINS {
            headers.clear();
        }
        headers.insert(origin.to_owned(), (now, header.clone()));
        Some(header)
    }
}

/// A new pair as the settings take it: private and public key. None without a source of random numbers.
#[must_use]
pub fn generate_vapid_key() -> Option<(String, String)> {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).ok()?;
    // RFC 5915 inside RFC 5208: after 36 bytes that are always the same come the 32 of the private key.
    let private = document.as_ref().get(36..68)?;
    let public = pair.public_key().as_ref();
    EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, private, public, &random).ok()?;
    Some((URL_SAFE_NO_PAD.encode(private), URL_SAFE_NO_PAD.encode(public)))
}

/// Reads the PKCS#8 file that Apple gives (`AuthKey_….p8`).
///
/// # Errors
/// What is wrong with it.
pub fn read_ec_key(pem: &str) -> Result<EcdsaKeyPair, String> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| error.to_string())?;
    EcdsaKeyPair::from_pkcs8(
        &ECDSA_P256_SHA256_FIXED_SIGNING,
        key.secret_pkcs8_der(),
        &SystemRandom::new(),
    )
    .map_err(|error| error.to_string())
}

/// Reads the RSA key of a Google service account.
///
/// # Errors
/// What is wrong with it.
pub fn read_rsa_key(pem: &str) -> Result<rsa::KeyPair, String> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| error.to_string())? {
        PrivateKeyDer::Pkcs8(key) => rsa::KeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => rsa::KeyPair::from_der(key.secret_pkcs1_der()),
        _ => return Err("it is not an RSA key".into()),
    }
    .map_err(|error| error.to_string())
}

/// A JWT signed with ES256.
pub fn es256(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> Option<String> {
    let text = unsigned(header, claims);
    let signature = key.sign(&SystemRandom::new(), text.as_bytes()).ok()?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}

/// A JWT signed with RS256.
pub fn rs256(key: &rsa::KeyPair, header: &Value, claims: &Value) -> Option<String> {
    let text = unsigned(header, claims);
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .ok()?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encoded(header), encoded(claims))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_pair_can_be_read_and_its_tokens_are_kept_for_a_while() {
        let (private, public) = generate_vapid_key().unwrap();
        let key = VapidKey::read(&private, &public, "mailto:desk@example.org").unwrap();
        assert_eq!(key.public(), public);
        let start = Timestamp::UNIX_EPOCH;
        let first = key.header("https://push.example.org", start).unwrap();
        assert!(first.ends_with(&format!(", k={public}")));
        let later = start + SignedDuration::from_hours(10);
        assert_eq!(key.header("https://push.example.org", later).unwrap(), first);
        let too_late = start + SignedDuration::from_hours(11);
        assert_ne!(key.header("https://push.example.org", too_late).unwrap(), first);
        let (_, other) = generate_vapid_key().unwrap();
        assert!(VapidKey::read(&private, &other, "mailto:a@b").is_err());
        assert!(VapidKey::read(&private, &public, "desk@example.org").is_err());
    }
}
