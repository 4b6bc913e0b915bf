//! Names that the person gave to results the portal left unnamed: kept beside the record, never in it.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::read::moment;
use super::{Error, Result, Store};
use crate::record::{Given, Measurement, Record, Unnamed};

/// The longest name that is kept, in characters.
const LONGEST: usize = 120;

/// A name that was given, with what the result was like then.
#[derive(Clone, Debug)]
pub(super) struct NamedRow {
    target: String,
    position: u32,
    name: String,
    code: Option<String>,
    panel: String,
    seat: u32,
    seats: u32,
    is_only: bool,
    unit: Option<String>,
    range: Option<String>,
    at: i64,
}

impl Store {
    /// Keeps the name that the person gives to an unnamed result, or takes it back (`None`), and
    /// derives again what shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such record, [`Error::Named`] if the portal named that
    /// result itself or there is none, [`Error::TooLong`].
    pub fn name_result(
        &mut self,
        record: i64,
        index: u32,
        name: Option<&str>,
        code: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let derived = self.record(record)?;
        let measured = derived
            .measurements
            .iter()
            .find(|one| one.index == index && one.is_unnamed())
            .ok_or(Error::Named)?;
        let account: i64 = self.db.query_row(
            "SELECT account_id FROM resource WHERE id = ?1",
            [record],
            |row| row.get(0),
        )?;
        match name.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) if name.chars().count() > LONGEST => return Err(Error::TooLong),
            Some(name) => {
                let seat = self.seat(record, account, &derived, measured)?;
                self.db.execute(
                    "INSERT INTO named_result
                            (resource_id, position, name, code, panel, seat, seats, is_only, unit,
                             range, named_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                     ON CONFLICT (resource_id, position) DO UPDATE SET name = excluded.name,
                            code = excluded.code, panel = excluded.panel, seat = excluded.seat,
                            seats = excluded.seats, is_only = excluded.is_only,
                            unit = excluded.unit, range = excluded.range,
                            named_at = excluded.named_at",
                    params![
                        record,
                        index,
                        name,
                        code,
                        seat.panel,
                        seat.place,
                        seat.of,
                        seat.is_only,
                        measured.unit,
                        measured.range,
                        now.as_second(),
                    ],
                )?;
            }
            None => {
                self.db.execute(
                    "DELETE FROM named_result WHERE resource_id = ?1 AND position = ?2",
                    [record, i64::from(index)],
                )?;
            }
        }
        let affected: Vec<i64> = {
            let mut statement = self.db.prepare_cached(
                "SELECT part.id FROM measured
                 JOIN resource AS part ON part.id = measured.resource_id
                 WHERE measured.is_unnamed = 1 AND part.account_id = ?1
                 UNION
                 SELECT link.from_id FROM measured
                 JOIN resource AS part ON part.id = measured.resource_id
                 JOIN link ON link.type = part.type AND link.server_id = part.server_id
                      AND link.role IN ('result', 'has-member')
                 JOIN resource AS whole ON whole.id = link.from_id AND whole.account_id = ?1
                 WHERE measured.is_unnamed = 1 AND part.account_id = ?1
                 UNION SELECT ?2",
            )?;
            let rows = statement.query_map([account, record], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let again = self.derive_again(&affected)?;
        self.keep_again(again)
    }

    /// Where a result sits in the panel it came with.
    fn seat(
        &self,
        record: i64,
        account: i64,
        derived: &Record,
        measured: &Measurement,
    ) -> Result<Taken> {
        let alone = |parts: &[&Measurement]| {
            let same = |other: &&&Measurement| {
                other.is_unnamed() && other.unit == measured.unit && other.range == measured.range
            };
            parts.iter().filter(same).count() == 1
        };
        if derived.measurements.len() > 1 {
            let parts: Vec<&Measurement> = derived.measurements.iter().collect();
            return Ok(Taken {
                panel: derived.title.clone(),
                place: measured.index,
                of: u32::try_from(parts.len()).unwrap_or(u32::MAX),
                is_only: alone(&parts),
            });
        }
        // Behind a report: its place among the report's results.
        let mut statement = self.db.prepare_cached(
            "SELECT link.from_id, link.position, resource.id FROM resource AS own
             JOIN link AS to_own ON to_own.type = own.type AND to_own.server_id = own.server_id
                  AND to_own.role IN ('result', 'has-member')
             JOIN resource AS whole ON whole.id = to_own.from_id AND whole.account_id = ?2
                  AND whole.gone_since IS NULL
             JOIN link ON link.from_id = whole.id AND link.role = to_own.role
             JOIN resource ON resource.account_id = ?2 AND resource.type = link.type
                  AND resource.server_id = link.server_id
             WHERE own.id = ?1 ORDER BY whole.type, whole.id, link.position",
        )?;
        let rows = statement.query_map([record, account], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(2)?))
        })?;
        let all: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
        let Some((whole, _)) = all.first().copied() else {
            return Ok(Taken { panel: String::new(), place: 0, of: 1, is_only: false });
        };
        let members: Vec<i64> =
            all.iter().filter(|(from, _)| *from == whole).map(|(_, part)| *part).collect();
        let records: Vec<Record> =
            members.iter().map(|member| self.record(*member)).collect::<Result<_>>()?;
        let parts: Vec<&Measurement> =
            records.iter().filter_map(|record| record.measurements.first()).collect();
        let place = members.iter().position(|member| *member == record).unwrap_or_default();
        Ok(Taken {
            panel: self.record(whole)?.title,
            place: u32::try_from(place).unwrap_or(u32::MAX),
            of: u32::try_from(members.len()).unwrap_or(u32::MAX),
            is_only: alone(&parts),
        })
    }
}

