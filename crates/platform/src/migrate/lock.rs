//! The lock that makes runners of one database take turns: a session-level advisory lock on a connection of its own.
//!
//! It is asked for again and again instead of waited for inside the server, and its connection stays outside any
//! transaction, so that it never stands in the way of `create index concurrently`. A runner that dies loses its
//! connection and with it the lock.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;
use tokio_postgres::Client;

use super::error::MigrateError;
use super::event::{Event, Progress};
use super::{Options, session};

/// Any number will do as long as it never changes: runners of different versions must meet on it.
const KEY: i64 = 0x4d16_7261_7465_0001;

const POLL: Duration = Duration::from_millis(100);

/// Looks for the holder of the lock in this database. PostgreSQL shows a bigint key as two halves.
const HOLDER: &str = "
    select l.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, ''), coalesce(host(a.client_addr), 'local'),
           coalesce(extract(epoch from now() - a.backend_start), 0)::bigint
    from pg_catalog.pg_locks l
    join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
    left join pg_catalog.pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and ((l.classid::bigint << 32) | l.objid::bigint) = $1
    limit 1";

/// Who holds the migration lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// The server process.
    pub pid: i32,
    /// The login role; empty when this role may not see it.
    pub role: String,
    /// What the connection calls itself.
    pub application: String,
    /// The client's address, or `local`.
    pub address: String,
    /// How long it has been connected.
    pub seconds: i64,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pid,
            role,
            application,
            address,
            seconds,
        } = self;
        write!(
            f,
            "server process {pid}, role {role}, application \"{application}\", from {address}, connected for {seconds} s"
        )
    }
}

pub(super) struct Lock {
    client: Client,
}

impl Lock {
    /// Waits until the lock is free and takes it.
    pub async fn take(
        url: &str,
        command: &str,
        options: &Options,
        progress: Progress<'_>,
    ) -> Result<Self, MigrateError> {
        let lock = Self {
            client: session::connect(url, command).await?,
        };
        let (deadline, mut told) = (Instant::now() + options.wait_for_lock, None);
        while !lock.try_take().await? {
            // Nobody, if the holder let go just now.
            let Some(holder) = holder(&lock.client).await? else {
                continue;
            };
            if Instant::now() >= deadline {
                return Err(MigrateError::LockTimeout {
                    waited: options.wait_for_lock,
                    holder: Box::new(holder),
                });
            }
            if told.replace(holder.pid) != Some(holder.pid) {
                progress(Event::Waiting { holder });
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(lock)
    }

    async fn try_take(&self) -> Result<bool, MigrateError> {
        let row = self
            .client
            .query_one("select pg_catalog.pg_try_advisory_lock($1)", &[&KEY])
            .await
            .map_err(MigrateError::database("taking the migration lock"))?;
        Ok(row.get(0))
    }

    /// Errors when the lock's connection is gone, so that nothing more is started without the lock.
    pub async fn still_held(&self) -> Result<(), MigrateError> {
        let row = self
            .client
            .query_one(
                "select exists (select from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
                 and granted and objsubid = 1 and ((classid::bigint << 32) | objid::bigint) = $1)",
                &[&KEY],
            )
            .await;
        match row {
            Ok(row) if row.get(0) => Ok(()),
            _ => Err(MigrateError::LockLost),
        }
    }

    /// The lock's connection, for a bookkeeping write when the working connection is gone.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Gives the lock back at once. Closing the connection would do it too, a moment later.
    pub async fn release(self) {
        if let Err(error) = self
            .client
            .execute("select pg_catalog.pg_advisory_unlock($1)", &[&KEY])
            .await
        {
            tracing::debug!(%error, "the migration lock ended with its connection");
        }
    }
}

/// Who holds the lock at this moment, if anybody.
pub(super) async fn holder(client: &Client) -> Result<Option<Holder>, MigrateError> {
    let row = client
        .query_opt(HOLDER, &[&KEY])
        .await
        .map_err(MigrateError::database("looking who holds the lock"))?;
    Ok(row.map(|row| Holder {
        pid: row.get(0),
        role: row.get(1),
        application: row.get(2),
        address: row.get(3),
        seconds: row.get(4),
    }))
}
