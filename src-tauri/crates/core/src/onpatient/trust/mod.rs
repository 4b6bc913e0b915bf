//! Trust for the listener's certificate, for this person only and with no more rights than they have.
//!
//! On Linux, browsers read NSS databases in the home folder: the certificate is put into each one
//! there is before the browser opens, and taken out when the sign-in has ended. On macOS and Windows
//! ([`system`]) one certificate is kept in the system's own store. No CA is ever trusted.

pub mod system;

mod certutil;
mod child;
mod owner;
mod place;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use onhand_nss::{Answer, Failure, HELPER_ARGUMENT, Named, Request, Work};
use thiserror::Error;

pub use child::Ended;
pub use owner::NICKNAME;
pub use place::{Database, Places, databases};

const DROP_WITHIN: Duration = Duration::from_secs(5);

/// Certificates that browsers trust until this is removed or dropped.
#[derive(Debug)]
pub struct Guard {
    places: Places,
    certificates: Vec<Vec<u8>>,
    databases: Vec<PathBuf>,
    skipped: Vec<Skipped>,
    /// Every database there was, whether it took the certificates or not.
    known: Vec<PathBuf>,
}

/// A database that did not take a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Skipped {
    browser: &'static str,
    has_password: bool,
}

/// What was removed from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many certificates were removed in all.
    pub count: usize,
    /// From where, in sentences.
    pub removed: Vec<String>,
    /// What could not be removed or looked at, in sentences.
    pub left: Vec<String>,
}

/// Why a browser will show a warning.
#[derive(Debug, Error)]
pub enum Error {
    /// Not for this system.
    #[error(
        "Onhand cannot set up trust in the browser on this system, so the browser will show a warning \
         about this computer's own address."
    )]
    NotSupported,
    /// Neither libnss3 nor certutil is there.
    #[error(
        "The browser could not be told to trust this sign-in, because neither the NSS library nor \
         certutil is installed, so it will show a warning about this computer's own address."
    )]
    NoTool,
    /// The database has a primary password.
    #[error(
        "The browser's certificates are guarded by a primary password, so it could not be told to \
         trust this sign-in and will show a warning about this computer's own address."
    )]
    HasPassword,
    /// Adding, removing or listing failed.
    #[error(
        "The browser could not be told to trust this sign-in ({0}), so it may show a warning about \
         this computer's own address."
    )]
    Failed(String),
}

/// Puts these certificates (DER) into every database that the person's browsers read, and checks that
/// they are there and trusted. A database that does not take them is left as it was, and
/// [`Guard::note`] says so; whatever goes wrong, nothing is left behind.
///
/// # Errors
/// When no database took them: the sign-in can go on, the browser will show a warning.
pub async fn install(
    places: &Places,
    certificates: Vec<Vec<u8>>,
    now: Timestamp,
) -> Result<Guard, Error> {
    let places = places.clone();
    blocking(move || install_now(places, certificates, now)).await
}

/// Removes what killed runs have left in any database: certificates with our nickname that are ours
/// indeed, older than 15 minutes, and needed by no process that still runs. Says how many there were.
///
/// # Errors
/// When a database cannot be read or written; the others are swept all the same.
pub async fn sweep(places: &Places, now: Timestamp) -> Result<usize, Error> {
    let places = places.clone();
    blocking(move || {
        let (counts, failures) = remove_ours(&places, |mark| mark.is_leftover(now));
        let count = counts.values().sum();
        failures.into_iter().next().map_or(Ok(count), |(_, error)| Err(error))
    })
    .await
}

/// Removes every certificate of ours from every database, however young, and says from where.
pub async fn remove_all(places: &Places) -> Swept {
    let places = places.clone();
    let removed = blocking(move || Ok(remove_ours(&places, |_| true))).await;
    let (counts, failures) = removed.unwrap_or_default();
    let left = failures.into_keys().map(|browser| {
        format!(
            "The certificates of {browser} could not be looked at. Close it and try again, or look \
             for \u{201c}localhost - Onhand\u{201d} among the certificates in its settings."
        )
    });
    Swept {
        count: counts.values().sum(),
        removed: counts.iter().map(|(browser, n)| were_removed(*n, browser)).collect(),
        left: left.collect(),
    }
}

fn were_removed(count: usize, place: &str) -> String {
    match count {
        1 => format!("One certificate was removed from {place}."),
        n => format!("{n} certificates were removed from {place}."),
    }
}

