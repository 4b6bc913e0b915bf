//! How a sync goes and what came of it, as a person is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A sync while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncProgress {
    /// The connection.
    #[ts(type = "number")]
    pub account: i64,
    /// How long it has run, in milliseconds.
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// Records received so far, but for those that records only refer to.
    #[ts(type = "number")]
    pub received: u64,
    /// Records promised so far (the sum of `Bundle.total`), but for those.
    #[ts(type = "number")]
    pub promised: u64,
    /// Whether the person asked for it, or it began by itself.
    pub by_hand: bool,
    /// Whether it goes on with a sync that was stopped, from where that was.
    pub goes_on: bool,
    /// A sentence about what is waited for, where nothing moves for a while ("The portal asks for a
    /// pause of 20 seconds.").
    pub waiting: Option<String>,
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

/// The outcome of a sync. `onhand sync --json` prints it. Its sentences are the same wherever they
/// are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
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
    /// Its number among the syncs of this database ([`Filter::run`](crate::store::Filter::run)).
    #[serde(default)]
    #[ts(type = "number | null")]
    pub run: Option<i64>,
    /// Whether the person asked for it.
    #[serde(default)]
    pub by_hand: bool,
    /// When the rest can be asked for (RFC 3339), where the hourly number of requests was spent or the
    /// portal asked for a pause.
    #[serde(default)]
    pub goes_on_at: Option<String>,
    /// Distinct records that came, of all types that were asked for; what they only refer to
    /// (clinicians, practices) is not in it.
    #[serde(default)]
    #[ts(type = "number")]
    pub received: u64,
    /// How many there are: what the portal promised or, for a type that it told nothing of this
    /// time, how many of it are kept. `None` where neither is known of a type that failed.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub expected: Option<u64>,
    /// Never seen before.
    #[serde(default)]
    #[ts(type = "number")]
    pub new: u64,
    /// Seen before with another content.
    #[serde(default)]
    #[ts(type = "number")]
    pub changed: u64,
    /// Seen before with the same content.
    #[serde(default)]
    #[ts(type = "number")]
    pub unchanged: u64,
    /// No longer sent.
    #[serde(default)]
    #[ts(type = "number")]
    pub gone: u64,
    /// The same content under a new id.
    #[serde(default)]
    #[ts(type = "number")]
    pub moved: u64,
    /// Sent again after they had gone (they also count as changed or unchanged).
    #[serde(default)]
    #[ts(type = "number")]
    pub back: u64,
    /// What it came to, without a full stop: "All 812 of 812 records", "809 of 812: your portal
    /// failed for Procedures (server error)".
    #[serde(default)]
    pub headline: String,
    /// What is new: "3 new, 1 changed", "Nothing new".
    #[serde(default)]
    pub news: String,
    /// Whether trying again may bring more.
    #[serde(default)]
    pub can_try_again: bool,
    /// What the portal does not offer, as a sentence.
    #[serde(default)]
    pub not_offered: Option<String>,
    /// What the portal refuses though it gave it before, as a sentence.
    #[serde(default)]
    pub refused: Option<String>,
    /// What this portal's way to apps is known not to contain, as a sentence.
    #[serde(default)]
    pub absent: String,
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
    /// The same content under a new id.
    #[serde(default)]
    #[ts(type = "number")]
    pub moved: u64,
    /// Sent again after they had gone (they also count as changed or unchanged).
    #[serde(default)]
    #[ts(type = "number")]
    pub back: u64,
    /// Of those promised or kept, how many the portal refused to give (403, 404).
    #[serde(default)]
    #[ts(type = "number")]
    pub refused: u64,
    /// Of those promised or, where no number was told, kept, how many did not come for another reason.
    #[serde(default)]
    #[ts(type = "number")]
    pub failed: u64,
    /// How many of it were kept and not gone before this sync.
    #[serde(default)]
    #[ts(type = "number")]
    pub known: u64,
    /// How it ended.
    pub state: TypeState,
    /// Why, in words, where it is not complete; where it is, what is odd about it.
    pub reason: Option<String>,
    /// The same in a few words: "server error", "log-in page".
    #[serde(default)]
    pub cause: Option<String>,
    /// What the person can do about it, as a sentence.
    #[serde(default)]
    pub hint: Option<String>,
}

/// A sync that was made, for the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Run {
    /// Its number ([`Filter::run`](crate::store::Filter::run)).
    #[ts(type = "number")]
    pub id: i64,
    /// The connection.
    #[ts(type = "number")]
    pub account: i64,
    /// When it began (RFC 3339).
    pub started: String,
    /// When it ended; `None` where it never came to an end (Onhand was closed or killed).
    pub finished: Option<String>,
    /// Whether the person asked for it.
    pub by_hand: bool,
    /// In how many parts it was made: 1, and one more each time it went on from where it was.
    pub parts: u32,
    /// Why it ended without an outcome, in words.
    pub failed: Option<String>,
    /// Its outcome, once it ended.
    pub report: Option<SyncReport>,
    /// Records that were new.
    #[ts(type = "number")]
    pub new: u64,
    /// Records that had changed.
    #[ts(type = "number")]
    pub changed: u64,
    /// Records that had gone.
    #[ts(type = "number")]
    pub gone: u64,
    /// Records that came under a new id.
    #[ts(type = "number")]
    pub moved: u64,
    /// Records that came again after they had gone.
    #[ts(type = "number")]
    pub back: u64,
    /// Records that were as before.
    #[ts(type = "number")]
    pub unchanged: u64,
}
