//! Templates: kept in versions, rendered in everybody's language when a message is written, and harmless whatever they say.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

struct Desk {
    app: TestApp,
    org: Uuid,
    admin: String,
}

impl Desk {
    async fn open() -> Self {
        let app = TestApp::start().await;
        let org = people::organization(&app.db, "school").await;
        let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
        Self { app, org, admin }
    }

    async fn put(&self, key: &str, contents: Value) -> Answer {
        let path = format!("/v1/templates/{key}");
        let body = json!({"contents": contents});
        self.app.ask(Method::PUT, &path, Some(&self.admin), Some(body)).await
    }

    async fn send(&self, template: Value) -> Answer {
        let body = json!({"template": template, "audience": {"roles": ["parent"]}, "channels": ["in_app", "email"]});
        self.app.post("/v1/notifications", &self.admin, body).await
    }

    async fn parent(&self, name: &str, locale: Option<&str>) -> Uuid {
        let id = people::person(&self.app.db, self.org, "parent", name).await;
        if let Some(locale) = locale {
            self.app
                .db
                .run(&format!(
                    "update frontdesk.profiles set locale = '{locale}' where id = '{id}'"
                ))
                .await;
        }
        id
    }

    async fn title(&self, who: Uuid) -> String {
        let inbox = self.app.get("/v1/inbox", &self.app.token(self.org, who)).await.body;
        inbox["items"][0]["title"].as_str().unwrap().to_owned()
    }
}

fn bus() -> Value {
    json!({
        "en": {"in_app": {"title": "{{ child }}'s bus is late", "content": "About {{ minutes }} minutes."},
               "email": {"subject": "Bus: {{ child }}", "text": "Late: {{ minutes }}",
                 "mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>{{ child }}</mj-text></mj-column></mj-section></mj-body></mjml>"}},
        "de": {"in_app": {"title": "{{ child }}s Bus ist spät", "content": "Etwa {{ minutes }} Minuten."}},
    })
}

#[tokio::test]
async fn everybody_reads_it_in_their_own_language_on_each_channel() {
    let desk = Desk::open().await;
    let english = desk.parent("Pat", None).await;
    let swiss = desk.parent("Urs", Some("de-CH")).await;
    let french = desk.parent("Luc", Some("fr")).await;
    assert_eq!(desk.put("bus.late", bus()).await.status, 200);
    let sent = desk
        .send(json!({"key": "bus.late", "data": {"child": "<Zoë>", "minutes": 10}}))
        .await;
    assert_eq!(sent.status, 202, "{sent:?}");
    assert_eq!(sent.body["title"], "<Zoë>'s bus is late");
    assert_eq!(sent.body["template"]["version"], 1);
    desk.app.drain().await;
    assert_eq!(desk.title(english).await, "<Zoë>'s bus is late");
    assert_eq!(desk.title(swiss).await, "<Zoë>s Bus ist spät");
    assert_eq!(
        desk.title(french).await,
        "<Zoë>'s bus is late",
        "the organization's language"
    );

    let mails = desk.app.mails().await;
    let subject = |of: &str| mails.iter().find(|mail| mail.to.contains(of)).unwrap().subject.clone();
    assert_eq!(subject("pat."), "Bus: <Zoë>");
    assert_eq!(
        subject("urs."),
        "<Zoë>s Bus ist spät",
        "no text for mail: what the inbox says"
    );
    let html: Value = desk
        .app
        .db
        .value("select contents #> '{en,email,html}' from frontdesk.notifications")
        .await;
    assert!(html.as_str().unwrap().contains("&lt;Zoë&gt;"), "{html}");
}

