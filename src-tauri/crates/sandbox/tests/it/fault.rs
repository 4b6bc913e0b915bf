//! Each fault does what the table says, and nothing else.

use crate::visitor::{ALL_TYPES, Tokens, Visitor, json_of, location, next_of, resources};
use onhand_sandbox::{Faults, Presented};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const LIST: &str = "/api/fhir/Condition";

async fn signed_in(faults: &str) -> (Visitor, Tokens) {
    let visitor = Visitor::with_faults(faults).await;
    let tokens = visitor.sign_in("marisol").await;
    (visitor, tokens)
}

fn ids(pages: &[Value]) -> Vec<String> {
    resources(pages).iter().map(|r| r["id"].as_str().unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn relative_next_is_a_path_that_leads_to_all() {
    let (visitor, tokens) = signed_in("relative-next").await;
    let pages = visitor.pages(&tokens, "/api/fhir/Observation").await;
    assert!(next_of(&pages[0]).unwrap().starts_with("/api/fhir/Observation?page=2"));
    assert_eq!(resources(&pages).len(), 446);
}

#[tokio::test]
async fn refuse_missing_and_server_error_hit_their_type_alone() {
    let (visitor, tokens) =
        signed_in("refuse:Procedure,missing:Condition,server-error:Immunization").await;
    for (kind, status) in
        [("Procedure", 403), ("Condition", 404), ("Immunization", 500), ("Patient", 200)]
    {
        for _ in 0..2 {
            let got = visitor.data(&tokens, &format!("/api/fhir/{kind}")).await.status();
            assert_eq!(got, status, "{kind}");
        }
    }
}

#[tokio::test]
async fn flaky_fails_three_of_four_addresses_once() {
    let (visitor, tokens) = signed_in("flaky").await;
    let mut first = Vec::new();
    for kind in ["Patient", "Condition", "Procedure", "Observation", "Immunization"] {
        let response = visitor.data(&tokens, &format!("/api/fhir/{kind}")).await;
        let retry = response.headers().get("retry-after").map(|v| v.to_str().unwrap().to_owned());
        first.push((response.status().as_u16(), retry));
        assert_eq!(visitor.data(&tokens, &format!("/api/fhir/{kind}")).await.status(), 200);
    }
    let statuses: Vec<_> = first.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [500, 503, 429, 200, 500]);
    assert_eq!(first[1].1.as_deref(), Some("1"));
    assert!(first[2].1.as_deref().unwrap().ends_with(" GMT"), "{first:?}");
}

#[tokio::test]
async fn html_is_a_page_in_place_of_data() {
    let (visitor, tokens) = signed_in("html:Condition").await;
    let response = visitor.data(&tokens, LIST).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert!(response.text().await.unwrap().contains("Please log in"));
    visitor.json(&tokens, "/api/fhir/Patient").await;
}

#[tokio::test]
async fn torn_ends_in_the_middle_once_honestly_and_once_by_breaking_off() {
    let (visitor, tokens) = signed_in("torn").await;
    let honest = visitor.data(&tokens, LIST).await.bytes().await.unwrap();
    assert!(serde_json::from_slice::<Value>(&honest).is_err());
    assert!(visitor.data(&tokens, LIST).await.bytes().await.is_err());
    assert_eq!(visitor.data(&tokens, LIST).await.bytes().await.unwrap(), honest);
}

#[tokio::test]
async fn foreign_next_and_foreign_302_name_another_origin_that_shows_who_came() {
    let (visitor, tokens) = signed_in("foreign-next:Observation,foreign-302:Condition").await;
    let foreign = visitor.portal.origin().replace("localhost", "127.0.0.1");
    let page = visitor.json(&tokens, "/api/fhir/Observation").await;
    let next = next_of(&page).unwrap();
    assert!(next.starts_with(&format!("{foreign}/api/fhir/Observation?")), "{next}");
    let response = visitor.data(&tokens, LIST).await;
    assert_eq!(response.status(), 302);
    assert_eq!(location(&response), format!("{foreign}{LIST}"));

    let trapped = || {
        let requests = visitor.portal.stats().requests;
        let foreign_host = foreign.trim_start_matches("https://").to_owned();
        requests.into_iter().filter(|r| r.host == foreign_host).collect::<Vec<_>>()
    };
    assert!(trapped().is_empty());
    visitor.client.get(&next).bearer_auth(&tokens.access).send().await.unwrap();
    assert_eq!(trapped()[0].token, Presented::Good);
}

#[tokio::test]
async fn local_302_moves_each_request_once_within_the_origin() {
    let (visitor, tokens) = signed_in("local-302").await;
    let response = visitor.data(&tokens, "/api/fhir/Observation?page-size=100").await;
    assert_eq!(response.status(), 302);
    let moved = location(&response);
    assert_eq!(moved, "/api/fhir/Observation?page-size=100&moved=1");
    let page = visitor.json(&tokens, &moved).await;
    let next = next_of(&page).unwrap();
    assert!(!next.contains("moved"), "the next page is moved anew: {next}");
}

#[tokio::test]
async fn loop_leads_from_the_last_page_to_the_first() {
    let (visitor, tokens) = signed_in("loop").await;
    let page = visitor.json(&tokens, "/api/fhir/Observation?page=9").await;
    assert!(next_of(&page).unwrap().ends_with("page=1"));
}

#[tokio::test]
async fn short_tokens_end_and_can_be_refreshed() {
    let (visitor, tokens) = signed_in("short-token:1").await;
    assert_eq!(tokens.whole["expires_in"], 1);
    let begun = Instant::now();
    loop {
        let status = visitor.data(&tokens, LIST).await.status();
        if status == 401 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the token goes on and on");
    }
    let form = visitor.refresh_form(tokens.refresh.as_ref().unwrap());
    let fresh = Tokens::of(json_of(visitor.token(&form).await).await);
    assert_eq!(visitor.data(&fresh, LIST).await.status(), 200);
}

#[tokio::test]
async fn no_rotate_keeps_the_refresh_token_and_sends_none() {
    let (visitor, tokens) = signed_in("no-rotate").await;
    let form = visitor.refresh_form(tokens.refresh.as_ref().unwrap());
    for _ in 0..2 {
        let fresh = Tokens::of(json_of(visitor.token(&form).await).await);
        assert_eq!(fresh.refresh, None);
        assert_eq!(visitor.data(&fresh, LIST).await.status(), 200);
    }
}

#[tokio::test]
async fn bad_total_promises_three_more() {
    let (visitor, tokens) = signed_in("bad-total:Condition").await;
    let page = visitor.json(&tokens, LIST).await;
    assert_eq!(page["total"], 20);
    assert_eq!(page["entry"].as_array().unwrap().len(), 17);
    assert_eq!(visitor.json(&tokens, "/api/fhir/Patient").await["total"], 1);
}

#[tokio::test]
async fn slow_waits_with_data_and_tokens() {
    let visitor = Visitor::with_faults("slow:80").await;
    let begun = Instant::now();
    let tokens = visitor.sign_in("marisol").await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
    let begun = Instant::now();
    visitor.json(&tokens, "/api/fhir/Patient").await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn drop_and_change_can_come_and_go_while_the_portal_runs() {
    let (visitor, tokens) = signed_in("").await;
    let before = visitor.pages(&tokens, "/api/fhir/Procedure").await;
    let conditions = visitor.pages(&tokens, LIST).await;
    visitor.portal.set_faults(Faults::parse("drop:3,change:2,drop:1:Immunization").unwrap());

    let after = visitor.pages(&tokens, "/api/fhir/Procedure").await;
    assert_eq!(after[0]["total"], 186);
    assert_eq!(ids(&after), ids(&before)[..186]);
    assert_eq!(visitor.json(&tokens, "/api/fhir/Immunization").await["total"], 22);

    let changed = visitor.pages(&tokens, LIST).await;
    assert_eq!(ids(&changed), ids(&conditions));
    for (idx, (was, is)) in resources(&conditions).iter().zip(resources(&changed)).enumerate() {
        assert_eq!(*was != is, idx < 2, "{idx}");
    }
    let text = &resources(&changed)[0]["code"]["text"];
    assert!(text.as_str().unwrap().starts_with("Corrected: "));

    visitor.portal.set_faults(Faults::none());
    assert_eq!(visitor.pages(&tokens, LIST).await, conditions);
}

#[tokio::test]
async fn huge_is_one_answer_of_fifty_megabytes() {
    let (visitor, tokens) = signed_in("huge:Condition").await;
    let body = visitor.data(&tokens, LIST).await.bytes().await.unwrap();
    assert!(body.len() > 50 * 1024 * 1024);
    let page: Value = serde_json::from_slice(&body).unwrap();
    let first = &page["entry"][0]["resource"];
    assert!(first["text"]["div"].as_str().unwrap().len() > 50 * 1024 * 1024);
    assert_eq!(page["entry"].as_array().unwrap().len(), 17);
}

#[tokio::test]
async fn bulky_is_each_resource_of_so_many_megabytes() {
    let (visitor, tokens) = signed_in("bulky:2:Condition").await;
    let text = visitor.data(&tokens, "/api/fhir/Condition?page-size=3").await.text().await.unwrap();
    assert!(text.len() > 3 * 2 * 1024 * 1024 && text.len() < 3 * 4 * 1024 * 1024, "{}", text.len());
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(bundle["entry"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn cut_breaks_off_every_time() {
    let (visitor, tokens) = signed_in("cut:Condition").await;
    for _ in 0..3 {
        assert!(visitor.data(&tokens, "/api/fhir/Condition").await.bytes().await.is_err());
    }
    assert!(visitor.data(&tokens, "/api/fhir/Patient").await.bytes().await.is_ok());
}

#[tokio::test]
async fn deep_is_ten_thousand_levels_of_json() {
    let (visitor, tokens) = signed_in("deep:Condition").await;
    let body = visitor.data(&tokens, LIST).await.text().await.unwrap();
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in body.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.checked_sub(1).unwrap(),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    assert_eq!(depth, 0, "every bracket is shut");
    assert!(deepest >= 10_000, "{deepest}");
    assert!(serde_json::from_str::<Value>(&body).is_err(), "a common parser gives up");
}

#[tokio::test]
async fn twins_are_two_resources_of_one_id_at_the_same_count() {
    let (visitor, tokens) = signed_in("twins").await;
    let pages = visitor.pages(&tokens, LIST).await;
    let all = ids(&pages);
    assert_eq!(all.len(), 17);
    assert_eq!(all[0], all[1]);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 16);
    let both = resources(&pages);
    assert_ne!(both[0]["code"], both[1]["code"]);
    let entries = &pages[0]["entry"];
    assert_eq!(entries[0]["fullUrl"], entries[1]["fullUrl"]);
}

#[tokio::test]
async fn noid_takes_id_and_address_from_two_of_a_page() {
    let (visitor, tokens) = signed_in("noid").await;
    let page = visitor.json(&tokens, LIST).await;
    for idx in 0..3 {
        let entry = &page["entry"][idx];
        assert_eq!(entry.get("fullUrl").is_none(), idx < 2);
        assert_eq!(entry["resource"].get("id").is_none(), idx < 2);
        assert_eq!(entry["resource"]["resourceType"], "Condition");
    }
}

#[tokio::test]
async fn gzip_is_sent_whether_asked_for_or_not() {
    let (visitor, tokens) = signed_in("gzip").await;
    let response = visitor.data(&tokens, LIST).await;
    // The client unpacks by itself and then takes the header away.
    assert!(response.headers().get("content-length").is_none());
    let page: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(page["total"], 17);
    let plain = reqwest::Client::builder()
        .no_gzip()
        .tls_certs_merge(
            [reqwest::Certificate::from_der(visitor.portal.certificate_der()).unwrap()],
        )
        .build()
        .unwrap();
    let url = format!("{}{LIST}", visitor.portal.origin());
    let response = plain.get(url).bearer_auth(&tokens.access).send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert!(response.bytes().await.unwrap().starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn bom_and_latin1_change_the_bytes_and_not_the_header() {
    let (visitor, tokens) = signed_in("bom:Condition,latin1:AllergyIntolerance").await;
    let response = visitor.data(&tokens, LIST).await;
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(response.bytes().await.unwrap().starts_with(b"\xef\xbb\xbf{"));
    let response = visitor.data(&tokens, "/api/fhir/AllergyIntolerance").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = response.bytes().await.unwrap();
    assert!(std::str::from_utf8(&body).is_err());
    assert!(body.windows(6).any(|bytes| bytes == b"Mar\xeda\""));
}

#[tokio::test]
async fn revoke_midway_ends_the_sign_in_once_after_five_requests() {
    let (visitor, tokens) = signed_in("revoke-midway").await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(visitor.data(&tokens, LIST).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 401]);
    let form = visitor.refresh_form(tokens.refresh.as_ref().unwrap());
    assert_eq!(visitor.token(&form).await.status(), 400);
    let again = visitor.sign_in("marisol").await;
    for _ in 0..9 {
        assert_eq!(visitor.data(&again, LIST).await.status(), 200);
    }
}

#[tokio::test]
async fn basic_only_and_body_only_each_take_one_way() {
    for (fault, by_body, by_basic) in [("basic-only", 401, 200), ("body-only", 200, 401)] {
        let visitor = Visitor::with_faults(fault).await;
        let form = visitor.exchange_form(&visitor.code("marisol"));
        assert_eq!(visitor.token(&form).await.status(), by_body, "{fault}");
        let mut form = visitor.exchange_form(&visitor.code("marisol"));
        form.retain(|(name, _)| !name.starts_with("client_"));
        let (id, secret) = (visitor.portal.client_id(), visitor.portal.client_secret());
        let request = visitor.post("/o/token/").basic_auth(id, Some(secret)).form(&form);
        assert_eq!(request.send().await.unwrap().status(), by_basic, "{fault}");
    }
}

#[tokio::test]
async fn deny_refresh_denies_the_refresh_and_leaves_the_token() {
    let (visitor, tokens) = signed_in("deny-refresh").await;
    let form = visitor.refresh_form(tokens.refresh.as_ref().unwrap());
    let response = visitor.token(&form).await;
    assert_eq!(response.status(), 400);
    let body: Value = json_of(response).await;
    assert_eq!(body["error"], "invalid_grant");
    assert_eq!(visitor.data(&tokens, LIST).await.status(), 200);
}

#[tokio::test]
async fn every_fault_together_leaves_a_portal_that_still_answers() {
    let all: Vec<String> = Faults::names()
        .map(|name| match name {
            "refuse" | "missing" | "server-error" => format!("{name}:Goal"),
            "short-token" => "short-token:60".to_owned(),
            "slow" => "slow:1".to_owned(),
            "drop" | "change" | "renumber" => format!("{name}:1000000"),
            "empty" | "busy" => format!("{name}:1"),
            "broken-page" => "broken-page:9".to_owned(),
            "small-pages" => "small-pages:20".to_owned(),
            "cut" => "cut:Goal".to_owned(),
            "bulky" => "bulky:1:Goal".to_owned(),
            // Fifty megabytes through every other fault are tried on their own.
            "huge" => "huge:Goal".to_owned(),
            "basic-only" => String::new(),
            other => other.to_owned(),
        })
        .collect();
    let (visitor, tokens) = signed_in(&all.join(",")).await;
    for kind in ALL_TYPES {
        for query in ["", "?moved=1", "?moved=1&page=2"] {
            visitor.data(&tokens, &format!("/api/fhir/{kind}{query}")).await;
        }
    }
    assert_eq!(visitor.get("/").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_faults_of_a_walk_do_what_they_say() {
    let (visitor, tokens) = signed_in("shift:Condition,small-pages:5").await;
    let n = {
        let plain = visitor.pages(&tokens, "/api/fhir/Immunization").await;
        assert!(plain.iter().all(|page| page["entry"].as_array().unwrap().len() <= 5));
        resources(&plain).len()
    };
    assert!(n > 5);
    let first = ids(&visitor.pages(&tokens, LIST).await);
    let second = ids(&visitor.pages(&tokens, LIST).await);
    assert_eq!(first.len(), second.len());
    let distinct = |ids: &[String]| ids.iter().collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(&first) + 1, distinct(&second));
    assert_eq!(distinct(&second), second.len());

    visitor.portal.set_faults(Faults::parse("empty:1,no-total:Immunization").unwrap());
    assert!(ids(&visitor.pages(&tokens, LIST).await).is_empty());
    assert_eq!(ids(&visitor.pages(&tokens, LIST).await), second);
    let page = json_of(visitor.data(&tokens, "/api/fhir/Immunization").await).await;
    assert!(page.get("total").is_none());

    visitor.portal.set_faults(Faults::parse("stale-next,small-pages:5").unwrap());
    let page = json_of(visitor.data(&tokens, LIST).await).await;
    let next = next_of(&page).unwrap().to_owned();
    let next = next.strip_prefix(visitor.portal.origin()).unwrap().to_owned();
    assert_eq!(visitor.data(&tokens, &next).await.status(), 200);
    assert_eq!(visitor.data(&tokens, LIST).await.status(), 200);
    assert_eq!(visitor.data(&tokens, &next).await.status(), 410);

    visitor.portal.set_faults(Faults::parse("broken-page:2:Condition,small-pages:5").unwrap());
    assert_eq!(visitor.data(&tokens, LIST).await.status(), 200);
    assert_eq!(visitor.data(&tokens, &format!("{LIST}?page=2")).await.status(), 500);

    visitor.portal.set_faults(Faults::parse("busy:7").unwrap());
    let busy = visitor.data(&tokens, LIST).await;
    assert_eq!(
        (busy.status().as_u16(), busy.headers()["retry-after"].to_str().unwrap()),
        (429, "7")
    );
    assert_eq!(visitor.data(&tokens, LIST).await.status(), 200);
}

#[tokio::test]
async fn the_faults_of_content_do_what_they_say() {
    let (visitor, tokens) = signed_in("").await;
    let before = ids(&visitor.pages(&tokens, LIST).await);
    visitor.portal.set_faults(Faults::parse("renumber:2").unwrap());
    let after = ids(&visitor.pages(&tokens, LIST).await);
    assert_eq!(before.iter().zip(&after).filter(|(old, new)| old != new).count(), 2);

    visitor.portal.set_faults(Faults::parse("include,odd-type").unwrap());
    let response = visitor.data(&tokens, LIST).await;
    assert_eq!(response.headers()["content-type"], "text/plain");
    let page = json_of(response).await;
    assert_eq!(page["entry"][0]["search"]["mode"], "include");
    assert_eq!(page["entry"][1]["search"]["mode"], "outcome");
    let response = visitor.data(&tokens, LIST).await;
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");

    visitor.portal.set_faults(Faults::parse("dangling:2").unwrap());
    let page = json_of(visitor.data(&tokens, "/api/fhir/Condition").await).await;
    let asserter = |at: usize| page["entry"][at]["resource"]["asserter"]["reference"].as_str();
    for at in [0, 1] {
        let path = format!("/api/fhir/{}", asserter(at).unwrap());
        assert_eq!(visitor.data(&tokens, &path).await.status(), 404);
    }
    assert!(asserter(2).unwrap().starts_with("https://elsewhere.example/"));
    assert_eq!(asserter(3), None);

    visitor.portal.set_faults(Faults::parse("text-numbers").unwrap());
    let page = json_of(visitor.data(&tokens, "/api/fhir/Observation").await).await;
    assert!(page["total"].is_string());
    let texts = page["entry"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["resource"]["valueQuantity"]["value"].is_string());
    assert!(texts.count() > 0);

    visitor.portal.set_faults(Faults::parse("double-key,maze,small-pages:5").unwrap());
    let page = visitor.data(&tokens, LIST).await.text().await.unwrap();
    assert!(page.contains("\"id\":\"another\""));
    let mut seen = BTreeSet::new();
    let mut path = LIST.to_owned();
    for _ in 0..30 {
        assert!(seen.insert(path.clone()), "{path} came twice");
        let page = json_of(visitor.data(&tokens, &path).await).await;
        let next = next_of(&page).unwrap().to_owned();
        path = next.strip_prefix(visitor.portal.origin()).unwrap().to_owned();
    }
}
