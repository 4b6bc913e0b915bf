//! The one list of commands: what a host (shell, test host) can ask, what it gets back, and the
//! events that come by themselves. `ui/src/backend/api.ts` is written from it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::record::{
    Attachment, Code, Field, Flag, Kind, Measurement, NameFrom, Problem, Section, Standing, Tone,
    When,
};

/// An error as the UI sees it: a code to switch on and a sentence to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// What the UI does differently for it.
    pub code: ErrorCode,
    /// What happened and what to do next, for the person.
    pub message: String,
}

/// A variant for each error that the UI treats in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The input given is not usable: show it at the field.
    Invalid,
    /// No network, or the portal cannot be reached: everything copied is still there.
    Offline,
    /// Nobody is signed in: offer to connect.
    NotConnected,
    /// The portal does not accept the sign-in any more: offer to reconnect.
    SessionEnded,
    /// The person, at the portal, did not allow it.
    ConsentRefused,
    /// The person stopped it.
    Cancelled,
    /// The database is locked by a passphrase, or the one given is wrong.
    Locked,
    /// There is no keychain to keep the key in: offer a passphrase.
    NoKeychain,
    /// The keychain has no key for this database.
    KeyMissing,
    /// The database was written by a newer Onhand.
    DatabaseNewer,
    /// The database was damaged; it has been moved aside and kept.
    DatabaseDamaged,
    /// Another Onhand is doing this right now.
    Busy,
    /// There is no such record.
    NotFound,
    /// Anything else.
    Internal,
}

/// What the app shows when it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Start {
    /// The version of Onhand.
    pub version: String,
    /// Whether what is open is the sample record; every view then says so.
    pub sample: bool,
    /// Whether the database is open, and what it needs where it is not.
    pub database: DatabaseState,
    /// A sentence about something that happened on opening (a damaged database was moved aside).
    pub notice: Option<String>,
    /// The connections there are. Empty on a fresh machine.
    pub accounts: Vec<Account>,
    /// The people whose records are here.
    pub people: Vec<Person>,
    /// The sign-in under way, if one is.
    pub connecting: Option<Connecting>,
    /// The sync under way, if one is.
    pub syncing: Option<SyncProgress>,
    /// Whether this build carries a client id of its own, so that nothing need be registered.
    pub has_own_client: bool,
    /// The redirect addresses a person registers at the portal.
    pub redirect_uris: Vec<String>,
}

/// Whether the database is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseState {
    /// Open, and there to read.
    Open,
    /// There is none yet; `create_database` makes one (the keychain works).
    New,
    /// There is none yet, and there is no keychain: `create_database` needs a passphrase.
    NewNeedsPassphrase,
    /// `unlock` needs its passphrase.
    NeedsPassphrase,
    /// It cannot be opened; `notice` says why and what to do.
    Unavailable,
}

/// A connection to a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Account {
    /// Its number in this database.
    #[ts(type = "number")]
    pub id: i64,
    /// The portal's origin: `https://onpatient.com`.
    pub portal: String,
    /// Whether the portal still accepts the sign-in, as far as is known.
    pub signed_in: bool,
    /// When it was last copied in full or in part (RFC 3339), or never.
    pub last_sync: Option<String>,
    /// What the last sync said.
    pub last_outcome: Option<SyncReport>,
}

/// Somebody whose records are here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Person {
    /// Its number in this database.
    #[ts(type = "number")]
    pub id: i64,
    /// The connection it came by.
    #[ts(type = "number")]
    pub account: i64,
    /// The name as the portal writes it.
    pub name: String,
    /// Date of birth as sent.
    pub birth_date: Option<String>,
    /// How many records are shown of each kind (folded and gone ones left out).
    pub counts: Vec<KindCount>,
}

/// How many records there are of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindCount {
    /// The kind.
    pub kind: Kind,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
    /// Whether the portal offers any of the types this kind is made of; `false` shows a dash.
    pub offered: bool,
}

