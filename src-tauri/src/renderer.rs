//! Where an old WebKitGTK would show an empty window, has it draw in another way.

/// The variable by which WebKitGTK is told not to draw through DMA-BUF.
#[cfg(target_os = "linux")]
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Starts this program anew with DMA-BUF rendering off, if its WebKitGTK is one of those (before
/// 2.48) that show nothing on some graphics drivers and the person has not chosen themselves.
#[cfg(target_os = "linux")]
pub(crate) fn avoid_blank_windows() {
    use std::os::unix::process::CommandExt;

    let version = tauri::webview_version().unwrap_or_default();
    if std::env::var_os(SWITCH).is_some() || !draws_blank(&version) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // `exec` returns only where it failed, and then the window is opened as it is.
    let _error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(SWITCH, "1")
        .exec();
}

/// Other platforms bring a webview that needs no such help.
#[cfg(not(target_os = "linux"))]
pub(crate) fn avoid_blank_windows() {}

/// Whether `version` (`2.50.6`) is older than 2.48. One that cannot be read is taken for a new one.
#[cfg(target_os = "linux")]
fn draws_blank(version: &str) -> bool {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else { return false };
    (major, minor) < (2, 48)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn helps_only_an_old_webkit() {
        for (version, old) in
            [("2.46.6", true), ("2.38.0", true), ("2.48.0", false), ("2.50.6", false), ("", false)]
        {
            assert_eq!(draws_blank(version), old, "{version}");
        }
    }
}
