//! Trust on macOS and Windows: one certificate of 397 days in the system's own store of this person,
//! its key in the encrypted database. Renewed when 30 days are left, and only at a sign-in, because
//! the system asks the person each time.
//!
//! What to do is decided by [`ready`], which takes what the system answered. What the system is told
//! goes by its own command line tools ([`MacOs`], [`Windows`]).

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretSlice};
use sha1::{Digest, Sha1};

use super::child::{self, Ended};
use super::owner::has_our_subject;
use super::{Swept, were_removed};
use crate::onpatient::certificate::{self, COMMON_NAME, Leaf};

/// How long one certificate is kept. Apple takes up to 825 days; 397 is what all do.
pub const LIFETIME: Duration = Duration::from_secs(397 * 24 * 60 * 60);

/// With this much left it is renewed at the next sign-in.
const RENEW_AT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The system may ask the person, who may have gone for the password.
const ASKED_WITHIN: Duration = Duration::from_secs(180);

/// A certificate that is trusted between sign-ins, and its key.
#[derive(Clone)]
pub struct Kept {
    /// The certificate.
    pub der: Vec<u8>,
    /// Its key (PKCS#8), for the encrypted database and nowhere else.
    pub key: SecretSlice<u8>,
    /// When it ends.
    pub not_after: Timestamp,
}

/// What the system said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Done,
    /// The person said no.
    Declined,
    /// It was not done.
    Failed,
}

/// The system's own store of this person's trust. Each call blocks, and may ask the person.
pub trait Store: Send + Sync + fmt::Debug {
    /// Trusts a certificate (DER) for TLS servers.
    fn trust(&self, der: &[u8]) -> Answer;

    /// Whether it is trusted as the browser would need it.
    fn is_trusted(&self, der: &[u8]) -> bool;

    /// Removes it.
    fn forget(&self, der: &[u8]) -> Answer;

    /// Every certificate with our name in it, ours or not; nothing when the store cannot be read.
    fn named_like_ours(&self) -> Option<Vec<Vec<u8>>>;

    /// What the system is called to the person, and how it asks.
    fn words(&self) -> Words;
}

/// How a system is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Said before it asks for the first time.
    pub will_ask: &'static str,
    /// Said before it asks for a new certificate in the place of one that ends soon.
    pub will_ask_again: &'static str,
    /// Said when the person declined.
    pub declined: &'static str,
    /// Said when it could not be done.
    pub failed: &'static str,
}

/// What a sign-in serves with.
#[derive(Debug)]
pub struct Ready {
    /// The certificate and how to serve with it.
    pub leaf: Leaf,
    /// To be kept in the place of the earlier one, where it is a new one.
    pub keep: Option<Kept>,
    /// What the person should know, as a sentence.
    pub note: Option<String>,
}

impl Kept {
    /// Makes a new one.
    ///
    /// # Errors
    /// As [`Leaf::new`].
    pub fn new(now: Timestamp) -> Result<Self, certificate::Error> {
        let (leaf, key) = Leaf::new_with_key(now, LIFETIME)?;
        let not_after =
            SignedDuration::try_from(LIFETIME).ok().and_then(|life| now.checked_add(life).ok());
        Ok(Self {
            der: leaf.der().to_vec(),
            key: SecretSlice::from(key.to_vec()),
            not_after: not_after.unwrap_or(Timestamp::MAX),
        })
    }

    fn leaf(&self) -> Result<Leaf, certificate::Error> {
        Leaf::from_parts(self.der.clone(), self.key.expose_secret())
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.not_after.duration_since(now) <= RENEW_AT
    }

