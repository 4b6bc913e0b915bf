//! The command itself, as a process of its own.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use onhand_sandbox::Sandbox;
use tokio::process::Command;

use crate::portal::Place;

const PASSPHRASE: &str = "a passphrase to measure with";

/// The most memory, in MB (10⁶ bytes), that `onhand sync` held in RAM at one time (`VmHWM`,
/// proc_pid_status(5)) while it copied the whole record.
pub(crate) async fn memory_of_a_sync(portal: &Sandbox) -> anyhow::Result<f64> {
    let program = std::env::current_exe()?.with_file_name("onhand");
    ensure!(
        program.exists(),
        "{} is not there; build onhand-cli with the same profile",
        program.display()
    );
    let place = Place::connected_by(portal, Some(PASSPHRASE)).await?.closed();
    let mut child = Command::new(program)
        .args(["sync", "--json"])
        .env("ONHAND_DATA_DIR", place.data_dir())
        .env("ONHAND_PASSPHRASE", PASSPHRASE)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let status = format!("/proc/{}/status", child.id().context("a process without a number")?);
    let mut most = 0_u64;
    let mut before = 0;
    let mut shown = 0;
    let ended = loop {
        tokio::select! {
            ended = child.wait() => break ended?,
            () = tokio::time::sleep(Duration::from_millis(20)) => {
                let text = std::fs::read_to_string(&status).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
                most = most.max(kib.unwrap_or(0));
                shown += 1;
                if shown == 25 {
                    // After half a second: the key is there and the copying begins.
                    before = most;
                }
            }
        }
    };
    ensure!(ended.success(), "`onhand sync` ended with {ended}");
    let megabytes = |kib: u64| kib as f64 * 1024.0 / 1e6;
    println!(
        "memory of `onhand sync`: {:.0} MB at most, {:.0} MB of it after half a second\n",
        megabytes(most),
        megabytes(before)
    );
    Ok(megabytes(most))
}
