//! What of a day belongs to its visits. Pure: [`crate::store`] walks the days and shows what is held.

use super::Kind;

/// A record as far as its place in its day needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OfDay {
    /// Its number.
    pub id: i64,
    /// Its list.
    pub kind: Kind,
    /// Whose; `None` where it does not say.
    pub person: Option<i64>,
    /// When, as [`When::sort`](super::When::sort); at least a whole day.
    pub at: String,
    /// Whether that is an instant (`Z`), which proves no day.
    pub is_instant: bool,
}

/// For each record of one day, the visit that it is shown in, by its place in `day`. A visit holds what
/// carries its very time; the only visit of a day, all that the day says of the same person. `named`
/// gives the visit that a record itself names (`DSTU2 encounter`): it decides where times cannot.
///
/// # Errors
/// What `named` says.
pub(crate) fn held<E>(
    day: &[OfDay],
    mut named: impl FnMut(i64) -> Result<Option<i64>, E>,
) -> Result<Vec<Option<usize>>, E> {
    let visits: Vec<(usize, &OfDay)> =
        day.iter().enumerate().filter(|(_, one)| one.kind == Kind::Visits).collect();
    let holder = |one: &OfDay| {
        if matches!(one.kind, Kind::Visits | Kind::People | Kind::Places) || one.person.is_none() {
            return Ok(None);
        }
        let theirs = || visits.iter().filter(|(_, visit)| visit.person == one.person);
        let of_day = || theirs().filter(|(_, visit)| !visit.is_instant && !one.is_instant);
        let by_time = only(of_day().filter(|(_, visit)| visit.at == one.at));
        if let Some(at) = by_time.or_else(|| only(of_day())) {
            return Ok(Some(at));
        }
        if theirs().next().is_none() {
            return Ok(None);
        }
        let named = named(one.id)?;
        Ok(theirs().find(|(_, visit)| Some(visit.id) == named).map(|(at, _)| *at))
    };
    day.iter().map(holder).collect()
}

fn only<'a>(mut found: impl Iterator<Item = &'a (usize, &'a OfDay)>) -> Option<usize> {
    let (first, _) = found.next()?;
    found.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn of(id: i64, kind: Kind, at: &str) -> OfDay {
        let (at, is_instant) = match at.strip_suffix('Z') {
            Some(at) => (at, true),
            None => (at, false),
        };
        OfDay { id, kind, person: Some(1), at: at.to_owned(), is_instant }
    }

    fn holders(day: &[OfDay]) -> Vec<Option<i64>> {
        named(day, &[])
    }

    fn named(day: &[OfDay], links: &[(i64, i64)]) -> Vec<Option<i64>> {
        let link = |id| {
            let link = links.iter().find(|(from, _)| *from == id);
            Ok::<_, Infallible>(link.map(|(_, visit)| *visit))
        };
        held(day, link).unwrap().into_iter().map(|at| at.map(|at| day[at].id)).collect()
    }

    #[test]
    fn the_only_visit_of_a_day_holds_the_day() {
        let day = [
            of(1, Kind::Labs, "2026-03-10T15:00:00"),
            of(2, Kind::Visits, "2026-03-10T10:15:00"),
            of(3, Kind::Problems, "2026-03-10"),
            of(4, Kind::People, "2026-03-10"),
        ];
        assert_eq!(holders(&day), [Some(2), None, Some(2), None]);
    }

    #[test]
    fn of_two_visits_each_holds_what_carries_its_time() {
        let day = [
            of(1, Kind::Visits, "2026-03-10T15:00:00"),
            of(2, Kind::Labs, "2026-03-10T15:00:00"),
            of(3, Kind::Visits, "2026-03-10T10:15:00"),
            of(4, Kind::Vitals, "2026-03-10T10:15:00"),
            of(5, Kind::Labs, "2026-03-10T10:20:00"),
            of(6, Kind::Problems, "2026-03-10"),
        ];
        assert_eq!(holders(&day), [None, Some(1), None, Some(3), None, None]);
        assert_eq!(named(&day, &[(5, 1), (6, 99)])[4..], [Some(1), None]);
    }

    #[test]
    fn two_visits_at_one_time_hold_only_what_names_them() {
        let day = [
            of(1, Kind::Visits, "2026-03-10T10:15:00"),
            of(2, Kind::Visits, "2026-03-10T10:15:00"),
            of(3, Kind::Vitals, "2026-03-10T10:15:00"),
        ];
        assert_eq!(holders(&day), [None, None, None]);
        assert_eq!(named(&day, &[(3, 2)]), [None, None, Some(2)]);
    }

    #[test]
    fn an_instant_proves_no_day() {
        let day =
            [of(1, Kind::Visits, "2026-03-10T10:15:00"), of(2, Kind::Labs, "2026-03-10T10:15:00Z")];
        assert_eq!(holders(&day), [None, None]);
        assert_eq!(named(&day, &[(2, 1)]), [None, Some(1)]);
        let day =
            [of(1, Kind::Visits, "2026-03-10T10:15:00Z"), of(2, Kind::Labs, "2026-03-10T10:15:00")];
        assert_eq!(holders(&day), [None, None]);
    }

    #[test]
    fn nobody_s_records_and_other_people_s_stand_alone() {
        let mut day = [
            of(1, Kind::Visits, "2026-03-10T10:15:00"),
            of(2, Kind::Labs, "2026-03-10T10:15:00"),
            of(3, Kind::Labs, "2026-03-10T10:15:00"),
        ];
        day[1].person = Some(2);
        day[2].person = None;
        assert_eq!(named(&day, &[(2, 1), (3, 1)]), [None, None, None]);
    }
}
