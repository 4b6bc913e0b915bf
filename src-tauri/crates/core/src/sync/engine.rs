//! The sync itself: which requests, in which order, and what each answer means.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use jiff::SignedDuration;
use secrecy::SecretString;
use tokio::sync::watch;
use url::Url;

use super::session::{self, Session};
use super::tally::{Observer, Tally, TypeTally};
use super::types::{REFERRED, SEARCHED, SEARCHED_IF_NAMED};
use super::{SyncReport, TypeProgressState};
use crate::clock::Clock;
use crate::database::Database;
use crate::fhir::bundle::{self, NotJson, PageKind};
use crate::fhir::json;
use crate::onpatient::client::{self, Answer, Client, Limits};
use crate::onpatient::portal::Portal;
use crate::record::{Lookup, derive};
use crate::store::{self, Arrival, PageCounts, Patient, RunId, TypeMemory};

/// Requests under way at once.
const AT_ONCE: usize = 4;
/// Resources asked for at a time (OnPatient's own parameter `page-size`; its default is 50).
const PAGE_SIZE: &str = "100";
/// Tries of one request.
const TRIES: u32 = 4;
/// Tries beyond the first that one type may cost.
const RETRIES_PER_TYPE: u32 = 20;
/// The longest that a `Retry-After` is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long a type that the portal does not offer is left alone.
const NOT_OFFERED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Rounds of reading what records refer to: a practitioner may name an organization.
const REFERRED_ROUNDS: usize = 3;

/// What a sync needs.
pub struct Job {
    /// Where everything goes.
    pub database: Database,
    /// The tokens.
    pub session: Session,
    /// The portal.
    pub portal: Portal,
    /// The account.
    pub account: i64,
    /// Whether the person asked for it: then types that the portal did not offer are asked again.
    pub by_hand: bool,
    /// Tells the time.
    pub clock: Clock,
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
}

/// Copies an account's record. Ends when everything was asked for, or soon after `stop` says true;
/// what has arrived by then is kept, and the report says what is missing.
///
/// # Errors
/// When nothing could be asked (no token, no network) or the database fails; what was committed
/// until then stays.
pub async fn run(
    job: &Job,
    stop: watch::Receiver<bool>,
    observer: Observer,
) -> Result<SyncReport, Error> {
    let started = (job.clock)();
    let account = job.account;
    let run = job.database.write(move |store| store.begin_run(account, started)).await?;
    let sync =
        Sync { job, run, client: Client::new(&job.portal)?, tally: Tally::new(account, observer) };
    let ended = tokio::select! {
        ended = sync.copy() => Some(ended),
        () = told(stop) => None,
    };
    let stopped = match ended {
        None => Some("You stopped it. What has arrived is kept.".to_owned()),
        Some(Ok(())) => None,
        Some(Err(error @ Error::Session(session::Error::Ended))) if sync.has_anything() => {
            Some(error.to_string())
        }
        Some(Err(error)) => return Err(error),
    };
    job.database.write(move |store| store.settle(run)).await?;
    let finished = (job.clock)();
    let report = sync.tally.report(started, finished, stopped);
    let json = serde_json::to_string(&report).map_err(store::Error::from)?;
    job.database.write(move |store| store.finish_run(run, &json, finished)).await?;
    sync.tally.tell();
    Ok(report)
}

/// Asks the portal whom a sign-in is about (`GET /Patient`, bound by the token).
///
/// # Errors
/// When the portal cannot be asked, or its answer holds no patient.
pub async fn find_people(portal: &Portal, access: &SecretString) -> Result<Vec<Patient>, Error> {
    let client = Client::new(portal)?;
    let mut url = search_url(portal, "Patient").ok_or(Error::NoPatient)?;
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

struct Sync<'a> {
    job: &'a Job,
    run: RunId,
    client: Client,
    tally: Tally,
}

/// How a walk through the pages of a type ended.
enum Walk {
    /// Every page was followed.
    Whole,
    /// 403 or 404 to the very first request.
    NotGiven,
    /// It broke off, because of this.
    Broken(String),
}

