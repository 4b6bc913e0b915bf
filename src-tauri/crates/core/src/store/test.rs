//! Tests: one lab test or vital sign through time, and panels with all their dates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use rusqlite::{OptionalExtension, params};

use super::read::moment;
use super::{Error, Result, Store};
use crate::record::{
    BLOOD_PRESSURE, Flag, Kind, Likelihood, Measurement, NameFrom, Precision, Pressure, Record,
    When, convert_to, pressure,
};

/// Which of the two lists a test is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// A lab test.
    Labs,
    /// A vital sign.
    Vitals,
}

/// One lab test or vital sign: every value of one code, kind of quantity and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Test {
    /// What it is asked for by. Says nothing to a person.
    pub key: String,
    /// Its name, as it was sent last.
    pub name: String,
    /// Whose name that is. A test of inferred names stands apart from the one of that name.
    pub name_from: NameFrom,
    /// How sure an inferred name is, at its surest.
    pub likelihood: Option<Likelihood>,
    /// The unit of its newest value, as sent.
    pub unit: Option<String>,
    /// Which list it is in.
    pub kind: TestKind,
    /// Its newest value.
    pub latest: Point,
    /// How many values there are.
    pub count: u32,
    /// How many of them the sender marked, or lie outside the range sent with them.
    pub out_of_range: u32,
    /// The panel that the newest value came with.
    pub panel: Option<String>,
}

/// One value of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Point {
    /// The record it stands in ([`super::Row::id`]).
    #[ts(type = "number")]
    pub record: i64,
    /// Which of that record's results.
    pub index: u32,
    /// Its name there.
    pub name: String,
    /// Whose name that is.
    pub name_from: NameFrom,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with precision, zone and label.
    pub when_detail: Option<When>,
    /// The value with every digit as sent, its comparator before it; two pressures as "134/78".
    pub value: Option<String>,
    /// The value as a plain decimal in `unit`, for a chart; of two pressures the upper one.
    pub number: Option<String>,
    /// The lower one of two pressures.
    pub second: Option<String>,
    /// What stands before the number: `<`, `<=`, `>=`, `>`.
    pub comparator: Option<String>,
    /// The unit of `value`, `number`, `low` and `high`.
    pub unit: Option<String>,
    /// The lower end of the range sent with this value.
    pub low: Option<String>,
    /// The upper end of the range sent with this value.
    pub high: Option<String>,
    /// That range in words, as sent.
    pub range: Option<String>,
    /// The sender's mark.
    pub flag: Option<Flag>,
    /// On which side of its range it lies.
    pub own_flag: Option<Flag>,
    /// A sentence where the two disagree.
    pub flag_note: Option<String>,
    /// "No range sent".
    pub range_note: Option<String>,
    /// Why there is no value, in words.
    pub absent: Option<String>,
    /// The value and unit as sent ("180 lb"), where `value` is a vital sign in the unit of its series.
    pub original: Option<String>,
    /// What must be said beside it: "Preliminary, may change", "Your portal no longer sends this".
    pub note: Option<String>,
}

/// A test with all its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestDetail {
    /// The test.
    #[serde(flatten)]
    pub test: Test,
    /// Its values, oldest first, undated ones last; all of a day.
    pub points: Vec<Point>,
    /// Other tests of the same name or code, apart because of their unit, their code, their spelling or
    /// who named them.
    pub others: Vec<OtherTest>,
}

/// A test beside another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherTest {
    /// [`Test::key`]
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whose name that is.
    pub name_from: NameFrom,
    /// Its unit.
    pub unit: Option<String>,
}

/// A panel with all its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelTable {
    /// Its name.
    pub title: String,
    /// Its dates, oldest first.
    pub columns: Vec<PanelWhen>,
    /// Its tests, in the order of the newest panel.
    pub rows: Vec<PanelRow>,
}

/// One date of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelWhen {
    /// The report or the result of many parts.
    #[ts(type = "number")]
    pub record: i64,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with precision, zone and label.
    pub when_detail: Option<When>,
}

/// One test of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelRow {
    /// [`Test::key`]; `None` where the test is in no series.
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// Whose name that is.
    pub name_from: NameFrom,
    /// How sure an inferred name is.
    pub likelihood: Option<Likelihood>,
    /// The unit of its newest value.
    pub unit: Option<String>,
    /// Its value at each date; `None` where the panel of that date had none.
    pub cells: Vec<Option<Point>>,
}

