//! `status`, `records` and `show`.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::room::Room;

async fn records(room: &Room, more: &[&str]) -> Value {
    let mut arguments = vec!["records", "--json"];
    arguments.extend(more);
    let run = room.run(&arguments).await;
    assert_eq!(run.code, 0, "{run:?}");
    run.json()
}

fn rows(list: &Value) -> &Vec<Value> {
    list["records"].as_array().unwrap()
}

/// The text of a snapshot with what differs from run to run made the same.
fn steady(room: &Room, value: &Value) -> Value {
    fn walk(value: &mut Value, origin: &str, home: &str) {
        match value {
            Value::String(text) => {
                *text = text.replace(origin, "[portal]").replace(home, "[home]");
                let is_moment = text.len() >= 20
                    && text.ends_with('Z')
                    && (text.starts_with("20") && text.contains('T'));
                let is_now = is_moment && text.as_str() > "2026-11";
                if is_now {
                    *text = "[now]".to_owned();
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| walk(value, origin, home)),
            Value::Object(fields) => {
                if fields.get("bytes").is_some_and(Value::is_u64) {
                    fields.insert("bytes".to_owned(), "[bytes]".into());
                }
                fields.values_mut().for_each(|value| walk(value, origin, home));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut value = value.clone();
    // One of each is enough for the shape; which there are is the business of others.
    for list in ["/accounts/0/missing", "/accounts/0/people/0/counts"] {
        if let Some(Value::Array(all)) = value.pointer_mut(list) {
            all.truncate(1);
        }
    }
    walk(&mut value, room.portal.origin(), &room.home().to_string_lossy());
    value
}

#[tokio::test]
async fn a_fresh_machine_has_no_records_and_says_so_without_making_anything() {
    let room = Room::new().await;

    assert_eq!(records(&room, &[]).await, serde_json::json!({ "total": 0, "records": [] }));
    let status = room.run(&["status", "--json"]).await;
    assert_eq!(status.code, 0);
    insta::assert_json_snapshot!("status_of_a_fresh_machine", steady(&room, &status.json()));
    let show = room.run(&["show", "1", "--json"]).await;
    assert_eq!((show.code, &show.json()["error"]["code"]), (1, &"not_found".into()));
    assert!(!room.data_dir().exists());
}

#[tokio::test]
async fn every_kept_record_is_listed_once_and_shown() {
    let room = Room::new().await;
    let report = room.connect_and_sync("edwin").await;

    let list = records(&room, &[]).await;
    let ids: BTreeSet<i64> = rows(&list).iter().map(|row| row["id"].as_i64().unwrap()).collect();
    let received: u64 = report["types"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| outcome["received"].as_u64().unwrap())
        .sum();
    let status = room.run(&["status", "--json"]).await.json();

    assert_eq!(list["total"], received);
    assert_eq!(status["records"], received);
    assert_eq!(ids.len() as u64, received);
    insta::assert_json_snapshot!("status_after_a_sync", steady(&room, &status));
    let mut shown = BTreeSet::new();
    for row in rows(&list) {
        for field in ["id", "kind", "title", "when", "status", "person", "gone_since", "part_of"] {
            assert!(row.get(field).is_some(), "no {field} in {row}");
        }
        assert!(row["source"]["type"].is_string() && row["source"].get("id").is_some(), "{row}");
        // One of each type is enough to show; the record itself is tested where it is made.
        if !shown.insert(row["source"]["type"].to_string()) {
            continue;
        }
        let id = row["id"].to_string();
        let show = room.run(&["show", &id, "--json"]).await;
        assert_eq!(show.code, 0, "{show:?}");
        assert_eq!(show.json()["title"], row["title"]);
        let text = room.run(&["show", &id]).await;
        assert!(text.stdout.contains(row["title"].as_str().unwrap()), "{text:?}");
        assert!(text.stdout.contains("Not medical advice"), "{text:?}");
        let raw = room.run(&["show", &id, "--raw"]).await;
        assert_eq!(raw.json()["resourceType"], row["source"]["type"]);
    }
}

#[tokio::test]
async fn a_result_has_the_agreed_shape() {
    let room = Room::new().await;
    room.connect_and_sync("marisol").await;
    let labs = records(&room, &["--kind", "labs"]).await;
    assert!(rows(&labs).len() > 10);

    let mut seen_single = false;
    for row in rows(&labs).iter().take(12) {
        let show = room.run(&["show", &row["id"].to_string(), "--json"]).await.json();
        for field in [
            "name",
            "name_from",
            "likelihood",
            "reasons",
            "candidates",
            "value",
            "unit",
            "range",
            "flag",
            "code",
            "components",
        ] {
            assert!(show.get(field).is_some(), "no {field} in {show}");
            // The list says the same of each; a value stands there with its unit.
            if field != "value" {
                assert_eq!(row[field], show[field], "{field} of {row}");
            }
        }
        assert_eq!(row["result"], show["result"]);
        for component in show["components"].as_array().unwrap() {
            for field in [
                "index",
                "name",
                "name_from",
                "likelihood",
                "reasons",
                "candidates",
                "value",
                "unit",
                "range",
                "flag",
                "code",
            ] {
                assert!(component.get(field).is_some(), "no {field} in {component}");
            }
        }
        if let (Some(value), Some(unit)) = (show["value"].as_str(), show["unit"].as_str()) {
            seen_single = true;
            assert!(!value.contains(unit), "{show}");
            let text = room.run(&["show", &row["id"].to_string()]).await.stdout;
            assert!(text.contains(&format!("{value} {unit}")), "{text}");
        }
    }
    assert!(seen_single);
}

#[tokio::test]
async fn raw_is_what_the_portal_sent_byte_for_byte() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let list = records(&room, &["--kind", "people"]).await;
    let patient = rows(&list).iter().find(|row| row["source"]["type"] == "Patient").unwrap();

    let run = room.run(&["show", "--raw", &patient["id"].to_string()]).await;

    assert_eq!(run.code, 0, "{run:?}");
    // The portal writes without a line feed at the end, and so does this.
    assert!(run.stdout.starts_with('{') && run.stdout.ends_with('}'), "{run:?}");
    assert_eq!(run.json()["id"], patient["source"]["id"]);
}

#[tokio::test]
async fn lists_are_narrowed_by_kind_words_person_and_number() {
    let room = Room::new().await;
    room.connect_and_sync("okafor").await;
    let all = records(&room, &[]).await;
    let status = room.run(&["status", "--json"]).await.json();
    let people = status["accounts"][0]["people"].as_array().unwrap();
    assert_eq!(people.len(), 2, "{status}");

    let limited = records(&room, &["--limit", "3"]).await;
    assert_eq!((rows(&limited).len(), &limited["total"]), (3, &all["total"]));
    assert_eq!(rows(&limited)[..], rows(&all)[..3]);

    let vaccines = records(&room, &["--kind", "immunizations"]).await;
    assert!(rows(&vaccines).iter().all(|row| row["kind"] == "immunizations"), "{vaccines}");
    assert!(vaccines["total"].as_u64().unwrap() < all["total"].as_u64().unwrap());

    for person in people {
        let id = person["id"].to_string();
        let by_number = records(&room, &["--person", &id]).await;
        let by_name = records(&room, &["--person", person["name"].as_str().unwrap()]).await;
        assert_eq!(by_number, by_name);
        assert!(!rows(&by_number).is_empty());
        assert!(rows(&by_number).iter().all(|row| row["person"] == person["id"]));
    }
    let both = room.run(&["records", "--person", "Okafor"]).await;
    assert_eq!(both.code, 2, "{both:?}");
    let nobody = room.run(&["records", "--person", "Nobody"]).await;
    assert_eq!(nobody.code, 2, "{nobody:?}");

    let title = rows(&all)[0]["title"].as_str().unwrap();
    let word = title.split_whitespace().next().unwrap();
    let found = records(&room, &["--search", word]).await;
    assert!(rows(&found).iter().any(|row| row["title"] == title), "{word}: {found}");
    let none = records(&room, &["--search", "zzzznothing"]).await;
    assert_eq!(none["total"], 0);
}

#[tokio::test]
async fn a_list_for_people_stands_in_columns_and_is_not_cut() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let list = records(&room, &[]).await;

    let run = room.run(&["records"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), rows(&list).len() + 2);
    for (line, row) in lines[1..].iter().zip(rows(&list)) {
        for field in ["id", "when", "kind", "title"] {
            let cell = match &row[field] {
                // In words; the year is in them however it is written.
                Value::String(text) if field == "when" => text.chars().take(4).collect(),
                Value::String(text) => text.clone(),
                Value::Null => "undated".to_owned(),
                other => other.to_string(),
            };
            assert!(line.contains(&cell), "no {cell:?} in {line:?}");
        }
    }
}

#[tokio::test]
async fn a_record_that_is_not_there_is_a_sentence() {
    let room = Room::new().await;
    room.connect("edwin").await;
    for more in [&[][..], &["--raw"], &["--json"]] {
        let mut arguments = vec!["show", "424242"];
        arguments.extend(more);
        let run = room.run(&arguments).await;
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains("no such record"), "{run:?}");
    }
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_harms_nothing() {
    let mut room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let before = records(&room, &[]).await;

    for (passphrase, word) in
        [(Some("some other passphrase"), "does not open"), (None, "ONHAND_PASSPHRASE")]
    {
        room.passphrase = passphrase;
        for arguments in [&["records", "--json"][..], &["status", "--json"], &["sync", "--json"]] {
            let run = room.run(arguments).await;
            assert_eq!(run.code, 1, "{run:?}");
            assert_eq!(run.json()["error"]["code"], "locked", "{run:?}");
            assert!(run.stderr.contains(word), "{run:?}");
        }
    }
    room.passphrase = Some(crate::room::PASSPHRASE);
    assert_eq!(records(&room, &[]).await, before);
}

#[tokio::test]
async fn a_damaged_database_is_moved_aside_and_said_so() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let path = room.data_dir().join("onhand.db");
    let length = fs::metadata(&path).unwrap().len();
    fs::write(&path, vec![7; usize::try_from(length).unwrap()]).unwrap();
    for beside in ["onhand.db-wal", "onhand.db-shm"] {
        fs::remove_file(room.data_dir().join(beside)).ok();
    }

    let run = room.run(&["status", "--json"]).await;

    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["records"], 0);
    assert!(run.stderr.contains("damaged") && run.stderr.contains("kept"), "{run:?}");
    let kept = fs::read_dir(room.data_dir())
        .unwrap()
        .filter_map(Result::ok)
        .find(|file| file.file_name() != "onhand.db" && file.metadata().unwrap().len() == length);
    assert!(kept.is_some(), "the damaged file is gone");
    assert!(!room.run(&["status"]).await.stderr.contains("damaged"), "said again");
}

#[tokio::test]
async fn a_missing_vault_file_locks_the_records_and_harms_nothing() {
    let room = Room::new().await;
    room.connect_and_sync("edwin").await;
    let before = records(&room, &[]).await;
    let file = room.data_dir().join("vault.json");
    let text = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();

    let run = room.run(&["records", "--json"]).await;
    let connect = room.run(&["connect", "--client-id", "x", "--no-browser"]).await;

    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("vault.json"), "{run:?}");
    assert_eq!(connect.code, 1, "{connect:?}");
    assert!(!file.exists());
    fs::write(&file, text).unwrap();
    assert_eq!(records(&room, &[]).await, before);
}
