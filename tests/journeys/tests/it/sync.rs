//! What a sync brings over time: what is new, what changed, moved and went; how it goes on and how
//! often it asks.

use jiff::SignedDuration;
use onhand_core::api::{
    Change, Event, Filter, Gone, List, Purpose, Row, Settings, SyncReport, TypeState,
};
use onhand_core::app::App;
use onhand_core::clock::system_clock;
use onhand_core::database::Database;
use onhand_core::onpatient::portal::Portal;
use onhand_core::store::DATABASE_FILE;
use onhand_core::sync::Session;
use onhand_core::vault::Vault;
use onhand_sandbox::Config;

use crate::traveller::{Traveller, bytes, n_asked, outcome, requests_for, rows, set_faults};

async fn listed(app: &App, filter: Filter) -> Vec<Row> {
    app.list(List { filter, offset: 0, limit: 500 }).await.unwrap().records
}

/// Begins a sync and stops it once so many records have come.
async fn stopped_after(app: &App, account: i64, n: u64) -> SyncReport {
    let mut events = app.subscribe();
    app.sync(account).await.unwrap();
    loop {
        match events.recv().await {
            Ok(Event::SyncProgressed(progress)) if progress.received >= n => app.cancel_sync(),
            Ok(Event::SyncFinished(report)) => return report,
            Ok(Event::SyncFailed(error)) => panic!("{error:?}"),
            Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_sync_that_was_stopped_goes_on_from_where_it_was() {
    let mut traveller =
        Traveller::with(Config { page_size_cap: 20, page_size: 20, ..Config::default() }).await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "slow:20");
    let stopped = stopped_after(&traveller.app, account, 300).await;
    assert!(!stopped.complete && stopped.received >= 300, "{}", stopped.headline);
    assert!(stopped.headline.ends_with("you stopped it"), "{}", stopped.headline);
    assert!(stopped.can_try_again);

    set_faults(&traveller, "");
    traveller.reopen().await;
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(report.run, stopped.run);
    let n_pages = traveller.portal.stats().n_requests;
    let n_all = usize::try_from(report.requests).unwrap();
    assert!(n_pages + 10 < n_all, "{n_pages} requests to go on, of {n_all}");
    let run = traveller.app.runs(account).await.unwrap().remove(0);
    assert_eq!((run.parts, run.by_hand, run.new), (2, true, report.new));
    assert_eq!(run.new, rows(&traveller.app).await.len() as u64);

    let plain = Traveller::new("").await;
    let account = plain.sign_in("marisol").await;
    let whole = plain.sync(account).await.unwrap();
    assert_eq!(bytes(&traveller.app).await, bytes(&plain.app).await);
    assert_eq!((report.received, report.new), (whole.received, whole.new));
    assert_eq!(report.headline, whole.headline);
}

#[tokio::test]
async fn a_page_address_that_no_longer_holds_begins_its_type_anew() {
    let traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "slow:20,stale-next");
    let stopped = stopped_after(&traveller.app, account, 300).await;
    assert!(!stopped.complete);
    set_faults(&traveller, "stale-next");
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(report.gone, 0);
    assert_eq!((report.changed, report.unchanged), (0, 0));
    assert_eq!(report.new, rows(&traveller.app).await.len() as u64);
}

#[tokio::test]
async fn a_record_under_a_new_id_keeps_its_number() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    set_faults(&traveller, "renumber:2");
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!((condition.moved, condition.new, condition.gone), (2, 0, 0), "{condition:?}");
    assert_eq!(report.news, "2 moved");
    let after = rows(&traveller.app).await;
    let ids = |rows: &[Row]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    let filter = Filter { run: report.run, change: Some(Change::Moved), ..Filter::default() };
    let moved = listed(&traveller.app, filter).await;
    assert_eq!(moved.len(), 2);
    for row in moved {
        assert_eq!(row.change, Some(Change::Moved));
        let old = before.iter().find(|other| other.id == row.id).unwrap();
        assert_eq!(row.moved_from, old.source.id);
        assert_ne!(row.source.id, old.source.id);
        assert_eq!((row.title, row.gone_since), (old.title.clone(), None));
    }
    let again = traveller.sync(account).await.unwrap();
    assert_eq!((again.moved, again.news.as_str()), (0, "Nothing new"));
}

