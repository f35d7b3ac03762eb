//! A transaction of several statements, opened for one caller or for the system.

use std::marker::PhantomData;

use deadpool_postgres::Object;
use futures_util::FutureExt;
use tokio_postgres::{Row, types::ToSql};

use super::{
    Caller, Db, DbError,
    flight::{self, Context},
};

/// Marks a transaction of one caller of one organization.
#[derive(Debug)]
pub enum Tenant {}
/// Marks a transaction of the service role, which sees every organization.
#[derive(Debug)]
pub enum System {}

/// A transaction as one caller.
pub type TenantTx = Tx<Tenant>;
/// A transaction as the service role.
pub type SystemTx = Tx<System>;

/// An open transaction. Dropped without [`Tx::commit`], it rolls back.
pub struct Tx<Kind> {
    client: Object,
    role: String,
    finished: bool,
    kind: PhantomData<fn() -> Kind>,
}

impl Db {
    /// Opens a transaction as `caller`: role, claims and the check that they are welcome travel with BEGIN.
    ///
    /// # Errors
    /// [`DbError::Unauthenticated`] when the caller is no longer welcome, [`DbError::Unavailable`] without a connection.
    pub async fn tenant(&self, caller: &Caller) -> Result<TenantTx, DbError> {
        Tx::begin(self.api.get().await?, Context::Caller(caller)).await
    }

    /// Opens a transaction as the service role, across organizations. `why` names the work in the server's logs.
    /// For workers and commands only: never on behalf of a request.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] without a connection.
    pub async fn system(&self, why: &'static str) -> Result<SystemTx, DbError> {
        Tx::begin(self.worker.get().await?, Context::System(why)).await
    }
}

impl<Kind> Tx<Kind> {
    async fn begin(client: Object, context: Context<'_>) -> Result<Self, DbError> {
        // Made first, so that a cancelled or refused opening is rolled back like everything else.
        let mut tx = Self {
            client,
            role: String::new(),
            finished: false,
            kind: PhantomData,
        };
        tx.role = flight::begin(&tx.client, context).await?;
        Ok(tx)
    }

    /// The caller's role in the organization as the database just read it: admin, staff, teacher, parent, student, or
    /// `service` for a service key. (For the system: `service_role`.)
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// Whatever the statement met; the transaction is then aborted.
    pub async fn query(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, DbError> {
        let statement = self.client.prepare_cached(sql).await?;
        Ok(self.client.query(&statement, params).await?)
    }

    /// The one row of a statement.
    ///
    /// # Errors
    /// Also when there is not exactly one row.
    pub async fn query_one(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Row, DbError> {
        let statement = self.client.prepare_cached(sql).await?;
        Ok(self.client.query_one(&statement, params).await?)
    }

    /// The row of a statement, if there is one.
    ///
    /// # Errors
    /// Also when there is more than one row.
    pub async fn query_opt(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Option<Row>, DbError> {
        let statement = self.client.prepare_cached(sql).await?;
        Ok(self.client.query_opt(&statement, params).await?)
    }

    /// Runs a statement; answers the number of rows it touched.
    ///
    /// # Errors
    /// Whatever the statement met; the transaction is then aborted.
    pub async fn execute(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64, DbError> {
        let statement = self.client.prepare_cached(sql).await?;
        Ok(self.client.execute(&statement, params).await?)
    }

    /// Runs statements without parameters, separated by semicolons.
    ///
    /// # Errors
    /// Whatever a statement met; the transaction is then aborted.
    pub async fn batch_execute(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Commits.
    ///
    /// # Errors
    /// When a deferred constraint or the connection fails; nothing is then committed, or (connection lost in this very
    /// moment) it is not known whether it was.
    pub async fn commit(mut self) -> Result<(), DbError> {
        let commit = self.client.prepare_cached("commit").await?;
        self.client.execute(&commit, &[]).await?;
        self.finished = true;
        Ok(())
    }
}

impl<Kind> Drop for Tx<Kind> {
    fn drop(&mut self) {
        if !self.finished {
            // The first poll sends it; whatever uses the connection next queues up behind it.
            let _ = self.client.batch_execute("rollback").now_or_never();
        }
    }
}