impl Store {
    /// Every lab test and vital sign of a person (`None`: of everybody), those seen last first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tests(&self, person: Option<i64>) -> Result<Vec<Test>> {
        struct Found {
            key: String,
            count: u32,
            out: u32,
            record: i64,
            position: i64,
        }
        let mut statement = self.db.prepare_cached(
            "SELECT test, count(*), sum(is_out), record.resource_id, measured.position,
                    max(record.sort || ' ' || printf('%012d', record.resource_id))
             FROM measured JOIN record ON record.resource_id = measured.resource_id
             WHERE test IS NOT NULL AND record.gone = 0 AND (?1 IS NULL OR person_id = ?1)
             GROUP BY test
             ORDER BY 6 DESC",
        )?;
        let found = statement.query_map([person], |sql| {
            Ok(Found {
                key: sql.get(0)?,
                count: sql.get(1)?,
                out: sql.get(2)?,
                record: sql.get(3)?,
                position: sql.get(4)?,
            })
        })?;
        let mut tests = Vec::new();
        for one in found.collect::<rusqlite::Result<Vec<_>>>()? {
            if one.key == BLOOD_PRESSURE {
                // Both pressures stand for one reading, also where they came apart.
                let points = self.points(person, &one.key)?;
                let counted = || points.iter().filter(|point| point.gone.is_none());
                if let Some(latest) = counted().next_back() {
                    let out = counted().filter(|point| is_out(&point.point)).count();
                    tests.push(self.test_of(&one.key, latest, counted().count(), out)?);
                }
                continue;
            }
            let record = self.record(one.record)?;
            let place = usize::try_from(one.position).unwrap_or_default();
            let Some(measured) = record.measurements.get(place) else { continue };
            let placed = Placed {
                point: point(one.record, &record, measured),
                kind: record.kind,
                likelihood: measured.likelihood,
                sort: String::new(),
                person: None,
                gone: None,
            };
            tests.push(self.test_of(&one.key, &placed, one.count as usize, one.out as usize)?);
        }
        Ok(tests)
    }

    /// One test with all its values.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that key.
    pub fn test(&self, person: Option<i64>, key: &str) -> Result<TestDetail> {
        let mut detail = self.test_alone(person, key)?;
        detail.others = self
            .tests(person)?
            .into_iter()
            .filter(|other| {
                let is_of_name = other.name.eq_ignore_ascii_case(&detail.test.name);
                let code = code_of_spelling(key);
                let is_of_code = code.is_some() && code == code_of_spelling(&other.key);
                other.key != key && (is_of_name || is_of_code)
            })
            .map(|other| OtherTest {
                key: other.key,
                name: other.name,
                name_from: other.name_from,
                unit: other.unit,
            })
            .collect();
        Ok(detail)
    }

    /// The same without the other tests of its name, to find which takes a look at every test.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that key.
    pub fn test_alone(&self, person: Option<i64>, key: &str) -> Result<TestDetail> {
        let placed = self.points(person, key)?;
        let counted: Vec<&Placed> = placed.iter().filter(|point| point.gone.is_none()).collect();
        let latest = counted.last().copied().or(placed.last()).ok_or(Error::NotFound)?;
        let out = counted.iter().filter(|point| is_out(&point.point)).count();
        let test = self.test_of(key, latest, counted.len(), out)?;
        let unit = latest.point.unit.clone();
        let kind = test.kind;
        let points = placed
            .into_iter()
            .map(|placed| match (kind, &unit) {
                (TestKind::Vitals, Some(unit)) => in_unit(placed.point, unit),
                _ => placed.point,
            })
            .collect();
        Ok(TestDetail { test, points, others: Vec::new() })
    }

    /// A panel with all its dates: of every report, or result of many parts, of one name and person.
    /// `id` is one of them, or a result of one.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such record, or if it has no results.
    pub fn panel(&self, id: i64) -> Result<PanelTable> {
        let id: i64 = self
            .db
            .prepare_cached(
                "SELECT coalesce(whole.resource_id, record.resource_id) FROM record
                 LEFT JOIN record AS whole ON whole.resource_id = record.part_of
                      AND whole.kind = record.kind
                 WHERE record.resource_id = ?1",
            )?
            .query_row([id], |sql| sql.get(0))?;
        let title = self.record(id)?.title;
        let mut statement = self.db.prepare_cached(
            "SELECT record.resource_id FROM record
             JOIN resource ON resource.id = record.resource_id
             JOIN told ON told.resource_id = record.resource_id
             JOIN record AS own ON own.resource_id = ?1
             JOIN resource AS own_resource ON own_resource.id = ?1
             WHERE record.account_id = own.account_id AND record.person_id IS own.person_id
                   AND record.kind = own.kind AND resource.type = own_resource.type
                   AND record.part_of IS NULL AND lower(told.row ->> '$.title') = lower(?2)
             ORDER BY record.sort = '', record.sort, record.resource_id",
        )?;
        let found = statement.query_map(params![id, title], |sql| sql.get(0))?;
        let ids: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        let mut columns = Vec::new();
        let mut rows: Vec<PanelRow> = Vec::new();
        for one in ids {
            let record = self.record(one)?;
            let mut results = self.results_of(one, record.clone())?;
            // A value that does not count stands in no course; it is told by its report.
            if one != id || results.iter().any(|(_, owned, _)| owned.counts()) {
                results.retain(|(_, owned, _)| owned.counts());
            }
            if results.is_empty() || is_withdrawn(&record) && one != id {
                continue;
            }
            let column = columns.len();
            columns.push(PanelWhen {
                record: one,
                when: record.when.as_ref().and_then(|when| when.start.clone()),
                when_detail: record.when.clone(),
            });
            let mut after = None;
            for (owner, owned, measured) in results {
                let point = point(owner, &owned, &measured);
                let place = rows.iter().position(|row| {
                    let is_free = row.cells.get(column).is_none_or(Option::is_none);
                    is_free && row.is_of(&measured)
                });
                let place = place.unwrap_or_else(|| {
                    // A new row stands after the one before it in its panel.
                    let place = after.map_or(rows.len(), |after: usize| after + 1).min(rows.len());
                    rows.insert(place, PanelRow::of(&measured));
                    place
                });
                after = Some(place);
                if let Some(row) = rows.get_mut(place) {
                    row.cells.resize(column, None);
                    row.cells.push(Some(point));
                    row.name.clone_from(&measured.name);
                    row.name_from = measured.name_from;
                    row.likelihood = measured.likelihood;
                    row.unit.clone_from(&measured.unit);
                }
            }
        }
        if columns.is_empty() {
            return Err(Error::NotFound);
        }
        for row in &mut rows {
            row.cells.resize(columns.len(), None);
        }
        Ok(PanelTable { title, columns, rows })
    }

    /// The results of a panel with the record each stands in: its own, then those it names.
    fn results_of(&self, id: i64, record: Record) -> Result<Vec<(i64, Record, Measurement)>> {
        let mut all: Vec<(i64, Record, Measurement)> = Vec::new();
        let own: Vec<Measurement> = match record.measurements.as_slice() {
            // The value of the whole is no result of its own where there are members.
            [one] if one.value.is_none() => Vec::new(),
            many => many.to_vec(),
        };
        all.extend(own.into_iter().map(|measured| (id, record.clone(), measured)));
        let mut statement = self.db.prepare_cached(
            "SELECT part.id FROM link
             JOIN resource AS whole ON whole.id = link.from_id
             JOIN resource AS part ON part.account_id = whole.account_id AND part.type = link.type
                  AND part.server_id = link.server_id AND part.id <> whole.id
             WHERE link.from_id = ?1 AND link.role IN ('result', 'has-member')
             ORDER BY link.position",
        )?;
        let found = statement.query_map([id], |sql| sql.get(0))?;
        for part in found.collect::<rusqlite::Result<Vec<i64>>>()? {
            let record = self.record(part)?;
            for measured in &record.measurements {
                all.push((part, record.clone(), measured.clone()));
            }
        }
        Ok(all)
    }

    fn test_of(&self, key: &str, latest: &Placed, count: usize, out: usize) -> Result<Test> {
        let point = latest.point.clone();
        let is_pressure = key == BLOOD_PRESSURE;
        Ok(Test {
            key: key.to_owned(),
            name: if is_pressure { "Blood pressure".to_owned() } else { point.name.clone() },
            name_from: point.name_from,
            likelihood: latest.likelihood,
            unit: point.unit.clone(),
            kind: if latest.kind == Kind::Vitals { TestKind::Vitals } else { TestKind::Labs },
            count: u32::try_from(count).unwrap_or(u32::MAX),
            out_of_range: u32::try_from(out).unwrap_or(u32::MAX),
            panel: self.panel_of(point.record)?.filter(|_| !is_pressure),
            latest: point,
        })
    }

    /// The name of the panel that a result came with.
    fn panel_of(&self, record: i64) -> Result<Option<String>> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT coalesce(whole.row, iif((SELECT count(*) FROM measured
                                                WHERE resource_id = ?1) > 1, own.row, NULL))
                        ->> '$.title'
                 FROM record JOIN told AS own ON own.resource_id = record.resource_id
                 LEFT JOIN told AS whole ON whole.resource_id = record.part_of
                 WHERE record.resource_id = ?1",
            )?
            .query_row([record], |sql| sql.get(0))
            .optional()?
            .flatten())
    }

    /// The values of a test, oldest first, undated ones last.
    fn points(&self, person: Option<i64>, key: &str) -> Result<Vec<Placed>> {
        let mut statement = self.db.prepare_cached(
            "SELECT measured.resource_id, measured.position, record.sort, record.person_id,
                    resource.gone_since
             FROM measured JOIN record ON record.resource_id = measured.resource_id
             JOIN resource ON resource.id = measured.resource_id
             WHERE test = ?1 AND (?2 IS NULL OR person_id = ?2)
             ORDER BY record.sort = '', record.sort, measured.resource_id, measured.position",
        )?;
        let found = statement.query_map(params![key, person], |sql| {
            Ok((sql.get(0)?, sql.get(1)?, sql.get(2)?, sql.get(3)?, sql.get(4)?))
        })?;
        let found: Vec<PlacedRow> = found.collect::<rusqlite::Result<_>>()?;
        let mut points: Vec<Placed> = Vec::with_capacity(found.len());
        let mut whole: Option<(i64, Record)> = None;
        let mut halves: Vec<(Placed, Pressure)> = Vec::new();
        for (id, position, sort, person, gone) in found {
            let record = match whole.take() {
                Some((last, record)) if last == id => record,
                _ => self.record(id)?,
            };
            if let Some(measured) = record.measurements.get(position) {
                let mut point = point(id, &record, measured);
                if let Some(since) = gone {
                    point.note =
                        Some(format!("Your portal no longer sends this, seen {}", moment(since)));
                }
                let likelihood = measured.likelihood;
                let placed = Placed { point, kind: record.kind, likelihood, sort, person, gone };
                match pressure(measured).filter(|_| key == BLOOD_PRESSURE) {
                    Some(which) => halves.push((placed, which)),
                    None => points.push(placed),
                }
            }
            whole = Some((id, record));
        }
        points.extend(joined(halves));
        Ok(points)
    }
}

