//! Invented lab panels in the formats of many laboratories, with and without names, for holding
//! Onhand's naming of unnamed results against. Nobody's values, and no laboratory's by its name.
//!
//! The numbers hang together as a body's do: red cell indices are worked out from the counts, the
//! percentages of white cells add up to 100, calculated rows are calculated.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "the formats are constants of this crate"
)]

mod body;
mod formats;
mod hard;

use body::{Body, Random};
use formats::FORMATS;
pub use hard::hard_panels;

/// A panel as a laboratory might send it.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Whose format it follows.
    pub lab: &'static str,
    /// What the report is called.
    pub title: &'static str,
    /// The LOINC code of the report, or nothing.
    pub code: &'static str,
    /// Its results.
    pub rows: Vec<Row>,
}

/// A result.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is: its LOINC code; `None` for what nobody could tell from the value alone.
    pub truth: Option<&'static str>,
    /// The value: a number with a comparator, or words.
    pub value: String,
    /// Its unit.
    pub unit: Option<String>,
    /// The range printed beside it.
    pub range: Option<String>,
}

/// How a portal sends a panel whose results have no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One Observation with components that have no code.
    Components,
    /// Observations without a code behind a report.
    Observations,
    /// Observations that all carry the report's name.
    PanelName,
    /// An Observation whose related ones are its members.
    Members,
}

impl Shape {
    /// All of them.
    pub const ALL: [Shape; 4] =
        [Shape::Components, Shape::Observations, Shape::PanelName, Shape::Members];
}

/// A resource and what is to be found in it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// `Type/id`
    pub target: String,
    /// Its JSON.
    pub json: String,
    /// The rows it holds, by number, in order.
    pub rows: Vec<usize>,
}

impl Panel {
    /// The panel as resources, the container first. `numbers_are_bare`: without the zeros after the
    /// last digit, as programs write numbers.
    pub fn resources(&self, shape: Shape, id: &str, with_ranges: bool) -> Vec<Resource> {
        let code = match self.code {
            "" => format!(r#"{{"text":"{}"}}"#, self.title),
            code => format!(
                r#"{{"text":"{}","coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#,
                self.title
            ),
        };
        let n_rows = self.rows.len();
        let body = |row: &Row| row.json(with_ranges);
        if shape == Shape::Components {
            let parts: Vec<String> =
                self.rows.iter().map(|row| format!("{{{}}}", body(row))).collect();
            return vec![Resource {
                target: format!("Observation/{id}"),
                json: format!(
                    r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{code},"component":[{}]}}"#,
                    parts.join(",")
                ),
                rows: (0..n_rows).collect(),
            }];
        }
        let references: Vec<String> = (0..n_rows)
            .map(|at| match shape {
                Shape::Members => format!(
                    r#"{{"type":"has-member","target":{{"reference":"Observation/{id}-{at}"}}}}"#
                ),
                Shape::Components | Shape::Observations | Shape::PanelName => {
                    format!(r#"{{"reference":"Observation/{id}-{at}"}}"#)
                }
            })
            .collect();
        let references = references.join(",");
        let (target, json) = match shape {
            Shape::Members => (
                format!("Observation/{id}"),
                format!(
                    r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{code},"related":[{references}]}}"#
                ),
            ),
            Shape::Components | Shape::Observations | Shape::PanelName => (
                format!("DiagnosticReport/{id}"),
                format!(
                    r#"{{"resourceType":"DiagnosticReport","id":"{id}","status":"final","code":{code},"result":[{references}]}}"#
                ),
            ),
        };
        let mut all = vec![Resource { target, json, rows: Vec::new() }];
        for (at, row) in self.rows.iter().enumerate() {
            let name = match shape {
                Shape::PanelName => format!(r#""code":{code},"#),
                Shape::Components | Shape::Observations | Shape::Members => String::new(),
            };
            all.push(Resource {
                target: format!("Observation/{id}-{at}"),
                json: format!(
                    r#"{{"resourceType":"Observation","id":"{id}-{at}","status":"final",{name}{}}}"#,
                    body(row)
                ),
                rows: vec![at],
            });
        }
        all
    }
}

