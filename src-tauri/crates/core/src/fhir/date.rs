//! DSTU2 date, dateTime, instant and time, with the precision they were written with.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A date or time as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    /// How much of it is known. Midnight under any zone is a day.
    pub precision: Precision,
    /// The zone it was written in; none for anything coarser than a time of day.
    pub zone: Zone,
    /// A text that sorts as the time does: the civil time as written (UTC for `Z`).
    pub sort: String,
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// `2022`
    Year,
    /// `2022-04`
    Month,
    /// `2022-04-28`
    Day,
    /// `2022-04-28T09:30:00`
    Time,
}

/// The zone a time was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// None was written.
    None,
    /// A local offset, `-04:00`.
    Offset,
    /// `Z`.
    Utc,
}

/// Reads a DSTU2 `date`, `dateTime` or `instant`; `None` where the text is none, or names a day
/// that does not exist.
pub fn parse(text: &str) -> Option<Date> {
    let text = text.trim();
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year: u16 = number(parts.next()?, 4)?;
    let month =
        parts.next().map(|part| number::<u8>(part, 2)).map_or(Some(None), |n| n.map(Some))?;
    let day = parts.next().map(|part| number::<u8>(part, 2)).map_or(Some(None), |n| n.map(Some))?;
    if parts.next().is_some() || year == 0 {
        return None;
    }
    let precision = match (month, day) {
        (None, _) => Precision::Year,
        (Some(month), None) => {
            (1..=12).contains(&month).then_some(())?;
            Precision::Month
        }
        (Some(month), Some(day)) => {
            (1..=days_in(year, month)?).contains(&day).then_some(())?;
            Precision::Day
        }
    };
    let Some(time) = time else {
        return Some(Date { precision, zone: Zone::None, sort: date.to_owned() });
    };
    if precision != Precision::Day {
        return None;
    }
    let (clock, zone) = split_zone(time)?;
    let midnight = read_clock(clock)?;
    if midnight {
        return Some(Date { precision: Precision::Day, zone: Zone::None, sort: date.to_owned() });
    }
    Some(Date { precision: Precision::Time, zone, sort: format!("{date}T{clock}") })
}

/// A date in words, as precise as it was written: "Apr 28, 2022", "Apr 2022", "2022", "Apr 28, 2022,
/// 9:30 AM"; a time in `Z` says so. `None` where the text is no date.
pub fn words(text: &str) -> Option<String> {
    let date = parse(text)?;
    let mut words = civil_words(&date)?;
    if date.zone == Zone::Utc {
        words.push_str(" UTC");
    }
    Some(words)
}

/// The same where it is shown to somebody in `zone`: a time in `Z` as the civil time there, with the
/// zone's name ("May 26, 2016, 9:50 PM EDT"); all others as they were written.
pub fn words_in(text: &str, zone: &TimeZone) -> Option<String> {
    let date = parse(text).filter(|date| date.zone == Zone::Utc);
    let instant = date
        .as_ref()
        .and_then(|date| TimeZone::UTC.to_timestamp(date.sort.parse::<DateTime>().ok()?).ok());
    let Some((date, instant)) = date.zip(instant) else { return words(text) };
    let sort = zone.to_datetime(instant).to_string();
    let words = civil_words(&Date { sort, ..date })?;
    Some(format!("{words} {}", zone.to_offset_info(instant).abbreviation()))
}

/// The civil time of a date in words.
fn civil_words(date: &Date) -> Option<String> {
    let Date { precision, sort, .. } = date;
    let precision = *precision;
    let year = sort.get(..4)?;
    if precision == Precision::Year {
        return Some(year.to_owned());
    }
    let month: usize = sort.get(5..7)?.parse().ok()?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    if precision == Precision::Month {
        return Some(format!("{month} {year}"));
    }
    let day: u8 = sort.get(8..10)?.parse().ok()?;
    let date = format!("{month} {day}, {year}");
    if precision == Precision::Day {
        return Some(date);
    }
    let hour: u8 = sort.get(11..13)?.parse().ok()?;
    let minute = sort.get(14..16)?;
    let (hour, half) = match hour {
        0 => (12, "AM"),
        1..=11 => (hour, "AM"),
        12 => (12, "PM"),
        _ => (hour - 12, "PM"),
    };
    Some(format!("{date}, {hour}:{minute} {half}"))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether a text is written as a DSTU2 `time`: `09:30:00`.
pub fn is_time(text: &str) -> bool {
    text.contains(':') && read_clock(text).is_some()
}

fn split_zone(time: &str) -> Option<(&str, Zone)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, Zone::Utc));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, Zone::None)) };
    let (clock, offset) = time.split_at_checked(at)?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let offset_is_read = matches!(digits.len(), 2 | 4)
        && offset.chars().skip(1).all(|sign| sign.is_ascii_digit() || sign == ':');
    offset_is_read.then_some((clock, Zone::Offset))
}

