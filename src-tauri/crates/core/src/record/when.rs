//! When a record was: the first of its type's chain of dates, with the label that says which.

use crate::fhir::date::{self, Date};

use super::{Precision, When, Zone};

/// A date or a period with its label; `None` where neither end can be read.
pub(super) fn when(start: Option<&str>, end: Option<&str>, label: &str) -> Option<When> {
    let read_start = start.and_then(date::parse);
    let read_end = end.and_then(date::parse);
    let Date { precision, zone, sort } = match (&read_start, &read_end) {
        (Some(start), _) => start.clone(),
        (None, Some(end)) => end.clone(),
        (None, None) => return None,
    };
    Some(When {
        start: start.filter(|_| read_start.is_some()).map(str::to_owned),
        end: end.filter(|_| read_end.is_some()).map(str::to_owned),
        precision: match precision {
            date::Precision::Year => Precision::Year,
            date::Precision::Month => Precision::Month,
            date::Precision::Day => Precision::Day,
            date::Precision::Time => Precision::Time,
        },
        zone: match zone {
            date::Zone::None => Zone::None,
            date::Zone::Offset => Zone::Offset,
            date::Zone::Utc => Zone::Utc,
        },
        label: label.to_owned(),
        sort,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_as_sent_and_sorts_by_civil_time() {
        let found = when(Some("2022-04-28T09:30:00-04:00"), None, "performed").unwrap();
        assert_eq!(found.start.as_deref(), Some("2022-04-28T09:30:00-04:00"));
        assert_eq!((found.precision, found.zone), (Precision::Time, Zone::Offset));
        assert_eq!(found.sort, "2022-04-28T09:30:00");
    }

    #[test]
    fn sorts_an_open_beginning_by_its_end() {
        let found = when(None, Some("2015-03"), "on").unwrap();
        assert_eq!((found.start, found.sort.as_str()), (None, "2015-03"));
        assert_eq!(found.precision, Precision::Month);
    }

    #[test]
    fn is_undated_where_nothing_can_be_read() {
        assert_eq!(when(Some("spring 2015"), None, "on"), None);
        assert_eq!(when(None, None, "on"), None);
    }
}