    fn has_ended(&self, now: Timestamp) -> bool {
        self.not_after <= now
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

/// What the system will ask at a sign-in now, as far as that is known without asking it.
#[must_use]
pub fn will_ask(words: Words, kept: Option<&Kept>, now: Timestamp) -> Option<&'static str> {
    match kept {
        Some(kept) if !kept.is_due(now) => None,
        Some(kept) if !kept.has_ended(now) => Some(words.will_ask_again),
        Some(_) | None => Some(words.will_ask),
    }
}

/// Makes a certificate ready for a sign-in: the kept one while it is good, else a new one that the
/// system is asked to trust. An old one stays where it is, because its removal would be one more
/// question: its key is forgotten, it ends by itself within a month, and [`remove_all`] takes it too.
/// Nothing is kept that is not trusted.
///
/// # Errors
/// When no certificate can be made at all.
pub fn ready(
    store: &dyn Store,
    kept: Option<Kept>,
    now: Timestamp,
) -> Result<Ready, certificate::Error> {
    let is_good = |kept: &Kept| !kept.has_ended(now) && store.is_trusted(&kept.der);
    if let Some(kept) = &kept
        && !kept.is_due(now)
        && is_good(kept)
        && let Ok(leaf) = kept.leaf()
    {
        return Ok(Ready { leaf, keep: None, note: None });
    }
    let new = Kept::new(now)?;
    let answer = match store.trust(&new.der) {
        Answer::Done if !store.is_trusted(&new.der) => {
            store.forget(&new.der);
            Answer::Failed
        }
        answer @ (Answer::Done | Answer::Declined | Answer::Failed) => answer,
    };
    let words = store.words();
    let note = match answer {
        Answer::Done => return Ok(Ready { leaf: new.leaf()?, keep: Some(new), note: None }),
        Answer::Declined => words.declined,
        Answer::Failed => words.failed,
    };
    if let Some(kept) = &kept
        && is_good(kept)
        && let Ok(leaf) = kept.leaf()
    {
        // It is asked again at the next sign-in; until then nothing is amiss.
        return Ok(Ready { leaf, keep: None, note: None });
    }
    Ok(Ready { leaf: Leaf::new(now)?, keep: None, note: Some(note.to_owned()) })
}

/// Removes every certificate of ours, checked by its subject. Blocks, and may ask the person.
#[must_use]
pub fn remove_all(store: &dyn Store) -> Swept {
    let mut swept = Swept::default();
    let Some(found) = store.named_like_ours() else {
        swept
            .left
            .push("This computer\u{2019}s own certificates could not be looked at.".to_owned());
        return swept;
    };
    for der in found.iter().filter(|der| has_our_subject(der)) {
        match store.forget(der) {
            Answer::Done => swept.count += 1,
            Answer::Declined => swept.left.push(
                "One certificate was left where it is, because its removal was not allowed."
                    .to_owned(),
            ),
            Answer::Failed => swept.left.push(format!(
                "One certificate could not be removed. Look for \u{201c}{COMMON_NAME}\u{201d} among \
                 this computer's certificates."
            )),
        }
    }
    if swept.count > 0 {
        let place = "this computer\u{2019}s own certificates";
        swept.removed.push(were_removed(swept.count, place));
    }
    swept
}

/// The store of the system this program was built for; nothing where it has none of its own.
#[must_use]
pub fn this_computers() -> Option<Arc<dyn Store>> {
    if cfg!(target_os = "macos") {
        let home = crate::data_dir::home()?;
        Some(Arc::new(MacOs {
            security: PathBuf::from("/usr/bin/security"),
            keychain: home.join("Library/Keychains/login.keychain-db"),
        }))
    } else if cfg!(target_os = "windows") {
        let system = std::env::var_os("SystemRoot").map(PathBuf::from)?;
        Some(Arc::new(Windows { certutil: system.join("System32").join("certutil.exe") }))
    } else {
        None
    }
}

/// macOS: the login keychain and the trust settings of this person, by `security(1)`; no
/// administrator, one question for the password or a finger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacOs {
    /// `/usr/bin/security`
    pub security: PathBuf,
    /// `~/Library/Keychains/login.keychain-db`
    pub keychain: PathBuf,
}

impl MacOs {
    fn run(&self, command: &mut Command) -> io::Result<Ended> {
        child::run_within(ASKED_WITHIN, command, &[])
    }

    fn on_file(&self, der: &[u8], words: &[&str], with_keychain: bool) -> Answer {
        let asked = on_file(der, |file| {
            let mut command = Command::new(&self.security);
            command.args(words);
            if with_keychain {
                command.arg("-k").arg(&self.keychain);
            }
            self.run(command.arg(file))
        });
        said_by_security(asked)
    }
}

