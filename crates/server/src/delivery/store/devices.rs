//! Devices that take push messages, and addresses that take none.

use std::collections::HashMap;

use jiff::Timestamp;
use platform::db::{Caller, Db, DbError};
use serde::Serialize;
use tokio_postgres::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::push::{Device, Kind};

/// Everybody's devices, by organization and person.
pub type Devices = HashMap<(Uuid, Uuid), Vec<Device>>;

/// The devices of these people.
///
/// # Errors
/// Of the database.
pub async fn of_people(db: &Db, org_ids: &[Uuid], profile_ids: &[Uuid]) -> Result<Devices, DbError> {
    let rows = db
        .queue_query(
            "devices to push to",
            "select d.org_id, d.profile_id, d.id, d.kind, d.token, d.p256dh, d.auth
             from unnest($1::uuid[], $2::uuid[]) as w (org_id, profile_id)
             join frontdesk.push_subscriptions d on d.org_id = w.org_id and d.profile_id = w.profile_id",
            &[&org_ids, &profile_ids],
        )
        .await?;
    let mut devices = Devices::new();
    for row in rows {
        let Some(kind) = Kind::from_word(row.get(3)) else {
            continue;
        };
        devices.entry((row.get(0), row.get(1))).or_default().push(Device {
            id: row.get(2),
            kind,
            token: row.get(4),
            p256dh: row.get(5),
            auth: row.get(6),
        });
    }
    Ok(devices)
}

/// Forgets devices that are gone.
///
/// # Errors
/// Of the database.
pub async fn forget(db: &Db, org_id: Uuid, ids: &[Uuid]) -> Result<(), DbError> {
    db.system_query(
        "forget devices",
        "delete from frontdesk.push_subscriptions d where d.org_id = $1 and d.id = any ($2)",
        &[&org_id, &ids],
    )
    .await?;
    Ok(())
}

/// A device as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegisteredDevice {
    /// Its id.
    pub id: Uuid,
    /// The service that reaches it.
    #[schema(value_type = Kind)]
    pub kind: String,
    /// As the person calls it.
    pub name: Option<String>,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Registers a device for the caller; the one that is there already keeps its id. Of more than 20 the oldest go.
///
/// # Errors
/// Of the database.
pub async fn register(
    db: &Db,
    caller: &Caller,
    device: &Device,
    name: Option<&str>,
) -> Result<Option<RegisteredDevice>, DbError> {
    let tx = db.tenant(caller).await?;
    let row = tx
        .query_one(
            "select frontdesk.register_device($1, $2, $3, $4, $5, $6)",
            &[
                &device.id,
                &device.kind.as_str(),
                &device.token,
                &device.p256dh,
                &device.auth,
                &name,
            ],
        )
        .await?;
    let id: Uuid = row.get(0);
    tx.execute(
        "delete from frontdesk.push_subscriptions d
         where d.org_id = $1 and d.profile_id = $2 and d.id <> $3 and d.id in (
           select o.id from frontdesk.push_subscriptions o where o.org_id = $1 and o.profile_id = $2 and o.id <> $3
           order by o.created_at desc, o.id desc offset 19)",
        &[&caller.org_id(), &caller.user_id(), &id],
    )
    .await?;
    let rows = tx.query(LIST, &[&caller.org_id(), &caller.user_id()]).await?;
    tx.commit().await?;
    Ok(rows.iter().map(registered).find(|device| device.id == id))
}

const LIST: &str = "select d.id, d.kind, d.name, d.created_at from frontdesk.push_subscriptions d
  where d.org_id = $1 and d.profile_id = $2 order by d.created_at, d.id";

fn registered(row: &Row) -> RegisteredDevice {
    RegisteredDevice {
        id: row.get(0),
        kind: row.get(1),
        name: row.get(2),
        created_at: row.get(3),
    }
}

/// The caller's devices, oldest first. There are 20 at most.
///
/// # Errors
/// Of the database.
pub async fn list(db: &Db, caller: &Caller) -> Result<Vec<RegisteredDevice>, DbError> {
    let rows = db.query(caller, LIST, &[&caller.org_id(), &caller.user_id()]).await?;
    Ok(rows.iter().map(registered).collect())
}

/// Removes one of the caller's devices, if it is there.
///
/// # Errors
/// Of the database.
pub async fn remove(db: &Db, caller: &Caller, id: Uuid) -> Result<(), DbError> {
    db.query(
        caller,
        "delete from frontdesk.push_subscriptions d where d.org_id = $1 and d.profile_id = $2 and d.id = $3",
        &[&caller.org_id(), &caller.user_id(), &id],
    )
    .await?;
    Ok(())
}

/// An address that must not be sent to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Suppression {
    /// email or sms.
    pub channel: String,
    /// The address, in lower case.
    pub address: String,
    /// bounced, complained, unsubscribed or manual.
    pub reason: String,
    /// What the provider said.
    pub detail: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// Suppressed addresses of the organization, by channel and address.
///
/// # Errors
/// Of the database.
pub async fn suppressions(
    db: &Db,
    caller: &Caller,
    after: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Suppression>, DbError> {
    let after = after.map(|(text, _)| text.split_once(' ').unwrap_or((text, "")));
    let (channel, address) = after.unzip();
    let rows = db
        .query(
            caller,
            "select s.channel, s.address, s.reason, s.detail, s.created_at from frontdesk.suppressions s
             where s.org_id = $1 and ($2::text is null or (s.channel, s.address) > ($2, $3::text))
             order by s.channel, s.address limit $4",
            &[&caller.org_id(), &channel, &address, &limit],
        )
        .await?;
    let one = |row: &Row| Suppression {
        channel: row.get(0),
        address: row.get(1),
        reason: row.get(2),
        detail: row.get(3),
        created_at: row.get(4),
    };
    Ok(rows.iter().map(one).collect())
}

/// Lifts the suppression of an address, if there is one.
///
/// # Errors
/// Of the database.
pub async fn lift(db: &Db, caller: &Caller, channel: &str, address: &str) -> Result<(), DbError> {
    db.query(
        caller,
        "delete from frontdesk.suppressions s where s.org_id = $1 and s.channel = $2 and s.address = $3",
        &[&caller.org_id(), &channel, &address],
    )
    .await?;
    Ok(())
}
