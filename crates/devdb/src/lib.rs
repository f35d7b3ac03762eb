//! A private PostgreSQL: finds binaries, makes a cluster, starts, watches over and stops it.
//!
//! Called by `frontdesk up` (the embedded default), by the tests and by the benchmarks; the binary `devdb` offers the same
//! to people and to `make test`.
//!
//! What always holds:
//! - The server listens on a Unix socket in a directory of mode 0700 only, never on TCP; there are no passwords.
//! - It never runs as root: started by root, it runs as the system user `frontdesk`, which is created when missing.
//! - One process owns a directory at a time: a kernel file lock that also goes away with `kill -9` says who.
//! - The server is started by `pg_ctl`, in a session of its own, so a Ctrl-C in our terminal does not reach it; we stop it.
//! - After `kill -9` of the owner the server lives on. The next [`Cluster::start`] adopts it, or restarts it when its
//!   settings or binaries are not those asked for. This is deliberate: it needs no watchdog process, PostgreSQL's own lock
//!   on the data directory keeps two servers apart, and there is nothing to recover.

mod account;
mod binaries;
mod cluster;
mod place;
mod postmaster;
mod server;
mod settings;
mod sql;

pub use binaries::{Binaries, Version};
pub use cluster::{Cluster, Status};
pub use place::InUse;
pub use settings::Options;

/// Where the cluster of `frontdesk up` and of `devdb start` lives unless told otherwise, relative to the checkout.
pub const DEFAULT_DIR: &str = ".frontdesk/postgres";
