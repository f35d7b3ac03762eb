//! What a cluster is asked to be, and the configuration file that says so to PostgreSQL.
//!
//! Called by `cluster`. What always holds: the file is a pure function of the options and the socket directory, so that a
//! running server whose file differs is known to run with other settings.

use std::fmt::Write as _;
use std::path::Path;

/// How a cluster is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// PostgreSQL settings by name, such as `("max_connections", "300")`; they win over the cluster's own.
    pub settings: Vec<(String, String)>,
    /// `false` gives up crash safety for speed (fsync, full_page_writes and synchronous_commit off): tests only.
    pub fsync: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            settings: Vec::new(),
            fsync: true,
        }
    }
}

impl Options {
    /// For tests that throw the cluster away: no crash safety, 300 connections.
    #[must_use]
    pub fn throw_away() -> Self {
        let settings = [("shared_buffers", "128MB"), ("max_connections", "300")];
        Self {
            settings: settings
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            fsync: false,
        }
    }

    /// The text of the file that `postgresql.conf` includes last.
    pub(crate) fn render(&self, socket_dir: &Path) -> String {
        let mut text = String::from("# Written at every start by Frontdesk; changes here are lost.\n");
        // Double quotes inside keep a comma in the path from being read as a list.
        let socket_list = format!("\"{}\"", socket_dir.to_string_lossy().replace('"', "\"\""));
        let fixed = [
            ("listen_addresses", ""),
            ("unix_socket_directories", socket_list.as_str()),
            ("unix_socket_permissions", "0700"),
            ("port", "5432"),
            ("cluster_name", "frontdesk"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("logging_collector", "off"),
        ];
        let unsafe_speed = ["fsync", "full_page_writes", "synchronous_commit"].map(|name| (name, "off"));
        let speed = if self.fsync { &[][..] } else { &unsafe_speed[..] };
        let asked = self
            .settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in fixed.into_iter().chain(speed.iter().copied()).chain(asked) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name} = '{}'", value.replace('\'', "''"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use std::path::Path;

    #[test]
    fn what_is_asked_for_comes_last_and_quotes_are_doubled() {
        let options = Options {
            settings: vec![("cluster_name".into(), "o'clock".into())],
            fsync: false,
        };
        let text = options.render(Path::new("/a, b/\"c\""));
        assert!(
            text.contains("unix_socket_directories = '\"/a, b/\"\"c\"\"\"'\n"),
            "{text}"
        );
        assert!(
            text.contains("listen_addresses = ''\n") && text.contains("fsync = 'off'\n"),
            "{text}"
        );
        assert!(text.ends_with("cluster_name = 'o''clock'\n"), "{text}");
    }
}
