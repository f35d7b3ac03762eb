//! The migrations: they are sound, they come back as they went, and they make the schema that `migrations/schema.sql` shows.

use std::{path::Path, process::Command};

use frontdesk::migrations;
use platform::migrate::{Down, Migrator, Up, check};

use crate::support::database::{create_empty, superuser, unique_name, url};

fn migrator(owner_url: &str) -> Migrator {
    Migrator::new(owner_url, migrations::plan().unwrap())
}

/// The schema as `pg_dump` writes it, without what differs between versions and runs.
fn dump(database: &str) -> String {
    let major = std::env::var("FRONTDESK_TEST_PG_VERSION").expect("the major version, from `devdb with`");
    let major: u32 = major.split('.').next().unwrap().parse().unwrap();
    let pg_dump = devdb::Binaries::find(Some(major)).unwrap().program("pg_dump");
    let output = Command::new(pg_dump)
        .args([
            "--schema-only",
            "--schema=frontdesk",
            "--no-owner",
            "--dbname",
            &url("postgres", database),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let noise = |line: &&str| {
        !line.starts_with("-- Dumped")
            && !line.starts_with("\\restrict")
            && !line.starts_with("\\unrestrict")
            && !line.starts_with("SET ")
    };
    let mut kept = text.lines().filter(noise).collect::<Vec<_>>().join("\n");
    while kept.contains("\n\n\n") {
        kept = kept.replace("\n\n\n", "\n\n");
    }
    kept.trim().to_owned() + "\n"
}

#[test]
fn the_migration_files_are_sound() {
    let report = check(&migrations::plan().unwrap());
    assert!(report.is_sound(), "{report}");
}

#[tokio::test]
async fn up_then_down_then_up_gives_the_identical_schema_and_down_leaves_nothing() {
    let name = unique_name("updown");
    let migrator = migrator(&create_empty(&name).await);
    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    assert!(migrator.status().await.unwrap().is_current());
    assert!(migrator.verify(&mut |_| {}).await.unwrap().is_good());
    let first = dump(&name);

    migrator
        .down(
            Down {
                target: 0,
                purge: false,
            },
            &mut |_| {},
        )
        .await
        .unwrap();
    let left: Vec<String> = superuser(&name)
        .await
        .query(
            "select relname::text from pg_class where relnamespace = 'frontdesk'::regnamespace and relkind in ('r', 'v', 'p')
             union select proname::text from pg_proc where pronamespace = 'frontdesk'::regnamespace order by 1",
            &[],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(left, ["schema_migrations", "schema_replaceables"]);

    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    assert_eq!(dump(&name), first, "up → down → up changed the schema");

    // Half way down and up again, too: replaceables that need a later step go with it.
    for target in migrations::plan()
        .unwrap()
        .steps
        .iter()
        .map(|step| step.version - 1)
        .rev()
    {
        if target == 0 {
            break;
        }
        migrator.down(Down { target, purge: false }, &mut |_| {}).await.unwrap();
    }
    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    assert_eq!(dump(&name), first, "stepwise down and up changed the schema");

    migrator
        .down(Down { target: 0, purge: true }, &mut |_| {})
        .await
        .unwrap();
    let schemas: i64 = superuser(&name)
        .await
        .query_one("select count(*) from pg_namespace where nspname = 'frontdesk'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(schemas, 0);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let name = unique_name("twice");
    let migrator = migrator(&create_empty(&name).await);
    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    let first = dump(&name);
    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    assert_eq!(dump(&name), first);
}

/// `migrations/schema.sql` is what PostgreSQL 15's pg_dump writes. To write it anew: `UPDATE_GOLDEN=1 make test`.
#[tokio::test]
async fn the_golden_schema_is_what_the_migrations_make() {
    if !std::env::var("FRONTDESK_TEST_PG_VERSION")
        .unwrap_or_default()
        .starts_with("15")
    {
        return; // other versions' pg_dump writes the same schema in other words
    }
    let name = unique_name("golden");
    migrator(&create_empty(&name).await)
        .up(Up::default(), &mut |_| {})
        .await
        .unwrap();
    let schema = dump(&name);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/schema.sql");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == schema,
        "migrations/schema.sql is not what the migrations make: UPDATE_GOLDEN=1 make test writes it anew"
    );
}

/// The same for `openapi.json`.
#[test]
fn the_checked_in_openapi_document_is_what_the_code_says() {
    let document = frontdesk::router::openapi_pretty();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == document,
        "openapi.json is not what the code says: `frontdesk openapi > openapi.json`"
    );
    assert!(document.contains("\"openapi\": \"3.1.0\""));
}
