//! Reference ranges: what was sent, as one interval, where it is one.

use std::cmp::Ordering;

use super::Direction;
use super::decimal::Decimal;
use super::unit;

/// A range with both ends, or one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Interval {
    /// The lower end.
    pub(super) low: Option<End>,
    /// The upper end.
    pub(super) high: Option<End>,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// The number.
    pub(super) at: Decimal,
    /// Whether the number itself is still inside.
    pub(super) is_inside: bool,
}

impl Interval {
    /// An interval that has the ends of `DSTU2 Observation.referenceRange.low` and `.high`.
    pub(super) fn of_ends(low: Option<Decimal>, high: Option<Decimal>) -> Option<Interval> {
        let end = |at| End { at, is_inside: true };
        Interval { low: low.map(end), high: high.map(end) }.sound()
    }

    /// The interval that a text is: `3.5 - 5.1`, `3.5 5.1`, `<150`, `>or=60`, `up to 40`, with or
    /// without the unit after it. `None` for any other text ("Negative", "Not Estab."), and where the
    /// unit is another; `is_single_charge` as for [`unit::is_same`].
    pub(super) fn parse(
        text: &str,
        unit: Option<&str>,
        is_single_charge: impl Fn() -> bool,
    ) -> Option<Interval> {
        let is_unit = |after: &str| is_unit(after, unit, &is_single_charge);
        let mut rest = text.trim();
        if let Some((open, close)) = rest.chars().next().zip(rest.chars().last())
            && matches!((open, close), ('(', ')') | ('[', ']'))
        {
            rest = rest.get(1..rest.len() - 1)?.trim();
        }
        let (first, after) = comparison(rest);
        let (number, after) = number(after)?;
        if let Some(side) = first {
            return is_unit(after).then(|| side.interval(number)).and_then(Interval::sound);
        }
        let after = after.trim_start();
        let lower = after.to_ascii_lowercase();
        for (words, side) in OPEN_WORDS {
            if let Some(tail) = lower.strip_prefix(words)
                && is_unit(tail)
            {
                return side.interval(number).sound();
            }
        }
        // A unit may stand after each of the two.
        let after = match unit.and_then(|unit| strip_unit(after, unit)) {
            Some(tail) if !tail.trim().is_empty() => tail.trim_start(),
            Some(_) | None => after,
        };
        let gap = after.trim_start();
        let gap = gap.strip_prefix(['-', '–', '—', '−', '~']).unwrap_or(gap).trim_start();
        let gap = ["to ", "through "].iter().find_map(|word| gap.strip_prefix(word)).unwrap_or(gap);
        if gap.len() == after.len() && !text.trim().contains(' ') {
            return None;
        }
        let (second, after) = self::number(gap.trim_start())?;
        let ends = Interval::of_ends(Some(number), Some(second))?;
        is_unit(after).then_some(ends)
    }

    /// On which side of it a value lies, if what stands before the value lets that be told.
    pub(super) fn side(&self, comparator: Option<&str>, value: Decimal) -> Side {
        let reach = match comparator.unwrap_or_default() {
            "" => Reach { least: Some((value, true)), most: Some((value, true)) },
            "<" => Reach { least: None, most: Some((value, false)) },
            "<=" => Reach { least: None, most: Some((value, true)) },
            ">" => Reach { least: Some((value, false)), most: None },
            ">=" => Reach { least: Some((value, true)), most: None },
            _ => return Side::Unknown,
        };
        if self.low.is_some_and(|low| reach.is_all_below(low)) {
            return Side::Out(Direction::Down);
        }
        if self.high.is_some_and(|high| reach.is_all_above(high)) {
            return Side::Out(Direction::Up);
        }
        let is_above_low = self.low.is_none_or(|low| reach.is_none_below(low));
        let is_below_high = self.high.is_none_or(|high| reach.is_none_above(high));
        if is_above_low && is_below_high { Side::Inside } else { Side::Unknown }
    }

    fn sound(self) -> Option<Interval> {
        match (self.low, self.high) {
            (None, None) => None,
            (Some(low), Some(high)) if low.at > high.at => None,
            _ => Some(self),
        }
    }
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// In the range.
    Inside,
    /// Outside.
    Out(Direction),
    /// What was sent does not tell.
    Unknown,
}

