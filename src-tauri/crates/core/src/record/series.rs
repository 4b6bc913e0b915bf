//! Which values are of one test, so that they make one line through time: one code, one kind of
//! quantity, no contradicting name; without a code one name and unit.

use super::panel::{Label, alias};
use super::{Kind, Likelihood, Measurement, NameFrom, unit};

/// The series of the two pressures together.
pub(crate) const BLOOD_PRESSURE: &str = "bp";

/// The series a result belongs to; `None` for one that nobody can name.
pub(super) fn key(kind: Kind, measured: &Measurement) -> Option<String> {
    if !matches!(kind, Kind::Labs | Kind::Vitals) || measured.value.is_none() {
        return None;
    }
    if kind == Kind::Vitals && pressure(measured).is_some() {
        return Some(BLOOD_PRESSURE.to_owned());
    }
    let by_name = concept_of_name(&measured.name);
    let (mark, label) = match measured.name_from {
        NameFrom::Inferred => {
            if measured.likelihood == Some(Likelihood::OneOf) {
                return None;
            }
            ("i", measured.likely_code.clone()?)
        }
        NameFrom::Person => match &measured.likely_code {
            Some(code) => ("c", code.clone()),
            None => ("n", by_name.unwrap_or_else(|| plain_name(&measured.name))),
        },
        NameFrom::Portal if measured.name.starts_with(UNNAMED) => return None,
        NameFrom::Portal => match measured.code.as_deref() {
            Some(code) => {
                let by_code = concept_of_code(code);
                match (by_code, by_name) {
                    (Some(code_says), Some(name_says)) if code_says != name_says => {
                        ("c", format!("{code}~{name_says}"))
                    }
                    (Some(_), _) => ("c", code.to_owned()),
                    (None, Some(name_says)) => ("c", format!("{code}~{name_says}")),
                    (None, None) => ("c", format!("{code}~{}", plain_name(&measured.name))),
                }
            }
            None => ("n", by_name.unwrap_or_else(|| plain_name(&measured.name))),
        },
    };
    if label.is_empty() {
        return None;
    }
    Some(format!("{mark}:{label}|{}", quantity(kind, measured, &label)))
}

/// What a result is called that came without a name begins with this.
pub(super) const UNNAMED: &str = "Unnamed result";

/// Which of the two pressures it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressure {
    /// The upper one.
    Systolic,
    /// The lower one.
    Diastolic,
}

/// Which of the two blood pressures a result is, if one.
pub(crate) fn pressure(measured: &Measurement) -> Option<Pressure> {
    if measured.unit.as_deref().is_some_and(|unit| unit::plain(unit) != "mmhg") {
        return None;
    }
    let by_code = match measured.code.as_deref() {
        Some("8480-6") => Some(Pressure::Systolic),
        Some("8462-4") => Some(Pressure::Diastolic),
        Some(_) | None => None,
    };
    by_code.or_else(|| {
        let name = measured.name.to_ascii_lowercase();
        let (up, down) = (name.contains("systolic"), name.contains("diastolic"));
        match (up, down) {
            (true, false) => Some(Pressure::Systolic),
            (false, true) => Some(Pressure::Diastolic),
            _ => None,
        }
    })
}

/// Whether milliequivalents and millimoles of it are one: its ions carry one charge.
pub(super) fn is_single_charge(code: Option<&str>, name: &str) -> bool {
    let label = code.and_then(alias::by_code).or_else(|| alias::by_name(name));
    matches!(label, Some(Label::Na | Label::K | Label::Cl | Label::Co2))
}

fn quantity(kind: Kind, measured: &Measurement, label: &str) -> String {
    let Some(sent) = measured.unit.as_deref() else { return String::new() };
    if kind == Kind::Vitals
        && let Some(dimension) = unit::dimension(sent)
    {
        return dimension.to_owned();
    }
    let plain = unit::plain(sent);
    if plain == "meq/l" && is_single_charge(Some(label), label) {
        return "mmol/l".to_owned();
    }
    plain.into_owned()
}

/// A name without case, punctuation and double spaces.
fn plain_name(name: &str) -> String {
    let spaced: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '%' { c } else { ' ' })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn concept_of_name(name: &str) -> Option<String> {
    if let Some(label) = alias::by_name(name) {
        return Some(label.about().code.to_owned());
    }
    let plain = plain_name(name);
    let words: Vec<&str> = plain.split(' ').collect();
    let has = |wanted: &[&str]| wanted.iter().all(|word| words.contains(word));
    VITALS
        .iter()
        .find(|(_, names)| names.iter().any(|name| has(name)))
        .map(|(code, _)| (*code).to_owned())
}

fn concept_of_code(code: &str) -> Option<String> {
    if let Some(label) = alias::by_code(code) {
        return Some(label.about().code.to_owned());
    }
    VITAL_CODES.iter().find(|(known, _)| *known == code).map(|(_, of)| (*of).to_owned())
}

/// The words by which a vital sign is known, under its usual code.
const VITALS: &[(&str, &[&[&str]])] = &[
    ("8480-6", &[&["systolic"]]),
    ("8462-4", &[&["diastolic"]]),
    ("85354-9", &[&["blood", "pressure"], &["bp"]]),
    ("8867-4", &[&["heart", "rate"], &["pulse"], &["pulse", "rate"]]),
    ("9279-1", &[&["respiratory", "rate"], &["respiration", "rate"], &["respirations"]]),
    ("8310-5", &[&["temperature"], &["tempurature"], &["temp"]]),
    ("39156-5", &[&["bmi"], &["body", "mass", "index"]]),
    ("9843-4", &[&["head", "circumference"]]),
    ("8302-2", &[&["height"], &["body", "length"]]),
    ("29463-7", &[&["weight"]]),
    ("59408-5", &[&["oxygen", "saturation"], &["o2", "saturation"], &["spo2"]]),
    ("72514-3", &[&["pain"]]),
];

const VITAL_CODES: &[(&str, &str)] = &[
    ("8480-6", "8480-6"),
    ("8462-4", "8462-4"),
    ("85354-9", "85354-9"),
    ("55284-4", "85354-9"),
    ("8867-4", "8867-4"),
    ("9279-1", "9279-1"),
    ("8310-5", "8310-5"),
    ("8331-1", "8310-5"),
    ("39156-5", "39156-5"),
    ("9843-4", "9843-4"),
    ("8287-5", "9843-4"),
    ("8302-2", "8302-2"),
    ("8306-3", "8302-2"),
    ("3137-7", "8302-2"),
    ("29463-7", "29463-7"),
    ("3141-9", "29463-7"),
    ("3142-7", "29463-7"),
    ("59408-5", "59408-5"),
    ("2708-6", "59408-5"),
    ("72514-3", "72514-3"),
];
