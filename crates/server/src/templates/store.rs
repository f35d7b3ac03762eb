//! All SQL of templates.

use jiff::Timestamp;
use platform::db::{Caller, DbError, TenantTx};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::Contents;

/// A version of a template.
pub struct Stored {
    pub key: String,
    pub version: i32,
    pub contents: Contents,
    pub created_at: Timestamp,
}

fn stored(row: &Row) -> Stored {
    Stored {
        key: row.get(0),
        version: row.get(1),
        contents: serde_json::from_value(row.get::<_, Value>(2)).unwrap_or_default(),
        created_at: row.get(3),
    }
}

/// The newest version of each of the organization's templates, by name.
///
/// # Errors
/// Of the database.
pub async fn list(tx: &TenantTx, org_id: Uuid) -> Result<Vec<Stored>, DbError> {
    let rows = tx
        .query(
            "select distinct on (t.key) t.key, t.version, t.contents, t.created_at from frontdesk.templates t
             where t.org_id = $1 order by t.key, t.version desc limit 1000",
            &[&org_id],
        )
        .await?;
    Ok(rows.iter().map(stored).collect())
}

/// One version of a template; the newest when none is named.
///
/// # Errors
/// Of the database.
pub async fn get(tx: &TenantTx, org_id: Uuid, key: &str, version: Option<i32>) -> Result<Option<Stored>, DbError> {
    let row = tx
        .query_opt(
            "select t.key, t.version, t.contents, t.created_at from frontdesk.templates t
             where t.org_id = $1 and t.key = $2 and ($3::integer is null or t.version = $3)
             order by t.version desc limit 1",
            &[&org_id, &key, &version],
        )
        .await?;
    Ok(row.as_ref().map(stored))
}

/// Writes the next version of a template. Of two at the same moment one meets the key of the other.
///
/// # Errors
/// Of the database.
pub async fn add(tx: &TenantTx, caller: &Caller, key: &str, contents: &Value) -> Result<(), DbError> {
    tx.execute(
        "insert into frontdesk.templates (org_id, key, version, contents, created_by)
         select $1, $2, coalesce(max(t.version), 0) + 1, $3, $4 from frontdesk.templates t where t.org_id = $1 and t.key = $2",
        &[&caller.org_id(), &key, contents, &caller.user_id()],
    )
    .await?;
    Ok(())
}

/// Removes all versions of a template; answers how many.
///
/// # Errors
/// Of the database.
pub async fn delete(tx: &TenantTx, org_id: Uuid, key: &str) -> Result<u64, DbError> {
    let sql = "delete from frontdesk.templates where org_id = $1 and key = $2";
    tx.execute(sql, &[&org_id, &key]).await
}

/// The organization's language.
///
/// # Errors
/// Of the database.
pub async fn locale(tx: &TenantTx, org_id: Uuid) -> Result<String, DbError> {
    let row = tx
        .query_opt(
            "select o.locale from frontdesk.organizations o where o.id = $1",
            &[&org_id],
        )
        .await?;
    Ok(row.map_or_else(|| "en".to_owned(), |row| row.get(0)))
}
