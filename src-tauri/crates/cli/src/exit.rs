//! How a command ends: a code for scripts and a sentence for people.

use std::process::ExitCode;

use onhand_core::api::{ApiError, ErrorCode};
use serde_json::json;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done and complete.
    Done,
    /// It did not work.
    Failed,
    /// It was asked wrongly.
    Usage,
    /// Some of it was done.
    Partly,
    /// The portal wants a new sign-in first.
    SignInNeeded,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Partly => 3,
            Exit::SignInNeeded => 4,
        })
    }
}

/// Why a command stopped short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    /// As [`ErrorCode`] is written.
    pub(crate) code: String,
    /// What happened and what to do, in sentences.
    pub(crate) message: String,
}

impl Stop {
    pub(crate) fn failed(message: impl Into<String>) -> Stop {
        Stop { exit: Exit::Failed, code: "internal".to_owned(), message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Stop {
        Stop { exit: Exit::Usage, code: "invalid".to_owned(), message: message.into() }
    }

    /// The document that stands on standard output where `--json` was asked for.
    pub(crate) fn document(&self) -> serde_json::Value {
        json!({ "error": { "code": self.code, "message": self.message } })
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Stop {
        let exit = match error.code {
            ErrorCode::Invalid => Exit::Usage,
            ErrorCode::NotConnected | ErrorCode::SessionEnded => Exit::SignInNeeded,
            ErrorCode::Offline
            | ErrorCode::ConsentRefused
            | ErrorCode::Cancelled
            | ErrorCode::Locked
            | ErrorCode::NoKeychain
            | ErrorCode::KeyMissing
            | ErrorCode::DatabaseNewer
            | ErrorCode::DatabaseDamaged
            | ErrorCode::Busy
            | ErrorCode::NotFound
            | ErrorCode::Internal => Exit::Failed,
        };
        let code = serde_json::to_value(error.code)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default();
        Stop { exit, code, message: error.message }
    }
}
