//! What a desk asks of its desktop while a sign-in runs, and what it leaves when it ends in one.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use onhand_core::api::{ConnectStage, Connecting, Event};
use onhand_core::app::Keys;
use onhand_core::clock::system_clock;
use onhand_core::onpatient::browser;
use onhand_core::onpatient::sign_in::Trust;
use onhand_core::onpatient::trust::Places;
use onhand_core::vault::MemoryStore;
use onhand_desk::{Desk, Desktop, Setup};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::broadcast;
use url::Url;

use crate::leftover::certutil;
use robot::{Consent, Robot};

#[allow(dead_code, reason = "the tests of the command use more of it")]
#[path = "../../../../src-tauri/crates/cli/tests/it/robot.rs"]
mod robot;

/// A desktop that counts.
#[derive(Default)]
struct Counting {
    opened: Mutex<Vec<Url>>,
    n_raised: AtomicUsize,
}

impl Desktop for Counting {
    fn open_url(&self, url: &Url) -> Result<(), browser::Error> {
        self.opened.lock().unwrap().push(url.clone());
        Ok(())
    }

    fn raise(&self) {
        self.n_raised.fetch_add(1, Ordering::Relaxed);
    }
}

impl Counting {
    fn n_raised(&self) -> usize {
        self.n_raised.load(Ordering::Relaxed)
    }
}

async fn open(home: &Path, trust: Trust) -> (Arc<Desk>, Arc<Counting>) {
    let desktop = Arc::new(Counting::default());
    let setup = Setup {
        data_dir: home.join("onhand"),
        sample_dir: home.join("sample"),
        clock: system_clock(),
        trust,
        keys: Keys::Store(Arc::new(MemoryStore::default())),
        own_client: None,
    };
    (Desk::open(setup, Arc::clone(&desktop) as _).await, desktop)
}

/// Begins to practise with the browser.
async fn practise(desk: &Desk) -> Result<Value, String> {
    let asked = desk.call("open_sample", json!({ "browser": true })).await;
    asked.map_err(|error| error.message)
}

/// What is told when a sign-in has come to that stage.
async fn comes_to(events: &mut broadcast::Receiver<Event>, stage: ConnectStage) -> Connecting {
    loop {
        if let Event::ConnectProgressed(told) = events.recv().await.unwrap()
            && told.stage == stage
        {
            return told;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn comes_to_the_front_when_there_is_something_to_ask_and_not_before() {
    let home = tempfile::tempdir().unwrap();
    let (desk, desktop) = open(home.path(), Trust::None).await;
    let mut events = desk.subscribe();
    practise(&desk).await.unwrap();
    let start = desktop.opened.lock().unwrap()[0].to_string();
    let mut browser = Robot::new();
    let log_in = browser.get(&start).await;
    assert!(log_in.html.contains("log-in-form"));
    comes_to(&mut events, ConnectStage::AtPortal).await;
    assert_eq!(desktop.n_raised(), 0, "it would cover the page at which the person logs in");

    browser.sign_in(&start, "edwin", Consent::Allow).await;
    let told = comes_to(&mut events, ConnectStage::Confirm).await;
    assert_eq!(told.people.len(), 1);
    assert_eq!(desktop.n_raised(), 1);
    assert_eq!(desktop.opened.lock().unwrap().len(), 1);
    desk.end_sign_in().await;
    assert!(!desk.is_signing_in());
}

/// A home whose browsers keep certificates; nothing where certutil is not installed.
fn home_with_database() -> Option<(TempDir, Places, PathBuf)> {
    if Command::new("certutil").arg("-H").output().is_err() {
        return None;
    }
    let home = tempfile::tempdir().unwrap();
    let places = Places::below(home.path().to_owned(), None);
    let database = places.data_home.join("pki/nssdb");
    std::fs::create_dir_all(&database).unwrap();
    certutil(&database, &["-N", "--empty-password"]);
    Some((home, places, database))
}

#[tokio::test(flavor = "multi_thread")]
async fn leaves_no_certificate_when_it_ends_in_the_middle_of_a_sign_in() {
    let Some((home, places, database)) = home_with_database() else {
        println!("left out: certutil is not installed");
        return;
    };
    let (desk, _) = open(home.path(), Trust::Browser(places)).await;
    assert!(!desk.is_signing_in());
    practise(&desk).await.unwrap();
    assert!(certutil(&database, &["-L"]).contains("Onhand sign-in"));
    assert!(desk.is_signing_in());
    desk.end_sign_in().await;
    assert!(!certutil(&database, &["-L"]).contains("Onhand"));
    assert!(!desk.is_signing_in());
}

#[tokio::test(flavor = "multi_thread")]
async fn leaves_no_certificate_when_it_ends_while_a_sign_in_is_made_ready() {
    let Some((home, places, database)) = home_with_database() else {
        println!("left out: certutil is not installed");
        return;
    };
    let (desk, _) = open(home.path(), Trust::Browser(places)).await;
    let asking = Arc::clone(&desk);
    let asked = tokio::spawn(async move { practise(&asking).await });
    while !desk.is_signing_in() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    desk.end_sign_in().await;
    assert!(!certutil(&database, &["-L"]).contains("Onhand"));
    assert!(asked.await.unwrap().is_err(), "it was ready before it was ended");
    assert!(!desk.is_signing_in());
    assert!(!certutil(&database, &["-L"]).contains("Onhand"));
}
