//! Every operation of the OpenAPI document, asked by everybody who must not get through: without a token, with a bad one,
//! by somebody inactive, by the wrong role, by another organization. An operation without an entry in `operations/entries.rs`
//! fails.

mod entries;

use entries::{Entry, Foreign, OPERATIONS, Who};
use platform::auth::ServiceKey;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, app::Answer, people};

/// Two organizations with a message each, and everybody who asks.
struct World {
    app: TestApp,
    admin: String,
    parent: String,
    key: String,
    /// Signs in at the other organization.
    sue: String,
    /// Tokens that open nothing at all.
    refused: Vec<(&'static str, String)>,
    /// Those who would be allowed, were it their organization.
    foreign: Vec<(&'static str, String)>,
    /// What stands in the entries' paths and bodies, by name.
    ids: Vec<(&'static str, String)>,
    /// What nobody of the other organization may ever read.
    secrets: Vec<String>,
}

/// An operation as the document has it.
struct Operation {
    id: String,
    method: Method,
    path: String,
    open: bool,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&frontdesk::router::openapi().to_json().unwrap()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                open: operation["security"] == json!([{}]) || operation["security"] == json!([]),
            });
        }
    }
    operations
}

async fn key_of(app: &TestApp, org: Uuid) -> String {
    let key = ServiceKey::generate(org);
    app.db
        .superuser()
        .await
        .execute(
            "insert into frontdesk.service_keys (org_id, id, name, secret_hash) values ($1, $2, 'app', $3)",
            &[&org, &key.key_id, &key.secret_hash().as_slice()],
        )
        .await
        .unwrap();
    key.reveal()
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let db = &app.db;
        let ours = people::organization(db, "ours").await;
        let theirs = people::organization(db, "theirs").await;
        let ada = people::person(db, ours, "admin", "Ada Ours").await;
        let pat = people::person(db, ours, "parent", "Pat Ours").await;
        let ina = people::person(db, ours, "admin", "Ina Ours").await;
        let eve = people::person(db, theirs, "admin", "Eve").await;
        // The same person is a parent here and an admin there.
        db.run(&format!(
            "insert into frontdesk.profiles (org_id, id, role, name) values ('{theirs}', '{pat}', 'admin', 'Pat'); \
             update frontdesk.profiles set status = 'inactive' where id = '{ina}'"
        ))
        .await;
        for (table, name) in [
            ("schools", "School of Ours"),
            ("grades", "Grade of Ours"),
            ("classes", "Class of Ours"),
        ] {
            db.run(&format!(
                "insert into frontdesk.{table} (org_id, id, external_id, name) values ('{ours}', gen_random_uuid(), 'x', '{name}')"
            ))
            .await;
        }
        for key in ["of.ours", "of.ours.too"] {
            db.run(&format!(
                "insert into frontdesk.templates (org_id, key, version, contents) values \
                 ('{ours}', '{key}', 1, '{{\"en\": {{\"in_app\": {{\"title\": \"Title of Ours\", \"content\": \"\"}}}}}}')"
            ))
            .await;
        }
        let (admin, parent) = (app.token(ours, ada), app.token(ours, pat));
        let body = json!({"title": "Title of Ours", "content": "", "audience": {"all": true}});
        let sent = app.post("/v1/notifications", &admin, body).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        app.drain().await;
        // Two people of whom nothing but the session is used, because signing in ends the session before.
        let sam = people::person(db, ours, "parent", "Sam Ours").await;
        let sue = people::person(db, theirs, "admin", "Sue").await;
        let session = app.post("/v1/sessions", &app.token(ours, sam), json!({})).await.body;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut ids = vec![
            ("message", text(&sent.body["id"])),
            ("session", text(&session["id"])),
            ("person", ada.to_string()),
            ("nobody", Uuid::nil().to_string()),
        ];
        // Messages that may still be changed, sent off and called off.
        for name in ["draft-to-edit", "draft-to-send", "draft-to-cancel"] {
            let body = json!({"title": "Title of Ours", "content": "", "audience": {"all": true}, "draft": true});
            let draft = app.post("/v1/notifications", &admin, body).await.body;
            ids.push((name, text(&draft["id"])));
        }
        let mut secrets: Vec<String> = ids.iter().take(3).map(|(_, id)| id.clone()).collect();
        secrets.extend(["Ours".to_owned(), ours.to_string()]);
        let (key, their_key) = (key_of(&app, ours).await, key_of(&app, theirs).await);
        let mut altered = key.clone();
        altered.replace_range(40..50, "AAAAAAAAAA");
        Self {
            refused: vec![
                ("garbage", "garbage".into()),
                ("three parts of garbage", "a.b.c".into()),
                (
                    "a token with another signature",
                    format!("{}x", &admin[..admin.len() - 2]),
                ),
                ("a key cut short", "fdk_AAAA".into()),
                ("an altered key", altered),
                ("a session cut short", "fds_AAAA".into()),
                ("somebody inactive", app.token(ours, ina)),
                ("somebody unknown", app.token(ours, eve)),
            ],
            foreign: vec![
                ("the admin of another organization", app.token(theirs, eve)),
                (
                    "the same person as admin of another organization",
                    app.token(theirs, pat),
                ),
                ("another organization's key", their_key),
            ],
            admin,
            parent,
            key,
            sue: app.token(theirs, sue),
            ids,
            secrets,
            app,
        }
    }

    fn fill(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (name, id)| {
            text.replace(&format!("<{name}>"), id)
        })
    }

    async fn ask(&self, operation: &Operation, entry: &Entry, body: Option<&str>, token: Option<&str>) -> Answer {
        let path = self.fill(entry.path.unwrap_or(&operation.path));
        let body = body.map(|body| serde_json::from_str(&self.fill(body)).unwrap());
        self.app.ask(operation.method.clone(), &path, token, body).await
    }
}

