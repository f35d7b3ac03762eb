//! Who is asking: turns a request's bearer credential into a [`Caller`], or refuses.
//!
//! Two kinds of credential: a JWT of the organization's identity provider (verified here; the profile and role behind it are
//! checked by the database when the transaction opens), and a service key (checked by the database altogether).

mod jwks;
mod jwt;
mod key;
mod session;

pub use jwt::{AuthOptions, ClaimNames, mint};
pub use key::ServiceKey;
pub use session::SessionToken;

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::{
    clock::Clock,
    db::{Caller, Db, Person},
    http::ApiError,
};

/// Verifies credentials; cheap to clone.
#[derive(Clone)]
pub struct Authenticator {
    verifier: Arc<jwt::Verifier>,
    identities: Option<Db>,
}

impl Authenticator {
    /// Made once at start; reads a JWKS file, but fetches a JWKS URL only when the first token needs it.
    ///
    /// # Errors
    /// When no key is configured, the secret is too short, or a JWKS file cannot be read.
    pub fn new(options: &AuthOptions, clock: Clock) -> Result<Self, String> {
        Ok(Self {
            verifier: Arc::new(jwt::Verifier::new(options, clock)?),
            identities: None,
        })
    }

    /// Also takes tokens whose ids are no UUIDs (Auth0, Clerk, Zitadel …), as the identity maps of the database have them.
    #[must_use]
    pub fn with_identities(mut self, db: Db) -> Self {
        self.identities = Some(db);
        self
    }

    /// The caller behind the `Authorization` header.
    ///
    /// # Errors
    /// 401 with what is wrong with the credential, in words that help its honest owner and nobody else.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let value = headers
            .get(header::AUTHORIZATION)
            .ok_or_else(|| ApiError::unauthenticated("Send a token: `Authorization: Bearer …`."))?;
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthenticated("The Authorization header must be `Bearer` and a token."))?;
        if token.starts_with(key::PREFIX) {
            return ServiceKey::parse(token)
                .map(|key| Caller::Key(key.to_caller()))
                .ok_or_else(|| {
                    ApiError::unauthenticated("This is no service key of this server: it is cut short or altered.")
                });
        }
        if token.starts_with(session::PREFIX) {
            return SessionToken::parse(token)
                .map(|token| Caller::Session(token.to_caller()))
                .ok_or_else(|| {
                    ApiError::unauthenticated("This is no session of this server: it is cut short or altered.")
                });
        }
        let identity = self.verifier.verify(token).await.map_err(ApiError::unauthenticated)?;
        self.person(identity).await.map(Caller::Person)
    }

    async fn person(&self, identity: jwt::Identity) -> Result<Person, ApiError> {
        let found = match (identity.ids, &self.identities) {
            (Some(ids), _) => Some(ids),
            (None, Some(db)) => {
                db.resolve_identity(&identity.issuer, &identity.org, &identity.user)
                    .await?
            }
            (None, None) => None,
        };
        let (org_id, user_id) = found.ok_or_else(|| {
            ApiError::unauthenticated("The token names an organization or person that is not known here.")
        })?;
        let mut person = Person::new(org_id, user_id);
        person.provider_session_id = identity.session;
        Ok(person)
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Authenticator: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Authenticator::from_ref(state).authenticate(&parts.headers).await
    }
}
