//! The push channel: a message to each of a person's devices, each over its own service.
//!
//! A delivery counts as sent when one device took it. Devices that are gone (404, 410, UNREGISTERED …) are forgotten. Failures
//! are a device's, never the channel's: whoever registers an address that does not answer must not stop other people's
//! messages, so nothing here is [`Outcome::Unavailable`].

use std::time::Duration;

use futures_util::{FutureExt, future::BoxFuture, future::join_all};
use platform::{clock::Clock, db::Db};

use super::{
    model::{Adapter, Delivery, Outcome, Receipt},
    push::{Apns, Device, Fcm, Kind, PushSettings, Sent, WebPush},
    store::devices,
};

/// Sends to browsers and telephones.
pub struct PushChannel {
    webpush: Option<WebPush>,
    fcm: Option<Fcm>,
    apns: Option<Apns>,
    db: Db,
}

impl PushChannel {
    /// The channel as configured; none when no service is.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn open(settings: &PushSettings, db: Db, clock: Clock) -> Result<Option<Self>, String> {
        let channel = Self {
            webpush: WebPush::open(settings, clock.clone())?,
            fcm: Fcm::open(settings, clock.clone())?,
            apns: Apns::open(settings, clock)?,
            db,
        };
        let any = channel.webpush.is_some() || channel.fcm.is_some() || channel.apns.is_some();
        Ok(any.then_some(channel))
    }

    /// The public key that browsers subscribe with.
    #[must_use]
    pub fn public_key(&self) -> Option<String> {
        self.webpush.as_ref().map(WebPush::public_key)
    }

    async fn send(&self, device: &Device, delivery: &Delivery) -> Option<Sent> {
        Some(match device.kind {
            Kind::Webpush => self.webpush.as_ref()?.send(device, delivery).await,
            Kind::Fcm => self.fcm.as_ref()?.send(device, delivery).await,
            Kind::Apns => self.apns.as_ref()?.send(device, delivery).await,
        })
    }

    async fn attempt(&self, delivery: &Delivery) -> Outcome {
        let sent = join_all(delivery.devices.iter().map(|device| self.send(device, delivery))).await;
        let mut all = Summary::default();
        let mut gone = Vec::new();
        for (device, sent) in delivery.devices.iter().zip(sent) {
            // A service that is not configured here reaches nobody.
            let Some(sent) = sent else { continue };
            if matches!(sent, Sent::Gone(_)) {
                gone.push(device.id);
            }
            all.add(device.kind, sent);
        }
        if !gone.is_empty()
            && let Err(error) = devices::forget(&self.db, delivery.org_id, &gone).await
        {
            tracing::warn!(%error, "devices that are gone could not be forgotten; the next message finds them again");
        }
        all.outcome()
    }
}

/// What became of all devices.
#[derive(Default)]
struct Summary {
    taken: i16,
    external_id: Option<String>,
    said: Vec<String>,
    later: bool,
    after: Option<Duration>,
    refused: bool,
    gone: bool,
}

impl Summary {
    fn add(&mut self, kind: Kind, sent: Sent) {
        let said = match sent {
            Sent::Taken(id) => {
                self.taken += 1;
                self.external_id = self.external_id.take().or(id);
                "taken".to_owned()
            }
            Sent::Gone(said) => {
                self.gone = true;
                format!("gone: {said}")
            }
            Sent::Refused(said) => {
                self.refused = true;
                format!("refused: {said}")
            }
            Sent::Later(said, after) => {
                self.later = true;
                self.after = self.after.max(after);
                format!("not now: {said}")
            }
        };
        self.said.push(format!("{}: {said}", kind.as_str()));
    }

    fn outcome(self) -> Outcome {
        let message = self.said.join("; ");
        if self.taken > 0 {
            Outcome::Sent(Receipt {
                external_id: self.external_id,
                answer: Some(message),
                units: Some(self.taken),
            })
        } else if self.later {
            Outcome::Retry {
                message,
                after: self.after,
            }
        } else if self.refused {
            Outcome::Failed {
                reason: "refused_by_service",
                message,
            }
        } else if self.gone {
            Outcome::Bounced { message }
        } else {
            Outcome::Skipped { reason: "no_device" }
        }
    }
}

impl Adapter for PushChannel {
    fn provider(&self) -> &str {
        "push"
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        self.attempt(delivery).boxed()
    }
}
