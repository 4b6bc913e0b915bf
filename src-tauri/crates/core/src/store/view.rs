//! What a read gives: rows, pages, one record in full.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fhir::date;
use crate::record::fold::Said;
use crate::record::{
    Attachment, Code, ComparedSection, Field, Flag, GONE, Kind, Likelihood, Measurement, NameFrom,
    Place, Problem, Record, Section, Standing, Status, Tone, When,
};

/// Input of `list` and `periods`: which records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Filter {
    /// Whose; `None` for everybody's.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// Of which kinds; empty for all.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Words to search for, each as a prefix; `None` or blank for all.
    pub query: Option<String>,
    /// Whether records folded into another (a result of a panel) stand in rows of their own. A
    /// search always shows them.
    #[serde(default)]
    pub folded: bool,
    /// Only those that do not say whose they are, or name somebody who is none of the people of
    /// their sign-in ("Not said whose").
    #[serde(default)]
    pub unsaid: bool,
    /// Whether a visit holds what was recorded at it ([`Row::holds`]), in place of rows of their own;
    /// where `kinds` says which, those have their rows all the same. A search knows none of it.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub by_visit: bool,
    /// The day it is read on, in this computer's zone. Without one, what depends on the day (an end
    /// that has passed, a list that was long not confirmed) is left as it was recorded.
    #[serde(skip)]
    #[ts(skip)]
    pub today: Option<jiff::civil::Date>,
    /// Only what this sync changed ([`Run::id`](crate::sync::Run::id)): all of it, or as `change` says.
    #[serde(default)]
    #[ts(type = "number | null", optional)]
    pub run: Option<i64>,
    /// Only changes of this sort; without `run`, those of the last sync of each connection.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub change: Option<Change>,
    /// What of the records that the portal no longer sends. Without it they are left out of a list
    /// of what is current (allergies stay), and shown by a search, in a sync's changes, and where
    /// `folded` asks for every record.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub gone: Option<Gone>,
}

/// What a sync found of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Never seen before.
    New,
    /// Another content than before.
    Changed,
    /// No longer sent.
    Gone,
    /// The same content under a new id.
    Moved,
    /// Sent again after it had gone.
    Back,
    /// In a filter: any of these.
    Any,
}

/// What of the records that the portal no longer sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// They are left out, but for allergies.
    Hide,
    /// They stand among the others.
    Show,
    /// Nothing but them.
    Only,
}

/// Input of `list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct List {
    /// Which records.
    pub filter: Filter,
    /// How many to skip.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// Part of a list: newest first, undated ones last; a list of one kind that has groups comes group
/// by group; a search gives the best match first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Page {
    /// How many the whole list has.
    #[ts(type = "number")]
    pub total: u64,
    /// The rows asked for.
    pub records: Vec<Row>,
    /// What was searched for in place of words that are spelled nowhere in the record, where each of
    /// them is one letter away from one that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub corrected: Option<String>,
}

