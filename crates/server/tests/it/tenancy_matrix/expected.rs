//! Reads `expected.txt`, the checked-in table of what each table of the schema lets whom do.

use std::collections::BTreeMap;

/// The columns of `expected.txt`, in its order: who asks.
pub const COLUMNS: [&str; 8] = [
    "admin", "staff", "teacher", "parent", "student", "key", "service", "nobody",
];

/// The commands of each table, in the order of the file.
pub const COMMANDS: [&str; 4] = ["select", "insert", "update", "delete"];

/// How far a command reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every organization.
    All,
    /// The caller's organization.
    Org,
    /// The rows about the caller.
    Own,
    /// Allowed, finds nothing.
    None,
    /// Not allowed.
    Refused,
}

/// What is expected of one table.
#[derive(Debug)]
pub struct Entry {
    /// Columns that name the person whom a row is about.
    pub own: Vec<String>,
    /// For a view: the table (and condition) that its rows come from.
    pub base: Option<String>,
    /// By command, then by column of the file.
    pub reach: BTreeMap<&'static str, Vec<Reach>>,
}

/// The whole file by table.
pub fn entries() -> BTreeMap<String, Entry> {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut current = String::new();
    for line in include_str!("expected.txt").lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line;
        if !line.starts_with(' ') {
            let (head, rest) = split_head(line);
            cells = rest;
            let (name, entry) = head_entry(&head);
            current = name.clone();
            assert!(
                entries.insert(name, entry).is_none(),
                "{current} stands twice in expected.txt"
            );
        }
        if !cells.trim().is_empty() {
            let entry = entries.get_mut(&current).expect("a table before its commands");
            let (command, reach) = row(&current, cells);
            assert!(
                entry.reach.insert(command, reach).is_none(),
                "{current} {command} stands twice"
            );
        }
    }
    for (name, entry) in &entries {
        assert_eq!(entry.reach.len(), 4, "{name} in expected.txt lacks one of {COMMANDS:?}");
    }
    entries
}

/// A table's name with its columns, and the rest of the line from the command on.
fn split_head(line: &str) -> (String, &str) {
    let command = COMMANDS
        .iter()
        .filter_map(|command| line.find(&format!(" {command} ")))
        .min();
    match command {
        Some(at) => (line[..at].trim().to_owned(), &line[at..]),
        None => (line.trim().to_owned(), ""),
    }
}

fn head_entry(head: &str) -> (String, Entry) {
    let (head, base) = match head.split_once(" of ") {
        Some((head, base)) => (head, Some(base.trim().to_owned())),
        None => (head, None),
    };
    let (name, own) = match head.split_once(" (") {
        Some((name, own)) => (name, own.trim_end_matches(')').split('|').map(str::to_owned).collect()),
        None => (head, Vec::new()),
    };
    (
        name.trim().to_owned(),
        Entry {
            own,
            base,
            reach: BTreeMap::new(),
        },
    )
}

fn row(table: &str, cells: &str) -> (&'static str, Vec<Reach>) {
    let mut words = cells.split_whitespace();
    let first = words.next().expect("a command");
    let command = COMMANDS
        .into_iter()
        .find(|command| *command == first)
        .unwrap_or_else(|| panic!("{table} in expected.txt: {first} is no command"));
    let reach: Vec<Reach> = words
        .map(|word| match word {
            "all" => Reach::All,
            "org" => Reach::Org,
            "own" => Reach::Own,
            "none" => Reach::None,
            "-" => Reach::Refused,
            other => panic!("{table} {command} in expected.txt: {other} is none of all, org, own, none, -"),
        })
        .collect();
    assert_eq!(
        reach.len(),
        COLUMNS.len(),
        "{table} {command} in expected.txt needs {COLUMNS:?}"
    );
    (command, reach)
}
