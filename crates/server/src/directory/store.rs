//! All SQL of the directory's lists. Row security decides who sees what; every query names the organization as well.

use platform::db::{Caller, Db, DbError};
use uuid::Uuid;

use super::model::{Class, Group};
use crate::organizations::{
    Profile,
    store::{PROFILE_COLUMNS, profile},
};

/// People by name, after a position.
///
/// # Errors
/// Of the database.
pub async fn profiles(
    db: &Db,
    caller: &Caller,
    role: Option<&str>,
    search: Option<&str>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Profile>, DbError> {
    let (after_name, after_id) = after.unzip();
    let sql = format!(
        "select {PROFILE_COLUMNS} from frontdesk.profiles p
         where p.org_id = $1 and ($2::text is null or p.role = $2)
           and ($3::text is null or strpos(lower(p.name), lower($3)) > 0 or strpos(p.email, lower($3)) > 0)
           and ($4::text is null or (p.name, p.id) > ($4, $5::uuid))
         order by p.name, p.id limit $6"
    );
    let rows = db
        .query(
            caller,
            &sql,
            &[&caller.org_id(), &role, &search, &after_name, &after_id, &limit],
        )
        .await?;
    Ok(rows.iter().map(profile).collect())
}

/// Which list of groups.
#[derive(Clone, Copy)]
pub enum Groups {
    /// Schools, by name.
    Schools,
    /// Grades, in their order.
    Grades,
}

/// All schools or grades; an organization has few.
///
/// # Errors
/// Of the database.
pub async fn groups(db: &Db, caller: &Caller, which: Groups) -> Result<Vec<Group>, DbError> {
    let sql = match which {
        Groups::Schools => {
            "select id, external_id, name from frontdesk.schools where org_id = $1 order by name, id limit 1000"
        }
        Groups::Grades => {
            "select id, external_id, name from frontdesk.grades where org_id = $1 order by position, name limit 1000"
        }
    };
    let rows = db.query(caller, sql, &[&caller.org_id()]).await?;
    let group = |row: &tokio_postgres::Row| Group {
        id: row.get(0),
        external_id: row.get(1),
        name: row.get(2),
    };
    Ok(rows.iter().map(group).collect())
}

/// Classes by name, after a position.
///
/// # Errors
/// Of the database.
pub async fn classes(
    db: &Db,
    caller: &Caller,
    search: Option<&str>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Class>, DbError> {
    let (after_name, after_id) = after.unzip();
    let rows = db
        .query(
            caller,
            "select c.id, c.external_id, c.name, c.course, c.period, g.name, s.name
             from frontdesk.classes c
             left join frontdesk.grades g on g.org_id = c.org_id and g.id = c.grade_id
             left join frontdesk.schools s on s.org_id = c.org_id and s.id = c.school_id
             where c.org_id = $1
               and ($2::text is null or strpos(lower(c.name), lower($2)) > 0 or strpos(lower(c.external_id), lower($2)) > 0)
               and ($3::text is null or (c.name, c.id) > ($3, $4::uuid))
             order by c.name, c.id limit $5",
            &[&caller.org_id(), &search, &after_name, &after_id, &limit],
        )
        .await?;
    let class = |row: &tokio_postgres::Row| Class {
        id: row.get(0),
        external_id: row.get(1),
        name: row.get(2),
        course: row.get(3),
        period: row.get(4),
        grade: row.get(5),
        school: row.get(6),
    };
    Ok(rows.iter().map(class).collect())
}
