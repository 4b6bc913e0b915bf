//! Copying an account's record: in the background for a window, awaited for the command line.

use std::fs::File;

use tokio::sync::watch;

use super::{App, Error};
use crate::api::{ApiError, Event, HostRequests, Run, SyncProgress, SyncReport, VersionView};
use crate::database::lock;
use crate::onpatient::portal::Portal;
use crate::store;
use crate::sync::{self, Job, Observer, Session};

const LOCK_FILE: &str = "sync.lock";

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
        let (job, file) = self.prepare(account, true).await?;
        let stop = self.enter(account)?;
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
        let stop = self.enter(account)?;
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
        let session = Session::open(
            database.clone(),
            account,
            self.data_dir(),
            self.inner.options.clock.clone(),
        )
        .await
        .map_err(sync::Error::from)?;
        let job = Job {
            database,
            session,
            portal: Portal::new(&row.origin, row.certificate)?,
            account,
            by_hand,
            clock: self.inner.options.clock.clone(),
            outgoing: self.inner.outgoing.clone(),
            requests_per_hour: self.settings().requests_per_hour,
        };
        Ok((job, file))
    }

    fn enter(&self, account: i64) -> Result<watch::Receiver<bool>, Error> {
        let mut syncing = lock(&self.inner.syncing);
        if syncing.is_some() {
            return Err(Error::AlreadySyncing);
        }
        let (stop, stopped) = watch::channel(false);
        let progress = SyncProgress { account, by_hand: true, ..SyncProgress::default() };
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
