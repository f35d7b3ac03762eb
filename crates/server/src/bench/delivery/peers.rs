//! Runs the other implementations.

use std::{path::Path, process::Stdio};

use anyhow::{Context, ensure};
use tokio::process::Command;

/// Whether the packages are there.
pub fn are_installed(folder: &Path) -> bool {
    folder.join("node_modules").is_dir()
}

/// Runs a script to its end; the number that it prints.
pub async fn number(folder: &Path, script: &str, arguments: &[&str]) -> anyhow::Result<f64> {
    let output = Command::new("node")
        .arg(folder.join(script))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .await
        .context("node cannot be run")?;
    ensure!(
        output.status.success(),
        "{script} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let last = text.lines().last().unwrap_or_default();
    last.trim()
        .parse()
        .with_context(|| format!("{script} printed {text:?}"))
}
