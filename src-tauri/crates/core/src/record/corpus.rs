//! Tests over data nobody here wrote: every file of the public DSTU2 data, where it is present.

use std::collections::BTreeMap;
use std::path::PathBuf;

use onhand_panels::Shape;
use proptest::prelude::*;

use super::fold::{self, Member};
use super::panel::{self, Label};
use super::teller::code_words;
use super::{Kind, Lookup, Measurement, Record, Standing, Subject, derive};
use crate::fhir::json::{self, Node, Value};
use crate::fhir::{bundle, datatype, date, narrative};

#[test]
fn every_resource_becomes_a_record_with_a_name() {
    let corpus = Corpus::read();
    for resource in &corpus.resources {
        let record = derive(&resource.raw, &corpus);
        let about = format!("{}: {}", resource.file, record.title);
        assert_eq!(record.resource_type, resource.name, "{about}");
        assert!(!record.title.trim().is_empty(), "{about}");
        assert!(!narrative::has_markup(&record.title), "{about}");
        assert!(record.title.chars().any(char::is_alphabetic), "{about}");
        assert!(!record.subtitle.contains('\n'), "{about}");
        assert!(record.measurements.iter().all(|part| !part.name.is_empty()), "{about}");
        for section in &record.sections {
            assert!(!section.fields.is_empty(), "{about}: {}", section.title);
            for field in &section.fields {
                assert!(!field.label.trim().is_empty(), "{about}: {field:?}");
                assert!(!field.text.trim().is_empty(), "{about}: {field:?}");
                assert!(!narrative::has_markup(&field.text), "{about}: {field:?}");
            }
        }
        if let Some(when) = &record.when {
            assert!(!when.sort.is_empty(), "{about}");
        }
        assert_eq!(record, derive(&resource.raw, &corpus), "{about}");
    }
}

#[test]
fn nothing_that_was_sent_is_dropped() {
    let corpus = Corpus::read();
    let mut dropped = Vec::new();
    for resource in &corpus.resources {
        let record = derive(&resource.raw, &NoLookup);
        let told = everything_told(&record);
        let document = json::parse(&resource.raw);
        let root = document.root.unwrap();
        leaves(&root, "", &mut |path, leaf| {
            let text = leaf.scalar().unwrap_or_default().trim();
            if is_exempt(path, text, &root) {
                return;
            }
            let due = match path.rsplit('.').next() {
                Some("reference") => datatype::target(text).unwrap_or_default(),
                _ => narrative::plain_text(text),
            };
            let in_words = date::words(&due).unwrap_or_default();
            let is_told = [due.as_str(), &code_words(&due), &in_words]
                .iter()
                .any(|due| !due.is_empty() && told.contains(&norm(due)));
            if !is_told {
                let file = resource.file.rsplit('/').next().unwrap_or_default();
                let text: String = text.chars().take(80).collect();
                dropped.push(format!("{file} {}.{path} = {text}", resource.name));
            }
        });
    }
    assert!(
        dropped.is_empty(),
        "{} dropped:\n{}",
        dropped.len(),
        dropped[..dropped.len().min(120)].join("\n")
    );
}