/// The numbers that a value may be: `<5` is anything below 5.
struct Reach {
    least: Option<(Decimal, bool)>,
    most: Option<(Decimal, bool)>,
}

impl Reach {
    fn is_all_below(&self, low: End) -> bool {
        self.most.is_some_and(|(most, reached)| match most.cmp(&low.at) {
            Ordering::Less => true,
            Ordering::Equal => !(reached && low.is_inside),
            Ordering::Greater => false,
        })
    }

    fn is_all_above(&self, high: End) -> bool {
        self.least.is_some_and(|(least, reached)| match least.cmp(&high.at) {
            Ordering::Greater => true,
            Ordering::Equal => !(reached && high.is_inside),
            Ordering::Less => false,
        })
    }

    fn is_none_below(&self, low: End) -> bool {
        self.least.is_some_and(|(least, reached)| match least.cmp(&low.at) {
            Ordering::Greater => true,
            Ordering::Equal => low.is_inside || !reached,
            Ordering::Less => false,
        })
    }

    fn is_none_above(&self, high: End) -> bool {
        self.most.is_some_and(|(most, reached)| match most.cmp(&high.at) {
            Ordering::Less => true,
            Ordering::Equal => high.is_inside || !reached,
            Ordering::Greater => false,
        })
    }
}

/// A value sent as text, as comparator and number: `<0.01`, `> 60`, `7.0`.
pub(super) fn value(text: &str) -> Option<(Option<&'static str>, Decimal)> {
    let (side, rest) = comparison(text.trim());
    let (number, after) = number(rest)?;
    after.trim().is_empty().then(|| (side.map(OneSide::comparator), number))
}

/// A value sent as text with its unit behind it, taken apart: `5.4 K/uL`, `<0.01 mg/dL`.
pub(super) fn value_with_unit(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (_, rest) = comparison(text);
    let (_, after) = number(rest)?;
    let unit = after.trim();
    let value = text.get(..text.len() - after.len())?;
    unit::is_known(unit).then_some((value, unit))
}

#[derive(Clone, Copy)]
enum OneSide {
    Below,
    AtMost,
    Above,
    AtLeast,
}

impl OneSide {
    fn interval(self, at: Decimal) -> Interval {
        let end = |is_inside| Some(End { at, is_inside });
        match self {
            OneSide::Below => Interval { low: None, high: end(false) },
            OneSide::AtMost => Interval { low: None, high: end(true) },
            OneSide::Above => Interval { low: end(false), high: None },
            OneSide::AtLeast => Interval { low: end(true), high: None },
        }
    }

    fn comparator(self) -> &'static str {
        match self {
            OneSide::Below => "<",
            OneSide::AtMost => "<=",
            OneSide::Above => ">",
            OneSide::AtLeast => ">=",
        }
    }
}

/// The longer ones first.
const SIGNS: &[(&str, OneSide)] = &[
    ("< or =", OneSide::AtMost),
    ("<or=", OneSide::AtMost),
    ("< =", OneSide::AtMost),
    ("<=", OneSide::AtMost),
    ("=<", OneSide::AtMost),
    ("≤", OneSide::AtMost),
    ("<", OneSide::Below),
    ("> or =", OneSide::AtLeast),
    (">or=", OneSide::AtLeast),
    ("> =", OneSide::AtLeast),
    (">=", OneSide::AtLeast),
    ("=>", OneSide::AtLeast),
    ("≥", OneSide::AtLeast),
    (">", OneSide::Above),
    ("less than or equal to ", OneSide::AtMost),
    ("less than ", OneSide::Below),
    ("below ", OneSide::Below),
    ("under ", OneSide::Below),
    ("up to ", OneSide::AtMost),
    ("greater than or equal to ", OneSide::AtLeast),
    ("greater than ", OneSide::Above),
    ("above ", OneSide::Above),
    ("over ", OneSide::Above),
    ("at least ", OneSide::AtLeast),
];

