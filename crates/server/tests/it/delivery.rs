//! The delivery engine and its channels: what is claimed when, what a failing provider does to whom, and what is on the wire.

mod engine;
mod queue;
mod scripted;
