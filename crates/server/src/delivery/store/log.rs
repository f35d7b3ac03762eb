//! What became of deliveries: timelines, dead letters, and taking them up again.

use jiff::Timestamp;
use platform::db::{Caller, Db, DbError};
use serde::Serialize;
use tokio_postgres::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::notifications::Channel;

/// What happened to one person's deliveries of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// Oldest first.
    pub items: Vec<TimelineEntry>,
}

/// One thing that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The delivery's id.
    pub delivery_id: Uuid,
    /// The channel.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// `planned`, `attempt`, `callback` (the provider reported it later), `redrive` (taken up again) or `delivered`.
    pub kind: String,
    /// The delivery's state after it.
    pub status: String,
    /// The attempt's number, from 1.
    pub attempt: Option<i16>,
    /// Why, as a stable word.
    pub reason: Option<String>,
    /// Which of the channel's providers.
    pub provider: Option<String>,
    /// What the provider said.
    pub message: Option<String>,
    /// The provider's name for it.
    pub external_id: Option<String>,
}

/// What happened to one person's deliveries; none when the person is no recipient.
///
/// # Errors
/// Of the database.
pub async fn timeline(
    db: &Db,
    caller: &Caller,
    notification_id: Uuid,
    recipient_id: Uuid,
) -> Result<Option<Timeline>, DbError> {
    let rows = db
        .query(
            caller,
            include_str!("../sql/timeline.sql"),
            &[&caller.org_id(), &notification_id, &recipient_id],
        )
        .await?;
    let entry = |row: &Row| TimelineEntry {
        at: row.get(0),
        delivery_id: row.get(1),
        channel: row.get(2),
        kind: row.get(3),
        status: row.get(4),
        attempt: row.get(5),
        reason: row.get(6),
        provider: row.get(7),
        message: row.get(8),
        external_id: row.get(9),
    };
    let items: Vec<_> = rows.iter().map(entry).collect();
    Ok((!items.is_empty()).then_some(Timeline { items }))
}

/// Which dead letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeadFilter<'a> {
    /// Of this notification.
    pub notification_id: Option<Uuid>,
    /// Of this channel.
    pub channel: Option<&'a str>,
    /// For this reason.
    pub reason: Option<&'a str>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeadLetter {
    /// The delivery's id.
    pub id: Uuid,
    /// The message.
    pub notification_id: Uuid,
    /// Its title.
    pub title: String,
    /// Whom it was for.
    pub recipient_id: Uuid,
    /// Their name.
    pub recipient: String,
    /// The channel.
    #[schema(value_type = Channel)]
    pub channel: String,
    /// Why, as a stable word.
    pub reason: Option<String>,
    /// What went wrong.
    pub error_message: Option<String>,
    /// Who had it last.
    pub provider: Option<String>,
    /// Attempts after the first.
    pub retry_count: i16,
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    pub failed_at: Timestamp,
}

/// Dead letters of the caller's organization, the latest first.
///
/// # Errors
/// Of the database.
pub async fn dead_letters(
    db: &Db,
    caller: &Caller,
    filter: &DeadFilter<'_>,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<DeadLetter>, DbError> {
    let (before, before_id) = after.unzip();
    let rows = db
        .query(
            caller,
            "select l.id, l.notification_id, n.title, l.recipient_id, p.name, l.channel, l.reason, l.error_message, l.provider,
               l.retry_count, l.failed_at
             from frontdesk.notification_logs l
             join frontdesk.notifications n on n.org_id = l.org_id and n.id = l.notification_id
             join frontdesk.profiles p on p.org_id = l.org_id and p.id = l.recipient_id
             where l.org_id = $1 and l.status = 'failed' and l.channel <> 'websocket' and l.failed_at is not null
               and ($2::uuid is null or l.notification_id = $2) and ($3::text is null or l.channel = $3)
               and ($4::text is null or l.reason = $4)
               and ($5::timestamptz is null or (l.failed_at, l.id) < ($5, $6::uuid))
             order by l.failed_at desc, l.id desc limit $7",
            &[
                &caller.org_id(),
                &filter.notification_id,
                &filter.channel,
                &filter.reason,
                &before,
                &before_id,
                &limit,
            ],
        )
        .await?;
    let letter = |row: &Row| DeadLetter {
        id: row.get(0),
        notification_id: row.get(1),
        title: row.get(2),
        recipient_id: row.get(3),
        recipient: row.get(4),
        channel: row.get(5),
        reason: row.get(6),
        error_message: row.get(7),
        provider: row.get(8),
        retry_count: row.get(9),
        failed_at: row.get(10),
    };
    Ok(rows.iter().map(letter).collect())
}

/// Takes dead letters of the caller's organization up again; answers how many.
///
/// # Errors
/// Of the database.
pub async fn redrive(db: &Db, caller: &Caller, filter: &DeadFilter<'_>, ids: Option<&[Uuid]>) -> Result<i32, DbError> {
    let rows = db
        .query(
            caller,
            "select frontdesk.redrive_deliveries($1, $2, $3, $4)",
            &[&filter.notification_id, &filter.channel, &filter.reason, &ids],
        )
        .await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// The same for a command, of any organization, and all of them however many.
///
/// # Errors
/// Of the database; what was taken up before stays so.
pub async fn redrive_all(db: &Db, org_id: Uuid, filter: &DeadFilter<'_>) -> Result<i64, DbError> {
    let mut total = 0;
    loop {
        let rows = db
            .system_query(
                "redrive deliveries",
                "select frontdesk.redrive($1, $2, $3, $4, null, 10000)",
                &[&org_id, &filter.notification_id, &filter.channel, &filter.reason],
            )
            .await?;
        let count: i32 = rows.first().map_or(0, |row| row.get(0));
        total += i64::from(count);
        if count < 10_000 {
            return Ok(total);
        }
    }
}

/// How many dead letters an organization has, by channel and reason, the most frequent first.
///
/// # Errors
/// Of the database.
pub async fn count_dead(db: &Db, org_id: Uuid) -> Result<Vec<(String, String, i64)>, DbError> {
    let rows = db
        .system_query(
            "count dead letters",
            "select l.channel, coalesce(l.reason, ''), count(*) from frontdesk.notification_logs l
             where l.org_id = $1 and l.status = 'failed' and l.channel <> 'websocket' group by 1, 2 order by 3 desc, 1, 2",
            &[&org_id],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}
