//! Making, starting and stopping a server with PostgreSQL's own tools.
//!
//! Called by `cluster`. What always holds: the tools run as the server's user and in a process group of their own, so that
//! a Ctrl-C in the terminal reaches neither them nor the server.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::place::{Place, make_private};
use crate::postmaster::Postmaster;

/// The file with our settings, included last by `postgresql.conf`.
pub(crate) const SETTINGS_FILE: &str = "frontdesk.conf";

const POLL: Duration = Duration::from_millis(20);
/// A log that has grown past this is set aside at the next start (one older log is kept).
const LARGEST_LOG: u64 = 16 * 1024 * 1024;

/// Makes a new cluster: UTF-8, byte order collation, page checksums, no passwords.
pub(crate) async fn make(binaries: &Binaries, place: &Place, account: Account, fsync: bool) -> Result<()> {
    let unfinished = place.unfinished_data();
    let mut refusal = String::new();
    // C.UTF-8 knows upper and lower case beyond ASCII but is missing on some systems; both sort by code point.
    for locale in ["C.UTF-8", "C"] {
        fs::remove_dir_all(&unfinished).ok();
        make_private(&unfinished, account)?;
        let mut command = account.command(binaries.program("initdb"));
        command
            .args(["--username=postgres", "--encoding=UTF8", "--data-checksums"])
            .args(["--auth-local=trust", "--auth-host=reject"])
            .args([&format!("--locale={locale}"), "--lc-messages=C"])
            .arg("-D")
            .arg(&unfinished);
        if !fsync {
            command.arg("--no-sync");
        }
        match tool(command).await {
            Ok(()) => return finish(place, account),
            Err(error) => refusal = error.to_string(),
        }
    }
    fs::remove_dir_all(&unfinished).ok();
    bail!(
        "initdb could not make a cluster in {}: {refusal}",
        place.data().display()
    )
}

fn finish(place: &Place, account: Account) -> Result<()> {
    let conf = place.unfinished_data().join("postgresql.conf");
    let text = fs::read_to_string(&conf)? + &format!("\ninclude_if_exists = '{SETTINGS_FILE}'\n");
    fs::write(&conf, text)?;
    account.hand_over(&conf)?;
    fs::rename(place.unfinished_data(), place.data()).context("could not put the new cluster in its place")
}

/// Starts the server and waits until it accepts connections (after a crash: until it has recovered).
pub(crate) async fn start(binaries: &Binaries, place: &Place, account: Account) -> Result<()> {
    let (data, log) = (place.data(), place.log());
    prepare_log(&log, account)?;
    for attempt in 1.. {
        let mut command = account.command(binaries.program("pg_ctl"));
        command
            .args(["start", "--silent", "--wait", "--timeout=300", "-D"])
            .arg(&data);
        command.arg("-l").arg(&log);
        let Err(error) = tool(command).await else { return Ok(()) };
        let said = tail(&log);
        // After kill -9 of the postmaster its backends need a moment to notice and to leave the shared memory.
        if attempt < 40 && said.contains("pre-existing shared memory block") {
            sleep(Duration::from_millis(250)).await;
            continue;
        }
        bail!(
            "PostgreSQL did not start in {}: {error}\nThe end of {}:\n{said}",
            data.display(),
            log.display()
        );
    }
    Ok(())
}

/// Fast shutdown: sessions are ended, everything is written, then the server goes. Returns once it has gone.
pub(crate) async fn stop(data: &Path) -> Result<()> {
    // SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one (recovered from the log at the next start).
    for (signal, patience) in [
        (Signal::INT, Duration::from_secs(30)),
        (Signal::QUIT, Duration::from_secs(10)),
    ] {
        let Some(pid) = send(data, signal)? else { return Ok(()) };
        if gone(data, patience).await {
            return Ok(());
        }
        tracing::warn!(pid, ?signal, "the server does not stop");
    }
    bail!("the server of {} does not stop; look at its log", data.display())
}

/// Like [`stop`] for where nothing can be awaited.
pub(crate) fn stop_blocking(data: &Path) {
    if matches!(send(data, Signal::INT), Ok(Some(_))) {
        for _ in 0..1500 {
            if !matches!(Postmaster::look(data), Postmaster::Running { .. }) {
                return;
            }
            std::thread::sleep(POLL);
        }
        tracing::warn!(data = %data.display(), "the server did not stop within 30 s and is left running");
    }
}

async fn gone(data: &Path, patience: Duration) -> bool {
    let wait = async {
        while matches!(Postmaster::look(data), Postmaster::Running { .. }) {
            sleep(POLL).await;
        }
    };
    tokio::time::timeout(patience, wait).await.is_ok()
}

fn send(data: &Path, signal: Signal) -> Result<Option<i32>> {
    let Postmaster::Running { pid, .. } = Postmaster::look(data) else {
        return Ok(None);
    };
    let target = Pid::from_raw(pid).context("postmaster.pid holds no process id")?;
    match kill_process(target, signal) {
        Ok(()) => Ok(Some(pid)),
        Err(rustix::io::Errno::SRCH) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("could not signal the server, process {pid}")),
    }
}

async fn tool(command: std::process::Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut command = tokio::process::Command::from(command);
    command.process_group(0).kill_on_drop(true).stdin(Stdio::null());
    let output = command
        .output()
        .await
        .with_context(|| format!("could not run {name}"))?;
    if !output.status.success() {
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        bail!("{name} failed ({}): {} {}", output.status, err.trim(), out.trim());
    }
    Ok(())
}

fn prepare_log(log: &Path, account: Account) -> Result<()> {
    if fs::metadata(log).is_ok_and(|found| found.len() > LARGEST_LOG) {
        fs::rename(log, log.with_extension("log.1"))?;
    }
    let opened = fs::OpenOptions::new().create(true).append(true).open(log);
    opened.with_context(|| format!("could not write {}", log.display()))?;
    account.hand_over(log)
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
