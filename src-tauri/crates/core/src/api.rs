//! The one list of commands: what a host (shell, test host) can ask, what it gets back, and the
//! events that come by themselves. `ui/src/backend/api.ts` is written from it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::app::{Appearance, DateOrder, Language, Settings, VitalUnits};
pub use crate::outgoing::Purpose;
use crate::record::Kind;
pub use crate::store::{
    AboutKind, AttachmentContent, AttachmentRef, Group, Held, KindAbout, PersonDetail, PersonRef,
};
pub use crate::store::{Change, Gone, HostRequests, VersionView};
pub use crate::store::{Detail, Filter, List, Page, Period, Raw, Related, Relation, Row, Source};
pub use crate::store::{
    OtherTest, PanelRow, PanelTable, PanelWhen, Point, Test, TestDetail, TestKind,
};
pub use crate::sync::{
    Run, SyncProgress, SyncReport, TypeOutcome, TypeProgress, TypeProgressState, TypeState,
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
    /// The portal (its origin) for which an id and a secret were pasted that have brought no
    /// connection yet: `connect_again` goes on with them.
    pub registered: Option<String>,
    /// The redirect addresses a person registers at the portal.
    pub redirect_uris: Vec<String>,
    /// What this computer will ask of the person at the next sign-in, and why, to be said before it
    /// asks; `None` where it asks nothing.
    pub trust_note: Option<String>,
    /// Whether this computer trusts one certificate from sign-in to sign-in (macOS, Windows), and not
    /// a new one each time.
    pub keeps_certificate: bool,
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
    /// Whether the person disconnected it: its id and secret are forgotten, its records are kept.
    pub disconnected: bool,
    /// When it was last copied in full or in part (RFC 3339), or never.
    pub last_sync: Option<String>,
    /// What the last sync said.
    pub last_outcome: Option<SyncReport>,
    /// How many of its records do not say whose they are, where it holds several people.
    #[ts(type = "number")]
    pub unsaid: u64,
    /// How many of its records name a patient that is none of its people. They are in nobody's lists.
    #[ts(type = "number")]
    pub strangers: u64,
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
    /// Who this is to whoever uses Onhand, where they said so.
    pub relation: Option<Relation>,
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
    /// The client id from the portal; empty for the one that this build carries.
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
    /// The other ways on that can be offered now, best first; empty while none is needed.
    pub ways: Vec<Way>,
    /// Every port registered at the portal is taken by other programs: the browser will not be able
    /// to open the last page, and its address is to be pasted.
    pub port_missing: bool,
    /// The sign-in brought another person than its connection's: stopped until
    /// [`PersonAnswer::KeepSeparate`] or another answer.
    pub other_person: Option<OtherPerson>,
    /// A sentence about the certificate: what this computer will ask, or which browser could not be
    /// told to trust it.
    pub trust_note: Option<String>,
    /// A sentence for the person at this stage: what was noticed, what to do.
    pub note: Option<String>,
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
    /// The browser does not trust the certificate, or has not come within eight seconds: `ways` says
    /// what can be offered.
    CertificateRefused,
    /// The person signs in inside the app, in a window of its own.
    SigningInHere,
}

/// Another way to go on with a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// `sign_in_here`: in a window of the app.
    InApp,
    /// `go_past_warning`: in the browser, past its one warning, before any log-in.
    PastWarning,
    /// `paste_address`: the address of the page that failed to load.
    PasteAddress,
}

/// A sign-in for a connection brought somebody else's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherPerson {
    /// Whose record the portal gave.
    pub found: Vec<FoundPerson>,
    /// Whose record the connection is about.
    pub expected: Vec<FoundPerson>,
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
    /// What the person says.
    pub answer: PersonAnswer,
    /// Which of several people the person is ([`FoundPerson::patient_id`]), with
    /// [`PersonAnswer::Mine`]; the others are then in their care.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub patient_id: Option<String>,
}

/// What the person says to "Is this the right person?"
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PersonAnswer {
    /// It is their own record.
    Mine,
    /// They care for this person.
    InMyCare,
    /// It is the wrong portal account: this one is signed out and another is asked for.
    AnotherAccount,
    /// It is another person than the connection's, to be kept beside it.
    KeepSeparate,
    /// It is nobody they want here: the tokens are revoked and nothing is kept.
    No,
}

