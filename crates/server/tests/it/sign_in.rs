//! Who gets in with a token of the identity provider, and who does not.

mod claims;
mod desk;
mod forged;
mod rotation;
mod times;
