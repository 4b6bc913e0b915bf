//! Copying an account's record: in the background for a window, awaited for the command line.

use std::fs::File;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{App, Error};
use crate::api::{ApiError, Event, HostRequests, Run, SyncProgress, SyncReport, VersionView};
use crate::database::lock;
use crate::onpatient::portal::Portal;
use crate::store;
use crate::sync::{self, Job, Observer, Session};

const LOCK_FILE: &str = "sync.lock";
/// A sync that began by itself is not tried again within this time.
const PAUSE: SignedDuration = SignedDuration::from_mins(30);
/// One whose requests were spent, or that the portal asked to pause, goes on by itself for so long after
/// it could: within a day of its last page it still goes on where it was.
const GOES_ON_LATE: SignedDuration = SignedDuration::from_hours(22);

/// A sync under way.
pub(super) struct UnderWay {
    stop: watch::Sender<bool>,
    progress: SyncProgress,
}

impl App {
    /// Begins a sync; `SyncProgressed` events and one `SyncFinished` or `SyncFailed` follow.
    ///
    /// # Errors
    /// When there is no such account, nobody is signed in, or a sync of this data folder is running
    /// here or in another Onhand.
    pub async fn sync(&self, account: i64) -> Result<SyncProgress, Error> {
        // One that began by itself is the one that is asked for.
        match self.syncing() {
            Some(progress) if progress.account == account => Ok(progress),
            Some(_) | None => self.begin_sync(account, true).await,
        }
    }

    /// Begins a sync of a connection whose last one is older than the person set, or that can go on
    /// now after the hour's requests were spent; `None` where none is due. A connection that was
    /// never copied is due only where `never_copied` says so: a window that has just made it begins
    /// itself.
    ///
    /// Where the person has switched this off, none begins; one that they asked for still goes on to
    /// its end, as that is what they asked for.
    pub async fn sync_if_due(&self, never_copied: bool) -> Option<SyncProgress> {
        if self.syncing().is_some() || self.connecting().is_some() {
            return None;
        }
        let after = self.settings().sync_after_hours;
        let now = (self.inner.options.clock)();
        let database = self.database().ok()?;
        let accounts = database
            .read(|store| {
                let mut tries = Vec::new();
                for account in store.accounts()? {
                    if account.signed_in && !account.disconnected {
                        let report =
                            store.last_report(account.id)?.and_then(|json| SyncReport::read(&json));
                        tries.push((account.id, store.last_tries(account.id)?, report));
                    }
                }
                Ok(tries)
            })
            .await
            .ok()?;
        for (account, (tried, ended), report) in accounts {
            let tried = tried.max(lock(&self.inner.tried).get(&account).copied());
            let by_hand = report.as_ref().is_some_and(|report| report.by_hand);
            let goes_on_at = report.and_then(|report| report.goes_on_at?.parse().ok());
            let last = Last { tried, ended, by_hand, goes_on_at };
            if is_due(&last, after, never_copied, now) {
                lock(&self.inner.tried).insert(account, now);
                // Why it could not begin is told when the person asks for it.
                return self.begin_sync(account, false).await.ok();
            }
        }
        None
    }

    async fn begin_sync(&self, account: i64, by_hand: bool) -> Result<SyncProgress, Error> {
        let (job, file) = self.prepare(account, by_hand).await?;
        let stop = self.enter(account, by_hand)?;
        let app = self.clone();
        tokio::spawn(async move {
            let observed = app.clone();
            let observer: Observer = Box::new(move |progress| observed.progressed(progress));
            let ended = sync::run(&job, stop, observer).await;
            // Unlocked before anybody is told, who may then begin another.
            drop(file);
            lock(&app.inner.syncing).take();
            match ended {
                Ok(report) => app.emit(Event::SyncFinished(report)),
                Err(error) => app.emit(Event::SyncFailed(ApiError::from(Error::from(error)))),
            }
            app.changed();
        });
        self.syncing().ok_or(Error::Stopped)
    }

    /// Copies an account's record and waits for the end.
    ///
    /// # Errors
    /// As [`App::sync`], and when the sync itself fails.
    pub async fn sync_now(&self, account: i64, observer: Observer) -> Result<SyncReport, Error> {
        let (job, _file) = self.prepare(account, true).await?;
        let stop = self.enter(account, true)?;
        let ended = sync::run(&job, stop, observer).await;
        lock(&self.inner.syncing).take();
        self.changed();
        Ok(ended?)
    }

    /// The syncs of an account, newest first.
    ///
    /// # Errors
    /// When there is no open database or it cannot be read.
    pub async fn runs(&self, account: i64) -> Result<Vec<Run>, Error> {
        self.read(move |store| store.runs(account)).await
    }

    /// Each earlier version of a record beside the next newer one, newest first.
    ///
    /// # Errors
    /// As [`App::runs`], and when there is no such record.
    pub async fn versions(&self, record: i64) -> Result<Vec<VersionView>, Error> {
        self.read(move |store| store.versions(record)).await
    }

    /// Everything that left this computer, by host, purpose and day, newest day first.
    ///
    /// # Errors
    /// As [`App::runs`].
    pub async fn requests(&self) -> Result<Vec<HostRequests>, Error> {
        let database = self.database()?;
        let sent = self.inner.outgoing.take();
        let again = sent.clone();
        if let Err(error) = database.write(move |store| store.note_requests(&sent)).await {
            self.inner.outgoing.give_back(again);
            return Err(error.into());
        }
        Ok(database.read(|store| store.requests()).await?)
    }

    /// The sync under way, if one is.
    pub fn syncing(&self) -> Option<SyncProgress> {
        lock(&self.inner.syncing).as_ref().map(|under_way| under_way.progress.clone())
    }

