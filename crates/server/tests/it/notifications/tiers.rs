//! The tiers: what goes at once, what follows for whom, escalation until acknowledged, and an organization's own rules.

use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people, wait::eventually};

struct Desk {
    app: TestApp,
    clock: Clock,
    org: Uuid,
    ada: Uuid,
    pat: Uuid,
    oli: Uuid,
}

impl Desk {
    /// An admin and two parents, and a clock that stands still.
    async fn open() -> Self {
        let clock = Clock::fixed(Timestamp::now());
        let app = TestApp::start_with(clock.clone(), |settings| settings.delivery.expand_chunk = 1).await;
        let org = people::organization(&app.db, "school").await;
        Self {
            ada: people::person(&app.db, org, "admin", "Ada").await,
            pat: people::person(&app.db, org, "parent", "Pat").await,
            oli: people::person(&app.db, org, "parent", "Oli").await,
            app,
            clock,
            org,
        }
    }

    fn admin(&self) -> String {
        self.app.token(self.org, self.ada)
    }

    async fn send(&self, extra: Value) -> Value {
        let mut body = json!({"title": "T", "content": "", "audience": {"roles": ["parent"]}});
        for (name, value) in extra.as_object().unwrap() {
            body[name] = value.clone();
        }
        let sent = self.app.post("/v1/notifications", &self.admin(), body).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        self.app.drain().await;
        sent.body
    }

    async fn get(&self, sent: &Value) -> Value {
        let path = format!("/v1/notifications/{}", sent["id"].as_str().unwrap());
        self.app.get(&path, &self.admin()).await.body
    }

    async fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
        self.app.drain().await;
    }

    async fn read(&self, who: Uuid, sent: &Value) {
        let path = format!("/v1/inbox/{}", sent["id"].as_str().unwrap());
        let token = self.app.token(self.org, who);
        let answer = self
            .app
            .ask(Method::PATCH, &path, Some(&token), Some(json!({"status": "read"})))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn acknowledge(&self, who: Uuid, sent: &Value) {
        let path = format!("/v1/inbox/{}/acknowledge", sent["id"].as_str().unwrap());
        let token = self.app.token(self.org, who);
        assert_eq!(self.app.ask(Method::POST, &path, Some(&token), None).await.status, 200);
    }

    async fn mailed(&self) -> Vec<String> {
        let mut to: Vec<String> = self.app.mails().await.into_iter().map(|mail| mail.to).collect();
        to.sort();
        to
    }

    /// Titles in the admin's inbox.
    async fn told(&self) -> Vec<(String, Value)> {
        let page = self.app.get("/v1/inbox", &self.admin()).await.body;
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| (item["title"].as_str().unwrap().to_owned(), item["data"].clone()))
            .collect()
    }
}

#[tokio::test]
async fn an_announcement_is_mailed_later_to_those_who_have_not_read_it() {
    let desk = Desk::open().await;
    let sent = desk.send(json!({})).await;
    let got = desk.get(&sent).await;
    assert_eq!(got["channels"], json!(["in_app", "websocket"]));
    assert_eq!(got["state"], "done");
    assert!(got["next_step_at"].is_string());
    desk.read(desk.pat, &sent).await;
    desk.wait(3_500).await;
    assert_eq!(desk.mailed().await, Vec::<String>::new(), "not yet");
    desk.wait(100).await;
    let mails = desk.mailed().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("oli.parent"), "{mails:?}");
    let got = desk.get(&sent).await;
    assert_eq!((&got["state"], &got["next_step_at"]), (&json!("done"), &Value::Null));
    assert_eq!(got["totals"]["email"]["sent"], 1);
    let path = format!("/v1/notifications/{}/history", sent["id"].as_str().unwrap());
    let history = desk.app.get(&path, &desk.admin()).await.body;
    let events: Vec<&str> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["created", "expanding", "sending", "done", "sending", "done"]);
    desk.wait(10_000).await;
    assert_eq!(desk.mailed().await.len(), 1, "once");
}

