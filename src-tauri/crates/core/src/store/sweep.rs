//! How far a run has come, so that it can go on there, and what it changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::run::write_requests;
use super::view::Change;
use super::{Result, RunId, Store, TypeMemory};
use crate::fhir::canonical;
use crate::outgoing::Sent;

/// A run that committed nothing for longer than this does not go on; another begins.
const GOES_ON_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Nor does one that began longer ago than this: what came first would be too old to be called checked.
const GOES_ON_FOR: SignedDuration = SignedDuration::from_hours(48);

/// A run, begun or gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRun {
    /// The run.
    pub run: RunId,
    /// When its first part began.
    pub started: Timestamp,
    /// How often it was begun or gone on with.
    pub parts: u32,
    /// What was kept of each type by the parts before, as the sync wrote it.
    pub sweeps: BTreeMap<String, String>,
}

/// What is written in the transaction of a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// A type and how far the run has come with it (JSON).
    pub sweep: Option<(&'a str, &'a str)>,
    /// Requests that were sent.
    pub sent: &'a [Sent],
}

/// The same, owned.
#[derive(Clone, Debug, Default)]
pub struct OwnedBeside {
    /// [`Beside::sweep`]
    pub sweep: Option<(String, String)>,
    /// [`Beside::sent`]
    pub sent: Vec<Sent>,
}

impl OwnedBeside {
    /// As it is written.
    pub fn borrowed(&self) -> Beside<'_> {
        Beside {
            sweep: self.sweep.as_ref().map(|(name, state)| (name.as_str(), state.as_str())),
            sent: &self.sent,
        }
    }
}

/// What a complete sweep did not bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Resources that the portal no longer sends.
    pub gone: u64,
    /// Resources that it sends under another id.
    pub moved: u64,
}

impl Beside<'_> {
    pub(super) fn write(&self, db: &Connection, run: RunId, now: Timestamp) -> Result<()> {
        if let Some((resource_type, state)) = self.sweep {
            write_sweep(db, run, resource_type, state, now)?;
        }
        write_requests(db, self.sent)
    }
}

impl Store {
    /// Goes on with the last run of an account where that was stopped within a day; else begins one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn open_run(&mut self, account: i64, by_hand: bool, now: Timestamp) -> Result<OpenedRun> {
        let left: Option<(i64, i64, i64, u32)> = self
            .db
            .query_row(
                "SELECT id, started, touched, parts FROM run WHERE account_id = ?1 AND open
                 ORDER BY id DESC LIMIT 1",
                [account],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()?;
        // A clock that was set back makes no run younger than it is.
        let is_within = |at: i64, limit: SignedDuration| {
            (0..=limit.as_secs()).contains(&(now.as_second() - at))
        };
        if let Some((id, started, touched, parts)) = left
            && is_within(touched, GOES_ON_WITHIN)
            && is_within(started, GOES_ON_FOR)
        {
            let tx = self.db.transaction()?;
            tx.execute(
                "UPDATE run SET parts = parts + 1, by_hand = by_hand OR ?2, finished = NULL,
                        failed = NULL, touched = ?3 WHERE id = ?1",
                params![id, by_hand, now.as_second()],
            )?;
            let sweeps = {
                let mut statement =
                    tx.prepare("SELECT type, state FROM sweep WHERE run_id = ?1")?;
                let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.collect::<rusqlite::Result<_>>()?
            };
            tx.commit()?;
            self.broken.remove(&id);
            return Ok(OpenedRun {
                run: RunId { id, account },
                started: Timestamp::from_second(started).unwrap_or(now),
                parts: parts + 1,
                sweeps,
            });
        }
        let run = self.begin_run(account, now)?;
        let tx = self.db.transaction()?;
        tx.execute(
            "UPDATE run SET open = 0 WHERE account_id = ?1 AND open AND id <> ?2",
            params![account, run.id],
        )?;
        tx.execute("DELETE FROM sweep WHERE run_id IN (SELECT id FROM run WHERE NOT open)", [])?;
        tx.execute(
            "UPDATE run SET by_hand = ?2, open = 1, touched = ?3 WHERE id = ?1",
            params![run.id, by_hand, now.as_second()],
        )?;
        tx.commit()?;
        Ok(OpenedRun { run, started: now, parts: 1, sweeps: BTreeMap::new() })
    }

