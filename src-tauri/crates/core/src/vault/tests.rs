use std::{env, process::Command, sync::Barrier, thread, time::Instant};

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::*;

const PASSPHRASE: &str = "correct horse battery";

/// A folder for one database, a store in memory, and vaults on both.
struct Room {
    folder: TempDir,
    store: Arc<MemoryStore>,
}

impl Room {
    fn new() -> Room {
        Room { folder: TempDir::new().unwrap(), store: Arc::default() }
    }

    fn vault(&self) -> Vault {
        let store: Arc<dyn KeyStore> = self.store.clone();
        self.vault_on(store)
    }

    fn vault_on(&self, store: Arc<dyn KeyStore>) -> Vault {
        let mut vault = Vault::with_store(self.database(), store);
        vault.cost = passphrase::Cost::LEAST;
        vault
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("data").join("onhand.db")
    }

    fn sidecar(&self) -> PathBuf {
        self.folder.path().join("data").join(FILE_NAME)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.sidecar()).unwrap()
    }

    /// Changes `vault.json` and says how the vault then refuses to open.
    fn unlock_altered(&self, from: &str, to: &str) -> Error {
        let text = self.text();
        assert!(text.contains(from), "{text} does not contain {from}");
        fs::write(self.sidecar(), text.replacen(from, to, 1)).unwrap();
        let error = self.vault().unlock(Some(&secret(PASSPHRASE))).unwrap_err();
        fs::write(self.sidecar(), text).unwrap();
        error
    }
}

/// A store that answers everything in one way, or never.
enum Broken {
    /// Says "no entry" when read, and lets nobody write.
    Locked,
    /// There is no keychain.
    Absent,
    /// Takes what it is given and has nothing afterwards.
    Forgetful,
    /// Keeps something else than it is given.
    Garbling,
    /// Never answers.
    Hung,
}

impl Broken {
    fn answer(&self, reading: bool) -> Result<(), StoreError> {
        match self {
            Broken::Locked if reading => Err(StoreError::NoEntry),
            Broken::Locked => Err(StoreError::Locked("NoResult".to_owned())),
            Broken::Absent => Err(StoreError::Absent("no bus".to_owned())),
            Broken::Forgetful if reading => Err(StoreError::NoEntry),
            Broken::Forgetful | Broken::Garbling => Ok(()),
            Broken::Hung => loop {
                thread::park();
            },
        }
    }
}

impl KeyStore for Broken {
    fn set(&self, _account: &str, _text: &str) -> Result<(), StoreError> {
        self.answer(false)
    }

    fn get(&self, _account: &str) -> Result<Zeroizing<String>, StoreError> {
        self.answer(true).map(|()| Zeroizing::new("something else".to_owned()))
    }

    fn delete(&self, _account: &str) -> Result<(), StoreError> {
        self.answer(false)
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

#[test]
fn a_keychain_key_is_the_same_after_reopening() {
    let room = Room::new();
    assert_eq!(room.vault().state(), State::None);

    let made = room.vault().create(Kind::Keychain, None).unwrap();

    let State::Keychain { id } = room.vault().state() else { panic!("{:?}", room.vault().state()) };
    assert_eq!(room.store.accounts(), [id]);
    assert_eq!(room.vault().unlock(None).unwrap().expose(), made.expose());
}

#[test]
fn a_passphrase_key_is_the_same_after_reopening() {
    let room = Room::new();

    let made = room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();

    assert!(matches!(room.vault().state(), State::Passphrase { .. }));
    assert!(room.store.accounts().is_empty());
    let unlocked = room.vault().unlock(Some(&secret(PASSPHRASE))).unwrap();
    assert_eq!(unlocked.expose(), made.expose());
}

#[test]
fn the_usual_cost_is_64_mib_and_three_passes_and_stands_in_the_file() {
    let room = Room::new();
    let vault = Vault::with_store(room.database(), room.store.clone());

    let made = vault.create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();

    let file: serde_json::Value = serde_json::from_str(&room.text()).unwrap();
    let cost = serde_json::json!({ "memory_kib": 65536, "passes": 3, "lanes": 1 });
    assert_eq!(file["kept"]["argon2id"], cost);
    assert_eq!(vault.unlock(Some(&secret(PASSPHRASE))).unwrap().expose(), made.expose());
}

#[test]
fn the_sample_key_is_the_published_one() {
    let room = Room::new();

    room.vault().create(Kind::Open, None).unwrap();

    assert!(matches!(room.vault().state(), State::Open { .. }));
    assert_eq!(room.vault().unlock(None).unwrap().expose(), &SAMPLE_KEY);
}

#[test]
fn two_databases_have_two_ids_and_two_keys() {
    let (one, other) = (Room::new(), Room::new());
    let one_key = one.vault().create(Kind::Keychain, None).unwrap();
    let other_key = other.vault().create(Kind::Keychain, None).unwrap();

    assert_ne!(one_key.expose(), other_key.expose());
    assert_ne!(one.store.accounts(), other.store.accounts());
}

#[test]
fn no_file_holds_a_key_or_a_passphrase() {
    let room = Room::new();
    let key = room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();
    let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, key.expose());

    for file in fs::read_dir(room.folder.path().join("data")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(&hex) && !text.contains(&base64) && !text.contains(PASSPHRASE));
    }
    assert!(!format!("{key:?} {:?}", room.vault()).contains(&hex));
}

