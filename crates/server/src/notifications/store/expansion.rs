//! SQL of the expander: what to do next, the chunks, the steps that follow, and the end.

use jiff::Timestamp;
use platform::db::{Db, DbError, SystemTx};
use serde_json::Value;
use uuid::Uuid;

/// A notification that has something due, locked against other expanders.
pub struct Waiting {
    pub org_id: Uuid,
    pub id: Uuid,
    pub audience: Value,
    /// People up to this one are written already.
    pub expanded_to: Option<Uuid>,
    pub expired: bool,
    /// The later step that is due; none while its first recipients are being written.
    pub step: Option<Value>,
    /// People up to this one have had the step already.
    pub step_to: Option<Uuid>,
}

/// The most urgent notification whose time has come.
///
/// # Errors
/// Of the database.
pub async fn take_next(tx: &SystemTx, now: Timestamp) -> Result<Option<Waiting>, DbError> {
    let row = tx.query_opt(include_str!("../sql/take_next.sql"), &[&now]).await?;
    Ok(row.map(|row| Waiting {
        org_id: row.get(0),
        id: row.get(1),
        audience: row.get(2),
        expanded_to: row.get(3),
        expired: row.get(4),
        step: row.get(5),
        step_to: row.get(6),
    }))
}

/// How much to write at once, when, and which channels this server has.
pub struct Chunk<'a> {
    pub limit: i32,
    pub now: Timestamp,
    pub channels: &'a [&'static str],
}

/// Writes the next chunk of a notification's recipients, logs and queue rows; answers how many people it had.
///
/// # Errors
/// Of the database; nothing is then written.
pub async fn expand_chunk(tx: &SystemTx, next: &Waiting, chunk: &Chunk<'_>) -> Result<i32, DbError> {
    let row = tx
        .query_one(
            include_str!("../sql/expand_chunk.sql"),
            &[
                &next.org_id,
                &next.id,
                &next.audience,
                &next.expanded_to,
                &chunk.limit,
                &chunk.now,
                &chunk.channels,
            ],
        )
        .await?;
    Ok(row.get(0))
}

/// Writes the logs and queue rows of a later step for the next chunk of whom it concerns; answers how many people it had.
///
/// # Errors
/// Of the database; nothing is then written.
pub async fn step_chunk(tx: &SystemTx, next: &Waiting, chunk: &Chunk<'_>) -> Result<i32, DbError> {
    let row = tx
        .query_one(
            include_str!("../sql/step_chunk.sql"),
            &[
                &next.org_id,
                &next.id,
                &next.step_to,
                &chunk.limit,
                &chunk.now,
                &chunk.channels,
            ],
        )
        .await?;
    Ok(row.get(0))
}

/// Tells others that a notification has not been answered by everybody, with a new message.
///
/// # Errors
/// Of the database; nothing is then written.
pub async fn escalate(tx: &SystemTx, next: &Waiting, new_id: Uuid, chunk: &Chunk<'_>) -> Result<(), DbError> {
    tx.execute(
        include_str!("../sql/escalate.sql"),
        &[&next.org_id, &next.id, &new_id, &chunk.now, &chunk.channels],
    )
    .await?;
    Ok(())
}

/// A notification that was no longer true before it could go.
///
/// # Errors
/// Of the database.
pub async fn mark_expired(tx: &SystemTx, next: &Waiting) -> Result<(), DbError> {
    let sql = "update frontdesk.notifications set state = 'expired' where org_id = $1 and id = $2";
    tx.execute(sql, &[&next.org_id, &next.id]).await?;
    Ok(())
}

/// Marks as done what has nothing left to send; answers the (organization, notification) pairs that changed.
///
/// # Errors
/// Of the database.
pub async fn finish(db: &Db) -> Result<Vec<(Uuid, Uuid)>, DbError> {
    let changed = db
        .system_query("finish notifications", include_str!("../sql/finish.sql"), &[&500_i64])
        .await?;
    Ok(changed.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Ends what is no longer true; answers how many messages.
///
/// # Errors
/// Of the database.
pub async fn expire(db: &Db, now: Timestamp) -> Result<i32, DbError> {
    let sql = "select frontdesk.expire_old_notifications($1, 1000)";
    let rows = db.system_query("expire notifications", sql, &[&now]).await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// Clears one cancelled or expired message out of queue and inboxes, some rows at a time; none when nothing is left.
///
/// # Errors
/// Of the database.
pub async fn sweep(db: &Db, limit: i32, now: Timestamp) -> Result<Option<(Uuid, Uuid)>, DbError> {
    let sql = "select org_id, notification_id from frontdesk.sweep_notification($1, $2)";
    let rows = db.system_query("sweep notifications", sql, &[&limit, &now]).await?;
    Ok(rows.first().map(|row| (row.get(0), row.get(1))))
}

/// Deletes what has been kept long enough; answers how many logs, messages and stored answers went.
///
/// # Errors
/// Of the database.
pub async fn apply_retention(db: &Db, now: Timestamp) -> Result<[i64; 3], DbError> {
    let sql = "select logs, messages, requests from frontdesk.apply_retention($1, 100)";
    let rows = db.system_query("retention", sql, &[&now]).await?;
    Ok(rows.first().map_or([0; 3], |row| [row.get(0), row.get(1), row.get(2)]))
}
