//! Results: values with every digit, units, ranges and marks exactly as sent.

use std::collections::BTreeMap;

use crate::fhir::code_system::CodeSystem;
use crate::fhir::datatype::{self, Quantity, Shape, shape};
use crate::fhir::json::{self, Value};
use crate::fhir::narrative;

use super::decimal::Decimal;
use super::derive::Draft;
use super::panel::{self, Naming};
use super::range::{self, Interval, Side};
use super::series::{self, UNNAMED};
use super::teller::{
    Behind, Teller, first, is_form_of, lower_first, peek_concept, read_when, resource_type, visit,
};
use super::{
    Code, Direction, Field, Flag, Given, Kind, Likelihood, Measurement, NameFrom, Precision,
    REPLACED, Section, Standing, Status, Tone, Unnamed, Zone,
};
use super::{names, status, table, title, unit};

/// Tells an Observation: its value or its components, its marks and ranges.
pub(super) fn observation(teller: &Teller<'_>, draft: &mut Draft) {
    let root = teller.root;
    draft.record.kind = kind(root, &draft.record.title, &draft.record.codes);
    if draft.is_unnamed {
        draft.record.title = match draft.record.kind {
            Kind::Vitals => "Vital sign",
            Kind::Labs => UNNAMED,
            Kind::Medicines
            | Kind::Problems
            | Kind::Allergies
            | Kind::Immunizations
            | Kind::Visits
            | Kind::Procedures
            | Kind::Documents
            | Kind::CarePlans
            | Kind::Goals
            | Kind::People
            | Kind::Places
            | Kind::Other => "Observation",
        }
        .to_owned();
    }
    dated_by_report(teller, draft);
    replaced(teller, draft);
    specimen(teller, draft);
    let of_panel = of_panel(teller, draft);
    measure_all(teller, root, draft, of_panel);
    let mut related = Vec::new();
    for relation in root.get("related").into_iter().flat_map(Value::each) {
        let kind = datatype::text(relation, "type", &teller.notes);
        let label = match kind {
            Some("has-member") => "Part",
            Some("derived-from") => "Worked out from",
            Some("sequel-to") => "Follows",
            Some("replaces") => "Replaces",
            Some("qualified-by") => "Qualified by",
            Some("interfered-by") => "Disturbed by",
            Some(_) | None => "Related result",
        };
        let target = relation.get("target");
        let address = target.and_then(|target| target.get("reference")).and_then(Value::str);
        if let Some(address) = address.and_then(|address| teller.target(address)) {
            teller.link(kind.unwrap_or("related"), &address);
        }
        let role = kind.unwrap_or("related");
        related.extend(target.and_then(|target| teller.field(role, label, target)));
    }
    if !related.is_empty() {
        draft.extra.push(Section { title: "Hangs together with".to_owned(), fields: related });
    }
}

/// Says of a result that what it was made from could not be used (`DSTU2 Specimen.status`).
fn specimen(teller: &Teller<'_>, draft: &mut Draft) {
    let target = first(teller.root, "specimen", |value| {
        teller.target(value.get("reference").and_then(Value::str)?)
    });
    let status = target.and_then(|target| {
        teller.with_target(&target, |specimen| {
            let sent = specimen.get("status").filter(|status| status.str().is_some())?;
            let known = table::of("Specimen");
            let status =
                status::of(specimen, known).filter(|found| found.standing == Standing::Void);
            if status.is_some() {
                sent.mark();
            }
            status
        })
    });
    if let Some(status) = status {
        draft.main.push(plain_field("Its specimen", status.text, Tone::Notice));
    }
}

/// A result that another one replaces (`DSTU2 Observation.related`, replaces) is no longer what
/// counts, whatever its own status says.
fn replaced(teller: &Teller<'_>, draft: &mut Draft) {
    let standing = draft.record.status.as_ref().map(|status| status.standing);
    let Some(own) = own_target(teller.root).filter(|_| standing != Some(Standing::Void)) else {
        return;
    };
    if !is_replaced(teller, &own) {
        return;
    }
    let sent = draft.record.status.take().filter(|status| status.code != "not-sent");
    draft.main.extend(sent.map(|sent| plain_field("Status as sent", sent.text, Tone::Quiet)));
    draft.record.status = Some(is_replaced_status());
}

/// Whether a result (`Type/id`) that counts replaces the result `own`.
fn is_replaced(teller: &Teller<'_>, own: &str) -> bool {
    let other = teller.lookup().replaced_by(own).filter(|other| other != own);
    let counts = other.and_then(|other| {
        teller.with_target(&other, |result| {
            let status = result.get("status").and_then(status::code_of).unwrap_or("final");
            (!NOT_COMPARED.contains(&status)).then_some(())
        })
    });
    counts.is_some()
}

fn is_replaced_status() -> Status {
    Status {
        code: REPLACED.to_owned(),
        text: "Corrected: a newer result replaces it".to_owned(),
        standing: Standing::Past,
    }
}

/// The status of a part of a report, as that of a result by itself; `target` where it is one.
fn status_of_part(teller: &Teller<'_>, result: &Value<'_>, target: &str) -> Option<Status> {
    let mut status = status::of(result, table::of("Observation"));
    if status::has_unknown_modifier(result) {
        status = Some(status::unclear(status));
    }
    let is_void = status.as_ref().is_some_and(|status| status.standing == Standing::Void);
    match !is_void && !target.starts_with('#') && is_replaced(teller, target) {
        true => Some(is_replaced_status()),
        false => status,
    }
}

/// The label of the date on which a result was sent, by the rule book.
const REPORTED: &str = "reported";

/// A result that says no date of its own is as old as the report that names it
/// (`DSTU2 DiagnosticReport.effective[x]`); that comes before when it was issued.
fn dated_by_report(teller: &Teller<'_>, draft: &mut Draft) {
    let when = draft.record.when.as_ref();
    let Some(own) =
        own_target(teller.root).filter(|_| when.is_none_or(|when| when.label == REPORTED))
    else {
        return;
    };
    let mut found = None;
    for container in teller.lookup().containers(&own) {
        if container.starts_with("DiagnosticReport/") {
            let dated = teller.with_target(&container, |report| {
                first(report, "effective[x]", |value| read_when(value, "report of"))
            });
            found = found.or(dated);
        }
    }
    if found.is_some() {
        draft.record.when = found;
    }
}

