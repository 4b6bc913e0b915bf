//! fhir → record.

use super::{Record, SearchText};

/// Finds the resource that a reference names.
pub trait Lookup {
    /// The raw JSON of `Type/id`, if it has come.
    fn resource(&self, target: &str) -> Option<Vec<u8>>;
}

/// Makes a record of a raw resource. Anything gives a record: what cannot be understood becomes one
/// of kind other, with its problems listed.
pub fn derive(raw: &[u8], lookup: &dyn Lookup) -> Record {
    let _ = (raw, lookup);
    unimplemented!()
}

pub(super) fn search_text(record: &Record) -> SearchText {
    let _ = record;
    unimplemented!()
}
