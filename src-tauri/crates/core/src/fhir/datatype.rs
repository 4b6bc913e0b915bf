//! DSTU2 datatypes, read tolerantly and put into words.
//!
//! Each reader marks what it took as told ([`Value::mark`]), and nothing else: what it does not know
//! stays untold and is found by whoever walks the resource afterwards.

use std::cell::RefCell;

use super::date;
use super::json::{Node, Value};

/// What a reader found that is not as DSTU2 says, and where (a byte of the input).
#[derive(Debug, Default)]
pub struct Notes(RefCell<Vec<(usize, &'static str)>>);

impl Notes {
    /// Notes `message`, a sentence, about `value`.
    pub fn add(&self, value: &Value<'_>, message: &'static str) {
        let note = (value.span().start, message);
        let mut notes = self.0.borrow_mut();
        if notes.len() < 64 && !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Everything noted, in order.
    pub fn take(&self) -> Vec<(usize, &'static str)> {
        self.0.take()
    }
}

/// What kind of element an object is, told by its members: DSTU2 JSON does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A CodeableConcept.
    Concept,
    /// A Coding.
    Coding,
    /// A Quantity, Age, Duration, Money, Count or Distance.
    Quantity,
    /// A Range.
    Range,
    /// A Ratio.
    Ratio,
    /// A Period.
    Period,
    /// A Timing.
    Timing,
    /// A Reference.
    Reference,
    /// An Identifier.
    Identifier,
    /// A HumanName.
    Name,
    /// A ContactPoint.
    Contact,
    /// An Address.
    Address,
    /// An Attachment.
    Attachment,
    /// An Annotation.
    Annotation,
    /// SampledData.
    Sampled,
    /// An Extension.
    Extension,
    /// A Narrative.
    Narrative,
    /// Anything else: an element of elements.
    Other,
}

/// Tells what kind of element `value` is.
pub fn shape(value: &Value<'_>) -> Shape {
    let mut keys = 0_u64;
    for member in value.members() {
        keys |= bit(&member.key);
    }
    if keys == 0 {
        return Shape::Other;
    }
    let has = |key: u64| keys & key != 0;
    let only = |allowed: u64| keys & !(allowed | SILENT | EXTENSION) == 0;
    if has(URL) && (has(EXTENSION) || value.members().iter().any(|m| m.key.starts_with("value"))) {
        return Shape::Extension;
    }
    if has(CODING) && only(CODING | TEXT) {
        return Shape::Concept;
    }
    if only(REFERENCE | DISPLAY | TYPE | IDENTIFIER) && (has(REFERENCE) || only(DISPLAY)) {
        return Shape::Reference;
    }
    if has(TEXT) {
        if only(TEXT) {
            return Shape::Concept;
        }
        if only(TEXT | TIME | AUTHOR) {
            return Shape::Annotation;
        }
    }
    if has(DIV) && only(DIV | STATUS) {
        return Shape::Narrative;
    }
    let is_scalar = |key: &str| value.get(key).is_none_or(|found| found.scalar().is_some());
    if only(SYSTEM | VERSION | CODE | DISPLAY | SELECTED)
        && (has(DISPLAY) || has(SYSTEM) && has(CODE))
        && is_scalar("code")
    {
        return Shape::Coding;
    }
    if only(VALUE | COMPARATOR | UNIT | SYSTEM | CODE) && is_scalar("code") && is_scalar("value") {
        let number = value.get("value").and_then(Value::scalar).unwrap_or_default();
        let is_number = value.get("value").is_some_and(|v| matches!(v.node(), Node::Number(_)))
            || has(CODE) && number.trim().parse::<f64>().is_ok();
        if has(UNIT | COMPARATOR) || is_number {
            return Shape::Quantity;
        }
    }
    if only(START | END) {
        return Shape::Period;
    }
    if only(LOW | HIGH) {
        return Shape::Range;
    }
    if only(NUMERATOR | DENOMINATOR) {
        return Shape::Ratio;
    }
    if has(REPEAT) && only(REPEAT | EVENT | CODE) || has(EVENT) && only(EVENT | CODE) {
        return Shape::Timing;
    }
    if has(ORIGIN) && has(DATA) {
        return Shape::Sampled;
    }
    if has(VALUE) && only(USE | TYPE | SYSTEM | VALUE | PERIOD | ASSIGNER | RANK) {
        let system = value.get("system").and_then(Value::str);
        let is_contact =
            matches!(system, Some("phone" | "fax" | "email" | "pager" | "other" | "url" | "sms"));
        return if is_contact || has(RANK) { Shape::Contact } else { Shape::Identifier };
    }
    if only(CONTENT_TYPE | LANGUAGE | DATA | URL | SIZE | HASH | TITLE | CREATION)
        && has(CONTENT_TYPE | DATA | URL)
    {
        return Shape::Attachment;
    }
    if only(USE | TEXT | FAMILY | GIVEN | PREFIX | SUFFIX | PERIOD)
        && (has(FAMILY | GIVEN) || has(TEXT) && has(USE))
    {
        return Shape::Name;
    }
    if only(USE | TYPE | TEXT | LINE | PLACE | PERIOD) && has(LINE | PLACE) {
        return Shape::Address;
    }
    Shape::Other
}

const OTHER: u64 = 1;
const SILENT: u64 = 1 << 1;
const EXTENSION: u64 = 1 << 2;
const URL: u64 = 1 << 3;
const CODING: u64 = 1 << 4;
const TEXT: u64 = 1 << 5;
const REFERENCE: u64 = 1 << 6;
const DISPLAY: u64 = 1 << 7;
const TYPE: u64 = 1 << 8;
const IDENTIFIER: u64 = 1 << 9;
const TIME: u64 = 1 << 10;
const AUTHOR: u64 = 1 << 11;
const DIV: u64 = 1 << 12;
const STATUS: u64 = 1 << 13;
const SYSTEM: u64 = 1 << 14;
const VERSION: u64 = 1 << 15;
const CODE: u64 = 1 << 16;
const SELECTED: u64 = 1 << 17;
const VALUE: u64 = 1 << 18;
const COMPARATOR: u64 = 1 << 19;
const UNIT: u64 = 1 << 20;
const START: u64 = 1 << 21;
const END: u64 = 1 << 22;
const LOW: u64 = 1 << 23;
const HIGH: u64 = 1 << 24;
const NUMERATOR: u64 = 1 << 25;
const DENOMINATOR: u64 = 1 << 26;
const REPEAT: u64 = 1 << 27;
const EVENT: u64 = 1 << 28;
const ORIGIN: u64 = 1 << 29;
const DATA: u64 = 1 << 30;
const USE: u64 = 1 << 31;
const PERIOD: u64 = 1 << 32;
const ASSIGNER: u64 = 1 << 33;
const RANK: u64 = 1 << 34;
const CONTENT_TYPE: u64 = 1 << 35;
const LANGUAGE: u64 = 1 << 36;
const SIZE: u64 = 1 << 37;
const HASH: u64 = 1 << 38;
const TITLE: u64 = 1 << 39;
const CREATION: u64 = 1 << 40;
const FAMILY: u64 = 1 << 41;
const GIVEN: u64 = 1 << 42;
const PREFIX: u64 = 1 << 43;
const SUFFIX: u64 = 1 << 44;
const LINE: u64 = 1 << 45;
const PLACE: u64 = 1 << 46;

fn bit(key: &str) -> u64 {
    match key {
        "coding" => CODING,
        "system" => SYSTEM,
        "code" => CODE,
        "display" => DISPLAY,
        "text" => TEXT,
        "reference" => REFERENCE,
        "value" => VALUE,
        "unit" | "units" => UNIT,
        "id" | "fhir_comments" => SILENT,
        "extension" => EXTENSION,
        "url" => URL,
        "type" => TYPE,
        "identifier" => IDENTIFIER,
        "time" => TIME,
        "authorString" | "authorReference" | "author" => AUTHOR,
        "div" => DIV,
        "status" => STATUS,
        "version" => VERSION,
        "userSelected" | "primary" => SELECTED,
        "comparator" => COMPARATOR,
        "start" => START,
        "end" => END,
        "low" => LOW,
        "high" => HIGH,
        "numerator" => NUMERATOR,
        "denominator" => DENOMINATOR,
        "repeat" => REPEAT,
        "event" => EVENT,
        "origin" => ORIGIN,
        "data" => DATA,
        "use" => USE,
        "period" => PERIOD,
        "assigner" => ASSIGNER,
        "rank" => RANK,
        "contentType" => CONTENT_TYPE,
        "language" => LANGUAGE,
        "size" => SIZE,
        "hash" => HASH,
        "title" => TITLE,
        "creation" => CREATION,
        "family" => FAMILY,
        "given" => GIVEN,
        "prefix" => PREFIX,
        "suffix" => SUFFIX,
        "line" => LINE,
        "city" | "district" | "state" | "postalCode" | "country" => PLACE,
        key if key.starts_with('_') => SILENT,
        _ => OTHER,
    }
}

/// `DSTU2 Coding`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coding<'v> {
    /// The system's address as sent.
    pub system: Option<&'v str>,
    /// The code.
    pub code: Option<&'v str>,
    /// The sender's words for it.
    pub display: Option<&'v str>,
    /// Whether a person chose it.
    pub user_selected: bool,
}

/// `DSTU2 CodeableConcept`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept<'v> {
    /// Its text.
    pub text: Option<&'v str>,
    /// Its codings; those a person chose first.
    pub codings: Vec<Coding<'v>>,
}

