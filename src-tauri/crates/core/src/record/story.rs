//! What the types other than results and medicines must show beside their plain fields.

use crate::fhir::code_system::CodeSystem;
use crate::fhir::json::Value;
use crate::fhir::narrative;
use crate::fhir::{datatype, date};

use super::derive::{Draft, has_words};
use super::fold::Facts;
use super::lab::plain_field;
use super::teller::{Behind, Teller, first, read_when, visit};
use super::{
    Code, Field, Kind, Place, Section, Standing, Status, Tone, When, names, status, title, vaccine,
};

/// An allergy: each reaction, and the five answers about allergies told apart.
pub(super) fn allergy(teller: &Teller<'_>, draft: &mut Draft) {
    let snomed =
        draft.record.codes.iter().find_map(|code| names::no_allergy(code.code.as_deref()?));
    let no_allergy = snomed.or_else(|| {
        // "None" is no name, and an answer all the same.
        let sent = || {
            first(teller.root, "substance", |value| {
                let concept = super::teller::peek_concept(value);
                let display = || concept.codings.iter().find_map(|coding| coding.display);
                concept.text.or_else(display).map(str::to_owned)
            })
        };
        let words = if draft.is_unnamed { sent() } else { Some(draft.record.title.clone()) };
        no_allergy_words(&words.unwrap_or_default())
    });
    let mut reactions: Vec<String> = Vec::new();
    let n_reactions = teller.root.get("reaction").into_iter().flat_map(Value::each).count();
    for (idx, reaction) in teller.root.get("reaction").into_iter().flat_map(Value::each).enumerate()
    {
        let mut fields = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for (path, label) in REACTION {
            let before = fields.len();
            teller.tell(reaction, path, label, &mut fields);
            let told = fields.get(before..).unwrap_or_default();
            if *label == "Reaction" || *label == "Severity" {
                words.extend(told.iter().map(|field| field.text.clone()));
            }
        }
        reactions.extend(Some(words.join(", ")).filter(|words| !words.is_empty()));
        let title = match n_reactions {
            1 => "Reaction".to_owned(),
            n_reactions => format!("Reaction {} of {n_reactions}", idx + 1),
        };
        if !fields.is_empty() {
            draft.extra.push(Section { title, fields });
        }
    }
    draft.record.subtitle = reactions.join("; ");
    let slug = match &draft.record.status {
        Some(status) if status.code == "entered-in-error" => "withdrawn",
        Some(Status { standing: Standing::Void, .. }) => "ruled_out",
        Some(Status { standing: Standing::Past, .. }) => "past",
        // Nobody is told that there is none by what is not understood; an allergy stays in sight.
        Some(Status { standing: Standing::Unclear, .. }) if no_allergy.is_some() => {
            "not_understood"
        }
        Some(_) | None => match no_allergy {
            Some(names::NOBODY_ASKED) => "nobody_asked",
            Some(_) => "none_known",
            None => "allergy",
        },
    };
    let is_understood = slug != "not_understood";
    draft.place = Some(Place::new(Kind::Allergies, slug));
    let is_void = matches!(&draft.record.status, Some(Status { standing: Standing::Void, .. }));
    if let Some(words) = no_allergy.filter(|_| !is_void) {
        if draft.is_unnamed {
            draft.record.title = words.to_owned();
        }
        let is_said = draft.record.title.eq_ignore_ascii_case(words);
        if draft.record.subtitle.is_empty() && !is_said && is_understood {
            draft.record.subtitle = words.to_owned();
        }
        return;
    }
    let standing = draft.record.status.as_ref().map(|status| status.standing);
    if matches!(standing, None | Some(Standing::Current | Standing::Unclear)) {
        draft.record.tone = Tone::Alarm;
    }
}

/// A problem: its severity and place below its name.
pub(super) fn problem(teller: &Teller<'_>, draft: &mut Draft) {
    draft.record.subtitle = brief(teller, &["severity", "bodySite", "stage.summary"]);
    let mut ends = None;
    let mut has_ended = false;
    for member in teller.root.members() {
        let Some(form) = member.key.strip_prefix("abatement") else { continue };
        let text = match form {
            "Period" => member.value.get("end").and_then(Value::str),
            _ => member.value.str(),
        };
        match text.map(str::trim).and_then(date::parse) {
            Some(end) => ends = Some(end.sort),
            None => has_ended |= member.value.bool() != Some(false) && form != "Period",
        }
    }
    let verification = status::verification(teller.root).unwrap_or_default();
    let is_suspected =
        ["provisional", "differential"].iter().any(|code| verification.eq_ignore_ascii_case(code));
    let slug = match &draft.record.status {
        Some(status) if status.code == "entered-in-error" => "withdrawn",
        Some(Status { standing: Standing::Void, .. }) => "ruled_out",
        Some(Status { standing: Standing::Unclear, .. }) => "not_understood",
        Some(Status { standing: Standing::Past, .. }) => "past",
        Some(_) | None if is_suspected => "suspected",
        Some(status) if status.code.eq_ignore_ascii_case("remission") => "remission",
        Some(_) | None if has_ended => "active_ended",
        Some(_) | None => "active",
    };
    let ends = ends.filter(|_| slug == "active");
    draft.place = Some(Place { ends, ..Place::new(Kind::Problems, slug) });
}

