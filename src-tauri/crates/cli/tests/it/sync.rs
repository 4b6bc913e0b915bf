//! `sync` and its exit codes.

use onhand_sandbox::Faults;
use serde_json::Value;

use crate::room::Room;

fn outcome<'a>(report: &'a Value, resource_type: &str) -> &'a Value {
    report["types"]
        .as_array()
        .unwrap()
        .iter()
        .find(|outcome| outcome["type"] == resource_type)
        .unwrap_or_else(|| panic!("no {resource_type} in {report}"))
}

#[tokio::test]
async fn without_a_sign_in_it_says_so_by_code_and_by_document() {
    let room = Room::new().await;
    let run = room.run(&["sync", "--json"]).await;
    assert_eq!(run.code, 4, "{run:?}");
    assert_eq!(run.json()["error"]["code"], "not_connected");
    assert!(!room.data_dir().exists(), "asking made something");
}

#[tokio::test]
async fn a_complete_sync_has_the_agreed_shape_and_a_second_one_changes_nothing() {
    let room = Room::new().await;
    let report = room.connect_and_sync("edwin").await;

    assert_eq!(report["complete"], true);
    assert!(report["requests"].as_u64().unwrap() > 5);
    let patient = outcome(&report, "Patient");
    insta::assert_json_snapshot!(patient, @r#"
    {
      "account": 1,
      "back": 0,
      "cause": null,
      "changed": 0,
      "failed": 0,
      "gone": 0,
      "hint": null,
      "known": 0,
      "moved": 0,
      "name": "About you",
      "new": 1,
      "promised": 1,
      "reason": null,
      "received": 1,
      "refused": 0,
      "state": "complete",
      "type": "Patient",
      "unchanged": 0
    }
    "#);
    for outcome in report["types"].as_array().unwrap() {
        for number in ["received", "new", "changed", "unchanged", "gone"] {
            assert!(outcome[number].is_u64(), "{outcome}");
        }
        let state = outcome["state"].as_str().unwrap();
        assert!(["complete", "not_offered"].contains(&state), "{outcome}");
    }

    let headline = report["accounts"][0]["headline"].as_str().unwrap();
    assert!(headline.starts_with("All ") && headline.ends_with(" records"), "{headline}");

    let again = room.run(&["sync", "--json"]).await;
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.json()["accounts"][0]["news"], "Nothing new");
    let total = |report: &Value, field: &str| -> u64 {
        report["types"].as_array().unwrap().iter().map(|one| one[field].as_u64().unwrap()).sum()
    };
    assert_eq!(total(&again.json(), "new"), 0);
    assert_eq!(total(&again.json(), "changed"), 0);
    assert_eq!(total(&again.json(), "unchanged"), total(&report, "new"));
}

#[tokio::test]
async fn a_person_gets_a_table_and_progress_aside() {
    let room = Room::new().await;
    room.connect("edwin").await;

    let run = room.run(&["sync"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("WHAT"), "{}", run.stdout);
    assert!(run.stdout.contains(": All "), "{}", run.stdout);
    assert!(run.stderr.lines().count() > 5, "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}') && !run.stdout.contains('\u{1b}'));
}

#[tokio::test]
async fn a_type_that_fails_makes_it_partly_done() {
    let room = Room::new().await;
    room.connect("marisol").await;
    room.portal.set_faults(Faults::parse("server-error:Procedure").unwrap());

    let run = room.run(&["sync", "--json"]).await;

    assert_eq!(run.code, 3, "{run:?}");
    let report = run.json();
    assert_eq!(report["complete"], false);
    assert_eq!(outcome(&report, "Procedure")["state"], "failed");
    assert!(outcome(&report, "Procedure")["reason"].is_string());
    assert_eq!(outcome(&report, "Condition")["state"], "complete");

    let status = room.run(&["status", "--json"]).await.json();
    let missing = status["accounts"][0]["missing"].as_array().unwrap();
    assert!(missing.iter().any(|one| one["type"] == "Procedure" && one["state"] == "failed"));

    room.portal.set_faults(Faults::none());
    assert_eq!(room.run(&["sync", "--json"]).await.code, 0);
}

#[tokio::test]
async fn a_sign_in_that_ended_is_its_own_exit_code() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    room.portal.revoke_all();

    let run = room.run(&["sync", "--json"]).await;

    assert_eq!(run.code, 4, "{run:?}");
    // One document, whichever it is.
    run.json();
    let status = room.run(&["status", "--json"]).await.json();
    assert_eq!(status["accounts"][0]["signed_in"], false);
    assert!(status["records"].as_u64().unwrap() > 0);

    // The same person signs in again: the same connection goes on.
    room.connect("edwin").await;
    let status = room.run(&["status", "--json"]).await.json();
    assert_eq!(status["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(status["accounts"][0]["signed_in"], true);
    assert_eq!(room.run(&["sync", "--json"]).await.code, 0);
}

#[tokio::test]
async fn without_the_portal_the_records_stay_readable() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let before = room.run(&["records", "--json"]).await;
    let command = room.command(&["sync", "--json"]);
    let read = room.command(&["records", "--json"]);
    let Room { portal, home, .. } = room;
    portal.shutdown().await;

    let sync = crate::room::Running::start(command).end().await;
    let after = crate::room::Running::start(read).end().await;

    assert_eq!(sync.code, 1, "{sync:?}");
    assert_eq!(after.code, 0, "{after:?}");
    assert_eq!(after.stdout, before.stdout);
    drop(home);
}
