//! sections.csv: classes and who teaches them.

use jiff::civil::Date;
use uuid::Uuid;

use super::{
    SECTIONS, SOURCE,
    grades::Grades,
    known::{Admitted, Known},
    values::{self, Century, Grade, MAX_LABEL, MAX_NAME, or_none},
};
use crate::directory::import::{
    ImportError, Kind,
    csv_file::{CsvFile, Row},
    run::Run,
    store::{self, LinkTable, Links},
};

/// The columns of a section's teachers, the teacher of record first.
const TEACHER_COLUMNS: [&str; 4] = ["Teacher_id", "Teacher_2_id", "Teacher_3_id", "Teacher_4_id"];

#[derive(Hash)]
struct Section {
    external_id: String,
    name: String,
    course: Option<String>,
    period: Option<String>,
    school: u32,
    grade: Option<Grade>,
    starts: Option<Date>,
    ends: Option<Date>,
    /// Position and index of each teacher.
    teachers: Vec<(u8, u32)>,
    /// What is wrong with the others; the class is imported without them.
    wrong_teachers: Vec<String>,
}

/// What the file named.
pub(super) struct Sections<'a> {
    pub known: Known,
    teachers: &'a Known,
    /// Class, position, teacher; by index.
    taught: Vec<(u32, u8, u32)>,
}

impl Sections<'_> {
    /// Removes class teachers whom the file no longer names. Classes stay: nothing tells which of them a person made.
    pub async fn remove_who_is_gone(&self, run: &mut Run<'_>) -> Result<(), ImportError> {
        if run.says_who_is_gone(Kind::ClassTeachers, SECTIONS) {
            let pair = |(class, _, teacher): &(u32, u8, u32)| (self.known.uuid(*class), self.teachers.uuid(*teacher));
            let (left, right): (Vec<Uuid>, Vec<Uuid>) = self.taught.iter().map(pair).unzip();
            let table = LinkTable::ClassTeachers;
            let gone = store::remove_links(&run.tx, run.org_id, SOURCE, table, &left, &right).await?;
            run.report.count(Kind::ClassTeachers).removed = gone;
        }
        Ok(())
    }
}

/// Imports classes and class teachers; answers them for the enrollments to refer to.
pub(super) async fn import<'a>(
    run: &mut Run<'_>,
    file: &mut CsvFile,
    schools: &Known,
    teachers: &'a Known,
    grades: &mut Grades,
) -> Result<Sections<'a>, ImportError> {
    let mut sections = Sections {
        known: Known::new(SECTIONS, "Section_id"),
        teachers,
        taught: Vec::new(),
    };
    let has = store::Classes {
        has_courses: file.has("Course_name"),
        has_periods: file.has("Period"),
        has_grades: file.has("Grade"),
        has_terms: file.has("Term_start") && file.has("Term_end"),
        ..store::Classes::default()
    };
    let mut rows: Vec<(u64, Section)> = Vec::new();
    run.start_file(file);
    while run.read_chunk(Kind::Classes, file, &mut rows, |row, warnings| {
        Ok(
            match sections
                .known
                .admit(row, |id| parse(row, id, schools, teachers, warnings))?
            {
                Admitted::New(section) => Some((row.line, section)),
                Admitted::Again { line, .. } => {
                    warnings.push(format!("the row repeats line {line}"));
                    None
                }
            },
        )
    })? {
        for (line, section) in &mut rows {
            for message in section.wrong_teachers.drain(..) {
                run.wrong(Kind::ClassTeachers, SECTIONS, *line, message);
            }
        }
        let new: Vec<&Section> = rows.iter().map(|(_, section)| section).collect();
        sections.write(run, &new, schools, grades, &has).await?;
    }
    Ok(sections)
}