/// A vaccination: told, not given; where and how.
pub(super) fn vaccination(teller: &Teller<'_>, draft: &mut Draft) {
    let mut subtitle = brief(teller, &["doseQuantity", "site", "route"]);
    let cvx = draft.record.codes.iter().find_map(|code| {
        let system = code.system.as_deref().and_then(CodeSystem::from_address);
        code.code.clone().filter(|_| system == Some(CodeSystem::Cvx))
    });
    let says_none = cvx.as_deref().is_some_and(vaccine::is_none);
    if let Some(status) = draft.record.status.as_mut().filter(|_| says_none)
        && status.standing == Standing::Current
    {
        "No vaccine was given".clone_into(&mut status.text);
    }
    let is_given = !says_none
        && draft.record.status.as_ref().is_some_and(|status| {
            status.standing == Standing::Current && status.code != "not-sent"
        });
    let plain = cvx.as_deref().and_then(vaccine::cvx).map(|found| found.words);
    if let Some(reported) = teller.root.get("reported") {
        if reported.bool() == Some(true) {
            reported.mark();
            subtitle = format!("Told, not given here. {subtitle}").trim().to_owned();
            draft.main.push(plain_field(
                "Source",
                "Told to the practice, not given here".to_owned(),
                Tone::Notice,
            ));
        } else if reported.bool() == Some(false) {
            reported.mark();
            if is_given {
                draft.main.push(plain_field("Source", "Given here".to_owned(), Tone::Plain));
            }
        }
    }
    let reason = first(teller.root, "explanation.reasonNotGiven", |value| {
        teller.words("reasonNotGiven", value, &mut Behind::default())
    });
    if let Some(reason) = reason.filter(|_| !is_given) {
        subtitle = reason;
    }
    // Its registered name says little to most people.
    let parts = plain.filter(|plain| !plain.eq_ignore_ascii_case(&draft.record.title));
    let parts: Vec<&str> = parts.into_iter().chain(Some(subtitle.as_str())).collect();
    draft.record.subtitle =
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let not_counted = first(teller.root, "vaccinationProtocol.doseStatus", |value| {
        let status = super::teller::peek_concept(value);
        let says_so = |coding: &datatype::Coding<'_>| coding.code == Some("nocount");
        status.codings.iter().any(says_so).then_some(())
    });
    let uncounted = not_counted
        .map(|()| "The practice does not count it")
        .or_else(|| cvx.as_deref().and_then(vaccine::no_dose));
    let slug = match &draft.record.status {
        Some(status) if status.code == "entered-in-error" => "withdrawn",
        Some(Status { standing: Standing::Void | Standing::Planned, .. }) => "not_given",
        Some(Status { standing: Standing::Unclear, .. }) | None => "not_understood",
        Some(_) if uncounted.is_some() => "no_dose",
        Some(_) => "recorded",
    };
    draft.place = Some(Place::new(Kind::Immunizations, slug));
    draft.facts = Facts::Dose { cvx, given: is_given, uncounted: uncounted.map(str::to_owned) };
}

/// Recommended vaccinations, each with the portal's word for its forecast.
pub(super) fn recommendation(teller: &Teller<'_>, draft: &mut Draft) {
    let mut words: Vec<String> = Vec::new();
    visit(teller.root, "recommendation", &mut |_, recommendation| {
        let mut fields = Vec::new();
        for (path, label) in [
            ("vaccineCode", "Vaccine"),
            ("forecastStatus", "Forecast, in the portal's word"),
            ("doseNumber", "Dose"),
            ("date", "Recommended"),
            ("dateCriterion", "Date"),
            ("protocol", "Protocol"),
            ("supportingImmunization", "Based on"),
            ("supportingPatientInformation", "Based on"),
        ] {
            teller.tell(recommendation, path, label, &mut fields);
        }
        let told = |label: &str| fields.iter().find(|field| field.label == label);
        let title = told("Vaccine").map_or("Vaccination", |field| &field.text).to_owned();
        let forecast = told("Forecast, in the portal's word").map(|field| &field.text);
        words.extend(forecast.map(|forecast| format!("“{forecast}”")));
        draft.extra.push(Section { title, fields });
    });
    draft.record.subtitle = words.join(", ");
    draft.place = Some(Place::new(Kind::Immunizations, "recommended"));
}

/// A procedure, or a visit that was billed as one.
pub(super) fn procedure(teller: &Teller<'_>, draft: &mut Draft) {
    let code = draft.record.codes.iter().find_map(billing_code).map(str::to_owned);
    let mut subtitle = brief(teller, &["reasonNotPerformed", "bodySite", "outcome"]);
    if let Some(billing) = code.as_deref().and_then(names::billing) {
        let mut words = billing.words;
        if billing.is_visit {
            draft.record.kind = Kind::Visits;
            let (name, detail) = names::visit(code.as_deref().unwrap_or_default());
            let told =
                std::mem::replace(&mut draft.record.title, format!("{name} (from a billing code)"));
            if teller.root.get("code").is_some_and(has_words) {
                draft.record.title_sent.get_or_insert(told);
            }
            words = detail.unwrap_or_default();
        } else if draft.record.title.eq_ignore_ascii_case(words) {
            words = "";
        }
        let parts = [words.to_owned(), subtitle];
        let parts: Vec<String> = parts.into_iter().filter(|words| !words.is_empty()).collect();
        subtitle = parts.join(", ");
    }
    draft.record.subtitle = subtitle;
    let target = |path: &str| {
        first(teller.root, path, |value| {
            let address = value.get("reference").and_then(Value::str)?;
            teller.target(address)
        })
    };
    draft.facts = Facts::Line { code, practice: target("location"), visit: target("encounter") };
}

