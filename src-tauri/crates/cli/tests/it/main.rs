//! The command itself, as a script runs it, against a practice portal.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails by panicking"
)]

mod robot;
mod room;

mod connect;
mod read;
mod sandbox;
mod sync;
mod torture;
mod ways;
