//! Where the data lies when nobody says otherwise.

use std::path::PathBuf;

/// `${XDG_DATA_HOME}/onhand` and its equivalents: `~/Library/Application Support/Onhand` on macOS,
/// `%LOCALAPPDATA%\Onhand` on Windows. `ONHAND_DATA_DIR` goes first. `None` where there is no home.
pub fn default_data_dir() -> Option<PathBuf> {
    if let Some(dir) = var("ONHAND_DATA_DIR") {
        return Some(dir);
    }
    if cfg!(target_os = "windows") {
        Some(var("LOCALAPPDATA")?.join("Onhand"))
    } else if cfg!(target_os = "macos") {
        Some(var("HOME")?.join("Library/Application Support/Onhand"))
    } else {
        Some(data_home()?.join("onhand"))
    }
}

/// `XDG_DATA_HOME`, or `~/.local/share` (XDG Base Directory Specification: a relative one is
/// ignored).
pub fn data_home() -> Option<PathBuf> {
    var("XDG_DATA_HOME")
        .filter(|dir| dir.is_absolute())
        .or_else(|| Some(var("HOME")?.join(".local/share")))
}

/// `XDG_CONFIG_HOME`, or `~/.config`, by the same rule.
pub fn config_home() -> Option<PathBuf> {
    var("XDG_CONFIG_HOME")
        .filter(|dir| dir.is_absolute())
        .or_else(|| Some(var("HOME")?.join(".config")))
}

/// The person's home folder.
pub fn home() -> Option<PathBuf> {
    var("HOME").or_else(|| var("USERPROFILE"))
}

fn var(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
