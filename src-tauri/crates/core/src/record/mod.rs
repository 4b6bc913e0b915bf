//! What Onhand stores and shows: its own model of a record, derived from raw FHIR by pure code.
//!
//! Nothing here knows of the database, the network or a clock. A [`Record`] can be thrown away and
//! made again from the raw resource at any time; [`DERIVATION`] says when that must happen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod compare;
#[cfg(test)]
mod corpus;
mod day;
mod decimal;
mod derive;
mod drug;
pub mod fold;
mod given;
mod lab;
mod medicine;
mod names;
mod panel;
mod place;
mod range;
#[cfg(test)]
mod rulebook;
mod series;
mod status;
mod story;
mod table;
mod teller;
mod title;
mod unit;
mod vaccine;
mod when;

pub use compare::{ComparedField, ComparedSection, compare};
pub(crate) use day::{OfDay, held};
pub use derive::{Lookup, attached, derive, derive_value};
pub use fold::Strand;
pub use given::{Given, Unnamed};
pub(crate) use lab::joined_pressure;
pub use lab::{Placed, Placements};
pub use place::{GONE, GONE_RANK, Part, Place, has_passed, parts};
pub(crate) use series::{BLOOD_PRESSURE, Pressure, pressure};
pub(crate) use unit::convert_to;

/// The version of the derivation. Raised whenever [`derive`] would give another record for the same
/// raw bytes; the store derives again what an older version made.
pub const DERIVATION: u32 = 6;

/// The list a record belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Lab results and reports.
    Labs,
    /// Vital signs.
    Vitals,
    /// Medicines stated, ordered, dispensed or given.
    Medicines,
    /// Conditions and diagnoses.
    Problems,
    /// Allergies and intolerances.
    Allergies,
    /// Vaccinations, given or not.
    Immunizations,
    /// Encounters, appointments and billed visits.
    Visits,
    /// What was done.
    Procedures,
    /// Documents, notes, images.
    Documents,
    /// Care plans, orders and referrals.
    CarePlans,
    /// Goals.
    Goals,
    /// The patient, relatives, practitioners.
    People,
    /// Organizations and locations.
    Places,
    /// Everything else the portal sent.
    Other,
}

impl Kind {
    /// Every kind, in the order the side bar shows them.
    pub const ALL: [Kind; 14] = [
        Kind::Labs,
        Kind::Vitals,
        Kind::Medicines,
        Kind::Problems,
        Kind::Allergies,
        Kind::Immunizations,
        Kind::Visits,
        Kind::Procedures,
        Kind::Documents,
        Kind::CarePlans,
        Kind::Goals,
        Kind::People,
        Kind::Places,
        Kind::Other,
    ];

    /// The name used on the wire, in the database and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Labs => "labs",
            Kind::Vitals => "vitals",
            Kind::Medicines => "medicines",
            Kind::Problems => "problems",
            Kind::Allergies => "allergies",
            Kind::Immunizations => "immunizations",
            Kind::Visits => "visits",
            Kind::Procedures => "procedures",
            Kind::Documents => "documents",
            Kind::CarePlans => "care_plans",
            Kind::Goals => "goals",
            Kind::People => "people",
            Kind::Places => "places",
            Kind::Other => "other",
        }
    }

    /// The kind of that [`name`](Kind::name), if there is one.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// When something was, exactly as precise as it was written.
///
/// The texts are the portal's own (`DSTU2 dateTime`, `date`, `instant`); nothing is padded or moved
/// to another zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct When {
    /// The start, or the only time, as sent: `2022`, `2022-04`, `2022-04-28`,
    /// `2022-04-28T09:30:00-04:00`, `2016-05-27T01:50:00Z`.
    pub start: Option<String>,
    /// The end of a period, as sent. Never shown without being told apart from `start`.
    pub end: Option<String>,
    /// How much of `start` (or of `end`, where there is no start) is known.
    pub precision: Precision,
    /// In which zone it was written.
    pub zone: Zone,
    /// Which date this is: a slug such as `performed`, `recorded`, `prescribed`, `since`,
    /// `reported`, `collected`. `on` where it is simply when it happened.
    pub label: String,
    /// A text that sorts as the time does: civil time as written (UTC for `Z`), shortened to what is
    /// known. Empty never occurs; an undated record has no `When`.
    pub sort: String,
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// `2022`
    Year,
    /// `2022-04`
    Month,
    /// `2022-04-28`, or midnight under any zone.
    Day,
    /// A time of day.
    Time,
}

/// In which zone a time was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// No zone, or no time of day: shown as written.
    None,
    /// A local offset (`-04:00`): the civil time is shown as written.
    Offset,
    /// `Z`: an instant, shown in this computer's zone and labelled so.
    Utc,
}

