//! What a sync writes: pages, links, what is gone, outcomes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::derived::{BILLED, Derived, HOLDERS, NAMED, Panels, Stored, Writing};
use super::roll::{Claim, Roll};
use super::sweep::{Absent, OwnedBeside, note_change, part_with};
use super::view::Change;
use super::{Result, Store, fold};
use crate::fhir::datatype;
use crate::fhir::json::{self, Node, Value};

/// Words of this many records go into the search at a time: each time costs as much as some hundred
/// of them.
const SEARCHED_AT_ONCE: usize = 2000;
/// The same in bytes, where there are long texts among them.
const SEARCHED_BYTES: usize = 8 * 1024 * 1024;
/// Records that are derived again in one transaction.
const AGAIN_AT_ONCE: u32 = 500;
/// Of the records that refer to one resource, so many are looked into for how they do.
const LOOKED_INTO: u32 = 50;

/// A run of the sync for one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunId {
    /// Its number.
    pub id: i64,
    /// The account it is for.
    pub account: i64,
}

/// A resource as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// `DSTU2 Resource.resourceType`, or the type that was asked for.
    pub resource_type: &'a str,
    /// `DSTU2 Resource.id`, or what its `fullUrl` ends on.
    pub id: Option<&'a str>,
    /// Its bytes exactly as received.
    pub body: &'a [u8],
    /// Whether it is one of those asked for. Others (`DSTU2 Bundle.entry.search.mode` include) are
    /// kept and not counted.
    pub counts: bool,
}

/// What became of the arrivals of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageCounts {
    /// Never seen before.
    pub new: u64,
    /// Seen before with another content.
    pub changed: u64,
    /// Seen before with the same content.
    pub unchanged: u64,
    /// The very same arrived earlier in this run (a row that moved between pages).
    pub again: u64,
    /// Another content under an id that arrived earlier in this run; kept beside it.
    pub twins: u64,
    /// Of the twins, those never seen before.
    pub fresh_twins: u64,
    /// Of the unchanged and changed, those that were gone until now.
    pub back: u64,
}

impl PageCounts {
    fn count(&mut self, claim: &Claim) {
        match claim {
            Claim::Again => self.again += 1,
            Claim::Same { was_gone, twin, .. } => {
                self.unchanged += 1;
                self.back += u64::from(*was_gone);
                self.twins += u64::from(*twin);
            }
            Claim::Changed { was_gone, twin, .. } => {
                self.changed += 1;
                self.back += u64::from(*was_gone);
                self.twins += u64::from(*twin);
            }
            Claim::New { twin, .. } => {
                self.new += 1;
                self.twins += u64::from(*twin);
                self.fresh_twins += u64::from(*twin);
            }
        }
    }

    /// Distinct resources that came.
    pub fn received(&self) -> u64 {
        self.new + self.changed + self.unchanged
    }

    /// Adds the counts of another page.
    pub fn add(&mut self, other: PageCounts) {
        self.new += other.new;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.again += other.again;
        self.twins += other.twins;
        self.fresh_twins += other.fresh_twins;
        self.back += other.back;
    }
}

/// What is known of a type at a portal between runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeMemory {
    /// Whether the portal ever gave it.
    pub given: bool,
    /// Since when it has answered that it does not offer it.
    pub not_offered_since: Option<Timestamp>,
}

/// A page that was read and derived, and is not written yet.
pub struct Ready {
    bytes: Vec<u8>,
    items: Vec<Item>,
    counts: PageCounts,
    beside: OwnedBeside,
}

struct Item {
    resource_type: String,
    server_id: Option<String>,
    hash: [u8; 32],
    raw: Range<usize>,
    claim: Claim,
    derived: Option<Derived>,
}

impl Ready {
    /// Notes what came in an answer in the roll of its run, and finds out what of it is new.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn claim<'a>(
        reader: &Store,
        run: RunId,
        roll: &Roll,
        bytes: &[u8],
        arrivals: impl Iterator<Item = Arrived<'a>>,
    ) -> Result<Ready> {
        let mut counts = PageCounts::default();
        let mut items = Vec::with_capacity(arrivals.size_hint().0);
        for arrived in arrivals {
            let Some(body) = bytes.get(arrived.raw.clone()) else { continue };
            roll.call(reader, run, arrived.resource_type)?;
            let hash: [u8; 32] = Sha256::digest(body).into();
            let by_content;
            let base = match arrived.id {
                Some(id) => id,
                None => {
                    by_content = content_key(&hash);
                    &by_content
                }
            };
            let claim = roll.claim(arrived.resource_type, base, arrived.id.is_some(), &hash);
            if arrived.counts {
                counts.count(&claim);
            }
            items.push(Item {
                resource_type: arrived.resource_type.to_owned(),
                server_id: arrived.id.map(str::to_owned),
                hash,
                raw: arrived.raw,
                claim,
                derived: None,
            });
        }
        Ok(Ready { bytes: Vec::new(), items, counts, beside: OwnedBeside::default() })
    }

    /// Derives the records of what is new or changed. `value` gives the resource whose bytes begin
    /// there, where it was read already and found without a flaw.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn derive<'v>(
        &mut self,
        reader: &Store,
        run: RunId,
        roll: &Roll,
        bytes: &[u8],
        value: impl Fn(usize) -> Option<&'v Value<'v>>,
    ) -> Result<()> {
        for item in &mut self.items {
            if !matches!(item.claim, Claim::New { .. } | Claim::Changed { .. }) {
                continue;
            }
            let lookup = Stored::new(reader, run.account, Some(roll));
            item.derived = Some(match value(item.raw.start) {
                Some(value) => Derived::of_value(value, lookup)?,
                None => {
                    let body = bytes.get(item.raw.clone()).unwrap_or_default();
                    Derived::of(body, lookup)?
                }
            });
        }
        Ok(())
    }
}