/// Whether a time of day is midnight; `None` where the text is no time of day.
fn read_clock(clock: &str) -> Option<bool> {
    let mut parts = clock.split(':');
    let hour: u8 = number(parts.next()?, 2)?;
    let minute: u8 = number(parts.next()?, 2)?;
    let mut zero = hour == 0 && minute == 0;
    if let Some(seconds) = parts.next() {
        let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        // 60 is a leap second.
        let second: u8 = number(whole, 2)?;
        if second > 60 || fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        zero &= second == 0 && fraction.bytes().all(|b| b == b'0');
    }
    (hour <= 23 && minute <= 59 && parts.next().is_none()).then_some(zero)
}

fn number<T: std::str::FromStr>(text: &str, n_digits: usize) -> Option<T> {
    (text.len() == n_digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_the_precision_it_was_written_with() {
        check("1969", Precision::Year, Zone::None, "1969");
        check("2022-04", Precision::Month, Zone::None, "2022-04");
        check("2022-04-28", Precision::Day, Zone::None, "2022-04-28");
        check("2022-04-28T09:30:00-04:00", Precision::Time, Zone::Offset, "2022-04-28T09:30:00");
        check("2016-05-27T01:50:00Z", Precision::Time, Zone::Utc, "2016-05-27T01:50:00");
        check("2013-04-03T15:30", Precision::Time, Zone::None, "2013-04-03T15:30");
        check(
            "2013-04-03T15:30:10.5+01:00",
            Precision::Time,
            Zone::Offset,
            "2013-04-03T15:30:10.5",
        );
    }

    #[test]
    fn takes_midnight_under_any_zone_for_a_day() {
        check("2021-12-18T00:00:00-05:00", Precision::Day, Zone::None, "2021-12-18");
        check("2021-12-18T00:00:00Z", Precision::Day, Zone::None, "2021-12-18");
        check("2021-12-18T00:00:00.000Z", Precision::Day, Zone::None, "2021-12-18");
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "April 2015",
            "2015-13",
            "2015-02-29",
            "2015-2-3",
            "0000",
            "20150203",
            "2015-02T10:00",
            "2015-02-03T25:00",
            "2015-02-03T10",
            "2015-02-03T10:00+0",
            "09:30",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse("2016-02-29").is_some());
    }

    #[test]
    fn puts_a_date_into_words_and_adds_nothing() {
        for (text, expected) in [
            ("1957", "1957"),
            ("1957-03", "Mar 1957"),
            ("1957-03-12", "Mar 12, 1957"),
            ("2021-12-18T00:00:00-05:00", "Dec 18, 2021"),
            ("2022-04-28T09:30:00-04:00", "Apr 28, 2022, 9:30 AM"),
            ("2022-04-28T12:05:00-04:00", "Apr 28, 2022, 12:05 PM"),
            ("2022-04-28T00:05:00-04:00", "Apr 28, 2022, 12:05 AM"),
            ("2016-05-27T13:50:00Z", "May 27, 2016, 1:50 PM UTC"),
        ] {
            assert_eq!(words(text).as_deref(), Some(expected));
        }
        assert_eq!(words("spring 2015"), None);
    }

    #[test]
    fn tells_an_instant_in_the_zone_of_who_reads_it() {
        let new_york = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        for (text, expected) in [
            ("2016-05-27T01:50:00Z", "May 26, 2016, 9:50 PM EDT"),
            ("2016-01-27T01:50Z", "Jan 26, 2016, 8:50 PM EST"),
            ("1969-07-20T20:17:40.5Z", "Jul 20, 1969, 4:17 PM EDT"),
            ("2016-05-27T00:00:00Z", "May 27, 2016"),
            ("2022-04-28T09:30:00-07:00", "Apr 28, 2022, 9:30 AM"),
            ("2022-04-28T09:30:00", "Apr 28, 2022, 9:30 AM"),
            ("2022-04", "Apr 2022"),
        ] {
            assert_eq!(words_in(text, &new_york).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            words_in("2016-05-27T01:50:00Z", &TimeZone::UTC).as_deref(),
            Some("May 27, 2016, 1:50 AM UTC")
        );
        assert_eq!(words_in("spring 2015", &new_york), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,30}") {
            let _ = (parse(&text), words(&text), words_in(&text, &TimeZone::UTC));
        }

        #[test]
        fn never_panics_on_nearly_a_date(text in "[0-9TZ:.+ -]{0,30}") {
            let _ = (parse(&text), words_in(&text, &TimeZone::UTC));
        }
    }

    fn check(text: &str, precision: Precision, zone: Zone, sort: &str) {
        assert_eq!(parse(text), Some(Date { precision, zone, sort: sort.to_owned() }), "{text}");
    }
}