/// Reads a CodeableConcept, also where a Coding, a plain text or a list of them stands instead.
pub fn concept<'v>(value: &'v Value<'_>, notes: &Notes) -> Concept<'v> {
    let mut read = Concept::default();
    let mut items = value.each();
    let Some(first) = items.next() else { return read };
    if first.scalar().is_some() {
        first.mark();
        read.text = first.scalar().map(str::trim).filter(|text| !text.is_empty());
        return read;
    }
    read.text = text(first, "text", notes);
    match first.get("coding") {
        Some(codings) => {
            read.codings.extend(codings.each().map(|item| coding(item, notes)));
        }
        None if first.get("code").is_some() || first.get("display").is_some() => {
            read.codings.push(coding(first, notes));
        }
        None => {}
    }
    read.codings.sort_by_key(|coding| !coding.user_selected);
    read
}

/// Reads a Coding; a plain text is taken for its code.
pub fn coding<'v>(value: &'v Value<'_>, notes: &Notes) -> Coding<'v> {
    if let Some(code) = value.scalar() {
        value.mark();
        return Coding { code: Some(code.trim()), ..Coding::default() };
    }
    let user_selected = value.get("userSelected");
    user_selected.into_iter().chain(value.get("version")).for_each(Value::mark);
    Coding {
        system: text(value, "system", notes),
        code: text(value, "code", notes),
        display: text(value, "display", notes),
        user_selected: user_selected.and_then(Value::bool).unwrap_or(false),
    }
}

