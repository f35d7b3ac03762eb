//! Which providers the configuration names: opens each and puts it on its channel's route. Called by the composition root.

use std::sync::Arc;

use anyhow::bail;
use platform::{clock::Clock, db::Db};

use super::{
    EmailChannel, PushChannel, Route,
    sms::{HttpSms, Twilio},
};
use crate::{notifications::Channel, settings::Settings};

/// What the configuration names.
#[derive(Default)]
pub struct Opened {
    /// A route for each channel that is on.
    pub routes: Vec<Route>,
    /// The first mail provider: its preview has pages, its connections must be closed.
    pub email: Option<Arc<EmailChannel>>,
    /// The public key that browsers subscribe with.
    pub push_key: Option<String>,
}

/// Opens all channels.
///
/// # Errors
/// When a setting is wrong; it is named.
pub fn open_routes(settings: &Settings, db: &Db, clock: &Clock) -> anyhow::Result<Opened> {
    for (name, rate) in [("push.rate", settings.push.rate), ("sms.rate", settings.sms.rate)] {
        if !(0.0..=100_000.0).contains(&rate) {
            bail!("{name} must be between 0 and 100000");
        }
    }
    for (name, count) in [
        ("push.concurrency", settings.push.concurrency),
        ("sms.concurrency", settings.sms.concurrency),
    ] {
        if !(1..=1000).contains(&count) {
            bail!("{name} must be between 1 and 1000");
        }
    }
    let mut opened = Opened::default();
    email(settings, clock, &mut opened)?;
    push(settings, db, clock, &mut opened)?;
    sms(settings, clock, &mut opened)?;
    Ok(opened)
}

fn email(settings: &Settings, clock: &Clock, opened: &mut Opened) -> anyhow::Result<()> {
    let config = &settings.email;
    let Some(first) = EmailChannel::open("smtp", config, &settings.server.public_url, clock.clone())?.map(Arc::new)
    else {
        return Ok(());
    };
    let limits = settings
        .delivery
        .limits(usize::try_from(config.max_connections).unwrap_or(1), config.rate);
    let mut route = Route::new(Channel::Email).then(first.clone(), limits, clock.clone());
    if let Some(backup) = config.backup()
        && let Some(second) = EmailChannel::open("smtp_backup", &backup, &settings.server.public_url, clock.clone())?
    {
        route = route.then(Arc::new(second), limits, clock.clone());
    }
    opened.routes.push(route);
    opened.email = Some(first);
    Ok(())
}

fn push(settings: &Settings, db: &Db, clock: &Clock, opened: &mut Opened) -> anyhow::Result<()> {
    let channel = PushChannel::open(&settings.push, db.clone(), clock.clone()).map_err(anyhow::Error::msg)?;
    if let Some(channel) = channel {
        opened.push_key = channel.public_key();
        let limits = settings.delivery.limits(settings.push.concurrency, settings.push.rate);
        let route = Route::new(Channel::Push).then(Arc::new(channel), limits, clock.clone());
        opened.routes.push(route);
    }
    Ok(())
}

fn sms(settings: &Settings, clock: &Clock, opened: &mut Opened) -> anyhow::Result<()> {
    let sms = &settings.sms;
    if sms.providers.is_empty() {
        return Ok(());
    }
    let limits = settings.delivery.limits(sms.concurrency, sms.rate);
    let public_url = &settings.server.public_url;
    let mut route = Route::new(Channel::Sms);
    for name in &sms.providers {
        let adapter: Arc<dyn super::Adapter> = match name.as_str() {
            "twilio" => Arc::new(Twilio::open(sms, public_url, clock.clone()).map_err(anyhow::Error::msg)?),
            "http" => Arc::new(HttpSms::open(sms, public_url, clock.clone()).map_err(anyhow::Error::msg)?),
            other => bail!("sms.providers: {other:?} is not known; write twilio or http"),
        };
        route = route.then(adapter, limits, clock.clone());
    }
    opened.routes.push(route);
    Ok(())
}