/// Tells a DiagnosticReport: its results in order, those sent along as measurements.
pub(super) fn report(teller: &Teller<'_>, draft: &mut Draft) {
    draft.record.kind = report_kind(teller.root, &draft.record.title, &draft.record.codes);
    if draft.is_unnamed {
        let is_imaging = draft.record.kind == Kind::Documents;
        draft.record.title = if is_imaging { "Imaging report" } else { "Lab report" }.to_owned();
    }
    let members = members(teller, teller.root);
    let namings = name_members(teller, &members);
    let alone =
        are_alone(members.iter().map(|member| (member.measured.as_ref(), member.is_unnamed)));
    let mut of_members = members.iter().zip(&namings).zip(&alone);
    let (panel, n_members) = (draft.record.title.clone(), members.len());
    let mut fields = Vec::new();
    let mut n_results = 0_usize;
    let mut n_void = 0_usize;
    let mut marks = Marks::default();
    let mut all_known = true;
    let mut loud = Tone::Plain;
    let mut measurements = Vec::new();
    let mut extra_fields = Vec::new();
    let own_status = draft.record.status.clone();
    let of_report = own_status.as_ref().map_or("", |status| status.code.as_str());
    visit(teller.root, "result", &mut |_, value| {
        let index = n_results;
        n_results += 1;
        let member = of_members.next();
        let naming = member.and_then(|((_, naming), _)| naming.as_ref());
        let reference = datatype::reference(value, &teller.notes);
        let target = reference.reference.and_then(|address| teller.target(address));
        if let Some(target) = &target {
            teller.link("result", target);
        }
        let found = target.as_deref().and_then(|target| {
            teller.with_target(target, |result| {
                (resource_type(result) == "Observation").then(|| {
                    let known = table::of("Observation");
                    let mut codes = Vec::new();
                    let name = teller.title(result, known, &mut codes).map(|title| title.title);
                    let parts = brief(teller, result);
                    let mut measured = measurement(teller, result, name, index);
                    measured.code = measured.code.or_else(|| loinc_of(&codes));
                    if let Some(naming) = naming {
                        apply(naming, &mut measured);
                    }
                    if let Some(((member, _), is_only)) = member
                        && member.is_unnamed
                        && let Some(target) = &member.target
                    {
                        let given = given(
                            teller,
                            &Seat {
                                panel: &panel,
                                position: index,
                                of: n_members,
                                is_only: *is_only,
                            },
                            (target.as_str(), 0),
                            &measured,
                        );
                        if let Some(given) = given {
                            apply_given(given, &mut measured);
                        }
                    }
                    (measured, parts, codes, status_of_part(teller, result, target))
                })
            })
        });
        let sent = reference.display.map(narrative::plain_text).filter(|text| !text.is_empty());
        let Some((measured, parts, codes, status)) = found else {
            all_known = false;
            let label = format!("Result {n_results}");
            let text = sent.unwrap_or_else(|| "not received".to_owned());
            let mut field = plain_field(&label, text, Tone::Plain);
            field.reference = target.filter(|target| !target.starts_with('#'));
            fields.push(field);
            return;
        };
        let label = label_of(&measured);
        if let Some(sent) = sent.as_ref().filter(|sent| !sent.eq_ignore_ascii_case(&measured.name))
        {
            let text = format!("called “{sent}” in the report");
            extra_fields.push(plain_field(&label, text, Tone::Quiet));
        }
        let counts = status.as_ref().is_none_or(Status::counts);
        let tone = if counts { loudest(&measured) } else { Tone::Quiet };
        if counts {
            marks.add(&measured);
        } else {
            n_void += 1;
        }
        loud = loud.max(tone);
        if let Some(inner) = target.as_deref().and_then(|target| target.strip_prefix('#')) {
            if let Some(inner) = teller.contained(inner) {
                tell_sent_along(teller, inner, &label, &mut extra_fields);
            }
            let has_words = measured.value.is_some() || measured.absent.is_some();
            if counts && (has_words || parts.is_none()) {
                measurements.push(measured);
                return;
            }
        }
        let mark = mark_words(&measured);
        let mut text = value_words(&measured)
            .or(measured.absent)
            .or(parts)
            .unwrap_or_else(|| "no value sent".to_owned());
        if let Some(mark) = mark {
            text = format!("{text} ({mark})");
        }
        if let Some(range) = &measured.range {
            text = format!("{text}, range {range}");
        }
        if let Some(status) = status.filter(|status| is_told_of_part(status, of_report)) {
            text = match counts {
                true => format!("{text}, {}", lower_first(&status.text)),
                false => format!("{}: {text}", status.text),
            };
        }
        fields.push(Field {
            label,
            text,
            when: None,
            tone,
            reference: target.filter(|target| !target.starts_with('#')),
            codes,
        });
    });
    for measured in &mut measurements {
        if measured.name.is_empty() {
            measured.name = unnamed(measured.index as usize, n_results);
        }
        measured.test = series_of(teller.root, &draft.record, measured);
    }
    draft.record.measurements = measurements;
    for field in &mut extra_fields {
        if field.label.is_empty() {
            "Unnamed result".clone_into(&mut field.label);
        }
    }
    for (idx, field) in fields.iter_mut().enumerate() {
        if field.label.is_empty() {
            field.label = unnamed(idx, n_results);
        }
    }
    if n_results > 0 {
        let counts = own_status.as_ref().is_none_or(Status::counts);
        let marks = if all_known && counts { marks } else { Marks::default() };
        draft.record.subtitle = count_of_report(n_results, n_void, &marks);
        draft.record.tone = draft.record.tone.max(loud);
        draft.extra.push(Section { title: "Results".to_owned(), fields });
        draft
            .extra
            .push(Section { title: "Sent with the results".to_owned(), fields: extra_fields });
    } else if let Some(conclusion) = teller.root.get("conclusion").and_then(Value::str) {
        draft.record.subtitle = narrative::plain_text(conclusion).replace('\n', " ");
    }
}

/// Whether the status of a part is told beside it: what is usual, and what its report says of all of
/// them, is not.
fn is_told_of_part(status: &Status, of_report: &str) -> bool {
    let is_usual = status.code.eq_ignore_ascii_case("final") || status.code == "not-sent";
    let is_said = status.counts() && status.code == of_report;
    !is_usual && !is_said || status.standing == Standing::Unclear
}

/// Tells what a result sent along with its report has beside its value; what only repeats the
/// report is not told again.
fn tell_sent_along(teller: &Teller<'_>, result: &Value<'_>, name: &str, out: &mut Vec<Field>) {
    if let Some(code) = result.get("code") {
        let concept = datatype::concept(code, &teller.notes);
        if !concept.codings.is_empty() {
            let mut behind = Behind::default();
            let text = teller.concept_words(&concept, &mut behind).unwrap_or_default();
            let mut field = plain_field(name, text, Tone::Quiet);
            field.codes = behind.codes;
            out.push(field);
        }
    }
    more_fields(teller, result, name, out);
    let status = result.get("status").filter(|status| status.str() == Some("final"));
    let repeated = ["performer", "subject"].into_iter().filter_map(|key| {
        let address = |of: &Value<'_>| {
            let first = of.get(key)?.each().next()?;
            first.get("reference").and_then(Value::str).map(str::to_owned)
        };
        let inner = result.get(key)?;
        (inner.each().count() == 1 && address(result) == address(teller.root)).then_some(inner)
    });
    status.into_iter().chain(repeated).for_each(Value::mark);
}

/// A result's value with its unit: "7.0 %", "134/78 mmHg", "Negative".
pub(super) fn value_words(measured: &Measurement) -> Option<String> {
    let value = measured.value.as_deref()?;
    Some(match measured.unit.as_deref() {
        Some(unit) => format!("{value} {unit}"),
        None => value.to_owned(),
    })
}