    /// Stops the sync under way, if one is; what has arrived stays.
    pub fn cancel_sync(&self) {
        if let Some(under_way) = lock(&self.inner.syncing).as_ref() {
            under_way.stop.send_replace(true);
        }
    }

    async fn prepare(&self, account: i64, by_hand: bool) -> Result<(Job, File), Error> {
        let database = self.database()?;
        let row = database
            .read(move |store| store.account(account))
            .await
            .map_err(|_| Error::NoAccount)?;
        let file = self.lock_sync()?;
        let portal = Portal::new(&row.origin, row.certificate)?.counted_by(self.outgoing());
        let session = Session::open(
            database.clone(),
            account,
            &portal,
            self.data_dir(),
            self.inner.options.clock.clone(),
        )
        .await
        .map_err(sync::Error::from)?;
        let job = Job {
            database,
            session,
            portal,
            account,
            by_hand,
            clock: self.inner.options.clock.clone(),
            outgoing: self.outgoing(),
            requests_per_hour: self.settings().requests_per_hour,
        };
        Ok((job, file))
    }

    fn enter(&self, account: i64, by_hand: bool) -> Result<watch::Receiver<bool>, Error> {
        let mut syncing = lock(&self.inner.syncing);
        if syncing.is_some() {
            return Err(Error::AlreadySyncing);
        }
        let (stop, stopped) = watch::channel(false);
        let progress = SyncProgress { account, by_hand, ..SyncProgress::default() };
        *syncing = Some(UnderWay { stop, progress });
        Ok(stopped)
    }

    fn progressed(&self, progress: SyncProgress) {
        if let Some(under_way) = lock(&self.inner.syncing).as_mut() {
            under_way.progress = progress.clone();
        }
        self.emit(Event::SyncProgressed(progress));
    }

    /// One sync at a time on one data folder, whichever program runs it.
    fn lock_sync(&self) -> Result<File, Error> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.data_dir().join(LOCK_FILE))
            .map_err(|_| Error::Store(store::Error::Unreachable))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(Error::AlreadySyncing),
            Err(std::fs::TryLockError::Error(_)) => Err(Error::Store(store::Error::Unreachable)),
        }
    }
}

/// The last syncs of a connection.
struct Last {
    /// When one was last begun.
    tried: Option<Timestamp>,
    /// When one last came to an end.
    ended: Option<Timestamp>,
    /// Whether the person asked for that one.
    by_hand: bool,
    /// When it can go on.
    goes_on_at: Option<Timestamp>,
}

/// Whether a connection is to be copied by itself, which begins `after_hours` where it is not off.
fn is_due(last: &Last, after_hours: Option<u32>, never_copied: bool, now: Timestamp) -> bool {
    let since = |at: Timestamp| now.duration_since(at);
    // What lies ahead was noted by a clock that was wrong.
    let is_recent =
        |at: Timestamp, limit: SignedDuration| !since(at).is_negative() && since(at) < limit;
    if let Some(goes_on_at) = last.goes_on_at
        && last.ended.is_some_and(|ended| ended <= goes_on_at)
        && since(goes_on_at) < GOES_ON_LATE
        && (last.by_hand || after_hours.is_some())
    {
        let has_failed = last.tried.is_some_and(|at| at >= goes_on_at && is_recent(at, PAUSE));
        return goes_on_at <= now && !has_failed;
    }
    let Some(after_hours) = after_hours else { return false };
    if last.tried.is_some_and(|at| is_recent(at, PAUSE)) {
        return false;
    }
    match last.ended {
        Some(ended) => !is_recent(ended, SignedDuration::from_hours(i64::from(after_hours))),
        None => never_copied || last.tried.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-{text}:00Z").parse().unwrap()
    }

    #[test]
    fn a_sync_is_due_when_the_last_one_is_old_and_none_was_tried_just_now() {
        let now = at("24T12:00");
        let last = |tried, ended, goes_on_at| {
            let time = |text: &str| (!text.is_empty()).then(|| at(text));
            let by_hand = true;
            Last { tried: time(tried), ended: time(ended), by_hand, goes_on_at: time(goes_on_at) }
        };
        for (tried, ended, goes_on_at, due) in [
            ("24T05:59", "24T06:00", "", true),
            ("24T06:01", "24T06:01", "", false),
            ("24T11:45", "24T05:00", "", false),
            ("24T11:00", "24T05:00", "", true),
            ("24T11:00", "", "", true),
            // A clock that was a day ahead.
            ("25T11:00", "25T11:01", "", true),
            // The hour's requests were spent.
            ("24T11:10", "24T11:15", "24T11:59", true),
            ("24T11:10", "24T11:15", "24T12:01", false),
            ("24T11:30", "24T11:45", "24T11:20", false),
            // Onhand was closed when it could go on.
            ("24T06:10", "24T06:15", "24T07:00", true),
            // It was tried then, and failed.
            ("24T11:45", "24T06:15", "24T07:00", false),
            ("24T11:15", "24T06:15", "24T07:00", true),
        ] {
            let found = is_due(&last(tried, ended, goes_on_at), Some(6), false, now);
            assert_eq!(found, due, "{tried} {ended} {goes_on_at}");
        }
        assert!(is_due(&last("", "", ""), Some(6), true, now));
        assert!(!is_due(&last("", "", ""), Some(6), false, now));

        // Switched off: none begins, and one that the person asked for goes on.
        assert!(!is_due(&last("24T05:59", "24T06:00", ""), None, true, now));
        let spent = last("24T11:10", "24T11:15", "24T11:59");
        assert!(is_due(&spent, None, false, now));
        assert!(!is_due(&Last { by_hand: false, ..spent }, None, false, now));
    }
}