/// One record in a list. `onhand records --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Row {
    /// Its number in this database; stays the same over re-syncs.
    #[ts(type = "number")]
    pub id: i64,
    /// Which list it belongs to.
    pub kind: Kind,
    /// Its name.
    pub title: String,
    /// One quiet line below it; may be empty.
    pub subtitle: String,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with end, precision, zone and label.
    pub when_detail: Option<When>,
    /// Its status code: as sent, or what a modifier makes of it (`not-given`).
    pub status: Option<String>,
    /// The status in words.
    pub status_text: Option<String>,
    /// Whether it belongs among what is so today.
    pub standing: Option<Standing>,
    /// How loudly the row is to be shown.
    pub tone: Tone,
    /// Whose; `None` where the record does not say.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// Where it came from.
    pub source: Source,
    /// Since when the portal no longer sends it (RFC 3339).
    pub gone_since: Option<String>,
    /// The id it had at the portal before, where it came with the same content under a new one.
    pub moved_from: Option<String>,
    /// What the sync that the list is about found of it ([`Filter::run`], [`Filter::change`]).
    pub change: Option<Change>,
    /// The record it is folded into.
    #[ts(type = "number | null")]
    pub part_of: Option<i64>,
    /// The value of a single result, with its unit: `7.0 %`.
    pub value: Option<String>,
    /// The sender's mark on that value.
    pub flag: Option<Flag>,
    /// On which side of its range that value lies ([`Measurement::own_flag`]).
    pub own_flag: Option<Flag>,
    /// How many of its results carry a mark that is to be noticed.
    pub flagged: u32,
    /// The part of its list that it belongs to, where the list of its kind has parts.
    pub group: Option<Group>,
    /// What it counts as among its like: "3 recorded here", "Not counted as a dose".
    pub counts_as: Option<String>,
    /// What is to be said about it beside the others, in sentences: "May be the same as …".
    pub notes: Vec<String>,
    /// Where the words found stand: the text around them, with `\u{2}` before and `\u{3}` after each.
    pub snippet: Option<String>,
    /// What a visit holds, kind by kind ([`Filter::by_visit`]).
    pub holds: Vec<Held>,
    /// What `group` is worked out from.
    #[serde(skip)]
    #[ts(skip)]
    pub(super) place: Option<Place>,
}

impl Row {
    /// Says what depends on the day: the part of its list, and that an end has passed or that a list
    /// was long not confirmed. Without a day, the part as it was recorded.
    pub fn on(&mut self, today: Option<jiff::civil::Date>) {
        let Some(place) = self.place.clone() else { return };
        let (_, mut part) = place.on(today);
        if self.gone_since.is_some() && self.kind != Kind::Allergies {
            part = GONE;
        }
        self.group = Some(Group { slug: part.slug.to_owned(), title: part.title.to_owned() });
        // The day alone: what is kept of a time does not say in which zone it was written.
        let words = |text: &Option<String>| {
            text.as_deref().and_then(|text| date::words(text.get(..10).unwrap_or(text)))
        };
        let note = match part.slug {
            "listed_ended" | "active_ended" => {
                words(&place.ends).map(|ended| format!("Listed as active, ended {ended}."))
            }
            "not_confirmed" => {
                words(&place.stated).map(|stated| format!("Not confirmed since {stated}."))
            }
            _ => None,
        };
        // Said once, however often it is asked.
        self.notes.extend(note.filter(|note| !self.notes.contains(note)));
    }
}

/// What of one kind a visit holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Held {
    /// The kind.
    pub kind: Kind,
    /// How many; the two halves of a blood pressure are one.
    pub count: u32,
    /// How many more there are that say that something is not so: not given, refuted.
    pub void: u32,
    /// How many results are marked by the sender, or outside the range sent with them.
    pub n_out: u32,
    /// Whether the sender marked one of them critical.
    pub is_critical: bool,
    /// Names, at most three, of a single result with its value.
    pub names: Vec<String>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Group {
    /// What it is told apart by: `listed_active`, `past`.
    pub slug: String,
    /// Its heading: "Listed as active by your practice".
    pub title: String,
}

/// The part of a [`Row`] that is derived with the record; the rest is known by the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowBody {
    pub(super) title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) subtitle: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<Status>,
    pub(super) tone: Tone,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) flag: Option<Flag>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) own_flag: Option<Flag>,
    #[serde(default)]
    pub(super) flagged: u32,
    /// The part of its list it belongs to by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) counts_as: Option<String>,
    /// What is said of it because of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) said: Option<Said>,
}

