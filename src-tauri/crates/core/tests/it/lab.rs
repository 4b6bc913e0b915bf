//! Lab tests through time, panels with all their dates, names that the person gives.

use onhand_core::record::{Direction, Likelihood, NameFrom, Tone};
use onhand_core::store::{
    Arrival, Detail, Error, NewAccount, Patient, RunId, Secrets, Store, Test, TestDetail, TestKind,
};
use tempfile::TempDir;

struct Kept {
    _folder: TempDir,
    store: Store,
    account: i64,
}

impl Kept {
    fn new() -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("onhand.db"), &[1; 32]).unwrap();
        let sign_in = NewAccount {
            origin: "https://a.example".to_owned(),
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
        };
        let patient =
            Patient { patient_id: "p".to_owned(), name: "Ana".to_owned(), birth_date: None };
        let account = store.save_sign_in(None, &sign_in, &[patient], now()).unwrap();
        Kept { _folder: folder, store, account }
    }

    /// A sync that brings these resources.
    fn sync(&mut self, resources: &[String]) -> RunId {
        let run = self.store.begin_run(self.account, now()).unwrap();
        for raw in resources {
            let value: serde_json::Value = serde_json::from_str(raw).unwrap();
            let arrival = Arrival {
                resource_type: value["resourceType"].as_str().unwrap(),
                id: value["id"].as_str(),
                body: raw.as_bytes(),
                counts: true,
            };
            self.store.commit_page(run, &[arrival], now()).unwrap();
        }
        self.store.settle(run).unwrap();
        self.store.finish_run(run, "{}", now()).unwrap();
        run
    }

    fn tests(&self) -> Vec<Test> {
        self.store.tests(None).unwrap()
    }

    fn test(&self, name: &str) -> Test {
        let all = self.tests();
        let found = all.iter().find(|test| test.name == name);
        found.unwrap_or_else(|| panic!("no {name} in {all:#?}")).clone()
    }

    fn detail(&self, target: &str) -> Detail {
        self.store.detail(self.id(target)).unwrap()
    }

    fn id(&self, target: &str) -> i64 {
        self.row(target).id
    }

    fn row(&self, target: &str) -> onhand_core::store::Row {
        let (kind, id) = target.split_once('/').unwrap();
        let list = onhand_core::store::List {
            filter: onhand_core::store::Filter { folded: true, ..Default::default() },
            offset: 0,
            limit: 500,
        };
        let rows = self.store.list(&list).unwrap().records;
        let is = |row: &&onhand_core::store::Row| {
            row.source.resource_type == kind && row.source.id.as_deref() == Some(id)
        };
        rows.iter().find(is).unwrap_or_else(|| panic!("no {target}")).clone()
    }
}

fn now() -> jiff::Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn result(id: &str, when: &str, name: &str, fields: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","subject":{{"reference":"Patient/p"}},
            "effectiveDateTime":"{when}","code":{name},{fields}}}"#
    )
}

fn sodium(id: &str, when: &str, value: &str, unit: &str) -> String {
    let name = r#"{"text":"Sodium","coding":[{"system":"http://loinc.org","code":"2951-2"}]}"#;
    let fields = format!(
        r#""valueQuantity":{{"value":{value},"unit":"{unit}"}},"referenceRange":[{{"text":"135-145"}}]"#
    );
    result(id, when, name, &fields)
}

#[test]
fn a_series_is_of_one_code_and_unit_and_keeps_all_values_of_a_day() {
    let mut kept = Kept::new();
    kept.sync(&[
        sodium("1", "2024-05-01", "140", "mmol/L"),
        sodium("2", "2024-05-01", "148.0", "mEq/L"),
        sodium("3", "2023-01-01", "139", "mmol/L"),
        // The very code on something else.
        result(
            "4",
            "2024-06-01",
            r#"{"text":"Weight","coding":[{"system":"http://loinc.org","code":"2951-2"}]}"#,
            r#""valueQuantity":{"value":70,"unit":"kg"}"#,
        ),
        result(
            "5",
            "2024-06-01",
            r#"{"text":"Sodium","coding":[{"system":"http://loinc.org","code":"2951-2"}]}"#,
            r#""valueQuantity":{"value":320,"unit":"mg/dL"}"#,
        ),
    ]);
    let all = kept.tests();
    let sodium = all.iter().find(|test| test.name == "Sodium" && test.count == 3).unwrap();
    assert_eq!((sodium.kind, sodium.out_of_range), (TestKind::Labs, 1));
    assert_eq!(sodium.name_from, NameFrom::Portal);
    assert_eq!(all.len(), 3, "{all:#?}");
    let detail = kept.store.test(None, &sodium.key).unwrap();
    let values: Vec<_> = detail
        .points
        .iter()
        .map(|point| (point.value.as_deref().unwrap(), point.unit.as_deref().unwrap()))
        .collect();
    assert_eq!(values, [("139", "mmol/L"), ("140", "mmol/L"), ("148.0", "mEq/L")]);
    assert_eq!(detail.points[2].own_flag.as_ref().unwrap().text, "Above its range");
    assert_eq!(
        (detail.points[0].low.as_deref(), detail.points[0].high.as_deref()),
        (Some("135"), Some("145"))
    );
    assert_eq!(detail.others.len(), 1);
    assert_eq!(detail.others[0].unit.as_deref(), Some("mg/dL"));
    assert_eq!(
        kept.store.test_alone(None, &sodium.key).unwrap(),
        TestDetail { others: Vec::new(), ..detail },
    );
    assert!(kept.store.test(None, "c:no|such").is_err());
}

