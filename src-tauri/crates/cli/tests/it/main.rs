//! The command itself, as a script runs it, against a practice portal.

mod robot;
mod room;

mod connect;
mod read;
mod sandbox;
mod sync;
