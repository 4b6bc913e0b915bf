//! `onhand records` and `onhand show`: what they print.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use onhand_core::fhir::date;
use onhand_core::{
    api::{AboutKind, DatabaseState, Detail, Filter, List, Page, Person, Row},
    record::{Field, Flag, Kind, Likelihood, Measurement, NameFrom, When},
};
use serde_json::{Value, json};

use crate::{
    args,
    exit::{Exit, Stop},
    host::Host,
    text::{Align, Table, one_line, plain},
};

/// As many as a list gives at a time.
const PAGE: u32 = 500;

/// Lists what was asked for: every kept record, gone and folded ones too.
pub(crate) async fn list(arguments: &args::Records, host: &Host) -> Result<Exit, Stop> {
    let output = host.output;
    let start = host.start().await?;
    let person = match &arguments.person {
        Some(wanted) => Some(person_meant(wanted, &start.people)?),
        None => None,
    };
    let page = if start.database == DatabaseState::Open {
        let filter = Filter {
            person,
            kinds: arguments.kind.clone(),
            query: arguments.search.clone(),
            folded: true,
            unsaid: arguments.unsaid,
            ..Filter::default()
        };
        all_of(host, filter, arguments.limit.unwrap_or(u64::MAX)).await?
    } else {
        Page { total: 0, records: Vec::new(), corrected: None }
    };
    if output.json {
        let has_results = |kind: &Kind| matches!(kind, Kind::Labs | Kind::Vitals);
        let results = match arguments.kind.iter().any(has_results) {
            true => {
                let ids = page.records.iter().filter(|row| has_results(&row.kind));
                let ids: Vec<i64> = ids.map(|row| row.id).collect();
                let all = host.app.results(ids.clone()).await?;
                ids.into_iter().zip(all).collect()
            }
            false => BTreeMap::new(),
        };
        output.document(&list_document(&page, results))?;
        return Ok(Exit::Done);
    }
    let mut lines = Vec::new();
    if let ([kind], true, DatabaseState::Open) =
        (arguments.kind.as_slice(), arguments.search.is_none() && !arguments.unsaid, start.database)
    {
        let about = host.app.about_kind(AboutKind { person, kind: *kind }).await?;
        lines.extend(about.statements.iter().chain(&about.notes).map(|said| one_line(said)));
        lines.push(String::new());
    }
    lines.push(list_text(&page, &start.people, output.width()));
    output.text(&lines.join("\n"))?;
    Ok(Exit::Done)
}

/// Shows one record, or writes its source.
pub(crate) async fn show(arguments: &args::Show, host: &Host) -> Result<Exit, Stop> {
    let output = host.output;
    let start = host.start().await?;
    if start.database != DatabaseState::Open {
        return Err(Stop {
            exit: Exit::Failed,
            code: "not_found".to_owned(),
            message: "There are no records here yet. `onhand connect` comes first.".to_owned(),
        });
    }
    if let Some(number) = arguments.attachment {
        let index = number
            .checked_sub(1)
            .ok_or_else(|| Stop::usage("--attachment counts from 1.".to_owned()))?;
        output.bytes(&host.app.attachment_bytes(arguments.id, index).await?)?;
    } else if arguments.raw {
        output.bytes(&host.app.raw_bytes(arguments.id).await?)?;
    } else {
        let detail = host.app.record(arguments.id).await?;
        if output.json {
            output.document(&json!(detail))?;
        } else {
            output.text(&detail_text(&detail, &start.people))?;
        }
    }
    Ok(Exit::Done)
}

async fn all_of(host: &Host, filter: Filter, most: u64) -> Result<Page, Stop> {
    let mut all = Page { total: 0, records: Vec::new(), corrected: None };
    loop {
        let wanted = most.saturating_sub(all.records.len() as u64);
        let list = List {
            filter: filter.clone(),
            offset: u32::try_from(all.records.len()).unwrap_or(u32::MAX),
            limit: u32::try_from(wanted).unwrap_or(PAGE).min(PAGE),
        };
        let page = host.app.list(list).await?;
        all.total = page.total;
        let is_last = page.records.is_empty();
        all.records.extend(page.records);
        let n_records = all.records.len() as u64;
        if is_last || n_records >= most || n_records >= all.total {
            return Ok(all);
        }
    }
}

