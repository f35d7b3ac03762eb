//! The database throws everybody out, again and again; the process goes on by itself.

use super::{
    ledger,
    school::{BATCH, School},
};
use crate::support::sink::Sink;

const CUTS: i64 = 8;

#[tokio::test]
async fn a_server_whose_connections_are_cut_again_and_again_completes_every_delivery_by_itself() {
    let sink = Sink::start();
    let school = School::open().await;
    let server = school.binary(&sink.url()).serve(&[]).await;
    school.send_to_all(&server).await;
    for round in 1..=CUTS {
        if round <= 3 {
            school.until_recipients(round * 300).await;
        } else {
            let before = school.sent().await;
            school.until_sent(before + 100).await;
        }
        assert!(school.cut_connections().await > 0);
    }
    school.until_done().await;
    ledger::assert_complete(&school).await;
    let mails = sink.mails();
    let doubled = ledger::assert_mails(&school, &ledger::count(mails.iter().map(Vec::as_slice))).await;
    println!("{doubled} mails came again after {CUTS} cuts");
    assert!(doubled <= CUTS * BATCH);
    let (status, _) = server.get("/readyz", &school.token).await;
    assert!(status.is_success(), "{status}");
    server.kill().await;
}
