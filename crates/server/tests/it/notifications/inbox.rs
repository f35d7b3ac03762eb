//! What a person does with their inbox: seen, read, put away, hidden until later, acknowledged; lists and counts.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people};

struct Desk {
    app: TestApp,
    org: Uuid,
    admin: String,
    pat: Uuid,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let org = people::organization(&app.db, "school").await;
        let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
        let pat = people::person(&app.db, org, "parent", "Pat").await;
        Self { app, org, admin, pat }
    }

    async fn send(&self, mut body: Value) -> String {
        body["content"] = json!("");
        body["audience"] = json!({"roles": ["parent"]});
        let sent = self.app.post("/v1/notifications", &self.admin, body).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        sent.body["id"].as_str().unwrap().to_owned()
    }

    fn token(&self) -> String {
        self.app.token(self.org, self.pat)
    }

    async fn titles(&self, query: &str) -> Vec<String> {
        let page = self.app.get(&format!("/v1/inbox?{query}"), &self.token()).await;
        assert_eq!(page.status, 200, "{page:?}");
        let items = page.body["items"].as_array().unwrap();
        let mut titles: Vec<_> = items
            .iter()
            .map(|item| item["title"].as_str().unwrap().to_owned())
            .collect();
        titles.sort();
        titles
    }

    async fn counts(&self) -> Value {
        self.app.get("/v1/inbox/counts", &self.token()).await.body
    }
}

#[tokio::test]
async fn a_message_can_be_hidden_until_later_and_comes_back() {
    let desk = Desk::open().await;
    let id = desk.send(json!({"title": "A"})).await;
    desk.send(json!({"title": "B"})).await;
    desk.app.drain().await;
    let patch = async |body: Value| {
        let path = format!("/v1/inbox/{id}");
        desk.app
            .ask(Method::PATCH, &path, Some(&desk.token()), Some(body))
            .await
    };
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let hidden = patch(json!({"snoozed_until": tomorrow})).await;
    assert_eq!(hidden.status, 200, "{hidden:?}");
    assert_eq!(desk.titles("").await, ["B"]);
    assert_eq!(desk.titles("limit=1").await, ["B"]);
    assert_eq!(desk.titles("snoozed=true").await, ["A"]);
    assert_eq!(
        desk.counts().await,
        json!({"unread": 1, "total": 1, "unseen": 1, "snoozed": 1, "unacknowledged": 0})
    );
    // Its time comes.
    desk.app
        .db
        .run("update frontdesk.notification_recipients set snoozed_until = now() - interval '1 second' where snoozed_until is not null")
        .await;
    assert_eq!(desk.titles("").await, ["A", "B"]);
    assert_eq!(desk.counts().await["unread"], 2);
    // Or it is called back.
    assert_eq!(patch(json!({"snoozed_until": tomorrow})).await.status, 200);
    assert_eq!(
        patch(json!({"snoozed_until": null})).await.body["snoozed_until"],
        Value::Null
    );
    assert_eq!(desk.titles("").await, ["A", "B"]);

    for (body, fields) in [
        (json!({}), vec!["status"]),
        (json!({"snoozed_until": "2001-01-01T00:00:00Z"}), vec!["snoozed_until"]),
        (json!({"snoozed_until": "soon"}), vec!["snoozed_until"]),
        (json!({"status": "eaten"}), vec!["status"]),
        (json!({"seen": true}), vec!["seen"]),
    ] {
        let answer = patch(body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.fields()), (422, fields), "{body}");
    }
}

#[tokio::test]
async fn lists_narrow_to_tier_and_kind_and_many_are_marked_at_once() {
    let desk = Desk::open().await;
    let fee = desk.send(json!({"title": "fee", "type": "fees.due"})).await;
    let bus = desk.send(json!({"title": "bus", "category": "reminder"})).await;
    desk.send(json!({"title": "news"})).await;
    desk.app.drain().await;
    assert_eq!(desk.titles("type=fees.due").await, ["fee"]);
    assert_eq!(desk.titles("category=reminder").await, ["bus"]);
    assert_eq!(
        desk.titles("category=announcement&status=unread").await,
        ["fee", "news"]
    );
    let wrong = desk.app.get("/v1/inbox?category=party", &desk.token()).await;
    assert_eq!((wrong.status.as_u16(), wrong.fields()), (422, vec!["category"]));

    let post = async |path: &str, body: Value| desk.app.post(path, &desk.token(), body).await.body;
    assert_eq!(
        post("/v1/inbox/seen", json!({"notification_ids": [fee]})).await,
        json!({"updated": 1})
    );
    assert_eq!(desk.counts().await["unseen"], 2);
    assert_eq!(post("/v1/inbox/seen", json!({})).await, json!({"updated": 2}));
    assert_eq!(desk.counts().await["unseen"], 0);
    assert_eq!(desk.counts().await["unread"], 3, "noticed is not read");
    assert_eq!(
        post(
            "/v1/inbox/mark",
            json!({"status": "read", "notification_ids": [fee, bus]})
        )
        .await,
        json!({"updated": 2})
    );
    assert_eq!(
        post("/v1/inbox/mark", json!({"status": "archived"})).await,
        json!({"updated": 3})
    );
    assert_eq!(desk.counts().await["total"], 0);
    assert_eq!(desk.titles("status=archived").await, ["bus", "fee", "news"]);
    let none = desk
        .app
        .post(
            "/v1/inbox/mark",
            &desk.token(),
            json!({"status": "read", "notification_ids": []}),
        )
        .await;
    assert_eq!((none.status.as_u16(), none.fields()), (422, vec!["notification_ids"]));
}

#[tokio::test]
async fn an_acknowledgement_counts_once_and_the_sender_sees_whose_it_is() {
    let desk = Desk::open().await;
    let other = people::person(&desk.app.db, desk.org, "parent", "Oli").await;
    let teacher = people::person(&desk.app.db, desk.org, "teacher", "Tom").await;
    let id = desk.send(json!({"title": "Fire", "category": "emergency"})).await;
    desk.app.drain().await;
    assert_eq!(desk.counts().await["unacknowledged"], 1);
    assert_eq!(desk.titles("unacknowledged=true").await, ["Fire"]);

    let path = format!("/v1/inbox/{id}/acknowledge");
    let ack = async |who: Uuid| {
        let token = desk.app.token(desk.org, who);
        desk.app.ask(Method::POST, &path, Some(&token), None).await
    };
    let (one, two) = tokio::join!(ack(desk.pat), ack(desk.pat));
    assert_eq!(
        (one.status.as_u16(), &one.body),
        (200, &two.body),
        "the first time counts"
    );
    assert_eq!(ack(teacher).await.status, 404, "it was not for them");
    assert_eq!(
        desk.counts().await,
        json!({"unread": 0, "total": 1, "unseen": 0, "snoozed": 0, "unacknowledged": 0})
    );

    let got = desk.app.get(&format!("/v1/notifications/{id}"), &desk.admin).await.body;
    assert_eq!(got["acknowledgement"], true);
    assert_eq!(got["recipients"]["acknowledged"], 1);
    let who = async |acknowledged: bool| {
        let path = format!("/v1/notifications/{id}/recipients?acknowledged={acknowledged}");
        let page = desk.app.get(&path, &desk.admin).await.body;
        let items = page["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["recipient_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(who(true).await, [desk.pat.to_string()]);
    assert_eq!(who(false).await, [other.to_string()]);
}