/// The number of the person meant by a number or a name.
fn person_meant(wanted: &str, people: &[Person]) -> Result<i64, Stop> {
    let wanted = wanted.trim();
    if let Ok(id) = wanted.parse::<i64>()
        && people.iter().any(|person| person.id == id)
    {
        return Ok(id);
    }
    let lower = wanted.to_lowercase();
    let exactly = people.iter().filter(|person| person.name.to_lowercase() == lower);
    let in_part = people.iter().filter(|person| person.name.to_lowercase().contains(&lower));
    for found in [exactly.collect::<Vec<_>>(), in_part.collect()] {
        if let [one] = found.as_slice() {
            return Ok(one.id);
        }
    }
    let known: Vec<String> =
        people.iter().map(|person| format!("{} ({})", person.id, one_line(&person.name))).collect();
    let known = if known.is_empty() { "nobody yet".to_owned() } else { known.join(", ") };
    Err(Stop::usage(format!("--person names nobody, or more than one. There is: {known}.")))
}

/// The JSON of `onhand records`. A record whose `results` are given carries them as `onhand show` does.
fn list_document(page: &Page, mut results: BTreeMap<i64, Vec<Measurement>>) -> Value {
    let records: Vec<Value> = page
        .records
        .iter()
        .map(|row| {
            let mut record = json!(row);
            if let (Some(fields), Some(results)) = (record.as_object_mut(), results.remove(&row.id))
            {
                let (result, components) = match results.as_slice() {
                    [one] => (Some(one), &[][..]),
                    many => (None, many),
                };
                let of_many = || (!components.is_empty()).then_some(NameFrom::Portal);
                let name = result.map(|one| one.name.as_str());
                let name = name.or_else(|| (!components.is_empty()).then_some(row.title.as_str()));
                for (field, value) in [
                    ("name", json!(name)),
                    ("name_from", json!(result.map(|one| one.name_from).or_else(of_many))),
                    ("likelihood", json!(result.and_then(|one| one.likelihood))),
                    ("reasons", json!(result.map_or(&[][..], |one| one.reasons.as_slice()))),
                    ("candidates", json!(result.map_or(&[][..], |one| one.candidates.as_slice()))),
                    ("unit", json!(result.and_then(|one| one.unit.as_deref()))),
                    ("range", json!(result.and_then(|one| one.range.as_deref()))),
                    ("code", json!(result.and_then(|one| one.code.as_deref()))),
                    ("result", json!(result)),
                    ("components", json!(components)),
                ] {
                    fields.insert(field.to_owned(), value);
                }
            }
            record
        })
        .collect();
    json!({ "total": page.total, "records": records })
}

/// The same for a person: one line for each record.
fn list_text(page: &Page, people: &[Person], width: Option<usize>) -> String {
    let several = people.len() > 1;
    let mut columns = vec![
        ("ID", Align::Right),
        ("WHEN", Align::Left),
        ("KIND", Align::Left),
        ("TITLE", Align::Left),
    ];
    if several {
        columns.push(("WHOSE", Align::Left));
    }
    columns.push(("", Align::Left));
    let mut table = Table::new(columns);
    for row in &page.records {
        let mut cells = vec![
            row.id.to_string(),
            row.when_detail.as_ref().map_or_else(|| "undated".to_owned(), time_text),
            row.kind.name().to_owned(),
            row.title.clone(),
        ];
        if several {
            cells.push(whose(row, people).unwrap_or_default().to_owned());
        }
        cells.push(remarks(row).join("; "));
        table.row(cells);
    }
    let mut lines = if page.records.is_empty() { Vec::new() } else { table.lines(width) };
    head_groups(&mut lines, &page.records);
    let n_shown = page.records.len() as u64;
    lines.push(if n_shown < page.total {
        format!("{n_shown} of {} records.", page.total)
    } else {
        match page.total {
            0 => "No record.".to_owned(),
            1 => "1 record.".to_owned(),
            total => format!("{total} records."),
        }
    });
    lines.join("\n")
}

