//! The pages at `/dev/mail`: what the preview transport kept, for somebody who tries Frontdesk out or tests with it.
//!
//! The composition root mounts [`router`] only when the mail transport is `preview`. The pages are rendered here, need no
//! sign-in and never run anything that came in a mail: text is escaped, and the HTML part is shown in a sandboxed frame
//! under a policy of its own that loads nothing. Each answer carries its own Content-Security-Policy; a layer that sets
//! one for the whole application must leave these alone.

use std::fmt::Write;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use mail_parser::{Message, MessageParser};
use serde::Deserialize;
use uuid::Uuid;

use super::content::escape;
use super::preview::{Listing, MAX_MAILS, PreviewStore, people};

/// Mails on one page of the list; the search finds the others.
const SHOWN: usize = 100;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
    frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For the HTML part of a mail: inline styles, since mails have no others; no script, no network, no same-origin rights.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// The pages over a store.
pub fn router(store: PreviewStore) -> Router {
    Router::new()
        .route("/dev/mail", get(list))
        .route("/dev/mail/list", get(list_fragment))
        .route("/dev/mail/style.css", get(style))
        .route("/dev/mail/live.js", get(script))
        .route("/dev/mail/{id}", get(show))
        .route("/dev/mail/{id}/html", get(html_part))
        .route("/dev/mail/{id}/raw", get(raw))
        .with_state(store)
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn list(State(store): State<PreviewStore>, Query(search): Query<Search>) -> Response {
    let listing = match store.search(&search.q, SHOWN).await {
        Ok(listing) => listing,
        Err(error) => return failed(&error),
    };
    let query = escape(&search.q);
    let body = format!(
        "<header><h1>Mail preview</h1>\
         <p>Mails that would have been sent. They stay on this machine.</p>\
         <form role=\"search\" action=\"/dev/mail\"><label for=\"q\">Find by recipient or subject</label> \
         <input type=\"search\" id=\"q\" name=\"q\" value=\"{query}\"> <button>Find</button></form></header>\
         <main id=\"mails\">{}</main><script src=\"/dev/mail/live.js\" defer></script>",
        rows(&listing, &search.q)
    );
    page(StatusCode::OK, "Mail preview", &body)
}

/// The list alone, which the page's script fetches to stay up to date.
async fn list_fragment(State(store): State<PreviewStore>, Query(search): Query<Search>) -> Response {
    match store.search(&search.q, SHOWN).await {
        Ok(listing) => answer(
            StatusCode::OK,
            "text/html; charset=utf-8",
            PAGE_POLICY,
            rows(&listing, &search.q),
        ),
        Err(error) => failed(&error),
    }
}

fn rows(listing: &Listing, query: &str) -> String {
    if listing.mails.is_empty() {
        return nothing(query);
    }
    let mut out = String::new();
    let shown = listing.mails.len();
    let count = match (listing.total, shown) {
        (1, _) => "1 mail".to_owned(),
        (total, shown) if total > shown => format!("The newest {shown} of {total} mails"),
        (total, _) => format!("{total} mails"),
    };
    let _ = write!(
        out,
        "<p role=\"status\">{count}</p><table><thead><tr><th scope=\"col\">Date</th><th scope=\"col\">To</th>\
         <th scope=\"col\">Subject</th></tr></thead><tbody>"
    );
    for mail in &listing.mails {
        let subject = if mail.subject.trim().is_empty() {
            "(no subject)"
        } else {
            &mail.subject
        };
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td><a href=\"/dev/mail/{}\" dir=\"auto\">{}</a></td></tr>",
            time(mail.at),
            escape(&mail.to),
            mail.id,
            escape(subject)
        );
    }
    out.push_str("</tbody></table>");
    out
}

fn nothing(query: &str) -> String {
    if !query.trim().is_empty() {
        return format!(
            "<p role=\"status\">No mail to or about <strong>{}</strong>.</p><p><a href=\"/dev/mail\">Show all mails</a></p>",
            escape(query.trim())
        );
    }
    format!(
        "<div class=\"empty\"><h2>No mail yet</h2>\
         <p>With <code>transport = \"preview\"</code>, every mail lands here instead of leaving the machine. \
         Send a notification with the channel <code>email</code> and it appears by itself:</p>\
         <pre tabindex=\"0\"><code>curl http://localhost:4000/v1/notifications \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  \
         -H \"Content-Type: application/json\" \\\n  \
         -d '{{\"title\":\"Snow day\",\"content\":\"School is closed today.\",\"audience\":{{\"all\":true}},\"channels\":[\"email\"]}}'</code></pre>\
         <p><code>frontdesk token</code> makes a token. The newest {MAX_MAILS} mails are kept; to send real ones, set \
         <code>transport = \"smtp\"</code> and <code>url</code> under <code>[email]</code>.</p></div>"
    )
}

