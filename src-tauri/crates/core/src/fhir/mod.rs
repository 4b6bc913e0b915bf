//! DSTU2 JSON as it comes, read tolerantly: a value and a list of problems, never a failure of the
//! whole. Knows nothing of records, the store or the network.

pub mod bundle;
pub mod canonical;
pub mod code_system;
pub mod datatype;
pub mod date;
pub mod json;
pub mod narrative;

/// Something that was not sent as DSTU2 says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `entry[3].resource`; empty for the whole.
    pub path: String,
    /// What is wrong, as a sentence.
    pub message: String,
}
