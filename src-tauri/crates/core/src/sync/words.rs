//! What a sync came to, in sentences: made here once, so that every host says the same.

use std::collections::BTreeMap;

use super::trouble::SUPPORT;
use super::types::is_referred;
use super::{SyncReport, TypeOutcome, TypeState};
use crate::sentence::list;

/// What the portal's way to apps is known not to contain, with the types that would hold it.
const ABSENT: &[(&str, &[&str])] = &[
    ("messages with your practice", &["Communication"]),
    ("bills", &["Claim", "Account"]),
    ("images", &["ImagingStudy", "Media", "ImagingObjectSelection"]),
];

impl SyncReport {
    /// A report as it was kept; `None` where it is none. One that an older Onhand kept gets its
    /// sentences here.
    pub fn read(json: &str) -> Option<SyncReport> {
        let mut report: SyncReport = serde_json::from_str(json).ok()?;
        if report.headline.is_empty() {
            report.add_up();
            report.put_into_words(None);
        }
        Some(report)
    }

    /// Sums its types.
    pub(super) fn add_up(&mut self) {
        let sum = |of: fn(&TypeOutcome) -> u64| self.types.iter().map(of).sum();
        // What records only refer to is read once and not again: it would make the number another one
        // at the next sync.
        let asked_for = || self.types.iter().filter(|one| !is_referred(&one.resource_type));
        let received = asked_for().map(|one| one.received).sum();
        let expected = asked_for().map(expected).sum();
        self.new = sum(|one| one.new);
        self.changed = sum(|one| one.changed);
        self.unchanged = sum(|one| one.unchanged);
        self.gone = sum(|one| one.gone);
        self.moved = sum(|one| one.moved);
        self.back = sum(|one| one.back);
        (self.received, self.expected) = (received, expected);
    }

    /// Writes its sentences; `stop` says in a few words why it stopped, if it did.
    pub(super) fn put_into_words(&mut self, stop: Option<&str>) {
        self.headline = headline(self, stop);
        self.news = news(self);
        let of_state = |state| {
            self.types.iter().filter(move |one| one.state == state).map(|one| one.name.as_str())
        };
        let never = of_state(TypeState::NotOffered).collect::<Vec<_>>();
        let refused = of_state(TypeState::Refused).collect::<Vec<_>>();
        self.can_try_again = !self.complete
            && (stop.is_some()
                || self.stopped.is_some()
                || self.types.iter().any(|one| {
                    matches!(one.state, TypeState::Partial | TypeState::Failed)
                        && one.hint.as_deref() != Some(SUPPORT)
                }));
        self.not_offered = (!never.is_empty())
            .then(|| format!("Your portal does not offer: {}.", never.join(", ")));
        self.refused = (!refused.is_empty()).then(|| {
            format!(
                "Your portal refuses what it gave before: {}. What was copied earlier is kept; ask \
                 your practice whether it still releases these.",
                refused.join(", ")
            )
        });
        self.absent = absent(&self.types);
    }
}

/// How many of a type there are, as far as anybody said.
fn expected(one: &TypeOutcome) -> Option<u64> {
    match (one.state, one.promised) {
        (TypeState::NotOffered, _) => Some(one.received),
        (_, Some(promised)) => Some(promised.max(one.received)),
        (TypeState::Complete, None) => Some(one.received),
        (TypeState::Partial | TypeState::Refused | TypeState::Failed, None) => {
            (one.known > one.received).then_some(one.known)
        }
    }
}

fn headline(report: &SyncReport, stop: Option<&str>) -> String {
    let n = report.received;
    if report.complete {
        let asked_for = report.types.iter().filter(|one| !is_referred(&one.resource_type));
        let came: Vec<&TypeOutcome> = asked_for.filter(|one| one.received > 0).collect();
        let untold: Vec<&str> =
            came.iter().filter(|one| one.promised.is_none()).map(|one| one.name.as_str()).collect();
        let records = if n == 1 { "1 record".to_owned() } else { format!("{n} records") };
        return if untold.is_empty() {
            format!("All {n} of {records}")
        } else if untold.len() == came.len() {
            format!("{records}; the portal does not say how many there are")
        } else {
            format!("{records}; for {} the portal does not say how many there are", list(&untold))
        };
    }
    let head = match report.expected {
        Some(expected) if expected > n => format!("{n} of {expected}"),
        _ if n == 0 => "Nothing came".to_owned(),
        _ if n == 1 => "1 record, not all".to_owned(),
        _ => format!("{n} records, not all"),
    };
    format!("{head}: {}", shortfall(report, stop))
}

