//! A display without a screen, and pictures of what is on it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// A running Xvfb; it ends when this is dropped.
pub(crate) struct Display {
    server: Child,
    /// Its name, as `DISPLAY` wants it.
    pub(crate) name: String,
}

impl Display {
    /// Starts one under a number that is free.
    pub(crate) fn start() -> anyhow::Result<Self> {
        // `-displayfd` has Xvfb choose the number and say it once it can be used.
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x900x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb could not be started")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut number).context("Xvfb said nothing")?;
        }
        let display = Self { server, name: format!(":{}", number.trim()) };
        if number.trim().is_empty() {
            bail!("Xvfb ended before it had a display.");
        }
        Ok(display)
    }

    /// Takes a picture once the window on it has been drawn and stands still, or after `patience`.
    /// Gives whether it came to stand still.
    pub(crate) fn picture(&self, file: &Path, patience: Duration) -> anyhow::Result<bool> {
        let begin = Instant::now();
        let mut before = Vec::new();
        loop {
            let status = Command::new("import")
                .args(["-display", &self.name, "-window", "root"])
                .arg(file)
                .status()
                .context("import could not be started")?;
            let now = fs::read(file).unwrap_or_default();
            if status.success() && is_drawn(&now) && now.len() == before.len() {
                return Ok(true);
            }
            if begin.elapsed() > patience {
                return Ok(false);
            }
            before = now;
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // It may have ended by itself; nothing is left to do then.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Whether a picture shows more than an empty screen, which as PNG takes a few hundred bytes.
fn is_drawn(picture: &[u8]) -> bool {
    picture.len() > 8 * 1024
}
