//! Where a cluster's files are: data, log and socket, and the lock that says who owns them.
//!
//! Called by `cluster`. Usually everything is inside the directory asked for. Two things can be elsewhere, and then a
//! symbolic link in that directory records where:
//! - `cluster` → a directory under `/var/lib/frontdesk`, when the server's user cannot reach the directory asked for (a
//!   checkout below `/root`);
//! - `socket` → a short private directory, when the path would be longer than a socket address may be.
//!
//! What always holds: the data and socket directories belong to the server's user and nobody else may enter them.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::account::{Account, SYSTEM_HOME};

/// Longest path of a socket directory in bytes: macOS allows 103 for the whole path (Linux 107), `/.s.PGSQL.5432` takes 14.
const LONGEST_SOCKET_DIR: usize = 89;

/// Another living process owns the cluster's directory. The errors of this crate can be asked for it with `is::<InUse>()`.
#[derive(Debug)]
pub struct InUse {
    dir: PathBuf,
    owner: String,
}

impl fmt::Display for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dir, owner) = (self.dir.display(), &self.owner);
        write!(
            f,
            "the cluster in {dir} is in use by process {owner}; stop that one first, or choose another directory"
        )
    }
}

impl std::error::Error for InUse {}

/// The files of one cluster, owned by this process for as long as the value lives.
#[derive(Debug)]
pub(crate) struct Place {
    asked: PathBuf,
    home: PathBuf,
    socket_dir: PathBuf,
    lock: File,
}

impl Drop for Place {
    fn drop(&mut self) {
        // Closing would do (and does after kill -9), but a child that another thread is just starting may for a moment
        // hold a copy of the file.
        self.lock.unlock().ok();
    }
}

impl Place {
    /// Makes `dir` ready and takes ownership of it.
    pub(crate) fn open(dir: &Path, account: Account) -> Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("could not create {}", dir.display()))?;
        let asked = dir.canonicalize()?;
        let lock = take_lock(&asked)?;
        let home = home(&asked, account)?;
        let place = Self {
            socket_dir: socket_dir(&home, account)?,
            asked,
            home,
            lock,
        };
        place.check_owner(account)?;
        Ok(place)
    }

    /// PostgreSQL's data directory (exists once the cluster is made).
    pub(crate) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// Where initdb works; renamed to [`Self::data`] when it is complete, so that a killed initdb leaves no half cluster.
    pub(crate) fn unfinished_data(&self) -> PathBuf {
        self.home.join("data.new")
    }

    /// The server's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.home.join("server.log")
    }

    /// The directory of the server's socket.
    pub(crate) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Deletes everything, also what is elsewhere. The server must have been stopped.
    pub(crate) fn remove(self) -> Result<()> {
        if !self.socket_dir.starts_with(&self.home) {
            fs::remove_dir_all(&self.socket_dir).ok();
        }
        for dir in [&self.home, &self.asked] {
            if dir.exists() {
                fs::remove_dir_all(dir).with_context(|| format!("could not remove {}", dir.display()))?;
            }
        }
        Ok(())
    }

    fn check_owner(&self, account: Account) -> Result<()> {
        let Ok(metadata) = fs::metadata(self.data()) else {
            return Ok(());
        };
        ensure!(
            metadata.uid() == account.uid(),
            "the cluster in {} belongs to the user with id {}, not {}; run this as the user who made it, \
             or choose another directory",
            self.asked.display(),
            metadata.uid(),
            account.uid()
        );
        Ok(())
    }
}

/// The data directory of the cluster in `dir`, without making, locking or changing anything.
pub(crate) fn existing_data(dir: &Path) -> PathBuf {
    let elsewhere = dir.join("cluster");
    if elsewhere.is_dir() {
        elsewhere.join("data")
    } else {
        dir.join("data")
    }
}

fn take_lock(dir: &Path) -> Result<File> {
    let path = dir.join("owner.lock");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("could not open {}; is the directory yours?", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let owner = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
            return Err(InUse {
                dir: dir.to_path_buf(),
                owner,
            }
            .into());
        }
        Err(TryLockError::Error(error)) => {
            return Err(error).with_context(|| format!("could not lock {}", path.display()));
        }
    }
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(file)
}

