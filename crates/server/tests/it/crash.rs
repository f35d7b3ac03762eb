//! Nothing is lost and nothing in the database is doubled, whatever is killed and whenever: the server's process (SIGKILL),
//! its database connections, or nothing at all while two workers share the work. The real binary, against a real database
//! and real mail servers.

mod connections;
mod kills;
mod ledger;
mod school;
mod workers;
