//! What a killed sign-in left in a browser goes when the window opens, and nothing else does.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use onhand_core::app::Keys;
use onhand_core::clock::system_clock;
use onhand_core::onpatient::browser;
use onhand_core::onpatient::certificate::Leaf;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::onpatient::trust::Places;
use onhand_core::vault::MemoryStore;
use onhand_desk::{Desk, Desktop, Setup};
use url::Url;

/// A desktop with nothing on it.
struct Bare;

impl Desktop for Bare {
    fn open_url(&self, _: &Url) -> Result<(), browser::Error> {
        Err(browser::Error::NoBrowser)
    }

    fn raise(&self) {}
}

pub(crate) fn certutil(database: &Path, words: &[&str]) -> String {
    let mut command = Command::new("certutil");
    command.args(words).arg("-d").arg(format!("sql:{}", database.display()));
    let ended = command.output().unwrap();
    assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

/// Puts a certificate there, as a sign-in of that process did at that moment; gives its fingerprint.
fn put(home: &Path, database: &Path, at: Timestamp, process: &str) -> String {
    let file = home.join("certificate.der");
    std::fs::write(&file, Leaf::new(at).unwrap().der()).unwrap();
    let sum = Command::new("sha256sum").arg(&file).output().unwrap().stdout;
    let fingerprint = String::from_utf8(sum).unwrap().get(..16).unwrap().to_owned();
    let nickname = format!("Onhand sign-in {} {process} {fingerprint}", at.as_second());
    certutil(database, &["-A", "-t", "CP,,", "-n", &nickname, "-i", file.to_str().unwrap()]);
    fingerprint
}

#[tokio::test(flavor = "multi_thread")]
async fn is_taken_out_when_the_window_opens_and_what_a_running_sign_in_needs_is_not() {
    if Command::new("certutil").arg("-H").output().is_err() {
        println!("left out: certutil is not installed");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let places = Places::below(home.path().to_owned(), None);
    let database = places.data_home.join("pki/nssdb");
    std::fs::create_dir_all(&database).unwrap();
    certutil(&database, &["-N", "--empty-password"]);

    let now = system_clock()();
    let ago = |minutes| now - SignedDuration::from_mins(minutes);
    let mut running = Command::new("sleep").arg("60").spawn().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.id())).unwrap();
    let start = stat.rsplit_once(')').unwrap().1.split_ascii_whitespace().nth(19).unwrap();
    let killed_long_ago = put(home.path(), &database, ago(16), "4294967295.1");
    let killed_just_now = put(home.path(), &database, ago(14), "4294967295.1");
    let of_one_that_runs =
        put(home.path(), &database, ago(600), &format!("{}.{start}", running.id()));
    certutil(
        &database,
        &[
            "-S",
            "-x",
            "-t",
            "CP,,",
            "-n",
            "Somebody else's",
            "-s",
            "CN=localhost",
            "-z",
            "/proc/self/exe",
            "-k",
            "ec",
            "-q",
            "nistp256",
        ],
    );

    let desk = Desk::open(
        Setup {
            data_dir: home.path().join("onhand"),
            sample_dir: home.path().join("sample"),
            clock: system_clock(),
            trust: Trust::Browser(places),
            keys: Keys::Store(Arc::new(MemoryStore::default())),
            own_client: None,
        },
        Arc::new(Bare),
    )
    .await;
    let mut listed = String::new();
    for _ in 0..200 {
        listed = certutil(&database, &["-L"]);
        if !listed.contains(&killed_long_ago) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!listed.contains(&killed_long_ago), "{listed}");
    for stays in [killed_just_now.as_str(), &of_one_that_runs, "Somebody else's"] {
        assert!(listed.contains(stays), "{stays}: {listed}");
    }
    drop(desk);
    running.kill().unwrap();
    running.wait().unwrap();
}
