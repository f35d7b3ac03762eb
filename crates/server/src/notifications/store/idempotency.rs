//! Answers to requests with an `Idempotency-Key`, kept in the transaction of what they did.

use platform::db::{DbError, TenantTx};
use serde_json::Value;
use uuid::Uuid;

/// What is known of a key.
pub enum Known {
    /// Nothing: it is ours now, until the transaction ends.
    New,
    /// The same request was answered so.
    Answered(Value),
    /// Another request has it.
    OtherRequest,
}

/// Takes a key for an operation. Of two requests at the same moment the second waits for the first to end.
///
/// # Errors
/// Of the database.
pub async fn take(
    tx: &TenantTx,
    org_id: Uuid,
    operation: &'static str,
    key: &str,
    hash: &[u8],
) -> Result<Known, DbError> {
    let taken = tx
        .execute(
            "insert into frontdesk.idempotent_requests (org_id, operation, key, request_hash) values ($1, $2, $3, $4)
             on conflict do nothing",
            &[&org_id, &operation, &key, &hash],
        )
        .await?;
    if taken == 1 {
        return Ok(Known::New);
    }
    let row = tx
        .query_opt(
            "select r.request_hash, r.response from frontdesk.idempotent_requests r
             where r.org_id = $1 and r.operation = $2 and r.key = $3",
            &[&org_id, &operation, &key],
        )
        .await?;
    Ok(match row {
        Some(row) if row.get::<_, &[u8]>(0) == hash => {
            Known::Answered(row.get::<_, Option<Value>>(1).unwrap_or(Value::Null))
        }
        _ => Known::OtherRequest,
    })
}

/// Keeps the answer of the request that took the key.
///
/// # Errors
/// Of the database.
pub async fn keep(
    tx: &TenantTx,
    org_id: Uuid,
    operation: &'static str,
    key: &str,
    response: &Value,
) -> Result<(), DbError> {
    tx.execute(
        "update frontdesk.idempotent_requests r set status = 202, response = $4
         where r.org_id = $1 and r.operation = $2 and r.key = $3",
        &[&org_id, &operation, &key, response],
    )
    .await?;
    Ok(())
}
