//! What stands behind the policies: the second and third line that hold when the first is gone.

use super::{
    attempts::try_sql,
    catalog::{ForeignKey, unblock},
    expected::Reach,
    fixture::{About, Fixture},
    rows::insert,
};

const LOGINS: [&str; 5] = [
    "anon",
    "authenticated",
    "service_role",
    "frontdesk_api",
    "frontdesk_worker",
];

/// Values that nobody may give a row that they may otherwise insert: (table, column, value).
const REFUSED: &[(&str, &str, &str)] = &[
    ("notifications", "state", "'done'"),
    ("notifications", "state", "'sending'"),
];

/// What an admin may and may not make of a message's state: (command, state, what comes of it).
const STATES: &[(&str, &str, &str)] = &[
    ("insert", "draft", "done"),
    ("insert", "scheduled", "done"),
    ("update", "draft", "done"),
    ("update", "scheduled", "done"),
    ("update", "cancelled", "done"),
    ("update", "expanding", "42501"),
    ("update", "expired", "42501"),
];

async fn states(fixture: &Fixture, wrong: &mut Vec<String>) {
    let open = &fixture.situations[0].open;
    for (command, state, expected) in STATES {
        let sql = if *command == "insert" {
            let mut values = fixture.candidates[&("notifications".to_owned(), fixture.home, About::Person(0))].clone();
            values.insert("state".to_owned(), format!("'{state}'"));
            insert("notifications", &values)
        } else {
            format!("update frontdesk.notifications set state = '{state}'")
        };
        let was = code(fixture, &format!("{open}; {sql}")).await;
        expect(
            wrong,
            &format!("notifications: {command} as {state} by an admin"),
            expected,
            &was,
        );
    }
}

/// The code of what happened, or "done".
async fn code(fixture: &Fixture, sql: &str) -> String {
    match try_sql(fixture, sql).await {
        Ok(_) => "done".to_owned(),
        Err((code, _)) => code,
    }
}

fn expect(wrong: &mut Vec<String>, what: &str, expected: &str, was: &str) {
    if expected != was {
        wrong.push(format!("{what}: expected {expected}, was {was}"));
    }
}

/// Everything about one table; the mismatches as sentences.
pub async fn check(fixture: &Fixture, table: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let relation = &fixture.relations[table];
    if relation.is_view {
        reviewed(fixture, table, &mut wrong).await;
        return wrong;
    }
    forced(fixture, table, &mut wrong).await;
    for login in LOGINS {
        let sql = format!("set local session authorization {login}; truncate frontdesk.{table}");
        expect(
            &mut wrong,
            &format!("{table}: truncate as {login}"),
            "42501",
            &code(fixture, &sql).await,
        );
    }
    policies_alone(fixture, table, &mut wrong).await;
    if table == "notifications" {
        states(fixture, &mut wrong).await;
    }
    for (_, column, value) in REFUSED.iter().filter(|(name, _, _)| *name == table) {
        let mut values = fixture.candidates[&(table.to_owned(), fixture.home, About::Person(0))].clone();
        values.insert((*column).to_owned(), (*value).to_owned());
        let sql = format!("{}; {}", fixture.situations[0].open, insert(table, &values));
        let what = format!("{table}: an admin inserts their own row with {column} {value}");
        expect(&mut wrong, &what, "42501", &code(fixture, &sql).await);
    }
    if relation.org_column().is_some() {
        immutable(fixture, table, &mut wrong).await;
        checks_alone(fixture, table, &mut wrong).await;
        for key in relation.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            foreign_key(fixture, key, &mut wrong).await;
        }
    }
    wrong
}

/// A view runs with its caller's rights, or is a security barrier with its own rule.
async fn reviewed(fixture: &Fixture, view: &str, wrong: &mut Vec<String>) {
    let sql =
        format!("select coalesce(reloptions, '{{}}')::text[] from pg_class where oid = 'frontdesk.{view}'::regclass");
    let options: Vec<String> = fixture.client.query_one(&sql, &[]).await.expect("the view").get(0);
    let safe = ["security_invoker=true", "security_barrier=true"];
    if !options.iter().any(|option| safe.contains(&option.as_str())) {
        wrong.push(format!("{view}: neither security_invoker nor security_barrier"));
    }
}

async fn forced(fixture: &Fixture, table: &str, wrong: &mut Vec<String>) {
    let sql = format!(
        "select relrowsecurity and relforcerowsecurity from pg_class where oid = 'frontdesk.{table}'::regclass"
    );
    let forced: bool = fixture.client.query_one(&sql, &[]).await.expect("the table").get(0);
    if !forced {
        wrong.push(format!("{table}: row security is not enabled and forced"));
    }
}

