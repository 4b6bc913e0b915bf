//! The way of a page from the answer into the database.
//!
//! A page is read and derived on any thread, several at once; one thread writes. What has come while
//! it wrote is written together, so that a slow disk costs one wait and not one for each page. A page
//! counts as received once it is on the disk.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tokio::sync::{Semaphore, oneshot};

use crate::database::{Database, lock};
use crate::fhir::bundle::{self, NotJson, PageKind, PageRead};
use crate::fhir::json;
use crate::store::{Arrived, Error, OwnedBeside, PageCounts, Ready, Result, Roll, RunId};

/// Pages that may be on their way at once.
const UNDER_WAY: u32 = 6;
/// Pages of one chain that may be on their way while the next is asked for.
const AHEAD: usize = 3;
/// Records that are derived again at a time, and how many times at once.
const AGAIN: u32 = 100;
const AGAIN_AT_ONCE: usize = 4;

/// Takes the pages of a run.
pub(super) struct Intake {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    run: RunId,
    roll: Arc<Roll>,
    waiting: Mutex<Vec<Waiting>>,
    under_way: Arc<Semaphore>,
}

/// A page that is to be written.
struct Waiting {
    ready: Ready,
    now: Timestamp,
    kept: oneshot::Sender<Result<PageCounts>>,
}

/// A page that was read.
pub(super) struct Taken {
    /// What it says of itself, and what stands on it.
    pub(super) page: PageRead,
    /// What becomes of what came on it.
    pub(super) counts: PageCounts,
    /// A hash of what came on it, in its order.
    pub(super) digest: [u8; 32],
}

/// What is done with a page that breaks off, or is empty where none should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Torn {
    /// Nothing of it is kept: it will be asked for again.
    Leave,
    /// What came whole is kept.
    Keep,
}

/// The pages of one type, each behind the one before.
#[derive(Default)]
pub(super) struct Chain {
    kept: VecDeque<oneshot::Receiver<Result<PageCounts>>>,
    /// Told when the last one has its place in the line.
    in_line: Option<oneshot::Receiver<()>>,
    /// What its pages bring, those on their way too.
    so_far: PageCounts,
}

impl Chain {
    /// Whether so many are on their way that the next is not to be asked for yet.
    pub(super) fn is_long(&self) -> bool {
        self.kept.len() > AHEAD
    }

    /// Waits until the first that is on its way is kept; `None` when none is.
    ///
    /// # Errors
    /// When it could not be kept.
    pub(super) async fn kept(&mut self) -> Result<Option<PageCounts>> {
        match self.kept.pop_front() {
            Some(first) => first.await.unwrap_or_else(|_| Err(broken())).map(Some),
            None => Ok(None),
        }
    }
}

impl Intake {
    pub(super) async fn begin(database: &Database, run: RunId) -> Result<Intake> {
        let roll = database.write(move |store| store.roll(run)).await?;
        Ok(Intake {
            inner: Arc::new(Inner {
                database: database.clone(),
                run,
                roll,
                waiting: Mutex::default(),
                under_way: Arc::new(Semaphore::new(UNDER_WAY as usize)),
            }),
        })
    }

