//! Has WebKitGTK draw without the graphics processor where that shows an empty window, or where there
//! is none and every picture would first be computed through a compiler for one.

/// The variable by which WebKitGTK is told not to draw through DMA-BUF.
#[cfg(target_os = "linux")]
const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Where Linux has the devices that draw.
#[cfg(target_os = "linux")]
const DEVICES: &str = "/dev/dri";

/// Turns DMA-BUF rendering off for this process and those that it starts, if its WebKitGTK is one of
/// those (before 2.48) that show nothing on some graphics drivers or nothing here draws, and the person
/// has not chosen themselves. To be called while there is one thread.
#[cfg(target_os = "linux")]
pub(crate) fn choose() {
    let version = tauri::webview_version().unwrap_or_default();
    if std::env::var_os(SWITCH).is_some() || (has_device() && !draws_blank(&version)) {
        return;
    }
    #[expect(unsafe_code, reason = "WebKitGTK can be told in no other way before it starts")]
    // SAFETY: no other thread reads the environment: `main` has started none yet.
    unsafe {
        std::env::set_var(SWITCH, "1");
    }
}

/// Other platforms bring a webview that needs no such help.
#[cfg(not(target_os = "linux"))]
pub(crate) fn choose() {}

/// Whether there is a device that draws (a "render node").
#[cfg(target_os = "linux")]
fn has_device() -> bool {
    let mut found = std::fs::read_dir(DEVICES).into_iter().flatten().flatten();
    found.any(|entry| entry.file_name().as_encoded_bytes().starts_with(b"renderD"))
}

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
