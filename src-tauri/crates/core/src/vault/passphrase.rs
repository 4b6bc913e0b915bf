//! A key wrapped by a passphrase: Argon2id makes a wrapping key of the passphrase,
//! XChaCha20-Poly1305 wraps the database's key with it.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, prelude::BASE64_STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{DatabaseKey, Error, MIN_PASSPHRASE_CHARS, file};

/// What Argon2id (RFC 9106) is to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Default for Cost {
    fn default() -> Cost {
        Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

impl Cost {
    /// The most that is read from a file: an altered one must not make this computer work for hours
    /// or fill its memory.
    const MOST: Cost = Cost { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };

    /// The least that Argon2id takes, for tests that are not about it.
    #[cfg(test)]
    pub(super) const LEAST: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

    fn params(self) -> Result<Params, Error> {
        let within = self.memory_kib <= Cost::MOST.memory_kib
            && self.passes <= Cost::MOST.passes
            && self.lanes <= Cost::MOST.lanes;
        if !within {
            return Err(unreasonable());
        }
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| unreasonable())
    }
}

/// A wrapped key as it stands in `vault.json`; bytes are base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapped {
    argon2id: Cost,
    salt: String,
    nonce: String,
    wrapped_key: String,
}

impl Wrapped {
    /// Refuses what no Onhand ever wrote, before a passphrase is asked for.
    pub(super) fn refuse_unreasonable(&self) -> Result<(), Error> {
        self.argon2id.params()?;
        bytes::<16>(&self.salt)?;
        bytes::<24>(&self.nonce)?;
        bytes::<48>(&self.wrapped_key)?;
        Ok(())
    }
}

/// Whether a new passphrase is long enough: [`Error::PassphraseTooShort`] where it is not.
pub(super) fn acceptable(passphrase: &SecretString) -> Result<(), Error> {
    let chars = passphrase.expose_secret().trim().chars().count();
    if chars < MIN_PASSPHRASE_CHARS { Err(Error::PassphraseTooShort) } else { Ok(()) }
}

/// The key of the database of that id, wrapped.
pub(super) fn wrap(
    id: &str,
    key: &DatabaseKey,
    passphrase: &SecretString,
    cost: Cost,
) -> Result<Wrapped, Error> {
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    getrandom::fill(&mut salt).map_err(|_| Error::NoRandomness)?;
    getrandom::fill(&mut nonce).map_err(|_| Error::NoRandomness)?;
    let aad = associated_data(id, cost, &salt);
    let wrapped = cipher(passphrase, &salt, cost)?
        .encrypt(&nonce.into(), Payload { msg: key.expose(), aad: &aad })
        // Fails for messages of 256 GiB and more only.
        .map_err(|_| Error::NotEnoughMemory)?;
    Ok(Wrapped {
        argon2id: cost,
        salt: BASE64_STANDARD.encode(salt),
        nonce: BASE64_STANDARD.encode(nonce),
        wrapped_key: BASE64_STANDARD.encode(wrapped),
    })
}

/// The key that was wrapped for the database of that id, or [`Error::WrongPassphrase`].
pub(super) fn unwrap(
    id: &str,
    wrapped: &Wrapped,
    passphrase: &SecretString,
) -> Result<DatabaseKey, Error> {
    let salt = bytes::<16>(&wrapped.salt)?;
    let nonce = bytes::<24>(&wrapped.nonce)?;
    let ciphertext = bytes::<48>(&wrapped.wrapped_key)?;
    let aad = associated_data(id, wrapped.argon2id, &salt);
    let key = cipher(passphrase, &salt, wrapped.argon2id)?
        .decrypt(&nonce.into(), Payload { msg: &ciphertext, aad: &aad })
        .map(Zeroizing::new)
        .map_err(|_| Error::WrongPassphrase)?;
    DatabaseKey::from_slice(&key).ok_or(Error::WrongPassphrase)
}

fn cipher(passphrase: &SecretString, salt: &[u8], cost: Cost) -> Result<XChaCha20Poly1305, Error> {
    let mut wrapping_key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.params()?)
        .hash_password_into(passphrase.expose_secret().as_bytes(), salt, wrapping_key.as_mut())
        .map_err(|_| Error::NotEnoughMemory)?;
    XChaCha20Poly1305::new_from_slice(wrapping_key.as_ref()).map_err(|_| Error::NotEnoughMemory)
}

/// What must be as it was when the key was wrapped. Every part has a fixed length, so that no two
/// inputs give the same bytes.
fn associated_data(id: &str, cost: Cost, salt: &[u8; 16]) -> Vec<u8> {
    let mut data = b"onhand vault passphrase\0".to_vec();
    for number in [file::VERSION, cost.memory_kib, cost.passes, cost.lanes] {
        data.extend(number.to_be_bytes());
    }
    data.extend(salt);
    data.extend(id.as_bytes());
    data
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    BASE64_STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| file::damaged("its wrapped key is not whole"))
}

fn unreasonable() -> Error {
    file::damaged("it asks for work that Onhand never asks for")
}
