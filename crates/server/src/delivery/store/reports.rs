//! Writes what providers report: the log row, its timeline, and addresses that take no more.

use platform::db::{Db, DbError};
use uuid::Uuid;

use super::super::reports::{Fate, Report};

/// Writes a report; answers the notification concerned, none when there is no such delivery on that channel. A report that
/// says nothing new (providers repeat them) changes nothing.
///
/// # Errors
/// Of the database.
pub async fn apply(db: &Db, report: &Report) -> Result<Option<Uuid>, DbError> {
    let (status, reason, suppression) = match report.fate {
        Fate::Delivered => ("delivered", None, None),
        Fate::Bounced => ("bounced", Some("bounced"), Some("bounced")),
        Fate::SoftBounced => ("bounced", Some("bounced_for_now"), None),
        Fate::Complained => ("delivered", Some("complained"), Some("complained")),
        Fate::Unsubscribed => ("delivered", Some("unsubscribed"), Some("unsubscribed")),
        Fate::Failed => ("failed", Some("not_delivered"), None),
    };
    let rows = db
        .system_query(
            "provider's report",
            include_str!("../sql/report.sql"),
            &[
                &report.org_id,
                &report.log_id,
                &report.channel.as_str(),
                &status,
                &reason,
                &report.provider,
                &report.message,
                &suppression,
                &report.address.as_deref().map(str::to_lowercase),
            ],
        )
        .await?;
    Ok(rows.first().map(|row| row.get(0)))
}
