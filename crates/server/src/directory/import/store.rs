//! All SQL of imports. Each statement takes a chunk of rows as arrays, writes only what differs, and answers what happened
//! to each row in the order it was given. Every one names the organization.
//!
//! A first import fills tables that the planner knows nothing about yet, in the transaction that also reads them, so no
//! statement may depend on its estimates: what is there is looked up by a lateral subquery with `limit 1`, which can only
//! be a lookup in the unique index for each row; what differs is written by `on conflict`, which needs no join; and who is
//! missing is found by hash joins ([`prefer_hash_joins`]).
//!
//! The lock of [`lock`] keeps other imports out; a row that somebody inserts by hand at the same moment meets a unique
//! constraint, which ends the import without a trace.

mod links;
mod people;
mod places;

pub(super) use links::{
    LinkTable, Links, insert_enrollments, remove_enrollments, remove_enrollments_of_other_classes, remove_links,
    sync_links,
};
pub(super) use people::{People, Students, deactivate, sync_people, sync_students};
pub(super) use places::{Classes, insert_grades, sync_classes, sync_schools};

use platform::db::{DbError, SystemTx};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Kind, run::Change};

/// How many of each kind there were before the import: those that it may deactivate or remove.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Existing {
    teachers: i64,
    students: i64,
    parents: i64,
    class_teachers: i64,
    enrollments: i64,
    guardians: i64,
}

impl Existing {
    pub(super) fn of(&self, kind: Kind) -> u64 {
        let count = match kind {
            Kind::Teachers => self.teachers,
            Kind::Students => self.students,
            Kind::Parents => self.parents,
            Kind::ClassTeachers => self.class_teachers,
            Kind::Enrollments => self.enrollments,
            Kind::Guardians => self.guardians,
            Kind::Schools | Kind::Grades | Kind::Classes => 0,
        };
        count.unsigned_abs()
    }
}

/// The lock of one organization's imports; it ends with the transaction.
const LOCK: &str = "hashtextextended('frontdesk import ' || $1::uuid::text, 0)";

/// Takes the lock if it is free. Also prepares the transaction for chunks: plans are made for the arrays at hand (a plan for
/// any array believes that it has ten elements), and a long import is not cut off.
pub(super) async fn try_lock(tx: &SystemTx, org_id: Uuid) -> Result<bool, DbError> {
    tx.batch_execute(
        "set local plan_cache_mode = force_custom_plan; set local jit = off; set local statement_timeout = 0",
    )
    .await?;
    Ok(tx
        .query_one(&format!("select pg_try_advisory_xact_lock({LOCK})"), &[&org_id])
        .await?
        .get(0))
}

/// Waits for the lock.
pub(super) async fn lock(tx: &SystemTx, org_id: Uuid) -> Result<(), DbError> {
    tx.execute(&format!("select pg_advisory_xact_lock({LOCK})"), &[&org_id])
        .await?;
    Ok(())
}

pub(super) async fn organization_exists(tx: &SystemTx, org_id: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .query_opt("select from frontdesk.organizations where id = $1", &[&org_id])
        .await?
        .is_some())
}

pub(super) async fn existing(tx: &SystemTx, org_id: Uuid, source: &str) -> Result<Existing, DbError> {
    let row = tx
        .query_one(
            "select count(*) filter (where role = 'teacher'), count(*) filter (where role = 'student'),
               count(*) filter (where role = 'parent'),
               (select count(*) from frontdesk.class_teachers where org_id = $1 and source = $2),
               (select count(*) from frontdesk.enrollments where org_id = $1 and source = $2),
               (select count(*) from frontdesk.guardians where org_id = $1 and source = $2)
             from frontdesk.profiles where org_id = $1 and source = $2 and status = 'active'",
            &[&org_id, &source],
        )
        .await?;
    Ok(Existing {
        teachers: row.get(0),
        students: row.get(1),
        parents: row.get(2),
        class_teachers: row.get(3),
        enrollments: row.get(4),
        guardians: row.get(5),
    })
}

/// From here to the end of the transaction, no nested loops: statements that compare whole tables with whole files.
pub(super) async fn prefer_hash_joins(tx: &SystemTx) -> Result<(), DbError> {
    tx.batch_execute("set local enable_nestloop = off").await
}

/// The first two columns of every chunk's answer: is the row new, does it differ.
fn change(row: &Row) -> Change {
    match (row.get(0), row.get(1)) {
        (true, _) => Change::Inserted,
        (false, true) => Change::Updated,
        (false, false) => Change::Unchanged,
    }
}