#[test]
fn every_onpatient_entry_reads_as_it_should() {
    let corpus = Corpus::read();
    let mut told: Vec<String> = corpus
        .resources
        .iter()
        .filter(|resource| resource.file.ends_with("onpatient.entries.json"))
        .map(|resource| {
            let record = derive(&resource.raw, &corpus);
            let when = record.when.as_ref().map_or("undated", |when| when.label.as_str());
            let status = record.status.map(|status| status.text).unwrap_or_default();
            // Whose it is stays in the data.
            let (title, subtitle) = if record.kind == Kind::People {
                ("a person", "")
            } else {
                (record.title.as_str(), record.subtitle.as_str())
            };
            format!("{} | {title} | {subtitle} | {when} | {status}", record.kind.name())
        })
        .collect();
    if told.is_empty() {
        return;
    }
    told.sort();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn representative_records_read_well() {
    let corpus = Corpus::read();
    for file in [
        "allergyintolerance-example.json",
        "medicationstatementexample1.json",
        "medicationorderexample1.json",
        "immunization-example-refused.json",
        "condition-example-f201-fever.json",
        "observation-example-bloodpressure.json",
        "observation-example-f001-glucose.json",
        "diagnosticreport-example-lipids.json",
        "careplan-example.json",
        "encounter-example-f001-heart.json",
        "patient-example.json",
        "list-example.json",
        "visionprescription-example.json",
    ] {
        let Some(resource) = corpus.resources.iter().find(|found| found.file.ends_with(file))
        else {
            continue;
        };
        let record = derive(&resource.raw, &corpus);
        insta::assert_snapshot!(file.trim_end_matches(".json"), told_in_full(&record));
    }
}

#[test]
fn links_and_missing_records_are_noted() {
    let record = derive(
        br#"{"resourceType":"MedicationOrder","patient":{"reference":"Patient/1"},
            "medicationReference":{"reference":"https://p.example/fhir/Medication/7"},
            "prescriber":{"reference":"Practitioner/2"}}"#,
        &NoLookup,
    );
    assert_eq!(record.missing, ["Medication/7", "Practitioner/2"]);
    let links: Vec<_> =
        record.links.iter().map(|link| (link.role.as_str(), link.target.as_str())).collect();
    for due in
        [("subject", "Patient/1"), ("medication", "Medication/7"), ("prescriber", "Practitioner/2")]
    {
        assert!(links.contains(&due), "{due:?} in {links:?}");
    }
    assert_eq!(record.title, "Prescription");
}

#[test]
fn anything_gives_a_record() {
    for raw in [
        &b""[..],
        b"null",
        b"[]",
        b"{}",
        b"<html>",
        b"{\"resourceType\":7}",
        b"{\"resourceType\":\"Whatever\",\"a\":{\"b\":[{\"c\":1}]}}",
        b"{\"resourceType\":\"Observation\",\"valueQuantity\":\"7.0\",\"component\":{},\"code\":[]}",
        b"{\"resourceType\":\"Condition\",\"code\":\"Asthma\",\"patient\":\"Patient/1\"}",
    ] {
        let record = derive(raw, &NoLookup);
        assert!(!record.title.is_empty());
    }
    let record = derive(
        b"{\"resourceType\":\"SomethingNew\",\"spinRate\":{\"value\":7.0,\"unit\":\"rpm\"},\"dateSpun\":\"2015\"}",
        &NoLookup,
    );
    assert_eq!((record.title.as_str(), record.kind), ("Something new", Kind::Other));
    let fields = &record.sections[0].fields;
    assert_eq!((fields[0].label.as_str(), fields[0].text.as_str()), ("Spin rate", "7.0 rpm"));
    assert_eq!((fields[1].label.as_str(), fields[1].text.as_str()), ("Date spun", "2015"));
}

#[test]
fn a_resource_that_points_to_itself_gives_a_record() {
    struct Itself;
    impl Lookup for Itself {
        fn resource(&self, _target: &str) -> Option<Vec<u8>> {
            let raw = br#"{"resourceType":"MedicationOrder","medicationReference":{"reference":"MedicationOrder/1"}}"#;
            Some(raw.to_vec())
        }
    }
    let raw = Itself.resource("").unwrap();
    assert_eq!(derive(&raw, &Itself).title, "Prescription");
    let raw = br##"{"resourceType":"DeviceUseStatement","device":{"reference":"#d"},
        "contained":[{"resourceType":"DeviceUseStatement","id":"d","device":{"reference":"#d"}}]}"##;
    assert_eq!(derive(raw, &NoLookup).title, "Use of a device");
}

#[test]
fn deep_extensions_are_told() {
    let deep = format!(
        r#"{{"resourceType":"Basic",{}"extension":[{{"url":"x","valueString":"core"}}]{}}}"#,
        r#""extension":[{"url":"y","#.repeat(80),
        "}]".repeat(80)
    );
    let record = derive(deep.as_bytes(), &NoLookup);
    assert!(record.sections[0].fields[0].text.ends_with("X: Core"));
}