#[cfg(unix)]
#[test]
fn the_file_and_its_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();
    assert_eq!(mode(&room.sidecar()), 0o600);
    assert_eq!(mode(room.sidecar().parent().unwrap()), 0o700);

    room.vault().change_passphrase(&secret(PASSPHRASE), &secret("another passphrase")).unwrap();
    assert_eq!(mode(&room.sidecar()), 0o600);
}

#[test]
fn a_wrong_passphrase_is_refused_and_changes_nothing() {
    let room = Room::new();
    room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();
    let before = room.text();

    for wrong in ["Correct horse battery", "", "correct horse battery "] {
        let refused = room.vault().unlock(Some(&secret(wrong)));
        assert!(matches!(refused, Err(Error::WrongPassphrase)), "{wrong:?}: {refused:?}");
    }
    assert!(matches!(room.vault().unlock(None), Err(Error::PassphraseNeeded)));
    assert_eq!(room.text(), before);
}

#[test]
fn a_passphrase_needs_eight_characters_whatever_their_bytes() {
    for short in ["", "1234567", "ééééééé", "       a       "] {
        let refused = Room::new().vault().create(Kind::Passphrase, Some(&secret(short)));
        assert!(matches!(refused, Err(Error::PassphraseTooShort)), "{short:?}: {refused:?}");
    }
    for enough in ["12345678", "éééééééé", "a b c d e"] {
        Room::new().vault().create(Kind::Passphrase, Some(&secret(enough))).unwrap();
    }
    let none = Room::new().vault().create(Kind::Passphrase, None);
    assert!(matches!(none, Err(Error::PassphraseNeeded)), "{none:?}");
}

#[test]
fn a_changed_passphrase_opens_the_same_key_and_the_old_one_no_more() {
    let room = Room::new();
    let made = room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();
    let (old, new) = (secret(PASSPHRASE), secret("quite another one"));
    let before = room.text();

    let refused = room.vault().change_passphrase(&new, &new);
    assert!(matches!(refused, Err(Error::WrongPassphrase)), "{refused:?}");
    let refused = room.vault().change_passphrase(&old, &secret("short"));
    assert!(matches!(refused, Err(Error::PassphraseTooShort)), "{refused:?}");
    assert_eq!(room.text(), before);

    room.vault().change_passphrase(&old, &new).unwrap();
    assert_eq!(room.vault().unlock(Some(&new)).unwrap().expose(), made.expose());
    let refused = room.vault().unlock(Some(&old));
    assert!(matches!(refused, Err(Error::WrongPassphrase)), "{refused:?}");
}

#[test]
fn a_keychain_database_has_no_passphrase_to_change() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    let refused = room.vault().change_passphrase(&secret(PASSPHRASE), &secret("another one"));
    assert!(matches!(refused, Err(Error::NoPassphrase)), "{refused:?}");
}

