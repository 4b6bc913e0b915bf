//! The helper by itself, as the tests run it; the hosts carry it within themselves.

use std::process::ExitCode;

fn main() -> ExitCode {
    onhand_nss::helper_main()
}
