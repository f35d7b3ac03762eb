//! What [`Email::render`] promises, read back by mail-parser, which knows nothing of lettre.

use mail_parser::{HeaderValue as Parsed, MessageParser};

use super::*;

fn email() -> Email {
    Email {
        message_id_local: "01936f3e-8a00-7000-8000-000000000001".parse().unwrap(),
        domain: "mail.example.org".to_owned(),
        from: Mailbox::named("Riverdale Schools", "no-reply@example.org".parse().unwrap()),
        to: Mailbox::named("O'Neil, \"Bob\" Müller", "bob@example.net".parse().unwrap()),
        subject: "Snow day".to_owned(),
        text: "School is closed.\n".to_owned(),
        html: None,
        headers: Vec::new(),
    }
}

fn at() -> Timestamp {
    "2026-11-22T20:41:07Z".parse().unwrap()
}

fn render(email: &Email) -> Vec<u8> {
    email.render(at()).unwrap().bytes
}

#[test]
fn a_mail_is_read_back_as_it_was_written() {
    let mut email = email();
    email.subject = "Schneefrei für alle – 雪の日 ☃".to_owned();
    email.text = "Grüße\n.leading dot\nfrom all".to_owned();
    email.html = Some("<p>Grüße</p>".to_owned());
    email
        .headers
        .push(("List-Unsubscribe".to_owned(), "<https://example.org/u/1>".to_owned()));
    let bytes = render(&email);
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some(email.subject.as_str()));
    assert_eq!(
        parsed.message_id(),
        Some("01936f3e-8a00-7000-8000-000000000001@mail.example.org")
    );
    assert_eq!(parsed.date().unwrap().to_rfc3339(), "2026-11-22T20:41:07Z");
    let to = parsed.to().unwrap().first().unwrap();
    assert_eq!(to.name(), Some("O'Neil, \"Bob\" Müller"));
    assert_eq!(to.address(), Some("bob@example.net"));
    assert_eq!(
        parsed.from().unwrap().first().unwrap().address(),
        Some("no-reply@example.org")
    );
    assert_eq!(parsed.body_text(0).unwrap(), "Grüße\r\n.leading dot\r\nfrom all");
    assert_eq!(parsed.body_html(0).unwrap(), "<p>Grüße</p>");
    assert!(matches!(parsed.header("Auto-Submitted"), Some(Parsed::Text(value)) if value == "auto-generated"));
    assert_eq!(
        parsed.header_raw("List-Unsubscribe").unwrap().trim(),
        "<https://example.org/u/1>"
    );
}

#[test]
fn the_same_row_gives_the_same_bytes() {
    let mut email = email();
    email.html = Some("<p>x</p>".to_owned());
    assert_eq!(render(&email), render(&email));
}

#[test]
fn a_line_break_in_any_header_field_is_refused_with_the_fields_name() {
    type Spoil = fn(&mut Email);
    let cases: [(&str, Spoil); 5] = [
        ("subject", |email| email.subject = "a\r\nBcc: x@example.org".to_owned()),
        ("subject", |email| email.subject = "a\nb".to_owned()),
        ("the sender's name", |email| email.from.name = Some("a\rb".to_owned())),
        ("the recipient's name", |email| email.to.name = Some("a\nb".to_owned())),
        ("the header X-Test", |email| {
            email.headers.push(("X-Test".to_owned(), "a\r\nb".to_owned()))
        }),
    ];
    for (field, spoil) in cases {
        let mut email = email();
        spoil(&mut email);
        let refused = email.render(at()).unwrap_err();
        assert_eq!(
            refused,
            MessageError::ControlCharacter {
                field: field.to_owned()
            }
        );
    }
}

#[test]
fn a_callers_header_cannot_replace_or_forge_ours() {
    for name in [
        "Bcc",
        "FROM",
        "Message-ID",
        "Content-Type",
        "X Y",
        "X:Y",
        "X\r\nBcc",
        "",
        "Ünicode",
    ] {
        let mut email = email();
        email.headers.push((name.to_owned(), "x".to_owned()));
        assert!(
            matches!(email.render(at()), Err(MessageError::Header { .. })),
            "{name:?} was taken"
        );
    }
}

#[test]
fn no_line_is_longer_than_smtp_allows_and_none_ends_with_a_lone_break() {
    let mut email = email();
    email.subject = "x".repeat(900);
    email.to.name = Some("y".repeat(900));
    email.text = format!("{}\r{}\n{}", "z".repeat(5000), "ü".repeat(3000), "end");
    email.html = Some(format!("<p>{}</p>", "w".repeat(5000)));
    email.domain = format!("{}.example.org", "d".repeat(60));
    let bytes = render(&email);
    for line in bytes.split(|b| *b == b'\n') {
        assert!(line.len() <= 999, "a line of {} octets", line.len());
        assert!(line.is_ascii());
        assert_eq!(
            line.iter().filter(|b| **b == b'\r').count(),
            usize::from(line.ends_with(b"\r"))
        );
    }
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(parsed.subject(), Some(email.subject.as_str()));
    assert_eq!(parsed.message_id(), Some(email.message_id().trim_matches(['<', '>'])));
    assert_eq!(parsed.to().unwrap().first().unwrap().name(), email.to.name.as_deref());
    assert_eq!(
        parsed.body_text(0).unwrap(),
        email.text.replace('\r', "\n").replace('\n', "\r\n")
    );
}

#[test]
fn a_domain_that_is_none_and_a_date_before_1970_are_refused() {
    let mut email = email();
    assert!(matches!(
        email.render("1969-12-31T23:59:59Z".parse().unwrap()),
        Err(MessageError::Date(_))
    ));
    for domain in ["", "exa mple.org", "a>b", "example.org\r\nX: y"] {
        domain.clone_into(&mut email.domain);
        assert!(
            matches!(email.render(at()), Err(MessageError::Domain(_))),
            "{domain:?} was taken"
        );
    }
}