#[test]
fn deep_data_is_kept_and_said_so() {
    let deep = format!(
        "{{\"resourceType\":\"Basic\",\"x\":{}1{}}}",
        "{\"a\":".repeat(10_000),
        "}".repeat(10_000)
    );
    let record = derive(deep.as_bytes(), &NoLookup);
    assert!(record.problems.iter().any(|problem| problem.message.contains("too deeply")));
    assert_eq!(record.sections.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_resource_still_gives_a_record(
        pick in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..6), 1..4),
    ) {
        let resources = &Corpus::shared().resources;
        if !resources.is_empty() {
            let resource = pick.get(resources);
            if let Ok(mut value) = serde_json::from_slice::<serde_json::Value>(&resource.raw) {
                for (place, change) in edits {
                    damage(&mut value, place, change);
                }
                let raw = serde_json::to_vec(&value).unwrap();
                let record = derive(&raw, &NoLookup);
                prop_assert!(!record.title.trim().is_empty());
                prop_assert!(!narrative::has_markup(&record.title));
                prop_assert_eq!(&record, &derive(&raw, &NoLookup));
            }
        }
    }

    #[test]
    fn any_object_gives_a_record(value in any_json(), name in "[A-Z][a-z]{0,5}|Observation|Patient|MedicationOrder|CarePlan|DiagnosticReport") {
        let mut value = value;
        if let Some(object) = value.as_object_mut() {
            object.insert("resourceType".to_owned(), name.into());
        }
        let raw = serde_json::to_vec(&value).unwrap();
        let record = derive(&raw, &NoLookup);
        prop_assert!(!record.title.trim().is_empty());
        prop_assert_eq!(&record, &derive(&raw, &NoLookup));
        let _ = record.search_text();
    }

    #[test]
    fn damaged_resources_are_put_together_without_a_panic(
        edits in proptest::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..6),
            1..12,
        ),
    ) {
        let folded: Vec<&Resource> = Corpus::shared().resources.iter().filter(|resource| {
            FOLDED.contains(&resource.name.as_str())
        }).collect();
        if !folded.is_empty() {
            // Each damaged, and as it was beside it.
            let both = edits.into_iter().flat_map(|(pick, place, change)| {
                let whole = &pick.get(&folded).raw;
                let mut value: serde_json::Value = serde_json::from_slice(whole).unwrap_or_default();
                damage(&mut value, place, change);
                [serde_json::to_vec(&value).unwrap(), whole.clone()]
            });
            put_together(both);
        }
    }
}

/// The panels of the public data, their names taken away, in the four shapes that portals send them in.
#[test]
fn names_the_panels_of_the_public_data() {
    let corpus = Corpus::read();
    let mut wrong = Vec::new();
    for shape in Shape::ALL {
        // With ranges, and without.
        let (mut all, mut named, mut right) = ([0_usize; 2], [0_usize; 2], [0_usize; 2]);
        for panel in nameless_panels(&corpus) {
            for with_ranges in [true, false] {
                let has_ranges =
                    with_ranges && panel.parts.iter().any(|part| !part["referenceRange"].is_null());
                let at = usize::from(!has_ranges);
                for (measured, (truth, name)) in
                    panel.read(shape, with_ranges).iter().zip(&panel.truths)
                {
                    let given = measured.likely_code.as_deref().and_then(panel::alias::by_code);
                    // Both equations for the filtration rate are one test to whoever reads.
                    let either = Label::EgfrAa;
                    let one = |label| if label == either { Label::Egfr } else { label };
                    let is_right = given.is_some() && given.map(one) == truth.map(one);
                    all[at] += 1;
                    named[at] += usize::from(given.is_some());
                    right[at] += usize::from(is_right);
                    let is_strong = measured.likelihood == Some(super::Likelihood::Strong);
                    if given.is_some() && !is_right {
                        eprintln!(
                            "{name} was called {} ({:?})",
                            measured.name, measured.likelihood
                        );
                        if is_strong {
                            wrong.push(format!("{shape:?}: {name}"));
                        }
                    } else if given.is_none() && has_ranges {
                        eprintln!("{name} was left {}", measured.name);
                    }
                }
            }
        }
        eprintln!("{shape:?}, ranges: {} results, {} named, {} right", all[0], named[0], right[0]);
        eprintln!("{shape:?}, none: {} results, {} named, {} right", all[1], named[1], right[1]);
        assert!(named[0] * 100 >= all[0] * 90, "{shape:?}");
        assert!(right[0] * 100 >= named[0] * 97, "{shape:?}");
    }
    assert!(wrong.is_empty(), "wrong and strong: {wrong:?}");
}

