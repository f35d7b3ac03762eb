//! The delivery engine and its channels: what is claimed when, what a failing provider does to whom, and what is on the wire.

mod desk;
mod engine;
mod mail;
mod pager;
mod peer;
mod push;
mod queue;
mod scripted;
mod sms;
