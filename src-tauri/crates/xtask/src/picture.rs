//! Pictures that are made, not drawn: the icon's sizes and the README's views.

use std::fs;
use std::process::ExitCode;

use crate::need::{self, Purpose};
use crate::project;

/// The sizes of the icon that packages for a desktop want, of all that Tauri renders.
const SIZES: &[&str] =
    &["32x32.png", "128x128.png", "128x128@2x.png", "icon.png", "icon.icns", "icon.ico"];

/// Renders icons/onhand.svg to them.
pub(crate) fn icons() -> anyhow::Result<ExitCode> {
    project::install_packages()?;
    let folder = project::built("icons");
    let mut tauri = project::npx(&["tauri", "icon", "icons/onhand.svg", "--output"]);
    project::run(tauri.arg(&folder))?;
    for size in SIZES {
        fs::copy(folder.join(size), project::root().join("icons").join(size))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Has the real app show its main views, for the README, and takes a picture of every view there is in
/// every light, width and size of text, for a person to look through.
pub(crate) fn screenshots() -> anyhow::Result<ExitCode> {
    need::ensure(Purpose::Test)?;
    project::install_packages()?;
    project::build_interface()?;
    let tour = project::built("tour");
    project::run(project::npm(&["run", "tour"]).env("LOOKS", "all").env("ONHAND_TOUR", &tour))?;
    println!("Every view, in every light: {}", tour.display());
    project::run(&mut project::cargo(&["build", "--package", "onhand-desktop"]))?;
    project::run(
        project::npx(&["playwright", "test", "--config", "tests/desktop", "--project=pictures"])
            .env("ONHAND_APP", project::app("debug"))
            .env("ONHAND_PICTURES", project::root().join("src-tauri/docs/pictures")),
    )?;
    Ok(ExitCode::SUCCESS)
}
