//! All SQL of the inbox: the view `frontdesk.inbox`, and the functions that check the caller.

use jiff::Timestamp;
use platform::db::{Caller, Db, DbError, TenantTx};
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{InboxCounts, InboxFilter, InboxItem, InboxStatus};

/// Columns that [`item`] reads, in its order, of a row `i` with the view's columns.
const ITEM_COLUMNS: &str = "i.notification_id, i.title, i.content, i.severity, i.type, i.category, i.priority, \
                            i.action_url, i.data, i.sender_name, i.status, i.read_at, i.created_at, i.seen_at, \
                            i.snoozed_until, i.acknowledgement, i.acknowledged_at";

/// The same out of a recipient row `r`, its notification `n` and the sender's profile `s`, for those who read inboxes of
/// others (realtime).
pub const RECIPIENT_COLUMNS: &str = "n.id, \
case when n.contents is null then n.title \
  else coalesce(frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,title}', n.title) end, \
case when n.contents is null then n.content \
  else coalesce(frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,content}', n.content) end, \
n.severity, n.type, n.category, n.priority, n.action_url, \
                                     n.data, s.name, r.status, r.read_at, r.created_at, r.seen_at, r.snoozed_until, \
                                     r.acknowledgement, r.acknowledged_at";

/// An item from those columns, the first of which is number `first` of the row.
#[must_use]
pub fn item_at(row: &Row, first: usize) -> InboxItem {
    InboxItem {
        notification_id: row.get(first),
        title: row.get(first + 1),
        content: row.get(first + 2),
        severity: row.get(first + 3),
        r#type: row.get(first + 4),
        category: row.get(first + 5),
        priority: row.get(first + 6),
        action_url: row.get(first + 7),
        data: row.get(first + 8),
        sender_name: row.get(first + 9),
        status: row.get(first + 10),
        read_at: row.get(first + 11),
        created_at: row.get(first + 12),
        seen_at: row.get(first + 13),
        snoozed_until: row.get(first + 14),
        acknowledgement: row.get(first + 15),
        acknowledged_at: row.get(first + 16),
    }
}

fn item(row: &Row) -> InboxItem {
    item_at(row, 0)
}

/// The statement behind `GET /v1/inbox` without a filter, for the benchmark that runs it bare. Parameters: organization,
/// person, limit.
pub const FIRST_PAGE: &str = "select i.notification_id, i.title, i.content, i.severity, i.type, i.category, i.priority, \
i.action_url, i.data, i.sender_name, i.status, i.read_at, i.created_at, i.seen_at, i.snoozed_until, i.acknowledgement, \
i.acknowledged_at from frontdesk.inbox i \
where i.org_id = $1 and i.recipient_id = $2 and i.status <> 'archived' \
and (i.snoozed_until is null or i.snoozed_until <= now()) \
order by i.created_at desc, i.notification_id desc limit $3";

