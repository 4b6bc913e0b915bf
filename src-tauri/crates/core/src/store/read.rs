//! Lists, one record in full.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row as SqlRow, params, params_from_iter};

use super::derived::{Panels, Stored};
use super::search::match_expression;
use super::view::RowBody;
use super::{
    Change, Detail, Error, Filter, Gone, List, Page, Period, Raw, Related, Result, Row, Source,
    Store,
};
use crate::record::{GONE_RANK, Kind, Measurement, NameFrom, Record, Zone, derive, parts};

/// How many records there are of a kind, by person.
pub type Counts = BTreeMap<(Option<i64>, Kind), u64>;

/// The most rows that one call gives.
const MAX_ROWS: u32 = 500;

/// What has a row in the list of its kind.
const SHOWN: &str =
    "part_of IS NULL OR record.resource_id IN (SELECT resource_id FROM fold WHERE stands = 1)";

const ROW: &str = "record.resource_id, record.kind, told.row, record.person_id, resource.type, \
                   resource.server_id, resource.gone_since, record.part_of, resource.moved_from";

impl Store {
    /// A part of a list: newest first, undated last; a search gives the best match first, or the
    /// newest where it finds more than five thousand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn list(&self, list: &List) -> Result<Page> {
        let limit = list.limit.min(MAX_ROWS);
        if match_expression(&list.filter).is_some() {
            return self.search(&List { limit, ..list.clone() });
        }
        if list.filter.by_visit {
            return self.timeline_page(&List { limit, ..list.clone() });
        }
        let total = self.count(&list.filter)?;
        let (condition, mut values) = condition(&list.filter);
        if let [kind] = list.filter.kinds.as_slice()
            && !parts(*kind).is_empty()
        {
            let records = self.grouped(list, limit, &condition, values)?;
            return Ok(Page { total, records, corrected: None });
        }
        values.push(Value::from(limit));
        values.push(Value::from(list.offset));
        // The inner select walks the index alone; bodies are fetched for the rows asked for.
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {ROW} FROM (
                 SELECT resource_id AS id FROM record {condition}
                 ORDER BY sort DESC, resource_id DESC LIMIT ? OFFSET ?) AS chosen
             JOIN record ON record.resource_id = chosen.id
             JOIN told ON told.resource_id = chosen.id
             JOIN resource ON resource.id = chosen.id
             ORDER BY record.sort DESC, record.resource_id DESC"
        ))?;
        let mut records = rows(statement.query_map(params_from_iter(values), row)?)?;
        records.iter_mut().for_each(|row| row.on(list.filter.today));
        self.tell_changes(&list.filter, &mut records)?;
        Ok(Page { total, records, corrected: None })
    }

    /// Part of a list of one kind, group by group.
    fn grouped(
        &self,
        list: &List,
        limit: u32,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        // On no day, no end has passed.
        let today = list.filter.today.map_or_else(String::new, |today| today.to_string());
        let mut all = vec![Value::from(today)];
        all.extend(values);
        all.push(Value::from(limit));
        all.push(Value::from(list.offset));
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {ROW} FROM (
                 SELECT record.resource_id AS id, fold.lane, CASE
                        WHEN gone = 1 AND record.kind <> 'allergies' THEN {GONE_RANK}
                        WHEN ends <> '' AND substr(today.day, 1, length(ends)) > ends THEN ends_rank
                        WHEN stale <> '' AND substr(today.day, 1, length(stale)) > stale
                        THEN stale_rank
                        ELSE coalesce(fold.rank, 80) END AS place
                 FROM (SELECT ? AS day) AS today CROSS JOIN record
                 LEFT JOIN fold ON fold.resource_id = record.resource_id {condition}
                 ORDER BY place, fold.lane DESC, sort DESC, record.resource_id DESC
                 LIMIT ? OFFSET ?) AS chosen
             JOIN record ON record.resource_id = chosen.id
             JOIN told ON told.resource_id = chosen.id
             JOIN resource ON resource.id = chosen.id
             ORDER BY chosen.place, chosen.lane DESC, record.sort DESC, record.resource_id DESC"
        ))?;
        let mut records = rows(statement.query_map(params_from_iter(all), row)?)?;
        records.iter_mut().for_each(|row| row.on(list.filter.today));
        self.tell_changes(&list.filter, &mut records)?;
        Ok(records)
    }

    /// Puts into rows what the runs that the list is about found of them.
    pub(super) fn tell_changes(&self, filter: &Filter, rows: &mut [Row]) -> Result<()> {
        if filter.run.is_none() && filter.change.is_none() {
            return Ok(());
        }
        let (found, mut values) = found_by_runs(filter);
        let sql = format!("SELECT change {found} AND resource_id = ? ORDER BY run_id DESC");
        let mut statement = self.db.prepare_cached(&sql)?;
        for row in rows {
            values.push(Value::from(row.id));
            let change: Option<String> = statement
                .query_row(params_from_iter(values.iter()), |sql| sql.get(0))
                .optional()?;
            values.pop();
            row.change = change.as_deref().and_then(Change::from_name);
        }
        Ok(())
    }

    /// How many records each year of a list has, newest first, undated last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn periods(&self, filter: &Filter) -> Result<Vec<Period>> {
        if filter.by_visit {
            return self.timeline_years(filter);
        }
        let unsearched = Filter { query: None, ..filter.clone() };
        let (condition, values) = condition(&unsearched);
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT substr(sort, 1, 4) AS year, count(*) FROM record {condition}
             GROUP BY year ORDER BY year DESC"
        ))?;
        let found = statement.query_map(params_from_iter(values), |sql| {
            let year: String = sql.get(0)?;
            let (year, count) = ((!year.is_empty()).then_some(year), sql.get(1)?);
            Ok(Period { year, count, records: count, tall: Vec::new() })
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// How many records are shown of each kind, by person (`None`: of nobody in particular).
    /// Folded ones are left out, gone ones but for allergies, and those entered in error.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self, account: i64) -> Result<Counts> {
        self.kept(&self.counted, account, |account| self.count_kinds(*account))
    }

    fn count_kinds(&self, account: i64) -> Result<Counts> {
        let shown = "account_id = ?1 AND (gone = 0 OR record.kind = 'allergies')";
        let mut counts = Counts::new();
        for sql in [
            // From one index.
            format!(
                "SELECT person_id, kind, count(*) FROM record WHERE part_of IS NULL AND {shown}
                 AND resource_id NOT IN (SELECT resource_id FROM fold WHERE withdrawn = 1)
                 GROUP BY person_id, kind"
            ),
            format!(
                "SELECT person_id, record.kind, count(*)
                 FROM fold CROSS JOIN record ON record.resource_id = fold.resource_id
                 WHERE stands = 1 AND withdrawn = 0 AND part_of IS NOT NULL AND {shown}
                 GROUP BY person_id, record.kind"
            ),
        ] {
            let mut statement = self.db.prepare_cached(&sql)?;
            let mut found = statement.query([account])?;
            while let Some(sql) = found.next()? {
                let kind: String = sql.get(1)?;
                if let Some(kind) = Kind::from_name(&kind) {
                    *counts.entry((sql.get(0)?, kind)).or_default() += sql.get::<_, u64>(2)?;
                }
            }
        }
        Ok(counts)
    }

    /// The types that an account's portal said it does not offer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn not_offered(&self, account: i64) -> Result<Vec<String>> {
        let mut statement = self.db.prepare_cached(
            "SELECT type FROM type_state
             WHERE account_id = ?1 AND not_offered_since IS NOT NULL ORDER BY type",
        )?;
        let found = statement.query_map([account], |sql| sql.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// How many records are kept, gone and folded ones too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record_count(&self) -> Result<u64> {
        Ok(self.db.query_row("SELECT count(*) FROM resource", [], |sql| sql.get(0))?)
    }

    /// One record in full.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that number.
    pub fn detail(&self, id: i64) -> Result<Detail> {
        let (row, account): (Row, i64) = self
            .db
            .prepare_cached(&format!(
                "SELECT {ROW}, record.account_id FROM record
                 JOIN told ON told.resource_id = record.resource_id
                 JOIN resource ON resource.id = record.resource_id
                 WHERE record.resource_id = ?1"
            ))?
            .query_row([id], |sql| Ok((row(sql)?, sql.get(9)?)))?;
        let record = self.record(id)?;
        let (first_seen, last_seen, portal): (i64, i64, String) = self
            .db
            .prepare_cached(
                "SELECT resource.first_seen,
                        max(coalesce(seen.at, 0), iif(resource.gone_since IS NULL,
                                                      coalesce(heard.at, 0), 0)),
                        account.origin
                 FROM resource
                 JOIN account ON account.id = resource.account_id
                 LEFT JOIN seen ON seen.resource_id = resource.id
                 LEFT JOIN heard ON heard.account_id = resource.account_id
                      AND heard.type = resource.type AND heard.position = 0
                 WHERE resource.id = ?1",
            )?
            .query_row([id], |sql| Ok((sql.get(0)?, sql.get(1)?, sql.get(2)?)))?;
        let versions = {
            let mut statement = self.db.prepare_cached(
                "SELECT first_seen FROM version WHERE resource_id = ?1
                 AND id <> (SELECT version_id FROM resource WHERE id = ?1) ORDER BY id DESC",
            )?;
            let found = statement.query_map([id], |sql| sql.get::<_, i64>(0))?;
            found.map(|at| Ok(moment(at?))).collect::<rusqlite::Result<Vec<_>>>()?
        };
        let related = self.related(id, account)?;

        let mut measurements = record.measurements;
        let single = if measurements.len() == 1 { measurements.pop() } else { None };
        let (mut name, mut name_from, mut likelihood) = (None, None, None);
        let (mut reasons, mut candidates) = (Vec::new(), Vec::new());
        let (mut unit, mut range, mut code) = (None, None, None);
        let mut row = row;
        let result = single.clone();
        if let Some(one) = single {
            row.value = one.value;
            row.flag = one.flag;
            name = Some(one.name);
            name_from = Some(one.name_from);
            likelihood = one.likelihood;
            reasons = one.reasons;
            candidates = one.candidates;
            unit = one.unit;
            range = one.range;
            code = one.code;
        } else if !measurements.is_empty() {
            name = Some(row.title.clone());
            name_from = Some(NameFrom::Portal);
        }
        Ok(Detail {
            row,
            title_sent: record.title_sent,
            name,
            name_from,
            likelihood,
            reasons,
            candidates,
            unit,
            range,
            code,
            result,
            components: measurements,
            sections: record.sections,
            narrative: record.narrative,
            attachments: record.attachments,
            codes: record.codes,
            related,
            problems: record.problems,
            first_seen: moment(first_seen),
            last_seen: moment(last_seen.max(first_seen)),
            versions,
            portal,
            own_note: self.note(id)?,
        })
    }

    /// A record whole, made from its resource's bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that number.
    pub fn record(&self, id: i64) -> Result<Record> {
        let (account, body): (i64, Vec<u8>) = self
            .db
            .prepare_cached(
                "SELECT account_id, version.body FROM resource JOIN version ON version.id = version_id
                 WHERE resource.id = ?1",
            )?
            .query_row([id], |sql| Ok((sql.get(0)?, sql.get(1)?)))?;
        Ok(derive(&body, &Stored::new(self, account, None)))
    }

    /// The results of each of these records, in the same order; none for a record that has none. What a
    /// panel makes of its members is worked out once for all of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of one of those numbers.
    pub fn results(&self, ids: &[i64]) -> Result<Vec<Vec<Measurement>>> {
        let mut panels: HashMap<i64, Panels> = HashMap::new();
        let mut statement = self.db.prepare_cached(
            "SELECT account_id, version.body FROM resource JOIN version ON version.id = version_id
             WHERE resource.id = ?1",
        )?;
        let mut results = Vec::with_capacity(ids.len());
        for id in ids {
            let (account, body): (i64, Vec<u8>) =
                statement.query_row([id], |sql| Ok((sql.get(0)?, sql.get(1)?)))?;
            let panels = panels.entry(account).or_default();
            let lookup = Stored::new(self, account, None).remembering(panels);
            results.push(derive(&body, &lookup).measurements);
        }
        Ok(results)
    }

    /// A resource's bytes exactly as received.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that number.
    pub fn raw_bytes(&self, id: i64) -> Result<Vec<u8>> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT version.body FROM resource JOIN version ON version.id = version_id
                 WHERE resource.id = ?1",
            )?
            .query_row([id], |sql| sql.get(0))?)
    }

    /// The same as text.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of that number.
    pub fn raw(&self, id: i64) -> Result<Raw> {
        Ok(Raw { text: String::from_utf8_lossy(&self.raw_bytes(id)?).into_owned() })
    }

    /// How many records a list has that is not searched.
    fn count(&self, filter: &Filter) -> Result<u64> {
        let (condition, values) = condition(filter);
        let sql = format!("SELECT count(*) FROM record {condition}");
        let mut statement = self.db.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(values), |sql| sql.get(0))?)
    }

    fn related(&self, id: i64, account: i64) -> Result<Vec<Related>> {
        let mut related = Vec::new();
        {
            let mut statement = self.db.prepare_cached(
                "SELECT role, type, server_id,
                        (SELECT id FROM resource WHERE account_id = ?2 AND type = link.type
                         AND server_id = link.server_id ORDER BY id LIMIT 1)
                 FROM link WHERE from_id = ?1 ORDER BY position",
            )?;
            let mut found = statement.query([id, account])?;
            while let Some(sql) = found.next()? {
                let (role, kind, key): (String, String, String) =
                    (sql.get(0)?, sql.get(1)?, sql.get(2)?);
                let other: Option<i64> = sql.get(3)?;
                related.push(Related {
                    role,
                    target: format!("{kind}/{key}"),
                    row: match other {
                        Some(other) => self.row(other)?,
                        None => None,
                    },
                });
            }
        }
        self.related_by_fold(id, &mut related)?;
        // Those that point here, but for the patient, to whom everything points.
        let mut statement = self.db.prepare_cached(
            "SELECT DISTINCT link.role, link.from_id FROM resource AS target
             JOIN link ON link.type = target.type AND link.server_id = target.server_id
             JOIN resource AS source ON source.id = link.from_id
                  AND source.account_id = target.account_id
             WHERE target.id = ?1 AND target.type NOT IN ('Patient', 'Practitioner', 'Organization')
             ORDER BY link.from_id LIMIT 200",
        )?;
        let mut found = statement.query([id])?;
        while let Some(sql) = found.next()? {
            let (role, other): (String, i64) = (sql.get(0)?, sql.get(1)?);
            if let Some(row) = self.row(other)? {
                let target = target_of(&row);
                related.push(Related { role: format!("{role}_of"), target, row: Some(row) });
            }
        }
        Ok(related)
    }

    /// What it was folded with: its parts, what it is part of, and what it is spoken of with.
    fn related_by_fold(&self, id: i64, related: &mut Vec<Related>) -> Result<()> {
        let mut kin: Vec<(String, i64)> = Vec::new();
        {
            let mut statement = self.db.prepare_cached(
                "SELECT fold.resource_id, stands FROM fold
                 JOIN record ON record.resource_id = fold.resource_id
                 WHERE whole = ?1 ORDER BY sort DESC, fold.resource_id",
            )?;
            let mut found = statement.query([id])?;
            while let Some(sql) = found.next()? {
                let role = if sql.get(1)? { "same_visit" } else { "folded" };
                kin.push((role.to_owned(), sql.get(0)?));
            }
        }
        let whole: Option<i64> = self
            .db
            .prepare_cached("SELECT whole FROM fold WHERE resource_id = ?1")?
            .query_row([id], |sql| sql.get(0))
            .optional()?
            .flatten();
        kin.extend(whole.map(|whole| ("part_of".to_owned(), whole)));
        let body: String = self
            .db
            .prepare_cached("SELECT row FROM told WHERE resource_id = ?1")?
            .query_row([id], |sql| sql.get(0))?;
        let body: RowBody = serde_json::from_str(&body)?;
        kin.extend(body.said.map(|said| said.kin).unwrap_or_default());
        for (role, other) in kin {
            if let Some(row) = self.row(other)? {
                related.push(Related { role, target: target_of(&row), row: Some(row) });
            }
        }
        for row in self.same_day(id)? {
            let told =
                related.iter().any(|other| other.row.as_ref().is_some_and(|r| r.id == row.id));
            if !told {
                related.push(Related {
                    role: "same_day".to_owned(),
                    target: target_of(&row),
                    row: Some(row),
                });
            }
        }
        Ok(())
    }

    /// What else was recorded on the day of a visit. An instant (`Z`) proves no day.
    fn same_day(&self, id: i64) -> Result<Vec<Row>> {
        let Some(visit) = self.row(id)?.filter(|row| row.kind == Kind::Visits) else {
            return Ok(Vec::new());
        };
        let day = |row: &Row| {
            let when = row.when_detail.as_ref().filter(|when| when.zone != Zone::Utc)?;
            when.sort.get(..10).map(str::to_owned)
        };
        let (Some(day_of_visit), Some(person)) = (day(&visit), visit.person) else {
            return Ok(Vec::new());
        };
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {ROW} FROM record
             JOIN told ON told.resource_id = record.resource_id
             JOIN resource ON resource.id = record.resource_id
             WHERE record.sort >= ?1 AND record.sort < ?1 || '~' AND record.person_id = ?2
                   AND record.part_of IS NULL AND record.gone = 0 AND record.resource_id <> ?3
             ORDER BY record.sort, record.resource_id LIMIT 1000"
        ))?;
        let found = rows(statement.query_map(params![day_of_visit, person, id], row)?)?;
        Ok(found.into_iter().filter(|row| day(row).is_some()).collect())
    }

    pub(super) fn row(&self, id: i64) -> Result<Option<Row>> {
        Ok(self
            .db
            .prepare_cached(&format!(
                "SELECT {ROW} FROM record
                 JOIN told ON told.resource_id = record.resource_id
                 JOIN resource ON resource.id = record.resource_id
                 WHERE record.resource_id = ?1"
            ))?
            .query_row(params![id], row)
            .optional()?)
    }
}