struct Taken {
    panel: String,
    place: u32,
    of: u32,
    is_only: bool,
}

/// The names given in an account, those given last first.
pub(super) fn names(db: &Connection, account: i64) -> Result<Vec<NamedRow>> {
    let mut statement = db.prepare_cached(
        "SELECT resource.type || '/' || resource.server_id, position, name, code, panel, seat, seats,
                is_only, unit, range, named_at
         FROM named_result JOIN resource ON resource.id = named_result.resource_id
         WHERE resource.account_id = ?1 AND resource.server_id IS NOT NULL
         ORDER BY named_at DESC, resource_id DESC, position",
    )?;
    let rows = statement.query_map([account], |row| {
        Ok(NamedRow {
            target: row.get(0)?,
            position: row.get(1)?,
            name: row.get(2)?,
            code: row.get(3)?,
            panel: row.get(4)?,
            seat: row.get(5)?,
            seats: row.get(6)?,
            is_only: row.get(7)?,
            unit: row.get(8)?,
            range: row.get(9)?,
            at: row.get(10)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The name given to a result, or to an equal one of another panel of the same name: with the same
/// unit and range, that no other result beside it has, or else in the same place of as many.
pub(super) fn fitting(names: &[NamedRow], place: &Unnamed<'_>) -> Option<Given> {
    let fits =
        |row: &&NamedRow| row.unit.as_deref() == place.unit && row.range.as_deref() == place.range;
    let given = |row: &NamedRow, is_reused| Given {
        name: row.name.clone(),
        code: row.code.clone(),
        at: moment(row.at),
        is_reused,
    };
    let is_own = |row: &&NamedRow| row.target == place.target && row.position == place.index;
    if let Some(own) = names.iter().filter(is_own).find(fits) {
        return Some(given(own, false));
    }
    let is_equal = |row: &&NamedRow| {
        let sits_alike = row.seat == place.position && row.seats == place.of;
        !place.panel.is_empty()
            && row.panel.eq_ignore_ascii_case(place.panel)
            && row.range.is_some()
            && (row.is_only && place.is_only || sits_alike)
    };
    names.iter().filter(is_equal).find(fits).map(|row| given(row, true))
}
