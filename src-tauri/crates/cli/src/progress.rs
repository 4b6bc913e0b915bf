//! How a sync goes, on standard error: a bar on a terminal, a line for each type elsewhere.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onhand_core::api::{SyncProgress, TypeProgress, TypeProgressState};

use crate::text::one_line;

/// Shows a sync while it runs.
pub(crate) enum Progress {
    /// On a terminal.
    Bar(ProgressBar),
    /// Elsewhere; holds the types already told.
    Lines(BTreeSet<String>),
}

impl Progress {
    /// What fits standard error.
    pub(crate) fn on_stderr() -> Progress {
        if !io::stderr().is_terminal() {
            return Progress::Lines(BTreeSet::new());
        }
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = "{spinner} {elapsed} {bar:30} {pos} of {len} records  {wide_msg}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        // Nothing is told while a page or a pause is waited for; the time goes on all the same.
        bar.enable_steady_tick(Duration::from_secs(1));
        Progress::Bar(bar)
    }

    /// The sync went on.
    pub(crate) fn update(&mut self, progress: &SyncProgress) {
        match self {
            Progress::Bar(bar) => {
                bar.set_length(progress.promised.max(progress.received));
                bar.set_position(progress.received);
                let running: Vec<_> = progress
                    .types
                    .iter()
                    .filter(|one| one.state == TypeProgressState::Running)
                    .map(|one| one_line(&one.name))
                    .collect();
                bar.set_message(match &progress.waiting {
                    Some(waiting) => one_line(waiting),
                    None => running.join(", "),
                });
            }
            Progress::Lines(told) => {
                for one in &progress.types {
                    let ended = !matches!(
                        one.state,
                        TypeProgressState::Waiting | TypeProgressState::Running
                    );
                    if ended && told.insert(one.resource_type.clone()) {
                        // Progress that nobody can read is no reason to stop a sync.
                        writeln!(io::stderr(), "{}", line(one)).ok();
                    }
                }
            }
        }
    }

    /// The sync is over; the bar goes away.
    pub(crate) fn finish(self) {
        if let Progress::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn line(progress: &TypeProgress) -> String {
    let name = one_line(&progress.name);
    let received = progress.received;
    match (progress.state, progress.promised) {
        (TypeProgressState::NotOffered, _) => format!("{name}: not offered"),
        (TypeProgressState::Refused, _) => format!("{name}: refused"),
        (TypeProgressState::Failed, _) => format!("{name}: failed"),
        (TypeProgressState::Partial, Some(promised)) => {
            format!("{name}: {received} of {promised}, not all")
        }
        (TypeProgressState::Partial, None) => format!("{name}: {received}, not all"),
        (
            TypeProgressState::Waiting | TypeProgressState::Running | TypeProgressState::Complete,
            _,
        ) => format!("{name}: {received}"),
    }
}
