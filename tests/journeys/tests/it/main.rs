//! From the sign-in to the record, and everything that can get in the way.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod connect;
mod database;
mod desk;
mod django;
mod faults;
mod hostile;
mod leftover;
mod read;
mod sync;
mod together;
mod traveller;
mod ways;