#[tokio::test]
async fn a_missing_variable_is_an_error_of_the_request_and_nothing_is_written() {
    let desk = Desk::open().await;
    desk.parent("Pat", None).await;
    desk.put("bus.late", bus()).await;
    for (template, fields) in [
        (
            json!({"key": "bus.late", "data": {}}),
            vec!["template.data.child", "template.data.minutes"],
        ),
        (
            json!({"key": "bus.late", "data": {"child": "Zoë"}}),
            vec!["template.data.minutes"],
        ),
        (json!({"key": "bus.lost", "data": {}}), vec!["template.key"]),
        (json!({"key": "No!", "data": {}}), vec!["template.key"]),
        (
            json!({"key": "bus.late", "version": 7, "data": {}}),
            vec!["template.version"],
        ),
        (json!({"key": "bus.late", "data": [1]}), vec!["template.data"]),
        (
            json!({"key": "bus.late", "data": {}, "colour": 1}),
            vec!["template.colour"],
        ),
        (
            json!({"key": "bus.late", "data": {"child": "x".repeat(20_000)}}),
            vec!["template.data"],
        ),
        // A value with line breaks would be a header of its own in the subject.
        (
            json!({"key": "bus.late", "data": {"child": "a\r\nBcc: x@y", "minutes": 1}}),
            vec!["template"; 3],
        ),
    ] {
        let answer = desk.send(template.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.fields()),
            (422, fields),
            "{template}: {answer:?}"
        );
    }
    let both =
        json!({"template": {"key": "bus.late", "data": {}}, "title": "T", "content": "", "audience": {"all": true}});
    let answer = desk.app.post("/v1/notifications", &desk.admin, both).await;
    assert_eq!(
        (answer.status.as_u16(), answer.fields()),
        (422, vec!["title", "content"])
    );
    let rows: i64 = desk.app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn versions_stay_and_what_ships_comes_back_when_ones_own_is_deleted() {
    let desk = Desk::open().await;
    let pat = desk.parent("Pat", None).await;
    let text = |title: &str| json!({"en": {"in_app": {"title": title, "content": ""}}});
    let get = async |path: &str| desk.app.get(&format!("/v1/templates/{path}"), &desk.admin).await;
    let shipped = get("emergency").await.body;
    assert_eq!((&shipped["built_in"], &shipped["version"]), (&json!(true), &json!(0)));
    assert_eq!(shipped["variables"], json!(["instructions", "what"]));

    assert_eq!(desk.put("emergency", text("One")).await.body["version"], 1);
    assert_eq!(desk.put("emergency", text("Two")).await.body["version"], 2);
    let old = desk.send(json!({"key": "emergency", "version": 1, "data": {}})).await;
    assert_eq!(old.body["title"], "One");
    let new = desk.send(json!({"key": "emergency", "data": {}})).await;
    assert_eq!(new.body["title"], "Two");
    assert_eq!(
        get("emergency?version=1").await.body["contents"]["en"]["in_app"]["title"],
        "One"
    );
    assert_eq!(get("emergency?version=0").await.body["built_in"], true);
    assert_eq!(get("emergency?version=9").await.status, 404);

    let path = "/v1/templates/emergency";
    assert_eq!(
        desk.app.ask(Method::DELETE, path, Some(&desk.admin), None).await.status,
        204
    );
    assert_eq!(
        desk.app.ask(Method::DELETE, path, Some(&desk.admin), None).await.status,
        404
    );
    assert_eq!(get("emergency").await.body["built_in"], true);
    desk.app.drain().await;
    assert_eq!(desk.title(pat).await, "Two", "what was sent stays as it was");

    let (one, two) = tokio::join!(desk.put("race", text("A")), desk.put("race", text("B")));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [200, 200] || statuses == [200, 409], "{statuses:?}");
}

