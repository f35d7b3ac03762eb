//! All SQL of realtime: tickets, and websocket deliveries that are open.

use std::sync::Arc;

use jiff::Timestamp;
use platform::db::{Caller, Db, DbError, Person};
use serde_json::json;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::inbox::{self, InboxItem};

/// A websocket delivery that is not acknowledged yet.
pub struct Open {
    pub org_id: Uuid,
    pub recipient_id: Uuid,
    pub log_id: Uuid,
    pub item: InboxItem,
}

impl Open {
    /// As the device gets it.
    pub fn frame(&self) -> Arc<str> {
        json!({"type": "notification.created", "delivery_id": self.log_id, "notification": self.item})
            .to_string()
            .into()
    }
}

const FROM: &str = "from frontdesk.notification_logs l
join frontdesk.notification_recipients r
  on r.org_id = l.org_id and r.notification_id = l.notification_id and r.recipient_id = l.recipient_id
join frontdesk.notifications n on n.org_id = l.org_id and n.id = l.notification_id
left join frontdesk.profiles s on s.org_id = n.org_id and s.id = n.sender_id";

/// Open deliveries with what the device shows, as [`open`] reads them; a condition follows.
fn open_deliveries() -> String {
    format!(
        "select l.org_id, l.recipient_id, l.id, {} {FROM}",
        inbox::RECIPIENT_COLUMNS
    )
}

fn open(row: &Row) -> Open {
    Open {
        org_id: row.get(0),
        recipient_id: row.get(1),
        log_id: row.get(2),
        item: inbox::item_at(row, 3),
    }
}

/// Deliveries that these people have not been sent yet, oldest first; none for those whose membership has ended.
///
/// # Errors
/// Of the database.
pub async fn pending(
    db: &Db,
    org_ids: &[Uuid],
    user_ids: &[Uuid],
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Open>, DbError> {
    let sql = format!(
        "{} join unnest($1::uuid[], $2::uuid[]) c (org_id, user_id) on l.org_id = c.org_id and l.recipient_id = c.user_id
         join frontdesk.profiles p on p.org_id = l.org_id and p.id = l.recipient_id and p.status = 'active'
         where l.channel = 'websocket' and l.status = 'pending' and n.expires_at > $3
         order by l.id limit $4",
        open_deliveries()
    );
    let rows = db
        .system_query("realtime: what is pending", &sql, &[&org_ids, &user_ids, &now, &limit])
        .await?;
    Ok(rows.iter().map(open).collect())
}

/// Deliveries that a person who just connected has not acknowledged, oldest first, after a position.
///
/// # Errors
/// Of the database.
pub async fn unacknowledged(
    db: &Db,
    person: &Person,
    now: Timestamp,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Open>, DbError> {
    let sql = format!(
        "{} where l.org_id = $1 and l.recipient_id = $2 and l.channel = 'websocket' and l.status in ('pending', 'sent')
           and n.expires_at > $3 and ($4::uuid is null or l.id > $4)
         order by l.id limit $5",
        open_deliveries()
    );
    let rows = db
        .system_query(
            "realtime: replay",
            &sql,
            &[&person.org_id, &person.user_id, &now, &after, &limit],
        )
        .await?;
    Ok(rows.iter().map(open).collect())
}

/// Records that deliveries were handed to a device.
///
/// # Errors
/// Of the database.
pub async fn mark_sent(db: &Db, sent: &[&Open], now: Timestamp) -> Result<(), DbError> {
    if sent.is_empty() {
        return Ok(());
    }
    let (org_ids, log_ids): (Vec<_>, Vec<_>) = sent.iter().map(|one| (one.org_id, one.log_id)).unzip();
    db.system_query(
        "realtime: sent",
        "update frontdesk.notification_logs l set status = 'sent', sent_at = $3
         from unnest($1::uuid[], $2::uuid[]) s (org_id, id)
         where l.org_id = s.org_id and l.id = s.id and l.status = 'pending'",
        &[&org_ids, &log_ids, &now],
    )
    .await?;
    Ok(())
}

/// Records what a person's device acknowledged; answers the notifications concerned.
///
/// # Errors
/// Of the database; [`DbError::Unauthenticated`] when their membership has ended.
pub async fn acknowledge(db: &Db, caller: &Caller, log_ids: &[Uuid]) -> Result<Vec<Uuid>, DbError> {
    let tx = db.tenant(caller).await?;
    tx.query("select frontdesk.acknowledge_deliveries($1)", &[&log_ids])
        .await?;
    let rows = tx
        .query(
            "select distinct l.notification_id from frontdesk.notification_logs l
             where l.org_id = $1 and l.id = any ($2) and l.recipient_id = $3",
            &[&caller.org_id(), &log_ids, &caller.user_id()],
        )
        .await?;
    tx.commit().await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Keeps a ticket (its hash) for the caller.
///
/// # Errors
/// Of the database.
pub async fn add_ticket(db: &Db, caller: &Caller, hash: &[u8], expires_at: Timestamp) -> Result<(), DbError> {
    db.query(
        caller,
        "insert into frontdesk.realtime_tickets (org_id, secret_hash, profile_id, expires_at) values ($1, $2, $3, $4)",
        &[&caller.org_id(), &hash, &caller.user_id(), &expires_at],
    )
    .await?;
    Ok(())
}

/// Takes a ticket: whose it was, once.
///
/// # Errors
/// Of the database.
pub async fn take_ticket(db: &Db, org_id: Uuid, hash: &[u8], now: Timestamp) -> Result<Option<Person>, DbError> {
    let rows = db
        .system_query(
            "realtime: ticket",
            "delete from frontdesk.realtime_tickets where org_id = $1 and secret_hash = $2 returning profile_id, expires_at > $3",
            &[&org_id, &hash, &now],
        )
        .await?;
    Ok(rows
        .first()
        .filter(|row| row.get(1))
        .map(|row| Person::new(org_id, row.get(0))))
}

/// Removes tickets that nobody took.
///
/// # Errors
/// Of the database.
pub async fn forget_old_tickets(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.system_query(
        "realtime: old tickets",
        "delete from frontdesk.realtime_tickets where expires_at <= $1",
        &[&now],
    )
    .await?;
    Ok(())
}

/// What the person's role is and how many messages they have not read, for the greeting.
///
/// # Errors
/// Of the database; [`DbError::Unauthenticated`] when their membership has ended.
pub async fn greeting(db: &Db, caller: &Caller) -> Result<(String, i64), DbError> {
    let tx = db.tenant(caller).await?;
    let role = tx.role().to_owned();
    tx.commit().await?;
    let counts = inbox::counts(db, caller).await?;
    Ok((role, counts.unread))
}
