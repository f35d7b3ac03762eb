//! What Frontdesk costs: benchmarks that a person runs (`frontdesk bench …`), never the server.
//!
//! Called by `commands::bench`. What always holds: a benchmark brings its own throw-away PostgreSQL with made-up data and
//! talks to a server in a process of its own, so nothing that exists is touched and nothing is left behind; whatever is
//! compared is measured in turn within one run, because the same thing measured twice differs by a third on a busy machine.

mod arena;
mod delivery;
mod http;
mod inbox;
mod load;
mod pgbench;
mod process;
mod report;
mod scripts;
mod seed;
mod tenancy;

/// How far a benchmark is.
pub enum Event<'a> {
    /// Something is begun that takes a while.
    Step(&'static str),
    /// So many rows are in.
    Filled(u64),
    /// The server is up and has nothing to do; its memory in bytes.
    Idle(Option<u64>),
    /// A round of `inbox` is done, with so many clients.
    Round(u32, &'a report::Round),
    /// A round of `tenancy` is done: what was compared, and per second under row security and by hand.
    Pair(&'static str, f64, f64),
}

pub use arena::clear;
pub use delivery::{Options as DeliveryOptions, Report as DeliveryReport, run as delivery};
pub use inbox::{Options as InboxOptions, run as inbox};
pub use report::{Figures, HttpRound, Medians, PgbenchRound, Report as InboxReport, Round};
pub use seed::Size;
pub use tenancy::{Options as TenancyOptions, Report as TenancyReport, run as tenancy};
