//! Standard output and standard error: results on the one, all else on the other.

use std::io::{self, IsTerminal, Write};

use console::Term;
use serde_json::Value;

use crate::exit::Stop;

/// Where results go and in which form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Whether they are one JSON document.
    pub(crate) json: bool,
}

impl Output {
    /// Writes a JSON document and a line feed.
    pub(crate) fn document(&self, document: &Value) -> Result<(), Stop> {
        let mut text = serde_json::to_vec_pretty(document)
            .map_err(|error| Stop::failed(format!("The result could not be written ({error}).")))?;
        text.push(b'\n');
        self.bytes(&text)
    }

    /// Writes text and a line feed.
    pub(crate) fn text(&self, text: &str) -> Result<(), Stop> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// Writes exactly these bytes.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Stop> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            // The reader has enough, as `head` has.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Stop::failed(format!("The result could not be written ({error})."))),
            Ok(()) => Ok(()),
        }
    }

    /// Writes a line for the person, on standard error.
    pub(crate) fn tell(&self, line: &str) {
        // There is nowhere left to say that this did not work.
        writeln!(io::stderr(), "{line}").ok();
    }

    /// How wide the terminal is, `None` where standard output is none: nothing is cut there.
    pub(crate) fn width(&self) -> Option<usize> {
        let terminal = Term::stdout();
        terminal.is_term().then(|| usize::from(terminal.size().1))
    }

    /// Asks for a yes on the terminal, `None` where nobody is there to ask.
    pub(crate) fn ask(&self, question: &str) -> Option<bool> {
        let stdin = io::stdin();
        if !stdin.is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        write!(io::stderr(), "{question} [y/N] ").ok()?;
        io::stderr().flush().ok()?;
        let mut answer = String::new();
        stdin.read_line(&mut answer).ok()?;
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Writes a question of which the answer is the next line that is typed.
    pub(crate) fn ask_for_a_line(&self, question: &str) {
        // There is nowhere left to say that this did not work.
        write!(io::stderr(), "{question} [y/N] ").ok();
        io::stderr().flush().ok();
    }

    /// Asks for a passphrase on the terminal without showing it, `None` where nobody is there.
    pub(crate) fn ask_passphrase(&self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let terminal = Term::stderr();
        terminal.write_str(question).ok()?;
        terminal.read_secure_line().ok()
    }
}
