//! Opening, migrating, moving aside.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};
use zeroize::Zeroizing;

use super::kept::Kept;
use super::read::Counts;
use super::search::Shown;
use super::timeline::Timeline;
use super::{Error, Filter, Result, Roll};
use crate::record::{DERIVATION, SearchText};

/// The database's file in the data folder.
pub const DATABASE_FILE: &str = "onhand.db";

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/001_first.sql"),
    include_str!("../../migrations/002_deeper.sql"),
    include_str!("../../migrations/003_registration.sql"),
    include_str!("../../migrations/004_not_there.sql"),
];

/// The `PRAGMA user_version` this version of Onhand writes.
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// What a connection keeps of the file in memory: a page that is not has to be decrypted.
const WRITER_CACHE_KIB: i64 = 24 * 1024;
const READER_CACHE_KIB: i64 = 8 * 1024;
/// The log is copied into the file when it has this many pages of four kilobytes.
const CHECKPOINT_PAGES: i64 = 4096;

/// An open database. `&Store` reads, `&mut Store` writes.
pub struct Store {
    pub(super) db: Connection,
    pub(super) rolls: HashMap<i64, Arc<Roll>>,
    /// The runs of which a page could not be kept, and why: what comes behind it says where the run
    /// has come to, and would be wrong.
    pub(super) broken: HashMap<i64, Error>,
    /// Words that are to go into the search, ascending by resource, and their bytes.
    pub(super) unsearched: Vec<(i64, SearchText)>,
    pub(super) unsearched_bytes: usize,
    pub(super) timelines: Kept<Filter, Arc<Timeline>>,
    /// By the condition of a list and what stands for its question marks.
    pub(super) searched: Kept<(String, Vec<Value>), Arc<Shown>>,
    /// Of each account: what it has of each kind, and what of nobody.
    pub(super) counted: Kept<i64, Counts>,
    pub(super) nobodys: Kept<i64, (u64, u64)>,
}

