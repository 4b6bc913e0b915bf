//! Medicines: how to take them, in the sender's words where they sent any.

use crate::fhir::json::Value;
use crate::fhir::narrative;
use crate::fhir::{datatype, date};

use super::derive::Draft;
use super::drug::Drug;
use super::fold::{Facts, Source};
use super::lab::plain_field;
use super::teller::{Teller, first, lower_first, visit};
use super::title;
use super::{Field, Kind, Place, Section, Standing, Status, Tone};

/// Tells a medicine's dosages; the first one's words stand below its name.
pub(super) fn medicine(teller: &Teller<'_>, draft: &mut Draft) {
    let mut lines: Vec<String> = Vec::new();
    let mut all_fields: Vec<Vec<Field>> = Vec::new();
    for path in ["dosage", "dosageInstruction"] {
        visit(teller.root, path, &mut |_, value| {
            let (line, fields) = dosage(teller, value);
            lines.extend(line);
            all_fields.push(fields);
        });
    }
    let is_instruction = matches!(
        draft.record.resource_type.as_str(),
        "MedicationStatement" | "MedicationOrder" | "MedicationDispense"
    );
    let standing = draft.record.status.as_ref().map(|status| status.standing);
    let why_not = ["reasonNotTaken", "reasonNotGiven"].iter().find_map(|path| {
        first(teller.root, path, |value| {
            teller.words(path, value, &mut super::teller::Behind::default())
        })
    });
    // Nothing was sent that says whether several follow each other or go side by side.
    let dose = lines.join("; ");
    draft.record.subtitle =
        if standing == Some(Standing::Void) && (why_not.is_some() || lines.is_empty()) {
            // Nobody is to take it: why not says more than how.
            why_not.unwrap_or_default()
        } else if lines.is_empty() && is_instruction {
            // What is over, planned or not understood is not to be taken because of a label.
            match standing {
                Some(Standing::Current) => "Dose not sent. Follow your label.",
                Some(Standing::Past | Standing::Planned | Standing::Void | Standing::Unclear)
                | None => "Dose not sent.",
            }
            .to_owned()
        } else {
            dose.clone()
        };
    let n_dosages = all_fields.len();
    for (idx, fields) in all_fields.into_iter().enumerate().filter(|(_, f)| !f.is_empty()) {
        let title = match n_dosages {
            1 => "How to take it".to_owned(),
            n_dosages => format!("How to take it, part {} of {n_dosages}", idx + 1),
        };
        let title = match draft.record.resource_type.as_str() {
            "MedicationAdministration" => "How it was given".to_owned(),
            _ => title,
        };
        draft.extra.push(Section { title, fields });
    }
    // The codes and the form of a medicine that was sent along or came by itself.
    let mut form = String::new();
    let mut codes = Vec::new();
    visit(teller.root, "medication[x]", &mut |_, value| {
        let address = value.get("reference").and_then(Value::str);
        if let Some(target) = address.and_then(|address| teller.target(address)) {
            teller.link("medication", &target);
            let _ = teller.with_target(&target, |medicine| {
                let read = medicine.get("code").map(super::teller::peek_concept)?;
                codes.extend(read.codings.iter().map(title::code));
                form.extend(first(medicine, "product.form", |value| {
                    title::of_concept(&super::teller::peek_concept(value), false)
                        .map(|title| title.title)
                }));
                Some(())
            });
        }
    });
    if draft.record.codes.is_empty() {
        draft.record.codes = codes;
    }
    note(teller, draft, &form, dose);
}

/// Notes what tells whether two sources are one medicine, and the part of the list it belongs to.
fn note(teller: &Teller<'_>, draft: &mut Draft, form: &str, dose: String) {
    let root = teller.root;
    let source = match draft.record.resource_type.as_str() {
        "MedicationStatement" => Source::List,
        "MedicationOrder" => Source::Prescription,
        _ => Source::Event,
    };
    let text = |value: &Value<'_>| value.scalar().map(|text| text.trim().to_owned());
    let one = |paths: &[&str]| paths.iter().find_map(|path| first(root, path, text));
    let (stated, ends) = match source {
        Source::List => (
            one(&["dateAsserted", "effectivePeriod.start", "effectiveDateTime"]),
            one(&["effectivePeriod.end"]).or_else(|| last_end(root, "dosage")),
        ),
        Source::Prescription => (
            one(&["dateWritten"]),
            one(&["dateEnded"]).or_else(|| last_end(root, "dosageInstruction")),
        ),
        Source::Event => (draft.record.when.as_ref().and_then(|when| when.start.clone()), None),
    };
    let is_date = |text: &String| date::parse(text).is_some();
    let (stated, ends) = (stated.filter(is_date), ends.filter(is_date));
    let slug = slug(draft.record.status.as_ref(), source);
    let mut place = Place::new(Kind::Medicines, slug);
    if slug == "listed_active" {
        let sort = |text: &String| date::parse(text).map(|date| date.sort);
        place.ends = ends.as_ref().and_then(sort);
        place.stated = stated.as_ref().and_then(sort);
    }
    draft.place = Some(place);
    let route = ["dosage.route", "dosageInstruction.route"].iter().find_map(|path| {
        first(root, path, |value| {
            title::of_concept(&super::teller::peek_concept(value), false).map(|title| title.title)
        })
    });
    let rxnorm = |code: &super::Code| {
        let is_rxnorm = code.system_name.as_deref() == Some("RxNorm");
        code.code.clone().filter(|_| is_rxnorm)
    };
    let codes = draft.record.codes.iter().filter_map(rxnorm).collect();
    let name = if draft.is_unnamed { "" } else { draft.record.title.as_str() };
    let drug = Drug::read(name, form, route.as_deref().unwrap_or_default(), codes);
    let is_spoken_of =
        source == Source::List && stated.is_some() && one(&["dateAsserted"]).is_none();
    draft.facts = Facts::Medicine { source, drug, dose, stated, is_spoken_of, ends };
}

