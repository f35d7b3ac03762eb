//! A server's reply: one or more lines with the same three-digit code (RFC 5321 section 4.2), with the enhanced status
//! code of RFC 2034 where there is one.
//!
//! Reading is bounded and strict: a server that sends endless lines, changes the code halfway or sends no code at all is
//! cut off rather than guessed at, because after a misread reply every later one would be taken for the wrong command's.

use std::fmt;

/// Longest reply that is read, all lines together. RFC 5321 allows 512 octets a line; EHLO replies have some twenty lines.
pub const MAX_REPLY_OCTETS: usize = 16 * 1024;

/// Class, subject and detail of RFC 3463, such as 5.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedCode(pub u8, pub u16, pub u16);

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// One whole reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200–599.
    pub code: u16,
    /// The enhanced code of the first line, when its class agrees with `code`.
    pub enhanced: Option<EnhancedCode>,
    /// The text of all lines, joined by line feeds, without enhanced codes and control characters.
    pub text: String,
}

impl Reply {
    /// 2xx: done.
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// 421: the server closes the connection whatever was asked.
    pub fn is_closing(&self) -> bool {
        self.code == 421
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        write!(f, " {}", self.text.replace('\n', " / "))
    }
}

/// Finds the first whole reply in `input`: the reply and how many octets it takes, or `None` when more must come.
///
/// # Errors
/// What is wrong, in words, when the input can never become a reply.
pub(super) fn parse(input: &[u8]) -> Result<Option<(Reply, usize)>, String> {
    let (mut code, mut enhanced, mut text) = (0, None, String::new());
    let mut consumed = 0;
    for line in input.split_inclusive(|b| *b == b'\n') {
        if !line.ends_with(b"\n") {
            break;
        }
        let first = consumed == 0;
        consumed += line.len();
        if consumed > MAX_REPLY_OCTETS {
            break;
        }
        let line = parse_line(line)?;
        if first {
            code = line.code;
        } else if code != line.code {
            return Err(format!("a reply that starts with {code} goes on with {}", line.code));
        } else {
            text.push('\n');
        }
        let (status, words) = split_enhanced(line.text, code);
        if first {
            enhanced = status;
        }
        text.extend(words.chars().filter(|c| !c.is_control()));
        if line.last {
            return Ok(Some((Reply { code, enhanced, text }, consumed)));
        }
    }
    if input.len() > MAX_REPLY_OCTETS {
        return Err(format!("a reply of more than {MAX_REPLY_OCTETS} octets"));
    }
    Ok(None)
}

struct Line<'a> {
    code: u16,
    last: bool,
    text: std::borrow::Cow<'a, str>,
}

fn parse_line(line: &[u8]) -> Result<Line<'_>, String> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let not_a_reply = || {
        format!(
            "{:?} is not a reply",
            String::from_utf8_lossy(&line[..line.len().min(80)])
        )
    };
    let (digits, rest) = line.split_at_checked(3).ok_or_else(not_a_reply)?;
    let code = std::str::from_utf8(digits)
        .ok()
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let code: u16 = code.and_then(|d| d.parse().ok()).ok_or_else(not_a_reply)?;
    if !(200..600).contains(&code) {
        return Err(not_a_reply());
    }
    // A bare code without a space is common enough to be read as a last line (RFC 5321 section 4.2 asks clients to).
    let (last, text) = match rest {
        [] => (true, rest),
        [b' ', text @ ..] => (true, text),
        [b'-', text @ ..] => (false, text),
        _ => return Err(not_a_reply()),
    };
    Ok(Line {
        code,
        last,
        text: String::from_utf8_lossy(text),
    })
}

/// Splits `5.1.1 No such user` into the code and the words. A code of another class than the reply's is left as text.
fn split_enhanced(text: std::borrow::Cow<'_, str>, code: u16) -> (Option<EnhancedCode>, String) {
    let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
    let mut parts = word.split('.').map(|part| {
        let plain = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok()).flatten()
    });
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Some(class)), Some(Some(subject)), Some(Some(detail)), None) if class == code / 100 => {
            let class = u8::try_from(class).unwrap_or_default();
            (Some(EnhancedCode(class, subject, detail)), rest.to_owned())
        }
        _ => (None, text.into_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn whole(input: &str) -> Reply {
        let (reply, consumed) = parse(input.as_bytes()).unwrap().unwrap();
        assert_eq!(consumed, input.len());
        reply
    }

    #[test]
    fn a_reply_has_code_enhanced_code_and_text() {
        let reply = whole("550 5.1.1 <x@example.net>: unknown\r\n");
        assert_eq!((reply.code, reply.enhanced), (550, Some(EnhancedCode(5, 1, 1))));
        assert_eq!(reply.text, "<x@example.net>: unknown");
        assert_eq!(
            whole("550 5.7.606 Access denied\r\n").enhanced,
            Some(EnhancedCode(5, 7, 606))
        );
        assert_eq!(reply.to_string(), "550 5.1.1 <x@example.net>: unknown");
    }

    #[test]
    fn an_enhanced_code_of_another_class_is_only_text() {
        let reply = whole("250 5.1.1 odd\r\n");
        assert_eq!((reply.enhanced, reply.text.as_str()), (None, "5.1.1 odd"));
        assert_eq!(whole("250 1.2.3.4 greets you\r\n").text, "1.2.3.4 greets you");
    }

    #[test]
    fn lines_are_joined_and_bare_codes_and_line_feeds_are_read() {
        assert_eq!(
            whole("451-4.3.0 one\r\n451-4.3.0 two\r\n451 4.3.0 three\r\n").text,
            "one\ntwo\nthree"
        );
        assert_eq!(whole("250\r\n").text, "");
        assert_eq!(whole("354 go\n").code, 354);
    }

    #[test]
    fn only_the_first_of_several_replies_is_taken() {
        let (reply, consumed) = parse(b"250 a\r\n550 b\r\n").unwrap().unwrap();
        assert_eq!((reply.code, consumed), (250, 7));
    }

    #[test]
    fn a_reply_may_come_octet_by_octet() {
        let input = b"250-first\r\n250 second\r\n";
        for end in 0..input.len() {
            assert_eq!(parse(&input[..end]).unwrap(), None);
        }
        assert!(parse(input).unwrap().is_some());
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for input in [
            "hello\r\n",
            "25\r\n",
            "\r\n",
            "2x0 a\r\n",
            "999 a\r\n",
            "100 a\r\n",
            "250_a\r\n",
            "250-a\r\n550 b\r\n",
        ] {
            assert!(parse(input.as_bytes()).is_err(), "{input:?} was taken");
        }
    }

    #[test]
    fn endless_replies_are_cut_off() {
        let lines = "250-\r\n".repeat(MAX_REPLY_OCTETS / 6 + 1);
        assert!(parse(lines.as_bytes()).is_err());
        assert!(parse(&vec![b'2'; MAX_REPLY_OCTETS + 1]).is_err());
    }

    #[test]
    fn control_characters_do_not_reach_the_log() {
        assert_eq!(whole("250 a\u{1b}[31mb\0\r\n").text, "a[31mb");
    }
}
