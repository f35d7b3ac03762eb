//! Who a transaction is opened for.

use uuid::Uuid;

/// An authenticated caller, bound to one organization. Made by [`crate::auth`] from a verified credential only.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Somebody with a profile in the organization, by their identity provider's token.
    Person(Person),
    /// A signed-in device of theirs.
    Session(Session),
    /// The organization's own server.
    Key(Key),
}

/// A person, as the identity provider's token named them.
#[derive(Clone, Debug)]
pub struct Person {
    /// The organization.
    pub org_id: Uuid,
    /// The person's id: the id of their profile in the organization.
    pub user_id: Uuid,
    /// The provider's own session, if its token names one (`session_id`).
    pub provider_session_id: Option<String>,
    claims: String,
}

/// A session token that has not been checked yet: the database does, in the flight that it opens.
#[derive(Clone, Debug)]
pub struct Session {
    /// The organization.
    pub org_id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// SHA-256 of the whole token, so that neither id in it can be altered.
    pub token_hash: [u8; 32],
}

/// A service key that has not been checked yet: the database does, in the flight that it opens.
#[derive(Clone, Debug)]
pub struct Key {
    /// The organization.
    pub org_id: Uuid,
    /// The key's id.
    pub key_id: Uuid,
    /// SHA-256 of the key's secret.
    pub secret_hash: [u8; 32],
}

impl Person {
    /// A person of an organization. The claims that the database sees are made of these two ids and nothing else: the
    /// role comes from the profile.
    #[must_use]
    pub fn new(org_id: Uuid, user_id: Uuid) -> Self {
        Self {
            org_id,
            user_id,
            provider_session_id: None,
            claims: format!(r#"{{"org_id":"{org_id}","sub":"{user_id}","role":"authenticated"}}"#),
        }
    }

    /// The claims as `request.jwt.claims` gets them.
    #[must_use]
    pub fn claims(&self) -> &str {
        &self.claims
    }
}

impl Caller {
    /// The organization that the caller belongs to.
    #[must_use]
    pub fn org_id(&self) -> Uuid {
        match self {
            Self::Person(person) => person.org_id,
            Self::Session(session) => session.org_id,
            Self::Key(key) => key.org_id,
        }
    }

    /// The person's id; none for a service key.
    #[must_use]
    pub fn user_id(&self) -> Option<Uuid> {
        match self {
            Self::Person(person) => Some(person.user_id),
            Self::Session(session) => Some(session.user_id),
            Self::Key(_) => None,
        }
    }
}
