//! What a sync writes: pages, links, what is gone, outcomes.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::view::RowBody;
use super::{Result, Store};
use crate::record::{DERIVATION, Lookup, Record, Subject, derive};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
}

impl PageCounts {
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

impl Store {
    /// Begins a run.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_run(&mut self, account: i64, now: Timestamp) -> Result<RunId> {
        self.db.execute(
            "INSERT INTO run (account_id, started) VALUES (?1, ?2)",
            params![account, now.as_second()],
        )?;
        Ok(RunId { id: self.db.last_insert_rowid(), account })
    }

    /// Keeps a page: raw bytes, derived records and their links, in one transaction that is on the
    /// disk when this returns.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing of the page is.
    pub fn commit_page(
        &mut self,
        run: RunId,
        arrivals: &[Arrival<'_>],
        now: Timestamp,
    ) -> Result<PageCounts> {
        let tx = self.db.transaction()?;
        let mut counts = PageCounts::default();
        let mut fresh = Vec::new();
        for arrival in arrivals {
            let mut uncounted = PageCounts::default();
            let into = if arrival.counts { &mut counts } else { &mut uncounted };
            if let Some(resource) = keep(&tx, run, arrival, now, into)? {
                fresh.push((resource, arrival.body));
            }
        }
        // After all raw rows of the page are there, so that its resources find each other.
        for (resource, body) in fresh {
            derive_one(&tx, run.account, resource, body)?;
        }
        tx.commit()?;
        Ok(counts)
    }

    /// Marks the resources of a type that a complete sweep did not bring, and unmarks none. Gives
    /// how many.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mark_gone(&mut self, run: RunId, resource_type: &str, now: Timestamp) -> Result<u64> {
        let tx = self.db.transaction()?;
        let n = tx.execute(
            "UPDATE resource SET gone_since = ?4
             WHERE account_id = ?1 AND type = ?2 AND gone_since IS NULL
                   AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.resource_id = resource.id
                                   AND seen.run_id = ?3)",
            params![run.account, resource_type, run.id, now.as_second()],
        )?;
        if n > 0 {
            tx.execute(
                "UPDATE record SET gone = 1 WHERE gone = 0 AND account_id = ?1
                 AND resource_id IN (SELECT id FROM resource
                                     WHERE account_id = ?1 AND gone_since IS NOT NULL)",
                [run.account],
            )?;
        }
        tx.commit()?;
        Ok(n as u64)
    }

    /// Ends the pages of a run, and of those before it that were cut off: derives again what waited
    /// for a resource that came, or depends on one that changed, and folds results into their reports.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn settle(&mut self, run: RunId) -> Result<()> {
        let tx = self.db.transaction()?;
        let dependents: BTreeSet<i64> = {
            let mut statement = tx.prepare(
                "SELECT DISTINCT dependency.resource_id
                 FROM version
                 JOIN resource AS target ON target.id = version.resource_id
                      AND target.version_id = version.id AND target.account_id = ?1
                      AND version.first_seen >= (
                          SELECT min(started) FROM run WHERE account_id = ?1 AND id > (
                              SELECT coalesce(max(id), 0) FROM run
                              WHERE account_id = ?1 AND finished IS NOT NULL AND id < ?2))
                 JOIN dependency ON dependency.type = target.type
                      AND dependency.server_id = target.server_id
                 JOIN resource AS source ON source.id = dependency.resource_id
                      AND source.account_id = ?1",
            )?;
            let rows = statement.query_map(params![run.account, run.id], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for resource in dependents {
            derive_stored(&tx, resource)?;
        }
        fold(&tx, run.account)?;
        tx.commit()?;
        Ok(())
    }

    /// Derives again up to `limit` records that an older version of Onhand derived, in one
    /// transaction. Gives how many; 0 when all are up to date.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn derive_outdated(&mut self, limit: u32) -> Result<u64> {
        let tx = self.db.transaction()?;
        let outdated: Vec<(i64, i64)> = {
            let mut statement = tx.prepare(
                "SELECT resource_id, account_id FROM record
                 WHERE derivation < ?1 OR derivation > ?1 LIMIT ?2",
            )?;
            let rows =
                statement.query_map([DERIVATION, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        for (resource, _) in &outdated {
            derive_stored(&tx, *resource)?;
        }
        for account in outdated.iter().map(|(_, account)| *account).collect::<BTreeSet<_>>() {
            fold(&tx, account)?;
        }
        tx.commit()?;
        Ok(outdated.len() as u64)
    }

    /// The references of an account's records to resources of these types that have not come:
    /// `(type, id)`, each once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn unresolved(&self, account: i64, types: &[&str]) -> Result<Vec<(String, String)>> {
        let mut statement = self.db.prepare(
            "SELECT DISTINCT link.type, link.server_id
             FROM link JOIN resource AS source ON source.id = link.from_id
             WHERE source.account_id = ?1 AND NOT EXISTS (
                   SELECT 1 FROM resource AS target WHERE target.account_id = ?1
                   AND target.type = link.type AND target.server_id = link.server_id)
             ORDER BY link.type, link.server_id",
        )?;
        let rows = statement.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let all: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>()?;
        Ok(all.into_iter().filter(|(name, _)| types.contains(&name.as_str())).collect())
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
        self.db.execute(
            "UPDATE run SET finished = ?2, report = ?3 WHERE id = ?1",
            params![run.id, now.as_second(), report],
        )?;
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
}

/// Keeps an arrival's bytes. Gives the resource when its record has to be derived.
fn keep(
    db: &Connection,
    run: RunId,
    arrival: &Arrival<'_>,
    now: Timestamp,
    counts: &mut PageCounts,
) -> Result<Option<i64>> {
    struct Known {
        id: i64,
        version: i64,
        same: bool,
        seen: bool,
        gone: bool,
    }

    let hash = Sha256::digest(arrival.body);
    let base = match arrival.id {
        Some(id) => id.to_owned(),
        None => hash.iter().fold(String::from("="), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        }),
    };
    let known: Vec<Known> = {
        let mut statement = db.prepare_cached(
            "SELECT resource.id, version_id, hash = ?5, coalesce(seen.run_id = ?4, 0),
                    gone_since IS NOT NULL
             FROM resource LEFT JOIN seen ON seen.resource_id = resource.id
             WHERE account_id = ?1 AND type = ?2
                   AND (key = ?3 OR (key > ?3 || '#' AND key < ?3 || '$'))
             ORDER BY resource.id",
        )?;
        let rows = statement.query_map(
            params![run.account, arrival.resource_type, base, run.id, hash.as_slice()],
            |row| {
                Ok(Known {
                    id: row.get(0)?,
                    version: row.get(1)?,
                    same: row.get(2)?,
                    seen: row.get(3)?,
                    gone: row.get(4)?,
                })
            },
        )?;
        rows.collect::<rusqlite::Result<_>>()?
    };

    if arrival.id.is_some() && known.iter().any(|one| one.same && one.seen) {
        counts.again += 1;
        return Ok(None);
    }
    if let Some(one) = known.iter().find(|one| one.same && !one.seen) {
        counts.unchanged += 1;
        mark_seen(db, one.id, run, now)?;
        if one.gone {
            db.execute("UPDATE resource SET gone_since = NULL WHERE id = ?1", [one.id])?;
            db.execute("UPDATE record SET gone = 0 WHERE resource_id = ?1", [one.id])?;
        }
        return Ok(None);
    }
    let resource = if let Some(one) = known.iter().find(|one| !one.seen) {
        counts.changed += 1;
        debug_assert!(one.version > 0);
        one.id
    } else {
        counts.new += 1;
        counts.twins += u64::from(arrival.id.is_some() && !known.is_empty());
        let key = match known.len() {
            0 => base,
            n => format!("{base}#{}", n + 1),
        };
        db.prepare_cached(
            "INSERT INTO resource (account_id, type, key, server_id, hash, first_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            run.account,
            arrival.resource_type,
            key,
            arrival.id,
            hash.as_slice(),
            now.as_second(),
        ])?;
        db.last_insert_rowid()
    };
    db.prepare_cached("INSERT INTO version (resource_id, first_seen, body) VALUES (?1, ?2, ?3)")?
        .execute(params![resource, now.as_second(), arrival.body])?;
    db.prepare_cached(
        "UPDATE resource SET version_id = ?2, hash = ?3, gone_since = NULL WHERE id = ?1",
    )?
    .execute(params![resource, db.last_insert_rowid(), hash.as_slice()])?;
    mark_seen(db, resource, run, now)?;
    Ok(Some(resource))
}

