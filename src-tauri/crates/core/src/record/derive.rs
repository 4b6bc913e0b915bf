//! fhir → record.

use std::rc::Rc;

use crate::fhir::json::{self, FlawAt, Value};
use crate::fhir::{datatype, narrative};

use super::fold::Facts;
use super::lab::Placements;
use super::table::{self, Type};
use super::teller::{Teller, resource_type, type_words, visit};
use super::{
    Field, Given, Kind, Place, Problem, Record, SearchText, Section, Standing, Status, Strand,
    Subject, Tone, Unnamed, Zone, lab, medicine, status, story, title,
};

/// Finds the resource that a reference names.
pub trait Lookup {
    /// The raw JSON of `Type/id`, if it has come.
    fn resource(&self, target: &str) -> Option<Vec<u8>>;

    /// `Type/id` of the resource that goes by a name that is no address (`urn:uuid:…`), if it has come.
    fn named(&self, _urn: &str) -> Option<String> {
        None
    }

    /// The result (`Type/id`) that says it replaces `target`, if one has come.
    fn replaced_by(&self, _target: &str) -> Option<String> {
        None
    }

    /// The reports and results (`Type/id`) that name `target` as one of their results or members.
    fn containers(&self, _target: &str) -> Vec<String> {
        Vec::new()
    }

    /// What `container` makes of its members without names: as remembered, or made by `make`.
    fn placements(
        &self,
        _container: &str,
        make: &dyn Fn() -> Placements,
    ) -> Option<Rc<Placements>> {
        Some(Rc::new(make()))
    }

    /// The codes (CPT) of what was billed for a patient on a day (`2022-04-28`).
    fn billed(&self, _patient: &str, _day: &str) -> Vec<String> {
        Vec::new()
    }

    /// The name that the person gave to an unnamed result.
    fn given(&self, _unnamed: &Unnamed<'_>) -> Option<Given> {
        None
    }
}

/// Makes a record of a raw resource. Anything gives a record: what cannot be understood becomes one
/// of kind other, with its problems listed.
pub fn derive(raw: &[u8], lookup: &dyn Lookup) -> Record {
    let document = json::parse(raw);
    match document.root.as_ref().filter(|root| root.is_object()) {
        Some(root) => derive_value(root, &document.flaws, lookup),
        None => unreadable(document.root.is_some()),
    }
}

/// The same of a resource that was read already, with what was wrong with its text: an answer is read
/// once for its resources and their records. A value gives a record once, because what was told of it
/// is marked in it.
pub fn derive_value(root: &Value<'_>, flaws: &[FlawAt], lookup: &dyn Lookup) -> Record {
    let name = resource_type(root).trim();
    let known = table::of(name);
    let teller = Teller::new(root, lookup);
    let mut draft = begin(&teller, known, name);
    draft.record.problems.extend(flaws.iter().map(|found| Problem {
        path: path_of(root, name, found.at),
        message: found.flaw.to_string(),
    }));
    match name {
        "Observation" => lab::observation(&teller, &mut draft),
        "DiagnosticReport" => lab::report(&teller, &mut draft),
        "MedicationStatement"
        | "MedicationOrder"
        | "MedicationDispense"
        | "MedicationAdministration" => medicine::medicine(&teller, &mut draft),
        "AllergyIntolerance" => story::allergy(&teller, &mut draft),
        "Condition" => story::problem(&teller, &mut draft),
        "Immunization" => story::vaccination(&teller, &mut draft),
        "ImmunizationRecommendation" => story::recommendation(&teller, &mut draft),
        "Procedure" => story::procedure(&teller, &mut draft),
        "Encounter" | "Appointment" => story::visited(&teller, &mut draft),
        "CarePlan" => story::care_plan(&teller, &mut draft),
        "DiagnosticOrder" => story::test_order(&teller, &mut draft),
        "List" => story::list(&teller, &mut draft),
        "Composition" => story::composition(&teller, &mut draft),
        "QuestionnaireResponse" => story::answers(&teller, &mut draft),
        "Patient" | "Practitioner" | "Person" | "RelatedPerson" => {
            story::person(&teller, &mut draft);
        }
        "Binary" => teller.attach_root(),
        _ => story::plain(&teller, &mut draft),
    }
    finish(teller, known, draft)
}

