//! The count of a sync while it runs, from which both progress and report are told.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::types;
use super::{SyncProgress, SyncReport, TypeOutcome, TypeProgress, TypeProgressState, TypeState};
use crate::store::PageCounts;

/// Progress is told at most this often.
const EVERY: Duration = Duration::from_millis(100);

/// Told how a sync goes.
pub type Observer = Box<dyn Fn(SyncProgress) + Send + Sync>;

/// The count of one sync.
pub(super) struct Tally {
    account: i64,
    began: Instant,
    requests: AtomicU64,
    types: Mutex<Vec<TypeTally>>,
    told: Mutex<Option<Instant>>,
    observer: Observer,
}

/// The count of one type.
#[derive(Clone, Debug)]
pub(super) struct TypeTally {
    pub(super) resource_type: String,
    pub(super) promised: Option<u64>,
    pub(super) counts: PageCounts,
    pub(super) gone: u64,
    pub(super) state: TypeProgressState,
    pub(super) reason: Option<String>,
}

impl Tally {
    pub(super) fn new(account: i64, observer: Observer) -> Tally {
        Tally {
            account,
            began: Instant::now(),
            requests: AtomicU64::new(0),
            types: Mutex::new(Vec::new()),
            told: Mutex::new(None),
            observer,
        }
    }

    pub(super) fn expect<'a>(&self, types: impl IntoIterator<Item = &'a str>) {
        let mut all = self.types();
        for resource_type in types {
            all.push(TypeTally {
                resource_type: resource_type.to_owned(),
                promised: None,
                counts: PageCounts::default(),
                gone: 0,
                state: TypeProgressState::Waiting,
                reason: None,
            });
        }
    }

    pub(super) fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
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
        SyncProgress {
            account: self.account,
            elapsed_ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            received: types.iter().map(|one| one.received).sum(),
            promised: types.iter().map(|one| one.promised.unwrap_or(one.received)).sum(),
            types,
            ..SyncProgress::default()
        }
    }

    pub(super) fn tell(&self) {
        (self.observer)(self.progress());
    }

    /// What came of it. A type that had not ended is partial or failed, because of `stopped`.
    pub(super) fn report(
        &self,
        started: Timestamp,
        finished: Timestamp,
        stopped: Option<String>,
    ) -> SyncReport {
        let types: Vec<TypeOutcome> = self
            .types()
            .iter()
            .map(|one| {
                let unfinished =
                    if one.counts.received() > 0 { TypeState::Partial } else { TypeState::Failed };
                let state = match one.state {
                    TypeProgressState::Complete => TypeState::Complete,
                    TypeProgressState::Partial => TypeState::Partial,
                    TypeProgressState::Refused => TypeState::Refused,
                    TypeProgressState::NotOffered => TypeState::NotOffered,
                    TypeProgressState::Failed => TypeState::Failed,
                    TypeProgressState::Waiting | TypeProgressState::Running => unfinished,
                };
                TypeOutcome {
                    resource_type: one.resource_type.clone(),
                    name: types::name(&one.resource_type).to_owned(),
                    promised: one.promised,
                    received: one.counts.received(),
                    new: one.counts.new,
                    changed: one.counts.changed,
                    unchanged: one.counts.unchanged,
                    gone: one.gone,
                    moved: 0,
                    back: 0,
                    refused: 0,
                    failed: 0,
                    known: 0,
                    cause: None,
                    hint: None,
                    state,
                    reason: one.reason.clone().or_else(|| {
                        let ended = matches!(state, TypeState::Complete | TypeState::NotOffered);
                        if ended { None } else { stopped.clone() }
                    }),
                }
            })
            .collect();
        let ended = types
            .iter()
            .all(|one| matches!(one.state, TypeState::Complete | TypeState::NotOffered));
        let patient = types.iter().any(|one| {
            one.resource_type == "Patient" && one.state == TypeState::Complete && one.received > 0
        });
        let mut report = SyncReport {
            complete: ended && patient && stopped.is_none(),
            requests: self.requests.load(Ordering::Relaxed),
            started: started.to_string(),
            finished: finished.to_string(),
            stopped,
            types,
            ..SyncReport::default()
        };
        report.add_up();
        report.put_into_words(None);
        report
    }

    fn types(&self) -> MutexGuard<'_, Vec<TypeTally>> {
        self.types.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