fn parse(
    row: &Row<'_>,
    id: &str,
    schools: &Known,
    teachers: &Known,
    warnings: &mut Vec<String>,
) -> Result<Section, String> {
    let course = or_none(values::text(row, "Course_name", MAX_NAME), warnings);
    let name = or_none(values::text(row, "Name", MAX_NAME), warnings).or_else(|| course.clone());
    let (starts, ends) = term(row, warnings);
    let mut section = Section {
        external_id: id.to_owned(),
        name: name.unwrap_or_else(|| format!("Section {id}")),
        course,
        period: or_none(values::text(row, "Period", MAX_LABEL), warnings),
        school: schools.find(row, "School_id")?,
        grade: or_none(values::grade(row), warnings),
        starts,
        ends,
        teachers: Vec::new(),
        wrong_teachers: Vec::new(),
    };
    section.find_teachers(row, teachers);
    if section.teachers.is_empty() && section.wrong_teachers.is_empty() {
        warnings.push("Teacher_id is empty; imported without a teacher".into());
    }
    Ok(section)
}

/// First and last day; a term that ends before it starts has neither.
fn term(row: &Row<'_>, warnings: &mut Vec<String>) -> (Option<Date>, Option<Date>) {
    let starts = or_none(values::date(row, "Term_start", Century::This), warnings);
    let ends = or_none(values::date(row, "Term_end", Century::This), warnings);
    match (starts, ends) {
        (Some(first), Some(last)) if last < first => {
            warnings.push(format!(
                "Term_end {last} is before Term_start {first}; imported without them"
            ));
            (None, None)
        }
        term => term,
    }
}

impl Section {
    /// Who is named twice in a row teaches once, at the first place.
    fn find_teachers(&mut self, row: &Row<'_>, teachers: &Known) {
        for (column, position) in TEACHER_COLUMNS.into_iter().zip(1..) {
            let found =
                values::optional_id(row, column).and_then(|id| id.map(|id| teachers.find_id(column, id)).transpose());
            match found {
                Ok(Some(teacher)) if self.teachers.iter().all(|(_, other)| *other != teacher) => {
                    self.teachers.push((position, teacher));
                }
                Ok(_) => {}
                Err(message) => self
                    .wrong_teachers
                    .push(format!("{message}; imported without this teacher")),
            }
        }
    }
}

impl Sections<'_> {
    async fn write(
        &mut self,
        run: &mut Run<'_>,
        new: &[&Section],
        schools: &Known,
        grades: &mut Grades,
        has: &store::Classes<'_>,
    ) -> Result<(), ImportError> {
        grades
            .make(run, new.iter().filter_map(|section| section.grade.as_ref()))
            .await?;
        let classes = store::Classes {
            external_ids: new.iter().map(|section| section.external_id.as_str()).collect(),
            names: new.iter().map(|section| section.name.as_str()).collect(),
            courses: new.iter().map(|section| section.course.as_deref()).collect(),
            periods: new.iter().map(|section| section.period.as_deref()).collect(),
            schools: new.iter().map(|section| schools.uuid(section.school)).collect(),
            grades: new.iter().map(|section| grades.id(section.grade.as_ref())).collect(),
            starts: new.iter().map(|section| section.starts).collect(),
            ends: new.iter().map(|section| section.ends).collect(),
            ..*has
        };
        let written = store::sync_classes(&run.tx, run.org_id, &classes).await?;
        let first = self.known.ids.len();
        self.known.ids.extend(written.iter().map(|(id, _)| *id));
        run.tally(Kind::Classes, written.into_iter().map(|(_, change)| change));
        self.write_teachers(run, new, first).await
    }

    /// `first`: index of the first of these classes.
    async fn write_teachers(&mut self, run: &mut Run<'_>, new: &[&Section], first: usize) -> Result<(), ImportError> {
        let before = self.taught.len();
        for (section, index) in new.iter().zip(first..) {
            // There are no more classes than rows, whose number has been checked.
            let class = u32::try_from(index).unwrap_or(u32::MAX);
            self.taught.extend(
                section
                    .teachers
                    .iter()
                    .map(|(position, teacher)| (class, *position, *teacher)),
            );
        }
        let taught = &self.taught[before..];
        let links = Links {
            left: taught.iter().map(|(class, ..)| self.known.uuid(*class)).collect(),
            right: taught
                .iter()
                .map(|(.., teacher)| self.teachers.uuid(*teacher))
                .collect(),
            says: taught.iter().map(|(_, position, _)| position.to_string()).collect(),
        };
        let changes = store::sync_links(&run.tx, run.org_id, SOURCE, LinkTable::ClassTeachers, &links).await?;
        run.tally(Kind::ClassTeachers, changes);
        Ok(())
    }
}