/// Why it is not all, in a clause.
fn shortfall(report: &SyncReport, stop: Option<&str>) -> String {
    if let Some(stop) = stop {
        return stop.to_owned();
    }
    let mut by_cause: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut refused = Vec::new();
    for one in &report.types {
        match one.state {
            TypeState::Partial | TypeState::Failed => {
                let cause = one.cause.as_deref().unwrap_or("no reason told");
                by_cause.entry(cause).or_default().push(&one.name);
            }
            TypeState::Refused => refused.push(one.name.as_str()),
            TypeState::Complete | TypeState::NotOffered => {}
        }
    }
    let failed: Vec<String> =
        by_cause.into_iter().map(|(cause, names)| format!("{} ({cause})", list(&names))).collect();
    let failed: Vec<&str> = failed.iter().map(String::as_str).collect();
    match (failed.is_empty(), refused.is_empty()) {
        (false, true) => format!("your portal failed for {}", list(&failed)),
        (true, false) => format!("your portal refuses {}, which it gave before", list(&refused)),
        (false, false) => format!(
            "your portal failed for {}, and refuses {}, which it gave before",
            list(&failed),
            list(&refused)
        ),
        (true, true) if report.stopped.is_some() => "it was stopped".to_owned(),
        (true, true) => "your portal did not say whose record it is".to_owned(),
    }
}

fn news(report: &SyncReport) -> String {
    let parts: Vec<String> = [
        (report.new, "new"),
        (report.changed, "changed"),
        (report.gone, "no longer sent"),
        (report.moved, "moved"),
        (report.back, "sent again"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, word)| format!("{n} {word}"))
    .collect();
    if parts.is_empty() { "Nothing new".to_owned() } else { parts.join(", ") }
}

