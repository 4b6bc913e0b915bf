//! Keeps what records say together: visits from billing lines, one vaccination, one medicine.
//!
//! [`keep`] is called with each record that is written, [`settle`] once a run's pages are there. Only
//! what a run touched is folded again, and only what is other than before is written.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;
use super::view::RowBody;
use crate::record::fold::{self, MEDICINES, Member, Outcome};
use crate::record::{Kind, Place, Record, Strand, Subject};

/// What is noted of a record, made with it on any thread.
pub(super) struct Note {
    kind: Kind,
    strand: String,
    bucket: String,
    ranks: Ranks,
    subject: Subject,
    withdrawn: bool,
}

impl Note {
    /// What is noted of a record; `None` where its place among the others never needs anything.
    pub(super) fn of(record: &Record) -> Result<Option<Note>> {
        let strand = &record.strand;
        let bucket = strand.bucket();
        let withdrawn =
            record.status.as_ref().is_some_and(|status| status.code == "entered-in-error");
        let is_of_somebody = matches!(record.subject, Subject::Patient(_) | Subject::NoPatient);
        if bucket.is_empty() && strand.place.is_none() && !withdrawn && is_of_somebody {
            // Whether that somebody is known is found out when it is written.
            return Ok(None);
        }
        Ok(Some(Note {
            kind: record.kind,
            strand: serde_json::to_string(strand)?,
            bucket,
            ranks: Ranks::of(strand.place.as_ref()),
            subject: record.subject.clone(),
            withdrawn,
        }))
    }

    /// What is noted of a record of somebody unknown, and of nothing else.
    fn of_stranger(record: &Record) -> Note {
        Note {
            kind: record.kind,
            strand: "{}".to_owned(),
            bucket: String::new(),
            ranks: Ranks::default(),
            subject: record.subject.clone(),
            withdrawn: false,
        }
    }
}

/// Keeps what is noted of a record that was just written, and has it folded when the run settles.
/// `person` is whose it is; `is_new`: there was none of this resource before.
pub(super) fn keep(
    db: &Connection,
    resource: i64,
    record: &Record,
    noted: Option<&Note>,
    person: Option<i64>,
    is_new: bool,
) -> Result<()> {
    let stranger;
    let note = match (noted, &record.subject, person) {
        (Some(note), _, _) => note,
        (None, Subject::Patient(_), None) => {
            stranger = Note::of_stranger(record);
            &stranger
        }
        (None, _, _) if is_new => return Ok(()),
        (None, _, _) => {
            db.prepare_cached("DELETE FROM fold WHERE resource_id = ?1")?.execute([resource])?;
            return Ok(());
        }
    };
    let (whose, patient) = match &note.subject {
        Subject::NoPatient => ("person", None),
        Subject::NotSaid => ("unsaid", None),
        Subject::Other(_) => ("other", None),
        Subject::Patient(_) if person.is_some() => ("person", None),
        Subject::Patient(patient) => ("stranger", Some(patient)),
    };
    db.prepare_cached(
        "INSERT INTO fold (resource_id, kind, strand, bucket, waits, whose, patient, withdrawn,
                           rank, ends, ends_rank, stale, stale_rank)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (resource_id) DO UPDATE SET kind = excluded.kind, strand = excluded.strand,
                was = CASE WHEN bucket <> excluded.bucket THEN bucket ELSE was END,
                bucket = excluded.bucket, waits = 1, whose = excluded.whose,
                patient = excluded.patient, withdrawn = excluded.withdrawn, rank = excluded.rank,
                ends = excluded.ends, ends_rank = excluded.ends_rank, stale = excluded.stale,
                stale_rank = excluded.stale_rank, lane = ''",
    )?
    .execute(params![
        resource,
        note.kind.name(),
        note.strand,
        note.bucket,
        whose,
        patient,
        note.withdrawn,
        note.ranks.rank,
        note.ranks.ends,
        note.ranks.ends_rank,
        note.ranks.stale,
        note.ranks.stale_rank,
    ])?;
    Ok(())
}

