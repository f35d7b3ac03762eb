//! MJML to HTML. No SQL, no HTTP, and nothing is fetched: `mj-include` is refused.

use mrml::prelude::render::RenderOptions;

/// The most elements that may stand in each other: rendering goes as deep as the source does.
const MAX_DEPTH: usize = 40;
/// The most elements.
const MAX_ELEMENTS: usize = 5_000;
/// Elements of HTML that have no end.
const VOID: &[&str] = &[
    "br", "img", "hr", "meta", "link", "input", "col", "source", "wbr", "area", "base",
];

/// Whether a source (a template, or its result) is small enough to be rendered, and includes nothing.
///
/// # Errors
/// What is wrong, in words.
pub fn check(source: &str) -> Result<(), String> {
    let (mut depth, mut elements) = (0_usize, 0_usize);
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let Some(end) = comment.find("-->") else { break };
            rest = &comment[end + 3..];
            continue;
        }
        if let Some(ended) = rest.strip_prefix('/') {
            depth = depth.saturating_sub(1);
            rest = ended;
            continue;
        }
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .unwrap_or(rest.len());
        let name = rest[..length].to_ascii_lowercase();
        if name == "mj-include" {
            return Err("mj-include is not available: nothing is fetched for a template".to_owned());
        }
        elements += 1;
        let (end, empty) = tag_end(rest);
        if !empty && !VOID.contains(&name.as_str()) {
            depth += 1;
        }
        if depth > MAX_DEPTH || elements > MAX_ELEMENTS {
            return Err(format!(
                "has more than {MAX_DEPTH} elements in each other or {MAX_ELEMENTS} in all"
            ));
        }
        rest = &rest[end..];
    }
    Ok(())
}

/// Where a tag ends, with quotes minded, and whether it ends in `/>`.
fn tag_end(rest: &str) -> (usize, bool) {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in rest.char_indices() {
        match quote {
            Some(open) if open == c => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return (at + 1, before == '/'),
            None => {}
        }
        before = c;
    }
    (rest.len(), false)
}

/// The HTML of an MJML document.
///
/// # Errors
/// What is wrong with it, in words.
pub fn to_html(source: &str) -> Result<String, String> {
    check(source)?;
    let parsed = mrml::parse(source).map_err(|error| format!("is no MJML: {error}"))?;
    let options = RenderOptions {
        disable_comments: true,
        // No fonts from elsewhere: opening a mail tells nobody.
        fonts: std::collections::HashMap::new(),
        ..RenderOptions::default()
    };
    parsed
        .element
        .render(&options)
        .map_err(|error| format!("cannot be rendered: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_html() {
        let html = to_html(
            "<mjml><mj-body><mj-section><mj-column><mj-text>Hello <b>Zoë</b><br></mj-text></mj-column></mj-section></mj-body></mjml>",
        )
        .unwrap();
        assert!(html.contains("Hello <b>Zoë</b>"), "{html}");
    }

    #[test]
    fn what_is_too_deep_fetches_or_is_no_mjml_is_refused() {
        assert!(to_html("<mjml><mj-body><mj-include path=\"/etc/passwd\" /></mj-body></mjml>").is_err());
        assert!(to_html("hello").is_err());
        assert!(to_html("<mjml><mj-body>").is_err());
        for filler in ["", "<!-- </x> -->", "<br></x>"] {
            let deep = format!(
                "<mjml><mj-body>{}{}",
                format!("<mj-section a=\"</mj-section>\">{filler}").repeat(50_000),
                "</mj-section>".repeat(50_000)
            );
            let _refused_or_rendered_but_not_crashed = to_html(&deep);
        }
    }

    #[test]
    fn as_deep_as_may_be_is_rendered_on_a_small_stack() {
        let depth = MAX_DEPTH - 6;
        let inner = format!("{}x{}", "<div>".repeat(depth), "</div>".repeat(depth));
        let source = format!(
            "<mjml><mj-body><mj-section><mj-column><mj-text>{inner}</mj-text></mj-column></mj-section></mj-body></mjml>"
        );
        assert!(to_html(&source).unwrap().contains('x'));
    }
}
