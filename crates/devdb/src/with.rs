//! `devdb with`: a throw-away cluster around one command.
//!
//! Called by `main`; this is how `make test` gets its servers. What always holds: however the command ends, also on a
//! signal, the cluster is stopped and deleted before we exit. After `kill -9` of devdb itself the next run finds the slot
//! free and clears it.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use devdb::{Binaries, Cluster, InUse, Options};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// Several runs at once (two people, or two versions) each take a slot of their own.
const SLOTS: u32 = 16;
/// How long a command may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs `command` with the environment's `FRONTDESK_TEST_DATABASE_URL` (the superuser in the database `postgres`) and
/// `FRONTDESK_TEST_PG_VERSION` (the major version); returns the command's exit code, 128 + n if a signal ended it.
pub async fn run(wanted: Option<u32>, dir: Option<PathBuf>, command: &[String]) -> Result<u8> {
    let (program, arguments) = command.split_first().context("name the command to run after `--`")?;
    let binaries = Binaries::find(wanted)?;
    let mut signals = Signals::listen()?;
    let cluster = tokio::select! {
        cluster = start(dir, &binaries) => cluster?,
        number = signals.next() => return Ok(after(number)),
    };
    let child = Command::new(program)
        .args(arguments)
        .env("FRONTDESK_TEST_DATABASE_URL", cluster.url("postgres", "postgres"))
        .env("FRONTDESK_TEST_PG_VERSION", cluster.version().major.to_string())
        .spawn()
        .with_context(|| format!("could not run `{program}`"));
    let ended = match child {
        Ok(child) => wait(child, &mut signals).await,
        Err(error) => Err(error),
    };
    cluster.remove().await?;
    ended
}

async fn start(dir: Option<PathBuf>, binaries: &Binaries) -> Result<Cluster> {
    if let Some(dir) = dir {
        // A directory that somebody names is only ever used when there is nothing in it to lose.
        if dir.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            bail!(
                "{} is not empty; `devdb with` deletes its directory, so name a new one",
                dir.display()
            );
        }
        return Cluster::start(&dir, binaries, Options::throw_away()).await;
    }
    let major = binaries.version().major;
    for slot in 1..=SLOTS {
        let dir = PathBuf::from(format!(".frontdesk/test-{major}-{slot}"));
        // What a killed run has left in the slot goes first.
        let started = match Cluster::remove_in(&dir).await {
            Ok(()) => Cluster::start(&dir, binaries, Options::throw_away()).await,
            Err(error) => Err(error),
        };
        match started {
            Err(error) if error.is::<InUse>() => {}
            Err(error) => {
                Cluster::remove_in(&dir).await.ok();
                return Err(error);
            }
            Ok(cluster) => return Ok(cluster),
        }
    }
    bail!("all {SLOTS} test clusters of PostgreSQL {major} in .frontdesk/ are in use; end one of the other runs")
}

async fn wait(mut child: Child, signals: &mut Signals) -> Result<u8> {
    let number = tokio::select! {
        status = child.wait() => return Ok(code(status?)),
        number = signals.next() => number,
    };
    // A terminal's Ctrl-C has reached the command already; a signal sent to us alone has not.
    if let Some(pid) = child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
        let passed_on = if number == SignalKind::interrupt().as_raw_value() {
            Signal::INT
        } else {
            Signal::TERM
        };
        kill_process(pid, passed_on).ok();
    }
    if tokio::time::timeout(PATIENCE, child.wait()).await.is_err() {
        child.kill().await.context("could not end the command")?;
    }
    Ok(after(number))
}

fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|number| 128 + number));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

fn after(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(1)
}

struct Signals {
    interrupt: Stream,
    terminate: Stream,
    hangup: Stream,
}

impl Signals {
    fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
        };
        kind.as_raw_value()
    }
}
