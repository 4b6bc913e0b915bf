//! What to fetch, how to go on, what came of it.

mod progress;

pub use progress::{
    SyncProgress, SyncReport, TypeOutcome, TypeProgress, TypeProgressState, TypeState,
};
