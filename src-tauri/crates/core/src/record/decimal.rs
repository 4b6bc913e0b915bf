//! Exact decimals: compared and converted digit for digit, never through a float.

use std::cmp::Ordering;

/// A decimal number: `mantissa` × 10^-`scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Digits before and after the point that a number may have; more is no measurement.
const MAX_DIGITS: usize = 24;

impl Decimal {
    /// The number a text is, with nothing else in it: `7.0`, `-0.5`, `.25`, `1.2E3`, `1,234`.
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let grouped;
        let number = match number.contains(',') {
            true => {
                grouped = ungroup(number)?;
                grouped.as_str()
            }
            false => number,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = whole.len() + part.len();
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits == 0 || digits > MAX_DIGITS || !is_digits(whole) || !is_digits(part) {
            return None;
        }
        let mut mantissa: i128 = 0;
        for byte in whole.bytes().chain(part.bytes()) {
            mantissa = mantissa * 10 + i128::from(byte - b'0');
        }
        if negative {
            mantissa = -mantissa;
        }
        let scale = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
        if scale.unsigned_abs() as usize > MAX_DIGITS {
            return None;
        }
        match u32::try_from(scale) {
            Ok(scale) => Some(Decimal { mantissa, scale }),
            Err(_) => {
                let factor = 10_i128.checked_pow(scale.unsigned_abs())?;
                Some(Decimal { mantissa: mantissa.checked_mul(factor)?, scale: 0 })
            }
        }
    }

    /// The plain text of it, every digit kept: `7.0`, `1200`.
    pub(super) fn text(self) -> String {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = padded.split_at(padded.len() - scale);
        format!("{sign}{whole}.{part}")
    }

    /// How many digits stand after its point.
    pub(super) fn scale(self) -> u32 {
        self.scale
    }

    /// Near enough for weighing evidence; never shown.
    pub(super) fn approximate(self) -> f64 {
        self.mantissa as f64 / 10_f64.powi(i32::try_from(self.scale).unwrap_or(i32::MAX))
    }

    /// (self + `before`) × `numerator` ÷ `denominator` + `after`, rounded half away from zero to
    /// `scale` digits after the point. `None` where that is too large.
    pub(super) fn linear(
        self,
        before: i128,
        numerator: i128,
        denominator: i128,
        after: i128,
        scale: u32,
    ) -> Option<Decimal> {
        let unit = 10_i128.checked_pow(self.scale)?;
        let shifted = self.mantissa.checked_add(before.checked_mul(unit)?)?;
        let top = shifted.checked_mul(numerator)?.checked_mul(10_i128.checked_pow(scale)?)?;
        let bottom = denominator.checked_mul(unit)?;
        let half = bottom.checked_div(2)?;
        let rounded = if top < 0 {
            top.checked_sub(half)?.checked_div(bottom)?
        } else {
            top.checked_add(half)?.checked_div(bottom)?
        };
        let after = after.checked_mul(10_i128.checked_pow(scale)?)?;
        Some(Decimal { mantissa: rounded.checked_add(after)?, scale })
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        // 24 digits and a scale of at most 24 on either side fit into what is compared here but
        // for numbers that differ by many orders anyway.
        let lift = |one: &Decimal, by: u32| {
            10_i128.checked_pow(by).and_then(|factor| one.mantissa.checked_mul(factor))
        };
        let (left, right) = match self.scale.cmp(&other.scale) {
            Ordering::Less => (lift(self, other.scale - self.scale), Some(other.mantissa)),
            Ordering::Greater => (Some(self.mantissa), lift(other, self.scale - other.scale)),
            Ordering::Equal => (Some(self.mantissa), Some(other.mantissa)),
        };
        match (left, right) {
            (Some(left), Some(right)) => left.cmp(&right),
            (None, _) => self.mantissa.signum().cmp(&0),
            (_, None) => 0.cmp(&other.mantissa.signum()),
        }
    }
}

/// A number without the commas between its thousands; `None` where they stand elsewhere.
fn ungroup(number: &str) -> Option<String> {
    let (whole, part) = match number.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let is_grouped =
        (1..=3).contains(&first.len()) && whole.split(',').skip(1).all(|group| group.len() == 3);
    if !is_grouped || part.is_some_and(|part| part.contains(',')) {
        return None;
    }
    Some(number.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_every_digit() {
        for (sent, text) in [
            ("7.0", "7.0"),
            ("0.10", "0.10"),
            (".5", "0.5"),
            ("-0.05", "-0.05"),
            ("1.2E3", "1200"),
            ("5e-2", "0.05"),
            ("1,234.50", "1234.50"),
            ("+3", "3"),
        ] {
            assert_eq!(Decimal::parse(sent).map(Decimal::text).as_deref(), Some(text), "{sent}");
        }
        for sent in ["", ".", "-", "1.2.3", "12,34", "<5", "5 mg", "e5", "1e99", "NaN", "1,2"] {
            assert!(Decimal::parse(sent).is_none(), "{sent}");
        }
    }

    #[test]
    fn compares_without_a_float() {
        let is = |text| Decimal::parse(text).unwrap();
        assert_eq!(is("7.0"), is("7"));
        assert!(is("0.1") < is("0.10000000000000001"));
        assert!(is("-1") < is("0.5"));
        assert!(is("10000000000000000000000") > is("0.00000000000000000000001"));
    }

    #[test]
    fn converts_with_plain_rounding() {
        let is = |text| Decimal::parse(text).unwrap();
        // Pounds to kilograms, Fahrenheit to Celsius and back.
        let kg = is("180").linear(0, 45_359_237, 100_000_000, 0, 1);
        assert_eq!(kg.map(Decimal::text).as_deref(), Some("81.6"));
        let celsius = is("98.6").linear(-32, 5, 9, 0, 1);
        assert_eq!(celsius.map(Decimal::text).as_deref(), Some("37.0"));
        let fahrenheit = is("37.0").linear(0, 9, 5, 32, 1);
        assert_eq!(fahrenheit.map(Decimal::text).as_deref(), Some("98.6"));
        assert_eq!(is("-40").linear(-32, 5, 9, 0, 1).map(Decimal::text).as_deref(), Some("-40.0"));
    }

    proptest! {
        #[test]
        fn orders_as_integers_do(left in -10_000_i64..10_000, right in -10_000_i64..10_000, scale in 0_u32..6) {
            let at = |mantissa: i64| Decimal { mantissa: i128::from(mantissa), scale };
            prop_assert_eq!(at(left).cmp(&at(right)), left.cmp(&right));
            let again = Decimal::parse(&at(left).text()).unwrap();
            prop_assert_eq!(again, at(left));
        }

        #[test]
        fn never_panics(text in ".{0,40}", number in "[-+0-9.,eE]{0,30}") {
            for text in [text, number] {
                if let Some(read) = Decimal::parse(&text) {
                    prop_assert_eq!(Decimal::parse(&read.text()), Some(read));
                }
            }
        }
    }
}
