//! The working connection: runs scripts whole, inside or outside a transaction, and locates their errors.
//!
//! Every transaction begins with the same settings, whatever a script before it has set:
//! - `search_path` is `pg_catalog, pg_temp`: a name without its schema is an error, never an object in a wrong place;
//! - `row_security` is off in the up and down scripts of steps: a statement that row security would silently filter is an
//!   error instead. Definitions and verify scripts have it on;
//! - no statement time-out, but a lock time-out.

use futures_util::TryStreamExt;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::Options;
use super::error::{MigrateError, ScriptFailure};
use super::event::{Event, Progress};
use super::ledger::{self, Entry};
use super::script::Script;
use crate::db;

/// Opens a connection that says in `pg_stat_activity` what it is.
pub(super) async fn connect(url: &str, command: &str) -> Result<Client, MigrateError> {
    let client = db::connect(url).await.map_err(MigrateError::Connect)?;
    client
        .batch_execute(&settings(command))
        .await
        .map_err(MigrateError::database("setting up the connection"))?;
    Ok(client)
}

fn settings(command: &str) -> String {
    let process = std::process::id();
    format!(
        "set application_name = 'migrate {command}, process {process}'; set search_path = pg_catalog, pg_temp; \
         set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set idle_session_timeout = 0; \
         set client_min_messages = warning"
    )
}

/// One thing to do inside a transaction.
#[derive(Clone, Copy)]
pub(super) enum Action<'a> {
    /// Run the script of a step.
    Run(&'a Script),
    /// Run a script that defines functions, policies and the like. Row security stays on for it: with row security off
    /// the server refuses to create an SQL function that reads a table with forced row security.
    Define(&'a Script),
    /// Run the script, then undo whatever it wrote.
    Verify(&'a Script),
    /// Write the bookkeeping.
    Record(Entry<'a>),
}

pub(super) struct Session<'a> {
    pub client: Client,
    command: &'a str,
    options: &'a Options,
}

impl<'a> Session<'a> {
    pub async fn open(url: &str, command: &'a str, options: &'a Options) -> Result<Self, MigrateError> {
        Ok(Self {
            client: connect(url, command).await?,
            command,
            options,
        })
    }

    /// Does all of `actions` or none, and starts again when the error is one that passes.
    pub async fn transact(
        &self,
        actions: &[Action<'_>],
        passes: fn(&MigrateError) -> bool,
        progress: Progress<'_>,
    ) -> Result<(), MigrateError> {
        let mut pause = self.options.backoff;
        for attempt in 2..self.options.retries.saturating_add(2) {
            match self.transact_once(actions).await {
                Err(error) if passes(&error) => {
                    progress(Event::Retrying {
                        attempt,
                        reason: error.to_string(),
                    });
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                done => return done,
            }
        }
        self.transact_once(actions).await
    }

    async fn transact_once(&self, actions: &[Action<'_>]) -> Result<(), MigrateError> {
        self.settle().await?;
        self.command("begin").await?;
        let result = self.act(actions).await;
        if result.is_err() {
            // When the connection is gone, so is the transaction.
            let _gone = self.client.batch_execute("rollback").await;
        }
        result
    }

    async fn act(&self, actions: &[Action<'_>]) -> Result<(), MigrateError> {
        let mut last = None;
        for action in actions {
            match action {
                Action::Run(script) => {
                    last = Some(*script);
                    self.command("set local row_security = off").await?;
                    self.run(script, false).await?;
                    self.command("set local row_security = on").await?;
                }
                Action::Define(script) => {
                    last = Some(*script);
                    self.run(script, false).await?;
                }
                Action::Verify(script) => {
                    self.command("reset session authorization; reset role; savepoint verify")
                        .await?;
                    self.run(script, true).await?;
                    self.command("rollback to savepoint verify; release savepoint verify")
                        .await?;
                }
                Action::Record(entry) => self.record(*entry).await?,
            }
        }
        // A deferred constraint speaks up at the commit; its message belongs to the script that violated it.
        match (self.client.batch_execute("commit").await, last) {
            (Ok(()), _) => Ok(()),
            (Err(error), Some(script)) => Err(ScriptFailure::locate(script, 0, &error)),
            (Err(error), None) => Err(MigrateError::database("committing")(error)),
        }
    }

    /// Runs a script outside a transaction, without a lock time-out: `create index concurrently` waits for other
    /// transactions, which is its way of not disturbing them.
    pub async fn run_outside(&self, script: &Script) -> Result<(), MigrateError> {
        self.settle().await?;
        self.command("set lock_timeout = 0; set row_security = off").await?;
        self.run(script, false).await
    }

    pub async fn record(&self, entry: Entry<'_>) -> Result<(), MigrateError> {
        // Whatever the script has become, the bookkeeping is written by the owner.
        self.command("reset session authorization; reset role; set row_security = on")
            .await?;
        ledger::write(&self.client, entry)
            .await
            .map_err(MigrateError::database("writing the bookkeeping tables"))
    }

    /// Sends the script as it is. The statements finished so far tell which one an error belongs to.
    async fn run(&self, script: &Script, is_verify: bool) -> Result<(), MigrateError> {
        let mut completed = 0;
        let answers = self.client.simple_query_raw(&script.text).await;
        let mut answers = Box::pin(answers.map_err(|error| ScriptFailure::locate(script, 0, &error))?);
        loop {
            match answers.try_next().await {
                Ok(None) => return Ok(()),
                Ok(Some(SimpleQueryMessage::CommandComplete(_))) => completed += 1,
                Ok(Some(SimpleQueryMessage::Row(row)))
                    if is_verify && row.len() == 1 && row.try_get(0).ok().flatten() == Some("f") =>
                {
                    return Err(ScriptFailure::answered_false(script, completed));
                }
                Ok(Some(_)) => {}
                Err(error) => return Err(ScriptFailure::locate(script, completed, &error)),
            }
        }
    }

    /// Takes back whatever an earlier script has set for the session.
    async fn settle(&self) -> Result<(), MigrateError> {
        self.command("reset session authorization; reset role; reset all")
            .await?;
        let lock_timeout = self.options.lock_timeout.as_millis();
        self.command(&format!(
            "{}; set lock_timeout = {lock_timeout}",
            settings(self.command)
        ))
        .await?;
        // A server without this ability (Windows) refuses; then a long statement outlives a killed runner.
        let _unsupported = self
            .client
            .batch_execute("set client_connection_check_interval = '2s'")
            .await;
        Ok(())
    }

    pub async fn command(&self, sql: &str) -> Result<(), MigrateError> {
        self.client
            .batch_execute(sql)
            .await
            .map_err(MigrateError::database("preparing the connection"))
    }
}
