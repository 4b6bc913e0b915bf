//! Signing in: the way there, and each way it can end.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Duration;

use jiff::SignedDuration;
use onhand_core::api::{Connect, ConnectStage, ErrorCode, PersonAnswer};
use onhand_sandbox::{Answer, Config, Faults, Request};

use crate::traveller::{Traveller, outcome, rows};

#[tokio::test]
async fn tells_whose_record_it_is_before_anything_is_kept() {
    let traveller = Traveller::new("").await;
    let begun = traveller.begin(None).await.unwrap();
    let ended = traveller.visit(&begun, "marisol", Answer::Allow).await;
    assert_eq!(ended.stage, ConnectStage::Confirm);
    let [person] = ended.people.as_slice() else { panic!("{:?}", ended.people) };
    assert_eq!(person.name, "Marisol Quinn");
    assert_eq!(person.birth_date.as_deref(), Some("1957-03-12"));
    assert!(traveller.app.start().await.unwrap().accounts.is_empty());

    assert_eq!(traveller.app.confirm_person(PersonAnswer::No).await.unwrap(), None);
    let start = traveller.app.start().await.unwrap();
    assert!(start.accounts.is_empty() && start.people.is_empty() && start.connecting.is_none());
    // The tokens are given back; the portal hears of it soon after.
    for _ in 0..100 {
        if traveller.portal.stats().n_revoked > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the portal was not told");
}

#[tokio::test]
async fn one_sign_in_may_bring_two_people_who_stay_apart() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("okafor").await;
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    let people = traveller.app.start().await.unwrap().people;
    assert_eq!(people.len(), 2);
    let all = rows(&traveller.app).await;
    for person in &people {
        assert!(all.iter().any(|row| row.person == Some(person.id)), "{}", person.name);
    }
    assert!(all.iter().any(|row| row.person.is_none()), "one record names nobody");
}

#[tokio::test]
async fn a_refusal_at_the_portal_is_said_in_a_sentence() {
    let traveller = Traveller::new("").await;
    let begun = traveller.begin(None).await.unwrap();
    let ended = traveller.visit(&begun, "marisol", Answer::Deny).await;
    assert_eq!(ended.stage, ConnectStage::Failed);
    let error = ended.error.unwrap();
    assert_eq!(error.code, ErrorCode::ConsentRefused);
    assert!(error.message.contains("not allowed"), "{}", error.message);
    assert!(traveller.app.start().await.unwrap().accounts.is_empty());
}

#[tokio::test]
async fn a_wrong_secret_is_said_in_a_sentence() {
    let traveller = Traveller::new("").await;
    let input = Connect {
        client_id: traveller.portal.client_id().to_owned(),
        client_secret: Some("not-the-secret".to_owned()),
        portal: Some(traveller.portal.origin().to_owned()),
        redirect_uris: Some(vec![traveller.redirect_uri.clone()]),
    };
    let how = traveller.how(None, Duration::from_secs(30));
    let begun = traveller.app.connect(input, how).await.unwrap();
    let ended = traveller.visit(&begun, "marisol", Answer::Allow).await;
    let error = ended.error.unwrap();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("client id and secret"), "{}", error.message);
    assert!(!error.message.contains("not-the-secret"));
}

#[tokio::test]
async fn a_browser_that_never_comes_ends_by_time_and_by_cancel() {
    let traveller = Traveller::new("").await;
    traveller.begin_within(None, Duration::from_millis(200)).await.unwrap();
    let ended = traveller.app.connecting_ends().await.unwrap();
    assert_eq!(ended.stage, ConnectStage::Failed);
    assert!(ended.error.unwrap().message.contains("too long"));

    traveller.begin(None).await.unwrap();
    traveller.app.cancel_connect();
    assert!(traveller.app.connecting().is_none());
    // The port is free again for the next try.
    let begun = traveller.begin(None).await.unwrap();
    let ended = traveller.visit(&begun, "edwin", Answer::Allow).await;
    assert_eq!(ended.stage, ConnectStage::Confirm);
}

#[tokio::test]
async fn a_taken_port_gives_way_to_the_next_and_the_last_taken_one_is_said() {
    let mut traveller = Traveller::new("").await;
    let port: u16 = traveller.redirect_uri.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let squatter = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let begun = traveller.begin(None).await.unwrap();
    assert!(begun.port_missing, "it goes on by a pasted address");
    traveller.app.cancel_connect();
    drop(squatter);

    let second = format!("https://localhost:{}/callback", port - 6_000);
    let first = traveller.redirect_uri.clone();
    let squatter = TcpListener::bind(("127.0.0.1", port)).unwrap();
    traveller.portal.shutdown().await;
    traveller.portal = onhand_sandbox::Sandbox::start(Config {
        redirect_uris: vec![first.clone(), second.clone()],
        ..Config::default()
    })
    .await
    .unwrap();
    let input = Connect {
        client_id: traveller.portal.client_id().to_owned(),
        client_secret: Some(traveller.portal.client_secret().to_owned()),
        portal: Some(traveller.portal.origin().to_owned()),
        redirect_uris: Some(vec![first, second]),
    };
    let how = traveller.how(None, Duration::from_secs(30));
    let begun = traveller.app.connect(input, how).await.unwrap();
    assert!(begun.start_url.as_deref().unwrap().contains(&(port - 6_000).to_string()));
    let ended = traveller.visit(&begun, "edwin", Answer::Allow).await;
    assert_eq!(ended.stage, ConnectStage::Confirm);
    drop(squatter);
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_the_sync_goes_on() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("marisol").await;
    traveller.portal.end_access();
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(traveller.portal.stats().n_refreshes, 1);
    assert!(traveller.app.start().await.unwrap().accounts[0].signed_in);
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_before_it_is_refused() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    // The portal's tokens live 48 hours; this computer's clock says that half a minute is left.
    traveller.reopen_at(SignedDuration::from_secs(48 * 3_600 - 30)).await;
    assert!(traveller.sync(account).await.unwrap().complete);
    let stats = traveller.portal.stats();
    assert_eq!(stats.n_refreshes, 1);
    assert!(stats.requests.iter().all(|request| request.status != 401));
}