#[tokio::test]
async fn channels_that_the_sender_names_are_all_there_is_but_for_an_emergency() {
    let desk = Desk::open().await;
    let news = desk.send(json!({"channels": ["in_app"]})).await;
    assert_eq!(desk.get(&news).await["steps"], json!([]));
    let reminder = desk.send(json!({"category": "reminder"})).await;
    let system = desk.send(json!({"category": "system"})).await;
    for quiet in [&reminder, &system] {
        let got = desk.get(quiet).await;
        assert_eq!((&got["channels"], &got["steps"]), (&json!(["in_app"]), &json!([])));
    }
    desk.wait(100_000).await;
    assert_eq!(desk.mailed().await, Vec::<String>::new());

    let fire = desk
        .send(json!({"category": "emergency", "channels": ["in_app"]}))
        .await;
    assert_eq!(fire["priority"], "emergency");
    assert_eq!(fire["acknowledgement"], true);
    desk.acknowledge(desk.pat, &fire).await;
    desk.read(desk.oli, &fire).await;
    desk.wait(359).await;
    assert_eq!(desk.mailed().await.len(), 0);
    desk.wait(1).await;
    let mails = desk.mailed().await;
    assert_eq!(mails.len(), 1, "reading is not acknowledging: {mails:?}");
    assert!(mails[0].contains("oli.parent"), "{mails:?}");
}

#[tokio::test]
async fn an_emergency_goes_everywhere_at_once_and_escalates_until_everybody_has_acknowledged() {
    let desk = Desk::open().await;
    let fire = desk.send(json!({"category": "emergency", "title": "Gas leak"})).await;
    assert_eq!(
        fire["channels"],
        json!(["in_app", "websocket", "email"]),
        "all that this server has"
    );
    assert_eq!(desk.mailed().await.len(), 2);
    desk.acknowledge(desk.pat, &fire).await;
    desk.wait(899).await;
    assert_eq!(desk.told().await.len(), 0);
    desk.wait(1).await;
    let told = desk.told().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "No answer yet: Gas leak");
    assert_eq!(told[0].1, json!({"unacknowledged": 1, "total": 2}));
    let got = desk.get(&fire).await;
    assert_eq!(got["next_step_at"], Value::Null);
    let events: i64 = desk
        .app
        .db
        .value("select count(*) from frontdesk.notification_history where event = 'escalated'")
        .await;
    assert_eq!(events, 1);
    desk.wait(100_000).await;
    assert_eq!(desk.told().await.len(), 1, "the escalation does not escalate");

    // Everybody has acknowledged: nobody is told.
    let drill = desk.send(json!({"category": "emergency", "title": "Drill"})).await;
    desk.acknowledge(desk.pat, &drill).await;
    desk.acknowledge(desk.oli, &drill).await;
    desk.wait(1_000).await;
    assert_eq!(desk.told().await.len(), 1);
}

#[tokio::test]
async fn what_is_cancelled_or_expired_does_not_escalate() {
    let desk = Desk::open().await;
    let cancelled = desk.send(json!({"category": "emergency"})).await;
    let path = format!("/v1/notifications/{}/cancel", cancelled["id"].as_str().unwrap());
    let answer = desk.app.ask(Method::POST, &path, Some(&desk.admin()), None).await;
    assert_eq!(answer.status, 200, "a step was still to come: {answer:?}");
    desk.send(json!({"category": "emergency", "expires_at": desk.clock.now() + SignedDuration::from_mins(10)}))
        .await;
    desk.wait(100_000).await;
    assert_eq!(desk.told().await.len(), 0);
}

