//! Onhand's behaviour, without a window: sign-in at OnPatient, sync, store, record.
//!
//! The borders inside: `api ▶ app ▶ sync ▶ {onpatient, store, record}`, `record ▶ fhir`,
//! `store ▶ record`, and `fhir` knows nothing. No UI toolkit is named here, no clock is read (hosts
//! pass one in) and nothing is printed.

pub mod api;
pub mod app;
pub mod clock;
pub mod data_dir;
pub mod database;
pub mod fhir;
pub mod memory;
pub mod onpatient;
pub mod outgoing;
pub mod record;
pub mod store;
pub mod sync;
pub mod vault;

mod lock;
mod sentence;