/// One record in full, for a person.
fn detail_text(detail: &Detail, people: &[Person]) -> String {
    let row = &detail.row;
    let mut lines = vec![one_line(&row.title)];
    let mut about = vec![row.kind.name().replace('_', " ")];
    about.push(row.when_detail.as_ref().map_or_else(|| "undated".to_owned(), when_text));
    about.extend(row.status_text.as_deref().or(row.status.as_deref()).map(one_line));
    about.extend(whose(row, people).map(one_line));
    lines.push(about.join(" · "));
    if !row.subtitle.is_empty() && row.value.is_none() {
        lines.push(one_line(&row.subtitle));
    }
    lines.extend(row.group.as_ref().map(|group| one_line(&group.title)));
    lines.extend(row.counts_as.as_deref().map(one_line));
    lines.extend(row.notes.iter().map(|note| one_line(note)));
    if let Some(sent) = &detail.title_sent {
        lines.push(one_line(&format!("Sent as: {sent}")));
    }
    if let Some(since) = &row.gone_since {
        lines.push(format!("The portal no longer sends it (seen {since})."));
    }
    if let Some(part_of) = row.part_of {
        lines.push(format!("Part of record {part_of}."));
    }
    if let Some(value) = &row.value {
        let mut line = one_line(&format!("{value} {}", detail.unit.as_deref().unwrap_or_default()));
        line.extend(row.flag.as_ref().map(|flag| format!("  {}", flag_text(flag))));
        line += &detail.result.as_ref().map(beside).unwrap_or_default();
        lines.push(line);
    }
    let inferred = detail.name_from == Some(NameFrom::Inferred);
    lines.extend(inferred.then(|| guess(detail.likelihood, &detail.reasons, &detail.candidates)));
    for measurement in &detail.components {
        lines.push(format!("  {}", measurement_text(measurement)));
    }
    for section in detail.sections.iter().filter(|section| !section.fields.is_empty()) {
        lines.push(String::new());
        if !section.title.is_empty() {
            lines.push(one_line(&section.title));
        }
        lines.extend(section.fields.iter().map(field_text));
    }
    if let Some(narrative) = &detail.narrative {
        lines.push(String::new());
        lines.push(plain(narrative));
    }
    group(
        &mut lines,
        "Attached",
        detail.attachments.iter().enumerate().map(|(idx, attachment)| {
            let kind = attachment.content_type.as_deref().unwrap_or("unknown kind");
            let size = attachment.size.map(|size| format!(", {size} bytes")).unwrap_or_default();
            let place = match (&attachment.url, attachment.inline) {
                (_, true) => String::new(),
                (Some(url), false) => format!(", at {url}"),
                (None, false) => ", not sent".to_owned(),
            };
            one_line(&format!("{}. {} ({kind}{size}{place})", idx + 1, attachment.title))
        }),
    );
    group(
        &mut lines,
        "Codes",
        detail.codes.iter().map(|code| {
            let system = code.system_name.as_deref().or(code.system.as_deref()).unwrap_or("code");
            let words = [Some(system), code.code.as_deref(), code.display.as_deref()];
            one_line(&words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }),
    );
    group(
        &mut lines,
        "Related",
        detail.related.iter().map(|related| {
            let role = role_words(&related.role);
            one_line(&match &related.row {
                Some(row) => format!("{role}: {} (record {})", row.title, row.id),
                None => format!("{role}: {} (not sent by the portal)", related.target),
            })
        }),
    );
    group(
        &mut lines,
        "Could not be read",
        detail
            .problems
            .iter()
            .map(|problem| one_line(&format!("{}: {}", problem.path, problem.message))),
    );
    lines.push(String::new());
    let id = row.source.id.as_deref().unwrap_or("(no id)");
    lines.push(one_line(&format!(
        "From {}, {}/{id}, first seen {}, last seen {}.",
        detail.portal, row.source.resource_type, detail.first_seen, detail.last_seen
    )));
    if !detail.versions.is_empty() {
        lines.push(format!("Earlier versions kept: {}.", detail.versions.join(", ")));
    }
    lines.push("Not medical advice; your practice's record decides.".to_owned());
    lines.join("\n")
}

/// What is to be known of a record besides its name.
fn remarks(row: &Row) -> Vec<String> {
    let mut remarks = Vec::new();
    remarks.extend(row.value.clone());
    remarks.extend(row.flag.as_ref().map(flag_text));
    remarks.extend(row.status_text.clone().or_else(|| row.status.clone()));
    // The subtitle of a single result is its value once more.
    let says_more = !row.subtitle.is_empty() && row.value.is_none();
    remarks.extend(says_more.then(|| row.subtitle.clone()));
    remarks.extend(row.counts_as.clone());
    remarks.extend(row.notes.iter().cloned());
    remarks.extend(row.part_of.map(|id| format!("part of {id}")));
    remarks.extend(row.gone_since.as_ref().map(|since| format!("no longer sent, seen {since}")));
    remarks
}

fn whose<'a>(row: &Row, people: &'a [Person]) -> Option<&'a str> {
    let id = row.person?;
    people.iter().find(|person| person.id == id).map(|person| person.name.as_str())
}

/// Puts the heading of each part before its first line; the lines of the table begin with its head.
fn head_groups(lines: &mut Vec<String>, records: &[Row]) {
    let is_one_list = records.windows(2).all(|two| match two {
        [one, next] => one.kind == next.kind,
        _ => true,
    });
    if !is_one_list {
        return;
    }
    for (idx, row) in records.iter().enumerate().rev() {
        let before = idx.checked_sub(1).and_then(|before| records.get(before));
        if let Some(group) = &row.group
            && before.and_then(|before| before.group.as_ref()) != Some(group)
            && idx < lines.len()
        {
            lines.insert(idx + 1, format!("-- {}", one_line(&group.title)));
        }
    }
}