/// Everything that is wrong with one operation, as sentences.
async fn check(world: &World, operation: &Operation, entry: &Entry) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |who: &str, expected: &[u16], answer: &Answer| {
        if !expected.contains(&answer.status.as_u16()) {
            wrong.push(format!(
                "{} by {who}: expected {expected:?}, was {answer:?}",
                operation.id
            ));
        }
    };
    if operation.open != matches!(entry.who, Who::Ticket | Who::Link) {
        let says = if operation.open { "is open" } else { "wants a token" };
        return vec![format!(
            "{}: the document says it {says}, its entry says {:?}",
            operation.id, entry.who
        )];
    }
    if let Who::Ticket | Who::Link = entry.who {
        let refused = if let Who::Link = entry.who { 404 } else { 401 };
        expect(
            "nobody",
            &[refused],
            &world.ask(operation, entry, entry.body, None).await,
        );
        expect(
            "an admin's token",
            &[refused],
            &world.ask(operation, entry, entry.body, Some(&world.admin)).await,
        );
        return wrong;
    }
    expect("nobody", &[401], &world.ask(operation, entry, entry.body, None).await);
    for (who, token) in &world.refused {
        // What no credential of its kind may ever do is refused before the database has looked whether it is a good one.
        let kind_is_refused = match entry.who {
            Who::Session => !who.contains("garbage") && !who.contains("signature") && !who.contains("short"),
            Who::Person => *who == "an altered key",
            _ => false,
        };
        let expected = if kind_is_refused { 403 } else { 401 };
        let answer = world.ask(operation, entry, entry.body, Some(token)).await;
        expect(who, &[expected], &answer);
    }
    let parent = world.ask(operation, entry, entry.body, Some(&world.parent)).await;
    match entry.who {
        Who::Staff | Who::Admin | Who::Session => expect("a parent", &[403], &parent),
        Who::Owner => expect("a parent", &[404], &parent),
        _ => expect("a parent", &[200, 201, 202, 204], &parent),
    }
    if matches!(entry.who, Who::Person | Who::Session) {
        expect(
            "a service key",
            &[403],
            &world.ask(operation, entry, entry.body, Some(&world.key)).await,
        );
    }
    let session = world.app.post("/v1/sessions", &world.sue, json!({})).await;
    let session = session.body["token"].as_str().unwrap().to_owned();
    let session = ("a session of another organization", session);
    for (who, token) in world.foreign.iter().chain([&session]) {
        let answer = world
            .ask(operation, entry, entry.foreign_body.or(entry.body), Some(token))
            .await;
        // A key is no person and a session cannot sign in: 403 comes first and says nothing.
        let allowed = match entry.foreign {
            Foreign::NotFound => &[404, 403][..],
            Foreign::Field(_) => &[422][..],
            Foreign::OwnThings => &[200, 201, 204, 403][..],
        };
        let may_be_refused = who.contains("key") || who.contains("session") || entry.who_is_narrow();
        let allowed: Vec<u16> = allowed
            .iter()
            .copied()
            .filter(|status| *status != 403 || may_be_refused)
            .collect();
        expect(who, &allowed, &answer);
        if let Foreign::Field(field) = entry.foreign
            && answer.fields() != [field]
        {
            expect(&format!("{who}: the field {field} is to be named"), &[], &answer);
        }
        let said = answer.body.to_string();
        let asked = format!(
            "{}{}",
            world.fill(entry.path.unwrap_or_default()),
            world.fill(entry.foreign_body.unwrap_or_default())
        );
        let leaked = world
            .secrets
            .iter()
            .filter(|secret| said.contains(*secret) && !asked.contains(*secret));
        for secret in leaked {
            expect(&format!("{who}: the answer shows {secret}"), &[], &answer);
        }
    }
    // Last, because it may end what the others asked for: it was a good request all the time.
    let allowed = world.ask(operation, entry, entry.body, Some(&world.admin)).await;
    match entry.who {
        Who::Session => expect("an admin without a session", &[403], &allowed),
        _ => expect("an admin", &[200, 201, 202, 204], &allowed),
    }
    wrong
}

#[tokio::test]
async fn every_operation_refuses_who_has_no_business_there() {
    let world = World::new().await;
    let operations = operations();
    let mut wrong = Vec::new();
    for operation in &operations {
        let Some(entry) = OPERATIONS.iter().find(|entry| entry.id == operation.id) else {
            wrong.push(format!(
                "{} ({} {}) has no entry: add `Entry {{ id: \"{}\", who: …, foreign: …, ..ENTRY }}` to OPERATIONS in \
                 tests/it/operations/entries.rs, saying who may call it and what another organization gets",
                operation.id, operation.method, operation.path, operation.id
            ));
            continue;
        };
        wrong.extend(check(&world, operation, entry).await);
    }
    for entry in OPERATIONS {
        if !operations.iter().any(|operation| operation.id == entry.id) {
            wrong.push(format!(
                "the entry {} is of no operation of the document: remove it",
                entry.id
            ));
        }
    }
    println!("{} operations", operations.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
