//! The operating-system user that the server runs as.
//!
//! Called by `place`, `server` and `binaries`. PostgreSQL refuses to run as root, so root's clusters run as the system user
//! `frontdesk`; everybody else's run as themselves. What always holds: a [`Account::command`] never runs as root.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

const NAME: &str = "frontdesk";
/// The user's home, and where clusters live that the user cannot reach elsewhere.
pub(crate) const SYSTEM_HOME: &str = "/var/lib/frontdesk";

/// Who runs the server: `None` means ourselves, otherwise uid and gid to step down to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    step_down: Option<(u32, u32)>,
}

impl Account {
    /// The account for this process; as root the user `frontdesk` is created when it is missing.
    pub(crate) fn resolve() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { step_down: None });
        }
        let ids = match lookup()? {
            Some(ids) => ids,
            None => create()?,
        };
        ensure!(
            ids.0 != 0,
            "the user `{NAME}` has uid 0, and PostgreSQL does not run as root; give it another uid"
        );
        Ok(Self { step_down: Some(ids) })
    }

    /// The uid that owns the server's files.
    pub(crate) fn uid(self) -> u32 {
        self.step_down
            .map_or_else(|| rustix::process::geteuid().as_raw(), |(uid, _)| uid)
    }

    /// Are we root, and so working for another user?
    pub(crate) fn is_other(self) -> bool {
        self.step_down.is_some()
    }

    /// A command that runs as this account, in `/`, in English, and free of the caller's `PG…` variables (a stray `PGDATA`
    /// or `PGPORT` would point the server's tools elsewhere).
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir("/");
        if let Some((uid, gid)) = self.step_down {
            command.gid(gid).uid(uid).env("HOME", "/");
        }
        command
    }

    /// Makes the account the owner of `path` (only needed, and only done, when we are root).
    pub(crate) fn hand_over(self, path: &Path) -> Result<()> {
        let Some((uid, gid)) = self.step_down else {
            return Ok(());
        };
        std::os::unix::fs::chown(path, Some(uid), Some(gid))
            .with_context(|| format!("could not hand {} to the user `{NAME}`", path.display()))
    }

    /// Can the account reach `path`, that is pass through every directory above it? Asked by really trying, since access
    /// lists and mount options are not visible in the mode bits.
    pub(crate) fn can_enter(self, path: &Path) -> bool {
        self.command("/bin/sh")
            .args(["-c", "test -x \"$1\"", "sh"])
            .arg(path)
            .status()
            .is_ok_and(|status| status.success())
    }
}

fn lookup() -> Result<Option<(u32, u32)>> {
    let ask = |flag: &str| -> Result<Option<u32>> {
        let output = Command::new("id")
            .args([flag, NAME])
            .output()
            .context("could not run `id`")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
    };
    Ok(ask("-u")?.zip(ask("-g")?))
}

fn create() -> Result<(u32, u32)> {
    // Two useradd at the same moment would give the name two ids, one after the other; the kernel's lock queues us.
    let queue = Path::new(SYSTEM_HOME).join("useradd.lock");
    std::fs::create_dir_all(SYSTEM_HOME).with_context(|| format!("could not create {SYSTEM_HOME}"))?;
    let queue = std::fs::File::create(&queue).with_context(|| format!("could not open {}", queue.display()))?;
    queue
        .lock()
        .context("could not wait for another process that creates the server's user")?;
    if let Some(ids) = lookup()? {
        return Ok(ids);
    }
    let made = Command::new("useradd")
        .args(["--system", "--user-group", "--no-create-home"])
        .args(["--home-dir", SYSTEM_HOME, "--shell", "/usr/sbin/nologin", NAME])
        .output();
    if let Some(ids) = lookup()? {
        return Ok(ids);
    }
    let why = match made {
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    bail!(
        "PostgreSQL does not run as root, and the user `{NAME}` could not be created ({why}); \
         run `useradd --system {NAME}` or start this as an ordinary user"
    )
}
