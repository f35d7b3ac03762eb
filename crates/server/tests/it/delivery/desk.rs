//! One organization with one admin, on a clock of its own, for tests of a single delivery.

use frontdesk::{app::App, settings::Settings};
use jiff::SignedDuration;
use platform::clock::Clock;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people};

pub struct Desk {
    pub app: TestApp,
    pub clock: Clock,
    pub org: Uuid,
    pub admin: Uuid,
}

impl Desk {
    pub async fn open(change: impl FnOnce(&mut Settings), route: impl FnOnce(App) -> App) -> Self {
        let clock = Clock::fixed(Clock::system().now());
        let app = TestApp::start_on(clock.clone(), change, route).await;
        let org = people::organization(&app.db, "ash").await;
        let admin = people::person(&app.db, org, "admin", "Ada").await;
        let client = app.db.superuser().await;
        client
            .execute("update frontdesk.profiles set phone = '+14155552671'", &[])
            .await
            .unwrap();
        Self { app, clock, org, admin }
    }

    /// A token of this moment.
    pub fn token(&self) -> String {
        self.app.token(self.org, self.admin)
    }

    /// Sends a message to the admin; its id.
    pub async fn send_on(&self, channel: &str) -> String {
        self.send(json!({"title": "Snow", "content": "School is closed.", "channels": [channel]}))
            .await
    }

    pub async fn send(&self, mut body: Value) -> String {
        body["audience"] = json!({"people": [self.admin]});
        let answer = self.app.post("/v1/notifications", &self.token(), body).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// The delivery of a message on one channel.
    pub async fn delivery(&self, id: &str) -> Value {
        let path = format!("/v1/notifications/{id}/deliveries");
        self.app.get(&path, &self.token()).await.body["items"][0].clone()
    }

    /// Its state and why.
    pub async fn state(&self, id: &str) -> String {
        let delivery = self.delivery(id).await;
        let word = |name: &str| delivery[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}", word("status"), word("reason"))
    }

    pub async fn timeline(&self, id: &str) -> Vec<Value> {
        let path = format!("/v1/notifications/{id}/recipients/{}/timeline", self.admin);
        let answer = self.app.get(&path, &self.token()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body["items"].as_array().unwrap().clone()
    }

    /// Lets time pass in steps until nothing is pending, at most a day.
    pub async fn wait_out(&self) {
        for _ in 0..200 {
            self.app.drain().await;
            let left: i64 = self.app.db.value("select count(*) from frontdesk.delivery_queue").await;
            if left == 0 {
                return;
            }
            self.clock.advance(SignedDuration::from_mins(8));
        }
        panic!("something is still in the queue after a day");
    }
}

/// The timeline in words.
pub fn words(entries: &[Value]) -> Vec<String> {
    let word = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {} {}",
            text("kind"),
            text("status"),
            text("provider"),
            text("reason")
        )
    };
    entries.iter().map(word).collect()
}
