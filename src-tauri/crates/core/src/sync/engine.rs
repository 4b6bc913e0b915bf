//! The sync itself: which requests, in which order, and what each answer means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::watch;
use url::Url;

use super::budget::{self, Budget};
use super::intake::{Chain, Intake, Taken, Torn, is_short};
use super::session::{self, Session};
use super::tally::{About, Observer, Tally, TypeTally};
use super::trouble::{Stop, Trouble, in_minutes};
use super::types::{REFERRED, SEARCHED, SEARCHED_IF_NAMED};
use super::{SyncReport, TypeProgressState};
use crate::clock::Clock;
use crate::database::{Database, lock};
use crate::fhir::bundle::{self, NotJson, PageKind, PageRead};
use crate::fhir::json;
use crate::onpatient::client::{self, Answer, Client, Limits};
use crate::onpatient::portal::Portal;
use crate::outgoing::Outgoing;
use crate::record::{Lookup, derive};
use crate::store::{
    self, Absent, Change, OpenedRun, OwnedBeside, PageCounts, Patient, RunId, TypeMemory,
};

/// Requests under way at once.
const AT_ONCE: usize = 4;
/// Resources asked for at a time (OnPatient's own parameter `page-size`; its default is 50).
const FIRST_PAGE_SIZE: u32 = 100;
/// What every portal gives.
const SMALLEST_PAGE_SIZE: u32 = 50;
/// What is asked for where so many are more than one answer may hold.
const SMALLER_PAGE_SIZES: [u32; 3] = [SMALLEST_PAGE_SIZE, 5, 1];
/// Larger pages save no time worth the wait for each.
const LARGEST_PAGE_SIZE: u32 = 500;
/// Tries of one request.
const TRIES: u32 = 4;
/// Tries beyond the first that one type may cost.
const RETRIES_PER_TYPE: u32 = 20;
/// The longest that a `Retry-After` is waited for. A longer one ends the run for now.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// The longest that a run can be put off and still go on from where it was.
const LONGEST_PAUSE: Duration = Duration::from_secs(90 * 60);
/// Waits shorter than this are not worth telling.
const TELLS_WAITS_FROM: Duration = Duration::from_secs(3);
/// So many requests in a row without an answer: the portal is not there any more.
const GIVES_UP_AFTER: u32 = 12;
/// How long a type that the portal does not offer, or a single resource that it does not have, is left
/// alone.
const NOT_OFFERED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Rounds of reading what records refer to: a practitioner may name an organization.
const REFERRED_ROUNDS: usize = 3;
/// Times a sweep of a type begins anew because of its pages' size.
const BEGINNINGS: usize = 4;
/// Pages in a row that bring nothing although the portal names a next one.
const EMPTY_PAGES: u32 = 10;
/// Pages in a row that bring only what came before.
const KNOWN_PAGES: u32 = 3;

/// What a sync needs.
pub struct Job {
    /// Where everything goes.
    pub database: Database,
    /// The tokens.
    pub session: Session,
    /// The portal; it counts by `outgoing`.
    pub portal: Portal,
    /// The account.
    pub account: i64,
    /// Whether the person asked for it: then types that the portal did not offer are asked again.
    pub by_hand: bool,
    /// Tells the time.
    pub clock: Clock,
    /// Counts what leaves this computer.
    pub outgoing: Outgoing,
    /// The most requests in an hour, where the person chose a number.
    pub requests_per_hour: Option<u32>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No token.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The portal could not be asked at all.
    #[error(transparent)]
    Portal(#[from] client::Error),
    /// The database did not do its work.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The portal's answer about the patient could not be read.
    #[error(
        "The portal's answer to \"whose record is this?\" could not be understood. Try again later."
    )]
    NoPatient,
    /// The hour's requests are spent.
    #[error(
        "Onhand asks a portal only so many times an hour, and that many are spent. Try again in {}.",
        in_minutes(*.minutes)
    )]
    Spent {
        /// When it can go on.
        until: Timestamp,
        /// In how many minutes that is.
        minutes: i64,
    },
    /// The portal asks for a pause that is too long to be waited for.
    #[error("The portal asks for a pause of {}. Try again then.", in_minutes(*.minutes))]
    Pause {
        /// When it can go on.
        until: Timestamp,
        /// In how many minutes that is.
        minutes: i64,
    },
    /// The person stopped it.
    #[error("You stopped it before anything had come.")]
    Stopped,
}

/// Copies an account's record, going on from where the last run was stopped within a day. Ends
/// when everything was asked for, or soon after `stop` says true; what has arrived by then is kept,
/// and the report says what is missing.
///
/// # Errors
/// When nothing could be asked (no token, no network, no requests left) or the database fails; what
/// was committed until then stays.
pub async fn run(
    job: &Job,
    stop: watch::Receiver<bool>,
    observer: Observer,
) -> Result<SyncReport, Error> {
    let (account, by_hand, now) = (job.account, job.by_hand, (job.clock)());
    let opened = job.database.write(move |store| store.open_run(account, by_hand, now)).await?;
    let run = opened.run;
    let ended = match Sync::begin(job, opened, stop, observer).await {
        Ok(sync) => sync.carry_out().await,
        Err(error) => Err(error),
    };
    if let Err(error) = &ended {
        let (why, now) = (error.to_string(), (job.clock)());
        // A database that fails has said so already.
        let _ = job.database.write(move |store| store.fail_run(run, &why, now)).await;
    }
    let (sent, now) = (job.outgoing.take(), (job.clock)());
    let again = sent.clone();
    let noted = job
        .database
        .write(move |store| {
            store.note_requests(&sent)?;
            store.fold_requests(now)
        })
        .await;
    if noted.is_err() {
        job.outgoing.give_back(again);
    }
    ended
}

/// Asks the portal whom a sign-in is about (`GET /Patient`, bound by the token).
///
/// # Errors
/// When the portal cannot be asked, or its answer holds no patient.
pub async fn find_people(portal: &Portal, access: &SecretString) -> Result<Vec<Patient>, Error> {
    let client = Client::new(portal)?;
    let mut url = search_url(portal, "Patient", FIRST_PAGE_SIZE).ok_or(Error::NoPatient)?;
    let mut people: Vec<Patient> = Vec::new();
    let mut visited = BTreeSet::new();
    while visited.insert(url.clone()) {
        let answer = with_patience(|| client.get(&url, access, Limits::default())).await?;
        let page = bundle::read_page(&answer.body);
        for entry in &page.entries {
            if entry.resource_type == "Patient"
                && let Some(body) = answer.body.get(entry.raw.clone())
                && let Some(person) = patient(entry.id.as_deref(), body)
                && !people.iter().any(|known| known.patient_id == person.patient_id)
            {
                people.push(person);
            }
        }
        match page.next.and_then(|next| answer.url.join(&next).ok()) {
            Some(next) => url = next,
            None => break,
        }
    }
    if people.is_empty() { Err(Error::NoPatient) } else { Ok(people) }
}

