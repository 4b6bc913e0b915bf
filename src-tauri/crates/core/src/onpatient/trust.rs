//! Trust for the listener's certificate, in this person's own browsers and only while a sign-in runs.
//!
//! On Linux, Chromium and its kin read an NSS database in the home folder; the certificate is put
//! there before the browser opens and taken out when the sign-in has ended. Nothing here needs
//! administrator rights, and no CA is ever trusted.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use onhand_nss::{Answer, Failure, HELPER_ARGUMENT, Named, Request, Work};
use sha2::{Digest, Sha256};
use thiserror::Error;
use x509_parser::parse_x509_certificate;

use super::browser;
use super::certificate::{COMMON_NAME, ORGANIZATION};

/// How every nickname of ours begins.
pub const NICKNAME: &str = "Onhand sign-in ";

/// A certificate older than this is a leftover of a run that was killed; a younger one may belong to
/// a sign-in under way in another process.
const LEFTOVER_AFTER: SignedDuration = SignedDuration::from_mins(15);
const HELPER_WITHIN: Duration = Duration::from_secs(10);
const DROP_WITHIN: Duration = Duration::from_secs(5);
const MAX_ANSWER: u64 = 16 * 1024 * 1024;

/// Where browsers keep their databases, and who can write to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The person's home folder.
    pub home: PathBuf,
    /// `$XDG_DATA_HOME`, or `~/.local/share`.
    pub data_home: PathBuf,
    /// The program that answers to `nss-helper` as its first argument: the host's own.
    pub helper: Option<PathBuf>,
}

/// A database to write to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Database {
    /// The folder that holds, or will hold, `cert9.db`.
    pub folder: PathBuf,
    /// Whether it has to be made first.
    pub is_new: bool,
}

/// Certificates that browsers trust until this is removed or dropped.
#[derive(Debug)]
pub struct Guard {
    places: Places,
    certificates: Vec<Vec<u8>>,
    databases: Vec<PathBuf>,
}