fn measure_all(teller: &Teller<'_>, root: &Value<'_>, draft: &mut Draft, of_panel: Option<Placed>) {
    let components: Vec<&Value<'_>> =
        root.get("component").into_iter().flat_map(Value::each).collect();
    let title = draft.record.title.clone();
    if components.is_empty() {
        let mut measured = measurement(teller, root, Some(title), 0);
        let mut panel = None;
        let is_unnamed = draft.is_unnamed && draft.record.kind == Kind::Labs || of_panel.is_some();
        if let Some(placed) = &of_panel {
            match &placed.naming {
                Some(naming) => {
                    apply(naming, &mut measured);
                    draft.record.title = sentence(&likely(&measured));
                }
                None => {
                    measured.name = unnamed(placed.index, placed.of);
                    draft.record.title.clone_from(&measured.name);
                }
            }
            panel = Some(placed.panel.clone());
        }
        if is_unnamed && let Some(own) = own_target(root) {
            let seat = of_panel.as_ref().map_or(
                Seat { panel: "", position: 0, of: 1, is_only: false },
                |placed| Seat {
                    panel: &placed.panel,
                    position: placed.index,
                    of: placed.of,
                    is_only: placed.is_only,
                },
            );
            if let Some(given) = given(teller, &seat, (own.as_str(), 0), &measured) {
                apply_given(given, &mut measured);
                draft.record.title.clone_from(&measured.name);
            }
        }
        convert(draft.record.kind, &mut measured);
        measured.test = series_of(root, &draft.record, &measured);
        draft.record.subtitle = single_subtitle(&measured, draft.record.kind);
        if let Some(panel) = panel.filter(|panel| !panel.is_empty()) {
            let range = std::mem::take(&mut draft.record.subtitle);
            let parts = [panel, range].into_iter().filter(|part| !part.is_empty());
            draft.record.subtitle = parts.collect::<Vec<_>>().join(" · ");
        }
        draft.record.tone = loudest(&measured);
        more_fields(teller, root, "Result", &mut draft.main);
        draft.record.measurements = vec![measured];
        return;
    }
    // The value of the whole beside its parts: told above them.
    let own = measurement(teller, root, Some(title), 0);
    let own_words = value_words(&own);
    if let Some(text) = own_words.clone().or(own.absent.clone()) {
        draft.main.push(plain_field("Result", text, tone_of(own.flag.as_ref())));
    }
    if let Some(range) = own.range.clone() {
        draft.main.push(plain_field("Range", range, Tone::Plain));
    }
    more_fields(teller, root, "Result", &mut draft.main);
    let n_parts = components.len();
    let mut sent_codes: Vec<Vec<Code>> = Vec::with_capacity(n_parts);
    let mut names: Vec<Option<String>> = Vec::with_capacity(n_parts);
    for (idx, component) in components.iter().enumerate() {
        let mut codes = Vec::new();
        let name = component.get("code").and_then(|code| {
            let concept = datatype::concept(code, &teller.notes);
            codes.extend(concept.codings.iter().map(title::code));
            title::of_concept(&concept, false).map(|title| title.title)
        });
        let mut measured = measurement(teller, component, name.clone(), idx);
        measured.code = measured.code.or_else(|| loinc_of(&codes));
        draft.record.measurements.push(measured);
        sent_codes.push(codes);
        names.push(name);
    }
    let is_unnamed = without_names(&names, &[draft.record.title.as_str()]);
    let panel = PanelWords::of(&draft.record);
    let namings = panel.name(teller, &draft.record.measurements, &is_unnamed);
    let alone = are_alone(
        draft
            .record
            .measurements
            .iter()
            .zip(&is_unnamed)
            .map(|(part, unnamed)| (Some(part), *unnamed)),
    );
    let own_target = own_target(root);
    let panel = draft.record.title.clone();
    for (((measured, is_unnamed), naming), is_only) in
        draft.record.measurements.iter_mut().zip(&is_unnamed).zip(&namings).zip(alone)
    {
        let position = measured.index as usize;
        let seat = Seat { panel: &panel, position, of: n_parts, is_only };
        let given = own_target
            .as_deref()
            .filter(|_| *is_unnamed)
            .and_then(|own| given(teller, &seat, (own, measured.index), measured));
        if let Some(naming) = naming {
            apply(naming, measured);
        } else if *is_unnamed {
            measured.name = unnamed(measured.index as usize, n_parts);
        }
        if let Some(given) = given {
            apply_given(given, measured);
        }
        convert(draft.record.kind, measured);
    }
    let tests: Vec<Option<String>> = draft
        .record
        .measurements
        .iter()
        .map(|measured| series_of(root, &draft.record, measured))
        .collect();
    for (measured, test) in draft.record.measurements.iter_mut().zip(tests) {
        measured.test = test;
    }
    let mut told = Vec::new();
    for (((component, codes), name), measured) in
        components.iter().zip(sent_codes).zip(names).zip(&draft.record.measurements)
    {
        let label = label_of(measured);
        more_fields(teller, component, &label, &mut told);
        if let Some(code) = codes.first() {
            let display = code.display.as_ref().filter(|display| {
                let is_name = |name: &String| name.eq_ignore_ascii_case(display);
                !is_name(&measured.name) && !name.as_ref().is_some_and(is_name)
            });
            // What is called by its code's own words is not told by them again.
            let text = display.cloned().unwrap_or_else(|| {
                let parts = [code.system_name.as_deref(), code.code.as_deref()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            });
            let text = Some(text).filter(|text| !text.is_empty()).or_else(|| code.display.clone());
            let text = text.unwrap_or_else(|| "a code".to_owned());
            let mut field = plain_field(&label, text, Tone::Quiet);
            field.codes = codes;
            told.push(field);
        }
        if let Some(name) = name.filter(|name| *name != measured.name) {
            told.push(plain_field(&label, format!("sent as “{name}”"), Tone::Quiet));
        }
    }
    if !told.is_empty() {
        draft.extra.push(Section { title: "Sent with the results".to_owned(), fields: told });
    }
    let measurements = &draft.record.measurements;
    draft.record.tone =
        measurements.iter().map(loudest).fold(tone_of(own.flag.as_ref()), Tone::max);
    draft.record.subtitle = own_words
        .or_else(|| blood_pressure(measurements))
        .unwrap_or_else(|| count_measured(measurements));
}

/// What a panel makes of one of its members.
#[derive(Clone, Debug)]
pub struct Placed {
    naming: Option<Naming>,
    index: usize,
    of: usize,
    is_only: bool,
    panel: String,
}

/// What a panel makes of its members that came without a name of their own, by `Type/id`.
pub type Placements = BTreeMap<String, Placed>;

/// What the panel that an Observation without a name belongs to makes of it.
fn of_panel(teller: &Teller<'_>, draft: &mut Draft) -> Option<Placed> {
    let root = teller.root;
    if draft.record.kind != Kind::Labs || root.get("component").is_some() {
        return None;
    }
    if !draft.is_unnamed && !panel::is_panel_name(&draft.record.title) {
        return None;
    }
    let id = root.get("id").and_then(Value::scalar)?.trim();
    let own = format!("Observation/{id}");
    let lookup = teller.lookup();
    lookup.containers(&own).into_iter().find_map(|container| {
        let placements = lookup.placements(&container, &|| placements(lookup, &container))?;
        placements.get(&own).cloned()
    })
}

/// What a report, or a result with members, makes of its members without names.
fn placements(lookup: &dyn super::Lookup, container: &str) -> Placements {
    let mut placed = Placements::new();
    let Some(bytes) = lookup.resource(container) else { return placed };
    let document = json::parse(&bytes);
    let Some(root) = document.root.as_ref() else { return placed };
    let teller = Teller::new(root, lookup);
    let members = members(&teller, root);
    let of = members.len();
    let panel = title_of(&teller, root).unwrap_or_default();
    let namings = name_members(&teller, &members);
    let alone =
        are_alone(members.iter().map(|member| (member.measured.as_ref(), member.is_unnamed)));
    for (index, ((member, naming), is_only)) in
        members.into_iter().zip(namings).zip(alone).enumerate()
    {
        if let Some(target) = member.target.filter(|_| member.is_unnamed) {
            placed.insert(target, Placed { naming, index, of, is_only, panel: panel.clone() });
        }
    }
    placed
}

/// A result that a report or another result names as its part.
struct Member {
    target: Option<String>,
    measured: Option<Measurement>,
    is_unnamed: bool,
}

/// The parts of a report (`DSTU2 DiagnosticReport.result`) or of a result
/// (`DSTU2 Observation.related`, has-member), in order, read for naming them.
fn members(teller: &Teller<'_>, root: &Value<'_>) -> Vec<Member> {
    let mut targets: Vec<Option<String>> = Vec::new();
    let mut add = |value: &Value<'_>| {
        let address = value.get("reference").and_then(Value::str).or_else(|| value.str());
        targets.push(address.and_then(|address| teller.target(address)));
    };
    if resource_type(root) == "DiagnosticReport" {
        visit(root, "result", &mut |_, value| add(value));
    } else {
        for relation in root.get("related").into_iter().flat_map(Value::each) {
            if relation.get("type").and_then(Value::str) == Some("has-member")
                && let Some(target) = relation.get("target")
            {
                add(target);
            }
        }
    }
    let mut names: Vec<Option<String>> = Vec::with_capacity(targets.len());
    let mut members: Vec<Member> = Vec::with_capacity(targets.len());
    for (index, target) in targets.into_iter().enumerate() {
        let found = target.as_deref().and_then(|target| {
            teller.with_target(target, |result| {
                let is_one =
                    resource_type(result) == "Observation" && result.get("component").is_none();
                let name = title_of(teller, result);
                let measured = is_one.then(|| measurement(teller, result, name.clone(), index));
                Some((name, measured))
            })
        });
        let (name, measured) = found.unwrap_or_default();
        names.push(name);
        members.push(Member { target, measured, is_unnamed: false });
    }
    let title = title_of(teller, root).unwrap_or_default();
    for (member, is_unnamed) in members.iter_mut().zip(without_names(&names, &[&title])) {
        member.is_unnamed = is_unnamed && member.measured.is_some();
    }
    members
}

fn name_members(teller: &Teller<'_>, members: &[Member]) -> Vec<Option<Naming>> {
    let mut namings = vec![None; members.len()];
    if !members.iter().any(|member| member.is_unnamed) {
        return namings;
    }
    let panel = PanelWords::of_resource(teller.root);
    let (places, parts): (Vec<usize>, Vec<(&Measurement, bool)>) = members
        .iter()
        .enumerate()
        .filter_map(|(place, member)| Some((place, (member.measured.as_ref()?, member.is_unnamed))))
        .unzip();
    for (place, naming) in places.into_iter().zip(panel.name_parts(teller, &parts)) {
        if let Some(slot) = namings.get_mut(place) {
            *slot = naming;
        }
    }
    namings
}

/// Which of the parts of a panel have no name of their own: none at all, or the panel's, or one that
/// several share and that is a panel's.
fn without_names(names: &[Option<String>], of_panel: &[&str]) -> Vec<bool> {
    names
        .iter()
        .map(|name| match name {
            None => true,
            Some(name) => {
                let shared = || names.iter().flatten().filter(|other| *other == name).count() > 1;
                let is_panel_s = || of_panel.iter().any(|panel| panel.eq_ignore_ascii_case(name));
                shared() && (is_panel_s() || panel::is_panel_name(name))
            }
        })
        .collect()
}

/// What a panel is called, for telling its kind.
struct PanelWords {
    names: Vec<String>,
    codes: Vec<String>,
}

impl PanelWords {
    fn of(record: &super::Record) -> PanelWords {
        let sent = record.codes.iter();
        PanelWords {
            names: std::iter::once(record.title.clone())
                .chain(sent.clone().filter_map(|code| code.display.clone()))
                .collect(),
            codes: sent.filter_map(|code| code.code.clone()).collect(),
        }
    }

    fn of_resource(root: &Value<'_>) -> PanelWords {
        let concept = root.get("code").map(peek_concept).unwrap_or_default();
        let displays = concept.codings.iter().filter_map(|coding| coding.display);
        PanelWords {
            names: concept.text.into_iter().chain(displays).map(str::to_owned).collect(),
            codes: concept
                .codings
                .iter()
                .filter_map(|coding| coding.code.map(str::to_owned))
                .collect(),
        }
    }

    fn name(
        &self,
        teller: &Teller<'_>,
        parts: &[Measurement],
        is_unnamed: &[bool],
    ) -> Vec<Option<Naming>> {
        let parts: Vec<_> = parts.iter().zip(is_unnamed.iter().copied()).collect();
        self.name_parts(teller, &parts)
    }

