//! Rows for every table of the schema, in two organizations alike: `NNNN.sql` fills what the step NNNN has made.

use std::path::Path;

use frontdesk::migrations;
use platform::migrate::{Migrator, Up};
use tokio_postgres::Client;

/// The organization `ash`.
pub const ASH: &str = "a0000000-0000-4000-8000-00000000000a";
/// The organization `birch`, with the same people in it.
pub const BIRCH: &str = "b0000000-0000-4000-8000-00000000000b";
/// The admin of both.
pub const ADA: &str = "10000000-0000-4000-8000-000000000001";
/// The parent of both.
pub const PAT: &str = "10000000-0000-4000-8000-000000000002";
/// The provider's session that Ada's session in both is bound to.
pub const ADAS_SESSION: &str = "60000000-0000-4000-8000-000000000001";

/// Fills what one step has made. A step that makes no table needs no file.
pub async fn fill_step(superuser: &Client, version: u32) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/rollback/fill/{version:04}.sql"));
    if let Ok(sql) = std::fs::read_to_string(&path) {
        superuser
            .batch_execute(&sql)
            .await
            .unwrap_or_else(|error| panic!("{version:04}.sql: {error:?}"));
    }
}

/// Migrates step by step and fills each step's tables before the next comes: the data was there first.
pub async fn up_and_fill(migrator: &Migrator, superuser: &Client) {
    for step in &migrations::plan().expect("the plan").steps {
        let version = step.version;
        let up = Up {
            target: Some(version),
            ..Up::default()
        };
        migrator
            .up(up, &mut |_| {})
            .await
            .unwrap_or_else(|error| panic!("{version:04}: {error}"));
        fill_step(superuser, version).await;
    }
}

/// The tables that have fewer than two rows: their step's file is missing here. (The bookkeeping fills itself.)
pub async fn empty_tables(superuser: &Client) -> Vec<String> {
    let sql = "select c.relname::text from pg_class c
               where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1";
    let mut empty = Vec::new();
    for row in superuser.query(sql, &[]).await.expect("the catalog") {
        let table: String = row.get(0);
        let count = format!("select count(*) from frontdesk.{table}");
        if superuser
            .query_one(&count, &[])
            .await
            .expect("a count")
            .get::<_, i64>(0)
            < 2
        {
            empty.push(table);
        }
    }
    empty
}
