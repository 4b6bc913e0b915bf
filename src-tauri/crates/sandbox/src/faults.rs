//! What the portal can be made to do wrong, as a list that a person can type.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// The faults that are switched on; none by default.
///
/// ```
/// let faults = onhand_sandbox::Faults::parse("flaky, slow:150, refuse:Procedure").unwrap();
/// assert_eq!(faults.to_string(), "flaky,slow:150,refuse:Procedure");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    list: Vec<Fault>,
}

/// Why a list of faults could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No fault has this name.
    #[error("There is no fault called “{0}”. Known ones: {known}.", known = known_names())]
    Unknown(String),
    /// The fault needs something after the colon.
    #[error("The fault “{0}” needs {1} after a colon, as in “{0}:{2}”.")]
    Missing(&'static str, &'static str, &'static str),
    /// What stands after the colon does not fit.
    #[error("“{value}” does not fit the fault “{name}”: it takes {takes}.")]
    Unfit {
        /// The fault's name.
        name: &'static str,
        /// What stood after the colon.
        value: String,
        /// What may stand there, in words.
        takes: &'static str,
    },
}

/// One kind of misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    RelativeNext,
    Refuse,
    Missing,
    ServerError,
    Flaky,
    Html,
    Torn,
    ForeignNext,
    ForeignRedirect,
    LocalRedirect,
    Loop,
    ShortToken,
    NoRotate,
    BadTotal,
    Slow,
    Drop,
    Change,
    Huge,
    Deep,
    Twins,
    NoId,
    Gzip,
    Bom,
    Latin1,
    RevokeMidway,
    BasicOnly,
    BodyOnly,
    DenyRefresh,
    NoTotal,
    Shift,
    Renumber,
    Empty,
    BrokenPage,
    Busy,
    Maze,
    StaleNext,
    DoubleKey,
    TextNumbers,
    OddType,
    Include,
    SmallPages,
    Cut,
    Bulky,
    Dangling,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    kind: Kind,
    /// The resource type it is limited to.
    of: Option<String>,
    number: Option<u64>,
}

/// What may stand behind a fault's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// A resource type that must be named.
    Type,
    /// A resource type that may be named.
    MaybeType,
    Number,
    MaybeNumber,
    /// A number, and then perhaps a resource type.
    NumberMaybeType,
}

const KNOWN: [(&str, Kind, Takes); 44] = [
    ("relative-next", Kind::RelativeNext, Takes::MaybeType),
    ("refuse", Kind::Refuse, Takes::Type),
    ("missing", Kind::Missing, Takes::Type),
    ("server-error", Kind::ServerError, Takes::Type),
    ("flaky", Kind::Flaky, Takes::Nothing),
    ("html", Kind::Html, Takes::MaybeType),
    ("torn", Kind::Torn, Takes::MaybeType),
    ("foreign-next", Kind::ForeignNext, Takes::MaybeType),
    ("foreign-302", Kind::ForeignRedirect, Takes::MaybeType),
    ("local-302", Kind::LocalRedirect, Takes::MaybeType),
    ("loop", Kind::Loop, Takes::MaybeType),
    ("short-token", Kind::ShortToken, Takes::Number),
    ("no-rotate", Kind::NoRotate, Takes::Nothing),
    ("bad-total", Kind::BadTotal, Takes::MaybeType),
    ("slow", Kind::Slow, Takes::Number),
    ("drop", Kind::Drop, Takes::NumberMaybeType),
    ("change", Kind::Change, Takes::NumberMaybeType),
    ("huge", Kind::Huge, Takes::MaybeType),
    ("deep", Kind::Deep, Takes::MaybeType),
    ("twins", Kind::Twins, Takes::MaybeType),
    ("noid", Kind::NoId, Takes::MaybeType),
    ("gzip", Kind::Gzip, Takes::MaybeType),
    ("bom", Kind::Bom, Takes::MaybeType),
    ("latin1", Kind::Latin1, Takes::MaybeType),
    ("revoke-midway", Kind::RevokeMidway, Takes::MaybeNumber),
    ("basic-only", Kind::BasicOnly, Takes::Nothing),
    ("body-only", Kind::BodyOnly, Takes::Nothing),
    ("deny-refresh", Kind::DenyRefresh, Takes::Nothing),
    ("no-total", Kind::NoTotal, Takes::MaybeType),
    ("shift", Kind::Shift, Takes::MaybeType),
    ("renumber", Kind::Renumber, Takes::NumberMaybeType),
    ("empty", Kind::Empty, Takes::NumberMaybeType),
    ("broken-page", Kind::BrokenPage, Takes::NumberMaybeType),
    ("busy", Kind::Busy, Takes::Number),
    ("maze", Kind::Maze, Takes::MaybeType),
    ("stale-next", Kind::StaleNext, Takes::MaybeType),
    ("double-key", Kind::DoubleKey, Takes::MaybeType),
    ("text-numbers", Kind::TextNumbers, Takes::MaybeType),
    ("odd-type", Kind::OddType, Takes::MaybeType),
    ("include", Kind::Include, Takes::MaybeType),
    ("small-pages", Kind::SmallPages, Takes::Number),
    ("cut", Kind::Cut, Takes::MaybeType),
    ("bulky", Kind::Bulky, Takes::NumberMaybeType),
    ("dangling", Kind::Dangling, Takes::MaybeNumber),
];

