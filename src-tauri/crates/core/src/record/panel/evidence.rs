//! How well one result fits one test: by its unit, the range sent with it, its value.
//!
//! All weights are natural logarithms of probabilities: 3 is twenty to one.

use super::analyte::{A, Analyte, Printed};
use super::identity::Number;
use super::stranger;

/// A result without a name, as far as it is evidence.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its value, where it is a number.
    pub(super) value: Option<Number>,
    /// Whether the value is only a bound ("<5").
    pub(super) is_bound: bool,
    /// Its value, where it is a text.
    pub(super) text: Option<String>,
    /// Its unit ([`super::super::unit::plain`]); empty where none was sent.
    pub(super) unit: String,
    /// The range sent with it; an open end is infinite.
    pub(super) range: Option<Printed>,
    /// Whether its unit says that it was worked out.
    pub(super) is_calculated: bool,
    /// What it is, where the portal said so.
    pub(super) known: Option<A>,
    /// Whether it is to be named.
    pub(super) is_unnamed: bool,
}

/// What a result that is none of the tests that are named would weigh: one that nobody knows, or one
/// of those that are known and not named.
pub(super) fn of_none(item: &Item, units_are_missing: bool) -> f64 {
    let strange = stranger::all()
        .iter()
        .filter(|stranger| stranger.unit == item.unit || units_are_missing)
        .map(|stranger| of_stranger(item, stranger, units_are_missing))
        .fold(f64::NEG_INFINITY, f64::max);
    of_unknown(item).max(strange)
}

/// How rare a test is that is known and not named.
const STRANGER: f64 = -4.5;

fn of_stranger(item: &Item, stranger: &stranger::Stranger, units_are_missing: bool) -> f64 {
    let mut weight = STRANGER - if units_are_missing { 2.0 } else { 0.0 };
    match (item.range, item.value) {
        (Some(range), value) => {
            weight += range_weight(range, &stranger.ranges).0;
            let relative = value.map_or(0.0, |value| value_weight(value.value, stranger.usual));
            weight + (0.35 * relative).max(-3.0)
        }
        (None, Some(value)) => {
            weight
                + value_weight(value.value, stranger.usual)
                + density(value.value, stranger.usual)
        }
        (None, None) => f64::NEG_INFINITY,
    }
}

fn of_unknown(item: &Item) -> f64 {
    const RARE: f64 = -4.0;
    match (item.range, item.value) {
        (Some(Printed { low, high }), _) if low.is_finite() && high.is_finite() => {
            RARE - 1.6 - 2.0 * high.abs().max(0.05).ln()
        }
        (Some(Printed { low, high }), _) => {
            let end = if high.is_finite() { high } else { low };
            RARE - 1.6 - end.abs().max(0.05).ln()
        }
        (None, Some(number)) => RARE + 1.0 - 2.5 - number.value.abs().max(0.01).ln(),
        (None, None) => 0.0,
    }
}

/// How a result fits a test, and by how much of its width the range is off the nearest printed one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub(super) weight: f64,
    pub(super) off: f64,
    pub(super) is_plausible: bool,
}

/// How a result fits a test; `None` where the unit is another.
pub(super) fn of(item: &Item, analyte: &Analyte, units_are_missing: bool) -> Option<Fit> {
    if let Some(words) = colour_words(analyte.id) {
        let text = item.text.as_deref()?;
        let fits = item.unit.is_empty() && words.iter().any(|word| is_said(text, word));
        return fits.then_some(Fit { weight: 6.0, off: 0.0, is_plausible: true });
    }
    let scale = analyte.units.iter().find(|(unit, _)| *unit == item.unit).map(|(_, scale)| *scale);
    let mut weight = 0.0;
    let scale = match scale {
        Some(scale) => scale,
        None if units_are_missing => {
            weight -= 2.0;
            1.0
        }
        None => return None,
    };
    let value =
        item.value.map(|number| Number { value: number.value * scale, half: number.half * scale });
    let mut off = f64::INFINITY;
    if let Some(range) = item.range {
        let range = Printed { low: range.low * scale, high: range.high * scale };
        let (fit, nearest) = range_weight(range, analyte.ranges());
        // The density is of the range as sent.
        let ends = f64::from(u8::from(range.low.is_finite()) + u8::from(range.high.is_finite()));
        weight += fit + ends * scale.ln();
        off = nearest;
    }
    let mut is_plausible = true;
    if let Some(value) = value {
        let relative = value_weight(value.value, analyte.usual);
        let bound = if item.is_bound { 0.5 } else { 1.0 };
        if item.range.is_some() {
            weight += (0.35 * bound * relative).max(-3.0);
        } else {
            weight += bound * relative + density(value.value, analyte.usual) + scale.ln();
        }
        let (least, most) = analyte.limits;
        is_plausible = value.value >= least && value.value <= most;
        if !is_plausible {
            weight -= 2.0;
        }
    } else if item.range.is_none() {
        return None;
    }
    if item.is_calculated {
        weight += if is_worked_out(analyte.id) { 1.0 } else { -2.5 };
    }
    Some(Fit { weight, off, is_plausible })
}

