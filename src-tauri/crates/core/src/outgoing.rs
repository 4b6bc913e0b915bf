//! What leaves this computer: every request, counted by host, purpose and minute.
//!
//! Clients count here as they send; the sync writes the counts down together with what it commits, so
//! that counting costs no write of its own. The hourly budget is reckoned from the same counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::Clock;
use crate::database::lock;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The code of a sign-in is exchanged for tokens.
    SignIn,
    /// A sign-in is renewed.
    Refresh,
    /// A sign-in is revoked.
    SignOut,
    /// Records are copied.
    Records,
}

impl Purpose {
    /// The name used on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::Refresh => "refresh",
            Purpose::SignOut => "sign_out",
            Purpose::Records => "records",
        }
    }

    /// The purpose of that [`name`](Purpose::name), if there is one.
    pub fn from_name(name: &str) -> Option<Purpose> {
        [Purpose::SignIn, Purpose::Refresh, Purpose::SignOut, Purpose::Records]
            .into_iter()
            .find(|purpose| purpose.name() == name)
    }
}

/// Requests to one host for one purpose within one minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The host, with its port where it is not the usual one.
    pub host: String,
    /// What they were for.
    pub purpose: Purpose,
    /// The minute, in seconds since 1970 (UTC).
    pub minute: i64,
    /// How many.
    pub count: u64,
}

/// Counts requests until somebody writes them down. Clones count together.
#[derive(Clone)]
pub struct Outgoing {
    clock: Clock,
    pending: Arc<Mutex<Pending>>,
}

/// By host, purpose and minute.
type Pending = BTreeMap<(String, Purpose, i64), u64>;

impl Outgoing {
    /// Nothing counted yet.
    pub fn new(clock: Clock) -> Outgoing {
        Outgoing { clock, pending: Arc::default() }
    }

    /// Counts a request that is about to be sent.
    pub fn count(&self, host: &str, purpose: Purpose) {
        let minute = minute_of((self.clock)());
        *lock(&self.pending).entry((host.to_owned(), purpose, minute)).or_insert(0) += 1;
    }

    /// What was counted since the last call; the caller writes it down, or gives it
    /// [`back`](Outgoing::give_back).
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *lock(&self.pending))
            .into_iter()
            .map(|((host, purpose, minute), count)| Sent { host, purpose, minute, count })
            .collect()
    }

    /// Takes back what could not be written down.
    pub fn give_back(&self, sent: Vec<Sent>) {
        let mut pending = lock(&self.pending);
        for one in sent {
            *pending.entry((one.host, one.purpose, one.minute)).or_insert(0) += one.count;
        }
    }
}

/// The minute that a time lies in, in seconds since 1970.
pub(crate) fn minute_of(time: Timestamp) -> i64 {
    time.as_second().div_euclid(60) * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_host_purpose_and_minute_until_it_is_taken() {
        let now: Timestamp = "2026-11-24T10:00:30Z".parse().unwrap();
        let outgoing = Outgoing::new(Arc::new(move || now));
        outgoing.count("portal.example", Purpose::Records);
        outgoing.count("portal.example", Purpose::Records);
        outgoing.count("portal.example", Purpose::Refresh);
        let sent = outgoing.take();
        assert_eq!(sent.iter().map(|one| one.count).collect::<Vec<_>>(), [1, 2]);
        assert!(sent.iter().all(|one| one.minute == now.as_second() - 30));
        assert!(outgoing.take().is_empty());
        let n: u64 = sent.iter().map(|one| one.count).sum();
        outgoing.give_back(sent);
        assert_eq!(outgoing.take().iter().map(|one| one.count).sum::<u64>(), n);
    }

    #[test]
    fn names_read_back() {
        for purpose in [Purpose::SignIn, Purpose::Refresh, Purpose::SignOut, Purpose::Records] {
            assert_eq!(Purpose::from_name(purpose.name()), Some(purpose));
        }
    }
}