#[test]
fn nothing_is_made_where_a_key_is_kept() {
    let room = Room::new();
    let made = room.vault().create(Kind::Keychain, None).unwrap();
    let before = room.text();

    for kind in [Kind::Keychain, Kind::Passphrase, Kind::Open] {
        let refused = room.vault().create(kind, Some(&secret(PASSPHRASE)));
        assert!(matches!(refused, Err(Error::AlreadyThere)), "{kind:?}: {refused:?}");
    }
    assert_eq!(room.text(), before);
    assert_eq!(room.store.accounts().len(), 1);
    assert_eq!(room.vault().unlock(None).unwrap().expose(), made.expose());
}

#[test]
fn of_many_that_make_a_key_at_once_one_does_and_its_key_is_the_one_kept() {
    let room = Room::new();
    let barrier = Barrier::new(8);
    let made: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    room.vault().create(Kind::Keychain, None)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });

    let keys: Vec<_> = made.iter().filter_map(|made| made.as_ref().ok()).collect();
    assert_eq!(keys.len(), 1, "{made:?}");
    assert!(made.iter().all(|made| matches!(made, Ok(_) | Err(Error::AlreadyThere))), "{made:?}");
    assert_eq!(room.vault().unlock(None).unwrap().expose(), keys[0].expose());
    assert_eq!(room.store.accounts().len(), 1);
}

#[test]
fn a_missing_key_beside_a_database_is_a_sentence_and_never_a_new_key() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    fs::write(room.database(), "pages").unwrap();
    room.store.clear();

    let refused = room.vault().unlock(None);

    assert!(matches!(refused, Err(Error::KeyMissing)), "{refused:?}");
    assert!(room.store.accounts().is_empty());
    assert!(matches!(room.vault().create(Kind::Keychain, None), Err(Error::AlreadyThere)));
}

#[test]
fn a_database_without_its_file_is_a_sentence_and_never_a_new_key() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    fs::write(room.database(), "pages").unwrap();
    fs::remove_file(room.sidecar()).unwrap();

    for kind in [Kind::Keychain, Kind::Passphrase, Kind::Open] {
        let refused = room.vault().create(kind, Some(&secret(PASSPHRASE)));
        assert!(matches!(refused, Err(Error::FileMissing)), "{kind:?}: {refused:?}");
    }
    assert!(matches!(room.vault().unlock(None), Err(Error::FileMissing)));
    assert!(
        matches!(room.vault().state(), State::Damaged { reason } if reason.contains("missing"))
    );
    assert!(!room.sidecar().exists());
}

#[test]
fn an_empty_database_file_is_no_database() {
    let room = Room::new();
    fs::create_dir_all(room.database().parent().unwrap()).unwrap();
    fs::write(room.database(), "").unwrap();
    assert_eq!(room.vault().state(), State::None);
    room.vault().create(Kind::Keychain, None).unwrap();
}

#[test]
fn a_foreign_key_in_the_keychain_is_told_from_the_right_one() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    let account = room.store.accounts().remove(0);
    let foreign = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, [7; 32]);

    for entry in [foreign.as_str(), "not base64", "c2hvcnQ="] {
        room.store.set(&account, entry).unwrap();
        let refused = room.vault().unlock(None);
        assert!(matches!(refused, Err(Error::KeyForeign)), "{entry}: {refused:?}");
    }
}

