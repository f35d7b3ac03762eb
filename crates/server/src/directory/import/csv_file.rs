//! A CSV file with a header, read row by row, for every import of people.
//!
//! What always holds: a row knows the real line of the file in which it begins; values are valid UTF-8, trimmed; columns are
//! found by name, in any order and case; columns that nobody asked for (passwords above all) are never looked at, and live
//! no longer than the reader's buffer of one row. A row that is broken is reported and the next one is read. The file is
//! streamed: memory does not grow with it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use csv::ByteRecord;

use super::lines::LineFeed;

/// Is a file without this column refused?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Refused.
    Required,
    /// What the file does not say stays as it is stored.
    Optional,
}

/// Columns that an import reads, by the names of the file format.
pub type Columns = &'static [(&'static str, Need)];

/// Why a whole file cannot be read. Every message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such folder.
    #[error("{}: there is no such folder", .0.display())]
    NoFolder(PathBuf),
    /// The folder lacks the file.
    #[error("{name} is missing in {}", .folder.display())]
    Missing {
        /// The file's name.
        name: &'static str,
        /// The folder looked into.
        folder: PathBuf,
    },
    /// The system would not let us read it, or it broke off.
    #[error("{name} cannot be read: {error}")]
    Unreadable {
        /// The file's name.
        name: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// Not even a header.
    #[error("{0} is empty: its first line must name the columns")]
    Empty(&'static str),
    /// Something else than CSV in UTF-8.
    #[error("{name} is no CSV file: {why}")]
    NotCsv {
        /// The file's name.
        name: &'static str,
        /// What it looks like instead, and what to do.
        why: &'static str,
    },
    /// The header lacks columns.
    #[error("{name} has no column {columns}{hint}")]
    MissingColumns {
        /// The file's name.
        name: &'static str,
        /// The missing columns.
        columns: String,
        /// What the reason may be; empty when there is none to guess.
        hint: &'static str,
    },
    /// The header names a column more than once, so it is not clear which one to read.
    #[error("{name} has more than one column {column}")]
    DoubleColumn {
        /// The file's name.
        name: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// An open CSV file, positioned behind its header.
pub struct CsvFile {
    name: &'static str,
    bytes: u64,
    reader: csv::Reader<LineFeed<BufReader<File>>>,
    record: ByteRecord,
    header_fields: usize,
    columns: Vec<(&'static str, Option<usize>)>,
}

/// What a file has next.
pub enum Next<'a> {
    /// A row.
    Row(Row<'a>),
    /// A row that is broken as a whole: its line, and why. Never quotes the row.
    Broken(u64, String),
    /// Nothing.
    End,
}

/// A row of a file.
pub struct Row<'a> {
    /// The line of the file in which the row begins, 1-based.
    pub line: u64,
    record: &'a ByteRecord,
    columns: &'a [(&'static str, Option<usize>)],
}

impl CsvFile {
    /// Opens `name` (upper and lower case alike) in `folder` and reads its header.
    ///
    /// # Errors
    /// When the file is missing, empty, no CSV, or lacks a required column.
    pub fn open(folder: &Path, name: &'static str, columns: Columns) -> Result<Self, FileError> {
        let unreadable = |error| FileError::Unreadable { name, error };
        let file = File::open(find(folder, name)?).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let mut source = BufReader::with_capacity(1 << 16, file);
        refuse_other_formats(name, source.fill_buf().map_err(unreadable)?)?;
        let mut reader = reader(LineFeed::new(source));
        let mut header = ByteRecord::new();
        if !reader
            .read_byte_record(&mut header)
            .map_err(|error| unreadable(error.into()))?
        {
            return Err(FileError::Empty(name));
        }
        Ok(Self {
            name,
            bytes,
            reader,
            record: ByteRecord::new(),
            header_fields: header.len(),
            columns: resolve(name, &header, columns)?,
        })
    }

    /// The file's name, as messages show it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The file's size in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes of it have been read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.reader.get_ref().bytes()
    }

    /// Does the header have this column?
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns
            .iter()
            .any(|(name, index)| *name == column && index.is_some())
    }

    /// The next row. Empty rows are passed over.
    ///
    /// # Errors
    /// When the file breaks off. A row that is merely wrong is no error.
    pub fn next_row(&mut self) -> Result<Next<'_>, FileError> {
        loop {
            self.reader.get_mut().begin_record();
            let more = self
                .reader
                .read_byte_record(&mut self.record)
                .map_err(|error| FileError::Unreadable {
                    name: self.name,
                    error: error.into(),
                })?;
            let line = self.reader.get_ref().line();
            if !more {
                return Ok(Next::End);
            }
            if let Some(why) = self.broken()? {
                return Ok(Next::Broken(line, why));
            }
            if !self.is_blank() {
                break;
            }
        }
        Ok(Next::Row(Row {
            line: self.reader.get_ref().line(),
            record: &self.record,
            columns: &self.columns,
        }))
    }

    /// What is wrong with the record as a whole. A record of several lines that does not fit the header, or that has
    /// swallowed a line with enough commas for a row of its own, began with a stray quotation mark: only its first line is
    /// given up, the others are read again. (A value that truly has such a line is refused rather than rows lost silently.)
    fn broken(&mut self) -> Result<Option<String>, FileError> {
        let feed = self.reader.get_ref();
        let fits = self.record.len() == self.header_fields;
        if feed.is_multiline() && (!fits || feed.gave_up() || feed.has_swallowed_a_row(self.header_fields)) {
            self.start_again_on_second_line()
                .map_err(|error| FileError::Unreadable { name: self.name, error })?;
            return Ok(Some("a quotation mark in this row is opened and never closed".into()));
        }
        if fits || self.is_blank() {
            return Ok(None);
        }
        Ok(Some(format!(
            "the row has {} values, the header has {} (a value with a comma must stand in quotation marks)",
            self.record.len(),
            self.header_fields
        )))
    }

    fn is_blank(&self) -> bool {
        self.record.iter().all(|value| value.trim_ascii().is_empty())
    }

    fn start_again_on_second_line(&mut self) -> io::Result<()> {
        // Wherever one asks to seek to, the feed goes back to the second line; the parser forgets the open quotation.
        Ok(self.reader.seek_raw(io::SeekFrom::Current(0), csv::Position::new())?)
    }
}

