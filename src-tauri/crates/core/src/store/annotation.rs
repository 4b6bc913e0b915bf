//! What the person adds: a note on a record, tests that are pinned, and where they were in the app.
//! Nothing here is derived, and no sync touches it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Error, Result, Store};

/// The longest note that is kept, in bytes.
const MAX_NOTE: usize = 20_000;
/// The most tests that one person pins.
const MAX_PINS: usize = 24;
/// The longest text that the interface may have remembered, in bytes.
const MAX_REMEMBERED: usize = 20_000;

/// The person's own note on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// When it was last written (RFC 3339).
    pub written: String,
}

impl Store {
    /// The note on a record, if there is one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn note(&self, record: i64) -> Result<Option<Note>> {
        let found = self
            .db
            .prepare_cached("SELECT text, written_at FROM note WHERE resource_id = ?1")?
            .query_row([record], |sql| Ok((sql.get::<_, String>(0)?, sql.get::<_, i64>(1)?)))
            .optional()?;
        Ok(found.map(|(text, at)| Note { text, written: super::read::moment(at) }))
    }

    /// Puts a note on a record; a blank one takes it away.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such record; [`Error::TooLong`] beyond 20,000 bytes.
    pub fn write_note(&mut self, record: i64, text: &str, now: Timestamp) -> Result<()> {
        let text = text.trim();
        if text.len() > MAX_NOTE {
            return Err(Error::TooLong);
        }
        let transaction = self.db.transaction()?;
        transaction
            .prepare_cached("SELECT 1 FROM resource WHERE id = ?1")?
            .query_row([record], |_| Ok(()))?;
        if text.is_empty() {
            transaction.execute("DELETE FROM note WHERE resource_id = ?1", [record])?;
        } else {
            transaction.execute(
                "INSERT INTO note (resource_id, text, written_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (resource_id) DO UPDATE SET text = excluded.text,
                 written_at = excluded.written_at",
                params![record, text, now.as_second()],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// The tests a person has pinned, by their keys, in the order they were pinned.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pins(&self, person: i64) -> Result<Vec<String>> {
        let mut statement = self
            .db
            .prepare_cached("SELECT test FROM pin WHERE person_id = ?1 ORDER BY position, test")?;
        let found = statement.query_map([person], |sql| sql.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Pins a test of a person's, or takes the pin away.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond 24; when there is no such person.
    pub fn pin(&mut self, person: i64, test: &str, pinned: bool) -> Result<()> {
        let transaction = self.db.transaction()?;
        if pinned {
            let (count, last): (usize, i64) = transaction.query_row(
                "SELECT count(*) FILTER (WHERE test <> ?2), coalesce(max(position), 0)
                 FROM pin WHERE person_id = ?1",
                params![person, test],
                |sql| Ok((sql.get(0)?, sql.get(1)?)),
            )?;
            if count >= MAX_PINS {
                return Err(Error::TooMany);
            }
            transaction.execute(
                "INSERT INTO pin (person_id, test, position) VALUES (?1, ?2, ?3)
                 ON CONFLICT (person_id, test) DO NOTHING",
                params![person, test, last + 1],
            )?;
        } else {
            transaction.execute(
                "DELETE FROM pin WHERE person_id = ?1 AND test = ?2",
                params![person, test],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// What the interface had remembered under a name: the last page, recent searches.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn remembered(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .db
            .prepare_cached("SELECT value FROM remembered WHERE key = ?1")?
            .query_row([key], |sql| sql.get(0))
            .optional()?)
    }

    /// Remembers a text for the interface, in this database because it may say what somebody reads;
    /// `None` forgets it.
    ///
    /// # Errors
    /// [`Error::TooLong`] beyond 20,000 bytes.
    pub fn remember(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) if value.len() > MAX_REMEMBERED || key.len() > 64 => {
                return Err(Error::TooLong);
            }
            Some(value) => self.db.execute(
                "INSERT INTO remembered (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                params![key, value],
            )?,
            None => self.db.execute("DELETE FROM remembered WHERE key = ?1", [key])?,
        };
        Ok(())
    }
}
