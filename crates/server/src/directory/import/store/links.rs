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
           select i.n, i.l, i.r, i.says::{says_type} as says, t.org_id is null as is_new,
             t.org_id is not null and t.source = $2 and t.{says} is distinct from i.says::{says_type} as differs
           from unnest($3::uuid[], $4::uuid[], $5::text[]) with ordinality as i (l, r, says, n)
           left join frontdesk.{table} t on t.org_id = $1 and t.{left} = i.l and t.{right} = i.r
         ), updated as (
           update frontdesk.{table} t set {says} = m.says
           from m where t.org_id = $1 and t.{left} = m.l and t.{right} = m.r and m.differs
         ), inserted as (
           insert into frontdesk.{table} (org_id, {left}, {right}, {says}, source)
           select $1, m.l, m.r, m.says, $2 from m where m.is_new order by m.n
         )
         select m.is_new, coalesce(m.differs, false) as differs from m order by m.n"
    );
    let rows = tx
        .query(&sql, &[&org_id, &source, &links.left, &links.right, &links.says])
        .await?;
    Ok(rows.iter().map(|row| change(row, 0)).collect())
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

/// Inserts the enrollments that are new; with `remove`, also removes from the classes of this chunk who is not in it (so the
/// chunk must hold whole classes). Answers how many were inserted and removed.
pub async fn sync_enrollments(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    classes: &[Uuid],
    students: &[Uuid],
    remove: bool,
) -> Result<(u64, u64), DbError> {
    let row = tx
        .query_one(
            "with i as materialized (
               select * from unnest($3::uuid[], $4::uuid[]) as i (class_id, student_id)
             ), inserted as (
               insert into frontdesk.enrollments (org_id, class_id, student_id, source)
               select $1, i.class_id, i.student_id, $2 from i
               where not exists (select from frontdesk.enrollments e
                                 where e.org_id = $1 and e.class_id = i.class_id and e.student_id = i.student_id)
               returning 1
             ), removed as (
               delete from frontdesk.enrollments e
               where $5 and e.org_id = $1 and e.source = $2 and e.class_id in (select i.class_id from i)
                 and not exists (select from i where i.class_id = e.class_id and i.student_id = e.student_id)
               returning 1
             )
             select (select count(*) from inserted), (select count(*) from removed)",
            &[&org_id, &source, &classes, &students, &remove],
        )
        .await?;
    Ok((row.get::<_, i64>(0).unsigned_abs(), row.get::<_, i64>(1).unsigned_abs()))
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