/// A report of the public data without the names of its results.
struct Nameless {
    code: serde_json::Value,
    parts: Vec<serde_json::Value>,
    /// What each part is, where Onhand knows the test at all, and what the sender called it.
    truths: Vec<(Option<Label>, String)>,
}

fn nameless_panels(corpus: &Corpus) -> Vec<Nameless> {
    let mut panels = Vec::new();
    for resource in corpus.resources.iter().filter(|one| one.name == "DiagnosticReport") {
        let report: serde_json::Value = serde_json::from_slice(&resource.raw).unwrap();
        let results = report["result"].as_array().cloned().unwrap_or_default();
        let mut panel =
            Nameless { code: report["code"].clone(), parts: Vec::new(), truths: Vec::new() };
        for result in &results {
            let target = result["reference"].as_str().and_then(datatype::target);
            let Some(raw) = target.and_then(|target| corpus.resource(&target)) else { continue };
            let mut part: serde_json::Value = serde_json::from_slice(&raw).unwrap();
            if part["valueQuantity"].is_null() {
                continue;
            }
            let code = part["code"]["coding"][0]["code"].as_str().unwrap_or_default().to_owned();
            let name = part["code"]["text"].as_str().unwrap_or_default().to_owned();
            let known = panel::alias::by_code(&code)
                .or_else(|| name.contains("GFR").then_some(Label::Egfr));
            panel.truths.push((known, name));
            part.as_object_mut()
                .unwrap()
                .retain(|key, _| key.starts_with("value") || key == "referenceRange");
            panel.parts.push(part);
        }
        if panel.parts.len() >= MIN_PARTS {
            panels.push(panel);
        }
    }
    panels
}

/// Of fewer nothing can be told.
const MIN_PARTS: usize = 3;

impl Nameless {
    /// Its results as they are read when they come in that shape.
    fn read(&self, shape: Shape, with_ranges: bool) -> Vec<Measurement> {
        let parts = self.parts.iter().map(|part| {
            let mut part = part.clone();
            if !with_ranges {
                part.as_object_mut().unwrap().remove("referenceRange");
            }
            part
        });
        let whole = |kind: &str, key: &str, parts: Vec<serde_json::Value>| {
            serde_json::json!({
                "resourceType": kind, "id": "p", "status": "final", "code": self.code, key: parts,
            })
        };
        if shape == Shape::Components {
            let panel = whole("Observation", "component", parts.collect());
            return derive(panel.to_string().as_bytes(), &NoLookup).measurements;
        }
        let refs = |to_part: &dyn Fn(String) -> serde_json::Value| {
            (0..self.parts.len()).map(|at| to_part(format!("Observation/p-{at}"))).collect()
        };
        let (container, panel) = match shape {
            Shape::Members => (
                "Observation/p",
                whole(
                    "Observation",
                    "related",
                    refs(
                        &|at| serde_json::json!({"type": "has-member", "target": {"reference": at}}),
                    ),
                ),
            ),
            Shape::Components | Shape::Observations | Shape::PanelName => (
                "DiagnosticReport/p",
                whole(
                    "DiagnosticReport",
                    "result",
                    refs(&|at| serde_json::json!({"reference": at})),
                ),
            ),
        };
        let mut shelf = Vec::from([(container.to_owned(), panel.to_string())]);
        for (at, mut part) in parts.enumerate() {
            part["resourceType"] = "Observation".into();
            part["id"] = format!("p-{at}").into();
            part["status"] = "final".into();
            part["category"] = serde_json::json!({"coding": [{"code": "laboratory"}]});
            if shape == Shape::PanelName {
                part["code"] = self.code.clone();
            }
            shelf.push((format!("Observation/p-{at}"), part.to_string()));
        }
        let shelf = Shelf(shelf);
        let mut read = Vec::new();
        for (_, raw) in shelf.0.iter().skip(1) {
            let mut of_part = derive(raw.as_bytes(), &shelf).measurements;
            assert_eq!(of_part.len(), 1);
            read.append(&mut of_part);
        }
        read
    }
}