/// A time in words, its end too; an instant (`Z`) in this computer's zone.
fn time_text(when: &When) -> String {
    let here = TimeZone::system();
    let words = |text: &String| date::words_in(text, &here).unwrap_or_else(|| text.clone());
    one_line(&match (&when.start, &when.end) {
        (Some(start), Some(end)) if start != end => format!("{} to {}", words(start), words(end)),
        (Some(start), _) => words(start),
        (None, Some(end)) => format!("until {}", words(end)),
        (None, None) => String::new(),
    })
}

fn when_text(when: &When) -> String {
    let time = time_text(when);
    match when.label.as_str() {
        "on" | "" => one_line(&time),
        label => one_line(&format!("{} {time}", words(label))),
    }
}

/// What one record is to another; `replaces_of` is what the other one says of it.
fn role_words(role: &str) -> String {
    match role {
        "replaces_of" => "replaced by".to_owned(),
        "part_of" => "part of".to_owned(),
        role if role.ends_with("_of") => "mentioned in".to_owned(),
        role => words(role),
    }
}

/// A slug or a field's name (`managingOrganization`) as words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for char in name.chars() {
        if char.is_uppercase() {
            words.push(' ');
        }
        words.extend(char.to_lowercase());
    }
    words.replace(['_', '-'], " ").trim_start().to_owned()
}

fn flag_text(flag: &Flag) -> String {
    if flag.text.is_empty() { one_line(&flag.code) } else { one_line(&flag.text) }
}

fn measurement_text(measurement: &Measurement) -> String {
    let likely = match (measurement.name_from, measurement.likelihood) {
        (NameFrom::Inferred, Some(Likelihood::Strong | Likelihood::Likely) | None) => "likely ",
        (NameFrom::Inferred, Some(Likelihood::OneOf))
        | (NameFrom::Portal | NameFrom::Person, _) => "",
    };
    let mut text = format!("{likely}{}: ", one_line(&measurement.name));
    match (&measurement.value, &measurement.unit, &measurement.absent) {
        (Some(value), Some(unit), _) => text += &one_line(&format!("{value} {unit}")),
        (Some(value), None, _) => text += &one_line(value),
        (None, _, Some(absent)) => text += &one_line(absent),
        (None, _, None) => text += "no value sent",
    }
    text.extend(measurement.flag.as_ref().map(|flag| format!("  {}", flag_text(flag))));
    text += &beside(measurement);
    if measurement.name_from == NameFrom::Inferred {
        let guess = guess(measurement.likelihood, &measurement.reasons, &measurement.candidates);
        text += &format!("\n    {guess}");
    }
    text
}

/// What stands beside a value: its other unit, its range, and where it lies in that.
fn beside(measurement: &Measurement) -> String {
    let mut text = String::new();
    text.extend(measurement.converted.as_deref().map(|other| format!(" = {}", one_line(other))));
    match (&measurement.flag_note, &measurement.own_flag) {
        (Some(note), _) => text += &format!("  {}", one_line(note)),
        (None, Some(own)) if measurement.flag.is_none() => text += &format!("  {}", flag_text(own)),
        (None, _) => {}
    }
    let range = measurement.range.as_deref();
    text.extend(range.map(|range| format!("  (range: {})", one_line(range))));
    text.extend(measurement.range_note.as_deref().map(|note| format!("  ({})", one_line(note))));
    if measurement.name_from == NameFrom::Person {
        let at = measurement.named_at.as_deref().unwrap_or_default();
        text += &format!("  named by you, {}", at.get(..10).unwrap_or(at));
    }
    text
}

/// That a name is a guess, how sure it is, why, and what else it might be.
fn guess(likelihood: Option<Likelihood>, reasons: &[String], candidates: &[String]) -> String {
    let mut text = match likelihood {
        Some(Likelihood::Strong) => {
            "The name is likely, not sent by the portal: nothing else fits."
        }
        Some(Likelihood::Likely) => "The name is likely, not sent by the portal: it fits best.",
        Some(Likelihood::OneOf) => "The name is one of several that fit, not sent by the portal.",
        None => "The name is likely, not sent by the portal.",
    }
    .to_owned();
    for reason in reasons {
        text += &format!(" {}", one_line(reason));
    }
    if !candidates.is_empty() {
        text += &format!(" Others that fit: {}.", one_line(&candidates.join(", ")));
    }
    text
}

fn field_text(field: &Field) -> String {
    let text = field.when.as_ref().map_or_else(|| plain(&field.text), time_text);
    let text = text.replace('\n', "\n    ");
    if field.label.is_empty() {
        format!("  {text}")
    } else {
        format!("  {}: {text}", one_line(&field.label))
    }
}

fn group(lines: &mut Vec<String>, heading: &str, members: impl Iterator<Item = String>) {
    let mut members = members.map(|member| format!("  {member}")).peekable();
    if members.peek().is_some() {
        lines.push(String::new());
        lines.push(heading.to_owned());
        lines.extend(members);
    }
}
