//! The data side in good order: what is offered, in which shape, and page by page.

use crate::visitor::{ALL_TYPES, Tokens, Visitor, json_of, loads, next_of, param, resources};
use onhand_sandbox::{Config, Presented};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn the_pages_of_each_type_add_up_to_its_total() {
    let visitor = Visitor::start().await;
    let mut n_by_user = BTreeMap::new();
    for user in ["marisol", "edwin", "okafor"] {
        let tokens = visitor.sign_in(user).await;
        let mut n = 0;
        for kind in ALL_TYPES {
            let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}")).await;
            let all = resources(&pages);
            for page in &pages {
                assert_eq!(page["total"], all.len(), "{user} {kind}");
                assert_eq!(page["type"], "searchset");
                assert!(page["entry"].as_array().unwrap().len() <= 50);
            }
            let ids: BTreeSet<_> = all.iter().map(|r| r["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), all.len(), "{user} {kind}: each id once");
            assert!(all.iter().all(|r| r["resourceType"] == kind));
            n += all.len();
        }
        n_by_user.insert(user, n);
    }
    assert_eq!(n_by_user["marisol"], 812);
    assert!((5..=12).contains(&n_by_user["edwin"]), "{n_by_user:?}");
    assert!(n_by_user["okafor"] > 30, "{n_by_user:?}");
}

#[tokio::test]
async fn entries_speak_the_dialect() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    for kind in ALL_TYPES {
        for page in visitor.pages(&tokens, &format!("/api/fhir/{kind}")).await {
            for entry in page["entry"].as_array().unwrap() {
                let resource = &entry["resource"];
                let id = resource["id"].as_str().unwrap();
                assert!(id.parse::<u64>().is_ok());
                let path = format!("/api/fhir/{kind}/{id}");
                assert_eq!(entry["fullUrl"], serde_json::json!([path]));
                assert_eq!(entry.as_object().unwrap().len(), 2);
                assert!(resource.get("meta").is_none() && resource.get("text").is_none());
            }
        }
    }
}

#[tokio::test]
async fn every_reference_is_relative_and_leads_somewhere() {
    let visitor = Visitor::start().await;
    for user in ["marisol", "edwin", "okafor"] {
        let tokens = visitor.sign_in(user).await;
        let mut known = BTreeSet::new();
        let mut wanted = BTreeSet::new();
        for kind in ALL_TYPES {
            let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}?page-size=250")).await;
            for resource in resources(&pages) {
                known.insert(format!("{kind}/{}", resource["id"].as_str().unwrap()));
                collect_references(resource, &mut wanted);
            }
        }
        for reference in wanted.difference(&known) {
            let status = visitor.data(&tokens, &format!("/api/fhir/{reference}")).await.status();
            let is_stray = user == "okafor" && reference == "Patient/199003";
            assert_eq!(status, if is_stray { 404 } else { 200 }, "{user} {reference}");
        }
        assert!(!wanted.is_empty());
    }
}

fn collect_references(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("reference") {
                assert_eq!(members.len(), 1, "no display beside {reference}");
                into.insert(reference.clone());
            }
            members.values().for_each(|member| collect_references(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_size_of_a_page_is_asked_for_up_to_the_cap() {
    let visitor = Visitor::with(Config { page_size_cap: 100, ..Config::default() }).await;
    let tokens = visitor.sign_in("marisol").await;
    for (query, n) in [
        ("", 50),
        ("?page-size=7", 7),
        ("?page-size=100", 100),
        ("?page-size=100000", 100),
        ("?page-size=0", 50),
        ("?page-size=-3", 50),
        ("?page-size=many", 50),
        ("?page-size=99999999999999999999999999", 50),
        ("?_count=7", 50),
        ("?page=0", 50),
        ("?patient=204417&page-size=3", 3),
    ] {
        let page = visitor.json(&tokens, &format!("/api/fhir/Observation{query}")).await;
        assert_eq!(page["entry"].as_array().unwrap().len(), n, "{query}");
    }
    let page = visitor.json(&tokens, "/api/fhir/Observation?page-size=7&verbose=true").await;
    let next = next_of(&page).unwrap();
    assert!(next.starts_with(visitor.portal.origin()), "{next}");
    assert!(next.contains("page-size=7") && next.contains("verbose=true"), "{next}");
    for past in ["?page=1000", "?page=18446744073709551615&page-size=50"] {
        let status = visitor.data(&tokens, &format!("/api/fhir/Observation{past}")).await.status();
        assert_eq!(status, 404, "{past}");
    }
}

#[tokio::test]
async fn an_empty_type_is_a_bundle_with_nothing_in_it() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("edwin").await;
    let page = visitor.json(&tokens, "/api/fhir/AllergyIntolerance").await;
    assert_eq!(page["total"], 0);
    assert_eq!(page["entry"], serde_json::json!([]));
    assert_eq!(next_of(&page), None);
}

#[tokio::test]
async fn every_answer_is_the_same_each_time_and_in_each_run() {
    let (here, there) = (Visitor::start().await, Visitor::start().await);
    let (tokens, others) = (here.sign_in("marisol").await, there.sign_in("marisol").await);
    for kind in ALL_TYPES {
        let path = format!("/api/fhir/{kind}?page-size=250");
        let first = here.data(&tokens, &path).await.text().await.unwrap();
        assert_eq!(first, here.data(&tokens, &path).await.text().await.unwrap());
        let elsewhere = there.data(&others, &path).await.text().await.unwrap();
        assert_eq!(first.replace(here.portal.origin(), there.portal.origin()), elsewhere);
    }
    // Read by id, a resource has the bytes it has in its list.
    let list = here.data(&tokens, "/api/fhir/Condition").await.text().await.unwrap();
    let one = here.data(&tokens, "/api/fhir/Condition/5512087").await.text().await.unwrap();
    assert!(list.contains(&format!("\"resource\":{one}}}")));
    assert!(one.starts_with("{\"resourceType\":\"Condition\",\"id\":\"5512087\","));
}

#[tokio::test]
async fn what_is_offered_withheld_and_unknown_differ() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    for (path, status) in [
        ("CarePlan", 403),
        ("Goal", 403),
        ("Practitioner", 403),
        ("Organization", 403),
        ("Medication", 403),
        ("Encounter", 404),
        ("DocumentReference", 404),
        ("Nonsense", 404),
        ("patient", 404),
        ("Practitioner/3391", 200),
        ("Organization/88", 200),
        ("Medication/40117", 200),
        ("Patient/204417", 200),
        ("Patient/204418", 404),
        ("Patient/x", 404),
        ("Patient/-1", 404),
        ("Procedure/1", 403),
        ("MedicationStatement/1", 403),
        ("CarePlan/1", 403),
        ("Encounter/1", 404),
        ("Observation/1", 404),
        ("Patient/", 200),
        ("Patient/204417/more", 404),
    ] {
        let got = visitor.data(&tokens, &format!("/api/fhir/{path}")).await.status();
        assert_eq!(got, status, "{path}");
    }
    let other = visitor.sign_in("edwin").await;
    assert_eq!(visitor.data(&other, "/api/fhir/Patient/204417").await.status(), 404);
}

#[tokio::test]
async fn only_get_with_a_token_for_json_is_answered() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let url = "/api/fhir/Patient";
    let response = visitor.get(url).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    for header in ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer  ", "Bearer \u{7f}"] {
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(header.as_bytes()) else {
            continue;
        };
        let response = visitor.get(url).header("authorization", value).send().await.unwrap();
        assert_eq!(response.status(), 401, "{header}");
    }
    let response = visitor.post(url).bearer_auth(&tokens.access).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"GET".parse().unwrap())
    );

    let html = visitor.get(url).bearer_auth(&tokens.access).header("accept", "text/html,*/*");
    let response = html.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    for accept in ["application/json", "application/json+fhir", "*/*"] {
        let request = visitor.get(url).bearer_auth(&tokens.access).header("accept", accept);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json", "{accept}");
    }

    let stats = visitor.portal.stats();
    let presented = |wanted| stats.requests.iter().filter(|r| r.token == wanted).count();
    assert_eq!(presented(Presented::Good), 5);
    assert!(presented(Presented::Bad) >= 1);
    assert!(stats.requests.iter().all(|r| r.host == visitor.portal.origin()["https://".len()..]));
}

