//! What records say together: visits put together from billing lines, one vaccination from its
//! lines, one medicine from its sources, doses counted. Pure: it is given what [`super::derive`]
//! noted of each record ([`Strand`]) and says what becomes of each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::drug::Drug;
use super::names::{self, Line};
use super::{Kind, Place, Standing, vaccine};
use crate::fhir::date;

/// What is noted of a record, for the records it belongs together with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strand {
    /// The part of its list it belongs to by itself.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Its name.
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    pub(super) title: String,
    /// When, as it sorts; empty for undated.
    #[serde(rename = "w", default, skip_serializing_if = "String::is_empty")]
    pub(super) when: String,
    /// Whether that is an instant (`Z`), which proves no day.
    #[serde(rename = "z", default, skip_serializing_if = "is_false")]
    pub(super) is_instant: bool,
    /// Its status in words.
    #[serde(rename = "s", default, skip_serializing_if = "String::is_empty")]
    pub(super) status: String,
    /// Whether it says something that is so, was so, or neither.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub(super) standing: Option<Standing>,
    /// What it is.
    #[serde(rename = "f", default)]
    pub(super) facts: Facts,
}

/// What a record is, as far as it can belong together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Facts {
    /// Nothing of what is folded.
    #[default]
    None,
    /// A Procedure.
    Line {
        /// Its CPT or HCPCS code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Where, or by which organization, as far as that was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        practice: Option<String>,
        /// `Type/id` of the visit it names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<String>,
    },
    /// An Immunization.
    Dose {
        /// Its CVX code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cvx: Option<String>,
        /// Whether it was given.
        given: bool,
        /// Why it is not counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uncounted: Option<String>,
    },
    /// A statement, order, dispense or administration of a medicine.
    Medicine {
        /// Where it stands.
        source: Source,
        /// The medicine, taken apart.
        drug: Drug,
        /// How to take it, as far as that was sent.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        dose: String,
        /// When it was recorded or prescribed, as sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stated: Option<String>,
        /// Whether that is a date of which it speaks, not the one on which it was written down.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_spoken_of: bool,
        /// The end that was sent, as sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends: Option<String>,
    },
}

/// Where a medicine stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Source {
    /// MedicationStatement.
    List,
    /// MedicationOrder.
    Prescription,
    /// MedicationDispense or MedicationAdministration.
    Event,
}

impl Strand {
    /// What it is folded among: those of one day, or one person's medicines. Empty for nothing.
    pub fn bucket(&self) -> String {
        match &self.facts {
            Facts::Line { .. } | Facts::Dose { .. } => self.when.get(..10).unwrap_or("").to_owned(),
            Facts::Medicine { .. } => MEDICINES.to_owned(),
            Facts::None => String::new(),
        }
    }

    /// Whether it is a vaccination, counted among all of a person's.
    pub fn is_dose(&self) -> bool {
        matches!(self.facts, Facts::Dose { .. })
    }

    /// `Type/id` of the visit it names.
    pub fn visit(&self) -> Option<&str> {
        match &self.facts {
            Facts::Line { visit, .. } => visit.as_deref(),
            Facts::Dose { .. } | Facts::Medicine { .. } | Facts::None => None,
        }
    }

    fn is_void(&self) -> bool {
        self.standing == Some(Standing::Void)
    }
}

/// The bucket of a person's medicines.
pub const MEDICINES: &str = "medicines";

/// A record among those it may belong together with, all of one person.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its number.
    pub id: i64,
    /// The list it belongs to by itself.
    pub kind: Kind,
    /// Whether the portal no longer sends it.
    pub gone: bool,
    /// The visit it names, where that came.
    pub visit: Option<i64>,
    /// What is noted of it.
    pub strand: Strand,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its number.
    pub id: i64,
    /// The list it belongs to.
    pub kind: Kind,
    /// The record it stands in.
    pub part_of: Option<i64>,
    /// Whether it still has a row of its own in the list of its kind.
    pub stands: bool,
    /// What is said of it because of the others.
    pub said: Option<Said>,
    /// What it sorts by within its part, before its time.
    pub lane: String,
}

/// What is said of a record because of others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its name, in place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The line below its name, in place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Its status in words, in place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_text: Option<String>,
    /// The part of its list, in place of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What it counts as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<String>,
    /// Sentences about it beside the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The records it is spoken of with: what they are to it, and their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kin: Vec<(String, i64)>,
}

/// Folds the procedures and vaccinations of one day of one person. `doses` are all vaccinations of
/// that person, of every day. Gives an outcome for each member.
pub fn day(members: &[Member], doses: &[Member]) -> Vec<Outcome> {
    let mut day = Day::new(members);
    day.named_visits();
    day.vaccinations(doses);
    day.visits();
    day.outcomes.into_values().collect()
}

