//! Templates: what messages say, in versions, by language and channel; an organization's own, or those that ship.
//!
//! A message is rendered when it is written, in every language that its template has, so that a missing variable or a broken
//! template is an error of the request, and nothing is sent. Rendering runs in a sandbox (`sandbox.rs`).

mod api;
mod builtin;
mod compose;
mod mjml;
mod model;
mod sandbox;
mod store;

pub use api::router;
pub use compose::{Composed, compose, render_in};
pub use model::TemplateUse;