#[tokio::test]
async fn what_changed_opens_and_shows_what_it_said_before() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    set_faults(&traveller, "change:1:Condition,drop:1:Condition");
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(report.news, "1 changed, 1 no longer sent");
    let of_run = |change| Filter { run: report.run, change, ..Filter::default() };
    assert_eq!(listed(&traveller.app, of_run(None)).await.len(), 2);
    assert_eq!(listed(&traveller.app, of_run(Some(Change::Any))).await.len(), 2);
    let changed = listed(&traveller.app, of_run(Some(Change::Changed))).await;
    assert_eq!(changed.len(), 1);
    let versions = traveller.app.versions(changed[0].id).await.unwrap();
    assert_eq!(versions.len(), 1);
    let differing: Vec<_> = versions[0]
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|field| field.differs)
        .collect();
    assert!(
        differing.iter().any(|field| {
            !field.before.as_deref().unwrap_or_default().contains("Corrected")
                && field.after.as_deref().unwrap_or_default().contains("Corrected")
        }),
        "{versions:#?}"
    );

    // Gone: out of what is current, there where it is asked for.
    let gone = listed(&traveller.app, of_run(Some(Change::Gone))).await.remove(0);
    let kinds = vec![gone.kind];
    let current = Filter { kinds: kinds.clone(), ..Filter::default() };
    assert!(listed(&traveller.app, current).await.iter().all(|row| row.id != gone.id));
    let only = Filter { kinds, gone: Some(Gone::Only), ..Filter::default() };
    assert_eq!(listed(&traveller.app, only).await.len(), 1);
    let count = |start: &onhand_core::api::Start| {
        let counts = &start.people[0].counts;
        counts.iter().find(|one| one.kind == gone.kind).unwrap().count
    };
    let without = count(&traveller.app.start().await.unwrap());

    set_faults(&traveller, "");
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(report.news, "1 changed, 1 sent again");
    assert_eq!(count(&traveller.app.start().await.unwrap()), without + 1);
    let runs = traveller.app.runs(account).await.unwrap();
    assert_eq!(runs.len(), 3);
    assert_eq!((runs[0].changed, runs[0].back), (1, 1));
    assert_eq!((runs[1].changed, runs[1].gone), (1, 1));
    assert!(runs[2].new > 700 && runs[2].report.as_ref().unwrap().complete);
}

#[tokio::test]
async fn a_row_that_shifts_between_pages_is_found_by_a_second_sweep() {
    let traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "shift:Observation");
    let report = traveller.sync(account).await.unwrap();
    let observation = outcome(&report, "Observation");
    assert_eq!(observation.state, TypeState::Complete, "{observation:?}");
    assert_eq!((observation.received, observation.promised), (446, Some(446)));
    assert_eq!((observation.new, observation.gone), (446, 0));
    assert!(requests_for(&traveller, "Observation") > 40);
}

#[tokio::test]
async fn a_type_that_is_suddenly_empty_is_asked_once_more_before_it_is_believed() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    let n = outcome(&traveller.sync(account).await.unwrap(), "Condition").received;

    set_faults(&traveller, "empty:1");
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!((condition.received, condition.unchanged, condition.gone), (n, n, 0));
    assert_eq!(report.news, "Nothing new");

    set_faults(&traveller, "empty:1000");
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!((condition.received, condition.gone), (0, n));
    assert!(condition.reason.as_deref().unwrap().contains("kept and marked"), "{condition:?}");
}

#[tokio::test]
async fn what_failed_is_told_with_the_numbers_and_the_reason() {
    let traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "broken-page:2:Observation");
    let report = traveller.sync(account).await.unwrap();
    let observation = outcome(&report, "Observation");
    assert_eq!((observation.received, observation.promised), (20, Some(446)));
    assert_eq!((observation.state, observation.failed), (TypeState::Partial, 426));
    assert_eq!(observation.cause.as_deref(), Some("server error"));
    assert!(observation.hint.is_some());
    let all = report.received + 426;
    assert_eq!(
        report.headline,
        format!(
            "{} of {all}: your portal failed for Results and vital signs (server error)",
            report.received
        )
    );
    assert!(report.can_try_again && !report.complete);

    set_faults(&traveller, "");
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(report.received, all);
    assert_eq!(report.headline, format!("All {all} of {all} records"));
    assert!(report.absent.contains("bills") && report.not_offered.is_some());

    // Nothing at all came: what is kept says how many there should be.
    set_faults(&traveller, "html:Condition");
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Condition").cause.as_deref(), Some("log-in page"));
    let missed = outcome(&report, "Condition").known;
    assert!(report.headline.starts_with(&format!("{} of {all}: ", all - missed)));
}

