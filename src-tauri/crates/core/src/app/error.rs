//! What can go wrong, and what the UI does about it.

use super::connect::NoWindow;
use crate::api::{ApiError, ErrorCode};
use crate::onpatient::{browser, callback, client, oauth, portal, sign_in};
use crate::{store, sync, vault};

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no database yet.
    #[error("There are no records here yet. Connect to OnPatient first.")]
    NoDatabase,
    /// The database cannot be opened; the text says why.
    #[error("{0}")]
    Unavailable(String),
    /// The input will not do; the text says why.
    #[error("{0}")]
    Invalid(String),
    /// The account was disconnected; its id and secret are forgotten.
    #[error(
        "You disconnected this portal, so its id and secret were forgotten. Your records are still \
         here; to copy again, connect anew."
    )]
    Disconnected,
    /// There is no account of that number.
    #[error("There is no such connection.")]
    NoAccount,
    /// There is no sign-in to answer.
    #[error("There is no sign-in waiting for an answer. Connect again.")]
    NothingToConfirm,
    /// There is no sign-in that waits for the portal's answer.
    #[error("There is no sign-in to go on with. Connect again.")]
    NothingToGoOnWith,
    /// The address is not the portal's answer to this sign-in.
    #[error(transparent)]
    Paste(#[from] callback::PasteError),
    /// There is no window to sign in inside the app.
    #[error(transparent)]
    NoWindow(#[from] NoWindow),
    /// Another sync of this data folder is running.
    #[error("Onhand is already copying your records.")]
    AlreadySyncing,
    /// A task ended before its time.
    #[error("Something stopped Onhand in the middle of this. Try again.")]
    Stopped,
    /// The portal's address will not do.
    #[error(transparent)]
    Portal(#[from] portal::Error),
    /// No browser opened.
    #[error(transparent)]
    Browser(#[from] browser::Error),
    /// The sign-in brought nothing.
    #[error(transparent)]
    SignIn(#[from] sign_in::Error),
    /// The sync brought nothing.
    #[error(transparent)]
    Sync(#[from] sync::Error),
    /// The database did not do its work.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The vault did not do its work.
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

impl Error {
    /// What the UI does about it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Error::NoDatabase | Error::Disconnected => ErrorCode::NotConnected,
            Error::Unavailable(_) | Error::Stopped | Error::Browser(_) | Error::NoWindow(_) => {
                ErrorCode::Internal
            }
            Error::Invalid(_) | Error::Portal(_) | Error::Paste(_) => ErrorCode::Invalid,
            Error::NoAccount | Error::NothingToConfirm | Error::NothingToGoOnWith => {
                ErrorCode::NotFound
            }
            Error::AlreadySyncing => ErrorCode::Busy,
            Error::SignIn(error) => match error {
                sign_in::Error::Cancelled => ErrorCode::Cancelled,
                sign_in::Error::OAuth(error) => oauth_code(error),
                sign_in::Error::TimedOut
                | sign_in::Error::Certificate(_)
                | sign_in::Error::Listener(_) => ErrorCode::Internal,
            },
            Error::Sync(error) => match error {
                sync::Error::Session(sync::SessionError::Portal(error)) => oauth_code(error),
                sync::Error::Session(sync::SessionError::Ended) => ErrorCode::SessionEnded,
                sync::Error::Session(sync::SessionError::NotSignedIn) => ErrorCode::SessionEnded,
                sync::Error::Session(sync::SessionError::Store(error)) => store_code(error),
                sync::Error::Portal(client::Error::Offline | client::Error::TimedOut) => {
                    ErrorCode::Offline
                }
                sync::Error::Portal(client::Error::Unauthorized) => ErrorCode::SessionEnded,
                sync::Error::Store(error) => store_code(error),
                sync::Error::Stopped => ErrorCode::Cancelled,
                sync::Error::Portal(_)
                | sync::Error::NoPatient
                | sync::Error::Spent { .. }
                | sync::Error::Pause { .. } => ErrorCode::Internal,
            },
            Error::Store(error) => store_code(error),
            Error::Vault(error) => vault_code(error),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        ApiError { code: error.code(), message: error.to_string() }
    }
}

fn oauth_code(error: &oauth::Error) -> ErrorCode {
    match error {
        oauth::Error::WrongSecret => ErrorCode::Invalid,
        oauth::Error::RefreshRefused => ErrorCode::SessionEnded,
        oauth::Error::ConsentRefused => ErrorCode::ConsentRefused,
        oauth::Error::Offline | oauth::Error::TimedOut => ErrorCode::Offline,
        oauth::Error::CodeRefused
        | oauth::Error::Refused { .. }
        | oauth::Error::Certificate
        | oauth::Error::Html
        | oauth::Error::Server(_)
        | oauth::Error::Redirected
        | oauth::Error::NotUnderstood
        | oauth::Error::NotSetUp
        | oauth::Error::BadRedirect(_) => ErrorCode::Internal,
    }
}

fn store_code(error: &store::Error) -> ErrorCode {
    match error {
        store::Error::Damaged => ErrorCode::DatabaseDamaged,
        store::Error::Newer => ErrorCode::DatabaseNewer,
        store::Error::Busy => ErrorCode::Busy,
        store::Error::NotFound | store::Error::NoFile(_) => ErrorCode::NotFound,
        store::Error::TooLong | store::Error::TooMany | store::Error::Named => ErrorCode::Invalid,
        store::Error::DiskFull
        | store::Error::NotWritten
        | store::Error::Unreachable
        | store::Error::Unexpected(_)
        | store::Error::Sqlite(_) => ErrorCode::Internal,
    }
}

fn vault_code(error: &vault::Error) -> ErrorCode {
    if error.lacks_keychain() {
        return ErrorCode::NoKeychain;
    }
    if matches!(error, vault::Error::KeyMissing | vault::Error::KeyForeign) {
        return ErrorCode::KeyMissing;
    }
    if matches!(error, vault::Error::WrongPassphrase | vault::Error::PassphraseNeeded) {
        return ErrorCode::Locked;
    }
    if matches!(error, vault::Error::PassphraseTooShort) {
        return ErrorCode::Invalid;
    }
    ErrorCode::Internal
}
