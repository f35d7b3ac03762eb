//! Who teaches, attends and guards whom. A link that was made by hand (`source` null) is left as it is.

use platform::db::{DbError, SystemTx};
use uuid::Uuid;

use super::change;
use crate::directory::import::run::Change;

/// A table of links that say something about the two they link.
#[derive(Clone, Copy, Debug)]
pub enum LinkTable {
    /// Class, teacher, position.
    ClassTeachers,
    /// Student, guardian, relationship.
    Guardians,
}

impl LinkTable {
    /// Table, its two key columns, and what the link says: column and type.
    fn names(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::ClassTeachers => ("class_teachers", "class_id", "teacher_id", "position", "smallint"),
            Self::Guardians => ("guardians", "student_id", "guardian_id", "relationship", "text"),
        }
    }
}

/// Links, column by column, each pair once.
#[derive(Default)]
pub struct Links {
    pub left: Vec<Uuid>,
    pub right: Vec<Uuid>,
    /// The position in figures, or the relationship.
    pub says: Vec<String>,
}

/// Inserts links that are new and updates those that say something else.
pub async fn sync_links(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    table: LinkTable,
    links: &Links,
) -> Result<Vec<Change>, DbError> {
    let (table, left, right, says, says_type) = table.names();
    let sql = format!(
        "with m as materialized (
           select i.n, i.l, i.r, i.says::{says_type} as says, t.is_there is null as is_new,
             coalesce(t.source = $2 and t.{says} <> i.says::{says_type}, false) as differs
           from unnest($3::uuid[], $4::uuid[], $5::text[]) with ordinality as i (l, r, says, n)
           left join lateral (
             select true as is_there, t.source, t.{says} from frontdesk.{table} t
             where t.org_id = $1 and t.{left} = i.l and t.{right} = i.r limit 1) t on true
         ), written as (
           insert into frontdesk.{table} (org_id, {left}, {right}, {says}, source)
           select $1, m.l, m.r, m.says, $2 from m where m.is_new or m.differs order by m.n
           on conflict (org_id, {left}, {right}) do update set {says} = excluded.{says}
         )
         select m.is_new, m.differs from m order by m.n"
    );
    let rows = tx
        .query(&sql, &[&org_id, &source, &links.left, &links.right, &links.says])
        .await?;
    Ok(rows.iter().map(change).collect())
}

/// Removes links that the import once made and that are not among these pairs.
pub async fn remove_links(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    table: LinkTable,
    left_ids: &[Uuid],
    right_ids: &[Uuid],
) -> Result<u64, DbError> {
    let (table, left, right, ..) = table.names();
    let sql = format!(
        "delete from frontdesk.{table} t where t.org_id = $1 and t.source = $2 and not exists (
           select from unnest($3::uuid[], $4::uuid[]) as k (l, r) where k.l = t.{left} and k.r = t.{right})"
    );
    tx.execute(&sql, &[&org_id, &source, &left_ids, &right_ids]).await
}

/// Inserts the enrollments that are not there; answers how many.
pub async fn insert_enrollments(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    classes: &[Uuid],
    students: &[Uuid],
) -> Result<u64, DbError> {
    tx.execute(
        "insert into frontdesk.enrollments (org_id, class_id, student_id, source)
         select $1, i.class_id, i.student_id, $2 from unnest($3::uuid[], $4::uuid[]) as i (class_id, student_id)
         on conflict (org_id, class_id, student_id) do nothing",
        &[&org_id, &source, &classes, &students],
    )
    .await
}

/// Removes, from the classes among these pairs, the enrollments that the import once made and that are not among them.
pub async fn remove_enrollments(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    classes: &[Uuid],
    students: &[Uuid],
) -> Result<u64, DbError> {
    tx.execute(
        "delete from frontdesk.enrollments e
         where e.org_id = $1 and e.source = $2 and e.class_id in (select unnest($3::uuid[]))
           and not exists (select from unnest($3::uuid[], $4::uuid[]) as k (class_id, student_id)
                           where k.class_id = e.class_id and k.student_id = e.student_id)",
        &[&org_id, &source, &classes, &students],
    )
    .await
}

/// Removes the enrollments that the import once made in classes other than these.
pub async fn remove_enrollments_of_other_classes(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    classes: &[Uuid],
) -> Result<u64, DbError> {
    tx.execute(
        "delete from frontdesk.enrollments e where e.org_id = $1 and e.source = $2
           and not exists (select from unnest($3::uuid[]) as k (class_id) where k.class_id = e.class_id)",
        &[&org_id, &source, &classes],
    )
    .await
}