/// The code of a test that is apart only because Onhand does not know whether its name is another
/// spelling of the same; a name that it knows for something else contradicts the code.
fn code_of_spelling(key: &str) -> Option<&str> {
    let (code, name) = key.strip_prefix("c:")?.split('|').next()?.split_once('~')?;
    // What is known is called by its own code.
    (!name.contains('-')).then_some(code)
}

/// Record, place among its results, sort, person, since when it is gone.
type PlacedRow = (i64, usize, String, Option<i64>, Option<i64>);

/// A value with what it is put in order by.
struct Placed {
    point: Point,
    kind: Kind,
    likelihood: Option<Likelihood>,
    sort: String,
    person: Option<i64>,
    gone: Option<i64>,
}

impl PanelRow {
    fn of(measured: &Measurement) -> PanelRow {
        PanelRow {
            key: measured.test.clone(),
            name: measured.name.clone(),
            name_from: measured.name_from,
            likelihood: measured.likelihood,
            unit: measured.unit.clone(),
            cells: Vec::new(),
        }
    }

    fn is_of(&self, measured: &Measurement) -> bool {
        if measured.is_unnamed() && measured.name_from == NameFrom::Portal {
            return false;
        }
        match (&self.key, &measured.test) {
            (Some(own), Some(other)) if own != BLOOD_PRESSURE => own == other,
            _ => self.name.eq_ignore_ascii_case(&measured.name) && self.unit == measured.unit,
        }
    }
}

