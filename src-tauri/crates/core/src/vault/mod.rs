//! The database's key, and nothing else: in the system's keychain, or wrapped by a passphrase.
//!
//! Beside the database lies `vault.json`. It holds the database's own random id and says how its key
//! is kept; it never holds the key itself in the clear. What is written there is written whole or
//! not at all, and a key is made only where there is no database yet: "no entry" beside an existing
//! database is a sentence for the person, never a new key.
//!
//! Nothing here opens the database, knows what is in it, or keeps anything besides its key.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use secrecy::{ExposeSecret, SecretBox, SecretString};

mod file;
mod keychain;
mod passphrase;

pub use keychain::{KeyStore, Keychain, MemoryStore, StoreError};

use file::{Kept, Sidecar};

/// The name of the file beside the database that says how its key is kept.
pub const FILE_NAME: &str = "vault.json";

/// The fewest characters a passphrase may have.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

/// The key of every sample database. It is published, because nothing in a sample record is secret.
const SAMPLE_KEY: [u8; 32] = *b"onhand sample record, not secret";

/// The 32-byte key of one database. Wiped from memory when dropped; its `Debug` tells nothing.
pub struct DatabaseKey(SecretBox<[u8; 32]>);

impl DatabaseKey {
    /// A key from the system's random source, or [`Error::NoRandomness`].
    pub fn random() -> Result<DatabaseKey, Error> {
        let mut filled = Ok(());
        let key = SecretBox::init_with_mut(|bytes: &mut [u8; 32]| filled = getrandom::fill(bytes));
        filled.map_err(|_| Error::NoRandomness)?;
        Ok(DatabaseKey(key))
    }

    /// A key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> DatabaseKey {
        DatabaseKey(SecretBox::init_with_mut(|key: &mut [u8; 32]| key.copy_from_slice(bytes)))
    }

    /// The 32 bytes, for the one who opens the database with them.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// A key of these bytes, if there are 32.
    fn from_slice(bytes: &[u8]) -> Option<DatabaseKey> {
        <&[u8; 32]>::try_from(bytes).ok().map(DatabaseKey::from_bytes)
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DatabaseKey([redacted])")
    }
}

/// Where a new database's key is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In the system's keychain.
    Keychain,
    /// In `vault.json`, wrapped by a passphrase.
    Passphrase,
    /// Nowhere: the key is published. Only for the sample record, where nothing is secret.
    Open,
}

/// What there is, found without asking the keychain or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Neither a database nor a key: [`Vault::create`] may be called.
    None,
    /// The key is in the system's keychain, under this id.
    Keychain {
        /// The database's own id: 32 hexadecimal digits.
        id: String,
    },
    /// The key is wrapped by a passphrase.
    Passphrase {
        /// The database's own id: 32 hexadecimal digits.
        id: String,
    },
    /// The key is the published one of the sample record.
    Open {
        /// The database's own id: 32 hexadecimal digits.
        id: String,
    },
    /// What is there cannot be used as it is.
    Damaged {
        /// What happened, what is safe and what to do, in sentences for the person.
        reason: String,
    },
}

/// Keeps the key of one database.
///
/// The calls block: those that ask the keychain up to [`Patience`], those that take a passphrase
/// about a second of work. All of them may be called inside an async runtime, best on a thread that
/// is allowed to block.
#[derive(Clone)]
pub struct Vault {
    database: PathBuf,
    store: Arc<dyn KeyStore>,
    patience: Patience,
    cost: passphrase::Cost,
}

/// How long the keychain may take to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a key; the system may be asking the person for a password meanwhile.
    pub key: Duration,
    /// For finding out whether there is a keychain that works.
    pub probe: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { key: Duration::from_secs(20), probe: Duration::from_secs(5) }
    }
}

impl Vault {
    /// The vault of the database at that path, whether or not it exists yet, with the system's
    /// keychain below it. `vault.json` lies, or will lie, in the same folder.
    pub fn beside(database: impl Into<PathBuf>) -> Vault {
        Vault::with_store(database, Arc::new(Keychain))
    }