#[test]
fn withdrawn_results_are_in_no_series() {
    let mut kept = Kept::new();
    kept.sync(&[
        sodium("1", "2024-05-01", "140", "mmol/L").replace("final", "entered-in-error"),
        sodium("2", "2024-05-01", "141", "mmol/L").replace("final", "cancelled"),
        sodium("3", "2024-05-01", "142", "mmol/L").replace("final", "preliminary"),
    ]);
    let test = kept.test("Sodium");
    assert_eq!(test.count, 1);
    assert_eq!(test.latest.number.as_deref(), Some("142"));
    assert!(test.latest.note.is_some());
}

#[test]
fn a_result_that_another_one_replaces_is_corrected_and_in_no_series() {
    let first = sodium("1", "2024-05-01", "120", "mmol/L");
    let related = r#","related":[{"type":"replaces","target":{"reference":"Observation/1"}}]}"#;
    let second = sodium("2", "2024-05-01", "140", "mmol/L");
    let second = format!("{}{related}", second.strip_suffix('}').unwrap());
    for order in 0..3 {
        let mut kept = Kept::new();
        match order {
            0 => {
                kept.sync(&[first.clone(), second.clone()]);
            }
            1 => {
                kept.sync(&[second.clone(), first.clone()]);
            }
            _ => {
                kept.sync(std::slice::from_ref(&first));
                assert_eq!(kept.test("Sodium").latest.number.as_deref(), Some("120"));
                kept.sync(&[first.clone(), second.clone()]);
            }
        }
        let row = kept.detail("Observation/1").row;
        assert_eq!(
            row.status_text.as_deref(),
            Some("Corrected: a newer result replaces it"),
            "order {order}"
        );
        let test = kept.test("Sodium");
        assert_eq!((test.count, test.latest.number.as_deref()), (1, Some("140")), "order {order}");
        let related = kept.detail("Observation/1").related;
        assert!(related.iter().any(|one| one.role == "replaces_of" && one.row.is_some()));
        // What replaces it was withdrawn itself: the first one counts again.
        kept.sync(&[first.clone(), second.replace("final", "entered-in-error")]);
        assert_eq!(kept.detail("Observation/1").row.status.as_deref(), Some("final"));
        assert_eq!(kept.test("Sodium").latest.number.as_deref(), Some("120"));
    }
}

#[test]
fn a_name_that_is_no_address_leads_to_what_goes_by_it() {
    let report = r#"{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{"text":"Salts"},
        "subject":{"reference":"Patient/p"},"effectiveDateTime":"2024-05-01",
        "result":[{"reference":"urn:uuid:541a72a8-df75-4484-ac89-ac4923f03b81"}]}"#;
    let id = "541a72a8-df75-4484-ac89-ac4923f03b81";
    for order in 0..3 {
        let all = [report.to_owned(), sodium(id, "2024-05-01", "140", "mmol/L")];
        let mut kept = Kept::new();
        match order {
            0 => {
                kept.sync(&all);
            }
            1 => {
                kept.sync(&[all[1].clone(), all[0].clone()]);
            }
            _ => {
                kept.sync(&all[..1]);
                let results = |detail: Detail| -> Vec<String> {
                    let of_results = detail.sections.into_iter().filter(|s| s.title == "Results");
                    of_results.flat_map(|s| s.fields).map(|field| field.text).collect()
                };
                assert_eq!(results(kept.detail("DiagnosticReport/r")), ["not received"]);
                kept.sync(&all);
            }
        }
        let detail = kept.detail("DiagnosticReport/r");
        let result = detail.related.iter().find(|one| one.role == "result").unwrap();
        assert_eq!(result.target, format!("Observation/{id}"), "order {order}");
        assert!(result.row.is_some());
    }
}

