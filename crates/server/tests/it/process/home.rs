//! A folder in which somebody runs `frontdesk up`, and what is left of it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use devdb::{Cluster, Status};
use serde_json::Value;

use crate::support::{
    binary::{Binary, Process, free_port, open_folder, signal},
    wait::eventually_within,
};

pub struct Home {
    dir: tempfile::TempDir,
    pub binary: Binary,
    pub port: u16,
}

impl Home {
    pub fn new() -> Self {
        let dir = open_folder();
        Self {
            binary: Binary::bare(dir.path()),
            dir,
            port: free_port(),
        }
    }

    /// Starts `up` and waits until it has said all.
    pub async fn up(&self) -> Process {
        self.binary.up(self.port, &[]).await
    }

    /// Starts `up` and waits for nothing.
    pub fn start_up(&self) -> Process {
        self.binary.start(&["up", "--port", &self.port.to_string()])
    }

    /// A path in `.frontdesk`.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(".frontdesk").join(name)
    }

    /// Whether its PostgreSQL runs.
    pub fn cluster_runs(&self) -> bool {
        matches!(
            Cluster::status(&self.path("postgres")).expect("a status"),
            Status::Running { .. }
        )
    }

    /// Nothing is left running: no PostgreSQL, no process that works in the folder, nobody at the port.
    pub async fn assert_nothing_runs(&self) {
        assert!(!self.cluster_runs(), "its PostgreSQL still runs");
        // A postmaster takes its pid file away a moment before it ends.
        let none_left = async || processes_in(self.dir.path()).is_empty().then_some(());
        eventually_within(Duration::from_secs(5), "no process works in the folder", none_left).await;
        assert!(
            std::net::TcpListener::bind(("127.0.0.1", self.port)).is_ok(),
            "port {} is taken",
            self.port
        );
        assert!(
            !self.path("running.toml").exists(),
            "running.toml still says that it runs"
        );
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        for id in processes_in(self.dir.path()) {
            signal(id, "KILL");
        }
    }
}

/// Processes whose working directory is below a folder. (Empty where there is no /proc.)
fn processes_in(dir: &Path) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|id: &u32| fs::read_link(format!("/proc/{id}/cwd")).is_ok_and(|cwd| cwd.starts_with(dir)))
        .collect()
}

/// A person whom `up` offers to sign in as.
pub struct Offered {
    pub role: String,
    pub token: String,
}

/// The sign-in links in what `up` printed.
pub fn offered(output: &str, url: &str) -> Vec<Offered> {
    let link = format!("{url}/#token=");
    let lines = output
        .lines()
        .filter_map(|line| Some((line.split_whitespace().next()?, line.split_once(&link)?.1)));
    lines
        .map(|(role, token)| Offered {
            role: role.to_owned(),
            token: token.trim().to_owned(),
        })
        .collect()
}

/// The token and the body of the `curl` in what `up` printed.
pub fn offered_curl(output: &str) -> (String, Value) {
    let after = |start: &str| {
        let (_, rest) = output
            .split_once(start)
            .unwrap_or_else(|| panic!("no {start:?} in\n{output}"));
        rest.split_once('\'').expect("a quote at the end").0
    };
    let body = serde_json::from_str(after("-d '")).expect("a body in JSON");
    (after("-H 'authorization: Bearer ").to_owned(), body)
}
