//! The portal: its addresses, OAuth 2, the callback listener and its certificate, the HTTP client.
//!
//! [`sign_in::SignIn`] is the whole way from a click to tokens; [`client::Client`] reads with them.
//! Nothing here knows the store, the record or a window, and nothing here reads a clock.

pub mod browser;
pub mod callback;
pub mod certificate;
pub mod client;
pub mod listener;
pub mod oauth;
pub mod portal;
pub mod sign_in;
pub mod trust;

mod page;
mod wire;

#[cfg(test)]
pub(crate) mod fake;
