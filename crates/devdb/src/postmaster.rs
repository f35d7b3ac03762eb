//! Is a server running on a data directory, and which one?
//!
//! Called by `cluster` and `server`. Reads `postmaster.pid` (its lines are fixed by PostgreSQL's `pidfile.h`) and compares
//! it with the processes of this machine. What always holds: [`Postmaster::Running`] means that the process exists and
//! works on this very directory; a recycled process id counts as stale.

use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::{Pid, test_kill_process};

/// What `postmaster.pid` and the process table say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Postmaster {
    /// No server, and none left in disorder.
    Absent,
    /// The file is left over from a server that was killed.
    Stale {
        /// Its process id still exists: another process has it by now, or nobody has reaped the dead one yet.
        id_in_use: bool,
    },
    /// A server is up (or starting, or stopping).
    Running {
        /// The postmaster's process id.
        pid: i32,
        /// Where its socket is, once it has got that far.
        socket_dir: Option<PathBuf>,
    },
}

impl Postmaster {
    /// Looks at the data directory `data`.
    pub(crate) fn look(data: &Path) -> Self {
        let Ok(text) = std::fs::read_to_string(data.join("postmaster.pid")) else {
            return Self::Absent;
        };
        // Lines: pid, data directory, start time, port, socket directory, listen address, shared memory, state.
        let lines: Vec<&str> = text.lines().collect();
        let pid = lines.first().and_then(|line| line.trim().parse::<i32>().ok());
        match pid.filter(|pid| exists(*pid)) {
            Some(pid) if works_on(pid, data) => Self::Running {
                pid,
                socket_dir: lines.get(4).filter(|line| !line.is_empty()).map(PathBuf::from),
            },
            alive => Self::Stale {
                id_in_use: alive.is_some(),
            },
        }
    }
}

fn exists(pid: i32) -> bool {
    // "Not permitted" means that it exists and is somebody else's.
    Pid::from_raw(pid).is_some_and(|pid| !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH)))
}

/// Does the process work on `data`? A postmaster's working directory is its data directory.
fn works_on(pid: i32, data: &Path) -> bool {
    let Ok(data) = data.canonicalize() else { return false };
    if Path::new("/proc/self/cwd").exists() {
        return std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data);
    }
    // Without /proc (macOS): pg_ctl starts the server with `-D <data>` in its command line.
    Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&*data.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::Postmaster;

    #[test]
    fn a_recycled_process_id_is_stale() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Postmaster::look(data.path()), Postmaster::Absent);
        // Our own process exists, but it does not work on that directory.
        std::fs::write(data.path().join("postmaster.pid"), format!("{}\n", std::process::id())).unwrap();
        assert_eq!(Postmaster::look(data.path()), Postmaster::Stale { id_in_use: true });
        std::fs::write(data.path().join("postmaster.pid"), "").unwrap();
        assert_eq!(Postmaster::look(data.path()), Postmaster::Stale { id_in_use: false });
    }
}
