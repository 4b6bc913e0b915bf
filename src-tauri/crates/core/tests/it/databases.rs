//! A small real database of every released schema is opened, migrated and read.

use std::path::{Path, PathBuf};

use onhand_core::store::{
    Arrival, Filter, List, NewAccount, Patient, SCHEMA_VERSION, Secrets, Store,
};

/// The key of the kept databases, in which everything is invented.
const KEY: [u8; 32] = *b"published: nothing here is real!";

const RESOURCES: &[(&str, &str, &str)] = &[
    (
        "Patient",
        "1",
        r#"{"resourceType":"Patient","id":"1","name":[{"text":"Ada Sample"}],"birthDate":"1950-01-02"}"#,
    ),
    (
        "Condition",
        "2",
        r#"{"resourceType":"Condition","id":"2","patient":{"reference":"Patient/1"},"code":{"text":"Cough"},"clinicalStatus":"active","verificationStatus":"confirmed","dateRecorded":"2021-03-28"}"#,
    ),
    (
        "DiagnosticReport",
        "3",
        r#"{"resourceType":"DiagnosticReport","id":"3","subject":{"reference":"Patient/1"},"code":{"text":"Lipid panel"},"status":"final","effectiveDateTime":"2022-05-01","result":[{"reference":"Observation/4"}]}"#,
    ),
    (
        "Observation",
        "4",
        r#"{"resourceType":"Observation","id":"4","subject":{"reference":"Patient/1"},"code":{"text":"HDL"},"status":"final","effectiveDateTime":"2022-05-01","valueQuantity":{"value":50.0,"unit":"mg/dL"}}"#,
    ),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/databases")
}

fn now() -> jiff::Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn write(path: &Path) {
    let mut store = Store::open(path, &KEY).unwrap();
    let new = NewAccount {
        origin: "https://portal.example".to_owned(),
        certificate: None,
        client_id: "client".to_owned(),
        redirect_uris: Vec::new(),
        secrets: Secrets {
            client_secret: Some("secret".into()),
            access: "access".into(),
            refresh: Some("refresh".into()),
            expires_at: now(),
            scope: Some("patient/*.read".to_owned()),
        },
    };
    let person = Patient {
        patient_id: "1".to_owned(),
        name: "Ada Sample".to_owned(),
        birth_date: Some("1950-01-02".to_owned()),
    };
    let account = store.save_sign_in(None, &new, &[person], now()).unwrap();
    let run = store.begin_run(account, now()).unwrap();
    let arrivals: Vec<Arrival<'_>> = RESOURCES
        .iter()
        .map(|(resource_type, id, body)| Arrival {
            resource_type,
            id: Some(id),
            body: body.as_bytes(),
            counts: true,
        })
        .collect();
    store.commit_page(run, &arrivals, now()).unwrap();
    store.settle(run).unwrap();
    store.finish_run(run, "{}", now()).unwrap();
}

#[test]
fn every_released_schema_opens_and_keeps_its_records() {
    let newest = folder().join(format!("{SCHEMA_VERSION:03}.db"));
    if !newest.exists() {
        write(&newest);
        panic!(
            "a database of schema {SCHEMA_VERSION} has been written to tests/it/databases; commit it"
        );
    }
    for version in 1..=SCHEMA_VERSION {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("onhand.db");
        std::fs::copy(folder().join(format!("{version:03}.db")), &path).unwrap();
        let mut store = Store::open(&path, &KEY).unwrap();
        assert_eq!(store.version().unwrap(), SCHEMA_VERSION);
        while store.derive_outdated(100).unwrap() > 0 {}
        assert!(store.is_sound().unwrap());

        let account = store.accounts().unwrap().remove(0);
        assert_eq!(account.origin, "https://portal.example");
        assert!(store.secrets(account.id).unwrap().is_some());
        assert_eq!(store.people(account.id).unwrap()[0].1.name, "Ada Sample");
        let all =
            List { filter: Filter { folded: true, ..Filter::default() }, offset: 0, limit: 10 };
        let page = store.list(&all).unwrap();
        assert_eq!(page.total, RESOURCES.len() as u64);
        for row in page.records {
            let (_, _, body) =
                RESOURCES.iter().find(|(_, id, _)| row.source.id.as_deref() == Some(id)).unwrap();
            assert_eq!(store.raw_bytes(row.id).unwrap(), body.as_bytes());
        }
        let found = Filter { query: Some("cough".to_owned()), ..Filter::default() };
        assert_eq!(store.list(&List { filter: found, ..all }).unwrap().total, 1);
    }
}