/// Tests that laboratories may work out from others.
pub(super) fn is_worked_out(id: A) -> bool {
    matches!(
        id,
        A::BunCreat
            | A::AnionGap
            | A::Globulin
            | A::AgRatio
            | A::BiliIndirect
            | A::Osmol
            | A::Ldl
            | A::Vldl
            | A::NonHdl
            | A::CholHdl
            | A::LdlHdl
            | A::Fti
            | A::Eag
            | A::Tibc
            | A::IronSat
    )
}

/// What is said of urine by its look; the words are evidence themselves.
fn colour_words(id: A) -> Option<&'static [&'static str]> {
    if id == A::UColor {
        Some(&[
            "yellow",
            "straw",
            "amber",
            "colorless",
            "dark yellow",
            "light yellow",
            "pale yellow",
            "orange",
            "red",
            "brown",
            "pink",
        ])
    } else if id == A::UAppear {
        Some(&[
            "clear",
            "cloudy",
            "hazy",
            "turbid",
            "slightly cloudy",
            "slightly hazy",
            "sl cloudy",
        ])
    } else {
        None
    }
}

fn is_said(text: &str, word: &str) -> bool {
    text.trim().eq_ignore_ascii_case(word)
}

/// The weight of a range among those printed for a test, and how far off the nearest of them is.
fn range_weight(sent: Printed, printed: &[Printed]) -> (f64, f64) {
    let mut sum = 0.0;
    let mut nearest = f64::INFINITY;
    for known in printed {
        let (form, low, high, width) = match (sent.low.is_finite(), sent.high.is_finite()) {
            (true, true) => {
                let floor = if known.low.is_finite() { known.low } else { 0.0 };
                if known.high.is_finite() {
                    let width = (known.high - floor).max(0.04 * known.high).max(0.02);
                    let form = if known.low.is_finite() || sent.low == 0.0 { 1.0 } else { 0.2 };
                    (form, (sent.low - floor) / width, (sent.high - known.high) / width, width)
                } else {
                    let width = known.low * 0.5;
                    (0.1, (sent.low - known.low) / width, 0.4, width)
                }
            }
            (false, true) if known.high.is_finite() => {
                let is_open = !known.low.is_finite() || known.low == 0.0;
                let width = match is_open {
                    true => known.high * 0.7,
                    false => known.high - known.low,
                };
                let form = if is_open { 1.0 } else { 0.15 };
                (form, 0.0, (sent.high - known.high) / width.max(0.02), width.max(0.02))
            }
            (true, false) if known.low.is_finite() => {
                let is_open = !known.high.is_finite();
                let width = if is_open { known.low * 0.5 } else { known.high - known.low };
                let form = if is_open { 1.0 } else { 0.1 };
                (form, (sent.low - known.low) / width.max(0.02), 0.0, width.max(0.02))
            }
            _ => continue,
        };
        let square = low * low + high * high;
        nearest = nearest.min(square.sqrt());
        let ends = if sent.low.is_finite() && sent.high.is_finite() { 2 } else { 1 };
        sum += form
            * KERNELS
                .iter()
                .map(|(share, sigma)| {
                    share * (-square / (2.0 * sigma * sigma)).exp()
                        / (2.5 * sigma * width).powi(ends)
                })
                .sum::<f64>();
    }
    let n_printed = printed.len().max(1) as f64;
    ((sum / n_printed).max(1e-30).ln(), nearest)
}

/// Laboratories print the very ranges of others, or nearly; seldom something else.
const KERNELS: &[(f64, f64)] = &[(0.25, 0.012), (0.35, 0.05), (0.3, 0.15), (0.1, 0.4)];

/// How usual a value is for a test: 0 in the middle, less towards the ends.
fn value_weight(value: f64, usual: (f64, f64)) -> f64 {
    let (z, _) = standing(value, usual);
    let normal = |width: f64| (-0.5 * (z / width).powi(2)).exp() / width;
    ((0.85 * normal(1.0) + 0.13 * normal(2.5) + 0.02 * normal(7.0)) / 0.91).max(1e-12).ln()
}

/// The height of the middle, so that values of tests of different widths can be compared.
fn density(value: f64, usual: (f64, f64)) -> f64 {
    let (_, width) = standing(value, usual);
    let shift = 0.02 * usual.1.abs();
    -((value + shift).abs().max(1e-6) * width * 2.5).ln()
}

fn standing(value: f64, (low, high): (f64, f64)) -> (f64, f64) {
    let shift = 0.02 * high.abs();
    let place = |value: f64| (value + shift).max(1e-6).ln();
    let (low, high) = (place(low), place(high));
    let width = ((high - low) / 4.0).max(0.004);
    ((place(value) - f64::midpoint(low, high)) / width, width)
}
