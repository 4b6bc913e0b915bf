//! A record as it is derived from its resource, and how it is written.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension, params};

use super::named::{self, NamedRow};
use super::roll::Roll;
use super::view::RowBody;
use super::{Result, Store, fold};
use crate::fhir::datatype;
use crate::fhir::json::Value;
use crate::record::{
    DERIVATION, Given, Lookup, Placements, Record, SearchText, Subject, Unnamed, Zone, derive,
    derive_value,
};

/// A record with what is written of it. Made on any thread; the one that writes only writes.
pub(super) struct Derived {
    /// The record, without what is told of it in full.
    record: Record,
    /// [`RowBody`] as JSON.
    row: String,
    /// What is noted of it for those it belongs together with.
    note: Option<fold::Note>,
    /// What the search finds it by.
    words: SearchText,
    /// `(type, id)` of what it was derived with the help of, there or not.
    asked: BTreeSet<(String, String)>,
    /// Whether something of that had not come: it is shown as it is and derived again at the end.
    is_provisional: bool,
}

impl Derived {
    /// Derives a record of a resource's bytes.
    pub(super) fn of(body: &[u8], lookup: Stored<'_>) -> Result<Derived> {
        let record = derive(body, &lookup);
        Derived::from(record, lookup)
    }

    /// Derives a record of a resource that was read already and was found without a flaw.
    pub(super) fn of_value(value: &Value<'_>, lookup: Stored<'_>) -> Result<Derived> {
        let record = derive_value(value, &[], &lookup);
        Derived::from(record, lookup)
    }

    fn from(mut record: Record, lookup: Stored<'_>) -> Result<Derived> {
        let asked = lookup.asked.into_inner();
        let is_provisional = lookup.roll.is_some() && lookup.missed.get();
        let row = serde_json::to_string(&RowBody::of(&record))?;
        let note = fold::Note::of(&record)?;
        let words = if is_provisional { SearchText::default() } else { record.search_text() };
        // Told in full it is made anew when it is opened. Here it would wait for its turn to be
        // written, and be let go by the one thread that writes.
        record.sections = Vec::new();
        record.narrative = None;
        record.attachments = Vec::new();
        record.codes = Vec::new();
        record.problems = Vec::new();
        Ok(Derived { row, note, words, record, asked, is_provisional })
    }

    /// Whether one of the resources it was derived with the help of has changed in this run.
    fn is_outdated(&self, roll: &Roll) -> bool {
        self.asked.iter().any(|(kind, id)| roll.has_changed(kind, id))
    }
}

