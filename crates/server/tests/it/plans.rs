//! The statements that the server really sends use their indexes under row security.
//!
//! Nothing is copied from the code: a server with one connection in each pool is asked for everything, then its connections
//! are asked for the statements that they have prepared. Each is explained as its login and role, in a database of 50
//! organizations: the hot ones with values, at the first execution and at the seventh (PostgreSQL may then keep one plan for
//! all values); all others with the plan for any values.

mod database;
mod hot;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{TestApp, people, socket::Device, wait::eventually};
use database::Filled;
use hot::{HOT, Hot};
use platform::clock::Clock;

/// Tables that a request or a worker never reads from one end to the other.
const BIG: &[&str] = &[
    "profiles",
    "notifications",
    "notification_recipients",
    "notification_logs",
    "delivery_queue",
    "user_sessions",
    "students",
    "enrollments",
    "guardians",
];

/// A statement that the server has prepared.
struct Prepared {
    sql: String,
    types: Vec<String>,
    login: Login,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Login {
    Api,
    Worker,
}

/// Asks the server for everything once.
async fn exercise(app: &TestApp, org: Uuid) -> Vec<Prepared> {
    let admin = people::person(&app.db, org, "admin", "Ada").await;
    let token = app.token(org, admin);
    let mut sent = Value::Null;
    for _ in 0..3 {
        let body = json!({"title": "T", "content": "", "audience": {"all": true}, "channels": ["in_app", "websocket", "email"]});
        sent = app.post("/v1/notifications", &token, body).await.body["id"].clone();
        app.drain().await;
    }
    let id = sent.as_str().unwrap();
    for path in [
        "/v1/inbox",
        "/v1/notifications",
        "/v1/profiles",
        "/v1/classes",
        "/v1/sessions",
    ] {
        pages(app, path, &token).await;
    }
    for list in ["recipients", "deliveries"] {
        pages(app, &format!("/v1/notifications/{id}/{list}"), &token).await;
    }
    for path in [
        "/v1/me",
        "/v1/inbox/counts",
        "/v1/schools",
        "/v1/grades",
        "/v1/inbox?status=unread",
    ] {
        assert_eq!(app.get(path, &token).await.status, 200, "{path}");
    }
    assert_eq!(app.get(&format!("/v1/notifications/{id}"), &token).await.status, 200);
    let mark = Some(json!({"status": "read"}));
    app.ask(reqwest::Method::PATCH, &format!("/v1/inbox/{id}"), Some(&token), mark)
        .await;
    app.post("/v1/inbox/read-all", &token, json!({})).await;
    pages(app, "/v1/deliveries/failed", &token).await;
    pages(app, "/v1/suppressions", &token).await;
    assert_eq!(app.get("/v1/devices", &token).await.status, 200);
    let timeline = format!("/v1/notifications/{id}/recipients/{admin}/timeline");
    assert_eq!(app.get(&timeline, &token).await.status, 200);
    app.post("/v1/deliveries/redrive", &token, json!({"channel": "email"}))
        .await;
    app.post(
        "/v1/audiences/preview",
        &token,
        json!({"audience": {"roles": ["parent"]}}),
    )
    .await;
    let session = app.post("/v1/sessions", &token, json!({})).await.body;
    assert_eq!(app.get("/v1/me", session["token"].as_str().unwrap()).await.status, 200);
    app.app.start_jobs();
    let device = Device::connect(app, &token).await;
    let mut prepared = Vec::new();
    let sql = "select statement, parameter_types::text[] from pg_prepared_statements";
    eventually("the hub asks for pending deliveries", async || {
        prepared.clear();
        let caller = people::caller(org, admin);
        for (login, rows) in [
            (Login::Api, app.app.db.query(&caller, sql, &[]).await.unwrap()),
            (Login::Worker, app.app.db.system_query("test", sql, &[]).await.unwrap()),
        ] {
            prepared.extend(rows.iter().map(|row| Prepared {
                sql: row.get(0),
                types: row.get(1),
                login,
            }));
        }
        prepared
            .iter()
            .any(|statement| statement.sql.contains("c (org_id, user_id)"))
            .then_some(())
    })
    .await;
    device.leave().await;
    prepared
        .retain(|statement| statement.sql.contains("frontdesk.") && !statement.sql.contains("frontdesk.open_request"));
    prepared
}

/// The first page of one row, and the next.
async fn pages(app: &TestApp, path: &str, token: &str) {
    let first = app.get(&format!("{path}?limit=1"), token).await;
    assert_eq!(first.status, 200, "{first:?}");
    if let Some(cursor) = first.body["next_cursor"].as_str() {
        let next = app.get(&format!("{path}?limit=1&cursor={cursor}"), token).await;
        assert_eq!(next.status, 200, "{next:?}");
    }
}

/// What a plan touches.
#[derive(Default)]
struct Plan {
    indexes: BTreeSet<String>,
    scanned: BTreeSet<String>,
}

impl Plan {
    fn read(&mut self, node: &Value) {
        if let Some(index) = node["Index Name"].as_str() {
            self.indexes.insert(index.to_owned());
        }
        if node["Node Type"] == "Seq Scan"
            && let Some(table) = node["Relation Name"].as_str()
        {
            self.scanned.insert(table.to_owned());
        }
        for child in node["Plans"].as_array().into_iter().flatten() {
            self.read(child);
        }
    }

