//! The channel of docs/adding-a-channel.md, whole: what the page shows is this file, and this test runs it.

use frontdesk::{
    delivery::{Adapter, Delivery, Outcome, Receipt, Route},
    notifications::Channel,
};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::json;
use std::sync::Arc;

use super::{desk::Desk, peer::Peer};

// --- the channel ---
/// Pages people over a made-up provider that takes `POST {"id", "to", "text"}`.
pub struct Pager {
    client: reqwest::Client,
    url: String,
}

impl Pager {
    async fn attempt(&self, delivery: &Delivery) -> Outcome {
        // No address is no failure: the row says why nothing was sent.
        let Some(phone) = &delivery.phone else {
            return Outcome::Skipped {
                reason: "no_phone_number",
            };
        };
        // The delivery's id is the same at every attempt, so a provider that keeps ids recognises a repeat.
        let body = json!({"id": delivery.log_id, "to": phone, "text": delivery.message.title});
        let answer = match self.client.post(&self.url).json(&body).send().await {
            Ok(answer) => answer,
            // Nobody there: the channel's next provider takes over, and this one is left alone for a while.
            Err(error) => {
                return Outcome::Unavailable {
                    message: error.to_string(),
                    after: None,
                };
            }
        };
        let message = answer.status().to_string();
        match answer.status().as_u16() {
            200..=299 => Outcome::Sent(Receipt {
                external_id: None,
                answer: Some(message),
                units: None,
            }),
            // This pager is out of reach just now; the provider is well.
            409 => Outcome::Retry { message, after: None },
            // There is no such pager.
            404 => Outcome::Bounced { message },
            429 | 500..=599 => Outcome::Unavailable { message, after: None },
            _ => Outcome::Failed {
                reason: "refused_by_provider",
                message,
            },
        }
    }
}

impl Adapter for Pager {
    fn provider(&self) -> &str {
        "pager"
    }

    fn deliver<'a>(&'a self, delivery: &'a Delivery) -> BoxFuture<'a, Outcome> {
        self.attempt(delivery).boxed()
    }
}
// --- its test ---
#[tokio::test]
async fn a_new_channel_is_one_file_and_a_route() {
    let provider = Peer::start(|_| (202, vec![], String::new())).await;
    let url = provider.url.clone();
    let desk = Desk::open(
        |_| {},
        |app| {
            let pager = Pager {
                client: reqwest::Client::new(),
                url,
            };
            let limits = app.settings.delivery.limits(8, 0.0);
            let route = Route::new(Channel::Sms).then(Arc::new(pager), limits, app.clock.clone());
            app.with_route(route)
        },
    )
    .await;
    let id = desk.send_on("sms").await;
    desk.app.drain().await;
    assert_eq!(desk.state(&id).await, "sent -");
    assert_eq!(provider.requests()[0].json()["text"], "Snow");
}
// --- end ---

#[test]
fn the_page_shows_what_runs_here() {
    let page = include_str!("../../../../../docs/adding-a-channel.md");
    let source = include_str!("pager.rs");
    let parts: Vec<&str> = source.split("\n// --- ").collect();
    for part in &parts[1..3] {
        let (_, code) = part.split_once('\n').unwrap();
        assert!(
            page.contains(code.trim_end()),
            "docs/adding-a-channel.md does not show what tests/it/delivery/pager.rs has:\n{code}"
        );
    }
}