impl Row {
    fn json(&self, with_range: bool) -> String {
        let sign = self.value.find(|c: char| !matches!(c, '<' | '>' | '=')).unwrap_or_default();
        let (comparator, number) = self.value.split_at(sign);
        let mut text = if number.starts_with(|c: char| c.is_ascii_digit()) {
            let comparator = match comparator {
                "" => String::new(),
                comparator => format!(r#","comparator":"{comparator}""#),
            };
            let unit =
                self.unit.as_deref().map_or(String::new(), |unit| format!(r#","unit":"{unit}""#));
            format!(r#""valueQuantity":{{"value":{number}{comparator}{unit}}}"#)
        } else {
            format!(r#""valueString":"{}""#, self.value)
        };
        if let Some(range) = self.range.as_deref().filter(|_| with_range) {
            text.push_str(&range_json(range, self.unit.as_deref()));
        }
        text
    }
}

fn range_json(range: &str, unit: Option<&str>) -> String {
    let unit = unit.map_or(String::new(), |unit| format!(r#","unit":"{unit}""#));
    let words = format!(r#","referenceRange":[{{"text":"{range}"}}]"#);
    // "+": with ends and text, "&": ends alone.
    let (is_ends, is_both) = (range.starts_with('&'), range.starts_with('+'));
    if !is_ends && !is_both {
        return words;
    }
    let plain = range.trim_start_matches(['&', '+']);
    let Some((low, high)) = plain.split_once('-') else {
        return format!(r#","referenceRange":[{{"text":"{plain}"}}]"#);
    };
    let text = if is_both { format!(r#","text":"{low} - {high}""#) } else { String::new() };
    format!(
        r#","referenceRange":[{{"low":{{"value":{}{unit}}},"high":{{"value":{}{unit}}}{text}}}]"#,
        bare(low),
        bare(high)
    )
}

/// A number as JSON has it.
fn bare(number: &str) -> &str {
    number.trim()
}

/// As many invented panels as wanted, always the same for a seed. `is_exact`: in the formats as they
/// are; else every laboratory prints other ranges, spells units its own way, and leaves out, adds and
/// moves rows.
pub fn panels(seed: u64, count: usize, is_exact: bool) -> Vec<Panel> {
    let mut random = Random::new(seed);
    (0..count).map(|_| panel(&mut random, is_exact)).collect()
}

fn panel(random: &mut Random, is_exact: bool) -> Panel {
    let format = &FORMATS[random.below(FORMATS.len())];
    let body = Body::new(random);
    let style = random.below(5);
    let is_bare = random.chance(0.3);
    let spelling = random.below(3);
    let mut rows = Vec::new();
    for line in format.rows.lines().filter(|line| !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let [test, unit, digits, range] = parts[..] else { panic!("a line of four: {line}") };
        if !is_exact && random.chance(0.05) {
            continue;
        }
        let unit = match unit.replace('_', " ").trim() {
            "" => None,
            unit if is_exact => Some(unit.to_owned()),
            unit => Some(respelt(unit, spelling)),
        };
        let range = match range.split_once('/') {
            Some((men, women)) => {
                if body.is_man {
                    men
                } else {
                    women
                }
            }
            None => range,
        };
        let (truth, value) = if digits == "w" {
            (body::word_truth(test), body.words(test, range, random))
        } else {
            let digits: usize = digits.parse().expect("digits");
            let per_litre =
                unit.as_deref().is_some_and(|unit| unit.starts_with("cells") || unit == "/uL");
            let value = body.value(test, random) * if per_litre { 1000.0 } else { 1.0 };
            (body::truth(test), body::written(value, digits, is_bare))
        };
        let range = printed(range, style, is_exact, random);
        rows.push(Row { truth, value, unit, range });
    }
    body.calculate(&mut rows);
    if !is_exact {
        disturb(&mut rows, &body, format.title, random);
    }
    Panel { lab: format.lab, title: format.title, code: format.code, rows }
}

/// Rows that a panel seldom has, and rows that stand elsewhere.
fn disturb(rows: &mut Vec<Row>, body: &Body, title: &str, random: &mut Random) {
    let is_count = title.to_ascii_lowercase().contains("cbc");
    let extra = |random: &mut Random| {
        let all: &[(&str, Option<&'static str>, &str, &str)] = if is_count {
            &[
                ("bands", Some("35332-6"), "%", "&0-10"),
                ("atyp", None, "%", "&0-0"),
                ("nrbcp", Some("58413-6"), "%", "&0.0-0.2"),
            ]
        } else {
            &[
                ("mg", Some("19123-9"), "mg/dL", "&1.6-2.6"),
                ("phos", Some("2777-1"), "mg/dL", "&2.5-4.5"),
                ("osmol", Some("18182-6"), "mOsm/kg", "&275-295"),
                ("comment", None, "", ""),
            ]
        };
        let (test, truth, unit, range) = all[random.below(all.len())];
        Row {
            truth,
            value: match test {
                "comment" => "See note".to_owned(),
                test => body::written(body.value(test, random), 1, false),
            },
            unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()),
            range: Some(range.to_owned()).filter(|range| !range.is_empty()),
        }
    };
    if rows.len() > 9 && random.chance(0.25) {
        let row = extra(random);
        let at = random.below(rows.len() + 1);
        rows.insert(at, row);
    }
    match random.below(10) {
        0 => {
            let at = random.below(rows.len());
            rows.rotate_left(at);
        }
        1 => {
            for _ in 0..2 {
                let (one, two) = (random.below(rows.len()), random.below(rows.len()));
                rows.swap(one, two);
            }
        }
        _ => {}
    }
}

fn respelt(unit: &str, spelling: usize) -> String {
    let all: &[&str] = match unit {
        "x10E3/uL" | "K/uL" | "10*3/uL" | "x10^3/uL" | "10E3/uL" => {
            &["K/uL", "10*3/uL", "x10(3)/uL"]
        }
        "x10E6/uL" | "M/uL" | "10*6/uL" | "x10^6/uL" | "10E6/uL" => {
            &["M/uL", "10*6/uL", "x10(6)/uL"]
        }
        "U/L" | "IU/L" => &["U/L", "IU/L", "[IU]/L"],
        "g/dL" => &["g/dL", "gm/dL", "g/dl"],
        "mmol/L" | "mEq/L" => &["mmol/L", "mEq/L", "mmol/L"],
        "mL/min/1.73m2" | "mL/min/1.73" => &["mL/min/1.73m2", "mL/min/{1.73_m2}", "mL/min/1.73 m2"],
        "mIU/L" | "uIU/mL" => &["mIU/L", "uIU/mL", "m[IU]/L"],
        other => return other.to_owned(),
    };
    all[spelling % all.len()].to_owned()
}

/// The range as this laboratory prints it.
fn printed(range: &str, style: usize, is_exact: bool, random: &mut Random) -> Option<String> {
    match range {
        "-" => return None,
        "~" => return Some("Not Estab.".to_owned()),
        _ => {}
    }
    if range.starts_with(['<', '>']) {
        let end = range.trim_start_matches(['<', '>', '=']);
        let sign = range.trim_end_matches(end);
        let end = if is_exact { end.to_owned() } else { moved(end, 0.04, random) };
        return Some(match (sign, style) {
            (">=", 0) => format!("> OR = {end}"),
            ("<=", 0) => format!("< OR = {end}"),
            (">=", 1) => format!(">or={end}"),
            ("<", 2) => format!("<{end}"),
            (sign, _) => format!("{sign}{end}"),
        });
    }
    let Some((low, high)) = range.split_once('-') else { return Some(range.to_owned()) };
    let (mut low, mut high) = (low.to_owned(), high.to_owned());
    if !is_exact {
        let width = high.parse::<f64>().expect("a number") - low.parse::<f64>().expect("a number");
        if random.chance(0.5) && low.parse::<f64>().expect("a number") != 0.0 {
            low = shifted(&low, 0.06 * width, random);
        }
        if random.chance(0.5) {
            high = shifted(&high, 0.06 * width, random);
        }
    }
    Some(match style {
        0 => format!("{low}-{high}"),
        1 => format!("{low} - {high}"),
        2 => format!("+{low}-{high}"),
        3 => format!("&{low}-{high}"),
        _ => format!("{low} {high}"),
    })
}

fn moved(number: &str, share: f64, random: &mut Random) -> String {
    let value: f64 = number.parse().expect("a number");
    shifted(number, share * value, random)
}

fn shifted(number: &str, most: f64, random: &mut Random) -> String {
    let digits = number.split_once('.').map_or(0, |(_, part)| part.len());
    let value: f64 = number.parse().expect("a number");
    format!("{:.digits$}", (value + most * (2.0 * random.unit() - 1.0)).max(0.0))
}