fn is_out(point: &Point) -> bool {
    point.own_flag.is_some() || point.flag.as_ref().is_some_and(|flag| flag.tone.is_loud())
}

fn is_withdrawn(record: &Record) -> bool {
    let standing = record.status.as_ref().map(|status| status.standing);
    standing == Some(crate::record::Standing::Void)
}

fn point(id: i64, record: &Record, measured: &Measurement) -> Point {
    let when = record.when.clone();
    let status = record.status.as_ref();
    Point {
        record: id,
        index: measured.index,
        name: measured.name.clone(),
        name_from: measured.name_from,
        when: when.as_ref().and_then(|when| when.start.clone().or_else(|| when.end.clone())),
        when_detail: when,
        value: measured.value.clone(),
        number: measured.number.clone(),
        second: None,
        comparator: measured.comparator.clone(),
        unit: measured.unit.clone(),
        low: measured.low.clone(),
        high: measured.high.clone(),
        range: measured.range.clone(),
        flag: measured.flag.clone(),
        own_flag: measured.own_flag.clone(),
        flag_note: measured.flag_note.clone(),
        range_note: measured.range_note.clone(),
        absent: measured.absent.clone(),
        original: None,
        note: status
            .filter(|status| !matches!(status.code.as_str(), "final" | "not-sent"))
            .map(|status| status.text.clone()),
    }
}