    /// Notes how far a run has come with a type, and requests that were sent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_sweep(&mut self, run: RunId, beside: Beside<'_>, now: Timestamp) -> Result<()> {
        self.is_whole(run)?;
        let tx = self.db.transaction()?;
        beside.write(&tx, run, now)?;
        tx.commit()?;
        Ok(())
    }

    /// Ends a part of a run with its outcome (JSON) for now: it can go on from where it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn pause_run(&mut self, run: RunId, report: &str, now: Timestamp) -> Result<()> {
        self.db.execute(
            "UPDATE run SET finished = ?2, touched = ?2, report = ?3 WHERE id = ?1",
            params![run.id, now.as_second(), report],
        )?;
        self.rolls.remove(&run.id);
        Ok(())
    }

    /// Ends a part of a run that has no outcome, with the reason in words. A run that began by itself
    /// and brought nothing at all leaves no trace.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn fail_run(&mut self, run: RunId, why: &str, now: Timestamp) -> Result<()> {
        self.rolls.remove(&run.id);
        let n = self.db.execute(
            "DELETE FROM run WHERE id = ?1 AND NOT by_hand AND parts = 1
             AND NOT EXISTS (SELECT 1 FROM sweep WHERE run_id = ?1)",
            [run.id],
        )?;
        if n == 0 {
            self.db.execute(
                "UPDATE run SET finished = ?2, failed = ?3 WHERE id = ?1",
                params![run.id, now.as_second(), why],
            )?;
        }
        Ok(())
    }

    /// When a sync of an account was last begun or gone on with, and when one last ended with an
    /// outcome.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_tries(&self, account: i64) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
        let (tried, ended): (Option<i64>, Option<i64>) = self.db.query_row(
            "SELECT max(max(started, touched)), max(CASE WHEN report IS NOT NULL THEN finished END)
             FROM run WHERE account_id = ?1",
            [account],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let time = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
        Ok((time(tried), time(ended)))
    }

    /// How many resources of a type are kept and not gone.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn known(&self, account: i64, resource_type: &str) -> Result<u64> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT count(*) FROM resource
                 WHERE account_id = ?1 AND type = ?2 AND gone_since IS NULL",
            )?
            .query_row(params![account, resource_type], |row| row.get(0))?)
    }

    /// How many resources an account's portal is asked for at a time; `None` before that was learnt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page_size(&self, account: i64) -> Result<Option<u32>> {
        Ok(self
            .db
            .prepare_cached("SELECT page_size FROM account WHERE id = ?1")?
            .query_row([account], |row| row.get(0))?)
    }

    /// Remembers that.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn remember_page_size(&mut self, account: i64, page_size: u32) -> Result<()> {
        self.db.execute(
            "UPDATE account SET page_size = ?2 WHERE id = ?1 AND page_size IS NOT ?2",
            params![account, page_size],
        )?;
        Ok(())
    }

    /// Ends the sweep of a type: what is known of it from now on, and what is written beside. Where it
    /// was whole, what is new from now on may be what goes then.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn end_sweep(
        &mut self,
        run: RunId,
        resource_type: &str,
        memory: TypeMemory,
        is_whole: bool,
        beside: &OwnedBeside,
        now: Timestamp,
    ) -> Result<()> {
        let tx = self.db.transaction()?;
        tx.prepare_cached(
            "INSERT INTO type_state (account_id, type, given, not_offered_since, whole_run)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account_id, type) DO UPDATE SET given = excluded.given,
                    not_offered_since = excluded.not_offered_since,
                    whole_run = max(whole_run, excluded.whole_run)",
        )?
        .execute(params![
            run.account,
            resource_type,
            memory.given,
            memory.not_offered_since.map(Timestamp::as_second),
            if is_whole { run.id } else { 0 },
        ])?;
        beside.borrowed().write(&tx, run, now)?;
        tx.commit()?;
        Ok(())
    }
}

