//! kill -9, at moments that are seen in the database rather than guessed by the clock.

use std::time::Instant;

use super::{
    ledger,
    school::{BATCH, PEOPLE, School},
};
use crate::support::{postfix::Postfix, wait::eventually};

/// Kills of a process that was delivering, or could have been.
const WORKER_KILLS: i64 = 10;

#[tokio::test]
async fn a_message_to_1500_people_survives_eleven_kills_and_every_mail_comes() {
    let started = Instant::now();
    let postfix = Postfix::start();
    let school = School::open().await;
    let binary = school.binary(&postfix.url());

    // After the 202 and before anything was done about it: an API process only writes the message.
    let api = binary.serve(&["--role", "api"]).await;
    school.send_to_all(&api).await;
    school.kill(api).await;
    assert_eq!(
        (school.state().await.as_str(), school.recipients().await),
        ("scheduled", 0)
    );

    // In the first chunk, written and not committed.
    let hold = school.hold_person(20).await;
    let server = binary.serve(&[]).await;
    school.kill_in(hold, server, "expand notification", false).await;
    assert_eq!(school.recipients().await, 0, "half a chunk is no chunk");

    // Some chunks later, wherever it is by then; and in a later chunk.
    let server = binary.serve(&[]).await;
    school.until_recipients(150).await;
    school.kill(server).await;
    let hold = school.hold_person(820).await;
    let server = binary.serve(&[]).await;
    school.kill_in(hold, server, "expand notification", true).await;
    let expanded = school.recipients().await;
    assert_eq!((expanded % 50, expanded), (0, 800), "chunks are whole");

    // While both expanding and delivering.
    let server = binary.serve(&[]).await;
    school.until_recipients(1000).await;
    school.kill(server).await;

    // In a claim, which PostgreSQL then makes for a dead process.
    let hold = school.hold_work("claim deliveries").await;
    let server = binary.serve(&[]).await;
    school.kill_in(hold, server, "claim deliveries", false).await;

    // Mails are out and their results never recorded; then the same with results that PostgreSQL records after the death.
    for cut in [true, false] {
        let hold = school
            .hold("select from frontdesk.notification_logs where status = 'pending' for update")
            .await;
        let server = binary.serve(&[]).await;
        school.kill_in(hold, server, "complete deliveries", cut).await;
    }

    // In the middle of delivering, twice.
    for _ in 0..2 {
        let before = school.sent().await;
        let server = binary.serve(&[]).await;
        school.until_sent(before + 300).await;
        school.kill(server).await;
    }

    // While it looks what is done.
    let hold = school.hold_work("finish notifications").await;
    let server = binary.serve(&[]).await;
    school.kill_in(hold, server, "finish notifications", false).await;
    assert!(
        school.state().await != "done",
        "there is something left for the last start"
    );

    let server = binary.serve(&[]).await;
    school.until_done().await;
    ledger::assert_complete(&school).await;
    let everything = usize::try_from(PEOPLE).expect("a count");
    let copies = eventually("every mail is in its box", async || {
        let mails = postfix.messages();
        let copies = ledger::count(mails.iter().map(|mail| mail.raw.as_slice()));
        (copies.len() >= everything).then_some(copies)
    })
    .await;
    let doubled = ledger::assert_mails(&school, &copies).await;
    let lost = school.lost_claims().await;
    println!(
        "{lost} claims were lost, {doubled} mails came again, {:?}",
        started.elapsed()
    );
    assert!(doubled <= lost && lost <= WORKER_KILLS * BATCH);
    assert!(
        doubled > 0,
        "what was sent and not recorded is sent again: at least once"
    );
    ledger::assert_nothing_pends_for_ever(&school).await;
    server.kill().await;
}