impl Sync<'_> {
    async fn copy(&self) -> Result<(), Error> {
        self.tally.expect(SEARCHED.iter().map(|(name, _)| *name));
        self.tally.tell();
        // First and alone: it tells whether there is a portal and a sign-in at all.
        self.sweep("Patient").await?;
        let named = self.types_in_metadata().await;
        let extra: Vec<&'static str> = SEARCHED_IF_NAMED
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| named.contains(*name))
            .collect();
        self.tally.expect(extra.iter().copied());

        let mut rest = Vec::new();
        for (name, _) in SEARCHED.iter().filter(|(name, _)| *name != "Patient") {
            rest.push(self.sweep(name));
        }
        for name in extra {
            rest.push(self.sweep(name));
        }
        let mut sweeps = stream::iter(rest).buffer_unordered(AT_ONCE);
        while let Some(ended) = sweeps.next().await {
            ended?;
        }
        drop(sweeps);
        self.read_referred().await
    }

    fn has_anything(&self) -> bool {
        self.tally.progress().received > 0
    }

    /// Copies one type, as far as it goes, and notes how it ended.
    async fn sweep(&self, resource_type: &'static str) -> Result<(), Error> {
        let account = self.job.account;
        let name = resource_type.to_owned();
        let memory = self.job.database.read(move |store| store.type_memory(account, &name)).await?;
        let now = (self.job.clock)();
        if !self.job.by_hand
            && memory.not_offered_since.is_some_and(|at| now.duration_since(at) < NOT_OFFERED_FOR)
        {
            self.tally.update(resource_type, |one| one.state = TypeProgressState::NotOffered);
            return Ok(());
        }

        let mut walk = self.walk(resource_type).await?;
        let fell_silent = |one: &TypeTally| memory.given && one.counts.received() == 0;
        if matches!(walk, Walk::Whole)
            && self.tally.of(resource_type).is_some_and(|t| fell_silent(&t))
        {
            // A type that was there and is suddenly empty is asked once more before it is believed.
            walk = self.walk(resource_type).await?;
        }
        self.conclude(resource_type, memory, walk).await
    }

    async fn conclude(
        &self,
        resource_type: &str,
        memory: TypeMemory,
        walk: Walk,
    ) -> Result<(), Error> {
        let Some(tally) = self.tally.of(resource_type) else { return Ok(()) };
        let received = tally.counts.received();
        let now = (self.job.clock)();
        let (state, reason, remembered) = match walk {
            Walk::NotGiven if memory.given => (
                TypeProgressState::Refused,
                Some("The portal gave these before and refuses them now. Those copied earlier are kept.".to_owned()),
                memory,
            ),
            Walk::NotGiven => (
                TypeProgressState::NotOffered,
                None,
                TypeMemory {
                    given: false,
                    not_offered_since: Some(memory.not_offered_since.unwrap_or(now)),
                },
            ),
            Walk::Broken(reason) => {
                let state = if received > 0 {
                    TypeProgressState::Partial
                } else {
                    TypeProgressState::Failed
                };
                (state, Some(reason), TypeMemory { given: memory.given || received > 0, ..memory })
            }
            Walk::Whole => {
                let given = TypeMemory {
                    given: memory.given || received > 0,
                    not_offered_since: None,
                };
                let distinct = received - tally.counts.twins;
                match tally.promised {
                    Some(promised) if promised != received && promised != distinct => (
                        TypeProgressState::Partial,
                        Some(format!(
                            "The portal counted {promised} and handed over {received}."
                        )),
                        given,
                    ),
                    _ => (TypeProgressState::Complete, twins_note(&tally.counts), given),
                }
            }
        };
        if state == TypeProgressState::Complete {
            let (run, name) = (self.run, resource_type.to_owned());
            let gone =
                self.job.database.write(move |store| store.mark_gone(run, &name, now)).await?;
            self.tally.update(resource_type, |one| one.gone = gone.gone);
        }
        let (account, name) = (self.job.account, resource_type.to_owned());
        self.job
            .database
            .write(move |store| store.remember_type(account, &name, remembered))
            .await?;
        self.tally.update(resource_type, |one| {
            one.state = state;
            one.reason = reason;
        });
        Ok(())
    }

    /// Follows the pages of a type and commits each.
    async fn walk(&self, resource_type: &str) -> Result<Walk, Error> {
        self.tally.update(resource_type, |one| {
            one.state = TypeProgressState::Running;
            one.promised = None;
        });
        let Some(mut url) = search_url(&self.job.portal, resource_type) else {
            return Ok(Walk::Broken("The portal's address cannot be used.".to_owned()));
        };
        let retries = AtomicU32::new(RETRIES_PER_TYPE);
        let mut visited = BTreeSet::new();
        let mut first = true;
        loop {
            if !visited.insert(url.clone()) {
                return Ok(Walk::Broken(
                    "The portal's pages lead back to one that was read already.".to_owned(),
                ));
            }
            let answer = match self.get(&url, &retries).await? {
                Ok(answer) => answer,
                Err(client::Error::Status { code: 403 | 404, .. }) if first => {
                    return Ok(Walk::NotGiven);
                }
                Err(client::Error::Offline | client::Error::Certificate)
                    if first && resource_type == "Patient" =>
                {
                    return Err(Error::Portal(client::Error::Offline));
                }
                Err(error) => return Ok(Walk::Broken(reason(&error))),
            };
            let base = answer.url.clone();
            let page = self.keep_page(resource_type, answer).await?;
            let next = match page {
                Ok(next) => next,
                Err(reason) => return Ok(Walk::Broken(reason)),
            };
            first = false;
            let Some(next) = next else { return Ok(Walk::Whole) };
            url = match base.join(&next) {
                Ok(next) if self.job.portal.is_same_origin(&next) => next,
                Ok(next) => {
                    return Ok(Walk::Broken(format!(
                        "The portal's next page lies at another address ({}). Nothing was sent there.",
                        next.origin().ascii_serialization()
                    )));
                }
                Err(_) => {
                    return Ok(Walk::Broken(
                        "The address of the portal's next page cannot be read.".to_owned(),
                    ));
                }
            };
        }
    }

    /// Commits a page's resources. Gives the address of the next page, or why there is none to be
    /// had.
    async fn keep_page(
        &self,
        asked: &str,
        answer: Answer,
    ) -> Result<Result<Option<String>, String>, Error> {
        let (run, now, name) = (self.run, (self.job.clock)(), asked.to_owned());
        let database = self.job.database.clone();
        // Parsing is work for a thread that may block, as the commit is.
        let kept = database
            .write(move |store| {
                let page = bundle::read_page(&answer.body);
                let arrivals: Vec<Arrival<'_>> = page
                    .entries
                    .iter()
                    .filter_map(|entry| {
                        let is_outcome = entry.resource_type == "OperationOutcome";
                        let matches = entry.resource_type == name
                            && !matches!(entry.search_mode.as_deref(), Some("include" | "outcome"));
                        Some(Arrival {
                            resource_type: &entry.resource_type,
                            id: entry.id.as_deref(),
                            body: answer.body.get(entry.raw.clone())?,
                            counts: matches,
                        })
                        .filter(|_| !is_outcome)
                    })
                    .collect();
                let counts = store.commit_page(run, &arrivals, now)?;
                Ok((page, counts))
            })
            .await?;
        let (page, counts) = kept;
        self.tally.update(asked, |one| {
            one.counts.add(counts);
            if page.total.is_some() {
                one.promised = page.total;
            }
        });
        Ok(match page.kind {
            PageKind::Bundle | PageKind::Envelope | PageKind::Resource if page.torn => {
                Err("The portal's answer broke off in the middle.".to_owned())
            }
            PageKind::Bundle | PageKind::Envelope | PageKind::Resource => Ok(page.next),
            PageKind::Outcome(outcome) => Err(format!("The portal says: {}", outcome.text)),
            PageKind::NotJson(NotJson::Empty) => Err("The portal's answer was empty.".to_owned()),
            PageKind::NotJson(NotJson::Html) => Err(reason(&client::Error::Html)),
            PageKind::NotJson(NotJson::Other) | PageKind::Other => {
                Err("The portal's answer could not be understood.".to_owned())
            }
        })
    }

    /// The types that the portal's Conformance statement names (`DSTU2 Conformance.rest.resource`);
    /// none where it has no such statement.
    async fn types_in_metadata(&self) -> BTreeSet<String> {
        let Ok(url) = self.job.portal.fhir_base().join("metadata") else { return BTreeSet::new() };
        let retries = AtomicU32::new(0);
        let Ok(Ok(answer)) = self.get(&url, &retries).await else { return BTreeSet::new() };
        conformance_types(&answer.body)
    }

    /// Reads what records refer to and no search brings.
    async fn read_referred(&self) -> Result<(), Error> {
        let names: Vec<&'static str> = REFERRED.iter().map(|(name, _)| *name).collect();
        let mut asked: BTreeSet<(String, String)> = BTreeSet::new();
        let mut not_given: BTreeSet<String> = BTreeSet::new();
        for _ in 0..REFERRED_ROUNDS {
            let (account, names) = (self.job.account, names.clone());
            let mut wanted =
                self.job.database.read(move |store| store.unresolved(account, &names)).await?;
            wanted.retain(|one| !asked.contains(one) && !not_given.contains(&one.0));
            if !self.job.by_hand {
                let mut offered = Vec::new();
                for one in wanted {
                    let name = one.0.clone();
                    let memory = self
                        .job
                        .database
                        .read(move |store| store.type_memory(account, &name))
                        .await?;
                    let now = (self.job.clock)();
                    let left_alone = memory
                        .not_offered_since
                        .is_some_and(|at| now.duration_since(at) < NOT_OFFERED_FOR);
                    if !left_alone {
                        offered.push(one);
                    }
                }
                wanted = offered;
            }
            if wanted.is_empty() {
                break;
            }
            for name in wanted.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>() {
                if self.tally.of(name).is_none() {
                    self.tally.expect([name]);
                }
                let n = wanted.iter().filter(|(other, _)| other == name).count() as u64;
                self.tally.update(name, |one| {
                    one.state = TypeProgressState::Running;
                    one.promised = Some(one.promised.unwrap_or(0) + n);
                });
            }
            let mut reads = stream::iter(wanted.clone().into_iter().map(|(name, id)| async move {
                let ended = self.read_one(&name, &id).await;
                (name, ended)
            }))
            .buffer_unordered(AT_ONCE);
            while let Some((name, ended)) = reads.next().await {
                match ended? {
                    Ok(()) => {}
                    Err(client::Error::Status { code: 403, .. }) => {
                        not_given.insert(name);
                    }
                    Err(error) => {
                        let text = reason(&error);
                        self.tally.update(&name, |one| one.reason = Some(text));
                    }
                }
            }
            drop(reads);
            asked.extend(wanted);
        }
        for name in asked.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>() {
            self.conclude_referred(name, not_given.contains(name)).await?;
        }
        Ok(())
    }

    async fn read_one(
        &self,
        resource_type: &str,
        id: &str,
    ) -> Result<Result<(), client::Error>, Error> {
        let Some(url) = read_url(&self.job.portal, resource_type, id) else {
            return Ok(Err(client::Error::Status {
                code: 404,
                retry_after: None,
                body: client::Excerpt::default(),
            }));
        };
        let retries = AtomicU32::new(TRIES);
        let answer = match self.get(&url, &retries).await? {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        Ok(self
            .keep_page(resource_type, answer)
            .await?
            .map(|_| ())
            .map_err(|_| client::Error::Html))
    }

    async fn conclude_referred(&self, name: &str, forbidden: bool) -> Result<(), Error> {
        let Some(tally) = self.tally.of(name) else { return Ok(()) };
        let received = tally.counts.received();
        let (account, key) = (self.job.account, name.to_owned());
        let memory = self.job.database.read(move |store| store.type_memory(account, &key)).await?;
        let now = (self.job.clock)();
        let state = if tally.promised == Some(received) {
            TypeProgressState::Complete
        } else if received > 0 {
            TypeProgressState::Partial
        } else if memory.given {
            TypeProgressState::Refused
        } else if forbidden || tally.reason.is_none() {
            TypeProgressState::NotOffered
        } else {
            TypeProgressState::Failed
        };
        let remembered = TypeMemory {
            given: memory.given || received > 0,
            not_offered_since: (state == TypeProgressState::NotOffered)
                .then(|| memory.not_offered_since.unwrap_or(now)),
        };
        let key = name.to_owned();
        self.job
            .database
            .write(move |store| store.remember_type(account, &key, remembered))
            .await?;
        self.tally.update(name, |one| {
            one.state = state;
            if matches!(state, TypeProgressState::Complete | TypeProgressState::NotOffered) {
                one.reason = None;
            } else if one.reason.is_none() {
                one.reason = Some("The portal would not give all of them.".to_owned());
            }
        });
        Ok(())
    }

    /// One read, with a token that is good, tried again where that makes sense. The outer error ends
    /// the sync, the inner one this read.
    async fn get(
        &self,
        url: &Url,
        retries: &AtomicU32,
    ) -> Result<Result<Answer, client::Error>, Error> {
        let mut access = self.job.session.access().await?;
        let mut renewed = false;
        let mut tried = 0;
        loop {
            self.tally.count_request();
            tried += 1;
            let error = match self.client.get(url, &access, Limits::default()).await {
                Ok(answer) => return Ok(Ok(answer)),
                Err(client::Error::Unauthorized) if !renewed => {
                    renewed = true;
                    access = self.job.session.renew(&access).await?;
                    continue;
                }
                Err(error) => error,
            };
            if !is_passing(&error) || tried >= TRIES || !take_one(retries) {
                return Ok(Err(error));
            }
            let now = (self.job.clock)();
            let wait = error.retry_after().map_or_else(|| back_off(tried), |after| after.wait(now));
            if wait > LONGEST_WAIT {
                return Ok(Err(error));
            }
            tokio::time::sleep(wait).await;
        }
    }
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
        client::Error::TimedOut | client::Error::Interrupted => true,
        client::Error::Status { code, .. } => matches!(code, 408 | 429 | 500 | 502 | 503 | 504),
        client::Error::Offline
        | client::Error::Certificate
        | client::Error::ForeignAddress { .. }
        | client::Error::TooManyRedirects
        | client::Error::TooLarge { .. }
        | client::Error::Unauthorized
        | client::Error::Html
        | client::Error::NotSetUp => false,
    }
}

