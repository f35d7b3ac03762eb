//! The real binary, run to its end or as a process that is watched, signalled and killed.
//!
//! It sees nothing of the environment that the tests run in: no settings, no `DATABASE_URL`, no file in the working
//! directory. Every process is killed when its [`Process`] goes.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use platform::auth::{self, AuthOptions, ClaimNames};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::process::{Child, Command};
use uuid::Uuid;

use super::{
    TestDb,
    app::SECRET,
    database::url,
    wait::{PATIENCE, eventually},
};

/// How the binary is called.
#[derive(Clone)]
pub struct Binary {
    dir: PathBuf,
    env: BTreeMap<String, String>,
}

/// What a command did.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

/// A running process.
pub struct Process {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
    /// Where it serves.
    pub url: String,
    client: reqwest::Client,
}

#[allow(dead_code, reason = "a harness for whole processes; not every test needs all of it")]
impl Binary {
    /// Started in `dir`, with nothing configured.
    pub fn bare(dir: &Path) -> Self {
        let inherited = ["PATH", "HOME", "TMPDIR"];
        let env = inherited
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)));
        Self {
            dir: dir.to_owned(),
            env: env.collect(),
        }
    }

    /// Configured to serve a test's database, on a port that the system chooses.
    pub fn on(db: &TestDb, dir: &Path) -> Self {
        Self::bare(dir)
            .set("server.listen", "127.0.0.1:0")
            .set("database.api_url", url("frontdesk_api", &db.name))
            .set("database.worker_url", url("frontdesk_worker", &db.name))
            .set("database.pool_size", 4)
            .set("auth.hs256_secret", SECRET)
            .set("log.format", "json")
    }

    /// With a setting, by its dotted name.
    pub fn set(self, setting: &str, value: impl ToString) -> Self {
        let name = format!("FRONTDESK_{}", setting.to_uppercase().replace('.', "__"));
        self.env(&name, value)
    }

    /// With a variable of the environment.
    pub fn env(mut self, name: &str, value: impl ToString) -> Self {
        self.env.insert(name.to_owned(), value.to_string());
        self
    }

    /// The directory that it is started in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Finished {
        self.start(arguments).end().await
    }

    /// Runs a command that must succeed; what it printed, trimmed.
    pub async fn run_well(&self, arguments: &[&str]) -> String {
        let finished = self.run(arguments).await;
        assert!(finished.status.success(), "{arguments:?}: {finished:?}");
        finished.stdout.trim().to_owned()
    }

    /// Starts `serve` and waits until it listens.
    pub async fn serve(&self, arguments: &[&str]) -> Process {
        let mut process = self.start(&[&["serve"], arguments].concat());
        let line = process.wait_for_line("\"serving\"").await;
        let line: Value = serde_json::from_str(&line).expect("a log line in JSON");
        process.url = format!("http://{}", line["address"].as_str().expect("the address"));
        process
    }

    /// Starts `up` on a port and waits until it has said all.
    pub async fn up(&self, port: u16, arguments: &[&str]) -> Process {
        let mut process = self.start(&[&["up", "--port", &port.to_string()], arguments].concat());
        process.url = format!("http://localhost:{port}");
        process.wait_for_line("Ctrl-C stops it").await;
        process
    }

    /// Starts a command without waiting for anything.
    pub fn start(&self, arguments: &[&str]) -> Process {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let file = |kind: &str| self.dir.join(format!("{kind}-{}-{number}.log", std::process::id()));
        let (stdout, stderr) = (file("stdout"), file("stderr"));
        let child = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
            .args(arguments)
            .env_clear()
            .envs(&self.env)
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(File::create(&stdout).expect("a file for the output"))
            .stderr(File::create(&stderr).expect("a file for the errors"))
            .kill_on_drop(true)
            .spawn()
            .expect("the binary starts");
        Process {
            child,
            stdout,
            stderr,
            url: String::new(),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
        }
    }
}

impl Process {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// What it has written so far.
    pub fn output(&self) -> String {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        read(&self.stdout) + &read(&self.stderr)
    }

    /// Waits for a line that has this in it. Panics with all output when the process ends before.
    pub async fn wait_for_line(&mut self, part: &str) -> String {
        eventually(part, async || {
            let ended = self.child.try_wait().expect("the process can be asked").is_some();
            let output = self.output();
            let line = output.lines().find(|line| line.contains(part)).map(ToOwned::to_owned);
            assert!(line.is_some() || !ended, "it ended without {part:?}:\n{output}");
            line
        })
        .await
    }

    /// Sends a signal by its short name.
    pub fn signal(&self, name: &str) {
        signal(self.id(), name);
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it can be killed");
    }

    /// Waits until it ends by itself.
    pub async fn end(mut self) -> Finished {
        let status = match tokio::time::timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => status.expect("an exit status"),
            Err(_) => panic!("it does not end:\n{}", self.output()),
        };
        Finished {
            status,
            stdout: fs::read_to_string(&self.stdout).unwrap_or_default(),
            stderr: fs::read_to_string(&self.stderr).unwrap_or_default(),
        }
    }

    /// Asks it over HTTP.
    pub async fn ask(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// GET.
    pub async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, path, token, None).await
    }
}

impl Finished {
    /// The exit code, if it was not a signal that ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }
}

/// Sends a signal, by its short name, to a process.
pub fn signal(id: u32, name: &str) {
    let sent = std::process::Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .status();
    assert!(
        sent.expect("kill runs").success(),
        "SIG{name} could not be sent to {id}"
    );
}

/// A token as the processes that [`Binary::on`] starts take it.
pub fn token(org_id: Uuid, user_id: Uuid) -> String {
    let options = AuthOptions {
        hs256_secret: SECRET.into(),
        claims: ClaimNames {
            org: vec!["org_id".into()],
            user: vec!["sub".into()],
        },
        ..AuthOptions::default()
    };
    auth::mint(
        &options,
        org_id,
        user_id,
        Timestamp::now(),
        SignedDuration::from_hours(1),
    )
    .expect("a token")
}

/// A folder that the database server's user may pass through, as a person's checkout is.
pub fn open_folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::Builder::new()
        .prefix("frontdesk-")
        .tempdir()
        .expect("a folder");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("its mode");
    dir
}

/// A port that is free now.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
