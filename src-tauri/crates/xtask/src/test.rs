//! `cargo xtask test`: every check and every test, one after the other, none left out because
//! another failed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::ValueEnum;

use crate::count::{self, Count};
use crate::limit;
use crate::machine::Machine;
use crate::need::{self, Purpose};
use crate::project;

/// What can be asked of `test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run these steps only; may be given more than once.
    #[arg(long, value_enum)]
    only: Vec<Step>,
    /// How many times longer than usual each step may take, on a slow machine.
    #[arg(long, default_value_t = 1)]
    patience: u32,
}

/// The steps, in the order in which they are run: what is quick to fail comes first, and what
/// builds something before what uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The machine has what is needed, or gets it.
    Machine,
    /// Rust is formatted.
    Format,
    /// The packages of package-lock.json are installed.
    Packages,
    /// The portal that is not ours is installed.
    Portal,
    /// The interface builds.
    Interface,
    /// Svelte and TypeScript find no fault in the interface.
    Svelte,
    /// TypeScript finds no fault in the tests.
    Types,
    /// ESLint finds no fault.
    Eslint,
    /// TypeScript, Svelte and JSON are formatted.
    Prettier,
    /// Clippy finds no fault.
    Clippy,
    /// Everything of Rust builds.
    Build,
    /// Rust's tests.
    Rust,
    /// The interface's parts, in Chromium.
    Vitest,
    /// The interface on the real core, in Chromium.
    Playwright,
    /// The app itself, on a desktop of its own.
    Desktop,
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// How long it may take on a machine with two slow cores that has built nothing yet; what takes
    /// longer hangs.
    fn limit(self) -> Duration {
        let minutes = match self {
            Self::Format => 3,
            Self::Interface | Self::Svelte | Self::Types | Self::Eslint | Self::Prettier => 10,
            Self::Vitest => 15,
            Self::Machine | Self::Packages | Self::Portal | Self::Playwright | Self::Desktop => 30,
            Self::Clippy | Self::Build | Self::Rust => 60,
        };
        Duration::from_secs(minutes * 60)
    }

    fn run(self) -> anyhow::Result<Count> {
        // Always the whole workspace and all its targets: with the same set of features each time,
        // nothing (least of all SQLCipher and OpenSSL) is built twice.
        const ALL: [&str; 2] = ["--workspace", "--all-targets"];
        match self {
            Self::Machine => {
                need::ensure(Purpose::Test)?;
                Ok(Count::PASSED)
            }
            Self::Format => {
                check(&mut project::cargo(&["fmt", "--all", "--check"]))?;
                let fuzz = ["fmt", "--manifest-path", "tests/fuzz/Cargo.toml", "--check"];
                check(&mut project::cargo(&fuzz))
            }
            Self::Packages => {
                project::install_packages()?;
                Ok(Count::PASSED)
            }
            Self::Portal => portal(),
            Self::Interface => {
                project::build_interface()?;
                Ok(Count::PASSED)
            }
            Self::Svelte => check(&mut project::npm(&["run", "check", "--workspace", "ui"])),
            Self::Types => check(&mut project::npx(&["tsc", "--noEmit", "--project", "tests"])),
            Self::Eslint => check(&mut project::npx(&["eslint", "."])),
            Self::Prettier => check(&mut project::npx(&["prettier", "--check", "."])),
            Self::Clippy => {
                check(project::cargo(&["clippy"]).args(ALL).args(["--", "--deny", "warnings"]))
            }
            Self::Build => check(project::cargo(&["build"]).args(ALL)),
            Self::Rust => rust(),
            Self::Vitest => vitest(),
            Self::Playwright => playwright(),
            Self::Desktop => desktop(),
        }
    }
}

/// How one step went.
struct Outcome {
    step: Step,
    took: Duration,
    count: Count,
}

