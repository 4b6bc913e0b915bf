//! `vault.json`: what stands in it, and how it is read and written whole or not at all.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{DatabaseKey, Error, passphrase::Wrapped};

/// The version of `vault.json` that this program writes, and the newest it reads.
pub(super) const VERSION: u32 = 1;

/// More than any `vault.json` ever has, in bytes.
const MAX_LENGTH: u64 = 16 * 1024;

/// What `vault.json` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sidecar {
    version: u32,
    /// The database's own random id, 32 hexadecimal digits; the keychain's account.
    pub(super) id: String,
    pub(super) kept: Kept,
}

/// How the key is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Kept {
    /// In the keychain. `check` tells the right key from a foreign one without opening the database.
    Keychain { check: String },
    /// Here, wrapped.
    Passphrase(Wrapped),
    /// Nowhere; it is the published one.
    Open,
}

impl Sidecar {
    pub(super) fn new(id: String, kept: Kept) -> Sidecar {
        Sidecar { version: VERSION, id, kept }
    }
}

/// A new id: 128 random bits as 32 hexadecimal digits.
pub(super) fn random_id() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(hex(&bytes))
}

/// A fingerprint of that database's key. The key is 256 random bits, so that its hash gives nothing
/// of it away.
pub(super) fn check(id: &str, key: &DatabaseKey) -> String {
    let digest = Sha256::new()
        .chain_update(b"onhand vault key check\0")
        .chain_update(id.as_bytes())
        .chain_update(key.expose())
        .finalize();
    hex(&digest)
}

/// What stands in the file, `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Sidecar>, Error> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::FileNotRead { source }),
    };
    let mut text = Vec::new();
    file.take(MAX_LENGTH + 1)
        .read_to_end(&mut text)
        .map_err(|source| Error::FileNotRead { source })?;
    if text.len() as u64 > MAX_LENGTH {
        return Err(damaged("it is far too long"));
    }
    parse(&text).map(Some)
}

/// Writes the file where there is none; [`Error::AlreadyThere`] where another one was quicker.
pub(super) fn write_new(path: &Path, sidecar: &Sidecar) -> Result<(), Error> {
    let written = written_beside(path, sidecar)?;
    written.persist_noclobber(path).map_err(|error| {
        if error.error.kind() == io::ErrorKind::AlreadyExists {
            Error::AlreadyThere
        } else {
            Error::FileNotWritten { source: error.error }
        }
    })?;
    sync_folder_of(path)
}

/// Puts another file in the place of the one that is there.
pub(super) fn replace(path: &Path, sidecar: &Sidecar) -> Result<(), Error> {
    let written = written_beside(path, sidecar)?;
    written.persist(path).map_err(|error| Error::FileNotWritten { source: error.error })?;
    sync_folder_of(path)
}

/// Removes the file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::FileNotWritten { source: error })
        }
        _ => sync_folder_of(path),
    }
}

fn parse(text: &[u8]) -> Result<Sidecar, Error> {
    /// The version alone: a newer file may be of any other shape.
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }

    let not_ours = |_| damaged("it is not what Onhand writes");
    let Versioned { version } = serde_json::from_slice(text).map_err(not_ours)?;
    if version > VERSION {
        return Err(Error::FileNewer);
    }
    let sidecar: Sidecar = serde_json::from_slice(text).map_err(not_ours)?;
    if sidecar.version != VERSION {
        return Err(damaged("its version is not a known one"));
    }
    if sidecar.id.len() != 32 || !sidecar.id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(damaged("its id is not an id"));
    }
    if let Kept::Passphrase(wrapped) = &sidecar.kept {
        wrapped.refuse_unreasonable()?;
    }
    Ok(sidecar)
}

pub(super) fn damaged(what: &str) -> Error {
    Error::FileDamaged { what: what.to_owned() }
}

/// The sidecar in a file of another name in the same folder, on the disk, for the owner alone.
fn written_beside(path: &Path, sidecar: &Sidecar) -> Result<tempfile::NamedTempFile, Error> {
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        // Made with mode 0600 on Unix.
        let mut file = tempfile::Builder::new().prefix(".vault-").tempfile_in(folder)?;
        serde_json::to_writer_pretty(&mut file, sidecar)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|source| Error::FileNotWritten { source })
}

/// Makes a rename in that file's folder outlast a power cut.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| Error::FileNotWritten { source })
}

/// Windows journals its folders and lets no one open them as files.
#[cfg(not(unix))]
fn sync_folder_of(_path: &Path) -> Result<(), Error> {
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