/// A container and its parts.
struct Shelf(Vec<(String, String)>);

impl Lookup for Shelf {
    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        let (_, raw) = self.0.iter().find(|(own, _)| own == target)?;
        Some(raw.clone().into_bytes())
    }

    fn containers(&self, target: &str) -> Vec<String> {
        let container = self.0.first().filter(|(own, _)| own != target);
        container.map(|(own, _)| own.clone()).into_iter().collect()
    }
}

fn told_in_full(record: &Record) -> String {
    let mut out = format!(
        "{} · {}\n{}\n{}\n",
        record.kind.name(),
        record.resource_type,
        record.title,
        record.subtitle
    );
    if let Some(sent) = &record.title_sent {
        out += &format!("sent as: {sent}\n");
    }
    if let Some(when) = &record.when {
        out += &format!(
            "when: {} {:?} to {:?} ({:?}, {:?})\n",
            when.label, when.start, when.end, when.precision, when.zone
        );
    }
    if let Some(status) = &record.status {
        out += &format!("status: {} = {} ({:?})\n", status.code, status.text, status.standing);
    }
    out += &format!("tone {:?}, subject {:?}\n", record.tone, record.subject);
    for part in &record.measurements {
        out += &format!(
            "  [{}] {} = {:?} {:?}, range {:?}, flag {:?}, code {:?}, absent {:?}\n",
            part.index,
            part.name,
            part.value,
            part.unit,
            part.range,
            part.flag.as_ref().map(|flag| &flag.text),
            part.code,
            part.absent
        );
    }
    for section in &record.sections {
        out += &format!("# {}\n", section.title);
        for field in &section.fields {
            let codes: Vec<String> = field
                .codes
                .iter()
                .map(|code| {
                    format!(
                        "{} {}",
                        code.system_name.as_deref().unwrap_or("?"),
                        code.code.as_deref().unwrap_or("-")
                    )
                })
                .collect();
            out += &format!("{}: {}", field.label, field.text);
            if let Some(reference) = &field.reference {
                out += &format!(" → {reference}");
            }
            if !codes.is_empty() {
                out += &format!(" [{}]", codes.join(", "));
            }
            if field.when.is_some() {
                out += " @";
            }
            out.push('\n');
        }
    }
    if let Some(narrative) = &record.narrative {
        out += &format!("narrative: {narrative}\n");
    }
    for attachment in &record.attachments {
        out += &format!("attachment: {attachment:?}\n");
    }
    for link in &record.links {
        out += &format!("link: {} {}\n", link.role, link.target);
    }
    out += &format!("missing: {:?}\n", record.missing);
    for problem in &record.problems {
        out += &format!("problem: {}: {}\n", problem.path, problem.message);
    }
    out
}

fn damage(value: &mut serde_json::Value, place: prop::sample::Index, change: usize) {
    let mut pointers = Vec::new();
    collect(value, String::new(), &mut pointers);
    let Some(found) = value.pointer_mut(place.get(&pointers).as_str()) else { return };
    *found = match change {
        0 => serde_json::Value::Null,
        1 => serde_json::json!([found.clone(), found.clone()]),
        2 => serde_json::json!("<div>text</div>"),
        3 => serde_json::json!({ "value": 7, "text": found.clone() }),
        4 => match found.as_array().and_then(|items| items.first()) {
            Some(first) => first.clone(),
            None => serde_json::json!(true),
        },
        _ => serde_json::json!("-1.50"),
    };
}

