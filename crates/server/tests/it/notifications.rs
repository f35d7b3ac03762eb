//! Notifications from the request to the last log row: audiences, fan-out, inbox, deliveries, and what bad input gets.

mod audiences;
mod bad_input;
mod district;
mod sending;