/// The CPT or HCPCS code of a coding, also where its system was not sent.
fn billing_code(code: &Code) -> Option<&str> {
    let system = code.system.as_deref().and_then(CodeSystem::from_address);
    let is_billed =
        matches!(system, Some(CodeSystem::Cpt | CodeSystem::Hcpcs)) || code.system.is_none();
    code.code.as_deref().filter(|_| is_billed)
}

/// A visit: why, with whom, where.
pub(super) fn visited(teller: &Teller<'_>, draft: &mut Draft) {
    draft.record.subtitle = brief(
        teller,
        &["reason", "participant.individual", "participant.actor", "location.location", "comment"],
    );
}

/// A care plan: each activity with its status; what must not be done says so.
pub(super) fn care_plan(teller: &Teller<'_>, draft: &mut Draft) {
    let is_team = first(teller.root, "category", |category| {
        let concept = super::teller::peek_concept(category);
        let names_team =
            |text: &str| text.to_ascii_lowercase().replace([' ', '-'], "") == "careteam";
        concept
            .codings
            .iter()
            .flat_map(|coding| [coding.code, coding.display])
            .flatten()
            .chain(concept.text)
            .any(names_team)
            .then_some(())
    });
    if is_team.is_some() {
        draft.record.title = "Care team".to_owned();
    }
    let mut fields = Vec::new();
    visit(teller.root, "activity", &mut |_, activity| {
        let prohibited = first(activity, "detail.prohibited", |value| {
            value.mark();
            value.bool()
        });
        let mut behind = Behind::default();
        let Some(text) = teller.words("activity", activity, &mut behind) else { return };
        let (text, tone) = match prohibited {
            Some(true) => (format!("Do NOT: {text}"), Tone::Alarm),
            Some(false) | None => (text, Tone::Plain),
        };
        let mut field = plain_field("Activity", text, tone);
        field.reference = behind.references.into_iter().next();
        field.when = behind.when;
        field.codes = behind.codes;
        fields.push(field);
    });
    let n_forbidden = fields.iter().filter(|field| field.tone == Tone::Alarm).count();
    draft.record.subtitle = match (fields.len(), n_forbidden) {
        (0, _) => brief(teller, &["participant.member"]),
        (1, 0) => "1 activity".to_owned(),
        (n_activities, 0) => format!("{n_activities} activities"),
        (n_activities, n_forbidden) => {
            format!("{n_activities} activities, {n_forbidden} of them not to be done")
        }
    };
    if n_forbidden > 0 {
        draft.record.tone = draft.record.tone.max(Tone::Notice);
    }
    if !fields.is_empty() {
        draft.extra.push(Section { title: "Activities".to_owned(), fields });
    }
}

/// An order of tests: as old as its ordering, or else as the first of its events, called what that was.
pub(super) fn test_order(teller: &Teller<'_>, draft: &mut Draft) {
    let mut events: Vec<When> = Vec::new();
    visit(teller.root, "event", &mut |_, event| {
        let label = match event.get("status").and_then(status::code_of) {
            None | Some("requested") => ORDERED,
            Some("draft") => "drafted",
            Some(
                code @ ("proposed" | "planned" | "received" | "accepted" | "completed"
                | "cancelled" | "suspended" | "rejected" | "failed"),
            ) => code,
            Some(_) => "on",
        };
        events.extend(first(event, "dateTime", |value| read_when(value, label)));
    });
    let ordered = events.iter().find(|event| event.label == ORDERED);
    draft.record.when = ordered.or(events.first()).cloned();
    plain(teller, draft);
}

const ORDERED: &str = "ordered";

/// A list: its entries; what was removed from it says so.
pub(super) fn list(teller: &Teller<'_>, draft: &mut Draft) {
    let mut fields = Vec::new();
    let mut n_removed = 0_usize;
    visit(teller.root, "entry", &mut |_, entry| {
        let removed = entry.get("deleted").is_some_and(|deleted| {
            deleted.mark();
            deleted.bool() == Some(true)
        });
        let label = if removed { "Removed" } else { "Entry" };
        n_removed += usize::from(removed);
        let mut field = teller.field("entry", label, entry);
        if let (Some(field), true) = (&mut field, removed) {
            field.tone = Tone::Quiet;
        }
        fields.extend(field);
    });
    let n_entries = fields.len() - n_removed.min(fields.len());
    draft.record.subtitle = match (n_entries, n_removed) {
        (0, 0) => brief(teller, &["emptyReason"]),
        (1, 0) => "1 entry".to_owned(),
        (n_entries, 0) => format!("{n_entries} entries"),
        (1, n_removed) => format!("1 entry, {n_removed} removed"),
        (n_entries, n_removed) => format!("{n_entries} entries, {n_removed} removed"),
    };
    if !fields.is_empty() {
        draft.extra.push(Section { title: "Entries".to_owned(), fields });
    }
}

