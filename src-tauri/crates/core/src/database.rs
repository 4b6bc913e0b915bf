//! The store from async code: one writer, a few readers, never on the async threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub(crate) use crate::lock::lock;
use tokio::sync::Semaphore;

use crate::store::{Error, Result, Store};
use crate::vault::DatabaseKey;

/// An open database that async code shares. Reads do not wait for a write under way.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    key: DatabaseKey,
    writer: Arc<tokio::sync::Mutex<Store>>,
    idle_readers: Mutex<Vec<Store>>,
    reading: Arc<Semaphore>,
    walker: Arc<tokio::sync::Mutex<Option<Store>>>,
}

/// Connections that read at once. Each keeps pages of the file in memory, and there are not more
/// processors that could decrypt them than about so many.
const READERS: usize = 4;

impl Database {
    /// Opens the database at `path`, makes it if there is none, and migrates it. Blocks.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(path: &Path, key: DatabaseKey) -> Result<Database> {
        let writer = Store::open(path, key.expose())?;
        Ok(Database {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                key,
                writer: Arc::new(tokio::sync::Mutex::new(writer)),
                idle_readers: Mutex::new(Vec::new()),
                reading: Arc::new(Semaphore::new(READERS)),
                walker: Arc::default(),
            }),
        })
    }

    /// Runs `f` on a connection that only reads.
    ///
    /// # Errors
    /// What `f` says, or that a connection cannot be opened.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        // Never closed, so that this is always given.
        let turn = Arc::clone(&inner.reading).acquire_owned().await.ok();
        run(move || {
            let idle = lock(&inner.idle_readers).pop();
            let reader = inner.reader(idle)?;
            let outcome = f(&reader);
            lock(&inner.idle_readers).push(reader);
            drop(turn);
            outcome
        })
        .await
    }

    /// Runs `f` on the one connection for what walks all records, which keeps what it found; one at a
    /// time, so that nothing is walked twice.
    ///
    /// # Errors
    /// As [`Database::read`].
    pub async fn walk<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let mut walker = Arc::clone(&inner.walker).lock_owned().await;
        run(move || {
            let reader = inner.reader(walker.take())?;
            let outcome = f(&reader);
            *walker = Some(reader);
            outcome
        })
        .await
    }

    /// Runs `f` on the connection that writes; one at a time.
    ///
    /// # Errors
    /// What `f` says.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Store) -> Result<T> + Send + 'static,
    {
        let writer = Arc::clone(&self.inner.writer);
        // What was asked for is written, whether or not whoever asked still waits for it.
        let written = tokio::spawn(async move {
            // Waited for as a task: a thread that waits costs memory of its own.
            let mut store = writer.lock_owned().await;
            run(move || f(&mut store)).await
        });
        written.await.unwrap_or_else(|_| Err(ended_early()))
    }
}

impl Inner {
    /// A connection that only reads: the one that is there, or another.
    fn reader(&self, idle: Option<Store>) -> Result<Store> {
        idle.map_or_else(|| Store::open_reader(&self.path, self.key.expose()), Ok)
    }
}

async fn run<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f).await.unwrap_or_else(|_| Err(ended_early()))
}

fn ended_early() -> Error {
    Error::Unexpected("a task ended before its time".to_owned())
}