/// What a record's status means to a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    /// The code as sent (`active`), or what a modifier makes of it (`not-given`, `not-taken`,
    /// `not-done`, `not-sent`).
    pub code: String,
    /// The same in words: "Active", "Withdrawn by the practice as an error".
    pub text: String,
    /// Where the record belongs because of it.
    pub standing: Standing,
}

impl Status {
    /// Whether what the record says counts: it is neither withdrawn, not ready nor not understood, and
    /// nothing replaces it.
    pub fn counts(&self) -> bool {
        matches!(self.standing, Standing::Current | Standing::Past) && self.code != REPLACED
    }
}

/// The code of the status of a result that another one replaces.
const REPLACED: &str = "replaced-by-another";

/// Whether a record belongs among what is so today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In current lists.
    Current,
    /// Over: completed, resolved, stopped.
    Past,
    /// Not yet: planned, draft, ordered, not ready.
    Planned,
    /// Not so: entered in error, refuted, not given, not taken, not done, cancelled.
    Void,
    /// The portal's word for it is not one that Onhand knows, or a modifier it does not understand.
    Unclear,
}

/// How loudly a text is to be shown, the loudest last. Always beside a word or a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Second voice.
    Quiet,
    /// Out of range, partly done, to be noticed.
    Notice,
    /// Allergy, critical value, withdrawn.
    Alarm,
}

impl Tone {
    /// Whether it is to be noticed.
    pub fn is_loud(self) -> bool {
        self >= Tone::Notice
    }
}

/// A mark on a result, in the sender's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Flag {
    /// The interpretation code as sent: `H`, `LL`, `A`, `POS`; empty where only a text came.
    pub code: String,
    /// In words: "High", "Critically low", "Abnormal", "Positive".
    pub text: String,
    /// How loudly it is to be shown.
    pub tone: Tone,
    /// Which way: up for H and HH, down for L and LL.
    pub direction: Option<Direction>,
}

/// Which side of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Above.
    Up,
    /// Below.
    Down,
}

/// Where a result's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NameFrom {
    /// The portal sent it.
    Portal,
    /// Onhand worked it out; always shown with the word "likely".
    Inferred,
    /// The person gave it.
    Person,
}

/// One measured or observed value: an Observation, or one of its components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Measurement {
    /// Its place among its siblings, from 0.
    pub index: u32,
    /// Its name; never blank ("Unnamed result 3 of 15").
    pub name: String,
    /// Whose name that is.
    pub name_from: NameFrom,
    /// How sure an inferred name is.
    pub likelihood: Option<Likelihood>,
    /// Why an inferred name was given, in sentences.
    pub reasons: Vec<String>,
    /// Other names that would fit, best first.
    pub candidates: Vec<String>,
    /// The value with every digit as sent ("7.0", "<150", "Negative"); `None` where none was sent.
    pub value: Option<String>,
    /// The unit as sent.
    pub unit: Option<String>,
    /// The reference range as sent, in words ("4.8–5.6", "less than 150").
    pub range: Option<String>,
    /// The sender's mark.
    pub flag: Option<Flag>,
    /// Its LOINC code, where one was sent.
    pub code: Option<String>,
    /// Why there is no value, in words (`DSTU2 Observation.dataAbsentReason`).
    pub absent: Option<String>,
    /// The value as a plain decimal with every digit as sent ("7.0", "150"), where it is a number.
    pub number: Option<String>,
    /// What stands before it: `<`, `<=`, `>=`, `>`.
    pub comparator: Option<String>,
    /// The lower end of its one range, as a plain decimal in `unit`.
    pub low: Option<String>,
    /// The upper end of its one range, as a plain decimal in `unit`.
    pub high: Option<String>,
    /// On which side of the range that was sent the value lies, by Onhand's own comparison; `None`
    /// where it lies inside, and where nothing may be said.
    pub own_flag: Option<Flag>,
    /// A sentence where the sender's mark and the range that was sent disagree.
    pub flag_note: Option<String>,
    /// "No range sent", for a number that came without one.
    pub range_note: Option<String>,
    /// A vital sign in its other unit ("81.6 kg"), where it was plausible in the one it was sent in.
    pub converted: Option<String>,
    /// The LOINC code of an inferred name, or of the one a person gave; never one that was sent.
    pub likely_code: Option<String>,
    /// When the person gave it its name (RFC 3339).
    pub named_at: Option<String>,
    /// The series it belongs to ([`crate::store::Test::key`]); `None` where it is in none.
    pub test: Option<String>,
}

impl Measurement {
    /// Whether its name is not the portal's: worked out, given by the person, or none.
    pub fn is_unnamed(&self) -> bool {
        self.name_from != NameFrom::Portal || self.name.starts_with(series::UNNAMED)
    }

    /// Whether the sender marked it, or it lies outside the range sent with it.
    pub fn is_out(&self) -> bool {
        self.own_flag.is_some() || self.flag.as_ref().is_some_and(|flag| flag.tone.is_loud())
    }
}

