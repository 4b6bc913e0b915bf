//! What to fetch, how to go on, what came of it.
//!
//! A sync asks for every type that names a patient, follows every page, and commits each page as it
//! comes. What is said afterwards rests on counts alone: a type is complete when every page was
//! followed and as many came as the portal promised (`DSTU2 Bundle.total`). What does not add up, or
//! has suddenly fallen, is swept once more before it is believed.
//!
//! A run that was stopped or killed goes on, for a day, from the last page that was kept: types that
//! were through are not asked again, the others go on at the next page where their first page is still
//! the same, and begin anew where it is not. A type that came in two parts and seems to have lost
//! something is swept once more before that is believed: rows may have moved in between.

mod budget;
mod engine;
mod intake;
mod progress;
mod session;
mod tally;
mod trouble;
mod types;
mod words;

pub use engine::{Error, Job, find_people, run};
pub use progress::{
    Run, SyncProgress, SyncReport, TypeOutcome, TypeProgress, TypeProgressState, TypeState,
};
pub use session::{Error as SessionError, Session};
pub use tally::Observer;
pub(crate) use types::types_of;
