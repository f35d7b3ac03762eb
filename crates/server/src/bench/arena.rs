//! Where a benchmark takes place: a private cluster with a migrated database, and the server in a process of its own.
//!
//! Called by `inbox`. What always holds: dropping an [`Arena`] or a [`Server`] stops its processes; [`clear`] deletes the
//! files. Settings of PostgreSQL are the usual ones but for memory and connections.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use devdb::{Binaries, Cluster};
use platform::{
    auth::AuthOptions,
    db,
    migrate::{Migrator, Up},
};
use tokio::process::{Child, Command};

use super::http::Connection;
use crate::migrations;

const DATABASE: &str = "frontdesk";

/// A running cluster with the migrated, empty schema.
pub struct Arena {
    cluster: Cluster,
    binaries: Binaries,
}

impl Arena {
    /// Makes the cluster in `dir`, which must not hold anything that matters.
    ///
    /// # Errors
    /// When PostgreSQL is missing, or another benchmark is using the folder.
    pub async fn start(dir: &Path) -> anyhow::Result<Self> {
        clear(dir).await?;
        let binaries = Binaries::find(None)?;
        let settings = [("shared_buffers", "512MB"), ("max_connections", "300")];
        let options = devdb::Options {
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            ..devdb::Options::default()
        };
        let cluster = Cluster::start(dir, &binaries, options).await?;
        let superuser = db::connect(&cluster.url("postgres", "postgres")).await?;
        // One at a time: CREATE DATABASE does not run in the transaction that several statements share.
        for statement in [
            "create role frontdesk_owner login createrole",
            "create database frontdesk owner frontdesk_owner",
        ] {
            superuser.batch_execute(statement).await?;
        }
        let arena = Self { cluster, binaries };
        Migrator::new(arena.url("frontdesk_owner"), migrations::plan()?)
            .up(Up::default(), &mut |_| {})
            .await?;
        Ok(arena)
    }

    /// The database's URL for one role; there are no passwords.
    pub fn url(&self, role: &str) -> String {
        self.cluster.url(DATABASE, role)
    }

    /// The process that all of PostgreSQL's descend from.
    ///
    /// # Errors
    /// When it has died.
    pub fn postgres(&self) -> anyhow::Result<u32> {
        Ok(self.cluster.pid()?.cast_unsigned())
    }

    /// PostgreSQL's programs, of the version that runs.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Starts this very binary as a server on the database and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready; it has then said why on standard error.
    pub async fn serve(&self, auth: &AuthOptions, config: Option<&Path>) -> anyhow::Result<Server> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe().context("this program's own file cannot be found")?);
        if let Some(file) = config {
            command.arg("--config").arg(file);
        }
        let child = command
            .arg("serve")
            .env("FRONTDESK_SERVER__LISTEN", address.to_string())
            .env("FRONTDESK_DATABASE__API_URL", self.url("frontdesk_api"))
            .env("FRONTDESK_DATABASE__WORKER_URL", self.url("frontdesk_worker"))
            .env("FRONTDESK_AUTH__HS256_SECRET", &auth.hs256_secret)
            .env("FRONTDESK_LOG__FILTER", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // A Ctrl-C in the terminal is for us; we stop the server.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .context("the server could not be started")?;
        let mut server = Server { child, address };
        server.wait_until_ready().await?;
        Ok(server)
    }
}

/// Deletes what an earlier benchmark left in `dir`, also its PostgreSQL if that still runs.
///
/// # Errors
/// When a living process owns the folder.
pub async fn clear(dir: &Path) -> anyhow::Result<()> {
    Cluster::remove_in(dir).await
}

/// A Frontdesk process; killed when dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id; none once it has ended.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When it has ended already.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    async fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let request = b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let patience = Instant::now() + Duration::from_secs(20);
        while Instant::now() < patience {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended as it started ({status}); its reason stands above");
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.exchange(request).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the server did not get ready within 20 seconds");
    }
}

/// A port that nobody has just now. Somebody could take it before the server does; it would then say so.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is to be had on the loopback address")?;
    Ok(listener.local_addr()?)
}