/// `DSTU2 Quantity`, its value with every digit as sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantity<'v> {
    /// `<`, `<=`, `>=`, `>`
    pub comparator: Option<&'v str>,
    /// The number's text.
    pub value: Option<&'v str>,
    /// The unit as sent; its code where no unit was sent.
    pub unit: Option<&'v str>,
    /// The unit's code.
    pub code: Option<&'v str>,
}

impl Quantity<'_> {
    /// The number with its comparator: "<150".
    pub fn number(&self) -> Option<String> {
        self.value.map(|value| format!("{}{value}", self.comparator.unwrap_or_default()))
    }

    /// The whole in words: "<150 mg/dL"; `None` where there is neither number nor unit.
    pub fn words(&self) -> Option<String> {
        match (self.number(), self.unit) {
            (Some(number), Some("%")) => Some(format!("{number} %")),
            (Some(number), Some(unit)) => {
                if unit.bytes().all(|byte| byte.is_ascii_digit()) {
                    // A number behind the number would be read as one with it.
                    return Some(format!("{number} (unit: code {unit})"));
                }
                let unit = time_unit(unit, &number).unwrap_or(unit);
                Some(format!("{number} {unit}"))
            }
            (Some(number), None) => Some(number),
            (None, Some(unit)) => Some(format!("amount not sent ({unit})")),
            (None, None) => None,
        }
    }
}

/// A unit of time in a word, where it was sent as its code (UCUM).
fn time_unit(unit: &str, number: &str) -> Option<&'static str> {
    let (one, many) = match unit {
        "a" => ("year", "years"),
        "mo" => ("month", "months"),
        "wk" => ("week", "weeks"),
        "d" => ("day", "days"),
        "h" => ("hour", "hours"),
        "min" => ("minute", "minutes"),
        _ => return None,
    };
    Some(if number == "1" { one } else { many })
}

