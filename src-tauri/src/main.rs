//! Starts Onhand's window or, where asked to, does one errand for it in a process of its own.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    onhand_desktop::main()
}