/// The end of the dosage that ends last, as sent; `None` where one of them goes on.
fn last_end(root: &Value<'_>, path: &str) -> Option<String> {
    let mut ends: Vec<Option<(String, String)>> = Vec::new();
    visit(root, path, &mut |_, dosage| {
        ends.push(first(dosage, "timing.repeat.boundsPeriod.end", |value| {
            let text = value.scalar()?.trim();
            Some((date::parse(text)?.sort, text.to_owned()))
        }));
    });
    let ends: Option<Vec<(String, String)>> = ends.into_iter().collect();
    ends?.into_iter().max().map(|(_, end)| end)
}

fn slug(status: Option<&Status>, source: Source) -> &'static str {
    let Some(status) = status else { return "not_understood" };
    match (status.standing, status.code.as_str()) {
        (Standing::Void, "not-taken" | "not-given") => "not_taken",
        (Standing::Void, _) => "withdrawn",
        (Standing::Unclear, "on-hold") => "on_hold",
        (Standing::Unclear, _) => "not_understood",
        (Standing::Planned, _) => "planned",
        (Standing::Current | Standing::Past, _) if source == Source::Event => "given",
        (Standing::Past, _) => "past",
        (Standing::Current, _) => "listed_active",
    }
}

/// One dosage: a line to read, and its parts.
fn dosage(teller: &Teller<'_>, value: &Value<'_>) -> (Option<String>, Vec<Field>) {
    let mut fields = Vec::new();
    if value.scalar().is_some() {
        value.mark();
        let text = narrative::plain_text(value.scalar().unwrap_or_default());
        return (Some(text).filter(|text| !text.is_empty()), fields);
    }
    let text = datatype::text(value, "text", &teller.notes).map(narrative::plain_text);
    if let Some(text) = &text {
        fields.push(plain_field("As written", text.clone(), Tone::Plain));
    }
    let mut parts: Vec<String> = Vec::new();
    for (path, label) in PARTS {
        let before = fields.len();
        teller.tell(value, path, label, &mut fields);
        let told = fields.get(before..).unwrap_or_default();
        let words: Vec<&str> = told.iter().map(|field| field.text.as_str()).collect();
        let words = words.join(", ");
        match (*label, words.as_str()) {
            (_, "") | ("As needed", "No") => {}
            ("As needed", "Yes") => parts.push("as needed".to_owned()),
            ("As needed", reason) => parts.push(format!("as needed for {}", lower_first(reason))),
            ("Route", route) => parts.push(route_words(route)),
            ("At most", most) => parts.push(format!("at most {most}")),
            ("Rate", rate) => parts.push(format!("at {rate}")),
            ("Dose" | "How often", words) => parts.push(words.to_owned()),
            _ => {}
        }
    }
    let says_how = PARTS.iter().take(3).any(|(path, _)| first(value, path, |_| Some(())).is_some());
    let line = text.or_else(|| {
        // A route alone is no dose.
        says_how.then(|| parts.join(" ")).filter(|line| !line.is_empty())
    });
    (line.map(|line| line.replace('\n', " ")), fields)
}

/// The parts of a dosage, in reading order. The first three say how much and how often.
const PARTS: &[(&str, &str)] = &[
    ("dose[x]", "Dose"),
    ("quantity[x]", "Dose"),
    ("timing", "How often"),
    ("rate[x]", "Rate"),
    ("route", "Route"),
    ("asNeeded[x]", "As needed"),
    ("maxDosePerPeriod", "At most"),
    ("additionalInstructions", "Also"),
    ("site[x]", "Where on the body"),
    ("method", "Method"),
];