impl Store for MacOs {
    fn trust(&self, der: &[u8]) -> Answer {
        // No `-s localhost`: Chromium passes over settings with a name of their own.
        let words = ["add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-p", "basic"];
        self.on_file(der, &words, true)
    }

    fn is_trusted(&self, der: &[u8]) -> bool {
        let asked = on_file(der, |file| {
            let mut command = Command::new(&self.security);
            command.args(["verify-cert", "-p", "ssl", "-s", "localhost", "-c"]);
            self.run(command.arg(file))
        });
        said_by_security(asked) == Answer::Done
    }

    fn forget(&self, der: &[u8]) -> Answer {
        let untrusted = self.on_file(der, &["remove-trusted-cert"], false);
        if untrusted == Answer::Declined {
            return untrusted;
        }
        let mut command = Command::new(&self.security);
        command.args(["delete-certificate", "-Z", &sha1_hex(der)]);
        said_by_security(self.run(command.arg(&self.keychain)))
    }

    fn named_like_ours(&self) -> Option<Vec<Vec<u8>>> {
        let mut command = Command::new(&self.security);
        command.args(["find-certificate", "-a", "-c", COMMON_NAME, "-p"]);
        let ended = self.run(command.arg(&self.keychain)).ok()?;
        match ended.code {
            Some(0) => Some(read_pem(&String::from_utf8_lossy(&ended.output))),
            // errSecItemNotFound, as an exit code.
            Some(44) => Some(Vec::new()),
            _ => None,
        }
    }

    fn words(&self) -> Words {
        Words {
            will_ask: "Your Mac will ask once for your password or your finger, so that your browser \
                       trusts the page on this computer to which your portal sends you back. It asks \
                       again in about a year.",
            will_ask_again: "A year has gone by: your Mac will ask once for your password or your \
                             finger, so that your browser goes on to trust the page on this \
                             computer. The certificate of last year ends by itself.",
            declined: "Your Mac was not allowed to trust the page on this computer, so your browser \
                       will warn you about it. You can sign in inside Onhand instead.",
            failed: "Your Mac could not be told to trust the page on this computer, so your browser \
                     will warn you about it. You can sign in inside Onhand instead.",
        }
    }
}

/// Windows: the Root store of this person, by `certutil.exe`; no administrator, one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// `C:\Windows\System32\certutil.exe`
    pub certutil: PathBuf,
}

impl Windows {
    fn run(&self, words: &[&str], file: Option<&Path>) -> io::Result<Ended> {
        let mut command = Command::new(&self.certutil);
        command.arg("-user").args(words).args(file);
        child::run_within(ASKED_WITHIN, &mut command, &[])
    }
}

impl Store for Windows {
    fn trust(&self, der: &[u8]) -> Answer {
        said_by_windows(on_file(der, |file| self.run(&["-addstore", "Root"], Some(file))))
    }

    fn is_trusted(&self, der: &[u8]) -> bool {
        said_by_windows(self.run(&["-store", "Root", &sha1_hex(der)], None)) == Answer::Done
    }

    fn forget(&self, der: &[u8]) -> Answer {
        said_by_windows(self.run(&["-delstore", "Root", &sha1_hex(der)], None))
    }

    fn named_like_ours(&self) -> Option<Vec<Vec<u8>>> {
        let ended = self.run(&["-store", "Root", COMMON_NAME], None).ok()?;
        match ended.code {
            Some(0) => {}
            Some(code) if NOT_FOUND.contains(&code) => return Some(Vec::new()),
            _ => return None,
        }
        let folder = tempfile::tempdir().ok()?;
        let mut found = Vec::new();
        for (idx, hash) in sha1s_in(&String::from_utf8_lossy(&ended.output)).iter().enumerate() {
            let file = folder.path().join(format!("{idx}.cer"));
            self.run(&["-store", "Root", hash], Some(&file)).ok()?;
            found.extend(fs::read(&file).ok());
        }
        Some(found)
    }