#[tokio::test]
async fn an_organizations_own_rules_count_there_and_nowhere_else() {
    let desk = Desk::open().await;
    let there = people::organization(&desk.app.db, "there").await;
    let eve = desk
        .app
        .token(there, people::person(&desk.app.db, there, "admin", "Eve").await);
    let put = async |category: &str, body: Value, token: &str| {
        let path = format!("/v1/policies/{category}");
        desk.app.ask(Method::PUT, &path, Some(token), Some(body)).await
    };
    let body = json!({"channels": ["in_app"], "steps": [{"after": 60, "if": "unread", "channels": ["email"]},
        {"after": 120, "if": "unread", "to": {"people": [desk.ada]}}]});
    let answer = put("announcement", body, &desk.admin()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body["policy"]["preferences"], true,
        "what is left out stays as it ships"
    );

    let sent = desk.send(json!({})).await;
    assert_eq!(sent["channels"], json!(["in_app"]));
    desk.read(desk.pat, &sent).await;
    desk.wait(60).await;
    assert_eq!(desk.mailed().await.len(), 1);
    desk.wait(60).await;
    assert_eq!(desk.told().await.len(), 1);

    let theirs = desk.app.get("/v1/policies", &eve).await.body;
    let of = |list: &Value, category: &str| {
        let items = list["items"].as_array().unwrap();
        items.iter().find(|item| item["category"] == category).unwrap().clone()
    };
    assert_eq!(of(&theirs, "announcement")["changes"], Value::Null);
    assert_eq!(of(&theirs, "announcement")["policy"]["steps"][0]["after"], 3600);

    for (category, body, fields) in [
        ("emergency", json!({"preferences": true}), vec!["preferences"]),
        (
            "announcement",
            json!({"steps": [{"after": 0, "channels": ["email"]}]}),
            vec!["steps[0].after"],
        ),
        (
            "announcement",
            json!({"steps": [{"after": 9}]}),
            vec!["steps[0].channels"],
        ),
        (
            "announcement",
            json!({"steps": [{"after": 9, "to": {"people": [platform::ids::new_id()]}}]}),
            vec!["steps[0].to.people[0]"],
        ),
        ("announcement", json!({"channels": ["pigeon"]}), vec!["channels[0]"]),
        ("announcement", json!({"mute": true}), vec!["mute"]),
    ] {
        let answer = put(category, body.clone(), &desk.admin()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, fields),
            "{body}: {answer:?}"
        );
    }
    assert_eq!(put("party", json!({}), &desk.admin()).await.status, 404);
    let sam = people::person(&desk.app.db, desk.org, "staff", "Sam").await;
    let staff = desk.app.token(desk.org, sam);
    assert_eq!(put("system", json!({}), &staff).await.status, 403);
    let path = "/v1/policies/announcement";
    let admin = desk.admin();
    assert_eq!(desk.app.ask(Method::DELETE, path, Some(&admin), None).await.status, 204);
    let ours = desk.app.get("/v1/policies", &admin).await.body;
    assert_eq!(of(&ours, "announcement")["changes"], Value::Null);
}

#[tokio::test]
async fn a_crash_in_the_middle_of_a_step_repeats_nothing_and_forgets_nobody() {
    let desk = Desk::open().await;
    let crowd = people::crowd(&desk.app.db, desk.org, "teacher", 20).await;
    let sent = desk.send(json!({"audience": {"roles": ["teacher"]}})).await;
    desk.clock.advance(SignedDuration::from_secs(3_600));
    // Several workers at once, and one that falls in between: a transaction that is never committed.
    for _ in 0..5 {
        let work = || frontdesk::notifications::jobs::expand_step(&desk.app.app);
        let (one, two) = tokio::join!(work(), work());
        assert!(one.is_ok() && two.is_ok());
        drop(tokio::time::timeout(std::time::Duration::from_millis(1), work()).await);
    }
    // What fell rolls back when the server hears of it; until then its message is locked and passed over.
    eventually("everybody has their mail", async || {
        desk.app.drain().await;
        (desk.mailed().await.len() == crowd.len()).then_some(())
    })
    .await;
    let got = desk.get(&sent).await;
    assert_eq!(got["totals"]["email"]["sent"], 20, "{got}");
    assert_eq!(desk.mailed().await.len(), crowd.len());
}
