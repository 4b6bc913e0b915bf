//! Units: which spellings are one unit, and the vital signs that are shown in two.

use std::borrow::Cow;

use super::decimal::Decimal;

/// What a unit is called here, however it was spelt; the unit itself, tidied, where it is unknown.
/// A name stands for units in which one and the same number means the same.
pub(super) fn plain(unit: &str) -> Cow<'static, str> {
    let tidy = tidied(unit);
    match known(&tidy).or_else(|| count(&tidy)) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(tidy),
    }
}

/// Whether two units are spellings of one. Milliequivalents and millimoles are one unit for sodium,
/// potassium, chloride and carbon dioxide only, which `is_single_charge` says.
pub(super) fn is_same(left: &str, right: &str, is_single_charge: bool) -> bool {
    if left == right {
        return true;
    }
    let (left, right) = (plain(left), plain(right));
    let is_charge = |unit: &str| matches!(unit, "meq/l" | "mmol/l");
    left == right || is_single_charge && is_charge(&left) && is_charge(&right)
}

/// Whether a text is a unit, one of those known and not so short that it might be something else.
pub(super) fn is_known(unit: &str) -> bool {
    let tidy = tidied(unit);
    let is_telling = tidy == "%" || tidy.chars().count() >= 2;
    is_telling && known(&tidy).or_else(|| count(&tidy)).is_some_and(|name| !name.is_empty())
}

/// Whether a unit says that the value was worked out: "(calc)".
pub(super) fn says_calculated(unit: &str) -> bool {
    unit.to_ascii_lowercase().contains("calc")
}

/// A vital sign's value in its other unit, as value and unit; `None` where the unit has no other, or
/// where nobody could have the value in the unit it was sent in.
pub(super) fn convert(value: Decimal, unit: &str) -> Option<(Decimal, &'static str)> {
    let rule = rule(unit)?;
    let is_plausible = value >= rule.least && value <= rule.most;
    let converted =
        value.linear(rule.before, rule.numerator, rule.denominator, rule.after, rule.scale)?;
    is_plausible.then_some((converted, rule.into))
}

/// A vital sign's number in another unit of the same kind of quantity, and that unit as it was
/// given; `None` where it is in that unit already, or nobody could have it.
pub(crate) fn convert_to<'u>(number: &str, unit: &str, into: &'u str) -> Option<(String, &'u str)> {
    if plain(unit) == plain(into) {
        return None;
    }
    let (converted, other) = convert(Decimal::parse(number)?, unit)?;
    (plain(other) == plain(into)).then(|| (converted.text(), into))
}

/// The kind of quantity of a vital sign that can be told in two units, so that both make one series.
pub(super) fn dimension(unit: &str) -> Option<&'static str> {
    rule(unit).map(|rule| rule.dimension)
}

struct Rule {
    unit: &'static str,
    into: &'static str,
    dimension: &'static str,
    before: i128,
    numerator: i128,
    denominator: i128,
    after: i128,
    scale: u32,
    least: Decimal,
    most: Decimal,
}

fn rule(unit: &str) -> Option<Rule> {
    let name = plain(unit);
    RULES
        .iter()
        .find(|rule| rule.0 == name)
        .and_then(|rule| {
            let (
                unit,
                into,
                dimension,
                [before, numerator, denominator, after],
                scale,
                [least, most],
            ) = *rule;
            Some(Rule {
                unit,
                into,
                dimension,
                before,
                numerator,
                denominator,
                after,
                scale,
                least: Decimal::parse(least)?,
                most: Decimal::parse(most)?,
            })
        })
        .filter(|rule| !rule.unit.is_empty())
}

type RuleRow = (&'static str, &'static str, &'static str, [i128; 4], u32, [&'static str; 2]);

/// From, into, dimension, (value + a) × b ÷ c + d, digits, what a person can have in the first unit.
const RULES: &[RuleRow] = &[
    ("lb", "kg", "weight", [0, 45_359_237, 100_000_000, 0], 1, ["0.5", "1500"]),
    ("kg", "lb", "weight", [0, 100_000_000, 45_359_237, 0], 1, ["0.2", "680"]),
    ("in", "cm", "length", [0, 254, 100, 0], 1, ["5", "110"]),
    ("cm", "in", "length", [0, 100, 254, 0], 1, ["12", "280"]),
    ("degf", "°C", "temperature", [-32, 5, 9, 0], 1, ["75", "115"]),
    ("cel", "°F", "temperature", [0, 9, 5, 32], 1, ["24", "46"]),
];

