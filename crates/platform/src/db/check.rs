//! Is the database safe to serve from? Asked at every start, which refuses when a dangerous check finds something, and by
//! `frontdesk doctor`, which shows all of them.
//!
//! What always holds: nothing is changed, and everything asked stands in the catalogs that every role may read.

use tokio_postgres::Client;

use super::{Db, DbError, connect};

mod sql;

/// Something that would let one organization see another's rows, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, naming the role or table.
    pub problem: String,
    /// What mends it.
    pub fix: String,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What should hold, in words.
    pub what: String,
    /// Whether the server refuses to start when it does not.
    pub dangerous: bool,
    /// What does not hold; empty when all is well.
    pub findings: Vec<Finding>,
}

/// Everything that makes serving unsafe: a login that owns tables or bypasses row security, a table without forced row
/// security or without policies.
///
/// # Errors
/// When the database cannot be asked.
pub async fn check_safety(db: &Db) -> Result<Vec<Finding>, DbError> {
    let checks = examine(db).await?.into_iter();
    Ok(checks
        .filter(|check| check.dangerous)
        .flat_map(|check| check.findings)
        .collect())
}

/// All checks of the database's safety, in the order in which they are best read.
///
/// # Errors
/// When the database cannot be asked.
pub async fn examine(db: &Db) -> Result<Vec<Check>, DbError> {
    let mut checks = Vec::new();
    for (pool, allowed) in [
        (&db.api, &["anon", "authenticated"][..]),
        (&db.worker, &["service_role"][..]),
    ] {
        let client = pool.get().await?;
        checks.extend(login(&client, allowed).await?);
    }
    let client = db.worker.get().await?;
    for asked in sql::CHECKS {
        let rows = client.query(asked.sql, &[]).await?;
        let findings = rows.iter().map(|row| Finding {
            problem: row.get(0),
            fix: row.get(1),
        });
        checks.push(Check {
            what: asked.what.to_owned(),
            dangerous: asked.dangerous,
            findings: findings.collect(),
        });
    }
    Ok(checks)
}

/// What a login may not be, and whom it may not become: two checks.
async fn login(client: &Client, allowed: &[&str]) -> Result<[Check; 2], DbError> {
    let row = client.query_one(sql::LOGIN, &[&allowed]).await?;
    let (login, bypasses, owns): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
    let (roles, readable): (Vec<String>, Vec<String>) = (row.get(3), row.get(4));
    let mut unsafe_login = Vec::new();
    let mut more = Vec::new();
    if bypasses {
        unsafe_login.push(Finding {
            problem: format!("the login {login} is a superuser or bypasses row security"),
            fix: "Put a login made by `frontdesk migrate up` (frontdesk_api, frontdesk_worker) into database.api_url and \
                  database.worker_url."
                .into(),
        });
    } else if owns {
        unsafe_login.push(Finding {
            problem: format!("the login {login} owns tables of the schema frontdesk"),
            fix: "Serve with logins that own nothing; the owner is for `frontdesk migrate` only.".into(),
        });
    } else {
        more.extend(roles.iter().map(|role| Finding {
            problem: format!("the login {login} is a member of {role}, and so may do all that {role} may"),
            fix: format!("As an administrator: revoke {role} from {login}"),
        }));
        more.extend(readable.iter().map(|table| Finding {
            problem: format!("the login {login} may read or write frontdesk.{table} without saying for whom"),
            fix: format!(
                "As the owner: revoke all on frontdesk.{table} from {login}. As an administrator: alter role {login} noinherit; \
                 from PostgreSQL 16 on also: grant {} to {login} with inherit false",
                allowed.join(", ")
            ),
        }));
    }
    Ok([
        Check {
            what: format!("the login {login} is bound by row security"),
            dangerous: true,
            findings: unsafe_login,
        },
        Check {
            what: format!("the login {login} may become {} and nobody else", allowed.join(" or ")),
            dangerous: false,
            findings: more,
        },
    ])
}

/// Whether a pooler in transaction mode stands between us and the server at this URL: two connections that are both open
/// would never share a server process otherwise. (A pooler with much to do may hide itself; it never seems to be there when
/// it is not.)
///
/// # Errors
/// When the database does not answer.
pub async fn is_pooled_by_transaction(url: &str) -> Result<bool, DbError> {
    const PROCESS: &str = "select pg_backend_pid()";
    let (one, other) = (connect(url).await?, connect(url).await?);
    let before = process(&one, PROCESS).await?;
    // A pooler hands the other the process that the first has just given back, and keeps it there until the end.
    let others = process(&other, "begin; select pg_backend_pid()").await?;
    let after = process(&one, PROCESS).await?;
    other.batch_execute("rollback").await?;
    Ok(before != after || others == before)
}

/// Simple queries only: prepared statements do not survive such a pooler.
async fn process(client: &Client, sql: &str) -> Result<String, DbError> {
    let answers = client.simple_query(sql).await?;
    let pid = answers.iter().find_map(|answer| match answer {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(ToOwned::to_owned),
        _ => None,
    });
    pid.ok_or_else(|| DbError::Unavailable("the server does not name its process".into()))
}