impl From<PersonAnswer> for ConfirmPerson {
    fn from(answer: PersonAnswer) -> ConfirmPerson {
        ConfirmPerson { answer, patient_id: None }
    }
}

/// Input of `paste_address`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct PasteAddress {
    /// The address of the page that failed to load, as pasted.
    pub address: String,
}

/// What `remove_certificates` did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Removed {
    /// How many certificates of Onhand's were removed.
    #[ts(type = "number")]
    pub count: u64,
    /// From where, and what could not be done, in sentences.
    pub notes: Vec<String>,
}

/// Input of commands about one connection.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct AccountRef {
    /// [`Account::id`]
    #[ts(type = "number")]
    pub account: i64,
}

/// Input of `open_portal`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct OpenPortal {
    /// The portal, where it is not the one connected to, or `https://onpatient.com`.
    pub portal: Option<String>,
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

/// Input of commands about one record.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct RecordRef {
    /// [`Row::id`]
    #[ts(type = "number")]
    pub id: i64,
}

/// Input of `open_sample`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct OpenSample {
    /// Whether to practise connecting through the system's browser.
    pub browser: bool,
}

/// Input of `tests`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Whose {
    /// Whose; `None` for everybody's.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
}

/// Input of `test`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct TestRef {
    /// Whose; `None` for everybody's.
    #[ts(type = "number | null")]
    pub person: Option<i64>,
    /// [`Test::key`]
    pub key: String,
    /// Without the other tests of its name, to find which takes a look at every test there is.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub alone: bool,
}

/// Input of `name_result`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct NameResult {
    /// [`Row::id`]
    #[ts(type = "number")]
    pub record: i64,
    /// Which of its results, from 0.
    pub index: u32,
    /// The name the person gives; `None` takes it back.
    pub name: Option<String>,
    /// Its LOINC code, where the name was chosen from those offered.
    pub code: Option<String>,
}

/// Answer of `save_attachment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFile {
    /// Where it was saved.
    pub path: String,
}

/// Input of `write_note`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct WriteNote {
    /// [`Row::id`]
    #[ts(type = "number")]
    pub record: i64,
    /// What the note says; blank takes it away.
    pub text: String,
}

/// Input of `pins`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct PinsOf {
    /// [`Person::id`]
    #[ts(type = "number")]
    pub person: i64,
}

/// Input of `pin`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Pin {
    /// [`Person::id`]
    #[ts(type = "number")]
    pub person: i64,
    /// [`Test::key`]: a pin holds the test, not one of its results.
    pub test: String,
    /// Whether it is to be pinned.
    pub pinned: bool,
}

/// Input of `remembered`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Remembered {
    /// Under which name.
    pub key: String,
}

/// Input of `remember`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Remember {
    /// Under which name.
    pub key: String,
    /// What; `None` forgets it.
    pub value: Option<String>,
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

/// Declares the list of commands once: the trait that a host implements, the dispatch by name, and
/// the TypeScript that the UI calls them by.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident($input:ty) -> $reply:ty;)+) => {
        /// What a host answers.
        pub trait Commands: Send + Sync {
            $(
                $(#[doc = $doc])+
                fn $name(
                    &self,
                    input: $input,
                ) -> impl Future<Output = Result<$reply, ApiError>> + Send;
            )+
        }

        /// Answers the command of that name with JSON in, JSON out.
        ///
        /// # Errors
        /// [`ErrorCode::Invalid`] for a name that is none or an input of another shape; else what
        /// the command itself says.
        pub async fn dispatch<C: Commands>(
            commands: &C,
            name: &str,
            input: serde_json::Value,
        ) -> Result<serde_json::Value, ApiError> {
            match name {
                $(
                    stringify!($name) => {
                        let input: $input = serde_json::from_value(input).map_err(bad_input)?;
                        let reply: $reply = commands.$name(input).await?;
                        serde_json::to_value(reply).map_err(bad_input)
                    }
                )+
                _ => Err(ApiError {
                    code: ErrorCode::Invalid,
                    message: "Onhand was asked for something it does not know.".to_owned(),
                }),
            }
        }

        #[cfg(test)]
        fn typescript_commands(config: &ts_rs::Config) -> String {
            let mut text = String::from("export interface Commands {\n");
            $(
                $(
                    text.push_str("  /**");
                    text.push_str($doc);
                    text.push_str(" */\n");
                )+
                text.push_str(&format!(
                    "  {}: {{ input: {}; reply: {} }};\n",
                    stringify!($name),
                    <$input as TS>::name(config),
                    <$reply as TS>::name(config),
                ));
            )+
            text.push_str("}\n");
            text
        }
    };
}

