//! SQLite: open, migrate, records, search, sync state. Synchronous; `&` reads, `&mut` writes.
//!
//! Every database is SQLCipher with a raw 32-byte key; there is no way to open one without. What the
//! portal sent (`resource`, `version`) is kept apart from what is derived from it (`record`, `link`,
//! `search`), which may be thrown away and made again.

mod about;
mod account;
mod annotation;
mod derived;
mod fold;
mod kept;
mod named;
mod open;
mod read;
mod roll;
mod run;
mod search;
mod sweep;
mod sync;
mod test;
mod timeline;
mod view;

pub use about::KindNumbers;
pub use account::{
    AccountRow, KeptCertificate, NewAccount, Patient, Registration, Relation, Secrets,
};
pub use annotation::Note;
pub use open::{DATABASE_FILE, SCHEMA_VERSION, Store, move_aside};
pub use read::Counts;
pub use roll::Roll;
pub use run::HostRequests;
pub use sweep::{Absent, Beside, OpenedRun, OwnedBeside};
pub use sync::{Again, Arrival, Arrived, PageCounts, Ready, RunId, TypeMemory};
pub use test::{OtherTest, PanelRow, PanelTable, PanelWhen, Point, Test, TestDetail, TestKind};
pub use view::{
    AboutKind, AttachmentContent, AttachmentRef, Change, Detail, Filter, Gone, Group, Held,
    KindAbout, List, Page, Period, PersonDetail, PersonRef, Raw, Related, Row, Source, VersionView,
};

/// What can go wrong with the database.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read with this key, or its content is not what SQLite wrote.
    #[error("The database on this computer is damaged and cannot be read.")]
    Damaged,
    /// `PRAGMA user_version` is higher than the newest migration known.
    #[error(
        "This database was written by a newer Onhand. Install the newest version to open it. Nothing was changed."
    )]
    Newer,
    /// The disk has no room left.
    #[error("The disk is full. Nothing that was saved is lost; make room and try again.")]
    DiskFull,
    /// The system refused to write for another reason: a quota, a limit on the size of files, a
    /// drive that is gone.
    #[error(
        "The disk did not take what was to be saved: it may be full, or your share of it used up. Nothing that was saved before is lost; make room and try again."
    )]
    NotWritten,
    /// Another program holds the database for longer than the busy time-out.
    #[error("Another Onhand is using the database right now. Try again in a moment.")]
    Busy,
    /// The file or its folder cannot be reached or written.
    #[error("The database file cannot be opened. Check that its folder can be read and written.")]
    Unreachable,
    /// A file did not come along with its record; the text says what is known of it.
    #[error("{0}")]
    NoFile(String),
    /// There is no such record or account.
    #[error("There is no such record.")]
    NotFound,
    /// A row holds what this version never writes.
    #[error("The database holds something Onhand did not expect ({0}).")]
    Unexpected(String),
    /// A text is longer than is kept.
    #[error("This text is too long to keep. Shorten it and try again.")]
    TooLong,
    /// The portal sent a name for this result itself, or there is no such result.
    #[error("Only a result that your portal sent without a name can be named.")]
    Named,
    /// More of them than are kept.
    #[error("No more can be pinned. Take one away first.")]
    TooMany,
    /// Anything else SQLite says.
    #[error("The database reported an error ({0}).")]
    Sqlite(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode;
        if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
            return Error::NotFound;
        }
        let Some(code) = error.sqlite_error_code() else {
            // rusqlite's own message names tables and columns, never their content.
            return Error::Sqlite(error.to_string());
        };
        if matches!(code, ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) {
            Error::Damaged
        } else if code == ErrorCode::DiskFull {
            Error::DiskFull
        } else if is_refused_write(&error) {
            Error::NotWritten
        } else if matches!(code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
            Error::Busy
        } else if matches!(
            code,
            ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied
        ) {
            Error::Unreachable
        } else {
            Error::Sqlite(format!("{code:?}"))
        }
    }
}

/// Only ENOSPC is [`Error::DiskFull`] to SQLite; EDQUOT, EFBIG and EIO come as these.
fn is_refused_write(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    let code = error.sqlite_error().map(|error| error.extended_code);
    [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_TRUNCATE,
        ffi::SQLITE_IOERR_SHMSIZE,
    ]
    .iter()
    .any(|refused| code == Some(*refused))
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Unexpected(format!("{:?}", error.classify()))
    }
}

/// What the functions here give back.
pub type Result<T> = std::result::Result<T, Error>;
