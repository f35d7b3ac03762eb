//! What a benchmark found, for people and (as JSON) for programs.
//!
//! Filled by `inbox`, printed by `commands::bench`. A ratio is taken within a round, where both sides met the same machine;
//! the result is the median of the ratios, never a ratio of medians.

use std::fmt;

use serde::Serialize;

use super::seed::Size;

/// Everything.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The server's version.
    pub postgresql: String,
    /// How much data there was.
    pub data: Size,
    /// Memory of the server process before the first request, in bytes (none where the system does not tell).
    pub idle_memory: Option<u64>,
    /// Memory of the server process after all of the load, in bytes.
    pub loaded_memory: Option<u64>,
    /// One for each number of clients.
    pub figures: Vec<Figures>,
}

/// What one number of clients gave.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Connections, of ours and of pgbench alike.
    pub clients: u32,
    /// As they were measured.
    pub rounds: Vec<Round>,
    /// The result.
    pub medians: Medians,
}

/// Each side once, one after the other.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Round {
    /// The page through HTTP.
    pub http: HttpRound,
    /// pgbench, statement by statement.
    pub sequence: PgbenchRound,
    /// pgbench, all in one flight.
    pub pipeline: PgbenchRound,
}

/// The page through HTTP.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct HttpRound {
    /// Right answers per second.
    pub per_second: f64,
    /// Median, in milliseconds.
    pub p50_milliseconds: f64,
    /// 99th percentile, in milliseconds.
    pub p99_milliseconds: f64,
    /// Processor time of the server process per answer, in microseconds.
    pub server_cpu_microseconds: Option<f64>,
    /// Processor time of PostgreSQL per answer, in microseconds.
    pub postgres_cpu_microseconds: Option<f64>,
}

/// The transaction by pgbench.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PgbenchRound {
    /// Transactions per second.
    pub per_second: f64,
    /// Mean, in milliseconds.
    pub average_milliseconds: f64,
    /// Processor time of PostgreSQL per transaction, in microseconds.
    pub postgres_cpu_microseconds: Option<f64>,
}

/// Medians over the rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Medians {
    /// Answers per second through HTTP.
    pub http: f64,
    /// Transactions per second of pgbench in sequence.
    pub sequence: f64,
    /// Transactions per second of pgbench in a pipeline.
    pub pipeline: f64,
    /// HTTP to pgbench in sequence.
    pub http_to_sequence: f64,
    /// HTTP to pgbench in a pipeline.
    pub http_to_pipeline: f64,
    /// Median latency through HTTP, in milliseconds.
    pub p50_milliseconds: f64,
    /// 99th percentile through HTTP, in milliseconds.
    pub p99_milliseconds: f64,
    /// Processor time per page, in microseconds: of the server process and of PostgreSQL behind it, then of PostgreSQL
    /// under pgbench in sequence and in a pipeline. Steadier than any rate on a machine that does other things too.
    pub cpu_microseconds: Option<[f64; 4]>,
}

impl Round {
    /// HTTP to pgbench in sequence.
    #[must_use]
    pub fn http_to_sequence(&self) -> f64 {
        self.http.per_second / self.sequence.per_second
    }

    /// HTTP to pgbench in a pipeline.
    #[must_use]
    pub fn http_to_pipeline(&self) -> f64 {
        self.http.per_second / self.pipeline.per_second
    }

    fn cpu(&self) -> Option<[f64; 4]> {
        Some([
            self.http.server_cpu_microseconds?,
            self.http.postgres_cpu_microseconds?,
            self.sequence.postgres_cpu_microseconds?,
            self.pipeline.postgres_cpu_microseconds?,
        ])
    }
}