#[test]
fn an_altered_file_opens_nothing() {
    let room = Room::new();
    room.vault().create(Kind::Passphrase, Some(&secret(PASSPHRASE))).unwrap();
    let State::Passphrase { id } = room.vault().state() else { panic!() };
    let file: serde_json::Value = serde_json::from_str(&room.text()).unwrap();
    let field = |name: &str| file["kept"][name].as_str().unwrap().to_owned();
    let other_start = |text: &str| {
        let mut chars = text.chars();
        let start = if chars.next() == Some('A') { 'B' } else { 'A' };
        start.to_string() + chars.as_str()
    };

    // What is bound to the wrapped key: the id, the work, the salt, the nonce, the key itself.
    let altered = [
        (id.as_str().to_owned(), other_start(&id)),
        ("\"passes\": 1".to_owned(), "\"passes\": 2".to_owned()),
        ("\"memory_kib\": 8".to_owned(), "\"memory_kib\": 9".to_owned()),
        (field("salt"), other_start(&field("salt"))),
        (field("nonce"), other_start(&field("nonce"))),
        (field("wrapped_key"), other_start(&field("wrapped_key"))),
    ];
    for (from, to) in altered {
        let refused = room.unlock_altered(&from, &to);
        assert!(matches!(refused, Error::WrongPassphrase), "{from} -> {to}: {refused:?}");
    }

    // What is refused before any work is done.
    let whole = [
        ("\"memory_kib\": 8", "\"memory_kib\": 4294967295"),
        ("\"memory_kib\": 8", "\"memory_kib\": 1048577"),
        ("\"memory_kib\": 8", "\"memory_kib\": 0"),
        ("\"passes\": 1", "\"passes\": 4000000000"),
        ("\"passes\": 1", "\"passes\": 0"),
        ("\"lanes\": 1", "\"lanes\": 16777215"),
        ("\"lanes\": 1", "\"lanes\": -1"),
        ("\"salt\": \"", "\"salt\": \"AAAA"),
        ("\"version\": 1", "\"version\": 0"),
        ("\"version\": 1,", ""),
        ("\"id\": \"", "\"id\": \"zz"),
        ("\"passphrase\"", "\"elsewhere\""),
        ("\"version\"", "\"extra\": 1, \"version\""),
    ];
    for (from, to) in whole {
        let refused = room.unlock_altered(from, to);
        assert!(matches!(refused, Error::FileDamaged { .. }), "{from} -> {to}: {refused:?}");
    }

    let newer = room.unlock_altered("\"version\": 1", "\"version\": 2, \"shape\": \"other\"");
    assert!(matches!(newer, Error::FileNewer), "{newer:?}");
    room.vault().unlock(Some(&secret(PASSPHRASE))).unwrap();
}

#[test]
fn a_torn_file_is_damaged_wherever_it_was_torn() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    let whole = room.text();

    // Without its last line feed and brace it is torn; without the line feed alone it is whole.
    for length in 0..whole.trim_end().len() {
        fs::write(room.sidecar(), whole.get(..length).unwrap()).unwrap();
        let refused = room.vault().unlock(None);
        assert!(matches!(refused, Err(Error::FileDamaged { .. })), "{length}: {refused:?}");
        assert!(matches!(room.vault().state(), State::Damaged { .. }), "{length}");
        let refused = room.vault().create(Kind::Keychain, None);
        assert!(matches!(refused, Err(Error::FileDamaged { .. })), "{length}: {refused:?}");
    }
    fs::write(room.sidecar(), format!("{whole}{}", " ".repeat(20_000))).unwrap();
    assert!(matches!(room.vault().unlock(None), Err(Error::FileDamaged { .. })));
    assert_eq!(room.store.accounts().len(), 1);
}

#[test]
fn a_file_half_written_by_a_crash_is_no_vault_and_hinders_nothing() {
    let room = Room::new();
    fs::create_dir_all(room.database().parent().unwrap()).unwrap();
    fs::write(room.sidecar().with_file_name(".vault-xxxx"), "{\"version\"").unwrap();
    assert_eq!(room.vault().state(), State::None);
    let made = room.vault().create(Kind::Keychain, None).unwrap();
    assert_eq!(room.vault().unlock(None).unwrap().expose(), made.expose());
}

#[test]
fn a_keychain_that_does_not_keep_things_is_found_out_and_nothing_is_kept() {
    /// Whether the error is the one expected.
    type Is = fn(&Error) -> bool;
    let cases: [(Broken, Is); 4] = [
        (Broken::Locked, |error| matches!(error, Error::KeychainLocked { .. })),
        (Broken::Absent, |error| matches!(error, Error::NoKeychain { .. })),
        (Broken::Forgetful, |error| matches!(error, Error::KeychainForgets)),
        (Broken::Garbling, |error| matches!(error, Error::KeychainForgets)),
    ];
    for (broken, is_expected) in cases {
        let room = Room::new();
        let vault = room.vault_on(Arc::new(broken));

        let probed = vault.keychain_works().unwrap_err();
        assert!(is_expected(&probed), "{probed:?}");
        let made = vault.create(Kind::Keychain, None).unwrap_err();
        assert!(is_expected(&made) && made.lacks_keychain(), "{made:?}");
        assert_eq!(vault.state(), State::None);
    }
}

