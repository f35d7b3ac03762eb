//! Tries each command on a table in each situation and compares what happened with `expected.txt`.
//!
//! Everything runs on one superuser connection inside one transaction that is never committed: each attempt stands in a
//! savepoint, becomes the login with SET SESSION AUTHORIZATION (which gives it exactly that login's rights), opens the
//! request as the server or PostgREST does, tries, and is rolled back. So a mutation can stand around a whole round.

use tokio_postgres::SimpleQueryMessage;
use uuid::Uuid;

use super::{
    catalog,
    expected::{COLUMNS, Reach},
    fixture::{About, Fixture},
    rows::insert,
    situations::{Situation, Treatment},
};

/// What an attempt came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The request did not open.
    Closed,
    /// Insufficient privilege, or row security said no.
    Refused,
    /// Rows seen: of the organization, of others, about the caller.
    Seen { home: i64, foreign: i64, own: i64 },
    /// Rows written, and whether anything outside the organization changed.
    Written { rows: u64, foreign_changed: bool },
    /// Something else: always a mismatch.
    Failed(String),
}

/// Runs SQL in a savepoint and rolls it back; the last row or count, or the SQLSTATE with its message.
pub async fn try_sql(fixture: &Fixture, sql: &str) -> Result<(Option<Vec<String>>, u64), (String, String)> {
    let result = fixture.client.simple_query(&format!("savepoint attempt; {sql}")).await;
    fixture
        .client
        .batch_execute("rollback to savepoint attempt")
        .await
        .expect("rolled back");
    let messages = result.map_err(|error| {
        let db = error.as_db_error().expect("an error of the database");
        (db.code().code().to_owned(), db.message().to_owned())
    })?;
    let (mut row, mut count) = (None, 0);
    for message in messages {
        match message {
            SimpleQueryMessage::Row(found) => {
                row = Some(
                    (0..found.len())
                        .map(|index| found.get(index).unwrap_or_default().to_owned())
                        .collect(),
                );
            }
            SimpleQueryMessage::CommandComplete(affected) => count = affected,
            _ => {}
        }
    }
    Ok((row, count))
}

fn refused_or(code: &str, message: String, is_view: bool) -> Outcome {
    match code {
        // PT401 is the same for PostgREST, which makes an HTTP status of it.
        "FD401" | "PT401" => Outcome::Closed,
        "42501" => Outcome::Refused,
        // A view that cannot be written at all says so first.
        "55000" if is_view => Outcome::Refused,
        _ => Outcome::Failed(format!("{code} {message}")),
    }
}

async fn see(fixture: &Fixture, table: &str, situation: &Situation) -> Outcome {
    let org = match fixture.relations[table].org_column() {
        Some(column) => format!("t.{column} = '{}'", situation.org),
        None => "false".to_owned(),
    };
    let own = match situation.person {
        Some(index) if !fixture.entries[table].own.is_empty() => {
            let columns = fixture.entries[table].own.iter();
            let person = fixture.people[index];
            columns
                .map(|column| format!("t.{column} = '{person}'"))
                .collect::<Vec<_>>()
                .join(" or ")
        }
        _ => "false".to_owned(),
    };
    let sql = format!(
        "{}; select count(*) filter (where {org}), count(*) filter (where ({org}) is not true), \
         count(*) filter (where {own}) from frontdesk.{table} t",
        situation.open
    );
    match try_sql(fixture, &sql).await {
        Ok((Some(row), _)) => {
            let number = |index: usize| row[index].parse().expect("a number");
            Outcome::Seen {
                home: number(0),
                foreign: number(1),
                own: number(2),
            }
        }
        Ok((None, _)) => Outcome::Failed("no answer".into()),
        Err((code, message)) => refused_or(&code, message, fixture.relations[table].is_view),
    }
}

async fn write(fixture: &Fixture, table: &str, situation: &Situation, before: &str, sql: &str) -> Outcome {
    let opened = format!("{before} {}; {sql}", situation.open);
    let is_view = fixture.relations[table].is_view;
    let rows = match try_sql(fixture, &opened).await {
        Ok((_, rows)) => rows,
        Err((code, message)) => return refused_or(&code, message, is_view),
    };
    // Nothing was written, so nothing foreign was.
    if rows == 0 {
        return Outcome::Written {
            rows,
            foreign_changed: false,
        };
    }
    let digest = format!(
        "{opened}; reset session authorization; {}",
        fixture.digest_sql(situation.org)
    );
    let changed = match try_sql(fixture, &digest).await {
        Ok((Some(row), _)) => fixture.digests.get(&situation.org) != Some(&row[0]),
        other => return Outcome::Failed(format!("{other:?}")),
    };
    Outcome::Written {
        rows,
        foreign_changed: changed,
    }
}

/// How far a command is to reach in a situation; none when no statement may run.
fn expected(fixture: &Fixture, table: &str, command: &str, treatment: Treatment) -> Reach {
    match treatment {
        Treatment::As(name) => {
            let column = COLUMNS.iter().position(|column| *column == name).expect("a column");
            fixture.entries[table].reach[command][column]
        }
        Treatment::Refused | Treatment::Closed => Reach::Refused,
    }
}

