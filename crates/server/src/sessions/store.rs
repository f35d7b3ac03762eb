//! All SQL of sessions: the functions of `migrations/replaceable/70_sessions.sql` that check the caller.

use std::net::IpAddr;

use jiff::Timestamp;
use platform::{
    auth::SessionToken,
    db::{Caller, Db, DbError, Person},
};
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::Session;

/// What is kept of a device.
pub struct Device {
    pub device_type: Option<&'static str>,
    pub device_id: Option<Vec<u8>>,
    pub user_agent: Option<String>,
    pub ip_address: Option<IpAddr>,
}

/// Starts a session for a person and ends their other one; answers when it ends.
///
/// # Errors
/// [`DbError::Conflict`] when the organization does not let a new login end the one before.
pub async fn start(
    db: &Db,
    person: &Person,
    id: Uuid,
    token: &SessionToken,
    lifetime_hours: u32,
    device: &Device,
) -> Result<Timestamp, DbError> {
    let rows = db
        .query(
            &Caller::Person(person.clone()),
            "select frontdesk.start_session($1, $2, make_interval(hours => $3), $4, $5, $6, $7, $8)",
            &[
                &id,
                &token.hash().as_slice(),
                &i32::try_from(lifetime_hours).unwrap_or(i32::MAX),
                &device.device_type,
                &device.device_id,
                &device.user_agent,
                &device.ip_address,
                &person.provider_session_id,
            ],
        )
        .await?;
    Ok(rows.first().map(|row| row.get(0)).unwrap_or_default())
}

/// Sessions that the caller may see, of one person or of all, newest first, before a position.
///
/// # Errors
/// Of the database.
pub async fn list(
    db: &Db,
    caller: &Caller,
    user_id: Option<Uuid>,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Session>, DbError> {
    let (before_time, before_id) = before.unzip();
    let rows = db
        .query(
            caller,
            "select s.id, s.user_id, s.is_active and s.expires_at > now(), s.device_type, s.user_agent, host(s.ip_address),
               s.created_at, s.last_active, s.expires_at, s.terminated_at, s.termination_reason
             from frontdesk.user_sessions s
             where s.org_id = $1 and ($2::uuid is null or s.user_id = $2)
               and ($3::timestamptz is null or (s.created_at, s.id) < ($3, $4::uuid))
             order by s.created_at desc, s.id desc limit $5",
            &[&caller.org_id(), &user_id, &before_time, &before_id, &limit],
        )
        .await?;
    let session = |row: &Row| Session {
        id: row.get(0),
        user_id: row.get(1),
        is_active: row.get(2),
        device_type: row.get(3),
        user_agent: row.get(4),
        ip_address: row.get(5),
        created_at: row.get(6),
        last_active: row.get(7),
        expires_at: row.get(8),
        terminated_at: row.get(9),
        termination_reason: row.get(10),
    };
    Ok(rows.iter().map(session).collect())
}

/// The id of the session that the caller's token belongs to.
///
/// # Errors
/// Of the database; [`DbError::Unauthenticated`] when it has ended.
pub async fn current(db: &Db, caller: &Caller) -> Result<Option<Uuid>, DbError> {
    let sql = "select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid";
    let rows = db.query(caller, sql, &[]).await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

/// Ends a session that the caller may end; answers whose it was.
///
/// # Errors
/// Of the database.
pub async fn terminate(db: &Db, caller: &Caller, id: Uuid) -> Result<Option<Uuid>, DbError> {
    let rows = db
        .query(caller, "select frontdesk.terminate_session($1)", &[&id])
        .await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}
