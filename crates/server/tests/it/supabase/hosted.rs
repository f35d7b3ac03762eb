//! The emulated project: a private cluster whose superuser is `supabase_admin` and whose `postgres` is an ordinary role.
//! Roles belong to a whole cluster, so the one that the other tests share will not do.

use std::{fs, os::unix::fs::PermissionsExt as _};

use devdb::{Cluster, Options};
use frontdesk::migrations;
use platform::{
    db::{self, Db, DbOptions},
    migrate::{Down, Migrator},
};
use serde_json::Value;
use tokio_postgres::{Client, Row};

use crate::{
    rollback::fill::ASH,
    support::dump::{binaries, dump},
};

pub struct Hosted {
    // Before the folder, so that the server stops first.
    cluster: Cluster,
    _dir: tempfile::TempDir,
}

impl Hosted {
    /// Starts the cluster and makes the project's roles.
    pub async fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("frontdesk-").tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let mut options = Options::throw_away();
        options.settings.push(("wal_level".into(), "logical".into()));
        options.settings.push(("max_connections".into(), "50".into()));
        let cluster = Cluster::start(&dir.path().join("cluster"), &binaries(), options)
            .await
            .unwrap();
        let hosted = Self { cluster, _dir: dir };
        // Nobody can rename the role that they are.
        let helper = "create role helper superuser login";
        hosted
            .connect("postgres", "postgres")
            .await
            .batch_execute(helper)
            .await
            .unwrap();
        let rename = "alter role postgres rename to supabase_admin";
        hosted
            .connect("helper", "postgres")
            .await
            .batch_execute(rename)
            .await
            .unwrap();
        let admin = hosted.connect("supabase_admin", "postgres").await;
        admin.batch_execute("drop role helper").await.unwrap();
        admin.batch_execute(include_str!("roles.sql")).await.unwrap();
        hosted
    }

    pub fn major(&self) -> u32 {
        self.cluster.version().major
    }

    async fn connect(&self, user: &str, database: &str) -> Client {
        db::connect(&self.cluster.url(database, user)).await.unwrap()
    }

    /// A database as the project comes, with some default privileges.
    pub async fn database(&self, name: &str, grants: &str) -> Database<'_> {
        let admin = self.connect("supabase_admin", "postgres").await;
        admin.batch_execute(&format!("create database {name}")).await.unwrap();
        let admin = self.connect("supabase_admin", name).await;
        admin.batch_execute(include_str!("database.sql")).await.unwrap();
        admin.batch_execute(grants).await.unwrap();
        Database {
            hosted: self,
            name: name.to_owned(),
        }
    }
}

pub struct Database<'a> {
    hosted: &'a Hosted,
    name: String,
}

impl Database<'_> {
    pub fn url(&self, user: &str) -> String {
        self.hosted.cluster.url(&self.name, user)
    }

    pub async fn connect(&self, user: &str) -> Client {
        self.hosted.connect(user, &self.name).await
    }

    /// The runner as the project's owner, who is no superuser.
    pub fn migrator(&self) -> Migrator {
        Migrator::new(self.url("postgres"), migrations::plan().unwrap())
    }

    pub async fn purge(&self) {
        self.migrator()
            .down(Down { target: 0, purge: true }, &mut |_| {})
            .await
            .unwrap();
    }

    pub fn pools(&self) -> Db {
        let options = DbOptions {
            api_url: self.url("frontdesk_api"),
            worker_url: self.url("frontdesk_worker"),
            pool_size: 2,
        };
        Db::new(&options).unwrap()
    }

    /// All of it, as the superuser sees it.
    pub fn dump(&self, arguments: &[&str]) -> String {
        dump(&self.url("supabase_admin"), arguments)
    }

    /// The tables with an organization that a role may read some column of.
    pub async fn tables(&self, role: &str) -> Vec<String> {
        let sql =
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id'
                   where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p', 'v')
                     and has_column_privilege($1::text::name, c.oid, a.attnum, 'select') order by 1";
        let rows = self.connect("supabase_admin").await.query(sql, &[&role]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// How many rows of organization ash, and of all others, a request sees.
    pub async fn seen(&self, role: &str, claims: &Value, table: &str) -> Result<(i64, i64), tokio_postgres::Error> {
        let sql = format!(
            "select count(*) filter (where org_id = '{ASH}'), count(*) filter (where org_id <> '{ASH}') from frontdesk.{table}"
        );
        let row = self.ask(role, claims, &sql).await?;
        Ok((row.get(0), row.get(1)))
    }

    /// One request of PostgREST's, with our pre-request function.
    pub async fn ask(&self, role: &str, claims: &Value, sql: &str) -> Result<Row, tokio_postgres::Error> {
        self.ask_through("frontdesk.pre_request", role, claims, sql).await
    }

    /// The same with another pre-request function.
    pub async fn ask_through(
        &self,
        function: &str,
        role: &str,
        claims: &Value,
        sql: &str,
    ) -> Result<Row, tokio_postgres::Error> {
        let mut client = self.connect("authenticator").await;
        let tx = client.build_transaction().read_only(true).start().await?;
        let context = "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)";
        tx.query(context, &[&role, &claims.to_string()]).await?;
        tx.batch_execute(&format!("select {function}()")).await?;
        tx.query_one(sql, &[]).await
    }
}
