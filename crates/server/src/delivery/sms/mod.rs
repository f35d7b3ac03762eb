//! SMS: Twilio's API and a generic HTTP provider. One file each; both implement [`super::Adapter`].

mod http;
mod segments;
mod settings;
mod twilio;

pub use http::HttpSms;
pub use segments::segments;
pub use settings::{HttpSmsSettings, SmsSettings, TwilioSettings};
pub use twilio::Twilio;

use super::{content::Content, model::Delivery, reference};

/// The most segments that one message may have: longer ones are cut. (Providers refuse more than 10; every one is paid for.)
const MAX_SEGMENTS: i16 = 4;

/// What the telephone shows.
fn text(delivery: &Delivery) -> String {
    let message = &delivery.message;
    let mut text = Content::of(delivery).sms().trim().to_owned();
    let link = message.action_url.as_deref().unwrap_or_default();
    let with_link = |text: &str| {
        if link.is_empty() {
            text.to_owned()
        } else {
            format!("{text}\n{link}")
        }
    };
    while segments(&with_link(&text)) > MAX_SEGMENTS {
        let shorter: String = text.chars().take(text.chars().count().saturating_sub(10)).collect();
        if shorter.is_empty() {
            break;
        }
        text = format!("{}…", shorter.trim_end_matches('…').trim_end());
        if text.chars().count() <= 1 {
            break;
        }
    }
    with_link(&text)
}

/// A number as E.164 has it: `+` and 7 to 15 digits; spaces and the usual signs between them are let pass.
fn e164(text: &str) -> Option<String> {
    let number: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/'))
        .collect();
    let digits = number.strip_prefix('+')?;
    let fit =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    fit.then_some(number)
}

/// Where the provider reports what became of a message: the address names the delivery.
fn callback_url(public_url: &str, provider: &str, delivery: &Delivery) -> String {
    let public_url = public_url.trim_end_matches('/');
    let reference = reference::write(delivery.org_id, delivery.log_id);
    format!("{public_url}/v1/callbacks/{provider}?delivery={reference}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_international_numbers_are_taken() {
        assert_eq!(e164("+1 (415) 555-2671").as_deref(), Some("+14155552671"));
        for text in [
            "4155552671",
            "+0123456789",
            "+1234",
            "+1234567890123456",
            "+12345x6789",
            "",
            "+",
        ] {
            assert_eq!(e164(text), None, "{text}");
        }
    }
}