#[tokio::test]
async fn without_a_count_what_seems_gone_is_asked_once_more() {
    let traveller = Traveller::new("no-total").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();

    set_faults(&traveller, "no-total,drop:2:Condition");
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(outcome(&report, "Condition").gone, 2);
    // Each of them is one page.
    let n_sweeps = |name| requests_for(&traveller, name);
    assert_eq!((n_sweeps("Condition"), n_sweeps("Immunization")), (2, 1));

    // One that is empty for a moment has lost nothing.
    set_faults(&traveller, "no-total,empty:1:Immunization");
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Immunization").gone, 0);
}

#[tokio::test]
async fn what_records_refer_to_and_is_not_there_is_told_once_and_not_asked_for_again() {
    for user in ["marisol", "edwin"] {
        let traveller = Traveller::new("").await;
        let account = traveller.sign_in(user).await;
        set_faults(&traveller, "dangling");
        let report = traveller.sync(account).await.unwrap();
        assert!(report.complete, "{user}: {report:#?}");
        assert!(report.headline.starts_with("All "), "{}", report.headline);
        let practitioner = outcome(&report, "Practitioner");
        assert_eq!(practitioner.state, TypeState::Complete);
        assert_eq!(practitioner.promised, Some(practitioner.received));
        assert_eq!(
            practitioner.reason.as_deref(),
            Some("1 that records refer to is not at the portal (404).")
        );
        assert_eq!((practitioner.failed, practitioner.refused), (0, 0));
        assert_eq!(n_asked(&traveller, "Practitioner/9994040"), 1);

        traveller.portal.clear_stats();
        let again = traveller.sync(account).await.unwrap();
        assert!(again.complete, "{user}: {again:#?}");
        assert_eq!((&again.headline, again.news.as_str()), (&report.headline, "Nothing new"));
        assert_eq!(n_asked(&traveller, "Practitioner/"), 0);
    }
}

#[tokio::test]
async fn what_lies_at_another_server_is_not_asked_for_at_this_one() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "dangling");
    traveller.portal.clear_stats();
    assert!(traveller.sync(account).await.unwrap().complete);
    assert_eq!(n_asked(&traveller, "Practitioner/9995050"), 0);
}

#[tokio::test]
async fn after_a_refusal_no_more_of_that_type_are_asked_for_by_id() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "dangling:12,refuse:Practitioner");
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    assert_eq!(outcome(&report, "Practitioner").state, TypeState::NotOffered);
    assert_eq!(outcome(&report, "Practitioner").refused, 13);
    // So many are under way when the first is refused.
    assert!((1..=4).contains(&n_asked(&traveller, "Practitioner/")));
}

#[tokio::test]
async fn a_type_costs_so_many_tries_and_no_more() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "flaky,small-pages:5");
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    // Three of four of its ninety pages fail once.
    let observation = outcome(&report, "Observation");
    assert_eq!(observation.state, TypeState::Partial, "{observation:?}");
    assert!(observation.received >= 100 && observation.hint.is_some(), "{observation:?}");
    assert!(requests_for(&traveller, "Observation") < 60);
    assert_eq!(outcome(&report, "Immunization").state, TypeState::Complete);
}

#[tokio::test]
async fn a_portal_that_does_not_count_is_said_not_to() {
    let traveller = Traveller::new("no-total").await;
    let account = traveller.sign_in("edwin").await;
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert!(report.headline.contains("the portal does not say how many"), "{}", report.headline);
}

#[tokio::test]
async fn odd_answers_are_read_and_kept() {
    for faults in ["odd-type", "double-key", "text-numbers", "include", "relative-next,gzip,bom"] {
        let traveller = Traveller::new("").await;
        let account = traveller.sign_in("edwin").await;
        set_faults(&traveller, faults);
        let report = traveller.sync(account).await.unwrap();
        assert!(report.complete, "{faults}: {report:#?}");
        let condition = outcome(&report, "Condition");
        assert_eq!(condition.promised, Some(condition.received), "{faults}");
        let has_come_along =
            rows(&traveller.app).await.iter().any(|row| row.source.id.as_deref() == Some("880001"));
        assert_eq!(has_come_along, faults == "include", "{faults}");
        let again = traveller.sync(account).await.unwrap();
        assert_eq!(again.news, "Nothing new", "{faults}: {again:#?}");
    }
}

#[tokio::test]
async fn fifty_megabytes_in_one_record_are_kept_to_the_byte() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    set_faults(&traveller, "huge:Condition");
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{}", report.headline);
    let mut largest = 0;
    for row in rows(&traveller.app).await {
        if row.source.resource_type == "Condition" {
            largest = largest.max(traveller.app.raw_bytes(row.id).await.unwrap().len());
        }
    }
    assert!(largest > 50 * 1024 * 1024, "{largest}");
}