commands! {
    /// What the app shows when it opens.
    start(()) -> Start;
    /// Makes the database and its key.
    create_database(CreateDatabase) -> Start;
    /// Opens a database that a passphrase locks.
    unlock(Unlock) -> Start;
    /// Closes a database that a passphrase locks, until it is unlocked again.
    lock(()) -> Start;
    /// Begins a sign-in; `connect_progressed` events follow.
    connect(Connect) -> Connecting;
    /// Begins a sign-in for a connection that the portal no longer accepts.
    reconnect(AccountRef) -> Connecting;
    /// Begins a sign-in for another account at the portal of this connection, with its id and secret.
    connect_another(AccountRef) -> Connecting;
    /// Begins the last sign-in once more, or one with what was pasted before and brought nothing yet.
    connect_again(()) -> Connecting;
    /// Stops the sign-in under way, if one is.
    cancel_connect(()) -> ();
    /// Answers "Is this the right person?"; on yes the sync begins.
    confirm_person(ConfirmPerson) -> Start;
    /// Goes on with the sign-in inside the app, in a window of its own.
    sign_in_here(()) -> Connecting;
    /// Goes on with the sign-in in the browser, past its warning: opens the start address again.
    go_past_warning(()) -> Connecting;
    /// Opens the portal in the browser, for a person who will paste the address it ends at.
    open_for_paste(()) -> Connecting;
    /// Goes on with the sign-in from the address of the page that failed to load.
    paste_address(PasteAddress) -> Connecting;
    /// Removes every certificate of Onhand's from every place that trusts it.
    remove_certificates(()) -> Removed;
    /// Signs out at the portal and forgets the sign-in.
    disconnect(Disconnect) -> Start;
    /// Begins a sync; `sync_progressed` events and one `sync_finished` or `sync_failed` follow.
    sync(AccountRef) -> SyncProgress;
    /// Stops the sync under way, if one is; what has arrived stays.
    cancel_sync(()) -> ();
    /// Part of a list or of what a search finds.
    list(List) -> Page;
    /// How many records each year of a list has.
    periods(Filter) -> Vec<Period>;
    /// One record in full.
    record(RecordRef) -> Detail;
    /// A record's source exactly as received.
    raw(RecordRef) -> Raw;
    /// Every lab test and vital sign there is, each with its newest value; those seen last first.
    tests(Whose) -> Vec<Test>;
    /// One test with all its values, oldest first.
    test(TestRef) -> TestDetail;
    /// A panel with all its dates as columns, oldest first.
    panel(RecordRef) -> PanelTable;
    /// Names a result that the portal left unnamed, or takes that name back.
    name_result(NameResult) -> Detail;
    /// What is to be said above a list: as of when, from whom, what was sent none of.
    about_kind(AboutKind) -> KindAbout;
    /// A person as the practice describes them.
    person(PersonRef) -> PersonDetail;
    /// A file that came with a record.
    attachment(AttachmentRef) -> AttachmentContent;
    /// Saves a file that came with a record in the person's folder for downloads; gives its path.
    save_attachment(AttachmentRef) -> SavedFile;
    /// The syncs of a connection, newest first.
    runs(AccountRef) -> Vec<Run>;
    /// Each earlier version of a record beside the next newer one, newest first.
    versions(RecordRef) -> Vec<VersionView>;
    /// What the person set.
    settings(()) -> Settings;
    /// Keeps what the person sets.
    save_settings(Settings) -> Settings;
    /// Everything that left this computer, by host, purpose and day, newest day first.
    requests(()) -> Vec<HostRequests>;
    /// Opens the sample record; the first time, connects to the practice portal and copies it.
    open_sample(OpenSample) -> Start;
    /// Goes back to the person's own records.
    leave_sample(()) -> Start;
    /// Puts the person's own note on a record, or takes it away.
    write_note(WriteNote) -> Detail;
    /// The tests a person has pinned, by their keys.
    pins(PinsOf) -> Vec<String>;
    /// Pins a test, or takes the pin away.
    pin(Pin) -> Vec<String>;
    /// What the interface had remembered.
    remembered(Remembered) -> Option<String>;
    /// Remembers a text for the interface.
    remember(Remember) -> ();
    /// Opens the portal's own page in the browser.
    open_portal(OpenPortal) -> ();
}