/// A record while it is being made.
pub(super) struct Draft {
    /// What is known so far.
    pub(super) record: Record,
    /// Whether its name is only the generic word.
    pub(super) is_unnamed: bool,
    /// Fields of the first section that come before the table's.
    pub(super) main: Vec<Field>,
    /// Sections that come after the table's.
    pub(super) extra: Vec<Section>,
    /// The part of its list it belongs to.
    pub(super) place: Option<Place>,
    /// What it is, for the records it belongs together with.
    pub(super) facts: Facts,
}

fn begin(teller: &Teller<'_>, known: &Type, name: &str) -> Draft {
    let root = teller.root;
    let mut codes = Vec::new();
    let found = teller.title(root, known, &mut codes);
    let is_unnamed = found.is_none();
    let found = found.unwrap_or_else(|| title::Title { title: type_words(name), sent: None });
    let mut problems = Vec::new();
    let mut status = status::of(root, known);
    if status::has_unknown_modifier(root) {
        problems
            .push(Problem { path: name.to_owned(), message: status::UNKNOWN_MODIFIER.to_owned() });
        status = Some(status::unclear(status));
    }
    if name.is_empty() {
        problems.push(Problem {
            path: "resourceType".to_owned(),
            message: "This does not say what type of record it is.".to_owned(),
        });
    }
    let mut when = None;
    for (path, label) in known.when {
        when = when.or_else(|| teller.when(path, label));
    }
    if let Some(when) = when.as_mut().filter(|_| !is_so(status.as_ref()))
        && SAYS_IT_WAS_SO
            .iter()
            .any(|(name, _, _, label)| *name == known.name && *label == when.label)
    {
        "on".clone_into(&mut when.label);
    }
    let subject = subject(teller, known, name, &mut problems);
    let mut main = Vec::new();
    if let Some(status) = &status
        && let Some(sent) = status::overruled(root, status)
    {
        main.push(lab::plain_field("Status as sent", sent, Tone::Quiet));
    }
    let record = Record {
        resource_type: if name.is_empty() { "Unknown" } else { name }.to_owned(),
        kind: known.kind,
        title: found.title,
        title_sent: found.sent,
        subtitle: String::new(),
        when,
        status,
        tone: Tone::Plain,
        subject,
        measurements: Vec::new(),
        sections: Vec::new(),
        narrative: None,
        attachments: Vec::new(),
        codes,
        links: Vec::new(),
        missing: Vec::new(),
        problems,
        strand: Strand::default(),
    };
    Draft { record, is_unnamed, main, extra: Vec::new(), place: None, facts: Facts::None }
}