/// How far a run has come with a type, as it is kept with each page.
#[derive(Serialize, Deserialize)]
struct Bookmark {
    requests: u64,
    tally: TypeTally,
    place: Option<Place>,
}

/// The place to go on from.
#[derive(Clone, Serialize, Deserialize)]
struct Place {
    page_size: u32,
    /// What the first page held.
    first: String,
    /// The address of the next page; `None` after the last one.
    next: Option<String>,
}

struct Sync<'a> {
    job: &'a Job,
    run: RunId,
    client: Client,
    tally: Arc<Tally>,
    intake: Intake,
    budget: Arc<Budget>,
    page_size: PageSize,
    goes_on: bool,
    /// Where the types stood whose sweep a part before did not end.
    places: BTreeMap<String, Place>,
    stop: watch::Receiver<bool>,
    /// Something ended the whole sync.
    is_halted: AtomicBool,
    /// Whether the portal ever answered.
    has_answered: AtomicBool,
    /// Requests in a row without an answer.
    n_unanswered: AtomicU32,
}

/// How a walk through the pages of a type ended.
enum Walk {
    /// Every page was followed; where `in_parts` says so, the first of them in an earlier part of the
    /// run.
    Whole { in_parts: bool },
    /// 403 or 404 to the very first request.
    NotGiven,
    /// It broke off, because of this.
    Broken(Trouble),
}

/// How a type is swept.
#[derive(Clone, Copy)]
struct Sweep {
    pass: u32,
    /// How many are asked for at a time.
    size: u32,
    /// Whether nothing of the type can have come in this run.
    is_first: bool,
}

/// How a beginning of a walk ended.
enum Beginning {
    Ended(Walk),
    /// It has to begin anew, with pages of this size.
    Anew(u32),
}

