//! The reckoning: what the database says against what the mail server got.

use std::collections::HashMap;

use mail_parser::MessageParser;

use super::school::{PEOPLE, School};
use crate::support::wait::eventually;

/// How often each Message-ID came.
pub type Copies = HashMap<String, i64>;

/// Counts whole mails by Message-ID; what was cut off in the middle is no mail.
pub fn count<'a>(mails: impl IntoIterator<Item = &'a [u8]>) -> Copies {
    let mut copies = Copies::new();
    for raw in mails {
        let Some(mail) = MessageParser::default().parse(raw) else {
            continue;
        };
        let Some(id) = mail.message_id() else { continue };
        let (local, domain) = id.split_once('@').expect("a Message-ID with two sides");
        assert_eq!(domain, "school.test");
        let last_boundary = format!("--=_{}--", local.replace('-', ""));
        if String::from_utf8_lossy(raw).contains(&last_boundary) {
            *copies.entry(local.to_owned()).or_default() += 1;
        }
    }
    copies
}

/// Everything is recorded once for each person and channel, and nothing waits for a worker any more.
pub async fn assert_complete(school: &School) {
    let by_channel = "select string_agg(channel || ' ' || status || ' ' || n, ', ' order by channel, status) from (
        select channel, status, count(*) n from frontdesk.notification_logs group by 1, 2) c";
    let row = school.watch.query_one(by_channel, &[]).await.expect(by_channel);
    let expected = format!("email sent {PEOPLE}, in_app delivered {PEOPLE}, websocket pending {PEOPLE}");
    assert_eq!(row.get::<_, String>(0), expected);
    assert_eq!(school.recipients().await, PEOPLE);
    let twice = "select count(*) - count(distinct (recipient_id, channel)) from frontdesk.notification_logs";
    assert_eq!(school.number(twice).await, 0, "no person has two rows of one channel");
    assert_eq!(school.number("select count(*) from frontdesk.delivery_queue").await, 0);
    assert_eq!(
        school
            .number("select recipient_count::bigint from frontdesk.notifications")
            .await,
        PEOPLE
    );
    assert_eq!(school.state().await, "done");
}

/// What waits for its person (a websocket row) ends too, at the latest with its message.
pub async fn assert_nothing_pends_for_ever(school: &School) {
    let sql = "update frontdesk.notifications set expires_at = now()";
    school.watch.batch_execute(sql).await.expect(sql);
    let pending = "select count(*) from frontdesk.notification_logs where status = 'pending'";
    eventually("no row is pending", async || {
        (school.number(pending).await == 0).then_some(())
    })
    .await;
    let ended = "select count(*) from frontdesk.notification_logs where status = 'skipped' and reason = 'expired'";
    assert_eq!(school.number(ended).await, PEOPLE);
}

/// Every delivery's mail has come, under the id of its log row, and no more often than it was attempted; answers how many
/// came more than once in all.
pub async fn assert_mails(school: &School, copies: &Copies) -> i64 {
    let sql = "select id::text, retry_count::bigint + 1 from frontdesk.notification_logs where channel = 'email'";
    let rows = school.watch.query(sql, &[]).await.expect(sql);
    assert_eq!(rows.len(), usize::try_from(PEOPLE).expect("a count"));
    for row in &rows {
        let (id, attempts): (String, i64) = (row.get(0), row.get(1));
        let came = copies.get(&id).copied().unwrap_or(0);
        assert!(
            (1..=attempts).contains(&came),
            "{id} was attempted {attempts} times and came {came} times"
        );
    }
    assert_eq!(copies.len(), rows.len(), "every Message-ID is that of a log row");
    copies.values().sum::<i64>() - PEOPLE
}