fn finish(teller: Teller<'_>, known: &Type, draft: Draft) -> Record {
    let Draft { mut record, mut main, mut extra, is_unnamed, place, facts } = draft;
    let root = teller.root;
    let mut sections: Vec<Section> = Vec::new();
    let mut title = String::new();
    for (path, label) in known.fields {
        if path.is_empty() {
            let fields = std::mem::take(&mut main);
            if !fields.is_empty() || title.is_empty() {
                sections.push(Section { title: title.clone(), fields });
            }
            (*label).clone_into(&mut title);
        } else if !TOLD_BY_STORY.contains(&(known.name, *path)) {
            let is_ours = *label == IN_THEIR_WORDS && !root.get(path).is_some_and(has_words);
            let says_so = |(name, of, ..): &&(&str, &str, &str, &str)| {
                *name == known.name && of == path && !is_so(record.status.as_ref())
            };
            let instead = SAYS_IT_WAS_SO.iter().find(says_so).map(|(_, _, instead, _)| *instead);
            let label = instead.unwrap_or(if is_ours { "Code" } else { *label });
            teller.tell(root, path, label, &mut main);
        }
    }
    if !main.is_empty() {
        sections.push(Section { title, fields: main });
    }
    sections.append(&mut extra);
    if let Some(meta) = root.get("meta").and_then(|meta| meta.get("profile")) {
        meta.mark();
    }
    tell_subject(&teller, known, &mut sections);
    let narrative = narrative_of(root);
    teller.leftover(&mut sections);
    sections.retain(|section| !section.fields.is_empty());
    let speaks = !record.measurements.is_empty() || sections.iter().any(|s| s.title != "Also sent");
    record.narrative = narrative
        // Most are made from the data alone and never shown: those are not read at all.
        .filter(|(_, is_generated)| !is_generated || !speaks)
        .map(|(div, _)| narrative::plain_text(div))
        .filter(|text| !text.is_empty());
    if let Some(text) = record.narrative.as_deref().filter(|_| is_unnamed) {
        // A medicine may be named nowhere else.
        let line = text.lines().next().unwrap_or_default();
        let is_medicine = known.kind == Kind::Medicines && line.chars().count() <= 80;
        if let Some(named) = title::of_plain(line, false).filter(|_| is_medicine) {
            record.title = named.title;
        }
    }
    let has_lists = matches!(
        record.kind,
        Kind::Medicines | Kind::Problems | Kind::Allergies | Kind::Immunizations | Kind::Procedures
    );
    if is_unnamed
        && has_lists
        && record.title == type_words(&record.resource_type)
        && let Some(code) = code_alone(&record)
    {
        let parts = [code, std::mem::take(&mut record.subtitle)];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        record.subtitle = parts.collect::<Vec<_>>().join(" · ");
    }
    record.sections = sections;
    if !record.measurements.is_empty() && !record.counts() {
        // Its marks are of a value that does not count.
        record.tone = Tone::Plain;
    }
    if let Some(status) = &record.status {
        if status.code == "entered-in-error" {
            record.tone = Tone::Alarm;
        } else if status.standing == Standing::Unclear
            || matches!(status.code.as_str(), "not-given" | "not-taken" | "not-done" | "refuted")
        {
            record.tone = record.tone.max(Tone::Notice);
        }
    }
    let notes = teller.notes.take();
    record.problems.extend(notes.into_iter().map(|(at, message)| Problem {
        path: path_of(root, &record.resource_type, at),
        message: message.to_owned(),
    }));
    let (links, missing, attachments) = teller.into_found();
    record.links = links;
    record.missing = missing;
    record.attachments = attachments;
    record.strand = Strand {
        place,
        title: match facts {
            Facts::None => String::new(),
            Facts::Line { .. } | Facts::Dose { .. } | Facts::Medicine { .. } => {
                record.title.clone()
            }
        },
        when: record.when.as_ref().map_or_else(String::new, |when| when.sort.clone()),
        is_instant: record.when.as_ref().is_some_and(|when| when.zone == Zone::Utc),
        status: record.status.as_ref().map_or_else(String::new, |status| status.text.clone()),
        standing: record.status.as_ref().map(|status| status.standing),
        facts,
    };
    record
}