fn collect(value: &serde_json::Value, at: String, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, inner) in members.iter().filter(|(key, _)| *key != "resourceType") {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(inner, format!("{at}/{key}"), out);
            }
        }
        serde_json::Value::Array(items) => {
            for (idx, inner) in items.iter().enumerate() {
                collect(inner, format!("{at}/{idx}"), out);
            }
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
    if !at.is_empty() || out.is_empty() {
        out.push(at);
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let key = "code|text|coding|display|system|value|valueQuantity|unit|status|reference|result|component|low|high|url|extension|name|period|start|contained|id|dosage|repeat|[a-zA-Z]{1,6}";
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "\\PC{0,12}".prop_map(Into::into),
        Just("2015-02-03T10:00:00Z".into()),
        Just("#x".into()),
    ];
    let inner = leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
            proptest::collection::btree_map(key, inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    proptest::collection::btree_map(key, inner, 0..8)
        .prop_map(|map| serde_json::Value::Object(map.into_iter().collect()))
}

/// Every text a reader could come to see, normalised.
fn everything_told(record: &Record) -> String {
    let mut all: Vec<&str> = vec![&record.title, &record.subtitle];
    all.extend(record.title_sent.as_deref());
    all.extend(record.narrative.as_deref());
    if let Some(when) = &record.when {
        all.extend(when.start.as_deref());
        all.extend(when.end.as_deref());
    }
    if let Some(status) = &record.status {
        all.extend([&*status.code, &*status.text]);
    }
    let subject = match &record.subject {
        Subject::Patient(id) => format!("Patient/{id}"),
        Subject::Other(target) => target.clone(),
        Subject::NoPatient | Subject::NotSaid => String::new(),
    };
    for part in &record.measurements {
        all.push(&part.name);
        all.extend(
            [&part.value, &part.unit, &part.range, &part.code, &part.absent]
                .into_iter()
                .flatten()
                .map(|text| &**text),
        );
        all.extend(part.flag.iter().flat_map(|flag| [&*flag.code, &*flag.text]));
    }
    let fields = || record.sections.iter().flat_map(|section| &section.fields);
    for section in &record.sections {
        all.push(&section.title);
    }
    for field in fields() {
        all.extend([&*field.label, &*field.text]);
        all.extend(field.reference.as_deref());
    }
    for code in record.codes.iter().chain(fields().flat_map(|field| &field.codes)) {
        all.extend(
            [&code.system, &code.code, &code.display].into_iter().flatten().map(|text| &**text),
        );
    }
    for attachment in &record.attachments {
        all.push(&attachment.title);
        all.extend(
            [&attachment.content_type, &attachment.url].into_iter().flatten().map(|text| &**text),
        );
    }
    for link in &record.links {
        all.extend([&*link.role, &*link.target]);
    }
    let mut told = norm(&all.join(" | "));
    told.push_str(&norm(&subject));
    told
}

fn norm(text: &str) -> String {
    let text = narrative::unescape(text).to_lowercase().replace('-', " ").replace(['[', ']'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is no content of its own: types, ids, addresses of systems, the sender's picture of the same
/// data, raw bytes, and what is told in other words (timings, marks, comparators).
fn is_exempt(path: &str, text: &str, root: &Value<'_>) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    let generated = root.get("text").and_then(|text| text.get("status")).and_then(Value::str)
        == Some("generated");
    matches!(last, "resourceType" | "id" | "system" | "version" | "div" if last != "div" || generated)
        || last == "url" && path.contains("xtension")
        || path.starts_with("meta.profile")
        || path == "text.status"
        || path.ends_with("text.status")
        || path.contains("repeat.") && !path.contains("bounds")
        || path.contains("dataAbsentReason")
        || path.contains("fhir_comments")
        || matches!(last, "data" | "hash" | "comparator" | "size" | "linkId")
        || path == "content"
        || path == "related.type"
        || last == "reference" && text.starts_with('#')
        || last == "use" && matches!(text, "official" | "usual")
}

fn leaves(value: &Value<'_>, path: &str, found: &mut dyn FnMut(&str, &Value<'_>)) {
    match value.node() {
        Node::Object(members) => {
            for member in members {
                let inner = if path.is_empty() {
                    member.key.to_string()
                } else {
                    format!("{path}.{}", member.key)
                };
                leaves(&member.value, &inner, found);
            }
        }
        Node::Array(items) => items.iter().for_each(|item| leaves(item, path, found)),
        Node::String(text) if text.trim().is_empty() => {}
        Node::String(_) | Node::Number(_) => found(path, value),
        Node::Null | Node::Bool(_) | Node::Opaque(_) => {}
    }
}

struct NoLookup;

impl Lookup for NoLookup {
    fn resource(&self, _target: &str) -> Option<Vec<u8>> {
        None
    }
}

#[derive(Default)]
struct Corpus {
    resources: Vec<Resource>,
    by_target: BTreeMap<String, usize>,
}

struct Resource {
    file: String,
    name: String,
    raw: Vec<u8>,
}

impl Corpus {
    /// Reads the public data; empty, and said so, where it is not there.
    fn read() -> Corpus {
        let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data");
        let folder = std::env::var_os("ONHAND_TEST_DATA").map_or(default, PathBuf::from);
        let is_there = folder.is_dir();
        let mut corpus = Corpus::default();
        let root = folder.clone();
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                eprintln!("skipped: there is no test data at {}", folder.display());
                continue;
            };
            let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            for path in paths {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    corpus.add(&path.display().to_string(), &std::fs::read(&path).unwrap());
                }
            }
        }
        // A test that reads nothing shows nothing.
        let n_resources = corpus.resources.len();
        assert!(!is_there || n_resources >= 830, "{n_resources} in {}", root.display());
        corpus
    }

    fn shared() -> &'static Corpus {
        static CORPUS: std::sync::OnceLock<Corpus> = std::sync::OnceLock::new();
        CORPUS.get_or_init(Corpus::read)
    }

    fn add(&mut self, file: &str, bytes: &[u8]) {
        let page = bundle::read_page(bytes);
        let mut parts: Vec<(String, Option<String>, &[u8])> = page
            .entries
            .iter()
            .map(|entry| (entry.resource_type.clone(), entry.id.clone(), &bytes[entry.raw.clone()]))
            .collect();
        if let bundle::PageKind::Outcome(_) = page.kind {
            parts.push(("OperationOutcome".to_owned(), None, bytes));
        }
        for (name, id, raw) in parts {
            if let Some(id) = id {
                self.by_target.insert(format!("{name}/{id}"), self.resources.len());
            }
            self.resources.push(Resource { file: file.to_owned(), name, raw: raw.to_vec() });
        }
    }
}

