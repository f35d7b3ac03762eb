//! All SQL of notifications: here whom they are for and how they stand; beside it writing them, their policies, the answers
//! to idempotent requests, and the expander's.

pub mod expansion;
pub mod idempotency;
pub mod lifecycle;
pub mod policies;

use std::collections::BTreeMap;

use jiff::Timestamp;
use platform::{
    db::{Caller, Db, DbError, TenantTx},
    http::FieldError,
};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    answer::{Notification, Progress, Recipient, RecipientCounts, StatusCounts},
    audience::{Audience, AudienceRequest, Preview, Sample},
    model::{DeliveryLog, RelatedEntity},
};

/// Resolves the references of an audience within the caller's organization.
///
/// The inner error names each reference that leads nowhere.
///
/// # Errors
/// Of the database.
pub async fn resolve(
    tx: &TenantTx,
    org_id: Uuid,
    asked: &AudienceRequest,
) -> Result<Result<Audience, Vec<FieldError>>, DbError> {
    let mut errors = Vec::new();
    let classes = resolve_list(tx, org_id, "classes", asked.classes.as_deref(), &mut errors).await?;
    let grades = resolve_list(tx, org_id, "grades", asked.grades.as_deref(), &mut errors).await?;
    let schools = resolve_list(tx, org_id, "schools", asked.schools.as_deref(), &mut errors).await?;
    if let Some(people) = &asked.people {
        let rows = tx
            .query(
                "select u.n from unnest($2::uuid[]) with ordinality u (id, n)
                 where not exists (select from frontdesk.profiles p where p.org_id = $1 and p.id = u.id and p.status = 'active')
                 order by u.n limit 20",
                &[&org_id, people],
            )
            .await?;
        for row in rows {
            let index = row.get::<_, i64>(0) - 1;
            errors.push(FieldError::new(
                format!("audience.people[{index}]"),
                "nobody active in this organization has this id",
            ));
        }
    }
    if errors.is_empty() {
        Ok(Ok(Audience::resolved(asked, classes, grades, schools)))
    } else {
        Ok(Err(errors))
    }
}

async fn resolve_list(
    tx: &TenantTx,
    org_id: Uuid,
    table: &'static str,
    references: Option<&[String]>,
    errors: &mut Vec<FieldError>,
) -> Result<Option<Vec<Uuid>>, DbError> {
    let Some(references) = references else { return Ok(None) };
    let as_ids: Vec<Option<Uuid>> = references.iter().map(|text| Uuid::parse_str(text).ok()).collect();
    let sql = format!(
        "select u.n, t.id from unnest($2::text[], $3::uuid[]) with ordinality u (reference, id, n)
         left join frontdesk.{table} t on t.org_id = $1 and (t.external_id = u.reference or t.id = u.id) order by u.n"
    );
    let rows = tx.query(&sql, &[&org_id, &references, &as_ids]).await?;
    let mut ids = Vec::with_capacity(rows.len());
    for row in rows {
        match row.get::<_, Option<Uuid>>(1) {
            Some(id) => ids.push(id),
            None => {
                let index = row.get::<_, i64>(0) - 1;
                let reference = usize::try_from(index).ok().and_then(|index| references.get(index));
                errors.push(FieldError::new(
                    format!("audience.{table}[{index}]"),
                    format!(
                        "{:?} is not known; list them with GET /v1/{table}",
                        reference.map_or("", String::as_str)
                    ),
                ));
            }
        }
    }
    Ok(Some(ids))
}

/// Whether an audience has anybody in it.
///
/// # Errors
/// Of the database.
pub async fn reaches_somebody(tx: &TenantTx, org_id: Uuid, audience: &Audience) -> Result<bool, DbError> {
    let row = tx
        .query_opt(
            "select 1 from frontdesk.audience_members($1, $2, null, 1)",
            &[&org_id, &audience.0],
        )
        .await?;
    Ok(row.is_some())
}