/// Reads a Quantity; a bare number or text is taken for its value.
pub fn quantity<'v>(value: &'v Value<'_>, notes: &Notes) -> Quantity<'v> {
    let Some(first) = value.each().next() else { return Quantity::default() };
    if let Some(number) = first.scalar() {
        first.mark();
        notes.add(first, "A quantity was sent as plain text.");
        return Quantity { value: Some(number.trim()), ..Quantity::default() };
    }
    if let Some(system) = first.get("system") {
        system.mark();
    }
    if first.get("value").is_some_and(|sent| matches!(sent.node(), Node::String(_))) {
        notes.add(first, "A number was sent as text.");
    }
    let code = text(first, "code", notes);
    let unit = text(first, "unit", notes).or_else(|| text(first, "units", notes)).or(code);
    Quantity {
        comparator: text(first, "comparator", notes),
        value: text(first, "value", notes),
        unit,
        code,
    }
}

/// `DSTU2 Range` in words, digits as sent: "3.5–5.1 mmol/L", "5 mg or more".
pub fn range_words(value: &Value<'_>, notes: &Notes) -> Option<String> {
    let low = value.get("low").map(|low| quantity(low, notes));
    let high = value.get("high").map(|high| quantity(high, notes));
    bounds_words(low, high, true)
}

/// A lower and an upper bound in words, with the unit or without.
pub fn bounds_words(
    low: Option<Quantity<'_>>,
    high: Option<Quantity<'_>>,
    with_unit: bool,
) -> Option<String> {
    let low_number = low.and_then(|low| low.number());
    let high_number = high.and_then(|high| high.number());
    let unit = high.and_then(|high| high.unit).or_else(|| low.and_then(|low| low.unit));
    let mut words = match (low_number, high_number) {
        (Some(low), Some(high)) => {
            if high.starts_with(['<', '>']) || low.starts_with(['<', '>']) || low.starts_with('-') {
                format!("{low} to {high}")
            } else {
                format!("{low}–{high}")
            }
        }
        (Some(low), None) if low.starts_with(['<', '>']) => low,
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) if high.starts_with(['<', '>']) => high,
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => return None,
    };
    if let Some(unit) = unit.filter(|_| with_unit) {
        let unit = time_unit(unit, "").unwrap_or(unit);
        words = match words.split_once(" or ") {
            Some((number, side)) => format!("{number} {unit} or {side}"),
            None => format!("{words} {unit}"),
        };
    }
    Some(words)
}

/// `DSTU2 Ratio` in words: "1:128", "500 mg per 1 tablet".
pub fn ratio_words(value: &Value<'_>, notes: &Notes) -> Option<String> {
    let numerator = value.get("numerator").map(|part| quantity(part, notes));
    let denominator = value.get("denominator").map(|part| quantity(part, notes));
    match (numerator, denominator) {
        (Some(over), Some(under)) => {
            let unitless = over.unit.is_none() && under.unit.is_none();
            let (over, under) = (over.words()?, under.words()?);
            // "10 mg per day": a part of one is said without its number.
            let under = match under.strip_prefix("1 ").filter(|_| !unitless) {
                Some("daily") => "day",
                Some(one) => one,
                None => &under,
            };
            Some(if unitless { format!("{over}:{under}") } else { format!("{over} per {under}") })
        }
        (Some(one), None) | (None, Some(one)) => one.words(),
        (None, None) => None,
    }
}

/// `DSTU2 Period`: its start and end as sent.
pub fn period<'v>(value: &'v Value<'_>, notes: &Notes) -> (Option<&'v str>, Option<&'v str>) {
    (text(value, "start", notes), text(value, "end", notes))
}