    /// Reads an answer to what was `asked` for and has it kept behind the pages of its chain. Gives
    /// the page as soon as it is read. `beside` is given the page and what its chain has brought with
    /// it, and says what is to be written in the same transaction.
    ///
    /// A page that is torn is left or kept as `torn` says.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(super) async fn take(
        &self,
        asked: &str,
        body: Vec<u8>,
        now: Timestamp,
        chain: &mut Chain,
        torn: Torn,
        beside: impl FnOnce(&Taken, PageCounts) -> Result<OwnedBeside> + Send + 'static,
    ) -> Result<Taken> {
        let inner = Arc::clone(&self.inner);
        let place = Arc::clone(&inner.under_way).acquire_owned().await.map_err(|_| broken())?;
        let asked = asked.to_owned();
        let so_far = chain.so_far;
        let beside = move |taken: &Taken| {
            let mut all = so_far;
            all.add(taken.counts);
            beside(taken, all)
        };
        let (tell_page, page) = oneshot::channel();
        let (tell_kept, kept) = oneshot::channel();
        let (tell_in_line, in_line) = oneshot::channel();
        let before = chain.in_line.replace(in_line);
        chain.kept.push_back(kept);
        tokio::spawn(async move {
            let ready = inner.clone().read(asked, body, torn, tell_page, beside).await;
            let is_behind = match before {
                Some(before) => before.await.is_ok(),
                None => true,
            };
            // Where the one before could not be read, what stands beside this one counts it all the
            // same, and would be wrong.
            match ready.and_then(|ready| if is_behind { Ok(ready) } else { Err(broken()) }) {
                Ok(ready) => {
                    lock(&inner.waiting).push(Waiting { ready, now, kept: tell_kept });
                    let _ = tell_in_line.send(());
                    inner.write().await;
                }
                // Whoever asked may be gone.
                Err(error) => drop(tell_kept.send(Err(error))),
            }
            drop(place);
        });
        match page.await {
            Ok(taken) => {
                chain.so_far.add(taken.counts);
                Ok(taken)
            }
            // It failed before it had read the page, and says why where it would say that it is kept.
            Err(_) => Err(match chain.kept.pop_back() {
                Some(kept) => match kept.await {
                    Ok(Err(error)) => error,
                    Ok(Ok(_)) | Err(_) => broken(),
                },
                None => broken(),
            }),
        }
    }

    /// Waits until no page is under way, derives again what was put off, and settles the run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(super) async fn settle(&self) -> Result<()> {
        let _all = self.inner.under_way.acquire_many(UNDER_WAY).await.map_err(|_| broken())?;
        let (database, run) = (&self.inner.database, self.inner.run);
        let mut derived = VecDeque::new();
        let mut after = Some(0);
        loop {
            while let Some(last) = after.filter(|_| derived.len() < AGAIN_AT_ONCE) {
                let waiting = database.read(move |store| store.waiting(last, AGAIN)).await?;
                after = waiting.last().copied();
                if !waiting.is_empty() {
                    let database = database.clone();
                    derived.push_back(tokio::spawn(async move {
                        database.read(move |store| store.derive_again(&waiting)).await
                    }));
                }
            }
            // The search takes numbers best as they rise: one batch is written after the other.
            let Some(first) = derived.pop_front() else { break };
            let again = first.await.map_err(|_| broken())??;
            database.write(move |store| store.keep_again(again)).await?;
        }
        database.write(move |store| store.settle_parts(run)).await
    }
}

impl Inner {
    async fn read(
        self: Arc<Self>,
        asked: String,
        body: Vec<u8>,
        torn: Torn,
        tell: oneshot::Sender<Taken>,
        beside: impl FnOnce(&Taken) -> Result<OwnedBeside> + Send + 'static,
    ) -> Result<Ready> {
        let database = self.database.clone();
        database
            .read(move |reader| {
                // The tree borrows from the bytes, and the bytes go into the database with it.
                let bytes = body;
                let document = json::parse(&bytes);
                let (page, values) = bundle::read_parsed(&document, &bytes);
                let is_left = torn == Torn::Leave && is_short(&page);
                let arrived = page.entries.iter().filter(|_| !is_left).filter_map(|entry| {
                    let is_outcome = entry.resource_type == "OperationOutcome";
                    let matches = entry.resource_type == asked
                        && !matches!(entry.search_mode.as_deref(), Some("include" | "outcome"));
                    (!is_outcome).then(|| Arrived {
                        resource_type: &entry.resource_type,
                        id: entry.id.as_deref(),
                        raw: entry.raw.clone(),
                        counts: matches,
                    })
                });
                let mut ready = Ready::claim(reader, self.run, &self.roll, &bytes, arrived)?;
                let is_flawless = document.flaws.is_empty();
                let taken = Taken { page, counts: ready.counts(), digest: ready.digest() };
                let beside = match is_left {
                    true => OwnedBeside::default(),
                    false => beside(&taken)?,
                };
                // Whoever asked may be gone.
                let _ = tell.send(taken);
                ready.derive(reader, self.run, &self.roll, &bytes, |start| {
                    let found = values.binary_search_by_key(&start, |value| value.span().start);
                    found.ok().filter(|_| is_flawless).and_then(|at| values.get(at)).copied()
                })?;
                drop(values);
                drop(document);
                Ok(ready.with(bytes).beside(beside))
            })
            .await
    }

    /// Writes all that waits, unless another has just done it.
    async fn write(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        let written = self
            .database
            .write(move |store| {
                let waiting = std::mem::take(&mut *lock(&inner.waiting));
                let Some(now) = waiting.iter().map(|one| one.now).max() else { return Ok(()) };
                let (pages, kept): (Vec<Ready>, Vec<_>) =
                    waiting.into_iter().map(|one| (one.ready, one.kept)).unzip();
                match store.commit(inner.run, pages, now) {
                    Ok(counts) => {
                        for (kept, counts) in kept.into_iter().zip(counts) {
                            let _ = kept.send(Ok(counts));
                        }
                    }
                    Err(error) => {
                        for kept in kept {
                            let _ = kept.send(Err(error.clone()));
                        }
                    }
                }
                Ok(())
            })
            .await;
        // Each page's own answer says what became of it.
        drop(written);
    }
}

/// Whether there should be more of a page.
pub(super) fn is_short(page: &PageRead) -> bool {
    page.torn || page.kind == PageKind::NotJson(NotJson::Empty)
}

fn broken() -> Error {
    Error::Unexpected("a page was lost on its way".to_owned())
}