/// Notes what a run found of a resource; the first finding of a run stands, but for what follows a
/// going: a resource that is found again was not gone.
pub(super) fn note_change(
    db: &Connection,
    run: RunId,
    resource: i64,
    change: Change,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO run_change (run_id, resource_id, change) VALUES (?1, ?2, ?3)
         ON CONFLICT (run_id, resource_id) DO NOTHING",
    )?
    .execute(params![run.id, resource, change.name()])?;
    Ok(())
}

/// What a complete sweep of a type did not bring (`silent`): the same content under a new id is a
/// move, and the resource keeps its number; all else is marked as gone.
pub(super) fn part_with(
    db: &Connection,
    run: RunId,
    resource_type: &str,
    silent: &[i64],
    now: Timestamp,
) -> Result<(Absent, Vec<i64>)> {
    let mut absent = Absent::default();
    let mut moved = Vec::new();
    if silent.is_empty() {
        return Ok((absent, moved));
    }
    let mut came = newcomers(db, run, resource_type, silent)?;
    for resource in silent {
        let new = match came.is_empty() {
            true => None,
            false => came.get_mut(&content_of(db, *resource)?).and_then(Vec::pop),
        };
        match new {
            Some(new) => {
                take_over(db, run, *resource, new)?;
                moved.push(*resource);
                absent.moved += 1;
            }
            None => {
                db.prepare_cached("UPDATE resource SET gone_since = ?2 WHERE id = ?1")?
                    .execute(params![resource, now.as_second()])?;
                db.prepare_cached("UPDATE record SET gone = 1 WHERE resource_id = ?1")?
                    .execute([resource])?;
                note_change(db, run, *resource, Change::Gone)?;
                absent.gone += 1;
            }
        }
    }
    Ok((absent, moved))
}

/// What is new of a type since its last complete sweep and came in this one, by content; the first
/// that came is last.
fn newcomers(
    db: &Connection,
    run: RunId,
    resource_type: &str,
    silent: &[i64],
) -> Result<BTreeMap<[u8; 32], Vec<i64>>> {
    let mut statement = db.prepare(
        "SELECT DISTINCT resource.id FROM run_change
         JOIN resource ON resource.id = run_change.resource_id
         WHERE run_change.run_id > coalesce((SELECT whole_run FROM type_state
                                             WHERE account_id = ?1 AND type = ?2), 0)
               AND run_change.change = 'new' AND resource.account_id = ?1 AND resource.type = ?2
               AND resource.server_id IS NOT NULL AND resource.gone_since IS NULL
         ORDER BY resource.id DESC",
    )?;
    let ids = statement.query_map(params![run.account, resource_type], |row| row.get(0))?;
    let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
    let silent: BTreeSet<i64> = silent.iter().copied().collect();
    let mut came: BTreeMap<[u8; 32], Vec<i64>> = BTreeMap::new();
    for id in ids.into_iter().filter(|id| !silent.contains(id)) {
        came.entry(content_of(db, id)?).or_default().push(id);
    }
    Ok(came)
}

/// The hash of what a resource says, whatever it is called.
fn content_of(db: &Connection, resource: i64) -> Result<[u8; 32]> {
    let body: Vec<u8> = db
        .prepare_cached(
            "SELECT version.body FROM resource JOIN version ON version.id = resource.version_id
             WHERE resource.id = ?1",
        )?
        .query_row([resource], |row| row.get(0))?;
    Ok(Sha256::digest(canonical::content(&body)).into())
}

