//! Made-up deliveries that need no database.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use platform::ids;
use serde_json::json;

use crate::delivery::{Delivery, Message};

/// One message.
pub fn message(now: Timestamp) -> Arc<Message> {
    Arc::new(Message {
        org_id: ids::new_id(),
        id: ids::new_id(),
        title: "Snow".into(),
        content: "School is closed. ".repeat(10),
        action_url: None,
        severity: "info".into(),
        r#type: "announcement".into(),
        category: "announcement".into(),
        priority: "normal".into(),
        data: json!({}),
        contents: None,
        state: "sending".into(),
        created_at: now,
        expires_at: now + SignedDuration::from_hours(24),
        organization: "Riverside School".into(),
        locale: "en".into(),
    })
}

/// A delivery of it to somebody.
pub fn delivery(message: &Arc<Message>, number: usize) -> Delivery {
    Delivery {
        org_id: message.org_id,
        log_id: ids::new_id(),
        recipient_id: ids::new_id(),
        attempt: 1,
        attempts_before: 0,
        message: message.clone(),
        recipient: format!("Person {number}"),
        locale: None,
        email: Some(format!("person{number}@example.test")),
        phone: None,
        unsubscribe_token: None,
        devices: Vec::new(),
        idle: None,
    }
}