/// Folds one person's medicines. Gives an outcome for each member.
pub fn medicines(members: &[Member]) -> Vec<Outcome> {
    let mut outcomes: BTreeMap<i64, Outcome> =
        members.iter().map(|member| (member.id, Outcome::alone(member))).collect();
    let mut sources: Vec<Medicine<'_>> = members.iter().filter_map(Medicine::of).collect();
    sources.sort_by_key(|one| one.member.id);
    let mut rows: Vec<Vec<Medicine<'_>>> = Vec::new();
    for one in &sources {
        let same = rows.iter_mut().find(|row| {
            one.folds() && row.first().is_some_and(|first| first.folds() && first.is_same(one))
        });
        match same {
            Some(row) => row.push(*one),
            None => rows.push(vec![*one]),
        }
    }
    for row in &mut rows {
        row.sort_by(|left, right| left.rank().cmp(&right.rank()));
    }
    let mut newest: BTreeMap<String, &str> = BTreeMap::new();
    for one in &sources {
        let when = newest.entry(one.drug.base()).or_default();
        if one.when() > *when {
            *when = one.when();
        }
    }
    for row in &rows {
        let Some(head) = row.first() else { continue };
        let said = one_medicine(head, row, &rows);
        let base = head.drug.base();
        let lane = format!("{}|{base}", newest.get(&base).copied().unwrap_or_default());
        for other in row.iter().skip(1) {
            if let Some(outcome) = outcomes.get_mut(&other.member.id) {
                outcome.part_of = Some(head.member.id);
                outcome.lane.clone_from(&lane);
            }
        }
        if let Some(outcome) = outcomes.get_mut(&head.member.id) {
            outcome.said = Some(said);
            outcome.lane = lane;
        }
    }
    outcomes.into_values().collect()
}

/// What each of a person's vaccinations counts as: "3 recorded here".
pub fn counted(doses: &[Member]) -> BTreeMap<i64, Option<String>> {
    let mut days: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut groups_of: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    let mut words = BTreeMap::new();
    for member in doses {
        let Facts::Dose { cvx, given, uncounted } = &member.strand.facts else { continue };
        let reason = uncounted
            .clone()
            .or_else(|| cvx.as_deref().and_then(vaccine::no_dose).map(str::to_owned));
        if !given {
            words.insert(member.id, None);
            continue;
        }
        if let Some(reason) = reason {
            words.insert(member.id, Some(format!("Not counted as a dose: {}", lower(&reason))));
            continue;
        }
        if member.gone {
            words.insert(member.id, None);
            continue;
        }
        let known = cvx.as_deref().and_then(vaccine::cvx).map(|found| found.groups);
        // Without a code of its own, only the very same name is the same vaccine.
        let groups: Vec<&str> = match known {
            Some(groups) if !groups.is_empty() => groups.to_vec(),
            Some(_) | None => vec![member.strand.title.as_str()],
        };
        // Undated ones cannot be told to be of one day: each counts. Instants (`Z`) are of one day
        // for certain where they are one.
        let day = match member.strand.when.get(..10) {
            Some(_) if member.strand.is_instant => member.strand.when.clone(),
            Some(day) => day.to_owned(),
            None => format!("{}#{}", member.strand.when, member.id),
        };
        for group in &groups {
            days.entry(group).or_default().insert(day.clone());
        }
        groups_of.insert(member.id, groups);
    }
    for (id, groups) in groups_of {
        let counts: Vec<String> = groups
            .iter()
            .map(|group| {
                let n_days = days.get(group).map_or(0, BTreeSet::len);
                match groups.len() {
                    1 => format!("{n_days} recorded here"),
                    _ => format!("{group}: {n_days} recorded here"),
                }
            })
            .collect();
        words.insert(id, Some(counts.join("; ")));
    }
    words
}

impl Outcome {
    /// A record that stands by itself.
    fn alone(member: &Member) -> Outcome {
        Outcome {
            id: member.id,
            kind: member.kind,
            part_of: None,
            stands: false,
            said: None,
            lane: String::new(),
        }
    }
}

/// One day of one person while it is being folded.
struct Day<'m> {
    /// By number, so that nothing hangs on the order they came in.
    members: Vec<&'m Member>,
    outcomes: BTreeMap<i64, Outcome>,
}

/// A Procedure of the day that can be folded.
#[derive(Clone, Copy)]
struct Billed<'m> {
    member: &'m Member,
    line: Line,
    code: &'m str,
    practice: Option<&'m str>,
}

impl<'m> Day<'m> {
    fn new(members: &'m [Member]) -> Day<'m> {
        let outcomes = members.iter().map(|one| (one.id, Outcome::alone(one))).collect();
        let mut members: Vec<&Member> = members.iter().collect();
        members.sort_by_key(|member| member.id);
        Day { members, outcomes }
    }

    /// The lines that are not part of anything yet.
    fn lines(&self) -> Vec<Billed<'m>> {
        let free = self.members.iter().copied().filter(|member| {
            let outcome = self.outcomes.get(&member.id);
            !member.gone
                && !member.strand.is_void()
                && member.strand.standing != Some(Standing::Unclear)
                && outcome.is_some_and(|outcome| outcome.part_of.is_none())
        });
        free.filter_map(|member| match &member.strand.facts {
            Facts::Line { code, practice, .. } => Some(Billed {
                member,
                line: code.as_deref().map_or(Line::Other, names::line),
                code: code.as_deref().unwrap_or_default(),
                practice: practice.as_deref(),
            }),
            Facts::Dose { .. } | Facts::Medicine { .. } | Facts::None => None,
        })
        .collect()
    }

    fn put_into(&mut self, part: i64, whole: i64, stands: bool) {
        if let Some(outcome) = self.outcomes.get_mut(&part) {
            outcome.part_of = Some(whole);
            outcome.stands = stands;
        }
    }

    /// Lines that name a visit which came are part of it.
    fn named_visits(&mut self) {
        for billed in self.lines() {
            if let Some(visit) = billed.member.visit
                && !matches!(billed.line, Line::Vaccine(_) | Line::Giving(_))
            {
                self.put_into(billed.member.id, visit, billed.line == Line::Other);
            }
        }
    }

