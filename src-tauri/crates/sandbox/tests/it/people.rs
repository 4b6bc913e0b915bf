//! The invented record holds together as a real one would.

use crate::visitor::{Visitor, resources};
use serde_json::Value;
use std::collections::BTreeMap;

async fn all_of(user: &str, kind: &str) -> Vec<Value> {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in(user).await;
    let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}?page-size=250")).await;
    resources(&pages).into_iter().cloned().collect()
}

/// Name → value of each report's results, where they are named, with the report's date.
async fn named_panels(panel: &str) -> Vec<(String, BTreeMap<String, f64>)> {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let pages = visitor.pages(&tokens, "/api/fhir/Observation?page-size=250").await;
    let by_id: BTreeMap<String, Value> = resources(&pages)
        .into_iter()
        .map(|r| (format!("Observation/{}", r["id"].as_str().unwrap()), r.clone()))
        .collect();
    let pages = visitor.pages(&tokens, "/api/fhir/DiagnosticReport?page-size=250").await;
    let mut panels = Vec::new();
    for report in resources(&pages).into_iter().filter(|r| r["code"]["text"] == panel) {
        let mut values = BTreeMap::new();
        for result in report["result"].as_array().unwrap() {
            let observation = &by_id[result["reference"].as_str().unwrap()];
            let parts = observation["component"].as_array().cloned();
            for part in parts.unwrap_or_else(|| vec![observation.clone()]) {
                let name = part["code"]["text"].as_str().unwrap_or_default();
                if let Some(value) = part["valueQuantity"]["value"].as_f64() {
                    values.insert(name.to_owned(), value);
                }
            }
        }
        panels.push((report["effectiveDateTime"].as_str().unwrap()[..10].to_owned(), values));
    }
    panels
}

fn near(date: &str, what: &str, a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() <= tolerance, "{date}: {what}: {a} and {b}");
}

#[tokio::test]
async fn blood_counts_obey_their_own_arithmetic() {
    let mut n = 0;
    for (date, v) in named_panels("CBC with Differential/Platelet").await {
        if v.len() < 10 {
            continue;
        }
        n += 1;
        let (red, hgb, hct) = (v["RBC"], v["Hemoglobin"], v["Hematocrit"]);
        near(&date, "MCV", v["MCV"], 10.0 * hct / red, 0.51);
        near(&date, "MCH", v["MCH"], 10.0 * hgb / red, 0.06);
        near(&date, "MCHC", v["MCHC"], 100.0 * hgb / hct, 0.06);
        let mut sum = 0.0;
        for (percent, absolute) in [
            ("Neutrophils", "Neutrophils (Absolute)"),
            ("Lymphs", "Lymphs (Absolute)"),
            ("Monocytes", "Monocytes(Absolute)"),
            ("Eos", "Eos (Absolute)"),
            ("Basos", "Baso (Absolute)"),
        ] {
            if let Some(percent) = v.get(percent) {
                near(&date, absolute, v[absolute], v["WBC"] * percent / 100.0, 0.06);
                sum += percent;
            }
        }
        assert!(sum == 0.0 || sum == 100.0, "{date}: the differential adds to {sum}");
    }
    assert_eq!(n, 8, "the counts that came with names");
}

#[tokio::test]
async fn chemistry_and_lipids_obey_theirs() {
    for (date, v) in named_panels("Comp. Metabolic Panel (14)").await {
        if v.len() < 10 {
            continue;
        }
        near(&date, "BUN/creatinine", v["BUN/Creatinine Ratio"], v["BUN"] / v["Creatinine"], 0.51);
        near(&date, "globulin", v["Globulin, Total"], v["Protein, Total"] - v["Albumin"], 0.001);
        near(&date, "A/G", v["A/G Ratio"], v["Albumin"] / v["Globulin, Total"], 0.051);
    }
    for (date, v) in named_panels("Lipid Panel").await {
        if v.len() < 5 {
            continue;
        }
        let ldl = v["Cholesterol, Total"] - v["HDL Cholesterol"] - v["Triglycerides"] / 5.0;
        near(&date, "LDL", v["LDL Chol Calc (NIH)"], ldl, 0.51);
    }
}

#[tokio::test]
async fn the_hemoglobin_falls_and_recovers_as_the_screens_show() {
    let panels = named_panels("CBC with Differential/Platelet").await;
    let series: Vec<_> = panels
        .iter()
        .filter_map(|(date, v)| Some((date.as_str(), *v.get("Hemoglobin")?)))
        .collect();
    for known in
        [("2019-09-10", 13.4), ("2025-09-16", 11.8), ("2026-03-10", 10.7), ("2026-06-02", 11.2)]
    {
        assert!(series.contains(&known), "{known:?}");
    }
}

#[tokio::test]
async fn september_2026_brought_thirty_three_results_without_names() {
    let observations = all_of("marisol", "Observation").await;
    let that_day = |o: &&Value| {
        o["effectiveDateTime"] == "2026-09-14T09:30:00-04:00" && o["status"] == "final"
    };
    let of_day: Vec<_> = observations.iter().filter(that_day).collect();
    assert_eq!(of_day.len(), 46, "39 results and 7 vital signs");
    let unnamed =
        of_day.iter().filter(|o| o["code"]["text"].as_str().unwrap_or_default().is_empty());
    assert_eq!(unnamed.count(), 33);
    let text = |o: &&&Value| o["code"]["text"] == "Body mass index";
    let mass = of_day.iter().find(text).unwrap();
    assert_eq!(mass["valueQuantity"]["value"].to_string(), "27.1");
}

