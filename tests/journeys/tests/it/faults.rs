//! What a portal does wrong, and what is said and kept then.

use std::collections::BTreeSet;

use onhand_core::api::{Source, TypeState};
use onhand_sandbox::Faults;

use crate::traveller::{Traveller, bytes, outcome, requests_for, rows};

/// Every resource that came, as the portal calls it.
async fn sources(traveller: &Traveller) -> BTreeSet<(String, Option<String>)> {
    rows(&traveller.app)
        .await
        .into_iter()
        .map(|row| {
            let Source { resource_type, id } = row.source;
            (resource_type, id)
        })
        .collect()
}

/// A sync under faults that change only the way and not the content: it must end as one without.
async fn comes_out_the_same(faults: &str) {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse(faults).unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{faults}: {report:#?}");
    let got = bytes(&traveller.app).await;

    let plain = Traveller::new("").await;
    let account = plain.sign_in("edwin").await;
    assert!(plain.sync(account).await.unwrap().complete);
    assert!(got == bytes(&plain.app).await, "{faults}");
}

#[tokio::test]
async fn relative_links_are_followed() {
    let traveller = Traveller::new("relative-next").await;
    let account = traveller.sign_in("marisol").await;
    assert!(traveller.sync(account).await.unwrap().complete);
}

#[tokio::test]
async fn a_redirect_within_the_portal_is_followed() {
    comes_out_the_same("local-302").await;
}

#[tokio::test]
async fn a_portal_that_stumbles_is_asked_again() {
    comes_out_the_same("flaky").await;
}

#[tokio::test]
async fn compressed_marked_and_slow_answers_are_read() {
    comes_out_the_same("gzip").await;
    comes_out_the_same("bom").await;
    comes_out_the_same("slow:20").await;
}

#[tokio::test]
async fn a_link_to_another_origin_is_refused_and_reported() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("foreign-next:Observation").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let observation = outcome(&report, "Observation");
    assert_eq!(observation.state, TypeState::Partial);
    assert!(observation.received > 0);
    assert!(observation.reason.as_deref().unwrap().contains("another address"));
    assert!(!report.complete);
    assert_eq!(outcome(&report, "Condition").state, TypeState::Complete);
    let stats = traveller.portal.stats();
    assert!(stats.requests.iter().all(|request| !request.host.starts_with("127.0.0.1")));
}

#[tokio::test]
async fn a_redirect_to_another_origin_is_refused_and_reported() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse("foreign-302:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.state, TypeState::Failed);
    assert!(condition.reason.as_deref().unwrap().contains("another address"));
    let stats = traveller.portal.stats();
    assert!(stats.requests.iter().all(|request| !request.host.starts_with("127.0.0.1")));
}

#[tokio::test]
async fn pages_in_a_circle_come_to_an_end() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("loop:Observation").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let observation = outcome(&report, "Observation");
    assert_eq!(observation.state, TypeState::Partial);
    assert!(observation.reason.as_deref().unwrap().contains("lead back"));
    assert_eq!(Some(observation.received), observation.promised);
}

#[tokio::test]
async fn a_count_that_does_not_agree_is_said() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse("bad-total:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.state, TypeState::Partial);
    assert_eq!(condition.promised, Some(condition.received + 3));
    assert!(!report.complete);
}

#[tokio::test]
async fn what_is_not_offered_is_told_apart_from_what_is_refused() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse("refuse:Procedure,missing:Immunization").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    for name in ["Procedure", "Immunization"] {
        assert_eq!(outcome(&report, name).state, TypeState::NotOffered);
    }

    traveller.portal.set_faults(Faults::parse("refuse:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Condition").state, TypeState::Refused);
    assert!(!report.complete);
    assert!(rows(&traveller.app).await.iter().all(|row| row.gone_since.is_none()));
}

#[tokio::test]
async fn one_type_that_fails_leaves_the_others() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse("html:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Condition").state, TypeState::Failed);
    let others = report.types.iter().filter(|one| one.resource_type != "Condition");
    for other in others {
        assert!(matches!(other.state, TypeState::Complete | TypeState::NotOffered), "{other:?}");
    }
}

#[tokio::test]
async fn torn_answers_are_asked_for_again() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("torn:Condition").unwrap());
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    // Four times that all of it seemed to be there, and each time but the last one that broke off.
    assert_eq!(requests_for(&traveller, "Condition"), 7);
    assert_eq!(condition.state, TypeState::Partial, "{condition:?}");
    // What came whole before the tear is kept.
    assert!(condition.received > 0 && Some(condition.received) < condition.promised);
    assert!(condition.reason.as_deref().unwrap().contains("broke off"), "{condition:?}");
    traveller.portal.set_faults(Faults::default());
    assert!(traveller.sync(account).await.unwrap().complete);
}

#[tokio::test]
async fn of_an_answer_that_always_breaks_off_what_came_whole_is_kept() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("cut:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.state, TypeState::Partial, "{condition:?}");
    assert!(condition.received > 0 && Some(condition.received) < condition.promised);
    assert!(condition.reason.as_deref().unwrap().contains("broke off"), "{condition:?}");
    for other in report.types.iter().filter(|one| one.resource_type != "Condition") {
        assert!(matches!(other.state, TypeState::Complete | TypeState::NotOffered), "{other:?}");
    }
    let of_condition = |rows: Vec<onhand_core::api::Row>| {
        rows.into_iter().filter(|row| row.source.resource_type == "Condition").count() as u64
    };
    assert_eq!(of_condition(rows(&traveller.app).await), condition.received);

    traveller.portal.set_faults(Faults::default());
    let again = traveller.sync(account).await.unwrap();
    assert!(again.complete, "{}", again.headline);
    assert_eq!(outcome(&again, "Condition").unchanged, condition.received);
}

