//! One running cluster: started or adopted, used, stopped.
//!
//! Called by `frontdesk up`, by the tests and by the binary `devdb`. What always holds: while a [`Cluster`] lives, its
//! server runs with the settings asked for, on the binaries given, and no other process of ours owns its directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::account::Account;
use crate::binaries::{Binaries, Version};
use crate::place::{Place, existing_data};
use crate::postmaster::Postmaster;
use crate::server::{self, SETTINGS_FILE};
use crate::settings::Options;
use crate::sql;

/// A server of ours that answers. [`Cluster::stop`] it; dropping it stops it too, by blocking for about 0.1 s.
#[derive(Debug)]
pub struct Cluster {
    // Always there, but for the moment in which the value is taken apart.
    place: Option<Place>,
    socket_dir: PathBuf,
    data: PathBuf,
    version: Version,
    adopted: bool,
}

/// What is found in a cluster's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is no cluster.
    Absent,
    /// A cluster of this major version, not running.
    Stopped {
        /// The data directory's major version.
        major: u32,
    },
    /// A cluster whose server is up.
    Running {
        /// The data directory's major version.
        major: u32,
        /// The server's process id.
        pid: i32,
        /// The superuser's URL of the database `postgres`; none while the server is still starting.
        url: Option<String>,
    },
}

impl Cluster {
    /// Starts the cluster in `dir`, made first when it is new, or adopts its server when that is still running.
    ///
    /// A server that runs on other binaries or with other settings is restarted. See the crate's page for who runs the
    /// server and where the files go when `dir` cannot hold them.
    ///
    /// # Errors
    /// When another process owns `dir`, when the data is of another major version than `binaries`, or when PostgreSQL
    /// refuses; the message ends with what its log says.
    pub async fn start(dir: &Path, binaries: &Binaries, options: Options) -> Result<Self> {
        let account = Account::resolve()?;
        ensure!(
            account.can_enter(&binaries.program("postgres")),
            "the server's user may not run {}; install PostgreSQL where every user can reach it",
            binaries.program("postgres").display()
        );
        let place = Place::open(dir, account)?;
        let data = place.data();
        if !data.join("PG_VERSION").exists() {
            server::make(binaries, &place, account, options.fsync).await?;
            tracing::info!(version = %binaries.version(), data = %data.display(), "made a new PostgreSQL cluster");
        }
        check_major(&data, binaries)?;
        let socket_dir = place.socket_dir().to_path_buf();
        // From here on an error, or a caller that stops waiting, must not leave the server behind: Drop stops it.
        let version = binaries.version();
        let mut cluster = Self {
            place: Some(place),
            socket_dir,
            data,
            version,
            adopted: false,
        };
        cluster.bring_up(binaries, account, &options).await?;
        Ok(cluster)
    }

    async fn bring_up(&mut self, binaries: &Binaries, account: Account, options: &Options) -> Result<()> {
        let place = self.place.as_ref().context("the cluster has been taken apart")?;
        let changed = write_settings(&self.data, account, &options.render(&self.socket_dir))?;
        match Postmaster::look(&self.data) {
            Postmaster::Running { pid, .. } => {
                if !changed && self.server_version().await.ok() == Some(binaries.version()) {
                    tracing::info!(pid, "adopted the PostgreSQL server that was still running");
                    self.adopted = true;
                    return Ok(());
                }
                tracing::info!(
                    pid,
                    "restarting the PostgreSQL server: its settings or programs have changed"
                );
                server::stop(&self.data).await?;
            }
            Postmaster::Stale { id_in_use } => {
                tracing::info!("the PostgreSQL server was killed the last time; it recovers now");
                if id_in_use {
                    // PostgreSQL would take the process that has this id for the server and refuse to start.
                    for file in [
                        self.data.join("postmaster.pid"),
                        self.socket_dir.join(".s.PGSQL.5432.lock"),
                    ] {
                        fs::remove_file(file).ok();
                    }
                }
            }
            Postmaster::Absent => {}
        }
        server::start(binaries, place, account).await?;
        self.version = self.server_version().await?;
        ensure!(
            self.version == binaries.version(),
            "the server says that it is PostgreSQL {}, its programs in {} say {}; \
             reinstall PostgreSQL or set FRONTDESK_PG_BIN",
            self.version,
            binaries.dir().display(),
            binaries.version()
        );
        Ok(())
    }