/// A document in sections, each as plain text.
pub(super) fn composition(teller: &Teller<'_>, draft: &mut Draft) {
    draft.record.subtitle = brief(teller, &["type", "author"]);
    for section in teller.root.get("section").into_iter().flat_map(Value::each) {
        document_section(teller, section, draft, 0);
    }
}

/// Questions with their answers, group by group.
pub(super) fn answers(teller: &Teller<'_>, draft: &mut Draft) {
    let mut fields = Vec::new();
    for group in teller.root.get("group").into_iter().flat_map(Value::each) {
        questions(teller, group, &mut fields, 0);
    }
    let n_answers = fields.iter().filter(|field| field.tone != Tone::Quiet).count();
    draft.record.subtitle = match n_answers {
        0 if fields.is_empty() => String::new(),
        0 => "No answers".to_owned(),
        1 => "1 answer".to_owned(),
        n_answers => format!("{n_answers} answers"),
    };
    if !fields.is_empty() {
        draft.extra.push(Section { title: "Answers".to_owned(), fields });
    }
}

/// A person: born when.
pub(super) fn person(teller: &Teller<'_>, draft: &mut Draft) {
    let text = |key: &str| teller.root.get(key).and_then(Value::str);
    let is_patient = draft.record.resource_type == "Patient";
    if is_patient && let Some(born) = text("birthDate") {
        let born = date::words(born).unwrap_or_else(|| born.to_owned());
        let died = teller.root.members().iter().find_map(|member| {
            let sent = member.key.starts_with("deceased").then_some(&member.value)?;
            let day = sent.str().and_then(date::words).map(|day| format!(", died {day}"));
            day.or_else(|| (sent.bool() == Some(true)).then(|| ", has died".to_owned()))
        });
        draft.record.subtitle = format!("Born {born}{}", died.unwrap_or_default());
    } else {
        draft.record.subtitle = brief(
            teller,
            &["practitionerRole.role", "practitionerRole.specialty", "relationship", "type"],
        );
    }
    let is_unused = teller.root.get("active").and_then(Value::bool) == Some(false);
    let is_replaced =
        first(teller.root, "link.type", |value| (value.str() == Some("replace")).then_some(()));
    let said = match (is_replaced, is_unused) {
        (Some(()), _) => Some(("replaced", "Replaced by another record")),
        (None, true) => Some(("inactive", "No longer used")),
        (None, false) => None,
    };
    if let Some((code, words)) = said {
        draft.record.status = Some(Status {
            code: code.to_owned(),
            text: words.to_owned(),
            standing: Standing::Past,
        });
    }
}

/// Which elements stand in the quiet line of a type that has no story of its own.
pub(super) fn plain(teller: &Teller<'_>, draft: &mut Draft) {
    let paths: &[&str] = match draft.record.resource_type.as_str() {
        "Goal" => &["statusReason"],
        "Flag" => &["category"],
        "DocumentReference" => &["type", "author"],
        "DocumentManifest" => &["type", "author"],
        "DiagnosticOrder" => &["orderer", "reason"],
        "ProcedureRequest" => &["orderer", "reason[x]"],
        "ReferralRequest" => &["recipient", "reason"],
        "Communication" | "CommunicationRequest" => &["sender", "payload.contentString"],
        "ClinicalImpression" => &["summary"],
        "RiskAssessment" => &["condition"],
        "DetectedIssue" => &["detail"],
        "NutritionOrder" => &["oralDiet.instruction"],
        "Device" => &["manufacturer", "model"],
        "Specimen" => &["collection.bodySite[x]"],
        "ImagingStudy" => &["modalityList"],
        "Media" => &["type"],
        "Coverage" => &["issuer"],
        "EpisodeOfCare" => &["careManager"],
        "Organization" | "Location" => &["type", "telecom.value"],
        "Medication" => &["product.form", "manufacturer"],
        _ => &[],
    };
    // What says nothing, or something else, without its label; all of them.
    let labelled: &[(&str, &str)] = match draft.record.resource_type.as_str() {
        "Goal" => &[("Target", "target[x]")],
        "FamilyMemberHistory" => &[("", "name"), ("", "condition.code")],
        "RiskAssessment" => &[(PROBABILITY, "prediction.probability[x]")],
        "DetectedIssue" => &[("Severity", "severity")],
        "NutritionOrder" => &[("Leave out", "excludeFoodModifier")],
        "Coverage" => &[("Member number", "subscriberId")],
        _ => &[],
    };
    let mut words: Vec<String> = Vec::new();
    for (label, path) in labelled {
        let mut found: Vec<String> = Vec::new();
        visit(teller.root, path, &mut |key, value| {
            let told = teller.words(key, value, &mut Behind::default());
            found.extend(told.map(|told| told.replace('\n', " ")));
        });
        found.retain(|found| !draft.record.title.ends_with(found.as_str()));
        match (found.is_empty(), label.is_empty()) {
            (true, _) => {}
            (false, _) if found.len() > 1 && *label == PROBABILITY => {
                words.push(format!("{} probabilities", found.len()));
            }
            (false, true) => words.push(found.join(", ")),
            (false, false) => words.push(format!("{label}: {}", found.join(", "))),
        }
    }
    words.extend(Some(brief(teller, paths)).filter(|words| !words.is_empty()));
    draft.record.subtitle = words.join(" · ");
    if draft.record.resource_type == "FamilyMemberHistory"
        && !draft.is_unnamed
        && !teller.root.get("relationship").is_some_and(is_named)
    {
        // A name alone does not say that it is somebody else's.
        draft.record.title = format!("Relative: {}", draft.record.title);
    }
    if draft.record.resource_type == "Medication" {
        draft.place = Some(Place::new(Kind::Medicines, "named"));
    }
    if draft.record.resource_type == "Flag"
        && draft.record.status.as_ref().is_none_or(|s| s.standing == Standing::Current)
    {
        draft.record.tone = Tone::Notice;
    }
}

