//! A message in the form that follows DATA (RFC 5321 section 4.5.2): CRLF line ends, leading dots doubled, a final dot.
//!
//! Lone CRs and LFs are turned into CRLF rather than passed on: a server that takes them for line ends where another does
//! not could be made to see a second message inside the first ("SMTP smuggling").

/// Appends `message`, made safe, and the final dot to `out`.
pub(super) fn stuff(message: &[u8], out: &mut Vec<u8>) {
    out.reserve(message.len() + message.len() / 64 + 8);
    let mut rest = message;
    while let Some(first) = rest.first() {
        if *first == b'.' {
            out.push(b'.');
        }
        let end = rest
            .iter()
            .position(|b| matches!(b, b'\r' | b'\n'))
            .unwrap_or(rest.len());
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(b"\r\n");
        rest = match &rest[end..] {
            [b'\r', b'\n', next @ ..] | [_, next @ ..] => next,
            [] => &[],
        };
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::stuff;

    fn stuffed(message: &str) -> String {
        let mut out = Vec::new();
        stuff(message.as_bytes(), &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn leading_dots_are_doubled_and_others_are_not() {
        assert_eq!(
            stuffed(".a\r\n..b\r\nc.d\r\n.\r\n"),
            "..a\r\n...b\r\nc.d\r\n..\r\n.\r\n"
        );
    }

    #[test]
    fn lone_line_ends_become_crlf_so_that_nothing_can_be_smuggled() {
        assert_eq!(
            stuffed("a\n.\nMAIL FROM:<x>\r.\rb\r\r\n"),
            "a\r\n..\r\nMAIL FROM:<x>\r\n..\r\nb\r\n\r\n.\r\n"
        );
    }

    #[test]
    fn the_last_line_is_ended_and_an_empty_message_is_one_dot() {
        assert_eq!(stuffed("a"), "a\r\n.\r\n");
        assert_eq!(stuffed(""), ".\r\n");
    }
}
