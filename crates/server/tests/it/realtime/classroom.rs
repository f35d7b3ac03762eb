//! A server whose jobs run, one admin who sends, and two parents.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people, wait::eventually};

pub struct Classroom {
    pub app: TestApp,
    pub org: Uuid,
    pub admin: String,
    pub parents: [Uuid; 2],
}

impl Classroom {
    pub async fn open() -> Self {
        let app = TestApp::start_with(platform::clock::Clock::system(), |settings| {
            settings.delivery.poll_interval = 100;
        })
        .await
        .with_jobs();
        let org = people::organization(&app.db, "school").await;
        let admin = people::person(&app.db, org, "admin", "Ada").await;
        let parents = [
            people::person(&app.db, org, "parent", "Pia").await,
            people::person(&app.db, org, "parent", "Pablo").await,
        ];
        Self {
            admin: app.token(org, admin),
            app,
            org,
            parents,
        }
    }

    /// The token of one of the two parents.
    pub fn parent(&self, which: usize) -> String {
        self.app.token(self.org, self.parents[which])
    }

    /// Sends a message to people, in the app and by WebSocket; its id.
    pub async fn send(&self, title: &str, audience: Value) -> String {
        let body = json!({"title": title, "content": "…", "audience": audience, "channels": ["in_app", "websocket"]});
        let answer = self.app.post("/v1/notifications", &self.admin, body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.body["id"].as_str().expect("an id").to_owned()
    }

    /// Sends a message to one of the two parents.
    pub async fn send_to(&self, which: usize, title: &str) -> String {
        self.send(title, json!({"people": [self.parents[which]]})).await
    }

    /// Waits until the message has been expanded.
    pub async fn until_expanded(&self, notification: &str) {
        let path = format!("/v1/notifications/{notification}");
        eventually("it is expanded", async || {
            let body = self.app.get(&path, &self.admin).await.body;
            (body["state"] == "done").then_some(())
        })
        .await;
    }

    /// The states of a message's websocket rows, sorted.
    pub async fn states(&self, notification: &str) -> Vec<String> {
        let path = format!("/v1/notifications/{notification}/deliveries?channel=websocket");
        let body = self.app.get(&path, &self.admin).await.body;
        let items = body["items"].as_array().expect("items").iter();
        let mut states: Vec<_> = items
            .map(|item| item["status"].as_str().expect("a status").to_owned())
            .collect();
        states.sort();
        states
    }

    /// Waits until a message's websocket rows are in these states.
    pub async fn until_states(&self, notification: &str, expected: &[&str]) {
        eventually(&format!("{expected:?}"), async || {
            (self.states(notification).await == expected).then_some(())
        })
        .await;
    }
}