impl<'a> Sync<'a> {
    async fn begin(
        job: &'a Job,
        opened: OpenedRun,
        stop: watch::Receiver<bool>,
        observer: Observer,
    ) -> Result<Sync<'a>, Error> {
        let (account, name, now) = (job.account, job.portal.host(), (job.clock)());
        let since = now.saturating_sub(SignedDuration::from_hours(2)).unwrap_or(now);
        let (spent, page_size) = job
            .database
            .read(move |store| Ok((store.requests_since(&name, since)?, store.page_size(account)?)))
            .await?;
        let most = budget::in_an_hour(job.requests_per_hour, job.portal.is_loopback());
        let budget = Arc::new(Budget::new(most, spent));
        let about = About {
            account,
            run: opened.run.id,
            by_hand: job.by_hand,
            started: opened.started,
            goes_on: opened.parts > 1,
        };
        let tally = Arc::new(Tally::new(about, observer));
        let counter = {
            let (tally, budget) = (Arc::clone(&tally), Arc::clone(&budget));
            let clock = Arc::clone(&job.clock);
            Arc::new(move || {
                tally.count_request();
                budget.spend(clock());
            })
        };
        tally.expect(SEARCHED.iter().map(|(name, _)| *name));
        let mut places = BTreeMap::new();
        for (name, state) in &opened.sweeps {
            // One that an older Onhand wrote in another form is swept anew.
            let Ok(kept) = serde_json::from_str::<Bookmark>(state) else { continue };
            if kept.tally.state == TypeProgressState::Running
                && let Some(place) = kept.place
            {
                places.insert(name.clone(), place);
            }
            tally.restore(kept.tally, kept.requests);
        }
        Ok(Sync {
            client: Client::new(&job.portal)?.counted_by(counter),
            job,
            run: opened.run,
            tally,
            intake: Intake::begin(&job.database, opened.run).await?,
            budget,
            page_size: PageSize::new(page_size),
            goes_on: opened.parts > 1,
            places,
            stop,
            is_halted: AtomicBool::new(false),
            has_answered: AtomicBool::new(false),
            n_unanswered: AtomicU32::new(0),
        })
    }

    async fn carry_out(&self) -> Result<SyncReport, Error> {
        let stop = match self.copy().await {
            Ok(()) => None,
            Err(error) => match self.stop_for(&error) {
                Some(stop) => Some(stop),
                None => return Err(error),
            },
        };
        let run = self.run;
        self.intake.settle().await?;
        let finished = (self.job.clock)();
        let report = self.tally.report(finished, stop.as_ref());
        let json = serde_json::to_string(&report).map_err(store::Error::from)?;
        self.job
            .database
            .write(move |store| match stop {
                None => store.finish_run(run, &json, finished),
                Some(_) => store.pause_run(run, &json, finished),
            })
            .await?;
        self.tally.tell();
        Ok(report)
    }

    /// What ended the whole, where that leaves something to report.
    fn stop_for(&self, error: &Error) -> Option<Stop> {
        let stop = match error {
            Error::Stopped => return Some(Stop::Person),
            Error::Session(session::Error::Ended | session::Error::NotSignedIn) => {
                Stop::SignIn(error.to_string())
            }
            Error::Session(session::Error::Portal(_)) | Error::Portal(_) => Stop::Unreachable,
            Error::Spent { until, .. } => Stop::Spent(*until),
            Error::Pause { until, minutes } => Stop::Pause(*until, *minutes),
            Error::Session(session::Error::Store(_)) | Error::Store(_) | Error::NoPatient => {
                return None;
            }
        };
        (self.tally.progress().received > 0).then_some(stop)
    }

    async fn copy(&self) -> Result<(), Error> {
        self.tally.tell();
        // First and alone: it tells whether there is a portal and a sign-in at all.
        let mut again = self.sweep_all(vec!["Patient"], 0).await?;
        let named = self.types_in_metadata().await?;
        let extra: Vec<&'static str> = SEARCHED_IF_NAMED
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| named.contains(*name))
            .collect();
        self.tally.expect(extra.iter().copied());
        let rest = SEARCHED.iter().map(|(name, _)| *name).filter(|name| *name != "Patient");
        again.extend(self.sweep_all(rest.chain(extra).collect(), 0).await?);
        // What was odd is asked once more when everything else is through: what is wrong for a moment
        // is right again then.
        self.sweep_all(again, 1).await?;
        self.read_referred(&named).await
    }

    /// Sweeps types, a few at once. Gives those that are to be swept once more. After an error of the
    /// whole sync those under way come to a halt by themselves.
    async fn sweep_all(
        &self,
        types: Vec<&'static str>,
        pass: u32,
    ) -> Result<Vec<&'static str>, Error> {
        let mut futures = Vec::with_capacity(types.len());
        for name in types {
            futures.push(self.sweep(name, pass));
        }
        let mut sweeps = stream::iter(futures).buffer_unordered(AT_ONCE);
        let (mut again, mut failed) = (Vec::new(), None);
        while let Some(ended) = sweeps.next().await {
            match ended {
                Ok(next) => again.extend(next),
                Err(error) => {
                    self.is_halted.store(true, Ordering::Relaxed);
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(again), Err)
    }

    /// Copies one type, as far as it goes, and notes how it ended. Gives it back where it is to be
    /// swept once more.
    async fn sweep(
        &self,
        resource_type: &'static str,
        pass: u32,
    ) -> Result<Option<&'static str>, Error> {
        let account = self.job.account;
        let name = resource_type.to_owned();
        let (memory, known) = self
            .job
            .database
            .read(move |store| {
                Ok((store.type_memory(account, &name)?, store.known(account, &name)?))
            })
            .await?;
        let kept = self.tally.of(resource_type).unwrap_or_else(|| TypeTally::new(resource_type));
        let was_begun = self.goes_on && kept.state != TypeProgressState::Waiting;
        if pass == 0 && was_begun && kept.is_settled() {
            return Ok(None);
        }
        let now = (self.job.clock)();
        if !self.job.by_hand && self.is_left_alone(memory, now) {
            self.tally.update(resource_type, |one| one.state = TypeProgressState::NotOffered);
            return Ok(None);
        }
        if pass == 0 && !was_begun {
            self.tally.update(resource_type, |one| one.known = known);
        }
        // A second sweep that was interrupted goes on as one.
        let place = (pass == 0).then(|| self.places.get(resource_type)).flatten();
        let pass = if place.is_some() { kept.pass } else { pass };
        let walk = self.walk(resource_type, pass, place).await?;
        self.conclude(resource_type, memory, walk).await
    }

    fn is_left_alone(&self, memory: TypeMemory, now: Timestamp) -> bool {
        memory.not_offered_since.is_some_and(|at| now.duration_since(at) < NOT_OFFERED_FOR)
    }

    async fn conclude(
        &self,
        resource_type: &'static str,
        memory: TypeMemory,
        walk: Walk,
    ) -> Result<Option<&'static str>, Error> {
        let Some(mut tally) = self.tally.of(resource_type) else { return Ok(None) };
        let received = tally.counts.received();
        let now = (self.job.clock)();
        let mut remembered = TypeMemory { given: memory.given || received > 0, ..memory };
        let mut is_whole = false;
        match walk {
            Walk::NotGiven if memory.given || tally.known > 0 => {
                tally.state = TypeProgressState::Refused;
                tally.trouble = Some(Trouble::refused());
            }
            Walk::NotGiven => {
                tally.state = TypeProgressState::NotOffered;
                let since = memory.not_offered_since.unwrap_or(now);
                remembered = TypeMemory { given: false, not_offered_since: Some(since) };
            }
            Walk::Broken(trouble) => {
                tally.state = if received > 0 {
                    TypeProgressState::Partial
                } else {
                    TypeProgressState::Failed
                };
                tally.trouble = Some(trouble);
            }
            Walk::Whole { in_parts } => {
                remembered.not_offered_since = None;
                let distinct = received - tally.counts.twins.min(received);
                let differs = tally
                    .promised
                    .filter(|promised| *promised != received && *promised != distinct);
                let has_fallen = has_fallen(tally.known, received);
                // No count vouches for it that all came that there is: none was told, or rows may have
                // moved between the parts.
                let is_unproved = tally.promised.is_none() || in_parts;
                let is_odd = differs.is_some()
                    || tally.promise_moved
                    || tally.counts.fresh_twins > 0
                    || tally.promised.is_none() && tally.counts.again > 0
                    || is_unproved && tally.lacks()
                    || has_fallen;
                if is_odd && tally.pass == 0 {
                    self.tally.update(resource_type, |one| one.state = TypeProgressState::Waiting);
                    return Ok(Some(resource_type));
                }
                if let Some(promised) = differs {
                    tally.state = TypeProgressState::Partial;
                    let times = tally.pass + 1;
                    tally.trouble = Some(Trouble::counts_differ(promised, received, times));
                } else {
                    tally.state = TypeProgressState::Complete;
                    // One that changes while it is swept is whole, and does not tell what is gone.
                    is_whole = !tally.promise_moved;
                    tally.note = twins_note(&tally.counts).or_else(|| {
                        has_fallen.then(|| {
                            format!(
                                "There were {} of these before, and the portal sends {received} \
                                 now. The others are kept and marked; ask your practice.",
                                tally.known
                            )
                        })
                    });
                }
            }
        }
        let run = self.run;
        if is_whole && (received > 0 || tally.known > 0) {
            let (name, goes_on) = (resource_type.to_owned(), self.goes_on);
            let (Absent { gone, moved }, noted) = self
                .job
                .database
                .write(move |store| {
                    let absent = store.mark_gone(run, &name, now)?;
                    // A part before may have been killed between marking these and counting them.
                    let noted = match goes_on {
                        true => store.change_counts(run.id, Some(&name))?,
                        false => BTreeMap::new(),
                    };
                    Ok((absent, noted))
                })
                .await?;
            let noted = |change: Change| noted.get(change.name()).copied().unwrap_or(0);
            tally.gone = (tally.gone + gone).max(noted(Change::Gone));
            tally.moved = (tally.moved + moved).max(noted(Change::Moved));
        }
        let state = self.bookmark(tally.clone(), None)?;
        self.tally.update(resource_type, |one| *one = tally);
        let (name, sent) = (resource_type.to_owned(), self.job.outgoing.take());
        let whole = is_whole;
        self.job
            .database
            .write(move |store| {
                let beside = OwnedBeside { sweep: Some((name.clone(), state)), sent };
                store.end_sweep(run, &name, remembered, whole, &beside, now)
            })
            .await?;
        Ok(None)
    }

    fn bookmark(&self, tally: TypeTally, place: Option<Place>) -> Result<String, Error> {
        let requests = self.tally.requests();
        Ok(serde_json::to_string(&Bookmark { requests, tally, place })
            .map_err(store::Error::from)?)
    }

    /// Follows the pages of a type and has each kept; from `place`, where the portal still has the same
    /// first page.
    async fn walk(
        &self,
        resource_type: &str,
        pass: u32,
        place: Option<&Place>,
    ) -> Result<Walk, Error> {
        let retries = AtomicU32::new(RETRIES_PER_TYPE);
        let mut size = place.map_or_else(|| self.page_size.asked(), |place| place.page_size);
        let mut place = place;
        let mut is_first = pass == 0 && !self.goes_on;
        for _ in 0..BEGINNINGS {
            let mut chain = Chain::default();
            let place = place.take();
            let sweep = Sweep { pass, size, is_first: std::mem::take(&mut is_first) };
            let ended = self.follow(resource_type, sweep, place, &retries, &mut chain).await;
            // What is on its way is kept, whatever ended the walk.
            self.count_kept(resource_type, &mut chain, true).await?;
            match ended? {
                Beginning::Ended(walk) => return Ok(walk),
                Beginning::Anew(smaller) => size = smaller,
            }
        }
        Ok(Walk::Broken(Trouble::not_understood()))
    }

    async fn follow(
        &self,
        resource_type: &str,
        Sweep { pass, size, is_first }: Sweep,
        place: Option<&Place>,
        retries: &AtomicU32,
        chain: &mut Chain,
    ) -> Result<Beginning, Error> {
        let broken = |trouble| Ok(Beginning::Ended(Walk::Broken(trouble)));
        let Some(mut url) = search_url(&self.job.portal, resource_type, size) else {
            return broken(Trouble::unreadable_address());
        };
        let mut visited = BTreeSet::from([url.clone()]);
        let mut answer = match self.get(&url, retries).await? {
            Ok(answer) => answer,
            Err(client::Error::Status { code: 403 | 404, .. }) => {
                return Ok(Beginning::Ended(Walk::NotGiven));
            }
            Err(error) => {
                return Ok(match self.smaller(size, &error) {
                    Some(smaller) => Beginning::Anew(smaller),
                    None => Beginning::Ended(Walk::Broken(Trouble::of(&error))),
                });
            }
        };
        let mut goes_on = false;
        if let Some(place) = place {
            let (first, again) = first_page_of(answer).await?;
            answer = again;
            match place.next.as_deref().filter(|_| first == place.first).map(Url::parse) {
                // The last page was kept, and then it was interrupted.
                None if first == place.first => {
                    return Ok(Beginning::Ended(Walk::Whole { in_parts: true }));
                }
                Some(Ok(next)) if self.job.portal.is_same_origin(&next) => {
                    answer = match self.get(&next, retries).await? {
                        Ok(answer) => answer,
                        Err(client::Error::Status { code: 400..=499, .. }) => {
                            return Ok(Beginning::Anew(size));
                        }
                        Err(error) => return broken(Trouble::of(&error)),
                    };
                    visited.insert(next.clone());
                    url = next;
                    goes_on = true;
                }
                Some(_) | None => {}
            }
        }
        if goes_on {
            self.tally.update(resource_type, |one| one.state = TypeProgressState::Running);
        } else {
            if !is_first {
                let (run, name) = (self.run, resource_type.to_owned());
                self.job.database.write(move |store| store.sweep_again(run, &name)).await?;
            }
            self.tally.update(resource_type, |one| one.begin_pass(pass));
        }

        let mut first = place.filter(|_| goes_on).map(|place| place.first.clone());
        let mut circle = Circle::default();
        let base_tally = self.tally.of(resource_type);
        loop {
            let bookmark = base_tally.clone().map(|tally| (tally, size, first.clone()));
            let (taken, onward) =
                match self.take(resource_type, &url, answer, retries, chain, bookmark).await? {
                    Ok(taken) => taken,
                    Err(error) => return broken(Trouble::of(&error)),
                };
            first.get_or_insert_with(|| first_page(&taken));
            self.learn_page_size(size, &taken.page).await?;
            let next = match onward {
                Ok(Some(next)) => next,
                Ok(None) => return Ok(Beginning::Ended(Walk::Whole { in_parts: goes_on })),
                Err(trouble) => return broken(trouble),
            };
            if circle.has_closed(&taken) || !visited.insert(next.clone()) {
                return broken(Trouble::circle());
            }
            answer = match self.get(&next, retries).await? {
                Ok(answer) => answer,
                Err(error @ client::Error::TooLarge { .. }) => {
                    return Ok(match self.smaller(size, &error) {
                        Some(smaller) => Beginning::Anew(smaller),
                        None => Beginning::Ended(Walk::Broken(Trouble::of(&error))),
                    });
                }
                Err(error) => return broken(Trouble::of(&error)),
            };
            url = next;
        }
    }

    /// Reads an answer and has it kept behind the pages of its chain, with the place to go on from:
    /// what the type counted when the chain began, the page size, and the first page, where this is
    /// not it. A torn page is asked for again; the last of several is kept as far as it came. Gives
    /// the page and where it leads.
    async fn take(
        &self,
        asked: &str,
        url: &Url,
        answer: Answer,
        retries: &AtomicU32,
        chain: &mut Chain,
        bookmark: Option<(TypeTally, u32, Option<String>)>,
    ) -> Result<Result<(Taken, Onward), client::Error>, Error> {
        let mut answer = answer;
        let mut tried = 0;
        loop {
            tried += 1;
            let may_try_again = answer.is_whole && tried < TRIES && take_one(retries);
            let torn = if may_try_again { Torn::Leave } else { Torn::Keep };
            let base = answer.url.clone();
            let beside = {
                let (portal, base) = (self.job.portal.clone(), base.clone());
                let (outgoing, requests) = (self.job.outgoing.clone(), self.tally.requests());
                let (name, bookmark) = (asked.to_owned(), bookmark.clone());
                let before = self.tally.of(asked);
                move |taken: &Taken, so_far: PageCounts| {
                    let mut beside = OwnedBeside { sweep: None, sent: outgoing.take() };
                    let Some((mut tally, page_size, first)) = bookmark else { return Ok(beside) };
                    tally.add(&so_far);
                    if let Some(before) = before {
                        (tally.promised, tally.promise_moved) =
                            (before.promised, before.promise_moved);
                    }
                    tally.promise(taken.page.total);
                    let first = first.unwrap_or_else(|| first_page(taken));
                    let place = onward(&portal, &base, &taken.page).ok().map(|next| Place {
                        page_size,
                        first,
                        next: next.map(String::from),
                    });
                    let state = serde_json::to_string(&Bookmark { requests, tally, place })?;
                    beside.sweep = Some((name, state));
                    Ok(beside)
                }
            };
            let now = (self.job.clock)();
            let taken = self.intake.take(asked, answer.body, now, chain, torn, beside).await?;
            let is_final = torn == Torn::Keep || !is_short(&taken.page);
            if may_try_again && is_final {
                // It was not needed.
                retries.fetch_add(1, Ordering::Relaxed);
            }
            self.count_kept(asked, chain, false).await?;
            if is_final {
                self.tally.update(asked, |one| one.promise(taken.page.total));
                let onward = onward(&self.job.portal, &base, &taken.page);
                return Ok(Ok((taken, onward)));
            }
            self.pause(back_off(tried), None).await?;
            answer = match self.get(url, retries).await? {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
        }
    }

    /// Counts the pages of a chain that are kept: all of them, or so many that the chain is short.
    async fn count_kept(
        &self,
        resource_type: &str,
        chain: &mut Chain,
        all: bool,
    ) -> Result<(), Error> {
        while all || chain.is_long() {
            let Some(counts) = chain.kept().await? else { break };
            self.tally.update(resource_type, |one| one.add(&counts));
        }
        Ok(())
    }

    /// How many a type is asked for at a time instead of `size`, where an answer failed because of
    /// that.
    fn smaller(&self, size: u32, error: &client::Error) -> Option<u32> {
        if matches!(error, client::Error::TooLarge { .. }) {
            // How large its resources are says nothing of other types.
            return SMALLER_PAGE_SIZES.into_iter().find(|smaller| *smaller < size);
        }
        let is_refused = is_about_size(error) && size > SMALLEST_PAGE_SIZE;
        is_refused.then(|| {
            self.page_size.shrink();
            SMALLEST_PAGE_SIZE
        })
    }

    /// Asks for more at a time from the next sweep on, where the portal gave all it was asked for.
    async fn learn_page_size(&self, asked: u32, page: &PageRead) -> Result<(), Error> {
        if page.next.is_none() || page.torn || asked < SMALLEST_PAGE_SIZE {
            return Ok(());
        }
        let given = u32::try_from(page.entries.len()).unwrap_or(u32::MAX);
        if let Some(learnt) = self.page_size.learn(asked, given) {
            let account = self.job.account;
            self.job.database.write(move |store| store.remember_page_size(account, learnt)).await?;
        }
        Ok(())
    }

    /// The types that the portal's Conformance statement names (`DSTU2 Conformance.rest.resource`);
    /// none where it has no such statement.
    async fn types_in_metadata(&self) -> Result<BTreeSet<String>, Error> {
        let Ok(url) = self.job.portal.fhir_base().join("metadata") else {
            return Ok(BTreeSet::new());
        };
        let retries = AtomicU32::new(TRIES);
        let answer = self.get(&url, &retries).await?;
        Ok(answer.map(|answer| conformance_types(&answer.body)).unwrap_or_default())
    }

    /// Reads what records refer to and no search brings. `named`: the types that the portal's
    /// Conformance statement names.
    async fn read_referred(&self, named: &BTreeSet<String>) -> Result<(), Error> {
        let names: Vec<&'static str> = REFERRED.iter().map(|(name, _)| *name).collect();
        let mut asked: BTreeSet<Target> = BTreeSet::new();
        let mut begun: BTreeSet<String> = BTreeSet::new();
        let missed = Missing::default();
        for _ in 0..REFERRED_ROUNDS {
            let (account, names, now) = (self.job.account, names.clone(), (self.job.clock)());
            let from = now.saturating_sub(NOT_OFFERED_FOR).unwrap_or(Timestamp::MIN);
            let portal = self.job.portal.clone();
            let (wanted, memories) = self
                .job
                .database
                .read(move |store| {
                    let is_own = |address: &str| is_own(&portal, address);
                    let wanted = store.unresolved(account, &names, from..=now, is_own)?;
                    let mut memories = BTreeMap::new();
                    for name in names {
                        memories.insert(name.to_owned(), store.type_memory(account, name)?);
                    }
                    Ok((wanted, memories))
                })
                .await?;
            let is_to_be_read = |one: &Target| {
                let memory = memories.get(&one.0).copied().unwrap_or_default();
                !asked.contains(one)
                    && !missed.is_refused(&one.0)
                    && (self.job.by_hand || !self.is_left_alone(memory, now))
            };
            // An id that makes no address is that of nothing at the portal.
            let wanted: Vec<(Target, Url)> = wanted
                .into_iter()
                .filter(is_to_be_read)
                .filter_map(|one| Some((read_url(&self.job.portal, &one.0, &one.1)?, one)))
                .map(|(url, one)| (one, url))
                .collect();
            if wanted.is_empty() {
                break;
            }
            for name in wanted.iter().map(|((name, _), _)| name.as_str()).collect::<BTreeSet<_>>() {
                self.tally.expect([name]);
                let n = wanted.iter().filter(|((other, _), _)| other == name).count() as u64;
                let is_first = begun.insert(name.to_owned());
                self.tally.update(name, |one| {
                    if is_first {
                        one.begin_reads();
                    }
                    one.state = TypeProgressState::Running;
                    one.promised = Some(one.promised.unwrap_or(0) + n);
                });
            }
            self.read_each(&wanted, &missed).await?;
            asked.extend(wanted.into_iter().map(|(one, _)| one));
        }
        for name in begun {
            self.conclude_referred(&name, named.contains(&name), missed.not_there(&name)).await?;
        }
        Ok(())
    }

    /// Reads resources by their ids, a few at once. After a 403 no more of that type are asked for.
    async fn read_each(&self, wanted: &[(Target, Url)], missed: &Missing) -> Result<(), Error> {
        let mut reads = stream::iter(wanted.iter().cloned().map(|((name, id), url)| async move {
            let ended = match missed.is_refused(&name) {
                true => Ok(Err(Missed::Refused)),
                false => self.read_one(&name, &url).await,
            };
            if let Ok(Err(why)) = &ended {
                missed.note(&name, &id, why);
            }
            (name, ended)
        }))
        .buffer_unordered(AT_ONCE);
        let mut failed = None;
        while let Some((name, ended)) = reads.next().await {
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(Missed::Refused)) => self.tally.update(&name, |one| one.refused += 1),
                Ok(Err(Missed::NotThere)) => self.tally.update(&name, |one| {
                    one.missing += 1;
                    one.promised = one.promised.map(|promised| promised.saturating_sub(1));
                }),
                Ok(Err(Missed::Trouble(trouble))) => {
                    self.tally.update(&name, |one| one.trouble = Some(trouble));
                }
                Err(error) => {
                    self.is_halted.store(true, Ordering::Relaxed);
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn read_one(&self, resource_type: &str, url: &Url) -> Result<Result<(), Missed>, Error> {
        let retries = AtomicU32::new(TRIES);
        let answer = match self.get(url, &retries).await? {
            Ok(answer) => answer,
            Err(client::Error::Status { code: 403, .. }) => return Ok(Err(Missed::Refused)),
            Err(client::Error::Status { code: 404 | 410, .. }) => {
                return Ok(Err(Missed::NotThere));
            }
            Err(error) => return Ok(Err(Missed::Trouble(Trouble::of(&error)))),
        };
        let mut chain = Chain::default();
        let taken = self.take(resource_type, url, answer, &retries, &mut chain, None).await;
        self.count_kept(resource_type, &mut chain, true).await?;
        Ok(match taken? {
            Ok((_, Ok(_))) => Ok(()),
            Ok((_, Err(trouble))) => Err(Missed::Trouble(trouble)),
            Err(error) => Err(Missed::Trouble(Trouble::of(&error))),
        })
    }

    /// Notes how the reads of a type ended. What was not there is nothing that the portal failed to
    /// give: it is told, and left alone for a while.
    async fn conclude_referred(
        &self,
        name: &str,
        is_named: bool,
        not_there: Vec<Target>,
    ) -> Result<(), Error> {
        let Some(mut tally) = self.tally.of(name) else { return Ok(()) };
        let received = tally.counts.received();
        let (account, key) = (self.job.account, name.to_owned());
        let memory = self.job.database.read(move |store| store.type_memory(account, &key)).await?;
        let now = (self.job.clock)();
        // A portal without the type answers 404 to each of its ids.
        let is_unknown = tally.missing > 0 && tally.trouble.is_none() && !is_named;
        tally.state = if received == 0 && !memory.given && (tally.refused > 0 || is_unknown) {
            TypeProgressState::NotOffered
        } else if tally.promised == Some(received) {
            TypeProgressState::Complete
        } else if received > 0 {
            TypeProgressState::Partial
        } else if tally.refused > 0 && tally.trouble.is_none() {
            TypeProgressState::Refused
        } else {
            TypeProgressState::Failed
        };
        match tally.state {
            TypeProgressState::Complete => {
                tally.trouble = None;
                tally.note = not_there_note(tally.missing);
            }
            TypeProgressState::NotOffered => tally.trouble = None,
            TypeProgressState::Refused => tally.trouble = Some(Trouble::refused()),
            TypeProgressState::Partial
            | TypeProgressState::Failed
            | TypeProgressState::Waiting
            | TypeProgressState::Running => {
                tally.trouble.get_or_insert_with(Trouble::some_refused);
            }
        }
        let is_not_offered = tally.state == TypeProgressState::NotOffered;
        let remembered = TypeMemory {
            given: memory.given || received > 0,
            not_offered_since: is_not_offered.then(|| memory.not_offered_since.unwrap_or(now)),
        };
        let state = self.bookmark(tally.clone(), None)?;
        self.tally.update(name, |one| *one = tally);
        let (run, key, sent) = (self.run, name.to_owned(), self.job.outgoing.take());
        self.job
            .database
            .write(move |store| {
                // A type that is not offered is left alone as a whole.
                if !is_not_offered {
                    store.note_not_there(account, &not_there, now)?;
                }
                let beside = OwnedBeside { sweep: Some((key.clone(), state)), sent };
                store.end_sweep(run, &key, remembered, false, &beside, now)
            })
            .await?;
        Ok(())
    }

    /// One read, with a token that is good, tried again where that makes sense. An answer that breaks
    /// off each time is given as far as it came. The outer error ends the sync, the inner one this read.
    async fn get(
        &self,
        url: &Url,
        retries: &AtomicU32,
    ) -> Result<Result<Answer, client::Error>, Error> {
        self.may_go_on()?;
        let mut access = self.job.session.access().await?;
        let mut is_renewed = false;
        let mut tried = 0;
        loop {
            self.may_go_on()?;
            tried += 1;
            let answer = tokio::select! {
                biased;
                () = told(self.stop.clone()) => return Err(Error::Stopped),
                answer = self.client.get(url, &access, Limits::default()) => answer,
            };
            let error = match answer {
                Ok(answer) => {
                    self.answered();
                    return Ok(Ok(answer));
                }
                Err(client::Error::Unauthorized) if !is_renewed => {
                    self.answered();
                    is_renewed = true;
                    access = self.job.session.renew(&access).await?;
                    continue;
                }
                Err(error) => error,
            };
            if !is_silence(&error) {
                self.answered();
            } else if !self.has_answered.load(Ordering::Relaxed)
                && !matches!(error, client::Error::TimedOut | client::Error::Interrupted)
            {
                // There is no portal to ask at all.
                return Err(Error::Portal(error));
            } else if self.n_unanswered.fetch_add(1, Ordering::Relaxed) + 1 >= GIVES_UP_AFTER {
                return Err(Error::Portal(error));
            }
            if !is_passing(&error) || tried >= TRIES || !take_one(retries) {
                // It breaks off each time: what came whole of it is kept.
                let client::Error::CutOff(came) = error else { return Ok(Err(error)) };
                return Ok(Ok(*came));
            }
            let now = (self.job.clock)();
            let asked_for = error.retry_after().map(|after| after.wait(now));
            let wait = asked_for.map_or_else(|| back_off(tried), |wait| wait + jitter());
            if wait > LONGEST_PAUSE {
                return Ok(Err(error));
            }
            if wait > LONGEST_WAIT {
                let (until, minutes) = from_now(now, wait);
                return Err(Error::Pause { until, minutes });
            }
            self.pause(wait, asked_for).await?;
        }
    }

    /// Waits, unless the person stops it; says so where the portal asked for it and it is long.
    async fn pause(&self, wait: Duration, asked_for: Option<Duration>) -> Result<(), Error> {
        let is_told = asked_for.is_some_and(|wait| wait >= TELLS_WAITS_FROM);
        if is_told {
            let seconds = wait.as_secs();
            self.tally.wait_for(Some(format!("The portal asks for a pause of {seconds} seconds.")));
        }
        let ended = tokio::select! {
            () = told(self.stop.clone()) => Err(Error::Stopped),
            () = tokio::time::sleep(wait) => Ok(()),
        };
        if is_told {
            self.tally.wait_for(None);
        }
        ended
    }

    /// Whether another request may be sent.
    fn may_go_on(&self) -> Result<(), Error> {
        if *self.stop.borrow() || self.is_halted.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        let now = (self.job.clock)();
        self.budget.may(now).map_err(|until| {
            let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            let (until, minutes) = from_now(now, wait);
            Error::Spent { until, minutes }
        })
    }

    fn answered(&self) {
        self.has_answered.store(true, Ordering::Relaxed);
        self.n_unanswered.store(0, Ordering::Relaxed);
    }
}

/// A type and an id.
type Target = (String, String);

/// Why a single resource did not come.
enum Missed {
    /// 403: to it, or to another of its type.
    Refused,
    /// 404 or 410.
    NotThere,
    Trouble(Trouble),
}

/// What the reads of single resources have not brought. Shared by those under way.
#[derive(Default)]
struct Missing {
    /// Types of which one was refused.
    refused: Mutex<BTreeSet<String>>,
    not_there: Mutex<BTreeSet<Target>>,
}

impl Missing {
    fn note(&self, name: &str, id: &str, why: &Missed) {
        match why {
            Missed::Refused => {
                lock(&self.refused).insert(name.to_owned());
            }
            Missed::NotThere => {
                lock(&self.not_there).insert((name.to_owned(), id.to_owned()));
            }
            Missed::Trouble(_) => {}
        }
    }

    fn is_refused(&self, name: &str) -> bool {
        lock(&self.refused).contains(name)
    }

    /// Those of a type.
    fn not_there(&self, name: &str) -> Vec<Target> {
        lock(&self.not_there).iter().filter(|(other, _)| other == name).cloned().collect()
    }
}

/// How many resources are asked for at a time.
struct PageSize {
    asked: AtomicU32,
    learnt: AtomicU32,
}

impl PageSize {
    fn new(learnt: Option<u32>) -> PageSize {
        let learnt = learnt.map(|n| n.clamp(SMALLEST_PAGE_SIZE, LARGEST_PAGE_SIZE));
        PageSize {
            asked: AtomicU32::new(learnt.unwrap_or(FIRST_PAGE_SIZE)),
            learnt: AtomicU32::new(learnt.unwrap_or(0)),
        }
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Notes what a page gave that is not the last. All that was asked for: twice as much may be asked
    /// for the next time. Less: that is what the portal gives. Gives what is worth remembering.
    fn learn(&self, asked: u32, given: u32) -> Option<u32> {
        let next = match given {
            _ if given >= asked => asked.saturating_mul(2).min(LARGEST_PAGE_SIZE),
            _ => given.max(SMALLEST_PAGE_SIZE),
        };
        if given >= asked {
            self.asked.fetch_max(next, Ordering::Relaxed);
        } else {
            self.asked.store(next, Ordering::Relaxed);
        }
        (self.learnt.swap(next, Ordering::Relaxed) != next).then_some(next)
    }

    fn shrink(&self) {
        self.asked.store(SMALLEST_PAGE_SIZE, Ordering::Relaxed);
    }
}

/// The address of the next page, `None` after the last one, or why there is none to be had.
type Onward = Result<Option<Url>, Trouble>;

/// Where a page leads on to.
fn onward(portal: &Portal, base: &Url, page: &PageRead) -> Onward {
    match &page.kind {
        PageKind::Bundle | PageKind::Envelope | PageKind::Resource if page.torn => {
            return Err(Trouble::torn());
        }
        PageKind::Bundle | PageKind::Envelope | PageKind::Resource => {}
        PageKind::Outcome(outcome) => return Err(Trouble::said(&outcome.text)),
        PageKind::NotJson(NotJson::Empty) => return Err(Trouble::empty()),
        PageKind::NotJson(NotJson::Html) => return Err(Trouble::of(&client::Error::Html)),
        PageKind::NotJson(NotJson::Other) | PageKind::Other => {
            return Err(Trouble::not_understood());
        }
    }
    let Some(next) = &page.next else { return Ok(None) };
    match base.join(next) {
        Ok(next) if portal.is_same_origin(&next) => Ok(Some(next)),
        Ok(next) => Err(Trouble::foreign_page(&next.origin().ascii_serialization())),
        Err(_) => Err(Trouble::unreadable_address()),
    }
}

/// Notices pages that come around again, whatever their addresses.
#[derive(Default)]
struct Circle {
    pages: BTreeMap<[u8; 32], u32>,
    n_empty: u32,
    n_known: u32,
}

impl Circle {
    /// Whether this very page came twice before, or nothing has come for some pages.
    fn has_closed(&mut self, taken: &Taken) -> bool {
        let n_times = if taken.page.entries.is_empty() {
            0
        } else {
            let n = self.pages.entry(taken.digest).or_insert(0);
            *n += 1;
            *n
        };
        let has_new = taken.counts.received() > 0;
        let has_known = taken.counts.again > 0;
        self.n_known = if has_known && !has_new { self.n_known + 1 } else { 0 };
        self.n_empty = if !has_known && !has_new { self.n_empty + 1 } else { 0 };
        n_times > 2 || self.n_known >= KNOWN_PAGES || self.n_empty >= EMPTY_PAGES
    }
}

/// What a first page holds, and how many there are in all, as a text to compare.
fn first_page(taken: &Taken) -> String {
    told_of(taken.digest, taken.page.total)
}

/// The same of an answer that is not taken yet, with the answer.
async fn first_page_of(answer: Answer) -> Result<(String, Answer), Error> {
    tokio::task::spawn_blocking(move || {
        let page = bundle::read_page(&answer.body);
        let mut hash = Sha256::new();
        for entry in page.entries.iter().filter(|entry| entry.resource_type != "OperationOutcome") {
            let body = answer.body.get(entry.raw.clone()).unwrap_or_default();
            hash.update(Sha256::digest(body));
        }
        (told_of(hash.finalize().into(), page.total), answer)
    })
    .await
    .map_err(|_| Error::Store(store::Error::Unexpected("a task ended early".to_owned())))
}

fn told_of(digest: [u8; 32], total: Option<u64>) -> String {
    let mut text = String::with_capacity(80);
    for byte in digest {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push_str(&match total {
        Some(total) => format!(" of {total}"),
        None => String::new(),
    });
    text
}

/// Whether so many fewer came than are known that it is asked again before it is believed.
fn has_fallen(known: u64, received: u64) -> bool {
    known > 0 && received == 0 || known >= 10 && received * 2 < known
}

/// When a wait ends, and in how many minutes that is, a part of one counted whole.
fn from_now(now: Timestamp, wait: Duration) -> (Timestamp, i64) {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    let until = now.saturating_add(wait).unwrap_or(Timestamp::MAX);
    (until, wait.as_secs().saturating_add(59) / 60)
}

/// `DSTU2 Conformance.rest.resource.type`.
fn conformance_types(body: &[u8]) -> BTreeSet<String> {
    let document = json::parse(body);
    let mut types = BTreeSet::new();
    for rest in document.root.iter().filter_map(|root| root.get("rest")).flat_map(|all| all.each())
    {
        for resource in rest.get("resource").iter().flat_map(|all| all.each()) {
            types.extend(resource.get("type").and_then(|name| name.str()).map(str::to_owned));
        }
    }
    types
}

/// Waits for `stop` to say true; for ever if it never can.
async fn told(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn with_patience<F>(ask: impl Fn() -> F) -> Result<Answer, client::Error>
where
    F: Future<Output = Result<Answer, client::Error>>,
{
    let mut tried = 0;
    loop {
        tried += 1;
        match ask().await {
            Err(error) if is_passing(&error) && tried < TRIES => {
                tokio::time::sleep(back_off(tried)).await;
            }
            ended => return ended,
        }
    }
}

/// Whether another try may well succeed.
fn is_passing(error: &client::Error) -> bool {
    match error {
        client::Error::TimedOut
        | client::Error::Interrupted
        | client::Error::CutOff(_)
        | client::Error::Offline => true,
        client::Error::Status { code, .. } => matches!(code, 408 | 429 | 500 | 502 | 503 | 504),
        client::Error::Certificate
        | client::Error::ForeignAddress { .. }
        | client::Error::TooManyRedirects
        | client::Error::TooLarge { .. }
        | client::Error::Unauthorized
        | client::Error::LogInPage
        | client::Error::Html
        | client::Error::NotSetUp => false,
    }
}

/// Whether nothing came from the portal at all.
fn is_silence(error: &client::Error) -> bool {
    matches!(
        error,
        client::Error::Offline
            | client::Error::Certificate
            | client::Error::TimedOut
            | client::Error::Interrupted
    )
}

/// Whether the portal may have refused how many it was asked for at a time.
fn is_about_size(error: &client::Error) -> bool {
    matches!(error, client::Error::Status { code: 400 | 413 | 414 | 422, .. })
}

fn take_one(retries: &AtomicU32) -> bool {
    retries.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// Half a second, doubled with each try, and up to half as much again by chance, so that requests
/// that failed together do not come back together.
fn back_off(tried: u32) -> Duration {
    let base = Duration::from_millis(500) * 2_u32.saturating_pow(tried.saturating_sub(1)).min(16);
    base.mul_f64(1.0 + chance() / 2.0)
}

/// Up to half a second on top of what the portal asked for.
fn jitter() -> Duration {
    Duration::from_millis(500).mul_f64(chance())
}

fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX))
}

fn twins_note(counts: &PageCounts) -> Option<String> {
    match counts.twins {
        0 => None,
        1 => Some("The portal sent two different records under one id; both are kept.".to_owned()),
        n => Some(format!("The portal sent {n} ids twice with different content; all are kept.")),
    }
}

fn not_there_note(n: u64) -> Option<String> {
    match n {
        0 => None,
        1 => Some("1 that records refer to is not at the portal (404).".to_owned()),
        n => Some(format!("{n} that records refer to are not at the portal (404).")),
    }
}

/// Whether an address as a record gives it, relative or whole, lies under the portal's own base.
fn is_own(portal: &Portal, address: &str) -> bool {
    let base = portal.fhir_base();
    base.join(address.trim())
        .is_ok_and(|url| portal.is_same_origin(&url) && url.path().starts_with(base.path()))
}

fn search_url(portal: &Portal, resource_type: &str, page_size: u32) -> Option<Url> {
    let mut url = portal.fhir_base().join(resource_type).ok()?;
    url.query_pairs_mut().append_pair("page-size", &page_size.to_string());
    Some(url)
}

fn read_url(portal: &Portal, resource_type: &str, id: &str) -> Option<Url> {
    // DSTU2 `id`: letters, digits, `-` and `.`, at most 64. Anything else is no address.
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if id.is_empty() || id.len() > 64 || !id.chars().all(fits) || id.chars().all(|c| c == '.') {
        return None;
    }
    portal.fhir_base().join(&format!("{resource_type}/{id}")).ok()
}

/// Reads a Patient for the question "is this the right person?".
fn patient(id: Option<&str>, body: &[u8]) -> Option<Patient> {
    struct Nothing;
    impl Lookup for Nothing {
        fn resource(&self, _: &str) -> Option<Vec<u8>> {
            None
        }
    }
    let record = derive(body, &Nothing);
    let document = json::parse(body);
    let birth_date = document
        .root
        .as_ref()
        .and_then(|root| root.get("birthDate"))
        .and_then(|value| value.str())
        .map(str::to_owned);
    Some(Patient { patient_id: id?.to_owned(), name: record.title, birth_date })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_none_makes_no_address() {
        let portal = Portal::new("https://portal.example", None).unwrap();
        let address = |id| read_url(&portal, "Practitioner", id).map(String::from);
        assert_eq!(
            address("12").as_deref(),
            Some("https://portal.example/api/fhir/Practitioner/12")
        );
        for id in ["", "..", "../../o/token", "1?x=2", "a b", "https:", &"9".repeat(65)] {
            assert_eq!(address(id), None, "{id}");
        }
    }

    #[test]
    fn waits_grow_and_stay_bounded() {
        for tried in 1..10 {
            let wait = back_off(tried);
            assert!(wait >= Duration::from_millis(500) && wait <= Duration::from_secs(13));
        }
        assert!(back_off(4) > back_off(1));
    }

    #[test]
    fn requests_that_failed_together_do_not_come_back_together() {
        let differ =
            |wait: fn() -> Duration| (0..8).map(|_| wait()).collect::<BTreeSet<_>>().len() > 1;
        assert!(differ(|| back_off(1)));
        assert!(differ(jitter));
        assert!((0..100).all(|_| jitter() <= Duration::from_millis(500)));
    }

    #[test]
    fn only_what_lies_under_the_portals_own_base_is_asked_there() {
        let portal = Portal::new("https://portal.example", None).unwrap();
        for (address, own) in [
            ("Medication/7", true),
            ("/api/fhir/Medication/7", true),
            ("https://portal.example/api/fhir/Medication/7/_history/2", true),
            ("https://portal.example/other/fhir/Medication/7", false),
            ("http://portal.example/api/fhir/Medication/7", false),
            ("https://p.example/api/fhir/Medication/7", false),
            ("//p.example/api/fhir/Medication/7", false),
            ("urn:uuid:7", false),
        ] {
            assert_eq!(is_own(&portal, address), own, "{address}");
        }
    }
}