/// How a new database keeps its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// In the system's keychain.
    Keychain,
    /// Wrapped by a passphrase.
    Passphrase,
}

/// Input of `create_database`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct CreateDatabase {
    /// Where the key is kept.
    pub vault: VaultKind,
    /// The passphrase, for [`VaultKind::Passphrase`].
    pub passphrase: Option<String>,
}

/// Input of `unlock`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Unlock {
    /// The passphrase.
    pub passphrase: String,
}

/// Input of `connect`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Connect {
    /// The client id from the portal.
    pub client_id: String,
    /// The client secret from the portal. It goes in once and never comes back.
    pub client_secret: Option<String>,
    /// The portal, where it is not `https://onpatient.com`.
    pub portal: Option<String>,
    /// The redirect addresses registered there, where they are not the usual three.
    pub redirect_uris: Option<Vec<String>>,
}

/// Where a sign-in is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Connecting {
    /// How far it has come.
    pub stage: ConnectStage,
    /// The portal's origin.
    pub portal: String,
    /// The address to open in the browser, should it not have opened by itself.
    pub start_url: Option<String>,
    /// Whose record it is, to be confirmed ([`ConnectStage::Confirm`]).
    pub people: Vec<FoundPerson>,
    /// What went wrong ([`ConnectStage::Failed`]).
    pub error: Option<ApiError>,
}

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectStage {
    /// The listener and its certificate are being made ready.
    Preparing,
    /// The browser has been asked to open; nothing came yet.
    WaitingForBrowser,
    /// The browser reached this computer and went on to the portal.
    AtPortal,
    /// The portal's answer came; tokens are being fetched and the patient asked for.
    Exchanging,
    /// "Is this the right person?"
    Confirm,
    /// Done; the records are being copied.
    Connected,
    /// It did not work; `error` says why.
    Failed,
    /// The browser does not trust the certificate.
    CertificateRefused,
}

/// Somebody the portal says the sign-in is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundPerson {
    /// `DSTU2 Patient.id`.
    pub patient_id: String,
    /// The name as the portal writes it.
    pub name: String,
    /// Date of birth as sent.
    pub birth_date: Option<String>,
}

/// Input of `confirm_person`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct ConfirmPerson {
    /// `false`: it is somebody else; the tokens are revoked and nothing is kept.
    pub accept: bool,
}

/// Input of commands about one connection.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct AccountRef {
    /// [`Account::id`]
    #[ts(type = "number")]
    pub account: i64,
}

/// Input of `disconnect`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Disconnect {
    /// [`Account::id`]
    #[ts(type = "number")]
    pub account: i64,
    /// Whether the records copied by it are deleted too.
    pub delete_records: bool,
}

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

/// Input of `list` and `periods`: which records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Filter {
    /// Whose; `None` for everybody's.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// Of which kinds; empty for all.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Words to search for, each as a prefix; `None` or blank for all.
    pub query: Option<String>,
    /// Whether records folded into another (a result of a panel) stand in rows of their own. A
    /// search always shows them.
    #[serde(default)]
    pub folded: bool,
}

/// Input of `list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct List {
    /// Which records.
    pub filter: Filter,
    /// How many to skip.
    pub offset: u32,
    /// How many to give, at most 500.
    pub limit: u32,
}

/// Part of a list: newest first, undated ones last; a search gives the best match first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Page {
    /// How many the whole list has.
    #[ts(type = "number")]
    pub total: u64,
    /// The rows asked for.
    pub records: Vec<Row>,
}

