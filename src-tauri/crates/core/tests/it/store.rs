//! What the store does with resources that come, come again, and stop coming.

use onhand_core::record::Kind;
use onhand_core::store::{
    Arrival, Filter, List, NewAccount, PageCounts, Patient, Row, RunId, Secrets, Store,
};
use secrecy::ExposeSecret;
use tempfile::TempDir;

struct Kept {
    folder: TempDir,
    store: Store,
    account: i64,
}

impl Kept {
    fn new() -> Kept {
        Kept::of(&[])
    }

    fn of(people: &[Patient]) -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("onhand.db"), &[1; 32]).unwrap();
        let account =
            store.save_sign_in(None, &new_account("https://a.example"), people, now()).unwrap();
        Kept { folder, store, account }
    }

    fn run(&mut self) -> RunId {
        self.store.begin_run(self.account, now()).unwrap()
    }

    fn page(&mut self, run: RunId, resources: &[(&str, Option<&str>, &str)]) -> PageCounts {
        let arrivals: Vec<Arrival<'_>> = resources
            .iter()
            .map(|(resource_type, id, body)| Arrival {
                resource_type,
                id: *id,
                body: body.as_bytes(),
                counts: true,
            })
            .collect();
        let counts = self.store.commit_page(run, &arrivals, now()).unwrap();
        self.store.settle(run).unwrap();
        counts
    }

    fn rows(&self) -> Vec<Row> {
        let filter = Filter { folded: true, ..Filter::default() };
        self.store.list(&List { filter, offset: 0, limit: 500 }).unwrap().records
    }
}

fn now() -> jiff::Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn new_account(origin: &str) -> NewAccount {
    NewAccount {
        origin: origin.to_owned(),
        certificate: None,
        client_id: "client".to_owned(),
        redirect_uris: Vec::new(),
        secrets: Secrets {
            client_secret: None,
            access: "access".into(),
            refresh: None,
            expires_at: now(),
            scope: None,
        },
    }
}

fn condition(id: &str, text: &str) -> String {
    format!(
        r#"{{"resourceType":"Condition","id":"{id}","code":{{"text":"{text}"}},"clinicalStatus":"active"}}"#
    )
}

#[test]
fn the_same_again_changes_nothing_and_another_content_makes_a_version() {
    let mut kept = Kept::new();
    let run = kept.run();
    let first = condition("1", "Cough");
    let counts = kept.page(run, &[("Condition", Some("1"), &first)]);
    assert_eq!(counts, PageCounts { new: 1, ..PageCounts::default() });
    let id = kept.rows()[0].id;

    let run = kept.run();
    let counts = kept.page(run, &[("Condition", Some("1"), &first)]);
    assert_eq!(counts, PageCounts { unchanged: 1, ..PageCounts::default() });
    assert!(kept.store.detail(id).unwrap().versions.is_empty());

    let run = kept.run();
    let counts = kept.page(run, &[("Condition", Some("1"), &condition("1", "Asthma"))]);
    assert_eq!(counts, PageCounts { changed: 1, ..PageCounts::default() });
    let detail = kept.store.detail(id).unwrap();
    assert_eq!(detail.row.title, "Asthma");
    assert_eq!(detail.versions.len(), 1);
}

#[test]
fn a_row_that_moves_between_pages_counts_once_and_a_twin_is_kept_beside_it() {
    let mut kept = Kept::new();
    let run = kept.run();
    let cough = condition("1", "Cough");
    kept.page(run, &[("Condition", Some("1"), &cough)]);
    let counts = kept.page(run, &[("Condition", Some("1"), &cough)]);
    assert_eq!((counts.received(), counts.again), (0, 1));
    let counts = kept.page(run, &[("Condition", Some("1"), &condition("1", "Asthma"))]);
    assert_eq!((counts.received(), counts.twins), (1, 1));
    assert_eq!(kept.rows().len(), 2);
}