impl Faults {
    /// Reads a list such as `flaky,slow:150,refuse:Procedure`; blanks around names do not count,
    /// an empty text is no fault at all.
    ///
    /// # Errors
    /// A name nobody knows, or a value that does not fit it; the sentence says what would.
    pub fn parse(text: &str) -> Result<Self, FaultError> {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(parse_one)
            .collect::<Result<_, _>>()
            .map(|list| Self { list })
    }

    /// No fault at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing is switched on.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The names of all faults there are, in the order of the table in the crate's documentation.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(name, _, _)| *name)
    }

    /// Whether `kind` is on, whatever it is limited to.
    pub(crate) fn on(&self, kind: Kind) -> bool {
        self.list.iter().any(|fault| fault.kind == kind)
    }

    /// Whether `kind` is on for the resource type `of`; one that names no type is on for all.
    pub(crate) fn on_for(&self, kind: Kind, of: &str) -> bool {
        self.list
            .iter()
            .any(|fault| fault.kind == kind && fault.of.as_deref().is_none_or(|only| only == of))
    }

    /// As [`Faults::on_for`], but one that names no type is on for `default` alone.
    pub(crate) fn on_for_one(&self, kind: Kind, of: &str, default: &str) -> bool {
        self.list
            .iter()
            .any(|fault| fault.kind == kind && fault.of.as_deref().unwrap_or(default) == of)
    }

    /// The number that stands behind `kind`, or `default` where it is on without one.
    pub(crate) fn number(&self, kind: Kind, default: u64) -> Option<u64> {
        let fault = self.list.iter().find(|fault| fault.kind == kind)?;
        Some(fault.number.unwrap_or(default))
    }

    /// Number and type of each `kind` in the list.
    pub(crate) fn counts(&self, kind: Kind) -> impl Iterator<Item = (u64, Option<&str>)> {
        self.list
            .iter()
            .filter(move |fault| fault.kind == kind)
            .map(|fault| (fault.number.unwrap_or(0), fault.of.as_deref()))
    }

    /// How long every answer waits.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.number(Kind::Slow, 0).map(Duration::from_millis)
    }
}

impl FromStr for Faults {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        Self::parse(text)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, fault) in self.list.iter().enumerate() {
            if idx > 0 {
                f.write_str(",")?;
            }
            let name = KNOWN.iter().find(|(_, kind, _)| *kind == fault.kind).map_or("", |k| k.0);
            f.write_str(name)?;
            if let Some(number) = fault.number {
                write!(f, ":{number}")?;
            }
            if let Some(of) = &fault.of {
                write!(f, ":{of}")?;
            }
        }
        Ok(())
    }
}

