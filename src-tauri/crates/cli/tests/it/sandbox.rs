//! `sandbox`, by hand: what it prints is enough to connect and copy.

use std::{collections::BTreeMap, path::Path};

use onhand_sandbox::Config;

use crate::{
    robot::{Consent, Robot},
    room::{Room, Run, Running},
};

/// What a person does who pastes the line of environment.
fn environment(line: &str) -> BTreeMap<String, String> {
    line.split_whitespace()
        .map(|one| one.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

async fn end(running: Running) -> Run {
    let pid = rustix::process::Pid::from_raw(running.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    running.end().await
}

#[tokio::test]
async fn what_it_prints_is_enough_to_connect_and_copy() {
    let room = Room::with(Config::default()).await;
    let mut sandbox = Running::start(room.command(&["sandbox", "--patient", "edwin"]));
    let mut said = BTreeMap::new();
    let line = loop {
        let line = sandbox.line().await;
        if line.starts_with("ONHAND_PORTAL=") {
            break line;
        }
        if let Some((name, value)) = line.split_once(": ") {
            said.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    };
    let environment = environment(&line);
    assert_eq!(environment["ONHAND_PORTAL"], said["address"]);
    assert_eq!(environment["SSL_CERT_FILE"], said["certificate"]);
    let (user, rest) = said["log-in"].split_once(" / ").unwrap();
    assert_eq!(user, "edwin");
    assert!(rest.starts_with("practice"));

    let command = |arguments: &[&str]| {
        let mut command = room.command(arguments);
        command.envs(&environment);
        command
    };
    let mut connect = Running::start(command(&[
        "connect",
        "--client-id",
        &said["client id"],
        "--client-secret-stdin",
        "--no-browser",
        "--yes",
    ]));
    connect.type_line(&said["client secret"]).await;
    let address = connect.line().await;
    let address = address.strip_prefix("open: ").unwrap();
    Robot::new().sign_in(address, user, Consent::Allow).await;
    let connected = connect.end().await;
    assert_eq!(connected.code, 0, "{connected:?}");
    let sync = Running::start(command(&["sync", "--json"])).end().await;
    assert_eq!((sync.code, &sync.json()["complete"]), (0, &true.into()), "{sync:?}");

    let ended = end(sandbox).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!Path::new(&said["certificate"]).exists());
}

#[tokio::test]
async fn with_json_it_prints_one_document() {
    let room = Room::with(Config::default()).await;
    let mut sandbox = Running::start(room.command(&["--json", "sandbox", "--faults", "slow:5"]));
    // The document ends with a brace in the first column.
    while sandbox.line().await != "}" {}
    let run = end(sandbox).await;
    let document = run.json();
    for field in ["origin", "certificate", "client_id", "client_secret", "environment"] {
        assert!(document[field].as_str().is_some_and(|text| !text.is_empty()), "{document}");
    }
    assert_eq!(document["logins"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_it_does_not_know_is_wrong_usage_with_what_there_is() {
    let room = Room::with(Config::default()).await;
    let patient = room.run(&["sandbox", "--patient", "nobody"]).await;
    assert_eq!(patient.code, 2, "{patient:?}");
    assert!(patient.stderr.contains("marisol"), "{patient:?}");
    let faults = room.run(&["sandbox", "--faults", "nonsense"]).await;
    assert_eq!(faults.code, 2, "{faults:?}");
    assert!(faults.stderr.contains("flaky"), "{faults:?}");
}