/// A vital sign in the unit of its series, with what was sent beside it.
fn in_unit(point: Point, unit: &str) -> Point {
    let (Some(value), Some(sent)) = (point.value.clone(), point.unit.clone()) else { return point };
    let Some((number, unit)) = point
        .number
        .as_deref()
        .and_then(|number| convert_to(number, &sent, unit).filter(|_| point.comparator.is_none()))
    else {
        return point;
    };
    let end = |end: &Option<String>| {
        end.as_deref().and_then(|end| convert_to(end, &sent, unit)).map(|(number, _)| number)
    };
    // The range is told as it was sent, so in which unit that was.
    let range = point.range.as_ref().map(|range| match range.contains(sent.as_str()) {
        true => range.clone(),
        false => format!("{range} {sent}"),
    });
    Point {
        value: Some(number.clone()),
        range,
        low: end(&point.low),
        high: end(&point.high),
        number: Some(number),
        unit: Some(unit.to_owned()),
        original: Some(format!("{value} {sent}")),
        ..point
    }
}

/// Upper and lower pressures as readings: those of one record; of one person and time, where there is
/// one of each and no third that either could belong to.
fn joined(halves: Vec<(Placed, Pressure)>) -> Vec<Placed> {
    let mut joined: Vec<Placed> = Vec::new();
    let mut apart: Vec<(Placed, Pressure)> = Vec::new();
    for Halves { upper, lower } in together(halves, |placed| Some(placed.point.record)) {
        if upper.is_empty() || lower.is_empty() {
            apart.extend(upper.into_iter().map(|high| (high, Pressure::Systolic)));
            apart.extend(lower.into_iter().map(|low| (low, Pressure::Diastolic)));
        } else {
            Halves { upper, lower }.join(&mut joined);
        }
    }
    for halves in together(apart, moment_of) {
        match (halves.upper.len(), halves.lower.len()) {
            (1, 1) => halves.join(&mut joined),
            _ => halves.leave(&mut joined),
        }
    }
    joined.sort_by(|left, right| {
        (left.sort.is_empty(), &left.sort, left.point.record).cmp(&(
            right.sort.is_empty(),
            &right.sort,
            right.point.record,
        ))
    });
    joined
}

/// Upper and lower pressures that may belong together.
#[derive(Default)]
struct Halves {
    upper: Vec<Placed>,
    lower: Vec<Placed>,
}

impl Halves {
    fn add(&mut self, placed: Placed, which: Pressure) {
        match which {
            Pressure::Systolic => self.upper.push(placed),
            Pressure::Diastolic => self.lower.push(placed),
        }
    }

    /// Makes readings of them, where there are as many of each.
    fn join(self, out: &mut Vec<Placed>) {
        if self.upper.len() != self.lower.len() {
            return self.leave(out);
        }
        for (high, low) in self.upper.into_iter().zip(self.lower) {
            if high.point.unit.is_some() == low.point.unit.is_some() {
                out.push(reading(high, low));
            } else {
                Halves { upper: vec![high], lower: vec![low] }.leave(out);
            }
        }
    }

