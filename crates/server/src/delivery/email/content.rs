//! The words of a notification as a mail: plain text and a self-contained HTML part.
//!
//! Used until an organization brings its own template. Everything that comes from a sender is text and is escaped; the
//! HTML has inline styles only (mail programs drop the rest) and loads nothing from anywhere.

use std::fmt::Write;

/// What a notification says, as the default mail shows it.
#[derive(Debug, Clone, Copy)]
pub struct NotificationMail<'a> {
    /// Name of the organization that speaks.
    pub organization: &'a str,
    /// The notification's title; also the mail's subject.
    pub title: &'a str,
    /// The notification's content: plain text, paragraphs apart by an empty line.
    pub content: &'a str,
    /// Where "Open" leads. Only `https:` and `http:` addresses become a link; anything else is left out.
    pub action_url: Option<&'a str>,
    /// BCP 47 tag of the content's language, for screen readers.
    pub locale: &'a str,
}

impl NotificationMail<'_> {
    /// The plain part.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.content.trim_end());
        if let Some(url) = self.link() {
            let _ = write!(out, "\n{url}\n");
        }
        let _ = write!(out, "\n-- \n{}\n", self.organization);
        out
    }

    /// The HTML part: one narrow column, readable without any image or style sheet.
    pub fn html(&self) -> String {
        let mut body = String::new();
        for paragraph in paragraphs(self.content) {
            let lines: Vec<String> = paragraph.lines().map(escape).collect();
            let _ = writeln!(
                body,
                "<p dir=\"auto\" style=\"margin:0 0 16px;font-size:16px;line-height:1.5\">{}</p>",
                lines.join("<br>\n")
            );
        }
        if let Some(url) = self.link() {
            let url = escape(url);
            let _ = write!(
                body,
                "<p style=\"margin:24px 0 8px\"><a href=\"{url}\" target=\"_blank\" rel=\"noopener\" \
                 style=\"display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4ed8;color:#ffffff;\
                 font-size:16px;font-weight:bold;text-decoration:none\">Open</a></p>\n\
                 <p style=\"margin:0 0 16px;font-size:13px;color:#4b5563;word-break:break-all\">{url}</p>\n"
            );
        }
        self.page(&body)
    }

    fn page(&self, body: &str) -> String {
        let (lang, title, organization) = (escape(self.locale), escape(self.title), escape(self.organization));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n</head>\n\
             <body style=\"margin:0;padding:24px 12px;background:#f3f4f6;color:#111827;\
             font-family:Helvetica,Arial,sans-serif\">\n\
             <div style=\"max-width:560px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #e5e7eb;\
             border-radius:8px\">\n\
             <p style=\"margin:0 0 8px;font-size:14px;color:#4b5563\">{organization}</p>\n\
             <h1 dir=\"auto\" style=\"margin:0 0 16px;font-size:22px;line-height:1.3\">{title}</h1>\n\
             {body}</div>\n</body>\n</html>\n"
        )
    }

    fn link(&self) -> Option<&str> {
        let url = self.action_url?.trim();
        let scheme = url.split(':').next()?.to_ascii_lowercase();
        let plain = !url.chars().any(|c| c.is_control() || c.is_whitespace());
        (plain && matches!(scheme.as_str(), "https" | "http")).then_some(url)
    }
}

/// The content's paragraphs: blocks of lines between empty lines.
fn paragraphs(content: &str) -> Vec<String> {
    let content = content.replace("\r\n", "\n").replace('\r', "\n");
    content
        .split("\n\n")
        .map(|block| block.trim_matches('\n').to_owned())
        .filter(|block| !block.is_empty())
        .collect()
}

/// Text made harmless for HTML, both between tags and inside a double-quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail<'a>(content: &'a str, action_url: Option<&'a str>) -> NotificationMail<'a> {
        NotificationMail {
            organization: "Smith & Sons",
            title: "<b>Snow</b> day",
            content,
            action_url,
            locale: "en",
        }
    }

    #[test]
    fn everything_a_sender_wrote_is_escaped() {
        let html = mail(
            "<script>alert('x')</script>",
            Some("https://example.org/?a=1&b=\"><script>"),
        )
        .html();
        assert!(!html.contains("<script>"));
        assert!(html.contains("&lt;b&gt;Snow&lt;/b&gt; day"));
        assert!(html.contains("Smith &amp; Sons"));
        assert!(html.contains("href=\"https://example.org/?a=1&amp;b=&quot;&gt;&lt;script&gt;\""));
    }

    #[test]
    fn only_a_web_address_becomes_a_link() {
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/relative",
            "https://a b",
            "",
        ] {
            let mail = mail("text", Some(url));
            assert!(!mail.html().contains("<a "), "{url:?} became a link");
            assert!(url.is_empty() || !mail.text().contains(url));
        }
        assert!(
            mail("text", Some("HTTPS://example.org"))
                .html()
                .contains("<a href=\"HTTPS://example.org\"")
        );
    }

    #[test]
    fn lines_and_paragraphs_stay_apart() {
        let html = mail("one\r\ntwo\n\n\nthree", None).html();
        assert!(html.contains(">one<br>\ntwo</p>"));
        assert!(html.contains(">three</p>"));
    }

    #[test]
    fn the_text_part_carries_content_link_and_organization() {
        let text = mail("School is closed.\n", Some("https://example.org/n/1")).text();
        assert_eq!(
            text,
            "School is closed.\n\nhttps://example.org/n/1\n\n-- \nSmith & Sons\n"
        );
    }
}