#[test]
fn joins_pressures_that_came_together_or_at_one_time() {
    let part = |name: &str, code: &str, value: u32| {
        format!(
            r#"{{"code":{{"text":"{name}","coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},"valueQuantity":{{"value":{value},"unit":"mmHg"}}}}"#
        )
    };
    let alone = |id: &str, name: &str, code: &str, value: u32| {
        let code = format!(
            r#"{{"text":"{name}","coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#
        );
        let value = format!(
            r#""category":{{"coding":[{{"code":"vital-signs"}}]}},"valueQuantity":{{"value":{value},"unit":"mm[Hg]"}}"#
        );
        result(id, "2024-02-01T09:30:00-05:00", &code, &value)
    };
    let mut kept = Kept::new();
    kept.sync(&[
        result(
            "1",
            "2023-02-01",
            r#"{"text":"Blood pressure"}"#,
            &format!(
                r#""component":[{},{}]"#,
                part("Systolic", "8480-6", 134),
                part("Diastolic", "8462-4", 78)
            ),
        ),
        alone("2", "Systolic blood pressure", "8480-6", 121),
        alone("3", "Diastolic blood pressure", "8462-4", 71),
    ]);
    let test = kept.test("Blood pressure");
    assert_eq!((test.count, test.kind, kept.tests().len()), (2, TestKind::Vitals, 1));
    assert_eq!(test.latest.value.as_deref(), Some("121/71"));
    let points = kept.store.test(None, &test.key).unwrap().points;
    assert_eq!(points[0].value.as_deref(), Some("134/78"));
    assert_eq!(
        (points[0].number.as_deref(), points[0].second.as_deref()),
        (Some("134"), Some("78"))
    );
}

/// A systolic or a diastolic pressure by itself.
fn pressure(id: &str, when: &str, code: &str, value: u32, more: &str) -> String {
    let name = if code == "8480-6" { "Systolic" } else { "Diastolic" };
    let code = format!(
        r#"{{"text":"{name}","coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#
    );
    let value = format!(
        r#""category":{{"coding":[{{"code":"vital-signs"}}]}},"valueQuantity":{{"value":{value},"unit":"mmHg"}}{more}"#
    );
    result(id, when, &code, &value)
}

