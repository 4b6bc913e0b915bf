//! The project's own parts: where they lie, how each is built.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::need::{self, Purpose};

/// What the person who runs this may have set for their own records; no build or test may see it.
const PRIVATE: &[&str] = &["ONHAND_DATA_DIR", "ONHAND_PASSPHRASE", "ONHAND_PORTAL"];

/// The id and the secret that a build may carry. Only a build of the product that is to be used may.
const OWN_CLIENT: &[&str] = &["ONHAND_CLIENT_ID", "ONHAND_CLIENT_SECRET"];

/// The top of the project.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_owned()
}

/// Where cargo puts what it builds with that profile.
pub(crate) fn built(profile: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join(profile)
}

/// The app as built with that profile.
pub(crate) fn app(profile: &str) -> PathBuf {
    built(profile).join(format!("onhand-desktop{}", std::env::consts::EXE_SUFFIX))
}

/// A program to be run at the top of the project.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for name in PRIVATE.iter().chain(OWN_CLIENT) {
        command.env_remove(name);
    }
    command
}

/// Lets a build carry the client id and secret that are set for it.
pub(crate) fn with_own_client(mut build: Command) -> Command {
    for name in OWN_CLIENT {
        if let Some(value) = std::env::var_os(name) {
            build.env(name, value);
        }
    }
    build
}

/// Whether there is one that [`with_own_client`] would have a build carry.
pub(crate) fn has_own_client() -> bool {
    std::env::var_os("ONHAND_CLIENT_ID").is_some_and(|id| !id.is_empty())
}

/// `cargo` with these arguments.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments);
    // What `cargo run` told this program about itself is not for the crates built next.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// `npm` with these arguments.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(arguments).env("npm_config_audit", "false").env("npm_config_fund", "false");
    npm
}

/// A tool that npm installed, with these arguments.
pub(crate) fn npx(arguments: &[&str]) -> Command {
    let mut npx = npm(&["exec", "--no", "--"]);
    npx.args(arguments);
    npx
}

/// Runs a command to its end; an error where it fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("`{name}` could not be started"))?;
    if !status.success() {
        let rest: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        bail!("`{name} {}` failed ({status}).", rest.join(" "));
    }
    Ok(())
}

/// Installs what package-lock.json names, unless that is what is installed.
pub(crate) fn install_packages() -> anyhow::Result<()> {
    let wanted = root().join("package-lock.json");
    let installed = root().join("node_modules/.installed-from.json");
    let lock = fs::read(&wanted).with_context(|| format!("{} cannot be read", wanted.display()))?;
    if fs::read(&installed).is_ok_and(|text| text == lock) {
        return Ok(());
    }
    // `npm ci` empties node_modules, and with it the mark of an earlier, unfinished run.
    run(&mut npm(&["ci"]))?;
    fs::write(&installed, lock)
        .with_context(|| format!("{} cannot be written", installed.display()))
}

/// Installs what `tests/django/requirements.txt` names into an environment of its own, unless that is
/// what is installed. Gives its Python.
pub(crate) fn install_portal(python: &Path) -> anyhow::Result<PathBuf> {
    let home = built("django");
    let place = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let (own, mark) = (home.join(place), home.join("installed-from.txt"));
    let list = root().join("tests/django/requirements.txt");
    let wanted = fs::read(&list).with_context(|| format!("{} cannot be read", list.display()))?;
    if own.is_file() && fs::read(&mark).is_ok_and(|text| text == wanted) {
        return Ok(own);
    }
    run(command(python).args(["-m", "venv", "--clear"]).arg(&home))?;
    let mut install = command(&own);
    install.args([
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "--requirement",
    ]);
    run(install.arg(&list))?;
    fs::write(&mark, wanted).with_context(|| format!("{} cannot be written", mark.display()))?;
    Ok(own)
}

/// Builds the interface into ui/dist.
pub(crate) fn build_interface() -> anyhow::Result<()> {
    run(&mut npm(&["run", "build"]))
}

/// Runs the benchmarks, built as they are shipped. `window` alone: those of the window itself.
pub(crate) fn bench(arguments: &[String]) -> anyhow::Result<ExitCode> {
    if arguments != ["window"] {
        // The memory of a sync is that of the command itself.
        run(&mut cargo(&["build", "--release", "--package", "onhand-cli"]))?;
        run(cargo(&["run", "--release", "--package", "onhand-bench", "--"]).args(arguments))?;
    }
    // Only WebKitGTK can be driven like this.
    if cfg!(target_os = "linux") && (arguments.is_empty() || arguments == ["window"]) {
        bench_window()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures Onhand's window beside an empty one, each from the start of its process.
fn bench_window() -> anyhow::Result<()> {
    need::ensure(Purpose::Test)?;
    install_packages()?;
    build_interface()?;
    for package in [
        ["--package", "onhand-bench", "--bins"].as_slice(),
        &["--package", "onhand-desktop", "--bins", "--example", "empty_window"],
    ] {
        run(cargo(&["build", "--release"]).args(package))?;
    }
    let release = built("release");
    run(npx(&["playwright", "test", "--config", "tests/desktop", "--project=pace"])
        .env("ONHAND_APP", app("release"))
        .env("ONHAND_BENCH", release.join("onhand-bench"))
        .env("ONHAND_EMPTY_WINDOW", release.join("examples/empty_window")))
}
