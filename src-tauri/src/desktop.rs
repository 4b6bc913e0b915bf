//! What the core asks of the desktop: open a page in the person's browser, come to the front.

use std::io;
use std::process::{Command, Stdio};

use onhand_desk::Desktop;
use tauri::{AppHandle, Url};

use crate::window;

/// The window's side of [`Desktop`].
pub(crate) struct Window {
    app: AppHandle,
}

impl Window {
    /// The desktop of `app`.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

impl Desktop for Window {
    fn open_url(&self, address: &Url) -> io::Result<()> {
        if address.scheme() != "https" {
            return Err(io::Error::other("only an https address is opened in the browser"));
        }
        let mut last = io::Error::other("this computer names no browser");
        for mut command in open::commands(address.as_str()) {
            without_our_environment(&mut command);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            match command.spawn() {
                Ok(mut browser) => {
                    // Someone has to hear of its end, or it stays behind as a zombie.
                    std::thread::spawn(move || browser.wait());
                    return Ok(());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn raise(&self) {
        let app = self.app.clone();
        // Off the main thread a window is asked, not told; a failure means the loop has ended.
        let _ = self.app.run_on_main_thread(move || window::raise(&app));
    }
}

/// Takes out of a command's environment what is ours alone: a browser need know neither the
/// passphrase nor where the records lie.
fn without_our_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if is_ours(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
}

/// Whether a variable of that name is for this program alone.
fn is_ours(name: &str) -> bool {
    name.starts_with("ONHAND_") || name.starts_with("TAURI_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_its_own_variables_from_the_browser() {
        assert!(is_ours("ONHAND_PASSPHRASE"));
        assert!(is_ours("TAURI_WEBVIEW_AUTOMATION"));
        assert!(!is_ours("HOME"));
        assert!(!is_ours("XDG_DATA_HOME"));
    }
}