/// The resource `old` goes on as `new`, which is no more: it takes its id, its key and its bytes.
fn take_over(db: &Connection, run: RunId, old: i64, new: i64) -> Result<()> {
    let (key, server_id, version, hash): (String, Option<String>, i64, Vec<u8>) = db.query_row(
        "SELECT key, server_id, version_id, hash FROM resource WHERE id = ?1",
        [new],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    db.execute("UPDATE version SET resource_id = ?1 WHERE resource_id = ?2", [old, new])?;
    // What the person wrote beside either of the two.
    db.execute(
        "UPDATE note SET text = text || char(10) || (SELECT text FROM note WHERE resource_id = ?2)
         WHERE resource_id = ?1 AND EXISTS (SELECT 1 FROM note WHERE resource_id = ?2)",
        [old, new],
    )?;
    db.execute(
        "INSERT OR IGNORE INTO note (resource_id, text, written_at)
         SELECT ?1, text, written_at FROM note WHERE resource_id = ?2",
        [old, new],
    )?;
    db.execute(
        "UPDATE OR IGNORE named_result SET resource_id = ?1 WHERE resource_id = ?2",
        [old, new],
    )?;
    db.execute("DELETE FROM search WHERE rowid = ?1", [new])?;
    db.execute("DELETE FROM resource WHERE id = ?1", [new])?;
    db.execute(
        "UPDATE resource SET moved_from = server_id, key = ?2, server_id = ?3, version_id = ?4,
                hash = ?5, gone_since = NULL WHERE id = ?1",
        params![old, key, server_id, version, hash],
    )?;
    db.execute(
        "INSERT INTO run_change (run_id, resource_id, change) VALUES (?1, ?2, 'moved')
         ON CONFLICT (run_id, resource_id) DO UPDATE SET change = excluded.change",
        [run.id, old],
    )?;
    Ok(())
}

fn write_sweep(
    db: &Connection,
    run: RunId,
    resource_type: &str,
    state: &str,
    now: Timestamp,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO sweep (run_id, type, at, state) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run_id, type) DO UPDATE SET at = excluded.at, state = excluded.state",
    )?
    .execute(params![run.id, resource_type, now.as_second(), state])?;
    db.prepare_cached("UPDATE run SET touched = ?2 WHERE id = ?1")?
        .execute(params![run.id, now.as_second()])?;
    Ok(())
}

