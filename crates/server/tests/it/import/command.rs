//! `frontdesk import` as people and scripts call it: exit codes, what goes where, and a kill.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::district::{District, School};
use crate::support::binary::{Binary, Finished};

struct Shell {
    school: School,
    dir: TempDir,
}

impl Shell {
    async fn new() -> Self {
        Self {
            school: School::new().await,
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn binary(&self) -> Binary {
        Binary::on(self.school.test_db(), self.dir.path())
    }

    async fn import(&self, folder: &Path, options: &[&str]) -> Finished {
        let arguments = ["import", "clever", folder.to_str().unwrap(), "--org", "hill"];
        self.binary().run(&[&arguments, options].concat()).await
    }
}

#[tokio::test]
async fn the_exit_code_tells_all_from_some_from_nothing() {
    let shell = Shell::new().await;
    let district = District::small();
    let dry = shell.import(district.path(), &["--dry-run"]).await;
    assert_eq!(dry.status.code(), Some(0), "{dry:?}");
    assert!(dry.stdout.contains("Nothing was changed."), "{dry:?}");

    let all = shell.import(district.path(), &[]).await;
    assert_eq!(all.status.code(), Some(0), "{all:?}");
    assert!(
        all.stderr.is_empty() && all.stdout.contains("Imported into hill."),
        "{all:?}"
    );

    (0..60).for_each(|n| district.append("enrollments.csv", &format!("S,{},A\n", 100 + n)));
    let some = shell.import(district.path(), &[]).await;
    assert_eq!(some.status.code(), Some(2), "{some:?}");
    assert!(
        some.stderr
            .starts_with(r#"enrollments.csv:22: Student_id "100" is not in students.csv"#),
        "{some:?}"
    );
    assert!(
        some.stderr.ends_with("enrollments.csv: 10 more; --json lists all\n"),
        "{some:?}"
    );

    let nothing = shell.import(&district.path().join("nowhere"), &[]).await;
    assert_eq!(nothing.status.code(), Some(1), "{nothing:?}");
    assert!(
        nothing.stdout.is_empty() && nothing.stderr.contains("there is no such folder"),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn json_lists_every_issue() {
    let shell = Shell::new().await;
    let district = District::small();
    (0..60).for_each(|n| district.append("enrollments.csv", &format!("S,{},A\n", 100 + n)));
    let done = shell.import(district.path(), &["--json"]).await;
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    let report: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(report["counts"]["class_teachers"]["inserted"], 3);
    assert_eq!(report["files"]["enrollments.csv"]["wrong"], 60);
    assert_eq!(report["issues"].as_array().unwrap().len(), 60);
    assert_eq!(report["issues"][0]["file"], "enrollments.csv");
    assert_eq!(report["issues"][0]["line"], 22);
    assert_eq!(report["issues"][0]["severity"], "wrong");
}

#[tokio::test]
async fn a_killed_import_leaves_all_or_nothing_and_can_be_repeated() {
    let shell = Shell::new().await;
    let (district, mut cut_off) = (District::sample(), 0);
    for milliseconds in [150, 400, 800] {
        let before = shell.school.all_rows().await;
        let arguments = ["import", "clever", district.path().to_str().unwrap(), "--org", "hill"];
        let process = shell.binary().start(&arguments);
        tokio::time::sleep(std::time::Duration::from_millis(milliseconds)).await;
        process.kill().await;
        let after = shell.school.all_rows().await;
        cut_off += usize::from(after == before);
        assert!(
            after == before || after.len() > 12_000,
            "{} rows, then {}",
            before.len(),
            after.len()
        );
    }
    assert!(cut_off > 0, "no import was cut off");
    let done = shell.import(district.path(), &[]).await;
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(shell.school.lines("enrollment ").await.len(), 8_971);
}
