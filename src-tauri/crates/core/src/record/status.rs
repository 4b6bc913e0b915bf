//! What a record's status and modifiers mean: whether it belongs among what is so today.

use crate::fhir::json::Value;

use super::table::Type;
use super::{Standing, Status};

/// The status of a resource of type `known`; `None` for a type that has none and sent none. What it
/// read is marked as told.
pub(super) fn of(resource: &Value<'_>, known: &Type) -> Option<Status> {
    let path = if known.name == "Condition" { "clinicalStatus" } else { "status" };
    let sent = resource.get(path).and_then(code_of);
    let verification = verification(resource);
    if let Some(status) = resource.get(path).filter(|status| status.str().is_some()) {
        status.mark();
    }
    let document = document(resource, known);
    let all = [sent, verification, document];
    if all.into_iter().flatten().any(|code| is(code, "entered-in-error")) {
        mark(resource, "verificationStatus");
        return Some(status(
            "entered-in-error",
            "Withdrawn by the practice as an error",
            Standing::Void,
        ));
    }
    for (modifier, code, text) in MODIFIERS {
        if known.name == modifier.0 && resource.get(modifier.1).and_then(Value::bool) == Some(false)
        {
            mark(resource, modifier.1);
        }
        if known.name == modifier.0 && resource.get(modifier.1).and_then(Value::bool) == Some(true)
        {
            mark(resource, modifier.1);
            // The sent status is overruled, and told among the fields.
            return Some(status(code, text, Standing::Void));
        }
    }
    let clinical = sent.map(|code| read(code, known));
    if known.name == "Condition" {
        return Some(condition(clinical, verification, resource));
    }
    let more = document.and_then(|code| DOCUMENT_STATES.iter().find(|(known, _)| is(code, known)));
    if let (Some(found), Some((_, more))) = (&clinical, more) {
        return Some(Status { text: format!("{}, {more}", found.text), ..found.clone() });
    }
    clinical.or_else(|| {
        known.status_missing.map(|standing| status("not-sent", "Status not sent", standing))
    })
}

/// How far a problem is confirmed (`DSTU2 Condition.verificationStatus`), as a code.
pub(super) fn verification<'v>(resource: &'v Value<'_>) -> Option<&'v str> {
    resource.get("verificationStatus").and_then(code_of)
}

/// A code, also where a concept was sent in its place.
pub(super) fn code_of<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    let concept = || {
        let coding = value.get("coding").unwrap_or(value);
        coding.get("code").or_else(|| value.get("text")).and_then(Value::str)
    };
    value.str().or_else(concept).map(str::trim).filter(|code| !code.is_empty())
}

/// The state of the document that a reference to it speaks of (`DSTU2 DocumentReference.docStatus`).
fn document<'v>(resource: &'v Value<'_>, known: &Type) -> Option<&'v str> {
    resource.get("docStatus").filter(|_| known.name == "DocumentReference").and_then(code_of)
}

/// States of a document that are said beside the status of the reference to it.
const DOCUMENT_STATES: &[(&str, &str)] = &[
    ("preliminary", "preliminary, may change"),
    ("amended", "corrected"),
    ("appended", "added to"),
];

/// The status as it was sent, where a modifier or another status overrules it.
pub(super) fn overruled(resource: &Value<'_>, status: &Status) -> Option<String> {
    let is_modified = MODIFIERS.iter().any(|(_, code, _)| *code == status.code);
    let is_void = matches!(status.code.as_str(), "refuted" | "entered-in-error");
    let other = match super::teller::resource_type(resource) {
        "Condition" => resource.get("clinicalStatus").filter(|_| is_void),
        "DocumentReference" => resource.get("status").filter(|_| is_void),
        _ => resource.get("status").filter(|_| is_modified),
    };
    let sent = other.and_then(code_of).filter(|sent| !is(sent, "entered-in-error"))?;
    Some(super::teller::code_words(sent))
}

/// Whether the resource carries a condition that Onhand does not know (`DSTU2 modifierExtension`,
/// `implicitRules`), anywhere in it.
pub(super) fn has_unknown_modifier(resource: &Value<'_>) -> bool {
    let rules = resource.get("implicitRules").and_then(Value::str);
    rules.is_some_and(|rules| !rules.trim().is_empty()) || has_modifier_extension(resource)
}

