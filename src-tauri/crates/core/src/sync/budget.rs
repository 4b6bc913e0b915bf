//! How often a portal is asked: at most so many times in an hour, over all syncs.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use crate::database::lock;
use crate::outgoing::minute_of;

/// DrChrono's other interface takes 500 requests an hour from one application; a fifth is left for
/// whatever else the person uses.
const USUAL: u32 = 400;

const HOUR: i64 = 60 * 60;

/// The most requests in an hour: what the person `chose`, else the usual number; any number at a portal
/// on this computer, which is nobody's server.
pub(super) fn in_an_hour(chose: Option<u32>, is_loopback: bool) -> Option<u32> {
    chose.or_else(|| (!is_loopback).then_some(USUAL))
}

/// The requests of the last hour.
pub(super) struct Budget {
    limit: Option<u32>,
    /// Minute and count, oldest first.
    spent: Mutex<VecDeque<(i64, u64)>>,
}

impl Budget {
    /// `limit`: the most in an hour, `None` for any number; `spent`: what was sent by the minute.
    pub(super) fn new(limit: Option<u32>, spent: Vec<(i64, u64)>) -> Budget {
        Budget { limit, spent: Mutex::new(spent.into()) }
    }

    /// Whether another request may be sent.
    ///
    /// # Errors
    /// When one may be sent again.
    pub(super) fn may(&self, now: Timestamp) -> Result<(), Timestamp> {
        let Some(limit) = self.limit else { return Ok(()) };
        let mut spent = lock(&self.spent);
        let minute = minute_of(now);
        // What is said to lie ahead was counted by a clock that was wrong.
        spent.retain(|(at, _)| (minute - HOUR..=minute).contains(at));
        let n: u64 = spent.iter().map(|(_, n)| n).sum();
        if n < u64::from(limit) {
            return Ok(());
        }
        let oldest = spent.front().map_or(minute, |(at, _)| *at);
        let until = Timestamp::from_second(oldest + HOUR + 60).unwrap_or(now);
        Err(until.max(now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now)))
    }

    /// Counts one that is about to be sent.
    pub(super) fn spend(&self, now: Timestamp) {
        if self.limit.is_none() {
            return;
        }
        let mut spent = lock(&self.spent);
        let minute = minute_of(now);
        match spent.back_mut() {
            Some((at, n)) if *at == minute => *n += 1,
            _ => spent.push_back((minute, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onpatient::portal::Portal;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn onpatient_is_asked_400_times_an_hour_unless_the_person_chose_another_number() {
        let portal = Portal::default();
        assert_eq!(in_an_hour(None, portal.is_loopback()), Some(400));
        assert_eq!(in_an_hour(Some(60), portal.is_loopback()), Some(60));
        assert_eq!(in_an_hour(None, true), None);
        assert_eq!(in_an_hour(Some(60), true), Some(60));
    }

    #[test]
    fn an_hour_has_so_many_and_no_more() {
        let budget = Budget::new(Some(3), Vec::new());
        let now = at("2026-11-24T10:00:20Z");
        for _ in 0..3 {
            budget.may(now).unwrap();
            budget.spend(now);
        }
        let until = budget.may(now).unwrap_err();
        assert_eq!(until, at("2026-11-24T11:01:00Z"));
        assert!(budget.may(at("2026-11-24T11:00:59Z")).is_err());
        assert!(budget.may(until).is_ok());
    }

    #[test]
    fn what_earlier_syncs_sent_counts_and_what_lies_ahead_does_not() {
        let now = at("2026-11-24T10:00:00Z");
        let minute = now.as_second();
        let budget = Budget::new(Some(10), vec![(minute - 600, 9), (minute + 86_400, 500)]);
        budget.may(now).unwrap();
        budget.spend(now);
        assert_eq!(budget.may(now).unwrap_err(), at("2026-11-24T10:51:00Z"));
        let free = Budget::new(None, vec![(minute, 1_000_000)]);
        free.spend(now);
        free.may(now).unwrap();
    }
}