#[tokio::test]
async fn pages_without_end_come_to_one() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    set_faults(&traveller, "maze:Condition");
    let report = traveller.sync(account).await.unwrap();
    let condition = outcome(&report, "Condition");
    assert_eq!(condition.cause.as_deref(), Some("pages in a circle"), "{condition:?}");
    assert_eq!(Some(condition.received), condition.promised);
    assert!(requests_for(&traveller, "Condition") < 12);
}

#[tokio::test]
async fn a_pause_that_the_portal_asks_for_is_kept() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    set_faults(&traveller, "busy:4");
    let mut events = traveller.app.subscribe();
    traveller.app.sync(account).await.unwrap();
    let (mut has_waited, mut report) = (false, None);
    while report.is_none() {
        match events.recv().await {
            Ok(Event::SyncProgressed(progress)) => has_waited |= progress.waiting.is_some(),
            Ok(Event::SyncFinished(ended)) => report = Some(ended),
            Ok(Event::SyncFailed(error)) => panic!("{error:?}"),
            Ok(_) | Err(_) => {}
        }
    }
    assert!(has_waited && report.unwrap().complete);

    // Too long to wait for: it ends for now, and says when it goes on.
    set_faults(&traveller, "busy:900");
    let report = traveller.sync(account).await.unwrap();
    assert!(!report.complete && report.goes_on_at.is_some(), "{report:#?}");
    assert!(report.headline.ends_with(": your portal asks for a pause"), "{}", report.headline);
    assert_eq!(
        report.stopped.as_deref(),
        Some(
            "The portal asks for a pause of 15 minutes. What has arrived is kept; it goes on by \
             itself then."
        )
    );
    let again = traveller.sync(account).await.unwrap();
    assert!(again.complete && again.run == report.run, "{}", again.headline);
}

#[tokio::test]
async fn an_hours_requests_are_not_overspent_and_the_rest_follows() {
    let mut traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    let settings = Settings { requests_per_hour: Some(60), ..Settings::default() };
    traveller.app.save_settings(settings.clone()).unwrap();
    assert_eq!(traveller.app.settings(), settings);
    let account = traveller.sign_in("marisol").await;
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    assert!(!report.complete);
    let goes_on_at: jiff::Timestamp = report.goes_on_at.as_deref().unwrap().parse().unwrap();
    assert!(report.headline.contains("requests are spent"), "{}", report.headline);
    assert!(traveller.portal.stats().n_requests <= 60);
    let refused = traveller.sync(account).await.unwrap();
    assert!(refused.goes_on_at.is_some());
    assert!(traveller.portal.stats().n_requests <= 60);
    assert!(goes_on_at > report.finished.parse().unwrap());

    // An hour later it goes on by itself, though none would begin by itself.
    traveller.reopen_at(SignedDuration::from_mins(62)).await;
    traveller.app.save_settings(Settings { sync_after_hours: None, ..settings }).unwrap();
    let mut events = traveller.app.subscribe();
    assert!(traveller.app.sync_if_due(false).await.is_some());
    let ended = loop {
        match events.recv().await {
            Ok(Event::SyncFinished(report)) => break report,
            Ok(Event::SyncFailed(error)) => panic!("{error:?}"),
            Ok(_) | Err(_) => {}
        }
    };
    assert!(ended.complete && ended.run == report.run, "{}", ended.headline);
    let sent = traveller.app.requests().await.unwrap();
    let n_read: u64 =
        sent.iter().filter(|one| one.purpose == Purpose::Records).map(|one| one.count).sum();
    let data = traveller.portal.stats();
    // The first of them asked whose record it is, before the count at the portal began.
    assert_eq!(n_read, data.n_requests as u64 + 1);
    assert!(sent.iter().any(|one| one.purpose == Purpose::SignIn && one.count == 1));
}

#[tokio::test]
async fn more_is_asked_for_at_a_time_as_long_as_the_portal_gives_it() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.sync(account).await.unwrap();
    traveller.sync(account).await.unwrap();
    traveller.portal.clear_stats();
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete);
    let requests = traveller.portal.stats();
    let sizes: Vec<&str> = requests
        .requests
        .iter()
        .filter(|request| request.path.starts_with("/api/fhir/Observation?"))
        .map(|request| request.path.as_str())
        .collect();
    assert!(sizes.len() <= 3, "{sizes:?}");
    assert!(requests.most_at_once <= 4);
}

