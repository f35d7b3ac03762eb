//! JSON Web Tokens (RFC 7519) of the identity provider: the algorithm is pinned by the key, never by the token.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::jwks::Jwks;
use crate::clock::Clock;

/// A token longer than this is refused unread, in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// Which tokens count and how they are read.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AuthOptions {
    /// Secret of HS256 tokens, at least 32 bytes; empty: no HS256 token counts.
    pub hs256_secret: String,
    /// URL or file of the provider's JWKS (RFC 7517); empty: none.
    pub jwks: String,
    /// `iss` that a token must carry; empty: any.
    pub issuer: String,
    /// `aud` that a token must carry; empty: any.
    pub audience: String,
    /// Tolerated difference of clocks, in seconds.
    pub leeway_seconds: u32,
    /// Whether ids that are UUIDs are looked up in the identity maps too, at the cost of one small query a request.
    pub map_uuids: bool,
    /// Where in the token things stand.
    pub claims: ClaimNames,
}

/// Paths of claims, dots going one level down; the first one present counts.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimNames {
    /// The organization's id (a UUID).
    pub org: Vec<String>,
    /// The person's id (a UUID).
    pub user: Vec<String>,
}

/// Whom a verified token names, in the provider's words.
pub(super) struct Identity {
    pub issuer: String,
    pub org: String,
    pub user: String,
    pub session: Option<String>,
    /// The ids as they are, unless they have to be looked up.
    pub ids: Option<(Uuid, Uuid)>,
}

/// Verifies tokens.
pub(super) struct Verifier {
    hs256: Option<DecodingKey>,
    jwks: Option<Jwks>,
    options: AuthOptions,
    clock: Clock,
}

impl Verifier {
    pub(super) fn new(options: &AuthOptions, clock: Clock) -> Result<Self, String> {
        let secret = options.hs256_secret.as_bytes();
        if !secret.is_empty() && secret.len() < 32 {
            return Err("auth.hs256_secret must have at least 32 bytes (RFC 7518 section 3.2)".into());
        }
        if secret.is_empty() && options.jwks.is_empty() {
            return Err("set auth.hs256_secret or auth.jwks: without a key no token can be verified".into());
        }
        Ok(Self {
            hs256: (!secret.is_empty()).then(|| DecodingKey::from_secret(secret)),
            jwks: (!options.jwks.is_empty())
                .then(|| Jwks::new(&options.jwks, clock.clone()))
                .transpose()?,
            options: options.clone(),
            clock,
        })
    }

    /// Whom a token names.
    pub(super) async fn verify(&self, token: &str) -> Result<Identity, String> {
        if token.len() > MAX_TOKEN {
            return Err("The token is too long.".into());
        }
        let header = decode_header(token).map_err(|_| "This is no JSON Web Token.".to_owned())?;
        if header.crit.is_some() {
            return Err("The token demands extensions (`crit`) that are not understood here.".into());
        }
        let claims = match header.alg {
            Algorithm::HS256 => {
                let key = self
                    .hs256
                    .as_ref()
                    .ok_or("HS256 tokens do not count here (auth.hs256_secret is not set).")?;
                self.check_signature(token, key, Algorithm::HS256)?
            }
            algorithm => {
                let jwks = self
                    .jwks
                    .as_ref()
                    .ok_or_else(|| format!("{algorithm:?} tokens do not count here (auth.jwks is not set)."))?;
                let key = jwks.find(header.kid.as_deref(), algorithm).await?;
                self.check_signature(token, &key, algorithm)?
            }
        };
        self.check_time(&claims)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let org = find(&claims, &self.options.claims.org, "organization")?;
        let user = find(&claims, &self.options.claims.user, "person")?;
        let as_they_are = Uuid::parse_str(&org).ok().zip(Uuid::parse_str(&user).ok());
        Ok(Identity {
            issuer: text("iss").unwrap_or_default(),
            ids: as_they_are.filter(|_| !self.options.map_uuids),
            org,
            user,
            session: text("session_id"),
        })
    }