impl RowBody {
    /// What of a record stands in a list.
    pub(super) fn of(record: &Record) -> RowBody {
        let single = match record.measurements.as_slice() {
            [one] => Some(one),
            _ => None,
        };
        // The marks of what does not count are shown with it alone.
        let counts = record.counts();
        let flagged = record
            .measurements
            .iter()
            .filter(|one| counts && one.flag.as_ref().is_some_and(|flag| flag.tone.is_loud()))
            .count();
        RowBody {
            title: record.title.clone(),
            subtitle: record.subtitle.clone(),
            when: record.when.clone(),
            status: record.status.clone(),
            tone: record.tone,
            // A value too long for a column of values stands in the subtitle.
            value: single
                .and_then(|one| {
                    let value = one.value.as_ref()?;
                    Some(match &one.unit {
                        Some(unit) => format!("{value} {unit}"),
                        None => value.clone(),
                    })
                })
                .filter(|value| !record.subtitle.starts_with(&value.replace('\n', " "))),
            flag: single.and_then(|one| one.flag.clone()).filter(|_| counts),
            own_flag: single.and_then(|one| one.own_flag.clone()).filter(|_| counts),
            flagged: u32::try_from(flagged).unwrap_or(u32::MAX),
            place: record.strand.place.clone(),
            counts_as: None,
            said: None,
        }
    }
}

/// Where a record came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Source {
    /// `DSTU2` resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its id at the portal; `None` where it sent none.
    pub id: Option<String>,
}

/// A year of a list and how many rows it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Period {
    /// `2022`, or `None` for the undated ones.
    pub year: Option<String>,
    /// How many rows.
    #[ts(type = "number")]
    pub count: u64,
    /// How many records: as many as rows, and what visits hold ([`Filter::by_visit`]).
    #[ts(type = "number")]
    pub records: u64,
    /// Which of its rows, from 0, are visits that hold something, and how many lines say what: one for
    /// each kind, at most three.
    #[ts(type = "[number, number][]")]
    pub tall: Vec<(u64, u32)>,
}

/// One record in full. `onhand show --json` prints it; a lab result has the fields of
/// [`Measurement`] beside these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Detail {
    /// What stands in the list.
    #[serde(flatten)]
    pub row: Row,
    /// The name exactly as sent, where `title` is set differently.
    pub title_sent: Option<String>,
    /// The name of the one measurement, where the record is a single result.
    pub name: Option<String>,
    /// Whose name that is.
    pub name_from: Option<NameFrom>,
    /// How sure an inferred name is.
    pub likelihood: Option<Likelihood>,
    /// Why an inferred name was given.
    pub reasons: Vec<String>,
    /// Other names that would fit.
    pub candidates: Vec<String>,
    /// The unit of the one measurement.
    pub unit: Option<String>,
    /// Its reference range as sent.
    pub range: Option<String>,
    /// Its LOINC code.
    pub code: Option<String>,
    /// The one measurement in full, where the record is a single result.
    pub result: Option<Measurement>,
    /// The results of a result of many parts.
    pub components: Vec<Measurement>,
    /// Everything it says, in words.
    pub sections: Vec<Section>,
    /// Its narrative as plain text, where nothing else speaks.
    pub narrative: Option<String>,
    /// What it carries or points to.
    pub attachments: Vec<Attachment>,
    /// The codes it goes by.
    pub codes: Vec<Code>,
    /// The records that hang together with it.
    pub related: Vec<Related>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// When it was first and last seen (RFC 3339).
    pub first_seen: String,
    /// When it was last seen.
    pub last_seen: String,
    /// The earlier versions kept, newest first: when each was first seen.
    pub versions: Vec<String>,
    /// The portal it came from.
    pub portal: String,
    /// The person's own note.
    pub own_note: Option<super::Note>,
}

/// A record that hangs together with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Related {
    /// What it is to the record: `result`, `part_of`, `medication`, …; `folded`: shown as part of it;
    /// `same_visit`: recorded at the same time; `same_day`: recorded the same day, without a word on
    /// why; `same_medicine` and `may_be_same`: another source on the medicine.
    pub role: String,
    /// `Type/id` as the portal refers to it.
    pub target: String,
    /// Its row; `None` where the portal never sent it.
    pub row: Option<Row>,
}

/// A resource's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Raw {
    /// The exact bytes as received, as text (invalid UTF-8 replaced).
    pub text: String,
}

