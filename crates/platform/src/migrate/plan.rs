//! The migration files as a value, parsed from (path, text) pairs: embedded in a program, read from a folder, or made
//! by a test.
//!
//! A [`Plan`] that exists is complete: versions run from 1 without a gap (except to the next ten), every step has its three files, and every
//! replaceable script says after which step it can be applied. What the SQL says is looked at by [`super::check()`].

use std::collections::BTreeMap;

use super::error::MigrateError;
use super::script::{Script, checksum};

/// Everything that can be run on a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Run before everything else, each time.
    pub bootstrap: Bootstrap,
    /// The steps; the one at index `i` has version `i + 1`.
    pub steps: Vec<Step>,
    /// Functions, policies, triggers and views, in the order in which they are applied.
    pub replaceable: Vec<Replaceable>,
}

/// `bootstrap.sql`: roles, the schema and the two bookkeeping tables. Must be repeatable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap {
    /// What runs at every `up`.
    pub apply: Script,
    /// What `down` with `purge` runs before it drops the bookkeeping tables and the schema. May be empty.
    pub drop: Script,
}

/// One numbered folder `NNNN_verb_noun/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The number, from 1.
    pub version: u32,
    /// The folder's name without the number.
    pub name: String,
    /// Does it.
    pub up: Script,
    /// Undoes it.
    pub down: Script,
    /// Raises an exception if `up` has not done what it says.
    pub verify: Script,
}

impl Step {
    /// The folder's name: `0003_create_profiles`.
    pub fn folder(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }

    /// From which version on the verify script no longer holds (header `-- until: NNNN`), because that step changes
    /// what it looks at.
    pub(super) fn verify_until(&self) -> Option<u32> {
        self.verify.header("until").and_then(|version| version.parse().ok())
    }
}

/// One file `replaceable/NN_name.sql`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaceable {
    /// The file's name without `.sql`: `10_policies`.
    pub name: String,
    /// The lowest version after which it can be applied (header `-- needs: NNNN`).
    pub needs: u32,
    /// Creates or replaces.
    pub apply: Script,
    /// Removes; what follows the line `-- drop:`. Runs on the way down. May be empty.
    pub drop: Script,
}

impl Replaceable {
    /// SHA-256 of the whole file.
    pub fn checksum(&self) -> String {
        checksum(&[&self.apply.text, &self.drop.text])
    }
}

impl Plan {
    /// Parses the files of a migrations folder; paths are relative to it and use `/`.
    /// `schema.sql` and Markdown files at the top are not for the runner and are passed over.
    ///
    /// # Errors
    /// [`MigrateError::Source`] names the path that is missing, doubled or wrong.
    pub fn from_files<P: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<Self, MigrateError> {
        let mut sorted = Files::default();
        for (path, text) in files {
            sorted.add(path.as_ref(), text.as_ref())?;
        }
        sorted.into_plan()
    }

    /// The highest version there is; 0 when there are no steps.
    pub fn latest(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.version)
    }

    pub(super) fn step(&self, version: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.version == version)
    }
}

#[derive(Default)]
struct Files {
    bootstrap: Option<Script>,
    /// Folder name → file name → script, by version.
    folders: BTreeMap<u32, (String, BTreeMap<String, Script>)>,
    replaceable: BTreeMap<u32, Replaceable>,
}

impl Files {
    fn add(&mut self, path: &str, text: &str) -> Result<(), MigrateError> {
        match path.split('/').collect::<Vec<_>>().as_slice() {
            ["bootstrap.sql"] => match self.bootstrap.replace(Script::new(path, text)) {
                Some(_) => Err(wrong(path, "is given twice")),
                None => Ok(()),
            },
            ["schema.sql"] => Ok(()),
            [name] if name.ends_with(".md") => Ok(()),
            ["replaceable", name] => self.add_replaceable(path, name, text),
            [folder, file @ ("up.sql" | "down.sql" | "verify.sql")] => self.add_step_file(path, folder, file, text),
            _ => Err(wrong(
                path,
                "does not belong here; expected bootstrap.sql, NNNN_verb_noun/{up,down,verify}.sql or replaceable/NN_name.sql",
            )),
        }
    }