fn home(asked: &Path, account: Account) -> Result<PathBuf> {
    let link = asked.join("cluster");
    if link.is_dir() {
        return Ok(link.canonicalize()?);
    }
    if !account.is_other() || account.can_enter(asked) {
        return Ok(asked.to_path_buf());
    }
    fs::create_dir_all(SYSTEM_HOME).with_context(|| format!("could not create {SYSTEM_HOME}"))?;
    let home = tempfile::Builder::new()
        .prefix("cluster-")
        .tempdir_in(SYSTEM_HOME)?
        .keep();
    fs::set_permissions(&home, Permissions::from_mode(0o755))?;
    ensure!(
        account.can_enter(&home),
        "the server's user can reach neither {} nor {}; choose a directory that it may pass through",
        asked.display(),
        home.display()
    );
    record(&link, &home)?;
    tracing::info!(directory = %home.display(), "the server's user cannot reach {}, so the cluster lives elsewhere", asked.display());
    Ok(home)
}

fn socket_dir(home: &Path, account: Account) -> Result<PathBuf> {
    let inside = home.join("socket");
    if inside.is_symlink() {
        // The target may have been swept away with the temporary directory, or be somebody else's by now.
        if let Ok(target) = inside.canonicalize()
            && is_private(&target, account)
        {
            return Ok(target);
        }
    } else if inside.as_os_str().len() <= LONGEST_SOCKET_DIR {
        make_private(&inside, account)?;
        return Ok(inside);
    }
    let short = tempfile::Builder::new()
        .prefix("frontdesk-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(short_parent(account))
        .context("could not create a directory for the server's socket")?
        .keep();
    account.hand_over(&short)?;
    record(&inside, &short)?;
    Ok(short)
}

fn short_parent(account: Account) -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let usable = |dir: &PathBuf| dir.as_os_str().len() <= LONGEST_SOCKET_DIR - 20 && account.can_enter(dir);
    runtime
        .into_iter()
        .chain([std::env::temp_dir()])
        .find(usable)
        .unwrap_or_else(|| PathBuf::from("/tmp"))
}

/// Creates `dir` for the account alone, or makes an existing one so.
pub(crate) fn make_private(dir: &Path, account: Account) -> Result<()> {
    if !dir.is_dir() {
        DirBuilder::new()
            .mode(0o700)
            .create(dir)
            .with_context(|| format!("could not create {}", dir.display()))?;
    }
    account.hand_over(dir)?;
    fs::set_permissions(dir, Permissions::from_mode(0o700))
        .with_context(|| format!("could not make {} private", dir.display()))
}

fn is_private(dir: &Path, account: Account) -> bool {
    fs::symlink_metadata(dir)
        .is_ok_and(|found| found.is_dir() && found.uid() == account.uid() && found.mode() & 0o077 == 0)
}

fn record(link: &Path, target: &Path) -> Result<()> {
    if link.is_symlink() {
        fs::remove_file(link)?;
    }
    symlink(target, link).with_context(|| format!("could not record {} in {}", target.display(), link.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::Place;
    use std::os::unix::fs::PermissionsExt;

    use crate::account::Account;

    #[test]
    fn a_long_path_gets_a_short_socket_directory_and_keeps_it() {
        let root = tempfile::Builder::new().prefix(&"long".repeat(30)).tempdir().unwrap();
        let account = Account::resolve().unwrap();
        let place = Place::open(root.path(), account).unwrap();
        let first = place.socket_dir().to_path_buf();
        assert!(first.as_os_str().len() < 90, "{}", first.display());
        drop(place);
        let place = Place::open(root.path(), account).unwrap();
        assert_eq!(place.socket_dir(), first);
        let home = place.home.clone();
        place.remove().unwrap();
        assert!(!first.exists() && !home.exists() && !root.path().exists());
    }

    #[test]
    fn a_directory_that_the_servers_user_cannot_reach_records_where_the_cluster_is() {
        let root = tempfile::tempdir().unwrap();
        std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let account = Account::resolve().unwrap();
        let place = Place::open(root.path(), account).unwrap();
        assert!(account.can_enter(&place.home));
        assert_eq!(
            place.home != root.path(),
            account.is_other(),
            "only root's clusters need another place"
        );
        let first = place.home.clone();
        drop(place);
        let place = Place::open(root.path(), account).unwrap();
        assert_eq!(place.home, first);
        place.remove().unwrap();
        assert!(!first.exists());
    }

    #[test]
    fn a_second_owner_is_told_who_has_the_directory() {
        let root = tempfile::tempdir().unwrap();
        let account = Account::resolve().unwrap();
        let place = Place::open(root.path(), account).unwrap();
        let refused = Place::open(root.path(), account).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("in use by process {}", std::process::id())),
            "{refused}"
        );
        place.remove().unwrap();
    }
}
