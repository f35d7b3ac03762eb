//! What `pg_dump` writes of a database, for comparing before with after: schema, privileges, and every row.

use std::process::Command;

/// The tests' PostgreSQL, of the version under test.
pub fn binaries() -> devdb::Binaries {
    let version = std::env::var("FRONTDESK_TEST_PG_VERSION").expect("the major version, from `devdb with`");
    let major = version.split('.').next().and_then(|major| major.parse().ok());
    devdb::Binaries::find(Some(major.expect("a number"))).expect("the programs")
}

/// The database as text, without the two lines that differ in each run. `arguments` narrow it down.
pub fn dump(url: &str, arguments: &[&str]) -> String {
    let output = Command::new(binaries().program("pg_dump"))
        .args(arguments)
        .args(["--dbname", url])
        .output()
        .expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let kept = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    kept.collect::<Vec<_>>().join("\n")
}

/// Fails with the lines that only one of the two dumps has, or has elsewhere.
pub fn assert_same(before: &str, after: &str, what: &str) {
    let only = |a: &str, b: &str| {
        let lines: std::collections::BTreeSet<_> = b.lines().collect();
        let gone = a.lines().filter(|line| !lines.contains(line)).map(ToOwned::to_owned);
        gone.take(40).collect::<Vec<_>>().join("\n")
    };
    let moved = before
        .lines()
        .zip(after.lines())
        .find(|(before, after)| before != after);
    assert!(
        before == after,
        "{what}\n--- only before:\n{}\n--- only after:\n{}\n--- first difference: {moved:?}",
        only(before, after),
        only(after, before)
    );
}
