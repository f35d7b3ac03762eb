//! A district's files in a temporary folder, to change at will, and an organization to import them into.

use std::{fs, path::Path};

use frontdesk::directory::import::{self, ImportError, Kind, Options, Progress, Report};
use platform::{db::Db, ids};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::TestDb;

pub const FILES: [&str; 5] = [
    "schools.csv",
    "teachers.csv",
    "students.csv",
    "sections.csv",
    "enrollments.csv",
];

/// Five files in Clever's CSV format.
pub struct District {
    dir: TempDir,
}

impl District {
    /// A copy of the sample.
    pub fn sample() -> Self {
        let district = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for file in FILES {
            fs::copy(
                Path::new(env!("CARGO_MANIFEST_DIR"))
                    .join("../../../shared/data/clever-district")
                    .join(file),
                district.path().join(file),
            )
            .unwrap();
        }
        district
    }

    /// One school, two teachers, ten students with a contact each, two sections with all of them.
    pub fn small() -> Self {
        let district = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        district.write("schools.csv", "School_id,School_name\nS,Hill School\n");
        district.write(
            "teachers.csv",
            "School_id,Teacher_id,First_name,Last_name,Teacher_email\nS,1,Ada,Lee,ada@hill.example\nS,2,Ben,Ito,ben@hill.example\n",
        );
        let mut students = "School_id,Student_id,Student_number,First_name,Last_name,Dob,Grade,Student_email,\
                            Contact_name,Contact_type,Contact_phone,Contact_email\n"
            .to_owned();
        let mut enrollments = "School_id,Student_id,Section_id\n".to_owned();
        for n in 1..=10 {
            students += &format!(
                "S,{n},N{n},Kid{n},Roe,5/{n}/2012,5,kid{n}@hill.example,Parent{n} Roe,Mother,555-000{n},Parent{n}@home.example\n"
            );
            enrollments += &format!("S,{n},A\nS,{n},B\n");
        }
        district.write("students.csv", &students);
        district.write("enrollments.csv", &enrollments);
        district.write(
            "sections.csv",
            "School_id,Section_id,Teacher_id,Teacher_2_id,Name,Grade,Course_name,Period,Term_start,Term_end\n\
             S,A,1,2,Algebra A,5,Algebra,1,9/1/25,6/30/26\nS,B,2,,Biology B,5,Biology,2,9/1/25,6/30/26\n",
        );
        district
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path().join(file), text).unwrap();
    }

    /// Puts `line` at the end, after a line end where there is none.
    pub fn append(&self, file: &str, line: &str) {
        let text = self.read(file);
        let line_end = if text.ends_with(['\r', '\n']) { "" } else { "\r" };
        self.write(file, &format!("{text}{line_end}{line}"));
    }

    /// Replaces the only occurrence of `old`.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{old:?} in {file}");
        self.write(file, &text.replace(old, new));
    }

    /// Leaves out the lines that contain `text`.
    pub fn remove_lines(&self, file: &str, text: &str) {
        let kept: String = self
            .read(file)
            .split_inclusive('\n')
            .filter(|line| !line.contains(text))
            .collect();
        self.write(file, &kept);
    }
}

/// An organization in a database of its own.
pub struct School {
    database: TestDb,
    pub org_id: Uuid,
}

/// Everything imported, in words without our ids and times.
const LINES: &str = "
with p as (select * from frontdesk.profiles where org_id = $1)
select 1, 'profile ' || concat_ws('|', coalesce(p.external_id, '-'), p.role, p.status, p.name, coalesce(p.email, '-'), coalesce(p.phone, '-'))
from p
union all
select 2, 'student ' || concat_ws('|', p.external_id, coalesce(sc.external_id, '-'), coalesce(g.name, '-'),
  coalesce(s.student_number, '-'), coalesce(s.date_of_birth::text, '-'))
from frontdesk.students s join p on p.id = s.id
left join frontdesk.schools sc on sc.org_id = $1 and sc.id = s.school_id
left join frontdesk.grades g on g.org_id = $1 and g.id = s.grade_id where s.org_id = $1
union all
select 3, 'class ' || concat_ws('|', c.external_id, c.name, coalesce(c.course, '-'), coalesce(c.period, '-'), sc.external_id,
  coalesce(g.name, '-'), coalesce(c.starts_on::text, '-'), coalesce(c.ends_on::text, '-'))
