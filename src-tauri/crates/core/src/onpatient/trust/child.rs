//! Programs that are asked to do something with a certificate: helpers of ours and the system's own
//! tools, each for a moment, without our environment.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::super::browser;

const WITHIN: Duration = Duration::from_secs(10);
const MAX_ANSWER: u64 = 16 * 1024 * 1024;

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub output: Vec<u8>,
    /// What it wrote to standard error.
    pub said: Vec<u8>,
}

/// Runs a program to its end, at most ten seconds.
///
/// # Errors
/// When it cannot be started, or takes longer.
pub(super) fn run(command: &mut Command, input: &[u8]) -> io::Result<Ended> {
    run_within(WITHIN, command, input)
}

/// The same for a program that may ask the person something.
///
/// # Errors
/// As [`run`].
pub(super) fn run_within(
    within: Duration,
    command: &mut Command,
    input: &[u8],
) -> io::Result<Ended> {
    browser::without_our_environment(command);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let input = input.to_vec();
    let (send, received) = mpsc::channel();
    thread::spawn(move || {
        let _ = send.send(talk(stdin, stdout, stderr, &input));
    });
    match received.recv_timeout(within) {
        Ok(written) => end(&mut child, written),
        Err(_) => {
            child.kill()?;
            child.wait()?;
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

type Written = (Vec<u8>, Vec<u8>);

fn talk(
    stdin: Option<impl Write>,
    stdout: Option<impl Read>,
    stderr: Option<impl Read + Send + 'static>,
    input: &[u8],
) -> io::Result<Written> {
    // Aside, so that neither pipe fills up while the other is read.
    let said = thread::spawn(move || read(stderr));
    if let Some(mut stdin) = stdin {
        match stdin.write_all(input) {
            // A program that reads nothing is asked nothing.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    let output = read(stdout)?;
    Ok((output, said.join().unwrap_or_else(|_| Ok(Vec::new()))?))
}

fn read(from: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        from.take(MAX_ANSWER).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn end(child: &mut Child, written: io::Result<Written>) -> io::Result<Ended> {
    let status = child.wait()?;
    let (output, said) = written?;
    Ok(Ended { code: status.code(), output, said })
}
