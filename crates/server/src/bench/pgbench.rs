//! The yardstick: PostgreSQL's own load generator.
//!
//! Called by `inbox` and `tenancy`. Its connections are new each time, so its first seconds, in which they read catalogs and
//! plan, do not count. A single transaction that fails makes the whole measurement one that failed.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context, bail, ensure};
use devdb::Binaries;
use tokio::process::Command;

use super::{process, report::PgbenchRound, scripts::Script};

/// Seconds at the beginning that do not count.
const SKIPPED: u64 = 2;

/// pgbench, and where its scripts lie.
pub struct Pgbench<'a> {
    binaries: &'a Binaries,
    /// The server's process, for its processor time.
    postgres: u32,
    dir: &'a Path,
}

impl<'a> Pgbench<'a> {
    /// Finds it, and writes the scripts into `dir`.
    ///
    /// # Errors
    /// When pgbench is missing.
    pub fn new(binaries: &'a Binaries, postgres: u32, dir: &'a Path, scripts: &[&Script]) -> anyhow::Result<Self> {
        let program = binaries.program("pgbench");
        ensure!(
            program.is_file(),
            "{} has no pgbench, which this benchmark compares with; install PostgreSQL's own package \
             or point FRONTDESK_PG_BIN at one that has it",
            binaries.dir().display()
        );
        for script in scripts {
            let path = dir.join(script.name).with_extension("sql");
            std::fs::write(&path, &script.text).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(Self {
            binaries,
            postgres,
            dir,
        })
    }

    /// Runs a script on `clients` connections to `url` for `time`.
    ///
    /// # Errors
    /// When pgbench fails or a single transaction did.
    pub async fn run(&self, script: &Script, url: &str, clients: u32, time: Duration) -> anyhow::Result<PgbenchRound> {
        let mut command = Command::new(self.binaries.program("pgbench"));
        command
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={}", clients.min(2)))
            // A second more, so that it is still under way when the processor time is looked at.
            .arg(format!("--time={}", SKIPPED + time.as_secs() + 1))
            .arg("--progress=1")
            .args(["--define=prepared=0", "--define=turn=0"])
            .arg("--file")
            .arg(self.dir.join(script.name).with_extension("sql"))
            .arg(url)
            .stdin(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        let watch = async {
            tokio::time::sleep(Duration::from_secs(SKIPPED)).await;
            let before = process::processor_time_of_all(self.postgres)?;
            tokio::time::sleep(time).await;
            Some(process::processor_time_of_all(self.postgres)?.saturating_sub(before))
        };
        let (output, spent) = tokio::join!(command.output(), watch);
        let output = output.context("pgbench could not be started")?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("pgbench failed ({}): {}", output.status, said.trim());
        }
        let (per_second, average_milliseconds) =
            parse(&said, time).with_context(|| format!("pgbench's answer cannot be understood: {said}"))?;
        let count = per_second * time.as_secs_f64();
        Ok(PgbenchRound {
            per_second,
            average_milliseconds,
            postgres_cpu_microseconds: spent.map(|spent| spent.as_secs_f64() * 1e6 / count),
        })
    }
}

/// Transactions a second and milliseconds a transaction, the means of the seconds that count, from lines such as
/// `progress: 3.0 s, 4711.0 tps, lat 3.395 ms stddev 1.020, 0 failed`.
fn parse(said: &str, time: Duration) -> Option<(f64, f64)> {
    let wanted = time.as_secs();
    let (mut per_second, mut milliseconds, mut count) = (0.0, 0.0, 0);
    let seconds = said.lines().filter_map(|line| line.strip_prefix("progress: "));
    for second in seconds
        .skip(usize::try_from(SKIPPED).ok()?)
        .take(usize::try_from(wanted).ok()?)
    {
        let mut parts = second.split(", ").skip(1);
        per_second += parts.next()?.strip_suffix(" tps")?.parse::<f64>().ok()?;
        let latency = parts.next()?.strip_prefix("lat ")?;
        milliseconds += latency.split_once(" ms")?.0.parse::<f64>().ok()?;
        (parts.next()? == "0 failed").then_some(())?;
        count += 1;
    }
    let seconds = time.as_secs_f64();
    (count == wanted && count > 0).then_some((per_second / seconds, milliseconds / seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seconds_that_count_are_averaged_and_failures_are_not_overlooked() {
        let said = "pgbench (15.18)\n\
                    progress: 1.0 s, 10.0 tps, lat 90.000 ms stddev 9.000, 0 failed\n\
                    progress: 2.0 s, 20.0 tps, lat 80.000 ms stddev 9.000, 0 failed\n\
                    progress: 3.0 s, 4000.0 tps, lat 4.000 ms stddev 1.000, 0 failed\n\
                    progress: 4.0 s, 5000.0 tps, lat 3.000 ms stddev 1.000, 0 failed\n\
                    progress: 5.0 s, 1.0 tps, lat 3.000 ms stddev 1.000, 0 failed\n";
        let time = Duration::from_secs(2);
        let (per_second, milliseconds) = parse(said, time).unwrap();
        assert!((per_second - 4500.0).abs() < 1e-9);
        assert!((milliseconds - 3.5).abs() < 1e-9);
        assert!(parse(&said.replace("1.000, 0 failed", "1.000, 3 failed"), time).is_none());
        assert!(parse(said, Duration::from_secs(4)).is_none(), "a second is missing");
        assert!(parse("pgbench: error", time).is_none());
    }
}
