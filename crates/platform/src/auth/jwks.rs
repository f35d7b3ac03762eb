//! The identity provider's public keys (JWKS, RFC 7517), from a file or a URL.
//!
//! A key that is not known makes us look again, but not more often than every 30 seconds, whoever asks; and now and then we
//! look anyway, so that a key that was withdrawn stops counting. When the provider does not answer, the keys we have go on
//! counting.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use tokio::sync::{Mutex, MutexGuard};

use crate::clock::Clock;

const LOOK_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(30);
/// Keys that were looked at longer ago than this are looked at again, even if they fit.
const OLD_AFTER: SignedDuration = SignedDuration::from_mins(5);
const MAX_BYTES: usize = 256 * 1024;

pub(super) struct Jwks {
    source: Source,
    keys: RwLock<Arc<JwkSet>>,
    last_look: Mutex<Option<Timestamp>>,
    clock: Clock,
}

enum Source {
    File(PathBuf),
    Url { url: String, client: reqwest::Client },
}

impl Jwks {
    pub(super) fn new(place: &str, clock: Clock) -> Result<Self, String> {
        let (source, keys) = if place.starts_with("https://") || place.starts_with("http://") {
            let client = reqwest::Client::builder()
                .timeout(Duration::from_secs(5))
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|error| error.to_string())?;
            (
                Source::Url {
                    url: place.to_owned(),
                    client,
                },
                JwkSet { keys: Vec::new() },
            )
        } else {
            (Source::File(place.into()), read_file(Path::new(place))?)
        };
        let last_look = matches!(source, Source::File(_)).then(|| clock.now());
        Ok(Self {
            source,
            keys: RwLock::new(Arc::new(keys)),
            last_look: Mutex::new(last_look),
            clock,
        })
    }

    /// The key with this id for this algorithm.
    pub(super) async fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Result<DecodingKey, String> {
        self.refresh().await;
        if let Some(key) = self.pick(kid, algorithm) {
            return key;
        }
        self.look_again().await;
        self.pick(kid, algorithm).unwrap_or_else(|| {
            Err("The token is signed with a key that the identity provider does not publish.".into())
        })
    }

    fn pick(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<Result<DecodingKey, String>> {
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        let fits = |key: &&Jwk| {
            let for_signing = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
            let for_algorithm = key
                .common
                .key_algorithm
                .is_none_or(|named| named.to_string() == format!("{algorithm:?}"));
            for_signing && for_algorithm && kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid))
        };
        let mut fitting = keys.keys.iter().filter(fits);
        let key = fitting.next()?;
        if kid.is_none() && fitting.next().is_some() {
            return Some(Err("The token does not say which key signed it (`kid`).".into()));
        }
        Some(DecodingKey::from_jwk(key).map_err(|_| "The identity provider's key cannot be used.".into()))
    }

    /// Looks again when the keys are old. One request does it; the others go on with the keys that are there.
    async fn refresh(&self) {
        let Ok(last_look) = self.last_look.try_lock() else {
            return;
        };
        if last_look.is_some_and(|last| self.clock.now().duration_since(last) >= OLD_AFTER) {
            self.look(last_look).await;
        }
    }

    /// Looks again for a key that is not known, unless somebody has just done so.
    async fn look_again(&self) {
        let last_look = self.last_look.lock().await;
        if last_look.is_none_or(|last| self.clock.now().duration_since(last) >= LOOK_AGAIN_AFTER) {
            self.look(last_look).await;
        }
    }

    async fn look(&self, mut last_look: MutexGuard<'_, Option<Timestamp>>) {
        *last_look = Some(self.clock.now());
        let found = match &self.source {
            Source::File(path) => read_file(path),
            Source::Url { url, client } => fetch(client, url).await.map_err(|error| format!("{url}: {error}")),
        };
        match found {
            Ok(keys) => *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys),
            Err(error) => tracing::warn!(error, "the JWKS cannot be had; the keys known so far go on counting"),
        }
    }
}

fn read_file(path: &Path) -> Result<JwkSet, String> {
    let text = std::fs::read(path).map_err(|error| format!("auth.jwks: {}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("auth.jwks: {}: this is no JWKS: {error}", path.display()))
}

async fn fetch(client: &reqwest::Client, url: &str) -> Result<JwkSet, String> {
    let describe = |error: reqwest::Error| error.without_url().to_string();
    let mut response = client
        .get(url)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(describe)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(describe)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_BYTES {
            return Err("the answer is too large".into());
        }
    }
    serde_json::from_slice(&body).map_err(|error| format!("the answer is no JWKS: {error}"))
}
