//! SQL of the tiers' policies.

use platform::db::{DbError, TenantTx};
use serde_json::Value;
use uuid::Uuid;

/// The rules of a tier as they count in the organization, and what the organization has changed of them.
///
/// # Errors
/// Of the database.
pub async fn all(tx: &TenantTx, org_id: Uuid) -> Result<Vec<(String, Value, Option<Value>)>, DbError> {
    let rows = tx
        .query(
            "select c.category, frontdesk.policy_of($1, c.category), p.policy
             from unnest(array['emergency', 'announcement', 'reminder', 'system']) with ordinality c (category, n)
             left join frontdesk.notification_policies p on p.org_id = $1 and p.category = c.category
             order by c.n",
            &[&org_id],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Lays an organization's own rules over the tier's.
///
/// # Errors
/// Of the database.
pub async fn put(tx: &TenantTx, org_id: Uuid, category: &str, policy: &Value) -> Result<(), DbError> {
    tx.execute(
        "insert into frontdesk.notification_policies (org_id, category, policy) values ($1, $2, $3)
         on conflict (org_id, category) do update set policy = excluded.policy",
        &[&org_id, &category, policy],
    )
    .await?;
    Ok(())
}

/// Goes back to the tier's rules as they ship.
///
/// # Errors
/// Of the database.
pub async fn delete(tx: &TenantTx, org_id: Uuid, category: &str) -> Result<(), DbError> {
    let sql = "delete from frontdesk.notification_policies where org_id = $1 and category = $2";
    tx.execute(sql, &[&org_id, &category]).await?;
    Ok(())
}
