//! All SQL of the delivery queue.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;
use platform::db::{Db, DbError};
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::{
    model::{Delivery, Message, Outcome},
    route::Detour,
};
use super::devices::{self, Devices};
use crate::notifications::Channel;

/// Gives what has waited long enough its turn.
///
/// # Errors
/// Of the database.
pub async fn promote(db: &Db, now: Timestamp, limit: i64) -> Result<(), DbError> {
    let sql = include_str!("../sql/promote.sql");
    db.queue_query("promote deliveries", sql, &[&now, &limit]).await?;
    Ok(())
}

/// Claims deliveries of a channel that are ready, until `lease_ends`.
///
/// # Errors
/// Of the database; nothing is then claimed, or what was comes back when the lease ends.
pub async fn claim(
    db: &Db,
    channel: Channel,
    now: Timestamp,
    lease_ends: Timestamp,
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    let rows = db
        .queue_query(
            "claim deliveries",
            include_str!("../sql/claim.sql"),
            &[&channel.as_str(), &now, &limit, &lease_ends],
        )
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let messages = messages(db, &rows).await?;
    let devices = if channel == Channel::Push {
        let (org_ids, people): (Vec<Uuid>, Vec<Uuid>) = rows
            .iter()
            .map(|row| (row.get::<_, Uuid>(0), row.get::<_, Uuid>(3)))
            .unzip();
        devices::of_people(db, &org_ids, &people).await?
    } else {
        Devices::new()
    };
    let mut tokens = unsubscribe_tokens(db, channel, &rows, &messages).await?;
    let delivery = |row: &Row| {
        let org_id = row.get(0);
        let recipient_id = row.get(3);
        Some(Delivery {
            org_id,
            log_id: row.get(1),
            message: messages.get(&(org_id, row.get(2)))?.clone(),
            recipient_id,
            attempt: row.get(4),
            attempts_before: row.get(5),
            recipient: row.get(6),
            locale: row.get(7),
            email: row.get(8),
            phone: row.get(9),
            unsubscribe_token: tokens.remove(&row.get(1)).flatten(),
            devices: devices.get(&(org_id, recipient_id)).cloned().unwrap_or_default(),
            idle: row.get(10),
        })
    };
    // A message that was deleted between the two statements took its queue rows with it.
    Ok(rows.iter().filter_map(delivery).collect())
}

/// For mails: what goes into each one's link for unsubscribing, by log row; none where there is nothing to end.
async fn unsubscribe_tokens(
    db: &Db,
    channel: Channel,
    rows: &[Row],
    messages: &HashMap<(Uuid, Uuid), Arc<Message>>,
) -> Result<HashMap<Uuid, Option<String>>, DbError> {
    if channel != Channel::Email {
        return Ok(HashMap::new());
    }
    let (mut org_ids, mut people, mut logs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut categories, mut types) = (Vec::new(), Vec::new());
    for row in rows {
        let org_id: Uuid = row.get(0);
        if let Some(message) = messages.get(&(org_id, row.get(2))) {
            org_ids.push(org_id);
            logs.push(row.get::<_, Uuid>(1));
            people.push(row.get::<_, Uuid>(3));
            categories.push(message.category.as_str());
            types.push(message.r#type.as_str());
        }
    }
    let rows = db
        .queue_query(
            "links for unsubscribing",
            "select w.log_id, frontdesk.unsubscribe_token(w.org_id, w.person_id, w.category, w.type)
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])
               as w (org_id, log_id, person_id, category, type)",
            &[&org_ids, &logs, &people, &categories, &types],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What is to be said: each message of a batch once, however many people it is for.
async fn messages(db: &Db, claimed: &[Row]) -> Result<HashMap<(Uuid, Uuid), Arc<Message>>, DbError> {
    let wanted: HashSet<(Uuid, Uuid)> = claimed.iter().map(|row| (row.get(0), row.get(2))).collect();
    let (org_ids, ids): (Vec<Uuid>, Vec<Uuid>) = wanted.into_iter().unzip();
    let rows = db
        .queue_query(
            "messages to deliver",
            include_str!("../sql/messages.sql"),
            &[&org_ids, &ids],
        )
        .await?;
    let message = |row: &Row| {
        let message = Message {
            org_id: row.get(0),
            id: row.get(1),
            title: row.get(2),
            content: row.get(3),
            action_url: row.get(4),
            severity: row.get(5),
            r#type: row.get(6),
            category: row.get(7),
            priority: row.get(8),
            data: row.get(9),
            state: row.get(10),
            created_at: row.get(11),
            expires_at: row.get(12),
            organization: row.get(13),
            locale: row.get(14),
            contents: row.get(15),
        };
        ((message.org_id, message.id), Arc::new(message))
    };
    Ok(rows.iter().map(message).collect())
}

/// What came of a delivery, and when to try again.
pub struct Completed {
    pub org_id: Uuid,
    pub log_id: Uuid,
    pub notification_id: Uuid,
    pub channel: Channel,
    pub attempt: i16,
    pub provider: Option<String>,
    pub outcome: Outcome,
    pub detours: Vec<Detour>,
    pub next_due: Option<Timestamp>,
}

impl Completed {
    /// The outcome in a word, for metrics.
    pub fn label(&self) -> &'static str {
        match &self.outcome {
            Outcome::Sent(_) => "sent",
            Outcome::Bounced { .. } => "bounced",
            Outcome::Failed { .. } => "failed",
            Outcome::Skipped { .. } => "skipped",
            Outcome::Retry { .. } | Outcome::Unavailable { .. } if self.next_due.is_none() => "failed",
            Outcome::Retry { .. } | Outcome::Unavailable { .. } => "retry",
        }
    }
}

