//! The folder `.frontdesk/`: what `frontdesk up` keeps between starts (the cluster, secrets, previewed mail), and where the
//! other commands find a running `up`.

use std::{
    fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::ids;
use serde::{Deserialize, Serialize};

/// The folder's usual name, in the working directory.
pub const DEFAULT: &str = ".frontdesk";

/// The folder.
#[derive(Clone, Debug)]
pub struct StateDir(PathBuf);

/// What `up` made once and keeps.
#[derive(Debug, Serialize, Deserialize)]
pub struct Secrets {
    /// Signs the demo tokens.
    pub hs256_secret: String,
    /// Hashes device fingerprints.
    #[serde(default)]
    pub fingerprint_key: String,
    /// Password of the two login roles, where the server is reached by TCP (`DATABASE_URL`).
    pub login_password: String,
}

/// Where a running `up` has its database; removed when it stops.
#[derive(Debug, Serialize, Deserialize)]
pub struct Running {
    /// The owner's URL.
    pub url: String,
    /// `frontdesk_api`.
    pub api_url: String,
    /// `frontdesk_worker`.
    pub worker_url: String,
    /// Where it is served.
    pub public_url: String,
}

impl StateDir {
    /// Opens the folder, making it if need be (traversable, because the database server may run as another user).
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(path)
            .with_context(|| format!("{}: the folder cannot be made", path.display()))?;
        Ok(Self(std::path::absolute(path)?))
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The secrets, made at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn secrets(&self) -> anyhow::Result<Secrets> {
        let path = self.path("secrets.toml");
        if path.exists() {
            return read(&path);
        }
        let secrets = Secrets {
            hs256_secret: URL_SAFE_NO_PAD.encode(ids::new_secret()),
            fingerprint_key: URL_SAFE_NO_PAD.encode(ids::new_secret()),
            login_password: URL_SAFE_NO_PAD.encode(ids::new_secret()),
        };
        write(&path, &secrets)?;
        Ok(secrets)
    }

    /// Says where this `up` is, for the other commands.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn announce(&self, running: &Running) -> anyhow::Result<()> {
        write(&self.path("running.toml"), running)
    }

    /// Takes the announcement back.
    pub fn withdraw(&self) {
        let _gone_already = fs::remove_file(self.path("running.toml"));
    }

    /// A running (or killed) `up` in this folder.
    #[must_use]
    pub fn running(&self) -> Option<Running> {
        read(&self.path("running.toml")).ok()
    }
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> anyhow::Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| {
        format!(
            "{} cannot be understood; remove it to have it made anew",
            path.display()
        )
    })
}

/// Writes a file that only its owner may read, whole or not at all.
fn write<T: Serialize>(path: &Path, value: &T) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let _left_over = fs::remove_file(&beside);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(toml::to_string(value)?.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path).with_context(|| format!("{} cannot be written", path.display()))
}
