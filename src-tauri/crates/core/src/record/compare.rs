//! Two versions of a record, side by side, in words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Measurement, Record};

/// A group of facts of two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedSection {
    /// Its heading; empty for the first one.
    pub title: String,
    /// Its facts, in reading order.
    pub fields: Vec<ComparedField>,
}

/// A fact of two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedField {
    /// What it is: "Status", "Dose".
    pub label: String,
    /// What the older version said; `None` where it said nothing of it.
    pub before: Option<String>,
    /// What the newer version says; `None` where it says nothing of it.
    pub after: Option<String>,
    /// Whether the two are not the same.
    pub differs: bool,
}

/// What two versions of a record say, fact by fact, in the newer one's order; what only the older
/// one says stands where it stood there.
pub fn compare(before: &Record, after: &Record) -> Vec<ComparedSection> {
    let (before, after) = (facts(before), facts(after));
    let mut sections: Vec<ComparedSection> = Vec::new();
    let titles = after.iter().chain(&before).map(|group| group.title.as_str());
    for title in titles {
        if sections.iter().any(|section| section.title == title) {
            continue;
        }
        let none = Vec::new();
        let of = |groups: &[Group]| {
            groups.iter().find(|group| group.title == title).map(|group| group.facts.clone())
        };
        let fields =
            pair(of(&before).as_ref().unwrap_or(&none), of(&after).as_ref().unwrap_or(&none));
        if !fields.is_empty() {
            sections.push(ComparedSection { title: title.to_owned(), fields });
        }
    }
    sections
}

struct Group {
    title: String,
    facts: Vec<(String, String)>,
}