    fn name_parts(
        &self,
        teller: &Teller<'_>,
        parts: &[(&Measurement, bool)],
    ) -> Vec<Option<Naming>> {
        if !parts.iter().any(|(_, is_unnamed)| *is_unnamed) {
            return vec![None; parts.len()];
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let codes: Vec<&str> = self.codes.iter().map(String::as_str).collect();
        let mut context = panel::Context { names: &names, codes: &codes, billed: &[] };
        let billed = if context.is_of_a_kind() { Vec::new() } else { billed(teller) };
        let billed: Vec<&str> = billed.iter().map(String::as_str).collect();
        context.billed = &billed;
        panel::name_all(&context, parts)
    }
}

/// The codes of what was billed for the same person on the day of a panel; none where its time
/// proves no day.
fn billed(teller: &Teller<'_>) -> Vec<String> {
    let when = || {
        let taken = teller.when("effective[x]", "on");
        taken.or_else(|| teller.when("@specimen/collection.collected[x]", "collected"))
    };
    let mut patient: Option<String> = None;
    for path in ["subject", "patient"] {
        visit(teller.root, path, &mut |_, value| {
            let address = value.get("reference").and_then(Value::str);
            let target = address.and_then(|address| teller.target(address)).unwrap_or_default();
            if let Some(id) = target.strip_prefix("Patient/") {
                patient.get_or_insert(id.to_owned());
            }
        });
    }
    let (Some(patient), Some(when)) = (patient, when()) else { return Vec::new() };
    let is_day = matches!(when.precision, Precision::Day | Precision::Time);
    match when.sort.get(..10).filter(|_| is_day && when.zone != Zone::Utc) {
        Some(day) => teller.lookup().billed(&patient, day),
        None => Vec::new(),
    }
}

fn title_of(teller: &Teller<'_>, resource: &Value<'_>) -> Option<String> {
    let known = table::of(resource_type(resource));
    teller.title(resource, known, &mut Vec::new()).map(|title| title.title)
}

/// Where a result sits in its panel.
struct Seat<'s> {
    panel: &'s str,
    position: usize,
    of: usize,
    is_only: bool,
}

/// The name that the person gave to an unnamed result: the record it stands in and its index there.
fn given(
    teller: &Teller<'_>,
    seat: &Seat<'_>,
    (target, index): (&str, u32),
    measured: &Measurement,
) -> Option<Given> {
    teller.lookup().given(&Unnamed {
        target,
        index,
        panel: seat.panel,
        position: u32::try_from(seat.position).unwrap_or(u32::MAX),
        of: u32::try_from(seat.of).unwrap_or(u32::MAX),
        is_only: seat.is_only,
        unit: measured.unit.as_deref(),
        range: measured.range.as_deref(),
    })
}

/// Which of the unnamed results of a panel have a unit and a range that no other of them has.
fn are_alone<'m>(parts: impl Iterator<Item = (Option<&'m Measurement>, bool)>) -> Vec<bool> {
    let marks: Vec<Option<(Option<&str>, Option<&str>)>> = parts
        .map(|(part, is_unnamed)| {
            let part = part.filter(|_| is_unnamed)?;
            Some((part.unit.as_deref(), part.range.as_deref()))
        })
        .collect();
    marks
        .iter()
        .map(|mark| mark.is_some() && marks.iter().filter(|other| *other == mark).count() == 1)
        .collect()
}

fn own_target(root: &Value<'_>) -> Option<String> {
    let id = root.get("id").and_then(Value::scalar)?.trim();
    (!id.is_empty()).then(|| format!("{}/{id}", resource_type(root)))
}

fn apply_given(given: Given, measured: &mut Measurement) {
    measured.candidates.retain(|candidate| *candidate != given.name);
    if measured.name_from == NameFrom::Inferred && measured.name != given.name {
        measured.candidates.insert(0, std::mem::take(&mut measured.name));
    }
    measured.reasons = vec![
        match given.is_reused {
            false => "You gave it this name.",
            true => {
                "You gave this name to a result of an earlier panel that has the same unit and range."
            }
        }
        .to_owned(),
    ];
    measured.name = given.name;
    measured.name_from = NameFrom::Person;
    measured.likelihood = None;
    measured.likely_code = given.code;
    measured.named_at = Some(given.at);
}

fn apply(naming: &Naming, measured: &mut Measurement) {
    measured.name.clone_from(&naming.name);
    measured.name_from = NameFrom::Inferred;
    measured.likelihood = Some(naming.likelihood);
    measured.reasons.clone_from(&naming.reasons);
    measured.candidates.clone_from(&naming.candidates);
    measured.likely_code.clone_from(&naming.code);
}

/// What a result is called where it is spoken of: an inferred name never without its word.
fn label_of(measured: &Measurement) -> String {
    match measured.name_from {
        NameFrom::Inferred => likely(measured),
        NameFrom::Portal | NameFrom::Person => measured.name.clone(),
    }
}

