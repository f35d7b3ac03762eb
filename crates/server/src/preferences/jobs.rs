//! Sends digests: one mail for all that a person has asked to have gathered.

use std::time::Duration;

use platform::{db::DbError, ids};
use serde_json::{Map, Value, json};

use super::store;
use crate::{app::App, templates};

/// How often somebody may be due: digests go at full hours, so a minute is soon enough.
const PAUSE: Duration = Duration::from_secs(30);

/// Sends digests until the process stops.
pub async fn run_digests(app: App) {
    let stopping = app.tasks.stopping();
    while !stopping.is_cancelled() {
        if let Err(error) = send_digests(&app).await {
            tracing::error!(%error, "digests failed; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stopping.cancelled() => {}
        }
    }
}

/// Sends all digests that are due; answers how many mails they became.
///
/// # Errors
/// Of the database; the digest under way is then not written, and its messages still wait.
pub async fn send_digests(app: &App) -> Result<usize, DbError> {
    let mut sent = 0;
    loop {
        let now = app.clock.now();
        let tx = app.db.system("digest").await?;
        let Some(due) = store::take_due(&tx, now).await? else {
            tx.commit().await?;
            break;
        };
        if due.count > 0 {
            let (title, contents) = render(&due);
            store::write_digest(&tx, &due, ids::new_id(), &title, &contents, now).await?;
            sent += 1;
        }
        tx.commit().await?;
    }
    if sent > 0 {
        app.wake.expander.notify_one();
    }
    Ok(sent)
}

/// Title and contents by the organization's template `digest`, or (when that cannot be rendered) by the one that ships.
fn render(due: &store::Due) -> (String, Value) {
    let data = json!({"count": due.count, "organization": due.organization, "messages": due.messages});
    let empty = Map::new();
    let data = data.as_object().unwrap_or(&empty);
    templates::render_in(due.template.as_ref(), "digest", &due.locale, data).unwrap_or_else(|| {
        let title = format!("{} new messages from {}", due.count, due.organization);
        (title, Value::Null)
    })
}
