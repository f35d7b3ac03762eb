//! All SQL of the delivery queue.

use jiff::Timestamp;
use platform::db::{Db, DbError};
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{Delivery, Outcome};
use crate::notifications::Channel;

/// Claims due deliveries of a channel until `lease_ends`.
///
/// # Errors
/// Of the database; nothing is then claimed.
pub async fn claim(
    db: &Db,
    channel: Channel,
    now: Timestamp,
    lease_ends: Timestamp,
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    let rows = db
        .system_query(
            "claim deliveries",
            include_str!("sql/claim.sql"),
            &[&channel.as_str(), &now, &limit, &lease_ends],
        )
        .await?;
    let delivery = |row: &Row| Delivery {
        org_id: row.get(0),
        log_id: row.get(1),
        notification_id: row.get(2),
        attempt: row.get(3),
        organization: row.get(4),
        locale: row.get(5),
        title: row.get(6),
        content: row.get(7),
        action_url: row.get(8),
        expires_at: row.get(9),
        recipient: row.get(10),
        email: row.get(11),
    };
    Ok(rows.iter().map(delivery).collect())
}

/// What came of a delivery, and when to try again.
pub struct Completed {
    pub org_id: Uuid,
    pub log_id: Uuid,
    pub attempt: i16,
    pub outcome: Outcome,
    pub next_due: Option<Timestamp>,
}

/// Records what came of claimed deliveries.
///
/// # Errors
/// Of the database; nothing is then recorded.
pub async fn complete(db: &Db, completed: &[Completed], now: Timestamp) -> Result<(), DbError> {
    let mut columns = Columns::default();
    for one in completed {
        columns.push(one);
    }
    db.system_query(
        "complete deliveries",
        include_str!("sql/complete.sql"),
        &[
            &columns.org_ids,
            &columns.log_ids,
            &columns.attempts,
            &columns.statuses,
            &columns.reasons,
            &columns.messages,
            &columns.external_ids,
            &columns.next_due,
            &now,
        ],
    )
    .await?;
    Ok(())
}

/// Ends the claims of deliveries that were not begun, as if they had not been made: another worker can take them at once.
///
/// # Errors
/// Of the database; they then come back when the lease ends.
pub async fn give_back(db: &Db, left: &[Delivery]) -> Result<(), DbError> {
    if left.is_empty() {
        return Ok(());
    }
    let org_ids: Vec<_> = left.iter().map(|delivery| delivery.org_id).collect();
    let log_ids: Vec<_> = left.iter().map(|delivery| delivery.log_id).collect();
    let attempts: Vec<_> = left.iter().map(|delivery| delivery.attempt).collect();
    db.system_query(
        "give back deliveries",
        "update frontdesk.delivery_queue q set leased_until = null, attempts = q.attempts - 1
         from unnest($1::uuid[], $2::uuid[], $3::smallint[]) r (org_id, log_id, attempt)
         where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt",
        &[&org_ids, &log_ids, &attempts],
    )
    .await?;
    Ok(())
}

#[derive(Default)]
struct Columns<'a> {
    org_ids: Vec<Uuid>,
    log_ids: Vec<Uuid>,
    attempts: Vec<i16>,
    statuses: Vec<&'static str>,
    reasons: Vec<Option<&'static str>>,
    messages: Vec<Option<&'a str>>,
    external_ids: Vec<Option<&'a str>>,
    next_due: Vec<Option<Timestamp>>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, one: &'a Completed) {
        let (status, reason, message, external_id) = match &one.outcome {
            Outcome::Sent { external_id } => ("sent", None, None, external_id.as_deref()),
            Outcome::Bounced { message } => ("bounced", Some("refused_by_server"), Some(message.as_str()), None),
            Outcome::Failed { reason, message } => ("failed", Some(*reason), Some(message.as_str()), None),
            Outcome::Skipped { reason } => ("skipped", Some(*reason), None, None),
            Outcome::Retry { message, .. } if one.next_due.is_none() => {
                ("failed", Some("attempts_exhausted"), Some(message.as_str()), None)
            }
            Outcome::Retry { message, .. } => ("pending", Some("retrying"), Some(message.as_str()), None),
        };
        self.org_ids.push(one.org_id);
        self.log_ids.push(one.log_id);
        self.attempts.push(one.attempt);
        self.statuses.push(status);
        self.reasons.push(reason);
        self.messages.push(message);
        self.external_ids.push(external_id);
        self.next_due.push(one.next_due);
    }
}
