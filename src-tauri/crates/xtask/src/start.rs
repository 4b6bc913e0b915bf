//! `cargo xtask start`: from a fresh clone to an open window.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use crate::display::Display;
use crate::machine::Machine;
use crate::need::{self, Purpose};
use crate::project;

/// What can be asked of `start`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Without a display: end after the picture.
    #[arg(long)]
    once: bool,
    /// Build as it is shipped: faster to use, slower to build.
    #[arg(long)]
    release: bool,
}

/// Gets what is missing, builds interface and app, and opens it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let on_own_display = Machine::here().system.is_linux() && !has_display();
    need::ensure(if on_own_display { Purpose::Look } else { Purpose::Build })?;

    println!("Installing the interface's packages, where they are not yet installed …");
    project::install_packages()?;
    println!("Building the interface …");
    project::build_interface()?;
    let profile = if arguments.release { "release" } else { "debug" };
    println!("Building the app ({profile}; the first time takes minutes) …");
    let mut build =
        project::with_own_client(project::cargo(&["build", "--package", "onhand-desktop"]));
    if arguments.release {
        build.arg("--release");
    }
    project::run(&mut build)?;

    let app = project::app(profile);
    println!("Opening {} …", app.display());
    let mut open = std::process::Command::new(&app);
    if !on_own_display {
        let status =
            open.status().with_context(|| format!("{} could not be started", app.display()))?;
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }

    let display = Display::start()?;
    let mut app = open
        .env("DISPLAY", &display.name)
        .spawn()
        .with_context(|| format!("{} could not be started", app.display()))?;
    let picture = project::built(profile).join("onhand.png");
    let drawn = display.picture(&picture, Duration::from_secs(60))?;
    let seen =
        if drawn { "The window is open." } else { "The window has not been drawn in a minute." };
    println!("There is no display, so it runs on one of its own ({}). {seen}", display.name);
    println!("A picture of it: {}", picture.display());
    if arguments.once || !drawn {
        // Ended by us or by itself, it is over either way.
        let _ = app.kill();
        let _ = app.wait();
        return Ok(if drawn { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    println!("It keeps running. Ctrl-C ends it.");
    app.wait().context("the app was lost sight of")?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a window would be seen.
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|v| !v.is_empty()))
}