#[tokio::test]
async fn digits_arrive_as_they_were_written() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let body = visitor.data(&tokens, "/api/fhir/Observation?page-size=250").await;
    let body = body.text().await.unwrap();
    for digits in ["\"value\":0.0,", "\"value\":1.00,", "\"value\":2.110,"] {
        assert!(body.contains(digits), "{digits}");
    }
}

#[tokio::test]
async fn every_awkward_thing_that_the_record_promises_is_in_it() {
    let visitor = Visitor::start().await;
    let tokens = visitor.sign_in("marisol").await;
    let mut all = Vec::new();
    for kind in crate::visitor::ALL_TYPES {
        let pages = visitor.pages(&tokens, &format!("/api/fhir/{kind}?page-size=250")).await;
        all.extend(resources(&pages).into_iter().cloned());
    }
    let count = |test: &dyn Fn(&Value) -> bool| all.iter().filter(|r| test(r)).count();
    let is = |kind: &'static str| move |r: &Value| r["resourceType"] == kind;
    let text = |r: &Value, path: &str| {
        r.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    assert_eq!(count(&|r| r["wasNotGiven"] == true && r["status"] == "completed"), 1);
    assert_eq!(count(&|r| r["wasNotTaken"] == true), 1);
    assert_eq!(count(&|r| r["notPerformed"] == true), 1);
    assert_eq!(count(&|r| r["verificationStatus"] == "refuted"), 1);
    assert_eq!(count(&|r| r["verificationStatus"] == "entered-in-error"), 1);
    assert_eq!(count(&|r| is("AllergyIntolerance")(r) && r["status"] == "refuted"), 1);
    assert_eq!(count(&|r| r["status"] == "entered-in-error"), 5);
    assert_eq!(count(&|r| r["clinicalStatus"] == "inactive"), 1);
    assert_eq!(count(&|r| is("DiagnosticReport")(r) && r["status"] == "partial"), 1);
    assert_eq!(count(&|r| is("Observation")(r) && r["status"] == "amended"), 1);
    assert_eq!(count(&|r| is("Observation")(r) && r["status"] == "preliminary"), 1);
    assert_eq!(count(&|r| is("Observation")(r) && r.get("effectiveDateTime").is_none()), 1);
    assert_eq!(count(&|r| r["date"] == "1962"), 1);
    assert_eq!(count(&|r| text(r, "/onsetDateTime").len() == 4), 2);
    assert_eq!(count(&|r| r.get("dataAbsentReason").is_some()), 1);
    assert!(count(&|r| r.get("related").is_some()) == 1);
    assert!(count(&|r| text(r, "/medicationCodeableConcept/text").len() > 200) == 1);
    assert!(count(&|r| text(r, "/dateAsserted").contains("T00:00:00-0")) >= 10);
    let amlodipine = |kind: &'static str, dose: &'static str| {
        count(&|r| {
            is(kind)(r)
                && r["status"] == "active"
                && text(r, "/medicationCodeableConcept/text").contains(dose)
        })
    };
    assert_eq!(amlodipine("MedicationStatement", "AMLODIPINE BESYLATE 5 MG"), 1);
    assert_eq!(amlodipine("MedicationOrder", "AMLODIPINE BESYLATE 10 MG"), 1);

    // A sender's flag that its own range contradicts.
    let contradicts = |r: &Value| {
        let parts = r["component"].as_array().cloned().unwrap_or_else(|| vec![r.clone()]);
        parts.iter().any(|part| {
            let range = text(part, "/referenceRange/0/text");
            let mut limits = range.split(' ').map(str::parse::<f64>);
            let (Some(Ok(low)), Some(Ok(high))) = (limits.next(), limits.next()) else {
                return false;
            };
            let value = part["valueQuantity"]["value"].as_f64();
            part.get("interpretation").is_some()
                && value.is_some_and(|value| (low..=high).contains(&value))
        })
    };
    assert_eq!(count(&contradicts), 1);
}

#[tokio::test]
async fn most_vaccinations_arrive_three_times() {
    let immunizations = all_of("marisol", "Immunization").await;
    let procedures = all_of("marisol", "Procedure").await;
    let on = |date: &str| {
        let codes: Vec<String> = procedures
            .iter()
            .filter(|p| p["performedDateTime"].as_str().unwrap().starts_with(date))
            .map(|p| p["code"]["coding"][0]["code"].as_str().unwrap().to_owned())
            .collect();
        codes
    };
    assert_eq!(immunizations.len(), 23);
    assert_eq!(on("2026-11-09"), ["90662", "G0008", "91320", "90480"]);
    assert_eq!(on("2026-09-14"), ["99214", "36415", "85025", "80053", "80061", "83036"]);
    assert!(on("2021-02-10").is_empty());
    let times: Vec<_> = immunizations
        .iter()
        .map(|i| i["date"].as_str().unwrap())
        .filter(|date| date.starts_with("2023-03-14"))
        .collect();
    assert_eq!(times, ["2023-03-14T10:41:00-04:00"]);
    let visits: std::collections::BTreeSet<_> =
        procedures.iter().map(|p| p["performedDateTime"].as_str().unwrap()).collect();
    assert!(visits.len() >= 38, "{} appointments", visits.len());
}

#[tokio::test]
async fn no_text_is_longer_than_a_billing_line_of_our_own() {
    for procedure in all_of("marisol", "Procedure").await {
        let coding = &procedure["code"]["coding"][0];
        assert_eq!(procedure["code"]["text"], coding["display"]);
        let words = coding["display"].as_str().unwrap();
        assert_eq!(words, words.to_uppercase());
        assert!(words.len() <= 32, "{words}");
    }
}