/// A start and an end in words.
pub fn period_words(start: Option<&str>, end: Option<&str>) -> Option<String> {
    match (start, end) {
        (Some(start), Some(end)) if start == end => Some(start.to_owned()),
        (Some(start), Some(end)) => Some(format!("{start} to {end}")),
        (Some(start), None) => Some(format!("from {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => None,
    }
}

/// `DSTU2 Reference`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reference<'v> {
    /// The address as sent.
    pub reference: Option<&'v str>,
    /// The sender's words for it.
    pub display: Option<&'v str>,
}

/// Reads a Reference; a plain text is taken for its address.
pub fn reference<'v>(value: &'v Value<'_>, notes: &Notes) -> Reference<'v> {
    if let Some(address) = value.scalar() {
        value.mark();
        notes.add(value, "A reference was sent as plain text.");
        return Reference { reference: Some(address.trim()), display: None };
    }
    Reference { reference: text(value, "reference", notes), display: text(value, "display", notes) }
}

/// `Type/id` of an address, whatever its base and version; contained (`#x`) and `urn:` addresses as
/// they are; `None` where the address names no resource.
pub fn target(address: &str) -> Option<String> {
    let address = address.trim();
    if let Some((name, id)) = address.split_once('/')
        && is_type_name(name)
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !id.is_empty()
    {
        return Some(address.to_owned());
    }
    if address.is_empty() || address == "#" {
        return None;
    }
    if address.starts_with('#') || address.starts_with("urn:") {
        return Some(address.to_owned());
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split("/_history").next().unwrap_or_default().trim_end_matches('/');
    let mut parts = path.rsplit('/');
    let id = parts.next().filter(|id| !id.is_empty())?;
    match parts.next().filter(|name| is_type_name(name)) {
        Some(name) => Some(format!("{name}/{id}")),
        None => Some(address.to_owned()),
    }
}

/// The id in a name that is no address: `urn:uuid:…`, `urn:oid:…` (`DSTU2 Bundle.entry.fullUrl`).
pub fn urn_id(name: &str) -> Option<&str> {
    let name = name.trim();
    let id = name.strip_prefix("urn:uuid:").or_else(|| name.strip_prefix("urn:oid:"))?;
    (!id.is_empty()).then_some(id)
}

fn is_type_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|first| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// `DSTU2 HumanName` in words: its text, else prefix, given and family names and suffix in order.
pub fn name_words(value: &Value<'_>, notes: &Notes) -> Option<String> {
    if let Some(plain) = value.scalar() {
        value.mark();
        return Some(plain.trim().to_owned()).filter(|name| !name.is_empty());
    }
    let mut parts = Vec::new();
    for key in ["prefix", "given", "family", "suffix"] {
        let Some(texts) = value.get(key) else { continue };
        for part in texts.each().filter(|part| part.scalar().is_some()) {
            part.mark();
            parts.extend(part.scalar().map(str::trim).filter(|part| !part.is_empty()));
        }
    }
    let built = parts.join(" ");
    match text(value, "text", notes) {
        // A text that leaves a sent part out is told with it, so that no name is lost.
        Some(sent) if parts.iter().all(|part| sent.contains(part)) => Some(sent.to_owned()),
        Some(sent) => Some(format!("{sent} ({built})")),
        None => Some(built).filter(|name| !name.is_empty()),
    }
}

/// `DSTU2 Address` in words, on one line.
pub fn address_words(value: &Value<'_>, notes: &Notes) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for key in ["line", "city", "district", "state", "postalCode", "country"] {
        let Some(texts) = value.get(key) else { continue };
        for part in texts.each().filter(|part| part.scalar().is_some()) {
            part.mark();
            let Some(part) = part.scalar().map(str::trim).filter(|part| !part.is_empty()) else {
                continue;
            };
            match parts.last_mut() {
                Some(last) if key == "postalCode" => {
                    last.push(' ');
                    last.push_str(part);
                }
                Some(_) | None => parts.push(part.to_owned()),
            }
        }
    }
    let built = parts.join(", ");
    match text(value, "text", notes) {
        Some(sent) if built.is_empty() || sent == built => Some(sent.to_owned()),
        Some(sent) => Some(format!("{sent} ({built})")),
        None => Some(built).filter(|address| !address.is_empty()),
    }
}

/// `DSTU2 Timing` in words: "2 times a day", "every 8 hours for 10 days".
pub fn timing_words(value: &Value<'_>, notes: &Notes) -> Option<String> {
    if let Some(plain) = value.scalar() {
        value.mark();
        return Some(plain.trim().to_owned()).filter(|plain| !plain.is_empty());
    }
    let mut words: Vec<String> = Vec::new();
    if let Some(code) = value.get("code") {
        let read = concept(code, notes);
        let code = read.codings.first().and_then(|coding| coding.code);
        let display = read.codings.iter().find_map(|coding| coding.display);
        words.extend(read.text.or(display).map(str::to_owned).or_else(|| {
            code.map(|code| often(code).map_or_else(|| code.to_owned(), str::to_owned))
        }));
    }
    if let Some(repeat) = value.get("repeat") {
        words.extend(repeat_words(repeat, notes));
    }
    let events: Vec<&str> = value
        .get("event")
        .into_iter()
        .flat_map(Value::each)
        .filter_map(|event| {
            event.mark();
            event.scalar()
        })
        .collect();
    if !events.is_empty() {
        let events: Vec<String> = events
            .into_iter()
            .map(|event| date::words(event.trim()).unwrap_or_else(|| event.to_owned()))
            .collect();
        words.push(format!("on {}", events.join(", ")));
    }
    Some(words.join(", ")).filter(|words| !words.is_empty())
}

fn repeat_words(repeat: &Value<'_>, notes: &Notes) -> Option<String> {
    let one = |text: Option<&str>| matches!(text, None | Some("1" | "1.0"));
    let frequency = text(repeat, "frequency", notes);
    let frequency_max = text(repeat, "frequencyMax", notes);
    let every = text(repeat, "period", notes);
    let every_max = text(repeat, "periodMax", notes);
    let unit = text(repeat, "periodUnits", notes).or_else(|| text(repeat, "periodUnit", notes));
    let mut words: Vec<String> = Vec::new();
    if frequency.is_some() || every.is_some() || unit.is_some() {
        let times = match (frequency, frequency_max) {
            (Some(least), Some(most)) => Some(format!("{least} to {most} times")),
            (Some("1") | None, None) => None,
            (Some("2"), None) => Some("twice".to_owned()),
            (Some(times), None) | (None, Some(times)) => Some(format!("{times} times")),
        };
        let singular = one(every) && every_max.is_none();
        let unit_word = unit.map_or("(unit not sent)", |unit| unit_words(unit, singular));
        let cadence = match (every, every_max) {
            (Some(least), Some(most)) => format!("every {least} to {most} {unit_word}"),
            (Some(every), None) if !singular => format!("every {every} {unit_word}"),
            (Some(_) | None, _) if unit == Some("h") => "every hour".to_owned(),
            (Some(_) | None, _) => format!("a {unit_word}"),
        };
        words.push(match times {
            Some(times) => format!("{times} {cadence}"),
            None if cadence.starts_with("a ") => format!("once {cadence}"),
            None => cadence,
        });
    }
    let unit = text(repeat, "durationUnits", notes).or_else(|| text(repeat, "durationUnit", notes));
    let least = text(repeat, "duration", notes);
    let most = text(repeat, "durationMax", notes);
    let unit_word =
        unit.map_or("(unit not sent)", |unit| unit_words(unit, one(least) && most.is_none()));
    match (least, most) {
        (Some(least), Some(most)) => words.push(format!("{least} to {most} {unit_word} each time")),
        (Some(only), None) | (None, Some(only)) => {
            words.push(format!("{only} {unit_word} each time"));
        }
        (None, None) => {}
    }
    if let Some(when) = text(repeat, "when", notes) {
        words.push(meal(when).map_or_else(|| when.to_owned(), str::to_owned));
    }
    if let Some(count) = text(repeat, "count", notes) {
        words.push(format!("{count} times in all"));
    }
    let bounds = ["boundsQuantity", "boundsDuration"].into_iter().find_map(|key| repeat.get(key));
    if let Some(bounds) = bounds {
        words.extend(quantity(bounds, notes).words().map(|bounds| format!("for {bounds}")));
    }
    if let Some(bounds) = repeat.get("boundsRange") {
        words.extend(range_words(bounds, notes).map(|bounds| format!("for {bounds}")));
    }
    if let Some(bounds) = repeat.get("boundsPeriod") {
        let (start, end) = period(bounds, notes);
        let spelt = |text: Option<&str>| {
            text.map(|text| date::words(text).unwrap_or_else(|| text.to_owned()))
        };
        words.extend(period_words(spelt(start).as_deref(), spelt(end).as_deref()));
    }
    Some(words.join(", ")).filter(|words| !words.is_empty())
}

fn unit_words(unit: &str, singular: bool) -> &str {
    match (unit, singular) {
        ("s", true) => "second",
        ("s", false) => "seconds",
        ("min", true) => "minute",
        ("min", false) => "minutes",
        ("h", true) => "hour",
        ("h", false) => "hours",
        ("d", true) => "day",
        ("d", false) => "days",
        ("wk", true) => "week",
        ("wk", false) => "weeks",
        ("mo", true) => "month",
        ("mo", false) => "months",
        ("a", true) => "year",
        ("a", false) => "years",
        (other, _) => other,
    }
}

/// `DSTU2 Timing.code` in words.
fn often(code: &str) -> Option<&'static str> {
    Some(match code.to_ascii_uppercase().as_str() {
        "QD" | "DAILY" => "once a day",
        "BID" => "twice a day",
        "TID" => "3 times a day",
        "QID" => "4 times a day",
        "QOD" => "every other day",
        "AM" => "every morning",
        "PM" => "every afternoon",
        "HS" | "QHS" => "at bedtime",
        "Q4H" => "every 4 hours",
        "Q6H" => "every 6 hours",
        "Q8H" => "every 8 hours",
        "Q12H" => "every 12 hours",
        "WK" | "QWK" => "once a week",
        _ => return None,
    })
}

