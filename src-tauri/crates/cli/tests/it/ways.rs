//! The other ways of `connect`, what it leaves behind, and `untrust`.
#![cfg(target_os = "linux")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use jiff::SignedDuration;
use onhand_core::{clock::system_clock, onpatient::certificate::Leaf};
use onhand_sandbox::Answer;
use reqwest::{Client, header, redirect::Policy};

use crate::{
    robot::{Consent, Robot},
    room::{Room, Running},
};

/// Where the start address sends a browser on to.
async fn portals_page(start: &str) -> String {
    rustls::crypto::ring::default_provider().install_default().ok();
    let browser = Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let sent_on = browser.get(start).send().await.unwrap();
    sent_on.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_address_of_a_page_that_does_not_open_can_be_pasted() {
    let room = Room::new().await;
    let (mut running, address) = room.begin_connect(&["--yes", "--paste"]).await;
    let page = portals_page(&address).await;
    let back = room.portal.answer(&page, "edwin", Answer::Allow).unwrap();

    running.type_line("").await;
    running.type_line(&page).await;
    running.type_line(&back.replace("state=", "state=x")).await;
    running.type_line(&back).await;
    let run = running.end().await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("Connected to"), "{run:?}");
    assert!(run.stderr.contains("still a page of your portal"), "{run:?}");
    assert!(run.stderr.contains("another sign-in"), "{run:?}");
    assert!(!run.stderr.contains("code="), "{run:?}");
    assert_eq!(room.portal.stats().n_codes_exchanged, 1);
}

#[tokio::test]
async fn untrust_removes_what_a_killed_sign_in_left_and_says_so() {
    let room = Room::new().await;
    let untouched = room.run(&["untrust"]).await;
    assert_eq!(untouched.code, 0, "{untouched:?}");
    assert!(untouched.stdout.contains("No certificate of Onhand"), "{untouched:?}");

    let (running, _) = room.begin_connect(&["--yes"]).await;
    let database = room.home().join(".local/share/pki/nssdb/cert9.db");
    if !database.exists() {
        // libnss3 is not installed, and there is no certutil in this room.
        return;
    }
    running.kill().await;

    let run = room.run(&["untrust"]).await;
    assert_eq!(run.code, 0, "{run:?}");
    let expected = "One certificate was removed from Chromium or Chrome.";
    assert_eq!(run.stdout.trim(), expected, "{run:?}");
    let again = room.run(&["untrust", "--json"]).await;
    assert_eq!(again.json(), serde_json::json!({ "removed": 0, "notes": [] }));
}

/// What certutil lists in a database, or what it does there; nothing where it is not installed.
fn certutil(database: &Path, words: &[&str]) -> Option<String> {
    let mut command = std::process::Command::new("certutil");
    command.args(words).arg("-d").arg(format!("sql:{}", database.display()));
    let ended = command.output().ok()?;
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    Some(String::from_utf8(ended.stdout).unwrap())
}

#[tokio::test]
async fn copying_leaves_what_a_killed_sign_in_left_and_the_next_sign_in_takes_it_away() {
    let room = Room::new().await;
    room.connect("edwin").await;
    let database = room.home().join(".local/share/pki/nssdb");
    let is_there = database.join("cert9.db").exists();
    if !is_there || certutil(&database, &["-L"]).is_none() {
        println!("left out: libnss3 or certutil is not installed");
        return;
    }
    // As old as one must be to be swept, of a process that is gone.
    let at = system_clock()() - SignedDuration::from_mins(16);
    let file = room.home().join("leftover.der");
    fs::write(&file, Leaf::new(at).unwrap().der()).unwrap();
    let sum = std::process::Command::new("sha256sum").arg(&file).output().unwrap().stdout;
    let fingerprint = String::from_utf8(sum).unwrap().get(..16).unwrap().to_owned();
    let nickname = format!("Onhand sign-in {} 4294967295.1 {fingerprint}", at.as_second());
    let put = ["-A", "-t", "CP,,", "-n", &nickname, "-i", file.to_str().unwrap()];
    certutil(&database, &put).unwrap();

    assert_eq!(room.run(&["sync"]).await.code, 0);
    assert!(certutil(&database, &["-L"]).unwrap().contains(&fingerprint), "copying looks away");
    room.connect("edwin").await;
    assert!(!certutil(&database, &["-L"]).unwrap().contains(&fingerprint));
}

#[tokio::test]
async fn a_sign_in_that_ends_leaves_no_certificate() {
    let room = Room::new().await;
    room.connect("edwin").await;
    assert_eq!(room.run(&["untrust", "--json"]).await.json()["removed"], 0);
    let (running, _) = room.begin_connect(&["--timeout", "1s"]).await;
    running.end().await;
    assert_eq!(room.run(&["untrust", "--json"]).await.json()["removed"], 0);
}

#[tokio::test]
async fn untrust_says_what_it_could_not_look_at() {
    let room = Room::new().await;
    let profile = room.home().join(".mozilla/firefox/one");
    fs::create_dir_all(&profile).unwrap();
    fs::write(profile.join("cert9.db"), b"no database").unwrap();
    let listed = room.home().join(".mozilla/firefox/profiles.ini");
    fs::write(listed, "[Profile0]\nIsRelative=1\nPath=one\n").unwrap();

    let run = room.run(&["untrust"]).await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("Firefox could not be looked at"), "{run:?}");
    assert!(!run.stderr.contains(".mozilla"), "{run:?}");
}

#[tokio::test]
async fn the_browser_is_told_of_the_start_address_and_of_nothing_else() {
    let room = Room::new().await;
    // The room's PATH is its home.
    let opener = room.home().join("xdg-open");
    let script = "#!/bin/sh\nexport -p > \"$HOME/environment\"\nfor word; do echo \"$word\"; done \
                  > \"$HOME/words.new\"\n/bin/mv \"$HOME/words.new\" \"$HOME/words\"\n";
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let (probe, address) = room.begin_connect(&["--timeout", "1s"]).await;
    probe.end().await;
    let redirect = address.split("/start").next().unwrap().to_owned() + "/callback";
    let id = room.portal.client_id();
    let words = [
        "connect",
        "--client-id",
        id,
        "--client-secret-stdin",
        "--yes",
        "--redirect-uri",
        &redirect,
    ];
    let mut running = Running::start(room.command(&words));
    running.type_line(room.portal.client_secret()).await;
    let line = running.line().await;
    let address = line.strip_prefix("open: ").unwrap();

    let words = room.home().join("words");
    for _ in 0..200 {
        if words.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(fs::read_to_string(words).unwrap(), format!("{address}\n"));
    let environment = fs::read_to_string(room.home().join("environment")).unwrap();
    assert!(environment.contains("HOME=") && !environment.contains("ONHAND_"), "{environment}");
    let own = fs::read(format!("/proc/{}/cmdline", running.id())).unwrap();
    assert!(String::from_utf8_lossy(&own).contains("--client-secret-stdin"));
    // Whatever it started, and everything else on this computer.
    for process in fs::read_dir("/proc").unwrap() {
        let listed = fs::read(process.unwrap().path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&listed).contains(room.portal.client_secret()));
    }

    Robot::new().sign_in(address, "edwin", Consent::Allow).await;
    assert_eq!(running.end().await.code, 0);
}
