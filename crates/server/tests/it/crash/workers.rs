//! Several workers on one database.

use super::{ledger, school::School};
use crate::support::sink::Sink;

#[tokio::test]
async fn two_workers_at_once_send_each_mail_once() {
    let sink = Sink::start();
    let school = School::open().await;
    // The usual lease: nobody dies here, however slow this machine is today.
    let binary = school.binary(&sink.url()).set("delivery.lease", 60);
    let api = binary.serve(&["--role", "api"]).await;
    let workers = [
        binary.serve(&["--role", "worker"]).await,
        binary.serve(&["--role", "worker"]).await,
    ];
    school.send_to_all(&api).await;
    school.until_done().await;
    ledger::assert_complete(&school).await;
    let mails = sink.mails();
    let doubled = ledger::assert_mails(&school, &ledger::count(mails.iter().map(Vec::as_slice))).await;
    assert_eq!(doubled, 0);
    for worker in workers {
        let (_, metrics) = worker.get("/metrics", &school.token).await;
        let metrics = metrics.as_str().expect("text").to_owned();
        let sent = metrics
            .lines()
            .find(|line| line.starts_with("frontdesk_deliveries_total"));
        println!("{sent:?}");
        assert!(sent.is_some(), "both took part\n{metrics}");
        worker.signal("TERM");
        assert_eq!(worker.end().await.code(), Some(0));
    }
    api.kill().await;
}

#[tokio::test]
async fn a_slow_mail_server_does_not_make_two_workers_send_a_mail_twice() {
    const PEOPLE: i64 = 70;
    let sink = Sink::start_slow(1);
    let school = School::of(PEOPLE).await;
    // A batch of 40 over 8 connections takes five seconds, a lease holds three.
    let binary = school.binary(&sink.url()).set("delivery.lease", 3);
    let workers = [binary.serve(&[]).await, binary.serve(&["--role", "worker"]).await];
    school.send_to_all(&workers[0]).await;
    school.until_done().await;
    let mails = sink.mails();
    let copies = ledger::count(mails.iter().map(Vec::as_slice));
    assert_eq!(i64::try_from(copies.len()).expect("a count"), PEOPLE);
    let doubled = copies.values().sum::<i64>() - PEOPLE;
    assert_eq!(doubled, 0, "an attempt begins only while there is time for it");
    for worker in workers {
        worker.kill().await;
    }
}
