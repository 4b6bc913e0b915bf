//! `connect` and `disconnect`.

use std::fs;

use onhand_sandbox::Config;

use crate::{
    robot::{Consent, Robot},
    room::{Room, Running},
};

#[tokio::test]
async fn connects_and_says_whose_record_it_is() {
    let room = Room::new().await;

    let run = room.connect("marisol").await;

    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with("open: https://localhost:"), "{run:?}");
    assert!(lines[0].contains("/start?n="), "{run:?}");
    assert!(lines[1].contains(room.portal.origin()) && lines[1].contains("Quinn"), "{run:?}");
    assert_eq!(room.portal.stats().n_codes_exchanged, 1);

    let status = room.run(&["status", "--json"]).await;
    let accounts = &status.json()["accounts"];
    assert_eq!(accounts.as_array().unwrap().len(), 1);
    assert_eq!(accounts[0]["portal"], room.portal.origin());
    assert_eq!(accounts[0]["signed_in"], true);
    assert_eq!(accounts[0]["last_sync"], serde_json::Value::Null);
    assert!(accounts[0]["people"][0]["name"].as_str().unwrap().contains("Quinn"));
}

#[tokio::test]
async fn with_json_the_address_is_told_aside_and_one_document_stays() {
    let room = Room::new().await;
    let mut arguments = vec!["connect", "--client-id", room.portal.client_id(), "--json"];
    arguments.extend(["--timeout", "1s", "--no-browser", "--redirect-uri"]);
    let (probe, address) = room.begin_connect(&["--timeout", "1s"]).await;
    let redirect = address.split("/start").next().unwrap().to_owned() + "/callback";
    assert_eq!(probe.end().await.code, 1);
    arguments.push(&redirect);

    let run = room.run(&arguments).await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("open: https://localhost:"), "{run:?}");
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("too long"), "{run:?}");
}

#[tokio::test]
async fn a_denied_consent_is_a_sentence_and_keeps_nothing() {
    let room = Room::new().await;
    let (running, address) = room.begin_connect(&["--yes"]).await;

    Robot::new().sign_in(&address, "marisol", Consent::Deny).await;
    let run = running.end().await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(!run.stderr.trim().is_empty(), "{run:?}");
    assert_eq!(room.run(&["sync"]).await.code, 4);
}

#[tokio::test]
async fn a_wrong_client_secret_is_a_failure_and_keeps_nothing() {
    let room = Room::new().await;
    let (probe, address) = room.begin_connect(&["--timeout", "1s"]).await;
    probe.end().await;
    let redirect = address.split("/start").next().unwrap().to_owned() + "/callback";
    let id = room.portal.client_id();
    let mut running = Running::start(room.command(&[
        "connect",
        "--client-id",
        id,
        "--client-secret-stdin",
        "--no-browser",
        "--yes",
        "--redirect-uri",
        &redirect,
    ]));
    running.type_line("not the secret").await;
    let line = running.line().await;
    let address = line.strip_prefix("open: ").unwrap();

    Robot::new().sign_in(address, "marisol", Consent::Allow).await;
    let run = running.end().await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.to_lowercase().contains("secret"), "{run:?}");
    assert!(!run.stderr.contains("not the secret"), "{run:?}");
    assert_eq!(room.run(&["sync"]).await.code, 4);
}

#[tokio::test]
async fn without_a_yes_nothing_is_kept_and_the_tokens_are_given_back() {
    let room = Room::new().await;
    let (running, address) = room.begin_connect(&[]).await;

    Robot::new().sign_in(&address, "marisol", Consent::Allow).await;
    let run = running.end().await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("Quinn") && run.stderr.contains("--yes"), "{run:?}");
    assert_eq!(room.portal.stats().n_revoked, 1);
    assert_eq!(room.run(&["sync"]).await.code, 4);
}