/// An inferred name with the word that marks it: "likely Sodium", "one of AST, ALT".
fn likely(measured: &Measurement) -> String {
    match measured.likelihood {
        Some(Likelihood::OneOf) => measured.name.clone(),
        Some(Likelihood::Strong | Likelihood::Likely) | None => format!("likely {}", measured.name),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The series a result is in: those withdrawn, replaced, not ready or not understood are in none.
fn series_of(root: &Value<'_>, record: &super::Record, measured: &Measurement) -> Option<String> {
    let status = root.get("status").and_then(status::code_of).unwrap_or_default();
    if !record.counts() || status::has_unknown_modifier(root) || NOT_COMPARED.contains(&status) {
        return None;
    }
    series::key(record.kind, measured)
}

/// A vital sign in its other unit.
fn convert(kind: Kind, measured: &mut Measurement) {
    if kind != Kind::Vitals || measured.comparator.is_some() {
        return;
    }
    let number = measured.number.as_deref().and_then(Decimal::parse);
    if let (Some(number), Some(unit)) = (number, measured.unit.as_deref()) {
        measured.converted = unit::convert(number, unit)
            .map(|(converted, unit)| format!("{} {unit}", converted.text()));
    }
}

/// Statuses whose results are not compared with their ranges.
const NOT_COMPARED: &[&str] = &["registered", "cancelled", "entered-in-error", "unknown"];

/// "134/78 mmHg", where exactly a systolic and a diastolic pressure in one unit came together.
pub(super) fn blood_pressure(parts: &[Measurement]) -> Option<String> {
    let find = |code: &str, word: &str| {
        parts.iter().find(|part| {
            part.code.as_deref() == Some(code) || part.name.to_ascii_lowercase().contains(word)
        })
    };
    let systolic = find("8480-6", "systolic")?;
    let diastolic = find("8462-4", "diastolic")?;
    if systolic.index == diastolic.index {
        return None;
    }
    joined_pressure(systolic, diastolic)
}

/// The same of the two, where they came in one unit.
pub(crate) fn joined_pressure(systolic: &Measurement, diastolic: &Measurement) -> Option<String> {
    if systolic.unit != diastolic.unit {
        return None;
    }
    let unit = systolic.unit.as_deref().map_or_else(|| "(unit not sent)", tidy_pressure_unit);
    Some(format!("{}/{} {unit}", systolic.value.as_deref()?, diastolic.value.as_deref()?))
}

fn tidy_pressure_unit(unit: &str) -> &str {
    match unit {
        "mm[Hg]" | "mm Hg" | "mmhg" => "mmHg",
        other => other,
    }
}

/// One value with all that belongs to it. An empty name stands for one nobody sent.
fn measurement(
    teller: &Teller<'_>,
    element: &Value<'_>,
    name: Option<String>,
    index: usize,
) -> Measurement {
    let (value, unit, exact) = value_of(teller, element);
    let absent = element.get("dataAbsentReason").and_then(|reason| {
        let concept = datatype::concept(reason, &teller.notes);
        let words = teller.concept_words(&concept, &mut Behind::default())?;
        let code = concept.codings.first().and_then(|coding| coding.code);
        let code = code.or(concept.text).unwrap_or_default();
        Some(absent_words(code).map_or(words, str::to_owned))
    });
    let code = element
        .get("code")
        .map(peek_concept)
        .and_then(|concept| loinc_of(&concept.codings.iter().map(title::code).collect::<Vec<_>>()));
    let name = name.unwrap_or_default();
    let Ranges { words: range, interval } = ranges(teller, element, unit.as_deref(), || {
        series::is_single_charge(code.as_deref(), &name)
    });
    let flag = flag(element);
    let status = element.get("status").or_else(|| teller.root.get("status"));
    let status = status.and_then(status::code_of);
    let is_compared = !NOT_COMPARED.contains(&status.unwrap_or_default())
        && (status.is_none_or(|status| COMPARED.contains(&status)))
        && !status::has_unknown_modifier(teller.root);
    let side = match (&exact, &interval) {
        (Some((comparator, number)), Some(interval)) if is_compared => {
            interval.side(comparator.as_deref(), *number)
        }
        _ => Side::Unknown,
    };
    let own_flag = match side {
        Side::Out(direction) => Some(own_flag(direction)),
        Side::Inside | Side::Unknown => None,
    };
    let end = |end: Option<range::End>| end.map(|end| end.at.text());
    Measurement {
        index: u32::try_from(index).unwrap_or(u32::MAX),
        name,
        name_from: NameFrom::Portal,
        likelihood: None,
        reasons: Vec::new(),
        candidates: Vec::new(),
        flag_note: flag.as_ref().and_then(|flag| flag_note(flag, side)),
        range_note: (exact.is_some() && range.is_none()).then(|| "No range sent".to_owned()),
        low: end(interval.and_then(|interval| interval.low)),
        high: end(interval.and_then(|interval| interval.high)),
        comparator: exact.as_ref().and_then(|(comparator, _)| comparator.clone()),
        number: exact.map(|(_, number)| number.text()),
        range,
        flag,
        own_flag,
        value,
        unit,
        code,
        absent,
        converted: None,
        likely_code: None,
        named_at: None,
        test: None,
    }
}

/// Statuses whose results are compared with their ranges.
const COMPARED: &[&str] = &["preliminary", "final", "amended", "corrected", "appended", "partial"];

/// What Onhand itself says of a value outside the range that was sent with it.
fn own_flag(direction: Direction) -> Flag {
    let text = match direction {
        Direction::Up => "Above its range",
        Direction::Down => "Below its range",
    };
    Flag {
        code: String::new(),
        text: text.to_owned(),
        tone: Tone::Notice,
        direction: Some(direction),
    }
}

/// Where the sender's mark and the range that was sent disagree: "Marked Low; its own range says
/// inside."
fn flag_note(flag: &Flag, side: Side) -> Option<String> {
    let own = match side {
        Side::Inside => "inside",
        Side::Out(Direction::Up) => "above",
        Side::Out(Direction::Down) => "below",
        Side::Unknown => return None,
    };
    let agrees = match (flag.code.trim(), flag.direction, side) {
        ("N", _, side) => side == Side::Inside,
        ("A" | "AA", _, side) => side != Side::Inside,
        (_, None, _) => return None,
        (_, Some(marked), Side::Out(direction)) => marked == direction,
        (_, Some(_), Side::Inside | Side::Unknown) => false,
    };
    (!agrees).then(|| format!("Marked {}; its own range says {own}.", flag.text))
}

/// A value in words, its unit, and the number it is, with what stands before it.
type Sent = (Option<String>, Option<String>, Option<(Option<String>, Decimal)>);

fn value_of(teller: &Teller<'_>, element: &Value<'_>) -> Sent {
    let mut members = element.members().iter();
    let Some(member) = members.find(|member| is_form_of("value", &member.key)) else {
        return (None, None, None);
    };
    let Some(value) = member.value.each().next() else { return (None, None, None) };
    if shape(value) == Shape::Quantity || member.key == "valueQuantity" {
        let quantity = datatype::quantity(value, &teller.notes);
        let number = quantity.value.and_then(|sent| match quantity.comparator {
            Some(comparator) => Some((Some(comparator.to_owned()), Decimal::parse(sent)?)),
            None => number_of(sent),
        });
        return (quantity.number(), quantity.unit.map(str::to_owned), number);
    }
    let words = match sent_text(&member.key, value) {
        Some(text) => {
            value.mark();
            if let Some((number, unit)) = range::value_with_unit(&text) {
                return (Some(number.to_owned()), Some(unit.to_owned()), number_of(number));
            }
            Some(text)
        }
        None => teller.words(&member.key, value, &mut Behind::default()),
    };
    let number = words.as_deref().filter(|_| value.scalar().is_some()).and_then(number_of);
    (words, None, number)
}

/// A text that is the value itself, exactly as it was sent but for markup: neither a code nor a date to
/// be put into words.
fn sent_text(key: &str, value: &Value<'_>) -> Option<String> {
    let text =
        value.str().map(str::trim).filter(|text| !text.is_empty() && key == "valueString")?;
    let is_data = text.len() > 1000 && !text.contains(char::is_whitespace);
    let plain = match narrative::has_markup(text) {
        true => narrative::plain_text(text),
        false => text.to_owned(),
    };
    Some(plain).filter(|plain| !is_data && !plain.is_empty())
}

fn number_of(text: &str) -> Option<(Option<String>, Decimal)> {
    let (comparator, number) = range::value(text)?;
    Some((comparator.map(str::to_owned), number))
}

/// The marks, ranges and values that a [`Measurement`] has no place for.
fn more_fields(teller: &Teller<'_>, element: &Value<'_>, name: &str, out: &mut Vec<Field>) {
    let value = element.members().iter().find(|member| is_form_of("value", &member.key));
    if let Some(value) = value.and_then(|member| member.value.each().next()) {
        let codes: Vec<Code> = match shape(value) {
            Shape::Concept | Shape::Coding => {
                peek_concept(value).codings.iter().map(title::code).collect()
            }
            Shape::Quantity => {
                let code = value.get("code").and_then(Value::scalar);
                let unit = value.get("unit").and_then(Value::scalar);
                code.filter(|code| unit.is_some_and(|unit| !is_same_unit(unit, code)))
                    .map(|code| Code {
                        system: value.get("system").and_then(Value::str).map(str::to_owned),
                        system_name: Some(CodeSystem::Ucum.name().to_owned()),
                        code: Some(code.to_owned()),
                        display: unit.map(str::to_owned),
                    })
                    .into_iter()
                    .collect()
            }
            Shape::Range
            | Shape::Ratio
            | Shape::Period
            | Shape::Timing
            | Shape::Reference
            | Shape::Identifier
            | Shape::Name
            | Shape::Contact
            | Shape::Address
            | Shape::Attachment
            | Shape::Annotation
            | Shape::Sampled
            | Shape::Extension
            | Shape::Narrative
            | Shape::Other => Vec::new(),
        };
        if !codes.is_empty() {
            let is_unit = shape(value) == Shape::Quantity;
            let text = match is_unit {
                true => codes.iter().find_map(|code| code.code.clone()),
                false => teller.words("value", value, &mut Behind::default()),
            };
            let label = if is_unit { format!("{name}: unit") } else { name.to_owned() };
            let tone = if is_unit { Tone::Quiet } else { Tone::Plain };
            let mut field = plain_field(&label, text.unwrap_or_default(), tone);
            field.codes = codes;
            out.push(field);
        }
    }
    for interpretation in element.get("interpretation").into_iter().flat_map(Value::each) {
        let concept = datatype::concept(interpretation, &teller.notes);
        let label = if name == "Result" { "Marked".to_owned() } else { format!("{name}: marked") };
        let mut behind = Behind::default();
        if let Some(text) = teller.concept_words(&concept, &mut behind) {
            let text = concept
                .codings
                .first()
                .filter(|_| concept.text.is_none())
                .and_then(|coding| known_flag(coding.code?))
                .map_or(text, |(words, _, _)| words.to_owned());
            let mut field = plain_field(&label, text, Tone::Plain);
            field.codes = behind.codes;
            out.push(field);
        }
    }
}

/// The reference ranges of a value.
#[derive(Default)]
struct Ranges {
    /// All of them as sent, in words.
    words: Option<String>,
    /// The one there is to compare with; `None` where there are several, where one is for an age or
    /// for something else than what is normal, and where its unit is another.
    interval: Option<Interval>,
}

fn ranges(
    teller: &Teller<'_>,
    element: &Value<'_>,
    unit: Option<&str>,
    is_single_charge: impl Fn() -> bool,
) -> Ranges {
    let mut intervals: Vec<Option<Interval>> = Vec::new();
    let notes = &teller.notes;
    let mut all: Vec<String> = Vec::new();
    for range in element.get("referenceRange").into_iter().flat_map(Value::each) {
        if range.scalar().is_some() {
            range.mark();
            let in_text =
                range.scalar().and_then(|text| Interval::parse(text, unit, &is_single_charge));
            intervals.push(in_text);
            all.extend(range.scalar().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned));
            continue;
        }
        let read = |key: &str| {
            range
                .get(key)
                .map(|bound| datatype::quantity(bound, notes))
                .filter(|q| q.value.is_some())
        };
        let (low, high) = (read("low"), read("high"));
        let same_unit = |bound: &Option<Quantity<'_>>| {
            bound.and_then(|bound| bound.unit).is_none_or(|own| Some(own) == unit)
        };
        let with_unit = !(same_unit(&low) && same_unit(&high));
        let bounds = datatype::bounds_words(low, high, with_unit);
        let text = datatype::text(range, "text", notes).map(narrative::plain_text);
        let in_text =
            text.as_deref().and_then(|text| Interval::parse(text, unit, &is_single_charge));
        let agrees = |bound: Option<Quantity<'_>>| {
            bound.and_then(|bound| bound.unit).is_none_or(|own| {
                unit.is_some_and(|unit| {
                    unit::is_same(own, unit, false) || unit::is_same(own, unit, is_single_charge())
                })
            })
        };
        let number = |bound: Option<Quantity<'_>>| {
            let bound = bound.filter(|bound| bound.comparator.is_none())?;
            Decimal::parse(bound.value?)
        };
        let in_bounds =
            Interval::of_ends(number(low), number(high)).filter(|_| agrees(low) && agrees(high));
        let interval = match (bounds.is_some(), text.is_some()) {
            (true, false) => in_bounds,
            // The text may be no number at all; one that says otherwise leaves it open.
            (true, true) if in_text.is_none() || in_text.map(ends) == in_bounds.map(ends) => {
                in_bounds
            }
            (true, true) => None,
            (false, _) => in_text,
        };
        let mut is_for_all = range.get("age").is_none();
        let mut words = match (bounds, text) {
            (Some(bounds), Some(text)) if says_the_same(&bounds, &text, unit) => text,
            (Some(bounds), Some(text)) => format!("{bounds} ({text})"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => String::new(),
        };
        let meaning = range.get("meaning").and_then(|meaning| {
            teller.concept_words(&datatype::concept(meaning, notes), &mut Behind::default())
        });
        if let Some(meaning) = meaning {
            is_for_all &= is_normal(range, &meaning);
            words = format!("{words} ({meaning})");
        }
        if let Some(age) = range.get("age").and_then(|age| datatype::range_words(age, notes)) {
            words = format!("{words} (age {age})");
        }
        intervals.push(interval.filter(|_| is_for_all));
        all.extend(Some(words.trim().to_owned()).filter(|words| !words.is_empty()));
    }
    Ranges {
        words: Some(all.join("; ")).filter(|words| !words.is_empty()),
        interval: match intervals.as_slice() {
            [one] => *one,
            _ => None,
        },
    }
}

