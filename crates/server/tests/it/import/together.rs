//! Imports at the same time, and imports that are cut off.

use std::sync::atomic::{AtomicUsize, Ordering};

use frontdesk::directory::import::{Kind, Progress};
use tokio::sync::Notify;

use super::district::{District, School, options};

#[derive(Default)]
struct Listener {
    waited: AtomicUsize,
    enrollments: Notify,
}

impl Progress for Listener {
    fn file(&self, name: &'static str, bytes: u64) {
        assert!(bytes > 0);
        if name == "enrollments.csv" {
            self.enrollments.notify_one();
        }
    }

    fn waiting(&self) {
        self.waited.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn two_imports_into_one_organization_run_one_after_the_other() {
    let school = School::new().await;
    let (district, listener) = (District::sample(), Listener::default());
    let one = school.import_heard(&district, options(), &listener);
    let other = school.import_heard(&district, options(), &listener);
    let (one, other) = tokio::join!(one, other);
    let mut inserted = [one, other].map(|report| report.unwrap().of(Kind::Students).inserted);
    inserted.sort_unstable();
    assert_eq!(inserted, [0, 1_004]);
    assert_eq!(listener.waited.load(Ordering::Relaxed), 1);
    assert_eq!(school.count(Kind::Enrollments).await, 8_971);
}

#[tokio::test]
async fn an_import_that_is_cut_off_leaves_nothing_and_blocks_nobody() {
    let school = School::new().await;
    let before = school.all_rows().await;
    let (district, listener) = (District::sample(), Listener::default());
    tokio::select! {
        biased;
        () = listener.enrollments.notified() => {}
        _ = school.import_heard(&district, options(), &listener) => panic!("the import was to be cut off"),
    }
    assert_eq!(school.all_rows().await, before);
    school.import(&district).await.unwrap();
    assert_eq!(school.count(Kind::Students).await, 1_004);
}
