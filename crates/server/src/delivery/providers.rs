//! Which providers the configuration names: opens each and puts it on its channel's route. Called by the composition root.

use std::sync::Arc;

use platform::clock::Clock;

use super::{EmailChannel, Route};
use crate::{notifications::Channel, settings::Settings};

/// The routes of all channels that are configured, and the first mail provider (its preview has pages).
///
/// # Errors
/// When a setting is wrong; it is named.
pub fn open_routes(settings: &Settings, clock: &Clock) -> anyhow::Result<(Vec<Route>, Option<Arc<EmailChannel>>)> {
    let mut routes = Vec::new();
    let email = email(settings, clock, &mut routes)?;
    Ok((routes, email))
}

fn email(settings: &Settings, clock: &Clock, routes: &mut Vec<Route>) -> anyhow::Result<Option<Arc<EmailChannel>>> {
    let config = &settings.email;
    let Some(first) = EmailChannel::open("smtp", config, clock.clone())?.map(Arc::new) else {
        return Ok(None);
    };
    let limits = settings
        .delivery
        .limits(usize::try_from(config.max_connections).unwrap_or(1), config.rate);
    let mut route = Route::new(Channel::Email).then(first.clone(), limits, clock.clone());
    if let Some(backup) = config.backup()
        && let Some(second) = EmailChannel::open("smtp_backup", &backup, clock.clone())?
    {
        route = route.then(Arc::new(second), limits, clock.clone());
    }
    routes.push(route);
    Ok(Some(first))
}