/// The bytes of an attachment that came along with a resource, by its place among
/// [`Record::attachments`]; `None` where none did, or where they cannot be read as base64
/// (`DSTU2 base64Binary`).
pub fn attached(raw: &[u8], index: usize) -> Option<Vec<u8>> {
    struct Nothing;
    impl Lookup for Nothing {
        fn resource(&self, _target: &str) -> Option<Vec<u8>> {
            None
        }
    }
    let record = derive(raw, &Nothing);
    let data = record.attachments.get(index)?.data.clone()?;
    let text = json::parse(raw.get(data)?);
    let mut text = text.root.as_ref()?.str()?.replace(|c: char| c.is_ascii_whitespace(), "");
    text.truncate(text.trim_end_matches('=').len());
    let alphabet = match text.contains(['-', '_']) {
        true => base64::alphabet::URL_SAFE,
        false => base64::alphabet::STANDARD,
    };
    let config = base64::engine::general_purpose::NO_PAD.with_decode_allow_trailing_bits(true);
    let engine = base64::engine::GeneralPurpose::new(&alphabet, config);
    base64::Engine::decode(&engine, text.as_bytes()).ok()
}

/// The label of a name in the sender's words.
const IN_THEIR_WORDS: &str = "In their words";

/// Whether a concept came with words, not with codes alone.
pub(super) fn has_words(value: &Value<'_>) -> bool {
    let concept = super::teller::peek_concept(value);
    let displays = concept.codings.iter().filter_map(|coding| coding.display);
    concept.text.into_iter().chain(displays).any(|words| !words.trim().is_empty())
}

/// Dates whose name says that something was done: the type, the element, what its field is called where
/// it was not, and the label.
const SAYS_IT_WAS_SO: &[(&str, &str, &str, &str)] = &[
    ("MedicationAdministration", "effectiveTime[x]", "Date", "given"),
    ("MedicationStatement", "dosage", "Date", "since"),
    ("Procedure", "performed[x]", "Date", "performed"),
];

/// Whether what a record says is so or was so; as long as nothing says otherwise.
fn is_so(status: Option<&Status>) -> bool {
    status.is_none_or(|status| {
        matches!(status.standing, Standing::Current | Standing::Past) || status.code == "not-sent"
    })
}

/// What stands below a name that is only the generic word: the code that came without words, for who can
/// look it up.
fn code_alone(record: &Record) -> Option<String> {
    let code = record.codes.first()?;
    let system = code.system_name.as_deref().unwrap_or_default();
    Some(format!("{system} code {}", code.code.as_deref()?).trim_start().to_owned())
}

/// What a story has told in a section of its own.
const TOLD_BY_STORY: &[(&str, &str)] = &[("DiagnosticReport", "result")];

/// The markup of the narrative, and whether the sender made it from the data alone
/// (`DSTU2 Narrative.status`).
fn narrative_of<'v>(root: &'v Value<'_>) -> Option<(&'v str, bool)> {
    let text = root.get("text")?;
    if text.scalar().is_none() && text.get("div").is_none() {
        return None;
    }
    let status = text.get("status").and_then(Value::str);
    let div = text.get("div").unwrap_or(text);
    text.mark();
    Some((div.scalar()?, status == Some("generated")))
}

/// Whom a resource says it is about, noted as a link.
fn subject(teller: &Teller<'_>, known: &Type, name: &str, problems: &mut Vec<Problem>) -> Subject {
    let root = teller.root;
    if name == "Patient" {
        let id = root.get("id").and_then(Value::scalar).map(str::trim).unwrap_or_default();
        return match id {
            "" => Subject::NotSaid,
            id => Subject::Patient(id.to_owned()),
        };
    }
    if known.subject.is_empty() {
        return Subject::NoPatient;
    }
    let mut found: Vec<Subject> = Vec::new();
    // A type nobody foresaw, or a sender who mixes the two names up.
    let paths: &[&str] = match known.subject {
        "patient" | "subject" => &["patient", "subject"],
        own => &[own],
    };
    for path in paths {
        visit(root, path, &mut |_, value| {
            let address = value.get("reference").and_then(Value::str).or_else(|| value.str());
            let Some(target) = address.and_then(|address| teller.target(address)) else { return };
            let subject = match target.strip_prefix("Patient/") {
                Some(id) => Subject::Patient(id.to_owned()),
                None if known.subject == "participant.actor" || known.subject == "actor" => return,
                None => Subject::Other(target.clone()),
            };
            teller.link("subject", &target);
            if !found.contains(&subject) {
                found.push(subject);
            }
        });
    }
    if found.len() > 1 {
        problems.push(Problem {
            path: format!("{name}.{}", known.subject),
            message: "This names more than one subject; the first is taken.".to_owned(),
        });
    }
    let patient = found.iter().find(|subject| matches!(subject, Subject::Patient(_))).cloned();
    patient.or_else(|| found.into_iter().next()).unwrap_or(Subject::NotSaid)
}