/// Whom an audience would reach.
///
/// # Errors
/// Of the database.
pub async fn preview(tx: &TenantTx, org_id: Uuid, audience: &Audience) -> Result<Preview, DbError> {
    let rows = tx
        .query(
            "with members as materialized (select * from frontdesk.audience_members($1, $2)),
               sample as (select m.user_id, p.name, m.role, m.reasons from members m
                 join frontdesk.profiles p on p.org_id = $1 and p.id = m.user_id order by p.name, p.id limit 10)
             select role, count(*), null::uuid, null::text, null::jsonb from members group by role
             union all select role, null, user_id, name, reasons from sample",
            &[&org_id, &audience.0],
        )
        .await?;
    let mut preview = Preview {
        total: 0,
        by_role: BTreeMap::new(),
        sample: Vec::new(),
    };
    for row in rows {
        let role: String = row.get(0);
        match row.get::<_, Option<i64>>(1) {
            Some(count) => {
                preview.total += count;
                preview.by_role.insert(role, count);
            }
            None => preview.sample.push(Sample {
                id: row.get(2),
                name: row.get(3),
                role,
                reasons: row.get(4),
            }),
        }
    }
    Ok(preview)
}

const NOTIFICATION: &str = "
select n.id, n.title, n.content, n.severity, n.type, n.category, n.priority, n.state, n.channels, n.audience, n.sender_id,
  s.name, n.action_url, n.data, n.related_entity_type, n.related_entity_id, n.scheduled_for, n.expires_at, n.created_at,
  (select jsonb_build_object('unread', count(*) filter (where r.status = 'unread'),
       'read', count(*) filter (where r.status = 'read'), 'archived', count(*) filter (where r.status = 'archived'),
       'acknowledged', count(r.acknowledged_at))
     from frontdesk.notification_recipients r where r.org_id = n.org_id and r.notification_id = n.id),
  coalesce(n.final_totals, (select jsonb_agg(jsonb_build_array(channel, status, count)) from (
     select channel, status, count(*) from frontdesk.notification_logs l
     where l.org_id = n.org_id and l.notification_id = n.id group by channel, status) l), '[]'),
  n.acknowledgement, n.steps, n.next_step_at, n.version, n.recipient_count, n.audience_total, n.template
from frontdesk.notifications n
left join frontdesk.profiles s on s.org_id = n.org_id and s.id = n.sender_id";

