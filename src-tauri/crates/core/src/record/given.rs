//! Names that the person gave to results the portal left unnamed.

/// A name that the person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The name.
    pub name: String,
    /// Its LOINC code, where it was chosen from those offered.
    pub code: Option<String>,
    /// When (RFC 3339).
    pub at: String,
    /// Whether it was given to an equal result of another panel.
    pub is_reused: bool,
}

/// An unnamed result and where it stands, for finding the name that the person gave it.
#[derive(Clone, Copy, Debug)]
pub struct Unnamed<'p> {
    /// The record it stands in: `Type/id`.
    pub target: &'p str,
    /// Which of that record's results.
    pub index: u32,
    /// What the panel is called that it came with.
    pub panel: &'p str,
    /// Its place in that panel.
    pub position: u32,
    /// How many results that panel has.
    pub of: u32,
    /// Whether no other unnamed result of the panel has its unit and its range.
    pub is_only: bool,
    /// Its unit as sent.
    pub unit: Option<&'p str>,
    /// Its range as sent, in words.
    pub range: Option<&'p str>,
}
