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
        // Noted first, so that the guard cleans up whatever a failure may have left.
        guard.databases.push(database.folder.clone());
        let work = Work::Add { certificates: named.clone(), create: database.is_new };
        if let Err(error) = carry_out(&guard.places, &database.folder, work) {
            guard.databases.pop();
            failure = Some(error);
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
