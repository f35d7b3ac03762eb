//! teachers.csv. A teacher at several schools stands in it several times; the schools are not kept, the classes tell.

use super::{
    TEACHERS,
    known::{Admitted, Known},
    values,
};
use crate::directory::import::{
    ImportError, Kind,
    csv_file::{CsvFile, Row},
    run::Run,
    store::{self, People},
};

#[derive(Hash)]
struct Teacher {
    external_id: String,
    name: String,
    email: Option<String>,
}

/// Imports the teachers; answers them for the sections to refer to.
pub(super) async fn import(run: &mut Run<'_>, file: &mut CsvFile, schools: &Known) -> Result<Known, ImportError> {
    let mut known = Known::new(TEACHERS, "Teacher_id");
    let has_emails = file.has("Teacher_email");
    let mut rows: Vec<Teacher> = Vec::new();
    run.start_file(file);
    while run.read_chunk(Kind::Teachers, file, &mut rows, |row, warnings| {
        Ok(match known.admit(row, |id| parse(row, id, schools, warnings))? {
            Admitted::New(teacher) => Some(teacher),
            Admitted::Again { .. } => None,
        })
    })? {
        let people = People {
            role: "teacher",
            external_ids: rows.iter().map(|teacher| teacher.external_id.as_str()).collect(),
            names: rows.iter().map(|teacher| teacher.name.as_str()).collect(),
            emails: has_emails.then(|| rows.iter().map(|teacher| teacher.email.as_deref()).collect()),
            phones: None,
        };
        let written = store::sync_people(&run.tx, run.org_id, run.source, &people).await?;
        known.ids.extend(written.iter().map(|(id, _)| *id));
        run.tally(Kind::Teachers, written.into_iter().map(|(_, change)| change));
    }
    Ok(known)
}

/// Deactivates teachers whom the file no longer names.
pub(super) async fn remove_who_is_gone(run: &mut Run<'_>, teachers: &Known) -> Result<(), ImportError> {
    if run.says_who_is_gone(Kind::Teachers, TEACHERS) {
        let gone = store::deactivate(&run.tx, run.org_id, run.source, "teacher", "teacher:", &teachers.ids).await?;
        run.report.count(Kind::Teachers).removed = gone;
    }
    Ok(())
}

fn parse(row: &Row<'_>, id: &str, schools: &Known, warnings: &mut Vec<String>) -> Result<Teacher, String> {
    schools.find(row, "School_id")?;
    Ok(Teacher {
        external_id: format!("teacher:{id}"),
        name: values::person_name(row)?,
        email: values::or_none(values::email(row, "Teacher_email"), warnings),
    })
}
