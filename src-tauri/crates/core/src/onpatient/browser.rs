//! The person's own browser.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;
use url::Url;

/// An opener that failed this soon opened nothing, so the next one is asked; one that ends later was
/// itself the browser.
const FAILED_AT_ONCE: Duration = Duration::from_secs(3);

/// Why no browser was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The system has no way to open one.
    #[error(
        "No web browser could be opened. Please copy the address and open it in a browser on this \
         computer."
    )]
    NoBrowser,
}

/// Opens an address in the system's browser and returns at once; the browser starts without any
/// `ONHAND_*` in its environment.
///
/// # Errors
/// When no opener could be started. That one was started does not yet mean that a page is seen.
pub fn open(url: &Url) -> Result<(), Error> {
    start(open::commands(url.as_str()))
}

fn start(commands: Vec<Command>) -> Result<(), Error> {
    let (started, first) = mpsc::channel();
    thread::spawn(move || {
        for mut command in commands {
            without_our_environment(&mut command);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let begun = Instant::now();
            let Ok(mut child) = command.spawn() else { continue };
            // The receiver has gone once the first opener started.
            let _ = started.send(());
            match child.wait() {
                Ok(status) if !status.success() && begun.elapsed() < FAILED_AT_ONCE => {}
                Ok(_) | Err(_) => return,
            }
        }
    });
    first.recv().map_err(|_| Error::NoBrowser)
}

/// Takes every `ONHAND_*` out of what a child will see, and puts it into a group of its own so that
/// an interrupt in our terminal does not reach it.
pub(super) fn without_our_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ONHAND_") {
            command.env_remove(name);
        }
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn says_so_when_there_is_no_browser() {
        assert_eq!(start(vec![Command::new("/nonexistent/opener")]), Err(Error::NoBrowser));
        assert_eq!(start(Vec::new()), Err(Error::NoBrowser));
    }

    #[test]
    fn asks_the_next_opener_when_one_fails_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("opened");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        start(vec![
            Command::new("/nonexistent/opener"),
            shell("exit 3"),
            shell(&format!("echo yes > {}", pipe.display())),
        ])
        .unwrap();
        assert_eq!(std::fs::read_to_string(pipe).unwrap(), "yes\n");
    }
}
