//! The only door to PostgreSQL.
//!
//! Two ways lead through it, and nothing else may open a transaction:
//! - [`Db::tenant`] (or [`Db::query`] for a single statement in one flight): as one caller of one organization. The first
//!   thing in the transaction is `frontdesk.open_request…`, which sets the low-privilege role and the claims and refuses a
//!   caller who is no longer welcome. Row security does the rest.
//! - [`Db::system`] (or [`Db::system_query`]): as the service role, across organizations, for workers and commands. It
//!   takes a reason, which appears as `application_name` in the server's logs.
//!
//! Each way has its own login role and pool. Neither login holds a table privilege, so a connection that lost its context
//! can read nothing.

mod caller;
mod check;
mod error;
mod flight;
mod transaction;

pub use caller::{Caller, Key, Person, Session};
pub use check::{Check, Finding, check_safety, examine, is_pooled_by_transaction};
pub use error::DbError;
pub use transaction::{System, SystemTx, Tenant, TenantTx, Tx};

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::{Client, Config, Connection, NoTls, config::Host};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Where the database is and how to reach it.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// URL of the login that serves requests (a member of `authenticated`).
    pub api_url: String,
    /// URL of the login that runs workers and commands (a member of `service_role`).
    pub worker_url: String,
    /// Connections in each pool. Few are faster: 16 beat 64 (docs/adr).
    pub pool_size: usize,
}

/// The pools. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    api: Pool,
    worker: Pool,
}

impl Db {
    /// Makes the pools; connects only when the first transaction is opened.
    ///
    /// # Errors
    /// When a URL cannot be read.
    pub fn new(options: &DbOptions) -> Result<Self, DbError> {
        Ok(Self {
            api: pool(&options.api_url, options.pool_size)?,
            worker: pool(&options.worker_url, options.pool_size)?,
        })
    }

    /// Answers when both pools can reach the server; for readiness probes.
    ///
    /// # Errors
    /// When no connection is to be had.
    pub async fn ping(&self) -> Result<(), DbError> {
        for pool in [&self.api, &self.worker] {
            pool.get().await?.simple_query("").await?;
        }
        Ok(())
    }

    /// Connections open and connections waited for, for `/metrics`: (api, worker).
    #[must_use]
    pub fn pool_status(&self) -> [(&'static str, deadpool_postgres::Status); 2] {
        [("api", self.api.status()), ("worker", self.worker.status())]
    }

    /// Closes the pools; transactions under way finish.
    pub fn close(&self) {
        self.api.close();
        self.worker.close();
    }
}

fn pool(url: &str, size: usize) -> Result<Pool, DbError> {
    let (config, extra_ca) = parse(url)?;
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = if is_local(&config) {
        Manager::from_config(config, NoTls, recycling)
    } else {
        Manager::from_config(config, tls(extra_ca.as_deref())?, recycling)
    };
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(10)))
        .build()
        .map_err(|error| DbError::Configuration(error.to_string()))
}

/// A URL or `key=value` pairs as libpq reads them, and the file that a URL's `sslrootcert` names (tokio-postgres does
/// not know that parameter).
fn parse(url: &str) -> Result<(Config, Option<PathBuf>), DbError> {
    let (wanted, extra_ca) = without_certificate(url);
    let mut config: Config = wanted
        .parse()
        .map_err(|error| DbError::Configuration(format!("the database URL cannot be read: {error}")))?;
    if config.get_application_name().is_none() {
        config.application_name("frontdesk");
    }
    Ok((config, extra_ca))
}

fn without_certificate(url: &str) -> (String, Option<PathBuf>) {
    let Some((place, query)) = url.split_once('?') else {
        return (url.to_owned(), None);
    };
    let (ours, theirs): (Vec<&str>, Vec<&str>) = query.split('&').partition(|part| part.starts_with("sslrootcert="));
    let file = ours.first().and_then(|part| part.split_once('='));
    let query = theirs.join("&");
    (format!("{place}?{query}"), file.map(|(_, path)| PathBuf::from(path)))
}

/// Unix sockets have no host name and need no TLS; the TLS connector refuses them.
fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)))
}

/// TLS as the URL's `sslmode` asks for it, with the public certificate authorities and, if given, one more.
fn tls(extra_ca: Option<&Path>) -> Result<MakeRustlsConnect, DbError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = extra_ca {
        use rustls::pki_types::{CertificateDer, pem::PemObject};
        let unreadable = |error: &dyn std::fmt::Display| {
            DbError::Configuration(format!("{}: no certificate can be read: {error}", path.display()))
        };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
            let certificate = certificate.map_err(|error| unreadable(&error))?;
            roots.add(certificate).map_err(|error| unreadable(&error))?;
        }
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Configuration(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A connection of one's own, outside the pools: for migrations and for tools. The connection ends with the client.
///
/// # Errors
/// When the URL cannot be read or the server does not answer.
pub async fn connect(url: &str) -> Result<Client, DbError> {
    let (config, extra_ca) = parse(url)?;
    if is_local(&config) {
        let (client, connection) = config.connect(NoTls).await?;
        drive(connection);
        return Ok(client);
    }
    let (client, connection) = config.connect(tls(extra_ca.as_deref())?).await?;
    drive(connection);
    Ok(client)
}

#[allow(
    clippy::disallowed_methods,
    reason = "the connection's task ends when the client is dropped"
)]
fn drive<S, T>(connection: Connection<S, T>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_keeps_its_parameters_and_gives_up_its_certificate() {
        let (config, extra_ca) = parse("postgresql://a:b@host:5433/db?sslmode=require&sslrootcert=/ca.pem").unwrap();
        assert_eq!(
            (config.get_dbname(), config.get_ports()),
            (Some("db"), [5433].as_slice())
        );
        assert_eq!(extra_ca, Some(PathBuf::from("/ca.pem")));
        let (config, extra_ca) = parse("postgresql://a@/db?host=/run/x").unwrap();
        assert!(is_local(&config) && extra_ca.is_none());
        let (config, extra_ca) = parse("host='/run/x' user=a dbname=db").unwrap();
        assert!(is_local(&config) && extra_ca.is_none());
        let (config, _) = parse("postgresql://host/db?sslrootcert=/ca.pem").unwrap();
        assert_eq!(config.get_dbname(), Some("db"));
        assert!(parse("nonsense").is_err());
    }
}