impl<'a> Row<'a> {
    /// The value of a column, trimmed; empty when the file has no such column.
    ///
    /// # Errors
    /// When the value is not UTF-8 or holds a NUL, which no text column can store.
    pub fn get(&self, column: &'static str) -> Result<&'a str, String> {
        let index = self
            .columns
            .iter()
            .find(|(name, _)| *name == column)
            .and_then(|(_, index)| *index);
        let value = index.and_then(|index| self.record.get(index)).unwrap_or_default();
        let value = std::str::from_utf8(value).map_err(|_| format!("{column} is not valid UTF-8"))?;
        if value.contains('\0') {
            return Err(format!("{column} contains a NUL character"));
        }
        Ok(value.trim())
    }
}

fn reader<R: io::Read>(feed: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(feed)
}

/// The path of `name` in `folder`; exports write Students.csv and students.csv.
fn find(folder: &Path, name: &'static str) -> Result<PathBuf, FileError> {
    let exact = folder.join(name);
    if exact.is_file() {
        return Ok(exact);
    }
    let entries = std::fs::read_dir(folder).map_err(|_| FileError::NoFolder(folder.to_owned()))?;
    entries
        .filter_map(Result::ok)
        .find(|entry| entry.file_name().eq_ignore_ascii_case(name) && entry.path().is_file())
        .map(|entry| entry.path())
        .ok_or_else(|| FileError::Missing {
            name,
            folder: folder.to_owned(),
        })
}

/// Tells what people most often have instead of a CSV file in UTF-8, from its first bytes.
fn refuse_other_formats(name: &'static str, begin: &[u8]) -> Result<(), FileError> {
    let why = match begin {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is UTF-16; save it as \"CSV UTF-8\"",
        [b'P', b'K', 3, 4, ..] => "it is a ZIP archive or a spreadsheet; unpack it, or export it as CSV",
        _ if begin
            .iter()
            .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
            .any(|byte| *byte == 0) =>
        {
            "it contains binary data"
        }
        _ => return Ok(()),
    };
    Err(FileError::NotCsv { name, why })
}

/// Where each column stands in the file.
fn resolve(
    name: &'static str,
    header: &ByteRecord,
    columns: Columns,
) -> Result<Vec<(&'static str, Option<usize>)>, FileError> {
    let mut found = Vec::with_capacity(columns.len());
    for (column, _) in columns {
        let mut at = header
            .iter()
            .enumerate()
            .filter(|(_, field)| field.trim_ascii().eq_ignore_ascii_case(column.as_bytes()));
        found.push((*column, at.next().map(|(index, _)| index)));
        if at.next().is_some() {
            return Err(FileError::DoubleColumn { name, column });
        }
    }
    let missing: Vec<&str> = columns
        .iter()
        .zip(&found)
        .filter(|((_, need), (_, index))| *need == Need::Required && index.is_none())
        .map(|((column, _), _)| *column)
        .collect();
    if missing.is_empty() {
        return Ok(found);
    }
    let first = header.get(0).unwrap_or_default();
    let hint = match header.len() {
        1 if first.contains(&b';') => ": its values seem to be separated by semicolons; Clever's format has commas",
        1 if first.contains(&b'\t') => ": its values seem to be separated by tabs; Clever's format has commas",
        _ => "; its first line must name the columns",
    };
    Err(FileError::MissingColumns {
        name,
        columns: missing.join(", "),
        hint,
    })
}

#[cfg(test)]
#[path = "csv_file_tests.rs"]
mod tests;