/// A status of a record that carries a condition Onhand does not know.
pub(super) fn unclear(status: Option<Status>) -> Status {
    let standing = match status.as_ref().map(|status| status.standing) {
        // What is out of every list stays out.
        Some(Standing::Void) => Standing::Void,
        Some(Standing::Current | Standing::Past | Standing::Planned | Standing::Unclear) | None => {
            Standing::Unclear
        }
    };
    match status {
        Some(status) => Status {
            text: format!("{}, with a condition Onhand does not understand", status.text),
            standing,
            ..status
        },
        None => Status {
            code: "not-understood".to_owned(),
            text: "With a condition Onhand does not understand".to_owned(),
            standing,
        },
    }
}

/// What is said of such a resource.
pub(super) const UNKNOWN_MODIFIER: &str =
    "This record carries a condition Onhand does not understand. Read the source.";

fn has_modifier_extension(value: &Value<'_>) -> bool {
    value.members().iter().any(|member| {
        member.key == "modifierExtension" && member.value.each().next().is_some()
            || member.value.each().any(has_modifier_extension)
    })
}

fn condition(clinical: Option<Status>, verification: Option<&str>, resource: &Value<'_>) -> Status {
    mark(resource, "verificationStatus");
    let found =
        clinical.unwrap_or_else(|| status("not-sent", "Status not sent", Standing::Current));
    match verification {
        Some(code) if is(code, "refuted") => status("refuted", "Ruled out", Standing::Void),
        Some(code) if is(code, "provisional") || is(code, "differential") => {
            let code = code.to_ascii_lowercase();
            Status { text: format!("{}, suspected ({code})", found.text), ..found }
        }
        Some(code) if is(code, "confirmed") => {
            Status { text: format!("{}, confirmed", found.text), ..found }
        }
        None => found,
        Some(code) if is(code, "unknown") => {
            Status { text: format!("{}, not said whether confirmed", found.text), ..found }
        }
        Some(code) => Status {
            text: format!("{}, “{code}” (a word Onhand does not know)", found.text),
            standing: Standing::Unclear,
            ..found
        },
    }
}

fn read(code: &str, known: &Type) -> Status {
    let found = known.status.iter().find(|(known, _, _)| is(code, known));
    match found {
        Some((_, text, standing)) => status(code, text, *standing),
        None if known.status.is_empty() => {
            status(code, &super::teller::code_words(code), Standing::Current)
        }
        None => status(code, &format!("“{code}” (a word Onhand does not know)"), Standing::Unclear),
    }
}

fn status(code: &str, text: &str, standing: Standing) -> Status {
    Status { code: code.to_owned(), text: text.to_owned(), standing }
}

fn is(sent: &str, code: &str) -> bool {
    sent.eq_ignore_ascii_case(code)
}

fn mark(resource: &Value<'_>, key: &str) {
    if let Some(value) = resource.get(key) {
        value.mark();
    }
}

