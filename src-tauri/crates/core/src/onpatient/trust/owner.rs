//! Whose certificate it is: the nickname that each of ours bears, and whether whoever put it there
//! still needs it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use onhand_nss::Named;
use sha2::{Digest, Sha256};
use x509_parser::parse_x509_certificate;

use super::super::certificate::{COMMON_NAME, ORGANIZATION};
use crate::lock::lock;

/// How every nickname of ours begins.
pub const NICKNAME: &str = "Onhand sign-in ";

/// A younger one is left alone whatever is known of its process.
const LEFTOVER_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The fingerprints of what this very process has put somewhere and still needs.
static NEEDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// What a nickname of ours says: `Onhand sign-in SECONDS PROCESS.START FINGERPRINT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    added: Timestamp,
    process: Option<Process>,
    fingerprint: String,
}

/// A process that cannot be taken for another: its number, and when it began (in the kernel's ticks
/// since it was started).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    start: u64,
}

/// The nickname under which this process puts a certificate into a database.
pub(super) fn nickname(der: &[u8], now: Timestamp) -> String {
    let process = match Process::this() {
        Some(Process { id, start }) => format!("{id}.{start}"),
        None => "-".to_owned(),
    };
    format!("{NICKNAME}{} {process} {}", now.as_second(), fingerprint(der))
}

/// Notes that this process needs a certificate, or needs it no more.
pub(super) fn set_needed(der: &[u8], is_needed: bool) {
    let fingerprint = fingerprint(der);
    let mut needed = lock(&NEEDED);
    if is_needed {
        needed.insert(fingerprint);
    } else {
        needed.remove(&fingerprint);
    }
}

/// What is said of a certificate that is ours indeed: the listener's (by subject), or a portal's own
/// (by the fingerprint in its nickname). Nothing for one that only bears such a name.
pub(super) fn mark(named: &Named) -> Option<Mark> {
    let mut words = named.nickname.strip_prefix(NICKNAME)?.split(' ');
    let (seconds, process, print) = (words.next()?, words.next()?, words.next()?);
    let mark = Mark {
        added: Timestamp::from_second(seconds.parse().ok()?).ok()?,
        process: Process::read(process),
        fingerprint: fingerprint(&named.der),
    };
    let is_whole = words.next().is_none();
    (is_whole && (print == mark.fingerprint || has_our_subject(&named.der))).then_some(mark)
}

impl Mark {
    /// Whether it was left by a run that was killed: older than 15 minutes, and needed neither by
    /// this process nor by another that still runs.
    pub(super) fn is_leftover(&self, now: Timestamp) -> bool {
        let is_old = now.duration_since(self.added) > LEFTOVER_AFTER;
        is_old && !lock(&NEEDED).contains(&self.fingerprint) && !self.is_of_another_that_runs()
    }

    fn is_of_another_that_runs(&self) -> bool {
        self.process.is_some_and(|process| Some(process) != Process::this() && process.is_running())
    }
}

impl Process {
    fn this() -> Option<Self> {
        let id = std::process::id();
        Some(Self { id, start: start_of(id)? })
    }

    fn read(text: &str) -> Option<Self> {
        let (id, start) = text.split_once('.')?;
        Some(Self { id: id.parse().ok()?, start: start.parse().ok()? })
    }

    fn is_running(self) -> bool {
        start_of(self.id) == Some(self.start)
    }
}

/// When a process began: the 22nd field of `/proc/PID/stat` (`proc_pid_stat(5)`), of which the
/// second, in brackets, may hold anything.
fn start_of(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(19)?.parse().ok()
}

/// Whether a certificate (DER) bears the subject that only the listener's have.
pub(super) fn has_our_subject(der: &[u8]) -> bool {
    let Ok((_, certificate)) = parse_x509_certificate(der) else { return false };
    let subject = certificate.subject();
    let has =
        |mut values: Vec<&str>, wanted: &str| values.pop() == Some(wanted) && values.is_empty();
    has(subject.iter_common_name().filter_map(|name| name.as_str().ok()).collect(), COMMON_NAME)
        && has(
            subject.iter_organization().filter_map(|name| name.as_str().ok()).collect(),
            ORGANIZATION,
        )
}

/// Enough of a certificate's SHA-256 to tell it from any other.
pub(super) fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::certificate::Leaf;
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T20:15:00Z".parse().unwrap()
    }

    fn later(minutes: i64) -> Timestamp {
        now() + SignedDuration::from_mins(minutes)
    }

    fn leaf() -> Vec<u8> {
        Leaf::new(now()).unwrap().der().to_vec()
    }

    fn named(der: &[u8], process: &str) -> Named {
        let nickname = format!("{NICKNAME}{} {process} {}", now().as_second(), fingerprint(der));
        Named { nickname, der: der.to_vec() }
    }

    #[test]
    fn a_certificate_of_a_killed_run_is_left_over_after_a_quarter_of_an_hour() {
        for nobody in ["-", "4294967295.1", "1.18446744073709551615", ""] {
            let der = leaf();
            let mark = mark(&named(&der, nobody)).unwrap();
            assert!(!mark.is_leftover(later(15)), "{nobody}");
            assert!(mark.is_leftover(later(16)), "{nobody}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_certificate_of_a_run_that_goes_on_is_never_left_over() {
        let mut other = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let start = start_of(other.id()).unwrap();
        let der = leaf();
        let theirs = mark(&named(&der, &format!("{}.{start}", other.id()))).unwrap();
        assert!(!theirs.is_leftover(later(600)));
        // Another process that was given the same number is not that one.
        let reused = mark(&named(&der, &format!("{}.{}", other.id(), start + 1))).unwrap();
        assert!(reused.is_leftover(later(600)));
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(theirs.is_leftover(later(600)));
    }

    #[test]
    fn what_this_very_process_needs_is_not_left_over_until_it_needs_it_no_more() {
        let der = leaf();
        let nickname = nickname(&der, now());
        let mark = mark(&Named { nickname, der: der.clone() }).unwrap();
        set_needed(&der, true);
        assert!(!mark.is_leftover(later(600)));
        set_needed(&der, false);
        assert!(mark.is_leftover(later(600)));
    }

    #[test]
    fn only_a_certificate_of_ours_is_ours() {
        let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let theirs = theirs.cert.der().to_vec();
        // A portal's own certificate, put there by us.
        assert!(mark(&named(&theirs, "-")).is_some());
        for nickname in [
            format!("{NICKNAME}1 - {}", fingerprint(b"another")),
            format!("{NICKNAME}1 {}", fingerprint(&theirs)),
            format!("{NICKNAME}x - {}", fingerprint(&theirs)),
            format!("{NICKNAME}1 - {} more", fingerprint(&theirs)),
            NICKNAME.to_owned(),
            "Onhand".to_owned(),
            String::new(),
        ] {
            let named = Named { nickname: nickname.clone(), der: theirs.clone() };
            assert_eq!(mark(&named), None, "{nickname}");
        }
        let ours = Named { nickname: format!("{NICKNAME}1 - elsewhere"), der: leaf() };
        assert!(mark(&ours).is_some());
    }
}
