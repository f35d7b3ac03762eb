//! A person's own inbox: the messages that reached them by `in_app`, read, unread or archived.

mod api;
mod model;
mod store;

pub use api::router;
pub use model::{InboxCounts, InboxItem, InboxStatus};
pub use store::{COUNTS, FIRST_PAGE, RECIPIENT_COLUMNS, counts, item_at};