from frontdesk.classes c
left join frontdesk.schools sc on sc.org_id = $1 and sc.id = c.school_id
left join frontdesk.grades g on g.org_id = $1 and g.id = c.grade_id where c.org_id = $1
union all
select 4, 'teacher ' || concat_ws('|', c.external_id, p.external_id, t.position)
from frontdesk.class_teachers t join frontdesk.classes c on c.org_id = $1 and c.id = t.class_id
join p on p.id = t.teacher_id where t.org_id = $1
union all
select 5, 'enrollment ' || concat_ws('|', c.external_id, p.external_id)
from frontdesk.enrollments e join frontdesk.classes c on c.org_id = $1 and c.id = e.class_id
join p on p.id = e.student_id where e.org_id = $1
union all
select 6, 'guardian ' || concat_ws('|', s.external_id, p.external_id, g.relationship)
from frontdesk.guardians g join p s on s.id = g.student_id join p on p.id = g.guardian_id where g.org_id = $1
union all
select 7, 'school ' || concat_ws('|', external_id, name) from frontdesk.schools where org_id = $1
union all
select 8, 'grade ' || concat_ws('|', external_id, name, position) from frontdesk.grades where org_id = $1
order by 1, 2";

impl School {
    pub async fn new() -> Self {
        let school = Self {
            database: TestDb::new().await,
            org_id: ids::new_id(),
        };
        school.add_organization(school.org_id, "hill").await;
        school
    }

    pub fn test_db(&self) -> &TestDb {
        &self.database
    }

    pub fn db(&self) -> &Db {
        &self.database.db
    }

    pub async fn add_organization(&self, id: Uuid, slug: &str) {
        self.sql(&format!(
            "insert into frontdesk.organizations (id, name, slug, kind) values ('{id}', '{slug}', '{slug}', 'school')"
        ))
        .await;
    }

    pub async fn import(&self, district: &District) -> Result<Report, ImportError> {
        self.import_with(district, options()).await
    }

    pub async fn import_with(&self, district: &District, options: Options) -> Result<Report, ImportError> {
        self.import_heard(district, options, &()).await
    }

    pub async fn import_heard(
        &self,
        district: &District,
        options: Options,
        progress: &dyn Progress,
    ) -> Result<Report, ImportError> {
        import::clever(self.db(), self.org_id, district.path(), options, progress).await
    }

    /// The lines of [`LINES`] that contain `text`.
    pub async fn lines(&self, text: &str) -> Vec<String> {
        let rows = self.db().system_query("test", LINES, &[&self.org_id]).await.unwrap();
        rows.iter()
            .map(|row| row.get::<_, String>(1))
            .filter(|line| line.contains(text))
            .collect()
    }

    /// How many rows of a kind there are; of people, active ones.
    pub async fn count(&self, kind: Kind) -> u64 {
        let sql = match kind {
            Kind::Teachers => "from frontdesk.profiles where role = 'teacher' and status = 'active'",
            Kind::Students => {
                "from frontdesk.profiles join frontdesk.students using (org_id, id) where status = 'active'"
            }
            Kind::Parents => "from frontdesk.profiles where role = 'parent' and status = 'active'",
            Kind::Schools => "from frontdesk.schools",
            Kind::Grades => "from frontdesk.grades",
            Kind::Classes => "from frontdesk.classes",
            Kind::ClassTeachers => "from frontdesk.class_teachers",
            Kind::Enrollments => "from frontdesk.enrollments",
            Kind::Guardians => "from frontdesk.guardians",
        };
        let rows = self
            .db()
            .system_query("test", &format!("select count(*) {sql}"), &[])
            .await
            .unwrap();
        rows[0].get::<_, i64>(0).unsigned_abs()
    }

    /// Every row of every table of the schema, as text, with its ids and times.
    pub async fn all_rows(&self) -> Vec<String> {
        let sql = "select relname::text from pg_class where relnamespace = 'frontdesk'::regnamespace and relkind in ('r', 'p')
                   order by 1";
        let tables = self.db().system_query("test", sql, &[]).await.unwrap();
        let mut all = Vec::new();
        for table in tables {
            let sql = format!(
                "select t::text from frontdesk.{} t order by 1",
                table.get::<_, String>(0)
            );
            let rows = self.db().system_query("test", &sql, &[]).await.unwrap();
            all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
        }
        all
    }

    pub async fn sql(&self, statements: &str) {
        let tx = self.db().system("test").await.unwrap();
        tx.batch_execute(statements).await.unwrap();
        tx.commit().await.unwrap();
    }
}

pub fn options() -> Options {
    Options {
        today: jiff::civil::date(2026, 11, 22),
        ..Options::default()
    }
}