    fn add_step_file(&mut self, path: &str, folder: &str, file: &str, text: &str) -> Result<(), MigrateError> {
        let (version, name) = numbered(folder, 4)
            .filter(|(version, name)| *version > 0 && name.contains('_'))
            .ok_or_else(|| {
                wrong(
                    path,
                    "must be in a folder named NNNN_verb_noun, such as 0003_create_profiles",
                )
            })?;
        let (known, files) = self
            .folders
            .entry(version)
            .or_insert_with(|| (name.to_owned(), BTreeMap::new()));
        if known != name {
            let other = format!("has the number of {version:04}_{known}; give it the next free number");
            return Err(wrong(path, &other));
        }
        match files.insert(file.to_owned(), Script::new(path, text)) {
            Some(_) => Err(wrong(path, "is given twice")),
            None => Ok(()),
        }
    }

    fn add_replaceable(&mut self, path: &str, file: &str, text: &str) -> Result<(), MigrateError> {
        let (number, _) = file
            .strip_suffix(".sql")
            .and_then(|stem| numbered(stem, 2))
            .ok_or_else(|| wrong(path, "must be named NN_name.sql, such as 10_policies.sql"))?;
        let name = file.trim_end_matches(".sql").to_owned();
        let script = Script::new(path, text);
        let needs = script
            .header("needs")
            .and_then(|version| version.parse().ok())
            .filter(|version| *version > 0)
            .ok_or_else(|| {
                wrong(
                    path,
                    "must begin with a line `-- needs: NNNN`, the lowest step after which it can be applied",
                )
            })?;
        let (apply, drop) = script.split_at_drop();
        match self.replaceable.insert(
            number,
            Replaceable {
                name,
                needs,
                apply,
                drop,
            },
        ) {
            Some(other) => Err(wrong(
                path,
                &format!("has the number of {}; the number decides the order", other.apply.path),
            )),
            None => Ok(()),
        }
    }

    fn into_plan(self) -> Result<Plan, MigrateError> {
        let bootstrap = self.bootstrap.ok_or_else(|| wrong("bootstrap.sql", "is missing"))?;
        let (apply, drop) = bootstrap.split_at_drop();
        let mut steps = Vec::new();
        let mut expected = 1;
        for (version, (name, files)) in self.folders {
            // A number is left out only to begin a new group of ten: parts of the product that grow side by side.
            if version != expected && (version < expected || !version.is_multiple_of(10)) {
                let gap = format!("follows a gap: there is no step {expected:04}");
                return Err(wrong(&format!("{version:04}_{name}"), &gap));
            }
            expected = version + 1;
            steps.push(step(version, name, files)?);
        }
        let latest = steps.last().map_or(0, |step: &Step| step.version);
        let replaceable: Vec<_> = self.replaceable.into_values().collect();
        if let Some(early) = replaceable.iter().find(|one| one.needs > latest) {
            let needs = format!("needs step {:04}, but the last step is {latest:04}", early.needs);
            return Err(wrong(&early.apply.path, &needs));
        }
        Ok(Plan {
            bootstrap: Bootstrap { apply, drop },
            steps,
            replaceable,
        })
    }
}

fn step(version: u32, name: String, mut files: BTreeMap<String, Script>) -> Result<Step, MigrateError> {
    let mut take = |file: &str| {
        files
            .remove(file)
            .ok_or_else(|| wrong(&format!("{version:04}_{name}/{file}"), "is missing"))
    };
    let (up, down, verify) = (take("up.sql")?, take("down.sql")?, take("verify.sql")?);
    if verify
        .header("until")
        .is_some_and(|until| until.parse::<u32>().is_err())
    {
        return Err(wrong(
            &verify.path,
            "has a header `-- until:` that is not followed by a step's number",
        ));
    }
    Ok(Step {
        version,
        name,
        up,
        down,
        verify,
    })
}

/// Splits `0003_create_profiles` into number and name; none unless it has exactly `digits` digits and a lower-case name.
fn numbered(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, name) = text.split_once('_')?;
    let good_number = number.len() == digits && number.bytes().all(|b| b.is_ascii_digit());
    let good_name = !name.is_empty()
        && name.split('_').all(|word| !word.is_empty())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (good_number && good_name)
        .then(|| number.parse().ok())
        .flatten()
        .map(|number| (number, name))
}

fn wrong(path: &str, problem: &str) -> MigrateError {
    MigrateError::Source {
        path: path.to_owned(),
        problem: problem.to_owned(),
    }
}
