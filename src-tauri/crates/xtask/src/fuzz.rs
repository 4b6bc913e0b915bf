//! `cargo xtask fuzz`: lets each fuzz target run for a while.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};

use crate::need::{self, Purpose};
use crate::project;

/// The version of `cargo fuzz` that is installed where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// The targets in `tests/fuzz`, and the longest input that makes sense for each, in bytes.
const TARGETS: [(&str, u32); 2] = [("callback", 12_000), ("page", 40_000)];

/// What can be asked of `fuzz`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long each target runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// This target only.
    #[arg(long, value_parser = TARGETS.map(|(name, _)| name))]
    target: Option<String>,
}

/// Runs the targets one after the other; what they find fails it, and is named.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    need::ensure(Purpose::Fuzz)?;
    let tool = tool()?;
    let mut failed = Vec::new();
    let mut told = Vec::new();
    for (name, longest) in TARGETS {
        if arguments.target.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        println!("\n━━ {name}");
        let (executed, held) = one(&tool, name, longest, arguments.seconds)?;
        told.push(format!(
            "{name}: {executed} inputs, {}",
            if held { "all held" } else { "FAILED" }
        ));
        if !held {
            failed.push(name);
        }
    }
    println!("\n━━ summary\n{}", told.join("\n"));
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("What it found lies in tests/fuzz/artifacts; `cargo fuzz` tells how to run it again.");
    Ok(ExitCode::FAILURE)
}

/// One target: how many inputs it was given, and whether all of them held.
fn one(tool: &PathBuf, name: &str, longest: u32, seconds: u32) -> anyhow::Result<(u64, bool)> {
    let home = project::root().join("tests/fuzz");
    // What was learned is kept from run to run, apart from the sources.
    let corpus = project::built("fuzz-corpus").join(name);
    fs::create_dir_all(&corpus)?;
    let mut fuzz = project::command(tool);
    fuzz.args(["fuzz", "run"]);
    fuzz.arg("--fuzz-dir").arg(&home);
    fuzz.arg("--target-dir").arg(project::built("fuzz"));
    // The stable compiler has none; there is no unsafe code here for one to watch.
    fuzz.args(["--sanitizer", "none", name]);
    fuzz.arg(&corpus).arg(home.join("seeds").join(name));
    fuzz.arg("--").arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={longest}"));
    fuzz.args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]);
    fuzz.arg(format!("-dict={}", home.join("words").join(format!("{name}.dict")).display()));
    let mut running =
        fuzz.stderr(Stdio::piped()).spawn().context("`cargo fuzz` could not be started")?;
    let mut executed = None;
    if let Some(pipe) = running.stderr.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            executed = n_executed(&line).or(executed);
            println!("{line}");
        }
    }
    let held = running.wait()?.success();
    match executed {
        Some(n) => Ok((n, held)),
        None if held => bail!("{name} did not say how many inputs it was given."),
        None => Ok((0, false)),
    }
}

/// The number in libFuzzer's final statistics.
fn n_executed(line: &str) -> Option<u64> {
    line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok()
}

/// Where `cargo fuzz` lies; it is installed first where it does not.
fn tool() -> anyhow::Result<PathBuf> {
    let folder = project::built("tools");
    let tool = folder.join(format!("bin/cargo-fuzz{}", std::env::consts::EXE_SUFFIX));
    let says = Command::new(&tool).arg("--version").output();
    if says.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(CARGO_FUZZ)) {
        return Ok(tool);
    }
    let mut install = project::cargo(&["install", "cargo-fuzz", "--locked", "--force"]);
    project::run(install.args(["--version", CARGO_FUZZ]).arg("--root").arg(folder))?;
    Ok(tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_how_many_inputs_there_were() {
        assert_eq!(n_executed("stat::number_of_executed_units: 4187"), Some(4187));
        assert_eq!(n_executed("#4187 DONE cov: 12 ft: 30"), None);
    }

    #[test]
    fn every_target_has_its_file_and_its_seeds() {
        let home = project::root().join("tests/fuzz");
        for (name, _) in TARGETS {
            assert!(home.join(format!("targets/{name}.rs")).is_file(), "{name}");
            assert!(home.join(format!("words/{name}.dict")).is_file(), "{name}");
            let seeds = fs::read_dir(home.join("seeds").join(name)).unwrap();
            assert!(seeds.count() >= 4, "{name}");
        }
    }
}