/// One record in a list. `onhand records --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Row {
    /// Its number in this database; stays the same over re-syncs.
    #[ts(type = "number")]
    pub id: i64,
    /// Which list it belongs to.
    pub kind: Kind,
    /// Its name.
    pub title: String,
    /// One quiet line below it; may be empty.
    pub subtitle: String,
    /// When, as sent; `None`: undated.
    pub when: Option<String>,
    /// The same with end, precision, zone and label.
    pub when_detail: Option<When>,
    /// Its status code: as sent, or what a modifier makes of it (`not-given`).
    pub status: Option<String>,
    /// The status in words.
    pub status_text: Option<String>,
    /// Whether it belongs among what is so today.
    pub standing: Option<Standing>,
    /// How loudly the row is to be shown.
    pub tone: Tone,
    /// Whose; `None` where the record does not say.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// Where it came from.
    pub source: Source,
    /// Since when the portal no longer sends it (RFC 3339).
    pub gone_since: Option<String>,
    /// The record it is folded into.
    #[ts(type = "number | null")]
    pub part_of: Option<i64>,
    /// The value of a single result, with its unit: `7.0 %`.
    pub value: Option<String>,
    /// The sender's mark on that value.
    pub flag: Option<Flag>,
    /// How many of its results carry a mark that is to be noticed.
    pub flagged: u32,
    /// Where the words found stand: the text around them, with `\u{2}` before and `\u{3}` after each.
    pub snippet: Option<String>,
}

/// Where a record came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Source {
    /// `DSTU2` resource type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its id at the portal; `None` where it sent none.
    pub id: Option<String>,
}

/// A year of a list and how many records it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Period {
    /// `2022`, or `None` for the undated ones.
    pub year: Option<String>,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// Input of commands about one record.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// [`Row::id`]
    #[ts(type = "number")]
    pub id: i64,
}

/// One record in full. `onhand show --json` prints it; a lab result has the fields of
/// [`Measurement`] beside these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Detail {
    /// What stands in the list.
    #[serde(flatten)]
    pub row: Row,
    /// The name exactly as sent, where `title` is set differently.
    pub title_sent: Option<String>,
    /// The name of the one measurement, where the record is a single result.
    pub name: Option<String>,
    /// Whose name that is.
    pub name_from: Option<NameFrom>,
    /// How sure an inferred name is.
    pub likelihood: Option<crate::record::Likelihood>,
    /// Why an inferred name was given.
    pub reasons: Vec<String>,
    /// Other names that would fit.
    pub candidates: Vec<String>,
    /// The unit of the one measurement.
    pub unit: Option<String>,
    /// Its reference range as sent.
    pub range: Option<String>,
    /// Its LOINC code.
    pub code: Option<String>,
    /// The results of a result of many parts.
    pub components: Vec<Measurement>,
    /// Everything it says, in words.
    pub sections: Vec<Section>,
    /// Its narrative as plain text, where nothing else speaks.
    pub narrative: Option<String>,
    /// What it carries or points to.
    pub attachments: Vec<Attachment>,
    /// The codes it goes by.
    pub codes: Vec<Code>,
    /// The records that hang together with it.
    pub related: Vec<Related>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// When it was first and last seen (RFC 3339).
    pub first_seen: String,
    /// When it was last seen.
    pub last_seen: String,
    /// The earlier versions kept, newest first: when each was first seen.
    pub versions: Vec<String>,
    /// The portal it came from.
    pub portal: String,
}

/// A record that hangs together with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Related {
    /// What it is to the record: `result`, `part_of`, `medication`, …
    pub role: String,
    /// `Type/id` as the portal refers to it.
    pub target: String,
    /// Its row; `None` where the portal never sent it.
    pub row: Option<Row>,
}

/// A resource's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Raw {
    /// The exact bytes as received, as text (invalid UTF-8 replaced).
    pub text: String,
}

/// Input of `open_sample`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct OpenSample {
    /// Whether to practise connecting through the system's browser.
    pub browser: bool,
}

/// Something that happened by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "event", content = "data")]
pub enum Event {
    /// A sign-in went on.
    ConnectProgressed(Connecting),
    /// A sync went on. At most ten a second.
    SyncProgressed(SyncProgress),
    /// A sync ended.
    SyncFinished(SyncReport),
    /// A sync could not run or was stopped by an error.
    SyncFailed(ApiError),
    /// Accounts, people or records are other than before: ask again.
    Changed,
}