impl Figures {
    pub(super) fn new(clients: u32, rounds: Vec<Round>) -> Self {
        let of = |value: fn(&Round) -> f64| median(rounds.iter().map(value).collect());
        let cpu: Option<Vec<_>> = rounds.iter().map(Round::cpu).collect();
        let medians = Medians {
            http: of(|round| round.http.per_second),
            sequence: of(|round| round.sequence.per_second),
            pipeline: of(|round| round.pipeline.per_second),
            http_to_sequence: of(Round::http_to_sequence),
            http_to_pipeline: of(Round::http_to_pipeline),
            p50_milliseconds: of(|round| round.http.p50_milliseconds),
            p99_milliseconds: of(|round| round.http.p99_milliseconds),
            cpu_microseconds: cpu.map(|all| [0, 1, 2, 3].map(|side| median(all.iter().map(|cpu| cpu[side]).collect()))),
        };
        Self {
            clients,
            rounds,
            medians,
        }
    }
}

/// The middle value (the lower of two).
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len().saturating_sub(1) / 2;
    values.get(middle).copied().unwrap_or_default()
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "http {:>6.0}/s (p50 {:>5.1} p99 {:>5.1} ms)   pgbench in sequence {:>6.0}/s, pipelined {:>6.0}/s   \
             http/sequence {:.2}   http/pipelined {:.2}",
            self.http.per_second,
            self.http.p50_milliseconds,
            self.http.p99_milliseconds,
            self.sequence.per_second,
            self.pipeline.per_second,
            self.http_to_sequence(),
            self.http_to_pipeline()
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nInbox page (20 of {} rows), PostgreSQL {}; medians:",
            self.data.rows(),
            self.postgresql
        )?;
        writeln!(
            f,
            "clients    http/s  p50 ms  p99 ms  pgbench/s  pipelined/s  http/pgbench  http/pipelined"
        )?;
        for figures in &self.figures {
            let medians = figures.medians;
            writeln!(
                f,
                "{:>7}  {:>8.0}  {:>6.1}  {:>6.1}  {:>9.0}  {:>11.0}  {:>12.2}  {:>14.2}",
                figures.clients,
                medians.http,
                medians.p50_milliseconds,
                medians.p99_milliseconds,
                medians.sequence,
                medians.pipeline,
                medians.http_to_sequence,
                medians.http_to_pipeline,
            )?;
        }
        for figures in &self.figures {
            if let Some([server, postgres, sequence, pipeline]) = figures.medians.cpu_microseconds {
                writeln!(
                    f,
                    "Processor time per page, {} clients: server {server:.0} µs + PostgreSQL {postgres:.0} µs; \
                     PostgreSQL under pgbench {sequence:.0} µs, pipelined {pipeline:.0} µs",
                    figures.clients
                )?;
            }
        }
        write!(
            f,
            "Memory of the server process: {} idle, {} after the load",
            megabytes(self.idle_memory),
            megabytes(self.loaded_memory)
        )
    }
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(
        || "not known".into(),
        |bytes| format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(http: f64, sequence: f64) -> Round {
        let pgbench = |per_second| PgbenchRound {
            per_second,
            average_milliseconds: 1.0,
            postgres_cpu_microseconds: Some(500.0),
        };
        Round {
            http: HttpRound {
                per_second: http,
                p50_milliseconds: 1.0,
                p99_milliseconds: 2.0,
                server_cpu_microseconds: Some(http),
                postgres_cpu_microseconds: Some(600.0),
            },
            sequence: pgbench(sequence),
            pipeline: pgbench(2.0 * sequence),
        }
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // A machine that was slow in one round was slow for both sides.
        let figures = Figures::new(64, vec![round(900.0, 1000.0), round(90.0, 100.0), round(500.0, 1000.0)]);
        assert!((figures.medians.http_to_sequence - 0.9).abs() < 1e-9);
        assert!((figures.medians.http_to_pipeline - 0.45).abs() < 1e-9);
        assert!((figures.medians.http - 500.0).abs() < 1e-9);
        assert_eq!(figures.medians.cpu_microseconds, Some([500.0, 600.0, 500.0, 500.0]));
    }

    #[test]
    fn memory_reads_in_megabytes() {
        assert_eq!(megabytes(Some(17_345_678)), "17.3 MB");
        assert_eq!(megabytes(None), "not known");
    }
}
