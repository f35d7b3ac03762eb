//! Clever's CSV format: schools.csv, teachers.csv, students.csv, sections.csv and enrollments.csv in one folder.
//!
//! What becomes of it (`source` is `clever`):
//! - schools, grades (from the Grade columns of students and sections), classes (sections, by Section_id);
//! - a teacher is the profile `teacher:<Teacher_id>`, a student `student:<Student_id>`, a student's contact is a parent:
//!   `contact:<address>`, so that one address at several students is one person with several guardians rows, or without
//!   a usable address `contact:<Student_id>:<name>`, known from that student's rows only;
//! - guardians: relationship is Contact_relationship if the file has it, else Contact_type; the first row that links the
//!   two decides. A student may stand in several rows, one for each contact; a teacher in several, one for each school.
//!
//! Only the columns listed here are read. Race, ethnicity, gender, language and disability status, addresses, user names and
//! passwords are not: Frontdesk has no use for them, so it does not hold them, not even for the length of an import.
//!
//! What a value may be is in [`values`]. Ids, names and references to other files must be right, or the row is left out. Any
//! other value that is wrong (a birthday, address, phone number, grade, term) costs a warning and only itself: whoever it
//! belongs to can still be reached, and exports of this size always have some.
//! A column that is missing and optional leaves alone what is stored.

mod classes;
mod contacts;
mod enrollments;
mod grades;
mod known;
mod schools;
mod students;
mod teachers;
mod values;

use std::path::Path;

use platform::db::Db;
use uuid::Uuid;

use super::{
    FileError, ImportError, Options, Progress, Report,
    csv_file::{Columns, CsvFile, Need},
    run::Run,
    store,
};
use grades::Grades;

const SOURCE: &str = "clever";

const SCHOOLS: &str = "schools.csv";
const TEACHERS: &str = "teachers.csv";
const STUDENTS: &str = "students.csv";
const SECTIONS: &str = "sections.csv";
const ENROLLMENTS: &str = "enrollments.csv";

const SCHOOL_COLUMNS: Columns = &[("School_id", Need::Required), ("School_name", Need::Required)];
const TEACHER_COLUMNS: Columns = &[
    ("School_id", Need::Required),
    ("Teacher_id", Need::Required),
    ("First_name", Need::Required),
    ("Last_name", Need::Required),
    ("Teacher_email", Need::Optional),
];
const STUDENT_COLUMNS: Columns = &[
    ("School_id", Need::Required),
    ("Student_id", Need::Required),
    ("First_name", Need::Required),
    ("Last_name", Need::Required),
    ("Student_number", Need::Optional),
    ("Dob", Need::Optional),
    ("Grade", Need::Optional),
    ("Student_email", Need::Optional),
    ("Contact_name", Need::Optional),
    ("Contact_type", Need::Optional),
    ("Contact_relationship", Need::Optional),
    ("Contact_phone", Need::Optional),
    ("Contact_email", Need::Optional),
];
const SECTION_COLUMNS: Columns = &[
    ("School_id", Need::Required),
    ("Section_id", Need::Required),
    ("Teacher_id", Need::Required),
    ("Teacher_2_id", Need::Optional),
    ("Teacher_3_id", Need::Optional),
    ("Teacher_4_id", Need::Optional),
    ("Name", Need::Optional),
    ("Grade", Need::Optional),
    ("Course_name", Need::Optional),
    ("Period", Need::Optional),
    ("Term_start", Need::Optional),
    ("Term_end", Need::Optional),
];
const ENROLLMENT_COLUMNS: Columns = &[
    ("School_id", Need::Required),
    ("Student_id", Need::Required),
    ("Section_id", Need::Required),
];

struct Files {
    schools: CsvFile,
    teachers: CsvFile,
    students: CsvFile,
    sections: CsvFile,
    enrollments: CsvFile,
}

impl Files {
    /// Opens all five before anything is written.
    fn open(folder: &Path) -> Result<Self, FileError> {
        Ok(Self {
            schools: CsvFile::open(folder, SCHOOLS, SCHOOL_COLUMNS)?,
            teachers: CsvFile::open(folder, TEACHERS, TEACHER_COLUMNS)?,
            students: CsvFile::open(folder, STUDENTS, STUDENT_COLUMNS)?,
            sections: CsvFile::open(folder, SECTIONS, SECTION_COLUMNS)?,
            enrollments: CsvFile::open(folder, ENROLLMENTS, ENROLLMENT_COLUMNS)?,
        })
    }
}

/// Imports a folder in Clever's CSV format into an organization.
///
/// The files are read chunk by chunk between statements; nothing of them is held but ids, so that a district of 200,000
/// students takes tens of megabytes.
///
/// # Errors
/// When nothing was imported: a file cannot be read, too much would be removed, or the database failed. Wrong rows are no
/// error: see [`Report::is_complete`].
pub async fn clever(
    db: &Db,
    org_id: Uuid,
    folder: &Path,
    options: Options,
    progress: &dyn Progress,
) -> Result<Report, ImportError> {
    let mut files = Files::open(folder)?;
    let mut run = Run::begin(db, org_id, SOURCE, options, progress).await?;
    let mut grades = Grades::default();

    let schools = schools::import(&mut run, &mut files.schools).await?;
    let teachers = teachers::import(&mut run, &mut files.teachers, &schools).await?;
    let students = students::import(&mut run, &mut files.students, &schools, &mut grades).await?;
    let classes = classes::import(&mut run, &mut files.sections, &schools, &teachers, &mut grades).await?;
    let enrollments = enrollments::import(
        &mut run,
        &mut files.enrollments,
        &schools,
        &students.known,
        &classes.known,
    )
    .await?;

    store::prefer_hash_joins(&run.tx).await?;
    enrollments
        .remove_who_is_gone(&mut run, &students.known, &classes.known)
        .await?;
    classes.remove_who_is_gone(&mut run).await?;
    students.remove_who_is_gone(&mut run).await?;
    teachers::remove_who_is_gone(&mut run, &teachers).await?;
    run.finish().await
}