    /// Leaves each by itself.
    fn leave(self, out: &mut Vec<Placed>) {
        for mut high in self.upper {
            high.point.value = high.point.value.map(|value| format!("{value}/–"));
            high.point.name = "Blood pressure".to_owned();
            out.push(high);
        }
        for mut low in self.lower {
            low.point.value = low.point.value.map(|value| format!("–/{value}"));
            low.point.second = low.point.number.take();
            low.point.name = "Blood pressure".to_owned();
            out.push(low);
        }
    }
}

/// Those of one `key` together, those without one each by itself.
fn together<K: Ord>(
    halves: Vec<(Placed, Pressure)>,
    key: impl Fn(&Placed) -> Option<K>,
) -> Vec<Halves> {
    let mut keyed: BTreeMap<K, Halves> = BTreeMap::new();
    let mut alone: Vec<Halves> = Vec::new();
    for (placed, which) in halves {
        match key(&placed) {
            Some(key) => keyed.entry(key).or_default().add(placed, which),
            None => {
                let mut halves = Halves::default();
                halves.add(placed, which);
                alone.push(halves);
            }
        }
    }
    keyed.into_values().chain(alone).collect()
}

/// Whose a value is, whether it is still sent, and its time as sent, or its day; `None` where that is
/// not known well enough to say what belongs to it.
fn moment_of(placed: &Placed) -> Option<(i64, bool, String, Option<String>)> {
    let when = placed.point.when_detail.as_ref()?;
    let time = match when.precision {
        Precision::Time => when.start.clone()?,
        Precision::Day => when.sort.clone(),
        Precision::Month | Precision::Year => return None,
    };
    Some((placed.person?, placed.gone.is_some(), time, when.end.clone()))
}

/// One reading of two pressures; what is said of either is said of it.
fn reading(mut high: Placed, low: Placed) -> Placed {
    let (upper, lower) = (&mut high.point, low.point);
    let words = [&upper.value, &lower.value].map(|value| value.clone().unwrap_or_default());
    upper.value = Some(words.join("/"));
    upper.second = lower.number;
    upper.flag = flag_of_both(upper.flag.take(), lower.flag);
    upper.own_flag = flag_of_both(upper.own_flag.take(), lower.own_flag);
    let sentence = |note: Option<String>| note.map(|note| note.trim_end_matches('.').to_owned());
    let notes = words_of_both(sentence(upper.flag_note.take()), sentence(lower.flag_note));
    upper.flag_note = notes.map(|notes| format!("{notes}."));
    upper.note = words_of_both(upper.note.take(), lower.note);
    upper.range = match (upper.range.take(), lower.range) {
        (Some(high), Some(low)) => Some(format!("{high} / {low}")),
        (high, low) => words_of_both(high, low),
    };
    upper.name = "Blood pressure".to_owned();
    high
}

/// The mark on a reading: nothing usual of one pressure hides what is to be noticed of the other.
fn flag_of_both(high: Option<Flag>, low: Option<Flag>) -> Option<Flag> {
    let any_loud = [&high, &low].into_iter().flatten().any(|flag| flag.tone.is_loud());
    let [high, low] = [high, low].map(|flag| flag.filter(|flag| !any_loud || flag.tone.is_loud()));
    let text = |flag: &Option<Flag>| flag.as_ref().map(|flag| flag.text.clone());
    let text = words_of_both(text(&high), text(&low))?;
    let flag = match (high, low) {
        (Some(high), Some(low)) if high.tone == low.tone && high.direction != low.direction => {
            Flag { direction: None, ..high }
        }
        (Some(high), Some(low)) if low.tone > high.tone => low,
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(Flag { text, ..flag })
}

/// What is said of two pressures, and of which one where it is not said of both.
fn words_of_both(high: Option<String>, low: Option<String>) -> Option<String> {
    match (high, low) {
        (Some(high), Some(low)) if high == low => Some(high),
        (Some(high), Some(low)) => Some(format!("Systolic: {high}; diastolic: {low}")),
        (Some(high), None) => Some(format!("Systolic: {high}")),
        (None, Some(low)) => Some(format!("Diastolic: {low}")),
        (None, None) => None,
    }
}
