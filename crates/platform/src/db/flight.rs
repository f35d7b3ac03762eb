//! One statement in its own transaction, in one flight: BEGIN, context, statement and COMMIT leave together and their
//! answers come back together, so a request costs one round trip.
//!
//! Only prepared statements may travel so: tokio-postgres would await an unprepared one's description first and let COMMIT
//! overtake it. They are prepared once a connection. When the context refuses the caller, the transaction is aborted, the
//! statement behind it fails, and COMMIT rolls back: nothing can slip through.

use deadpool_postgres::Object;
use tokio_postgres::{Row, Statement, types::ToSql};
use uuid::Uuid;

use super::{Caller, Db, DbError};

const BEGIN: &str = "begin";
const COMMIT: &str = "commit";
const AS_PERSON: &str = "select frontdesk.open_request($1, $2)";
const AS_SESSION: &str = "select frontdesk.open_request_with_session($1, $2)";
const AS_KEY: &str = "select frontdesk.open_request_with_key($1, $2, $3)";
const AS_SYSTEM: &str = "select set_config('role', 'service_role', true), set_config('application_name', $1, true)";
const AS_SYSTEM_BY_INDEX: &str = "select set_config('role', 'service_role', true), set_config('application_name', $1, true),
  set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)";

/// Who the flight is for.
#[derive(Clone, Copy)]
pub(super) enum Context<'a> {
    Caller(&'a Caller),
    System(&'static str),
    SystemByIndex(&'static str),
}

impl Context<'_> {
    async fn statement(self, client: &Object) -> Result<Statement, DbError> {
        let sql = match self {
            Self::Caller(Caller::Person(_)) => AS_PERSON,
            Self::Caller(Caller::Session(_)) => AS_SESSION,
            Self::Caller(Caller::Key(_)) => AS_KEY,
            Self::System(_) => AS_SYSTEM,
            Self::SystemByIndex(_) => AS_SYSTEM_BY_INDEX,
        };
        Ok(client.prepare_cached(sql).await?)
    }

    async fn open(self, client: &Object, statement: &Statement) -> Result<Vec<Row>, tokio_postgres::Error> {
        match self {
            Self::Caller(Caller::Person(person)) => {
                client
                    .query(statement, &[&person.claims(), &person.provider_session_id])
                    .await
            }
            Self::Caller(Caller::Session(session)) => {
                client
                    .query(statement, &[&session.org_id, &session.token_hash.as_slice()])
                    .await
            }
            Self::Caller(Caller::Key(key)) => {
                client
                    .query(statement, &[&key.org_id, &key.key_id, &key.secret_hash.as_slice()])
                    .await
            }
            Self::System(why) | Self::SystemByIndex(why) => client.query(statement, &[&why]).await,
        }
    }
}

/// Opens a transaction in one flight; answers the role that the context gave the caller.
pub(super) async fn begin(client: &Object, context: Context<'_>) -> Result<String, DbError> {
    let begin = client.prepare_cached(BEGIN).await?;
    let open = context.statement(client).await?;
    let (begun, opened) = tokio::join!(client.execute(&begin, &[]), context.open(client, &open));
    begun?;
    Ok(opened?.first().map(|row| row.get(0)).unwrap_or_default())
}

impl Db {
    /// Runs one statement as `caller`, in one flight.
    ///
    /// # Errors
    /// [`DbError::Unauthenticated`] when the caller is no longer welcome; otherwise whatever the statement met.
    pub async fn query(&self, caller: &Caller, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, DbError> {
        fly(&self.api.get().await?, Context::Caller(caller), sql, params).await
    }

    /// Who the texts of a token's claims name: a UUID is itself, everything else is looked up in the identity maps.
    ///
    /// # Errors
    /// Of the database.
    pub async fn resolve_identity(&self, issuer: &str, org: &str, user: &str) -> Result<Option<(Uuid, Uuid)>, DbError> {
        let client = self.api.get().await?;
        let sql = "select org_id, user_id from frontdesk.resolve_identity($1, $2, $3)";
        let statement = client.prepare_cached(sql).await?;
        let row = client.query_opt(&statement, &[&issuer, &org, &user]).await?;
        Ok(row.map(|row| (row.get(0), row.get(1))))
    }

    /// Runs one statement as the service role, in one flight. `why` names the work in the server's logs.
    ///
    /// # Errors
    /// Whatever the statement met.
    pub async fn system_query(
        &self,
        why: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        fly(&self.worker.get().await?, Context::System(why), sql, params).await
    }

    /// As [`Db::system_query`], for statements on a table that swings from nothing to millions of rows (a queue): planned for
    /// its indexes whatever the statistics say. A plan that was made and kept while the table was empty would read it from
    /// one end to the other once it is full.
    ///
    /// # Errors
    /// Whatever the statement met.
    pub async fn queue_query(
        &self,
        why: &'static str,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        fly(&self.worker.get().await?, Context::SystemByIndex(why), sql, params).await
    }
}

async fn fly(
    client: &Object,
    context: Context<'_>,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>, DbError> {
    let begin = client.prepare_cached(BEGIN).await?;
    let open = context.statement(client).await?;
    let statement = client.prepare_cached(sql).await?;
    let commit = client.prepare_cached(COMMIT).await?;
    let (begun, opened, rows, committed) = tokio::join!(
        biased;
        client.execute(&begin, &[]),
        context.open(client, &open),
        client.query(&statement, params),
        client.execute(&commit, &[]),
    );
    begun?;
    opened?;
    let rows = rows?;
    committed?;
    Ok(rows)
}
