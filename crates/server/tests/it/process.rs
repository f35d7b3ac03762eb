//! The binary as people run it: `up` and how it stops, what `serve` refuses, and the commands around them.

mod commands;
mod configuration;
mod home;
mod migrate;
mod serve;
mod up;
mod up_trouble;
