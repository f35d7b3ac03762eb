//! A fresh, migrated database for each test, cloned from a template that is made once.

use frontdesk::migrations;
use platform::{
    db::{self, Db, DbOptions},
    migrate::{Migrator, Up},
};
use tokio::sync::OnceCell;
use tokio_postgres::Client;

/// A database of the test's own. It goes with the throw-away cluster.
pub struct TestDb {
    /// Its name.
    pub name: String,
    /// The pools, as the server has them.
    pub db: Db,
    superuser_url: String,
}

/// The superuser's URL that `devdb with` gives.
pub fn server_url() -> String {
    std::env::var("FRONTDESK_TEST_DATABASE_URL").expect(
        "these tests need a PostgreSQL: run `make test`, or `cargo run -p frontdesk-devdb -- with --version 15 -- cargo test …`",
    )
}

/// The same server's URL for another user and database.
pub fn url(user: &str, database: &str) -> String {
    let server = server_url();
    let (scheme, rest) = server.split_once("://").expect("a URL");
    let query = rest
        .split_once('?')
        .map(|(_, query)| query)
        .expect("a socket directory in the URL's query");
    format!("{scheme}://{user}@/{database}?{query}")
}

/// A connection as the superuser, who sees everything: for looking at what the server did, never for serving.
pub async fn superuser(database: &str) -> Client {
    db::connect(&url("postgres", database))
        .await
        .expect("the superuser connects")
}

/// Makes an empty database that belongs to an ordinary owner, as on a hosted server.
pub async fn create_empty(name: &str) -> String {
    let client = superuser("postgres").await;
    client
        .batch_execute(
            "do $$ begin create role frontdesk_owner login createrole;
             exception when duplicate_object or unique_violation then null; end $$",
        )
        .await
        .expect("the owner's role");
    client
        .batch_execute(&format!("create database {name} owner frontdesk_owner"))
        .await
        .expect("a database");
    url("frontdesk_owner", name)
}

/// A name that no other test has.
pub fn unique_name(prefix: &str) -> String {
    format!("{prefix}_{}", platform::ids::new_id().simple())
}

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

async fn template() -> &'static str {
    TEMPLATE
        .get_or_init(|| async {
            let name = unique_name("template");
            let owner_url = create_empty(&name).await;
            let migrator = Migrator::new(owner_url, migrations::plan().expect("the plan"));
            migrator
                .up(Up::default(), &mut |_| {})
                .await
                .expect("the migrations apply");
            name
        })
        .await
}

impl TestDb {
    /// A fresh migrated database.
    pub async fn new() -> Self {
        let template = template().await;
        let name = unique_name("test");
        let client = superuser("postgres").await;
        client
            .batch_execute(&format!(
                "create database {name} template {template} owner frontdesk_owner strategy file_copy"
            ))
            .await
            .expect("a clone of the template");
        Self::open(name)
    }

    fn open(name: String) -> Self {
        let options = DbOptions {
            api_url: url("frontdesk_api", &name),
            worker_url: url("frontdesk_worker", &name),
            pool_size: 8,
        };
        Self {
            db: Db::new(&options).expect("the URLs are right"),
            superuser_url: url("postgres", &name),
            name,
        }
    }

    /// The superuser's view.
    pub async fn superuser(&self) -> Client {
        db::connect(&self.superuser_url).await.expect("the superuser connects")
    }

    /// The one value of a query, as the superuser.
    pub async fn value<T>(&self, sql: &str) -> T
    where
        T: for<'a> tokio_postgres::types::FromSql<'a>,
    {
        self.superuser().await.query_one(sql, &[]).await.expect(sql).get(0)
    }

    /// Runs SQL as the superuser.
    pub async fn run(&self, sql: &str) {
        self.superuser().await.batch_execute(sql).await.expect(sql);
    }
}
