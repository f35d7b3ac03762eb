//! Writing, editing, sending and calling off a message, and what happened to it.

use platform::db::{Caller, Db, DbError, TenantTx};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::notifications::{answer::HistoryEntry, audience::Audience, model::Draft};

/// Writes a notification. What the sender left open comes from the tier's policy.
///
/// # Errors
/// Of the database.
pub async fn insert(
    tx: &TenantTx,
    caller: &Caller,
    id: Uuid,
    draft: &Draft,
    audience: &Audience,
    available: &[&'static str],
) -> Result<(), DbError> {
    let channels = channel_words(draft);
    let (entity_type, entity_id) = related_entity(draft);
    tx.execute(
        "insert into frontdesk.notifications (org_id, id, title, content, severity, type, category, priority, channels,
           asked_channels, steps, acknowledgement, audience, sender_id, related_entity_type, related_entity_id, action_url,
           data, scheduled_for, expires_at, state, template, contents)
         select $1, $2, $3, $4, $5, $6, $7, $8, p.channels, $9, p.steps, p.acknowledgement, $12, $13, $14, $15, $16, $17,
           $18, $19, $20, $21, $22
         from frontdesk.plan_message($1, $7, $9, $10, $11) p",
        &[
            &caller.org_id(),
            &id,
            &draft.title,
            &draft.content,
            &draft.severity.as_str(),
            &draft.r#type,
            &draft.category.as_str(),
            &draft.priority.as_str(),
            &channels,
            &draft.acknowledgement,
            &available,
            &audience.0,
            &caller.user_id(),
            &entity_type,
            &entity_id,
            &draft.action_url,
            &draft.data,
            &draft.scheduled_for,
            &draft.expires_at,
            &if draft.draft { "draft" } else { "scheduled" },
            &draft.composed.as_ref().map(|composed| &composed.template),
            &draft.composed.as_ref().map(|composed| &composed.contents),
        ],
    )
    .await?;
    Ok(())
}

fn channel_words(draft: &Draft) -> Option<Vec<&'static str>> {
    let channels = draft.channels.as_ref()?;
    Some(channels.iter().map(|channel| channel.as_str()).collect())
}

fn related_entity(draft: &Draft) -> (Option<&String>, Option<Uuid>) {
    draft
        .related_entity
        .as_ref()
        .map(|entity| (&entity.r#type, entity.id))
        .unzip()
}

/// A message that is about to be edited, locked: its state, its version, and the channels that its sender named.
pub struct Editable {
    pub state: String,
    pub version: i32,
    pub asked_channels: Option<Vec<String>>,
}

/// Locks a message for an edit; none when there is none.
///
/// # Errors
/// Of the database.
pub async fn lock(tx: &TenantTx, org_id: Uuid, id: Uuid) -> Result<Option<Editable>, DbError> {
    let row = tx
        .query_opt(
            "select n.state, n.version, n.asked_channels from frontdesk.notifications n
             where n.org_id = $1 and n.id = $2 for update",
            &[&org_id, &id],
        )
        .await?;
    Ok(row.map(|row| Editable {
        state: row.get(0),
        version: row.get(1),
        asked_channels: row.get(2),
    }))
}

/// Writes the edited text of a message that [`lock`] has found to be editable.
///
/// # Errors
/// Of the database.
pub async fn update(
    tx: &TenantTx,
    org_id: Uuid,
    id: Uuid,
    draft: &Draft,
    audience: &Audience,
    available: &[&'static str],
) -> Result<(), DbError> {
    let channels = channel_words(draft);
    let (entity_type, entity_id) = related_entity(draft);
    tx.execute(
        "update frontdesk.notifications n
         set title = $3, content = $4, severity = $5, type = $6, category = $7, priority = $8, channels = p.channels,
           asked_channels = $9, steps = p.steps, acknowledgement = p.acknowledgement, audience = $12,
           related_entity_type = $13, related_entity_id = $14, action_url = $15, data = $16, scheduled_for = $17,
           expires_at = $18, state = $19, template = $20, contents = $21
         from frontdesk.plan_message($1, $7, $9, $10, $11) p
         where n.org_id = $1 and n.id = $2",
        &[
            &org_id,
            &id,
            &draft.title,
            &draft.content,
            &draft.severity.as_str(),
            &draft.r#type,
            &draft.category.as_str(),
            &draft.priority.as_str(),
            &channels,
            &draft.acknowledgement,
            &available,
            &audience.0,
            &entity_type,
            &entity_id,
            &draft.action_url,
            &draft.data,
            &draft.scheduled_for,
            &draft.expires_at,
            &if draft.draft { "draft" } else { "scheduled" },
            &draft.composed.as_ref().map(|composed| &composed.template),
            &draft.composed.as_ref().map(|composed| &composed.contents),
        ],
    )
    .await?;
    Ok(())
}

/// Calls a message off; the state that it had, none when there is no such message.
///
/// # Errors
/// [`DbError::Conflict`] when nothing is left to call off.
pub async fn cancel(tx: &TenantTx, id: Uuid) -> Result<Option<String>, DbError> {
    let row = tx.query_one("select frontdesk.cancel_notification($1)", &[&id]).await?;
    Ok(row.get(0))
}

/// What happened to a message, oldest first, after a position.
///
/// # Errors
/// Of the database.
pub async fn history(
    db: &Db,
    caller: &Caller,
    id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<HistoryEntry>, DbError> {
    let rows = db
        .query(
            caller,
            "select h.id, h.event, h.actor_id, p.name, h.detail, h.created_at from frontdesk.notification_history h
             left join frontdesk.profiles p on p.org_id = h.org_id and p.id = h.actor_id
             where h.org_id = $1 and h.notification_id = $2 and ($3::uuid is null or h.id > $3)
             order by h.id limit $4",
            &[&caller.org_id(), &id, &after, &limit],
        )
        .await?;
    let entry = |row: &Row| HistoryEntry {
        id: row.get(0),
        event: row.get(1),
        actor_id: row.get(2),
        actor_name: row.get(3),
        detail: row.get(4),
        created_at: row.get(5),
    };
    Ok(rows.iter().map(entry).collect())
}