fn notification(row: &Row) -> Notification {
    let channels: Vec<String> = row.get(8);
    let by_status: Value = row.get(19);
    let by_channel: Value = row.get(20);
    let count = |status: &str| by_status[status].as_i64().unwrap_or_default();
    let mut totals: BTreeMap<String, StatusCounts> = channels
        .iter()
        .map(|channel| (channel.clone(), StatusCounts::default()))
        .collect();
    for entry in by_channel.as_array().into_iter().flatten() {
        let counts = totals
            .entry(entry[0].as_str().unwrap_or_default().to_owned())
            .or_default();
        let place = match entry[1].as_str().unwrap_or_default() {
            "pending" => &mut counts.pending,
            "sent" => &mut counts.sent,
            "delivered" => &mut counts.delivered,
            "failed" => &mut counts.failed,
            "bounced" => &mut counts.bounced,
            _ => &mut counts.skipped,
        };
        *place = entry[2].as_i64().unwrap_or_default();
    }
    Notification {
        id: row.get(0),
        title: row.get(1),
        content: row.get(2),
        severity: row.get(3),
        r#type: row.get(4),
        category: row.get(5),
        priority: row.get(6),
        state: row.get(7),
        channels,
        audience: row.get(9),
        sender_id: row.get(10),
        sender_name: row.get(11),
        action_url: row.get(12),
        data: row.get(13),
        related_entity: row
            .get::<_, Option<String>>(14)
            .zip(row.get(15))
            .map(|(r#type, id)| RelatedEntity { r#type, id }),
        scheduled_for: row.get(16),
        expires_at: row.get(17),
        created_at: row.get(18),
        recipients: RecipientCounts {
            total: count("unread") + count("read") + count("archived"),
            unread: count("unread"),
            read: count("read"),
            archived: count("archived"),
            acknowledged: count("acknowledged"),
        },
        acknowledgement: row.get(21),
        steps: row.get(22),
        next_step_at: row.get(23),
        version: row.get(24),
        progress: Progress {
            expanded: row.get(25),
            total: row.get(26),
        },
        template: row.get(27),
        totals,
    }
}

/// One notification with its totals.
///
/// # Errors
/// Of the database.
pub async fn get(tx: &TenantTx, org_id: Uuid, id: Uuid) -> Result<Option<Notification>, DbError> {
    let sql = format!("{NOTIFICATION} where n.org_id = $1 and n.id = $2");
    Ok(tx.query_opt(&sql, &[&org_id, &id]).await?.as_ref().map(notification))
}

/// Whether there is such a notification in the organization.
///
/// # Errors
/// Of the database.
pub async fn exists(tx: &TenantTx, org_id: Uuid, id: Uuid) -> Result<bool, DbError> {
    let sql = "select 1 from frontdesk.notifications where org_id = $1 and id = $2";
    Ok(tx.query_opt(sql, &[&org_id, &id]).await?.is_some())
}

/// Notifications, newest first, before a position; in these states only, if any are named;
/// without the digests that we write ourselves.
///
/// # Errors
/// Of the database.
pub async fn list(
    tx: &TenantTx,
    org_id: Uuid,
    states: Option<&[&str]>,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Notification>, DbError> {
    let (before_time, before_id) = before.unzip();
    let sql = format!(
        "{NOTIFICATION} where n.org_id = $1 and ($2::timestamptz is null or (n.created_at, n.id) < ($2, $3::uuid))
           and ($5::text[] is null or n.state = any ($5)) and not (n.type = 'digest' and n.category = 'system')
         order by n.created_at desc, n.id desc limit $4"
    );
    let rows = tx
        .query(&sql, &[&org_id, &before_time, &before_id, &limit, &states])
        .await?;
    Ok(rows.iter().map(notification).collect())
}

/// Recipients by id, after a position; only who has acknowledged, or has not, if asked for.
///
/// # Errors
/// Of the database.
pub async fn recipients(
    db: &Db,
    caller: &Caller,
    id: Uuid,
    acknowledged: Option<bool>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Recipient>, DbError> {
    let rows = db
        .query(
            caller,
            "select r.recipient_id, p.name, r.role, r.reasons, r.status, r.read_at, r.seen_at, r.acknowledged_at,
               coalesce((select jsonb_object_agg(l.channel, l.status) from frontdesk.notification_logs l
                 where l.org_id = $1 and l.notification_id = $2 and l.recipient_id = r.recipient_id), '{}')
             from frontdesk.notification_recipients r
             join frontdesk.profiles p on p.org_id = $1 and p.id = r.recipient_id
             where r.org_id = $1 and r.notification_id = $2 and ($3::uuid is null or r.recipient_id > $3)
               and ($5::boolean is null or (r.acknowledged_at is not null) = $5)
             order by r.recipient_id limit $4",
            &[&caller.org_id(), &id, &after, &limit, &acknowledged],
        )
        .await?;
    let recipient = |row: &Row| Recipient {
        recipient_id: row.get(0),
        name: row.get(1),
        role: row.get(2),
        reasons: row.get(3),
        status: row.get(4),
        read_at: row.get(5),
        seen_at: row.get(6),
        acknowledged_at: row.get(7),
        deliveries: row.get(8),
    };
    Ok(rows.iter().map(recipient).collect())
}

/// Which delivery logs, after which position.
pub struct LogFilter<'a> {
    pub channel: Option<&'a str>,
    pub status: Option<&'a str>,
    pub after: Option<Uuid>,
    pub limit: i64,
}

/// Delivery logs by id.
///
/// # Errors
/// Of the database.
pub async fn deliveries(
    db: &Db,
    caller: &Caller,
    id: Uuid,
    filter: &LogFilter<'_>,
) -> Result<Vec<DeliveryLog>, DbError> {
    let rows = db
        .query(
            caller,
            "select l.id, l.recipient_id, l.channel, l.status, l.reason, l.error_message, l.retry_count, l.external_id,
               l.sent_at, l.delivered_at, l.failed_at, l.created_at, l.provider, l.answer, l.units
             from frontdesk.notification_logs l
             where l.org_id = $1 and l.notification_id = $2 and ($3::text is null or l.channel = $3)
               and ($4::text is null or l.status = $4) and ($5::uuid is null or l.id > $5)
             order by l.id limit $6",
            &[
                &caller.org_id(),
                &id,
                &filter.channel,
                &filter.status,
                &filter.after,
                &filter.limit,
            ],
        )
        .await?;
    let log = |row: &Row| DeliveryLog {
        id: row.get(0),
        recipient_id: row.get(1),
        channel: row.get(2),
        status: row.get(3),
        reason: row.get(4),
        error_message: row.get(5),
        retry_count: row.get(6),
        external_id: row.get(7),
        sent_at: row.get(8),
        delivered_at: row.get(9),
        failed_at: row.get(10),
        created_at: row.get(11),
        provider: row.get(12),
        answer: row.get(13),
        units: row.get(14),
    };
    Ok(rows.iter().map(log).collect())
}
