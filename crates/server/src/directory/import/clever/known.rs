//! What a file has named so far: the school's own ids, so that other files can refer to them and a second row with the same
//! id is noticed. Holds an index, a line and a fingerprint for each, so that a large district fits into little memory.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use uuid::Uuid;

use super::values::{self, quoted};
use crate::directory::import::csv_file::Row;

/// The ids of one file.
pub(super) struct Known {
    file: &'static str,
    column: &'static str,
    entries: HashMap<Box<str>, Entry>,
    /// Ids whose row was wrong.
    refused: HashSet<Box<str>>,
    /// Our ids, by index; filled in the order in which the rows were admitted.
    pub ids: Vec<Uuid>,
}

struct Entry {
    index: u32,
    line: u64,
    fingerprint: u64,
}

/// Whether an id is new in its file.
pub(super) enum Admitted<T> {
    /// It is.
    New(T),
    /// The same, with the same values, stood in an earlier line.
    Again {
        /// Whose row this is.
        index: u32,
        /// The earlier line.
        line: u64,
    },
}

impl Known {
    /// For the ids in `column` of `file`.
    pub fn new(file: &'static str, column: &'static str) -> Self {
        Self {
            file,
            column,
            entries: HashMap::new(),
            refused: HashSet::new(),
            ids: Vec::new(),
        }
    }

    /// How many ids there are; the next one's index.
    pub fn len(&self) -> u32 {
        // `admit` keeps it within bounds.
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// Reads a row's id and, with `parse`, the rest of it. The values that `parse` answers tell whether a second row with
    /// this id says the same.
    pub fn admit<T: Hash>(
        &mut self,
        row: &Row<'_>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Admitted<T>, String> {
        let id = values::id(row, self.column)?;
        let parsed = parse(id).inspect_err(|_| {
            if !self.entries.contains_key(id) {
                self.refused.insert(id.into());
            }
        })?;
        let fingerprint = fingerprint(&parsed);
        if let Some(entry) = self.entries.get(id) {
            if entry.fingerprint != fingerprint {
                return Err(format!(
                    "{} {} stands in line {} already, with other values",
                    self.column,
                    quoted(id),
                    entry.line
                ));
            }
            return Ok(Admitted::Again {
                index: entry.index,
                line: entry.line,
            });
        }
        let index = u32::try_from(self.entries.len()).map_err(|_| format!("{} has too many rows", self.file))?;
        self.entries.insert(
            id.into(),
            Entry {
                index,
                line: row.line,
                fingerprint,
            },
        );
        self.refused.remove(id);
        Ok(Admitted::New(parsed))
    }

    /// The index of the id that `column` of another file's row refers to.
    pub fn find(&self, row: &Row<'_>, column: &'static str) -> Result<u32, String> {
        self.find_id(column, values::id(row, column)?)
    }

    /// The index of an id that stood in `column`.
    pub fn find_id(&self, column: &str, id: &str) -> Result<u32, String> {
        if let Some(entry) = self.entries.get(id) {
            return Ok(entry.index);
        }
        let (shown, file) = (quoted(id), self.file);
        Err(if self.refused.contains(id) {
            format!("{column} {shown} has a wrong row in {file}")
        } else {
            format!("{column} {shown} is not in {file}")
        })
    }

    /// Our id of an admitted row.
    pub fn uuid(&self, index: u32) -> Uuid {
        self.ids.get(index as usize).copied().unwrap_or_default()
    }
}

fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