#[test]
fn no_entry_from_a_locked_keychain_is_not_a_missing_key() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();

    let refused = room.vault_on(Arc::new(Broken::Locked)).unlock(None);

    assert!(matches!(refused, Err(Error::KeychainLocked { .. })), "{refused:?}");
}

#[test]
fn a_hung_keychain_is_given_up_on_in_time() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    let patience = Patience { key: Duration::from_millis(60), probe: Duration::from_millis(30) };
    let vault = room.vault_on(Arc::new(Broken::Hung)).with_patience(patience);

    let began = Instant::now();
    let probed = vault.keychain_works();
    let unlocked = vault.unlock(None);
    let forgotten = vault.forget();

    let timed_out = |after| move |error: &Error| matches!(error, Error::KeychainTimedOut { after: waited } if *waited == after);
    assert!(probed.as_ref().is_err_and(timed_out(patience.probe)), "{probed:?}");
    assert!(unlocked.as_ref().is_err_and(timed_out(patience.key)), "{unlocked:?}");
    assert!(forgotten.as_ref().is_err_and(timed_out(patience.key)), "{forgotten:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(room.sidecar().exists());
}

#[test]
fn forgetting_leaves_neither_entry_nor_file() {
    let room = Room::new();
    room.vault().forget().unwrap();
    for kind in [Kind::Keychain, Kind::Passphrase, Kind::Open] {
        room.vault().create(kind, Some(&secret(PASSPHRASE))).unwrap();
        room.vault().forget().unwrap();
        assert!(room.store.accounts().is_empty(), "{kind:?}");
        assert!(!room.sidecar().exists(), "{kind:?}");
        assert_eq!(room.vault().state(), State::None, "{kind:?}");
    }
}

#[test]
fn forgetting_a_key_that_the_keychain_lost_removes_the_file() {
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    room.store.clear();
    room.vault().forget().unwrap();
    assert_eq!(room.vault().state(), State::None);
}

#[test]
fn a_folder_that_cannot_be_written_leaves_no_key_behind() {
    let room = Room::new();
    fs::write(room.folder.path().join("data"), "a file where the folder should be").unwrap();

    let refused = room.vault().create(Kind::Keychain, None);

    assert!(matches!(refused, Err(Error::FileNotRead { .. } | Error::FileNotWritten { .. })));
    assert!(room.store.accounts().is_empty());
}

#[test]
fn every_error_says_what_to_do_and_is_a_sentence() {
    let io = || io::Error::from(io::ErrorKind::PermissionDenied);
    let errors = [
        Error::KeyMissing,
        Error::KeyForeign,
        Error::FileMissing,
        file::damaged("it is far too long"),
        Error::FileNewer,
        Error::FileNotRead { source: io() },
        Error::FileNotWritten { source: io() },
        Error::AlreadyThere,
        Error::NothingThere,
        Error::NoKeychain { detail: String::new() },
        Error::KeychainLocked { detail: String::new() },
        Error::KeychainTimedOut { after: Duration::from_secs(20) },
        Error::KeychainForgets,
        Error::KeychainFailed { detail: "odd".to_owned() },
        Error::PassphraseNeeded,
        Error::WrongPassphrase,
        Error::PassphraseTooShort,
        Error::NoPassphrase,
        Error::NotEnoughMemory,
        Error::NoRandomness,
    ];
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(texts.join("\n\n"));
}

/// Set in the process that runs inside a session of its own: what its keychain is like.
const SESSION: &str = "ONHAND_TEST_KEYCHAIN";