fn mark_seen(db: &Connection, resource: i64, run: RunId, now: Timestamp) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO seen (resource_id, run_id, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (resource_id) DO UPDATE SET run_id = excluded.run_id, at = excluded.at",
    )?
    .execute(params![resource, run.id, now.as_second()])?;
    Ok(())
}

fn derive_stored(db: &Connection, resource: i64) -> Result<()> {
    let (account, body): (i64, Vec<u8>) = db
        .prepare_cached(
            "SELECT resource.account_id, version.body
             FROM resource JOIN version ON version.id = resource.version_id
             WHERE resource.id = ?1",
        )?
        .query_row([resource], |row| Ok((row.get(0)?, row.get(1)?)))?;
    derive_one(db, account, resource, &body)
}

fn derive_one(db: &Connection, account: i64, resource: i64, body: &[u8]) -> Result<()> {
    let stored = Stored { db, account, asked: RefCell::default() };
    let record = derive(body, &stored);
    let person = person_of(db, account, &record)?;
    let row = serde_json::to_string(&RowBody::of(&record))?;
    let whole = serde_json::to_string(&record)?;
    db.prepare_cached(
        "INSERT INTO record (resource_id, derivation, account_id, person_id, kind, sort, gone)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                 (SELECT gone_since IS NOT NULL FROM resource WHERE id = ?1))
         ON CONFLICT (resource_id) DO UPDATE SET derivation = excluded.derivation,
                person_id = excluded.person_id, kind = excluded.kind, sort = excluded.sort,
                gone = excluded.gone",
    )?
    .execute(params![
        resource,
        DERIVATION,
        account,
        person,
        record.kind.name(),
        record.when.as_ref().map_or("", |when| when.sort.as_str()),
    ])?;
    db.prepare_cached("INSERT OR REPLACE INTO told (resource_id, row, body) VALUES (?1, ?2, ?3)")?
        .execute(params![resource, row, whole])?;

    db.prepare_cached("DELETE FROM link WHERE from_id = ?1")?.execute([resource])?;
    for (position, link) in record.links.iter().enumerate() {
        if let Some((kind, id)) = link.target.split_once('/') {
            db.prepare_cached(
                "INSERT INTO link (from_id, position, role, type, server_id)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![resource, position as i64, link.role, kind, id])?;
        }
    }

    db.prepare_cached("DELETE FROM dependency WHERE resource_id = ?1")?.execute([resource])?;
    for (kind, id) in stored.asked.into_inner() {
        db.prepare_cached(
            "INSERT INTO dependency (resource_id, type, server_id) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![resource, kind, id])?;
    }

    let words = record.search_text();
    db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([resource])?;
    db.prepare_cached(
        "INSERT INTO search (rowid, title, codes, measured, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![resource, words.title, words.codes, words.values, words.text])?;
    Ok(())
}

fn person_of(db: &Connection, account: i64, record: &Record) -> Result<Option<i64>> {
    let patient = match &record.subject {
        Subject::Patient(id) => id,
        Subject::NoPatient | Subject::NotSaid | Subject::Other(_) => return Ok(None),
    };
    Ok(db
        .prepare_cached("SELECT id FROM person WHERE account_id = ?1 AND patient_id = ?2")?
        .query_row(params![account, patient], |row| row.get(0))
        .optional()?)
}

/// Sets `part_of`: the results of a report, the members of a panel and the medicine that an order
/// refers to stand in it, each in the first that names it. A record that is itself a part is no container.
fn fold(db: &Connection, account: i64) -> Result<()> {
    db.execute(
        "UPDATE record SET part_of = folded.whole
         FROM (SELECT part.id AS part, min(link.from_id) AS whole
               FROM link
               JOIN resource AS source ON source.id = link.from_id AND source.account_id = ?1
               JOIN resource AS part ON part.account_id = ?1 AND part.type = link.type
                    AND part.server_id = link.server_id AND part.id <> link.from_id
               WHERE link.role IN ('result', 'has-member', 'medication')
                     AND source.gone_since IS NULL
               GROUP BY part.id) AS folded
         WHERE record.resource_id = folded.part AND record.part_of IS NOT folded.whole",
        [account],
    )?;
    db.execute(
        "UPDATE record SET part_of = NULL
         WHERE account_id = ?1 AND part_of IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM link
               JOIN resource AS source ON source.id = link.from_id
               JOIN resource AS part ON part.id = record.resource_id
               WHERE link.from_id = record.part_of AND link.type = part.type
                     AND link.server_id = part.server_id
                     AND link.role IN ('result', 'has-member', 'medication')
                     AND source.gone_since IS NULL)",
        [account],
    )?;
    Ok(())
}

/// Finds resources in the database, and remembers which were asked for.
struct Stored<'a> {
    db: &'a Connection,
    account: i64,
    asked: RefCell<BTreeSet<(String, String)>>,
}

impl Lookup for Stored<'_> {
    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        let (kind, id) = target.split_once('/')?;
        self.asked.borrow_mut().insert((kind.to_owned(), id.to_owned()));
        // A row that cannot be read is as absent as one that is not there; it is derived again.
        self.db
            .prepare_cached(
                "SELECT version.body FROM resource
                 JOIN version ON version.id = resource.version_id
                 WHERE account_id = ?1 AND type = ?2 AND server_id = ?3
                 ORDER BY resource.id LIMIT 1",
            )
            .ok()?
            .query_row(params![self.account, kind, id], |row| row.get(0))
            .optional()
            .ok()
            .flatten()
    }
}
