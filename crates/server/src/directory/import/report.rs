//! What an import did: counts by kind, and what was wrong where.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

use serde::Serialize;
use uuid::Uuid;

/// What an import makes, in the order in which people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Schools.
    Schools,
    /// Grades.
    Grades,
    /// Classes (sections).
    Classes,
    /// Profiles with the role teacher.
    Teachers,
    /// Profiles with the role student, with what only students have.
    Students,
    /// Profiles with the role parent.
    Parents,
    /// Who teaches a class.
    ClassTeachers,
    /// Who is in a class.
    Enrollments,
    /// Whose parent or contact somebody is.
    Guardians,
}

impl Kind {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Schools,
        Self::Grades,
        Self::Classes,
        Self::Teachers,
        Self::Students,
        Self::Parents,
        Self::ClassTeachers,
        Self::Enrollments,
        Self::Guardians,
    ];

    /// For people: `class teachers`.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Schools => "schools",
            Self::Grades => "grades",
            Self::Classes => "classes",
            Self::Teachers => "teachers",
            Self::Students => "students",
            Self::Parents => "parents",
            Self::ClassTeachers => "class teachers",
            Self::Enrollments => "enrollments",
            Self::Guardians => "guardians",
        }
    }
}

/// What happened to the rows of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// New.
    pub inserted: u64,
    /// Changed, or active again.
    pub updated: u64,
    /// As they were.
    pub unchanged: u64,
    /// No longer in the files: people deactivated, links removed.
    pub removed: u64,
    /// Rows that could not be imported.
    pub wrong: u64,
}

impl Counts {
    /// Rows of the files that are now in the database.
    #[must_use]
    pub fn present(&self) -> u64 {
        self.inserted + self.updated + self.unchanged
    }
}

/// One file of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileSummary {
    /// Rows, without the header and empty ones.
    pub rows: u64,
    /// Things that were not imported.
    pub wrong: u64,
    /// Things that were imported, though not quite as they stand there.
    pub warnings: u64,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Imported, but for the named part.
    Warning,
    /// Not imported.
    Wrong,
}

/// Something that somebody should mend in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The file's name.
    pub file: &'static str,
    /// Its line, 1-based.
    pub line: u64,
    /// How bad it is.
    pub severity: Severity,
    /// A sentence that names column and value.
    pub message: String,
}

impl Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warning = if self.severity == Severity::Warning {
            "warning: "
        } else {
            ""
        };
        write!(f, "{}:{}: {warning}{}", self.file, self.line, self.message)
    }
}

/// What an import did, or would have done.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Into which organization.
    pub org_id: Uuid,
    /// True: everything was rolled back.
    pub dry_run: bool,
    /// What happened, by kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// How the files were, by name.
    pub files: BTreeMap<&'static str, FileSummary>,
    /// What was wrong, by file and line; at most [`super::Options::keep_issues`] of each file.
    pub issues: Vec<Issue>,
    /// What else the reader should know.
    pub notes: Vec<String>,
    #[serde(skip)]
    keep_issues: usize,
}

impl Report {
    /// An empty report that keeps at most `keep_issues` issues of each file.
    #[must_use]
    pub fn new(org_id: Uuid, dry_run: bool, keep_issues: usize) -> Self {
        Self {
            org_id,
            dry_run,
            counts: Kind::ALL.iter().map(|kind| (*kind, Counts::default())).collect(),
            files: BTreeMap::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            keep_issues,
        }
    }

    /// The counts of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Counts {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Did every row get imported?
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.files.values().all(|file| file.wrong == 0)
    }

    /// Did every row of this file get imported? Only then does it say who is gone.
    #[must_use]
    pub fn is_file_complete(&self, file: &str) -> bool {
        self.files.get(file).is_none_or(|file| file.wrong == 0)
    }

    pub(super) fn count(&mut self, kind: Kind) -> &mut Counts {
        self.counts.entry(kind).or_default()
    }

    pub(super) fn file(&mut self, file: &'static str) -> &mut FileSummary {
        self.files.entry(file).or_default()
    }

    pub(super) fn add(&mut self, issue: Issue) {
        let file = self.file(issue.file);
        let kept = file.wrong + file.warnings;
        match issue.severity {
            Severity::Wrong => file.wrong += 1,
            Severity::Warning => file.warnings += 1,
        }
        if kept < self.keep_issues as u64 {
            self.issues.push(issue);
        }
    }
}

/// The table of counts, as commands print it.
impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<15}{:>10}{:>10}{:>11}{:>10}{:>8}",
            "", "inserted", "updated", "unchanged", "removed", "wrong"
        )?;
        for (kind, counts) in &self.counts {
            let Counts {
                inserted,
                updated,
                unchanged,
                removed,
                wrong,
            } = counts;
            writeln!(
                f,
                "{:<15}{inserted:>10}{updated:>10}{unchanged:>11}{removed:>10}{wrong:>8}",
                kind.plural()
            )?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(line: u64) -> Issue {
        Issue {
            file: "students.csv",
            line,
            severity: Severity::Wrong,
            message: "Dob \"x\" is no date".into(),
        }
    }

    #[test]
    fn all_issues_are_counted_and_as_many_kept_as_asked() {
        let mut report = Report::new(Uuid::nil(), false, 2);
        (1..=5).for_each(|line| report.add(wrong(line)));
        assert_eq!(report.files["students.csv"].wrong, 5);
        assert_eq!(report.issues.len(), 2);
        assert!(!report.is_complete() && report.is_file_complete("teachers.csv"));
    }

    #[test]
    fn an_issue_reads_like_a_compiler_message() {
        assert_eq!(wrong(17).to_string(), "students.csv:17: Dob \"x\" is no date");
    }
}