/// The subject is shown by whoever shows the record; only words sent for it are told.
fn tell_subject(teller: &Teller<'_>, known: &Type, sections: &mut Vec<Section>) {
    let mut fields = Vec::new();
    for path in ["patient", "subject"] {
        if known.name == "Patient" || known.subject.is_empty() {
            break;
        }
        visit(teller.root, path, &mut |_, value| {
            let reference = datatype::reference(value, &teller.notes);
            let target = reference.reference.and_then(|address| teller.target(address));
            if let Some(display) = reference.display {
                let mut field =
                    lab::plain_field("Patient", narrative::plain_text(display), Tone::Quiet);
                field.reference = target;
                fields.push(field);
            }
        });
    }
    match sections.first_mut() {
        Some(first) if first.title.is_empty() => first.fields.append(&mut fields),
        Some(_) | None => sections.insert(0, Section { title: String::new(), fields }),
    }
}

fn unreadable(is_json: bool) -> Record {
    let message = match is_json {
        true => "This is not a record: there are no fields in it. Read the source.",
        false => "This cannot be read as data. Read the source.",
    };
    Record {
        resource_type: "Unknown".to_owned(),
        kind: Kind::Other,
        title: "Unreadable record".to_owned(),
        title_sent: None,
        subtitle: String::new(),
        when: None,
        status: None,
        tone: Tone::Notice,
        subject: Subject::NotSaid,
        measurements: Vec::new(),
        sections: Vec::new(),
        narrative: None,
        attachments: Vec::new(),
        codes: Vec::new(),
        links: Vec::new(),
        missing: Vec::new(),
        problems: vec![Problem { path: String::new(), message: message.to_owned() }],
        strand: Strand::default(),
    }
}

fn path_of(root: &Value<'_>, name: &str, at: usize) -> String {
    match (name, root.path_at(at)) {
        ("", path) => path,
        (name, path) if path.is_empty() => name.to_owned(),
        (name, path) => format!("{name}.{path}"),
    }
}

pub(super) fn search_text(record: &Record) -> SearchText {
    let mut found = SearchText::default();
    let SearchText { title, codes, values, text } = &mut found;
    push(title, &record.title);
    push(title, record.title_sent.as_deref().unwrap_or_default());
    for measured in &record.measurements {
        push(title, &measured.name);
        let parts = [&measured.value, &measured.unit, &measured.range, &measured.absent];
        for part in parts.into_iter().flatten() {
            push(values, part);
        }
        push(codes, measured.code.as_deref().unwrap_or_default());
        push(values, measured.flag.as_ref().map_or("", |flag| &flag.text));
    }
    push(text, &record.subtitle);
    push(text, record.status.as_ref().map_or("", |status| &status.text));
    let fields = || record.sections.iter().flat_map(|section| &section.fields);
    for code in record.codes.iter().chain(fields().flat_map(|field| &field.codes)) {
        push(codes, code.code.as_deref().unwrap_or_default());
        push(codes, code.display.as_deref().unwrap_or_default());
    }
    for section in &record.sections {
        push(text, &section.title);
    }
    for field in fields() {
        push(text, &field.label);
        push(text, &field.text);
    }
    push(text, record.narrative.as_deref().unwrap_or_default());
    for attachment in &record.attachments {
        push(text, &attachment.title);
    }
    found
}

fn push(out: &mut String, text: &str) {
    if !text.is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(text);
    }
}
