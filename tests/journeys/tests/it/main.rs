//! From the sign-in to the record, and everything that can get in the way.

mod connect;
mod database;
mod faults;
mod read;
mod traveller;
