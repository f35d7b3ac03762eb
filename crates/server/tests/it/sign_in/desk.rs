//! A server at which somebody signs in: one organization, one parent, a clock that stands.

use jiff::Timestamp;
use platform::clock::Clock;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

/// When all of this happens.
pub const NOW: i64 = 1_800_000_000;

pub struct Desk {
    pub app: TestApp,
    pub org: Uuid,
    pub pia: Uuid,
}

impl Desk {
    /// With changed settings.
    pub async fn open(change: impl FnOnce(&mut platform::auth::AuthOptions)) -> Self {
        let clock = Clock::fixed(Timestamp::from_second(NOW).expect("a time"));
        let app = TestApp::start_with(clock, |settings| change(&mut settings.auth)).await;
        let org = people::organization(&app.db, "school").await;
        let pia = people::person(&app.db, org, "parent", "Pia").await;
        Self { app, org, pia }
    }

    /// The claims of a good token for Pia, for an hour.
    pub fn claims(&self) -> Value {
        json!({"sub": self.pia, "org_id": self.org, "iat": NOW, "exp": NOW + 3600})
    }

    /// The same with a claim changed, or taken away when it is null.
    pub fn claims_but(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value;
        }
        claims
    }

    /// Asks who the owner of a token is.
    pub async fn ask(&self, token: &str) -> Answer {
        self.app.get("/v1/me", token).await
    }

    /// The token is Pia's.
    pub async fn assert_in(&self, token: &str, what: &str) {
        let answer = self.ask(token).await;
        assert_eq!(answer.status, 200, "{what}: {:?}", answer.body);
        assert_eq!(answer.body["profile"]["id"], json!(self.pia), "{what}");
        assert_eq!(answer.body["organization"]["id"], json!(self.org), "{what}");
    }

    /// The token is nobody's; what is wrong with it, in words.
    pub async fn assert_out(&self, token: &str, what: &str) -> String {
        let answer = self.ask(token).await;
        assert_eq!(answer.status, 401, "{what}: {:?}", answer.body);
        assert_eq!(answer.body["code"], "unauthenticated", "{what}");
        assert!(answer.headers.contains_key("www-authenticate"), "{what}");
        let detail = answer.body["detail"].as_str().expect("a detail").to_owned();
        assert!(!detail.is_empty(), "{what}");
        detail
    }
}

/// A token whose parts are taken as they are.
pub fn raw(header: &Value, claims: &Value, signature: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}
