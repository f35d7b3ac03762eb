//! Rolling back restores what was there, schema and data: compared by full dumps. Running again changes nothing. What a
//! step needs and does not find is named, with what to do.

pub mod fill;
mod needs;

use frontdesk::migrations;
use platform::{
    db::{Db, DbOptions},
    migrate::{Down, Migrator, Up},
};
use tokio_postgres::Client;

use crate::support::{
    database::{create_empty, superuser, unique_name, url},
    dump::{assert_same, dump},
    people,
};

/// Applied again on the way, so their times change.
const WITHOUT_TIMES: &str = "--exclude-table-data=frontdesk.schema_replaceables";

/// An application's own database: tables with rows, an identity column, an enum, a view, a trigger, row security, a role's
/// privileges, and a schema of its own.
const APPLICATION: &str = include_str!("rollback/application.sql");

pub struct Database {
    pub name: String,
    pub migrator: Migrator,
    pub superuser: Client,
}

impl Database {
    pub async fn empty(prefix: &str) -> Self {
        let name = unique_name(prefix);
        let owner = create_empty(&name).await;
        Self {
            migrator: Migrator::new(owner, migrations::plan().unwrap()),
            superuser: superuser(&name).await,
            name,
        }
    }

    pub async fn up(&self, target: u32) {
        let up = Up {
            target: Some(target),
            ..Up::default()
        };
        self.migrator.up(up, &mut |_| {}).await.unwrap();
    }

    pub async fn down(&self, target: u32, purge: bool) {
        self.migrator.down(Down { target, purge }, &mut |_| {}).await.unwrap();
    }

    pub fn dump(&self, arguments: &[&str]) -> String {
        dump(&url("postgres", &self.name), arguments)
    }
}

pub fn latest() -> u32 {
    migrations::plan().unwrap().latest()
}

#[tokio::test]
async fn an_application_beside_us_is_byte_for_byte_what_it_was_after_up_use_and_purge() {
    let db = Database::empty("beside").await;
    db.superuser.batch_execute(APPLICATION).await.unwrap();
    let before = db.dump(&[]);

    db.migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    assert_same(
        &before,
        &db.dump(&["--exclude-schema=frontdesk"]),
        "up changed something of the application's",
    );
    use_it(&db).await;
    assert_same(
        &before,
        &db.dump(&["--exclude-schema=frontdesk"]),
        "use changed something of the application's",
    );
    db.down(0, true).await;
    assert_same(&before, &db.dump(&[]), "up and down did not restore the database");

    // And a second time: nothing in the cluster (the roles stay) stands in the way.
    db.migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    db.down(0, true).await;
    assert_same(&before, &db.dump(&[]), "the second time did not restore the database");
}

/// A day at the front desk, through the functions and grants that requests have.
async fn use_it(db: &Database) {
    fill::fill_step(&db.superuser, 1).await;
    fill::fill_step(&db.superuser, 2).await;
    let options = DbOptions {
        api_url: url("frontdesk_api", &db.name),
        worker_url: url("frontdesk_worker", &db.name),
        pool_size: 2,
    };
    let pools = Db::new(&options).unwrap();
    let tx = pools
        .tenant(&people::caller(fill::ASH.parse().unwrap(), fill::ADA.parse().unwrap()))
        .await
        .unwrap();
    tx.batch_execute(
        "insert into frontdesk.notifications (org_id, id, title, content, channels, audience, sender_id)
         values (frontdesk.org_id(), frontdesk.uuid_v7(), 'Hi', '', '{in_app}', '{\"all\": true}', frontdesk.user_id());
         select frontdesk.start_session(frontdesk.uuid_v7(), sha256('a'), '1 hour');
         select frontdesk.terminate_user_sessions(frontdesk.user_id(), 'manual');
         update frontdesk.profiles set name = 'Ada the First' where id = frontdesk.user_id()",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let tx = pools.system("test").await.unwrap();
    tx.batch_execute(
        "insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, reasons)
         select n.org_id, n.id, m.user_id, m.role, m.reasons
         from frontdesk.notifications n, frontdesk.audience_members(n.org_id, n.audience) m",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    pools.close();
}

#[tokio::test]
async fn every_step_up_and_down_again_leaves_the_rows_of_the_others_as_they_were() {
    let db = Database::empty("stepwise").await;
    db.up(1).await;
    fill::fill_step(&db.superuser, 1).await;
    let versions: Vec<u32> = migrations::plan()
        .unwrap()
        .steps
        .iter()
        .map(|step| step.version)
        .collect();
    for pair in versions.windows(2) {
        let [version, next] = [pair[0], pair[1]];
        let before = db.dump(&[WITHOUT_TIMES]);
        db.up(next).await;
        fill::fill_step(&db.superuser, next).await;
        let filled = fill::empty_tables(&db.superuser).await;
        assert!(
            filled.is_empty(),
            "give tests/it/rollback/fill/{:04}.sql rows for {filled:?}",
            next
        );
        db.down(version, false).await;
        assert_same(
            &before,
            &db.dump(&[WITHOUT_TIMES]),
            &format!("{:04} up and down changed what {version:04} had", next),
        );
        db.up(next).await;
        fill::fill_step(&db.superuser, next).await;
    }
    // All the way down in one go, with every table full.
    db.down(1, false).await;
    let kept: i64 = db
        .superuser
        .query_one("select count(*) from frontdesk.organizations", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 2);
    db.down(0, true).await;
}

#[tokio::test]
async fn bootstrap_and_all_replaceable_scripts_a_second_and_third_time_change_nothing() {
    let db = Database::empty("again").await;
    fill::up_and_fill(&db.migrator, &db.superuser).await;
    let before = db.dump(&[WITHOUT_TIMES]);
    let scripts = migrations::plan().unwrap().replaceable.len();
    for _ in 0..2 {
        db.superuser
            .batch_execute("delete from frontdesk.schema_replaceables")
            .await
            .unwrap();
        let report = db.migrator.up(Up::default(), &mut |_| {}).await.unwrap();
        assert_eq!((report.applied.len(), report.replaced.len()), (0, scripts));
        assert_same(
            &before,
            &db.dump(&[WITHOUT_TIMES]),
            "running everything again changed something",
        );
    }
    assert!(db.migrator.verify(&mut |_| {}).await.unwrap().is_good());
}
