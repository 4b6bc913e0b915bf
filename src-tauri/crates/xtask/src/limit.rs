//! A limit of time on work that starts other programs: what hangs is ended, and with it everything
//! it started.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};

/// How long the work may take to notice that all it waits for was ended.
const LAST_WORD: Duration = Duration::from_secs(10);

/// Does `work`, and gives what it gives. When that takes longer than `limit`, every program that this
/// one has started (and they in turn) is ended, and an error says so.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        // Nobody waits for it any more if it comes too late.
        let _ = done.send(work());
    });
    match ended.recv_timeout(limit) {
        Ok(outcome) => outcome,
        Err(mpsc::RecvTimeoutError::Disconnected) => bail!("It ended in a panic."),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            let n = end_all(std::process::id());
            let _ = ended.recv_timeout(LAST_WORD);
            bail!("It hung: it took longer than {} and was ended ({n} programs).", in_words(limit))
        }
    }
}

fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 120 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

/// Ends all that descends from a process, not the process itself. Gives how many those were.
fn end_all(of: u32) -> usize {
    let mut n_ended = 0;
    // What starts while the others end is met by the next round.
    for _ in 0..5 {
        let found = processes().map(|all| descendants(of, &all)).unwrap_or_default();
        if found.is_empty() {
            break;
        }
        n_ended += found.len();
        for id in found {
            let mut end = if cfg!(windows) {
                let mut end = Command::new("taskkill");
                end.args(["/F", "/PID", &id.to_string()]);
                end
            } else {
                let mut end = Command::new("sh");
                end.args(["-c", "kill -KILL \"$1\"", "sh", &id.to_string()]);
                end
            };
            // It may have ended by itself meanwhile.
            let _ = end.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
    n_ended
}

/// Every process of this machine with its parent.
fn processes() -> anyhow::Result<Vec<(u32, u32)>> {
    if cfg!(target_os = "linux") {
        let mut all = Vec::new();
        for entry in std::fs::read_dir("/proc")? {
            let entry = entry?;
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // Its name, in brackets, may hold anything; what follows does not.
            let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
            let Some((_, rest)) = stat.rsplit_once(')') else { continue };
            if let Some(parent) = rest.split_whitespace().nth(1).and_then(|text| text.parse().ok())
                // Those that have ended and wait to be noticed.
                && !rest.trim_start().starts_with('Z')
            {
                all.push((id, parent));
            }
        }
        return Ok(all);
    }
    let mut list = if cfg!(windows) {
        let mut list = Command::new("powershell");
        list.args([
            "-NoProfile",
            "-Command",
            "Get-CimInstance Win32_Process | ForEach-Object { \"$($_.ProcessId) $($_.ParentProcessId)\" }",
        ]);
        list
    } else {
        let mut list = Command::new("ps");
        list.args(["-A", "-o", "pid=,ppid="]);
        list
    };
    let output = list.output().context("the list of processes cannot be had")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        })
        .collect())
}

fn descendants(of: u32, all: &[(u32, u32)]) -> Vec<u32> {
    let mut found = vec![of];
    let mut idx = 0;
    while let Some(parent) = found.get(idx).copied() {
        let children = all.iter().filter(|(id, its)| *its == parent && !found.contains(id));
        let children: Vec<u32> = children.map(|(id, _)| *id).collect();
        found.extend(children);
        idx += 1;
    }
    found.split_off(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_what_the_work_gives() {
        assert_eq!(within(Duration::from_secs(60), || Ok(7)).unwrap(), 7);
        let failed = within::<()>(Duration::from_secs(60), || bail!("no"));
        assert_eq!(failed.unwrap_err().to_string(), "no");
        let panicked = within::<()>(Duration::from_secs(60), || panic!("on purpose"));
        assert!(panicked.unwrap_err().to_string().contains("panic"));
    }

    #[test]
    fn finds_children_and_their_children_and_nobody_else() {
        let all = [(1, 0), (2, 1), (3, 2), (4, 3), (5, 1), (6, 5)];
        assert_eq!(descendants(2, &all), [3, 4]);
        assert_eq!(descendants(1, &all), [2, 5, 3, 6, 4]);
        assert!(descendants(6, &all).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn ends_what_hangs_and_what_it_started() {
        let _alone = crate::machine::tests::alone();
        let begin = std::time::Instant::now();
        // The inner one holds the pipe, as a test that hangs does.
        let hung = within(Duration::from_millis(300), || {
            let mut outer = Command::new("sh");
            outer.args(["-c", "sleep 300; echo never"]).stdout(Stdio::piped());
            Ok(outer.output()?.status.code())
        });
        assert!(hung.unwrap_err().to_string().contains("It hung"));
        assert!(begin.elapsed() < Duration::from_secs(60));
        assert!(descendants(std::process::id(), &processes().unwrap()).is_empty());
    }
}