impl Lookup for Corpus {
    fn named(&self, urn: &str) -> Option<String> {
        let id = format!("/{}", datatype::urn_id(urn)?);
        self.by_target.keys().find(|target| target.ends_with(&id)).cloned()
    }

    fn resource(&self, target: &str) -> Option<Vec<u8>> {
        self.by_target.get(target).map(|idx| self.resources[*idx].raw.clone())
    }
}

/// Every file of the public data, by type: a line for each record and one for each thing it says.
/// Values of results are settled elsewhere and left out.
#[test]
fn every_record_of_the_public_data_reads_as_reviewed() {
    let corpus = Corpus::read();
    let mut by_type: BTreeMap<&str, String> = BTreeMap::new();
    for resource in &corpus.resources {
        let record = derive(&resource.raw, &corpus);
        let out = by_type.entry(&resource.name).or_default();
        let file = resource.file.rsplit('/').next().unwrap_or_default();
        let is_example = resource.file.contains("hl7-dstu2-examples");
        out.push_str(&in_short(file, &record, is_example));
    }
    for (name, told) in by_type {
        insta::assert_snapshot!(format!("all-{name}"), told);
    }
}

fn in_short(file: &str, record: &Record, with_fields: bool) -> String {
    let is_result =
        record.resource_type == "Observation" || record.resource_type == "DiagnosticReport";
    // Names and dates of birth of the demonstration's people stay in the data.
    let is_person = record.kind == Kind::People && !with_fields;
    let mut out = format!("{file} | {}", record.kind.name());
    if !is_person {
        out += &format!(" | {}", record.title);
        out.extend(record.title_sent.iter().map(|sent| format!(" (sent: {sent})")));
        out.extend(
            Some(&record.subtitle)
                .filter(|subtitle| !subtitle.is_empty() && !is_result)
                .map(|subtitle| format!(" | {subtitle}")),
        );
    }
    if let Some(when) = &record.when {
        let text = when.start.as_deref().or(when.end.as_deref()).unwrap_or_default();
        out += &format!(" | {} {}", when.label, date::words(text).unwrap_or_default());
    }
    out.extend(
        record.status.iter().map(|status| format!(" | {} ({:?})", status.text, status.standing)),
    );
    out.extend(record.strand.place.iter().map(|place| format!(" | [{}]", place.slug)));
    out.push('\n');
    if with_fields && !is_result {
        for section in &record.sections {
            for field in &section.fields {
                let text: String = field.text.replace('\n', " / ").chars().take(160).collect();
                let heading = match section.title.as_str() {
                    "" => String::new(),
                    title => format!("{title} · "),
                };
                out += &format!("    {heading}{}: {text}\n", field.label);
            }
        }
    }
    for problem in &record.problems {
        out += &format!("    ! {}: {}\n", problem.path, problem.message);
    }
    out
}

