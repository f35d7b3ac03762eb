//! All SQL of delivery: the queue, what became of deliveries, and what providers report.

pub mod devices;
pub mod log;
pub mod queue;
pub mod reports;