/// Input of `about_kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AboutKind {
    /// Whose; `None` for everybody's.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// Of which kind.
    pub kind: Kind,
}

/// What is to be said above a list of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindAbout {
    /// When it was last copied (RFC 3339); `None`: never.
    pub as_of: Option<String>,
    /// The practices it comes from, by name; the portal's address where none was sent.
    pub practices: Vec<String>,
    /// Sentences to be shown first: "As of Nov 23, 2026, from Larkspur Family Medicine. Other clinics
    /// are not here.", the answer about allergies, "Your practice has sent none."
    pub statements: Vec<String>,
    /// Sentences for the second voice: "812 copied: 640 shown, 172 folded in."
    pub notes: Vec<String>,
    /// How many resources of this kind were copied.
    #[ts(type = "number")]
    pub copied: u64,
    /// How many of them have a row of their own.
    #[ts(type = "number")]
    pub shown: u64,
    /// How many stand in another's row.
    #[ts(type = "number")]
    pub folded: u64,
}

/// Input of commands about one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonRef {
    /// The person's number.
    #[ts(type = "number")]
    pub person: i64,
}

/// A person as the practice describes them (`DSTU2 Patient`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonDetail {
    /// The person's number.
    #[ts(type = "number")]
    pub id: i64,
    /// The record it is told from ([`Row::id`]); `None` where it did not come.
    #[ts(type = "number | null")]
    pub record: Option<i64>,
    /// The name to call them by: official → usual → first.
    pub name: String,
    /// Every name as sent, with its use where it is another: "Ana Ruiz (maiden)".
    pub names: Vec<String>,
    /// Date of birth.
    pub birth: Option<When>,
    /// Age in whole years today: from a full date of birth only, and of no one who has died.
    pub age: Option<u32>,
    /// "Died Mar 4, 2020", "Died", where it was sent.
    pub died: Option<String>,
    /// Sex recorded by the practice, in its word.
    pub sex: Option<String>,
    /// "No longer used", "Replaced by another record".
    pub status: Option<String>,
    /// Telephone, mail, address, as sent.
    pub contacts: Vec<Field>,
    /// Languages, contact persons, who cares for them.
    pub others: Vec<Field>,
    /// The practices that know them, by name.
    pub practices: Vec<String>,
    /// The portal it came from.
    pub portal: String,
}

/// Input of commands about a file that came with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttachmentRef {
    /// [`Row::id`]
    #[ts(type = "number")]
    pub record: i64,
    /// Its place among [`Detail::attachments`], from 0.
    pub index: u32,
}

/// A file that came with a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AttachmentContent {
    /// A name to save it under, safe in any folder: `Discharge summary.pdf`.
    pub file_name: String,
    /// MIME type, as sent or as its bytes show.
    pub content_type: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Its bytes, in base64.
    pub base64: String,
    /// The same as text, where it is one to read (plain text, XML, a C-CDA document in words).
    pub text: Option<String>,
}

/// A version of a record beside the next newer one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionView {
    /// When the older of the two was first seen (RFC 3339).
    pub first_seen: String,
    /// Until when: when the newer one was first seen.
    pub until: String,
    /// The older one's title.
    pub title: String,
    /// What both say, in reading order.
    pub sections: Vec<ComparedSection>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_of_an_end_only_the_day() {
        let mut row: Row = serde_json::from_value(serde_json::json!({
            "id": 1, "kind": "problems", "title": "Cough", "subtitle": "", "tone": "plain",
            "source": { "type": "Condition" }, "flagged": 0, "notes": [], "holds": [],
        }))
        .unwrap();
        // As a time in `Z` is kept: without its zone.
        let ends = Some("2021-02-10T08:00:00".to_owned());
        row.place = Some(Place { ends, ..Place::new(Kind::Problems, "active") });
        row.on(Some("2026-11-24".parse().unwrap()));
        assert_eq!(row.notes, ["Listed as active, ended Feb 10, 2021."]);
    }
}
