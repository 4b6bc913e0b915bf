//! A request at the callback listener while a sign-in waits there.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| onhand_core::onpatient::listener::probe::request(bytes));