#[tokio::test]
async fn what_is_too_large_in_one_answer_is_asked_for_in_smaller_ones() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    let n = outcome(&traveller.sync(account).await.unwrap(), "Condition").received;
    // More than the 64 MB that one answer may hold, and no single one too large.
    let megabytes = 64 / n + 1;
    assert!((2..=20).contains(&megabytes), "{n}");
    let faults = format!("bulky:{megabytes}:Condition");
    traveller.portal.set_faults(Faults::parse(&faults).unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{}", report.headline);
    assert_eq!(outcome(&report, "Condition").changed, n);
}

#[tokio::test]
async fn a_second_sync_finds_nothing_new() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    let first = traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    let second = traveller.sync(account).await.unwrap();
    assert!(second.complete);
    assert!(second.types.iter().all(|one| one.new + one.changed + one.gone == 0), "{second:#?}");
    let received = |report: &onhand_core::api::SyncReport| -> u64 {
        report.types.iter().filter(|one| one.promised.is_some()).map(|one| one.received).sum()
    };
    assert!(received(&second) > 700 && received(&second) <= received(&first));
    assert_eq!(rows(&traveller.app).await, before);
}

#[tokio::test]
async fn a_changed_record_keeps_its_number_and_its_older_words() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    traveller.portal.set_faults(Faults::parse("change:1:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!((condition.new, condition.changed), (0, 1));
    let after = rows(&traveller.app).await;
    assert_eq!(after.len(), before.len());
    let mut versions = 0;
    for row in &after {
        versions += traveller.app.record(row.id).await.unwrap().versions.len();
    }
    assert_eq!(versions, 1);
}

#[tokio::test]
async fn what_the_portal_no_longer_has_is_kept_and_marked() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let n_before = rows(&traveller.app).await.len();
    traveller.portal.set_faults(Faults::parse("drop:2:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Condition").gone, 2);
    let after = rows(&traveller.app).await;
    assert_eq!(after.len(), n_before);
    assert_eq!(after.iter().filter(|row| row.gone_since.is_some()).count(), 2);

    traveller.portal.set_faults(Faults::default());
    traveller.sync(account).await.unwrap();
    assert!(rows(&traveller.app).await.iter().all(|row| row.gone_since.is_none()));
}

#[tokio::test]
async fn gone_is_never_said_after_a_sweep_that_broke_off() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    traveller.portal.set_faults(Faults::parse("drop:2:Condition,bad-total:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Condition").state, TypeState::Partial);
    assert!(rows(&traveller.app).await.iter().all(|row| row.gone_since.is_none()));
}

#[tokio::test]
async fn two_records_of_one_id_are_both_kept() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("twins:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.promised, Some(condition.received));
    assert!(condition.reason.as_deref().unwrap().contains("under one id"), "{condition:?}");
    let again = traveller.sync(account).await.unwrap();
    let condition = outcome(&again, "Condition");
    assert_eq!((condition.new, condition.changed), (0, 0));
}

#[tokio::test]
async fn records_without_an_id_are_kept_apart_by_content() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.set_faults(Faults::parse("noid:Condition").unwrap());
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.state, TypeState::Complete, "{condition:?}");
    let without_id = sources(&traveller).await.into_iter().filter(|(_, id)| id.is_none()).count();
    assert!(without_id >= 1);
    let again = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&again, "Condition").new, 0);
}

#[tokio::test]
async fn a_record_of_ten_thousand_levels_and_one_in_another_encoding_are_kept() {
    for faults in ["deep", "latin1"] {
        let traveller = Traveller::new("").await;
        let account = traveller.sign_in("marisol").await;
        traveller.portal.set_faults(Faults::parse(faults).unwrap());
        let report = traveller.sync(account).await.unwrap();
        assert!(report.complete, "{faults}: {report:#?}");
        // As it came: neither cut short nor put into another encoding.
        let mut is_kept = false;
        for row in rows(&traveller.app).await {
            let bytes = traveller.app.raw_bytes(row.id).await.unwrap();
            is_kept |= match faults {
                "deep" => bytes.windows(4).filter(|four| four == b"}]}]").count() >= 4_999,
                _ => std::str::from_utf8(&bytes).is_err(),
            };
        }
        assert!(is_kept, "{faults}");
    }
}

#[tokio::test]
async fn a_sync_that_is_stopped_keeps_what_came_and_goes_on_later() {
    let traveller = Traveller::new("slow:30").await;
    let account = traveller.sign_in("marisol").await;
    let app = traveller.app.clone();
    let mut events = app.subscribe();
    app.sync(account).await.unwrap();
    let report = loop {
        match events.recv().await.unwrap() {
            onhand_core::api::Event::SyncProgressed(progress) if progress.received > 0 => {
                app.cancel_sync();
            }
            onhand_core::api::Event::SyncFinished(report) => break report,
            onhand_core::api::Event::SyncFailed(error) => panic!("{error:?}"),
            onhand_core::api::Event::SyncProgressed(_)
            | onhand_core::api::Event::ConnectProgressed(_)
            | onhand_core::api::Event::Changed => {}
        }
    };
    assert!(!report.complete && report.stopped.is_some());
    assert!(!rows(&app).await.is_empty());
    traveller.portal.set_faults(Faults::default());
    assert!(traveller.sync(account).await.unwrap().complete);
}

#[tokio::test]
async fn two_at_once_on_one_folder_do_not_copy_twice() {
    let traveller = Traveller::new("slow:50").await;
    let account = traveller.sign_in("edwin").await;
    let other = crate::traveller::open(traveller.folder.path(), &traveller.keys).await;
    traveller.app.sync(account).await.unwrap();
    let error = other.sync(account).await.unwrap_err();
    assert!(error.to_string().contains("already copying"), "{error}");
}