    /// One vaccination from its record, its product line and its administration line.
    fn vaccinations(&mut self, doses: &[Member]) {
        struct Row<'m> {
            id: i64,
            groups: &'static [&'static str],
            has_product: bool,
            is_given: bool,
            at: &'m str,
            title: &'m str,
        }
        let mut rows: Vec<Row<'m>> = Vec::new();
        let mut not_given: Vec<(&'m Member, &'static [&'static str])> = Vec::new();
        for member in self.members.iter().copied().filter(|one| !one.gone && !one.strand.is_instant)
        {
            let Facts::Dose { cvx, given, .. } = &member.strand.facts else { continue };
            let known = cvx.as_deref().and_then(vaccine::cvx);
            let groups = known.map_or(&[][..], |found| found.groups);
            if !given {
                not_given.push((member, groups));
                continue;
            }
            let at = &member.strand.when;
            let title = &member.strand.title;
            rows.push(Row { id: member.id, groups, has_product: false, is_given: true, at, title });
        }
        for billed in self.lines() {
            let Line::Vaccine(groups) = billed.line else { continue };
            let at = &billed.member.strand.when;
            let same =
                |row: &&mut Row<'m>| !groups.is_empty() && row.groups == groups && row.is_given;
            let mut fitting: Vec<&mut Row<'m>> = rows.iter_mut().filter(same).collect();
            // One line for each vaccination; a second line for the same one goes to it too.
            fitting.sort_by_key(|row| row.has_product);
            if let Some(row) =
                fitting.into_iter().next().filter(|_| !billed.member.strand.is_instant)
            {
                row.has_product = true;
                row.at = at;
                let whole = row.id;
                self.put_into(billed.member.id, whole, false);
                continue;
            }
            if billed.member.strand.is_instant || may_be_recorded(billed.member, groups, doses) {
                continue;
            }
            let denied = not_given.iter().find(|(_, other)| !groups.is_empty() && *other == groups);
            let status = match denied {
                Some((member, _)) => {
                    format!("Billed, but its vaccine record says: {}", member.strand.status)
                }
                None => "Billed, no vaccine record".to_owned(),
            };
            if let Some(outcome) = self.outcomes.get_mut(&billed.member.id) {
                outcome.kind = Kind::Immunizations;
                outcome.said = Some(Said {
                    status_text: Some(status),
                    place: Some(Place::new(Kind::Immunizations, "billed")),
                    counts_as: Some("Not counted as a dose".to_owned()),
                    ..Said::default()
                });
            }
            rows.push(Row {
                id: billed.member.id,
                groups,
                has_product: true,
                is_given: false,
                at,
                title: &billed.member.strand.title,
            });
        }

        let times_of_other_lines: BTreeSet<&str> = self
            .lines()
            .iter()
            .filter(|billed| !matches!(billed.line, Line::Vaccine(_) | Line::Giving(_)))
            .map(|billed| billed.member.strand.when.as_str())
            .collect();
        let mut served: BTreeSet<i64> = BTreeSet::new();
        let mut visits_at: BTreeMap<&str, i64> = BTreeMap::new();
        for billed in self.lines() {
            let Line::Giving(group) = billed.line else { continue };
            let at = billed.member.strand.when.as_str();
            let fits = |row: &&Row<'m>| {
                !billed.member.strand.is_instant
                    && group.is_none_or(|group| row.groups.contains(&group))
            };
            let row = rows.iter().filter(fits).min_by_key(|row| {
                (served.contains(&row.id), row.at != at, !row.has_product, row.id)
            });
            let is_visit = !times_of_other_lines.contains(at);
            if let Some(row) = row {
                served.insert(row.id);
                let (whole, first) = (row.id, !visits_at.contains_key(at));
                self.put_into(billed.member.id, whole, is_visit && first);
            } else if let Some(visit) = visits_at.get(at).copied() {
                self.put_into(billed.member.id, visit, false);
                continue;
            }
            if is_visit && !visits_at.contains_key(at) {
                visits_at.insert(at, billed.member.id);
                let given: Vec<&str> =
                    rows.iter().filter(|row| row.at == at).map(|row| row.title).collect();
                if let Some(outcome) = self.outcomes.get_mut(&billed.member.id) {
                    outcome.kind = Kind::Visits;
                    outcome.said = Some(Said {
                        title: Some("Vaccination (from a billing code)".to_owned()),
                        subtitle: Some(given.join("; ")),
                        ..Said::default()
                    });
                }
            }
        }
    }

    /// One visit from the lines of one time.
    fn visits(&mut self) {
        let lines = self.lines();
        let mut times: BTreeMap<(&str, Option<&str>), Vec<Billed<'m>>> = BTreeMap::new();
        for billed in &lines {
            let when = billed.member.strand.when.as_str();
            // A line that names no practice goes with the only one that is named.
            let mut named: Vec<&str> = lines
                .iter()
                .filter(|other| other.member.strand.when == when)
                .filter_map(|other| other.practice)
                .collect();
            named.sort_unstable();
            named.dedup();
            let practice = match (billed.practice, named.as_slice()) {
                (None, [only]) => Some(*only),
                (practice, _) => practice,
            };
            times.entry((when, practice)).or_default().push(*billed);
        }
        for lines in times.into_values() {
            self.visit(&lines);
        }
    }

    fn visit(&mut self, lines: &[Billed<'m>]) {
        let is_vaccine =
            |billed: &&Billed<'m>| matches!(billed.line, Line::Vaccine(_) | Line::Giving(_));
        let lines: Vec<&Billed<'m>> = lines.iter().filter(|billed| !is_vaccine(billed)).collect();
        let mut visits: Vec<&Billed<'m>> =
            lines.iter().copied().filter(|billed| billed.line == Line::Visit).collect();
        visits.sort_by_key(|billed| (visit_rank(billed.code), billed.member.id));
        let is_draw = lines.iter().any(|billed| billed.line == Line::Draw)
            && lines
                .iter()
                .all(|billed| matches!(billed.line, Line::Draw | Line::Lab | Line::Added));
        let head = match visits.first() {
            Some(head) => *head,
            None if is_draw => {
                let draw = lines.iter().find(|billed| billed.line == Line::Draw);
                let Some(draw) = draw else { return };
                draw
            }
            None => return,
        };
        let others: Vec<&Billed<'m>> =
            lines.iter().copied().filter(|billed| billed.member.id != head.member.id).collect();
        let mut said = Said::default();
        if visits.is_empty() {
            said.title = Some("Blood draw (from a billing code)".to_owned());
            let n_tests = others.iter().filter(|billed| billed.line == Line::Lab).count();
            said.subtitle = Some(match n_tests {
                0 => String::new(),
                1 => "1 lab test ordered".to_owned(),
                n_tests => format!("{n_tests} lab tests ordered"),
            });
        } else {
            let (title, detail) = visit_words(&visits);
            let done: Vec<&str> = others
                .iter()
                .filter(|billed| billed.line == Line::Other)
                .map(|billed| billed.member.strand.title.as_str())
                .collect();
            let recorded =
                (!done.is_empty()).then(|| format!("Recorded with it: {}", done.join("; ")));
            let parts: Vec<String> = detail.into_iter().chain(recorded).collect();
            said.title = Some(title);
            said.subtitle = Some(parts.join(" · "));
        }
        if let Some(outcome) = self.outcomes.get_mut(&head.member.id) {
            outcome.kind = Kind::Visits;
            outcome.said = Some(said);
        }
        for billed in others {
            // What was done beside it keeps its row among the procedures.
            self.put_into(billed.member.id, head.member.id, billed.line == Line::Other);
        }
    }
}

