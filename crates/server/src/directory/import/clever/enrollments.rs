//! enrollments.csv: who is in which class.

use uuid::Uuid;

use super::{ENROLLMENTS, SOURCE, known::Known};
use crate::directory::import::{
    ImportError, Kind,
    csv_file::CsvFile,
    run::{CHUNK, Run},
    store,
};

/// Rows that one statement compares with what is stored.
const COMPARED: usize = 100_000;

/// A row: class and student by index, and its line. Small, since there are the most of these.
type Enrollment = (u32, u32, u32);

/// What the file named: each pair of class and student once, by class.
pub(super) struct Enrollments {
    all: Vec<Enrollment>,
}

/// Imports the enrollments.
pub(super) async fn import(
    run: &mut Run<'_>,
    file: &mut CsvFile,
    schools: &Known,
    students: &Known,
    classes: &Known,
) -> Result<Enrollments, ImportError> {
    let mut all: Vec<Enrollment> = Vec::new();
    let mut rows = Vec::new();
    run.start_file(file);
    while run.read_chunk(Kind::Enrollments, file, &mut rows, |row, _| {
        schools.find(row, "School_id")?;
        let (class, student) = (classes.find(row, "Section_id")?, students.find(row, "Student_id")?);
        Ok(Some((class, student, u32::try_from(row.line).unwrap_or(u32::MAX))))
    })? {
        all.append(&mut rows);
    }
    all.sort_unstable();
    report_repeated(run, &all);
    all.dedup_by_key(|(class, student, _)| (*class, *student));
    for chunk in all.chunks(CHUNK) {
        let (class_ids, student_ids) = ids(chunk, classes, students);
        let inserted = store::insert_enrollments(&run.tx, run.org_id, SOURCE, &class_ids, &student_ids).await?;
        let counts = run.report.count(Kind::Enrollments);
        counts.inserted += inserted;
        counts.unchanged += chunk.len() as u64 - inserted;
    }
    Ok(Enrollments { all })
}

impl Enrollments {
    /// Removes enrollments that the file no longer names.
    pub async fn remove_who_is_gone(
        &self,
        run: &mut Run<'_>,
        students: &Known,
        classes: &Known,
    ) -> Result<(), ImportError> {
        if !run.says_who_is_gone(Kind::Enrollments, ENROLLMENTS) {
            return Ok(());
        }
        let mut removed = 0;
        for chunk in whole_classes(&self.all, COMPARED) {
            let (class_ids, student_ids) = ids(chunk, classes, students);
            removed += store::remove_enrollments(&run.tx, run.org_id, SOURCE, &class_ids, &student_ids).await?;
        }
        let mut named: Vec<u32> = self.all.iter().map(|(class, ..)| *class).collect();
        named.dedup();
        let named: Vec<Uuid> = named.into_iter().map(|class| classes.uuid(class)).collect();
        removed += store::remove_enrollments_of_other_classes(&run.tx, run.org_id, SOURCE, &named).await?;
        run.report.count(Kind::Enrollments).removed = removed;
        Ok(())
    }
}

fn ids(rows: &[Enrollment], classes: &Known, students: &Known) -> (Vec<Uuid>, Vec<Uuid>) {
    rows.iter()
        .map(|(class, student, _)| (classes.uuid(*class), students.uuid(*student)))
        .unzip()
}

fn report_repeated(run: &mut Run<'_>, sorted: &[Enrollment]) {
    for pair in sorted.windows(2) {
        if let [(class, student, first), (again_class, again_student, again)] = pair
            && (class, student) == (again_class, again_student)
        {
            run.warn(ENROLLMENTS, u64::from(*again), format!("the row repeats line {first}"));
        }
    }
}

/// Chunks of about `size` rows that end where a class ends.
fn whole_classes(mut sorted: &[Enrollment], size: usize) -> impl Iterator<Item = &[Enrollment]> {
    std::iter::from_fn(move || {
        let last = sorted.get(size.min(sorted.len()).checked_sub(1)?)?.0;
        let end = sorted.partition_point(|(class, ..)| *class <= last);
        let (chunk, rest) = sorted.split_at(end);
        sorted = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_is_cut_in_two() {
        let rows: Vec<Enrollment> = (0..7_000_u32).map(|n| (n / 1_500, n, n)).collect();
        let chunks: Vec<usize> = whole_classes(&rows, 2_000).map(<[Enrollment]>::len).collect();
        assert_eq!(chunks, [3_000, 3_000, 1_000]);
        assert_eq!(whole_classes(&[], 2_000).count(), 0);
    }
}