#[tokio::test]
async fn templates_that_are_broken_or_could_do_harm_are_refused_at_their_text() {
    let desk = Desk::open().await;
    let refused = async |contents: Value| {
        let answer = desk.put("x", contents.clone()).await;
        assert_eq!(answer.status, 422, "{contents}: {answer:?}");
        answer.fields().into_iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    for bad in [
        "{{ a",
        "{% for x in y %}",
        "{% include '/etc/passwd' %}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "{% set x = 'a' %}",
        "{% for x in y recursive %}{{ loop(x) }}{% endfor %}",
        "{{ 'x' * 100000000 }}",
        "{{ x|nosuch }}",
    ] {
        let fields = refused(json!({"en": {"in_app": {"title": bad, "content": ""}}})).await;
        assert_eq!(fields, ["contents.en.in_app.title"], "{bad}");
    }
    let mjml = |mjml: &str| json!({"en": {"in_app": {"title": "T", "content": ""}, "email": {"subject": "S", "text": "", "mjml": mjml}}});
    let include = "<mjml><mj-body><mj-include path=\"/etc/passwd\" /></mj-body></mjml>";
    assert_eq!(refused(mjml(include)).await, ["contents.en.email.mjml"]);
    assert_eq!(
        refused(mjml(&"<mj-section>".repeat(1_000))).await,
        ["contents.en.email.mjml"]
    );
    assert_eq!(refused(json!({})).await, ["contents"]);
    assert_eq!(
        refused(json!({"english": {"in_app": {"title": "T", "content": ""}}})).await,
        ["contents.english"]
    );
    assert_eq!(
        refused(json!({"en": {"in_app": {"title": "T", "content": ""}, "fax": {}}})).await,
        ["contents.en.fax"]
    );
    let named = desk
        .put("No!", json!({"en": {"in_app": {"title": "T", "content": ""}}}))
        .await;
    assert_eq!((named.status.as_u16(), named.fields()), (422, vec!["key"]));

    // Sound as a template, and without an end with the data that it gets.
    let loops = "{% for a in l %}{% for b in l %}{% for c in l %}{{ c }}{% endfor %}{% endfor %}{% endfor %}";
    assert_eq!(
        desk.put("loops", json!({"en": {"in_app": {"title": "T", "content": loops}}}))
            .await
            .status,
        200
    );
    desk.parent("Pat", None).await;
    let list: Vec<i32> = (0..500).collect();
    let answer = desk.send(json!({"key": "loops", "data": {"l": list}})).await;
    assert_eq!(
        (answer.status.as_u16(), answer.fields()),
        (422, vec!["template"]),
        "{answer:?}"
    );
    assert!(
        answer.body["detail"].as_str().unwrap().contains("too many steps"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_preview_shows_what_it_comes_to_kept_or_not() {
    let desk = Desk::open().await;
    desk.put("bus.late", bus()).await;
    let preview = async |key: &str, body: Value| {
        let path = format!("/v1/templates/{key}/preview");
        desk.app.post(&path, &desk.admin, body).await
    };
    let data = json!({"child": "Bo", "minutes": 3});
    let all = preview("bus.late", json!({"data": data})).await;
    assert_eq!(all.status, 200, "{all:?}");
    assert_eq!(all.body["contents"]["de"]["in_app"]["title"], "Bos Bus ist spät");
    let one = preview("bus.late", json!({"data": data, "locale": "en"})).await;
    assert_eq!(one.body["contents"].as_object().unwrap().len(), 1);
    assert_eq!(one.body["contents"]["en"]["email"]["subject"], "Bus: Bo");
    let unsaved = json!({"data": {}, "contents": {"en": {"in_app": {"title": "New", "content": ""}}}});
    assert_eq!(
        preview("not.yet", unsaved).await.body["contents"]["en"]["in_app"]["title"],
        "New"
    );
    let missing = preview("bus.late", json!({"data": {"child": "Bo"}})).await;
    assert_eq!((missing.status.as_u16(), missing.fields()), (422, vec!["data.minutes"]));
    let locale = preview("bus.late", json!({"data": data, "locale": "fr"})).await;
    assert_eq!((locale.status.as_u16(), locale.fields()), (422, vec!["locale"]));
    assert_eq!(preview("nothing", json!({})).await.status, 404);
    let rows: i64 = desk.app.db.value("select count(*) from frontdesk.notifications").await;
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_draft_of_a_template_is_edited_with_other_data() {
    let desk = Desk::open().await;
    desk.parent("Pat", None).await;
    desk.put("bus.late", bus()).await;
    let body = json!({"template": {"key": "bus.late", "data": {"child": "Bo", "minutes": 3}}, "audience": {"all": true},
                      "draft": true});
    let draft = desk.app.post("/v1/notifications", &desk.admin, body).await.body;
    let path = format!("/v1/notifications/{}", draft["id"].as_str().unwrap());
    let edit = async |body: Value| desk.app.ask(Method::PATCH, &path, Some(&desk.admin), Some(body)).await;
    let moved = edit(json!({"severity": "warning"})).await;
    assert_eq!(
        (moved.status.as_u16(), &moved.body["title"]),
        (200, &json!("Bo's bus is late")),
        "{moved:?}"
    );
    let other = edit(json!({"template": {"key": "bus.late", "data": {"child": "Al", "minutes": 3}}})).await;
    assert_eq!(other.body["title"], "Al's bus is late");
    let missing = edit(json!({"template": {"key": "bus.late", "data": {}}})).await;
    assert_eq!(missing.fields(), ["template.data.child", "template.data.minutes"]);
    let written = edit(json!({"title": "By hand", "content": "", "template": null})).await;
    assert_eq!(
        (&written.body["title"], &written.body["template"]),
        (&json!("By hand"), &Value::Null),
        "{written:?}"
    );
}