    fn words(&self) -> Words {
        Words {
            will_ask: "Windows will ask once whether to install a certificate of \u{201c}localhost - \
                       Onhand (this computer)\u{201d}. Say Yes: your browser then trusts the page on \
                       this computer to which your portal sends you back. It asks again in about a \
                       year.",
            will_ask_again: "A year has gone by: Windows will ask once whether to install a new \
                             certificate of \u{201c}localhost - Onhand (this computer)\u{201d}. Say \
                             Yes. The one of last year ends by itself.",
            declined: "Windows was not allowed to trust the page on this computer, so your browser \
                       will warn you about it. You can sign in inside Onhand instead.",
            failed: "Windows could not be told to trust the page on this computer, so your browser \
                     will warn you about it. You can sign in inside Onhand instead.",
        }
    }
}

/// `HRESULT_FROM_WIN32(ERROR_CANCELLED)`: the person said No.
const CANCELLED: i32 = -2_147_023_673;
/// `CRYPT_E_NOT_FOUND`, `NTE_NOT_FOUND`
const NOT_FOUND: [i32; 2] = [-2_146_885_628, -2_146_893_807];

fn said_by_windows(ended: io::Result<Ended>) -> Answer {
    match ended.map(|ended| ended.code) {
        Ok(Some(0)) => Answer::Done,
        Ok(Some(CANCELLED | 1223)) => Answer::Declined,
        Ok(_) | Err(_) => Answer::Failed,
    }
}

fn said_by_security(ended: io::Result<Ended>) -> Answer {
    let Ok(ended) = ended else { return Answer::Failed };
    let said = String::from_utf8_lossy(&ended.said).to_lowercase();
    // errAuthorizationCanceled, userCanceledErr
    let is_declined = ["-60006", "-128", "cancel"].iter().any(|word| said.contains(word));
    match ended.code {
        Some(0) => Answer::Done,
        Some(_) if is_declined => Answer::Declined,
        Some(_) | None => Answer::Failed,
    }
}

/// Lends a certificate to a program as a file.
fn on_file(der: &[u8], run: impl FnOnce(&Path) -> io::Result<Ended>) -> io::Result<Ended> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("onhand.cer");
    fs::write(&file, der)?;
    run(&file)
}