    /// The same with another store in the keychain's place.
    pub fn with_store(database: impl Into<PathBuf>, store: Arc<dyn KeyStore>) -> Vault {
        Vault {
            database: database.into(),
            store,
            patience: Patience::default(),
            cost: passphrase::Cost::default(),
        }
    }

    /// The same, with other limits on how long the keychain may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Vault {
        self.patience = patience;
        self
    }

    /// What there is. Reads `vault.json` and looks whether there is a database; asks nobody.
    pub fn state(&self) -> State {
        match self.read() {
            Ok(None) => State::None,
            Ok(Some(Sidecar { id, kept, .. })) => match kept {
                Kept::Keychain { .. } => State::Keychain { id },
                Kept::Passphrase(_) => State::Passphrase { id },
                Kept::Open => State::Open { id },
            },
            Err(error) => State::Damaged { reason: error.to_string() },
        }
    }

    /// Whether the system has a keychain that keeps what it is given: writes a random entry, reads
    /// it back and deletes it. A read alone proves nothing: a locked one answers "no entry".
    pub fn keychain_works(&self) -> Result<(), Error> {
        keychain::probe(&self.store, self.patience.probe)
    }

    /// Makes a new key for a database that does not exist yet, and keeps it that way. `passphrase`
    /// is looked at for [`Kind::Passphrase`] only.
    ///
    /// Refuses with [`Error::AlreadyThere`] where a key is kept, with [`Error::FileMissing`] where
    /// there is a database whose `vault.json` is gone.
    pub fn create(
        &self,
        kind: Kind,
        passphrase: Option<&SecretString>,
    ) -> Result<DatabaseKey, Error> {
        if self.read()?.is_some() {
            return Err(Error::AlreadyThere);
        }
        let id = file::random_id()?;
        match kind {
            Kind::Keychain => {
                self.keychain_works()?;
                let key = DatabaseKey::random()?;
                keychain::set(&self.store, &id, &key, self.patience.key)?;
                let check = file::check(&id, &key);
                let written = self.write_new(&Sidecar::new(id.clone(), Kept::Keychain { check }));
                if written.is_err() {
                    // The entry is under an id that nothing knows; leaving it does no harm.
                    keychain::delete(&self.store, &id, self.patience.key).ok();
                }
                written.map(|()| key)
            }
            Kind::Passphrase => {
                let passphrase = passphrase.ok_or(Error::PassphraseNeeded)?;
                passphrase::acceptable(passphrase)?;
                let key = DatabaseKey::random()?;
                let wrapped = passphrase::wrap(&id, &key, passphrase, self.cost)?;
                self.write_new(&Sidecar::new(id, Kept::Passphrase(wrapped)))?;
                Ok(key)
            }
            Kind::Open => {
                self.write_new(&Sidecar::new(id, Kept::Open))?;
                Ok(DatabaseKey::from_bytes(&SAMPLE_KEY))
            }
        }
    }

    /// The key of the database that is there. `passphrase` is looked at where the key is wrapped by
    /// one. Never makes a key: where there is none it says so.
    pub fn unlock(&self, passphrase: Option<&SecretString>) -> Result<DatabaseKey, Error> {
        let Sidecar { id, kept, .. } = self.read()?.ok_or(Error::NothingThere)?;
        match kept {
            Kept::Keychain { check } => {
                let key = match keychain::get(&self.store, &id, self.patience.key) {
                    Err(Error::KeyMissing) => {
                        // A locked keychain answers "no entry" too: only one that works may say so.
                        self.keychain_works()?;
                        return Err(Error::KeyMissing);
                    }
                    answer => answer?,
                };
                if file::check(&id, &key) == check { Ok(key) } else { Err(Error::KeyForeign) }
            }
            Kept::Passphrase(wrapped) => {
                let passphrase = passphrase.ok_or(Error::PassphraseNeeded)?;
                passphrase::unwrap(&id, &wrapped, passphrase)
            }
            Kept::Open => Ok(DatabaseKey::from_bytes(&SAMPLE_KEY)),
        }
    }

    /// Wraps the same key by another passphrase. Until the new file is in place the old passphrase
    /// opens the database, afterwards only the new one does.
    pub fn change_passphrase(&self, old: &SecretString, new: &SecretString) -> Result<(), Error> {
        let Sidecar { id, kept, .. } = self.read()?.ok_or(Error::NothingThere)?;
        let Kept::Passphrase(wrapped) = kept else { return Err(Error::NoPassphrase) };
        passphrase::acceptable(new)?;
        let key = passphrase::unwrap(&id, &wrapped, old)?;
        let wrapped = passphrase::wrap(&id, &key, new, self.cost)?;
        file::replace(&self.file(), &Sidecar::new(id, Kept::Passphrase(wrapped)))
    }

    /// Forgets the key for good: the keychain's entry, then `vault.json`. For the person who deletes
    /// everything, after the database itself is deleted. Where there is no key, does nothing.
    pub fn forget(&self) -> Result<(), Error> {
        let Some(Sidecar { id, kept, .. }) = file::read(&self.file())? else { return Ok(()) };
        if let Kept::Keychain { .. } = kept {
            keychain::delete(&self.store, &id, self.patience.key)?;
        }
        file::remove(&self.file())
    }

    /// The sidecar, `None` where there is neither it nor a database.
    fn read(&self) -> Result<Option<Sidecar>, Error> {
        let sidecar = file::read(&self.file())?;
        if sidecar.is_none() && self.database_exists() {
            return Err(Error::FileMissing);
        }
        Ok(sidecar)
    }

    fn write_new(&self, sidecar: &Sidecar) -> Result<(), Error> {
        if let Some(folder) = self.database.parent() {
            create_private_folder(folder).map_err(|source| Error::FileNotWritten { source })?;
        }
        file::write_new(&self.file(), sidecar)
    }

    fn file(&self) -> PathBuf {
        self.database.with_file_name(FILE_NAME)
    }

    /// Whether there is a database. SQLite leaves an empty file where it was stopped before its
    /// first page; that is none. What cannot be looked at counts as one.
    fn database_exists(&self) -> bool {
        match fs::metadata(&self.database) {
            Ok(metadata) => metadata.len() > 0,
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").field("database", &self.database).finish_non_exhaustive()
    }
}