impl Change {
    /// What it is called in the database.
    pub fn name(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Changed => "changed",
            Change::Gone => "gone",
            Change::Moved => "moved",
            Change::Back => "back",
            Change::Any => "any",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Change> {
        [Change::New, Change::Changed, Change::Gone, Change::Moved, Change::Back]
            .into_iter()
            .find(|change| change.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sync::Arrival;
    use super::super::{Filter, Gone, List, NewAccount, Secrets};
    use super::*;
    use crate::outgoing::Purpose;

    struct Room {
        _dir: tempfile::TempDir,
        store: Store,
        account: i64,
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn noon() -> Timestamp {
        at("2026-11-24T12:00:00Z")
    }

    fn room() -> Room {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("onhand.db"), &[7; 32]).unwrap();
        let new = NewAccount {
            origin: "https://portal.example".to_owned(),
            certificate: None,
            client_id: "c".to_owned(),
            redirect_uris: Vec::new(),
            secrets: Secrets {
                client_secret: None,
                access: "a".into(),
                refresh: None,
                expires_at: noon(),
                scope: None,
            },
        };
        let account = store.save_sign_in(None, &new, &[], noon()).unwrap();
        Room { _dir: dir, store, account }
    }

    fn goal(id: &str, text: &str) -> (String, String) {
        let body = format!(
            r#"{{"resourceType":"Goal","id":"{id}","description":"{text}","status":"in-progress"}}"#
        );
        (id.to_owned(), body)
    }

    impl Room {
        fn begin(&mut self) -> RunId {
            self.store.open_run(self.account, true, noon()).unwrap().run
        }

        fn commit(&mut self, run: RunId, goals: &[(String, String)]) -> super::super::PageCounts {
            let arrivals: Vec<Arrival<'_>> = goals
                .iter()
                .map(|(id, body)| Arrival {
                    resource_type: "Goal",
                    id: Some(id),
                    body: body.as_bytes(),
                    counts: true,
                })
                .collect();
            self.store.commit_page(run, &arrivals, noon()).unwrap()
        }

        fn end(&mut self, run: RunId) -> Absent {
            let absent = self.store.mark_gone(run, "Goal", noon()).unwrap();
            let memory = TypeMemory { given: true, not_offered_since: None };
            let beside = OwnedBeside::default();
            self.store.end_sweep(run, "Goal", memory, true, &beside, noon()).unwrap();
            self.store.settle(run).unwrap();
            self.store.finish_run(run, "{}", noon()).unwrap();
            absent
        }

        fn sync(&mut self, goals: &[(String, String)]) -> (RunId, Absent) {
            let run = self.begin();
            self.commit(run, goals);
            (run, self.end(run))
        }

        fn rows(&self, filter: Filter) -> Vec<super::super::Row> {
            self.store.list(&List { filter, offset: 0, limit: 100 }).unwrap().records
        }

        fn changes(&self, run: RunId) -> BTreeMap<String, u64> {
            self.store.change_counts(run.id, None).unwrap()
        }
    }

    fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
        pairs.iter().map(|(change, n)| ((*change).to_owned(), *n)).collect()
    }

    #[test]
    fn the_same_content_under_a_new_id_keeps_its_number() {
        let mut room = room();
        room.sync(&[goal("1", "walk"), goal("2", "swim"), goal("3", "rest")]);
        let walk = room.rows(Filter { folded: true, ..Filter::default() });
        let walk = walk.iter().find(|row| row.title.to_lowercase().contains("walk")).unwrap().id;
        let (run, absent) = room.sync(&[goal("71", "walk"), goal("2", "swim"), goal("4", "run")]);
        assert_eq!(absent, Absent { gone: 1, moved: 1 });
        assert_eq!(room.changes(run), counts(&[("gone", 1), ("moved", 1), ("new", 1)]));
        let detail = room.store.detail(walk).unwrap();
        assert_eq!(detail.row.source.id.as_deref(), Some("71"));
        assert_eq!(detail.row.moved_from.as_deref(), Some("1"));
        assert_eq!((detail.row.gone_since, detail.versions.len()), (None, 1));
        assert_eq!(room.store.raw_bytes(walk).unwrap(), goal("71", "walk").1.as_bytes());
        assert_eq!(room.store.record_count().unwrap(), 4);
        let found = Filter { query: Some("walk".to_owned()), ..Filter::default() };
        assert_eq!(room.rows(found).iter().map(|row| row.id).collect::<Vec<_>>(), [walk]);

        let (_, again) = room.sync(&[goal("71", "walk"), goal("2", "swim"), goal("4", "run")]);
        assert_eq!(again, Absent::default());
    }

    #[test]
    fn two_of_the_same_content_are_no_move_of_one_another() {
        let mut room = room();
        room.sync(&[goal("1", "walk"), goal("2", "walk")]);
        let (_, absent) = room.sync(&[goal("2", "walk")]);
        assert_eq!(absent, Absent { gone: 1, moved: 0 });
    }

    #[test]
    fn what_came_new_in_a_sweep_that_broke_off_is_still_a_move() {
        let mut room = room();
        room.sync(&[goal("1", "walk"), goal("2", "swim")]);
        let broken = room.begin();
        room.commit(broken, &[goal("71", "walk")]);
        room.store.finish_run(broken, "{}", noon()).unwrap();
        let numbered = |room: &Room, server_id: &str| {
            let rows = room.rows(Filter { folded: true, ..Filter::default() });
            rows.iter().find(|row| row.source.id.as_deref() == Some(server_id)).unwrap().id
        };
        let (old, new) = (numbered(&room, "1"), numbered(&room, "71"));
        let sql = "INSERT INTO named_result
                          (resource_id, position, name, panel, seat, seats, is_only, named_at)
                   VALUES (?1, ?2, 'Potassium', 'Panel', 0, 1, 1, 0)";
        for (resource, position) in [(old, 0), (new, 0), (new, 1)] {
            room.store.db.execute(sql, params![resource, position]).unwrap();
        }
        for (resource, text) in [(old, "Daily?"), (new, "Ask about this.")] {
            let sql = "INSERT INTO note (resource_id, text, written_at) VALUES (?1, ?2, 0)";
            room.store.db.execute(sql, params![resource, text]).unwrap();
        }
        let (_, absent) = room.sync(&[goal("71", "walk"), goal("2", "swim")]);
        assert_eq!(absent, Absent { gone: 0, moved: 1 });
        assert_eq!(numbered(&room, "71"), old);
        let note: String = room
            .store
            .db
            .query_row("SELECT text FROM note WHERE resource_id = ?1", [old], |row| row.get(0))
            .unwrap();
        assert_eq!(note, "Daily?\nAsk about this.");
        let named: u32 = room
            .store
            .db
            .query_row("SELECT count(*) FROM named_result WHERE resource_id = ?1", [old], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(named, 2);
    }

    #[test]
    fn each_change_is_noted_and_an_unchanged_sync_notes_nothing() {
        let mut room = room();
        let (first, _) = room.sync(&[goal("1", "walk"), goal("2", "swim")]);
        assert_eq!(room.changes(first), counts(&[("new", 2)]));
        let (second, _) = room.sync(&[goal("1", "walk"), goal("2", "swim")]);
        assert_eq!(room.changes(second), counts(&[]));
        let (third, _) = room.sync(&[goal("1", "walk far")]);
        assert_eq!(room.changes(third), counts(&[("changed", 1), ("gone", 1)]));
        let (fourth, _) = room.sync(&[goal("1", "walk far"), goal("2", "swim")]);
        assert_eq!(room.changes(fourth), counts(&[("back", 1)]));
        let runs = room.store.runs(room.account).unwrap();
        assert_eq!(runs.iter().map(|run| run.new).collect::<Vec<_>>(), [0, 0, 0, 2]);
        assert_eq!((runs[1].changed, runs[1].gone, runs[0].back), (1, 1, 1));
    }

    #[test]
    fn an_unchanged_sync_writes_no_record_row() {
        let mut room = room();
        let goals = [goal("1", "walk"), goal("2", "swim"), goal("1", "run")];
        room.sync(&goals);
        for table in [
            "resource",
            "version",
            "record",
            "told",
            "link",
            "dependency",
            "measured",
            "fold",
            "run_change",
            "seen",
            "pending",
        ] {
            for deed in ["INSERT", "UPDATE", "DELETE"] {
                let sql = format!(
                    "CREATE TEMP TRIGGER {table}_{deed} BEFORE {deed} ON main.{table}
                     BEGIN SELECT RAISE(ABORT, '{deed} of {table}'); END"
                );
                room.store.db.execute_batch(&sql).unwrap();
            }
        }
        room.sync(&goals);
        let run = room.begin();
        let changed = [goal("1", "walk far")];
        let arrival = Arrival {
            resource_type: "Goal",
            id: Some(&changed[0].0),
            body: changed[0].1.as_bytes(),
            counts: true,
        };
        let refused = room.store.commit_page(run, &[arrival], noon()).unwrap_err();
        assert!(refused.to_string().contains("ConstraintViolation"), "{refused}");
    }

    #[test]
    fn a_record_that_is_withdrawn_later_has_changed() {
        let mut room = room();
        let condition = |status: &str| {
            let body = format!(
                r#"{{"resourceType":"Condition","id":"1","code":{{"text":"Gout"}},"verificationStatus":"{status}"}}"#
            );
            body
        };
        let mut standings = Vec::new();
        for status in ["confirmed", "entered-in-error"] {
            let run = room.begin();
            let body = condition(status);
            let arrival = Arrival {
                resource_type: "Condition",
                id: Some("1"),
                body: body.as_bytes(),
                counts: true,
            };
            room.store.commit_page(run, &[arrival], noon()).unwrap();
            room.store.mark_gone(run, "Condition", noon()).unwrap();
            let (run, _) = (run, room.end(run));
            let changes = room.changes(run);
            let row = room.rows(Filter { folded: true, ..Filter::default() }).remove(0);
            standings.push((changes, row.standing));
        }
        use crate::record::Standing;
        assert_eq!(standings[0], (counts(&[("new", 1)]), Some(Standing::Current)));
        assert_eq!(standings[1], (counts(&[("changed", 1)]), Some(Standing::Void)));
        let id = room.rows(Filter { folded: true, ..Filter::default() })[0].id;
        let versions = room.store.versions(id).unwrap();
        assert_eq!(versions.len(), 1);
        assert!(versions[0].sections.iter().flat_map(|s| &s.fields).any(|field| field.differs));
    }

    #[test]
    fn another_sweep_of_the_same_run_makes_no_twins_and_nothing_gone() {
        let mut room = room();
        room.sync(&[goal("1", "walk"), goal("2", "swim"), goal("3", "rest")]);
        let run = room.begin();
        room.commit(run, &[goal("1", "walk"), goal("2", "swim")]);
        room.store.sweep_again(run, "Goal").unwrap();
        let counts = room.commit(run, &[goal("1", "walk far"), goal("3", "rest")]);
        assert_eq!((counts.changed, counts.unchanged, counts.twins), (1, 1, 0));
        assert_eq!(room.end(run), Absent::default());
        assert_eq!(room.store.record_count().unwrap(), 3);
    }

    #[test]
    fn twins_are_told_every_time_and_new_ones_apart() {
        let mut room = room();
        let twins = [goal("1", "walk"), goal("1", "swim")];
        let run = room.begin();
        let counts = room.commit(run, &twins);
        assert_eq!((counts.new, counts.twins, counts.fresh_twins), (2, 1, 1));
        room.end(run);
        let run = room.begin();
        let counts = room.commit(run, &twins);
        assert_eq!((counts.unchanged, counts.twins, counts.fresh_twins), (2, 1, 0));
    }

    #[test]
    fn a_run_that_was_stopped_goes_on_for_a_while_and_no_longer() {
        let mut room = room();
        let first = room.store.open_run(room.account, true, noon()).unwrap();
        assert_eq!((first.parts, first.sweeps.len()), (1, 0));
        let sent = [Sent { host: "h".to_owned(), purpose: Purpose::Records, minute: 60, count: 2 }];
        let beside = Beside { sweep: Some(("Goal", "{\"n\":1}")), sent: &sent };
        room.store.note_sweep(first.run, beside, noon()).unwrap();
        room.store.pause_run(first.run, "{}", noon()).unwrap();

        let soon = at("2026-11-25T11:30:00Z");
        let next = room.store.open_run(room.account, false, soon).unwrap();
        assert_eq!((next.run, next.parts, next.started), (first.run, 2, noon()));
        assert_eq!(next.sweeps.get("Goal").map(String::as_str), Some("{\"n\":1}"));
        let run = room.store.runs(room.account).unwrap().remove(0);
        assert!(run.by_hand && run.finished.is_none() && run.parts == 2);

        for late in ["2026-11-26T11:31:00Z", "2026-11-23T00:00:00Z"] {
            let other = room.store.open_run(room.account, false, at(late)).unwrap();
            assert_ne!(other.run, first.run, "{late}");
            assert!(other.sweeps.is_empty());
        }
        assert_eq!(room.store.requests().unwrap()[0].count, 2);
    }

    #[test]
    fn a_run_that_began_by_itself_and_brought_nothing_leaves_no_trace() {
        let mut room = room();
        let run = room.store.open_run(room.account, false, noon()).unwrap().run;
        room.store.fail_run(run, "No network.", noon()).unwrap();
        assert!(room.store.runs(room.account).unwrap().is_empty());
        let run = room.store.open_run(room.account, true, noon()).unwrap().run;
        room.store.fail_run(run, "No network.", noon()).unwrap();
        let run = room.store.runs(room.account).unwrap().remove(0);
        assert_eq!(run.failed.as_deref(), Some("No network."));
    }

    #[test]
    fn requests_are_kept_by_the_day_once_they_are_old() {
        let mut room = room();
        let day = 24 * 60 * 60;
        let sent: Vec<Sent> = [0, 60, day, day + 120, 3 * day + 60]
            .map(|minute| Sent {
                host: "h".to_owned(),
                purpose: Purpose::Records,
                minute,
                count: 1,
            })
            .to_vec();
        room.store.note_requests(&sent).unwrap();
        let before = room.store.requests().unwrap();
        assert_eq!(before.iter().map(|one| one.count).collect::<Vec<_>>(), [1, 2, 2]);
        room.store.fold_requests(Timestamp::from_second(3 * day + 180).unwrap()).unwrap();
        assert_eq!(room.store.requests().unwrap(), before);
        let since = room.store.requests_since("h", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(since, [(0, 2), (day, 2), (3 * day + 60, 1)]);
    }

    #[test]
    fn a_full_disk_is_said_and_nothing_of_the_page_is_kept() {
        let mut room = room();
        let (_, _) = room.sync(&[goal("1", "walk")]);
        let pages: i64 =
            room.store.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        room.store.db.pragma_update(None, "max_page_count", pages + 2).unwrap();
        let run = room.begin();
        let big: Vec<_> = (10..200).map(|n| goal(&n.to_string(), &"much ".repeat(200))).collect();
        let arrivals: Vec<Arrival<'_>> = big
            .iter()
            .map(|(id, body)| Arrival {
                resource_type: "Goal",
                id: Some(id),
                body: body.as_bytes(),
                counts: true,
            })
            .collect();
        let beside = |_: &super::super::PageCounts| {
            Ok(OwnedBeside { sweep: Some(("Goal".to_owned(), "{}".to_owned())), sent: Vec::new() })
        };
        let full = room.store.commit_page_with(run, &arrivals, noon(), beside);
        assert!(matches!(full, Err(super::super::Error::DiskFull)), "{full:?}");
        assert_eq!(room.store.record_count().unwrap(), 1);
        assert!(room.store.is_sound().unwrap());

        room.store.db.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        let again = room.store.open_run(room.account, true, noon()).unwrap();
        assert!(again.sweeps.is_empty(), "the page's place was kept without the page");
        assert_eq!(room.commit(again.run, &big).new, 190);
    }

    #[test]
    fn gone_records_are_out_of_current_lists_but_for_allergies() {
        let mut room = room();
        let allergy =
            r#"{"resourceType":"AllergyIntolerance","id":"9","substance":{"text":"Penicillin"}}"#;
        let run = room.begin();
        room.commit(run, &[goal("1", "walk"), goal("2", "swim")]);
        let arrival = Arrival {
            resource_type: "AllergyIntolerance",
            id: Some("9"),
            body: allergy.as_bytes(),
            counts: true,
        };
        room.store.commit_page(run, &[arrival], noon()).unwrap();
        room.end(run);
        let run = room.begin();
        room.commit(run, &[goal("1", "walk")]);
        room.store.mark_gone(run, "AllergyIntolerance", noon()).unwrap();
        room.end(run);

        let ids = |filter: Filter| {
            let mut ids: Vec<_> =
                room.rows(filter).into_iter().filter_map(|row| row.source.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(ids(Filter::default()), ["1", "9"]);
        assert_eq!(ids(Filter { folded: true, ..Filter::default() }), ["1", "2", "9"]);
        assert_eq!(ids(Filter { gone: Some(Gone::Only), ..Filter::default() }), ["2", "9"]);
        assert_eq!(ids(Filter { gone: Some(Gone::Show), ..Filter::default() }), ["1", "2", "9"]);
        assert_eq!(ids(Filter { query: Some("swim".to_owned()), ..Filter::default() }), ["2"]);
        let counts = room.store.counts(room.account).unwrap();
        let n_shown: u64 = counts.values().sum();
        assert_eq!(n_shown, 2);

        let of_run = |change| Filter { run: Some(run.id), change, ..Filter::default() };
        assert_eq!(ids(of_run(None)), ["2", "9"]);
        assert_eq!(ids(of_run(Some(Change::Any))), ["2", "9"]);
        assert_eq!(ids(of_run(Some(Change::New))), Vec::<String>::new());
        assert_eq!(ids(Filter { change: Some(Change::Gone), ..Filter::default() }), ["2", "9"]);
        let rows = room.rows(of_run(Some(Change::Gone)));
        assert!(rows.iter().all(|row| row.change == Some(Change::Gone)));
        assert!(room.rows(Filter::default()).iter().all(|row| row.change.is_none()));
        let years = room.store.periods(&of_run(None)).unwrap();
        assert_eq!(years.iter().map(|year| year.count).sum::<u64>(), 2);
    }
}
