//! Is the database safe to serve from? Asked at every start; the server refuses when the answer is no.

use super::{Db, DbError};

/// Something that would let one organization see another's rows, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, naming the role or table.
    pub problem: String,
    /// What mends it.
    pub fix: String,
}

const LOGINS: &str = "
select session_user::text,
  (select rolsuper or rolbypassrls from pg_roles where rolname = session_user),
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'frontdesk' and pg_has_role(session_user, c.relowner, 'member'))";

const TABLES: &str = "
select c.relname::text, c.relrowsecurity and c.relforcerowsecurity,
  exists (select from pg_policy p where p.polrelid = c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'frontdesk' and c.relkind in ('r', 'p')
order by c.relname";

/// Everything that makes serving unsafe: a login that owns tables or bypasses row security, a table without forced row
/// security or without policies.
///
/// # Errors
/// When the database cannot be asked.
pub async fn check_safety(db: &Db) -> Result<Vec<Finding>, DbError> {
    let mut findings = Vec::new();
    for pool in [&db.api, &db.worker] {
        let row = pool.get().await?.query_one(LOGINS, &[]).await?;
        let login: String = row.get(0);
        if row.get(1) {
            findings.push(Finding {
                problem: format!("the login {login} is a superuser or bypasses row security"),
                fix: "Put a login made by `frontdesk migrate up` (frontdesk_api, frontdesk_worker) into database.api_url and \
                      database.worker_url."
                    .into(),
            });
        } else if row.get(2) {
            findings.push(Finding {
                problem: format!("the login {login} owns tables of the schema frontdesk"),
                fix: "Serve with logins that own nothing; the owner is for `frontdesk migrate` only.".into(),
            });
        }
    }
    let client = db.worker.get().await?;
    let tables = client.query(TABLES, &[]).await?;
    if tables.is_empty() {
        findings.push(Finding {
            problem: "the schema frontdesk has no tables".into(),
            fix: "Run `frontdesk migrate up`.".into(),
        });
    }
    for row in tables {
        let table: String = row.get(0);
        if !row.get::<_, bool>(1) {
            findings.push(Finding {
                problem: format!("the table frontdesk.{table} lacks forced row security"),
                fix: format!(
                    "Add `call frontdesk.guard_table('{table}')` to its slice's file in migrations/replaceable."
                ),
            });
        }
        if !row.get::<_, bool>(2) {
            findings.push(Finding {
                problem: format!("the table frontdesk.{table} has no row security policy"),
                fix: format!("Write the policies of {table} in its slice's file in migrations/replaceable."),
            });
        }
    }
    Ok(findings)
}
