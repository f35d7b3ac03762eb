//! What is refused before a database is asked.

use platform::migrate::{Severity, check};

use crate::support::Files;

fn refusal(files: &Files) -> String {
    files.parse().unwrap_err().to_string()
}

#[test]
fn a_gap_in_the_numbers_names_the_missing_one() {
    let files = Files::with_tables(&["one"]).step("0003_create_three", "select 1", "select 1", "select 1");
    assert_eq!(
        refusal(&files),
        "migrations: 0003_create_three follows a gap: there is no step 0002"
    );
}

#[test]
fn a_group_of_ten_may_begin_before_the_last_is_full() {
    let files = Files::with_tables(&["one"]).step("0010_create_ten", "select 1", "select 1", "select 1");
    assert_eq!(files.plan().latest(), 10);
    let files = files.step("0012_create_twelve", "select 1", "select 1", "select 1");
    assert!(refusal(&files).contains("there is no step 0011"), "{}", refusal(&files));
}

#[test]
fn two_steps_with_one_number_are_refused() {
    let files = Files::with_tables(&["one"]).step("0001_create_other", "select 1", "select 1", "select 1");
    assert!(
        refusal(&files).contains("0001_create_other/up.sql has the number of 0001_create_one"),
        "{}",
        refusal(&files)
    );
}

#[test]
fn a_missing_file_is_named() {
    for file in ["up.sql", "down.sql", "verify.sql"] {
        let path = format!("0002_create_two/{file}");
        let files = Files::with_tables(&["one", "two"]).without(&path);
        assert_eq!(refusal(&files), format!("migrations: {path} is missing"));
    }
    assert_eq!(
        refusal(&Files::new().without("bootstrap.sql")),
        "migrations: bootstrap.sql is missing"
    );
}

#[test]
fn paths_that_do_not_belong_are_refused_and_documents_passed_over() {
    let good = Files::with_tables(&["one"])
        .file("README.md", "words")
        .file("schema.sql", "a dump");
    assert_eq!(good.plan().latest(), 1);
    for path in [
        "0002-create-two/up.sql",
        "2_create_two/up.sql",
        "0002_Create_two/up.sql",
        "0002_two/up.sql",
        "notes.sql",
        "0001_create_one/redo.sql",
    ] {
        let message = refusal(&good.clone().file(path, "select 1"));
        assert!(message.contains(path), "{message}");
    }
}

#[test]
fn a_replaceable_script_must_say_what_it_needs() {
    let files = Files::with_tables(&["one"]);
    let message = refusal(&files.clone().file("replaceable/10_views.sql", "select 1"));
    assert!(
        message.starts_with("migrations: replaceable/10_views.sql must begin with a line `-- needs: NNNN`"),
        "{message}"
    );
    let message = refusal(
        &files
            .clone()
            .file("replaceable/10_views.sql", "-- needs: 0002\nselect 1"),
    );
    assert!(
        message.contains("needs step 0002, but the last step is 0001"),
        "{message}"
    );
    let message = refusal(
        &files
            .file("replaceable/10_a.sql", "-- needs: 1\nselect 1")
            .file("replaceable/10_b.sql", "-- needs: 1\nselect 1"),
    );
    assert!(message.contains("has the number of"), "{message}");
}

#[test]
fn the_check_names_file_line_and_remedy() {
    let files = Files::with_tables(&["one"])
        .step("0002_empty_files", "-- nothing\n", "select 1;", "/* nothing */")
        .step(
            "0003_commit_early",
            "create table frontdesk.x ();\n\ncommit;",
            "select 1",
            "select 1",
        )
        .step(
            "0004_mix_index",
            "select 1;\ncreate unique index concurrently x on frontdesk.one (id);",
            "select 1",
            "select 1",
        )
        .step(
            "0005_two_outside",
            "-- no-transaction\nselect 1;\nselect 2;",
            "select 1",
            "select 1",
        )
        .step(
            "0006_index_outside",
            "-- no-transaction\ncreate index concurrently x on frontdesk.one (id)",
            "select 1",
            "-- until: 0002\nselect 1",
        )
        .file(
            "replaceable/10_f.sql",
            "-- needs: 0001\n\ncreate or replace function frontdesk.f() returns int begin atomic select 1; end;",
        );
    let report = check(&files.plan());
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|f| (f.severity, format!("{}:{}", f.path, f.line)))
        .collect();
    let (error, warning) = (Severity::Error, Severity::Warning);
    let expected = [
        (error, "0002_empty_files/up.sql:1"),
        (error, "0002_empty_files/verify.sql:1"),
        (error, "0003_commit_early/up.sql:3"),
        (error, "0004_mix_index/up.sql:2"),
        (error, "0005_two_outside/up.sql:3"),
        (warning, "0006_index_outside/up.sql:2"),
        (error, "0006_index_outside/verify.sql:1"),
        (warning, "replaceable/10_f.sql:3"),
    ];
    assert_eq!(
        found,
        expected.map(|(severity, place)| (severity, place.to_owned())),
        "{report}"
    );
    assert!(!report.is_sound());
    assert!(
        report.to_string().ends_with("7 scripts, 6 errors, 2 warnings"),
        "{report}"
    );
}

#[test]
fn transaction_words_inside_a_body_are_no_transaction_control() {
    let block = "do $$ begin perform 1; end $$;\ncreate index one_id on frontdesk.one (id);";
    let files = Files::with_tables(&["one"]).step("0002_run_block", block, "drop index frontdesk.one_id", "select 1");
    assert_eq!(check(&files.plan()).findings, []);
}