fn route_words(route: &str) -> String {
    let lower = route.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    if lower == "po" || lower == "by mouth" || words.any(|word| word == "oral") {
        "by mouth".to_owned()
    } else {
        format!("({route})")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lookup, Record, derive};

    #[test]
    fn tells_a_dose_in_the_sender_s_words() {
        let record = read(
            r#""dosageInstruction":[{"text":"Take 1 tablet daily","doseQuantity":{"value":1}}]"#,
        );
        assert_eq!(record.subtitle, "Take 1 tablet daily");
    }

    #[test]
    fn puts_the_parts_of_a_dose_together() {
        let record = read(
            r#""dosageInstruction":{"timing":{"repeat":{"frequency":2,"period":1,"periodUnits":"d"}},
                "route":{"text":"Oral"},"asNeededCodeableConcept":{"text":"Pain"},
                "doseQuantity":{"value":5.0,"unit":"mg"}}"#,
        );
        assert_eq!(record.subtitle, "5.0 mg twice a day by mouth as needed for pain");
    }

    #[test]
    fn says_that_no_dose_was_sent() {
        assert_eq!(read(r#""dateWritten":"2015""#).subtitle, "Dose not sent. Follow your label.");
        let record = read(r#""dosageInstruction":[{"route":{"text":"Oral"}}]"#);
        assert_eq!(record.subtitle, "Dose not sent. Follow your label.");
    }

    #[test]
    fn sends_nobody_to_a_label_of_what_is_not_to_be_taken() {
        for (status, said) in [
            (r#""status":"active""#, "Dose not sent. Follow your label."),
            (r#""status":"stopped""#, "Dose not sent."),
            (r#""status":"completed""#, "Dose not sent."),
            (r#""status":"on-hold""#, "Dose not sent."),
            (r#""status":"draft""#, "Dose not sent."),
            (r#""status":"whatever""#, "Dose not sent."),
            (r#""x":1"#, "Dose not sent."),
        ] {
            let raw = format!(r#"{{"resourceType":"MedicationOrder",{status}}}"#);
            assert_eq!(derive(raw.as_bytes(), &OneMedicine).subtitle, said, "{status}");
        }
    }

    #[test]
    fn several_dosages_are_not_said_to_follow_each_other() {
        let record =
            read(r#""dosageInstruction":[{"text":"1 in the morning"},{"text":"2 at night"}]"#);
        assert_eq!(record.subtitle, "1 in the morning; 2 at night");
    }

    #[test]
    fn ends_with_its_last_dosage_and_only_where_each_ends() {
        let dosage = |end: &str| match end {
            "" => r#"{"timing":{"repeat":{"boundsPeriod":{"start":"2024-01-01"}}}}"#.to_owned(),
            end => format!(r#"{{"timing":{{"repeat":{{"boundsPeriod":{{"end":"{end}"}}}}}}}}"#),
        };
        let ends = |all: &[&str]| {
            let all: Vec<String> = all.iter().map(|end| dosage(end)).collect();
            read(&format!(r#""dosageInstruction":[{}]"#, all.join(","))).strand.place.unwrap().ends
        };
        assert_eq!(ends(&["2024-01-03"]).as_deref(), Some("2024-01-03"));
        assert_eq!(ends(&["2024-01-06", "2024-01-03"]).as_deref(), Some("2024-01-06"));
        assert_eq!(ends(&["2024-01-03", ""]), None);
        assert_eq!(ends(&[]), None);
    }

    #[test]
    fn takes_the_name_from_the_medicine_it_points_to() {
        let raw = br#"{"resourceType":"MedicationOrder","medicationReference":{"reference":"Medication/7"}}"#;
        let record = derive(raw, &OneMedicine);
        assert_eq!(record.title, "Metformin HCl ER 500 mg");
        assert_eq!(record.codes[0].code.as_deref(), Some("860975"));
        assert!(record.missing.is_empty());
    }

    #[test]
    fn takes_the_name_from_a_medicine_sent_along() {
        let raw =
            br##"{"resourceType":"MedicationStatement","medicationReference":{"reference":"#m"},
            "contained":[{"resourceType":"Medication","id":"m","code":{"text":"Aspirin"}}]}"##;
        assert_eq!(derive(raw, &OneMedicine).title, "Aspirin");
    }

    fn read(fields: &str) -> Record {
        let raw = format!(r#"{{"resourceType":"MedicationOrder","status":"active",{fields}}}"#);
        derive(raw.as_bytes(), &OneMedicine)
    }

    struct OneMedicine;

    impl Lookup for OneMedicine {
        fn resource(&self, target: &str) -> Option<Vec<u8>> {
            let raw = br#"{"resourceType":"Medication","id":"7","code":{"text":"METFORMIN HCL ER 500 MG",
                "coding":[{"system":"https://www.nlm.nih.gov/research/umls/rxnorm/","code":"860975"}]}}"#;
            (target == "Medication/7").then(|| raw.to_vec())
        }
    }
}
