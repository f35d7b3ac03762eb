//! One import under way: the transaction it writes in, the report it fills, and what of it every format shares.

use jiff::{civil::Date, tz::TimeZone};
use platform::{
    clock::Clock,
    db::{Db, SystemTx},
};
use uuid::Uuid;

use super::{
    FileError, ImportError, Issue, Kind, Progress, Removals, Report, Severity,
    csv_file::{CsvFile, Next, Row},
    store,
};

/// Rows that one statement writes.
pub(super) const CHUNK: usize = 2_000;
/// A kind loses at most one in so many, unless removals are allowed.
const MOST_REMOVED: u64 = 5;

/// How to import.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Do everything, then roll it back.
    pub dry_run: bool,
    /// Deactivate and remove also when more than a fifth of a kind would go.
    pub allow_removals: bool,
    /// Issues to keep of each file; more are counted only.
    pub keep_issues: usize,
    /// The day it is: nobody is born after it, and it tells which century two digits of a birthday mean.
    pub today: Date,
}

/// Everything is written, big removals are refused, 50 issues of each file are kept, and it is today (UTC).
impl Default for Options {
    fn default() -> Self {
        Self {
            dry_run: false,
            allow_removals: false,
            keep_issues: 50,
            today: Clock::system().now().to_zoned(TimeZone::UTC).date(),
        }
    }
}

/// What happened to one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Unchanged,
    Updated,
    Inserted,
}

pub(super) struct Run<'a> {
    pub tx: SystemTx,
    pub org_id: Uuid,
    /// The format's name: `source` of what it makes.
    pub source: &'static str,
    pub today: Date,
    pub report: Report,
    options: Options,
    progress: &'a dyn Progress,
    before: store::Existing,
}

impl<'a> Run<'a> {
    /// Opens the transaction and waits until no other import into the organization runs.
    pub(super) async fn begin(
        db: &Db,
        org_id: Uuid,
        source: &'static str,
        options: Options,
        progress: &'a dyn Progress,
    ) -> Result<Self, ImportError> {
        let tx = db.system("import").await?;
        if !store::try_lock(&tx, org_id).await? {
            progress.waiting();
            store::lock(&tx, org_id).await?;
        }
        if !store::organization_exists(&tx, org_id).await? {
            return Err(ImportError::NoOrganization(org_id));
        }
        let before = store::existing(&tx, org_id, source).await?;
        let report = Report::new(org_id, options.dry_run, options.keep_issues);
        Ok(Self {
            tx,
            org_id,
            source,
            today: options.today,
            report,
            options,
            progress,
            before,
        })
    }

    /// Reads the rows of a file up to a chunk's worth into `rows`; false when there are none left. `parse` answers none for
    /// a row that has nothing more to say; what it finds wrong or strange is reported with the row's line.
    pub(super) fn read_chunk<T>(
        &mut self,
        kind: Kind,
        file: &mut CsvFile,
        rows: &mut Vec<T>,
        mut parse: impl FnMut(&Row<'_>, &mut Vec<String>) -> Result<Option<T>, String>,
    ) -> Result<bool, FileError> {
        rows.clear();
        let name = file.name();
        let mut warnings = Vec::new();
        let mut seen = 0;
        while seen < CHUNK {
            let (line, parsed) = match file.next_row()? {
                Next::Row(row) => (row.line, parse(&row, &mut warnings)),
                Next::Broken(line, why) => (line, Err(why)),
                Next::End => break,
            };
            seen += 1;
            self.report.file(name).rows += 1;
            for message in warnings.drain(..) {
                self.warn(name, line, message);
            }
            match parsed {
                Ok(row) => rows.extend(row),
                Err(message) => self.wrong(kind, name, line, message),
            }
        }
        self.progress.read(file.bytes_read());
        Ok(seen > 0)
    }

    pub(super) fn start_file(&mut self, file: &CsvFile) {
        self.report.file(file.name());
        self.progress.file(file.name(), file.bytes());
    }

    /// Something of `kind` in this line is not imported.
    pub(super) fn wrong(&mut self, kind: Kind, file: &'static str, line: u64, message: String) {
        self.report.count(kind).wrong += 1;
        self.report.add(Issue {
            file,
            line,
            severity: Severity::Wrong,
            message,
        });
    }

    pub(super) fn warn(&mut self, file: &'static str, line: u64, message: String) {
        self.report.add(Issue {
            file,
            line,
            severity: Severity::Warning,
            message,
        });
    }

    pub(super) fn tally(&mut self, kind: Kind, changes: impl IntoIterator<Item = Change>) {
        let counts = self.report.count(kind);
        for change in changes {
            match change {
                Change::Inserted => counts.inserted += 1,
                Change::Updated => counts.updated += 1,
                Change::Unchanged => counts.unchanged += 1,
            }
        }
    }

    /// May what is missing from this file be removed? Not when rows of it were wrong: who is missing may be in one of them.
    pub(super) fn says_who_is_gone(&mut self, kind: Kind, file: &'static str) -> bool {
        if self.before.of(kind) == 0 {
            return false;
        }
        let complete = self.report.is_file_complete(file);
        if !complete {
            let note = format!("{file} has wrong rows, so nothing that is missing from it was removed.");
            self.report.notes.push(note);
        }
        complete
    }

    /// Commits, unless too much would go or it is a dry run.
    pub(super) async fn finish(self) -> Result<Report, ImportError> {
        let mut report = self.report;
        let too_many: Vec<Removals> = Kind::ALL
            .into_iter()
            .map(|kind| Removals {
                kind,
                going: report.of(kind).removed,
                of: self.before.of(kind),
            })
            .filter(|Removals { going, of, .. }| going * MOST_REMOVED > *of)
            .collect();
        if !too_many.is_empty() && !self.options.allow_removals {
            return Err(ImportError::TooManyRemovals(too_many));
        }
        if !self.options.dry_run {
            self.tx.commit().await?;
        }
        report.issues.sort_by(|a, b| (a.file, a.line).cmp(&(b.file, b.line)));
        Ok(report)
    }
}