/// Conditions of [`load`]. The second term of the first is what the index on it is made for: without
/// it, each day is looked for among all.
const OF_BUCKET: &str = "bucket = ?2 AND bucket <> ''";
const OF_KIND: &str = "fold.kind = ?2";

/// Folds what was touched since it was called last, in the transaction that is open.
pub(super) fn settle(db: &Connection, account: i64) -> Result<()> {
    settle_people(db, account)?;
    let touched: BTreeSet<String> = {
        let mut statement = db.prepare_cached(
            "SELECT bucket, was FROM fold JOIN record ON record.resource_id = fold.resource_id
             WHERE waits = 1 AND account_id = ?1",
        )?;
        let mut found = statement.query([account])?;
        let mut touched = BTreeSet::new();
        while let Some(sql) = found.next()? {
            touched.extend(sql.get::<_, Option<String>>(0)?);
            touched.extend(sql.get::<_, Option<String>>(1)?);
        }
        touched.remove("");
        touched
    };
    let mut doses = Doses::default();
    for bucket in &touched {
        for (person, kept) in load(db, account, OF_BUCKET, bucket)? {
            let members: Vec<Member> = kept.iter().map(|kept| kept.member.clone()).collect();
            let mut outcomes = Vec::new();
            if bucket == MEDICINES {
                fold_each(person, &members, &mut outcomes, fold::medicines);
            } else {
                let all = doses.of(db, account, person)?;
                fold_each(person, &members, &mut outcomes, |members| fold::day(members, all));
            }
            for outcome in outcomes {
                // They were read in the order of their numbers.
                let found = kept.binary_search_by_key(&outcome.id, |kept| kept.member.id);
                if let Some(kept) = found.ok().and_then(|at| kept.get(at)) {
                    write(db, kept, &outcome)?;
                }
            }
        }
    }
    doses.count(db)?;
    db.execute(
        "UPDATE fold SET waits = 0, was = NULL WHERE waits = 1 AND EXISTS (
         SELECT 1 FROM record WHERE record.resource_id = fold.resource_id AND account_id = ?1)",
        [account],
    )?;
    Ok(())
}

/// What nobody is named in is of the only person there is; where there are several, of none of them.
/// What names a patient who was not known belongs to them once they are.
fn settle_people(db: &Connection, account: i64) -> Result<()> {
    let people: Vec<i64> = {
        let mut statement =
            db.prepare_cached("SELECT id FROM person WHERE account_id = ?1 ORDER BY id LIMIT 2")?;
        let found = statement.query_map([account], |sql| sql.get(0))?;
        found.collect::<rusqlite::Result<_>>()?
    };
    let only = match people.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    // `whose <> 'person'` is what the index of these few is made for.
    for sql in [
        "UPDATE fold SET waits = 1 WHERE whose = 'unsaid' AND whose <> 'person' AND EXISTS (
                SELECT 1 FROM record WHERE record.resource_id = fold.resource_id
                AND account_id = ?1 AND person_id IS NOT ?2)",
        "UPDATE record SET person_id = ?2 WHERE account_id = ?1 AND person_id IS NOT ?2
                AND resource_id IN (SELECT resource_id FROM fold
                                    WHERE whose = 'unsaid' AND whose <> 'person')",
    ] {
        db.prepare_cached(sql)?.execute(params![account, only])?;
    }
    let known = "SELECT fold.resource_id FROM fold
                 JOIN record ON record.resource_id = fold.resource_id AND record.account_id = ?1
                 JOIN person ON person.account_id = ?1 AND person.patient_id = fold.patient
                 WHERE whose = 'stranger' AND whose <> 'person'";
    db.prepare_cached(&format!(
        "UPDATE record SET person_id = (SELECT person.id FROM fold JOIN person
                ON person.account_id = ?1 AND person.patient_id = fold.patient
                WHERE fold.resource_id = record.resource_id)
         WHERE resource_id IN ({known})"
    ))?
    .execute([account])?;
    db.prepare_cached(&format!(
        "UPDATE fold SET whose = 'person', patient = NULL, waits = 1 WHERE resource_id IN ({known})"
    ))?
    .execute([account])?;
    Ok(())
}

