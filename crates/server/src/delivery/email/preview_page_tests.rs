//! The preview's pages, asked as a browser asks them.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use tower::ServiceExt;

use super::*;

const HOSTILE: &str = "From: \"<script>alert(1)</script>\" <a@example.org>\r\nTo: Bob <bob@example.net>\r\n\
    Subject: <img src=x onerror=alert(1)>\r\nX-Odd: \"><script>alert(2)</script>\r\nDate: Sun, 22 Nov 2026 20:41:07 +0000\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
    </pre><script>alert(3)</script>\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hello</p><script>alert(4)</script>\r\n--b--\r\n";

struct Site {
    store: PreviewStore,
    _dir: tempfile::TempDir,
}

impl Site {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            store: PreviewStore::open(dir.path()).unwrap(),
            _dir: dir,
        }
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router(self.store.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    }
}

#[tokio::test]
async fn an_empty_preview_says_how_to_get_a_mail_into_it() {
    let (status, headers, body) = Site::open().get("/dev/mail").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("No mail yet") && body.contains("/v1/notifications"));
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe"));
    assert!(!body.contains("style=") && !body.contains("<style"));
}

#[tokio::test]
async fn nothing_that_a_mail_holds_becomes_markup_of_ours() {
    let site = Site::open();
    let id = Uuid::from_u128(7);
    site.store.put(id, HOSTILE.into()).await.unwrap();
    for path in [
        "/dev/mail".to_owned(),
        "/dev/mail/list".to_owned(),
        format!("/dev/mail/{id}"),
    ] {
        let (status, _, body) = site.get(&path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("<script>") && !body.contains("<img"), "{path}: {body}");
        assert!(body.contains("&lt;img src=x"));
    }
    let (_, _, found) = site.get("/dev/mail?q=%22%3E%3Cscript%3E").await;
    assert!(found.contains("No mail to or about") && !found.contains("<script>"));
}

#[tokio::test]
async fn the_html_part_is_framed_without_rights() {
    let site = Site::open();
    let id = Uuid::from_u128(7);
    site.store.put(id, HOSTILE.into()).await.unwrap();
    let (_, _, shown) = site.get(&format!("/dev/mail/{id}")).await;
    assert!(shown.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    let (status, headers, html) = site.get(&format!("/dev/mail/{id}/html")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.starts_with("<p>Hello</p>"));
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("; sandbox"));
    assert!(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"));
}

#[tokio::test]
async fn the_raw_message_is_text_and_never_a_page() {
    let site = Site::open();
    let id = Uuid::from_u128(7);
    site.store.put(id, HOSTILE.into()).await.unwrap();
    let (_, headers, body) = site.get(&format!("/dev/mail/{id}/raw")).await;
    assert_eq!(body, HOSTILE);
    assert!(headers[CONTENT_TYPE].to_str().unwrap().starts_with("text/plain"));
    assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
}

#[tokio::test]
async fn a_mail_without_html_has_no_frame() {
    let site = Site::open();
    let id = Uuid::from_u128(7);
    site.store
        .put(id, "From: a@example.org\r\nTo: b@example.net\r\n\r\nplain\r\n".into())
        .await
        .unwrap();
    let (_, _, shown) = site.get(&format!("/dev/mail/{id}")).await;
    assert!(shown.contains("plain") && shown.contains("(no subject)") && !shown.contains("<iframe"));
    assert_eq!(site.get(&format!("/dev/mail/{id}/html")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_says_so() {
    let site = Site::open();
    for path in [
        "/dev/mail/nonsense",
        "/dev/mail/..%2Fsecret",
        "/dev/mail/00000000-0000-0000-0000-000000000009/raw",
    ] {
        let (status, _, body) = site.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(body.contains("No such mail"));
    }
}

#[tokio::test]
async fn style_and_script_come_from_their_own_addresses() {
    let site = Site::open();
    assert_eq!(
        site.get("/dev/mail/style.css").await.1[CONTENT_TYPE],
        "text/css; charset=utf-8"
    );
    assert_eq!(
        site.get("/dev/mail/live.js").await.1[CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
}
