//! Notifications from the request to the last log row: audiences, fan-out, inbox, deliveries, and what bad input gets.

mod audiences;
mod bad_input;
mod bulk;
mod district;
mod inbox;
mod lifecycle;
mod overtaking;
mod retention;
mod sending;
mod sql;
mod tiers;