const PROBABILITY: &str = "Probability";

fn is_named(concept: &Value<'_>) -> bool {
    title::of_concept(&super::teller::peek_concept(concept), false).is_some()
}

/// The words at the first of each of `paths`, on one line. They are told again among the fields.
fn brief(teller: &Teller<'_>, paths: &[&str]) -> String {
    let mut words: Vec<String> = Vec::new();
    for path in paths {
        let found = first(teller.root, path, |value| {
            let key = path.rsplit('.').next().unwrap_or_default().trim_end_matches("[x]");
            let address = value.get("reference").and_then(Value::str);
            let target = address.and_then(|address| teller.target(address));
            if key == "actor" && target.is_some_and(|target| target.starts_with("Patient/")) {
                // Whose appointment it is is said beside it.
                return None;
            }
            teller.words(key, value, &mut Behind::default())
        });
        let found = found.map(|found| found.replace('\n', " "));
        words.extend(found.filter(|found| !words.contains(found)));
    }
    words.join(", ")
}

fn document_section(teller: &Teller<'_>, section: &Value<'_>, draft: &mut Draft, depth: usize) {
    let notes = &teller.notes;
    let sent_title = datatype::text(section, "title", notes).map(narrative::plain_text);
    let mut fields = Vec::new();
    for (path, label) in [
        ("text", "Text"),
        ("code", "Kind"),
        ("mode", "How it is kept"),
        ("orderedBy", "Order"),
        ("emptyReason", "Why it is empty"),
        ("entry", "Entry"),
    ] {
        teller.tell(section, path, label, &mut fields);
    }
    if !fields.is_empty() || sent_title.is_some() {
        draft.extra.push(Section { title: sent_title.unwrap_or("Section".to_owned()), fields });
    }
    if depth < 20 {
        for inner in section.get("section").into_iter().flat_map(Value::each) {
            document_section(teller, inner, draft, depth + 1);
        }
    }
}

fn questions(teller: &Teller<'_>, group: &Value<'_>, fields: &mut Vec<Field>, depth: usize) {
    if depth > 40 {
        return;
    }
    let notes = &teller.notes;
    for key in ["title", "text"] {
        if let Some(text) = datatype::text(group, key, notes) {
            fields.push(plain_field("Part", narrative::plain_text(text), Tone::Quiet));
        }
    }
    for question in group.get("question").into_iter().flat_map(Value::each) {
        let asked = datatype::text(question, "text", notes).map(narrative::plain_text);
        let link = datatype::text(question, "linkId", notes);
        let asked = asked.or_else(|| link.map(|link| format!("Question {link}")));
        let asked = asked.unwrap_or_else(|| "Question".to_owned());
        let before = fields.len();
        for answer in question.get("answer").into_iter().flat_map(Value::each) {
            teller.tell(answer, "value[x]", &asked, fields);
            for inner in answer.get("group").into_iter().flat_map(Value::each) {
                questions(teller, inner, fields, depth + 1);
            }
        }
        if fields.len() == before {
            fields.push(plain_field(&asked, "No answer sent".to_owned(), Tone::Quiet));
        }
    }
    for inner in group.get("group").into_iter().flat_map(Value::each) {
        questions(teller, inner, fields, depth + 1);
    }
}

/// What a text answers about allergies, where it says that there are none, and nothing else: what may
/// name one beside it is no such answer.
fn no_allergy_words(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if matches!(words.as_slice(), ["not", "on", "file"] | ["not", "asked"]) {
        return Some(names::NOBODY_ASKED);
    }
    let words = match words.as_slice() {
        ["patient" | "pt", rest @ ..] => rest,
        all => all,
    };
    let (first, rest) = words.split_first()?;
    let is_of = |all: &[&str], word: &&&str| all.contains(*word);
    let n_nouns = words.iter().filter(|word| is_of(NOUNS, word)).count();
    let is_plain = match *first {
        "nka" | "nkda" | "nkfa" | "none" => n_nouns <= 1,
        "no" | "denies" => n_nouns == 1,
        _ => return None,
    };
    if !is_plain || rest.iter().any(|word| is_of(EXCEPTIONS, &word)) {
        return None;
    }
    // A word that is none of those may be what somebody is allergic to.
    let others = rest.iter().filter(|word| {
        !is_of(NOUNS, word) && !is_of(DRUGS, word) && !is_of(FOODS, word) && !is_of(FILLERS, word)
    });
    let n_others = others.count();
    let has = |all: &[&str]| words.iter().any(|word| is_of(all, &word));
    match (n_others, has(DRUGS), has(FOODS)) {
        (0, true, false) => Some("No known drug allergies"),
        (0, false, true) => Some("No known food allergies"),
        (0, false, false) => Some("No known allergies"),
        // "No latex allergy", "no known allergy to bee stings"; not "no latex, egg allergy".
        _ if matches!(*first, "no" | "denies") => {
            let mut after = words.iter().skip_while(|word| !is_of(NOUNS, word)).skip(1);
            let is_whole = matches!(after.next().copied(), None | Some("to"))
                && !lower.trim_end_matches('.').contains([',', ';', ':', '.', '/']);
            (n_others == 0 || is_whole).then_some("No known allergies of this kind")
        }
        _ => None,
    }
}

