//! Mail into Postfix's smtp-sink: the channel, rendering included, against smtp-source with as many connections.

use std::{
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use futures_util::{StreamExt, stream};
use platform::clock::Clock;

use super::{Comparison, Options, Report, sample};
use crate::delivery::{
    Adapter, EmailChannel, Outcome,
    email::{EmailConfig, TransportKind},
};

const CONNECTIONS: [usize; 2] = [1, 8];
const PORT: u16 = 20_525;

/// Postfix's mail server that takes everything and keeps nothing.
pub struct Sink(Child);

impl Sink {
    /// Starts it.
    pub fn start() -> anyhow::Result<Self> {
        let child = Command::new("/usr/sbin/smtp-sink")
            .args([&format!("127.0.0.1:{PORT}"), "1000"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let sink = Self(child);
        let patience = Instant::now() + Duration::from_secs(5);
        while TcpStream::connect(("127.0.0.1", PORT)).is_err() {
            ensure!(Instant::now() < patience, "smtp-sink does not answer on port {PORT}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(sink)
    }

    /// Where it is.
    pub fn url() -> String {
        format!("smtp://127.0.0.1:{PORT}?tls=none")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

pub async fn measure(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    if !Path::new("/usr/sbin/smtp-source").is_file() {
        report
            .left_out
            .push("mail: smtp-source and smtp-sink come with Postfix".into());
        return Ok(());
    }
    for connections in CONNECTIONS {
        let _sink = Sink::start()?;
        let channel = channel(connections)?;
        let mut rounds = Vec::new();
        send(&channel, connections, 200).await?;
        for _ in 0..options.rounds {
            let ours = send(&channel, connections, options.mails).await?;
            rounds.push((ours, smtp_source(connections, options.mails).await?));
        }
        let what = format!("mail over {connections} connections, smtp-source");
        report.comparisons.push(Comparison::rates(what, "mails/s", &rounds));
        channel.transport().close().await;
    }
    Ok(())
}

fn channel(connections: usize) -> anyhow::Result<EmailChannel> {
    let config = EmailConfig {
        transport: TransportKind::Smtp,
        url: Sink::url(),
        max_connections: u32::try_from(connections)?,
        ..EmailConfig::default()
    };
    EmailChannel::open("smtp", &config, "http://localhost:4000", Clock::system())?.context("the channel is on")
}

/// Mails a second.
async fn send(channel: &EmailChannel, connections: usize, count: usize) -> anyhow::Result<f64> {
    let message = sample::message(Clock::system().now());
    let deliveries: Vec<_> = (0..count).map(|number| sample::delivery(&message, number)).collect();
    let begun = Instant::now();
    let sent = stream::iter(&deliveries)
        .map(|delivery| channel.deliver(delivery))
        .buffer_unordered(connections)
        .filter(|outcome| std::future::ready(matches!(outcome, Outcome::Sent(_))))
        .count()
        .await;
    ensure!(sent == count, "{sent} of {count} mails were taken");
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}

/// Mails a second, of as many bytes as ours have.
async fn smtp_source(connections: usize, count: usize) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let status = tokio::process::Command::new("/usr/sbin/smtp-source")
        .args([
            "-d",
            "-l",
            "1900",
            "-s",
            &connections.to_string(),
            "-m",
            &count.to_string(),
        ])
        .args([
            "-f",
            "a@example.test",
            "-t",
            "b@example.test",
            &format!("127.0.0.1:{PORT}"),
        ])
        .status()
        .await?;
    ensure!(status.success(), "smtp-source failed");
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