#[tokio::test]
async fn an_interrupted_sign_in_ends_at_once_and_listens_no_more() {
    let room = Room::new().await;
    let (running, address) = room.begin_connect(&["--yes"]).await;

    interrupt(running.id());
    let run = running.end().await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("stopped"), "{run:?}");
    let port: u16 = address.split(':').nth(2).unwrap().split('/').next().unwrap().parse().unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[tokio::test]
async fn without_keychain_and_passphrase_it_says_what_to_do_and_makes_nothing() {
    let mut room = Room::new().await;
    room.passphrase = None;

    let run = room.run(&["connect", "--client-id", "x", "--no-browser"]).await;
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("--vault passphrase"), "{run:?}");
    assert!(!room.data_dir().join("vault.json").exists());

    let run = room.run(&["connect", "--client-id", "x", "--vault", "passphrase"]).await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("ONHAND_PASSPHRASE"), "{run:?}");

    room.passphrase = Some("short");
    let run = room.run(&["connect", "--client-id", "x", "--vault", "passphrase"]).await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!room.data_dir().join("vault.json").exists());
}

#[tokio::test]
async fn input_that_cannot_be_right_is_wrong_usage() {
    let room = Room::new().await;
    for arguments in [
        ["connect", "--client-id", "two words", "--no-browser"],
        ["connect", "--client-id", "https://localhost:27443/callback", "--no-browser"],
        ["connect", "--client-id", "x", "--portal=http://onpatient.com"],
        ["connect", "--client-id", "x", "--portal=not an address"],
    ] {
        let run = room.run(&arguments).await;
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(!run.stderr.trim().is_empty(), "{arguments:?}");
    }
    assert_eq!(room.portal.stats().n_requests, 0);
}

#[tokio::test]
async fn disconnecting_signs_out_at_the_portal_and_keeps_the_records() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let kept = room.run(&["status", "--json"]).await.json()["records"].as_u64().unwrap();
    assert!(kept > 0);

    let unasked = room.run(&["disconnect"]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");
    let run = room.run(&["disconnect", "--keep-records", "--yes"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(room.portal.stats().n_revoked, 1);
    let status = room.run(&["status", "--json"]).await.json();
    assert_eq!(status["records"], kept);
    assert_eq!(status["accounts"][0]["signed_in"], false);
    assert_eq!(status["accounts"][0]["disconnected"], true);
    assert!(room.run(&["status"]).await.stdout.contains("disconnected"));
    assert_eq!(room.run(&["sync", "--json"]).await.code, 4);

    // Somebody else's connection goes on without it.
    room.connect_and_sync("okafor").await;
}

#[tokio::test]
async fn disconnecting_deletes_the_records_where_that_is_wanted() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;

    let run = room.run(&["disconnect", "--delete-records", "--yes", "--json"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["records_deleted"], true);
    let status = room.run(&["status", "--json"]).await.json();
    assert_eq!(status["records"], 0);
    assert_eq!(status["accounts"], serde_json::json!([]));
}

#[tokio::test]
async fn no_file_and_no_output_holds_a_token_or_the_client_secret() {
    let config =
        Config { client_secret: Some("the-secret-of-this-test".repeat(3)), ..Config::default() };
    let room = Room::with(config).await;
    let run = room.connect("edwin").await;
    let sync = room.run(&["sync"]).await;

    let secret = room.portal.client_secret().as_bytes();
    let mut texts = [run.stdout, run.stderr, sync.stdout, sync.stderr].join("\n").into_bytes();
    for file in fs::read_dir(room.data_dir()).unwrap() {
        texts.extend(fs::read(file.unwrap().path()).unwrap());
    }
    assert!(texts.len() > 10_000);
    assert!(!texts.windows(secret.len()).any(|window| window == secret));
    assert!(!texts.windows(6).any(|window| window == b"SQLite"), "a database in the clear");
}

#[cfg(unix)]
fn interrupt(process: u32) {
    let pid = rustix::process::Pid::from_raw(process.try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}
