//! Tests: one lab test or vital sign through time, and panels with all their dates.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::record::{Flag, Likelihood, NameFrom, When};

/// Which of the two lists a test is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TestKind {
    /// A lab test.
    Labs,
    /// A vital sign.
    Vitals,
}

/// One lab test or vital sign: every value of one code, kind of quantity and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Test {
    /// What it is asked for by. Says nothing to a person.
    pub key: String,
    /// Its name, as it was sent last.
    pub name: String,
    /// Whose name that is. A test of inferred names stands apart from the one of that name.
    pub name_from: NameFrom,
    /// How sure an inferred name is, at its surest.
    pub likelihood: Option<Likelihood>,
    /// The unit of its newest value, as sent.
    pub unit: Option<String>,
    /// Which list it is in.
    pub kind: TestKind,
    /// Its newest value.
    pub latest: Point,
    /// How many values there are.
    pub count: u32,
    /// How many of them the sender marked, or lie outside the range sent with them.
    pub out_of_range: u32,
    /// The panel that the newest value came with.
    pub panel: Option<String>,
}

/// One value of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Point {
    /// The record it stands in ([`super::Row::id`]).
    #[ts(type = "number")]
    pub record: i64,
    /// Which of that record's results.
    pub index: u32,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with precision, zone and label.
    pub when_detail: Option<When>,
    /// The value with every digit as sent, its comparator before it; two pressures as "134/78".
    pub value: Option<String>,
    /// The value as a plain decimal in `unit`, for a chart; of two pressures the upper one.
    pub number: Option<String>,
    /// The lower one of two pressures.
    pub second: Option<String>,
    /// What stands before the number: `<`, `<=`, `>=`, `>`.
    pub comparator: Option<String>,
    /// The unit of `value`, `number`, `low` and `high`.
    pub unit: Option<String>,
    /// The lower end of the range sent with this value.
    pub low: Option<String>,
    /// The upper end of the range sent with this value.
    pub high: Option<String>,
    /// That range in words, as sent.
    pub range: Option<String>,
    /// The sender's mark.
    pub flag: Option<Flag>,
    /// On which side of its range it lies.
    pub own_flag: Option<Flag>,
    /// A sentence where the two disagree.
    pub flag_note: Option<String>,
    /// "No range sent".
    pub range_note: Option<String>,
    /// Why there is no value, in words.
    pub absent: Option<String>,
    /// The value and unit as sent ("180 lb"), where `value` is a vital sign in the unit of its series.
    pub original: Option<String>,
    /// What must be said beside it: "Preliminary, may change", "Your portal no longer sends this".
    pub note: Option<String>,
}

/// A test with all its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestDetail {
    /// The test.
    #[serde(flatten)]
    pub test: Test,
    /// Its values, oldest first, undated ones last; all of a day.
    pub points: Vec<Point>,
    /// Other tests that may be the same, told apart by unit or by who named them: their keys and names.
    pub others: Vec<(String, String)>,
}

/// A panel with all its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelTable {
    /// Its name.
    pub title: String,
    /// Its dates, oldest first.
    pub columns: Vec<PanelWhen>,
    /// Its tests, in the order of the newest panel.
    pub rows: Vec<PanelRow>,
}

/// One date of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelWhen {
    /// The report or the result of many parts.
    #[ts(type = "number")]
    pub record: i64,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with precision, zone and label.
    pub when_detail: Option<When>,
}

/// One test of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PanelRow {
    /// [`Test::key`]; `None` where the test is in no series.
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// Whose name that is.
    pub name_from: NameFrom,
    /// How sure an inferred name is.
    pub likelihood: Option<Likelihood>,
    /// The unit of its newest value.
    pub unit: Option<String>,
    /// Its value at each date; `None` where the panel of that date had none.
    pub cells: Vec<Option<Point>>,
}

impl super::Store {
    /// Every lab test and vital sign of a person, those seen last first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tests(&self, _person: Option<i64>) -> super::Result<Vec<Test>> {
        Ok(Vec::new())
    }

    /// One test with all its values.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] if there is none of that key.
    pub fn test(&self, _person: Option<i64>, _key: &str) -> super::Result<TestDetail> {
        Err(super::Error::NotFound)
    }

    /// A panel with all its dates.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] if there is none of that number.
    pub fn panel(&self, _id: i64) -> super::Result<PanelTable> {
        Err(super::Error::NotFound)
    }

    /// Keeps the name a person gives.
    ///
    /// # Errors
    /// [`super::Error::NotFound`] if there is none of that number.
    pub fn name_result(
        &mut self,
        _record: i64,
        _index: u32,
        _name: Option<&str>,
        _code: Option<&str>,
        _now: jiff::Timestamp,
    ) -> super::Result<()> {
        Err(super::Error::NotFound)
    }
}
