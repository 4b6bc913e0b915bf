//! The bars, and whether each is kept.

use std::time::Duration;

/// What was measured.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<(&'static str, f64, Option<f64>)>,
}

impl Table {
    /// A figure that may be at most `bar`.
    pub(crate) fn bar(&mut self, what: &'static str, is: f64, bar: f64) {
        self.rows.push((what, is, Some(bar)));
    }

    /// A figure without a bar.
    pub(crate) fn told(&mut self, what: &'static str, is: f64) {
        self.rows.push((what, is, None));
    }

    /// Prints all of them.
    pub(crate) fn print(&self) {
        println!("{:<46} {:>9} {:>9}", "", "is", "at most");
        for (what, is, bar) in &self.rows {
            match bar {
                Some(bar) => {
                    let word = if is <= bar { "kept" } else { "NOT KEPT" };
                    println!("{what:<46} {is:>9.2} {bar:>9.2}  {word}");
                }
                None => println!("{what:<46} {is:>9.2}"),
            }
        }
    }
}

/// How many times `floor` is in `ours`.
pub(crate) fn ratio(ours: Duration, floor: Duration) -> f64 {
    ours.as_secs_f64() / floor.as_secs_f64().max(1e-9)
}

/// The time that so many of a hundred stay within.
pub(crate) fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

/// The time that processors have worked for this process (proc_pid_stat(5), fields 14 and 15, in
/// hundredths of a second); none where there is no such file.
pub(crate) fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 =
        fields.split(' ').skip(12).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