/// The organization of a row never changes: by grant for the roles, by trigger for everybody.
async fn immutable(fixture: &Fixture, table: &str, wrong: &mut Vec<String>) {
    let column = fixture.relations[table].org_column().unwrap_or("org_id");
    // No WHERE, so that the right to read does not matter.
    let update = format!("update frontdesk.{table} set {column} = '{}'", fixture.other);
    for situation in fixture.situations.iter().filter(|situation| situation.core) {
        let was = code(fixture, &format!("{}; {update}", situation.open)).await;
        expect(
            wrong,
            &format!("{table}: update {column} as {}", situation.name),
            "42501",
            &was,
        );
    }
    expect(
        wrong,
        &format!("{table}: update {column} as the superuser"),
        "23000",
        &code(fixture, &update).await,
    );
}

/// The policies hold without the grants: with every privilege given to the roles of requests, an admin reaches nothing of
/// another organization, and who has no claims reaches nothing at all.
async fn policies_alone(fixture: &Fixture, table: &str, wrong: &mut Vec<String>) {
    let relation = &fixture.relations[table];
    let foreign = relation
        .org_column()
        .map_or("true".to_owned(), |column| format!("{column} <> '{}'", fixture.home));
    let grant = format!(
        "grant all on frontdesk.{table} to anon, authenticated; {}",
        unblock(&fixture.relations, table)
    );
    let column = &relation.update_column().name;
    let digest = format!("reset session authorization; {}", fixture.digest_sql(fixture.home));
    let names = ["admin with a token", "no claims", "anon"];
    for situation in fixture
        .situations
        .iter()
        .filter(|situation| names.contains(&situation.name.as_str()))
    {
        let open = format!("{grant}; {}", situation.open);
        let mut say = |what: &str| wrong.push(format!("{table}, all granted: {} {what} foreign rows", situation.name));
        let seen = try_sql(
            fixture,
            &format!("{open}; select count(*) from frontdesk.{table} where {foreign}"),
        )
        .await;
        if !matches!(&seen, Ok((Some(row), _)) if row[0] == "0") {
            say("sees");
        }
        let update = format!(
            "update frontdesk.{table} set {column} = {}",
            fixture.update_values[table]
        );
        for (what, sql) in [
            ("updates", update),
            ("deletes", format!("delete from frontdesk.{table}")),
        ] {
            match try_sql(fixture, &format!("{open}; {sql}; {digest}")).await {
                Ok((Some(row), _)) if fixture.digests.get(&fixture.home) == Some(&row[0]) => {}
                Err((code, _)) if code == "42501" => {}
                _ => say(what),
            }
        }
        let values = &fixture.candidates[&(table.to_owned(), fixture.other, About::Stranger)];
        if code(fixture, &format!("{open}; {}", insert(table, values))).await != "42501" {
            say("inserts");
        }
    }
}

/// WITH CHECK of each policy for update holds alone: with USING taken away, an update that would reach foreign rows, or that
/// the caller's role does not allow, is refused.
async fn checks_alone(fixture: &Fixture, table: &str, wrong: &mut Vec<String>) {
    let policies = fixture
        .client
        .query(
            "select policyname::text from pg_policies where schemaname = 'frontdesk' and tablename = $1 and cmd = 'UPDATE'",
            &[&table],
        )
        .await
        .expect("the policies");
    let column = &fixture.relations[table].update_column().name;
    for policy in policies {
        let policy: String = policy.get(0);
        // Where staff may update what is the organization's, nobody who may not even sees it.
        let staff_may = fixture.entries[table].reach["update"][1] == Reach::Org;
        let roles = [(0, "admin"), (1, "staff")];
        for (index, role) in roles.into_iter().take(if staff_may { 1 } else { 2 }) {
            let open = &fixture.situations[index * 4].open;
            let rows = if role == "admin" {
                String::new()
            } else {
                // Only rows of the own organization, so that it is the role that stops this one.
                format!(" where org_id = '{}'", fixture.home)
            };
            let sql = format!(
                "alter policy {policy} on frontdesk.{table} using (true); {open}; update frontdesk.{table} set {column} = {}{rows}",
                fixture.update_values[table]
            );
            let what = format!("{policy}: an update as {role} with USING taken away");
            expect(wrong, &what, "42501", &code(fixture, &sql).await);
        }
    }
}

/// A row cannot point into another organization, whoever writes it.
async fn foreign_key(fixture: &Fixture, key: &ForeignKey, wrong: &mut Vec<String>) {
    let candidate = |org| fixture.candidates[&(key.table.clone(), org, About::Stranger)].clone();
    let (mut values, theirs) = (candidate(fixture.home), candidate(fixture.other));
    for column in key.columns.iter().filter(|column| *column != "org_id") {
        values.insert(column.clone(), theirs[column].clone());
    }
    let sql = format!(
        "set local session authorization frontdesk_worker; select set_config('role', 'service_role', true); {}",
        insert(&key.table, &values)
    );
    let was = match try_sql(fixture, &sql).await {
        Ok(_) => "done".to_owned(),
        Err((code, message)) if message.contains(&format!("\"{}\"", key.name)) => code,
        Err((code, message)) => format!("{code} {message}"),
    };
    expect(
        wrong,
        &format!("{}: {} into another organization", key.table, key.name),
        "23503",
        &was,
    );
}
