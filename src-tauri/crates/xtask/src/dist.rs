//! `cargo xtask dist`: the package that people install.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::machine::Machine;
use crate::need::{self, Purpose};
use crate::project;

/// The most a package may weigh.
const LIMIT: u64 = 20_000_000;

/// What can be asked of `dist`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Install the package, start the app from where it then lies, and see its first page.
    #[arg(long)]
    check: bool,
}

/// Builds the package of this system and says where it lies and what it weighs.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let machine = Machine::here();
    let kind = match std::env::consts::OS {
        "macos" => "dmg",
        "windows" => "nsis",
        _ => "deb",
    };
    need::ensure(if arguments.check { Purpose::Test } else { Purpose::Build })?;
    project::install_packages()?;
    project::build_interface()?;
    // The command goes into the package beside the app.
    let command = project::cargo(&["build", "--release", "--package", "onhand-cli"]);
    project::run(&mut project::with_own_client(command))?;
    let folder = project::built("release").join("bundle").join(kind);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let bundle = project::npx(&["tauri", "build", "--bundles", kind]);
    project::run(&mut project::with_own_client(bundle))?;

    let package = newest(&folder, if kind == "nsis" { "exe" } else { kind })?;
    let weight = package.metadata()?.len();
    println!("{} ({:.1} MB)", package.display(), weight as f64 / 1e6);
    if project::has_own_client() {
        println!("It carries a client id and secret, which whoever has the package can read.");
    }
    if weight > LIMIT {
        bail!("That is more than {} MB.", LIMIT / 1_000_000);
    }
    if arguments.check {
        if kind != "deb" {
            bail!("Only the package for Debian can be checked by itself.");
        }
        check(&machine, &package)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The one package in that folder.
fn newest(folder: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} is not there", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            return Ok(path);
        }
    }
    bail!("There is no .{ending} in {}.", folder.display())
}

/// Installs the package where that is allowed, else unpacks it, and looks at the app's first page.
fn check(machine: &Machine, package: &Path) -> anyhow::Result<()> {
    let unpacked = project::built("release").join("unpacked");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    let rights = machine.rights();
    let installed = rights.is_some() && machine.find("dpkg").is_some();
    let top = if installed {
        dpkg(rights.as_deref().unwrap_or_default(), "--install", package.as_os_str())?;
        Path::new("/")
    } else {
        project::run(project::command("dpkg-deb").arg("--extract").arg(package).arg(&unpacked))?;
        &unpacked
    };
    let seen = project::run(
        project::npx(&["playwright", "test", "--config", "tests/desktop", "--project=installed"])
            .env("ONHAND_INSTALLED_AT", top),
    );
    if installed {
        dpkg(rights.as_deref().unwrap_or_default(), "--remove", "onhand".as_ref())?;
    }
    seen
}

/// Runs dpkg with the right to.
fn dpkg(rights: &[&str], what: &str, object: &std::ffi::OsStr) -> anyhow::Result<()> {
    let line = [rights, &["dpkg", what]].concat();
    let (program, rest) = line.split_first().context("there is always dpkg")?;
    project::run(project::command(program).args(rest).arg(object))
}