#[test]
fn resources_without_an_id_are_told_apart_by_content_and_never_collapsed() {
    let mut kept = Kept::new();
    let page: [(&str, Option<&str>, &str); 3] = [
        ("Flag", None, r#"{"resourceType":"Flag","code":{"text":"A"}}"#),
        ("Flag", None, r#"{"resourceType":"Flag","code":{"text":"B"}}"#),
        ("Flag", None, r#"{"resourceType":"Flag","code":{"text":"A"}}"#),
    ];
    let run = kept.run();
    assert_eq!(kept.page(run, &page).new, 3);
    let run = kept.run();
    assert_eq!(kept.page(run, &page).unchanged, 3);
    assert_eq!(kept.rows().len(), 3);
}

#[test]
fn an_id_with_a_mark_in_it_is_no_twin_of_the_one_before() {
    let mut kept = Kept::new();
    let run = kept.run();
    let counts = kept.page(
        run,
        &[
            ("Condition", Some("1"), &condition("1", "Cough")),
            ("Condition", Some("10"), &condition("10", "Asthma")),
            ("Condition", Some("1.1"), &condition("1.1", "Fever")),
        ],
    );
    assert_eq!((counts.new, counts.twins), (3, 0));
}

#[test]
fn gone_is_marked_kept_and_unmarked_when_it_comes_back() {
    let mut kept = Kept::new();
    let (one, two) = (condition("1", "Cough"), condition("2", "Asthma"));
    let run = kept.run();
    kept.page(run, &[("Condition", Some("1"), &one), ("Condition", Some("2"), &two)]);
    let run = kept.run();
    kept.page(run, &[("Condition", Some("1"), &one)]);
    assert_eq!(kept.store.mark_gone(run, "Condition", now()).unwrap().gone, 1);
    assert_eq!(kept.rows().iter().filter(|row| row.gone_since.is_some()).count(), 1);
    let counts = kept.store.counts(kept.account).unwrap();
    assert_eq!(counts.values().sum::<u64>(), 1);

    let run = kept.run();
    kept.page(run, &[("Condition", Some("1"), &one), ("Condition", Some("2"), &two)]);
    assert!(kept.rows().iter().all(|row| row.gone_since.is_none()));
}

#[test]
fn a_result_is_folded_into_its_report_whichever_came_first() {
    let report = r#"{"resourceType":"DiagnosticReport","id":"3","code":{"text":"Lipid panel"},"status":"final","result":[{"reference":"Observation/4"}]}"#;
    let result = r#"{"resourceType":"Observation","id":"4","code":{"text":"HDL"},"status":"final","valueQuantity":{"value":50,"unit":"mg/dL"}}"#;
    for reversed in [false, true] {
        let mut kept = Kept::new();
        let run = kept.run();
        let mut pages =
            [("DiagnosticReport", Some("3"), report), ("Observation", Some("4"), result)];
        if reversed {
            pages.reverse();
        }
        for page in pages {
            kept.page(run, &[page]);
        }
        let rows = kept.rows();
        let whole = rows.iter().find(|row| row.title == "Lipid panel").unwrap();
        let part = rows.iter().find(|row| row.title == "HDL").unwrap();
        assert_eq!(part.part_of, Some(whole.id));
        let shown = List { filter: Filter::default(), offset: 0, limit: 10 };
        assert_eq!(kept.store.list(&shown).unwrap().total, 1);
    }
}

#[test]
fn a_search_takes_words_as_words_whatever_they_hold() {
    let mut kept = Kept::new();
    let run = kept.run();
    kept.page(run, &[("Condition", Some("1"), &condition("1", "Café au lait spots"))]);
    let find = |query: &str| {
        let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
        kept.store.list(&List { filter, offset: 0, limit: 10 }).unwrap()
    };
    for query in ["cafe", "CAFÉ", "au spo", "lait,", "\"lait\"", "lait*", "(café"] {
        let page = find(query);
        assert_eq!((page.total, page.records.len()), (1, 1), "{query}");
    }
    assert_eq!(find("NOT lait").total, 0);
    assert_eq!(find("milk").total, 0);
    // Nothing to search for is no search.
    assert_eq!(find(" - ").total, 1);
}

#[test]
fn what_was_cut_off_before_it_settled_is_found_after_the_next_opening() {
    let report = r#"{"resourceType":"DiagnosticReport","id":"3","code":{"text":"Lipid panel"},"status":"final","result":[{"reference":"Observation/4"}]}"#;
    let result = r#"{"resourceType":"Observation","id":"4","code":{"text":"HDL"},"status":"final","valueQuantity":{"value":50,"unit":"mg/dL"}}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("onhand.db");
    let find = |store: &Store, query: &str| {
        let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
        let found = store.list(&List { filter, offset: 0, limit: 10 }).unwrap();
        found.records.into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    {
        let mut store = Store::open(&path, &[1; 32]).unwrap();
        let account =
            store.save_sign_in(None, &new_account("https://a.example"), &[], now()).unwrap();
        let run = store.begin_run(account, now()).unwrap();
        for (resource_type, id, body) in
            [("DiagnosticReport", "3", report), ("Observation", "4", result)]
        {
            let arrival =
                Arrival { resource_type, id: Some(id), body: body.as_bytes(), counts: true };
            store.commit_page(run, &[arrival], now()).unwrap();
        }
        // Nothing settles: the process is ended here.
    }
    let mut store = Store::open(&path, &[1; 32]).unwrap();
    assert_eq!(store.record_count().unwrap(), 2);
    while store.derive_outdated(1).unwrap() > 0 {}
    assert_eq!(find(&store, "lipid"), ["Lipid panel"]);
    let mut both = find(&store, "hdl");
    both.sort();
    assert_eq!(both, ["HDL", "Lipid panel"]);
    let filter = Filter::default();
    assert_eq!(store.list(&List { filter, offset: 0, limit: 10 }).unwrap().total, 1);
    assert_eq!(store.derive_outdated(10).unwrap(), 0);
}

#[test]
fn a_letter_alone_stands_for_itself_and_two_begin_a_word() {
    let mut kept = Kept::new();
    let run = kept.run();
    kept.page(
        run,
        &[
            ("Condition", Some("1"), &condition("1", "Hepatitis B")),
            ("Condition", Some("2"), &condition("2", "Bronchitis")),
        ],
    );
    let find = |query: &str| {
        let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
        let found = kept.store.list(&List { filter, offset: 0, limit: 10 }).unwrap();
        found.records.into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    assert_eq!(find("b"), ["Hepatitis B"]);
    assert_eq!(find("br"), ["Bronchitis"]);
    assert_eq!(find("hepatitis b"), ["Hepatitis B"]);
}

#[test]
fn a_word_that_is_one_slip_away_finds_what_was_meant_and_says_so() {
    let mut kept = Kept::new();
    let run = kept.run();
    kept.page(
        run,
        &[
            ("Condition", Some("1"), &condition("1", "Pneumonia")),
            ("Condition", Some("2"), &condition("2", "Anemia of chronic disease")),
        ],
    );
    let find = |query: &str| {
        let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
        let found = kept.store.list(&List { filter, offset: 0, limit: 10 }).unwrap();
        let titles = found.records.into_iter().map(|row| row.title).collect::<Vec<_>>();
        assert_eq!(found.total, titles.len() as u64, "{query}");
        (titles, found.corrected)
    };
    // Two letters in each other's place, one too many, one wrong, one missing; at the first letter,
    // within the word, in a beginning alone; beside a word that is right.
    for (typed, title, spelled) in [
        ("penumonia", "Pneumonia", "pneumonia"),
        ("pneummonia", "Pneumonia", "pneumonia"),
        ("pneumomia", "Pneumonia", "pneumonia"),
        ("neumonia", "Pneumonia", "pneumonia"),
        ("bneumonia", "Pneumonia", "pneumonia"),
        ("pnuemo", "Pneumonia", "pneumo"),
        ("amemia", "Anemia of chronic disease", "anemia"),
        ("chronic anmeia", "Anemia of chronic disease", "chronic anemia"),
    ] {
        let (titles, corrected) = find(typed);
        assert_eq!(titles, [title], "{typed}");
        assert_eq!(corrected.as_deref(), Some(spelled), "{typed}");
    }
    // What is spelled right is not bent, and neither is what is short, far away, or a number.
    assert_eq!(find("pneumonia"), (vec!["Pneumonia".to_owned()], None));
    for typed in ["anx", "pnuemomia", "zzzz", "12345", "pneumonia anemia"] {
        assert_eq!(find(typed), (Vec::new(), None), "{typed}");
    }
}

#[test]
fn a_search_finds_the_persons_own_notes_too() {
    let mut kept = Kept::new();
    let run = kept.run();
    kept.page(
        run,
        &[
            ("Condition", Some("1"), &condition("1", "Cough")),
            ("Condition", Some("2"), &condition("2", "Asthma")),
        ],
    );
    let id = |title: &str| kept.rows().into_iter().find(|row| row.title == title).unwrap().id;
    let (cough, asthma) = (id("Cough"), id("Asthma"));
    kept.store.write_note(cough, "Began after the Painting of the kitchen", now()).unwrap();
    kept.store.write_note(asthma, "Ask about the cough", now()).unwrap();
    let find = |store: &Store, query: &str, offset: u32| {
        let filter = Filter { query: Some(query.to_owned()), ..Filter::default() };
        store.list(&List { filter, offset, limit: 10 }).unwrap()
    };
    let page = find(&kept.store, "kitch", 0);
    assert_eq!((page.total, page.records[0].id), (1, cough));
    assert_eq!(
        page.records[0].snippet.as_deref(),
        Some("Began after the Painting of the \u{2}kitchen\u{3}")
    );
    // A word of the record and one of the note; a word of one record's name and of another's note.
    assert_eq!(find(&kept.store, "cough paint", 0).total, 1);
    let both = find(&kept.store, "cough", 0);
    assert_eq!(both.records.iter().map(|row| row.id).collect::<Vec<_>>(), [asthma, cough]);
    assert_eq!(both.total, 2);
    let rest = find(&kept.store, "cough", 1);
    assert_eq!(rest.records.iter().map(|row| row.id).collect::<Vec<_>>(), [cough]);
    assert_eq!(rest.total, 2);
    kept.store.write_note(cough, "", now()).unwrap();
    assert_eq!(find(&kept.store, "kitch", 0).total, 0);
}

#[test]
fn tokens_are_renewed_only_where_the_ones_that_they_come_from_are_kept() {
    let mut kept = Kept::new();
    let account = kept.account;
    let secrets = |access: &str| Secrets {
        access: access.into(),
        ..new_account("https://a.example").secrets
    };
    let access = |kept: &Kept| {
        let secrets = kept.store.secrets(account).unwrap();
        secrets.map(|secrets| secrets.access.expose_secret().to_owned())
    };
    assert!(kept.store.save_tokens(account, &"access".into(), &secrets("second")).unwrap());
    assert_eq!(access(&kept).as_deref(), Some("second"));
    // A sign-in at another address of the portal came between.
    let anew = new_account("https://b.example");
    kept.store.save_sign_in(Some(account), &anew, &[], now()).unwrap();
    assert!(!kept.store.save_tokens(account, &"second".into(), &secrets("third")).unwrap());
    assert_eq!(access(&kept).as_deref(), Some("access"));

    kept.store.forget_tokens(account).unwrap();
    assert!(!kept.store.save_tokens(account, &"access".into(), &secrets("fourth")).unwrap());
    assert!(!kept.store.account(account).unwrap().signed_in);
    kept.store.forget_secrets(account).unwrap();
    assert!(!kept.store.save_tokens(account, &"access".into(), &secrets("fifth")).unwrap());
    assert_eq!(access(&kept), None);
    assert!(kept.store.account(account).unwrap().disconnected);
}

#[test]
fn secrets_are_given_for_the_origin_they_belong_to_and_no_other() {
    let kept = Kept::new();
    assert!(kept.store.secrets(kept.account).unwrap().is_some());
    let path = kept.folder.path().join("onhand.db");
    let db = rusqlite::Connection::open(path).unwrap();
    let key = "01".repeat(32);
    db.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    db.execute("UPDATE secret SET origin = 'https://elsewhere.example'", []).unwrap();
    assert!(kept.store.secrets(kept.account).unwrap().is_none());
}

#[test]
fn deleting_an_account_leaves_no_word_of_it() {
    let mut kept = Kept::new();
    let run = kept.run();
    kept.page(run, &[("Condition", Some("1"), &condition("1", "Cough"))]);
    let other =
        kept.store.save_sign_in(None, &new_account("https://b.example"), &[], now()).unwrap();
    kept.store.delete_account(kept.account).unwrap();
    assert_eq!(kept.store.record_count().unwrap(), 0);
    let filter = Filter { query: Some("cough".to_owned()), ..Filter::default() };
    assert_eq!(kept.store.list(&List { filter, offset: 0, limit: 10 }).unwrap().total, 0);
    assert_eq!(kept.store.accounts().unwrap()[0].id, other);
    assert!(kept.store.is_sound().unwrap());
}

#[test]
fn two_programs_that_write_at_once_wait_for_each_other() {
    let mut kept = Kept::new();
    let path = kept.folder.path().join("onhand.db");
    let account = kept.account;
    let run = kept.run();
    let write = |store: &mut Store, run: RunId, from: u32| {
        for n in from..from + 60 {
            let (id, body) = (n.to_string(), condition(&n.to_string(), "Cough"));
            let arrival = Arrival {
                resource_type: "Condition",
                id: Some(&id),
                body: body.as_bytes(),
                counts: true,
            };
            store.commit_page(run, &[arrival], now()).unwrap();
        }
    };
    let both = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut other = Store::open(&path, &[1; 32]).unwrap();
            let run = other.begin_run(account, now()).unwrap();
            both.wait();
            write(&mut other, run, 1_000);
        });
        both.wait();
        write(&mut kept.store, run, 0);
    });
    assert_eq!(kept.store.record_count().unwrap(), 120);
}

/// A visit on March 10 with what was recorded at it, and what was not.
fn march() -> Kept {
    let ada = Patient { patient_id: "1".to_owned(), name: "Ada Test".to_owned(), birth_date: None };
    let mut kept = Kept::of(&[ada]);
    let visit = r#"{"resourceType":"Encounter","id":"v","status":"finished","patient":{"reference":"Patient/1"},
        "type":[{"text":"Office visit"}],"period":{"start":"2026-03-10T10:15:00-04:00"}}"#;
    let pressure = |id: &str, code: &str, name: &str, value: u32| {
        format!(
            r#"{{"resourceType":"Observation","id":"{id}","status":"final","subject":{{"reference":"Patient/1"}},
            "category":{{"coding":[{{"code":"vital-signs"}}]}},"effectiveDateTime":"2026-03-10T10:15:00-04:00",
            "code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{name}"}}]}},
            "valueQuantity":{{"value":{value},"unit":"mmHg"}}}}"#
        )
    };
    let condition = |id: &str, more: &str| {
        format!(
            r#"{{"resourceType":"Condition","id":"{id}","patient":{{"reference":"Patient/1"}},
            "code":{{"text":"Asthma {id}"}},{more}}}"#
        )
    };
    let page = [
        (
            "Patient",
            "1",
            r#"{"resourceType":"Patient","id":"1","name":[{"text":"Ada Test"}]}"#.to_owned(),
        ),
        ("Encounter", "v", visit.to_owned()),
        ("Observation", "s", pressure("s", "8480-6", "Systolic blood pressure", 134)),
        ("Observation", "d", pressure("d", "8462-4", "Diastolic blood pressure", 78)),
        ("Condition", "day", condition("day", r#""dateRecorded":"2026-03-10""#)),
        (
            "Condition",
            "wrong",
            condition(
                "wrong",
                r#""dateRecorded":"2026-03-10","verificationStatus":"entered-in-error""#,
            ),
        ),
        (
            "Condition",
            "no",
            condition("no", r#""dateRecorded":"2026-03-10","verificationStatus":"refuted""#),
        ),
        ("Condition", "before", condition("before", r#""dateRecorded":"2026-03-09""#)),
        ("Condition", "month", condition("month", r#""dateRecorded":"2026-03""#)),
    ];
    let page: Vec<(&str, Option<&str>, &str)> =
        page.iter().map(|(kind, id, body)| (*kind, Some(*id), body.as_str())).collect();
    let run = kept.run();
    kept.page(run, &page);
    kept
}

fn timeline(kept: &Kept, kinds: &[Kind]) -> Vec<Row> {
    let filter = Filter { by_visit: true, kinds: kinds.to_vec(), ..Filter::default() };
    let page = kept.store.list(&List { filter: filter.clone(), offset: 0, limit: 500 }).unwrap();
    assert_eq!(page.total, page.records.len() as u64);
    let years = kept.store.periods(&filter).unwrap();
    assert_eq!(years.iter().map(|year| year.count).sum::<u64>(), page.total);
    let tall: Vec<(u64, u32)> = (0..)
        .zip(&page.records)
        .filter(|(_, row)| !row.holds.is_empty())
        .map(|(at, row)| (at, row.holds.len().min(3) as u32))
        .collect();
    // All of them are of the first year.
    assert_eq!(years.first().map_or(&[][..], |year| year.tall.as_slice()), tall);
    page.records
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.source.id.as_deref()).collect()
}

#[test]
fn a_visit_on_the_timeline_holds_its_day() {
    let kept = march();
    let rows = timeline(&kept, &[]);
    assert_eq!(ids(&rows), ["v", "wrong", "before", "month", "1"]);
    let holds: Vec<(Kind, u32, u32, Vec<&str>)> = rows[0]
        .holds
        .iter()
        .map(|held| {
            (held.kind, held.count, held.void, held.names.iter().map(String::as_str).collect())
        })
        .collect();
    assert_eq!(
        holds,
        [
            (Kind::Vitals, 1, 0, vec!["Blood pressure 134/78 mmHg"]),
            (Kind::Problems, 1, 1, vec!["Asthma day"]),
        ]
    );
    let filter = Filter { by_visit: true, ..Filter::default() };
    let years = kept.store.periods(&filter).unwrap();
    assert_eq!((years[0].count, years[0].records), (4, 8));
}

#[test]
fn a_kind_that_was_chosen_has_its_rows_on_the_timeline() {
    let kept = march();
    assert_eq!(ids(&timeline(&kept, &[Kind::Vitals])), ["d", "s"]);
    let rows = timeline(&kept, &[Kind::Visits]);
    assert_eq!((ids(&rows), rows[0].holds.len()), (vec!["v"], 2));
}

#[test]
fn the_timeline_follows_what_is_written_here_and_elsewhere() {
    let mut kept = march();
    let other = Store::open_reader(&kept.folder.path().join("onhand.db"), &[1; 32]).unwrap();
    let filter = Filter { by_visit: true, ..Filter::default() };
    let list = List { filter, offset: 0, limit: 500 };
    assert_eq!(kept.store.list(&list).unwrap().total, 5);
    assert_eq!(other.list(&list).unwrap().total, 5);
    let run = kept.run();
    kept.page(run, &[("Condition", Some("9"), &condition("9", "Cough"))]);
    assert_eq!(kept.store.list(&list).unwrap().total, 6);
    assert_eq!(other.list(&list).unwrap().total, 6);
}

#[test]
fn a_vaccination_that_was_billed_is_a_visit_on_the_timeline() {
    let mut kept = march();
    let run = kept.run();
    let dose = r#"{"resourceType":"Immunization","id":"dose","status":"completed","wasNotGiven":false,
        "reported":false,"patient":{"reference":"Patient/1"},"date":"2026-11-09T14:40:00-05:00",
        "vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"140"}],"text":"Influenza"}}"#;
    let given = r#"{"resourceType":"Procedure","id":"given","status":"completed",
        "subject":{"reference":"Patient/1"},"performedDateTime":"2026-11-09T14:40:00-05:00",
        "code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"90471"}],"text":"ADMIN"}}"#;
    kept.page(run, &[("Immunization", Some("dose"), dose), ("Procedure", Some("given"), given)]);
    let rows = timeline(&kept, &[]);
    assert_eq!(ids(&rows)[..2], ["given", "v"]);
    assert_eq!((rows[0].holds[0].kind, rows[0].holds[0].count), (Kind::Immunizations, 1));
    assert_eq!(rows[0].holds[0].names, ["Influenza"]);
    assert_eq!(rows[0].subtitle, "");
}

#[test]
fn a_search_that_finds_too_much_to_rank_counts_it_all_and_gives_the_newest_of_one_person() {
    let people = ["p", "q"].map(|id| Patient {
        patient_id: id.to_owned(),
        name: id.to_owned(),
        birth_date: None,
    });
    let mut kept = Kept::of(&people);
    let run = kept.run();
    let all: Vec<(String, String)> = (0..5_400)
        .map(|n| {
            // Every ninth is the other one's.
            let whose = if n % 9 == 0 { "q" } else { "p" };
            let (id, day) = (n.to_string(), jiff::civil::date(2000, 1, 1).saturating_add(jiff::Span::new().days(n)));
            let body = format!(
                r#"{{"resourceType":"Condition","id":"{id}","patient":{{"reference":"Patient/{whose}"}},
                    "code":{{"text":"Cough {n}"}},"onsetDateTime":"{day}","clinicalStatus":"active"}}"#
            );
            (id, body)
        })
        .collect();
    for page in all.chunks(600) {
        let page: Vec<(&str, Option<&str>, &str)> =
            page.iter().map(|(id, body)| ("Condition", Some(id.as_str()), body.as_str())).collect();
        kept.page(run, &page);
    }
    let person = kept.store.people(kept.account).unwrap()[0].0;
    let search = |kept: &Kept, person, query: &str, offset| {
        let filter = Filter { person, query: Some(query.to_owned()), ..Filter::default() };
        let page = kept.store.list(&List { filter, offset, limit: 3 }).unwrap();
        let titles: Vec<String> = page.records.into_iter().map(|row| row.title).collect();
        (page.total, titles)
    };
    let titles = |numbers: [u32; 3]| numbers.map(|n| format!("Cough {n}")).to_vec();
    assert_eq!(search(&kept, None, "cou", 0), (5_400, titles([5_399, 5_398, 5_397])));
    assert_eq!(search(&kept, Some(person), "cough", 0), (4_800, titles([5_399, 5_398, 5_397])));
    assert_eq!(search(&kept, Some(person), "cough", 7), (4_800, titles([5_392, 5_390, 5_389])));
    assert_eq!(search(&kept, Some(person), "cough 5391", 0), (0, Vec::new()));
    assert_eq!(search(&kept, None, "cough 5391", 0).0, 1);

    let again = kept.run();
    kept.page(again, &[("Condition", Some("more"), &condition("more", "Cough"))]);
    assert_eq!(search(&kept, None, "cough", 5_399).1, ["Cough 0", "Cough"]);
}