/// How records are written within one transaction.
pub(super) struct Writing<'a> {
    pub(super) db: &'a Connection,
    pub(super) account: i64,
    /// Words whose turn in the search comes later, many at a time.
    pub(super) unsearched: &'a mut Vec<(i64, SearchText)>,
    /// By account and patient.
    people: HashMap<(i64, String), Option<i64>>,
    /// Words that take the place of others when all else is written: FTS5 writes what it holds to the
    /// disk, as a piece of its own, before each statement on another table that may be taken back.
    replaced: Vec<(i64, SearchText)>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(
        db: &'a Connection,
        account: i64,
        unsearched: &'a mut Vec<(i64, SearchText)>,
    ) -> Writing<'a> {
        Writing { db, account, unsearched, people: HashMap::new(), replaced: Vec::new() }
    }

    /// Writes a record that came with a page. `is_new`: there was none of this resource before.
    pub(super) fn arrived(
        &mut self,
        resource: i64,
        derived: Derived,
        is_new: bool,
        roll: &Roll,
    ) -> Result<()> {
        self.record(resource, &derived, is_new)?;
        if derived.is_provisional {
            return self.put_off(resource);
        }
        if derived.is_outdated(roll) {
            self.put_off(resource)?;
        }
        for (kind, _) in &derived.asked {
            roll.helps(kind);
        }
        self.dependencies(resource, &derived, is_new)?;
        if is_new {
            self.unsearched.push((resource, derived.words));
        } else {
            self.replaced.push((resource, derived.words));
        }
        Ok(())
    }

    /// Writes the words that take the place of others: the last thing of a transaction.
    pub(super) fn finish(self) -> Result<()> {
        for (resource, words) in &self.replaced {
            let is_there: bool = self
                .db
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM search_docsize WHERE id = ?1)")?
                .query_row([resource], |row| row.get(0))?;
            self.words(*resource, words, is_there)?;
        }
        Ok(())
    }

    /// Writes a record that is derived again.
    pub(super) fn again(&mut self, resource: i64, derived: Derived) -> Result<()> {
        self.record(resource, &derived, false)?;
        self.dependencies(resource, &derived, false)?;
        self.replaced.push((resource, derived.words));
        self.db
            .prepare_cached("DELETE FROM pending WHERE resource_id = ?1")?
            .execute([resource])?;
        Ok(())
    }

    /// Has a record derived again when the run settles.
    pub(super) fn put_off(&self, resource: i64) -> Result<()> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO pending (resource_id) VALUES (?1)")?
            .execute([resource])?;
        Ok(())
    }

    /// Puts words into the search; `may_be_there`: in place of others.
    pub(super) fn words(
        &self,
        resource: i64,
        words: &SearchText,
        may_be_there: bool,
    ) -> Result<()> {
        if may_be_there {
            self.db.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([resource])?;
        }
        self.db
            .prepare_cached(
                "INSERT INTO search (rowid, title, codes, measured, body)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![resource, words.title, words.codes, words.values, words.text])?;
        Ok(())
    }

    fn record(&mut self, resource: i64, derived: &Derived, is_new: bool) -> Result<()> {
        let record = &derived.record;
        let person = self.person(record)?;
        let sort = record.when.as_ref().map_or_else(String::new, |when| match when.zone {
            // What proves no day is told from what does.
            Zone::Utc => format!("{}Z", when.sort),
            Zone::None | Zone::Offset => when.sort.clone(),
        });
        let kind = record.kind.name();
        if is_new {
            self.db
                .prepare_cached(
                    "INSERT INTO record (resource_id, derivation, account_id, person_id, kind, sort)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![resource, DERIVATION, self.account, person, kind, sort])?;
            self.db
                .prepare_cached("INSERT INTO told (resource_id, row) VALUES (?1, ?2)")?
                .execute(params![resource, derived.row])?;
        } else {
            self.db
                .prepare_cached(
                    "INSERT INTO record
                            (resource_id, derivation, account_id, person_id, kind, sort, gone)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                             (SELECT gone_since IS NOT NULL FROM resource WHERE id = ?1))
                     ON CONFLICT (resource_id) DO UPDATE SET derivation = excluded.derivation,
                            person_id = excluded.person_id, kind = excluded.kind,
                            sort = excluded.sort, gone = excluded.gone",
                )?
                .execute(params![resource, DERIVATION, self.account, person, kind, sort])?;
            self.db
                .prepare_cached(
                    "INSERT INTO told (resource_id, row) VALUES (?1, ?2)
                     ON CONFLICT (resource_id) DO UPDATE SET row = excluded.row",
                )?
                .execute(params![resource, derived.row])?;
        }
        fold::keep(self.db, resource, record, derived.note.as_ref(), person, is_new)?;
        self.measured(resource, record, is_new)?;
        if !is_new {
            if self.has_links(resource, record)? {
                return Ok(());
            }
            self.db.prepare_cached("DELETE FROM link WHERE from_id = ?1")?.execute([resource])?;
        }
        for (position, link) in record.links.iter().enumerate() {
            if let Some((kind, id)) = link.target.split_once('/') {
                self.db
                    .prepare_cached(
                        "INSERT INTO link (from_id, position, role, type, server_id)
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![resource, position as i64, link.role, kind, id])?;
            }
        }
        Ok(())
    }

    /// Whether the links of a record are those that are kept: they are when only what it points to
    /// has changed.
    fn has_links(&self, resource: i64, record: &Record) -> Result<bool> {
        let mut statement = self.db.prepare_cached(
            "SELECT position, role, type, server_id FROM link WHERE from_id = ?1 ORDER BY position",
        )?;
        let mut kept = statement.query([resource])?;
        let mut links = record.links.iter().enumerate().filter_map(|(position, link)| {
            let (kind, id) = link.target.split_once('/')?;
            Some((position as i64, link.role.as_str(), kind, id))
        });
        while let Some(row) = kept.next()? {
            let text = |column| row.get_ref(column).map(|value| value.as_str().unwrap_or_default());
            if links.next() != Some((row.get(0)?, text(1)?, text(2)?, text(3)?)) {
                return Ok(false);
            }
        }
        Ok(links.next().is_none())
    }

    /// Writes which tests a record's results are of.
    fn measured(&self, resource: i64, record: &Record, is_new: bool) -> Result<()> {
        if !is_new {
            self.db
                .prepare_cached("DELETE FROM measured WHERE resource_id = ?1")?
                .execute([resource])?;
        }
        for (position, one) in record.measurements.iter().enumerate() {
            let is_unnamed = one.is_unnamed();
            if one.test.is_none() && !is_unnamed {
                continue;
            }
            self.db
                .prepare_cached(
                    "INSERT INTO measured (resource_id, position, test, is_out, is_unnamed)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![resource, position as i64, one.test, one.is_out(), is_unnamed])?;
        }
        Ok(())
    }

    fn dependencies(&self, resource: i64, derived: &Derived, is_new: bool) -> Result<()> {
        if !is_new {
            self.db
                .prepare_cached("DELETE FROM dependency WHERE resource_id = ?1")?
                .execute([resource])?;
        }
        for (kind, id) in &derived.asked {
            self.db
                .prepare_cached(
                    "INSERT INTO dependency (resource_id, type, server_id) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![resource, kind, id])?;
        }
        Ok(())
    }

    fn person(&mut self, record: &Record) -> Result<Option<i64>> {
        let patient = match &record.subject {
            Subject::Patient(id) => id,
            Subject::NoPatient | Subject::NotSaid | Subject::Other(_) => return Ok(None),
        };
        let asked = (self.account, patient.clone());
        if let Some(person) = self.people.get(&asked) {
            return Ok(*person);
        }
        let person = self
            .db
            .prepare_cached("SELECT id FROM person WHERE account_id = ?1 AND patient_id = ?2")?
            .query_row(params![self.account, patient], |row| row.get(0))
            .optional()?;
        self.people.insert(asked, person);
        Ok(person)
    }
}

/// Finds resources in the database, and remembers which were asked for.
pub(super) struct Stored<'a> {
    db: &'a Connection,
    account: i64,
    roll: Option<&'a Roll>,
    asked: RefCell<BTreeSet<(String, String)>>,
    missed: Cell<bool>,
    panels: Option<&'a Panels>,
    names: OnceCell<Vec<NamedRow>>,
}

/// What panels make of their members without names, kept for as long as many are derived, with what
/// that was derived with the help of.
#[derive(Default)]
pub(super) struct Panels(RefCell<HashMap<String, PlacedAndAsked>>);

type PlacedAndAsked = (Rc<Placements>, BTreeSet<(String, String)>);

impl<'a> Stored<'a> {
    /// `roll`: the run under way, in which what is not there may still come.
    pub(super) fn new(store: &'a Store, account: i64, roll: Option<&'a Roll>) -> Stored<'a> {
        let (asked, missed) = (RefCell::default(), Cell::new(false));
        let names = OnceCell::new();
        Stored { db: &store.db, account, roll, asked, missed, panels: None, names }
    }

    /// The same with what panels make of their members remembered in `panels`. All that is derived
    /// with it is of one account.
    pub(super) fn remembering(self, panels: &'a Panels) -> Stored<'a> {
        Stored { panels: Some(panels), ..self }
    }

    fn find(&self, kind: &str, id: &str) -> Option<Vec<u8>> {
        if self.roll.is_some_and(|roll| !roll.may_have(kind, id)) {
            return None;
        }
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

impl Lookup for Stored<'_> {
    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        let (kind, id) = target.split_once('/')?;
        self.asked.borrow_mut().insert((kind.to_owned(), id.to_owned()));
        let found = self.find(kind, id);
        if found.is_none() {
            self.missed.set(true);
        }
        found
    }

    fn named(&self, urn: &str) -> Option<String> {
        let id = datatype::urn_id(urn)?;
        self.asked.borrow_mut().insert((NAMED.to_owned(), id.to_owned()));
        if self.roll.is_some() {
            self.missed.set(true);
            return None;
        }
        // What cannot be read is as absent as what is not there.
        let kind: Option<String> = self
            .db
            .prepare_cached(
                "SELECT type FROM resource WHERE account_id = ?1 AND server_id = ?2
                 AND type IN (SELECT DISTINCT type FROM resource WHERE account_id = ?1)
                 AND gone_since IS NULL ORDER BY id LIMIT 1",
            )
            .ok()?
            .query_row(params![self.account, id], |row| row.get(0))
            .optional()
            .ok()
            .flatten();
        Some(format!("{}/{id}", kind?))
    }

    fn replaced_by(&self, target: &str) -> Option<String> {
        if self.roll.is_some() {
            // Those that are replaced are derived again when the run settles.
            return None;
        }
        let (kind, id) = target.split_once('/')?;
        // What cannot be read is as absent as what is not there.
        let id: Option<String> = self
            .db
            .prepare_cached(
                "SELECT source.server_id FROM link
                 JOIN resource AS source ON source.id = link.from_id AND source.account_id = ?1
                      AND source.type = ?2 AND source.gone_since IS NULL
                 WHERE link.type = ?2 AND link.server_id = ?3 AND link.role = 'replaces'
                 ORDER BY source.id DESC LIMIT 1",
            )
            .ok()?
            .query_row(params![self.account, kind, id], |row| row.get(0))
            .optional()
            .ok()
            .flatten()
            .flatten();
        Some(format!("{kind}/{}", id?))
    }

    fn containers(&self, target: &str) -> Vec<String> {
        self.asked.borrow_mut().insert((HOLDERS.to_owned(), target.to_owned()));
        if self.roll.is_some() {
            // Its report may still come, and so may its siblings.
            self.missed.set(true);
            return Vec::new();
        }
        // What cannot be read is as absent as what is not there.
        containers(self.db, self.account, target).unwrap_or_default()
    }

    fn placements(&self, container: &str, make: &dyn Fn() -> Placements) -> Option<Rc<Placements>> {
        let Some(panels) = self.panels else { return Some(Rc::new(make())) };
        if let Some((placed, asked)) = panels.0.borrow().get(container) {
            self.asked.borrow_mut().extend(asked.iter().cloned());
            return Some(Rc::clone(placed));
        }
        let before = self.asked.take();
        let placed = Rc::new(make());
        let asked = self.asked.replace(before);
        self.asked.borrow_mut().extend(asked.iter().cloned());
        panels.0.borrow_mut().insert(container.to_owned(), (Rc::clone(&placed), asked));
        Some(placed)
    }

    fn billed(&self, patient: &str, day: &str) -> Vec<String> {
        self.asked.borrow_mut().insert((BILLED.to_owned(), format!("{day}/{patient}")));
        if self.roll.is_some() {
            // Its lines may still come.
            self.missed.set(true);
            return Vec::new();
        }
        // What cannot be read is as absent as what is not there.
        billed(self.db, self.account, patient, day).unwrap_or_default()
    }

    fn given(&self, place: &Unnamed<'_>) -> Option<Given> {
        let names =
            self.names.get_or_init(|| named::names(self.db, self.account).unwrap_or_default());
        named::fitting(names, place)
    }
}

/// The reports and results that name a resource as one of their own.
fn containers(db: &Connection, account: i64, target: &str) -> Result<Vec<String>> {
    let Some((kind, id)) = target.split_once('/') else { return Ok(Vec::new()) };
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT source.type, source.server_id FROM link
         JOIN resource AS source ON source.id = link.from_id AND source.account_id = ?1
              AND source.server_id IS NOT NULL AND source.gone_since IS NULL
         WHERE link.type = ?2 AND link.server_id = ?3 AND link.role IN ('result', 'has-member')
         ORDER BY source.type, source.id",
    )?;
    let rows = statement.query_map(params![account, kind, id], |row| {
        Ok(format!("{}/{}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Stands in place of a type for what goes by a name that does not tell its type.
pub(super) const NAMED: &str = "urn";

/// Stands in place of a type for what names a result as one of its own: `Observation/7`.
pub(super) const HOLDERS: &str = "holders";

/// Stands in place of a type for the billing lines of a day: `2022-04-28/patient`.
pub(super) const BILLED: &str = "billed";

/// The codes of what was billed for a patient on a day, of lines that say what was done.
fn billed(db: &Connection, account: i64, patient: &str, day: &str) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT strand ->> '$.f.line.code' AS code FROM fold
         JOIN record ON record.resource_id = fold.resource_id AND record.account_id = ?1
              AND record.gone = 0
         JOIN person ON person.id = record.person_id AND person.patient_id = ?2
         WHERE fold.bucket = ?3 AND code IS NOT NULL
               AND coalesce(strand ->> '$.o', '') NOT IN ('void', 'unclear')
               AND strand ->> '$.z' IS NULL
         ORDER BY code",
    )?;
    let rows = statement.query_map(params![account, patient, day], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
