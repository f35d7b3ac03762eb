//! The load: many keep-alive connections, each asking for one random person's inbox after the other.
//!
//! Called by `inbox`. What always holds: an answer counts only when it is complete, has status 200 and is the right one.
//! Every person's first answer is read item by item; each later one must equal it byte for byte, which costs next to
//! nothing. All connections share one thread, so that the generator takes little of the machine from what it measures.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;

use super::http::Connection;

/// Connections that the first answers are asked for on.
const READERS: usize = 8;

/// A person to ask as: their token, and what must come back.
pub struct Person {
    request: Vec<u8>,
    titles: Vec<String>,
    body: Vec<u8>,
}

impl Person {
    /// Somebody with this token, whose first page has these titles.
    pub fn new(token: &str, titles: Vec<String>) -> Self {
        Self {
            request: format!("GET /v1/inbox HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n")
                .into_bytes(),
            titles,
            body: Vec::new(),
        }
    }

    async fn read_first(&mut self, connection: &mut Connection) -> anyhow::Result<()> {
        let body = connection.exchange(&self.request).await?;
        let page: Value = serde_json::from_slice(body).context("the answer is not JSON")?;
        let items = page["items"].as_array().context("the answer has no items")?;
        let titles: Vec<_> = items.iter().filter_map(|item| item["title"].as_str()).collect();
        ensure!(
            titles == self.titles,
            "wrong items: {titles:?} instead of {:?}",
            self.titles
        );
        ensure!(page["next_cursor"].is_string(), "the answer names no next page");
        self.body = body.to_vec();
        Ok(())
    }
}

/// What came of some seconds of load.
pub struct Load {
    /// Right answers per second.
    pub per_second: f64,
    /// How many there were.
    pub count: u64,
    /// Of half the answers, in milliseconds.
    pub p50: f64,
    /// Of all but one in a hundred, in milliseconds.
    pub p99: f64,
}

/// Reads and checks everybody's first answer, which later ones must equal.
///
/// # Errors
/// The first answer that is not the right one.
pub async fn read_first(address: SocketAddr, mut people: Vec<Person>) -> anyhow::Result<Vec<Person>> {
    let share = people.len().div_ceil(READERS).max(1);
    try_join_all(people.chunks_mut(share).map(async |share| {
        let mut connection = Connection::open(address).await?;
        for person in share {
            person.read_first(&mut connection).await?;
        }
        anyhow::Ok(())
    }))
    .await?;
    Ok(people)
}

/// Asks on `clients` connections for `time`.
///
/// # Errors
/// The first answer that is not the right one, or a server that stopped answering.
pub async fn run(address: SocketAddr, people: Arc<Vec<Person>>, clients: u32, time: Duration) -> anyhow::Result<Load> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let all = async {
            let connections = try_join_all((0..clients).map(|_| Connection::open(address))).await?;
            let end = Instant::now() + time;
            let asking = connections
                .into_iter()
                .enumerate()
                .map(|(number, connection)| ask(connection, &people, number as u64, end));
            let patience = time + Duration::from_secs(30);
            tokio::time::timeout(patience, try_join_all(asking))
                .await
                .context("the server stopped answering")?
        };
        runtime.block_on(all)
    };
    let latencies = tokio::task::spawn_blocking(work).await??;
    Ok(summary(latencies.concat(), time))
}

/// Asks until `end`; answers the microseconds that each answer took.
async fn ask(mut connection: Connection, people: &[Person], seed: u64, end: Instant) -> anyhow::Result<Vec<u32>> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut latencies = Vec::with_capacity(4096);
    loop {
        let person = &people[random.random_range(0..people.len())];
        let sent = Instant::now();
        let body = connection.exchange(&person.request).await?;
        let now = Instant::now();
        ensure!(
            body == person.body,
            "an answer differs from the same person's first one: {}",
            String::from_utf8_lossy(body)
        );
        if now > end {
            return Ok(latencies);
        }
        latencies.push(u32::try_from((now - sent).as_micros()).unwrap_or(u32::MAX));
    }
}

fn summary(mut latencies: Vec<u32>, time: Duration) -> Load {
    latencies.sort_unstable();
    let at = |share: usize| {
        latencies
            .get(latencies.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52 answers")]
    let per_second = latencies.len() as f64 / time.as_secs_f64();
    Load {
        per_second,
        count: latencies.len() as u64,
        p50: f64::from(at(50)) / 1000.0,
        p99: f64::from(at(99)) / 1000.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_answers() {
        let load = summary((1..=1000).rev().map(|n| n * 1000).collect(), Duration::from_secs(10));
        assert_eq!((load.count, load.p50, load.p99), (1000, 501.0, 991.0));
        assert!((load.per_second - 100.0).abs() < f64::EPSILON);
        assert_eq!(summary(Vec::new(), Duration::from_secs(1)).count, 0);
    }
}