    /// Asks the server, with patience while it is still starting or recovering.
    async fn server_version(&self) -> Result<Version> {
        let ask = async {
            loop {
                match sql::run(&self.socket_dir, "show server_version_num").await {
                    Ok(answer) => return answer,
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        let answer = tokio::time::timeout(Duration::from_secs(10), ask)
            .await
            .with_context(|| {
                format!(
                    "the server does not answer on its socket in {}",
                    self.socket_dir.display()
                )
            })?;
        let number = answer.and_then(|text| text.parse().ok());
        Ok(Version::from_number(
            number.context("the server does not say its version")?,
        ))
    }

    /// A URL for tokio-postgres, psql and libpq. There are no passwords; the superuser is `postgres`.
    #[must_use]
    pub fn url(&self, database: &str, user: &str) -> String {
        sql::url(&self.socket_dir, database, user)
    }

    /// The running server's version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Was the server already running, left over from an owner that was killed or by [`Cluster::leave_running`]?
    #[must_use]
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// The server's process id.
    ///
    /// # Errors
    /// When the server has died; start the cluster again.
    pub fn pid(&self) -> Result<i32> {
        match Postmaster::look(&self.data) {
            Postmaster::Running { pid, .. } => Ok(pid),
            _ => bail!(
                "the PostgreSQL server of {} has died; its log says why",
                self.data.display()
            ),
        }
    }

    /// Creates a database, as a copy of `template` when one is named (nobody may be connected to it).
    ///
    /// Copies files rather than writing the copy to the log: on small databases without fsync that is several times quicker.
    ///
    /// # Errors
    /// When the name is taken, the template is missing or in use, or the server does not answer.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<()> {
        let name = sql::quote(name);
        let template = sql::quote(template.unwrap_or("template1"));
        let statement = format!("create database {name} template {template} strategy file_copy");
        sql::run(&self.socket_dir, &statement).await?;
        Ok(())
    }

    /// Drops a database and ends its sessions; it is no error when there is none of that name.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let statement = format!("drop database if exists {} with (force)", sql::quote(name));
        sql::run(&self.socket_dir, &statement).await?;
        Ok(())
    }

    /// Stops the server (sessions are ended) and waits until it has gone. The data stays.
    ///
    /// # Errors
    /// When the server does not stop within 40 s.
    pub async fn stop(mut self) -> Result<()> {
        let result = server::stop(&self.data).await;
        self.place = None;
        result
    }

    /// Stops the server and deletes the cluster with its directory.
    ///
    /// # Errors
    /// When the server does not stop or a file cannot be deleted.
    pub async fn remove(mut self) -> Result<()> {
        server::stop(&self.data).await?;
        self.place.take().map_or(Ok(()), Place::remove)
    }

    /// Lets go of the cluster without stopping it; the next [`Cluster::start`] adopts it.
    pub fn leave_running(mut self) {
        self.place = None;
    }

    /// What is in `dir`; changes nothing and asks no server.
    ///
    /// # Errors
    /// When the directory holds a data directory of which the version cannot be read.
    pub fn status(dir: &Path) -> Result<Status> {
        let data = existing_data(dir);
        if !data.join("PG_VERSION").exists() {
            return Ok(Status::Absent);
        }
        let major = read_major(&data)?;
        Ok(match Postmaster::look(&data) {
            Postmaster::Running { pid, socket_dir } => Status::Running {
                major,
                pid,
                url: socket_dir.map(|dir| sql::url(&dir, "postgres", "postgres")),
            },
            Postmaster::Absent | Postmaster::Stale { .. } => Status::Stopped { major },
        })
    }

    /// Stops the server in `dir` that nobody owns (see [`Cluster::leave_running`]); `false` when none was running.
    ///
    /// # Errors
    /// When a living process owns the cluster: stop that instead.
    pub async fn stop_in(dir: &Path) -> Result<bool> {
        let Status::Running { .. } = Self::status(dir)? else {
            return Ok(false);
        };
        let place = Place::open(dir, Account::resolve()?)?;
        server::stop(&place.data()).await?;
        Ok(true)
    }

    /// Stops the server in `dir` that nobody owns, if it runs, and deletes the cluster with its directory.
    ///
    /// # Errors
    /// When a living process owns the cluster, or a file cannot be deleted.
    pub async fn remove_in(dir: &Path) -> Result<()> {
        if !dir.exists() {
            return Ok(());
        }
        let place = Place::open(dir, Account::resolve()?)?;
        server::stop(&place.data()).await?;
        place.remove()
    }

    /// The major version of the cluster in `dir`, to ask [`Binaries::find`] for; none when there is no cluster yet.
    #[must_use]
    pub fn existing_major(dir: &Path) -> Option<u32> {
        read_major(&existing_data(dir)).ok()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.place.is_some() {
            server::stop_blocking(&self.data);
        }
    }
}

fn read_major(data: &Path) -> Result<u32> {
    let file = data.join("PG_VERSION");
    let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    text.trim()
        .parse()
        .with_context(|| format!("{} does not hold a version", file.display()))
}

fn check_major(data: &Path, binaries: &Binaries) -> Result<()> {
    let (major, ours) = (read_major(data)?, binaries.version());
    ensure!(
        major == ours.major,
        "{} was made by PostgreSQL {major}, but the programs in {} are version {ours}. Install PostgreSQL {major} or point \
         FRONTDESK_PG_BIN at it; or bring the data over with pg_dump; or move the directory away to start with an empty one",
        data.display(),
        binaries.dir().display()
    );
    Ok(())
}

/// Writes the settings file; `true` when it differs from what was there (and so from what a running server has read).
fn write_settings(data: &Path, account: Account, text: &str) -> Result<bool> {
    let file = data.join(SETTINGS_FILE);
    if fs::read_to_string(&file).is_ok_and(|found| found == text) {
        return Ok(false);
    }
    let fresh = data.join(format!("{SETTINGS_FILE}.new"));
    fs::write(&fresh, text).with_context(|| format!("could not write {}", fresh.display()))?;
    account.hand_over(&fresh)?;
    fs::rename(&fresh, &file)?;
    Ok(true)
}