/// How the portal refers to a record.
fn target_of(row: &Row) -> String {
    match &row.source.id {
        Some(id) => format!("{}/{id}", row.source.resource_type),
        None => row.source.resource_type.clone(),
    }
}

fn rows<F>(found: rusqlite::MappedRows<'_, F>) -> Result<Vec<Row>>
where
    F: FnMut(&SqlRow<'_>) -> rusqlite::Result<Row>,
{
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn row(sql: &SqlRow<'_>) -> rusqlite::Result<Row> {
    let kind: String = sql.get(1)?;
    let body: String = sql.get(2)?;
    let body: RowBody = serde_json::from_str(&body).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, error.into())
    })?;
    let gone: Option<i64> = sql.get(6)?;
    let said = body.said.unwrap_or_default();
    let mut row = Row {
        id: sql.get(0)?,
        kind: Kind::from_name(&kind).unwrap_or(Kind::Other),
        title: said.title.unwrap_or(body.title),
        subtitle: said.subtitle.unwrap_or(body.subtitle),
        when: body.when.as_ref().and_then(|when| when.start.clone().or_else(|| when.end.clone())),
        when_detail: body.when,
        standing: body.status.as_ref().map(|status| status.standing),
        status_text: said
            .status_text
            .or_else(|| body.status.as_ref().map(|status| status.text.clone())),
        status: body.status.map(|status| status.code),
        tone: body.tone,
        person: sql.get(3)?,
        source: Source { resource_type: sql.get(4)?, id: sql.get(5)? },
        gone_since: gone.map(moment),
        moved_from: sql.get(8)?,
        change: None,
        part_of: sql.get(7)?,
        value: body.value,
        flag: body.flag,
        own_flag: body.own_flag,
        flagged: body.flagged,
        group: None,
        counts_as: said.counts_as.or(body.counts_as),
        notes: said.notes,
        snippet: None,
        holds: Vec::new(),
        place: said.place.or(body.place),
    };
    row.on(None);
    Ok(row)
}

