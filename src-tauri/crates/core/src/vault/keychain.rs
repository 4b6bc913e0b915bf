//! The system's keychain, each question on a thread of its own and with a limit on its time.
//!
//! An own thread, because a keychain may wait for the person, may never answer, and on Linux may
//! start an async runtime, which panics on a thread that has one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::{Zeroize, Zeroizing};

use super::{DatabaseKey, Error};

/// The service under which every entry of Onhand stands.
const SERVICE: &str = "onhand";

/// Where short texts are kept under an account's name. The system's keychain is one.
pub trait KeyStore: Send + Sync + 'static {
    /// Keeps the text under that account, in the place of any other.
    fn set(&self, account: &str, text: &str) -> Result<(), StoreError>;
    /// The text under that account.
    fn get(&self, account: &str) -> Result<Zeroizing<String>, StoreError>;
    /// Removes the text under that account.
    fn delete(&self, account: &str) -> Result<(), StoreError>;
}

/// Why a [`KeyStore`] did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is nothing under that account, or it says so.
    #[error("no entry")]
    NoEntry,
    /// There is no such store on this system.
    #[error("no store: {0}")]
    Absent(String),
    /// It is locked, or the person did not allow it.
    #[error("no access: {0}")]
    Locked(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// The keychain of macOS, the Credential Manager of Windows, the Secret Service of Linux.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keychain;

impl KeyStore for Keychain {
    fn set(&self, account: &str, text: &str) -> Result<(), StoreError> {
        // `set_secret` rather than `set_password`: Windows would double it to UTF-16.
        entry(account)?.set_secret(text.as_bytes()).map_err(store_error)
    }

    fn get(&self, account: &str) -> Result<Zeroizing<String>, StoreError> {
        let secret = entry(account)?.get_secret().map_err(store_error)?;
        String::from_utf8(secret).map(Zeroizing::new).map_err(|error| {
            error.into_bytes().zeroize();
            StoreError::Failed("the entry is not text".to_owned())
        })
    }

    fn delete(&self, account: &str) -> Result<(), StoreError> {
        entry(account)?.delete_credential().map_err(store_error)
    }
}

/// A store that lasts as long as the program, for tests.
#[derive(Debug, Default)]
pub struct MemoryStore {
    entries: Mutex<BTreeMap<String, Zeroizing<String>>>,
}

impl MemoryStore {
    /// Removes every entry, as a keychain that was reset.
    pub fn clear(&self) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The accounts that have an entry.
    pub fn accounts(&self) -> Vec<String> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl KeyStore for MemoryStore {
    fn set(&self, account: &str, text: &str) -> Result<(), StoreError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(account.to_owned(), Zeroizing::new(text.to_owned()));
        Ok(())
    }

    fn get(&self, account: &str) -> Result<Zeroizing<String>, StoreError> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(account).cloned().ok_or(StoreError::NoEntry)
    }

    fn delete(&self, account: &str) -> Result<(), StoreError> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(account).map(|_| ()).ok_or(StoreError::NoEntry)
    }
}

/// Keeps the key under that database's id and reads it back: [`Error::KeychainForgets`] where it is
/// another one.
pub(super) fn set(
    store: &Arc<dyn KeyStore>,
    id: &str,
    key: &DatabaseKey,
    patience: Duration,
) -> Result<(), Error> {
    let text = Zeroizing::new(BASE64_STANDARD.encode(key.expose()));
    let account = id.to_owned();
    within(patience, store, move |store| {
        store.set(&account, &text).map_err(error)?;
        match store.get(&account) {
            Ok(read) if read == text => Ok(()),
            Ok(_) | Err(StoreError::NoEntry) => Err(Error::KeychainForgets),
            Err(other) => Err(error(other)),
        }
    })
}