    fn scans(&self) -> Vec<&str> {
        BIG.iter()
            .copied()
            .filter(|table| self.scanned.contains(*table))
            .collect()
    }
}

/// Explains a statement as the server runs it: in the login's name, in its role, with the claims of somebody; for these
/// values at their `time`th execution, or (time 0) for any values.
async fn explain(client: &Client, filled: &Filled, statement: &Prepared, time: usize, values: &[String]) -> Plan {
    let open = match statement.login {
        Login::Api => format!(
            "set local session authorization frontdesk_api; select frontdesk.open_request('{}')",
            filled.claims
        ),
        Login::Worker => "set local session authorization frontdesk_worker; set local role service_role".to_owned(),
    };
    let types = if statement.types.is_empty() {
        String::new()
    } else {
        format!("({})", statement.types.join(", "))
    };
    let values = if values.is_empty() {
        String::new()
    } else {
        format!("({})", values.join(", "))
    };
    let mode = if time == 0 { "force_generic_plan" } else { "auto" };
    let script = format!(
        "begin; {open}; set local plan_cache_mode = {mode}; prepare asked {types} as {}",
        statement.sql
    );
    client
        .batch_execute(&script)
        .await
        .unwrap_or_else(|error| panic!("{script}: {error:?}"));
    let messages = client
        .simple_query(&format!("explain (format json) execute asked {values};").repeat(time.max(1)))
        .await
        .unwrap_or_else(|error| panic!("{} {values}: {error:?}", statement.sql));
    client.batch_execute("rollback; deallocate asked").await.unwrap();
    let rows = messages.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let json: Value = serde_json::from_str(rows.last().unwrap()).unwrap();
    let mut plan = Plan::default();
    plan.read(&json[0]["Plan"]);
    plan
}

fn is_hot(hot: &Hot, statement: &Prepared) -> bool {
    hot.login == statement.login
        && hot.has.iter().all(|part| statement.sql.contains(part))
        && !hot.lacks.iter().any(|part| statement.sql.contains(part))
}

async fn check_hot(client: &Client, filled: &Filled, hot: &Hot, prepared: &[Prepared]) -> Vec<String> {
    let found: Vec<&Prepared> = prepared.iter().filter(|statement| is_hot(hot, statement)).collect();
    let [statement] = found.as_slice() else {
        return vec![format!(
            "{}: {} statements of the server contain {:?}; correct the entry in tests/it/plans/hot.rs",
            hot.what,
            found.len(),
            hot.has
        )];
    };
    if hot.values.len() != statement.types.len() {
        return vec![format!(
            "{}: its entry in tests/it/plans/hot.rs has {} values, the statement takes {:?}",
            hot.what,
            hot.values.len(),
            statement.types
        )];
    }
    let values: Vec<String> = hot.values.iter().map(|value| filled.fill(value)).collect();
    let mut wrong = Vec::new();
    // Five executions are planned for their values; the sixth chooses for good.
    for time in [1, 7] {
        let plan = explain(client, filled, statement, time, &values).await;
        let missing: Vec<&&str> = hot
            .uses
            .iter()
            .filter(|index| !plan.indexes.contains(**index))
            .collect();
        if !missing.is_empty() || !plan.scans().is_empty() {
            wrong.push(format!(
                "{} (execution {time}): misses {missing:?}, scans {:?}, uses {:?}",
                hot.what,
                plan.scans(),
                plan.indexes
            ));
        }
    }
    wrong
}

#[tokio::test]
async fn every_statement_of_the_server_finds_its_rows_by_an_index_under_row_security() {
    let app = TestApp::start_with(Clock::system(), |settings| settings.database.pool_size = 1).await;
    let filled = Filled::new(&app).await;
    let prepared = exercise(&app, filled.org).await;
    let client = app.db.superuser().await;
    client.batch_execute("analyze").await.unwrap();
    let mut wrong = Vec::new();
    for hot in HOT {
        wrong.extend(check_hot(&client, &filled, hot, &prepared).await);
    }
    for statement in &prepared {
        if HOT.iter().any(|hot| is_hot(hot, statement)) {
            continue;
        }
        let nulls = vec!["null".to_owned(); statement.types.len()];
        let plan = explain(&client, &filled, statement, 0, &nulls).await;
        if !plan.scans().is_empty() {
            wrong.push(format!("scans {:?}: {}", plan.scans(), statement.sql));
        }
    }
    println!("{} statements, {} of them hot", prepared.len(), HOT.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_opens_a_request_finds_its_row_by_a_key() {
    let app = TestApp::start().await;
    let filled = Filled::new(&app).await;
    let asked = [
        (
            "open_request",
            format!("select frontdesk.open_request('{}')", filled.claims),
            "profiles_pkey",
        ),
        (
            "open_request_with_session",
            format!(
                "select frontdesk.open_request_with_session('{}', {})",
                filled.org, filled.token_hash
            ),
            "uq_user_sessions_token",
        ),
        (
            "pre_request",
            format!(
                "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', '{}', true); \
                 select frontdesk.pre_request()",
                filled.claims_with_session
            ),
            "idx_user_sessions_provider",
        ),
    ];
    for (what, sql, index) in asked {
        let plans = database::nested_plans(&app, &sql).await;
        assert!(plans.contains(index), "{what} does not use {index}:\n{plans}");
        let scans = BIG
            .iter()
            .filter(|table| plans.contains(&format!("Seq Scan on {table}")));
        assert_eq!(scans.count(), 0, "{what} scans:\n{plans}");
    }
}