/// Folds the members of a bucket: those of a person together, those of nobody each by itself.
fn fold_each(
    person: Option<i64>,
    members: &[Member],
    outcomes: &mut Vec<Outcome>,
    fold: impl Fn(&[Member]) -> Vec<Outcome>,
) {
    match person {
        Some(_) => outcomes.extend(fold(members)),
        None => members.iter().for_each(|one| outcomes.extend(fold(std::slice::from_ref(one)))),
    }
}

/// The vaccinations of each person met.
#[derive(Default)]
struct Doses(BTreeMap<Option<i64>, Vec<Member>>);

impl Doses {
    fn of(&mut self, db: &Connection, account: i64, person: Option<i64>) -> Result<&[Member]> {
        if self.0.is_empty() {
            for (person, kept) in load(db, account, OF_KIND, Kind::Immunizations.name())? {
                let doses = kept.into_iter().map(|kept| kept.member);
                self.0.insert(person, doses.filter(|one| one.strand.is_dose()).collect());
            }
        }
        // An empty list is kept too, so that nobody's is looked for twice.
        Ok(self.0.entry(person).or_default())
    }

    /// Writes what each counts as.
    fn count(&self, db: &Connection) -> Result<()> {
        for (_, doses) in self.0.iter().filter(|(person, _)| person.is_some()) {
            for (id, counts_as) in fold::counted(doses) {
                rewrite(db, id, |body| {
                    let is_other = body.counts_as != counts_as;
                    body.counts_as = counts_as;
                    is_other
                })?;
            }
        }
        Ok(())
    }
}

/// A member, and what was written of it before.
struct Kept {
    member: Member,
    shown_kind: String,
    part_of: Option<i64>,
    whole: Option<i64>,
    stands: bool,
    ranks: Ranks,
    lane: String,
}

fn members_where(condition: &str) -> String {
    format!(
        "SELECT fold.resource_id, fold.kind, strand, gone, person_id, record.kind, part_of, whole,
                stands, rank, ends, ends_rank, stale, stale_rank, lane
         FROM fold JOIN record ON record.resource_id = fold.resource_id
         WHERE {condition} AND account_id = ?1 ORDER BY fold.resource_id"
    )
}

/// The members for which `condition` holds, by person, in the order of their numbers.
fn load(
    db: &Connection,
    account: i64,
    condition: &str,
    value: &str,
) -> Result<BTreeMap<Option<i64>, Vec<Kept>>> {
    let mut statement = db.prepare_cached(&members_where(condition))?;
    let mut found = statement.query(params![account, value])?;
    let mut loaded: BTreeMap<Option<i64>, Vec<Kept>> = BTreeMap::new();
    while let Some(sql) = found.next()? {
        let (kind, strand): (String, String) = (sql.get(1)?, sql.get(2)?);
        let strand: Strand = serde_json::from_str(&strand)?;
        let visit = match strand.visit().and_then(|visit| visit.split_once('/')) {
            Some((name, id)) => db
                .prepare_cached(
                    "SELECT id FROM resource WHERE account_id = ?1 AND type = ?2
                     AND server_id = ?3 AND gone_since IS NULL ORDER BY id LIMIT 1",
                )?
                .query_row(params![account, name, id], |sql| sql.get(0))
                .optional()?,
            None => None,
        };
        loaded.entry(sql.get(4)?).or_default().push(Kept {
            member: Member {
                id: sql.get(0)?,
                kind: Kind::from_name(&kind).unwrap_or(Kind::Other),
                gone: sql.get(3)?,
                visit,
                strand,
            },
            shown_kind: sql.get(5)?,
            part_of: sql.get(6)?,
            whole: sql.get(7)?,
            stands: sql.get(8)?,
            ranks: Ranks {
                rank: sql.get(9)?,
                ends: sql.get(10)?,
                ends_rank: sql.get(11)?,
                stale: sql.get(12)?,
                stale_rank: sql.get(13)?,
            },
            lane: sql.get(14)?,
        });
    }
    Ok(loaded)
}

