//! Bounce mails: delivery status notifications (RFC 3464) inside multipart/report (RFC 6522).

use mail_parser::{MessageParser, MimeHeaders};

use super::{super::reference, Fate, Report};
use crate::notifications::Channel;

/// What a bounce mail says about our message; none when it is no bounce mail or about none of ours. Which message it is about
/// is read from the returned headers, never from the text.
#[must_use]
pub fn read(raw: &[u8]) -> Option<Report> {
    let mail = MessageParser::default().parse(raw)?;
    let status = mail
        .parts
        .iter()
        .find(|part| is(part, "message", "delivery-status") || is(part, "message", "global-delivery-status"))?;
    let fields = fields(&String::from_utf8_lossy(status.contents()));
    let field = |name: &str| {
        fields
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, value)| value.as_str())
    };
    let (org_id, log_id) = returned_reference(raw, &mail)?;
    let code = field("status").unwrap_or_default();
    let fate = match field("action")?.to_ascii_lowercase().as_str() {
        "delivered" | "relayed" => Fate::Delivered,
        // 5.1.x: the address; 5.2.1: the mailbox is disabled (RFC 3463). The rest is about this message or this day.
        "failed" if code.starts_with("5.1.") || code == "5.2.1" || code == "5.0.0" => Fate::Bounced,
        "failed" => Fate::SoftBounced,
        _ => return None,
    };
    let address = field("original-recipient").or_else(|| field("final-recipient"));
    let address = address.map(|text| {
        text.split_once(';')
            .map_or(text, |(_, address)| address)
            .trim()
            .to_owned()
    });
    let said = field("diagnostic-code").unwrap_or(code);
    Some(Report {
        org_id,
        log_id,
        channel: Channel::Email,
        fate,
        provider: "bounce",
        address,
        message: said.chars().take(1000).collect(),
    })
}

fn is(part: &mail_parser::MessagePart<'_>, main: &str, sub: &str) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.c_type.eq_ignore_ascii_case(main)
            && kind
                .c_subtype
                .as_deref()
                .is_some_and(|one| one.eq_ignore_ascii_case(sub))
    })
}

/// The reference in the returned message or its headers.
fn returned_reference(raw: &[u8], mail: &mail_parser::Message<'_>) -> Option<(uuid::Uuid, uuid::Uuid)> {
    let returned = mail.parts.iter().find(|part| {
        is(part, "message", "rfc822")
            || is(part, "text", "rfc822-headers")
            || is(part, "message", "global")
            || is(part, "message", "global-headers")
    })?;
    let start = usize::try_from(returned.offset_body).ok()?;
    let end = usize::try_from(returned.offset_end).ok()?;
    let text = String::from_utf8_lossy(raw.get(start..end)?).into_owned();
    let headers = text.split("\r\n\r\n").next()?.split("\n\n").next()?;
    let fields = fields(headers);
    let name = reference::HEADER.to_ascii_lowercase();
    let (_, value) = fields.iter().find(|(one, _)| *one == name)?;
    reference::read(value)
}

/// Header fields, unfolded, names in lower case.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}
