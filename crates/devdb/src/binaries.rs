//! Finding PostgreSQL's programs on this machine.
//!
//! Called by whoever starts a cluster. What always holds: a [`Binaries`] names a directory whose `postgres`, `initdb` and
//! `pg_ctl` exist and whose `postgres --version` answered with at least [`Binaries::OLDEST`].

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A PostgreSQL version, such as 15.20.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The major version: data directories of different major versions are not compatible.
    pub major: u32,
    /// The minor version: bug fixes only.
    pub minor: u32,
}

impl Version {
    /// Reads `server_version_num`, such as 150020.
    pub(crate) fn from_number(number: u32) -> Self {
        Self {
            major: number / 10_000,
            minor: number % 10_000,
        }
    }

    /// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; a beta (`19beta1`) counts as minor 0.
    fn parse(answer: &str) -> Option<Self> {
        let number = answer
            .strip_prefix("postgres (PostgreSQL) ")?
            .split_whitespace()
            .next()?;
        let digits = |text: &str| -> Option<u32> {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text[..end].parse().ok()
        };
        let (major, minor) = number.split_once('.').unwrap_or((number, ""));
        Some(Self {
            major: digits(major)?,
            minor: digits(minor).unwrap_or(0),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The programs without which there is no cluster.
const REQUIRED: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// A directory with PostgreSQL's programs, and their version.
#[derive(Clone, Debug)]
pub struct Binaries {
    dir: PathBuf,
    version: Version,
}

impl Binaries {
    /// The oldest major version that Frontdesk runs on.
    pub const OLDEST: u32 = 15;

    /// The newest suitable PostgreSQL, or the newest of major version `wanted`.
    ///
    /// Looks at `FRONTDESK_PG_BIN` (and then nowhere else); then the system's own installations; then what
    /// `scripts/setup` unpacked into `.frontdesk/` here or in a folder above. The system's come first even when older,
    /// because the unpacked ones lack TLS, pgcrypto and pgaudit.
    ///
    /// # Errors
    /// When there is none; the message says what to install on this machine.
    pub fn find(wanted: Option<u32>) -> Result<Self> {
        if let Some(dir) = std::env::var_os("FRONTDESK_PG_BIN") {
            return Self::from_env(PathBuf::from(dir), wanted);
        }
        let suits = |version: Version| wanted.map_or(version.major >= Self::OLDEST, |major| version.major == major);
        for tier in [system_directories(), unpacked_directories()] {
            let found = tier
                .into_iter()
                .filter_map(|dir| Self::probe(&dir).ok())
                .filter(|binaries| suits(binaries.version));
            if let Some(newest) = found.max_by_key(|binaries| binaries.version) {
                return Ok(newest);
            }
        }
        bail!(missing(wanted))
    }

    /// The programs in exactly this directory.
    ///
    /// # Errors
    /// When one of the three programs is missing or `postgres --version` gives no usable answer.
    pub fn probe(dir: &Path) -> Result<Self> {
        let dir = dir
            .canonicalize()
            .with_context(|| format!("there is no directory {}", dir.display()))?;
        let lacks = |dir: &Path| REQUIRED.iter().find(|name| !dir.join(name).is_file());
        // Links such as /usr/local/bin/postgres lead to the directory that has all the other programs too.
        let target = dir.join("postgres").canonicalize().ok();
        let home = target
            .as_deref()
            .and_then(Path::parent)
            .filter(|home| lacks(home).is_none());
        let dir = home.map_or(dir.clone(), Path::to_path_buf);
        if let Some(program) = lacks(&dir) {
            bail!("{} has no `{program}`", dir.display());
        }
        let output = Command::new(dir.join("postgres"))
            .arg("--version")
            .output()
            .with_context(|| format!("{}/postgres does not run", dir.display()))?;
        let answer = String::from_utf8_lossy(&output.stdout);
        let version = Version::parse(answer.trim())
            .with_context(|| format!("{}/postgres --version answered `{}`", dir.display(), answer.trim()))?;
        Ok(Self { dir, version })
    }

    fn from_env(dir: PathBuf, wanted: Option<u32>) -> Result<Self> {
        let found = Self::probe(&dir).context("FRONTDESK_PG_BIN does not point to PostgreSQL's programs")?;
        let needed = wanted.map_or_else(|| format!("{} or newer", Self::OLDEST), |major| major.to_string());
        if found.version.major < Self::OLDEST || wanted.is_some_and(|major| major != found.version.major) {
            bail!(
                "FRONTDESK_PG_BIN={} holds PostgreSQL {}, but {needed} is needed; point it elsewhere or unset it",
                dir.display(),
                found.version
            );
        }
        Ok(found)
    }

    /// The directory of the programs, links resolved.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The version of the programs (a server started earlier may still run an older one).
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The path of one program, such as `psql` (which may not exist: only three are checked).
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

fn system_directories() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (parent, below) in [
        ("/usr/lib/postgresql", "bin"),            // Debian, Ubuntu
        ("/usr", "bin"),                           // Fedora's own packages: /usr/bin
        ("/opt/homebrew/opt", "bin"),              // Homebrew on Apple silicon
        ("/usr/local/opt", "bin"),                 // Homebrew on Intel
        ("/home/linuxbrew/.linuxbrew/opt", "bin"), // Homebrew on Linux
        ("/Applications/Postgres.app/Contents/Versions", "bin"),
    ] {
        if parent == "/usr" {
            found.push(Path::new(parent).join(below));
        } else {
            found.extend(children(Path::new(parent)).into_iter().map(|child| child.join(below)));
        }
    }
    // PGDG's packages for Fedora and RHEL: /usr/pgsql-17/bin.
    let pgdg = children(Path::new("/usr")).into_iter();
    found.extend(pgdg.filter(|dir| named(dir, "pgsql-")).map(|dir| dir.join("bin")));
    if let Some(path) = std::env::var_os("PATH") {
        found.extend(std::env::split_paths(&path));
    }
    found.retain(|dir| dir.join("postgres").exists());
    found.sort();
    found.dedup();
    found
}

fn unpacked_directories() -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    here.ancestors()
        .flat_map(|dir| children(&dir.join(".frontdesk")))
        .filter(|dir| named(dir, "postgresql-"))
        .map(|dir| dir.join("bin"))
        .collect()
}

fn children(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect()
}

fn named(dir: &Path, prefix: &str) -> bool {
    dir.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
}

fn missing(wanted: Option<u32>) -> String {
    let (what, major) = match wanted {
        Some(major) => (format!("PostgreSQL {major}"), major),
        None => (format!("PostgreSQL {} or newer", Binaries::OLDEST), Binaries::OLDEST),
    };
    format!(
        "{what} was not found. Run `scripts/setup` (or `scripts/setup test` for version 18), or install it:\n  \
         Debian, Ubuntu: apt-get install postgresql-{major}\n  \
         Fedora: dnf install postgresql-server\n  \
         macOS: brew install postgresql@{major}\n\
         or set FRONTDESK_PG_BIN to the directory that holds `postgres`, or DATABASE_URL to use a server of yours."
    )
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_from_what_the_programs_answer() {
        let read = |text| Version::parse(text).map(|v| v.to_string());
        assert_eq!(
            read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)").as_deref(),
            Some("15.18")
        );
        assert_eq!(read("postgres (PostgreSQL) 18.6").as_deref(), Some("18.6"));
        assert_eq!(read("postgres (PostgreSQL) 19beta1").as_deref(), Some("19.0"));
        assert_eq!(read("Error: wrapper without a cluster"), None);
        assert_eq!(Version::from_number(150_020).to_string(), "15.20");
    }
}
