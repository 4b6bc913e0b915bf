//! The count of a sync while it runs, from which both progress and report are told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::trouble::{Stop, Trouble};
use super::types;
use super::{SyncProgress, SyncReport, TypeOutcome, TypeProgress, TypeProgressState, TypeState};
use crate::store::PageCounts;

/// Progress is told at most this often.
const EVERY: Duration = Duration::from_millis(100);

/// Told how a sync goes.
pub type Observer = Box<dyn Fn(SyncProgress) + Send + Sync>;

/// What is known of a run besides its types.
pub(super) struct About {
    pub(super) account: i64,
    pub(super) run: i64,
    pub(super) by_hand: bool,
    /// When its first part began.
    pub(super) started: Timestamp,
    /// Whether it goes on with one that was stopped.
    pub(super) goes_on: bool,
}

/// The count of one sync.
pub(super) struct Tally {
    about: About,
    began: Instant,
    requests: AtomicU64,
    types: Mutex<Vec<TypeTally>>,
    waiting: Mutex<Option<String>>,
    told: Mutex<Option<Instant>>,
    observer: Observer,
}

/// The count of one type. It is kept with each page, so that a run can go on from it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TypeTally {
    pub(super) resource_type: String,
    pub(super) state: TypeProgressState,
    /// `Bundle.total` of the last page that had one.
    pub(super) promised: Option<u64>,
    /// Whether the total changed from one page of a sweep to another.
    pub(super) promise_moved: bool,
    /// Which sweep of it this is: 0, or 1 for the second in this run.
    pub(super) pass: u32,
    /// What came in this sweep.
    pub(super) counts: PageCounts,
    /// What the sweeps of this run found new, changed and back.
    pub(super) found: Found,
    pub(super) gone: u64,
    pub(super) moved: u64,
    /// Read one by one and refused.
    pub(super) refused: u64,
    /// Asked for one by one and not there; not among those promised.
    pub(super) missing: u64,
    /// Kept and not gone before this run.
    pub(super) known: u64,
    /// Why it is not complete.
    pub(super) trouble: Option<Trouble>,
    /// What is odd about it though it is.
    pub(super) note: Option<String>,
}

/// What sweeps found, of whatever pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) back: u64,
}

impl TypeTally {
    pub(super) fn new(resource_type: &str) -> TypeTally {
        TypeTally {
            resource_type: resource_type.to_owned(),
            state: TypeProgressState::Waiting,
            promised: None,
            promise_moved: false,
            pass: 0,
            counts: PageCounts::default(),
            found: Found::default(),
            gone: 0,
            moved: 0,
            refused: 0,
            missing: 0,
            known: 0,
            trouble: None,
            note: None,
        }
    }

    /// Begins to count a sweep.
    pub(super) fn begin_pass(&mut self, pass: u32) {
        self.state = TypeProgressState::Running;
        self.pass = pass;
        self.promised = None;
        self.promise_moved = false;
        self.counts = PageCounts::default();
        self.trouble = None;
        self.note = None;
    }

    /// Begins to count reads of single resources: those that came in an earlier part of the run stay.
    pub(super) fn begin_reads(&mut self) {
        self.promised = Some(self.counts.received());
        self.refused = 0;
        self.missing = 0;
        self.trouble = None;
        self.note = None;
    }

    /// Whether something that was kept before this run did not come in this sweep.
    pub(super) fn lacks(&self) -> bool {
        let PageCounts { changed, unchanged, back, .. } = self.counts;
        self.known > (changed + unchanged).saturating_sub(back)
    }

    /// Counts a page that was kept.
    pub(super) fn add(&mut self, counts: &PageCounts) {
        self.counts.add(*counts);
        self.found.new += counts.new;
        self.found.changed += counts.changed;
        self.found.back += counts.back;
    }

    /// Notes what a page promises.
    pub(super) fn promise(&mut self, total: Option<u64>) {
        if let Some(total) = total {
            self.promise_moved |= self.promised.is_some_and(|before| before != total);
            self.promised = Some(total);
        }
    }

    /// Whether it came to an end that a run that goes on need not go behind.
    pub(super) fn is_settled(&self) -> bool {
        matches!(
            self.state,
            TypeProgressState::Complete
                | TypeProgressState::NotOffered
                | TypeProgressState::Refused
        )
    }