#[test]
fn a_usual_upper_pressure_hides_nothing_of_the_lower_one() {
    let marked = |code: &str| format!(r#","interpretation":{{"coding":[{{"code":"{code}"}}]}}"#);
    let joined = |high: &str, low: &str| {
        let at = "2024-02-01T09:30:00-05:00";
        let mut kept = Kept::new();
        let low = pressure("2", at, "8462-4", 130, low).replace("final", "preliminary");
        kept.sync(&[pressure("1", at, "8480-6", 118, high), low]);
        let test = kept.test("Blood pressure");
        assert_eq!((test.latest.value.as_deref(), test.count), (Some("118/130"), 1));
        (test.latest, test.out_of_range)
    };
    let (point, n_out) = joined(&marked("N"), &marked("HH"));
    let flag = point.flag.unwrap();
    assert_eq!((flag.text.as_str(), flag.tone), ("Diastolic: Critically high", Tone::Alarm));
    assert_eq!((flag.direction, n_out), (Some(Direction::Up), 1));
    assert_eq!(point.note.as_deref(), Some("Diastolic: Preliminary, may change"));
    let (point, _) = joined(&marked("L"), &marked("HH"));
    let flag = point.flag.unwrap();
    assert_eq!(flag.text, "Systolic: Low; diastolic: Critically high");
    assert_eq!((flag.tone, flag.direction), (Tone::Alarm, Some(Direction::Up)));
    let (point, _) = joined(&marked("H"), &marked("H"));
    assert_eq!(point.flag.unwrap().text, "High");
    let range = r#","referenceRange":[{"text":"60-80"}]"#;
    let (point, n_out) = joined("", &format!("{}{range}", marked("N")));
    assert_eq!(point.flag.unwrap().text, "Diastolic: Normal");
    assert_eq!(point.own_flag.unwrap().text, "Diastolic: Above its range");
    assert_eq!(
        point.flag_note.as_deref(),
        Some("Diastolic: Marked Normal; its own range says above.")
    );
    assert_eq!((point.range.as_deref(), n_out), (Some("Diastolic: 60-80"), 1));
}

#[test]
fn pressures_are_joined_only_where_they_can_be_of_one_reading() {
    let values = |all: &[String]| -> Vec<String> {
        let mut kept = Kept::new();
        kept.sync(all);
        let test = kept.test("Blood pressure");
        let points = kept.store.test(None, &test.key).unwrap().points;
        points.into_iter().map(|point| point.value.unwrap()).collect()
    };
    let high = |id: &str, when: &str, value: u32| pressure(id, when, "8480-6", value, "");
    let low = |id: &str, when: &str, value: u32| pressure(id, when, "8462-4", value, "");
    // One of each on a day, however the day was written.
    let (day, midnight) = ("2024-02-01", "2024-02-01T00:00:00-05:00");
    assert_eq!(values(&[high("1", day, 120), low("2", midnight, 80)]), ["120/80"]);
    // Several of a day: which belongs to which is not known.
    for at in [midnight, "2024-02-01T09:30:00-05:00"] {
        let several = [high("1", at, 120), low("2", at, 80), high("3", at, 140), low("4", at, 90)];
        assert_eq!(values(&several), ["120/–", "–/80", "140/–", "–/90"], "{at}");
    }
    // A month is no time.
    assert_eq!(values(&[high("1", "2024-02", 120), low("2", "2024-02", 80)]), ["120/–", "–/80"]);
}

#[test]
fn tells_a_vital_sign_in_the_unit_of_its_series_with_what_was_sent() {
    let weight = |id: &str, when: &str, value: &str, unit: &str| {
        result(
            id,
            when,
            r#"{"text":"Body weight","coding":[{"system":"http://loinc.org","code":"29463-7"}]}"#,
            &format!(r#""valueQuantity":{{"value":{value},"unit":"{unit}"}}"#),
        )
    };
    let mut kept = Kept::new();
    kept.sync(&[weight("1", "2023-01-01", "180", "lb"), weight("2", "2024-01-01", "80.5", "kg")]);
    let test = kept.test("Body weight");
    assert_eq!(test.count, 2);
    let points = kept.store.test(None, &test.key).unwrap().points;
    assert_eq!((points[0].value.as_deref(), points[0].unit.as_deref()), (Some("81.6"), Some("kg")));
    assert_eq!(points[0].original.as_deref(), Some("180 lb"));
    assert_eq!((points[1].value.as_deref(), points[1].original.clone()), (Some("80.5"), None));
    let detail = kept.detail("Observation/1");
    assert_eq!(detail.result.unwrap().converted.as_deref(), Some("81.6 kg"));
}

#[test]
fn the_range_of_a_converted_value_says_its_unit() {
    let warmth = |id: &str, when: &str, value: &str, unit: &str, range: &str| {
        let value = format!(r#""valueQuantity":{{"value":{value},"unit":"{unit}"}}"#);
        let fields = format!(r#"{value},"referenceRange":[{{"text":"{range}"}}]"#);
        result(id, when, r#"{"text":"Body temperature"}"#, &fields)
    };
    let mut kept = Kept::new();
    kept.sync(&[
        warmth("1", "2023-01-01", "98.6", "°F", "97.8-99.1"),
        warmth("2", "2024-01-01", "37.0", "°C", "36.5-37.3"),
    ]);
    let test = kept.test("Body temperature");
    let points = kept.store.test(None, &test.key).unwrap().points;
    assert_eq!(points[0].value.as_deref(), Some("37.0"));
    assert_eq!(points[0].range.as_deref(), Some("97.8-99.1 °F"));
    assert_eq!(points[1].range.as_deref(), Some("36.5-37.3"));
}

#[test]
fn a_code_that_onhand_does_not_know_leads_to_its_other_spellings() {
    let of = |id: &str, name: &str| {
        let code = format!(
            r#"{{"text":"{name}","coding":[{{"system":"http://loinc.org","code":"99999-9"}}]}}"#
        );
        result(id, "2024-05-01", &code, r#""valueQuantity":{"value":7,"unit":"mg/dL"}"#)
    };
    let mut kept = Kept::new();
    kept.sync(&[of("1", "Frobulin"), of("2", "Frobulin, serum"), of("3", "Sodium")]);
    let others = |name: &str| -> Vec<String> {
        let detail = kept.store.test(None, &kept.test(name).key).unwrap();
        detail.others.into_iter().map(|other| other.name).collect()
    };
    assert_eq!(others("Frobulin"), ["Frobulin, serum"]);
    // A name that says something else contradicts the code.
    assert!(others("Sodium").is_empty());
}

const ROWS: [(&str, &str, &str, &str); 4] = [
    ("138", "mmol/L", "134-144", "Sodium"),
    ("4.4", "mmol/L", "3.5-5.2", "Potassium"),
    ("101", "mmol/L", "96-106", "Chloride"),
    ("24", "mmol/L", "20-29", "Carbon dioxide (CO2)"),
];

fn panel(id: &str, when: &str) -> Vec<String> {
    let mut all: Vec<String> = ROWS
        .iter()
        .enumerate()
        .map(|(at, (value, unit, range, _))| {
            format!(
                r#"{{"resourceType":"Observation","id":"{id}-{at}","status":"final","subject":{{"reference":"Patient/p"}},
                    "effectiveDateTime":"{when}","valueQuantity":{{"value":{value},"unit":"{unit}"}},
                    "referenceRange":[{{"text":"{range}"}}]}}"#
            )
        })
        .collect();
    let references: Vec<String> =
        (0..ROWS.len()).map(|at| format!(r#"{{"reference":"Observation/{id}-{at}"}}"#)).collect();
    all.push(format!(
        r#"{{"resourceType":"DiagnosticReport","id":"{id}","status":"final","subject":{{"reference":"Patient/p"}},
            "effectiveDateTime":"{when}","code":{{"text":"Electrolyte Panel"}},"result":[{}]}}"#,
        references.join(",")
    ));
    all
}

#[test]
fn names_the_results_behind_a_report_whichever_came_first() {
    for order in 0..3 {
        let mut kept = Kept::new();
        let mut all = panel("a", "2024-03-01");
        match order {
            0 => {
                kept.sync(&all);
            }
            1 => {
                all.rotate_right(1);
                kept.sync(&all);
            }
            _ => {
                let report = all.pop().unwrap();
                kept.sync(&all);
                assert_eq!(kept.detail("Observation/a-0").row.title, "Unnamed result");
                kept.sync(&[report]);
            }
        }
        for (at, (.., name)) in ROWS.iter().enumerate() {
            let detail = kept.detail(&format!("Observation/a-{at}"));
            assert_eq!(detail.name.as_deref(), Some(*name), "order {order}");
            assert_eq!(detail.name_from, Some(NameFrom::Inferred));
            assert_eq!(detail.likelihood, Some(Likelihood::Strong));
            assert_eq!(detail.row.title, format!("Likely {name}"));
            assert!(
                detail.row.subtitle.starts_with("Electrolyte Panel · Range"),
                "{}",
                detail.row.subtitle
            );
        }
        let report = kept.detail("DiagnosticReport/a");
        let results = report.sections.iter().find(|section| section.title == "Results").unwrap();
        assert_eq!(results.fields[0].label, "likely Sodium");
        assert_eq!(kept.test("Sodium").name_from, NameFrom::Inferred);
    }
}

#[test]
fn a_name_that_the_person_gives_outlives_everything_and_serves_equal_results() {
    let mut kept = Kept::new();
    kept.sync(&panel("a", "2023-03-01"));
    let first = kept.id("Observation/a-0");
    kept.store.name_result(first, 0, Some("Sodium"), Some("2951-2"), now()).unwrap();
    let detail = kept.detail("Observation/a-0");
    assert_eq!(
        (detail.name.as_deref(), detail.name_from),
        (Some("Sodium"), Some(NameFrom::Person))
    );
    assert_eq!(detail.row.title, "Sodium");
    let named_at = detail.result.unwrap().named_at;
    assert_eq!(named_at.as_deref(), Some("2026-11-23T10:00:00Z"));
    // The same again, and another panel of that name.
    kept.sync(&panel("a", "2023-03-01"));
    kept.sync(&panel("b", "2024-03-01"));
    for target in ["Observation/a-0", "Observation/b-0"] {
        assert_eq!(kept.detail(target).name_from, Some(NameFrom::Person), "{target}");
    }
    assert_eq!(kept.detail("Observation/b-1").name_from, Some(NameFrom::Inferred));
    let test = kept.test("Sodium");
    assert_eq!((test.count, test.name_from), (2, NameFrom::Person));
    assert_eq!(test.key, "c:2951-2|mmol/l");
    // Another range: the name is not taken over.
    let other: Vec<String> =
        panel("c", "2025-03-01").iter().map(|raw| raw.replace("134-144", "130-150")).collect();
    kept.sync(&other);
    assert_eq!(kept.detail("Observation/c-0").name_from, Some(NameFrom::Inferred));
    // What changed at the portal no longer carries it either.
    let changed: Vec<String> =
        panel("a", "2023-03-01").iter().map(|raw| raw.replace("134-144", "131-151")).collect();
    kept.sync(&changed);
    assert_eq!(kept.detail("Observation/a-0").name_from, Some(NameFrom::Inferred));
    // Taken back.
    kept.store.name_result(first, 0, None, None, now()).unwrap();
    assert_eq!(kept.detail("Observation/b-0").name_from, Some(NameFrom::Inferred));
}

#[test]
fn what_was_billed_that_day_supports_a_name_and_makes_none_sure() {
    let line = |id: &str, code: &str, at: &str, more: &str| {
        format!(
            r#"{{"resourceType":"Procedure","id":"{id}","status":"completed","subject":{{"reference":"Patient/p"}},
                "performedDateTime":"{at}"{more},"code":{{"text":"BLOOD COUNT","coding":[{{"code":"{code}",
                "system":"https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology"}}]}}}}"#
        )
    };
    let rows: [(&str, &str, &str); 9] = [
        ("6.1", "K/uL", "3.4-10.8"),
        ("5.10", "M/uL", "4.14-5.80"),
        ("15.2", "g/dL", "13.0-17.7"),
        ("45.1", "%", "37.5-51.0"),
        ("88.4", "fL", "79.0-97.0"),
        ("29.8", "pg", "26.6-33.0"),
        ("33.7", "g/dL", "31.5-35.7"),
        ("13.1", "%", "11.6-15.4"),
        ("245", "K/uL", "150-450"),
    ];
    let parts: Vec<String> = rows
        .iter()
        .map(|(value, unit, range)| {
            format!(
                r#"{{"valueQuantity":{{"value":{value},"unit":"{unit}"}},"referenceRange":[{{"text":"{range}"}}]}}"#
            )
        })
        .collect();
    let panel = |when: &str| {
        result(
            "panel",
            when,
            r#"{"text":"Lab results"}"#,
            &format!(r#""component":[{}]"#, parts.join(",")),
        )
    };
    let names = |kept: &Kept| -> Vec<(NameFrom, Option<Likelihood>)> {
        let detail = kept.detail("Observation/panel");
        detail.components.iter().map(|part| (part.name_from, part.likelihood)).collect()
    };
    let day = "2024-03-01T09:30:00-05:00";
    let billed = line("b", "85025", "2024-03-01T08:00:00-05:00", "");
    // Together, the bill first, and the bill in a later run.
    for order in 0..3 {
        let mut kept = Kept::new();
        match order {
            0 => {
                kept.sync(&[panel(day), billed.clone()]);
            }
            1 => {
                kept.sync(std::slice::from_ref(&billed));
                kept.sync(&[panel(day), billed.clone()]);
            }
            _ => {
                kept.sync(&[panel(day)]);
                assert!(names(&kept).iter().all(|name| name.1.is_none()));
                kept.sync(&[panel(day), billed.clone()]);
            }
        }
        let found = names(&kept);
        assert!(found.iter().all(|(_, sure)| *sure != Some(Likelihood::Strong)), "{found:?}");
        let n_named = found.iter().filter(|(from, _)| *from == NameFrom::Inferred).count();
        assert!(n_named >= 7, "order {order}: {found:?}");
        let reasons = &kept.detail("Observation/panel").components[4].reasons;
        assert!(reasons[0].ends_with("was billed the same day."), "{reasons:?}");
    }
    // Another day, a line that was withdrawn, and an instant, which proves no day.
    for (bill, when) in [
        (line("b", "85025", "2024-03-02T08:00:00-05:00", ""), day),
        (line("b", "85025", "2024-03-01T08:00:00-05:00", r#","notPerformed":true"#), day),
        (line("b", "85025", "2024-03-01T08:00:00-05:00", ""), "2024-03-01T14:30:00Z"),
        (line("b", "85025", "2024-03-01T14:30:00Z", ""), day),
    ] {
        let mut kept = Kept::new();
        kept.sync(&[panel(when), bill.clone()]);
        assert!(names(&kept).iter().all(|name| name.1.is_none()), "{bill}");
    }
}

#[test]
fn only_what_came_without_a_name_can_be_named() {
    let mut kept = Kept::new();
    kept.sync(&[sodium("1", "2024-05-01", "140", "mmol/L")]);
    let id = kept.id("Observation/1");
    assert!(kept.store.name_result(id, 0, Some("Salt"), None, now()).is_err());
    assert!(kept.store.name_result(id, 3, Some("Salt"), None, now()).is_err());
    assert!(kept.store.name_result(9999, 0, Some("Salt"), None, now()).is_err());
    assert_eq!(kept.detail("Observation/1").name.as_deref(), Some("Sodium"));
}

#[test]
fn a_panel_has_all_its_dates_as_columns() {
    let mut kept = Kept::new();
    let mut later = panel("b", "2024-03-01");
    later.remove(1);
    kept.sync(&panel("a", "2023-03-01"));
    kept.sync(&later);
    let table = kept.store.panel(kept.id("DiagnosticReport/b")).unwrap();
    assert_eq!(table.title, "Electrolyte Panel");
    let days: Vec<_> = table.columns.iter().filter_map(|column| column.when.as_deref()).collect();
    assert_eq!(days, ["2023-03-01", "2024-03-01"]);
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| (row.name.as_str(), row.cells.iter().map(Option::is_some).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        rows,
        [
            ("Sodium", vec![true, true]),
            ("Potassium", vec![true, false]),
            ("Chloride", vec![true, true]),
            ("Carbon dioxide (CO2)", vec![true, true]),
        ]
    );
    // A result leads to its panel too, since that is what a test knows of it.
    let result = kept.tests().into_iter().find(|test| test.panel.is_some()).unwrap().latest.record;
    assert_ne!(result, kept.id("DiagnosticReport/b"));
    assert_eq!(kept.store.panel(result).unwrap(), table);
    assert!(kept.store.panel(9999).is_err());
}

#[test]
fn a_panel_s_table_leaves_out_what_does_not_count() {
    let mut kept = Kept::new();
    let mut first = panel("a", "2023-03-01");
    first[1] = first[1].replacen("final", "entered-in-error", 1);
    kept.sync(&first);
    kept.sync(&panel("b", "2024-03-01"));
    let table = kept.store.panel(kept.id("DiagnosticReport/b")).unwrap();
    let potassium = table.rows.iter().find(|row| row.name == "Potassium").unwrap();
    let cells: Vec<bool> = potassium.cells.iter().map(Option::is_some).collect();
    assert_eq!(cells, [false, true]);
    let report = kept.row("DiagnosticReport/a");
    assert_eq!(report.subtitle, "3 results, 1 more that does not count");
}

fn marked(id: &str, status: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"{status}","subject":{{"reference":"Patient/p"}},
            "effectiveDateTime":"2024-05-01","code":{{"text":"Potassium {id}"}},
            "category":{{"coding":[{{"code":"laboratory"}}]}},{more}
            "valueQuantity":{{"value":9.9,"unit":"mmol/L"}},
            "interpretation":{{"coding":[{{"code":"HH"}}]}}}}"#
    )
}

fn report(id: &str, fields: &str, parts: &[&str]) -> String {
    let parts: Vec<String> =
        parts.iter().map(|part| format!(r#"{{"reference":"{part}"}}"#)).collect();
    format!(
        r#"{{"resourceType":"DiagnosticReport","id":"{id}","status":"final",
            "subject":{{"reference":"Patient/p"}},"code":{{"text":"Electrolytes"}},{fields}
            "result":[{}]}}"#,
        parts.join(",")
    )
}

#[test]
fn a_report_says_which_of_its_results_do_not_count() {
    let parts = [
        ("ok", "final", ""),
        ("early", "preliminary", ""),
        ("none", "registered", ""),
        ("not", "cancelled", ""),
        ("wrong", "entered-in-error", ""),
        ("odd", "whatever", ""),
        ("meant", "final", r#""modifierExtension":[{"url":"x"}],"#),
        ("old", "final", ""),
    ];
    let mut kept = Kept::new();
    let named: Vec<String> = parts.iter().map(|(id, ..)| format!("Observation/{id}")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let mut sent = vec![report("r", r#""effectiveDateTime":"2024-05-01","#, &named)];
    sent.extend(parts.iter().map(|(id, status, more)| marked(id, status, more)));
    kept.sync(&sent);
    // What replaces one of them comes later, and the report is read again.
    kept.sync(&[result(
        "new",
        "2024-05-01",
        r#"{"text":"Potassium"}"#,
        r#""valueQuantity":{"value":4.1,"unit":"mmol/L"},
        "related":[{"type":"replaces","target":{"reference":"Observation/old"}}]"#,
    )]);

    let detail = kept.detail("DiagnosticReport/r");
    assert_eq!(detail.row.subtitle, "2 results, 2 marked out of range, 6 more that do not count");
    let results = detail.sections.iter().find(|section| section.title == "Results").unwrap();
    let told: Vec<&str> = results.fields.iter().map(|field| field.text.as_str()).collect();
    let value = "9.9 mmol/L (Critically high)";
    assert_eq!(
        told,
        [
            value.to_owned(),
            format!("{value}, preliminary, may change"),
            format!("Registered, not ready: {value}"),
            format!("Cancelled: {value}"),
            format!("Withdrawn by the practice as an error: {value}"),
            format!("“whatever” (a word Onhand does not know): {value}"),
            format!("Final, with a condition Onhand does not understand: {value}"),
            format!("Corrected: a newer result replaces it: {value}"),
        ]
    );
    for (id, flagged) in
        [("ok", 1), ("early", 1), ("wrong", 0), ("odd", 0), ("meant", 0), ("old", 0)]
    {
        let row = kept.row(&format!("Observation/{id}"));
        assert_eq!((row.flagged, row.flag.is_some()), (flagged, flagged == 1), "{id}");
    }
}

#[test]
fn a_withdrawn_result_inside_a_report_is_no_value_of_it() {
    let mut kept = Kept::new();
    kept.sync(&[format!(
        r##"{{"resourceType":"DiagnosticReport","id":"r","status":"final","code":{{"text":"Potassium"}},
            "effectiveDateTime":"2024-05-01","result":[{{"reference":"#c"}}],"contained":[{}]}}"##,
        marked("c", "entered-in-error", "")
    )]);
    let detail = kept.detail("DiagnosticReport/r");
    assert!(detail.result.is_none() && detail.components.is_empty());
    assert_eq!(
        (detail.row.subtitle.as_str(), detail.row.flagged),
        ("1 result that does not count", 0)
    );
    let results = detail.sections.iter().find(|section| section.title == "Results").unwrap();
    assert!(results.fields[0].text.starts_with("Withdrawn by the practice as an error: 9.9"));
}

#[test]
fn a_result_without_a_date_is_as_old_as_its_report() {
    let zinc = |more: &str| {
        format!(
            r#"{{"resourceType":"Observation","id":"zinc","status":"final","code":{{"text":"Zinc"}},
                "category":{{"coding":[{{"code":"laboratory"}}]}},{more}
                "subject":{{"reference":"Patient/p"}},"valueQuantity":{{"value":70,"unit":"ug/dL"}}}}"#
        )
    };
    let issued = r#""issued":"2024-05-09T00:00:00-05:00","#;
    let dated = report("r", r#""effectiveDateTime":"2024-05-01","#, &["Observation/zinc"]);
    let undated = report("u", "", &["Observation/zinc"]);
    let when = |kept: &Kept| {
        let when = kept.detail("Observation/zinc").row.when_detail.unwrap();
        (when.label, when.sort)
    };
    let of_report = ("report of".to_owned(), "2024-05-01".to_owned());
    // In any order, and in another run.
    for syncs in [
        vec![vec![zinc(issued), dated.clone()]],
        vec![vec![dated.clone(), zinc("")]],
        vec![vec![zinc(issued)], vec![dated.clone()]],
        vec![vec![undated.clone(), zinc(issued)], vec![dated.clone()]],
    ] {
        let mut kept = Kept::new();
        for resources in &syncs {
            kept.sync(resources);
        }
        assert_eq!(when(&kept), of_report, "{syncs:?}");
    }
    let mut kept = Kept::new();
    kept.sync(&[zinc(issued), undated]);
    assert_eq!(when(&kept).0, "reported");
    kept.sync(&[zinc(r#""effectiveDateTime":"2024-04-30","#), dated]);
    assert_eq!(when(&kept), ("on".to_owned(), "2024-04-30".to_owned()));
}

#[test]
fn says_that_the_specimen_could_not_be_used() {
    let mut kept = Kept::new();
    kept.sync(&[
        r#"{"resourceType":"Specimen","id":"s","status":"unsatisfactory"}"#.to_owned(),
        marked("k", "final", r#""specimen":{"reference":"Specimen/s"},"#),
        marked("l", "final", ""),
    ]);
    let says = |id: &str| {
        let detail = kept.detail(&format!("Observation/{id}"));
        detail.sections.iter().flat_map(|section| &section.fields).any(|field| {
            field.label == "Its specimen" && field.text == "Unsatisfactory, could not be used"
        })
    };
    assert!(says("k"));
    assert!(!says("l"));
}

#[test]
fn so_many_tests_are_pinned_and_no_more_each_once_in_their_order() {
    let mut kept = Kept::new();
    let person = kept.store.people(kept.account).unwrap()[0].0;
    let keys: Vec<String> = (0..25).map(|n| format!("test-{n}")).collect();
    for key in &keys[..24] {
        kept.store.pin(person, key, true).unwrap();
    }
    kept.store.pin(person, &keys[3], true).unwrap();
    assert_eq!(kept.store.pins(person).unwrap(), keys[..24]);
    assert!(matches!(kept.store.pin(person, &keys[24], true), Err(Error::TooMany)));
    assert_eq!(kept.store.pins(person).unwrap(), keys[..24]);

    kept.store.pin(person, &keys[0], false).unwrap();
    kept.store.pin(person, &keys[0], false).unwrap();
    kept.store.pin(person, &keys[24], true).unwrap();
    assert_eq!(kept.store.pins(person).unwrap(), keys[1..]);
    assert!(kept.store.pin(person + 1, &keys[0], true).is_err());
}