/// The key under that database's id; [`Error::KeyMissing`] where the store says there is none.
pub(super) fn get(
    store: &Arc<dyn KeyStore>,
    id: &str,
    patience: Duration,
) -> Result<DatabaseKey, Error> {
    let account = id.to_owned();
    within(patience, store, move |store| {
        let text = store.get(&account).map_err(error)?;
        let bytes = BASE64_STANDARD.decode(text.trim()).map(Zeroizing::new);
        bytes.ok().and_then(|bytes| DatabaseKey::from_slice(&bytes)).ok_or(Error::KeyForeign)
    })
}

/// Removes the key under that database's id; none is as good as one removed.
pub(super) fn delete(store: &Arc<dyn KeyStore>, id: &str, patience: Duration) -> Result<(), Error> {
    let account = id.to_owned();
    within(patience, store, move |store| match store.delete(&account) {
        Ok(()) | Err(StoreError::NoEntry) => Ok(()),
        Err(other) => Err(error(other)),
    })
}

/// Writes a random entry, reads it back and deletes it.
pub(super) fn probe(store: &Arc<dyn KeyStore>, patience: Duration) -> Result<(), Error> {
    let account = format!("probe-{}", super::file::random_id()?);
    let text = super::file::random_id()?;
    within(patience, store, move |store| {
        store.set(&account, &text).map_err(error)?;
        let read = store.get(&account);
        let deleted = store.delete(&account);
        match read {
            Ok(read) if *read == text => deleted.map_err(error),
            Ok(_) | Err(StoreError::NoEntry) => Err(Error::KeychainForgets),
            Err(other) => Err(error(other)),
        }
    })
}

/// Asks on a thread of its own. A question that is not answered in time is left to itself: nothing
/// can end a thread, and its answer, should it ever come, goes nowhere.
fn within<T: Send + 'static>(
    patience: Duration,
    store: &Arc<dyn KeyStore>,
    question: impl FnOnce(&dyn KeyStore) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let store = Arc::clone(store);
    let (answered, answer) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // The receiver is gone where it was waited for too long.
            answered.send(question(store.as_ref())).ok();
        })
        .map_err(|error| Error::KeychainFailed { detail: error.to_string() })?;
    answer.recv_timeout(patience).unwrap_or_else(|error| {
        Err(match error {
            mpsc::RecvTimeoutError::Timeout => Error::KeychainTimedOut { after: patience },
            mpsc::RecvTimeoutError::Disconnected => {
                Error::KeychainFailed { detail: "it stopped while it was asked".to_owned() }
            }
        })
    })
}

fn error(error: StoreError) -> Error {
    match error {
        StoreError::NoEntry => Error::KeyMissing,
        StoreError::Absent(detail) => Error::NoKeychain { detail },
        StoreError::Locked(detail) => Error::KeychainLocked { detail },
        StoreError::Failed(detail) => Error::KeychainFailed { detail },
    }
}

#[cfg(not(windows))]
fn entry(account: &str) -> Result<keyring::Entry, StoreError> {
    keyring::Entry::new(SERVICE, account).map_err(store_error)
}

/// On this computer only: by default Windows lets entries roam through the company's domain.
#[cfg(windows)]
fn entry(account: &str) -> Result<keyring_core::Entry, StoreError> {
    if keyring::Entry::store_status().is_err() {
        return Err(store_error(keyring::Error::NoDefaultStore));
    }
    let local = std::collections::HashMap::from([("persistence", "Local")]);
    keyring_core::Entry::new_with_modifiers(SERVICE, account, &local).map_err(store_error)
}

fn store_error(error: keyring::Error) -> StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "keyring's error may grow, and all the others are the same to us"
    )]
    match error {
        keyring::Error::NoEntry => StoreError::NoEntry,
        keyring::Error::NoStorageAccess(_) => StoreError::Locked(error.to_string()),
        keyring::Error::NoDefaultStore => StoreError::Absent(
            keyring::Entry::store_status()
                .as_ref()
                .err()
                .map_or_else(|| error.to_string(), ToString::to_string),
        ),
        // These carry what was stored; only their names may be told.
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
            StoreError::Failed("the entry is not what was stored".to_owned())
        }
        other => StoreError::Failed(other.to_string()),
    }
}
