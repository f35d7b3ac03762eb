//! All SQL of the inbox: the view `frontdesk.inbox`, and the functions that check the caller.

use jiff::Timestamp;
use platform::db::{Caller, Db, DbError};
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{InboxCounts, InboxItem, InboxStatus};

/// Columns that [`item`] reads, in its order, of a row `i` with the view's columns.
pub const ITEM_COLUMNS: &str = "i.notification_id, i.title, i.content, i.severity, i.type, i.category, i.priority, \
                                i.action_url, i.data, i.sender_name, i.status, i.read_at, i.created_at";

/// An item from [`ITEM_COLUMNS`].
#[must_use]
pub fn item(row: &Row) -> InboxItem {
    InboxItem {
        notification_id: row.get(0),
        title: row.get(1),
        content: row.get(2),
        severity: row.get(3),
        r#type: row.get(4),
        category: row.get(5),
        priority: row.get(6),
        action_url: row.get(7),
        data: row.get(8),
        sender_name: row.get(9),
        status: row.get(10),
        read_at: row.get(11),
        created_at: row.get(12),
    }
}

/// The statement behind `GET /v1/inbox` without a filter, for the benchmark that runs it bare. Parameters: organization,
/// person, limit.
pub const FIRST_PAGE: &str = "select i.notification_id, i.title, i.content, i.severity, i.type, i.category, i.priority, \
i.action_url, i.data, i.sender_name, i.status, i.read_at, i.created_at from frontdesk.inbox i \
where i.org_id = $1 and i.recipient_id = $2 and i.status <> 'archived' \
order by i.created_at desc, i.notification_id desc limit $3";

/// The caller's inbox, newest first, before a position; without `status` all that is not archived.
///
/// # Errors
/// Of the database.
pub async fn page(
    db: &Db,
    caller: &Caller,
    status: Option<InboxStatus>,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<InboxItem>, DbError> {
    let (org_id, user_id) = (caller.org_id(), caller.user_id());
    let rows = if let (None, None) = (status, before) {
        db.query(caller, FIRST_PAGE, &[&org_id, &user_id, &limit]).await?
    } else {
        let (before_time, before_id) = before.unzip();
        let sql = format!(
            "select {ITEM_COLUMNS} from frontdesk.inbox i
             where i.org_id = $1 and i.recipient_id = $2
               and case when $3::text is null then i.status <> 'archived' else i.status = $3 end
               and ($4::timestamptz is null or (i.created_at, i.notification_id) < ($4, $5::uuid))
             order by i.created_at desc, i.notification_id desc limit $6"
        );
        let status = status.map(InboxStatus::as_str);
        db.query(
            caller,
            &sql,
            &[&org_id, &user_id, &status, &before_time, &before_id, &limit],
        )
        .await?
    };
    Ok(rows.iter().map(item).collect())
}

/// The statement behind `GET /v1/inbox/counts`. Parameters: organization, person.
pub const COUNTS: &str = "select count(*) filter (where r.status = 'unread'), count(*) \
from frontdesk.notification_recipients r \
where r.org_id = $1 and r.recipient_id = $2 and r.in_app and r.status <> 'archived'";

/// How much the caller's inbox holds.
///
/// # Errors
/// Of the database.
pub async fn counts(db: &Db, caller: &Caller) -> Result<InboxCounts, DbError> {
    let rows = db.query(caller, COUNTS, &[&caller.org_id(), &caller.user_id()]).await?;
    Ok(rows
        .first()
        .map_or(InboxCounts { unread: 0, total: 0 }, |row| InboxCounts {
            unread: row.get(0),
            total: row.get(1),
        }))
}

/// Moves one message of the caller's inbox; none when it is not there.
///
/// # Errors
/// Of the database.
pub async fn set_status(db: &Db, caller: &Caller, id: Uuid, status: InboxStatus) -> Result<Option<InboxItem>, DbError> {
    let tx = db.tenant(caller).await?;
    tx.query(
        "select frontdesk.set_inbox_status(array[$1::uuid], $2)",
        &[&id, &status.as_str()],
    )
    .await?;
    let sql = format!(
        "select {ITEM_COLUMNS} from frontdesk.inbox i where i.org_id = $1 and i.recipient_id = $2 and i.notification_id = $3"
    );
    let row = tx.query_opt(&sql, &[&caller.org_id(), &caller.user_id(), &id]).await?;
    tx.commit().await?;
    Ok(row.as_ref().map(item))
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