async fn show(State(store): State<PreviewStore>, Path(id): Path<String>) -> Response {
    let (id, bytes) = match find(&store, &id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let Some(mail) = MessageParser::default().parse(&bytes) else {
        return missing();
    };
    let subject = mail
        .subject()
        .filter(|subject| !subject.trim().is_empty())
        .unwrap_or("(no subject)");
    let subject = escape(subject);
    let mut body = format!(
        "<nav><a href=\"/dev/mail\">All mails</a> <a href=\"/dev/mail/{id}/raw\">Raw message</a></nav>\
         <header><h1 dir=\"auto\">{subject}</h1><dl>"
    );
    for (name, value) in own_headers(&mail).into_iter().chain(other_headers(&mail)) {
        let _ = write!(body, "<div><dt>{}</dt><dd>{}</dd></div>", escape(&name), escape(&value));
    }
    body.push_str("</dl></header><main>");
    if html_of(&mail).is_some() {
        let _ = write!(
            body,
            "<h2>HTML</h2><iframe src=\"/dev/mail/{id}/html\" title=\"HTML part of the mail\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"
        );
    }
    let text = mail.body_text(0).unwrap_or_default();
    let _ = write!(
        body,
        "<h2>Text</h2><pre class=\"text\" dir=\"auto\" tabindex=\"0\">{}</pre></main>",
        escape(&text)
    );
    page(StatusCode::OK, &format!("{subject} – mail preview"), &body)
}

/// The headers that a reader looks for, decoded.
fn own_headers(mail: &Message<'_>) -> Vec<(String, String)> {
    let date = mail.date().map(|date| date.to_rfc3339());
    let entries = [
        ("From", mail.from().map(people)),
        ("To", mail.to().map(people)),
        ("Date", date),
        ("Message-ID", mail.message_id().map(|id| format!("<{id}>"))),
    ];
    entries
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// The rest, as they travel.
fn other_headers(mail: &Message<'_>) -> Vec<(String, String)> {
    let shown = ["from", "to", "date", "message-id", "subject"];
    mail.headers_raw()
        .filter(|(name, _)| !shown.contains(&name.to_ascii_lowercase().as_str()))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect()
}

/// The HTML part as it was written. (The parser would make one from the text where there is none.)
fn html_of<'a>(mail: &'a Message<'a>) -> Option<&'a str> {
    mail.html_part(0)?
        .is_text_html()
        .then(|| mail.html_part(0)?.text_contents())
        .flatten()
}

async fn html_part(State(store): State<PreviewStore>, Path(id): Path<String>) -> Response {
    let (_, bytes) = match find(&store, &id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let mail = MessageParser::default().parse(&bytes);
    match mail.as_ref().and_then(html_of) {
        Some(html) => answer(StatusCode::OK, "text/html; charset=utf-8", MAIL_POLICY, html.to_owned()),
        None => missing(),
    }
}

async fn raw(State(store): State<PreviewStore>, Path(id): Path<String>) -> Response {
    match find(&store, &id).await {
        Ok((_, bytes)) => answer(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            "default-src 'none'; sandbox",
            bytes,
        ),
        Err(response) => response,
    }
}

async fn style() -> Response {
    answer(
        StatusCode::OK,
        "text/css; charset=utf-8",
        PAGE_POLICY,
        include_str!("preview.css"),
    )
}

async fn script() -> Response {
    answer(
        StatusCode::OK,
        "text/javascript; charset=utf-8",
        PAGE_POLICY,
        include_str!("preview.js"),
    )
}

async fn find(store: &PreviewStore, id: &str) -> Result<(Uuid, Vec<u8>), Response> {
    let id = Uuid::parse_str(id).map_err(|_| missing())?;
    match store.get(id).await {
        Ok(Some(bytes)) => Ok((id, bytes)),
        Ok(None) => Err(missing()),
        Err(error) => Err(failed(&error)),
    }
}

fn missing() -> Response {
    let body = "<main><h1>No such mail</h1><p>It may have been cleared out: only the newest are kept.</p>\
        <p><a href=\"/dev/mail\">All mails</a></p></main>";
    page(StatusCode::NOT_FOUND, "No such mail", body)
}

fn failed(error: &std::io::Error) -> Response {
    tracing::error!(%error, "the mail preview's folder cannot be read");
    let body = "<main><h1>The mails cannot be read</h1><p>The server's log says why.</p></main>";
    page(StatusCode::INTERNAL_SERVER_ERROR, "Mail preview", body)
}

/// A whole page. `title` and `body` are HTML already.
fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/dev/mail/style.css\"></head><body>{body}</body></html>\n"
    );
    answer(status, "text/html; charset=utf-8", PAGE_POLICY, html)
}

fn answer(status: StatusCode, kind: &'static str, policy: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, body).into_response()
}

fn time(at: Timestamp) -> String {
    format!(
        "<time datetime=\"{at}\">{}</time>",
        at.strftime("%Y-%m-%d %H:%M:%S UTC")
    )
}

#[cfg(test)]
#[path = "preview_page_tests.rs"]
mod tests;
