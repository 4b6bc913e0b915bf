//! The timeline: everything newest first, in which a visit holds what was recorded at it.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params_from_iter};

use super::read::condition;
use super::view::{Held, Period};
use super::{Filter, List, Page, Result, Row, Store};
use crate::record::{
    BLOOD_PRESSURE, Kind, OfDay, Pressure, Standing, Tone, held, joined_pressure, pressure,
};

/// What of a visit is said first.
const ORDER: [Kind; 11] = [
    Kind::Allergies,
    Kind::Labs,
    Kind::Vitals,
    Kind::Problems,
    Kind::Medicines,
    Kind::Immunizations,
    Kind::Procedures,
    Kind::Documents,
    Kind::CarePlans,
    Kind::Goals,
    Kind::Other,
];

/// Lines that say what a visit holds, at most.
const MOST_LINES: usize = 3;

/// Names of each kind that are given.
const MOST_NAMED: usize = 3;

/// The rows of a timeline, as the database was when it was walked.
#[derive(Default)]
pub(super) struct Timeline {
    rows: Vec<Place>,
    /// The records that visits hold, those of one beside each other.
    held: Vec<i64>,
    years: Vec<Period>,
}

/// A row: its record and where in [`Timeline::held`] it has what it holds.
struct Place {
    id: i64,
    held: (usize, usize),
}

impl Store {
    /// Part of a timeline.
    pub(super) fn timeline_page(&self, list: &List) -> Result<Page> {
        let timeline = self.timeline(&list.filter)?;
        let from = list.offset as usize;
        let places = timeline.rows.iter().skip(from).take(list.limit as usize);
        let mut records = Vec::new();
        for Place { id, held: (first, end) } in places {
            // Gone since the walk: what comes behind it stands where it stood.
            let Some(mut row) = self.row(*id)? else { continue };
            row.on(list.filter.today);
            row.holds = self.held(&mut row, timeline.held.get(*first..*end).unwrap_or_default())?;
            records.push(row);
        }
        Ok(Page { total: timeline.rows.len() as u64, records, corrected: None })
    }

    /// The years of a timeline.
    pub(super) fn timeline_years(&self, filter: &Filter) -> Result<Vec<Period>> {
        Ok(self.timeline(filter)?.years.clone())
    }