/// Why a browser will show a warning.
#[derive(Debug, Error)]
pub enum Error {
    /// Not for this system yet.
    #[error(
        "Setting up trust in the browser is not supported yet on this system, so the browser will \
         show a warning about this computer's own address."
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
/// they are there. Whatever goes wrong, nothing is left behind.
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
/// indeed and older than 15 minutes. Says how many there were.
///
/// # Errors
/// When a database cannot be read or written; the others are swept all the same.
pub async fn sweep(places: &Places, now: Timestamp) -> Result<usize, Error> {
    let places = places.clone();
    blocking(move || remove_ours(&places, |age| age > LEFTOVER_AFTER, now)).await
}

/// Removes every certificate of ours from every database, however young. Says how many there were.
///
/// # Errors
/// When a database cannot be read or written; the others are swept all the same.
pub async fn remove_all(places: &Places, now: Timestamp) -> Result<usize, Error> {
    let places = places.clone();
    blocking(move || remove_ours(&places, |_| true, now)).await
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

    /// The databases it wrote to.
    #[must_use]
    pub fn databases(&self) -> &[PathBuf] {
        &self.databases
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

/// The databases to write to, by Chromium's own rule: `~/.pki/nssdb` if that folder exists (it then
/// looks nowhere else), `$XDG_DATA_HOME/pki/nssdb` otherwise; and every other one there is. One is
/// made only where Chromium itself would look for it.
#[must_use]
pub fn databases(places: &Places, exists: impl Fn(&Path) -> bool) -> Vec<Database> {
    let old = places.home.join(".pki/nssdb");
    let new = places.data_home.join("pki/nssdb");
    let has_database = |folder: &Path| exists(&folder.join("cert9.db"));
    let (read, other) = if exists(&old) { (old, new) } else { (new, old) };
    let mut found = vec![Database { is_new: !has_database(&read), folder: read }];
    if has_database(&other) {
        found.push(Database { folder: other, is_new: false });
    }
    found
}

fn install_now(places: Places, certificates: Vec<Vec<u8>>, now: Timestamp) -> Result<Guard, Error> {
    if !cfg!(target_os = "linux") {
        return Err(Error::NotSupported);
    }
    let named: Vec<Named> = certificates
        .iter()
        .map(|der| Named { nickname: nickname(der, now), der: der.clone() })
        .collect();
    let mut guard = Guard { places, certificates, databases: Vec::new() };
    let mut failure = None;
    for database in databases(&guard.places, Path::exists) {
        let work = Work::Add { certificates: named.clone(), create: database.is_new };
        match carry_out(&guard.places, &database.folder, work) {
            Ok(_) => guard.databases.push(database.folder),
            Err(error) => {
                // One that was cut short may have left something.
                let folder = std::slice::from_ref(&database.folder);
                let _ = remove_now(&guard.places, folder, &guard.certificates);
                failure = Some(error);
            }
        }
    }
    match failure {
        Some(failure) if guard.databases.is_empty() => Err(failure),
        Some(_) | None => Ok(guard),
    }
}

fn remove_now(
    places: &Places,
    databases: &[PathBuf],
    certificates: &[Vec<u8>],
) -> Result<(), Error> {
    let mut outcome = Ok(());
    for folder in databases {
        let work = Work::Remove { certificates: certificates.to_vec() };
        if let Err(error) = carry_out(places, folder, work) {
            outcome = Err(error);
        }
    }
    outcome
}

fn remove_ours(
    places: &Places,
    is_due: impl Fn(SignedDuration) -> bool,
    now: Timestamp,
) -> Result<usize, Error> {
    if !cfg!(target_os = "linux") {
        return Ok(0);
    }
    let mut n_removed = 0;
    let mut failure = None;
    for database in databases(places, Path::exists).into_iter().filter(|found| !found.is_new) {
        let removed = remove_ours_in(places, &database.folder, &is_due, now);
        match removed {
            Ok(n) => n_removed += n,
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(n_removed), Err)
}

fn remove_ours_in(
    places: &Places,
    folder: &Path,
    is_due: &impl Fn(SignedDuration) -> bool,
    now: Timestamp,
) -> Result<usize, Error> {
    let listed = match carry_out(places, folder, Work::List { prefix: NICKNAME.to_owned() })? {
        Answer::Listed(listed) => listed,
        Answer::Done | Answer::Failed(_) => Vec::new(),
    };
    let due: Vec<_> = listed
        .into_iter()
        .filter(|named| added_at(named).is_some_and(|added| is_due(now.duration_since(added))))
        .map(|named| named.der)
        .collect();
    let n_due = due.len();
    if n_due > 0 {
        carry_out(places, folder, Work::Remove { certificates: due })?;
    }
    Ok(n_due)
}

/// `Onhand sign-in SECONDS FINGERPRINT`: when it was added, and of which certificate it is the name.
fn nickname(der: &[u8], now: Timestamp) -> String {
    format!("{NICKNAME}{} {}", now.as_second(), fingerprint(der))
}

/// When a certificate of ours was added; nothing for one that only bears such a name. Ours are the
/// listener's (by subject), and a portal's own (by the fingerprint in its nickname).
fn added_at(named: &Named) -> Option<Timestamp> {
    let (seconds, print) = named.nickname.strip_prefix(NICKNAME)?.split_once(' ')?;
    let added = Timestamp::from_second(seconds.parse().ok()?).ok()?;
    let is_ours = print == fingerprint(&named.der) || has_our_subject(&named.der);
    is_ours.then_some(added)
}

fn has_our_subject(der: &[u8]) -> bool {
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

fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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
            Err(error) => failure = Error::Failed(error.to_string()),
        }
    }
    certutil::carry_out(folder, &work).unwrap_or(Err(failure))
}

fn by_helper(helper: &Path, request: &Request) -> io::Result<Answer> {
    let input = serde_json::to_vec(request)?;
    let output = run(Command::new(helper).arg(HELPER_ARGUMENT), &input)?;
    Ok(serde_json::from_slice(&output)?)
}

/// Runs a command to its end, at most ten seconds, and gives what it wrote; it fails when the command
/// does.
fn run(command: &mut Command, input: &[u8]) -> io::Result<Vec<u8>> {
    browser::without_our_environment(command);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let stdin = child.stdin.take();
    let stdout = child.stdout.take();
    let input = input.to_vec();
    let (send, received) = mpsc::channel();
    thread::spawn(move || {
        let _ = send.send(talk(stdin, stdout, &input));
    });
    match received.recv_timeout(HELPER_WITHIN) {
        Ok(output) => end(&mut child, output),
        Err(_) => {
            child.kill()?;
            child.wait()?;
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

fn talk(stdin: Option<impl Write>, stdout: Option<impl Read>, input: &[u8]) -> io::Result<Vec<u8>> {
    if let Some(mut stdin) = stdin {
        stdin.write_all(input)?;
    }
    let mut output = Vec::new();
    if let Some(stdout) = stdout {
        stdout.take(MAX_ANSWER).read_to_end(&mut output)?;
    }
    Ok(output)
}

fn end(child: &mut Child, output: io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    let status = child.wait()?;
    if status.success() { output } else { Err(io::Error::other(status.to_string())) }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Failed("it was interrupted".to_owned())),
    }
}

/// The same by the command line tool of NSS, where it is installed.
mod certutil {
    use super::{
        Answer, Command, Error, Named, OsStr, Path, Work, fingerprint, fs, io,
        parse_x509_certificate, run,
    };

    /// Nothing where certutil is not installed.
    pub(super) fn carry_out(folder: &Path, work: &Work) -> Option<Result<Answer, Error>> {
        match try_to(folder, work) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            outcome => Some(outcome.map_err(|error| Error::Failed(format!("certutil: {error}")))),
        }
    }

    fn try_to(folder: &Path, work: &Work) -> io::Result<Answer> {
        let exists = folder.join("cert9.db").is_file();
        if !exists && !matches!(work, Work::Add { create: true, .. }) {
            // certutil would make one.
            return Err(io::Error::other("there is no certificate database in this place"));
        }
        match work {
            Work::Add { certificates, .. } => {
                if !exists {
                    make(folder)?;
                }
                for certificate in certificates {
                    if let Err(error) = add(folder, certificate) {
                        // certutil may leave a certificate whose trust it could not set.
                        for added in certificates {
                            let _ = remove(folder, &added.nickname);
                        }
                        return Err(error);
                    }
                }
                Ok(Answer::Done)
            }
            Work::Remove { certificates } => {
                for named in list(folder, super::NICKNAME)? {
                    if certificates.contains(&named.der) {
                        remove(folder, &named.nickname)?;
                    }
                }
                Ok(Answer::Done)
            }
            Work::List { prefix } => Ok(Answer::Listed(list(folder, prefix)?)),
        }
    }

    fn make(folder: &Path) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        certutil(folder, &["-N".as_ref(), "--empty-password".as_ref()], &[]).map(drop)
    }

    fn add(folder: &Path, certificate: &Named) -> io::Result<()> {
        let nickname = certificate.nickname.as_str();
        // A password it asks for would be read from the terminal; there is none, and it must fail.
        let arguments = ["-A", "-t", "CP,,", "-f", "/dev/null", "-n", nickname];
        certutil(folder, &arguments.map(OsStr::new), &certificate.der)?;
        if list(folder, nickname)?.contains(certificate) {
            Ok(())
        } else {
            Err(io::Error::other("the certificate is not there after adding it"))
        }
    }

    fn remove(folder: &Path, nickname: &str) -> io::Result<()> {
        certutil(folder, &["-D", "-n", nickname].map(OsStr::new), &[]).map(drop)
    }

    fn list(folder: &Path, prefix: &str) -> io::Result<Vec<Named>> {
        let table = certutil(folder, &["-L".as_ref()], &[])?;
        let mut listed = Vec::new();
        // Each line is a nickname, blanks, and the trust flags.
        for line in String::from_utf8_lossy(&table).lines() {
            let Some((nickname, _)) = line.trim_end().rsplit_once(' ') else { continue };
            let nickname = nickname.trim_end();
            if nickname.starts_with(prefix) {
                let ders = certutil(folder, &["-L", "-r", "-n", nickname].map(OsStr::new), &[])?;
                listed.extend(its_own(nickname, &ders));
            }
        }
        Ok(listed)
    }

    /// Asked for one certificate, certutil gives every one of the same subject, one after the other;
    /// ours names its own fingerprint.
    fn its_own(nickname: &str, ders: &[u8]) -> Option<Named> {
        let mut rest = ders;
        while let Ok((after, _)) = parse_x509_certificate(rest) {
            let der = rest.get(..rest.len() - after.len())?;
            if nickname.ends_with(&fingerprint(der)) {
                return Some(Named { nickname: nickname.to_owned(), der: der.to_vec() });
            }
            rest = after;
        }
        None
    }

    fn certutil(folder: &Path, arguments: &[&OsStr], input: &[u8]) -> io::Result<Vec<u8>> {
        let mut database = std::ffi::OsString::from("sql:");
        database.push(folder);
        run(Command::new("certutil").args(arguments).arg("-d").arg(database), input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(home: &Path, helper: Option<PathBuf>) -> Places {
        Places { home: home.to_owned(), data_home: home.join(".local/share"), helper }
    }

    #[test]
    fn finds_the_databases_that_chromium_reads() {
        let there = places(Path::new("/h"), None);
        let (old, new) = ("/h/.pki/nssdb", "/h/.local/share/pki/nssdb");
        let (old_db, new_db) = ("/h/.pki/nssdb/cert9.db", "/h/.local/share/pki/nssdb/cert9.db");
        for (existing, expected) in [
            (vec![], vec![(new, true)]),
            (vec!["/h/.pki"], vec![(new, true)]),
            (vec![new], vec![(new, true)]),
            (vec![new, new_db], vec![(new, false)]),
            (vec![old], vec![(old, true)]),
            (vec![old, old_db], vec![(old, false)]),
            (vec![old, new, new_db], vec![(old, true), (new, false)]),
            (vec![old, old_db, new], vec![(old, false)]),
            (vec![old, old_db, new, new_db], vec![(old, false), (new, false)]),
        ] {
            let found = databases(&there, |path| existing.iter().any(|e| Path::new(e) == path));
            let found: Vec<_> =
                found.iter().map(|found| (found.folder.to_str().unwrap(), found.is_new)).collect();
            assert_eq!(found, expected, "{existing:?}");
        }
    }

    #[cfg(target_os = "linux")]
    mod on_linux {
        use std::os::unix::fs::PermissionsExt;

        use tempfile::TempDir;

        use super::super::super::certificate::Leaf;
        use super::super::super::fake::built_helper;
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
                let places = places(home.path(), helper);
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
                let killed = install(&places, vec![old, portal], now()).await.unwrap();
                let database = killed.databases()[0].clone();
                std::mem::forget(killed);
                let running =
                    install(&places, vec![young.clone()], minutes_later(10)).await.unwrap();
                let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
                let theirs = theirs.cert.der().to_vec();
                let someone_elses = Named {
                    // The name of ours, with a fingerprint that is not the certificate's.
                    nickname: format!("{NICKNAME}1 {}", fingerprint(b"another")),
                    der: theirs.clone(),
                };
                let work = Work::Add { certificates: vec![someone_elses], create: false };
                let is_added = carry_out(&places, &database, work).is_ok();

                assert_eq!(sweep(&places, minutes_later(15)).await.unwrap(), 0);
                assert_eq!(sweep(&places, minutes_later(16)).await.unwrap(), 2);
                assert!(ders(&places, &database).contains(&young));
                assert_eq!(remove_all(&places, minutes_later(16)).await.unwrap(), 1);
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

        #[tokio::test]
        async fn leaves_nothing_where_there_is_a_primary_password() {
            for (home, places) in homes() {
                let database = places.data_home.join("pki/nssdb");
                fs::create_dir_all(&database).unwrap();
                let password = home.path().join("password");
                fs::write(&password, "primary password\n").unwrap();
                let made = Command::new("certutil")
                    .args(["-N", "-d"])
                    .arg(format!("sql:{}", database.display()))
                    .arg("-f")
                    .arg(&password)
                    .status();
                let Ok(made) = made else { continue };
                assert!(made.success());

                let refused = install(&places, vec![leaf()], now()).await.unwrap_err();
                assert_eq!(matches!(refused, Error::HasPassword), places.helper.is_some());
                let table = run(Command::new("certutil").args(["-L", "-d"]).arg(&database), &[]);
                assert!(!String::from_utf8(table.unwrap()).unwrap().contains(NICKNAME));
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
