//! Web Push: time that one message takes to be prepared (encryption, VAPID, the request), on one core.

use std::time::Instant;

use anyhow::{Context, ensure};
use platform::clock::Clock;
use ring::{
    agreement::{ECDH_P256, EphemeralPrivateKey},
    rand::SystemRandom,
};

use super::{Comparison, Options, Report, peers, sample};
use crate::{
    delivery::{WebPush, generate_vapid_key},
    settings::{DEFAULTS, Settings},
};

pub async fn measure(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    if !peers::are_installed(&options.peers) {
        report.left_out.push(format!(
            "Web Push: {} is not installed (npm ci)",
            options.peers.display()
        ));
        return Ok(());
    }
    let mut rounds = Vec::new();
    for _ in 0..options.rounds {
        let ours = prepare(options.pushes)?;
        let count = options.pushes.to_string();
        let microseconds = peers::number(&options.peers, "webpush-bench.mjs", &[&count]).await?;
        rounds.push((ours, 1e6 / microseconds));
    }
    let one = Comparison::rates("Web Push on one core, npm web-push", "messages/s", &rounds);
    report.comparisons.push(one);
    Ok(())
}

/// Messages a second.
fn prepare(count: usize) -> anyhow::Result<f64> {
    let mut settings: Settings = platform::config::load(DEFAULTS, None, "FRONTDESK_NOTHING_HAS_THIS_", &[], &[])?;
    let (private, public) = generate_vapid_key().context("no random numbers are to be had")?;
    settings.push.vapid_private_key = private;
    settings.push.vapid_public_key = public;
    settings.push.vapid_subject = "mailto:desk@example.test".into();
    let clock = Clock::system();
    let push = WebPush::open(&settings.push, clock.clone()).map_err(anyhow::Error::msg)?;
    let push = push.context("Web Push is on")?;
    let browser = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())
        .and_then(|key| key.compute_public_key())
        .ok()
        .context("no key can be made")?;
    let message = sample::message(clock.now());
    let delivery = sample::delivery(&message, 0);
    let begun = Instant::now();
    for _ in 0..count {
        let url = "https://push.example.test/send/1".parse()?;
        let request = push.prepare(url, browser.as_ref(), &[7; 16], &delivery);
        ensure!(request.is_some(), "a message could not be prepared");
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