#[test]
fn the_public_data_is_put_together_without_a_panic() {
    put_together(Corpus::read().resources.into_iter().map(|resource| resource.raw));
}

/// The types of which something is put together.
const FOLDED: &[&str] = &[
    "Procedure",
    "Immunization",
    "MedicationStatement",
    "MedicationOrder",
    "MedicationDispense",
    "MedicationAdministration",
];

/// Puts together what these resources say, as that of one person.
fn put_together(raws: impl Iterator<Item = Vec<u8>>) {
    let corpus = Corpus::shared();
    let members: Vec<Member> = raws
        .zip(0_i64..)
        .map(|(raw, id)| {
            let record = derive(&raw, corpus);
            Member { id, kind: record.kind, gone: false, visit: None, strand: record.strand }
        })
        .collect();
    let mut buckets: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for member in members {
        buckets.entry(member.strand.bucket()).or_default().push(member);
    }
    for (bucket, members) in &buckets {
        let outcomes = match bucket.as_str() {
            fold::MEDICINES => fold::medicines(members),
            _ => fold::day(members, members),
        };
        assert_eq!(outcomes.len(), members.len(), "{bucket}");
        for outcome in &outcomes {
            if let Some(whole) = outcome.part_of {
                // What something stands in has a row of its own.
                let whole = outcomes.iter().find(|other| other.id == whole).unwrap();
                assert_eq!(whole.part_of, None, "{bucket}");
            }
        }
    }
}

/// What is counted of the records of a type.
#[derive(Default)]
struct Tally {
    n_records: usize,
    n_generic: usize,
    n_undated: usize,
    n_without_status: usize,
    n_unclear: usize,
    n_with_problems: usize,
    labels: BTreeMap<String, usize>,
}

#[test]
fn counts_what_the_public_data_gives() {
    let corpus = Corpus::read();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut problems: BTreeMap<String, usize> = BTreeMap::new();
    for resource in &corpus.resources {
        let record = derive(&resource.raw, &corpus);
        let tally = tallies.entry(&resource.name).or_default();
        tally.n_records += 1;
        tally.n_generic +=
            usize::from(record.title == super::teller::type_words(&record.resource_type));
        tally.n_undated += usize::from(record.when.is_none());
        tally.n_with_problems += usize::from(!record.problems.is_empty());
        match &record.status {
            Some(status) if status.code == "not-sent" => tally.n_without_status += 1,
            Some(status) => {
                tally.n_unclear += usize::from(status.standing == Standing::Unclear);
                assert!(!status.text.is_empty());
            }
            None => {}
        }
        let label = record.when.map_or_else(|| "undated".to_owned(), |when| when.label);
        *tally.labels.entry(label).or_default() += 1;
        for problem in record.problems {
            *problems.entry(problem.message).or_default() += 1;
        }
    }
    eprintln!(
        "type: records, generic title, undated, status not sent, unclear, with problems, dates"
    );
    for (name, tally) in &tallies {
        eprintln!(
            "{name}: {} {} {} {} {} {} {:?}",
            tally.n_records,
            tally.n_generic,
            tally.n_undated,
            tally.n_without_status,
            tally.n_unclear,
            tally.n_with_problems,
            tally.labels
        );
    }
    eprintln!("{problems:#?}");
    let total: usize = tallies.values().map(|tally| tally.n_records).sum();
    let generic: usize = tallies.values().map(|tally| tally.n_generic).sum();
    eprintln!("{total} records, {generic} by their generic word");
    assert!(total == 0 || generic * 10 < total);
}
