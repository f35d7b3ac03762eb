//! Schools, grades and classes: what people belong to.

use jiff::civil::Date;
use platform::{
    db::{DbError, SystemTx},
    ids,
};
use tokio_postgres::Row;
use uuid::Uuid;

use super::change;
use crate::directory::import::run::Change;

fn new_ids(count: usize) -> Vec<Uuid> {
    std::iter::repeat_with(ids::new_id).take(count).collect()
}

fn id_and_change(row: &Row) -> (Uuid, Change) {
    (row.get(2), change(row))
}

const SYNC_SCHOOLS: &str = "
with m as materialized (
  select i.n, coalesce(s.id, i.id) as id, i.external_id, i.name, s.id is null as is_new,
    s.id is not null and s.name <> i.name as differs
  from unnest($2::uuid[], $3::text[], $4::text[]) with ordinality as i (id, external_id, name, n)
  left join lateral (
    select s.id, s.name from frontdesk.schools s where s.org_id = $1 and s.external_id = i.external_id limit 1) s on true
), written as (
  insert into frontdesk.schools (org_id, id, external_id, name)
  select $1, m.id, m.external_id, m.name from m where m.is_new or m.differs order by m.n
  on conflict (org_id, id) do update set name = excluded.name
)
select m.is_new, m.differs, m.id from m order by m.n";

/// Inserts schools that are new and renames those that differ.
pub async fn sync_schools(
    tx: &SystemTx,
    org_id: Uuid,
    external_ids: &[String],
    names: &[String],
) -> Result<Vec<(Uuid, Change)>, DbError> {
    let rows = tx
        .query(SYNC_SCHOOLS, &[&org_id, &new_ids(names.len()), &external_ids, &names])
        .await?;
    Ok(rows.iter().map(id_and_change).collect())
}

const INSERT_GRADES: &str = "
with m as materialized (
  select i.n, coalesce(g.id, i.id) as id, i.external_id, i.name, i.position, g.id is null as is_new
  from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[]) with ordinality as i (id, external_id, name, position, n)
  left join lateral (
    select g.id from frontdesk.grades g where g.org_id = $1 and g.external_id = i.external_id limit 1) g on true
), written as (
  insert into frontdesk.grades (org_id, id, external_id, name, position)
  select $1, m.id, m.external_id, m.name, m.position from m where m.is_new order by m.n
)
select m.is_new, false, m.id from m order by m.n";

/// Inserts grades that are new. Those that are there keep their name and place: no file gives them, so whoever renamed one
/// meant it.
pub async fn insert_grades(
    tx: &SystemTx,
    org_id: Uuid,
    external_ids: &[&str],
    names: &[&str],
    positions: &[i32],
) -> Result<Vec<(Uuid, Change)>, DbError> {
    let rows = tx
        .query(
            INSERT_GRADES,
            &[&org_id, &new_ids(names.len()), &external_ids, &names, &positions],
        )
        .await?;
    Ok(rows.iter().map(id_and_change).collect())
}

/// Classes, column by column.
#[derive(Default)]
pub struct Classes<'a> {
    pub external_ids: Vec<&'a str>,
    pub names: Vec<&'a str>,
    pub courses: Vec<Option<&'a str>>,
    pub periods: Vec<Option<&'a str>>,
    pub schools: Vec<Uuid>,
    pub grades: Vec<Option<Uuid>>,
    pub starts: Vec<Option<Date>>,
    pub ends: Vec<Option<Date>>,
    /// Does the file have the column? If not, what is stored stays.
    pub has_courses: bool,
    pub has_periods: bool,
    pub has_grades: bool,
    pub has_terms: bool,
}

const SYNC_CLASSES: &str = "
with m as materialized (
  select i.n, coalesce(c.id, i.id) as id, i.external_id, i.name, i.school_id, v.*, c.id is null as is_new,
    c.id is not null and (c.name, c.school_id, c.course, c.period, c.grade_id, c.starts_on, c.ends_on)
      is distinct from (i.name, i.school_id, v.course, v.period, v.grade_id, v.starts_on, v.ends_on) as differs
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::date[], $10::date[])
    with ordinality as i (id, external_id, name, course, period, school_id, grade_id, starts_on, ends_on, n)
  left join lateral (
    select c.id, c.name, c.school_id, c.course, c.period, c.grade_id, c.starts_on, c.ends_on from frontdesk.classes c
    where c.org_id = $1 and c.external_id = i.external_id limit 1) c on true
  cross join lateral (
    select case when $11 then i.course else c.course end as course,
      case when $12 then i.period else c.period end as period,
      case when $13 then i.grade_id else c.grade_id end as grade_id,
      case when $14 then i.starts_on else c.starts_on end as starts_on,
      case when $14 then i.ends_on else c.ends_on end as ends_on) v
), written as (
  insert into frontdesk.classes (org_id, id, external_id, name, course, period, school_id, grade_id, starts_on, ends_on)
  select $1, m.id, m.external_id, m.name, m.course, m.period, m.school_id, m.grade_id, m.starts_on, m.ends_on
  from m where m.is_new or m.differs order by m.n
  on conflict (org_id, id) do update
  set name = excluded.name, course = excluded.course, period = excluded.period, school_id = excluded.school_id,
    grade_id = excluded.grade_id, starts_on = excluded.starts_on, ends_on = excluded.ends_on
)
select m.is_new, m.differs, m.id from m order by m.n";

/// Inserts classes that are new and updates those that differ.
pub async fn sync_classes(tx: &SystemTx, org_id: Uuid, classes: &Classes<'_>) -> Result<Vec<(Uuid, Change)>, DbError> {
    let rows = tx
        .query(
            SYNC_CLASSES,
            &[
                &org_id,
                &new_ids(classes.names.len()),
                &classes.external_ids,
                &classes.names,
                &classes.courses,
                &classes.periods,
                &classes.schools,
                &classes.grades,
                &classes.starts,
                &classes.ends,
                &classes.has_courses,
                &classes.has_periods,
                &classes.has_grades,
                &classes.has_terms,
            ],
        )
        .await?;
    Ok(rows.iter().map(id_and_change).collect())
}
