//! The core as its hosts see it.

mod databases;
mod store;