fn take_one(retries: &AtomicU32) -> bool {
    retries.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// Half a second, doubled with each try, and up to half as much again by chance, so that requests
/// that failed together do not come back together.
fn back_off(tried: u32) -> Duration {
    let base = Duration::from_millis(500) * 2_u32.saturating_pow(tried.saturating_sub(1)).min(16);
    let chance = getrandom::u32().map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
    base.mul_f64(1.0 + chance / 2.0)
}

/// The error in words for the report; an OperationOutcome's own where one came with it.
fn reason(error: &client::Error) -> String {
    if let client::Error::Status { body, .. } = error
        && let Some(outcome) = bundle::read_outcome(&body.0)
        && !outcome.text.trim().is_empty()
    {
        return format!("{error} It says: {}", outcome.text.trim());
    }
    error.to_string()
}

fn twins_note(counts: &PageCounts) -> Option<String> {
    match counts.twins {
        0 => None,
        1 => Some("The portal sent two different records under one id; both are kept.".to_owned()),
        n => Some(format!("The portal sent {n} ids twice with different content; all are kept.")),
    }
}

fn search_url(portal: &Portal, resource_type: &str) -> Option<Url> {
    let mut url = portal.fhir_base().join(resource_type).ok()?;
    url.query_pairs_mut().append_pair("page-size", PAGE_SIZE);
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
}