#[tokio::test]
async fn one_refusal_makes_one_refresh_however_many_requests_saw_it() {
    let traveller = Traveller::new("revoke-midway:5").await;
    let account = traveller.sign_in("marisol").await;
    let result = traveller.sync(account).await;
    // The portal ended the whole sign-in: the refresh is refused as well.
    let start = traveller.app.start().await.unwrap();
    assert!(!start.accounts[0].signed_in);
    assert!(traveller.portal.stats().n_refreshes <= 1);
    let kept = rows(&traveller.app).await.len();
    assert!(kept > 0, "what arrived before is kept");
    let before = traveller.portal.stats().requests;
    let is_page = |request: &&Request| request.status == 200 && is_data(request);
    let fetched: BTreeSet<_> = before.iter().filter(is_page).map(|one| one.path.clone()).collect();
    assert!(fetched.len() > 2, "{fetched:?}");
    if let Ok(report) = &result {
        assert!(!report.complete && report.stopped.is_some());
    }

    // Reconnected in one step, without being asked again who it is, and nothing was lost.
    let begun = traveller.begin(Some(account)).await.unwrap();
    let ended = traveller.visit(&begun, "marisol", Answer::Allow).await;
    assert_eq!(ended.stage, ConnectStage::Connected);
    let report = traveller.sync(account).await.unwrap();
    assert!(report.complete, "{report:#?}");
    assert_eq!(traveller.app.start().await.unwrap().accounts.len(), 1);
    assert!(rows(&traveller.app).await.len() >= kept);
    // It went on from there: no page came twice.
    let after = traveller.portal.stats().requests;
    let anew: Vec<_> = after[before.len()..]
        .iter()
        .filter(is_page)
        .filter(|request| fetched.contains(&request.path))
        .collect();
    assert!(anew.is_empty(), "fetched anew: {anew:?}");
}

/// Whether it asked for records. Who the account is about is asked at each sign-in, and what the
/// portal offers at each run.
fn is_data(request: &Request) -> bool {
    let kind = request.path.strip_prefix("/api/fhir/").unwrap_or("metadata");
    !kind.starts_with("Patient") && !kind.starts_with("metadata")
}

#[tokio::test]
async fn a_refused_refresh_asks_to_sign_in_again_and_loses_nothing() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    traveller.portal.revoke_all();
    let error = traveller.sync(account).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::SessionEnded, "{error}");
    assert!(error.to_string().contains("sign in again"), "{error}");
    assert_eq!(rows(&traveller.app).await, before);
    assert!(!traveller.app.start().await.unwrap().accounts[0].signed_in);
}

#[tokio::test]
async fn a_portal_that_wants_basic_and_one_that_wants_the_body_are_both_served() {
    for faults in ["basic-only", "body-only"] {
        let traveller = Traveller::new(faults).await;
        let account = traveller.sign_in("edwin").await;
        assert!(traveller.sync(account).await.unwrap().complete, "{faults}");
    }
}

#[tokio::test]
async fn a_portal_that_does_not_rotate_keeps_its_refresh_token_in_use() {
    let traveller = Traveller::new("no-rotate").await;
    let account = traveller.sign_in("edwin").await;
    for n in 1..=2 {
        traveller.portal.end_access();
        assert!(traveller.sync(account).await.unwrap().complete);
        assert_eq!(traveller.portal.stats().n_refreshes, n);
    }
}

#[tokio::test]
async fn disconnecting_tells_the_portal_and_keeps_or_deletes_as_asked() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await.len();
    traveller.app.disconnect(account, false).await.unwrap();
    assert!(traveller.portal.stats().n_revoked > 0);
    assert_eq!(rows(&traveller.app).await.len(), before);
    assert_eq!(traveller.sync(account).await.unwrap_err().code(), ErrorCode::SessionEnded);

    traveller.app.disconnect(account, true).await.unwrap();
    assert!(rows(&traveller.app).await.is_empty());
    assert!(traveller.app.start().await.unwrap().accounts.is_empty());
}

#[tokio::test]
async fn a_portal_that_answers_with_pages_is_said_to() {
    let traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.portal.set_faults(Faults::parse("html").unwrap());
    let report = traveller.sync(account).await.unwrap();
    assert!(!report.complete);
    let reason = outcome(&report, "Condition").reason.clone().unwrap();
    assert!(reason.contains("log-in page"), "{reason}");
}

#[tokio::test]
async fn a_portal_that_is_not_there_is_offline_and_everything_is_still_here() {
    let mut traveller = Traveller::new("").await;
    let account = traveller.sign_in("edwin").await;
    traveller.sync(account).await.unwrap();
    let before = rows(&traveller.app).await;
    let elsewhere = onhand_sandbox::Sandbox::start(Config::default()).await.unwrap();
    std::mem::replace(&mut traveller.portal, elsewhere).shutdown().await;
    let error = traveller.sync(account).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Offline, "{error}");
    traveller.reopen().await;
    assert_eq!(rows(&traveller.app).await, before);
}
