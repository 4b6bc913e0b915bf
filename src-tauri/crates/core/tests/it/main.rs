//! The core as its hosts see it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod app;
mod databases;
mod lab;
mod store;
