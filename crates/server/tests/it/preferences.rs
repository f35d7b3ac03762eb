//! Preferences: category × channel, quiet hours in one's own time zone, digests, defaults of the organization, and links that
//! unsubscribe. An emergency goes past all of it.

use frontdesk::preferences::{jobs::send_digests, unsubscribe_url};
use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

struct Desk {
    app: TestApp,
    clock: Clock,
    org: Uuid,
    ada: Uuid,
    pat: Uuid,
}

impl Desk {
    /// At half past ten in the evening in Zurich (winter), on a Monday.
    async fn open() -> Self {
        let clock = Clock::fixed("2026-11-23T21:30:00Z".parse::<Timestamp>().unwrap());
        let app = TestApp::start_with(clock.clone(), |_| {}).await;
        let org = people::organization(&app.db, "school").await;
        Self {
            ada: people::person(&app.db, org, "admin", "Ada").await,
            pat: people::person(&app.db, org, "parent", "Pat").await,
            app,
            clock,
            org,
        }
    }

    async fn change(&self, who: Uuid, path: &str, body: Value) -> Answer {
        let token = self.app.token(self.org, who);
        self.app.ask(Method::PATCH, path, Some(&token), Some(body)).await
    }

    async fn prefer(&self, body: Value) -> Value {
        let answer = self.change(self.pat, "/v1/preferences", body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    async fn send(&self, extra: Value) -> String {
        let mut body = json!({"title": "T", "content": "text", "audience": {"roles": ["parent"]}, "channels": ["in_app", "email"]});
        for (name, value) in extra.as_object().unwrap() {
            body[name] = value.clone();
        }
        let admin = self.app.token(self.org, self.ada);
        let sent = self.app.post("/v1/notifications", &admin, body).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        self.app.drain().await;
        sent.body["id"].as_str().unwrap().to_owned()
    }

    /// State and reason of Pat's mail of a message.
    async fn mail(&self, id: &str) -> (String, String) {
        let client = self.app.db.superuser().await;
        let sql = "select status, coalesce(reason, '') from frontdesk.notification_logs
                   where notification_id::text = $1 and channel = 'email' and recipient_id = $2";
        let row = client.query_one(sql, &[&id, &self.pat]).await.unwrap();
        (row.get(0), row.get(1))
    }

    async fn wait(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self.app.drain().await;
    }

    async fn inbox(&self) -> usize {
        let page = self
            .app
            .get("/v1/inbox", &self.app.token(self.org, self.pat))
            .await
            .body;
        page["items"].as_array().unwrap().len()
    }
}

fn is(status: &str, reason: &str) -> (String, String) {
    (status.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn what_is_muted_does_not_come_and_an_emergency_does() {
    let desk = Desk::open().await;
    let all = desk
        .prefer(json!({"categories": {"announcement": {"email": false}, "system": {"in_app": false, "email": false}}}))
        .await;
    assert_eq!(all["categories"]["announcement"]["email"], false);
    assert_eq!(all["categories"]["emergency"]["email"], true);
    assert_eq!(all["own"], json!(["categories"]));
    let news = desk.send(json!({})).await;
    assert_eq!(desk.mail(&news).await, is("skipped", "muted"));
    let reminder = desk.send(json!({"category": "reminder"})).await;
    assert_eq!(desk.mail(&reminder).await, is("sent", ""));
    assert_eq!(desk.inbox().await, 2);
    desk.send(json!({"category": "system"})).await;
    assert_eq!(desk.inbox().await, 2, "muted in the inbox too");
    let fire = desk.send(json!({"category": "emergency"})).await;
    assert_eq!(desk.mail(&fire).await, is("sent", ""));
    assert_eq!(desk.inbox().await, 3);

    // Written past the API as well: an emergency is not muted by whatever stands in the table.
    desk.app
        .db
        .run("update frontdesk.notification_preferences set muted = '{emergency.email,emergency.in_app}'")
        .await;
    let fire = desk.send(json!({"category": "emergency"})).await;
    assert_eq!(desk.mail(&fire).await, is("sent", ""));

    for (body, field) in [
        (
            json!({"categories": {"emergency": {"sms": false}}}),
            "categories.emergency",
        ),
        (json!({"categories": {"party": {}}}), "categories.party"),
        (
            json!({"categories": {"system": {"fax": true}}}),
            "categories.system.fax",
        ),
        (
            json!({"quiet_hours": {"from": "25:00", "to": "07:00"}}),
            "quiet_hours.from",
        ),
        (json!({"quiet_hours": {"from": "22:00"}}), "quiet_hours.to"),
        (json!({"timezone": "Mars/Base"}), "timezone"),
        (json!({"digest": "yearly"}), "digest"),
        (json!({"colour": "red"}), "colour"),
    ] {
        let answer = desk.change(desk.pat, "/v1/preferences", body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, vec![field]),
            "{body}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn quiet_hours_count_in_ones_own_time_zone_and_hold_what_rings() {
    let desk = Desk::open().await;
    desk.prefer(json!({"quiet_hours": {"from": "22:00", "to": "07:00"}, "timezone": "Europe/Zurich"}))
        .await;
    let news = desk.send(json!({})).await;
    assert_eq!(desk.inbox().await, 1, "the inbox rings nobody");
    assert_eq!(desk.mail(&news).await, is("pending", "quiet_hours"));
    let fire = desk.send(json!({"category": "emergency"})).await;
    assert_eq!(desk.mail(&fire).await, is("sent", ""));
    desk.wait(8 * 60 + 29).await;
    assert_eq!(desk.mail(&news).await.0, "pending", "06:59 in Zurich");
    desk.wait(2).await;
    assert_eq!(desk.mail(&news).await.0, "sent");

    // In New York it is the middle of the day.
    desk.prefer(json!({"timezone": "America/New_York"})).await;
    desk.wait(9 * 60).await;
    let noon = desk.send(json!({})).await;
    assert_eq!(desk.mail(&noon).await, is("sent", ""));
    // A time zone that is none (written past the API) counts as UTC and stops nobody's message.
    desk.app
        .db
        .run("update frontdesk.notification_preferences set timezone = 'Mars/Base'")
        .await;
    let odd = desk.send(json!({})).await;
    assert_eq!(desk.mail(&odd).await, is("sent", ""), "16:00 in UTC");
}

#[tokio::test]
async fn a_digest_is_one_mail_with_what_was_not_read_meanwhile() {
    let desk = Desk::open().await;
    desk.prefer(json!({"digest": "daily", "timezone": "Europe/Zurich"}))
        .await;
    let mut ids = Vec::new();
    for title in ["One", "Two", "Three", "Gone"] {
        ids.push(desk.send(json!({"title": title})).await);
    }
    assert_eq!(desk.mail(&ids[0]).await, is("pending", "digest"));
    assert_eq!(desk.app.mails().await.len(), 0);
    let path = format!("/v1/inbox/{}", ids[1]);
    assert_eq!(
        desk.change(desk.pat, &path, json!({"status": "read"})).await.status,
        200
    );
    let admin = desk.app.token(desk.org, desk.ada);
    let path = format!("/v1/notifications/{}", ids[0]);
    assert_eq!(desk.app.get(&path, &admin).await.body["state"], "done");

    desk.wait(9 * 60).await;
    assert_eq!(send_digests(&desk.app.app).await.unwrap(), 0, "07:30 in Zurich");
    desk.wait(31).await;
    // Two workers at the same moment: one mail.
    let (one, two) = tokio::join!(send_digests(&desk.app.app), send_digests(&desk.app.app));
    assert!(one.unwrap() + two.unwrap() <= 1);
    desk.app.drain().await;
    let mails = desk.app.mails().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].subject, "3 new messages from Org school");
    assert_eq!(desk.mail(&ids[0]).await, is("sent", "in_digest"));
    assert_eq!(desk.mail(&ids[1]).await, is("skipped", "already_read"));
    assert_eq!(desk.inbox().await, 4, "the digest itself is not in the inbox");
    desk.wait(24 * 60).await;
    assert_eq!(desk.app.mails().await.len(), 1, "nothing new, no mail");
    let admin = desk.app.token(desk.org, desk.ada);
    let list = desk.app.get("/v1/notifications", &admin).await.body;
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        4,
        "nor in the list of what was sent"
    );
}

#[tokio::test]
async fn the_organizations_defaults_hold_for_who_has_chosen_nothing() {
    let desk = Desk::open().await;
    let path = "/v1/preferences/defaults";
    let body = json!({"categories": {"announcement": {"email": false}}, "digest": "weekly"});
    assert_eq!(desk.change(desk.pat, path, body.clone()).await.status, 403);
    assert_eq!(desk.change(desk.ada, path, body).await.status, 200);
    let wrong = desk.change(desk.ada, path, json!({"timezone": "UTC"})).await;
    assert_eq!((wrong.status.as_u16(), wrong.fields()), (422, vec!["timezone"]));

    let mine = desk.prefer(json!({})).await;
    assert_eq!((&mine["digest"], &mine["own"]), (&json!("weekly"), &json!([])));
    let news = desk.send(json!({})).await;
    assert_eq!(desk.mail(&news).await, is("skipped", "muted"));
    desk.prefer(json!({"categories": {"announcement": {"email": true}}, "digest": "off"}))
        .await;
    let news = desk.send(json!({})).await;
    assert_eq!(desk.mail(&news).await, is("sent", ""));
    let back = desk.prefer(json!({"categories": null, "digest": null})).await;
    assert_eq!(back["own"], json!([]));
    assert_eq!(back["categories"]["announcement"]["email"], false);
}

#[tokio::test]
async fn one_click_unsubscribes_its_person_from_its_category_and_forged_links_do_nothing() {
    let desk = Desk::open().await;
    let token: String = desk
        .app
        .db
        .value(&format!(
            "select frontdesk.unsubscribe_token('{}', '{}', 'announcement')",
            desk.org, desk.pat
        ))
        .await;
    let url = unsubscribe_url(&desk.app.url, &token);
    let get = async |url: &str| desk.app.send(desk.app.client().get(url)).await;
    let post = async |url: &str| {
        let request = desk
            .app
            .client()
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded");
        desk.app.send(request.body("List-Unsubscribe=One-Click")).await
    };
    let shown = get(&url).await;
    assert_eq!(shown.status, 200);
    assert!(shown.body.as_str().unwrap().contains("Org school"), "{shown:?}");
    let news = desk.send(json!({})).await;
    assert_eq!(
        desk.mail(&news).await,
        is("sent", ""),
        "looking at the page unsubscribes nobody"
    );

    for forged in [
        "x".repeat(80),
        token[..token.len() - 2].to_owned(),
        format!("B{}", &token[1..]),
        format!("{}AA", token),
        token.replace('A', "B"),
        "..%2F..%2Fetc".to_owned(),
    ] {
        let answer = post(&format!("{}/v1/unsubscribe/{forged}", desk.app.url)).await;
        assert_eq!(answer.status, 404, "{forged}: {answer:?}");
    }
    let rows: i64 = desk
        .app
        .db
        .value("select count(*) from frontdesk.notification_preferences")
        .await;
    assert_eq!(rows, 0);

    for _ in 0..2 {
        assert_eq!(post(&url).await.status, 200);
    }
    let muted: Vec<String> = desk
        .app
        .db
        .value("select muted from frontdesk.notification_preferences")
        .await;
    assert_eq!(muted, ["announcement.email"]);
    let news = desk.send(json!({})).await;
    assert_eq!(desk.mail(&news).await, is("skipped", "muted"));
    let other = desk.send(json!({"category": "reminder"})).await;
    assert_eq!(desk.mail(&other).await, is("sent", ""));
    let none: Option<String> = desk
        .app
        .db
        .value(&format!(
            "select frontdesk.unsubscribe_token('{}', '{}', 'emergency')",
            desk.org, desk.pat
        ))
        .await;
    assert_eq!(none, None);
}
