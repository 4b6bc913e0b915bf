//! The parts of a list: which one a record belongs to, and when it changes by itself.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Kind;

/// The part of its list that a record belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The list.
    #[serde(rename = "k")]
    pub kind: Kind,
    /// The part, as it was recorded.
    #[serde(rename = "p")]
    pub slug: String,
    /// The end that was sent for it, as it sorts; once that has passed, it is another part.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// When it was last stated, as it sorts; long after that, it is another part.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub stated: Option<String>,
}

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is told apart by.
    pub slug: &'static str,
    /// Its heading.
    pub title: &'static str,
}

/// The part that records stand in which the portal no longer sends (allergies keep theirs).
pub const GONE: Part = Part { slug: "gone", title: "No longer sent by your portal" };

/// The rank of [`GONE`], behind every other.
pub const GONE_RANK: u32 = 90;

/// The parts of a list of a kind, in order; none where its list has no parts.
pub fn parts(kind: Kind) -> &'static [Part] {
    match kind {
        Kind::Medicines => MEDICINES,
        Kind::Problems => PROBLEMS,
        Kind::Allergies => ALLERGIES,
        Kind::Immunizations => IMMUNIZATIONS,
        Kind::Labs
        | Kind::Vitals
        | Kind::Visits
        | Kind::Procedures
        | Kind::Documents
        | Kind::CarePlans
        | Kind::Goals
        | Kind::People
        | Kind::Places
        | Kind::Other => &[],
    }
}

impl Place {
    /// The part of that slug, in the list of `kind`.
    pub fn new(kind: Kind, slug: &str) -> Place {
        Place { kind, slug: slug.to_owned(), ends: None, stated: None }
    }

    /// The part as it was recorded, and its rank.
    pub fn recorded(&self) -> (u32, Part) {
        self.part(&self.slug)
    }

    /// The part once its end has passed.
    pub fn ended(&self) -> Option<(u32, Part)> {
        self.ends.as_ref()?;
        match self.kind {
            Kind::Medicines => Some(self.part("listed_ended")),
            Kind::Problems => Some(self.part("active_ended")),
            Kind::Allergies
            | Kind::Immunizations
            | Kind::Labs
            | Kind::Vitals
            | Kind::Visits
            | Kind::Procedures
            | Kind::Documents
            | Kind::CarePlans
            | Kind::Goals
            | Kind::People
            | Kind::Places
            | Kind::Other => None,
        }
    }

    /// The last day (or month, or year) on which it counts as stated not too long ago, and the part
    /// after that.
    pub fn stale(&self) -> Option<(String, (u32, Part))> {
        let stated = self.stated.as_deref().filter(|_| self.kind == Kind::Medicines)?;
        let year: u16 = stated.get(..4)?.parse().ok()?;
        let until = format!("{:04}{}", year.checked_add(1)?, day_of(stated).get(4..)?);
        Some((until, self.part("not_confirmed")))
    }

    /// The part on a day, and its rank; as recorded where no day is given.
    pub fn on(&self, today: Option<Date>) -> (u32, Part) {
        let Some(today) = today else { return self.recorded() };
        if let (Some(ends), Some(part)) = (&self.ends, self.ended())
            && has_passed(ends, today)
        {
            return part;
        }
        if let Some((until, part)) = self.stale()
            && has_passed(&until, today)
        {
            return part;
        }
        self.recorded()
    }

    fn part(&self, slug: &str) -> (u32, Part) {
        let parts = parts(self.kind);
        let found = parts.iter().zip(0_u32..).find(|(part, _)| part.slug == slug);
        found.map_or((80, Part { slug: "other", title: "Other" }), |(part, rank)| (rank, *part))
    }
}

/// Whether the last day, month or year that `ends` names lies before `today`.
pub fn has_passed(ends: &str, today: Date) -> bool {
    let ends = day_of(ends);
    let today = today.to_string();
    today.get(..ends.len()).is_some_and(|today| today > ends)
}

/// The day of a text that sorts as a time does.
fn day_of(sort: &str) -> &str {
    sort.get(..10).unwrap_or(sort)
}