fn parse_one(item: &str) -> Result<Fault, FaultError> {
    let (name, value) = match item.split_once(':') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (item, None),
    };
    let Some((name, kind, takes)) = KNOWN.iter().find(|(known, _, _)| *known == name) else {
        return Err(FaultError::Unknown(name.to_owned()));
    };
    let unfit =
        |value: &str| FaultError::Unfit { name, value: value.to_owned(), takes: in_words(*takes) };
    let fault = |of: Option<&str>, number| Fault { kind: *kind, of: of.map(str::to_owned), number };
    match (takes, value) {
        (Takes::Nothing | Takes::MaybeType | Takes::MaybeNumber, None) => Ok(fault(None, None)),
        (Takes::Nothing, Some(value)) => Err(unfit(value)),
        (Takes::Type, None) => Err(FaultError::Missing(name, in_words(*takes), "Procedure")),
        (Takes::Number | Takes::NumberMaybeType, None) => {
            Err(FaultError::Missing(name, in_words(*takes), "3"))
        }
        (Takes::Type | Takes::MaybeType, Some(value)) => {
            type_name(value).map(|of| fault(Some(of), None)).ok_or_else(|| unfit(value))
        }
        (Takes::Number | Takes::MaybeNumber, Some(value)) => {
            value.parse().map(|number| fault(None, Some(number))).map_err(|_| unfit(value))
        }
        (Takes::NumberMaybeType, Some(value)) => {
            let (number, of) = match value.split_once(':') {
                Some((number, of)) => (number, Some(type_name(of).ok_or_else(|| unfit(value))?)),
                None => (value, None),
            };
            number.parse().map(|number| fault(of, Some(number))).map_err(|_| unfit(value))
        }
    }
}

fn type_name(text: &str) -> Option<&str> {
    let fits = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_alphabetic());
    fits.then_some(text)
}

fn in_words(takes: Takes) -> &'static str {
    match takes {
        Takes::Nothing => "nothing after its name",
        Takes::Type | Takes::MaybeType => "a resource type, such as Procedure",
        Takes::Number | Takes::MaybeNumber => "a whole number",
        Takes::NumberMaybeType => "a whole number, then perhaps a colon and a resource type",
    }
}

fn known_names() -> String {
    Faults::names().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{FaultError, Faults, KNOWN, Kind};

    #[test]
    fn every_fault_reads_back_as_it_was_written() {
        let text = "relative-next,refuse:Procedure,missing:Goal,server-error:Condition,flaky,html,\
                    html:Patient,torn,foreign-next,foreign-302,local-302,loop,short-token:3,\
                    no-rotate,bad-total,slow:150,drop:3,drop:2:Condition,change:4,huge,\
                    huge:Condition,deep,twins,noid,gzip,bom,latin1,revoke-midway,revoke-midway:9,\
                    basic-only,body-only,deny-refresh,no-total,shift:Goal,renumber:2,empty:1:Goal,\
                    broken-page:2,busy:5,maze,stale-next,double-key,text-numbers,odd-type,include,\
                    small-pages:20,cut:Goal,bulky:3,dangling,dangling:9";
        let faults = Faults::parse(text).unwrap();
        assert_eq!(faults.to_string(), text);
        for (name, kind, _) in KNOWN {
            assert!(faults.on(kind), "{name} is not in the list above");
        }
    }

    #[test]
    fn blanks_and_empty_items_do_not_count() {
        assert_eq!(Faults::parse(" flaky , ,slow: 20 ").unwrap().to_string(), "flaky,slow:20");
        assert!(Faults::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_does_not_fit_is_said_in_a_sentence() {
        let said = |text: &str| Faults::parse(text).unwrap_err().to_string();
        assert!(
            said("floky").starts_with("There is no fault called “floky”. Known ones: relative")
        );
        assert_eq!(
            said("refuse"),
            "The fault “refuse” needs a resource type, such as Procedure after a colon, \
             as in “refuse:Procedure”."
        );
        assert_eq!(
            said("slow:fast"),
            "“fast” does not fit the fault “slow”: it takes a whole number."
        );
        assert!(matches!(Faults::parse("flaky:2"), Err(FaultError::Unfit { .. })));
        assert!(matches!(Faults::parse("refuse:procedure"), Err(FaultError::Unfit { .. })));
        assert!(matches!(Faults::parse("drop:x:Procedure"), Err(FaultError::Unfit { .. })));
    }

    #[test]
    fn a_fault_limited_to_a_type_leaves_the_others_alone() {
        let faults = Faults::parse("html:Condition,torn,drop:2:Goal,slow:5").unwrap();
        assert!(faults.on_for(Kind::Html, "Condition"));
        assert!(!faults.on_for(Kind::Html, "Patient"));
        assert!(faults.on_for(Kind::Torn, "Patient"));
        assert!(faults.on_for_one(Kind::Torn, "Patient", "Patient"));
        assert!(!faults.on_for_one(Kind::Torn, "Goal", "Patient"));
        assert_eq!(faults.counts(Kind::Drop).collect::<Vec<_>>(), [(2, Some("Goal"))]);
        assert_eq!(faults.number(Kind::Slow, 0), Some(5));
    }
}