fn bad_input(_: serde_json::Error) -> ApiError {
    // serde's message quotes the input, which may hold a secret.
    ApiError {
        code: ErrorCode::Invalid,
        message: "Onhand was asked for something in a form it does not know.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record as r;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/backend/api.ts");

    fn typescript() -> String {
        let config = ts_rs::Config::default();
        let mut text = String::from(
            "// Written from src-tauri/crates/core/src/api.rs by `cargo test -p onhand-core`.\n\
             // Do not edit.\n\n",
        );
        macro_rules! declare {
            ($($name:ty),+ $(,)?) => {
                $(
                    if let Some(docs) = <$name as TS>::docs() {
                        text.push_str(&docs);
                    }
                    text.push_str("export ");
                    text.push_str(&<$name as TS>::decl(&config));
                    text.push_str("\n\n");
                )+
            };
        }
        declare!(
            ApiError,
            ErrorCode,
            Start,
            DatabaseState,
            Account,
            Person,
            KindCount,
            VaultKind,
            CreateDatabase,
            Unlock,
            Connect,
            Connecting,
            ConnectStage,
            FoundPerson,
            Way,
            OtherPerson,
            ConfirmPerson,
            PersonAnswer,
            Relation,
            PasteAddress,
            Removed,
            AccountRef,
            OpenPortal,
            Disconnect,
            SyncProgress,
            TypeProgress,
            TypeProgressState,
            TypeState,
            SyncReport,
            TypeOutcome,
            Run,
            Settings,
            Appearance,
            DateOrder,
            VitalUnits,
            Language,
            HostRequests,
            Purpose,
            VersionView,
            r::ComparedSection,
            r::ComparedField,
            Change,
            Gone,
            Filter,
            List,
            Page,
            Row,
            Source,
            Period,
            RecordRef,
            Detail,
            Related,
            Raw,
            Group,
            Held,
            AboutKind,
            KindAbout,
            PersonRef,
            PersonDetail,
            AttachmentRef,
            AttachmentContent,
            SavedFile,
            Whose,
            TestRef,
            NameResult,
            Test,
            TestKind,
            TestDetail,
            OtherTest,
            Point,
            PanelTable,
            PanelWhen,
            PanelRow,
            OpenSample,
            Event,
            Kind,
            r::When,
            r::Precision,
            r::Zone,
            r::Status,
            r::Standing,
            r::Tone,
            r::Flag,
            r::Direction,
            r::NameFrom,
            r::Measurement,
            r::Likelihood,
            r::Section,
            r::Field,
            r::Code,
            r::Problem,
            r::Attachment,
            crate::store::Note,
            WriteNote,
            PinsOf,
            Pin,
            Remembered,
            Remember,
        );
        text.push_str(&typescript_commands(&config));
        text
    }

    #[test]
    fn the_typescript_types_are_up_to_date() {
        let fresh = typescript();
        let kept = std::fs::read_to_string(FILE).unwrap_or_default();
        if kept == fresh {
            return;
        }
        let in_ci = std::env::var_os("CI").is_some();
        if !in_ci {
            std::fs::create_dir_all(std::path::Path::new(FILE).parent().unwrap()).unwrap();
            std::fs::write(FILE, &fresh).unwrap();
        }
        panic!(
            "ui/src/backend/api.ts was stale{}",
            if in_ci {
                "; run `cargo test -p onhand-core` and commit it"
            } else {
                " and has been written; commit it"
            }
        );
    }
}