/// The caller's inbox, newest first, before a position.
///
/// # Errors
/// Of the database.
pub async fn page(
    db: &Db,
    caller: &Caller,
    filter: &InboxFilter,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<InboxItem>, DbError> {
    let (org_id, user_id) = (caller.org_id(), caller.user_id());
    let rows = if before.is_none() && filter.is_plain() {
        db.query(caller, FIRST_PAGE, &[&org_id, &user_id, &limit]).await?
    } else {
        let (before_time, before_id) = before.unzip();
        let sql = format!(
            "select {ITEM_COLUMNS} from frontdesk.inbox i
             where i.org_id = $1 and i.recipient_id = $2
               and case when $3::text is null then i.status <> 'archived' else i.status = $3 end
               and ($4::timestamptz is null or (i.created_at, i.notification_id) < ($4, $5::uuid))
               and coalesce(i.snoozed_until > now(), false) = $7
               and ($8::text is null or i.category = $8) and ($9::text is null or i.type = $9)
               and (not $10 or i.acknowledgement and i.acknowledged_at is null)
             order by i.created_at desc, i.notification_id desc limit $6"
        );
        let status = filter.status.map(InboxStatus::as_str);
        db.query(
            caller,
            &sql,
            &[
                &org_id,
                &user_id,
                &status,
                &before_time,
                &before_id,
                &limit,
                &filter.snoozed,
                &filter.category,
                &filter.r#type,
                &filter.unacknowledged,
            ],
        )
        .await?
    };
    Ok(rows.iter().map(item).collect())
}

/// The statement behind `GET /v1/inbox/counts`. Parameters: organization, person.
pub const COUNTS: &str = "select count(*) filter (where r.status = 'unread' and h.shown), \
count(*) filter (where h.shown), count(*) filter (where r.seen_at is null and h.shown), \
count(*) filter (where not h.shown), \
count(*) filter (where r.acknowledgement and r.acknowledged_at is null and h.shown) \
from frontdesk.notification_recipients r \
cross join lateral (select r.snoozed_until is null or r.snoozed_until <= now() as shown) h \
where r.org_id = $1 and r.recipient_id = $2 and r.in_app and r.status <> 'archived'";

/// How much the caller's inbox holds.
///
/// # Errors
/// Of the database.
pub async fn counts(db: &Db, caller: &Caller) -> Result<InboxCounts, DbError> {
    let rows = db.query(caller, COUNTS, &[&caller.org_id(), &caller.user_id()]).await?;
    let count = |index| rows.first().map_or(0, |row: &Row| row.get(index));
    Ok(InboxCounts {
        unread: count(0),
        total: count(1),
        unseen: count(2),
        snoozed: count(3),
        unacknowledged: count(4),
    })
}

/// One message of the caller's inbox; none when it is not there.
///
/// # Errors
/// Of the database.
pub async fn get(tx: &TenantTx, caller: &Caller, id: Uuid) -> Result<Option<InboxItem>, DbError> {
    let sql = format!(
        "select {ITEM_COLUMNS} from frontdesk.inbox i where i.org_id = $1 and i.recipient_id = $2 and i.notification_id = $3"
    );
    let row = tx.query_opt(&sql, &[&caller.org_id(), &caller.user_id(), &id]).await?;
    Ok(row.as_ref().map(item))
}

/// Moves one message of the caller's inbox.
///
/// # Errors
/// Of the database.
pub async fn set_status(tx: &TenantTx, id: Uuid, status: InboxStatus) -> Result<(), DbError> {
    let sql = "select frontdesk.set_inbox_status(array[$1::uuid], $2)";
    tx.query(sql, &[&id, &status.as_str()]).await?;
    Ok(())
}

/// Hides one message of the caller's inbox until then, or shows it again.
///
/// # Errors
/// Of the database.
pub async fn snooze(tx: &TenantTx, id: Uuid, until: Option<Timestamp>) -> Result<(), DbError> {
    let sql = "select frontdesk.snooze_inbox(array[$1::uuid], $2)";
    tx.query(sql, &[&id, &until]).await?;
    Ok(())
}

/// The caller has noticed these messages, or all; answers how many were new to them.
///
/// # Errors
/// Of the database.
pub async fn mark_seen(db: &Db, caller: &Caller, ids: Option<&[Uuid]>) -> Result<i32, DbError> {
    let rows = db
        .query(caller, "select frontdesk.mark_inbox_seen($1)", &[&ids])
        .await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// The caller takes note of a message; when that was first, none when it is not for them.
///
/// # Errors
/// Of the database.
pub async fn acknowledge(db: &Db, caller: &Caller, id: Uuid) -> Result<Option<Timestamp>, DbError> {
    let rows = db
        .query(caller, "select frontdesk.acknowledge_notification($1)", &[&id])
        .await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

/// Moves these messages of the caller's, or all that are not archived; answers how many changed.
///
/// # Errors
/// Of the database.
pub async fn mark(db: &Db, caller: &Caller, ids: Option<&[Uuid]>, status: InboxStatus) -> Result<i32, DbError> {
    let rows = db
        .query(caller, "select frontdesk.mark_inbox($1, $2)", &[&ids, &status.as_str()])
        .await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

/// Marks all of the caller's unread messages as read; answers how many.
///
/// # Errors
/// Of the database.
pub async fn read_all(db: &Db, caller: &Caller) -> Result<i32, DbError> {
    let rows = db
        .query(caller, "select frontdesk.set_inbox_status(null, 'read')", &[])
        .await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}
