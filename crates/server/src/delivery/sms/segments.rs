//! How many messages a text is to the network (3GPP TS 23.038 and 23.040): 160 characters of the GSM alphabet or 70 of
//! UTF-16; in longer texts each part gives seven or three of them for the header that joins the parts.

/// The GSM 7-bit default alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension, which costs two.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Segments of a text; at least one.
#[must_use]
pub fn segments(text: &str) -> i16 {
    let septets: Option<usize> = text
        .chars()
        .map(|c| match c {
            c if BASIC.contains(c) => Some(1),
            c if EXTENSION.contains(c) => Some(2),
            _ => None,
        })
        .sum();
    let (units, alone, joined) = match septets {
        Some(septets) => (septets, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    let count = if units <= alone { 1 } else { units.div_ceil(joined) };
    i16::try_from(count).unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_decides_how_much_fits() {
        for (text, count) in [
            (String::new(), 1),
            ("x".repeat(160), 1),
            ("x".repeat(161), 2),
            ("x".repeat(306), 2),
            ("x".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ü".repeat(160), 1),
            ("雪".repeat(70), 1),
            ("雪".repeat(71), 2),
            ("🌨".repeat(35), 1),
            ("🌨".repeat(36), 2),
        ] {
            assert_eq!(
                segments(&text),
                count,
                "{} of {:?}",
                text.chars().count(),
                text.chars().next()
            );
        }
    }
}