/// Whether a vaccination whose time is an instant could be the one that was billed.
fn may_be_recorded(billed: &Member, groups: &[&str], doses: &[Member]) -> bool {
    let day = |when: &str| when.get(..10).and_then(|day| day.parse::<Date>().ok());
    let Some(billed_on) = day(&billed.strand.when) else { return true };
    doses.iter().any(|member| {
        let Facts::Dose { cvx, .. } = &member.strand.facts else { return false };
        let known = cvx.as_deref().and_then(vaccine::cvx);
        let near = day(&member.strand.when).is_none_or(|given| {
            given.since(billed_on).is_ok_and(|apart| apart.get_days().abs() <= 1)
        });
        let is_dated_loosely = member.strand.is_instant || member.strand.when.len() < 10;
        !member.gone
            && is_dated_loosely
            && near
            && known.is_some_and(|found| found.groups == groups)
    })
}

/// Which of several visit codes names the visit: a preventive one before an office visit.
fn visit_rank(code: &str) -> u32 {
    match code.parse::<u32>() {
        Ok(99381..=99397) | Err(_) => 0,
        Ok(99024) => 2,
        Ok(_) => 1,
    }
}

/// A visit's name and what else its codes say, in Onhand's words.
fn visit_words(visits: &[&Billed<'_>]) -> (String, Option<String>) {
    let mut names: Vec<String> = Vec::new();
    let mut details: Vec<String> = Vec::new();
    for billed in visits {
        let (name, detail) = names::visit(billed.code);
        let name = if names.is_empty() { name.to_owned() } else { lower(name) };
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
        if let Some(detail) = detail.filter(|detail| !details.iter().any(|known| known == detail)) {
            details.push(detail.to_owned());
        }
    }
    let from = if visits.len() > 1 { "from billing codes" } else { "from a billing code" };
    let detail = (!details.is_empty()).then(|| details.join(", "));
    (format!("{} ({from})", names.join(" and ")), detail)
}

/// A source of a medicine.
#[derive(Clone, Copy)]
struct Medicine<'m> {
    member: &'m Member,
    source: Source,
    drug: &'m Drug,
    dose: &'m str,
    stated: Option<&'m str>,
    is_spoken_of: bool,
    ends: Option<&'m str>,
}

impl<'m> Medicine<'m> {
    fn of(member: &'m Member) -> Option<Medicine<'m>> {
        match &member.strand.facts {
            Facts::Medicine { source, drug, dose, stated, is_spoken_of, ends } => Some(Medicine {
                member,
                source: *source,
                drug,
                dose,
                stated: stated.as_deref(),
                is_spoken_of: *is_spoken_of,
                ends: ends.as_deref(),
            }),
            Facts::Line { .. } | Facts::Dose { .. } | Facts::None => None,
        }
    }

    /// Whether it can be one of several sources of a medicine.
    fn folds(&self) -> bool {
        self.source != Source::Event
            && !self.member.gone
            && matches!(self.member.strand.standing, Some(Standing::Current | Standing::Past))
    }

    fn is_active(&self) -> bool {
        self.source != Source::Event
            && !self.member.gone
            && self.member.strand.standing == Some(Standing::Current)
    }

    fn is_same(&self, other: &Medicine<'_>) -> bool {
        self.drug.is_same(other.drug)
    }

    /// As it sorts: when it was last stated.
    fn when(&self) -> &'m str {
        self.stated.unwrap_or(&self.member.strand.when)
    }

