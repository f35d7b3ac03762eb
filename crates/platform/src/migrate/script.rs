//! One SQL text and what its leading comment lines say about it. Used by every other file of the runner.
//!
//! The text is kept exactly as it came, except for line ends: `\r\n` becomes `\n`, so that a checkout on another system
//! has the same checksum.

use sha2::{Digest, Sha256};

use super::statements::{Statement, statements};

/// SQL text with the place it came from, so that an error can name file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The path inside the migrations folder, for messages.
    pub path: String,
    /// The SQL.
    pub text: String,
    /// The line of the file at which `text` starts, counted from 1.
    pub first_line: usize,
}

impl Script {
    /// A script that is a whole file.
    pub fn new(path: impl Into<String>, text: &str) -> Self {
        Self {
            path: path.into(),
            text: text.replace("\r\n", "\n"),
            first_line: 1,
        }
    }

    /// SHA-256 of the text, in lower-case hexadecimal.
    pub fn checksum(&self) -> String {
        checksum(&[&self.text])
    }

    /// Whether the script has the header `-- no-transaction`.
    pub fn no_transaction(&self) -> bool {
        self.header("no-transaction").is_some()
    }

    /// What follows `-- name` (and an optional colon) in the comment lines at the top of the file.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.text
            .lines()
            .map(str::trim)
            .take_while(|line| line.is_empty() || line.starts_with("--"))
            .filter_map(|line| line.strip_prefix("--")?.trim_start().strip_prefix(name))
            .find(|rest| rest.is_empty() || rest.starts_with([':', ' ']))
            .map(|rest| rest.trim_start_matches(':').trim())
    }

    pub(super) fn statements(&self) -> Vec<Statement> {
        statements(&self.text)
    }

    /// Whether there is nothing to run: no text, or comments only.
    pub fn is_empty(&self) -> bool {
        self.statements().is_empty()
    }

    /// Splits at the first line `-- drop:` into what applies and what removes.
    pub(super) fn split_at_drop(self) -> (Self, Self) {
        let mut start = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if line.trim() == "-- drop:" {
                let (apply, drop) = self.text.split_at(start);
                let drop = Self {
                    path: self.path.clone(),
                    text: drop.to_owned(),
                    first_line: self.first_line + index,
                };
                return (
                    Self {
                        text: apply.to_owned(),
                        ..self
                    },
                    drop,
                );
            }
            start += line.len();
        }
        let drop = Self {
            path: self.path.clone(),
            text: String::new(),
            first_line: self.first_line,
        };
        (self, drop)
    }
}

/// SHA-256 over the parts one after the other, in lower-case hexadecimal.
pub(super) fn checksum(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_from_the_leading_comments_only() {
        let script = Script::new(
            "a.sql",
            "-- why\n\n-- needs: 0003\n--no-transaction\nselect 1;\n-- until: 0009\n",
        );
        assert_eq!(script.header("needs"), Some("0003"));
        assert!(script.no_transaction());
        assert_eq!(script.header("until"), None);
        assert!(!Script::new("b.sql", "-- no-transactions here\nselect 1").no_transaction());
    }

    #[test]
    fn line_ends_do_not_change_the_checksum() {
        assert_eq!(
            Script::new("a", "a;\r\nb;\r\n").checksum(),
            Script::new("a", "a;\nb;\n").checksum()
        );
    }

    #[test]
    fn the_drop_tail_knows_its_line() {
        let (apply, drop) = Script::new("r.sql", "-- needs: 0001\nselect 1;\n-- drop:\nselect 2;\n").split_at_drop();
        assert_eq!(apply.text, "-- needs: 0001\nselect 1;\n");
        assert_eq!((drop.text.as_str(), drop.first_line), ("-- drop:\nselect 2;\n", 3));
    }
}
