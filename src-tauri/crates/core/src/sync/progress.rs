//! How a sync goes and what came of it, as a person is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sync while it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncProgress {
    /// The connection.
    #[ts(type = "number")]
    pub account: i64,
    /// How long it has run, in milliseconds.
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// Records received so far.
    #[ts(type = "number")]
    pub received: u64,
    /// Records promised so far (the sum of `Bundle.total`).
    #[ts(type = "number")]
    pub promised: u64,
    /// Each type asked for.
    pub types: Vec<TypeProgress>,
}

/// One type while a sync runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TypeProgress {
    /// `DSTU2` resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name for a person: "Lab results and vital signs".
    pub name: String,
    /// `Bundle.total`, where the portal sent one.
    #[ts(type = "number | null")]
    pub promised: Option<u64>,
    /// Received so far.
    #[ts(type = "number")]
    pub received: u64,
    /// Whether it waits, runs or is finished, and how it ended.
    pub state: TypeProgressState,
}

/// Whether a type waits, runs or is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TypeProgressState {
    /// Not asked yet.
    Waiting,
    /// Being copied.
    Running,
    /// Every page followed.
    Complete,
    /// Some of it came.
    Partial,
    /// 403 or 404 for a type that was given before.
    Refused,
    /// The portal does not offer it.
    NotOffered,
    /// Nothing came.
    Failed,
}

/// How a type ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TypeState {
    /// Every page followed, and as many as promised.
    Complete,
    /// A page failed, a link was refused, or the counts differ.
    Partial,
    /// 403 or 404 for a type that was given before.
    Refused,
    /// 403 or 404 for a type never given.
    NotOffered,
    /// Nothing came.
    Failed,
}

/// The outcome of a sync. `onhand sync --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncReport {
    /// Every type complete or not offered, and the Patient came.
    pub complete: bool,
    /// How many requests were made.
    #[ts(type = "number")]
    pub requests: u64,
    /// When it began (RFC 3339).
    pub started: String,
    /// When it ended (RFC 3339).
    pub finished: String,
    /// Why it stopped before its end, in words, if it did.
    pub stopped: Option<String>,
    /// Each type.
    pub types: Vec<TypeOutcome>,
}

/// The outcome for one type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TypeOutcome {
    /// `DSTU2` resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name for a person.
    pub name: String,
    /// `Bundle.total`, where the portal sent one.
    #[ts(type = "number | null")]
    pub promised: Option<u64>,
    /// Distinct resources of that type that came.
    #[ts(type = "number")]
    pub received: u64,
    /// Never seen before.
    #[ts(type = "number")]
    pub new: u64,
    /// Seen before with another content.
    #[ts(type = "number")]
    pub changed: u64,
    /// Seen before with the same content.
    #[ts(type = "number")]
    pub unchanged: u64,
    /// Seen before, and no longer sent.
    #[ts(type = "number")]
    pub gone: u64,
    /// How it ended.
    pub state: TypeState,
    /// Why, in words, where it is not complete.
    pub reason: Option<String>,
}