/// What overrules a status, whatever it says: the type and its element, a code of ours, its words.
const MODIFIERS: &[((&str, &str), &str, &str)] = &[
    (("Immunization", "wasNotGiven"), "not-given", "Not given"),
    (("MedicationAdministration", "wasNotGiven"), "not-given", "Not given"),
    (("MedicationStatement", "wasNotTaken"), "not-taken", "Not taken"),
    (("Procedure", "notPerformed"), "not-done", "Not done"),
];

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;
    use crate::fhir::json;

    #[test]
    fn puts_modifiers_above_the_status() {
        check(
            "Immunization",
            r#"{"status":"completed","wasNotGiven":true}"#,
            "not-given",
            Standing::Void,
        );
        check(
            "Immunization",
            r#"{"status":"completed","wasNotGiven":"true"}"#,
            "not-given",
            Standing::Void,
        );
        check(
            "Immunization",
            r#"{"status":"completed","wasNotGiven":false}"#,
            "completed",
            Standing::Current,
        );
        check(
            "MedicationStatement",
            r#"{"status":"active","wasNotTaken":true}"#,
            "not-taken",
            Standing::Void,
        );
        check(
            "Procedure",
            r#"{"status":"completed","notPerformed":true}"#,
            "not-done",
            Standing::Void,
        );
        check(
            "Immunization",
            r#"{"status":"entered-in-error","wasNotGiven":true}"#,
            "entered-in-error",
            Standing::Void,
        );
    }

    #[test]
    fn reads_both_statuses_of_a_condition() {
        check(
            "Condition",
            r#"{"clinicalStatus":"active","verificationStatus":"confirmed"}"#,
            "active",
            Standing::Current,
        );
        check(
            "Condition",
            r#"{"clinicalStatus":"active","verificationStatus":"refuted"}"#,
            "refuted",
            Standing::Void,
        );
        check(
            "Condition",
            r#"{"clinicalStatus":"active","verificationStatus":"entered-in-error"}"#,
            "entered-in-error",
            Standing::Void,
        );
        check(
            "Condition",
            r#"{"verificationStatus":"provisional"}"#,
            "not-sent",
            Standing::Current,
        );
        check(
            "Condition",
            r#"{"clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"refuted"}]}}"#,
            "refuted",
            Standing::Void,
        );
        check(
            "Condition",
            r#"{"clinicalStatus":"active","verificationStatus":[{"text":"Entered-in-error"}]}"#,
            "entered-in-error",
            Standing::Void,
        );
        check("Condition", r#"{"clinicalStatus":"inactive"}"#, "inactive", Standing::Past);
        check("Condition", r#"{"clinicalStatus":"dormant"}"#, "dormant", Standing::Unclear);
    }

    #[test]
    fn says_both_statuses_where_one_overrules_the_other() {
        let overruled = |name: &str, text: &str| {
            let text = format!(r#"{{"resourceType":"{name}",{text}}}"#);
            let document = json::parse(text.as_bytes());
            let root = document.root.unwrap();
            overruled(&root, &of(&root, table::of(name)).unwrap())
        };
        let verified =
            |code: &str| format!(r#""clinicalStatus":"active","verificationStatus":"{code}""#);
        for (code, said) in
            [("refuted", Some("Active")), ("entered-in-error", Some("Active")), ("confirmed", None)]
        {
            assert_eq!(overruled("Condition", &verified(code)).as_deref(), said, "{code}");
        }
        let withdrawn =
            r#""status":"current","docStatus":{"coding":[{"code":"entered-in-error"}]}"#;
        assert_eq!(overruled("DocumentReference", withdrawn).as_deref(), Some("Current"));
        assert_eq!(overruled("Observation", r#""status":"entered-in-error""#), None);
    }

    #[test]
    fn a_reference_to_a_document_that_was_withdrawn_is_withdrawn() {
        let read = |state: &str| {
            let text = format!(
                r#"{{"status":"current","docStatus":{{"coding":[{{"code":"{state}"}}]}}}}"#
            );
            let document = json::parse(text.as_bytes());
            let found = of(&document.root.unwrap(), table::of("DocumentReference")).unwrap();
            (found.text, found.standing)
        };
        assert_eq!(read("entered-in-error").1, Standing::Void);
        let preliminary = ("Current, preliminary, may change".to_owned(), Standing::Current);
        assert_eq!(read("preliminary"), preliminary);
        assert_eq!(read("final"), ("Current".to_owned(), Standing::Current));
    }

    #[test]
    fn keeps_a_word_it_does_not_know_out_of_current_lists() {
        check("MedicationOrder", r#"{"status":"cancelled"}"#, "cancelled", Standing::Unclear);
        check("MedicationOrder", r"{}", "not-sent", Standing::Unclear);
        check("AllergyIntolerance", r"{}", "not-sent", Standing::Current);
        check("AllergyIntolerance", r#"{"status":"refuted"}"#, "refuted", Standing::Void);
        check("Observation", r#"{"status":"registered"}"#, "registered", Standing::Planned);
        check("Observation", r#"{"status":"Final"}"#, "Final", Standing::Current);
        check("Immunization", r#"{"status":"on-hold"}"#, "on-hold", Standing::Void);
        check("Encounter", r#"{"status":"cancelled"}"#, "cancelled", Standing::Void);
    }

    #[test]
    fn finds_a_modifier_anywhere() {
        for (text, expected) in [
            (r#"{"modifierExtension":[{"url":"x"}]}"#, true),
            (r#"{"a":[{"b":{"modifierExtension":{"url":"x"}}}]}"#, true),
            (r#"{"implicitRules":"http://x"}"#, true),
            (r#"{"modifierExtension":[],"implicitRules":""}"#, false),
        ] {
            let document = json::parse(text.as_bytes());
            assert_eq!(has_unknown_modifier(&document.root.unwrap()), expected, "{text}");
        }
    }

    fn check(name: &str, text: &str, code: &str, standing: Standing) {
        let document = json::parse(text.as_bytes());
        let found = of(&document.root.unwrap(), table::of(name)).unwrap();
        assert_eq!((found.code.as_str(), found.standing), (code, standing), "{name} {text}");
        assert!(!found.text.is_empty());
    }
}
