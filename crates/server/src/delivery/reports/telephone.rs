//! Reports of SMS providers.

use serde_json::Value;

use super::{
    super::{form, reference},
    Fate, Report,
};
use crate::notifications::Channel;

/// Twilio's status callback; nothing for states on the way.
#[must_use]
pub fn twilio(delivery: &str, body: &[u8]) -> Option<Report> {
    let fields = form::decode(body);
    let field = |name: &str| {
        fields
            .iter()
            .find(|(one, _)| one == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let code = field("ErrorCode");
    let fate = match field("MessageStatus") {
        "delivered" | "read" => Fate::Delivered,
        "undelivered" | "failed" if code == "21610" => Fate::Unsubscribed,
        // Unknown handset, landline, unknown number: <https://www.twilio.com/docs/api/errors>
        "undelivered" | "failed" if matches!(code, "30005" | "30006" | "21211" | "21614") => Fate::Bounced,
        "undelivered" | "failed" => Fate::Failed,
        _ => return None,
    };
    let message = format!("{} {code} {}", field("MessageStatus"), field("ErrorMessage"));
    report(delivery, fate, "twilio", field("To"), message.trim())
}

/// `{"status": "delivered" | "failed" | "bounced" | "unsubscribed", "message"?}` of a generic provider.
#[must_use]
pub fn generic(delivery: &str, body: &Value) -> Option<Report> {
    let status = body["status"].as_str().unwrap_or_default();
    let fate = match status {
        "delivered" => Fate::Delivered,
        "bounced" => Fate::Bounced,
        "unsubscribed" => Fate::Unsubscribed,
        "failed" => Fate::Failed,
        _ => return None,
    };
    let message = body["message"].as_str().unwrap_or(status);
    report(
        delivery,
        fate,
        "sms_http",
        body["to"].as_str().unwrap_or_default(),
        message,
    )
}

fn report(delivery: &str, fate: Fate, provider: &'static str, address: &str, message: &str) -> Option<Report> {
    let (org_id, log_id) = reference::read(delivery)?;
    Some(Report {
        org_id,
        log_id,
        channel: Channel::Sms,
        fate,
        provider,
        address: (!address.is_empty()).then(|| address.to_owned()),
        message: message.chars().take(1000).collect(),
    })
}