impl Ready {
    /// What becomes of its arrivals.
    pub fn counts(&self) -> PageCounts {
        self.counts
    }

    /// A hash of what it holds, in its order.
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for item in &self.items {
            hash.update(item.hash);
        }
        hash.finalize().into()
    }

    /// With what is written in the same transaction.
    #[must_use]
    pub fn beside(self, beside: OwnedBeside) -> Ready {
        Ready { beside, ..self }
    }

    /// With the answer itself, of which each resource's bytes are kept.
    #[must_use]
    pub fn with(self, bytes: Vec<u8>) -> Ready {
        Ready { bytes, ..self }
    }
}

/// Where in an answer a resource stands.
#[derive(Clone, Debug)]
pub struct Arrived<'a> {
    /// As [`Arrival::resource_type`].
    pub resource_type: &'a str,
    /// As [`Arrival::id`].
    pub id: Option<&'a str>,
    /// Its bytes in the answer.
    pub raw: Range<usize>,
    /// As [`Arrival::counts`].
    pub counts: bool,
}

/// Records derived again, and not written yet.
pub struct Again(Vec<(i64, Derived)>);

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_run(&mut self, account: i64, now: Timestamp) -> Result<RunId> {
        let tx = self.db.transaction()?;
        // What a run that broke off heard.
        note_heard(&tx, account)?;
        tx.execute(
            "INSERT INTO run (account_id, started) VALUES (?1, ?2)",
            params![account, now.as_second()],
        )?;
        let run = RunId { id: tx.last_insert_rowid(), account };
        tx.commit()?;
        self.roll(run)?;
        Ok(run)
    }

    /// The roll of a run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn roll(&mut self, run: RunId) -> Result<Arc<Roll>> {
        if let Some(roll) = self.rolls.get(&run.id) {
            return Ok(Arc::clone(roll));
        }
        let roll = Arc::new(Roll::default());
        let mut statement = self.db.prepare("SELECT DISTINCT type FROM dependency")?;
        let mut types = statement.query([])?;
        while let Some(row) = types.next()? {
            roll.helps(row.get_ref(0)?.as_str().unwrap_or_default());
        }
        self.rolls.insert(run.id, Arc::clone(&roll));
        Ok(roll)
    }

    /// Reads, derives and keeps what came, and what stands beside it, in one transaction that is on
    /// the disk when this returns. `beside` is given what becomes of the arrivals.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing of it is.
    pub fn commit_page_with(
        &mut self,
        run: RunId,
        arrivals: &[Arrival<'_>],
        now: Timestamp,
        beside: impl FnOnce(&PageCounts) -> Result<OwnedBeside>,
    ) -> Result<PageCounts> {
        let roll = self.roll(run)?;
        let mut bytes = Vec::new();
        let mut arrived = Vec::with_capacity(arrivals.len());
        for one in arrivals {
            let start = bytes.len();
            bytes.extend_from_slice(one.body);
            arrived.push(Arrived {
                resource_type: one.resource_type,
                id: one.id,
                raw: start..bytes.len(),
                counts: one.counts,
            });
        }
        let mut ready = Ready::claim(self, run, &roll, &bytes, arrived.into_iter())?;
        ready.derive(self, run, &roll, &bytes, |_| None)?;
        let beside = beside(&ready.counts)?;
        let counts = self.commit(run, vec![ready.with(bytes).beside(beside)], now)?;
        Ok(counts.into_iter().next().unwrap_or_default())
    }

    /// The same with nothing beside it.
    ///
    /// # Errors
    /// As [`Store::commit_page_with`].
    pub fn commit_page(
        &mut self,
        run: RunId,
        arrivals: &[Arrival<'_>],
        now: Timestamp,
    ) -> Result<PageCounts> {
        self.commit_page_with(run, arrivals, now, |_| Ok(OwnedBeside::default()))
    }

    /// Keeps pages: raw bytes, records and their links, in one transaction that is on the disk when
    /// this returns. Gives the counts of each page.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing of the pages is.
    pub fn commit(
        &mut self,
        run: RunId,
        pages: Vec<Ready>,
        now: Timestamp,
    ) -> Result<Vec<PageCounts>> {
        self.is_whole(run)?;
        let roll = self.roll(run)?;
        let counts = pages.iter().map(|page| page.counts).collect();
        let n_unsearched = self.unsearched.len();
        if let Err(error) = self.keep_pages(run, pages, now, &roll) {
            self.unsearched.truncate(n_unsearched);
            // It holds what came for seen, and that is not kept.
            self.rolls.remove(&run.id);
            self.broken.insert(run.id, error.clone());
            return Err(error);
        }
        let bytes = |(_, words): &(i64, crate::record::SearchText)| {
            words.title.len() + words.codes.len() + words.values.len() + words.text.len()
        };
        self.unsearched_bytes +=
            self.unsearched.iter().skip(n_unsearched).map(bytes).sum::<usize>();
        if self.unsearched.len() >= SEARCHED_AT_ONCE || self.unsearched_bytes >= SEARCHED_BYTES {
            self.search_unsearched()?;
        }
        Ok(counts)
    }

    /// Nothing more is kept of a run once a page of it was not, until it is gone on with.
    pub(super) fn is_whole(&self, run: RunId) -> Result<()> {
        match self.broken.get(&run.id) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    fn keep_pages(
        &mut self,
        run: RunId,
        pages: Vec<Ready>,
        now: Timestamp,
        roll: &Roll,
    ) -> Result<()> {
        let tx = self.db.transaction()?;
        let mut next = Numbers::of(&tx)?;
        let mut heard: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let mut came = Vec::new();
        let mut writing = Writing::new(&tx, run.account, &mut self.unsearched);
        for page in pages {
            page.beside.borrowed().write(&tx, run, now)?;
            for item in page.items {
                let body = page.bytes.get(item.raw.clone()).unwrap_or_default();
                let Some(resource) = keep(&tx, run, &item, body, &mut next, now)? else { continue };
                if let Some(of_type) = heard.get_mut(&item.resource_type) {
                    of_type.push(resource);
                } else {
                    heard.insert(item.resource_type.clone(), vec![resource]);
                }
                if matches!(item.claim, Claim::Same { was_gone: false, .. }) {
                    continue;
                }
                roll.touch();
                let is_new = matches!(item.claim, Claim::New { .. });
                if let Some(derived) = item.derived {
                    writing.arrived(resource, derived, is_new, roll)?;
                }
                if let Claim::New { key, .. } = item.claim {
                    came.push((item.resource_type.clone(), key, resource));
                }
                if let Some(id) = item.server_id {
                    for name in [item.resource_type.as_str(), NAMED] {
                        if roll.is_helpful(name) {
                            put_off_dependents(&tx, run.account, name, &id)?;
                        }
                    }
                }
            }
        }
        if !roll.is_untouched() {
            unsettle(&tx, run.account)?;
        }
        for (resource_type, mut ids) in heard {
            ids.sort_unstable();
            tx.prepare_cached(
                "INSERT INTO heard (account_id, type, position, run_id, at, ids)
                 SELECT ?1, ?2, coalesce(max(position), 0) + 1, ?3, ?4, ?5 FROM heard
                 WHERE account_id = ?1 AND type = ?2",
            )?
            .execute(params![
                run.account,
                resource_type,
                run.id,
                now.as_second(),
                pack(&ids)
            ])?;
        }
        writing.finish()?;
        tx.commit()?;
        for (resource_type, key, resource) in came {
            roll.came(&resource_type, &key, resource);
        }
        Ok(())
    }

    /// Puts into the search what waits for it.
    pub(super) fn search_unsearched(&mut self) -> Result<()> {
        let (Some((first, _)), Some((last, _))) = (self.unsearched.first(), self.unsearched.last())
        else {
            return Ok(());
        };
        let tx = self.db.transaction()?;
        // Another Onhand may have found them missing in the search and put them there.
        let are_there: bool = tx
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM search_docsize WHERE id BETWEEN ?1 AND ?2)",
            )?
            .query_row([first, last], |row| row.get(0))?;
        let mut none = Vec::new();
        let writing = Writing::new(&tx, 0, &mut none);
        for (resource, words) in &self.unsearched {
            writing.words(*resource, words, are_there)?;
        }
        tx.execute("UPDATE derived SET searched = max(searched, ?1)", [last])?;
        tx.commit()?;
        self.unsearched.clear();
        self.unsearched_bytes = 0;
        Ok(())
    }

    /// Begins another sweep of a type in the same run: what has come of it may come again and is no
    /// twin of itself, and what does not come again is not gone for that.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn sweep_again(&mut self, run: RunId, resource_type: &str) -> Result<()> {
        self.is_whole(run)?;
        let roll = self.roll(run)?;
        roll.call(self, run, resource_type)?;
        self.db.execute(
            "UPDATE heard SET run_id = -?3
             WHERE account_id = ?1 AND type = ?2 AND position > 0 AND run_id = ?3",
            params![run.account, resource_type, run.id],
        )?;
        roll.sweep_again(resource_type);
        Ok(())
    }

    /// Parts with the resources of a type that a complete sweep did not bring: the same content under
    /// a new id is a move, and all else is marked as gone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mark_gone(&mut self, run: RunId, resource_type: &str, now: Timestamp) -> Result<Absent> {
        self.is_whole(run)?;
        let roll = self.roll(run)?;
        roll.call(self, run, resource_type)?;
        let silent = roll.silent(resource_type);
        if !silent.is_empty() {
            // What is moved is there under its own words only.
            self.search_unsearched()?;
        }
        let tx = self.db.transaction()?;
        for id in &silent {
            tx.prepare_cached(
                "INSERT INTO seen (resource_id, run_id, at)
                 SELECT ?1, run_id, at FROM heard
                 WHERE account_id = ?2 AND type = ?3 AND position = 0
                 ON CONFLICT (resource_id) DO UPDATE SET run_id = excluded.run_id, at = excluded.at
                 WHERE excluded.at > seen.at",
            )?
            .execute(params![id, run.account, resource_type])?;
            roll.touch();
        }
        if !silent.is_empty() {
            unsettle(&tx, run.account)?;
        }
        let (absent, moved) = part_with(&tx, run, resource_type, &silent, now)?;
        for resource in moved {
            tx.execute("INSERT OR IGNORE INTO pending (resource_id) VALUES (?1)", [resource])?;
        }
        tx.execute(
            "DELETE FROM heard WHERE account_id = ?1 AND type = ?2",
            params![run.account, resource_type],
        )?;
        tx.execute(
            "INSERT INTO heard (account_id, type, position, run_id, at) VALUES (?1, ?2, 0, ?3, ?4)",
            params![run.account, resource_type, run.id, now.as_second()],
        )?;
        tx.commit()?;
        Ok(absent)
    }

    /// Which resources of a type have come in a run so far, ascending; with the number of the run
    /// negated, in its sweeps before the last.
    pub(super) fn heard(&self, run: RunId, resource_type: &str) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare_cached(
            "SELECT ids FROM heard
             WHERE account_id = ?1 AND type = ?2 AND position > 0 AND run_id = ?3",
        )?;
        let mut rows = statement.query(params![run.account, resource_type, run.id])?;
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            unpack(row.get_ref(0)?.as_blob().unwrap_or_default(), &mut ids);
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Ends the pages of a run, and of those before it that were cut off: derives again what waited
    /// for a resource that came, or depends on one that changed, and folds results into their reports.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn settle(&mut self, run: RunId) -> Result<()> {
        self.search_unsearched()?;
        let mut after = 0;
        loop {
            let waiting = self.waiting(after, AGAIN_AT_ONCE)?;
            let Some(last) = waiting.last() else { break };
            after = *last;
            let again = self.derive_again(&waiting)?;
            self.keep_again(again)?;
        }
        self.settle_parts(run)
    }

    /// The end of [`settle`](Store::settle), after all that was put off is derived.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn settle_parts(&mut self, run: RunId) -> Result<()> {
        self.search_unsearched()?;
        if self.roll(run)?.is_untouched() && !self.is_unsettled(run.account)? {
            return Ok(());
        }
        let belated = self.belated(run)?;
        if !belated.is_empty() {
            let again = self.derive_again(&belated)?;
            self.keep_again(again)?;
        }
        let tx = self.db.transaction()?;
        fold(&tx, run.account)?;
        fold::settle(&tx, run.account)?;
        tx.execute("UPDATE account SET unsettled = 0 WHERE id = ?1", [run.account])?;
        tx.commit()?;
        Ok(())
    }

    /// Whether an account's records changed and the end of that run, or of one that was cut off, is
    /// still to come.
    fn is_unsettled(&self, account: i64) -> Result<bool> {
        Ok(self
            .db
            .prepare_cached("SELECT unsettled FROM account WHERE id = ?1")?
            .query_row([account], |row| row.get(0))?)
    }

    /// Results that are read with the help of what points to them, which no page tells: those without
    /// a name that came in an earlier run than a report that names them, or than what was billed the
    /// same day; those that another one replaces.
    ///
    /// The order of the tables is fixed (SQLite's `CROSS JOIN`): few results have no name, and without
    /// statistics SQLite would go through the record once for every resource of the account.
    fn belated(&self, run: RunId) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare_cached(
            "SELECT DISTINCT part.id FROM measured INDEXED BY measured_unnamed
             CROSS JOIN resource AS part ON part.id = measured.resource_id AND part.account_id = ?1
             CROSS JOIN link ON link.type = part.type AND link.server_id = part.server_id
                  AND link.role IN ('result', 'has-member')
             CROSS JOIN resource AS whole ON whole.id = link.from_id AND whole.account_id = ?1
             CROSS JOIN version ON version.id = whole.version_id
             WHERE version.first_seen >= (
                   SELECT min(started) FROM run WHERE account_id = ?1 AND id > (
                       SELECT coalesce(max(id), 0) FROM run
                       WHERE account_id = ?1 AND finished IS NOT NULL AND id < ?2))
                   AND measured.is_unnamed = 1 AND NOT EXISTS (
                   SELECT 1 FROM dependency WHERE dependency.resource_id = part.id
                   AND dependency.type = whole.type AND dependency.server_id = whole.server_id)",
        )?;
        let rows = statement.query_map(params![run.account, run.id], |row| row.get(0))?;
        let mut belated: Vec<i64> = rows.collect::<rusqlite::Result<_>>()?;
        // Those for which it was asked what was billed on a day that is to be folded again; those that
        // another one replaces, or did, and the reports that hold them; those that may take their date
        // from a report that they have not seen.
        let mut statement = self.db.prepare_cached(
            "SELECT dependency.resource_id FROM dependency
             JOIN resource ON resource.id = dependency.resource_id AND resource.account_id = ?1
             WHERE dependency.type = ?2 AND substr(dependency.server_id, 1, 10) IN
                   (SELECT bucket FROM fold WHERE waits = 1)
             UNION
             SELECT part.id FROM link
             CROSS JOIN resource AS part ON part.account_id = ?1 AND part.type = link.type
                  AND part.server_id = link.server_id
             WHERE link.type = 'Observation' AND link.role = 'replaces'
             UNION
             SELECT whole.id FROM link
             CROSS JOIN link AS held ON held.type = link.type AND held.server_id = link.server_id
                  AND held.role = 'result'
             CROSS JOIN resource AS whole ON whole.id = held.from_id AND whole.account_id = ?1
             WHERE link.type = 'Observation' AND link.role = 'replaces'
             UNION
             SELECT part.id FROM dependency AS asks
             CROSS JOIN resource AS part ON part.id = asks.resource_id AND part.account_id = ?1
             CROSS JOIN link ON link.type = part.type AND link.server_id = part.server_id
                  AND link.role = 'result'
             CROSS JOIN resource AS whole ON whole.id = link.from_id AND whole.account_id = ?1
             WHERE asks.type = ?3 AND NOT EXISTS (
                   SELECT 1 FROM dependency WHERE dependency.resource_id = part.id
                   AND dependency.type = whole.type AND dependency.server_id = whole.server_id)",
        )?;
        let rows = statement.query_map(params![run.account, BILLED, HOLDERS], |row| row.get(0))?;
        for resource in rows {
            let resource = resource?;
            if !belated.contains(&resource) {
                belated.push(resource);
            }
        }
        Ok(belated)
    }

    /// The first resources, beyond `after`, whose record was put off; ascending.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting(&self, after: i64, limit: u32) -> Result<Vec<i64>> {
        let mut statement = self.db.prepare_cached(
            "SELECT resource_id FROM pending WHERE resource_id > ?1 ORDER BY resource_id LIMIT ?2",
        )?;
        let rows = statement.query_map(params![after, limit], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Derives the records of resources from their bytes as they are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn derive_again(&self, resources: &[i64]) -> Result<Again> {
        let mut again = Vec::with_capacity(resources.len());
        let mut panels: HashMap<i64, Panels> = HashMap::new();
        let mut statement = self.db.prepare_cached(
            "SELECT resource.account_id, version.body
             FROM resource JOIN version ON version.id = resource.version_id
             WHERE resource.id = ?1",
        )?;
        for resource in resources {
            let mut rows = statement.query([resource])?;
            if let Some(row) = rows.next()? {
                let account = row.get(0)?;
                let panels = panels.entry(account).or_default();
                let lookup = Stored::new(self, account, None).remembering(panels);
                let body = row.get_ref(1)?.as_blob().unwrap_or_default();
                again.push((*resource, Derived::of(body, lookup)?));
            }
        }
        Ok(Again(again))
    }

    /// Keeps records that were derived again, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_again(&mut self, again: Again) -> Result<()> {
        let tx = self.db.transaction()?;
        let mut none = Vec::new();
        let mut writing = Writing::new(&tx, 0, &mut none);
        for (resource, derived) in again.0 {
            writing.account = tx
                .prepare_cached("SELECT account_id FROM resource WHERE id = ?1")?
                .query_row([resource], |row| row.get(0))?;
            writing.again(resource, derived)?;
        }
        writing.finish()?;
        tx.commit()?;
        Ok(())
    }

    /// Derives again up to `limit` records that an older version of Onhand derived, or that were put
    /// off when Onhand was ended, in one transaction. Gives how many; 0 when all are up to date.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn derive_outdated(&mut self, limit: u32) -> Result<u64> {
        let waiting = self.waiting(0, limit)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let again = self.derive_again(&waiting)?;
        self.keep_again(again)?;
        if self.waiting(0, 1)?.is_empty() {
            let tx = self.db.transaction()?;
            let accounts: Vec<i64> = {
                let mut statement = tx.prepare("SELECT id FROM account")?;
                let rows = statement.query_map([], |row| row.get(0))?;
                rows.collect::<rusqlite::Result<_>>()?
            };
            for account in accounts {
                fold(&tx, account)?;
                fold::settle(&tx, account)?;
            }
            tx.commit()?;
        }
        Ok(waiting.len() as u64)
    }

    /// The references of an account's records to resources of these types that have not come:
    /// `(type, id)`, each once. Left out are those that were asked for within `asked` and were not
    /// there, and those that no record makes by an address of which `is_own` says that it lies at the
    /// account's portal: one at another server means another resource.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unresolved(
        &self,
        account: i64,
        types: &[&str],
        asked: RangeInclusive<Timestamp>,
        is_own: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, String)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT DISTINCT link.type, link.server_id
             FROM link JOIN resource AS source ON source.id = link.from_id
             WHERE link.type = ?2 AND source.account_id = ?1 AND source.gone_since IS NULL
                   AND NOT EXISTS (
                   SELECT 1 FROM resource AS target WHERE target.account_id = ?1
                   AND target.type = link.type AND target.server_id = link.server_id)
                   AND NOT EXISTS (
                   SELECT 1 FROM not_there WHERE not_there.account_id = ?1
                   AND not_there.type = link.type AND not_there.server_id = link.server_id
                   AND not_there.asked BETWEEN ?3 AND ?4)
             ORDER BY link.type, link.server_id",
        )?;
        let (from, to) = (asked.start().as_second(), asked.end().as_second());
        let mut all = Vec::new();
        // Type by type, as the index has them: most links name a patient, and are not walked.
        for name in types.iter().copied().collect::<BTreeSet<_>>() {
            let mut rows = statement.query(params![account, name, from, to])?;
            while let Some(row) = rows.next()? {
                let target: (String, String) = (row.get(0)?, row.get(1)?);
                if self.is_referred_to(account, &target, &is_own)? {
                    all.push(target);
                }
            }
        }
        Ok(all)
    }

    /// Whether a record refers to `target` by an address of which `is_own` says so.
    fn is_referred_to(
        &self,
        account: i64,
        target: &(String, String),
        is_own: &impl Fn(&str) -> bool,
    ) -> Result<bool> {
        let mut statement = self.db.prepare_cached(
            "SELECT version.body FROM link
             JOIN resource AS source ON source.id = link.from_id AND source.account_id = ?1
             JOIN version ON version.id = source.version_id
             WHERE link.type = ?2 AND link.server_id = ?3 AND source.gone_since IS NULL LIMIT ?4",
        )?;
        let mut rows = statement.query(params![account, target.0, target.1, LOOKED_INTO])?;
        let wanted = format!("{}/{}", target.0, target.1);
        let is_wanted =
            |text: &str| datatype::target(text).as_deref() == Some(wanted.as_str()) && is_own(text);
        while let Some(row) = rows.next()? {
            let body = row.get_ref(0)?.as_blob().unwrap_or_default();
            if json::parse(body).root.as_ref().is_some_and(|root| says(root, &is_wanted)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes what an account's portal was asked for by id and does not have.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_not_there(
        &mut self,
        account: i64,
        targets: &[(String, String)],
        now: Timestamp,
    ) -> Result<()> {
        let tx = self.db.transaction()?;
        for (name, id) in targets {
            tx.prepare_cached(
                "INSERT INTO not_there (account_id, type, server_id, asked) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account_id, type, server_id) DO UPDATE SET asked = excluded.asked",
            )?
            .execute(params![account, name, id, now.as_second()])?;
        }
        tx.commit()?;
        Ok(())
    }

    /// What is known of a type at an account's portal.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn type_memory(&self, account: i64, resource_type: &str) -> Result<TypeMemory> {
        let found = self
            .db
            .prepare_cached(
                "SELECT given, not_offered_since FROM type_state
                 WHERE account_id = ?1 AND type = ?2",
            )?
            .query_row(params![account, resource_type], |row| {
                let since: Option<i64> = row.get(1)?;
                Ok(TypeMemory {
                    given: row.get(0)?,
                    not_offered_since: since.and_then(|at| Timestamp::from_second(at).ok()),
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// Remembers a type at an account's portal.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remember_type(
        &mut self,
        account: i64,
        resource_type: &str,
        memory: TypeMemory,
    ) -> Result<()> {
        self.db.execute(
            "INSERT INTO type_state (account_id, type, given, not_offered_since)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (account_id, type) DO UPDATE SET given = excluded.given,
                    not_offered_since = excluded.not_offered_since",
            params![
                account,
                resource_type,
                memory.given,
                memory.not_offered_since.map(Timestamp::as_second),
            ],
        )?;
        Ok(())
    }

    /// Ends a run with its outcome (JSON).
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn finish_run(&mut self, run: RunId, report: &str, now: Timestamp) -> Result<()> {
        let tx = self.db.transaction()?;
        tx.execute(
            "UPDATE run SET finished = ?2, report = ?3, open = 0 WHERE id = ?1",
            params![run.id, now.as_second(), report],
        )?;
        tx.execute("DELETE FROM sweep WHERE run_id = ?1", [run.id])?;
        note_heard(&tx, run.account)?;
        tx.commit()?;
        self.rolls.remove(&run.id);
        // Readers keep the log from being reset for as long as they read; here they do not.
        self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// The outcome (JSON) of the last run of an account that came to an end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_report(&self, account: i64) -> Result<Option<String>> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT report FROM run WHERE account_id = ?1 AND report IS NOT NULL
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row([account], |row| row.get(0))
            .optional()?)
    }

    /// The reports of an account's last runs as they were kept, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_reports(&self, account: i64, limit: u32) -> Result<Vec<String>> {
        let mut statement = self.db.prepare_cached(
            "SELECT report FROM run WHERE account_id = ?1 AND report IS NOT NULL
             ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![account, limit], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// The numbers that the next rows get. Given here and not by SQLite, because a resource and its
/// version name each other.
struct Numbers {
    resource: i64,
    version: i64,
}

impl Numbers {
    fn of(db: &Connection) -> Result<Numbers> {
        // A number is never used twice, not even one whose row is gone.
        let last = |table: &str| -> Result<i64> {
            Ok(db
                .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?1")?
                .query_row([table], |row| row.get(0))
                .optional()?
                .unwrap_or(0))
        };
        Ok(Numbers { resource: last("resource")?, version: last("version")? })
    }
}

/// Keeps an arrival's bytes. Gives the resource; `None` where it came before.
fn keep(
    db: &Transaction<'_>,
    run: RunId,
    item: &Item,
    body: &[u8],
    last: &mut Numbers,
    now: Timestamp,
) -> Result<Option<i64>> {
    let (id, now) = match &item.claim {
        Claim::Again => return Ok(None),
        Claim::Same { id, was_gone: false, .. } => return Ok(Some(*id)),
        Claim::Same { id, was_gone: true, .. } => {
            note_change(db, run, *id, Change::Back)?;
            db.execute("UPDATE resource SET gone_since = NULL WHERE id = ?1", [id])?;
            db.execute("UPDATE record SET gone = 0 WHERE resource_id = ?1", [id])?;
            return Ok(Some(*id));
        }
        Claim::Changed { id, .. } => (*id, now.as_second()),
        Claim::New { .. } => {
            last.resource += 1;
            (last.resource, now.as_second())
        }
    };
    last.version += 1;
    if let Claim::New { key, .. } = &item.claim {
        db.prepare_cached(
            "INSERT INTO resource
                    (id, account_id, type, key, server_id, version_id, hash, first_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            id,
            run.account,
            item.resource_type,
            key,
            item.server_id,
            last.version,
            item.hash,
            now,
        ])?;
    } else {
        db.prepare_cached(
            "UPDATE resource SET version_id = ?2, hash = ?3, gone_since = NULL WHERE id = ?1",
        )?
        .execute(params![id, last.version, item.hash])?;
    }
    let is_new = matches!(item.claim, Claim::New { .. });
    note_change(db, run, id, if is_new { Change::New } else { Change::Changed })?;
    db.prepare_cached(
        "INSERT INTO version (id, resource_id, first_seen, body) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![last.version, id, now, body])?;
    Ok(Some(id))
}

/// Whether a text within a value is wanted.
fn says(value: &Value<'_>, is_wanted: &impl Fn(&str) -> bool) -> bool {
    match value.node() {
        Node::String(text) => is_wanted(text),
        Node::Array(items) => items.iter().any(|item| says(item, is_wanted)),
        Node::Object(members) => members.iter().any(|member| says(&member.value, is_wanted)),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Opaque(_) => false,
    }
}

/// The key of a resource without an id.
fn content_key(hash: &[u8; 32]) -> String {
    hash.iter().fold(String::from("="), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// Has the records derived again that were derived with the help of a resource.
fn put_off_dependents(db: &Connection, account: i64, kind: &str, id: &str) -> Result<()> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO pending (resource_id)
         SELECT dependency.resource_id FROM dependency
         JOIN resource ON resource.id = dependency.resource_id AND resource.account_id = ?1
         WHERE dependency.type = ?2 AND dependency.server_id = ?3",
    )?
    .execute(params![account, kind, id])?;
    Ok(())
}

/// Notes that the end of a run that changed records is still to come.
fn unsettle(db: &Connection, account: i64) -> Result<()> {
    db.prepare_cached("UPDATE account SET unsettled = 1 WHERE id = ?1 AND unsettled = 0")?
        .execute([account])?;
    Ok(())
}

/// Notes for each resource that a sweep without an end brought that it was seen, and forgets the
/// pages it came on.
fn note_heard(db: &Connection, account: i64) -> Result<()> {
    {
        let mut pages = db.prepare(
            "SELECT run_id, at, ids FROM heard WHERE account_id = ?1 AND position > 0
             ORDER BY position",
        )?;
        let mut rows = pages.query([account])?;
        while let Some(row) = rows.next()? {
            let (run, at): (i64, i64) = (row.get(0)?, row.get(1)?);
            let run = run.abs();
            let mut ids = Vec::new();
            unpack(row.get_ref(2)?.as_blob().unwrap_or_default(), &mut ids);
            for id in ids {
                db.prepare_cached(
                    "INSERT INTO seen (resource_id, run_id, at)
                     SELECT id, ?2, ?3 FROM resource WHERE id = ?1
                     ON CONFLICT (resource_id)
                        DO UPDATE SET run_id = excluded.run_id, at = excluded.at",
                )?
                .execute(params![id, run, at])?;
            }
        }
    }
    db.execute("DELETE FROM heard WHERE account_id = ?1 AND position > 0", [account])?;
    Ok(())
}

/// Ascending numbers as differences of seven bits a byte, lowest first.
fn pack(ids: &[i64]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(ids.len() * 2);
    let mut before = 0_i64;
    for id in ids {
        let mut rest = id.wrapping_sub(before).cast_unsigned();
        before = *id;
        while rest >= 0x80 {
            packed.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        packed.push(rest as u8);
    }
    packed
}

/// Adds to `ids` what [`pack`] packed.
fn unpack(packed: &[u8], ids: &mut Vec<i64>) {
    let (mut id, mut difference, mut shift) = (0_i64, 0_u64, 0_u32);
    for byte in packed {
        difference |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if *byte < 0x80 {
            id = id.wrapping_add(difference.cast_signed());
            ids.push(id);
            (difference, shift) = (0, 0);
        }
    }
}

/// Sets `part_of`: the results of a report, the members of a panel and the medicine that an order
/// refers to stand in it, each in the first that names it. A record that is itself a part is no container.
fn fold(db: &Connection, account: i64) -> Result<()> {
    // First what is in no such record any more, while those of this run are not set yet: each is
    // looked at by itself.
    db.execute(
        "UPDATE record SET part_of = NULL
         WHERE account_id = ?1 AND part_of IS NOT NULL
               AND resource_id NOT IN (SELECT resource_id FROM fold WHERE whole IS NOT NULL)
               AND NOT EXISTS (
               SELECT 1 FROM link
               JOIN resource AS source ON source.id = link.from_id
               JOIN resource AS part ON part.id = record.resource_id
               WHERE link.from_id = record.part_of AND link.type = part.type
                     AND link.server_id = part.server_id
                     AND link.role IN ('result', 'has-member', 'medication')
                     AND source.gone_since IS NULL)",
        [account],
    )?;
    // The order of the tables is fixed (SQLite's `CROSS JOIN`): without statistics SQLite would ask of
    // each resource whose part it is, and of the patient in every link there is.
    db.execute(
        "UPDATE record SET part_of = folded.whole
         FROM (SELECT part.id AS part, min(link.from_id) AS whole
               FROM link
               CROSS JOIN resource AS source ON source.id = link.from_id AND source.account_id = ?1
               CROSS JOIN resource AS part ON part.account_id = ?1 AND part.type = link.type
                    AND part.server_id = link.server_id AND part.id <> link.from_id
               WHERE link.role IN ('result', 'has-member', 'medication')
                     AND source.gone_since IS NULL
               GROUP BY part.id) AS folded
         WHERE record.resource_id = folded.part AND record.part_of IS NOT folded.whole",
        [account],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Error;
    use super::*;

    #[test]
    fn a_page_that_is_not_kept_takes_with_it_all_that_its_run_says_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("onhand.db"), &[1; 32]).unwrap();
        store
            .db
            .execute(
                "INSERT INTO account (origin, client_id, created_at) VALUES ('https://a.example', 'c', 0)",
                [],
            )
            .unwrap();
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let opened = store.open_run(1, true, now).unwrap();
        let goal = |id: &str, n: usize| {
            format!(r#"{{"resourceType":"Goal","id":"{id}","description":"{}"}}"#, "x".repeat(n))
        };
        let page = |store: &mut Store, id: &str, n: usize| {
            let body = goal(id, n);
            let arrival = Arrival {
                resource_type: "Goal",
                id: Some(id),
                body: body.as_bytes(),
                counts: true,
            };
            store.commit_page(opened.run, &[arrival], now)
        };
        page(&mut store, "1", 10).unwrap();
        let size: u32 = store.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store
            .db
            .query_row(&format!("PRAGMA max_page_count = {}", size + 8), [], |_| Ok(()))
            .unwrap();
        assert!(matches!(page(&mut store, "2", 200_000), Err(Error::DiskFull)));
        // A small one would fit, and say that the run has come past the one that is missing.
        assert!(matches!(page(&mut store, "3", 10), Err(Error::DiskFull)));
        assert!(matches!(store.mark_gone(opened.run, "Goal", now), Err(Error::DiskFull)));
        let sweep = crate::store::Beside { sweep: Some(("Goal", "{}")), sent: &[] };
        assert!(matches!(store.note_sweep(opened.run, sweep, now), Err(Error::DiskFull)));
        store.fail_run(opened.run, "The disk is full.", now).unwrap();

        store.db.query_row("PRAGMA max_page_count = 100000", [], |_| Ok(())).unwrap();
        assert_eq!(store.open_run(1, true, now).unwrap().run, opened.run);
        assert_eq!(page(&mut store, "1", 10).unwrap().again, 1);
        assert_eq!(page(&mut store, "2", 200_000).unwrap().new, 1);
        assert_eq!(page(&mut store, "3", 10).unwrap().new, 1);
        assert_eq!(store.mark_gone(opened.run, "Goal", now).unwrap(), Absent::default());

        // Killed before it had said so, and gone on with: the same question has the same answer.
        drop(store);
        let mut store = Store::open(&folder.path().join("onhand.db"), &[1; 32]).unwrap();
        assert_eq!(store.open_run(1, true, now).unwrap().run, opened.run);
        assert_eq!(store.mark_gone(opened.run, "Goal", now).unwrap(), Absent::default());
    }

    #[test]
    fn packs_numbers_and_unpacks_them() {
        for ids in [vec![], vec![1], vec![1, 2, 3, 200, 40_000], vec![7, i64::MAX]] {
            let mut found = Vec::new();
            unpack(&pack(&ids), &mut found);
            assert_eq!(found, ids);
        }
    }
}
