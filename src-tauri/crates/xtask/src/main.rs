//! `cargo xtask`: the commands of a person who works on Onhand.
//!
//! It is the first thing a fresh machine compiles, so it depends on little, and on no crate of ours.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it talks to a person at a terminal"
)]

mod count;
mod display;
mod dist;
mod fuzz;
mod limit;
mod machine;
mod need;
mod picture;
mod project;
mod start;
mod test;
mod torture;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, opens, tests and packs Onhand.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the app and opens it. Without a display: opens it on one of its own and takes a picture.
    Start(start::Arguments),
    /// Runs every check and every test, and ends with one line of counts.
    Test(test::Arguments),
    /// Builds the package that people install.
    Dist(dist::Arguments),
    /// Measures speed and size, each as a ratio to its floor.
    Bench {
        /// Passed on to the benchmarks.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Gives random input to what reads bytes of others.
    Fuzz(fuzz::Arguments),
    /// Kills the command while it copies, and sees that nothing is lost.
    Torture(torture::Arguments),
    /// Takes a picture of every view in every light, and those of the README.
    Screenshots,
    /// Renders icons/onhand.svg to the sizes that the packages want.
    Icons,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Start(arguments) => start::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Dist(arguments) => dist::run(&arguments),
        Task::Bench { arguments } => project::bench(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::Torture(arguments) => torture::run(&arguments),
        Task::Screenshots => picture::screenshots(),
        Task::Icons => picture::icons(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("\n{error:#}");
        ExitCode::FAILURE
    })
}