/// A thumbprint, which names a certificate to the systems' tools; nothing is proven by it.
fn sha1_hex(der: &[u8]) -> String {
    Sha1::digest(der).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The thumbprints in what `certutil.exe -store` writes, in whatever language: `…(sha1): ab12…`.
fn sha1s_in(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.split_once("(sha1)"))
        .filter_map(|(_, rest)| rest.split_once(':'))
        .map(|(_, hash)| hash.split_whitespace().collect::<String>().to_lowercase())
        .filter(|hash| hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect()
}

/// The certificates in a text of PEM blocks.
fn read_pem(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
        let Some((body, _)) = block.split_once("-----END CERTIFICATE-----") else { continue };
        let body: String = body.split_whitespace().collect();
        found.extend(BASE64_STANDARD.decode(body).ok());
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::lock::lock;

    fn now() -> Timestamp {
        "2026-11-23T20:15:00Z".parse().unwrap()
    }

    fn days_later(days: i64) -> Timestamp {
        now() + SignedDuration::from_hours(24 * days)
    }

    /// A system whose person gives these answers, one after the other.
    #[derive(Debug, Default)]
    struct Person {
        answers: Mutex<Vec<Answer>>,
        trusted: Mutex<Vec<Vec<u8>>>,
        asked: Mutex<Vec<&'static str>>,
        /// Says that it has done what it has not.
        lies: bool,
    }

    impl Person {
        fn who_says(answers: impl IntoIterator<Item = Answer>) -> Self {
            let mut answers: Vec<_> = answers.into_iter().collect();
            answers.reverse();
            Self { answers: Mutex::new(answers), ..Self::default() }
        }

        fn asked(&self) -> Vec<&'static str> {
            std::mem::take(&mut *lock(&self.asked))
        }
    }

    impl Store for Person {
        fn trust(&self, der: &[u8]) -> Answer {
            lock(&self.asked).push("trust");
            let answer = lock(&self.answers).pop().unwrap_or(Answer::Done);
            if answer == Answer::Done && !self.lies {
                lock(&self.trusted).push(der.to_vec());
            }
            answer
        }

        fn is_trusted(&self, der: &[u8]) -> bool {
            lock(&self.trusted).iter().any(|other| other == der)
        }

        fn forget(&self, der: &[u8]) -> Answer {
            lock(&self.asked).push("forget");
            let answer = lock(&self.answers).pop().unwrap_or(Answer::Done);
            if answer == Answer::Done {
                lock(&self.trusted).retain(|other| other != der);
            }
            answer
        }

        fn named_like_ours(&self) -> Option<Vec<Vec<u8>>> {
            Some(lock(&self.trusted).clone())
        }

        fn words(&self) -> Words {
            Words {
                will_ask: "first",
                will_ask_again: "again",
                declined: "declined",
                failed: "failed",
            }
        }
    }

    fn words() -> Words {
        Person::default().words()
    }

    #[test]
    fn asks_once_and_serves_with_the_same_certificate_for_a_year() {
        let person = Person::default();
        assert_eq!(will_ask(words(), None, now()), Some("first"));
        let first = ready(&person, None, now()).unwrap();
        assert_eq!(person.asked(), ["trust"]);
        assert_eq!(first.note, None);
        let kept = first.keep.unwrap();
        assert_eq!(first.leaf.der(), kept.der);
        assert_eq!(kept.not_after, days_later(397));

        for day in [0, 1, 180, 366] {
            assert_eq!(will_ask(words(), Some(&kept), days_later(day)), None);
            let again = ready(&person, Some(kept.clone()), days_later(day)).unwrap();
            assert!(again.keep.is_none() && again.note.is_none());
            assert_eq!(again.leaf.der(), kept.der);
        }
        assert_eq!(person.asked(), Vec::<&str>::new());
    }

    #[test]
    fn renews_when_thirty_days_are_left_with_one_question_and_leaves_the_old_one_to_its_end() {
        let person = Person::default();
        let kept = ready(&person, None, now()).unwrap().keep.unwrap();
        person.asked();
        assert_eq!(will_ask(words(), Some(&kept), days_later(367)), Some("again"));
        let renewed = ready(&person, Some(kept.clone()), days_later(367)).unwrap();
        assert_eq!(person.asked(), ["trust"]);
        let new = renewed.keep.unwrap();
        assert_ne!(new.der, kept.der);
        assert_eq!(*lock(&person.trusted), vec![kept.der.clone(), new.der.clone()]);
        assert_eq!(will_ask(words(), Some(&kept), days_later(398)), Some("first"));

        // From then on the new one is used; the settings take both away.
        let again = ready(&person, Some(new.clone()), days_later(380)).unwrap();
        assert_eq!((again.leaf.der(), person.asked().len()), (new.der.as_slice(), 0));
        assert_eq!(remove_all(&person).count, 2);
        assert!(lock(&person.trusted).is_empty());
    }

    #[test]
    fn makes_a_new_one_when_the_person_took_the_old_one_away() {
        let person = Person::default();
        let kept = ready(&person, None, now()).unwrap().keep.unwrap();
        lock(&person.trusted).clear();
        person.asked();
        let again = ready(&person, Some(kept.clone()), days_later(2)).unwrap();
        assert_ne!(again.leaf.der(), kept.der);
        assert_eq!(person.asked(), ["trust"]);
    }

    #[test]
    fn keeps_nothing_that_was_declined_or_did_not_work_and_goes_on_with_a_warning() {
        for (answer, note) in [(Answer::Declined, "declined"), (Answer::Failed, "failed")] {
            let person = Person::who_says([answer]);
            let ready = ready(&person, None, now()).unwrap();
            assert!(ready.keep.is_none());
            assert_eq!(ready.note.as_deref(), Some(note));
        }
        let liar = Person { lies: true, ..Person::default() };
        let ready = ready(&liar, None, now()).unwrap();
        assert_eq!((ready.keep.is_none(), ready.note.as_deref()), (true, Some("failed")));
        assert_eq!(liar.asked(), ["trust", "forget"]);
    }

    #[test]
    fn a_renewal_that_is_declined_leaves_the_old_one_in_use_until_it_ends() {
        let person = Person::who_says([Answer::Done, Answer::Declined, Answer::Declined]);
        let kept = ready(&person, None, now()).unwrap().keep.unwrap();
        let declined = ready(&person, Some(kept.clone()), days_later(380)).unwrap();
        assert_eq!(declined.leaf.der(), kept.der);
        assert!(declined.keep.is_none() && declined.note.is_none());
        let ended = ready(&person, Some(kept.clone()), days_later(397)).unwrap();
        assert_ne!(ended.leaf.der(), kept.der);
        assert_eq!(ended.note.as_deref(), Some("declined"));
    }

    #[test]
    fn a_certificate_whose_key_cannot_be_read_is_made_anew() {
        let person = Person::default();
        let kept = ready(&person, None, now()).unwrap().keep.unwrap();
        let broken = Kept { key: SecretSlice::from(b"no key".to_vec()), ..kept };
        let again = ready(&person, Some(broken.clone()), now()).unwrap();
        assert!(again.keep.is_some_and(|new| new.der != broken.der));
    }

    #[test]
    fn removes_all_of_ours_and_nothing_else() {
        let person = Person::default();
        for _ in 0..2 {
            ready(&person, None, now()).unwrap();
        }
        let theirs = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let theirs = theirs.cert.der().to_vec();
        lock(&person.trusted).push(theirs.clone());
        let swept = remove_all(&person);
        assert_eq!((swept.count, swept.removed.len(), swept.left.len()), (2, 1, 0));
        assert_eq!(*lock(&person.trusted), vec![theirs]);

        let stubborn = Person::who_says([Answer::Done, Answer::Declined]);
        ready(&stubborn, None, now()).unwrap();
        let swept = remove_all(&stubborn);
        assert_eq!((swept.count, swept.removed.len(), swept.left.len()), (0, 0, 1));
    }

    #[test]
    fn says_nothing_of_the_key() {
        let kept = Kept::new(now()).unwrap();
        let key: String = kept.key.expose_secret().iter().map(|byte| format!("{byte}, ")).collect();
        assert!(!format!("{kept:?}").contains(key.trim_end_matches(", ")));
        assert!(format!("{kept:?}").contains("2027"));
    }

    #[test]
    fn understands_what_the_systems_say() {
        let ended = |code, said: &str| {
            Ok(Ended { code, output: Vec::new(), said: said.as_bytes().to_vec() })
        };
        for (code, said, answer) in [
            (Some(0), "", Answer::Done),
            (
                Some(1),
                "SecTrustSettingsSetTrustSettings: The authorization was canceled by the user.",
                Answer::Declined,
            ),
            (Some(1), "SecTrustSettingsSetTrustSettings: -60006", Answer::Declined),
            (Some(1), "SecCertificateAddToKeychain: write permissions error", Answer::Failed),
            (None, "", Answer::Failed),
        ] {
            assert_eq!(said_by_security(ended(code, said)), answer, "{said}");
        }
        for (code, answer) in [
            (Some(0), Answer::Done),
            (Some(0x8007_04C7_u32.cast_signed()), Answer::Declined),
            (Some(1223), Answer::Declined),
            (Some(0x8007_0005_u32.cast_signed()), Answer::Failed),
            (None, Answer::Failed),
        ] {
            assert_eq!(said_by_windows(ended(code, "")), answer, "{code:?}");
        }
        assert_eq!(NOT_FOUND, [0x8009_2004_u32, 0x8009_0011].map(u32::cast_signed));
        assert_eq!(said_by_windows(Err(io::ErrorKind::NotFound.into())), Answer::Failed);
    }

    #[test]
    fn reads_thumbprints_and_pem_blocks() {
        let text = "Root \"Trusted Root Certification Authorities\"\r\n\
                    ================ Certificate 0 ================\r\n\
                    Serial Number: 40a1\r\nCert Hash(sha1): 0123456789ABCDEF0123456789abcdef01234567\r\n\
                    ================ Zertifikat 1 ================\r\n\
                    Zertifikathash(sha1): 01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 68\r\n\
                    Cert Hash(sha256): 00\r\nCert Hash(sha1): 00\r\nCertUtil: -store command completed\r\n";
        assert_eq!(
            sha1s_in(text),
            [
                "0123456789abcdef0123456789abcdef01234567",
                "0123456789abcdef0123456789abcdef01234568",
            ]
        );
        let pem = "keychain: x\n-----BEGIN CERTIFICATE-----\nAAEC\nAw==\n-----END CERTIFICATE-----\n\
                   -----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n\
                   -----BEGIN CERTIFICATE-----\nBA==\n-----END CERTIFICATE-----\n";
        assert_eq!(read_pem(pem), [vec![0, 1, 2, 3], vec![4]]);
    }

    /// The systems' tools, played by scripts that note what they were told.
    #[cfg(unix)]
    mod by_their_tools {
        use std::os::unix::fs::PermissionsExt;

        use tempfile::TempDir;

        use super::*;

        fn tool(script: &str) -> (TempDir, PathBuf) {
            let folder = tempfile::tempdir().unwrap();
            let tool = folder.path().join("tool");
            let log = folder.path().join("log");
            let script =
                format!("#!/bin/sh\nlog={}\necho \"$@\" >> $log\n{script}\n", log.display());
            fs::write(&tool, script).unwrap();
            fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
            (folder, tool)
        }

        /// What it was told, with the file's name in place of its path.
        fn told(folder: &TempDir) -> Vec<String> {
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            let name = |word: &str| {
                let file = Path::new(word).file_name().filter(|_| word.contains('/'));
                file.map_or(word.to_owned(), |name| name.to_string_lossy().into_owned())
            };
            log.lines()
                .map(|line| line.split(' ').map(name).collect::<Vec<_>>().join(" "))
                .collect()
        }

        #[test]
        fn macos_is_told_by_security() {
            let (folder, security) = tool("");
            let mac = MacOs { security, keychain: "/k/login.keychain-db".into() };
            let kept = Kept::new(now()).unwrap();
            assert_eq!(mac.trust(&kept.der), Answer::Done);
            assert!(mac.is_trusted(&kept.der));
            assert_eq!(mac.forget(&kept.der), Answer::Done);
            assert_eq!(mac.named_like_ours(), Some(Vec::new()));
            assert_eq!(
                told(&folder),
                [
                    "add-trusted-cert -r trustRoot -p ssl -p basic -k login.keychain-db onhand.cer",
                    "verify-cert -p ssl -s localhost -c onhand.cer",
                    "remove-trusted-cert onhand.cer",
                    &format!("delete-certificate -Z {} login.keychain-db", sha1_hex(&kept.der)),
                    "find-certificate -a -c localhost - Onhand (this computer) -p login.keychain-db",
                ]
            );
        }

        #[test]
        fn macos_says_what_it_has() {
            let kept = Kept::new(now()).unwrap();
            let pem = BASE64_STANDARD.encode(&kept.der);
            let (_folder, security) = tool(&format!(
                "echo '-----BEGIN CERTIFICATE-----'; echo {pem}; echo '-----END CERTIFICATE-----'"
            ));
            let mac = MacOs { security, keychain: "/k".into() };
            assert_eq!(mac.named_like_ours(), Some(vec![kept.der]));
            let (_folder, security) = tool("exit 44");
            let mac = MacOs { security, keychain: "/k".into() };
            assert_eq!(mac.named_like_ours(), Some(Vec::new()));
            let missing = MacOs { security: "/nonexistent".into(), keychain: "/k".into() };
            assert_eq!(missing.named_like_ours(), None);
            assert_eq!(missing.trust(&[]), Answer::Failed);
        }

        #[test]
        fn windows_is_told_by_certutil() {
            let kept = Kept::new(now()).unwrap();
            let hash = sha1_hex(&kept.der);
            let (folder, certutil) = tool(&format!(
                "case \"$*\" in *localhost*) echo 'Cert Hash(sha1): {hash}';; *.cer) \
                 test \"$2\" = -store && for last; do :; done && printf there > \"$last\";; esac; exit 0"
            ));
            let windows = Windows { certutil };
            assert_eq!(windows.trust(&kept.der), Answer::Done);
            assert!(windows.is_trusted(&kept.der));
            assert_eq!(windows.forget(&kept.der), Answer::Done);
            assert_eq!(windows.named_like_ours(), Some(vec![b"there".to_vec()]));
            assert_eq!(
                told(&folder),
                [
                    "-user -addstore Root onhand.cer".to_owned(),
                    format!("-user -store Root {hash}"),
                    format!("-user -delstore Root {hash}"),
                    "-user -store Root localhost - Onhand (this computer)".to_owned(),
                    format!("-user -store Root {hash} 0.cer"),
                ]
            );
        }
    }
}