/// Records what came of claimed deliveries.
///
/// # Errors
/// Of the database; nothing is then recorded.
pub async fn complete(db: &Db, completed: &[Completed], now: Timestamp) -> Result<(), DbError> {
    if completed.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    let mut detours = Detours::default();
    for one in completed {
        columns.push(one);
        detours.push(one);
    }
    db.queue_query(
        "complete deliveries",
        include_str!("../sql/complete.sql"),
        &[
            &columns.org_ids,
            &columns.log_ids,
            &columns.attempts,
            &columns.statuses,
            &columns.reasons,
            &columns.messages,
            &columns.external_ids,
            &columns.next_due,
            &columns.providers,
            &columns.answers,
            &columns.units,
            &now,
            &detours.org_ids,
            &detours.log_ids,
            &detours.providers,
            &detours.messages,
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
    db.queue_query(
        "give back deliveries",
        include_str!("../sql/give_back.sql"),
        &[&org_ids, &log_ids, &attempts],
    )
    .await?;
    Ok(())
}

/// Providers that were tried and passed over, as columns.
#[derive(Default)]
struct Detours<'a> {
    org_ids: Vec<Uuid>,
    log_ids: Vec<Uuid>,
    providers: Vec<&'a str>,
    messages: Vec<&'a str>,
}

impl<'a> Detours<'a> {
    fn push(&mut self, one: &'a Completed) {
        for detour in &one.detours {
            self.org_ids.push(one.org_id);
            self.log_ids.push(one.log_id);
            self.providers.push(&detour.provider);
            self.messages.push(&detour.message);
        }
    }
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
    providers: Vec<Option<&'a str>>,
    answers: Vec<Option<&'a str>>,
    units: Vec<Option<i16>>,
}

impl<'a> Columns<'a> {
    fn push(&mut self, one: &'a Completed) {
        let mut receipt = None;
        let (status, reason, message) = match &one.outcome {
            Outcome::Sent(given) => {
                receipt = Some(given);
                ("sent", None, None)
            }
            Outcome::Bounced { message } => ("bounced", Some("refused_by_server"), Some(message.as_str())),
            Outcome::Failed { reason, message } => ("failed", Some(*reason), Some(message.as_str())),
            Outcome::Skipped { reason } => ("skipped", Some(*reason), None),
            Outcome::Retry { message, .. } | Outcome::Unavailable { message, .. } if one.next_due.is_none() => {
                ("failed", Some("attempts_exhausted"), Some(message.as_str()))
            }
            Outcome::Retry { message, .. } | Outcome::Unavailable { message, .. } => {
                ("pending", Some("retrying"), Some(message.as_str()))
            }
        };
        self.org_ids.push(one.org_id);
        self.log_ids.push(one.log_id);
        self.attempts.push(one.attempt);
        self.statuses.push(status);
        self.reasons.push(reason);
        self.messages.push(message);
        self.external_ids
            .push(receipt.and_then(|receipt| receipt.external_id.as_deref()));
        self.next_due.push(one.next_due);
        self.providers.push(one.provider.as_deref());
        self.answers.push(receipt.and_then(|receipt| receipt.answer.as_deref()));
        self.units.push(receipt.and_then(|receipt| receipt.units));
    }
}
