//! Profiles and students.

use jiff::civil::Date;
use platform::{
    db::{DbError, SystemTx},
    ids,
};
use uuid::Uuid;

use super::change;
use crate::directory::import::run::Change;

/// People of one role, column by column.
pub struct People<'a> {
    pub role: &'static str,
    pub external_ids: Vec<&'a str>,
    pub names: Vec<&'a str>,
    /// None: the file has no such column, and what is stored stays.
    pub emails: Option<Vec<Option<&'a str>>>,
    /// None: the file has no such column, and what is stored stays.
    pub phones: Option<Vec<Option<&'a str>>>,
}

const SYNC_PEOPLE: &str = "
with m as materialized (
  select i.n, coalesce(p.id, i.id) as id, i.external_id, i.name, v.email, v.phone, p.id is null as is_new,
    p.id is not null and (p.name, p.email, p.phone, p.status) is distinct from (i.name, v.email, v.phone, 'active') as differs
  from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[])
    with ordinality as i (id, external_id, name, email, phone, n)
  left join lateral (
    select p.id, p.name, p.email, p.phone, p.status from frontdesk.profiles p
    where p.org_id = $1 and p.source = $2 and p.external_id = i.external_id limit 1) p on true
  cross join lateral (
    select case when $9 then i.email else p.email end as email, case when $10 then i.phone else p.phone end as phone) v
), written as (
  insert into frontdesk.profiles (org_id, id, role, name, email, phone, source, external_id)
  select $1, m.id, $3, m.name, m.email, m.phone, $2, m.external_id from m where m.is_new or m.differs order by m.n
  on conflict (org_id, id) do update
  set name = excluded.name, email = excluded.email, phone = excluded.phone, status = excluded.status
)
select m.is_new, m.differs, m.id from m order by m.n";

/// Inserts who is new and updates who differs; everybody in the chunk is active afterwards. The role is set once: who was
/// given another by hand keeps it.
pub async fn sync_people(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    people: &People<'_>,
) -> Result<Vec<(Uuid, Change)>, DbError> {
    let new_ids: Vec<Uuid> = people.names.iter().map(|_| ids::new_id()).collect();
    let unknown = vec![None; people.names.len()];
    let rows = tx
        .query(
            SYNC_PEOPLE,
            &[
                &org_id,
                &source,
                &people.role,
                &new_ids,
                &people.external_ids,
                &people.names,
                people.emails.as_ref().unwrap_or(&unknown),
                people.phones.as_ref().unwrap_or(&unknown),
                &people.emails.is_some(),
                &people.phones.is_some(),
            ],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(2), change(row))).collect())
}

/// What only students have, column by column.
pub struct Students<'a> {
    pub ids: Vec<Uuid>,
    pub schools: Vec<Uuid>,
    pub grades: Vec<Option<Uuid>>,
    pub numbers: Vec<Option<&'a str>>,
    pub birthdays: Vec<Option<Date>>,
    /// Does the file have the column? If not, what is stored stays.
    pub has_grades: bool,
    pub has_numbers: bool,
    pub has_birthdays: bool,
}

const SYNC_STUDENTS: &str = "
with m as materialized (
  select i.n, i.id, i.school_id, v.grade_id, v.number, v.birthday, s.id is null as is_new,
    s.id is not null and (s.school_id, s.grade_id, s.student_number, s.date_of_birth)
      is distinct from (i.school_id, v.grade_id, v.number, v.birthday) as differs
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[])
    with ordinality as i (id, school_id, grade_id, number, birthday, n)
  left join lateral (
    select s.id, s.school_id, s.grade_id, s.student_number, s.date_of_birth from frontdesk.students s
    where s.org_id = $1 and s.id = i.id limit 1) s on true
  cross join lateral (
    select case when $7 then i.grade_id else s.grade_id end as grade_id,
      case when $8 then i.number else s.student_number end as number,
      case when $9 then i.birthday else s.date_of_birth end as birthday) v
), written as (
  insert into frontdesk.students (org_id, id, school_id, grade_id, student_number, date_of_birth)
  select $1, m.id, m.school_id, m.grade_id, m.number, m.birthday from m where m.is_new or m.differs order by m.n
  on conflict (org_id, id) do update
  set school_id = excluded.school_id, grade_id = excluded.grade_id, student_number = excluded.student_number,
    date_of_birth = excluded.date_of_birth
)
select m.is_new, m.differs from m order by m.n";

/// Gives these profiles, which are there already, what students have.
pub async fn sync_students(tx: &SystemTx, org_id: Uuid, students: &Students<'_>) -> Result<Vec<Change>, DbError> {
    let Students {
        ids,
        schools,
        grades,
        numbers,
        birthdays,
        has_grades,
        has_numbers,
        has_birthdays,
    } = students;
    let rows = tx
        .query(
            SYNC_STUDENTS,
            &[
                &org_id,
                ids,
                schools,
                grades,
                numbers,
                birthdays,
                has_grades,
                has_numbers,
                has_birthdays,
            ],
        )
        .await?;
    Ok(rows.iter().map(change).collect())
}

/// Deactivates people of a role whom the import once made (their own id begins with `prefix`) and who are not in `present`.
/// Somebody whom a person made a guardian by hand stays.
pub async fn deactivate(
    tx: &SystemTx,
    org_id: Uuid,
    source: &str,
    role: &str,
    prefix: &str,
    present: &[Uuid],
) -> Result<u64, DbError> {
    tx.execute(
        "update frontdesk.profiles p set status = 'inactive'
         where p.org_id = $1 and p.source = $2 and p.role = $3 and p.status = 'active' and starts_with(p.external_id, $4)
           and not exists (select from unnest($5::uuid[]) as k (id) where k.id = p.id)
           and not exists (select from frontdesk.guardians g
                           where g.org_id = $1 and g.guardian_id = p.id and g.source is distinct from $2)",
        &[&org_id, &source, &role, &prefix, &present],
    )
    .await
}