const OPEN_WORDS: &[(&str, OneSide)] = &[
    ("or less", OneSide::AtMost),
    ("or lower", OneSide::AtMost),
    ("or below", OneSide::AtMost),
    ("or more", OneSide::AtLeast),
    ("or higher", OneSide::AtLeast),
    ("or greater", OneSide::AtLeast),
    ("or above", OneSide::AtLeast),
    ("+", OneSide::AtLeast),
];

/// The comparison a text begins with, and what comes after it.
fn comparison(text: &str) -> (Option<OneSide>, &str) {
    for (sign, side) in SIGNS {
        if let Some(head) = text.get(..sign.len())
            && head.eq_ignore_ascii_case(sign)
        {
            return (Some(*side), text.get(sign.len()..).unwrap_or_default().trim_start());
        }
    }
    (None, text)
}

/// The number a text begins with, and what comes after it.
fn number(text: &str) -> Option<(Decimal, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(unsigned.len());
    let end = text.len() - unsigned.len() + length;
    let found = text.get(..end)?;
    // A sentence may end after it.
    let found = found.strip_suffix([',', '.']).filter(|rest| !rest.is_empty()).unwrap_or(found);
    Some((Decimal::parse(found)?, text.get(found.len()..)?))
}

/// Whether what comes after the numbers is nothing or the unit of the value.
fn is_unit(after: &str, unit: Option<&str>, is_single_charge: impl Fn() -> bool) -> bool {
    let after = after.trim().trim_end_matches('.');
    let is_same = |unit: &str| {
        unit::is_same(after, unit, false) || unit::is_same(after, unit, true) && is_single_charge()
    };
    after.is_empty() || unit.is_some_and(is_same)
}