const WITHDRAWN: Part = Part { slug: "withdrawn", title: "Withdrawn by the practice as an error" };
const UNCLEAR: Part = Part { slug: "not_understood", title: "Status not sent, or not understood" };

const MEDICINES: &[Part] = &[
    Part { slug: "listed_active", title: "Listed as active by your practice" },
    Part { slug: "listed_ended", title: "Listed as active, with an end that has passed" },
    Part { slug: "not_confirmed", title: "Listed as active, not confirmed for over 12 months" },
    Part { slug: "on_hold", title: "On hold" },
    Part { slug: "planned", title: "Planned, or not signed" },
    UNCLEAR,
    Part { slug: "given", title: "Dispensed or given" },
    Part { slug: "past", title: "Past" },
    Part { slug: "named", title: "Named without a list or a prescription" },
    Part { slug: "not_taken", title: "Not taken, or not given" },
    WITHDRAWN,
];

const PROBLEMS: &[Part] = &[
    Part { slug: "active", title: "Listed as active" },
    Part { slug: "remission", title: "In remission" },
    Part { slug: "active_ended", title: "Listed as active, with an end date" },
    Part { slug: "suspected", title: "Suspected" },
    UNCLEAR,
    Part { slug: "past", title: "Past" },
    Part { slug: "ruled_out", title: "Ruled out" },
    WITHDRAWN,
];

const ALLERGIES: &[Part] = &[
    Part { slug: "allergy", title: "Allergies" },
    Part { slug: "none_known", title: "None known" },
    Part { slug: "nobody_asked", title: "Nobody asked" },
    UNCLEAR,
    Part { slug: "past", title: "Past" },
    Part { slug: "ruled_out", title: "Ruled out" },
    WITHDRAWN,
];

const IMMUNIZATIONS: &[Part] = &[
    Part { slug: "recorded", title: "Recorded" },
    Part { slug: "no_dose", title: "Recorded, not counted as a dose" },
    Part { slug: "billed", title: "Billed, no vaccine record" },
    UNCLEAR,
    Part { slug: "recommended", title: "Recommendations, in the portal's words" },
    Part { slug: "not_given", title: "Not given" },
    WITHDRAWN,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Date> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn an_end_changes_the_part_once_it_has_passed() {
        let place = |ends: &str| Place {
            ends: Some(ends.to_owned()),
            ..Place::new(Kind::Problems, "active")
        };
        for (ends, today, slug) in [
            ("2021-02", "2021-02-28", "active"),
            ("2021-02", "2021-03-01", "active_ended"),
            ("2021-02-10", "2021-02-10", "active"),
            ("2021-02-10T08:00:00", "2021-02-11", "active_ended"),
            ("2021", "2021-12-31", "active"),
            ("2021", "2022-01-01", "active_ended"),
            ("2030", "2022-01-01", "active"),
        ] {
            assert_eq!(place(ends).on(day(today)).1.slug, slug, "{ends} on {today}");
        }
        assert_eq!(place("2021").on(None).1.slug, "active");
    }

    #[test]
    fn a_list_not_confirmed_for_over_a_year_says_so() {
        let place = |stated: &str| Place {
            stated: Some(stated.to_owned()),
            ..Place::new(Kind::Medicines, "listed_active")
        };
        for (stated, today, slug) in [
            ("2025-09-16", "2026-09-16", "listed_active"),
            ("2025-09-16", "2026-09-17", "not_confirmed"),
            ("2025", "2026-12-31", "listed_active"),
            ("2025", "2027-01-01", "not_confirmed"),
        ] {
            assert_eq!(place(stated).on(day(today)).1.slug, slug, "{stated} on {today}");
        }
        let both = Place { ends: Some("2026-01-01".to_owned()), ..place("2025-09-16") };
        assert_eq!(both.on(day("2026-11-24")).1.slug, "listed_ended");
    }

    #[test]
    fn has_each_part_once_and_before_those_that_are_gone() {
        for kind in Kind::ALL {
            let mut slugs: Vec<_> = parts(kind).iter().map(|part| part.slug).collect();
            let n_parts = slugs.len();
            slugs.sort_unstable();
            slugs.dedup();
            assert_eq!(slugs.len(), n_parts);
            assert!(n_parts < GONE_RANK as usize);
        }
    }
}