/// Lower case, without spaces, braces, asides and the signs that spellings differ by.
fn tidied(unit: &str) -> String {
    let mut lower = unit.to_lowercase();
    while lower.contains("(calc)") {
        lower = lower.replace("(calc)", "");
    }
    lower
        .chars()
        .filter_map(|c| match c {
            '{' | '}' | '[' | ']' | '_' => None,
            c if c.is_whitespace() || c.is_control() => None,
            'µ' | 'μ' => Some('u'),
            '×' => Some('x'),
            '²' => Some('2'),
            '³' => Some('3'),
            '⁶' => Some('6'),
            '⁹' => Some('9'),
            'º' => Some('°'),
            other => Some(other),
        })
        .collect()
}

/// Counts by volume: how many thousands of thousands, and of which volume.
fn count(tidy: &str) -> Option<&'static str> {
    let (amount, volume) = tidy.split_once('/')?;
    let per_microlitre = match volume {
        "ul" | "mcl" | "mm3" | "mm^3" | "cumm" | "cmm" | "mm\u{b3}" => true,
        "l" => false,
        _ => return None,
    };
    let power: u32 = match amount {
        "k" | "thou" | "thous" | "thousand" | "thousands" | "th" | "tho" | "thds" | "thsd"
        | "x1000" | "1000" => 3,
        "m" | "mil" | "mill" | "mils" | "million" | "millions" => 6,
        "" | "cells" | "cell" | "#" => 0,
        amount => {
            let amount = amount.strip_prefix('x').unwrap_or(amount);
            let digits = amount.strip_prefix("10")?;
            let digits =
                digits.trim_matches(|c| matches!(c, '*' | '^' | 'e' | '(' | ')' | 'x' | '+'));
            digits.trim_start_matches('0').parse().ok()?
        }
    };
    match (power, per_microlitre) {
        (0, true) | (6, false) => Some("/ul"),
        (3, true) | (9, false) => Some("10*3/ul"),
        (6, true) | (12, false) => Some("10*6/ul"),
        _ => None,
    }
}

