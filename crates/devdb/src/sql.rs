//! The few statements that a supervisor sends: short-lived connections as the superuser `postgres`.
//!
//! Called by `cluster`. What always holds: a connection ends before the function returns, so none of ours keeps a database
//! from being cloned or dropped.

use std::path::Path;

use anyhow::{Context, Result};
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

/// Runs `sql` in the database `postgres` and returns the first column of its first row, if there is one.
pub(crate) async fn run(socket_dir: &Path, sql: &str) -> Result<Option<String>> {
    let mut config = Config::new();
    config
        .host_path(socket_dir)
        .port(5432)
        .user("postgres")
        .dbname("postgres")
        .application_name("devdb")
        .connect_timeout(std::time::Duration::from_secs(5));
    let (client, connection) = config.connect(NoTls).await.context("the server does not answer")?;
    let ask = async move {
        let answer = client.simple_query(sql).await;
        drop(client); // which ends the connection's future beside us
        answer
    };
    let (answer, ended) = tokio::join!(ask, connection);
    let rows = answer.with_context(|| format!("`{sql}` failed"))?;
    ended.context("the connection broke")?;
    Ok(rows.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

/// A name as an SQL identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The form that tokio-postgres, psql and libpq all read: the socket's directory travels as a query parameter.
pub(crate) fn url(socket_dir: &Path, database: &str, user: &str) -> String {
    let host = escape(&socket_dir.to_string_lossy());
    format!("postgresql://{}@/{}?host={host}", escape(user), escape(database))
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn escape(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if keep(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::url;
    use std::path::{Path, PathBuf};
    use tokio_postgres::config::Host;

    #[test]
    fn the_url_comes_back_from_the_driver_as_it_was_meant() {
        let config: tokio_postgres::Config = url(Path::new("/a b/ü&c"), "da/ta", "us@er").parse().unwrap();
        assert_eq!(config.get_hosts(), [Host::Unix(PathBuf::from("/a b/ü&c"))]);
        assert_eq!((config.get_dbname(), config.get_user()), (Some("da/ta"), Some("us@er")));
    }
}
