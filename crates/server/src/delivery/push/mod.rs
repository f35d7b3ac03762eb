//! Push: what goes to browsers (Web Push), Android (FCM) and Apple devices (APNs). [`super::PushChannel`] uses the three.

mod apns;
mod devices;
mod encryption;
mod fcm;
mod settings;
mod signing;
mod webpush;

pub use apns::Apns;
pub use devices::{Device, DeviceRequest, Kind};
pub use fcm::Fcm;
pub use settings::PushSettings;
pub use signing::{VapidKey, generate_vapid_key};
pub use webpush::WebPush;

use std::time::Duration;

use serde_json::{Value, json};

use super::{content::Content, model::Delivery};

/// What became of a message to one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The push service took it: its name for it.
    Taken(Option<String>),
    /// The device is gone for good; it must be forgotten.
    Gone(String),
    /// It will never take this message.
    Refused(String),
    /// Not now; and when the service said to come back.
    Later(String, Option<Duration>),
}

/// The words that a device shows.
fn shown(delivery: &Delivery) -> (&str, String) {
    let (title, body) = Content::of(delivery).push();
    (title, shorten(body, 1000))
}

/// What a device's program gets beside the words.
fn data(delivery: &Delivery) -> Value {
    let message = &delivery.message;
    json!({
        "notification_id": message.id,
        "delivery_id": delivery.log_id,
        "category": message.category,
        "severity": message.severity,
        "type": message.r#type,
        "priority": message.priority,
        "action_url": message.action_url,
    })
}

/// At most so many bytes, cut at a character's boundary.
fn shorten(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = (0..=limit - 3).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// Something urgent that may wake a sleeping device.
fn is_urgent(delivery: &Delivery) -> bool {
    let message = &delivery.message;
    message.category == "emergency" || matches!(message.priority.as_str(), "high" | "urgent" | "emergency")
}