    /// Works out what a window asks for first: the counts, and the timeline of the first person.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn look_ahead(&self) -> Result<()> {
        let mut first = None;
        for account in self.accounts()? {
            self.counts(account.id)?;
            self.of_nobody(account.id)?;
            let people = self.people(account.id)?;
            first = first.or_else(|| people.first().map(|(id, _)| *id));
        }
        let filter = Filter { person: first, by_visit: true, ..Filter::default() };
        self.timeline(&filter).map(drop)
    }

    fn timeline(&self, filter: &Filter) -> Result<Arc<Timeline>> {
        let filter = Filter { today: None, ..filter.clone() };
        self.kept(&self.timelines, filter, |filter| Ok(Arc::new(self.walk(filter)?)))
    }

    /// Walks what a timeline is made of, from one index.
    fn walk(&self, filter: &Filter) -> Result<Timeline> {
        let wanted = &filter.kinds;
        let all = Filter { kinds: Vec::new(), ..filter.clone() };
        let (condition, values) = condition(&all);
        let mut timeline = Timeline::default();
        let mut standing = self.standing_visits(&all)?.into_iter().peekable();
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT resource_id, kind, person_id, sort,
                    resource_id IN (SELECT resource_id FROM fold WHERE withdrawn = 1)
             FROM record {condition} ORDER BY sort DESC, resource_id DESC"
        ))?;
        let mut found = statement.query(params_from_iter(values))?;
        let mut day: Vec<OfDay> = Vec::new();
        while let Some(sql) = found.next()? {
            let one = of_day(sql)?;
            while let Some(visit) = standing.next_if(|visit| is_before(visit, &one)) {
                self.add(visit, &mut day, wanted, &mut timeline)?;
            }
            self.add(one, &mut day, wanted, &mut timeline)?;
        }
        for visit in standing {
            self.add(visit, &mut day, wanted, &mut timeline)?;
        }
        self.end_day(&mut day, wanted, &mut timeline)?;
        Ok(timeline)
    }

    /// The visits that are folded into what was done at them (a vaccination) and yet are visits, in the
    /// order of a timeline.
    fn standing_visits(&self, filter: &Filter) -> Result<Vec<OfDay>> {
        let filter = Filter { kinds: vec![Kind::Visits], ..filter.clone() };
        let (condition, values) = condition(&filter);
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT record.resource_id, record.kind, person_id, sort, withdrawn
             FROM fold CROSS JOIN record ON record.resource_id = fold.resource_id
             {condition} AND stands = 1 AND part_of IS NOT NULL
             ORDER BY sort DESC, record.resource_id DESC"
        ))?;
        let found = statement.query_map(params_from_iter(values), of_day)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Adds what comes next in the order of time.
    fn add(
        &self,
        one: OfDay,
        day: &mut Vec<OfDay>,
        wanted: &[Kind],
        timeline: &mut Timeline,
    ) -> Result<()> {
        if day.first().is_some_and(|first| !is_same_day(first, &one)) {
            self.end_day(day, wanted, timeline)?;
        }
        day.push(one);
        Ok(())
    }

    fn end_day(
        &self,
        day: &mut Vec<OfDay>,
        wanted: &[Kind],
        timeline: &mut Timeline,
    ) -> Result<()> {
        let holders = held(day, |id| self.visit_named_by(id))?;
        let is_wanted = |kind: Kind| wanted.is_empty() || wanted.contains(&kind);
        // Of what carries one time, the visit comes first.
        let mut order: Vec<(usize, &OfDay)> = day.iter().enumerate().collect();
        order.sort_by(|(_, one), (_, other)| {
            let is_visit = |one: &OfDay| one.kind == Kind::Visits;
            other.at.cmp(&one.at).then(is_visit(other).cmp(&is_visit(one)))
        });
        for (at, one) in order {
            if !is_wanted(one.kind) {
                continue;
            }
            let year = one.at.get(..4);
            if timeline.years.last().is_none_or(|last| last.year.as_deref() != year) {
                let year = year.map(str::to_owned);
                timeline.years.push(Period { year, count: 0, records: 0, tall: Vec::new() });
            }
            let Some(year) = timeline.years.last_mut() else { continue };
            year.records += 1;
            // Where kinds were chosen, a record is shown under its own.
            if holders.get(at).is_some_and(Option::is_some) && wanted.is_empty() {
                continue;
            }
            let first = timeline.held.len();
            if one.kind == Kind::Visits {
                let parts = day.iter().zip(&holders).filter(|(_, holder)| **holder == Some(at));
                let mut parts: Vec<&OfDay> = parts.map(|(part, _)| part).collect();
                parts.sort_by_key(|part| ORDER.iter().position(|kind| *kind == part.kind));
                timeline.held.extend(parts.iter().map(|part| part.id));
                parts.dedup_by_key(|part| part.kind);
                if !parts.is_empty() {
                    year.tall.push((year.count, parts.len().min(MOST_LINES) as u32));
                }
            }
            year.count += 1;
            timeline.rows.push(Place { id: one.id, held: (first, timeline.held.len()) });
        }
        day.clear();
        Ok(())
    }

    /// The visit that a record names, where it came.
    fn visit_named_by(&self, id: i64) -> Result<Option<i64>> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT visit.id FROM link
                 JOIN resource AS own ON own.id = link.from_id
                 JOIN resource AS visit ON visit.account_id = own.account_id
                      AND visit.type = link.type AND visit.server_id = link.server_id
                 WHERE link.from_id = ?1 AND link.type = 'Encounter'
                 ORDER BY link.position LIMIT 1",
            )?
            .query_row([id], |sql| sql.get(0))
            .optional()?)
    }

    /// What a visit holds, kind by kind. A line of its own that only repeats that is taken from it.
    fn held(&self, visit: &mut Row, ids: &[i64]) -> Result<Vec<Held>> {
        let mut kinds: Vec<Held> = Vec::new();
        for (kind, rows) in self.by_kind(ids)? {
            let counted: Vec<&Row> =
                rows.iter().filter(|row| row.standing != Some(Standing::Void)).collect();
            let mut names: Vec<String> = Vec::new();
            let mut paired: Vec<i64> = Vec::new();
            if kind == Kind::Vitals
                && let Some((value, pair)) = self.blood_pressure(&counted)?
            {
                names.push(format!("Blood pressure {value}"));
                paired.extend(pair);
            }
            names.extend(counted.iter().filter(|row| !paired.contains(&row.id)).map(|row| {
                match &row.value {
                    Some(value) => format!("{} {value}", row.title),
                    None => row.title.clone(),
                }
            }));
            let (mut n_out, mut is_critical) = (0, false);
            for row in &counted {
                let (n, critical) = self.out_of_range(row)?;
                n_out += n;
                is_critical |= critical;
            }
            if kind == Kind::Immunizations
                && visit
                    .subtitle
                    .split("; ")
                    .all(|part| counted.iter().any(|row| row.title == part))
            {
                visit.subtitle.clear();
            }
            kinds.push(Held {
                kind,
                count: names.len() as u32,
                void: (rows.len() - counted.len()) as u32,
                n_out,
                is_critical,
                names: names.into_iter().take(MOST_NAMED).collect(),
            });
        }
        Ok(kinds)
    }

    /// How many results of a record are marked, or outside the range sent with them, and whether one is
    /// marked critical. What does not count has no marks.
    fn out_of_range(&self, row: &Row) -> Result<(u32, bool)> {
        let tone = row.flag.as_ref().map(|flag| flag.tone);
        if row.value.is_some() {
            let is_out = row.own_flag.is_some() || tone.is_some_and(Tone::is_loud);
            return Ok((is_out.into(), tone == Some(Tone::Alarm)));
        }
        let own: u32 = self
            .db
            .prepare_cached("SELECT count(*) FROM measured WHERE resource_id = ?1 AND is_out = 1")?
            .query_row([row.id], |sql| sql.get(0))?;
        let (parts, n_critical): (u32, u32) = self
            .db
            .prepare_cached(
                "SELECT count(*), coalesce(sum(row ->> '$.flag.tone' IS 'alarm'), 0)
                 FROM record JOIN told ON told.resource_id = record.resource_id
                 WHERE part_of = ?1 AND gone = 0 AND (row ->> '$.own_flag' IS NOT NULL
                       OR row ->> '$.flag.tone' IN ('notice', 'alarm'))",
            )?
            .query_row([row.id], |sql| Ok((sql.get(0)?, sql.get(1)?)))?;
        Ok((own + parts, n_critical > 0))
    }

    /// The rows of records, kind by kind as they come.
    fn by_kind(&self, ids: &[i64]) -> Result<Vec<(Kind, Vec<Row>)>> {
        let mut kinds: Vec<(Kind, Vec<Row>)> = Vec::new();
        for id in ids {
            let Some(row) = self.row(*id)? else { continue };
            match kinds.last_mut().filter(|(kind, _)| *kind == row.kind) {
                Some((_, rows)) => rows.push(row),
                None => kinds.push((row.kind, vec![row])),
            }
        }
        Ok(kinds)
    }

    /// "134/78 mmHg" and the two records it is from, where exactly a systolic and a diastolic pressure
    /// came as records of their own.
    fn blood_pressure(&self, rows: &[&Row]) -> Result<Option<(String, [i64; 2])>> {
        let mut halves = Vec::new();
        for row in rows {
            let is_pressure = self
                .db
                .prepare_cached("SELECT 1 FROM measured WHERE resource_id = ?1 AND test = ?2")?
                .exists((row.id, BLOOD_PRESSURE))?;
            if is_pressure && row.value.is_some() {
                halves
                    .extend(self.record(row.id)?.measurements.into_iter().map(|one| (row.id, one)));
            }
        }
        let (Some((one, a)), Some((other, b)), 2) = (halves.first(), halves.get(1), halves.len())
        else {
            return Ok(None);
        };
        let (high, low) = match (pressure(a), pressure(b)) {
            (Some(Pressure::Systolic), Some(Pressure::Diastolic)) => (a, b),
            (Some(Pressure::Diastolic), Some(Pressure::Systolic)) => (b, a),
            _ => return Ok(None),
        };
        Ok(joined_pressure(high, low).map(|value| (value, [*one, *other])))
    }
}

fn of_day(sql: &rusqlite::Row<'_>) -> rusqlite::Result<OfDay> {
    let kind = Kind::from_name(sql.get_ref(1)?.as_str().unwrap_or_default());
    let sort = sql.get_ref(3)?.as_str().unwrap_or_default();
    Ok(OfDay {
        id: sql.get(0)?,
        kind: kind.unwrap_or(Kind::Other),
        // What was entered in error is nobody's to hold.
        person: if sql.get(4)? { None } else { sql.get(2)? },
        at: sort.trim_end_matches('Z').to_owned(),
        is_instant: sort.ends_with('Z'),
    })
}

/// Whether one record comes before another in a timeline.
fn is_before(one: &OfDay, other: &OfDay) -> bool {
    (&one.at, one.is_instant, one.id) > (&other.at, other.is_instant, other.id)
}

/// Whether two records, one after the other in the order of time, are of one whole day.
fn is_same_day(one: &OfDay, other: &OfDay) -> bool {
    one.at.get(..10).is_some_and(|day| other.at.get(..10) == Some(day))
}