/// Why a key could not be made, had, changed or forgotten. Each text is for the person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The keychain works and has no entry for the database that is here.
    #[error(
        "This computer's keychain has no key for the records kept here, so they stay locked. \
         Nothing was changed or deleted. If the keychain or your user account was replaced or reset, \
         bring the old one back; otherwise move this data folder aside and connect to OnPatient again \
         to copy your records anew."
    )]
    KeyMissing,
    /// The keychain's entry is not the key of this database.
    #[error(
        "The key in this computer's keychain belongs to other records than the ones kept here, so \
         they stay locked. Nothing was changed or deleted. If you copied this data folder from \
         somewhere, open it where it came from; otherwise move it aside and connect to OnPatient \
         again."
    )]
    KeyForeign,
    /// There is a database and no `vault.json`.
    #[error(
        "Your records are here, but the file \"vault.json\" that says where their key is kept is \
         missing, so they stay locked. Nothing was changed or deleted. Put the file back from a copy \
         of this data folder; otherwise move the folder aside and connect to OnPatient again."
    )]
    FileMissing,
    /// `vault.json` cannot be understood.
    #[error(
        "The file \"vault.json\", which says where the key of your records is kept, is damaged \
         ({what}), so they stay locked. Nothing was changed or deleted. Put the file back from a \
         copy of this data folder; otherwise move the folder aside and connect to OnPatient again."
    )]
    FileDamaged {
        /// What about it is wrong, in a few words.
        what: String,
    },
    /// `vault.json` is of a version that came after this one.
    #[error(
        "These records were kept by a newer Onhand than this one. They are safe and unchanged. \
         Install the newest Onhand to open them."
    )]
    FileNewer,
    /// `vault.json` cannot be read.
    #[error(
        "The file \"vault.json\", which says where the key of your records is kept, could not be \
         read ({source}). Nothing was changed. Check that the data folder belongs to you, then try \
         again."
    )]
    FileNotRead {
        /// What the system said.
        source: io::Error,
    },
    /// `vault.json` cannot be written or removed.
    #[error(
        "The file \"vault.json\" in the data folder could not be written ({source}). What was there \
         before is unchanged. Check that there is room on the disk and that the folder belongs to \
         you, then try again."
    )]
    FileNotWritten {
        /// What the system said.
        source: io::Error,
    },
    /// [`Vault::create`] where a key is kept.
    #[error(
        "There are records here already, with a key of their own; no other key was made. Open them, \
         or choose another data folder."
    )]
    AlreadyThere,
    /// [`Vault::unlock`] where nothing is kept.
    #[error("There are no records here yet. Connect to OnPatient first.")]
    NothingThere,
    /// The system has no keychain.
    #[error(
        "This computer has no keychain that Onhand could keep the key of your records in. Choose a \
         passphrase instead."
    )]
    NoKeychain {
        /// What the keychain's library said, for a report.
        detail: String,
    },
    /// The system's keychain is locked, or the person did not allow Onhand to use it.
    #[error(
        "This computer's keychain is locked, or does not let Onhand in. Nothing was changed. Unlock \
         it (signing out of the computer and in again often does), allow Onhand when you are asked, \
         and try again."
    )]
    KeychainLocked {
        /// What the keychain's library said, for a report.
        detail: String,
    },
    /// The keychain gave no answer in time.
    #[error(
        "This computer's keychain gave no answer within {} seconds. Nothing was changed. If a window \
         asks for a password, it may be behind this one: answer it and try again.", .after.as_secs()
    )]
    KeychainTimedOut {
        /// How long it was waited for.
        after: Duration,
    },
    /// The keychain took an entry and gave back another, or none.
    #[error(
        "This computer's keychain does not give back what it was given, so the key of your records \
         would not be safe in it. Nothing was kept in it. Choose a passphrase instead."
    )]
    KeychainForgets,
    /// The keychain answered with an error of its own.
    #[error(
        "This computer's keychain answered with an error ({detail}). Nothing was changed. Try again; \
         if it goes on, restart the computer."
    )]
    KeychainFailed {
        /// What the keychain's library said.
        detail: String,
    },
    /// The key is wrapped by a passphrase and none was given.
    #[error("These records are locked by a passphrase. Enter it to open them.")]
    PassphraseNeeded,
    /// Not the passphrase, or a wrapped key that was altered; the two cannot be told apart.
    #[error(
        "This passphrase does not open your records. They are safe and unchanged. Check capital \
         letters and the keyboard's language, and try again."
    )]
    WrongPassphrase,
    /// A new passphrase with too few characters.
    #[error("A passphrase needs at least {MIN_PASSPHRASE_CHARS} characters. A few words are best.")]
    PassphraseTooShort,
    /// [`Vault::change_passphrase`] where there is none.
    #[error("These records are not locked by a passphrase, so there is none to change.")]
    NoPassphrase,
    /// Not enough memory for the key derivation.
    #[error(
        "There is not enough free memory to check the passphrase. Nothing was changed. Close other \
         programs and try again."
    )]
    NotEnoughMemory,
    /// The system's random source failed.
    #[error(
        "This computer gave no random numbers, so no safe key could be made and nothing was kept. \
         Restart the computer and try again."
    )]
    NoRandomness,
}

impl Error {
    /// Whether there is no keychain that could be used, so that a passphrase is the other way.
    pub fn lacks_keychain(&self) -> bool {
        matches!(
            self,
            Error::NoKeychain { .. }
                | Error::KeychainLocked { .. }
                | Error::KeychainTimedOut { .. }
                | Error::KeychainForgets
                | Error::KeychainFailed { .. }
        )
    }
}

#[cfg(unix)]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests;
