//! The yardstick: PostgreSQL's own load generator runs the transaction of the inbox page with nothing around it.
//!
//! Called by `inbox`. What always holds: it logs in as the API does, opens the request by the same function, and runs the
//! same statement with parameters, prepared, for the same people. Only the ids are put together from a prefix and a number
//! in SQL, because pgbench's variables are integers: once a transaction, in a sub-select each, so that the statement sees
//! them as parameters (beside the columns they would be put together anew for each row, which costs 70 µs). Its
//! connections are new each time, so its first seconds, in which they read catalogs and plan, do not count.

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context, bail, ensure};
use devdb::Binaries;
use platform::db;
use tokio::process::Command;

use super::{
    process,
    report::PgbenchRound,
    seed::{self, FIRST_NUMBER, ORG_PREFIX, PERSON_PREFIX, Size},
};
use crate::inbox::FIRST_PAGE;

/// The page's 20 rows and the one that tells whether there are more.
const LIMIT: i64 = 21;

/// Seconds at the beginning that do not count.
const SKIPPED: u64 = 2;

/// How the statements travel.
#[derive(Clone, Copy)]
pub enum Way {
    /// One after the other, four round trips: what most servers do.
    Sequence,
    /// All at once, one round trip.
    Pipeline,
}

/// The transaction as pgbench scripts in a folder, and who runs it.
pub struct Pgbench<'a> {
    pub binaries: &'a Binaries,
    pub url: &'a str,
    /// The server's process, for its processor time.
    pub postgres: u32,
    pub dir: &'a Path,
    pub size: Size,
    /// How many people are asked for, and the distance of their numbers.
    pub people: u32,
    pub step: u32,
}

impl Pgbench<'_> {
    /// Writes the scripts and sees to it that the transaction finds what it should.
    ///
    /// # Errors
    /// When pgbench is missing, or the transaction does not answer a full page.
    pub async fn prepare(&self) -> anyhow::Result<()> {
        let program = self.binaries.program("pgbench");
        ensure!(
            program.is_file(),
            "{} has no pgbench, which this benchmark compares with; install PostgreSQL's own package \
             or point FRONTDESK_PG_BIN at one that has it",
            self.binaries.dir().display()
        );
        for way in [Way::Sequence, Way::Pipeline] {
            let path = self.dir.join(way.file());
            std::fs::write(&path, script(way)).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        let person = self.step * (self.people - 1);
        let mut client = db::connect(self.url).await?;
        let transaction = client.transaction().await?;
        let (org_id, user_id) = (
            seed::organization_id(self.size.organization_of(person)),
            seed::person_id(person),
        );
        let caller = db::Person::new(org_id, user_id);
        transaction
            .query("select frontdesk.open_request($1, null)", &[&caller.claims()])
            .await?;
        let rows = transaction.query(FIRST_PAGE, &[&org_id, &user_id, &LIMIT]).await?;
        ensure!(rows.len() == 21, "the page has {} rows instead of 21", rows.len());
        Ok(())
    }

    /// Runs it on `clients` connections for `time`.
    ///
    /// # Errors
    /// When pgbench fails or a single transaction did.
    pub async fn run(&self, way: Way, clients: u32, time: Duration) -> anyhow::Result<PgbenchRound> {
        let mut command = Command::new(self.binaries.program("pgbench"));
        command
            .args(["--no-vacuum", "--protocol=prepared"])
            .arg(format!("--client={clients}"))
            .arg(format!("--jobs={}", clients.min(2)))
            // A second more, so that it is still under way when the processor time is looked at.
            .arg(format!("--time={}", SKIPPED + time.as_secs() + 1))
            .arg("--progress=1")
            .arg(format!("--file={}", self.dir.join(way.file()).display()));
        for (name, value) in [
            ("people", i64::from(self.people)),
            ("step", i64::from(self.step)),
            ("per_organization", i64::from(self.size.people)),
            ("limit", LIMIT),
            ("prepared", 0),
        ] {
            command.arg(format!("--define={name}={value}"));
        }
        command
            .arg(self.url)
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

impl Way {
    fn file(self) -> &'static str {
        match self {
            Self::Sequence => "sequence.sql",
            Self::Pipeline => "pipeline.sql",
        }
    }
}

fn script(way: Way) -> String {
    // pgbench 15 prepares a script's statements when it meets the first one, which it cannot do inside a pipeline.
    let (start, end) = match way {
        Way::Sequence => ("", ""),
        Way::Pipeline => (
            "\\if :prepared = 0\nselect 1;\n\\set prepared 1\n\\endif\n\\startpipeline\n",
            "\\endpipeline\n",
        ),
    };
    let org = format!("'{ORG_PREFIX}' || :org");
    let person = format!("'{PERSON_PREFIX}' || :person");
    let claims =
        format!("'{{\"org_id\":\"' || {org} || '\",\"sub\":\"' || {person} || '\",\"role\":\"authenticated\"}}'");
    let page = FIRST_PAGE
        .replace("$1", &format!("(select ({org})::uuid)"))
        .replace("$2", &format!("(select ({person})::uuid)"))
        .replace("$3", ":limit");
    format!(
        "\\set person random(0, :people - 1) * :step\n\
         \\set org :person / :per_organization + {FIRST_NUMBER}\n\
         \\set person :person + {FIRST_NUMBER}\n\
         {start}begin;\nselect frontdesk.open_request({claims}, null);\n{page};\ncommit;\n{end}"
    )
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

    #[test]
    fn every_parameter_of_the_page_is_filled_in() {
        for way in [Way::Sequence, Way::Pipeline] {
            let script = script(way);
            assert!(!script.contains('$'), "{script}");
            assert!(script.contains("limit :limit;"), "{script}");
        }
    }
}
