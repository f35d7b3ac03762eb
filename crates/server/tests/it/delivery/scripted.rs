//! A provider that does as a test tells it, and remembers what it was given, in order.

use std::sync::{Arc, Mutex};

use frontdesk::{
    app::App,
    delivery::{Adapter, Delivery, Limits, Outcome, Receipt, Route},
    notifications::Channel,
};
use futures_util::{FutureExt, future::BoxFuture};

type Script = Box<dyn Fn(&Delivery, usize) -> Outcome + Send + Sync>;

/// The provider.
pub struct Scripted {
    name: &'static str,
    script: Script,
    made: Mutex<Vec<Delivery>>,
}

impl Scripted {
    /// Answers what `script` says to a delivery and the number of deliveries that came before it.
    pub fn new(name: &'static str, script: impl Fn(&Delivery, usize) -> Outcome + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            name,
            script: Box::new(script),
            made: Mutex::default(),
        })
    }

    /// Takes everything.
    pub fn willing(name: &'static str) -> Arc<Self> {
        Self::new(name, |_, _| sent())
    }

    /// What came so far, in order.
    pub fn made(&self) -> Vec<Delivery> {
        self.made.lock().unwrap().clone()
    }
}

impl Adapter for Scripted {
    fn provider(&self) -> &str {
        self.name
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        let before = {
            let mut made = self.made.lock().unwrap();
            made.push(delivery.clone());
            made.len() - 1
        };
        async move { (self.script)(delivery, before) }.boxed()
    }
}

/// It was taken.
pub fn sent() -> Outcome {
    Outcome::Sent(Receipt {
        external_id: Some("id-1".into()),
        answer: Some("250 taken".into()),
        units: None,
    })
}

/// It may work later.
pub fn later(message: &str) -> Outcome {
    Outcome::Retry {
        message: message.into(),
        after: None,
    }
}

/// The provider is down.
pub fn down(message: &str) -> Outcome {
    Outcome::Unavailable {
        message: message.into(),
        after: None,
    }
}

/// A server whose mail goes to these providers, in this order.
pub fn mail_by(providers: Vec<Arc<Scripted>>) -> impl FnOnce(App) -> App {
    move |app| {
        let mut route = Route::new(Channel::Email);
        for provider in providers {
            let limits: Limits = app.settings.delivery.limits(1, 0.0);
            route = route.then(provider, limits, app.clock.clone());
        }
        app.with_route(route)
    }
}
