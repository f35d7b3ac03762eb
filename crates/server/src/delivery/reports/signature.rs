//! Is a report its provider's? Each in the way that its provider documents; all comparisons take the same time whatever is
//! wrong.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    hmac,
    signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey},
};

use super::super::form;

/// HTTP Basic (RFC 7617) with `user:password`.
#[must_use]
pub fn basic(header: &str, login: &str) -> bool {
    let Some((scheme, credentials)) = header.split_once(' ') else {
        return false;
    };
    let given = STANDARD.decode(credentials.trim()).unwrap_or_default();
    scheme.eq_ignore_ascii_case("basic") && !login.is_empty() && same(&given, login.as_bytes())
}

/// `X-Twilio-Signature`: HMAC-SHA1 over the address and the form's fields in their order by name.
/// <https://www.twilio.com/docs/usage/security#validating-requests>
#[must_use]
pub fn twilio(header: &str, auth_token: &str, url: &str, body: &[u8]) -> bool {
    let mut fields = form::decode(body);
    fields.sort();
    let mut text = url.to_owned();
    for (name, value) in fields {
        text.push_str(&name);
        text.push_str(&value);
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, auth_token.as_bytes());
    let given = STANDARD.decode(header).unwrap_or_default();
    !auth_token.is_empty() && hmac::verify(&key, text.as_bytes(), &given).is_ok()
}

/// `sha256=<hex>` over the body.
#[must_use]
pub fn hmac_sha256(header: &str, secret: &str, body: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let given = header.strip_prefix("sha256=").and_then(hex).unwrap_or_default();
    !secret.is_empty() && hmac::verify(&key, body, &given).is_ok()
}

/// Mailgun signs a time and a random token, not the content.
/// <https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks>
#[must_use]
pub fn mailgun(signing_key: &str, timestamp: &str, token: &str, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, signing_key.as_bytes());
    let given = hex(signature).unwrap_or_default();
    !signing_key.is_empty() && hmac::verify(&key, format!("{timestamp}{token}").as_bytes(), &given).is_ok()
}

/// SendGrid's signed event webhook: ECDSA P-256 over the time and the body; the key is base64 of a DER SubjectPublicKeyInfo.
/// <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features>
#[must_use]
pub fn sendgrid(public_key: &str, timestamp: &str, signature: &str, body: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (STANDARD.decode(public_key), STANDARD.decode(signature)) else {
        return false;
    };
    // The point stands in the last 65 bytes of the 91 that this kind of key has.
    let Some(point) = key.len().checked_sub(65).and_then(|start| key.get(start..)) else {
        return false;
    };
    let signed = [timestamp.as_bytes(), body].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .verify(&signed, &signature)
        .is_ok()
}

fn same(a: &[u8], b: &[u8]) -> bool {
    // By way of a hash, so that neither content nor length shows in the time it takes.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"compare");
    hmac::verify(&key, a, hmac::sign(&key, b).as_ref()).is_ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Twilio's documentation.
    #[test]
    fn twilios_own_example_is_right_and_any_change_is_not() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let body = b"CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212";
        assert!(twilio("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "12345", url, body));
        assert!(!twilio("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "12346", url, body));
        assert!(!twilio(
            "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
            "12345",
            "https://mycompany.com/",
            body
        ));
        assert!(!twilio("", "", url, body));
    }

    #[test]
    fn without_a_secret_nothing_counts() {
        assert!(!basic("Basic Og==", ""));
        assert!(basic("Basic YTpi", "a:b"));
        assert!(!basic("Basic YTpj", "a:b"));
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b""), b"x");
        let text: String = signature.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!hmac_sha256(&format!("sha256={text}"), "", b"x"));
        assert!(!mailgun("", "", "x", &text));
        assert!(!sendgrid("", "", "", b""));
    }
}