const NOUNS: &[&str] = &["allergy", "allergies", "allergen", "allergens"];
const DRUGS: &[&str] =
    &["nkda", "drug", "drugs", "medication", "medications", "medicine", "medicines"];
const FOODS: &[&str] = &["nkfa", "food", "foods"];
const FILLERS: &[&str] = &["no", "none", "known", "any", "reported", "recorded", "to", "or", "and"];
/// What may say that there is one after all.
const EXCEPTIONS: &[&str] = &["but", "except", "excluding", "longer", "other", "besides", "apart"];

const REACTION: &[(&str, &str)] = &[
    ("manifestation", "Reaction"),
    ("severity", "Severity"),
    ("substance", "To"),
    ("certainty", "Certainty"),
    ("description", "Description"),
    ("onset", "When"),
    ("exposureRoute", "Exposure"),
    ("note", "Note"),
];

#[cfg(test)]
mod tests {
    use super::super::{Lookup, Record, derive};
    use super::*;

    #[test]
    fn tells_the_answers_about_allergies_apart() {
        for (substance, tone, subtitle) in [
            (r#"{"text":"Penicillin"}"#, Tone::Alarm, ""),
            (r#"{"text":"NKDA"}"#, Tone::Plain, "No known drug allergies"),
            (
                r#"{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}"#,
                Tone::Plain,
                "",
            ),
            (r#"{"text":"Not on File"}"#, Tone::Plain, "Nobody asked about allergies"),
            (r#"{"text":"No latex allergy"}"#, Tone::Plain, "No known allergies of this kind"),
            (r#"{"text":"No egg allergies"}"#, Tone::Plain, "No known allergies of this kind"),
            (r#"{"text":"Denies allergies"}"#, Tone::Plain, "No known allergies"),
            (
                r#"{"text":"NKDA (no known drug allergies)"}"#,
                Tone::Plain,
                "No known drug allergies",
            ),
            // What is named beside it is not lost.
            (r#"{"text":"NKDA except penicillin"}"#, Tone::Alarm, ""),
            (r#"{"text":"No known allergies other than eggs"}"#, Tone::Alarm, ""),
            (r#"{"text":"No drug allergies, egg allergy"}"#, Tone::Alarm, ""),
            (r#"{"text":"NKDA penicillin"}"#, Tone::Alarm, ""),
            (r#"{"text":"No known drug allergies and hay fever"}"#, Tone::Alarm, ""),
            (r#"{"text":"No penicillin, sulfa allergy"}"#, Tone::Alarm, ""),
            (r#"{"text":"Allergies"}"#, Tone::Alarm, ""),
        ] {
            let record = read("AllergyIntolerance", &format!(r#""substance":{substance}"#));
            assert_eq!((record.tone, record.subtitle.as_str()), (tone, subtitle), "{substance}");
        }
        let none = read(
            "AllergyIntolerance",
            r#""substance":{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}"#,
        );
        assert_eq!(none.title, "No known allergies");
    }

    #[test]
    fn an_answer_that_is_no_name_is_an_answer() {
        for text in ["None", "none known", "NONE."] {
            let record = read(
                "AllergyIntolerance",
                &format!(r#""status":"active","substance":{{"text":"{text}"}}"#),
            );
            assert_eq!(record.strand.place.unwrap().slug, "none_known", "{text}");
            assert_eq!(record.tone, Tone::Plain);
        }
        let unknown = read("AllergyIntolerance", r#""substance":{"text":"Unknown"}"#);
        assert_eq!((unknown.tone, unknown.title.as_str()), (Tone::Alarm, "Allergy"));
    }

    #[test]
    fn none_that_is_not_understood_is_no_answer() {
        for more in [
            r#""status":"whatever""#,
            r#""status":"active","modifierExtension":[{"url":"x","valueBoolean":true}]"#,
        ] {
            let record =
                read("AllergyIntolerance", &format!(r#"{more},"substance":{{"text":"NKDA"}}"#));
            assert_eq!(record.strand.place.unwrap().slug, "not_understood", "{more}");
            assert_eq!((record.tone, record.subtitle.as_str()), (Tone::Notice, ""), "{more}");
        }
    }

    #[test]
    fn keeps_an_allergy_in_sight_that_is_not_understood() {
        let record = read(
            "AllergyIntolerance",
            r#""status":"active","substance":{"text":"Latex"},"modifierExtension":[{"url":"x","valueBoolean":true}]"#,
        );
        assert_eq!(record.status.as_ref().unwrap().standing, Standing::Unclear);
        assert_eq!((record.tone, record.problems.len()), (Tone::Alarm, 1));
    }

    #[test]
    fn says_what_must_not_be_done() {
        let record = read(
            "CarePlan",
            r#""activity":[{"detail":{"prohibited":true,"description":"Lift weights"}},{"detail":{"prohibited":false,"description":"Walk"}}]"#,
        );
        let texts: Vec<_> =
            record.sections.iter().flat_map(|s| &s.fields).map(|f| f.text.as_str()).collect();
        assert_eq!(texts, ["Do NOT: Lift weights", "Walk"]);
        assert_eq!(record.subtitle, "2 activities, 1 of them not to be done");
    }

    #[test]
    fn an_order_is_dated_by_what_happened_that_day() {
        let when = |events: &str| {
            let when =
                read("DiagnosticOrder", &format!(r#""status":"completed","event":[{events}]"#));
            when.when.map(|when| (when.label, when.sort))
        };
        let event = |status: &str, day: &str| {
            format!(r#"{{"status":"{status}","dateTime":"2024-05-{day}"}}"#)
        };
        let of = |label: &str, day: &str| Some((label.to_owned(), format!("2024-05-{day}")));
        assert_eq!(when(&event("completed", "03")), of("completed", "03"));
        let both = format!("{},{}", event("received", "02"), event("requested", "01"));
        assert_eq!(when(&both), of("ordered", "01"));
        assert_eq!(when(&event("whatever", "03")), of("on", "03"));
        assert_eq!(when(r#"{"dateTime":"2024-05-04"}"#), of("ordered", "04"));
        assert_eq!(when(r#"{"status":"requested"}"#), None);
    }

    #[test]
    fn says_what_was_removed_from_a_list() {
        let record = read(
            "List",
            r#""entry":[{"deleted":true,"item":{"display":"Aspirin"}},{"item":{"display":"Metformin"}}]"#,
        );
        let labels: Vec<_> =
            record.sections[0].fields.iter().map(|f| (f.label.as_str(), f.text.as_str())).collect();
        assert_eq!(labels, [("Removed", "Aspirin"), ("Entry", "Metformin")]);
    }

    #[test]
    fn takes_billed_visits_for_visits() {
        let cpt = |code: &str, text: &str| {
            read(
                "Procedure",
                &format!(
                    r#""status":"completed","code":{{"text":"{text}","coding":[{{"code":"{code}","display":"{text}",
                "system":"https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology"}}]}}"#
                ),
            )
        };
        let visit = cpt("99214", "OFFICE VISIT EST PT");
        assert_eq!(
            (visit.kind, visit.title.as_str()),
            (Kind::Visits, "Office visit (from a billing code)")
        );
        assert_eq!(visit.title_sent.as_deref(), Some("OFFICE VISIT EST PT"));
        assert_eq!(visit.subtitle, "Established patient");
        assert_eq!(cpt("36415", "ROUTINE VENIPUNCTURE").kind, Kind::Procedures);
        assert_eq!(cpt("99417", "PROLONGED VISIT").kind, Kind::Procedures);
    }

    #[test]
    fn tells_a_vaccination_that_was_only_reported() {
        let record = read(
            "Immunization",
            r#""status":"completed","reported":true,"vaccineCode":{"text":"Tdap"}"#,
        );
        assert_eq!(record.subtitle, "Told, not given here.");
        let record = read(
            "Immunization",
            r#""status":"completed","wasNotGiven":true,"vaccineCode":{"text":"Tdap"},
            "explanation":{"reasonNotGiven":[{"text":"Refused"}]}"#,
        );
        let status = record.status.unwrap();
        assert_eq!((status.code.as_str(), status.standing), ("not-given", Standing::Void));
        assert_eq!(record.subtitle, "Refused");
    }

    #[test]
    fn says_what_a_line_without_its_label_would_turn_round() {
        let diet = read(
            "NutritionOrder",
            r#""oralDiet":{"type":[{"text":"Soft diet"}],"instruction":"small meals"},
            "excludeFoodModifier":[{"text":"Peanuts"},{"text":"Milk"}]"#,
        );
        assert_eq!(diet.subtitle, "Leave out: Peanuts, Milk · small meals");
        let goal = read("Goal", r#""description":"Walk more","targetDate":"2017-01""#);
        assert_eq!(goal.subtitle, "Target: Jan 2017");
        let risk = |more: &str| {
            let prediction = r#"{"outcome":{"text":"Stroke"},"probabilityDecimal":0.020}"#;
            let fields = format!(r#""prediction":[{prediction}{more}]"#);
            read("RiskAssessment", &fields).subtitle
        };
        assert_eq!(risk(""), "Probability: 0.020");
        assert_eq!(risk(r#",{"probabilityDecimal":0.030}"#), "2 probabilities");
    }

    #[test]
    fn a_relative_is_never_named_as_if_it_were_the_person() {
        let father = read(
            "FamilyMemberHistory",
            r#""name":"Al","relationship":{"coding":[{"system":"http://hl7.org/fhir/v3/RoleCode","code":"FTH"}]},
            "condition":[{"code":{"text":"Stroke"}},{"code":{"text":"Gout"}}]"#,
        );
        assert_eq!(
            (father.title.as_str(), father.subtitle.as_str()),
            ("Father", "Al · Stroke, Gout")
        );
        let somebody = read("FamilyMemberHistory", r#""name":"Al""#);
        assert_eq!((somebody.title.as_str(), somebody.subtitle.as_str()), ("Relative: Al", ""));
    }

    #[test]
    fn a_vaccination_that_was_none_is_not_called_given() {
        let none = read(
            "Immunization",
            r#""status":"completed","wasNotGiven":false,"reported":false,"date":"2016-03-02",
            "vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"998"}]}"#,
        );
        assert_eq!(none.status.unwrap().text, "No vaccine was given");
        let fields = none.sections.iter().flat_map(|section| &section.fields);
        assert!(!fields.into_iter().any(|field| field.text == "Given here"));
    }

    #[test]
    fn no_allergy_that_was_ruled_out_says_nothing_of_no_allergies() {
        let none = r#""substance":{"coding":[{"system":"http://snomed.info/sct","code":"716186003",
            "display":"No known allergy"}]}"#;
        let record = read("AllergyIntolerance", &format!(r#""status":"active",{none}"#));
        assert_eq!(record.subtitle, "No known allergies");
        let record = read("AllergyIntolerance", &format!(r#""status":"refuted",{none}"#));
        assert_eq!(record.subtitle, "");
    }

    #[test]
    fn our_words_for_a_code_are_not_called_the_sender_s() {
        let label_of = |code: &str| {
            let record = read("Procedure", &format!(r#""status":"completed","code":{code}"#));
            let fields = record.sections[0].fields.iter().map(|field| field.label.clone());
            (fields.collect::<Vec<_>>(), record.title_sent)
        };
        let alone = r#"{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":"99213"}]}"#;
        assert_eq!(label_of(alone), (vec!["Code".to_owned()], None));
        let sent = r#"{"text":"Visit, 20 min","coding":[{"system":"http://www.ama-assn.org/go/cpt",
            "code":"99213"}]}"#;
        let (labels, title_sent) = label_of(sent);
        assert_eq!(
            (labels, title_sent.as_deref()),
            (vec!["In their words".to_owned()], Some("Visit, 20 min"))
        );
    }

    #[test]
    fn a_code_without_words_can_be_looked_up() {
        let record = read(
            "AllergyIntolerance",
            r#""status":"active","reaction":[{"manifestation":[{"text":"Hives"}]}],
            "substance":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"7980"}]}"#,
        );
        assert_eq!(record.title, "Allergy");
        assert_eq!(record.subtitle, "RxNorm code 7980 · Hives");
    }

    #[test]
    fn counts_the_answers_alone() {
        let record = read(
            "QuestionnaireResponse",
            r#""group":{"title":"PHQ-2","question":[{"text":"Little interest?","answer":[{"valueInteger":2}]},
            {"text":"Hopeless?"}]}"#,
        );
        assert_eq!(record.subtitle, "1 answer");
    }

    #[test]
    fn an_appointment_does_not_say_the_person_s_own_number() {
        let record = read(
            "Appointment",
            r#""participant":[{"actor":{"reference":"Patient/1"}},{"actor":{"display":"Dr. Ray"}}]"#,
        );
        assert_eq!(record.subtitle, "Dr. Ray");
    }

    #[test]
    fn says_that_somebody_died() {
        let died = |more: &str| read("Patient", &format!(r#""birthDate":"1950",{more}"#)).subtitle;
        assert_eq!(died(r#""deceasedDateTime":"2020-01-02""#), "Born 1950, died Jan 2, 2020");
        assert_eq!(died(r#""deceasedBoolean":true"#), "Born 1950, has died");
        assert_eq!(died(r#""deceasedBoolean":false"#), "Born 1950");
    }

    #[test]
    fn reads_questions_inside_answers() {
        let record = read(
            "QuestionnaireResponse",
            r#""group":{"title":"Habits","question":[{"text":"Do you smoke?",
            "answer":[{"valueBoolean":true,"group":[{"question":[{"text":"How much?","answer":[{"valueString":"10 a day"}]}]}]}]}]}"#,
        );
        let texts: Vec<_> =
            record.sections[0].fields.iter().map(|f| (f.label.as_str(), f.text.as_str())).collect();
        assert_eq!(
            texts,
            [("Part", "Habits"), ("Do you smoke?", "Yes"), ("How much?", "10 a day")]
        );
    }

    #[test]
    fn says_that_a_person_s_record_was_replaced() {
        let record = read(
            "Patient",
            r#""active":false,"birthDate":"1956-10-14T00:00:00.000Z","name":[{"use":"old","text":"Ana Old"},{"use":"official","given":["Ana"],"family":["New"]}]"#,
        );
        assert_eq!(
            (record.title.as_str(), record.subtitle.as_str()),
            ("Ana New", "Born Oct 14, 1956")
        );
        assert_eq!(record.status.unwrap().text, "No longer used");
    }

    fn read(name: &str, fields: &str) -> Record {
        derive(format!(r#"{{"resourceType":"{name}",{fields}}}"#).as_bytes(), &Nothing)
    }

    struct Nothing;

    impl Lookup for Nothing {
        fn resource(&self, _target: &str) -> Option<Vec<u8>> {
            None
        }
    }
}