/// Runs the steps, says how each went, and ends with the one line that sums them up.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut outcomes = Vec::new();
    for step in Step::value_variants() {
        if !arguments.only.is_empty() && !arguments.only.contains(step) {
            continue;
        }
        println!("\n━━ {}", step.name());
        let begin = Instant::now();
        let (limit, work) = (step.limit() * arguments.patience.max(1), *step);
        let count = limit::within(limit, move || work.run()).unwrap_or_else(|error| {
            println!("{}: {error:#}", step.name());
            Count::FAILED
        });
        outcomes.push(Outcome { step: *step, took: begin.elapsed(), count });
    }

    println!("\n━━ summary");
    let mut sum = Count::default();
    for Outcome { step, took, count } in &outcomes {
        let Count { passed, failed, skipped } = count;
        let mark = if *failed == 0 { " " } else { "✗" };
        println!(
            "{mark} {:<11}{:>5} s {passed:>6} held {failed:>4} did not {skipped:>4} left out",
            step.name(),
            took.as_secs()
        );
        sum += *count;
    }
    println!("\n{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A command that is one check: it holds if the command succeeds.
fn check(command: &mut Command) -> anyhow::Result<Count> {
    project::run(command)?;
    Ok(Count::PASSED)
}

/// The authorization server from PyPI, for one of the journeys.
fn portal() -> anyhow::Result<Count> {
    if let Err(error) = need::ensure(Purpose::Portal) {
        println!("{error:#}\nThe journey at an independent portal is left out.");
        return Ok(Count::SKIPPED);
    }
    let python = Machine::here().find_any(&["python3", "python"]).context("Python went away")?;
    project::install_portal(&python)?;
    Ok(Count::PASSED)
}

/// Rust's unit, integration and documentation tests.
fn rust() -> anyhow::Result<Count> {
    let mut tests = project::cargo(&["test", "--workspace", "--no-fail-fast"]);
    if let Some(python) = Machine::here().find_any(&["python3", "python"])
        && need::ensure(Purpose::Portal).is_ok()
    {
        // Its own: a journey that finds none fails then, and is not left out.
        tests.env("ONHAND_TEST_DJANGO", project::install_portal(&python)?);
    }
    let mut tests = tests.stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let mut output = String::new();
    if let Some(pipe) = tests.stdout.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            output.push_str(&line);
            output.push('\n');
        }
    }
    let status = tests.wait()?;
    counted(count::cargo(&output), status.success(), "cargo test")
}

/// The tests of the interface's parts.
fn vitest() -> anyhow::Result<Count> {
    let report = project::built("reports").join("vitest.json");
    let mut tests = project::npm(&["test", "--workspace", "ui", "--"]);
    tests.args(["--reporter=default", "--reporter=json"]);
    tests.arg(format!("--outputFile.json={}", report.display()));
    reported(&mut tests, &report, count::vitest, "vitest")
}

/// The tests of the interface on the real core.
fn playwright() -> anyhow::Result<Count> {
    let report = project::built("reports").join("playwright.json");
    let mut tests = project::npm(&["run", "test:ui", "--", "--reporter=list,json"]);
    tests.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    reported(&mut tests, &report, count::playwright, "playwright")
}

/// The tests of the app itself. Only WebKitGTK can be driven like this.
fn desktop() -> anyhow::Result<Count> {
    if !Machine::here().system.is_linux() {
        println!("The app's window can be driven on Linux only.");
        return Ok(Count::SKIPPED);
    }
    let report = project::built("reports").join("desktop.json");
    let mut tests =
        project::npx(&["playwright", "test", "--config", "tests/desktop", "--project=app"]);
    tests.arg("--reporter=list,json");
    tests.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).env("ONHAND_APP", project::app("debug"));
    reported(&mut tests, &report, count::playwright, "the desktop test")
}

/// Runs tests that write a report, and reads it.
fn reported(
    tests: &mut Command,
    report: &std::path::Path,
    read: fn(&str) -> Option<Count>,
    name: &str,
) -> anyhow::Result<Count> {
    if let Some(folder) = report.parent() {
        fs::create_dir_all(folder)?;
    }
    // One that an earlier run left behind would speak for this one.
    if report.exists() {
        fs::remove_file(report)?;
    }
    let status = tests.status().with_context(|| format!("{name} could not be started"))?;
    let text = fs::read_to_string(report).with_context(|| format!("{name} wrote no report"))?;
    let count = read(&text).with_context(|| format!("the report of {name} has no counts"))?;
    counted(count, status.success(), name)
}

/// Holds a count against how its runner ended: what ran nothing, or failed without naming a test,
/// has failed.
fn counted(count: Count, success: bool, name: &str) -> anyhow::Result<Count> {
    if count.all() == 0 {
        bail!("{name} ran no test.");
    }
    let mut count = count;
    if !success && count.failed == 0 {
        println!("{name} failed, though no test of it did.");
        count += Count::FAILED;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_runner_that_ran_nothing_for_a_failure() {
        assert!(counted(Count::default(), true, "it").is_err());
        let held = Count { passed: 3, failed: 0, skipped: 0 };
        assert_eq!(counted(held, true, "it").unwrap(), held);
        assert_eq!(counted(held, false, "it").unwrap(), Count { failed: 1, ..held });
    }

    #[test]
    fn builds_before_it_uses() {
        let steps = Step::value_variants();
        let place = |step: Step| steps.iter().position(|other| *other == step).unwrap();
        assert!(place(Step::Machine) < place(Step::Packages));
        assert!(place(Step::Packages) < place(Step::Interface));
        // The shell takes ui/dist in when it is built.
        assert!(place(Step::Interface) < place(Step::Clippy));
        assert!(place(Step::Build) < place(Step::Playwright));
        assert!(place(Step::Build) < place(Step::Desktop));
    }
}
