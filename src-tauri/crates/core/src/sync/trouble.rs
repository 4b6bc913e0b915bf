//! Why something did not come, in words: a sentence, a few words for a headline, and what to do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fhir::bundle;
use crate::onpatient::client;

/// Why a type is not complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trouble {
    /// A sentence.
    pub(super) reason: String,
    /// A few words.
    pub(super) cause: String,
    /// What the person can do, as a sentence.
    pub(super) hint: Option<String>,
}

const LATER: &str = "Try again in a while. If it stays so, tell your practice.";
/// What to do about a cause that another try will not remove.
pub(super) const SUPPORT: &str =
    "Trying again will hardly help. Tell your practice or the portal's support what stands here.";

impl Trouble {
    fn new(reason: impl Into<String>, cause: &str, hint: &str) -> Trouble {
        Trouble { reason: reason.into(), cause: cause.to_owned(), hint: Some(hint.to_owned()) }
    }

    /// A read brought nothing; an OperationOutcome's own words where one came with it.
    pub(super) fn of(error: &client::Error) -> Trouble {
        use client::Error as E;
        let (cause, hint) = match error {
            E::Offline => ("not reached", LATER),
            E::TimedOut => ("no answer in time", LATER),
            E::Interrupted | E::CutOff(_) => ("connection broke off", LATER),
            E::Certificate => ("its certificate is not trusted", LATER),
            E::ForeignAddress { .. } => ("it pointed to another address", SUPPORT),
            E::TooManyRedirects => ("redirects without end", SUPPORT),
            E::TooLarge { .. } => ("answer too large", SUPPORT),
            E::Unauthorized => ("sign-in not accepted", LATER),
            E::Status { code: 429, .. } => ("too many requests", LATER),
            E::Status { code: 500..=599, .. } => ("server error", LATER),
            E::Status { code: 403 | 404, .. } => ("refused", SUPPORT),
            E::Status { .. } => ("error answer", LATER),
            E::LogInPage => ("log-in page", LATER),
            E::Html => ("web page instead of data", LATER),
            E::NotSetUp => ("not set up", SUPPORT),
        };
        let mut reason = error.to_string();
        if let E::Status { body, .. } = error
            && let Some(outcome) = bundle::read_outcome(&body.0)
            && !outcome.text.trim().is_empty()
        {
            reason = format!("{error} It says: {}", outcome.text.trim());
        }
        Trouble::new(reason, cause, hint)
    }

    pub(super) fn foreign_page(origin: &str) -> Trouble {
        Trouble::new(
            format!(
                "The portal's next page lies at another address ({origin}). Nothing was sent there."
            ),
            "it pointed to another address",
            SUPPORT,
        )
    }

    pub(super) fn unreadable_address() -> Trouble {
        Trouble::new(
            "The address of the portal's next page cannot be read.",
            "unreadable address",
            SUPPORT,
        )
    }

    pub(super) fn circle() -> Trouble {
        Trouble::new(
            "The portal's pages lead back to one that was read already.",
            "pages in a circle",
            SUPPORT,
        )
    }

    pub(super) fn torn() -> Trouble {
        Trouble::new("The portal's answer broke off in the middle.", "answer broke off", LATER)
    }

    pub(super) fn empty() -> Trouble {
        Trouble::new("The portal's answer was empty.", "empty answer", LATER)
    }

    pub(super) fn not_understood() -> Trouble {
        Trouble::new("The portal's answer could not be understood.", "unreadable answer", LATER)
    }

    pub(super) fn said(text: &str) -> Trouble {
        if text.trim().is_empty() {
            return Trouble::not_understood();
        }
        Trouble::new(format!("The portal says: {}", text.trim()), "error answer", LATER)
    }

    pub(super) fn counts_differ(promised: u64, received: u64, times: u32) -> Trouble {
        let twice = if times > 1 { ", twice in a row" } else { "" };
        Trouble::new(
            format!("The portal counted {promised} and handed over {received}{twice}."),
            "its count does not agree",
            "Try again later. If the numbers still differ, ask your practice what is missing.",
        )
    }

    pub(super) fn refused() -> Trouble {
        Trouble::new(
            "The portal gave these before and refuses them now. Those copied earlier are kept.",
            "refused",
            "Ask your practice whether it still releases these.",
        )
    }

    pub(super) fn some_refused() -> Trouble {
        Trouble::new(
            "The portal would not give all of them.",
            "some refused",
            "Ask your practice whether it releases these.",
        )
    }
}

/// Why a whole sync stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The person stopped it.
    Person,
    /// The sign-in ended; the sentence says so.
    SignIn(String),
    /// No more requests until then.
    Until(Timestamp),
    /// The portal could not be reached any more.
    Unreachable,
}

impl Stop {
    pub(super) fn trouble(&self) -> Trouble {
        let (reason, cause) = match self {
            Stop::Person => (
                "You stopped it. What has arrived is kept, and the next time it goes on from there.",
                "you stopped it",
            ),
            Stop::SignIn(reason) => (reason.as_str(), "your portal asks you to sign in again"),
            Stop::Until(_) => (
                "Onhand asks a portal only so many times an hour, and that many are spent. What has \
                 arrived is kept, and it goes on from there later.",
                "it goes on later, as the hour's requests are spent",
            ),
            Stop::Unreachable => (
                "The portal could not be reached any more. What has arrived is kept, and the next \
                 time it goes on from there.",
                "your portal could not be reached any more",
            ),
        };
        Trouble { reason: reason.to_owned(), cause: cause.to_owned(), hint: None }
    }

    /// When it can go on.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Stop::Until(until) => Some(*until),
            Stop::Person | Stop::SignIn(_) | Stop::Unreachable => None,
        }
    }
}
