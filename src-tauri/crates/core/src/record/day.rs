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
pub(crate) fn held(day: &[OfDay], mut named: impl FnMut(i64) -> Option<i64>) -> Vec<Option<usize>> {
    let visits: Vec<usize> = (0..day.len())
        .filter(|at| day.get(*at).is_some_and(|one| one.kind == Kind::Visits))
        .collect();
    let mut holder = |one: &OfDay| {
        if visits.is_empty() || matches!(one.kind, Kind::Visits | Kind::People | Kind::Places) {
            return None;
        }
        one.person?;
        let of_person = |at: &&usize| day.get(**at).is_some_and(|visit| visit.person == one.person);
        let by_day = |at: &&usize| {
            !one.is_instant && of_person(at) && day.get(**at).is_some_and(|visit| !visit.is_instant)
        };
        let by_time =
            |at: &&usize| by_day(at) && day.get(**at).is_some_and(|visit| visit.at == one.at);
        only(visits.iter().filter(by_time)).or_else(|| only(visits.iter().filter(by_day))).or_else(
            || {
                let candidates: Vec<usize> = visits.iter().filter(of_person).copied().collect();
                if candidates.is_empty() {
                    return None;
                }
                let visit = named(one.id)?;
                candidates.into_iter().find(|at| day.get(*at).is_some_and(|one| one.id == visit))
            },
        )
    };
    day.iter().map(&mut holder).collect()
}

fn only<'a>(mut found: impl Iterator<Item = &'a usize>) -> Option<usize> {
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
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
        let link = |id| links.iter().find(|(from, _)| *from == id).map(|(_, visit)| *visit);
        held(day, link).into_iter().map(|at| at.map(|at| day[at].id)).collect()
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
