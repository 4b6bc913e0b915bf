//! Reading what was copied.

use onhand_core::api::{Filter, List};
use onhand_core::record::Kind;

use crate::traveller::{Traveller, outcome, rows, search};

#[tokio::test]
async fn the_whole_record_comes_and_stays_without_the_portal() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(
        outcome(&report, "Observation").promised,
        Some(outcome(&report, "Observation").received)
    );
    let before = rows(&traveller.app).await;
    assert!(before.len() >= 800, "{}", before.len());
    assert!(before.iter().all(|row| !row.title.trim().is_empty()));
    for (one, next) in before.iter().zip(before.iter().skip(1)) {
        let sort = |row: &onhand_core::api::Row| {
            row.when_detail.as_ref().map_or(String::new(), |when| when.sort.clone())
        };
        assert!(sort(one) >= sort(next), "newest first, undated last");
    }

    traveller.portal.revoke_all();
    traveller.reopen().await;
    assert_eq!(rows(&traveller.app).await, before);
    let start = traveller.app.start().await.unwrap();
    assert_eq!(start.people.len(), 1);
    assert_eq!(start.people[0].name, "Marisol Quinn");
    assert!(start.accounts[0].last_outcome.as_ref().unwrap().complete);
}

#[tokio::test]
async fn what_the_portal_sent_is_kept_byte_for_byte() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    for row in rows(&traveller.app).await {
        let bytes = traveller.app.raw_bytes(row.id).await.unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["resourceType"], row.source.resource_type.as_str());
        assert_eq!(value["id"].as_str(), row.source.id.as_deref());
    }
}

#[tokio::test]
async fn a_search_finds_by_any_word_as_it_is_typed() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    for query in ["amlod", "AMLODIPINE", "hemoglobin a1c", "blood draw", "36415", "mg"] {
        assert!(!search(&traveller.app, query).await.is_empty(), "{query}");
    }
    let found = search(&traveller.app, "amlodipine 10").await;
    assert!(!found.is_empty());
    for odd in ["\"", "*", "NOT", "a OR", "(", "title:", "'; DROP TABLE record; --", "\u{2}"] {
        search(&traveller.app, odd).await;
    }
    assert!(search(&traveller.app, "zzzznothing").await.is_empty());
}

#[tokio::test]
async fn lists_by_kind_and_pages_add_up() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let all = rows(&traveller.app).await;
    let mut sum = 0;
    for kind in Kind::ALL {
        let filter = Filter { kinds: vec![kind], folded: true, ..Filter::default() };
        let page = traveller
            .app
            .list(List { filter: filter.clone(), offset: 0, limit: 500 })
            .await
            .unwrap();
        assert!(page.records.iter().all(|row| row.kind == kind));
        let years: u64 =
            traveller.app.periods(filter).await.unwrap().iter().map(|year| year.count).sum();
        assert_eq!(years, page.total);
        sum += page.total;
    }
    assert_eq!(sum, all.len() as u64);
    for kind in [Kind::Labs, Kind::Medicines, Kind::Problems, Kind::Allergies, Kind::Immunizations]
    {
        assert!(all.iter().any(|row| row.kind == kind), "{kind:?}");
    }

    let list = |offset, limit| List {
        filter: Filter { folded: true, ..Filter::default() },
        offset,
        limit,
    };
    let two = traveller.app.list(list(0, 2)).await.unwrap().records;
    let next = traveller.app.list(list(1, 2)).await.unwrap().records;
    assert_eq!(two[1], next[0]);
}

#[tokio::test]
async fn results_stand_in_their_report_and_every_record_opens() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let all = rows(&traveller.app).await;
    let folded: Vec<_> = all.iter().filter(|row| row.part_of.is_some()).collect();
    assert!(!folded.is_empty());
    for row in &folded {
        let whole = traveller.app.record(row.part_of.unwrap()).await.unwrap();
        assert!(
            whole.related.iter().any(|other| other.row.as_ref().is_some_and(|r| r.id == row.id)),
            "{} does not show {}",
            whole.row.title,
            row.title
        );
    }
    for row in &all {
        let detail = traveller.app.record(row.id).await.unwrap();
        assert!(!detail.sections.is_empty() || !detail.components.is_empty(), "{}", row.title);
    }
    assert!(traveller.app.record(9_999_999).await.is_err());
}
