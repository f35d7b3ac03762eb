//! A database per test, and small plans.

use std::time::Duration;

use platform::migrate::{
    Down, DownReport, Event, MigrateError, Migrator, Options, Plan, Preview, Status, Up, UpReport, VerifyReport,
};
use tokio_postgres::Client;
use tokio_postgres::config::{Config, Host};

const BOOTSTRAP: &str = "
create schema if not exists frontdesk;
create table if not exists frontdesk.schema_migrations (
  version int primary key, name text not null, checksum text not null,
  state text not null check (state in ('running', 'applied', 'failed')),
  started_at timestamptz not null, finished_at timestamptz, error text);
create table if not exists frontdesk.schema_replaceables (
  name text primary key, checksum text not null, applied_at timestamptz not null);";

/// A database of one test; it goes with the value.
pub struct Database {
    pub url: String,
    name: String,
    admin: String,
}

fn admin_url() -> String {
    std::env::var("FRONTDESK_TEST_DATABASE_URL").expect(
        "FRONTDESK_TEST_DATABASE_URL is not set. These tests need a PostgreSQL: run \
         `cargo run -p frontdesk-devdb -- with -- cargo test -p frontdesk-platform --test migrate`",
    )
}

/// The connection string for another database or user of the same server.
fn url_for(base: &str, database: &str, user: Option<&str>) -> String {
    let config: Config = base.parse().expect("FRONTDESK_TEST_DATABASE_URL is a PostgreSQL URL");
    let host = match &config.get_hosts()[0] {
        Host::Tcp(host) => host.clone(),
        Host::Unix(path) => path.display().to_string(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = user.or(config.get_user()).unwrap_or("postgres");
    let password = config.get_password().map_or("unused".into(), String::from_utf8_lossy);
    format!("host='{host}' port={port} user='{user}' password='{password}' dbname='{database}'")
}

impl Database {
    pub async fn create() -> Self {
        let admin = admin_url();
        let name = format!("migrate_{}", uuid::Uuid::from_u128(rand::random()).simple());
        let client = platform::db::connect(&admin).await.unwrap();
        client.batch_execute(&format!("create database {name}")).await.unwrap();
        Self {
            url: url_for(&admin, &name, None),
            name,
            admin,
        }
    }

    /// The same database for a role that owns it and is no superuser, as on a hosted PostgreSQL.
    /// The role may create roles, has the database's name, and goes with the database.
    pub async fn owned_by_ordinary_role(mut self) -> Self {
        let (client, name) = (platform::db::connect(&self.admin).await.unwrap(), &self.name);
        let sql =
            format!("create role {name} login createrole password 'secret'; alter database {name} owner to {name}");
        client.batch_execute(&sql).await.unwrap();
        self.url = url_for(&self.admin, name, Some(name)).replace("password='unused'", "password='secret'");
        self
    }

    pub async fn client(&self) -> Client {
        platform::db::connect(&self.url).await.unwrap()
    }

    pub async fn superuser(&self) -> Client {
        platform::db::connect(&url_for(&self.admin, &self.name, None))
            .await
            .unwrap()
    }

    /// One value as text.
    pub async fn ask(&self, sql: &str) -> Option<String> {
        let rows = self.client().await.simple_query(sql).await.unwrap();
        rows.iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
    }

    pub async fn run(&self, sql: &str) {
        self.client().await.batch_execute(sql).await.unwrap();
    }

    /// Names of everything in the schema but the bookkeeping.
    pub async fn objects(&self) -> String {
        let sql = "
            select coalesce(string_agg(name, ' ' order by name), '') from (
              select relname::text as name from pg_class where relnamespace = to_regnamespace('frontdesk')
              union all
              select proname || '()' from pg_proc where pronamespace = to_regnamespace('frontdesk')) all_of_them
            where name !~ '^schema_(migrations|replaceables)'";
        self.ask(sql).await.unwrap_or_default()
    }

    pub fn migrator(&self, plan: &Plan) -> Runner {
        let options = Options {
            backoff: Duration::from_millis(20),
            ..Options::default()
        };
        Runner(Migrator::new(&self.url, plan.clone()).with_options(options))
    }

    pub fn migrator_with(&self, plan: &Plan, options: Options) -> Runner {
        Runner(Migrator::new(&self.url, plan.clone()).with_options(options))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let drop_all = async move {
            let client = platform::db::connect(&admin).await?;
            client
                .batch_execute(&format!("drop database if exists {name} with (force)"))
                .await?;
            client.batch_execute(&format!("drop role if exists {name}")).await?;
            Ok::<_, platform::db::DbError>(())
        };
        let thread = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(drop_all)
        });
        // A database that stays behind goes with the throw-away server.
        drop(thread.join());
    }
}