#[tokio::test]
async fn a_sync_begins_by_itself_when_the_last_one_is_old() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    assert!(traveller.app.sync_if_due(true).await.is_none());
    traveller.reopen_at(SignedDuration::from_hours(7)).await;
    let off = Settings { sync_after_hours: None, ..Settings::default() };
    traveller.app.save_settings(off).unwrap();
    assert!(traveller.app.sync_if_due(true).await.is_none());
    traveller.app.save_settings(Settings::default()).unwrap();
    let mut events = traveller.app.subscribe();
    let begun = traveller.app.sync_if_due(true).await.unwrap();
    assert!(!begun.by_hand);
    // Whoever clicks meanwhile is told of that one.
    let joined = traveller.app.sync(account).await.unwrap();
    assert!(!joined.by_hand);
    loop {
        match events.recv().await {
            Ok(Event::SyncFinished(report)) => {
                assert!(report.complete && !report.by_hand);
                break;
            }
            Ok(Event::SyncFailed(error)) => panic!("{error:?}"),
            Ok(_) | Err(_) => {}
        }
    }
    let runs = traveller.app.runs(account).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.by_hand).collect::<Vec<_>>(), [false, true]);
    assert!(traveller.app.sync_if_due(true).await.is_none());
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_spoils_nothing() {
    for hours in [-24, 24] {
        let mut traveller = Traveller::new("flaky").await;
        let account = traveller.sign_in("edwin").await;
        let first = traveller.sync(account).await.unwrap();
        assert!(first.complete);
        traveller.reopen_at(SignedDuration::from_hours(hours)).await;
        set_faults(&traveller, "flaky");
        let report = traveller.sync(account).await.unwrap();
        assert!(report.complete && report.news == "Nothing new", "{hours}: {report:#?}");
        traveller.reopen().await;
        assert!(traveller.sync(account).await.unwrap().complete);
    }
}

#[tokio::test]
async fn tokens_that_live_for_seconds_are_renewed_on_the_way() {
    let traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    set_faults(&traveller, "short-token:2,slow:150");
    let account = traveller.sign_in("marisol").await;
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{}", report.headline);
    let stats = traveller.portal.stats();
    assert!(stats.n_refreshes >= 1);
    let sent = traveller.app.requests().await.unwrap();
    let n: u64 =
        sent.iter().filter(|one| one.purpose == Purpose::Refresh).map(|one| one.count).sum();
    assert_eq!(n, stats.n_refreshes as u64);
}

#[tokio::test]
async fn of_two_that_find_their_token_ended_one_renews_it_for_both() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    let data_dir = traveller.folder.path().join("onhand");
    let path = data_dir.join(DATABASE_FILE);
    let origin = traveller.portal.origin();
    let certificate = Some(traveller.portal.certificate_der().to_vec());
    let portal = Portal::new(origin, certificate).unwrap();
    // As the window and the command: each with a connection to the database of its own.
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let key = Vault::with_store(&path, traveller.keys.clone()).unlock(None).unwrap();
        let database = Database::open(&path, key).unwrap();
        let opened = Session::open(database, account, &portal, &data_dir, system_clock()).await;
        sessions.push(opened.unwrap());
    }
    let [one, other] = &sessions[..] else { panic!() };
    let (old, same) = (one.access().await.unwrap(), other.access().await.unwrap());
    traveller.portal.clear_stats();
    let (first, second) = tokio::join!(one.renew(&old), other.renew(&same));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(traveller.portal.stats().n_refreshes, 1);
}

#[tokio::test]
async fn a_sign_in_that_ends_midway_keeps_what_came_and_goes_on_after_the_next() {
    let traveller = Traveller::with(Config { page_size_cap: 20, ..Config::default() }).await;
    let account = traveller.sign_in("marisol").await;
    set_faults(&traveller, "revoke-midway:15,deny-refresh");
    let report = traveller.sync(account).await.unwrap();
    assert!(!report.complete && report.received > 0);
    assert!(
        report.headline.ends_with("your portal asks you to sign in again"),
        "{}",
        report.headline
    );
    // Of several requests that were refused at once, each says the same.
    let stopped = report.stopped.as_deref().unwrap();
    assert!(stopped.starts_with("The portal asks you to sign in again."), "{stopped}");
    assert!(!traveller.app.start().await.unwrap().accounts[0].signed_in);
    set_faults(&traveller, "");
    let begun = traveller.begin(Some(account)).await.unwrap();
    traveller.visit(&begun, "marisol", onhand_sandbox::Answer::Allow).await;
    let again = traveller.sync(account).await.unwrap();
    assert!(again.complete, "{}", again.headline);
    assert_eq!(again.run, report.run);
    assert_eq!(again.new, rows(&traveller.app).await.len() as u64);
}
