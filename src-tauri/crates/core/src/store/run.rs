//! What is known of syncs that were made, and of everything that left this computer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::params;

use super::derived::Stored;
use super::read::moment;
use super::view::VersionView;
use super::{Result, Store};
use crate::outgoing::{Purpose, Sent};
use crate::record::{compare, derive};
use crate::sync::{Run, SyncReport};

/// The most runs that a history tells.
const MAX_RUNS: u32 = 500;
/// Requests are kept by the minute for this long, by the day from then on.
const BY_THE_MINUTE_FOR: i64 = 24 * 60 * 60;
const DAY: i64 = 24 * 60 * 60;

impl Store {
    /// The syncs of an account, newest first, at most 500.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn runs(&self, account: i64) -> Result<Vec<Run>> {
        let mut statement = self.db.prepare_cached(
            "SELECT id, account_id, started, finished, by_hand, parts, failed, report
             FROM run WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let found = statement.query_map(params![account, MAX_RUNS], |row| {
            let report: Option<String> = row.get(7)?;
            let finished: Option<i64> = row.get(3)?;
            Ok(Run {
                id: row.get(0)?,
                account: row.get(1)?,
                started: moment(row.get(2)?),
                finished: finished.map(moment),
                by_hand: row.get(4)?,
                parts: row.get(5)?,
                failed: row.get(6)?,
                report: report.and_then(|json| SyncReport::read(&json)),
                new: 0,
                changed: 0,
                gone: 0,
                moved: 0,
                back: 0,
                unchanged: 0,
            })
        })?;
        let mut runs: Vec<Run> = found.collect::<rusqlite::Result<_>>()?;
        for run in &mut runs {
            let counts = self.change_counts(run.id, None)?;
            let of = |change: &str| counts.get(change).copied();
            let (told, kept) = (run.report.as_ref(), !counts.is_empty());
            // A sync of an older Onhand kept no list of what it changed.
            let either = |change, told: Option<u64>| match of(change) {
                Some(n) => n,
                None if kept => 0,
                None => told.unwrap_or(0),
            };
            run.new = either("new", told.map(|report| report.new));
            run.changed = either("changed", told.map(|report| report.changed));
            run.gone = either("gone", told.map(|report| report.gone));
            run.moved = either("moved", told.map(|report| report.moved));
            run.back = either("back", told.map(|report| report.back));
            run.unchanged = told.map_or(0, |report| report.unchanged);
        }
        Ok(runs)
    }

    /// How many records a run found new, changed, gone, moved and back; of one type or of all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn change_counts(
        &self,
        run: i64,
        resource_type: Option<&str>,
    ) -> Result<BTreeMap<String, u64>> {
        let mut statement = self.db.prepare_cached(
            "SELECT change, count(*) FROM run_change
             WHERE run_id = ?1 AND (?2 IS NULL OR ?2 =
                   (SELECT type FROM resource WHERE resource.id = run_change.resource_id))
             GROUP BY change",
        )?;
        let found = statement
            .query_map(params![run, resource_type], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Each older version of a record beside the next newer one, newest first.
    ///
    /// # Errors
    /// [`NotFound`](super::Error::NotFound) if there is no record of that number.
    pub fn versions(&self, id: i64) -> Result<Vec<VersionView>> {
        let account: i64 = self
            .db
            .prepare_cached("SELECT account_id FROM resource WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let mut statement = self.db.prepare_cached(
            "SELECT first_seen, body FROM version WHERE resource_id = ?1 ORDER BY id DESC",
        )?;
        let mut found = statement.query([id])?;
        let lookup = Stored::new(self, account, None);
        let mut newer: Option<(i64, crate::record::Record)> = None;
        let mut versions = Vec::new();
        while let Some(row) = found.next()? {
            let (first_seen, body): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
            let record = derive(&body, &lookup);
            if let Some((until, after)) = &newer {
                versions.push(VersionView {
                    first_seen: moment(first_seen),
                    until: moment(*until),
                    title: record.title.clone(),
                    sections: compare(&record, after),
                });
            }
            newer = Some((first_seen, record));
        }
        Ok(versions)
    }

    /// Notes requests that were sent.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_requests(&mut self, sent: &[Sent]) -> Result<()> {
        if sent.is_empty() {
            return Ok(());
        }
        let tx = self.db.transaction()?;
        write_requests(&tx, sent)?;
        tx.commit()?;
        Ok(())
    }

    /// The requests to a host since a time: minute (seconds since 1970) and count.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn requests_since(&self, host: &str, since: Timestamp) -> Result<Vec<(i64, u64)>> {
        let mut statement = self.db.prepare_cached(
            "SELECT at, sum(count) FROM request WHERE host = ?1 AND at >= ?2 GROUP BY at ORDER BY at",
        )?;
        let found = statement
            .query_map(params![host, since.as_second()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Everything that left this computer, by host, purpose and day (UTC), newest day first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn requests(&self) -> Result<Vec<HostRequests>> {
        let mut statement = self.db.prepare_cached(
            "SELECT host, purpose, at / ?1 AS day, sum(count) FROM request
             GROUP BY host, purpose, day ORDER BY day DESC, host, purpose",
        )?;
        let mut found = statement.query([DAY])?;
        let mut all = Vec::new();
        while let Some(row) = found.next()? {
            let (purpose, day): (String, i64) = (row.get(1)?, row.get(2)?);
            let Some(purpose) = Purpose::from_name(&purpose) else { continue };
            let day = Timestamp::from_second(day * DAY).unwrap_or(Timestamp::UNIX_EPOCH);
            all.push(HostRequests {
                host: row.get(0)?,
                purpose,
                day: day.to_zoned_datetime(TimeZone::UTC).date().to_string(),
                count: row.get(3)?,
            });
        }
        Ok(all)
    }

    /// Keeps requests of earlier than a day before `now` by the day alone.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn fold_requests(&mut self, now: Timestamp) -> Result<()> {
        let before = now.as_second() - BY_THE_MINUTE_FOR;
        let tx = self.db.transaction()?;
        tx.execute(
            "INSERT INTO request (host, purpose, at, count)
             SELECT host, purpose, at / ?2 * ?2, sum(count) FROM request
             WHERE at < ?1 AND at % ?2 <> 0 GROUP BY host, purpose, at / ?2
             ON CONFLICT (host, purpose, at) DO UPDATE SET count = count + excluded.count",
            params![before, DAY],
        )?;
        tx.execute("DELETE FROM request WHERE at < ?1 AND at % ?2 <> 0", params![before, DAY])?;
        tx.commit()?;
        Ok(())
    }
}

/// Requests to one host for one purpose on one day.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct HostRequests {
    /// The host, with its port where it is not the usual one.
    pub host: String,
    /// What they were for.
    pub purpose: Purpose,
    /// The day (UTC): `2026-11-24`.
    pub day: String,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

pub(super) fn write_requests(db: &rusqlite::Connection, sent: &[Sent]) -> Result<()> {
    let mut statement = db.prepare_cached(
        "INSERT INTO request (host, purpose, at, count) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (host, purpose, at) DO UPDATE SET count = count + excluded.count",
    )?;
    for one in sent {
        statement.execute(params![one.host, one.purpose.name(), one.minute, one.count])?;
    }
    Ok(())
}
