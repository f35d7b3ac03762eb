//! What Frontdesk costs: benchmarks that a person runs (`frontdesk bench …`), never the server.
//!
//! Called by `commands::bench`. What always holds: a benchmark brings its own throw-away PostgreSQL with made-up data and
//! talks to a server in a process of its own, so nothing that exists is touched and nothing is left behind; whatever is
//! compared is measured in turn within one run, because the same thing measured twice differs by a third on a busy machine.

mod arena;
mod http;
mod inbox;
mod load;
mod pgbench;
mod process;
mod report;
mod seed;

pub use inbox::{Event, Options, clear, run};
pub use report::{Figures, HttpRound, Medians, PgbenchRound, Report, Round};
pub use seed::Size;