fn absent(types: &[TypeOutcome]) -> String {
    let came = |name: &&str| types.iter().any(|one| one.resource_type == *name && one.received > 0);
    let missing: Vec<&str> = ABSENT
        .iter()
        .filter(|(_, types)| !types.iter().any(came))
        .map(|(words, _)| *words)
        .collect();
    if missing.is_empty() {
        return String::new();
    }
    let text = list(&missing);
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{} are not part of what your portal gives to apps.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, state: TypeState, promised: Option<u64>, received: u64) -> TypeOutcome {
        TypeOutcome {
            resource_type: name.to_owned(),
            name: name.to_owned(),
            promised,
            received,
            new: 0,
            changed: 0,
            unchanged: received,
            gone: 0,
            moved: 0,
            back: 0,
            refused: 0,
            failed: 0,
            known: 0,
            state,
            reason: None,
            cause: None,
            hint: None,
        }
    }

    fn worded(types: Vec<TypeOutcome>, complete: bool, stop: Option<&str>) -> SyncReport {
        let mut report = SyncReport { complete, types, ..SyncReport::default() };
        report.add_up();
        report.put_into_words(stop);
        report
    }

    #[test]
    fn says_that_all_came_only_where_the_portal_promised() {
        use TypeState::{Complete, NotOffered};
        let patient = || outcome("About you", Complete, Some(1), 1);
        let all = worded(vec![patient(), outcome("Goals", Complete, Some(811), 811)], true, None);
        assert_eq!(all.headline, "All 812 of 812 records");
        assert_eq!((all.news.as_str(), all.can_try_again), ("Nothing new", false));
        let untold = worded(
            vec![outcome("About you", Complete, None, 1), outcome("Goals", Complete, None, 811)],
            true,
            None,
        );
        assert_eq!(untold.headline, "812 records; the portal does not say how many there are");
        let some = worded(
            vec![
                patient(),
                outcome("Goals", Complete, None, 3),
                outcome("Flags", NotOffered, None, 0),
            ],
            true,
            None,
        );
        assert_eq!(
            some.headline,
            "4 records; for Goals the portal does not say how many there are"
        );
        assert_eq!(some.not_offered.as_deref(), Some("Your portal does not offer: Flags."));
    }

    #[test]
    fn says_what_failed_and_why() {
        use TypeState::{Complete, Failed, Partial, Refused};
        let failed = |cause: &str, known, promised, received, state| TypeOutcome {
            cause: Some(cause.to_owned()),
            known,
            ..outcome("Procedures", state, promised, received)
        };
        let rest = || outcome("Results", Complete, Some(800), 800);
        let partly =
            worded(vec![rest(), failed("server error", 0, Some(12), 9, Partial)], false, None);
        assert_eq!(partly.headline, "809 of 812: your portal failed for Procedures (server error)");
        assert!(partly.can_try_again);
        let known_before =
            worded(vec![rest(), failed("server error", 12, None, 0, Failed)], false, None);
        assert_eq!(
            known_before.headline,
            "800 of 812: your portal failed for Procedures (server error)"
        );
        let never = worded(vec![rest(), failed("log-in page", 0, None, 0, Failed)], false, None);
        assert_eq!(
            never.headline,
            "800 records, not all: your portal failed for Procedures (log-in page)"
        );
        let refused = worded(
            vec![rest(), TypeOutcome { known: 12, ..failed("", 12, None, 0, Refused) }],
            false,
            None,
        );
        assert_eq!(
            refused.headline,
            "800 of 812: your portal refuses Procedures, which it gave before"
        );
        assert!(!refused.can_try_again && refused.refused.is_some());
        let stopped =
            worded(vec![failed("", 0, Some(12), 9, Partial)], false, Some("you stopped it"));
        assert_eq!(stopped.headline, "9 of 12: you stopped it");
    }

    #[test]
    fn offers_another_try_only_where_one_may_help() {
        use TypeState::{Failed, Partial};
        let lasting = || TypeOutcome {
            hint: Some(SUPPORT.to_owned()),
            ..outcome("Goals", Partial, Some(5), 3)
        };
        assert!(!worded(vec![lasting()], false, None).can_try_again);
        assert!(worded(vec![lasting()], false, Some("you stopped it")).can_try_again);
        let passing = outcome("Flags", Failed, None, 0);
        assert!(worded(vec![lasting(), passing], false, None).can_try_again);
    }

    #[test]
    fn what_is_only_referred_to_does_not_move_the_number() {
        use TypeState::{Complete, Partial};
        let goals = || outcome("Goal", Complete, Some(5), 5);
        let first =
            worded(vec![goals(), outcome("Practitioner", Complete, Some(3), 3)], true, None);
        assert_eq!(first.headline, "All 5 of 5 records");
        assert_eq!(worded(vec![goals()], true, None).headline, first.headline);
        let some = worded(vec![goals(), outcome("Practitioner", Partial, Some(3), 1)], false, None);
        assert_eq!(
            some.headline,
            "5 records, not all: your portal failed for Practitioner (no reason told)"
        );
    }

    #[test]
    fn says_what_is_new_and_what_is_never_there() {
        let one = TypeOutcome {
            new: 3,
            changed: 1,
            gone: 2,
            ..outcome("Goals", TypeState::Complete, Some(4), 4)
        };
        let report = worded(vec![one], true, None);
        assert_eq!(report.news, "3 new, 1 changed, 2 no longer sent");
        assert_eq!(
            report.absent,
            "Messages with your practice, bills and images are not part of what your portal gives \
             to apps."
        );
        let messages = outcome("Communication", TypeState::Complete, Some(2), 2);
        assert!(worded(vec![messages], true, None).absent.starts_with("Bills and images"));
    }

    #[test]
    fn a_report_of_an_older_onhand_gets_its_sentences() {
        let json = r#"{"complete":true,"requests":2,"started":"a","finished":"b","stopped":null,
            "types":[{"type":"Patient","name":"About you","promised":1,"received":1,"new":1,
            "changed":0,"unchanged":0,"gone":0,"state":"complete","reason":null}]}"#;
        let report = SyncReport::read(json).unwrap();
        assert_eq!((report.headline.as_str(), report.new), ("All 1 of 1 record", 1));
        assert_eq!(SyncReport::read("{}"), None);
    }
}