    fn outcome(&self, stop: Option<&Stop>) -> TypeOutcome {
        let received = self.counts.received();
        let unfinished = if received > 0 { TypeState::Partial } else { TypeState::Failed };
        let state = match self.state {
            TypeProgressState::Complete => TypeState::Complete,
            TypeProgressState::Partial => TypeState::Partial,
            TypeProgressState::Refused => TypeState::Refused,
            TypeProgressState::NotOffered => TypeState::NotOffered,
            TypeProgressState::Failed => TypeState::Failed,
            TypeProgressState::Waiting | TypeProgressState::Running => unfinished,
        };
        let trouble = self.trouble.clone().or_else(|| match state {
            TypeState::Complete | TypeState::NotOffered => None,
            TypeState::Partial | TypeState::Refused | TypeState::Failed => stop.map(Stop::trouble),
        });
        // A move arrived as new; the report tells it once.
        let new = self.found.new.saturating_sub(self.moved);
        // Where the portal told no number, there are at least those that are kept.
        let due = self.promised.unwrap_or(self.known);
        let short = due.saturating_sub(received + self.refused);
        let (refused, failed) = match state {
            TypeState::Complete | TypeState::NotOffered => (self.refused, 0),
            TypeState::Refused => (self.refused + short, 0),
            TypeState::Partial | TypeState::Failed => (self.refused, short),
        };
        TypeOutcome {
            resource_type: self.resource_type.clone(),
            name: types::name(&self.resource_type).to_owned(),
            promised: self.promised,
            received,
            new,
            changed: self.found.changed,
            unchanged: received.saturating_sub(new + self.found.changed + self.moved),
            gone: self.gone,
            moved: self.moved,
            back: self.found.back,
            refused,
            failed,
            known: self.known,
            state,
            reason: trouble.as_ref().map(|trouble| trouble.reason.clone()).or(self.note.clone()),
            cause: trouble.as_ref().map(|trouble| trouble.cause.clone()),
            hint: trouble.and_then(|trouble| trouble.hint),
        }
    }
}

impl Tally {
    pub(super) fn new(about: About, observer: Observer) -> Tally {
        Tally {
            about,
            began: Instant::now(),
            requests: AtomicU64::new(0),
            types: Mutex::new(Vec::new()),
            waiting: Mutex::new(None),
            told: Mutex::new(None),
            observer,
        }
    }