impl Store {
    /// Opens the database at `path` for reading and writing, makes it if there is none, and brings
    /// its schema up to date.
    ///
    /// # Errors
    /// [`Error::Damaged`] for another key or a broken file, [`Error::Newer`] for a database of a
    /// newer Onhand (nothing is written then), [`Error::Unreachable`], [`Error::Busy`],
    /// [`Error::DiskFull`].
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Store> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut store = Store::connect(path, key, flags)?;
        store.db.pragma_update(None, "journal_mode", "WAL")?;
        // A page that was committed is there after a power cut.
        store.db.pragma_update(None, "synchronous", "FULL")?;
        store.db.pragma_update(None, "secure_delete", "FAST")?;
        // One that reads first and writes then would fail at once, and not wait, where another program
        // wrote in between.
        store.db.set_transaction_behavior(TransactionBehavior::Immediate);
        store.db.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        // Less often than after each four megabytes: the same pages are written again and again.
        store.db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        store.db.pragma_update(None, "journal_size_limit", 4096 * CHECKPOINT_PAGES)?;
        store.migrate(MIGRATIONS)?;
        store.put_off_outdated()?;
        restrict(path)?;
        Ok(store)
    }

    /// Opens a second connection that can only read, beside a [`Store`] that is open.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_reader(path: &Path, key: &[u8; 32]) -> Result<Store> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let store = Store::connect(path, key, flags)?;
        store.db.pragma_update(None, "query_only", true)?;
        store.db.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        Ok(store)
    }

    fn connect(path: &Path, key: &[u8; 32], flags: OpenFlags) -> Result<Store> {
        let db = Connection::open_with_flags(path, flags)?;
        let mut pragma = Zeroizing::new(String::with_capacity(96));
        pragma.push_str("PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'");
        for byte in key {
            pragma.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
            pragma.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        }
        pragma.push_str("'\";");
        db.execute_batch(&pragma)?;
        db.busy_timeout(Duration::from_secs(5))?;
        // The first read tells whether the key fits.
        db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update(None, "trusted_schema", false)?;
        // A statement is planned once, and not again for each value that is bound to it.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(Store {
            db,
            rolls: HashMap::new(),
            broken: HashMap::new(),
            unsearched: Vec::new(),
            unsearched_bytes: 0,
            timelines: Kept::default(),
            searched: Kept::default(),
            counted: Kept::default(),
            nobodys: Kept::default(),
        })
    }

    fn migrate(&mut self, migrations: &[&str]) -> Result<()> {
        if self.version()? as usize > migrations.len() {
            return Err(Error::Newer);
        }
        if self.version()? as usize == migrations.len() {
            return Ok(());
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read again under the lock: another process may have migrated meanwhile.
        let current: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        for migration in migrations.iter().skip(current as usize) {
            tx.execute_batch(migration)?;
        }
        tx.pragma_update(None, "user_version", migrations.len() as u32)?;
        tx.commit()?;
        Ok(())
    }

    /// Notes which records an older version of Onhand derived, and which an Onhand that was ended in
    /// the middle left without their words in the search.
    fn put_off_outdated(&mut self) -> Result<()> {
        let (derivation, searched, last): (u32, i64, i64) = self.db.query_row(
            "SELECT derivation, searched, (SELECT coalesce(max(resource_id), 0) FROM record)
             FROM derived",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        if derivation == DERIVATION && searched >= last {
            return Ok(());
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute(
            "INSERT OR IGNORE INTO pending (resource_id)
             SELECT resource_id FROM record WHERE resource_id > ?1",
            [if derivation == DERIVATION { searched } else { 0 }],
        )?;
        tx.execute(
            "UPDATE derived SET derivation = ?1, searched = max(searched, ?2)",
            params![DERIVATION, last],
        )?;
        tx.commit()?;
        Ok(())
    }

    /// `PRAGMA user_version`: how many migrations the database has had.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn version(&self) -> Result<u32> {
        Ok(self.db.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    /// Whether SQLCipher and SQLite find every page sound. Reads the whole file.
    ///
    /// # Errors
    /// When the check itself cannot run.
    pub fn is_sound(&self) -> Result<bool> {
        let mut check = self.db.prepare("PRAGMA cipher_integrity_check")?;
        if check.query([])?.next()?.is_some() {
            return Ok(false);
        }
        let first: String = self.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(first == "ok")
    }
}

/// Renames a database that cannot be read, and what belongs to it, so that a new one can be made
/// beside it. Nothing is deleted. Gives the new path of the database file.
///
/// # Errors
/// [`Error::Unreachable`] when the folder cannot be written.
pub fn move_aside(path: &Path, now: Timestamp) -> Result<PathBuf> {
    let stamp = now.strftime("%Y-%m-%d-%H%M%S");
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = (0..100)
        .map(|n| if n == 0 { String::new() } else { format!("-{n}") })
        .map(|suffix| path.with_file_name(format!("{name}.damaged-{stamp}{suffix}")))
        .find(|target| !target.exists())
        .ok_or(Error::Unreachable)?;
    for part in ["-wal", "-shm", ""] {
        let from = path.with_file_name(format!("{name}{part}"));
        if from.exists() {
            let mut to = free.clone().into_os_string();
            to.push(part);
            std::fs::rename(&from, to).map_err(|_| Error::Unreachable)?;
        }
    }
    Ok(free)
}

#[cfg(unix)]
fn restrict(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for part in ["", "-wal", "-shm"] {
        let file = path.with_file_name(format!("{name}{part}"));
        if file.exists() {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))
                .map_err(|_| Error::Unreachable)?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> Result<()> {
    // The data folder lies in the person's profile, which other users cannot read.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_newer_database_is_refused_and_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        let store = Store::open(&path, &KEY).unwrap();
        store.db.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
        drop(store);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Store::open(&path, &KEY), Err(Error::Newer)));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn another_key_and_a_broken_file_are_damaged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        drop(Store::open(&path, &KEY).unwrap());
        assert!(matches!(Store::open(&path, &[8; 32]), Err(Error::Damaged)));
        std::fs::write(&path, b"not a database at all, but some text that is long enough").unwrap();
        assert!(matches!(Store::open(&path, &KEY), Err(Error::Damaged)));
        let kept = move_aside(&path, "2026-11-23T10:00:00Z".parse().unwrap()).unwrap();
        assert!(kept.exists() && !path.exists());
        drop(Store::open(&path, &KEY).unwrap());
    }

    #[test]
    fn a_migration_that_fails_leaves_the_old_schema() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        let mut store = Store::open(&path, &KEY).unwrap();
        let broken = "CREATE TABLE fresh (a INTEGER) STRICT; CREATE TABLE account (b);";
        let steps: Vec<&str> = MIGRATIONS.iter().copied().chain([broken]).collect();
        assert!(store.migrate(&steps).is_err());
        assert_eq!(store.version().unwrap(), SCHEMA_VERSION);
        assert!(store.db.prepare("SELECT a FROM fresh").is_err());
    }

    #[test]
    fn nothing_readable_lies_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DATABASE_FILE);
        let store = Store::open(&path, &KEY).unwrap();
        store
            .db
            .execute("INSERT INTO account (origin, client_id, created_at) VALUES ('https://needle.example', 'c', 0)", [])
            .unwrap();
        drop(store);
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(14).any(|window| window == b"needle.example"));
            assert!(!bytes.starts_with(b"SQLite format 3"));
        }
    }

    #[test]
    fn a_sound_database_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join(DATABASE_FILE), &KEY).unwrap();
        assert!(store.is_sound().unwrap());
    }
}
