//! All SQL of preferences, digests and unsubscribe links.

use jiff::{Timestamp, civil::Time};
use platform::db::{Db, DbError, SystemTx, TenantTx};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

/// One's own, or the organization's, as they are kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub muted: Option<Vec<String>>,
    pub digest: Option<String>,
    pub quiet: Option<(Time, Time)>,
    pub timezone: Option<String>,
}

fn kept(row: &Row, first: usize) -> Kept {
    let from: Option<Time> = row.get(first + 2);
    Kept {
        muted: row.get(first),
        digest: row.get(first + 1),
        quiet: from.zip(row.get(first + 3)),
        timezone: row.get(first + 4),
    }
}

/// A person's preferences, the organization's defaults, and the time zone without the person's choice.
///
/// # Errors
/// Of the database.
pub async fn get(tx: &TenantTx, org_id: Uuid, profile_id: Uuid) -> Result<Option<(Kept, Kept, String)>, DbError> {
    let row = tx
        .query_opt(
            "select w.muted, w.digest, w.quiet_from, w.quiet_to, w.timezone,
               d.muted, d.digest, d.quiet_from, d.quiet_to, null::text, coalesce(p.timezone, o.timezone)
             from frontdesk.profiles p
             join frontdesk.organizations o on o.id = p.org_id
             left join frontdesk.notification_preferences w on w.org_id = p.org_id and w.profile_id = p.id and w.name = 'all'
             left join frontdesk.preference_defaults d on d.org_id = p.org_id and d.name = 'everyone'
             where p.org_id = $1 and p.id = $2",
            &[&org_id, &profile_id],
        )
        .await?;
    Ok(row.map(|row| (kept(&row, 0), kept(&row, 5), row.get(10))))
}

/// The organization's defaults and its time zone.
///
/// # Errors
/// Of the database.
pub async fn defaults(tx: &TenantTx, org_id: Uuid) -> Result<(Kept, String), DbError> {
    let row = tx
        .query_one(
            "select d.muted, d.digest, d.quiet_from, d.quiet_to, null::text, o.timezone
             from frontdesk.organizations o left join frontdesk.preference_defaults d on d.org_id = o.id
               and d.name = 'everyone'
             where o.id = $1",
            &[&org_id],
        )
        .await?;
    Ok((kept(&row, 0), row.get(5)))
}

/// Keeps a person's preferences.
///
/// # Errors
/// Of the database.
pub async fn put(tx: &TenantTx, org_id: Uuid, profile_id: Uuid, one: &Kept) -> Result<(), DbError> {
    let (from, to) = one.quiet.unzip();
    tx.execute(
        "insert into frontdesk.notification_preferences (org_id, profile_id, name, muted, digest, quiet_from, quiet_to, timezone)
         values ($1, $2, 'all', $3, $4, $5, $6, $7)
         on conflict (org_id, profile_id, name) do update set muted = excluded.muted, digest = excluded.digest,
           quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, timezone = excluded.timezone",
        &[&org_id, &profile_id, &one.muted, &one.digest, &from, &to, &one.timezone],
    )
    .await?;
    Ok(())
}

/// Keeps the organization's defaults.
///
/// # Errors
/// Of the database.
pub async fn put_defaults(tx: &TenantTx, org_id: Uuid, one: &Kept) -> Result<(), DbError> {
    let (from, to) = one.quiet.unzip();
    tx.execute(
        "insert into frontdesk.preference_defaults (org_id, name, muted, digest, quiet_from, quiet_to)
         values ($1, 'everyone', coalesce($2::text[], '{}'), coalesce($3::text, 'off'), $4, $5)
         on conflict (org_id, name) do update set muted = excluded.muted, digest = excluded.digest,
           quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to",
        &[&org_id, &one.muted, &one.digest, &from, &to],
    )
    .await?;
    Ok(())
}

/// Reads an unsubscribe link's token, and follows it if so asked: the organization's name and what is muted.
///
/// # Errors
/// Of the database.
pub async fn unsubscribe(db: &Db, token: &str, apply: bool) -> Result<Option<(String, String)>, DbError> {
    let rows = db
        .system_query(
            "unsubscribe link",
            "select organization, topic from frontdesk.unsubscribe($1, $2)",
            &[&token, &apply],
        )
        .await?;
    Ok(rows.first().map(|row| (row.get(0), row.get(1))))
}

/// Somebody whose digest is due.
pub struct Due {
    pub org_id: Uuid,
    pub profile_id: Uuid,
    pub organization: String,
    pub locale: String,
    /// The organization's own template, if it has one.
    pub template: Option<Value>,
    /// Title and text of each message, oldest first, shortened.
    pub messages: Value,
    pub count: i64,
    pub logs: Vec<Uuid>,
}

/// Takes the items of the next person whose digest is due, locked against other workers. What they have read meanwhile, and
/// what is no longer true, is left out of it and skipped.
///
/// # Errors
/// Of the database.
pub async fn take_due(tx: &SystemTx, now: Timestamp) -> Result<Option<Due>, DbError> {
    let row = tx.query_opt(include_str!("store/take_due.sql"), &[&now]).await?;
    Ok(row.map(|row| Due {
        org_id: row.get(0),
        profile_id: row.get(1),
        organization: row.get(2),
        locale: row.get(3),
        template: row.get(4),
        messages: row.get(5),
        count: row.get(6),
        logs: row.get(7),
    }))
}

/// Writes the digest as a message to its person by mail, and marks what is in it as sent.
///
/// # Errors
/// Of the database.
pub async fn write_digest(
    tx: &SystemTx,
    due: &Due,
    id: Uuid,
    title: &str,
    contents: &Value,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        include_str!("store/write_digest.sql"),
        &[&due.org_id, &due.profile_id, &id, &title, contents, &due.logs, &now],
    )
    .await?;
    Ok(())
}
