//! Session tokens: `fds_` and 64 bytes in base64url, which are the organization's id, the person's id and a random secret.
//! The database keeps the SHA-256 of all of it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{db::Session, ids};

/// How every session token begins; secret scanners can look for it.
pub(super) const PREFIX: &str = "fds_";

/// A session token in clear: only its device has it.
pub struct SessionToken([u8; 64]);

impl SessionToken {
    /// A new token for a person's session.
    #[must_use]
    pub fn generate(org_id: Uuid, user_id: Uuid) -> Self {
        let mut bytes = [0; 64];
        bytes[..16].copy_from_slice(org_id.as_bytes());
        bytes[16..32].copy_from_slice(user_id.as_bytes());
        bytes[32..].copy_from_slice(&ids::new_secret());
        Self(bytes)
    }

    /// Reads a token from its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD
            .decode(text.strip_prefix(PREFIX)?)
            .ok()?
            .try_into()
            .ok()
            .map(Self)
    }

    /// The token as text, for its device.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What the database keeps. Over the whole token, so that an altered id in it is another token.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    pub(super) fn to_caller(&self) -> Session {
        let id = |from: usize| {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&self.0[from..from + 16]);
            Uuid::from_bytes(bytes)
        };
        Session {
            org_id: id(0),
            user_id: id(16),
            token_hash: self.hash(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_an_altered_one_is_another() {
        let token = SessionToken::generate(Uuid::from_u128(1), Uuid::from_u128(2));
        let read = SessionToken::parse(&token.reveal()).unwrap().to_caller();
        assert_eq!((read.org_id, read.user_id), (Uuid::from_u128(1), Uuid::from_u128(2)));
        assert_eq!(read.token_hash, token.hash());
        let mut altered = SessionToken(token.0);
        altered.0[20] ^= 1;
        assert_ne!(altered.hash(), token.hash());
        assert!(SessionToken::parse(&token.reveal()[..40]).is_none());
    }
}