/// Everything a record says, as pairs of label and text.
fn facts(record: &Record) -> Vec<Group> {
    let mut head = vec![("Name".to_owned(), record.title.clone())];
    if let Some(when) = &record.when {
        let span = match (&when.start, &when.end) {
            (Some(start), Some(end)) => format!("{start} – {end}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => String::new(),
        };
        head.push(("When".to_owned(), span));
    }
    if let Some(status) = &record.status {
        head.push(("Status".to_owned(), status.text.clone()));
    }
    let mut groups = vec![Group { title: String::new(), facts: head }];
    if !record.measurements.is_empty() {
        let facts = record.measurements.iter().map(|one| (one.name.clone(), measured(one)));
        groups.push(Group { title: "Results".to_owned(), facts: facts.collect() });
    }
    for section in &record.sections {
        let facts: Vec<_> =
            section.fields.iter().map(|field| (field.label.clone(), field.text.clone())).collect();
        match groups.iter_mut().find(|group| group.title == section.title) {
            // The head's own facts are not told twice.
            Some(group) => {
                for fact in facts {
                    if !group.facts.contains(&fact) {
                        group.facts.push(fact);
                    }
                }
            }
            None => groups.push(Group { title: section.title.clone(), facts }),
        }
    }
    let mut rest = Vec::new();
    rest.extend(record.narrative.iter().map(|text| ("Text".to_owned(), text.clone())));
    rest.extend(record.codes.iter().map(|code| {
        let parts = [&code.system_name, &code.code, &code.display];
        let text = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        ("Code".to_owned(), text)
    }));
    rest.extend(record.attachments.iter().map(|one| {
        let size = one.size.map(|size| format!(" ({size} bytes)")).unwrap_or_default();
        ("Attachment".to_owned(), format!("{}{size}", one.title))
    }));
    if !rest.is_empty() {
        groups.push(Group { title: "Codes and attachments".to_owned(), facts: rest });
    }
    for group in &mut groups {
        group.facts.retain(|(_, text)| !text.trim().is_empty());
    }
    groups
}

fn measured(one: &Measurement) -> String {
    let mut text = match (&one.value, &one.unit) {
        (Some(value), Some(unit)) => format!("{value} {unit}"),
        (Some(value), None) => value.clone(),
        (None, _) => one.absent.clone().unwrap_or_else(|| "no value".to_owned()),
    };
    if let Some(flag) = &one.flag {
        text.push_str(&format!(", {}", flag.text));
    }
    if let Some(range) = &one.range {
        text.push_str(&format!(" (range {range})"));
    }
    text
}

/// Pairs facts of one label in their order; first those that say the same.
fn pair(before: &[(String, String)], after: &[(String, String)]) -> Vec<ComparedField> {
    let mut left: Vec<Option<&(String, String)>> = before.iter().map(Some).collect();
    let mut partner: Vec<Option<usize>> = vec![None; after.len()];
    for same_text in [true, false] {
        for (fact, partner) in after.iter().zip(&mut partner) {
            if partner.is_some() {
                continue;
            }
            let found = left.iter().position(|other| {
                other.is_some_and(|other| other.0 == fact.0 && (!same_text || other.1 == fact.1))
            });
            if let Some(idx) = found {
                *partner = Some(idx);
                if let Some(taken) = left.get_mut(idx) {
                    *taken = None;
                }
            }
        }
    }
    let mut fields = Vec::new();
    let mut next_left = 0;
    let mut gone_before = |until: usize, fields: &mut Vec<ComparedField>| {
        while next_left < until {
            if let Some(Some((label, text))) = left.get(next_left) {
                fields.push(ComparedField {
                    label: label.clone(),
                    before: Some(text.clone()),
                    after: None,
                    differs: true,
                });
            }
            next_left += 1;
        }
    };
    for (fact, partner) in after.iter().zip(&partner) {
        if let Some(idx) = partner {
            gone_before(*idx, &mut fields);
        }
        let old = partner.and_then(|idx| before.get(idx)).map(|(_, text)| text.clone());
        fields.push(ComparedField {
            label: fact.0.clone(),
            differs: old.as_ref() != Some(&fact.1),
            before: old,
            after: Some(fact.1.clone()),
        });
    }
    gone_before(before.len(), &mut fields);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Lookup, derive};

    struct Nothing;
    impl Lookup for Nothing {
        fn resource(&self, _: &str) -> Option<Vec<u8>> {
            None
        }
    }

    fn compared(before: &str, after: &str) -> Vec<ComparedSection> {
        compare(&derive(before.as_bytes(), &Nothing), &derive(after.as_bytes(), &Nothing))
    }

    fn differing(sections: &[ComparedSection]) -> Vec<(&str, Option<&str>, Option<&str>)> {
        sections
            .iter()
            .flat_map(|section| &section.fields)
            .filter(|field| field.differs)
            .map(|field| (field.label.as_str(), field.before.as_deref(), field.after.as_deref()))
            .collect()
    }

    #[test]
    fn the_same_words_do_not_differ() {
        let one = r#"{"resourceType":"Condition","code":{"text":"Cough"},"clinicalStatus":"active","notes":"x"}"#;
        let sections = compared(one, one);
        assert!(sections.iter().any(|section| !section.fields.is_empty()));
        assert_eq!(differing(&sections), []);
    }

    #[test]
    fn what_changed_stands_side_by_side() {
        let sections = compared(
            r#"{"resourceType":"Condition","code":{"text":"Cough"},"clinicalStatus":"active"}"#,
            r#"{"resourceType":"Condition","code":{"text":"Chronic cough"},"clinicalStatus":"resolved","notes":"Better since May"}"#,
        );
        let differing = differing(&sections);
        assert!(
            differing.contains(&("Name", Some("Cough"), Some("Chronic cough"))),
            "{differing:?}"
        );
        assert!(
            differing.iter().any(|(label, before, _)| *label == "Status" && before.is_some()),
            "{differing:?}"
        );
        assert!(
            differing.iter().any(|(_, before, after)| {
                before.is_none() && after.is_some_and(|text| text.contains("Better since May"))
            }),
            "{differing:?}"
        );
    }

    #[test]
    fn a_result_that_was_corrected_shows_both_values() {
        let sections = compared(
            r#"{"resourceType":"Observation","code":{"text":"HDL"},"valueQuantity":{"value":50.0,"unit":"mg/dL"}}"#,
            r#"{"resourceType":"Observation","code":{"text":"HDL"},"valueQuantity":{"value":5.0,"unit":"mg/dL"}}"#,
        );
        let differing = differing(&sections);
        assert!(
            differing.contains(&("HDL", Some("50.0 mg/dL"), Some("5.0 mg/dL"))),
            "{differing:?}"
        );
    }

    #[test]
    fn several_of_one_label_are_paired_by_what_they_say() {
        let facts = |texts: &[&str]| -> Vec<(String, String)> {
            texts.iter().map(|text| ("Note".to_owned(), (*text).to_owned())).collect()
        };
        let fields = pair(&facts(&["a", "b", "c"]), &facts(&["b", "c"]));
        let told: Vec<_> =
            fields.iter().map(|field| (field.before.as_deref(), field.after.as_deref())).collect();
        assert_eq!(told, [(Some("a"), None), (Some("b"), Some("b")), (Some("c"), Some("c"))]);
    }
}