    fn check_signature(&self, token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Value, String> {
        let mut rules = Validation::new(algorithm);
        // Times are checked below, by our own clock.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        rules.required_spec_claims.clear();
        rules.validate_aud = !self.options.audience.is_empty();
        if !self.options.audience.is_empty() {
            rules.set_audience(&[&self.options.audience]);
            rules.required_spec_claims.insert("aud".into());
        }
        if !self.options.issuer.is_empty() {
            rules.set_issuer(&[&self.options.issuer]);
            rules.required_spec_claims.insert("iss".into());
        }
        decode::<Value>(token, key, &rules)
            .map(|data| data.claims)
            .map_err(|error| {
                use jsonwebtoken::errors::ErrorKind;
                match error.kind() {
                    ErrorKind::InvalidIssuer => "The token comes from another issuer.".into(),
                    ErrorKind::InvalidAudience => "The token is for another audience.".into(),
                    ErrorKind::MissingRequiredClaim(claim) => format!("The token has no `{claim}`."),
                    _ => "The token's signature does not verify.".into(),
                }
            })
    }

    fn check_time(&self, claims: &Value) -> Result<(), String> {
        // In seconds, which cannot overflow: a claim may name any number.
        let leeway = i64::from(self.options.leeway_seconds);
        let now = self.clock.now().as_second();
        let time = |name: &str| match claims.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value
                .as_f64()
                .map(whole_seconds)
                .map(Some)
                .ok_or_else(|| format!("The token's `{name}` is no number of seconds.")),
        };
        let expires =
            time("exp")?.ok_or_else(|| "The token has no `exp`: tokens without an end do not count.".to_owned())?;
        if expires.saturating_add(leeway) <= now {
            return Err("The token has expired. Sign in again.".into());
        }
        if time("nbf")?.is_some_and(|from| from.saturating_sub(leeway) > now) {
            return Err("The token is not valid yet.".into());
        }
        Ok(())
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "whole seconds are enough; casts of floats saturate"
)]
fn whole_seconds(seconds: f64) -> i64 {
    seconds as i64
}

/// The first claim of `paths` that is there.
fn find(claims: &Value, paths: &[String], what: &str) -> Result<String, String> {
    paths
        .iter()
        .find_map(|path| claim(claims, path))
        .map(ToOwned::to_owned)
        .ok_or_else(|| format!("The token names no {what} (looked for {}).", paths.join(", ")))
}

/// A claim by its path: a JSON pointer (RFC 6901) when it begins with a slash, for names with dots; otherwise dots go one
/// level down, and `*` is the only entry of an object (Keycloak's organization.*.id: somebody of two is in none).
fn claim<'a>(claims: &'a Value, path: &str) -> Option<&'a str> {
    if path.starts_with('/') {
        return claims.pointer(path).and_then(Value::as_str);
    }
    if let Some(whole) = claims.get(path) {
        return whole.as_str();
    }
    let step = |place: &'a Value, part: &str| match (part, place) {
        ("*", Value::Object(entries)) if entries.len() == 1 => entries.values().next(),
        _ => place.get(part),
    };
    path.split('.').try_fold(claims, step).and_then(Value::as_str)
}

/// Mints an HS256 token for development and tests, with the claims where [`ClaimNames`] looks first.
///
/// # Errors
/// When no secret is configured.
pub fn mint(
    options: &AuthOptions,
    org_id: Uuid,
    user_id: Uuid,
    now: Timestamp,
    lifetime: SignedDuration,
) -> Result<String, String> {
    if options.hs256_secret.is_empty() {
        return Err("auth.hs256_secret is not set: only the identity provider can make tokens here".into());
    }
    let mut claims = json!({
        "iat": now.as_second(),
        "exp": (now + lifetime).as_second(),
        "role": "authenticated",
    });
    for (paths, id) in [(&options.claims.org, org_id), (&options.claims.user, user_id)] {
        if let Some(path) = paths.first() {
            put(&mut claims, path, json!(id));
        }
    }
    for (name, value) in [("iss", &options.issuer), ("aud", &options.audience)] {
        if !value.is_empty() {
            put(&mut claims, name, json!(value));
        }
    }
    let key = EncodingKey::from_secret(options.hs256_secret.as_bytes());
    encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|error| error.to_string())
}

fn put(claims: &mut Value, path: &str, value: Value) {
    let mut place = claims;
    for part in path.split('.') {
        if !place.is_object() {
            *place = json!({});
        }
        place = &mut place[part];
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_found_in_the_shapes_of_the_providers() {
        let claims = json!({
            "app_metadata": {"org_id": "supabase"},
            "o": {"id": "clerk"},
            "organization": {"acme": {"id": "keycloak"}},
            "urn:zitadel:iam:user:resourceowner:id": "zitadel",
            "https://example.com/org": "auth0",
        });
        for (path, found) in [
            ("app_metadata.org_id", Some("supabase")),
            ("o.id", Some("clerk")),
            ("organization.*.id", Some("keycloak")),
            ("urn:zitadel:iam:user:resourceowner:id", Some("zitadel")),
            ("/https:~1~1example.com~1org", Some("auth0")),
            ("https://example.com/org", Some("auth0")),
            ("org_id", None),
            ("o.id.deeper", None),
        ] {
            assert_eq!(claim(&claims, path), found, "{path}");
        }
        let two = json!({"organization": {"a": {"id": "1"}, "b": {"id": "2"}}});
        assert_eq!(claim(&two, "organization.*.id"), None);
    }
}