    /// Which source speaks first: active ones, the list before prescriptions, the newest.
    fn rank(&self) -> (bool, Source, std::cmp::Reverse<&'m str>, i64) {
        let active = self.is_active();
        let source = if active { self.source } else { Source::Event };
        (!active, source, std::cmp::Reverse(self.when()), self.member.id)
    }

    /// "recorded Sep 9, 2021", "prescribed Mar 2026", "no date sent".
    fn dated(&self) -> String {
        let verb = match self.source {
            Source::List if self.is_spoken_of => "as of",
            Source::List => "recorded",
            Source::Prescription => "prescribed",
            Source::Event => "on",
        };
        match self.stated.and_then(date::words) {
            Some(words) => format!("{verb} {words}"),
            None => "no date sent".to_owned(),
        }
    }

    fn named(&self) -> &'static str {
        match self.source {
            Source::List => "the practice's list",
            Source::Prescription => "a prescription",
            Source::Event => "a record",
        }
    }
}

/// What is said of a medicine by all its sources, the one that speaks first before the others.
fn one_medicine(head: &Medicine<'_>, row: &[Medicine<'_>], rows: &[Vec<Medicine<'_>>]) -> Said {
    let active: Vec<&Medicine<'_>> = row.iter().filter(|one| one.is_active()).collect();
    let mut said = Said::default();
    if !active.is_empty() {
        let mut dated: Vec<String> = Vec::new();
        for source in [Source::List, Source::Prescription] {
            dated.extend(active.iter().find(|one| one.source == source).map(|one| one.dated()));
        }
        said.status_text =
            Some(format!("Listed as active by your practice ({})", dated.join("; ")));
        let ends = match active.iter().all(|one| one.ends.is_some()) {
            true => active.iter().filter_map(|one| one.ends).max_by_key(|ends| sort_of(ends)),
            false => None,
        };
        said.place = Some(Place {
            ends: ends.map(sort_of),
            stated: active.iter().filter_map(|one| one.stated).map(sort_of).max(),
            ..Place::new(Kind::Medicines, "listed_active")
        });
        if head.dose.is_empty()
            && let Some(other) = active.iter().find(|one| !one.dose.is_empty())
        {
            said.subtitle = Some(other.dose.to_owned());
        }
    }
    contradictions(&active, row, rows, &mut said);
    let n_lists = row.iter().filter(|one| one.source == Source::List).count();
    let n_prescriptions = row.len() - n_lists;
    if row.len() > 1 {
        let mut parts = Vec::new();
        match n_lists {
            0 => {}
            1 => parts.push("1 list entry".to_owned()),
            n_lists => parts.push(format!("{n_lists} list entries")),
        }
        match n_prescriptions {
            0 => {}
            1 => parts.push("1 prescription".to_owned()),
            n_prescriptions => parts.push(format!("{n_prescriptions} prescriptions")),
        }
        said.counts_as = Some(format!("From {}", parts.join(" and ")));
    }
    said
}

