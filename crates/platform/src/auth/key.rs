//! Service keys: `fdk_` and 64 bytes in base64url, which are the organization's id, the key's id and a random secret.
//! The organization stands inside, so that the database can check the key within that organization's transaction.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{db::Key, ids};

/// How every service key begins; secret scanners can look for it.
pub(super) const PREFIX: &str = "fdk_";

/// A service key in clear: made once, shown once, kept nowhere.
pub struct ServiceKey {
    /// The organization it belongs to.
    pub org_id: Uuid,
    /// Its id.
    pub key_id: Uuid,
    secret: [u8; 32],
}

impl ServiceKey {
    /// A new key for an organization.
    #[must_use]
    pub fn generate(org_id: Uuid) -> Self {
        Self {
            org_id,
            key_id: ids::new_id(),
            secret: ids::new_secret(),
        }
    }

    /// Reads a key from its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 64] = URL_SAFE_NO_PAD
            .decode(text.strip_prefix(PREFIX)?)
            .ok()?
            .try_into()
            .ok()?;
        Some(Self {
            org_id: Uuid::from_slice(&bytes[..16]).ok()?,
            key_id: Uuid::from_slice(&bytes[16..32]).ok()?,
            secret: bytes[32..].try_into().ok()?,
        })
    }

    /// The key as text, for its owner.
    #[must_use]
    pub fn reveal(&self) -> String {
        let bytes = [self.org_id.as_bytes().as_slice(), self.key_id.as_bytes(), &self.secret].concat();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What the database keeps: the SHA-256 of the secret. (256 random bits need no slow hash.)
    #[must_use]
    pub fn secret_hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    pub(super) fn to_caller(&self) -> Key {
        Key {
            org_id: self.org_id,
            key_id: self.key_id,
            secret_hash: self.secret_hash(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_a_damaged_one_does_not() {
        let key = ServiceKey::generate(Uuid::from_u128(5));
        let text = key.reveal();
        let read = ServiceKey::parse(&text).unwrap();
        assert_eq!(
            (read.org_id, read.key_id, read.secret_hash()),
            (key.org_id, key.key_id, key.secret_hash())
        );
        assert!(ServiceKey::parse(&text[..text.len() - 1]).is_none());
        assert!(ServiceKey::parse("fdk_").is_none());
        assert!(ServiceKey::parse(&text.replace("fdk_", "sk_")).is_none());
    }
}
