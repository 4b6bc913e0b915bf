//! `cargo xtask torture`: kills the command while it copies, again and again.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::process::ExitCode;

use crate::project;

/// What can be asked of `torture`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How often it is killed.
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Where the random points come from; the same seed gives the same points. A new one otherwise.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the test that kills, as long as it is asked to.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let seed = arguments.seed.unwrap_or_else(|| RandomState::new().build_hasher().finish());
    println!("{} kills, --seed {seed}", arguments.kills);
    let mut torture = project::cargo(&["test", "--package", "onhand-cli", "--test", "it"]);
    torture.args(["torture::", "--", "--nocapture", "--test-threads=1"]);
    torture.env("ONHAND_TORTURE_KILLS", arguments.kills.to_string());
    torture.env("ONHAND_TORTURE_SEED", seed.to_string());
    project::run(&mut torture)?;
    Ok(ExitCode::SUCCESS)
}
