//! students.csv: students, their contacts, and who is whose contact.

use jiff::civil::Date;

use super::{
    SOURCE, STUDENTS,
    contacts::{self, Contact, Contacts},
    grades::Grades,
    known::{Admitted, Known},
    values::{self, Century, Grade, or_none},
};
use crate::directory::import::{
    ImportError, Kind,
    csv_file::{CsvFile, Row},
    run::{Change, Run},
    store::{self, People},
};

#[derive(Hash)]
struct Student {
    external_id: String,
    name: String,
    email: Option<String>,
    school: u32,
    grade: Option<Grade>,
    number: Option<String>,
    birthday: Option<Date>,
}

/// A row of the file.
struct StudentRow {
    line: u64,
    index: u32,
    /// None: an earlier row told it all, this one adds a contact.
    student: Option<Student>,
    contact: Option<Contact>,
    /// Why the contact is not imported, though the student is.
    wrong_contact: Option<String>,
}

/// The optional columns that the file has.
#[derive(Clone, Copy)]
struct Has {
    emails: bool,
    grades: bool,
    numbers: bool,
    birthdays: bool,
}

/// What the file named.
pub(super) struct Students {
    pub known: Known,
    /// None: the file has no columns for contacts.
    contacts: Option<Contacts>,
}

/// Imports students, parents and guardians; answers them for the enrollments to refer to.
pub(super) async fn import(
    run: &mut Run<'_>,
    file: &mut CsvFile,
    schools: &Known,
    grades: &mut Grades,
) -> Result<Students, ImportError> {
    let mut known = Known::new(STUDENTS, "Student_id");
    let mut contacts = Contacts::new(file);
    let has = Has {
        emails: file.has("Student_email"),
        grades: file.has("Grade"),
        numbers: file.has("Student_number"),
        birthdays: file.has("Dob"),
    };
    let today = run.today;
    let mut rows: Vec<StudentRow> = Vec::new();
    run.start_file(file);
    while run.read_chunk(Kind::Students, file, &mut rows, |row, warnings| {
        parse_row(row, &mut known, schools, today, warnings).map(Some)
    })? {
        for row in &mut rows {
            if let Some(message) = row.wrong_contact.take() {
                run.wrong(Kind::Parents, STUDENTS, row.line, message);
            }
        }
        write_students(run, &rows, &mut known, schools, grades, has).await?;
        if let Some(contacts) = &mut contacts {
            let named = rows
                .iter_mut()
                .filter_map(|row| Some((row.line, row.index, row.contact.take()?)))
                .collect();
            contacts.write(run, named, &known).await?;
        }
    }
    Ok(Students { known, contacts })
}

fn parse_row(
    row: &Row<'_>,
    known: &mut Known,
    schools: &Known,
    today: Date,
    warnings: &mut Vec<String>,
) -> Result<StudentRow, String> {
    let next = known.len();
    let admitted = known.admit(row, |id| parse(row, id, schools, today, warnings))?;
    let (index, student) = match admitted {
        Admitted::New(student) => (next, Some(student)),
        Admitted::Again { index, .. } => (index, None),
    };
    let (contact, wrong_contact) = match contacts::parse(row, warnings) {
        Ok(contact) => (contact, None),
        Err(why) => (None, Some(format!("{why}; imported without the contact"))),
    };
    Ok(StudentRow {
        line: row.line,
        index,
        student,
        contact,
        wrong_contact,
    })
}

fn parse(row: &Row<'_>, id: &str, schools: &Known, today: Date, warnings: &mut Vec<String>) -> Result<Student, String> {
    Ok(Student {
        external_id: format!("student:{id}"),
        school: schools.find(row, "School_id")?,
        name: values::person_name(row)?,
        email: or_none(values::email(row, "Student_email"), warnings),
        grade: or_none(values::grade(row), warnings),
        number: or_none(values::optional_id(row, "Student_number"), warnings).map(str::to_owned),
        birthday: or_none(values::date(row, "Dob", Century::Until(today)), warnings),
    })
}

async fn write_students(
    run: &mut Run<'_>,
    rows: &[StudentRow],
    known: &mut Known,
    schools: &Known,
    grades: &mut Grades,
    has: Has,
) -> Result<(), ImportError> {
    let new: Vec<&Student> = rows.iter().filter_map(|row| row.student.as_ref()).collect();
    grades
        .make(run, new.iter().filter_map(|student| student.grade.as_ref()))
        .await?;
    let people = People {
        role: "student",
        external_ids: new.iter().map(|student| student.external_id.as_str()).collect(),
        names: new.iter().map(|student| student.name.as_str()).collect(),
        emails: has
            .emails
            .then(|| new.iter().map(|student| student.email.as_deref()).collect()),
        phones: None,
    };
    let profiles = store::sync_people(&run.tx, run.org_id, run.source, &people).await?;
    let students = store::Students {
        ids: profiles.iter().map(|(id, _)| *id).collect(),
        schools: new.iter().map(|student| schools.uuid(student.school)).collect(),
        grades: new.iter().map(|student| grades.id(student.grade.as_ref())).collect(),
        numbers: new.iter().map(|student| student.number.as_deref()).collect(),
        birthdays: new.iter().map(|student| student.birthday).collect(),
        has_grades: has.grades,
        has_numbers: has.numbers,
        has_birthdays: has.birthdays,
    };
    let changes = store::sync_students(&run.tx, run.org_id, &students).await?;
    run.tally(
        Kind::Students,
        profiles
            .iter()
            .zip(changes)
            .map(|((_, profile), student)| together(*profile, student)),
    );
    known.ids.extend(students.ids);
    Ok(())
}

/// A student is two rows, and new when the profile is.
fn together(profile: Change, student: Change) -> Change {
    match (profile, student) {
        (Change::Inserted, _) => Change::Inserted,
        (Change::Unchanged, Change::Unchanged) => Change::Unchanged,
        _ => Change::Updated,
    }
}

impl Students {
    /// Deactivates students and parents and removes guardians that are not in the file.
    pub async fn remove_who_is_gone(&self, run: &mut Run<'_>) -> Result<(), ImportError> {
        if !run.says_who_is_gone(Kind::Students, STUDENTS) {
            return Ok(());
        }
        let gone = store::deactivate(&run.tx, run.org_id, SOURCE, "student", "student:", &self.known.ids).await?;
        run.report.count(Kind::Students).removed = gone;
        match &self.contacts {
            Some(contacts) => contacts.remove_who_is_gone(run, &self.known).await?,
            None => run.report.notes.push(format!(
                "{STUDENTS} has no columns for contacts, so parents stay as they are."
            )),
        }
        Ok(())
    }
}