fn known(tidy: &str) -> Option<&'static str> {
    Some(match tidy {
        "%" | "percent" | "%ofhgb" | "%oftotalhgb" | "%hgb" | "pct" => "%",
        "g/dl" | "gm/dl" | "gms/dl" | "gram/dl" | "grams/dl" | "g/100ml" | "gm/100ml" | "gm%"
        | "g%" => "g/dl",
        "mg/dl" | "mgs/dl" | "mg/100ml" | "mg%" | "mg/deciliter" => "mg/dl",
        "ug/dl" | "mcg/dl" | "microgram/dl" => "ug/dl",
        "ng/ml" | "ug/l" | "mcg/l" | "nanogram/ml" => "ng/ml",
        "pg/ml" | "ng/l" => "pg/ml",
        "ng/dl" | "nanogram/dl" => "ng/dl",
        "ug/ml" | "mcg/ml" | "mg/l" => "mg/l",
        "fl" | "um3" | "um^3" | "femtoliter" | "femtoliters" | "cubicmicrons" => "fl",
        "pg" | "picogram" | "picograms" | "pg/cell" | "uug" => "pg",
        "mmol/l" | "mmoles/l" | "mm/l" | "millimole/l" | "mmol/liter" => "mmol/l",
        "meq/l" | "meq/liter" | "meql" => "meq/l",
        "u/l" | "iu/l" | "unit/l" | "units/l" | "intlunits/l" | "u/liter" | "intl.unit/l"
        | "intlunit/l" => "u/l",
        "u/ml" | "iu/ml" | "units/ml" | "intlunits/ml" => "u/ml",
        "miu/l" | "uiu/ml" | "mu/l" | "uu/ml" | "microiu/ml" | "mcu/ml" | "mciu/ml"
        | "uintlunits/ml" => "miu/l",
        "ml/min/1.73" | "ml/min/1.73m2" | "ml/min/1.73m^2" | "ml/min/1.73sqm"
        | "ml/min/1.73m*2" | "ml/min/1.73/m2" | "ml/minper1.73m2" | "ml/min/bsa" => "ml/min/1.73m2",
        "ml/min" => "ml/min",
        "sec" | "secs" | "s" | "second" | "seconds" | "sec." => "s",
        "mm/hr" | "mm/h" | "mm/hour" => "mm/h",
        "mosm/kg" | "mosmol/kg" | "mosmol/kgh2o" => "mosm/kg",
        "mosm/l" | "mosmol/l" => "mosm/l",
        "/hpf" | "perhpf" | "#/hpf" | "cells/hpf" => "/hpf",
        "/lpf" | "perlpf" | "#/lpf" => "/lpf",
        "eu/dl" | "ehrlichu/dl" | "e.u./dl" => "eu/dl",
        "ratio" | "calc" | "1" | "na" | "n/a" | "none" | "units" | "index" | "inr" => "",
        "mmhg" | "mmofhg" | "torr" => "mmhg",
        "lb" | "lbs" | "pound" | "pounds" | "lbav" | "#" => "lb",
        "kg" | "kgs" | "kilogram" | "kilograms" => "kg",
        "in" | "ini" | "inch" | "inches" | "ins" | "inus" => "in",
        "cm" | "centimeter" | "centimeters" => "cm",
        "degf" | "°f" | "f" | "fahrenheit" | "degreesf" | "degreef" | "degreesfahrenheit" => {
            "degf"
        }
        "cel" | "°c" | "c" | "degc" | "celsius" | "degreesc" | "degreec" | "degreescelsius" => {
            "cel"
        }
        "/min" | "bpm" | "beats/min" | "beat/min" | "beats/minute" | "breaths/min"
        | "breaths/minute" | "rpm" | "perminute" | "permin" | "br/min" => "/min",
        "kg/m2" | "kg/m^2" | "kg/m*2" | "kg/sqm" | "kg/msq" => "kg/m2",
        "/100wbc" | "/100wbcs" | "per100wbc" => "/100wbc",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn joins_the_spellings_of_one_unit() {
        for spellings in [
            &[
                "x10E3/uL",
                "K/uL",
                "10*3/uL",
                "x10(3)/uL",
                "Thousand/uL",
                "10^9/L",
                "×10³/µL",
                "K/mm3",
            ][..],
            &["x10E6/uL", "M/uL", "10*6/uL", "Million/uL", "10*12/L", "x10(6)/uL"],
            &["cells/uL", "/uL", "cells/mcL", "/mm3"],
            &["IU/L", "U/L", "[IU]/L", "Units/L"],
            &["g/dL", "gm/dL", "g/dL (calc)"],
            &["mL/min/1.73", "mL/min/{1.73_m2}", "mL/min/1.73m2", "mL/min/1.73 m2"],
            &["uIU/mL", "mIU/L", "m[IU]/L", "µIU/mL"],
            &["mmHg", "mm[Hg]", "mm Hg"],
            &["lbs", "[lb_av]", "pounds"],
            &["[degF]", "°F", "F"],
        ] {
            for spelling in spellings {
                assert!(is_same(spellings[0], spelling, false), "{} = {spelling}", spellings[0]);
            }
        }
    }

    #[test]
    fn keeps_different_units_apart() {
        for (left, right) in [
            ("mg/dL", "mmol/L"),
            ("K/uL", "M/uL"),
            ("g/dL", "mg/dL"),
            ("ng/mL", "ng/dL"),
            ("mL/min", "mL/min/1.73m2"),
            ("mEq/L", "mmol/L"),
            ("10*3/uL", "10*3/L"),
            ("mOsm/kg", "mOsm/L"),
            ("%", ""),
        ] {
            assert!(!is_same(left, right, false), "{left} and {right}");
        }
        assert!(is_same("mEq/L", "mmol/L", true));
        assert!(is_same("mmol/L", "mEq/L", true));
        assert!(!is_same("mEq/L", "mg/dL", true));
    }

    #[test]
    fn converts_vital_signs_that_somebody_can_have() {
        let told = |value: &str, unit: &str| {
            convert(Decimal::parse(value).unwrap(), unit)
                .map(|(value, unit)| format!("{} {unit}", value.text()))
        };
        assert_eq!(told("180", "lb").as_deref(), Some("81.6 kg"));
        assert_eq!(told("81.6", "kg").as_deref(), Some("179.9 lb"));
        assert_eq!(told("70", "[in_i]").as_deref(), Some("177.8 cm"));
        assert_eq!(told("98.6", "[degF]").as_deref(), Some("37.0 °C"));
        assert_eq!(told("37", "Cel").as_deref(), Some("98.6 °F"));
        assert_eq!(told("98.6", "Cel"), None);
        assert_eq!(told("180", "in"), None);
        assert_eq!(told("5.1", "mmol/L"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_the_same_unit_as_itself(unit in ".{0,24}") {
            prop_assert!(is_same(&unit, &unit, false));
            prop_assert_eq!(plain(&plain(&unit)), plain(&unit));
        }
    }
}