impl Guard {
    /// Takes the certificates out again.
    ///
    /// # Errors
    /// When one may still be there.
    pub async fn remove(mut self) -> Result<(), Error> {
        let databases = std::mem::take(&mut self.databases);
        let (places, certificates) = (self.places.clone(), std::mem::take(&mut self.certificates));
        blocking(move || remove_now(&places, &databases, &certificates)).await
    }

    /// How to find out whether a browser has made a database since, as one does that is opened for
    /// the first time; it knows nothing of these certificates then.
    #[must_use]
    pub fn newcomers(&self) -> Newcomers {
        Newcomers { places: self.places.clone(), known: self.known.clone() }
    }

    /// The databases it wrote to.
    #[must_use]
    pub fn databases(&self) -> &[PathBuf] {
        &self.databases
    }

    /// Which browsers did not take it, as a sentence; nothing where all did.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        let mut sentences = Vec::new();
        for skipped in &self.skipped {
            let browser = skipped.browser;
            let sentence = if skipped.has_password {
                format!(
                    "{browser} guards its certificates with a primary password, so Onhand left it as \
                     it is. If you sign in with it, it will warn you about this computer's own \
                     address."
                )
            } else {
                format!(
                    "{browser} could not be told to trust this sign-in. If you sign in with it, it \
                     may warn you about this computer's own address."
                )
            };
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// Databases that were not there when certificates were put into all there were.
#[derive(Clone, Debug)]
pub struct Newcomers {
    places: Places,
    known: Vec<PathBuf>,
}

impl Newcomers {
    /// Whether there is one now.
    #[must_use]
    pub fn are_there(&self) -> bool {
        databases(&self.places)
            .iter()
            .any(|database| !database.is_new && !self.known.contains(&database.folder))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.databases.is_empty() {
            return;
        }
        let (places, databases) = (self.places.clone(), std::mem::take(&mut self.databases));
        let certificates = std::mem::take(&mut self.certificates);
        let (done, removed) = mpsc::channel();
        thread::spawn(move || {
            // What stays behind is swept by the next sign-in.
            let _ = remove_now(&places, &databases, &certificates);
            let _ = done.send(());
        });
        let _ = removed.recv_timeout(DROP_WITHIN);
    }
}

fn install_now(places: Places, certificates: Vec<Vec<u8>>, now: Timestamp) -> Result<Guard, Error> {
    if !cfg!(target_os = "linux") {
        return Err(Error::NotSupported);
    }
    let named: Vec<Named> = certificates
        .iter()
        .map(|der| Named { nickname: owner::nickname(der, now), der: der.clone() })
        .collect();
    for der in &certificates {
        owner::set_needed(der, true);
    }
    let mut guard = Guard {
        places,
        certificates,
        databases: Vec::new(),
        skipped: Vec::new(),
        known: Vec::new(),
    };
    let mut failure = None;
    for database in databases(&guard.places) {
        guard.known.push(database.folder.clone());
        let work = Work::Add { certificates: named.clone(), create: database.is_new };
        match carry_out(&guard.places, &database.folder, work) {
            Ok(_) => guard.databases.push(database.folder),
            Err(error) => {
                // One that was cut short may have left something.
                let folder = std::slice::from_ref(&database.folder);
                let _ = remove_from(&guard.places, folder, &guard.certificates);
                guard.skipped.push(Skipped {
                    browser: database.browser,
                    has_password: matches!(error, Error::HasPassword),
                });
                failure = Some(error);
            }
        }
    }
    match failure {
        Some(failure) if guard.databases.is_empty() => {
            for der in &guard.certificates {
                owner::set_needed(der, false);
            }
            Err(failure)
        }
        Some(_) | None => Ok(guard),
    }
}

/// From then on these certificates are leftovers, should one not have gone.
fn remove_now(
    places: &Places,
    databases: &[PathBuf],
    certificates: &[Vec<u8>],
) -> Result<(), Error> {
    let outcome = remove_from(places, databases, certificates);
    for der in certificates {
        owner::set_needed(der, false);
    }
    outcome
}

fn remove_from(
    places: &Places,
    databases: &[PathBuf],
    certificates: &[Vec<u8>],
) -> Result<(), Error> {
    let mut outcome = Ok(());
    for folder in databases.iter().filter(|folder| folder.join("cert9.db").is_file()) {
        let work = Work::Remove { certificates: certificates.to_vec() };
        if let Err(error) = carry_out(places, folder, work) {
            outcome = Err(error);
        }
    }
    outcome
}

type Removed = (BTreeMap<&'static str, usize>, BTreeMap<&'static str, Error>);

/// How many were removed of each browser, and which could not be looked at and why.
fn remove_ours(places: &Places, is_due: impl Fn(&owner::Mark) -> bool) -> Removed {
    let mut removed = Removed::default();
    if !cfg!(target_os = "linux") {
        return removed;
    }
    for database in databases(places).into_iter().filter(|found| !found.is_new) {
        match remove_ours_in(places, &database.folder, &is_due) {
            Ok(0) => {}
            Ok(n) => *removed.0.entry(database.browser).or_default() += n,
            Err(error) => {
                removed.1.insert(database.browser, error);
            }
        }
    }
    removed
}

fn remove_ours_in(
    places: &Places,
    folder: &Path,
    is_due: &impl Fn(&owner::Mark) -> bool,
) -> Result<usize, Error> {
    let listed = match carry_out(places, folder, Work::List { prefix: NICKNAME.to_owned() })? {
        Answer::Listed(listed) => listed,
        Answer::Done | Answer::Failed(_) => Vec::new(),
    };
    let due: Vec<_> = listed
        .into_iter()
        .filter(|named| owner::mark(named).is_some_and(|mark| is_due(&mark)))
        .map(|named| named.der)
        .collect();
    let n_due = due.len();
    if n_due > 0 {
        carry_out(places, folder, Work::Remove { certificates: due })?;
    }
    Ok(n_due)
}

/// By libnss3 in the helper, else by certutil.
fn carry_out(places: &Places, folder: &Path, work: Work) -> Result<Answer, Error> {
    let mut failure = Error::NoTool;
    if let Some(helper) = &places.helper {
        match by_helper(helper, &Request { database: folder.to_owned(), work: work.clone() }) {
            Ok(Answer::Failed(Failure::HasPassword)) => return Err(Error::HasPassword),
            Ok(Answer::Failed(Failure::NoLibrary)) => {}
            Ok(Answer::Failed(reason)) => failure = Error::Failed(reason.to_string()),
            Ok(answer) => return Ok(answer),
            Err(error) => failure = Error::Failed(error.kind().to_string()),
        }
    }
    certutil::carry_out(folder, &work).unwrap_or(Err(failure))
}

fn by_helper(helper: &Path, request: &Request) -> std::io::Result<Answer> {
    let input = serde_json::to_vec(request)?;
    let ended = child::run(Command::new(helper).arg(HELPER_ARGUMENT), &input)?;
    Ok(serde_json::from_slice(&ended.output)?)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Failed("it was interrupted".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    mod on_linux {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;

        use tempfile::TempDir;

        use jiff::SignedDuration;

        use super::super::super::certificate::Leaf;
        use super::super::super::fake::built_helper;
        use super::owner::fingerprint;
        use super::*;

        fn now() -> Timestamp {
            "2026-11-23T20:15:00Z".parse().unwrap()
        }

        fn minutes_later(minutes: i64) -> Timestamp {
            now() + SignedDuration::from_mins(minutes)
        }

        fn leaf() -> Vec<u8> {
            Leaf::new(now()).unwrap().der().to_vec()
        }

        /// The ways there are on this computer: certutil alone, and the helper where it is built.
        fn homes() -> Vec<(TempDir, Places)> {
            let mut helpers = Vec::new();
            if Command::new("certutil").arg("-H").output().is_ok() {
                helpers.push(None);
            } else {
                eprintln!("skipped: certutil is not installed");
            }
            helpers.extend(built_helper().map(Some));
            let home = |helper| {
                let home = tempfile::tempdir().unwrap();
                let places = Places::below(home.path().to_owned(), helper);
                (home, places)
            };
            helpers.into_iter().map(home).collect()
        }

        fn listed(places: &Places, folder: &Path) -> Vec<Named> {
            match carry_out(places, folder, Work::List { prefix: NICKNAME.to_owned() }).unwrap() {
                Answer::Listed(listed) => listed,
                answer @ (Answer::Done | Answer::Failed(_)) => panic!("{answer:?}"),
            }
        }

        fn ders(places: &Places, folder: &Path) -> Vec<Vec<u8>> {
            let mut ders: Vec<_> = listed(places, folder).into_iter().map(|n| n.der).collect();
            ders.sort();
            ders
        }

        #[tokio::test]
        async fn trusts_for_as_long_as_it_is_held() {
            for (_home, places) in homes() {
                let database = places.data_home.join("pki/nssdb");
                let mut certificates = vec![leaf(), leaf()];
                certificates.sort();

                let guard = install(&places, certificates.clone(), now()).await.unwrap();
                assert_eq!(guard.databases(), std::slice::from_ref(&database));
                let mode = fs::metadata(&database).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o700);
                assert_eq!(ders(&places, &database), certificates);
                assert!(!places.home.join(".pki").exists());

                guard.remove().await.unwrap();
                assert_eq!(ders(&places, &database), Vec::<Vec<u8>>::new());

                drop(install(&places, certificates, now()).await.unwrap());
                assert_eq!(ders(&places, &database), Vec::<Vec<u8>>::new());
            }
        }

        #[tokio::test]
        async fn leaves_another_sign_in_alone() {
            for (_home, places) in homes() {
                let (one, two) = (leaf(), leaf());
                let first = install(&places, vec![one], now()).await.unwrap();
                let second = install(&places, vec![two.clone()], minutes_later(1)).await.unwrap();
                let database = second.databases()[0].clone();
                first.remove().await.unwrap();
                assert_eq!(ders(&places, &database), [two]);
                second.remove().await.unwrap();
            }
        }

        #[tokio::test]
        async fn writes_to_every_database_there_is() {
            for (_home, places) in homes() {
                let new = install(&places, vec![leaf()], now()).await.unwrap();
                fs::create_dir_all(places.home.join(".pki/nssdb")).unwrap();
                let both = install(&places, vec![leaf()], now()).await.unwrap();
                assert_eq!(both.databases().len(), 2);
                for database in both.databases().to_vec() {
                    assert!(!listed(&places, &database).is_empty());
                }
                both.remove().await.unwrap();
                new.remove().await.unwrap();
            }
        }

        #[tokio::test]
        async fn sweeps_what_a_killed_run_left_and_nothing_else() {
            for (_home, places) in homes() {
                let (old, young) = (leaf(), leaf());
                let portal = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
                let portal = portal.cert.der().to_vec();
                let left = [old, portal];
                let killed = install(&places, left.to_vec(), now()).await.unwrap();
                let database = killed.databases()[0].clone();
                std::mem::forget(killed);
                for der in &left {
                    owner::set_needed(der, false);
                }
                let running =
                    install(&places, vec![young.clone()], minutes_later(10)).await.unwrap();
                let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
                let theirs = theirs.cert.der().to_vec();
                let someone_elses = Named {
                    // The name of ours, with a fingerprint that is not the certificate's.
                    nickname: format!("{NICKNAME}1 - {}", fingerprint(b"another")),
                    der: theirs.clone(),
                };
                let work = Work::Add { certificates: vec![someone_elses], create: false };
                let is_added = carry_out(&places, &database, work).is_ok();

                assert_eq!(sweep(&places, minutes_later(15)).await.unwrap(), 0);
                assert_eq!(sweep(&places, minutes_later(16)).await.unwrap(), 2);
                assert_eq!(sweep(&places, minutes_later(600)).await.unwrap(), 0, "it is needed");
                assert!(ders(&places, &database).contains(&young));
                let swept = remove_all(&places).await;
                assert_eq!(swept.count, 1);
                assert_eq!(swept.removed, ["One certificate was removed from Chromium or Chrome."]);
                if is_added {
                    assert_eq!(ders(&places, &database), [theirs]);
                }
                drop(running);
            }
        }

        #[tokio::test]
        async fn makes_nothing_when_there_is_nothing_to_sweep() {
            for (home, places) in homes() {
                assert_eq!(sweep(&places, now()).await.unwrap(), 0);
                assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
            }
        }

        /// A database as a browser makes it, with this primary password; false where certutil is
        /// not installed.
        fn make(folder: &Path, password: &str) -> bool {
            fs::create_dir_all(folder).unwrap();
            let file = folder.join("password");
            fs::write(&file, format!("{password}\n")).unwrap();
            let mut command = Command::new("certutil");
            command.arg("-N").arg("-d").arg(format!("sql:{}", folder.display()));
            if password.is_empty() {
                command.arg("--empty-password");
            } else {
                command.arg("-f").arg(&file);
            }
            let made = command.status();
            fs::remove_file(file).unwrap();
            made.is_ok_and(|made| made.success())
        }

        fn table(folder: &Path) -> String {
            let mut command = Command::new("certutil");
            command.arg("-L").arg("-d").arg(format!("sql:{}", folder.display()));
            String::from_utf8(command.output().unwrap().stdout).unwrap()
        }

        /// A profile of Firefox, listed as Firefox lists it.
        fn profile(places: &Places, root: &str, password: &str) -> Option<PathBuf> {
            let root = places.home.join(root);
            let folder = root.join("ab12.default-esr");
            make(&folder, password).then(|| {
                let ini = "[Profile0]\nName=default\nIsRelative=1\nPath=ab12.default-esr\n";
                fs::write(root.join("profiles.ini"), ini).unwrap();
                folder
            })
        }

        #[tokio::test]
        async fn leaves_nothing_where_there_is_a_primary_password() {
            for (_home, places) in homes() {
                let database = places.data_home.join("pki/nssdb");
                if !make(&database, "primary password") {
                    continue;
                }
                let before = fs::read(database.join("cert9.db")).unwrap();
                let refused = install(&places, vec![leaf()], now()).await.unwrap_err();
                assert!(matches!(refused, Error::HasPassword), "{refused:?}");
                assert!(!table(&database).contains(NICKNAME));
                assert_eq!(fs::read(database.join("cert9.db")).unwrap(), before);
            }
        }

        #[tokio::test]
        async fn is_trusted_by_firefox_wherever_its_profiles_lie() {
            for (_home, places) in homes() {
                let roots = [
                    ".mozilla/firefox",
                    ".config/mozilla/firefox",
                    "snap/firefox/common/.mozilla/firefox",
                    ".var/app/org.mozilla.firefox/.mozilla/firefox",
                ];
                let profiles: Vec<_> =
                    roots.iter().filter_map(|root| profile(&places, root, "")).collect();
                if profiles.is_empty() {
                    continue;
                }
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                assert_eq!(guard.databases().len(), 1 + profiles.len());
                assert_eq!(guard.note(), None);
                for profile in &profiles {
                    assert!(table(profile).contains(" CP,,"), "{}", table(profile));
                }
                guard.remove().await.unwrap();
                for profile in &profiles {
                    assert!(!table(profile).contains(NICKNAME));
                }
            }
        }

        #[tokio::test]
        async fn notices_a_browser_that_makes_its_database_only_then() {
            for (_home, places) in homes() {
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                let newcomers = guard.newcomers();
                assert!(!newcomers.are_there());
                let Some(late) = profile(&places, ".mozilla/firefox", "") else { continue };
                assert!(newcomers.are_there());
                guard.remove().await.unwrap();
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                assert!(guard.databases().contains(&late));
                assert!(!guard.newcomers().are_there());
                guard.remove().await.unwrap();

                // One that could not be written to is none.
                fs::write(late.join("cert9.db"), b"no database").unwrap();
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                assert!(!guard.databases().contains(&late) && !guard.newcomers().are_there());
                guard.remove().await.unwrap();
            }
        }

        #[tokio::test]
        async fn says_which_browser_did_not_take_it() {
            for (_home, places) in homes() {
                let Some(guarded) = profile(&places, ".mozilla/firefox", "primary password") else {
                    continue;
                };
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                assert_eq!(guard.databases(), [places.data_home.join("pki/nssdb")]);
                let note = guard.note().unwrap();
                assert!(note.starts_with("Firefox guards its certificates"), "{note}");
                assert!(!note.contains('/'));
                assert!(!table(&guarded).contains(NICKNAME));
                guard.remove().await.unwrap();

                let broken = places.home.join(".waterfox/one");
                fs::create_dir_all(&broken).unwrap();
                fs::write(broken.join("cert9.db"), b"no database").unwrap();
                fs::write(places.home.join(".waterfox/profiles.ini"), "[Profile0]\nPath=one\n")
                    .unwrap();
                let guard = install(&places, vec![leaf()], now()).await.unwrap();
                let note = guard.note().unwrap();
                assert!(note.contains("Waterfox could not be told"), "{note}");
                assert!(!note.contains('/'));
                guard.remove().await.unwrap();
                let swept = remove_all(&places).await;
                assert_eq!(swept.count, 0);
                assert!(swept.left[0].contains("Waterfox"), "{:?}", swept.left);
                assert_eq!(fs::read(broken.join("cert9.db")).unwrap(), b"no database");
            }
        }

        #[tokio::test]
        async fn says_why_when_nothing_can_be_written() {
            for (home, places) in homes() {
                fs::write(home.path().join(".local"), "in the way").unwrap();
                let refused = install(&places, vec![leaf()], now()).await.unwrap_err();
                assert!(matches!(refused, Error::Failed(_)), "{refused:?}");
            }
        }

        #[tokio::test]
        async fn turns_to_certutil_when_the_helper_is_none() {
            for (_home, places) in homes() {
                let broken = Places { helper: Some("/bin/false".into()), ..places.clone() };
                let Ok(guard) = install(&broken, vec![leaf()], now()).await else {
                    assert!(Command::new("certutil").output().is_err());
                    continue;
                };
                assert_eq!(listed(&places, &guard.databases()[0]).len(), 1);
                guard.remove().await.unwrap();
            }
        }
    }
}
