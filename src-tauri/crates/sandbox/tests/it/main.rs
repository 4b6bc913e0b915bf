//! The stand-in portal as a stranger sees it: over TLS, with a client that shares nothing with it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking, in its helpers too"
)]

mod data;
mod fault;
mod listener;
mod oauth;
mod people;
mod visitor;