/// Writes what is other than before.
fn write(db: &Connection, kept: &Kept, outcome: &Outcome) -> Result<()> {
    let said_place = outcome.said.as_ref().and_then(|said| said.place.as_ref());
    let ranks = Ranks::of(said_place.or(kept.member.strand.place.as_ref()));
    if kept.whole != outcome.part_of
        || kept.stands != outcome.stands
        || kept.lane != outcome.lane
        || kept.ranks != ranks
    {
        db.prepare_cached(
            "UPDATE fold SET whole = ?2, stands = ?3, lane = ?4, rank = ?5, ends = ?6,
                    ends_rank = ?7, stale = ?8, stale_rank = ?9 WHERE resource_id = ?1",
        )?
        .execute(params![
            outcome.id,
            outcome.part_of,
            outcome.stands,
            outcome.lane,
            ranks.rank,
            ranks.ends,
            ranks.ends_rank,
            ranks.stale,
            ranks.stale_rank,
        ])?;
    }
    // What it is part of by a link of its own is not this one's to change.
    let part_of = match (outcome.part_of, kept.whole) {
        (None, None) => kept.part_of,
        (part_of, _) => part_of,
    };
    if kept.part_of != part_of || kept.shown_kind != outcome.kind.name() {
        db.prepare_cached("UPDATE record SET part_of = ?2, kind = ?3 WHERE resource_id = ?1")?
            .execute(params![outcome.id, part_of, outcome.kind.name()])?;
    }
    rewrite(db, outcome.id, |body| {
        let is_other = body.said != outcome.said;
        body.said.clone_from(&outcome.said);
        is_other
    })
}

/// Changes what stands in a list of a record, if `change` says that it did.
fn rewrite(db: &Connection, id: i64, change: impl FnOnce(&mut RowBody) -> bool) -> Result<()> {
    let row: Option<String> = db
        .prepare_cached("SELECT row FROM told WHERE resource_id = ?1")?
        .query_row([id], |sql| sql.get(0))
        .optional()?;
    let Some(row) = row else { return Ok(()) };
    let mut body: RowBody = serde_json::from_str(&row)?;
    if change(&mut body) {
        db.prepare_cached("UPDATE told SET row = ?2 WHERE resource_id = ?1")?
            .execute(params![id, serde_json::to_string(&body)?])?;
    }
    Ok(())
}

/// A part of a list as the columns that a list is sorted by.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ranks {
    rank: u32,
    ends: String,
    ends_rank: u32,
    stale: String,
    stale_rank: u32,
}

impl Ranks {
    fn of(place: Option<&Place>) -> Ranks {
        let Some(place) = place else { return Ranks::default() };
        let ended = place.ended();
        let stale = place.stale();
        Ranks {
            rank: place.recorded().0,
            ends: match (&place.ends, &ended) {
                // Of a time, its day.
                (Some(ends), Some(_)) => ends.get(..10).unwrap_or(ends).to_owned(),
                _ => String::new(),
            },
            ends_rank: ended.map_or(0, |(rank, _)| rank),
            stale_rank: stale.as_ref().map_or(0, |(_, (rank, _))| *rank),
            stale: stale.map_or_else(String::new, |(until, _)| until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn a_day_is_found_by_its_index_and_not_among_all_days() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("onhand.db"), &[1; 32]).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {}", members_where(OF_BUCKET));
        let mut statement = store.db.prepare(&sql).unwrap();
        let plan = statement.query_map(params![1, "2026-11-27"], |row| row.get::<_, String>(3));
        let plan: Vec<String> = plan.unwrap().map(|line| line.unwrap()).collect();
        assert!(plan[0].contains("fold_by_bucket"), "{plan:?}");
        assert!(plan.iter().all(|line| !line.starts_with("SCAN")), "{plan:?}");
    }
}