/// Where the sources of a medicine do not say the same, and what may be the same medicine.
fn contradictions(
    active: &[&Medicine<'_>],
    row: &[Medicine<'_>],
    rows: &[Vec<Medicine<'_>>],
    said: &mut Said,
) {
    let Some(head) = row.first() else { return };
    let newest_active = active.iter().map(|one| one.when()).max();
    // One that says no date may be the newest.
    let over = row
        .iter()
        .filter(|one| one.member.strand.standing == Some(Standing::Past))
        .filter(|one| one.when().is_empty() || newest_active.is_some_and(|it| one.when() >= it))
        .max_by_key(|one| one.when());
    if let (Some(_), Some(over)) = (newest_active, over) {
        said.notes.push(format!(
            "The sources differ: {} ({}) says “{}”.",
            over.named(),
            over.dated(),
            over.member.strand.status
        ));
    }
    let mut doses: Vec<&&Medicine<'_>> = Vec::new();
    for one in active.iter().filter(|one| !one.dose.is_empty()) {
        if !doses.iter().any(|known| plain(known.dose) == plain(one.dose)) {
            doses.push(one);
        }
    }
    if doses.len() > 1 {
        let told: Vec<String> =
            doses.iter().map(|one| format!("“{}” ({})", one.dose, one.dated())).collect();
        said.notes.push(format!("The directions differ: {}.", told.join("; ")));
    }
    for other in rows.iter().filter_map(|row| row.first()) {
        if other.member.id == head.member.id || other.source == Source::Event || other.member.gone {
            continue;
        }
        let says = other.member.strand.standing;
        if other.is_same(head) && head.source != Source::Event && says != Some(Standing::Past) {
            let of_error =
                other.member.strand.place.as_ref().is_some_and(|p| p.slug == "withdrawn");
            if of_error && !active.is_empty() {
                continue;
            }
            said.notes.push(format!(
                "Another entry for it ({}) says “{}”.",
                other.dated(),
                other.member.strand.status
            ));
            said.kin.push(("same_medicine".to_owned(), other.member.id));
        } else if !active.is_empty()
            && other.is_active()
            && !head.drug.base().is_empty()
            && other.drug.base() == head.drug.base()
        {
            said.notes.push(format!(
                "May be the same as {} ({}). Your practice can tell.",
                other.member.strand.title,
                other.dated()
            ));
            said.kin.push(("may_be_same".to_owned(), other.member.id));
        }
    }
}

fn sort_of(text: &str) -> String {
    date::parse(text).map_or_else(String::new, |date| date.sort)
}

/// Directions without what only looks different: capitals, marks, and "take" before them.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_lowercase);
    words.skip_while(|word| word == "take").collect::<Vec<_>>().join(" ")
}

/// A text that goes on in a sentence: "Office visit" → "office visit", "MMR" stays.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Lookup, derive};

    const CPT: &str =
        "https://www.ama-assn.org/practice-management/cpt-current-procedural-terminology";

    struct Nothing;

    impl Lookup for Nothing {
        fn resource(&self, _target: &str) -> Option<Vec<u8>> {
            None
        }
    }

    fn member(id: i64, raw: &str) -> Member {
        let record = derive(raw.as_bytes(), &Nothing);
        Member { id, kind: record.kind, gone: false, visit: None, strand: record.strand }
    }

    fn line(id: i64, code: &str, at: &str) -> Member {
        line_with(id, code, at, "")
    }

    fn line_with(id: i64, code: &str, at: &str, more: &str) -> Member {
        member(
            id,
            &format!(
                r#"{{"resourceType":"Procedure","status":"completed","performedDateTime":"{at}",
                "code":{{"text":"LINE {code}","coding":[{{"system":"{CPT}","code":"{code}"}}]}}{more}}}"#
            ),
        )
    }

    fn dose(id: i64, cvx: &str, at: &str, more: &str) -> Member {
        member(
            id,
            &format!(
                r#"{{"resourceType":"Immunization","status":"completed","date":"{at}",
                "vaccineCode":{{"coding":[{{"system":"http://hl7.org/fhir/sid/cvx","code":"{cvx}"}}]}}{more}}}"#
            ),
        )
    }

    const AT: &str = "2022-04-28T09:30:00-04:00";
    const LATER: &str = "2022-04-28T15:48:00-04:00";

    fn fold_day(members: &[Member]) -> BTreeMap<i64, Outcome> {
        let doses: Vec<Member> =
            members.iter().filter(|one| one.strand.is_dose()).cloned().collect();
        let folded = day(members, &doses);
        // The order in which they came changes nothing.
        let reversed: Vec<Member> = members.iter().rev().cloned().collect();
        let again: BTreeMap<i64, Outcome> =
            day(&reversed, &doses).into_iter().map(|one| (one.id, one)).collect();
        let folded: BTreeMap<i64, Outcome> = folded.into_iter().map(|one| (one.id, one)).collect();
        let parts = |all: &BTreeMap<i64, Outcome>| -> Vec<(i64, Option<i64>, Kind)> {
            all.values().map(|one| (one.id, one.part_of, one.kind)).collect()
        };
        assert_eq!(parts(&folded), parts(&again));
        folded
    }

    fn title(outcome: &Outcome) -> Option<&str> {
        outcome.said.as_ref()?.title.as_deref()
    }

    #[test]
    fn puts_the_lines_of_one_time_into_one_visit() {
        let folded = fold_day(&[
            line(1, "36415", AT),
            line(2, "99214", AT),
            line(3, "80053", AT),
            line(4, "20610", AT),
            line(5, "99213", LATER),
        ]);
        assert_eq!(title(&folded[&2]), Some("Office visit (from a billing code)"));
        assert_eq!(folded[&2].kind, Kind::Visits);
        for (id, stands) in [(1, false), (3, false), (4, true)] {
            assert_eq!((folded[&id].part_of, folded[&id].stands), (Some(2), stands), "{id}");
            assert_eq!(folded[&id].kind, Kind::Procedures);
        }
        assert_eq!(title(&folded[&5]), Some("Office visit (from a billing code)"));
        assert_eq!(folded[&5].part_of, None);
    }

    #[test]
    fn tells_two_practices_of_one_time_apart() {
        let at = |id: &str| format!(r#","location":{{"reference":"Location/{id}"}}"#);
        let folded = fold_day(&[
            line_with(1, "99213", AT, &at("a")),
            line_with(2, "99214", AT, &at("b")),
            line_with(3, "36415", AT, &at("b")),
        ]);
        assert_eq!((folded[&1].part_of, folded[&2].part_of), (None, None));
        assert_eq!(folded[&3].part_of, Some(2));
        // One that names none goes with the only one that is named.
        let folded = fold_day(&[line_with(1, "99213", AT, &at("a")), line(2, "36415", AT)]);
        assert_eq!(folded[&2].part_of, Some(1));
    }

    #[test]
    fn a_blood_draw_alone_is_one_and_beside_something_else_is_a_line() {
        let folded = fold_day(&[line(1, "36415", AT), line(2, "85025", AT)]);
        assert_eq!(title(&folded[&1]), Some("Blood draw (from a billing code)"));
        assert_eq!((folded[&1].kind, folded[&2].part_of), (Kind::Visits, Some(1)));
        let folded = fold_day(&[line(1, "36415", AT), line(2, "73610", AT)]);
        assert!(folded.values().all(|one| one.said.is_none() && one.part_of.is_none()));
    }

    #[test]
    fn leaves_alone_what_was_not_done_was_a_mistake_is_gone_or_not_understood() {
        let mut gone = line(5, "36415", AT);
        gone.gone = true;
        let folded = fold_day(&[
            line(1, "99213", AT),
            line_with(2, "36415", AT, r#","notPerformed":true"#),
            member(
                3,
                &format!(
                    r#"{{"resourceType":"Procedure","status":"entered-in-error",
                    "performedDateTime":"{AT}","code":{{"coding":[{{"system":"{CPT}","code":"36415"}}]}}}}"#
                ),
            ),
            line_with(4, "36415", AT, r#","modifierExtension":[{"url":"x"}]"#),
            gone,
        ]);
        for id in 2..=5 {
            assert_eq!(folded[&id].part_of, None, "{id}");
        }
    }

    #[test]
    fn a_line_that_names_a_visit_that_came_is_part_of_it() {
        let mut named = line(1, "99213", AT);
        named.visit = Some(77);
        let folded = fold_day(&[named, line(2, "36415", AT)]);
        assert_eq!(folded[&1].part_of, Some(77));
        assert_eq!(title(&folded[&2]), Some("Blood draw (from a billing code)"));
    }

    #[test]
    fn makes_one_vaccination_of_three_records_of_a_day() {
        let folded = fold_day(&[
            dose(1, "43", LATER, ""),
            line(2, "90746", AT),
            line(3, "90471", AT),
            line(4, "99385", AT),
        ]);
        assert_eq!((folded[&2].part_of, folded[&3].part_of), (Some(1), Some(1)));
        assert!(!folded[&3].stands && folded[&1].part_of.is_none());
        assert_eq!(title(&folded[&4]), Some("Preventive visit (from a billing code)"));
    }

    #[test]
    fn only_vaccine_lines_are_a_vaccination_among_the_visits() {
        let folded = fold_day(&[dose(1, "43", AT, ""), line(2, "90746", AT), line(3, "90471", AT)]);
        assert_eq!(title(&folded[&3]), Some("Vaccination (from a billing code)"));
        assert_eq!((folded[&3].kind, folded[&3].stands), (Kind::Visits, true));
        assert_eq!(folded[&3].part_of, Some(1));
        // Without any vaccine of that day it stands by itself.
        let folded = fold_day(&[line(1, "90471", AT), line(2, "90472", AT)]);
        assert_eq!((folded[&1].kind, folded[&1].part_of), (Kind::Visits, None));
        assert_eq!(folded[&2].part_of, Some(1));
    }

    #[test]
    fn gives_each_of_two_vaccines_of_a_day_its_own_lines() {
        let folded = fold_day(&[
            dose(1, "150", AT, ""),
            dose(2, "115", AT, ""),
            line(3, "90686", AT),
            line(4, "90715", AT),
            line(5, "90471", AT),
            line(6, "90472", AT),
        ]);
        assert_eq!((folded[&3].part_of, folded[&4].part_of), (Some(1), Some(2)));
        assert_eq!((folded[&5].part_of, folded[&6].part_of), (Some(1), Some(2)));
    }

    #[test]
    fn says_of_a_billed_vaccine_that_there_is_no_record_only_where_there_is_none() {
        let status = |folded: &BTreeMap<i64, Outcome>, id: i64| {
            folded[&id].said.as_ref().and_then(|said| said.status_text.clone())
        };
        let folded = fold_day(&[line(1, "90746", AT), line(2, "90471", AT)]);
        assert_eq!(status(&folded, 1).as_deref(), Some("Billed, no vaccine record"));
        assert_eq!((folded[&1].kind, folded[&2].part_of), (Kind::Immunizations, Some(1)));
        // Another vaccine of that day is not the one that was billed.
        let folded = fold_day(&[line(1, "90746", AT), dose(2, "115", AT, "")]);
        assert_eq!(status(&folded, 1).as_deref(), Some("Billed, no vaccine record"));
        let refused = dose(2, "43", AT, r#","wasNotGiven":true"#);
        let folded = fold_day(&[line(1, "90746", AT), refused]);
        assert_eq!(
            status(&folded, 1).as_deref(),
            Some("Billed, but its vaccine record says: Not given")
        );
        // An instant proves no day: neither that it is the same, nor that it is not.
        let instant = dose(2, "43", "2022-04-29T01:48:00Z", "");
        let folded: BTreeMap<i64, Outcome> =
            day(&[line(1, "90746", AT)], &[instant]).into_iter().map(|one| (one.id, one)).collect();
        assert_eq!((status(&folded, 1), folded[&1].part_of), (None, None));
    }

    #[test]
    fn counts_a_dose_for_each_group_and_day() {
        let doses = [
            dose(1, "150", "2020-10-06", ""),
            dose(2, "135", "2021-10-12T13:30:00-04:00", ""),
            // The same day again, by another code of the same group.
            dose(3, "88", "2021-10-12T16:00:00-04:00", ""),
            dose(4, "141", "2022-10-11", r#","wasNotGiven":true"#),
            dose(5, "98", "2022-10-11", ""),
            dose(6, "110", "2010", ""),
            dose(7, "08", "2011", ""),
            dose(
                8,
                "43",
                "2012",
                r#","vaccinationProtocol":[{"doseStatus":{"coding":[{"code":"nocount"}]}}]"#,
            ),
        ];
        let counted = counted(&doses);
        let words = |id: i64| counted[&id].as_deref();
        for id in 1..=3 {
            assert_eq!(words(id), Some("2 recorded here"));
        }
        assert_eq!(words(4), None);
        assert_eq!(words(5), Some("Not counted as a dose: a skin test, not a vaccine"));
        assert_eq!(
            words(6),
            Some("DTaP: 1 recorded here; Hepatitis B: 2 recorded here; Polio: 1 recorded here")
        );
        assert_eq!(words(8), Some("Not counted as a dose: the practice does not count it"));
    }

    #[test]
    fn an_instant_does_not_prove_that_two_doses_are_of_one_day() {
        // In New York the first was given in the evening of the day before.
        let apart =
            [dose(1, "150", "2021-10-12T01:30:00Z", ""), dose(2, "88", "2021-10-12T20:00:00Z", "")];
        assert_eq!(counted(&apart)[&1].as_deref(), Some("2 recorded here"));
        let at_once =
            [dose(1, "150", "2021-10-12T01:30:00Z", ""), dose(2, "88", "2021-10-12T01:30:00Z", "")];
        assert_eq!(counted(&at_once)[&1].as_deref(), Some("1 recorded here"));
    }

    fn statement(id: i64, status: &str, name: &str, asserted: &str, more: &str) -> Member {
        member(
            id,
            &format!(
                r#"{{"resourceType":"MedicationStatement","status":"{status}","dateAsserted":"{asserted}",
                "medicationCodeableConcept":{{"text":"{name}"}}{more}}}"#
            ),
        )
    }

    fn order(id: i64, status: &str, name: &str, written: &str, more: &str) -> Member {
        member(
            id,
            &format!(
                r#"{{"resourceType":"MedicationOrder","status":"{status}","dateWritten":"{written}",
                "medicationCodeableConcept":{{"text":"{name}"}}{more}}}"#
            ),
        )
    }

    fn fold_medicines(members: &[Member]) -> BTreeMap<i64, Outcome> {
        medicines(members).into_iter().map(|one| (one.id, one)).collect()
    }

    const DRUG: &str = "LOSARTAN POTASSIUM 50 MG TABLET";

    #[test]
    fn says_where_the_sources_of_a_medicine_differ() {
        let folded = fold_medicines(&[
            statement(1, "active", DRUG, "2021-09-09", r#","dosage":[{"text":"1 tablet daily"}]"#),
            order(2, "stopped", DRUG, "2024-01-02", ""),
            order(
                3,
                "active",
                DRUG,
                "2020-01-02",
                r#","dosageInstruction":[{"text":"TAKE 2 TABLETS DAILY"}]"#,
            ),
        ]);
        let said = folded[&1].said.as_ref().unwrap();
        assert_eq!(
            said.notes,
            [
                "The sources differ: a prescription (prescribed Jan 2, 2024) says “Stopped”.",
                "The directions differ: “1 tablet daily” (recorded Sep 9, 2021); “TAKE 2 TABLETS DAILY” (prescribed Jan 2, 2020)."
            ]
        );
        assert_eq!((folded[&2].part_of, folded[&3].part_of), (Some(1), Some(1)));
        // What was over before it was listed again says nothing against it.
        let folded = fold_medicines(&[
            statement(1, "active", DRUG, "2021-09-09", ""),
            order(2, "completed", DRUG, "2020-01-02", ""),
        ]);
        assert!(folded[&1].said.as_ref().unwrap().notes.is_empty());
        // When it ended is not known, so it may have been after that.
        let folded = fold_medicines(&[
            statement(1, "active", DRUG, "2021-09-09", ""),
            order(2, "completed", DRUG, "2020-01-02", ""),
            order(3, "stopped", DRUG, "", ""),
        ]);
        assert_eq!(
            folded[&1].said.as_ref().unwrap().notes,
            ["The sources differ: a prescription (no date sent) says “Stopped”."]
        );
    }

    #[test]
    fn shows_beside_each_other_that_it_is_listed_and_that_it_is_not_taken() {
        let folded = fold_medicines(&[
            statement(1, "active", DRUG, "2021-09-09", ""),
            statement(2, "active", DRUG, "2022-09-09", r#","wasNotTaken":true"#),
        ]);
        let notes = |id: i64| folded[&id].said.as_ref().unwrap().notes.clone();
        assert_eq!(notes(1), ["Another entry for it (recorded Sep 9, 2022) says “Not taken”."]);
        assert_eq!(notes(2), ["Another entry for it (recorded Sep 9, 2021) says “Active”."]);
        assert_eq!((folded[&1].part_of, folded[&2].part_of), (None, None));
    }

    #[test]
    fn has_ended_only_where_no_active_source_goes_on() {
        let period = r#","effectivePeriod":{"end":"2022-01-01"}"#;
        let ends = |members: &[Member]| {
            let folded = fold_medicines(members);
            folded[&1].said.as_ref().unwrap().place.as_ref().unwrap().ends.clone()
        };
        let listed = statement(1, "active", DRUG, "2021-09-09", period);
        assert_eq!(ends(std::slice::from_ref(&listed)).as_deref(), Some("2022-01-01"));
        assert_eq!(ends(&[listed, order(2, "active", DRUG, "2021-09-09", "")]), None);
    }

    #[test]
    fn never_calls_the_date_of_a_list_a_beginning() {
        let folded = fold_medicines(&[statement(1, "active", DRUG, "2021-09-09", "")]);
        let said = folded[&1].said.as_ref().unwrap();
        assert_eq!(
            said.status_text.as_deref(),
            Some("Listed as active by your practice (recorded Sep 9, 2021)")
        );
        let record = derive(
            br#"{"resourceType":"MedicationStatement","status":"active","dateAsserted":"2021-09-09"}"#,
            &Nothing,
        );
        assert_eq!(record.when.unwrap().label, "recorded");
        // Nor a date of which it speaks the one on which it was written down.
        let sent = r#"{"resourceType":"MedicationStatement","status":"active","effectivePeriod":{"start":"2010"},
            "medicationCodeableConcept":{"text":"Aspirin 81 mg"}}"#;
        let folded = fold_medicines(&[member(1, sent)]);
        assert_eq!(
            folded[&1].said.as_ref().unwrap().status_text.as_deref(),
            Some("Listed as active by your practice (as of 2010)")
        );
    }
}
