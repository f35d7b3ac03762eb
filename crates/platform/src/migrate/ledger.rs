//! The bookkeeping: all SQL on `schema_migrations` and `schema_replaceables`, and what their rows mean against a plan.
//!
//! `bootstrap.sql` creates both tables. At most the highest row is in another state than `applied`.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::{Client, GenericClient};

use super::error::{DirtyStep, MigrateError};
use super::plan::{Plan, Replaceable, Step};

/// The schema that holds the bookkeeping tables and everything that the steps create.
pub const SCHEMA: &str = "frontdesk";

/// What a bookkeeping row says about its step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Begun outside a transaction. Unless a runner is at work now, it was interrupted.
    Running,
    /// Done and verified.
    Applied,
    /// Begun outside a transaction, and got an error.
    Failed,
}

/// One row of `schema_migrations`.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub version: u32,
    pub name: String,
    pub checksum: String,
    pub state: State,
    pub finished_at: Option<Timestamp>,
    pub error: Option<String>,
}

/// One row of `schema_replaceables`.
#[derive(Debug, Clone)]
pub(super) struct ReplaceableRow {
    pub checksum: String,
    pub applied_at: Timestamp,
}

/// An index that `create index concurrently` has not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvalidIndex {
    /// Its name, without the schema.
    pub name: String,
    /// The server process that is building it right now, if there is one.
    pub building: Option<i32>,
}

impl fmt::Display for InvalidIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.building {
            Some(pid) => write!(f, "index {SCHEMA}.{} (server process {pid} is building it)", self.name),
            None => write!(f, "index {SCHEMA}.{} is invalid", self.name),
        }
    }
}

/// All rows. Empty, with `exists` false, when there are no bookkeeping tables yet.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub exists: bool,
    pub rows: BTreeMap<u32, Row>,
    pub replaceables: BTreeMap<String, ReplaceableRow>,
}

