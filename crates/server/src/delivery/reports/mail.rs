//! Reports of mail providers, in the form that each documents. The reference comes back in the place where that provider lets
//! a sender leave one (see `email_channel.rs`): a tag, metadata, a variable.

use serde_json::Value;

use super::{super::reference, Fate, Report};
use crate::notifications::Channel;

fn report(
    reference: Option<&str>,
    fate: Fate,
    provider: &'static str,
    address: &Value,
    message: &str,
) -> Option<Report> {
    let (org_id, log_id) = reference::read(reference?)?;
    Some(Report {
        org_id,
        log_id,
        channel: Channel::Email,
        fate,
        provider,
        address: address.as_str().map(str::to_owned),
        message: message.chars().take(1000).collect(),
    })
}

/// SES by way of SNS: <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>. `body` is the
/// SNS envelope. The older feedback notifications (`notificationType`) say the same.
#[must_use]
pub fn ses(body: &Value) -> Vec<Report> {
    let inner: Value = match &body["Message"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        // Raw message delivery.
        _ => body.clone(),
    };
    let header = |name: &str| {
        let headers = inner["mail"]["headers"].as_array().into_iter().flatten();
        headers
            .filter(|one| one["name"].as_str().is_some_and(|one| one.eq_ignore_ascii_case(name)))
            .find_map(|one| one["value"].as_str())
    };
    let tag = inner["mail"]["tags"]["delivery"][0].as_str();
    let reference = tag.or_else(|| header(reference::HEADER));
    let kind = inner["eventType"]
        .as_str()
        .or_else(|| inner["notificationType"].as_str());
    let each = |list: &Value, fate: Fate, what: &dyn Fn(&Value) -> (Value, String)| {
        let all = list.as_array().into_iter().flatten();
        all.filter_map(|one| {
            let (address, message) = what(one);
            report(reference, fate, "ses", &address, &message)
        })
        .collect()
    };
    match kind.unwrap_or_default() {
        "Bounce" => {
            let bounce = &inner["bounce"];
            let kind = bounce["bounceType"].as_str().unwrap_or_default();
            let fate = if kind == "Permanent" {
                Fate::Bounced
            } else {
                Fate::SoftBounced
            };
            each(&bounce["bouncedRecipients"], fate, &|one| {
                let said = one["diagnosticCode"].as_str().unwrap_or(kind);
                (one["emailAddress"].clone(), said.to_owned())
            })
        }
        "Complaint" => each(&inner["complaint"]["complainedRecipients"], Fate::Complained, &|one| {
            let kind = inner["complaint"]["complaintFeedbackType"]
                .as_str()
                .unwrap_or("complaint");
            (one["emailAddress"].clone(), kind.to_owned())
        }),
        "Delivery" => each(&inner["delivery"]["recipients"], Fate::Delivered, &|one| {
            let said = inner["delivery"]["smtpResponse"].as_str().unwrap_or("delivered");
            (one.clone(), said.to_owned())
        }),
        "Reject" => {
            let said = inner["reject"]["reason"].as_str().unwrap_or("rejected");
            report(reference, Fate::Failed, "ses", &Value::Null, said)
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Postmark: <https://postmarkapp.com/developer/webhooks/webhooks-overview>
#[must_use]
pub fn postmark(body: &Value) -> Vec<Report> {
    let reference = body["Metadata"]["delivery"].as_str();
    let said = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let found = match body["RecordType"].as_str().unwrap_or_default() {
        "Delivery" => report(
            reference,
            Fate::Delivered,
            "postmark",
            &body["Recipient"],
            &said("Details"),
        ),
        "Bounce" => {
            let hard = matches!(
                body["Type"].as_str(),
                Some("HardBounce" | "BadEmailAddress" | "ManuallyDeactivated")
            );
            let fate = if hard { Fate::Bounced } else { Fate::SoftBounced };
            let message = format!("{}: {}", said("Type"), said("Details"));
            report(reference, fate, "postmark", &body["Email"], &message)
        }
        "SpamComplaint" => report(
            reference,
            Fate::Complained,
            "postmark",
            &body["Email"],
            "spam complaint",
        ),
        "SubscriptionChange" if body["SuppressSending"] == true => report(
            reference,
            Fate::Unsubscribed,
            "postmark",
            &body["Recipient"],
            &said("SuppressionReason"),
        ),
        _ => None,
    };
    found.into_iter().collect()
}

/// SendGrid's event webhook: <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event>. A list; what a sender
/// left as unique arguments stands beside the event's own fields.
#[must_use]
pub fn sendgrid(body: &Value) -> Vec<Report> {
    let events = body.as_array().into_iter().flatten();
    events
        .filter_map(|event| {
            let said = ["reason", "response", "type"]
                .iter()
                .find_map(|name| event[*name].as_str());
            let fate = match event["event"].as_str()? {
                "delivered" => Fate::Delivered,
                "bounce" if event["type"] == "blocked" => Fate::SoftBounced,
                "bounce" => Fate::Bounced,
                "dropped" => Fate::Failed,
                "spamreport" => Fate::Complained,
                "unsubscribe" | "group_unsubscribe" => Fate::Unsubscribed,
                _ => return None,
            };
            let said = said.or_else(|| event["event"].as_str()).unwrap_or_default();
            report(event["delivery"].as_str(), fate, "sendgrid", &event["email"], said)
        })
        .collect()
}

/// Mailgun: <https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure>
#[must_use]
pub fn mailgun(body: &Value) -> Vec<Report> {
    let event = &body["event-data"];
    let fate = match (event["event"].as_str().unwrap_or_default(), event["severity"].as_str()) {
        ("delivered", _) => Fate::Delivered,
        ("failed", Some("permanent")) => Fate::Bounced,
        ("failed", _) => Fate::SoftBounced,
        ("complained", _) => Fate::Complained,
        ("unsubscribed", _) => Fate::Unsubscribed,
        ("rejected", _) => Fate::Failed,
        _ => return Vec::new(),
    };
    let status = &event["delivery-status"];
    let said = ["message", "description"]
        .iter()
        .find_map(|name| status[*name].as_str().filter(|text| !text.is_empty()));
    let said = said.or_else(|| event["event"].as_str()).unwrap_or_default();
    let reference = event["user-variables"]["delivery"].as_str();
    report(reference, fate, "mailgun", &event["recipient"], said)
        .into_iter()
        .collect()
}