/// The runner without the progress argument.
pub struct Runner(pub Migrator);

impl Runner {
    pub async fn up(&self) -> Result<UpReport, MigrateError> {
        self.0.up(Up::default(), &mut |_| {}).await
    }

    pub async fn up_to(&self, target: u32) -> Result<UpReport, MigrateError> {
        self.0
            .up(
                Up {
                    target: Some(target),
                    retry: None,
                },
                &mut |_| {},
            )
            .await
    }

    pub async fn retry(&self, version: u32) -> (Result<UpReport, MigrateError>, Vec<Event>) {
        let mut events = Vec::new();
        let result = self
            .0
            .up(
                Up {
                    target: None,
                    retry: Some(version),
                },
                &mut |event| events.push(event),
            )
            .await;
        (result, events)
    }

    pub async fn down(&self, target: u32) -> Result<DownReport, MigrateError> {
        self.0.down(Down { target, purge: false }, &mut |_| {}).await
    }

    pub async fn purge(&self) -> Result<DownReport, MigrateError> {
        self.0.down(Down { target: 0, purge: true }, &mut |_| {}).await
    }

    pub async fn verify(&self) -> VerifyReport {
        self.0.verify(&mut |_| {}).await.unwrap()
    }

    pub async fn status(&self) -> Status {
        self.0.status().await.unwrap()
    }

    pub async fn preview(&self, target: Option<u32>) -> Preview {
        self.0.plan(target).await.unwrap()
    }
}

/// Starts `up` as a process of its own would, and ends it as kill -9 does when `moment` has come: its connections are
/// closed without a word.
pub async fn kill_up(runner: &Runner, moment: impl Future<Output = ()>) {
    let process = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let migrator = runner.0.clone();
    let up = process.spawn(async move { migrator.up(Up::default(), &mut |_| {}).await });
    moment.await;
    assert!(!up.is_finished(), "{:?}", up.await);
    process.shutdown_background();
}

/// Files of a plan, to be changed by a test.
#[derive(Clone)]
pub struct Files(Vec<(String, String)>);

impl Files {
    pub fn new() -> Self {
        Self(vec![("bootstrap.sql".to_owned(), BOOTSTRAP.to_owned())])
    }

    /// Tables `frontdesk.one`, `two` … each made by a step of its own.
    pub fn with_tables(names: &[&str]) -> Self {
        names.iter().zip(1..).fold(Self::new(), |files, (name, number)| {
            files.step(
                &format!("{number:04}_create_{name}"),
                &format!("create table frontdesk.{name} (id int);\n"),
                &format!("drop table frontdesk.{name};\n"),
                &format!("select to_regclass('frontdesk.{name}') is not null;\n"),
            )
        })
    }

    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.0.retain(|(known, _)| known != path);
        self.0.push((path.to_owned(), text.to_owned()));
        self
    }

    pub fn without(mut self, path: &str) -> Self {
        self.0.retain(|(known, _)| known != path);
        self
    }

    pub fn step(self, folder: &str, up: &str, down: &str, verify: &str) -> Self {
        self.file(&format!("{folder}/up.sql"), up)
            .file(&format!("{folder}/down.sql"), down)
            .file(&format!("{folder}/verify.sql"), verify)
    }

    pub fn parse(&self) -> Result<Plan, MigrateError> {
        Plan::from_files(self.0.iter().map(|(path, text)| (path, text)))
    }

    pub fn plan(&self) -> Plan {
        self.parse().unwrap()
    }
}