/// The mismatches of a table in these situations, as sentences, and how many attempts were made.
pub async fn check<'a>(
    fixture: &Fixture,
    table: &str,
    commands: &[&'static str],
    situations: impl Iterator<Item = &'a Situation>,
) -> (Vec<String>, u32) {
    let (mut wrong, mut attempts) = (Vec::new(), 0);
    for situation in situations {
        for command in commands {
            let reach = expected(fixture, table, command, situation.treatment);
            for (what, expected, outcome) in run(fixture, table, command, situation, reach).await {
                attempts += 1;
                let fits = match situation.treatment {
                    Treatment::Closed => outcome == Outcome::Closed,
                    _ => outcome == expected,
                };
                if !fits {
                    wrong.push(format!(
                        "{table}: {command}{what} as {}: expected {reach:?} ({expected:?}), was {outcome:?}",
                        situation.name
                    ));
                }
            }
        }
    }
    (wrong, attempts)
}

type Attempts = Vec<(&'static str, Outcome, Outcome)>;

async fn run(fixture: &Fixture, table: &str, command: &str, situation: &Situation, reach: Reach) -> Attempts {
    match command {
        "select" => {
            let outcome = see(fixture, table, situation).await;
            vec![("", seen(fixture, table, situation, reach), outcome)]
        }
        "insert" => inserts(fixture, table, situation, reach).await,
        "update" => {
            let column = &fixture.relations[table].update_column().name;
            // A constant and no WHERE: nothing is read, so that the policy for select does not help the one for update.
            let sql = format!(
                "update frontdesk.{table} set {column} = {}",
                fixture.update_values[table]
            );
            let outcome = write(fixture, table, situation, "", &sql).await;
            vec![("", written(fixture, table, situation, reach), outcome)]
        }
        _ => {
            let before = catalog::unblock(&fixture.relations, table);
            let outcome = write(
                fixture,
                table,
                situation,
                &before,
                &format!("delete from frontdesk.{table}"),
            )
            .await;
            vec![("", written(fixture, table, situation, reach), outcome)]
        }
    }
}

fn person(fixture: &Fixture, situation: &Situation) -> Option<Uuid> {
    situation.person.map(|index| fixture.people[index])
}

fn seen(fixture: &Fixture, table: &str, situation: &Situation, reach: Reach) -> Outcome {
    let (org, person) = (Some(situation.org), person(fixture, situation));
    let total = fixture.rows(table, None, None);
    let at_home = fixture.rows(table, org, None);
    let own = if person.is_some() && !fixture.entries[table].own.is_empty() {
        fixture.rows(table, org, person)
    } else {
        0
    };
    let (home, foreign, own) = match reach {
        Reach::All => (at_home, total - at_home, own),
        Reach::Org => (at_home, 0, own),
        Reach::Own => (own, 0, own),
        Reach::None => (0, 0, 0),
        Reach::Refused => return Outcome::Refused,
    };
    Outcome::Seen { home, foreign, own }
}

fn written(fixture: &Fixture, table: &str, situation: &Situation, reach: Reach) -> Outcome {
    let org = Some(situation.org);
    let (rows, foreign_changed) = match reach {
        Reach::All => (fixture.rows(table, None, None), true),
        Reach::Org => (fixture.rows(table, org, None), false),
        Reach::Own => (fixture.rows(table, org, person(fixture, situation)), false),
        Reach::None => (0, false),
        Reach::Refused => return Outcome::Refused,
    };
    Outcome::Written {
        rows: rows.unsigned_abs(),
        foreign_changed,
    }
}

/// Rows to insert: about the caller, about somebody else, and into another organization.
async fn inserts(fixture: &Fixture, table: &str, situation: &Situation, reach: Reach) -> Attempts {
    let at_home = if situation.org == fixture.other {
        fixture.other
    } else {
        fixture.home
    };
    let foreign = if at_home == fixture.home {
        fixture.other
    } else {
        fixture.home
    };
    let myself = if fixture.entries[table].own.is_empty() {
        About::Stranger
    } else {
        situation.person.map_or(About::Nobody, About::Person)
    };
    let made = |foreign_changed| Outcome::Written {
        rows: 1,
        foreign_changed,
    };
    // A new organization is nobody's home: whoever makes one writes outside their own.
    let makes_org = table == "organizations";
    let mut plan = vec![
        (" about somebody else", at_home, About::Stranger),
        (" into another organization", foreign, About::Stranger),
    ];
    // Where everything may be inserted, a row about the caller would only meet their own row's key.
    if myself != About::Stranger && !matches!(reach, Reach::Org | Reach::All) {
        plan.push((" about themselves", at_home, myself));
        plan.push((" about themselves into another organization", foreign, myself));
    }
    let mut attempts = Attempts::new();
    for (what, org, about) in plan {
        let values = &fixture.candidates[&(table.to_owned(), org, about)];
        let outcome = write(fixture, table, situation, "", &insert(table, values)).await;
        let expected = match reach {
            Reach::All => made(org == foreign || makes_org),
            Reach::Org if org == at_home => made(false),
            Reach::Own if org == at_home && about == myself => made(false),
            _ => Outcome::Refused,
        };
        attempts.push((what, expected, outcome));
    }
    attempts
}