/// The `WHERE` of a filter, without its search, and what stands for its question marks.
pub(super) fn condition(filter: &Filter) -> (String, Vec<Value>) {
    let mut parts = Vec::new();
    let mut values = Vec::new();
    if let Some(person) = filter.person {
        // People and places that name no patient belong to everybody of their account.
        parts.push(
            "(person_id = ? OR person_id IS NULL AND record.kind IN ('people', 'places')
              AND record.account_id = (SELECT account_id FROM person WHERE id = ?))"
                .to_owned(),
        );
        values.extend([Value::from(person), Value::from(person)]);
    }
    if !filter.kinds.is_empty() {
        let marks = vec!["?"; filter.kinds.len()].join(", ");
        parts.push(format!("record.kind IN ({marks})"));
        values.extend(filter.kinds.iter().map(|kind| Value::from(kind.name().to_owned())));
    }
    if filter.unsaid {
        parts.push(
            "person_id IS NULL
             AND record.resource_id IN (SELECT resource_id FROM fold WHERE whose <> 'person')"
                .to_owned(),
        );
    }
    let searched = match_expression(filter).is_some();
    let of_a_run = filter.run.is_some() || filter.change.is_some();
    if !filter.folded && !searched && !of_a_run {
        parts.push(match filter.kinds.as_slice() {
            // What was done at a visit has a row of its own here all the same.
            [Kind::Procedures | Kind::Visits] | [Kind::Visits, Kind::Procedures] => {
                format!("({SHOWN})")
            }
            _ => "part_of IS NULL".to_owned(),
        });
    }
    match filter.gone {
        Some(Gone::Only) => parts.push("gone <> 0".to_owned()),
        // An allergy that is no longer sent is shown until somebody says that it was none.
        Some(Gone::Hide) => parts.push("(gone = 0 OR record.kind = 'allergies')".to_owned()),
        None if !filter.folded && !searched && !of_a_run => {
            parts.push("(gone = 0 OR record.kind = 'allergies')".to_owned());
        }
        Some(Gone::Show) | None => {}
    }
    if of_a_run {
        let (found, found_values) = found_by_runs(filter);
        parts.push(format!("record.resource_id IN (SELECT resource_id {found})"));
        values.extend(found_values);
    }
    if parts.is_empty() {
        (String::new(), values)
    } else {
        (format!("WHERE {}", parts.join(" AND ")), values)
    }
}

/// What the runs that a filter means found: the `FROM` and `WHERE` over `run_change`.
fn found_by_runs(filter: &Filter) -> (String, Vec<Value>) {
    let mut sql = String::from("FROM run_change WHERE ");
    let mut values = Vec::new();
    match filter.run {
        Some(run) => {
            sql.push_str("run_id = ?");
            values.push(Value::from(run));
        }
        None => sql.push_str("run_id IN (SELECT max(id) FROM run GROUP BY account_id)"),
    }
    if let Some(change) = filter.change.filter(|change| *change != Change::Any) {
        sql.push_str(" AND change = ?");
        values.push(Value::from(change.name().to_owned()));
    }
    (sql, values)
}

pub(super) fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

impl Error {
    /// Whether the file itself is at fault, so that it has to be moved aside.
    pub fn is_damage(&self) -> bool {
        matches!(self, Error::Damaged)
    }
}
