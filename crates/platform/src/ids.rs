//! New identifiers. Everything that gets an id in Rust gets it here.

use rand::RngCore;
use uuid::Uuid;

/// A UUID of version 7 (RFC 9562): sorts by the time of its making, which keeps indexes dense.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that makes ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// 32 bytes from the operating system's generator, for keys and tickets.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "the one place that makes secrets")]
pub fn new_secret() -> [u8; 32] {
    let mut secret = [0; 32];
    rand::rng().fill_bytes(&mut secret);
    secret
}
