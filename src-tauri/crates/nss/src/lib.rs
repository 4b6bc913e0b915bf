//! Trust in browsers' NSS databases (Chromium's and Firefox's on Linux) through libnss3 itself.
//!
//! NSS keeps one database open for a whole process, so each piece of work runs in a child: the host
//! starts itself with `nss-helper`, hands it one [`Request`] as JSON on standard input and reads one
//! [`Answer`] from standard output. The child is [`helper_main`].
//!
//! A database is made only where the request says so; one with a primary password is left untouched.

#![cfg_attr(
    unix,
    expect(
        unsafe_code,
        reason = "libnss3 is a C library; this crate exists to be its only caller"
    )
)]

#[cfg(unix)]
mod library;

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[cfg(unix)]
pub use library::carry_out;

/// The argument with which a host starts itself as this helper.
pub const HELPER_ARGUMENT: &str = "nss-helper";

/// A request is some certificates of about 500 bytes each; more than this is not one.
const MAX_REQUEST: u64 = 1024 * 1024;

/// One piece of work in one database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The folder that holds `cert9.db`.
    pub database: PathBuf,
    /// What to do there.
    pub work: Work,
}

/// What can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Puts certificates in, trusted as TLS servers (`CP,,`), and checks that they are.
    Add {
        /// The certificates.
        certificates: Vec<Named>,
        /// Whether to make the database (mode 0700, no password) where there is none.
        create: bool,
    },
    /// Takes out exactly these certificates (DER); one that is not there is no failure.
    Remove {
        /// The certificates.
        certificates: Vec<Vec<u8>>,
    },
    /// Lists the certificates whose nickname begins with this.
    List {
        /// The beginning.
        prefix: String,
    },
}

/// A certificate and the nickname it goes by in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The nickname.
    pub nickname: String,
    /// The certificate.
    pub der: Vec<u8>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Done.
    Done,
    /// What [`Work::List`] found.
    Listed(Vec<Named>),
    /// It was not done, and nothing was left behind.
    Failed(Failure),
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// libnss3 is not installed, or lacks a function.
    #[error("the NSS library (libnss3) is not available on this computer")]
    NoLibrary,
    /// There is no database, and none was to be made.
    #[error("there is no certificate database in this place")]
    NoDatabase,
    /// It is guarded by a primary password.
    #[error("the browser's certificate database has a primary password")]
    HasPassword,
    /// The request could not be read.
    #[error("the request to the NSS helper could not be read")]
    BadRequest,
    /// A call of NSS failed with this error code (`PORT_GetError`).
    #[error("{call} failed with NSS error {code}")]
    Call {
        /// The function.
        call: String,
        /// The code.
        code: i32,
    },
}

/// Browsers elsewhere use the system's own store.
#[cfg(not(unix))]
#[must_use]
pub fn carry_out(_: &Request) -> Answer {
    Answer::Failed(Failure::NoLibrary)
}

/// The whole of the child: reads one request from standard input, writes one answer to standard
/// output. It fails only when the answer cannot be written.
#[must_use]
pub fn helper_main() -> ExitCode {
    let mut input = Vec::new();
    let answer = match io::stdin().take(MAX_REQUEST).read_to_end(&mut input) {
        Ok(_) => match serde_json::from_slice(&input) {
            Ok(request) => carry_out(&request),
            Err(_) => Answer::Failed(Failure::BadRequest),
        },
        Err(_) => Answer::Failed(Failure::BadRequest),
    };
    match serde_json::to_vec(&answer).map(|answer| io::stdout().write_all(&answer)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}