#[tokio::test]
async fn a_scope_of_one_type_opens_that_type() {
    let visitor = Visitor::start().await;
    let url = visitor.authorize_url(&[("scope", "patient/Condition.read offline_access")]);
    let back = visitor.portal.answer(url.as_str(), "marisol", onhand_sandbox::Answer::Allow);
    let code = param(&back.unwrap(), "code").unwrap();
    let response = visitor.token(&visitor.exchange_form(&code)).await;
    let tokens = Tokens::of(json_of(response).await);
    assert_eq!(visitor.data(&tokens, "/api/fhir/Condition").await.status(), 200);
    assert_eq!(visitor.data(&tokens, "/api/fhir/Patient").await.status(), 403);
}

#[tokio::test]
async fn the_conformance_statement_names_the_sign_in_and_what_is_offered() {
    let visitor = Visitor::start().await;
    let response = visitor.get("/api/fhir/metadata").send().await.unwrap();
    let statement: Value = json_of(response).await;
    assert_eq!(statement["resourceType"], "Conformance");
    assert_eq!(statement["fhirVersion"], "1.0.2");
    let rest = &statement["rest"][0];
    let token = &rest["security"]["extension"][0]["extension"][1];
    assert_eq!(token["valueUri"], format!("{}/o/token/", visitor.portal.origin()));
    let types: Vec<_> =
        rest["resource"].as_array().unwrap().iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert!(ALL_TYPES.iter().all(|kind| types.contains(kind)));
}

#[tokio::test]
async fn a_family_account_holds_two_people_in_each_list() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("okafor").await;
    let patients = visitor.json(&tokens, "/api/fhir/Patient").await;
    assert_eq!(patients["total"], 2);
    for kind in ["Procedure", "Immunization", "Condition", "Observation", "AllergyIntolerance"] {
        let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}")).await;
        let named: BTreeSet<_> = resources(&pages)
            .into_iter()
            .map(|r| r.get("patient").or(r.get("subject")))
            .map(|whom| whom.map(|whom| whom["reference"].as_str().unwrap().to_owned()))
            .collect();
        for id in ["276540", "276541"] {
            assert!(named.contains(&Some(format!("Patient/{id}"))), "{kind} {id}");
        }
        assert_eq!(named.contains(&None), kind == "Observation");
    }
}

#[tokio::test]
async fn a_generated_record_has_exactly_as_many_resources_as_asked_for() {
    for n in [1, 2, 1_000] {
        let visitor = Visitor::with(loads(n)).await;
        let tokens = visitor.sign_in("load").await;
        let (mut known, mut wanted) = (BTreeSet::new(), BTreeSet::new());
        for kind in ALL_TYPES {
            let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}?page-size=250")).await;
            for resource in resources(&pages) {
                known.insert(format!("{kind}/{}", resource["id"].as_str().unwrap()));
                collect_references(resource, &mut wanted);
            }
        }
        assert_eq!(known.len(), n);
        assert!(wanted.is_subset(&known), "{:?}", wanted.difference(&known).next());
    }
}
