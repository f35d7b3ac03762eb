//! Sessions: each person is signed in at one place. The identity provider says who somebody is; here they get a session for
//! one device, which ends the one before, and which the database checks at every statement.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::SessionSettings;