/// `DSTU2 Timing.repeat.when` in words.
fn meal(code: &str) -> Option<&'static str> {
    Some(match code {
        "HS" => "at bedtime",
        "WAKE" => "on waking",
        "C" => "with meals",
        "CM" => "with breakfast",
        "CD" => "with lunch",
        "CV" => "with dinner",
        "AC" => "before meals",
        "ACM" => "before breakfast",
        "ACD" => "before lunch",
        "ACV" => "before dinner",
        "PC" => "after meals",
        "PCM" => "after breakfast",
        "PCD" => "after lunch",
        "PCV" => "after dinner",
        _ => return None,
    })
}

/// The text of the member `key`, trimmed: of a string, a number or a truth value, or the first of a
/// list of them. It is marked as told. Anything else in its place is noted.
pub fn text<'v>(object: &'v Value<'_>, key: &str, notes: &Notes) -> Option<&'v str> {
    let value = object.get(key)?;
    let first = value.each().next()?;
    match first.scalar() {
        Some(found) => {
            first.mark();
            if matches!(value.node(), Node::Array(_)) {
                notes.add(value, "A list was sent where one is due.");
            }
            Some(found.trim()).filter(|found| !found.is_empty())
        }
        None => {
            notes.add(value, "Something else was sent where a plain text is due.");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::json;

    #[test]
    fn tells_elements_apart_by_their_members() {
        for (text, expected) in [
            (r#"{"coding":[],"text":"x"}"#, Shape::Concept),
            (r#"{"text":"x"}"#, Shape::Concept),
            (r#"{"system":"http://loinc.org","code":"1-2"}"#, Shape::Coding),
            (r#"{"value":7.0,"unit":"%"}"#, Shape::Quantity),
            (r#"{"value":7.0,"system":"http://unitsofmeasure.org","code":"%"}"#, Shape::Quantity),
            (r#"{"system":"phone","value":"555"}"#, Shape::Contact),
            (r#"{"system":"urn:x","value":"555"}"#, Shape::Identifier),
            (r#"{"start":"2015"}"#, Shape::Period),
            (r#"{"low":{},"high":{}}"#, Shape::Range),
            (r#"{"numerator":{}}"#, Shape::Ratio),
            (r#"{"reference":"A/1"}"#, Shape::Reference),
            (r#"{"display":"Dr. X"}"#, Shape::Reference),
            (r#"{"family":["x"]}"#, Shape::Name),
            (r#"{"line":["x"]}"#, Shape::Address),
            (r#"{"contentType":"text/plain"}"#, Shape::Attachment),
            (r#"{"url":"x","valueString":"y"}"#, Shape::Extension),
            (r#"{"repeat":{}}"#, Shape::Timing),
            (r#"{"time":"2015","text":"x"}"#, Shape::Annotation),
            (r#"{"status":"generated","div":"x"}"#, Shape::Narrative),
            (r#"{"value":"555"}"#, Shape::Identifier),
            (r#"{"code":{"text":"due"},"value":"2015-01-01"}"#, Shape::Other),
            (r#"{"manifestation":[]}"#, Shape::Other),
        ] {
            let document = json::parse(text.as_bytes());
            assert_eq!(shape(&document.root.unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn reads_a_concept_from_whatever_stands_there() {
        for text in [
            r#"{"coding":[{"code":"1","display":"Cough"}]}"#,
            r#"{"coding":{"code":"1","display":"Cough"}}"#,
            r#"[{"coding":[{"code":"1","display":"Cough"}]}]"#,
            r#"{"code":"1","display":"Cough"}"#,
        ] {
            let document = json::parse(text.as_bytes());
            let root = document.root.unwrap();
            let read = concept(&root, &Notes::default());
            assert_eq!(read.codings[0].display, Some("Cough"), "{text}");
            assert!(!root.is_untold(), "{text}");
        }
        let document = json::parse(br#""Cough""#);
        assert_eq!(concept(&document.root.unwrap(), &Notes::default()).text, Some("Cough"));
    }

    #[test]
    fn keeps_a_quantity_s_digits_and_comparator() {
        let document = json::parse(br#"{"value":150.0,"comparator":"<","unit":"mg/dL"}"#);
        let root = document.root.unwrap();
        assert_eq!(quantity(&root, &Notes::default()).words().as_deref(), Some("<150.0 mg/dL"));
    }

    #[test]
    fn puts_bounds_into_words() {
        let check = |text: &str, expected: &str| {
            let document = json::parse(text.as_bytes());
            let words = range_words(&document.root.unwrap(), &Notes::default());
            assert_eq!(words.as_deref(), Some(expected), "{text}");
        };
        check(
            r#"{"low":{"value":3.50,"unit":"mmol/L"},"high":{"value":5.1,"unit":"mmol/L"}}"#,
            "3.50–5.1 mmol/L",
        );
        check(r#"{"low":{"value":60}}"#, "60 or more");
        check(r#"{"high":{"value":200,"unit":"mg/dL"}}"#, "200 mg/dL or less");
        check(r#"{"low":{"value":-2},"high":{"value":2}}"#, "-2 to 2");
    }

    #[test]
    fn puts_a_timing_into_words() {
        let check = |text: &str, expected: &str| {
            let document = json::parse(text.as_bytes());
            let root = document.root.unwrap();
            assert_eq!(timing_words(&root, &Notes::default()).as_deref(), Some(expected), "{text}");
            assert!(!root.is_untold(), "{text}");
        };
        check(r#"{"repeat":{"frequency":1,"period":1,"periodUnits":"d"}}"#, "once a day");
        check(r#"{"repeat":{"frequency":2,"period":1,"periodUnits":"d"}}"#, "twice a day");
        check(r#"{"repeat":{"frequency":3,"period":1,"periodUnits":"d"}}"#, "3 times a day");
        check(r#"{"repeat":{"frequency":1,"period":8,"periodUnits":"h"}}"#, "every 8 hours");
        check(r#"{"repeat":{"frequency":1,"period":1,"periodUnits":"h"}}"#, "every hour");
        check(
            r#"{"repeat":{"frequency":1,"period":4,"periodMax":6,"periodUnits":"h"}}"#,
            "every 4 to 6 hours",
        );
        check(r#"{"repeat":{"when":"HS"}}"#, "at bedtime");
        check(r#"{"code":{"coding":[{"code":"BID"}]}}"#, "twice a day");
        check(
            r#"{"repeat":{"boundsPeriod":{"start":"2015-01-15"},"frequency":1,"period":1,"periodUnits":"d"}}"#,
            "once a day, from Jan 15, 2015",
        );
    }

    #[test]
    fn resolves_addresses_whatever_their_base() {
        for (address, expected) in [
            ("Patient/1", Some("Patient/1")),
            ("/api/fhir/Patient/1", Some("Patient/1")),
            ("https://p.example/api/fhir/Patient/1/_history/3", Some("Patient/1")),
            ("#med", Some("#med")),
            ("urn:uuid:1-2", Some("urn:uuid:1-2")),
            ("https://p.example/file.pdf", Some("https://p.example/file.pdf")),
            ("", None),
        ] {
            assert_eq!(target(address).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn puts_names_and_addresses_into_words() {
        let document = json::parse(
            br#"[{"given":["Ana","M."],"family":["Ruiz"],"prefix":"Dr."},
                 {"line":["1 Elm St"],"city":"Troy","state":"NY","postalCode":"12180"}]"#,
        );
        let root = document.root.unwrap();
        let items: Vec<_> = root.each().collect();
        assert_eq!(name_words(items[0], &Notes::default()).as_deref(), Some("Dr. Ana M. Ruiz"));
        assert_eq!(
            address_words(items[1], &Notes::default()).as_deref(),
            Some("1 Elm St, Troy, NY 12180")
        );
    }
}