fn strip_unit<'t>(text: &'t str, unit: &str) -> Option<&'t str> {
    text.get(..unit.len())
        .filter(|head| head.eq_ignore_ascii_case(unit))
        .and_then(|_| text.get(unit.len()..))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_a_range_from_its_text() {
        for (text, unit, read) in [
            ("3.5 - 5.1", None, "[3.5, 5.1]"),
            ("3.5-5.1", None, "[3.5, 5.1]"),
            ("3.5 5.1", None, "[3.5, 5.1]"),
            ("3.5 – 5.1 mmol/L", Some("mmol/L"), "[3.5, 5.1]"),
            ("135 mmol/L - 145 mmol/L", Some("mmol/L"), "[135, 145]"),
            ("3.5 to 5.1", None, "[3.5, 5.1]"),
            ("(3.5-5.1)", None, "[3.5, 5.1]"),
            ("3.66 - 10.60 x10(3)/uL", Some("K/uL"), "[3.66, 10.60]"),
            ("<150", None, "(.., 150)"),
            ("<=150", None, "(.., 150]"),
            ("< OR = 2.0", None, "(.., 2.0]"),
            ("> or = 60", None, "[60, ..)"),
            (">or=60", Some("mL/min"), "[60, ..)"),
            (">59", None, "(59, ..)"),
            ("Up to 40", None, "(.., 40]"),
            ("Less than 1.2 mg/dL", Some("mg/dL"), "(.., 1.2)"),
            ("150 or less", None, "(.., 150]"),
            ("1,500-7,800", Some("cells/uL"), "[1500, 7800]"),
            ("-2.0 - 2.0", None, "[-2.0, 2.0]"),
            ("0.0-0.4", None, "[0.0, 0.4]"),
        ] {
            let end = |end: Option<End>| end.map_or("..".to_owned(), |end| end.at.text());
            let found = Interval::parse(text, unit, || false).map(|found| {
                let low = if found.low.is_some_and(|low| low.is_inside) { '[' } else { '(' };
                let high = if found.high.is_some_and(|high| high.is_inside) { ']' } else { ')' };
                format!("{low}{}, {}{high}", end(found.low), end(found.high))
            });
            assert_eq!(found.as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn takes_no_other_text_for_a_range() {
        for text in [
            "",
            "Negative",
            "Not Estab.",
            "None seen",
            "Clear",
            "5",
            "3.5 - 5.1 mg/dL (fasting)",
            "M: 13-17, F: 12-15",
            "5.1 - 3.5",
            "<",
            "-",
            "1:40",
            "Adult 3-5",
            "<150 mg/dL",
        ] {
            assert_eq!(Interval::parse(text, Some("K/uL"), || true), None, "{text}");
        }
    }

    #[test]
    fn takes_equivalents_for_moles_only_where_they_are() {
        let parse = |is_single_charge: bool| {
            Interval::parse("0.7 - 1.0 mmol/L", Some("mEq/L"), || is_single_charge)
        };
        assert!(parse(true).is_some());
        assert_eq!(parse(false), None);
    }

    #[test]
    fn tells_the_side_only_where_the_comparator_lets_it() {
        let side = |range: &str, comparator: &str, value: &str| {
            Interval::parse(range, None, || false)
                .unwrap()
                .side(Some(comparator).filter(|c| !c.is_empty()), Decimal::parse(value).unwrap())
        };
        assert_eq!(side("3.5-5.1", "", "3.5"), Side::Inside);
        assert_eq!(side("3.5-5.1", "", "5.1"), Side::Inside);
        assert_eq!(side("3.5-5.1", "", "5.10"), Side::Inside);
        assert_eq!(side("3.5-5.1", "", "3.4"), Side::Out(Direction::Down));
        assert_eq!(side("3.5-5.1", "", "5.11"), Side::Out(Direction::Up));
        assert_eq!(side("<150", "", "150"), Side::Out(Direction::Up));
        assert_eq!(side("<=150", "", "150"), Side::Inside);
        assert_eq!(side(">=60", ">", "60"), Side::Inside);
        assert_eq!(side(">60", ">", "60"), Side::Inside);
        assert_eq!(side(">60", ">=", "60"), Side::Unknown);
        assert_eq!(side("3-10", "<", "5"), Side::Unknown);
        assert_eq!(side("5-10", "<", "5"), Side::Out(Direction::Down));
        assert_eq!(side("5-10", "<=", "5"), Side::Unknown);
        assert_eq!(side("0-10", ">", "10"), Side::Out(Direction::Up));
        assert_eq!(side("0-10", "<", "5"), Side::Unknown);
        assert_eq!(side("<10", "<", "5"), Side::Inside);
        assert_eq!(side("0-10", "~", "5"), Side::Unknown);
    }

    #[test]
    fn reads_a_value_sent_as_text() {
        let read = |text| value(text).map(|(sign, number)| (sign, number.text()));
        assert_eq!(read("<0.01"), Some((Some("<"), "0.01".to_owned())));
        assert_eq!(read("> 60"), Some((Some(">"), "60".to_owned())));
        assert_eq!(read(" 7.0 "), Some((None, "7.0".to_owned())));
        assert_eq!(read("Negative"), None);
        assert_eq!(read("1:40"), None);
        assert_eq!(read("0-2"), None);
        assert_eq!(read("1+"), None);
    }

    #[test]
    fn takes_a_value_and_its_unit_apart() {
        for (text, parts) in [
            ("5.40 K/uL", Some(("5.40", "K/uL"))),
            ("<0.01 mg/dL", Some(("<0.01", "mg/dL"))),
            ("> 60 mL/min/1.73", Some(("> 60", "mL/min/1.73"))),
            ("7.0%", Some(("7.0", "%"))),
            ("5.4", None),
            ("0-2 /HPF", None),
            ("1+ protein", None),
            ("5 F", None),
            ("2 colonies", None),
            ("1:40", None),
        ] {
            assert_eq!(value_with_unit(text), parts, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_value_lies_on_one_side(low in -500_i64..500, width in 0_i64..500, value in -900_i64..900) {
            let range =
                Interval::parse(&format!("{low} - {}", low + width), None, || false).unwrap();
            let expected = if value < low {
                Side::Out(Direction::Down)
            } else if value > low + width {
                Side::Out(Direction::Up)
            } else {
                Side::Inside
            };
            prop_assert_eq!(range.side(None, Decimal::parse(&value.to_string()).unwrap()), expected);
        }

        #[test]
        fn never_panics(text in ".{0,40}", near in "[<>=0-9. or,-]{0,24}", unit in ".{0,8}") {
            let _ = Interval::parse(&text, Some(&unit), || true);
            let _ = Interval::parse(&near, Some(&unit), || true);
            let _ = value(&near);
            let _ = Interval::parse(&text, None, || true);
        }
    }
}
