//! The databases by the command line tool of NSS, where libnss3 cannot be used and it is installed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use onhand_nss::{Answer, Named, Work};
use x509_parser::parse_x509_certificate;

use super::Error;
use super::child::{self, Ended};
use super::owner::{NICKNAME, fingerprint};

const TRUST: &str = "CP,,";

/// Nothing where certutil is not installed.
pub(super) fn carry_out(folder: &Path, work: &Work) -> Option<Result<Answer, Error>> {
    match try_to(folder, work) {
        Err(Trouble::NoTool) => None,
        Err(Trouble::HasPassword) => Some(Err(Error::HasPassword)),
        Err(Trouble::Said(what)) => Some(Err(Error::Failed(format!("certutil: {what}")))),
        Ok(answer) => Some(Ok(answer)),
    }
}

enum Trouble {
    NoTool,
    HasPassword,
    Said(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::NoTool
        } else {
            Self::Said(error.kind().to_string())
        }
    }
}

fn try_to(folder: &Path, work: &Work) -> Result<Answer, Trouble> {
    let exists = folder.join("cert9.db").is_file();
    if !exists && !matches!(work, Work::Add { create: true, .. }) {
        // certutil would make one.
        return Err(Trouble::Said("there is no certificate database in this place".to_owned()));
    }
    match work {
        Work::Add { certificates, .. } => {
            if exists {
                // Asked first: with a primary password certutil fails to set the trust, and leaves
                // the certificate.
                refuse_password(folder)?;
            } else {
                make(folder)?;
            }
            for certificate in certificates {
                if let Err(error) = add(folder, certificate) {
                    for added in certificates {
                        // The first failure is the one to report.
                        let _ = remove(folder, &added.nickname);
                    }
                    return Err(error);
                }
            }
            Ok(Answer::Done)
        }
        Work::Remove { certificates } => {
            for (named, _) in list(folder, NICKNAME)? {
                if certificates.contains(&named.der) {
                    remove(folder, &named.nickname)?;
                }
            }
            Ok(Answer::Done)
        }
        Work::List { prefix } => {
            let listed = list(folder, prefix)?;
            Ok(Answer::Listed(listed.into_iter().map(|(named, _)| named).collect()))
        }
    }
}

fn make(folder: &Path) -> Result<(), Trouble> {
    // Without the tool nothing is made at all.
    child::run(Command::new("certutil").arg("-H"), &[])?;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Trouble::Said(error.kind().to_string()))?;
    certutil(folder, &["-N".as_ref(), "--empty-password".as_ref()], &[]).map(drop)
}

/// Asks for the keys with an empty password, which a database without one does not even look at.
fn refuse_password(folder: &Path) -> Result<(), Trouble> {
    let asked = run(folder, &["-K", "-f", "/dev/null"].map(OsStr::new), &[])?;
    let said = String::from_utf8_lossy(&asked.said);
    let is_refused = ["SEC_ERROR_BAD_PASSWORD", "could not authenticate", "no data"]
        .iter()
        .any(|words| said.contains(words));
    if is_refused { Err(Trouble::HasPassword) } else { Ok(()) }
}

fn add(folder: &Path, certificate: &Named) -> Result<(), Trouble> {
    let nickname = certificate.nickname.as_str();
    // A password it asks for would be read from the terminal; there is none, and it must fail.
    let arguments = ["-A", "-t", TRUST, "-f", "/dev/null", "-n", nickname];
    certutil(folder, &arguments.map(OsStr::new), &certificate.der)?;
    let is_kept =
        list(folder, nickname)?.iter().any(|(kept, trust)| kept == certificate && trust == TRUST);
    if is_kept {
        Ok(())
    } else {
        Err(Trouble::Said("the certificate is not trusted after adding it".to_owned()))
    }
}

fn remove(folder: &Path, nickname: &str) -> Result<(), Trouble> {
    certutil(folder, &["-D", "-n", nickname].map(OsStr::new), &[]).map(drop)
}

/// The certificates whose nickname begins with this, each with its trust.
fn list(folder: &Path, prefix: &str) -> Result<Vec<(Named, String)>, Trouble> {
    let table = certutil(folder, &["-L".as_ref()], &[])?;
    let mut listed = Vec::new();
    // Each line is a nickname, blanks, and the trust flags.
    for line in String::from_utf8_lossy(&table).lines() {
        let Some((nickname, trust)) = line.trim_end().rsplit_once(' ') else { continue };
        let nickname = nickname.trim_end();
        if nickname.starts_with(prefix) {
            let ders = certutil(folder, &["-L", "-r", "-n", nickname].map(OsStr::new), &[])?;
            listed.extend(its_own(nickname, &ders).map(|named| (named, trust.to_owned())));
        }
    }
    Ok(listed)
}

/// Asked for one certificate, certutil gives every one of the same subject, one after the other; ours
/// names its own fingerprint.
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

fn certutil(folder: &Path, arguments: &[&OsStr], input: &[u8]) -> Result<Vec<u8>, Trouble> {
    let ended = run(folder, arguments, input)?;
    if ended.code == Some(0) {
        Ok(ended.output)
    } else {
        // What it says may name a path; its code does not.
        Err(Trouble::Said(format!("code {}", ended.code.unwrap_or(-1))))
    }
}

fn run(folder: &Path, arguments: &[&OsStr], input: &[u8]) -> io::Result<Ended> {
    let mut database = OsString::from("sql:");
    database.push(folder);
    child::run(Command::new("certutil").args(arguments).arg("-d").arg(database), input)
}