/// The numbers of a range, whether or not they themselves are inside.
fn ends(interval: Interval) -> (Option<Decimal>, Option<Decimal>) {
    (interval.low.map(|end| end.at), interval.high.map(|end| end.at))
}

/// Whether a range is that of healthy people (`DSTU2 referencerange-meaning`).
fn is_normal(range: &Value<'_>, words: &str) -> bool {
    let concept = range.get("meaning").map(peek_concept).unwrap_or_default();
    let mut codes = concept.codings.iter().filter_map(|coding| coding.code).peekable();
    match codes.peek() {
        Some(_) => codes.all(|code| code.eq_ignore_ascii_case("normal")),
        None => words.to_ascii_lowercase().starts_with("normal"),
    }
}

/// Whether a unit and its UCUM code are one to a reader: "mmHg" and "mm[Hg]".
fn is_same_unit(unit: &str, code: &str) -> bool {
    let plain = |text: &str| {
        text.chars()
            .filter(|c| !matches!(c, '[' | ']' | '{' | '}' | ' ' | '*' | '^'))
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    plain(unit) == plain(code)
}

/// Whether a range's text repeats its bounds, number for number, and says nothing else.
fn says_the_same(bounds: &str, text: &str, unit: Option<&str>) -> bool {
    let numbers = |text: &str| {
        let plain = unit.map_or_else(|| text.to_owned(), |unit| text.replace(unit, " "));
        let words = plain.chars().any(|c| c.is_alphabetic() || matches!(c, '(' | ';' | ':'));
        let numbers: Vec<f64> = plain
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter_map(|part| part.parse().ok())
            .collect();
        (!words).then_some(numbers)
    };
    let in_text = numbers(text);
    let in_bounds: Vec<f64> = bounds
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|part| part.parse().ok())
        .collect();
    in_text.is_some_and(|in_text| in_text == in_bounds)
}

/// The sender's mark on a value (`DSTU2 Observation.interpretation`), by code whatever its system.
fn flag(element: &Value<'_>) -> Option<Flag> {
    let marks: Vec<_> =
        element.get("interpretation").into_iter().flat_map(Value::each).map(peek_concept).collect();
    let codes = marks.iter().flat_map(|mark| mark.codings.iter()).filter_map(|coding| coding.code);
    let mut known: Vec<Flag> = codes
        .clone()
        .filter_map(|code| {
            let (text, tone, direction) = known_flag(code)?;
            Some(Flag { code: code.to_owned(), text: text.to_owned(), tone, direction })
        })
        .collect();
    // Several marks: the gravest stands for them; all are told among the fields.
    known.sort_by_key(|flag| std::cmp::Reverse(flag.tone));
    if let Some(found) = known.into_iter().next() {
        return Some(found);
    }
    let text = marks
        .iter()
        .find_map(|mark| mark.text.or_else(|| mark.codings.iter().find_map(|c| c.display)))
        .map(|text| format!("“{}”", narrative::plain_text(text)));
    let code = codes.into_iter().next().unwrap_or_default();
    let text = text.or_else(|| (!code.is_empty()).then(|| format!("“{code}”")))?;
    Some(Flag { code: code.to_owned(), text, tone: Tone::Plain, direction: None })
}

/// `DSTU2 observation-interpretation` and HL7 table 0078.
fn known_flag(code: &str) -> Option<(&'static str, Tone, Option<Direction>)> {
    let (_, words, tone, direction) =
        FLAGS.iter().find(|(known, _, _, _)| *known == code.trim())?;
    Some((words, *tone, *direction))
}

const UP: Option<Direction> = Some(Direction::Up);
const DOWN: Option<Direction> = Some(Direction::Down);

const FLAGS: &[(&str, &str, Tone, Option<Direction>)] = &[
    ("L", "Low", Tone::Notice, DOWN),
    ("H", "High", Tone::Notice, UP),
    ("LL", "Critically low", Tone::Alarm, DOWN),
    ("HH", "Critically high", Tone::Alarm, UP),
    ("AA", "Critically abnormal", Tone::Alarm, None),
    ("LU", "Very low", Tone::Notice, DOWN),
    ("HU", "Very high", Tone::Notice, UP),
    ("<", "Below what the instrument can measure", Tone::Plain, None),
    (">", "Above what the instrument can measure", Tone::Plain, None),
    ("A", "Abnormal", Tone::Notice, None),
    ("N", "Normal", Tone::Plain, None),
    ("POS", "Positive", Tone::Plain, None),
    ("NEG", "Negative", Tone::Plain, None),
    ("IND", "Indeterminate", Tone::Plain, None),
    ("DET", "Detected", Tone::Plain, None),
    ("ND", "Not detected", Tone::Plain, None),
    ("RR", "Reactive", Tone::Plain, None),
    ("NR", "Non-reactive", Tone::Plain, None),
    ("WR", "Weakly reactive", Tone::Plain, None),
    ("S", "Susceptible", Tone::Plain, None),
    ("I", "Intermediate", Tone::Plain, None),
    ("R", "Resistant", Tone::Plain, None),
    ("SDD", "Susceptible, depending on the dose", Tone::Plain, None),
    ("NS", "Not susceptible", Tone::Plain, None),
    ("MS", "Moderately susceptible", Tone::Plain, None),
    ("VS", "Very susceptible", Tone::Plain, None),
    ("U", "Changed upwards", Tone::Plain, None),
    ("D", "Changed downwards", Tone::Plain, None),
    ("B", "Better", Tone::Plain, None),
    ("W", "Worse", Tone::Plain, None),
    ("IE", "Too little evidence", Tone::Plain, None),
    ("EXP", "Expected", Tone::Plain, None),
    ("UNE", "Unexpected", Tone::Plain, None),
];

/// `DSTU2 data-absent-reason` in words.
fn absent_words(code: &str) -> Option<&'static str> {
    Some(match code {
        "unknown" => "Not known",
        "asked" => "Asked, not known",
        "temp" => "Not known yet",
        "not-asked" => "Nobody asked",
        "masked" => "Held back by the sender",
        "unsupported" => "The sender's system cannot hold it",
        "astext" => "Sent as text only",
        "error" => "Could not be read because of an error",
        "NaN" => "Not a number",
        "not-performed" => "Not measured",
        _ => return None,
    })
}

fn kind(root: &Value<'_>, title: &str, codes: &[Code]) -> Kind {
    let categories = root.get("category").into_iter().flat_map(Value::each).map(peek_concept);
    let mut by_category = None;
    for category in categories {
        let texts = category
            .codings
            .iter()
            .flat_map(|coding| [coding.code, coding.display])
            .flatten()
            .chain(category.text);
        by_category = by_category.or_else(|| texts.into_iter().find_map(names::category_kind));
    }
    if let Some(kind @ (Kind::Vitals | Kind::Labs)) = by_category {
        return kind;
    }
    let loinc = || {
        let is_loinc = |code: &&Code| code.system_name.as_deref() == Some(CodeSystem::Loinc.name());
        codes.iter().filter(is_loinc).filter_map(|code| code.code.as_deref())
    };
    if loinc().any(names::is_vital) || names::is_vital_name(title) {
        return Kind::Vitals;
    }
    match by_category {
        None if loinc().any(names::is_history) => Kind::Other,
        by_category => by_category.unwrap_or(Kind::Labs),
    }
}

/// The parts of a looked-up result in words, where it has parts instead of a value.
fn brief(teller: &Teller<'_>, result: &Value<'_>) -> Option<String> {
    let components: Vec<&Value<'_>> =
        result.get("component").into_iter().flat_map(Value::each).collect();
    let measured: Vec<Measurement> = components
        .iter()
        .enumerate()
        .map(|(idx, component)| {
            let concept = component.get("code").map(peek_concept).unwrap_or_default();
            let name = title::of_concept(&concept, false).map(|title| title.title);
            measurement(teller, component, name, idx)
        })
        .collect();
    if measured.is_empty() {
        return None;
    }
    blood_pressure(&measured).or_else(|| Some(count(measured.len(), &Marks::default())))
}