    /// Adds types that are to come, unless they stand there already.
    pub(super) fn expect<'a>(&self, types: impl IntoIterator<Item = &'a str>) {
        let mut all = self.types();
        for resource_type in types {
            if !all.iter().any(|one| one.resource_type == resource_type) {
                all.push(TypeTally::new(resource_type));
            }
        }
    }

    /// Puts the count of a part before in the place of a type.
    pub(super) fn restore(&self, kept: TypeTally, requests: u64) {
        self.requests.fetch_max(requests, Ordering::Relaxed);
        let mut all = self.types();
        match all.iter_mut().find(|one| one.resource_type == kept.resource_type) {
            Some(one) => *one = kept,
            None => all.push(kept),
        }
    }

    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Says what is waited for, or that nothing is.
    pub(super) fn wait_for(&self, what: Option<String>) {
        let is_new = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let is_new = *waiting != what;
            *waiting = what;
            is_new
        };
        if is_new {
            self.tell();
        }
    }

    /// Changes the count of a type and tells the observer, unless it was told a moment ago.
    pub(super) fn update(&self, resource_type: &str, change: impl FnOnce(&mut TypeTally)) {
        if let Some(one) = self.types().iter_mut().find(|one| one.resource_type == resource_type) {
            change(one);
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|at| at.elapsed() >= EVERY) {
            *told = Some(Instant::now());
            drop(told);
            (self.observer)(self.progress());
        }
    }

    pub(super) fn of(&self, resource_type: &str) -> Option<TypeTally> {
        self.types().iter().find(|one| one.resource_type == resource_type).cloned()
    }

    pub(super) fn progress(&self) -> SyncProgress {
        let types: Vec<TypeProgress> = self
            .types()
            .iter()
            .map(|one| TypeProgress {
                resource_type: one.resource_type.clone(),
                name: types::name(&one.resource_type).to_owned(),
                promised: one.promised,
                received: one.counts.received(),
                state: one.state,
            })
            .collect();
        // As the report sums them: what records only refer to stands in its own line.
        let asked_for = || types.iter().filter(|one| !types::is_referred(&one.resource_type));
        SyncProgress {
            account: self.about.account,
            elapsed_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            received: asked_for().map(|one| one.received).sum(),
            promised: asked_for().map(|one| one.promised.unwrap_or(one.received)).sum(),
            by_hand: self.about.by_hand,
            goes_on: self.about.goes_on,
            waiting: self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            types,
        }
    }

    pub(super) fn tell(&self) {
        (self.observer)(self.progress());
    }

    /// What came of it. A type that had not ended is partial or failed, because of `stop`.
    pub(super) fn report(&self, finished: Timestamp, stop: Option<&Stop>) -> SyncReport {
        let types: Vec<TypeOutcome> = self.types().iter().map(|one| one.outcome(stop)).collect();
        let ended = types
            .iter()
            .all(|one| matches!(one.state, TypeState::Complete | TypeState::NotOffered));
        let patient = types.iter().any(|one| {
            one.resource_type == "Patient" && one.state == TypeState::Complete && one.received > 0
        });
        let mut report = SyncReport {
            complete: ended && patient && stop.is_none(),
            requests: self.requests(),
            started: self.about.started.to_string(),
            finished: finished.to_string(),
            stopped: stop.map(|stop| stop.trouble().reason),
            run: Some(self.about.run),
            by_hand: self.about.by_hand,
            goes_on_at: stop.and_then(Stop::until).map(|until| until.to_string()),
            types,
            ..SyncReport::default()
        };
        report.add_up();
        report.put_into_words(stop.map(|stop| stop.trouble().cause).as_deref());
        report
    }

    fn types(&self) -> MutexGuard<'_, Vec<TypeTally>> {
        self.types.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> Tally {
        let about = About {
            account: 1,
            run: 1,
            by_hand: true,
            started: Timestamp::UNIX_EPOCH,
            goes_on: false,
        };
        Tally::new(about, Box::new(|_| {}))
    }

    fn came(n: u64) -> PageCounts {
        PageCounts { unchanged: n, ..PageCounts::default() }
    }

    #[test]
    fn what_records_only_refer_to_does_not_move_the_sums() {
        let tally = tally();
        tally.expect(["Goal", "Practitioner"]);
        for (name, n) in [("Goal", 812), ("Practitioner", 3)] {
            tally.update(name, |one| {
                one.promise(Some(n));
                one.add(&came(n));
            });
        }
        let progress = tally.progress();
        assert_eq!((progress.received, progress.promised), (812, 812));
        assert_eq!(progress.types.len(), 2);
        assert_eq!(tally.report(Timestamp::UNIX_EPOCH, None).received, 812);
    }

    #[test]
    fn of_a_type_that_failed_whole_all_that_are_kept_failed() {
        let mut one = TypeTally { known: 17, ..TypeTally::new("Goal") };
        for (state, counts) in [
            (TypeProgressState::Failed, (0, 17)),
            (TypeProgressState::Refused, (17, 0)),
            (TypeProgressState::NotOffered, (0, 0)),
        ] {
            one.state = state;
            let outcome = one.outcome(None);
            assert_eq!((outcome.refused, outcome.failed), counts, "{state:?}");
        }
        one.add(&came(5));
        one.state = TypeProgressState::Partial;
        assert_eq!(one.outcome(None).failed, 12);
        one.promise(Some(20));
        assert_eq!(one.outcome(None).failed, 15);
    }

    #[test]
    fn what_does_not_come_again_is_lacking_whatever_came_beside_it() {
        let mut one = TypeTally { known: 10, ..TypeTally::new("Goal") };
        one.add(&PageCounts { new: 3, changed: 2, unchanged: 8, back: 1, ..PageCounts::default() });
        assert!(one.lacks());
        one.add(&came(1));
        assert!(!one.lacks());
    }
}
