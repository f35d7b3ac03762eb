//! `application/x-www-form-urlencoded` (WHATWG URL standard, section 5), as OAuth and Twilio speak it.

use std::fmt::Write;

/// Writes pairs.
#[must_use]
pub fn encode(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        put(&mut out, name);
        out.push('=');
        put(&mut out, value);
    }
    out
}

fn put(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(byte.into()),
            b' ' => out.push('+'),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

/// Reads pairs, in their order.
#[must_use]
pub fn decode(body: &[u8]) -> Vec<(String, String)> {
    body.split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            (text(name), text(halves.next().unwrap_or_default()))
        })
        .collect()
}

fn text(part: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut at = 0;
    while let Some(byte) = part.get(at) {
        let hex = part.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (*byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(value)) => {
                bytes.push(value);
                at += 2;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let pairs = [("To", "+4989 123"), ("Body", "Grüße & 100% = ☃\n"), ("empty", "")];
        let written = encode(&pairs);
        assert!(written.starts_with("To=%2B4989+123&Body=Gr%C3%BC"), "{written}");
        let read = decode(written.as_bytes());
        let read: Vec<_> = read
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(read, pairs);
        assert_eq!(
            decode(b"a=%zz&b"),
            [("a".into(), "%zz".into()), ("b".into(), String::new())]
        );
    }
}