/// The range; before it the value, where that is too long to stand in a list's value column.
fn single_subtitle(measured: &Measurement, kind: Kind) -> String {
    const COLUMN: usize = 24;
    let Some(value) = value_words(measured) else {
        return measured.absent.clone().unwrap_or_default();
    };
    let value = value.replace('\n', " ");
    let range = match &measured.range {
        Some(range) => Some(format!("range {range}")),
        None if kind == Kind::Labs && measured.unit.is_some() => Some("no range sent".to_owned()),
        None => None,
    };
    if value.chars().count() > COLUMN {
        return [Some(value), range].into_iter().flatten().collect::<Vec<_>>().join(", ");
    }
    let Some(range) = range else { return String::new() };
    let mut letters = range.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// How many of several results are marked by the sender, or lie outside of their range with no such
/// mark on them.
#[derive(Default)]
struct Marks {
    out: usize,
    abnormal: usize,
    own: usize,
}

impl Marks {
    fn add(&mut self, measured: &Measurement) {
        match measured.flag.as_ref().filter(|flag| flag.tone.is_loud()) {
            Some(Flag { direction: Some(_), .. }) => self.out += 1,
            Some(Flag { direction: None, .. }) => self.abnormal += 1,
            None => self.own += usize::from(measured.own_flag.is_some()),
        }
    }
}

/// "16 results, 2 marked out of range, 1 marked abnormal"
fn count(n_results: usize, marks: &Marks) -> String {
    let mut words =
        if n_results == 1 { "1 result".to_owned() } else { format!("{n_results} results") };
    for (n_marked, mark) in [
        (marks.out, "marked out of range"),
        (marks.abnormal, "marked abnormal"),
        (marks.own, "outside the range sent"),
    ] {
        if n_marked > 0 {
            words.push_str(&format!(", {n_marked} {mark}"));
        }
    }
    words
}

/// The same of a report, `n_void` of whose results are withdrawn, replaced, not ready or not
/// understood.
fn count_of_report(n_results: usize, n_void: usize, marks: &Marks) -> String {
    match (n_results - n_void.min(n_results), n_void) {
        (n_results, 0) => count(n_results, marks),
        (0, 1) => "1 result that does not count".to_owned(),
        (0, n_void) => format!("{n_void} results that do not count"),
        (n_results, 1) => format!("{}, 1 more that does not count", count(n_results, marks)),
        (n_results, n_void) => {
            format!("{}, {n_void} more that do not count", count(n_results, marks))
        }
    }
}

/// The same of results at hand.
fn count_measured(measurements: &[Measurement]) -> String {
    let mut marks = Marks::default();
    measurements.iter().for_each(|part| marks.add(part));
    count(measurements.len(), &marks)
}

/// The sender's mark in words, and what the result's own range says: "Critically high", "marked
/// Normal; its own range says above", "above its range".
fn mark_words(measured: &Measurement) -> Option<String> {
    let own = || measured.own_flag.as_ref().map(|own| lower_first(&own.text));
    match (&measured.flag, &measured.flag_note) {
        (Some(_), Some(note)) => Some(lower_first(note.trim_end_matches('.'))),
        (Some(flag), None) if flag.tone.is_loud() => Some(flag.text.clone()),
        (Some(flag), None) => Some(match own() {
            Some(own) => format!("{}, {own}", flag.text),
            None => flag.text.clone(),
        }),
        (None, _) => own(),
    }
}

fn unnamed(idx: usize, n_parts: usize) -> String {
    format!("{UNNAMED} {} of {n_parts}", idx + 1)
}

/// How loudly a result is to be shown: by its mark, or by its own range.
fn loudest(measured: &Measurement) -> Tone {
    tone_of(measured.flag.as_ref()).max(tone_of(measured.own_flag.as_ref()))
}

/// Where a report belongs: images are documents, all else are labs.
fn report_kind(root: &Value<'_>, title: &str, codes: &[Code]) -> Kind {
    let categories = root.get("category").into_iter().flat_map(Value::each).map(peek_concept);
    let mut said = None;
    for category in categories {
        for coding in &category.codings {
            said = said.or_else(|| coding.code.and_then(names::is_imaging_section));
        }
        let mut words =
            category.text.into_iter().chain(category.codings.iter().filter_map(|c| c.display));
        said = said.or_else(|| words.any(names::is_imaging_name).then_some(true));
    }
    let has_images = root.get("imagingStudy").is_some() || root.get("image").is_some();
    let by_words = || {
        let displays = codes.iter().filter_map(|code| code.display.as_deref());
        std::iter::once(title).chain(displays).any(names::is_imaging_name)
    };
    let has_results = root.get("result").is_some();
    match said {
        Some(true) => Kind::Documents,
        Some(false) => Kind::Labs,
        None if has_images && !has_results || by_words() => Kind::Documents,
        None => Kind::Labs,
    }
}

fn loinc_of(codes: &[Code]) -> Option<String> {
    codes
        .iter()
        .find(|code| code.system_name.as_deref() == Some(CodeSystem::Loinc.name()))
        .and_then(|code| code.code.clone())
}

fn tone_of(flag: Option<&Flag>) -> Tone {
    flag.map_or(Tone::Plain, |flag| flag.tone)
}

pub(super) fn plain_field(label: &str, text: String, tone: Tone) -> Field {
    Field { label: label.to_owned(), text, when: None, tone, reference: None, codes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_each_mark_once() {
        let mut codes: Vec<_> = FLAGS.iter().map(|(code, ..)| code).collect();
        let n_flags = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), n_flags);
    }

    #[test]
    fn tells_a_range_s_text_once() {
        assert!(says_the_same("3.5–5.1", "3.5 - 5.1", None));
        assert!(says_the_same("3.4–11.8", "3.40 - 11.80 x10(3)/uL", Some("x10(3)/uL")));
        assert!(!says_the_same("3.5–5.1", "3.5 - 5.2", None));
        assert!(!says_the_same("3.5–5.1", "adults: 3.5 - 5.1", None));
    }

    #[test]
    fn keeps_every_digit_and_the_comparator() {
        let record = read(
            r#"{"code":{"text":"A1c"},"status":"final",
            "valueQuantity":{"value":7.0,"unit":"%","comparator":"<"}}"#,
        );
        let [part] = record.measurements.as_slice() else { panic!("one measurement") };
        assert_eq!((part.value.as_deref(), part.unit.as_deref()), (Some("<7.0"), Some("%")));
        assert_eq!(record.subtitle, "No range sent");
    }

    #[test]
    fn shows_the_sender_s_mark_as_theirs_and_our_comparison_beside_it() {
        let record = read(
            r#"{"code":{"text":"Sodium"},"valueQuantity":{"value":200,"unit":"mmol/L"},
            "referenceRange":[{"low":{"value":135},"high":{"value":145}}]}"#,
        );
        assert_eq!((record.measurements[0].flag.clone(), record.tone), (None, Tone::Notice));
        let own = record.measurements[0].own_flag.clone().unwrap();
        assert_eq!((own.text.as_str(), own.direction), ("Above its range", Some(Direction::Up)));
        for (sent, text, tone) in [
            (r#"{"coding":[{"code":"L"}]}"#, "Low", Tone::Notice),
            (r#"[{"coding":[{"system":"x","code":"HH"}]}]"#, "Critically high", Tone::Alarm),
            (r#"{"coding":[{"code":"N"},{"code":"H"}]}"#, "High", Tone::Notice),
            (r#"{"coding":[{"code":"POS"}]}"#, "Positive", Tone::Plain),
            (r#"{"coding":[{"code":"<"}]}"#, "Below what the instrument can measure", Tone::Plain),
            (r#"{"coding":[{"code":">"}]}"#, "Above what the instrument can measure", Tone::Plain),
            (r#"{"text":"borderline"}"#, "“borderline”", Tone::Plain),
        ] {
            let record = read(&format!(
                r#"{{"code":{{"text":"Sodium"}},"valueString":"1","interpretation":{sent}}}"#
            ));
            let flag = record.measurements[0].flag.clone().unwrap();
            assert_eq!((flag.text.as_str(), flag.tone), (text, tone), "{sent}");
            assert_eq!(record.tone, tone);
        }
    }

    #[test]
    fn what_no_instrument_can_measure_is_not_out_of_range() {
        let record = read(
            r#"{"code":{"text":"Panel"},"component":[
            {"code":{"text":"Viral load"},"valueQuantity":{"value":20,"comparator":"<","unit":"copies/mL"},
             "interpretation":{"coding":[{"code":"<"}]}}]}"#,
        );
        assert_eq!((record.subtitle.as_str(), record.tone), ("1 result", Tone::Plain));
        assert!(!record.measurements[0].is_out());
    }

    #[test]
    fn compares_equivalents_with_moles_for_single_charges_only() {
        let own = |name: &str| {
            read(&format!(
                r#"{{"code":{{"text":"{name}"}},"valueQuantity":{{"value":1.6,"unit":"mEq/L"}},
                "referenceRange":[{{"text":"0.7 - 1.0 mmol/L"}}]}}"#
            ))
            .measurements[0]
                .own_flag
                .is_some()
        };
        assert!(own("Potassium"));
        assert!(!own("Magnesium"));
    }

    #[test]
    fn a_report_says_what_lies_outside_of_its_range_without_a_mark() {
        struct Results;
        impl super::super::Lookup for Results {
            fn resource(&self, target: &str) -> Option<Vec<u8>> {
                let mark = match target {
                    "Observation/own" => "",
                    "Observation/n" => r#""interpretation":{"coding":[{"code":"N"}]},"#,
                    "Observation/l" => r#""interpretation":{"coding":[{"code":"L"}]},"#,
                    _ => return None,
                };
                let raw = format!(
                    r#"{{"resourceType":"Observation","status":"final","code":{{"text":"Sodium"}},{mark}
                    "valueQuantity":{{"value":160,"unit":"mmol/L"}},"referenceRange":[{{"text":"135-145"}}]}}"#
                );
                Some(raw.into_bytes())
            }
        }
        let record = super::super::derive(
            br#"{"resourceType":"DiagnosticReport","status":"final","code":{"text":"Salts"},"result":[
            {"reference":"Observation/own"},{"reference":"Observation/n"},{"reference":"Observation/l"}]}"#,
            &Results,
        );
        assert_eq!(record.subtitle, "3 results, 1 marked out of range, 2 outside the range sent");
        assert_eq!(record.tone, Tone::Notice);
        let results = record.sections.iter().find(|section| section.title == "Results").unwrap();
        let texts: Vec<&str> = results.fields.iter().map(|field| field.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "160 mmol/L (above its range), range 135-145",
                "160 mmol/L (marked Normal; its own range says above), range 135-145",
                "160 mmol/L (marked Low; its own range says above), range 135-145",
            ]
        );
    }

    #[test]
    fn a_name_that_was_worked_out_never_stands_without_its_word() {
        let part = |value: &str, range: &str| {
            format!(
                r#"{{"valueQuantity":{{"value":{value},"unit":"mmol/L"}},"referenceRange":[{{"text":"{range}"}}],
                "interpretation":{{"coding":[{{"code":"N"}}]}}}}"#
            )
        };
        let parts = [("138", "134-144"), ("4.4", "3.5-5.2"), ("101", "96-106"), ("24", "20-29")];
        let parts: Vec<String> = parts.iter().map(|(value, range)| part(value, range)).collect();
        let record = read(&format!(
            r#"{{"code":{{"text":"Electrolyte Panel"}},"component":[{}]}}"#,
            parts.join(",")
        ));
        assert!(record.measurements.iter().all(|one| one.name_from == NameFrom::Inferred));
        let told = record.sections.iter().find(|one| one.title == "Sent with the results").unwrap();
        assert_eq!(told.fields.len(), 4);
        for field in &told.fields {
            assert!(field.label.starts_with("likely "), "{}", field.label);
        }
    }

    #[test]
    fn puts_every_range_into_words() {
        for (sent, words) in [
            (r#"{"low":{"value":4.80},"high":{"value":5.6}}"#, "4.80–5.6"),
            (r#"{"high":{"value":150}}"#, "150 or less"),
            (r#"[{"text":"<150"}]"#, "<150"),
            (r#"[{"text":"Not Estab."}]"#, "Not Estab."),
            (r#"[{"low":{"value":1,"unit":"g"}}]"#, "1 g or more"),
            (
                r#"[{"text":"12-15","meaning":{"text":"women"}},{"text":"13-17","meaning":{"text":"men"}}]"#,
                "12-15 (women); 13-17 (men)",
            ),
            (r#""3.5 5.1""#, "3.5 5.1"),
        ] {
            let record = read(&format!(
                r#"{{"code":{{"text":"X"}},"valueQuantity":{{"value":1,"unit":"mg"}},"referenceRange":{sent}}}"#
            ));
            assert_eq!(record.measurements[0].range.as_deref(), Some(words), "{sent}");
        }
    }

    #[test]
    fn keeps_a_text_that_is_a_value_as_it_was_sent() {
        for (sent, value) in [
            ("o-negative", "o-negative"),
            ("non-reactive", "non-reactive"),
            ("2015-02", "2015-02"),
            ("1:40", "1:40"),
            ("<div>Not <b>seen</b></div>", "Not seen"),
        ] {
            let record = read(&format!(
                r#"{{"status":"final","code":{{"text":"X"}},"valueString":"{sent}"}}"#
            ));
            assert_eq!(record.measurements[0].value.as_deref(), Some(value));
        }
    }

    #[test]
    fn says_why_there_is_no_value() {
        let record = read(
            r#"{"code":{"text":"X"},"dataAbsentReason":{"coding":[{"code":"not-performed"}]}}"#,
        );
        assert_eq!(record.measurements[0].absent.as_deref(), Some("Not measured"));
        assert_eq!(
            (record.measurements[0].value.clone(), record.subtitle.as_str()),
            (None, "Not measured")
        );
    }

    #[test]
    fn numbers_the_parts_that_came_without_a_name() {
        let record = read(
            r#"{"code":{"text":"Panel"},"component":[
            {"valueQuantity":{"value":5.0,"unit":"K/uL"}},
            {"code":{"text":"Hemoglobin"},"valueQuantity":{"value":"11.7","unit":"g/dL"},"interpretation":{"coding":[{"code":"L"}]}},
            {"code":{"coding":[{"system":"http://loinc.org","code":"777-3"}]},"valueString":"250"}]}"#,
        );
        let names: Vec<_> =
            record.measurements.iter().map(|part| (part.index, part.name.as_str())).collect();
        assert_eq!(names, [(0, "Unnamed result 1 of 3"), (1, "Hemoglobin"), (2, "Platelets")]);
        assert_eq!(record.measurements[2].code.as_deref(), Some("777-3"));
        assert_eq!(record.subtitle, "3 results, 1 marked out of range");
        assert_eq!((record.kind, record.tone), (Kind::Labs, Tone::Notice));
    }

    #[test]
    fn joins_the_two_blood_pressures_of_one_observation() {
        let record = read(
            r#"{"code":{"text":"Blood pressure"},"component":[
            {"code":{"text":"Systolic"},"valueQuantity":{"value":134,"unit":"mmHg"}},
            {"code":{"text":"Diastolic"},"valueQuantity":{"value":78,"unit":"mmHg"}}]}"#,
        );
        assert_eq!((record.subtitle.as_str(), record.kind), ("134/78 mmHg", Kind::Vitals));
    }

    #[test]
    fn tells_vitals_from_labs() {
        for (sent, kind) in [
            (r#"{"code":{"text":"Body tempurature"}}"#, Kind::Vitals),
            (
                r#"{"code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}"#,
                Kind::Vitals,
            ),
            (
                r#"{"code":{"text":"Anything"},"category":[{"coding":[{"code":"vital-signs"}]}]}"#,
                Kind::Vitals,
            ),
            (r#"{"code":{"text":"Heart rate"},"category":{"text":"Procedure"}}"#, Kind::Vitals),
            (
                r#"{"code":{"text":"Smoking"},"category":{"coding":[{"code":"social-history"}]}}"#,
                Kind::Other,
            ),
            (
                r#"{"code":{"coding":[{"system":"http://loinc.org","code":"72166-2"}]}}"#,
                Kind::Other,
            ),
            (r#"{"code":{"text":"Sodium"}}"#, Kind::Labs),
            (
                r#"{"code":{"text":"Glucose"},"category":{"coding":[{"code":"laboratory"}]}}"#,
                Kind::Labs,
            ),
        ] {
            assert_eq!(read(sent).kind, kind, "{sent}");
        }
        assert_eq!(read("{}").title, "Unnamed result");
    }

    #[test]
    fn keeps_the_results_sent_along_with_a_report() {
        let record = super::super::derive(
            br##"{"resourceType":"DiagnosticReport","contained":[{"resourceType":"Observation","id":"a","status":"final",
                "code":{"text":"Sodium"},"valueQuantity":{"value":140,"unit":"mmol/L"}}],
                "result":[{"reference":"#a"},{"reference":"Observation/7","display":"Potassium"}]}"##,
            &Nothing,
        );
        assert_eq!((record.title.as_str(), record.subtitle.as_str()), ("Lab report", "2 results"));
        assert_eq!(record.measurements[0].name, "Sodium");
        assert_eq!(record.missing, ["Observation/7"]);
        let field = &record.sections[0].fields[0];
        assert_eq!(
            (field.text.as_str(), field.reference.as_deref()),
            ("Potassium", Some("Observation/7"))
        );
    }

    fn read(fields: &str) -> super::super::Record {
        let fields = fields.replacen(r#""status":"final","#, "", 1);
        let raw = fields.replacen('{', r#"{"resourceType":"Observation","status":"final","#, 1);
        let raw = raw.replacen(r#""status":"final",}"#, r#""status":"final"}"#, 1);
        super::super::derive(raw.as_bytes(), &Nothing)
    }

    struct Nothing;

    impl super::super::Lookup for Nothing {
        fn resource(&self, _target: &str) -> Option<Vec<u8>> {
            None
        }
    }
}
