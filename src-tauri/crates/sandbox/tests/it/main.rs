//! The stand-in portal as a stranger sees it: over TLS, with a client that shares nothing with it.

mod data;
mod fault;
mod listener;
mod oauth;
mod people;
mod visitor;
