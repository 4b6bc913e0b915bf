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

/// What holds of a run that was stopped.
const GOES_ON: &str = "What has arrived is kept, and a copy within a day goes on from there.";
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

/// `1 minute`, `15 minutes`.
pub(super) fn in_minutes(n: i64) -> String {
    if n == 1 { "1 minute".to_owned() } else { format!("{n} minutes") }
}

/// Why a whole sync stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The person stopped it.
    Person,
    /// The sign-in ended; the sentence says so.
    SignIn(String),
    /// The hour's requests are spent; more from then on.
    Spent(Timestamp),
    /// The portal asks for a pause of so many minutes, until then.
    Pause(Timestamp, i64),
    /// The portal could not be reached any more.
    Unreachable,
}

impl Stop {
    pub(super) fn trouble(&self) -> Trouble {
        let (reason, cause) = match self {
            Stop::Person => (
                format!("You stopped it. {GOES_ON}"),
                "you stopped it",
            ),
            Stop::SignIn(reason) => (reason.clone(), "your portal asks you to sign in again"),
            Stop::Spent(_) => (
                "Onhand asks a portal only so many times an hour, and that many are spent. What has \
                 arrived is kept; it goes on by itself when it may ask again."
                    .to_owned(),
                "it goes on later, as the hour's requests are spent",
            ),
            Stop::Pause(_, minutes) => (
                format!(
                    "The portal asks for a pause of {}. What has arrived is kept; it goes on by \
                     itself then.",
                    in_minutes(*minutes)
                ),
                "your portal asks for a pause",
            ),
            Stop::Unreachable => (
                format!("The portal could not be reached any more. {GOES_ON}"),
                "your portal could not be reached any more",
            ),
        };
        Trouble { reason, cause: cause.to_owned(), hint: None }
    }

    /// When it can go on by itself.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Stop::Spent(until) | Stop::Pause(until, _) => Some(*until),
            Stop::Person | Stop::SignIn(_) | Stop::Unreachable => None,
        }
    }
}