#[test]
#[cfg(target_os = "linux")]
fn a_real_keychain_keeps_the_key() {
    if env::var_os(SESSION).is_none() {
        return in_session(Session::Unlocked, "a_real_keychain_keeps_the_key");
    }
    let folder = TempDir::new().unwrap();
    let vault = Vault::beside(folder.path().join("onhand.db"));

    vault.keychain_works().unwrap();
    let made = vault.create(Kind::Keychain, None).unwrap();
    assert_eq!(vault.unlock(None).unwrap().expose(), made.expose());

    // Inside a runtime, where a keychain that starts its own would panic.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let unlocked = runtime.block_on(async { vault.unlock(None) }).unwrap();
    assert_eq!(unlocked.expose(), made.expose());

    let State::Keychain { id } = vault.state() else { panic!("{:?}", vault.state()) };
    Keychain.delete(&id).unwrap();
    let refused = vault.unlock(None);
    assert!(matches!(refused, Err(Error::KeyMissing)), "{refused:?}");

    vault.forget().unwrap();
    vault.create(Kind::Keychain, None).unwrap();
    let State::Keychain { id } = vault.state() else { panic!("{:?}", vault.state()) };
    vault.forget().unwrap();
    assert_eq!(Keychain.get(&id), Err(StoreError::NoEntry));
}

#[test]
#[cfg(target_os = "linux")]
fn a_real_keychain_that_is_locked_is_not_taken_for_an_empty_one() {
    if env::var_os(SESSION).is_none() {
        let name = "a_real_keychain_that_is_locked_is_not_taken_for_an_empty_one";
        return in_session(Session::Locked, name);
    }
    let room = Room::new();
    room.vault().create(Kind::Keychain, None).unwrap();
    let vault = room.vault_on(Arc::new(Keychain));

    let probed = vault.keychain_works();
    assert!(matches!(probed, Err(Error::KeychainLocked { .. })), "{probed:?}");
    let refused = vault.unlock(None);
    assert!(matches!(refused, Err(Error::KeychainLocked { .. })), "{refused:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_system_without_a_keychain_says_so() {
    if env::var_os(SESSION).is_none() {
        return in_session(Session::None, "a_system_without_a_keychain_says_so");
    }
    let folder = TempDir::new().unwrap();
    let vault = Vault::beside(folder.path().join("onhand.db"));

    let refused = vault.create(Kind::Keychain, None);

    assert!(matches!(refused, Err(Error::NoKeychain { .. })), "{refused:?}");
    assert_eq!(vault.state(), State::None);
}

/// What the session's keychain is like.
#[derive(Clone, Copy, PartialEq)]
enum Session {
    /// gnome-keyring, unlocked.
    Unlocked,
    /// gnome-keyring as it is started by the first question: locked, and nobody there to ask.
    Locked,
    /// No session bus at all.
    None,
}

/// Runs that test of this file once more, in a process with a session bus, a keychain and a home of
/// its own. The person's own keychain is never touched.
fn in_session(session: Session, test: &str) {
    let on_path = |program: &str| {
        env::split_paths(&env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(program).is_file())
    };
    let needed = ["dbus-run-session", "gnome-keyring-daemon", "sh"];
    if let Some(missing) = needed.iter().find(|program| !on_path(program)) {
        eprintln!("skipped: {missing} is not on PATH");
        return;
    }
    let home = TempDir::new().unwrap();
    let mut command = match session {
        Session::Unlocked | Session::Locked => {
            let mut command = Command::new("dbus-run-session");
            command.args(["--", "sh", "-c"]);
            command
        }
        Session::None => {
            let mut command = Command::new("sh");
            command.arg("-c");
            command
        }
    };
    let unlock = "printf test | gnome-keyring-daemon --unlock --components=secrets \
                  >/dev/null 2>&1 || exit 97; ";
    let run = "exec \"$0\" --exact \"$1\" --nocapture --test-threads=1";
    let script =
        if session == Session::Unlocked { format!("{unlock}{run}") } else { run.to_owned() };
    let output = command
        .arg(script)
        .arg(env::current_exe().unwrap())
        .arg(format!("vault::tests::{test}"))
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env(SESSION, "own")
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{stdout}\n{stderr}", output.status);
    assert!(stdout.contains("1 passed"), "the test did not run:\n{stdout}\n{stderr}");
}