/// A change of the bookkeeping.
#[derive(Clone, Copy)]
pub(super) enum Entry<'a> {
    /// A step ran within this transaction; it is an error if it has a row.
    Applied(&'a Step),
    /// A step outside a transaction begins; it is an error if it has a row.
    Running(&'a Step),
    /// A dirty step begins again, up or down.
    RunningAgain(&'a Step),
    /// A step that has a row is done.
    Finished(&'a Step),
    /// A step outside a transaction got this error.
    Failed(&'a Step, &'a str),
    /// A step is undone.
    Undone(&'a Step),
    /// A replaceable script was applied.
    Replaced(&'a Replaceable),
    /// A replaceable script's drop statements ran.
    Dropped(&'a str),
}

impl Ledger {
    pub async fn read(client: &Client) -> Result<Self, MigrateError> {
        let failed = || MigrateError::database("reading the bookkeeping tables");
        let regclass = format!(
            "select to_regclass('{SCHEMA}.schema_migrations') is not null
                and to_regclass('{SCHEMA}.schema_replaceables') is not null"
        );
        if !client
            .query_one(&regclass, &[])
            .await
            .map_err(failed())?
            .get::<_, bool>(0)
        {
            return Ok(Self::default());
        }
        let steps = format!(
            "select version::bigint, name, checksum, state, finished_at, error from {SCHEMA}.schema_migrations"
        );
        let replaceables = format!("select name, checksum, applied_at from {SCHEMA}.schema_replaceables");
        let steps = client.query(&steps, &[]).await.map_err(failed())?;
        let replaceables = client.query(&replaceables, &[]).await.map_err(failed())?;
        Ok(Self {
            exists: true,
            rows: steps.iter().map(row).map(|row| (row.version, row)).collect(),
            replaceables: replaceables
                .iter()
                .map(|r| {
                    (
                        r.get(0),
                        ReplaceableRow {
                            checksum: r.get(1),
                            applied_at: r.get(2),
                        },
                    )
                })
                .collect(),
        })
    }

    /// The highest applied version; 0 when nothing is applied.
    pub fn version(&self) -> u32 {
        self.rows
            .values()
            .rev()
            .find(|row| row.state == State::Applied)
            .map_or(0, |row| row.version)
    }

    /// The highest version that has a row, applied or dirty.
    pub fn highest(&self) -> u32 {
        self.rows.last_key_value().map_or(0, |(version, _)| *version)
    }

    pub fn dirty(&self) -> Option<&Row> {
        self.rows.values().find(|row| row.state != State::Applied)
    }

    /// The dirty step as an error, with the unfinished indexes named.
    pub fn dirty_error(row: &Row, invalid_indexes: Vec<InvalidIndex>) -> MigrateError {
        MigrateError::Dirty(Box::new(DirtyStep {
            version: row.version,
            name: row.name.clone(),
            state: row.state,
            error: row.error.clone(),
            invalid_indexes,
        }))
    }

    /// Errors when the database has steps that the plan has not, or rows are missing in between.
    pub fn refuse_unknown(&self, plan: &Plan) -> Result<(), MigrateError> {
        let latest = plan.latest();
        if let Some(row) = self.rows.values().next_back().filter(|row| row.version > latest) {
            return Err(MigrateError::Unknown {
                version: row.version,
                name: row.name.clone(),
                latest,
            });
        }
        let version = self.highest();
        let before = plan
            .steps
            .iter()
            .map(|step| step.version)
            .filter(|step| *step < version);
        match before.into_iter().find(|version| !self.rows.contains_key(version)) {
            Some(missing) => Err(MigrateError::Gap { missing, version }),
            None => Ok(()),
        }
    }

    /// The applied steps whose `up.sql` is no longer what was applied.
    pub fn changed(&self, plan: &Plan) -> Vec<MigrateError> {
        let differs = |step: &&Step| {
            let row = self.rows.get(&step.version).filter(|row| row.state == State::Applied);
            row.is_some_and(|row| row.checksum != step.up.checksum())
        };
        let error = |step: &Step| MigrateError::Changed {
            path: step.up.path.clone(),
            before: step.version - 1,
        };
        plan.steps.iter().filter(differs).map(error).collect()
    }

    /// The replaceable scripts that are to be applied at `version`, in order.
    pub fn outdated<'p>(&self, plan: &'p Plan, version: u32) -> Vec<&'p Replaceable> {
        let is_current = |one: &Replaceable| {
            self.replaceables
                .get(&one.name)
                .is_some_and(|row| row.checksum == one.checksum())
        };
        plan.replaceable
            .iter()
            .filter(|one| one.needs <= version && !is_current(one))
            .collect()
    }
}

fn row(row: &tokio_postgres::Row) -> Row {
    Row {
        version: u32::try_from(row.get::<_, i64>(0)).unwrap_or(u32::MAX),
        name: row.get(1),
        checksum: row.get(2),
        state: match row.get(3) {
            "applied" => State::Applied,
            "running" => State::Running,
            _ => State::Failed,
        },
        finished_at: row.get(4),
        error: row.get(5),
    }
}

/// Writes one entry. An entry that is not as expected (somebody else's write came first) is an error, which ends the
/// transaction it belongs to.
pub(super) async fn write<C: GenericClient>(client: &C, entry: Entry<'_>) -> Result<(), tokio_postgres::Error> {
    let table = format!("{SCHEMA}.schema_migrations");
    match entry {
        Entry::Applied(step) => insert(client, step, "applied").await,
        Entry::Running(step) => insert(client, step, "running").await,
        Entry::RunningAgain(step) => {
            let sql = format!(
                "update {table} set state = 'running', checksum = $2, started_at = clock_timestamp(),
                 finished_at = null, error = null where version = $1::bigint"
            );
            client
                .execute(&sql, &[&i64::from(step.version), &step.up.checksum()])
                .await
        }
        Entry::Finished(step) => {
            let sql = format!(
                "update {table} set state = 'applied', checksum = $2, finished_at = clock_timestamp(), error = null
                 where version = $1::bigint"
            );
            client
                .execute(&sql, &[&i64::from(step.version), &step.up.checksum()])
                .await
        }
        Entry::Failed(step, error) => {
            let sql = format!(
                "update {table} set state = 'failed', finished_at = clock_timestamp(), error = $2
                 where version = $1::bigint"
            );
            client.execute(&sql, &[&i64::from(step.version), &error]).await
        }
        Entry::Undone(step) => {
            let sql = format!("delete from {table} where version = $1::bigint");
            client.execute(&sql, &[&i64::from(step.version)]).await
        }
        Entry::Replaced(one) => {
            let sql = format!(
                "insert into {SCHEMA}.schema_replaceables (name, checksum, applied_at)
                 values ($1, $2, clock_timestamp()) on conflict (name) do update
                 set checksum = excluded.checksum, applied_at = excluded.applied_at"
            );
            client.execute(&sql, &[&one.name, &one.checksum()]).await
        }
        Entry::Dropped(name) => {
            let sql = format!("delete from {SCHEMA}.schema_replaceables where name = $1");
            client.execute(&sql, &[&name]).await
        }
    }
    .map(drop)
}

/// The primary key makes this the fence: of two runners that both believe to have the lock, one gets an error.
async fn insert<C: GenericClient>(client: &C, step: &Step, state: &str) -> Result<u64, tokio_postgres::Error> {
    let sql = format!(
        "insert into {SCHEMA}.schema_migrations (version, name, checksum, state, started_at, finished_at)
         values ($1::bigint::int, $2, $3, $4, transaction_timestamp(),
                 case when $4 = 'applied' then clock_timestamp() end)"
    );
    client
        .execute(
            &sql,
            &[&i64::from(step.version), &step.name, &step.up.checksum(), &state],
        )
        .await
}

/// The unfinished indexes of the schema. Indexes of partitioned tables are left out: they are invalid on purpose until
/// every partition has its own.
pub(super) async fn invalid_indexes(client: &Client) -> Result<Vec<InvalidIndex>, MigrateError> {
    let sql = "
        select c.relname::text, p.pid
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indexrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_stat_progress_create_index p on p.index_relid = c.oid and p.datname = current_database()
        where not i.indisvalid and c.relkind = 'i' and n.nspname = $1
        order by 1";
    let rows = client
        .query(sql, &[&SCHEMA])
        .await
        .map_err(MigrateError::database("looking for invalid indexes"))?;
    Ok(rows
        .iter()
        .map(|row| InvalidIndex {
            name: row.get(0),
            building: row.get(1),
        })
        .collect())
}