/// How sure an inferred name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// Nothing else fits.
    Strong,
    /// The best of several that fit.
    Likely,
    /// One of those listed; the evidence does not tell which.
    OneOf,
}

/// A named group of fields in a record's detail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Section {
    /// Its heading; empty for the first one.
    pub title: String,
    /// Its fields, in reading order.
    pub fields: Vec<Field>,
}

/// One fact of a record, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Field {
    /// What it is: "Prescribed by", "Route", "Severity".
    pub label: String,
    /// What was sent, in words. A field that is a date or a period and nothing else keeps the text
    /// it was sent with, and is also in `when`.
    pub text: String,
    /// The date or time it is, for a field that is one.
    pub when: Option<When>,
    /// How loudly it is to be shown.
    pub tone: Tone,
    /// The record it points to: `Practitioner/12`, or a full address.
    pub reference: Option<String>,
    /// The codes behind it.
    pub codes: Vec<Code>,
}

/// A code as sent (`DSTU2 Coding`), with its system under the name the field uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Code {
    /// The system's address as sent.
    pub system: Option<String>,
    /// The system's common name: `LOINC`, `RxNorm`, `ICD-10-CM`, `CPT`, `CVX`, `SNOMED CT`.
    pub system_name: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The portal's own words for it.
    pub display: Option<String>,
}

/// That one record points to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct Link {
    /// What the other is to this one: `result`, `has-member`, `medication`, `encounter`,
    /// `performer`, `subject`, …: the name of the field it stands in.
    pub role: String,
    /// `Type/id`, resolved as far as the resource alone allows.
    pub target: String,
}

/// Whom a resource says it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "of", content = "id")]
pub enum Subject {
    /// A patient of that id.
    Patient(String),
    /// Its type names no patient (Medication, Practitioner, Organization).
    NoPatient,
    /// Its type could name one, and this resource names none.
    NotSaid,
    /// A Group, Device or Location: `Type/id`.
    Other(String),
}

/// Something about a resource that could not be read as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// Where in the resource: `Observation.valueQuantity.value`.
    pub path: String,
    /// What is wrong, as a sentence.
    pub message: String,
}

/// An attachment that a record carries or points to (`DSTU2 Attachment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Its title, or a plain one for its type.
    pub title: String,
    /// MIME type as sent.
    pub content_type: Option<String>,
    /// Its size in bytes, where the data came along or the size was sent.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// The address it is to be had at, where it did not come along. Never opened by itself.
    pub url: Option<String>,
    /// Whether the data came along with the resource.
    pub inline: bool,
    /// The bytes of the resource that its data stands in, as JSON. Known right after the derivation
    /// only.
    #[serde(skip)]
    #[ts(skip)]
    pub data: Option<std::ops::Range<usize>>,
}

/// One record, as derived from one raw resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `DSTU2 Resource.resourceType`, or "Unknown".
    pub resource_type: String,
    /// Which list it belongs to.
    pub kind: Kind,
    /// Its name; never blank, never markup, never a bare code.
    pub title: String,
    /// The name exactly as sent, where `title` is set differently (capitals).
    pub title_sent: Option<String>,
    /// One quiet line below the title: dose, reaction, number of results. May be empty.
    pub subtitle: String,
    /// When, or `None`: undated.
    pub when: Option<When>,
    /// What its status means.
    pub status: Option<Status>,
    /// How loudly the row is to be shown (an allergy, a critical value).
    pub tone: Tone,
    /// Whose it is.
    pub subject: Subject,
    /// The value of a result, with its components; empty for a record that is none.
    pub measurements: Vec<Measurement>,
    /// Everything it says, in words.
    pub sections: Vec<Section>,
    /// Its narrative as plain text, where nothing else speaks (`DSTU2 Narrative`).
    pub narrative: Option<String>,
    /// What it carries or points to.
    pub attachments: Vec<Attachment>,
    /// The codes it goes by.
    pub codes: Vec<Code>,
    /// The records it points to.
    pub links: Vec<Link>,
    /// `Type/id` of records that were looked up and not found; when they arrive it is derived again.
    pub missing: Vec<String>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What is noted of it for the records it belongs together with. Not kept with it.
    #[serde(skip)]
    pub strand: Strand,
}

impl Record {
    /// Whether what it says counts, as [`Status::counts`]; so where no status is due.
    pub fn counts(&self) -> bool {
        self.status.as_ref().is_none_or(Status::counts)
    }

    /// The words a search finds it by: titles, codes, values, notes, people.
    pub fn search_text(&self) -> SearchText {
        derive::search_text(self)
    }
}

/// The texts that full-text search looks through, by weight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    /// Titles and names of results.
    pub title: String,
    /// Codes and their displays.
    pub codes: String,
    /// Values and their units.
    pub values: String,
    /// All other text.
    pub text: String,
}
