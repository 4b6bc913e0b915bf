// Written from src-tauri/crates/core/src/api.rs by `cargo test -p onhand-core`.
// Do not edit.

/**
 * An error as the UI sees it: a code to switch on and a sentence to show.
 */
export type ApiError = { 
/**
 * What the UI does differently for it.
 */
code: ErrorCode, 
/**
 * What happened and what to do next, for the person.
 */
message: string, };

/**
 * A variant for each error that the UI treats in its own way.
 */
export type ErrorCode = "invalid" | "offline" | "not_connected" | "session_ended" | "consent_refused" | "cancelled" | "locked" | "no_keychain" | "key_missing" | "database_newer" | "database_damaged" | "busy" | "not_found" | "internal";

/**
 * What the app shows when it opens.
 */
export type Start = { 
/**
 * The version of Onhand.
 */
version: string, 
/**
 * Whether what is open is the sample record; every view then says so.
 */
sample: boolean, 
/**
 * Whether the database is open, and what it needs where it is not.
 */
database: DatabaseState, 
/**
 * A sentence about something that happened on opening (a damaged database was moved aside).
 */
notice: string | null, 
/**
 * The connections there are. Empty on a fresh machine.
 */
accounts: Array<Account>, 
/**
 * The people whose records are here.
 */
people: Array<Person>, 
/**
 * The sign-in under way, if one is.
 */
connecting: Connecting | null, 
/**
 * The sync under way, if one is.
 */
syncing: SyncProgress | null, 
/**
 * Whether this build carries a client id of its own, so that nothing need be registered.
 */
has_own_client: boolean, 
/**
 * The portal (its origin) for which an id and a secret were pasted that have brought no
 * connection yet: `connect_again` goes on with them.
 */
registered: string | null, 
/**
 * The redirect addresses a person registers at the portal.
 */
redirect_uris: Array<string>, 
/**
 * What this computer will ask of the person at the next sign-in, and why, to be said before it
 * asks; `None` where it asks nothing.
 */
trust_note: string | null, 
/**
 * Whether this computer trusts one certificate from sign-in to sign-in (macOS, Windows), and not
 * a new one each time.
 */
keeps_certificate: boolean, };

/**
 * Whether the database is open.
 */
export type DatabaseState = "open" | "new" | "new_needs_passphrase" | "needs_passphrase" | "unavailable";

/**
 * A connection to a portal.
 */
export type Account = { 
/**
 * Its number in this database.
 */
id: number, 
/**
 * The portal's origin: `https://onpatient.com`.
 */
portal: string, 
/**
 * Whether the portal still accepts the sign-in, as far as is known.
 */
signed_in: boolean, 
/**
 * Whether the person disconnected it: its id and secret are forgotten, its records are kept.
 */
disconnected: boolean, 
/**
 * When it was last copied in full or in part (RFC 3339), or never.
 */
last_sync: string | null, 
/**
 * What the last sync said.
 */
last_outcome: SyncReport | null, 
/**
 * How many of its records do not say whose they are, where it holds several people.
 */
unsaid: number, 
/**
 * How many of its records name a patient that is none of its people. They are in nobody's lists.
 */
strangers: number, };

/**
 * Somebody whose records are here.
 */
export type Person = { 
/**
 * Its number in this database.
 */
id: number, 
/**
 * The connection it came by.
 */
account: number, 
/**
 * The name as the portal writes it.
 */
name: string, 
/**
 * Date of birth as sent.
 */
birth_date: string | null, 
/**
 * Who this is to whoever uses Onhand, where they said so.
 */
relation: Relation | null, 
/**
 * How many records are shown of each kind (folded and gone ones left out).
 */
counts: Array<KindCount>, };

/**
 * How many records there are of a kind.
 */
export type KindCount = { 
/**
 * The kind.
 */
kind: Kind, 
/**
 * How many.
 */
count: number, 
/**
 * Whether the portal offers any of the types this kind is made of; `false` shows a dash.
 */
offered: boolean, };

/**
 * How a new database keeps its key.
 */
export type VaultKind = "keychain" | "passphrase";

/**
 * Input of `create_database`.
 */
export type CreateDatabase = { 
/**
 * Where the key is kept.
 */
vault: VaultKind, 
/**
 * The passphrase, for [`VaultKind::Passphrase`].
 */
passphrase: string | null, };

/**
 * Input of `unlock`.
 */
export type Unlock = { 
/**
 * The passphrase.
 */
passphrase: string, };

/**
 * Input of `connect`.
 */
export type Connect = { 
/**
 * The client id from the portal; empty for the one that this build carries.
 */
client_id: string, 
/**
 * The client secret from the portal. It goes in once and never comes back.
 */
client_secret: string | null, 
/**
 * The portal, where it is not `https://onpatient.com`.
 */
portal: string | null, 
/**
 * The redirect addresses registered there, where they are not the usual three.
 */
redirect_uris: Array<string> | null, };

/**
 * Where a sign-in is.
 */
export type Connecting = { 
/**
 * How far it has come.
 */
stage: ConnectStage, 
/**
 * The portal's origin.
 */
portal: string, 
/**
 * The address to open in the browser, should it not have opened by itself.
 */
start_url: string | null, 
/**
 * Whose record it is, to be confirmed ([`ConnectStage::Confirm`]).
 */
people: Array<FoundPerson>, 
/**
 * What went wrong ([`ConnectStage::Failed`]).
 */
error: ApiError | null, 
/**
 * The other ways on that can be offered now, best first; empty while none is needed.
 */
ways: Array<Way>, 
/**
 * Every port registered at the portal is taken by other programs: the browser will not be able
 * to open the last page, and its address is to be pasted.
 */
port_missing: boolean, 
/**
 * The sign-in brought another person than its connection's: stopped until
 * [`PersonAnswer::KeepSeparate`] or another answer.
 */
other_person: OtherPerson | null, 
/**
 * A sentence about the certificate: what this computer will ask, or which browser could not be
 * told to trust it.
 */
trust_note: string | null, 
/**
 * A sentence for the person at this stage: what was noticed, what to do.
 */
note: string | null, };

/**
 * How far a sign-in has come.
 */
export type ConnectStage = "preparing" | "waiting_for_browser" | "at_portal" | "exchanging" | "confirm" | "connected" | "failed" | "certificate_refused" | "signing_in_here";

/**
 * Somebody the portal says the sign-in is about.
 */
export type FoundPerson = { 
/**
 * `DSTU2 Patient.id`.
 */
patient_id: string, 
/**
 * The name as the portal writes it.
 */
name: string, 
/**
 * Date of birth as sent.
 */
birth_date: string | null, };

/**
 * Another way to go on with a sign-in.
 */
export type Way = "in_app" | "past_warning" | "paste_address";

/**
 * A sign-in for a connection brought somebody else's record.
 */
export type OtherPerson = { 
/**
 * Whose record the portal gave.
 */
found: Array<FoundPerson>, 
/**
 * Whose record the connection is about.
 */
expected: Array<FoundPerson>, };

/**
 * Input of `confirm_person`.
 */
export type ConfirmPerson = { 
/**
 * What the person says.
 */
answer: PersonAnswer, 
/**
 * Which of several people the person is ([`FoundPerson::patient_id`]), with
 * [`PersonAnswer::Mine`]; the others are then in their care.
 */
patient_id?: string | null, };

/**
 * What the person says to "Is this the right person?"
 */
export type PersonAnswer = "mine" | "in_my_care" | "another_account" | "keep_separate" | "no";

/**
 * Who somebody is to whoever uses Onhand.
 */
export type Relation = "mine" | "in_my_care";

/**
 * Input of `paste_address`.
 */
export type PasteAddress = { 
/**
 * The address of the page that failed to load, as pasted.
 */
address: string, };

/**
 * What `remove_certificates` did.
 */
export type Removed = { 
/**
 * How many certificates of Onhand's were removed.
 */
count: number, 
/**
 * From where, and what could not be done, in sentences.
 */
notes: Array<string>, };

/**
 * Input of commands about one connection.
 */
export type AccountRef = { 
/**
 * [`Account::id`]
 */
account: number, };

/**
 * Input of `open_portal`.
 */
export type OpenPortal = { 
/**
 * The portal, where it is not the one connected to, or `https://onpatient.com`.
 */
portal: string | null, };

/**
 * Input of `disconnect`.
 */
export type Disconnect = { 
/**
 * [`Account::id`]
 */
account: number, 
/**
 * Whether the records copied by it are deleted too.
 */
delete_records: boolean, };

/**
 * A sync while it runs.
 */
export type SyncProgress = { 
/**
 * The connection.
 */
account: number, 
/**
 * How long it has run, in milliseconds.
 */
elapsed_ms: number, 
/**
 * Records received so far, but for those that records only refer to.
 */
received: number, 
/**
 * Records promised so far (the sum of `Bundle.total`), but for those.
 */
promised: number, 
/**
 * Whether the person asked for it, or it began by itself.
 */
by_hand: boolean, 
/**
 * Whether it goes on with a sync that was stopped, from where that was.
 */
goes_on: boolean, 
/**
 * A sentence about what is waited for, where nothing moves for a while ("The portal asks for a
 * pause of 20 seconds.").
 */
waiting: string | null, 
/**
 * Each type asked for.
 */
types: Array<TypeProgress>, };

/**
 * One type while a sync runs.
 */
export type TypeProgress = { 
/**
 * `DSTU2` resource type.
 */
type: string, 
/**
 * Its name for a person: "Lab results and vital signs".
 */
name: string, 
/**
 * `Bundle.total`, where the portal sent one.
 */
promised: number | null, 
/**
 * Received so far.
 */
received: number, 
/**
 * Whether it waits, runs or is finished, and how it ended.
 */
state: TypeProgressState, };

/**
 * Whether a type waits, runs or is finished.
 */
export type TypeProgressState = "waiting" | "running" | "complete" | "partial" | "refused" | "not_offered" | "failed";

/**
 * How a type ended.
 */
export type TypeState = "complete" | "partial" | "refused" | "not_offered" | "failed";

/**
 * The outcome of a sync. `onhand sync --json` prints it. Its sentences are the same wherever they
 * are shown.
 */
export type SyncReport = { 
/**
 * Every type complete or not offered, and the Patient came.
 */
complete: boolean, 
/**
 * How many requests were made.
 */
requests: number, 
/**
 * When it began (RFC 3339).
 */
started: string, 
/**
 * When it ended (RFC 3339).
 */
finished: string, 
/**
 * Why it stopped before its end, in words, if it did.
 */
stopped: string | null, 
/**
 * Its number among the syncs of this database ([`Filter::run`](crate::store::Filter::run)).
 */
run: number | null, 
/**
 * Whether the person asked for it.
 */
by_hand: boolean, 
/**
 * When the rest can be asked for (RFC 3339), where the hourly number of requests was spent or the
 * portal asked for a pause.
 */
goes_on_at: string | null, 
/**
 * Distinct records that came, of all types that were asked for; what they only refer to
 * (clinicians, practices) is not in it.
 */
received: number, 
/**
 * How many there are: what the portal promised or, for a type that it told nothing of this
 * time, how many of it are kept. `None` where neither is known of a type that failed.
 */
expected: number | null, 
/**
 * Never seen before.
 */
new: number, 
/**
 * Seen before with another content.
 */
changed: number, 
/**
 * Seen before with the same content.
 */
unchanged: number, 
/**
 * No longer sent.
 */
gone: number, 
/**
 * The same content under a new id.
 */
moved: number, 
/**
 * Sent again after they had gone (they also count as changed or unchanged).
 */
back: number, 
/**
 * What it came to, without a full stop: "All 812 of 812 records", "809 of 812: your portal
 * failed for Procedures (server error)".
 */
headline: string, 
/**
 * What is new: "3 new, 1 changed", "Nothing new".
 */
news: string, 
/**
 * Whether trying again may bring more.
 */
can_try_again: boolean, 
/**
 * What the portal does not offer, as a sentence.
 */
not_offered: string | null, 
/**
 * What the portal refuses though it gave it before, as a sentence.
 */
refused: string | null, 
/**
 * What this portal's way to apps is known not to contain, as a sentence.
 */
absent: string, 
/**
 * Each type.
 */
types: Array<TypeOutcome>, };

/**
 * The outcome for one type.
 */
export type TypeOutcome = { 
/**
 * `DSTU2` resource type.
 */
type: string, 
/**
 * Its name for a person.
 */
name: string, 
/**
 * `Bundle.total`, where the portal sent one.
 */
promised: number | null, 
/**
 * Distinct resources of that type that came.
 */
received: number, 
/**
 * Never seen before.
 */
new: number, 
/**
 * Seen before with another content.
 */
changed: number, 
/**
 * Seen before with the same content.
 */
unchanged: number, 
/**
 * Seen before, and no longer sent.
 */
gone: number, 
/**
 * The same content under a new id.
 */
moved: number, 
/**
 * Sent again after they had gone (they also count as changed or unchanged).
 */
back: number, 
/**
 * Of those promised or kept, how many the portal refused to give (403, 404).
 */
refused: number, 
/**
 * Of those promised or, where no number was told, kept, how many did not come for another reason.
 */
failed: number, 
/**
 * How many of it were kept and not gone before this sync.
 */
known: number, 
/**
 * How it ended.
 */
state: TypeState, 
/**
 * Why, in words, where it is not complete; where it is, what is odd about it.
 */
reason: string | null, 
/**
 * The same in a few words: "server error", "log-in page".
 */
cause: string | null, 
/**
 * What the person can do about it, as a sentence.
 */
hint: string | null, };

/**
 * A sync that was made, for the history.
 */
export type Run = { 
/**
 * Its number ([`Filter::run`](crate::store::Filter::run)).
 */
id: number, 
/**
 * The connection.
 */
account: number, 
/**
 * When it began (RFC 3339).
 */
started: string, 
/**
 * When it ended; `None` where it never came to an end (Onhand was closed or killed).
 */
finished: string | null, 
/**
 * Whether the person asked for it.
 */
by_hand: boolean, 
/**
 * In how many parts it was made: 1, and one more each time it went on from where it was.
 */
parts: number, 
/**
 * Why it ended without an outcome, in words.
 */
failed: string | null, 
/**
 * Its outcome, once it ended.
 */
report: SyncReport | null, 
/**
 * Records that were new.
 */
new: number, 
/**
 * Records that had changed.
 */
changed: number, 
/**
 * Records that had gone.
 */
gone: number, 
/**
 * Records that came under a new id.
 */
moved: number, 
/**
 * Records that came again after they had gone.
 */
back: number, 
/**
 * Records that were as before.
 */
unchanged: number, };

/**
 * What the person sets.
 */
export type Settings = { 
/**
 * When Onhand opens and the last sync is older than so many hours, another begins by itself;
 * `None`: never.
 */
sync_after_hours: number | null, 
/**
 * The most requests in an hour to one portal. `None`: Onhand's own measure, which stays below
 * what portals are known to allow.
 */
requests_per_hour: number | null, 
/**
 * Light or dark.
 */
appearance: Appearance, 
/**
 * The size of texts, in percent of the usual: 75 to 200.
 */
text_percent: number, 
/**
 * How days are written.
 */
dates: DateOrder, 
/**
 * Whether a vital sign also stands in the other system's unit. What was sent stands first.
 */
vitals: VitalUnits, 
/**
 * The language of the interface; `None`: none was chosen, and it is English. The system's is
 * not asked: nobody is shown a draft of medical words unasked.
 */
language: Language | null, 
/**
 * Whether single letters do something in lists and records (WCAG 2.2, 2.1.4).
 */
letter_keys: boolean, };

/**
 * Light or dark.
 */
export type Appearance = "system" | "light" | "dark";

/**
 * How days are written.
 */
export type DateOrder = "month_first" | "day_first" | "year_first";

/**
 * In which units vital signs stand.
 */
export type VitalUnits = "as_sent" | "both";

/**
 * A language of the interface.
 */
export type Language = "en" | "es";

/**
 * Requests to one host for one purpose on one day.
 */
export type HostRequests = { 
/**
 * The host, with its port where it is not the usual one.
 */
host: string, 
/**
 * What they were for.
 */
purpose: Purpose, 
/**
 * The day (UTC): `2026-11-24`.
 */
day: string, 
/**
 * How many.
 */
count: number, };

/**
 * What a request is for.
 */
export type Purpose = "sign_in" | "refresh" | "sign_out" | "records";

/**
 * A version of a record beside the next newer one.
 */
export type VersionView = { 
/**
 * When the older of the two was first seen (RFC 3339).
 */
first_seen: string, 
/**
 * Until when: when the newer one was first seen.
 */
until: string, 
/**
 * The older one's title.
 */
title: string, 
/**
 * What both say, in reading order.
 */
sections: Array<ComparedSection>, };

/**
 * A group of facts of two versions.
 */
export type ComparedSection = { 
/**
 * Its heading; empty for the first one.
 */
title: string, 
/**
 * Its facts, in reading order.
 */
fields: Array<ComparedField>, };

/**
 * A fact of two versions.
 */
export type ComparedField = { 
/**
 * What it is: "Status", "Dose".
 */
label: string, 
/**
 * What the older version said; `None` where it said nothing of it.
 */
before: string | null, 
/**
 * What the newer version says; `None` where it says nothing of it.
 */
after: string | null, 
/**
 * Whether the two are not the same.
 */
differs: boolean, };

/**
 * What a sync found of a record.
 */
export type Change = "new" | "changed" | "gone" | "moved" | "back" | "any";

/**
 * What of the records that the portal no longer sends.
 */
export type Gone = "hide" | "show" | "only";

/**
 * Input of `list` and `periods`: which records.
 */
export type Filter = { 
/**
 * Whose; `None` for everybody's.
 */
person: number | null, 
/**
 * Of which kinds; empty for all.
 */
kinds: Array<Kind>, 
/**
 * Words to search for, each as a prefix; `None` or blank for all.
 */
query: string | null, 
/**
 * Whether records folded into another (a result of a panel) stand in rows of their own. A
 * search always shows them.
 */
folded: boolean, 
/**
 * Only those that do not say whose they are, or name somebody who is none of the people of
 * their sign-in ("Not said whose").
 */
unsaid: boolean, 
/**
 * Whether a visit holds what was recorded at it ([`Row::holds`]), in place of rows of their own;
 * where `kinds` says which, those have their rows all the same. A search knows none of it.
 */
by_visit?: boolean, 
/**
 * Only what this sync changed ([`Run::id`](crate::sync::Run::id)): all of it, or as `change` says.
 */
run?: number | null, 
/**
 * Only changes of this sort; without `run`, those of the last sync of each connection.
 */
change?: Change | null, 
/**
 * What of the records that the portal no longer sends. Without it they are left out of a list
 * of what is current (allergies stay), and shown by a search, in a sync's changes, and where
 * `folded` asks for every record.
 */
gone?: Gone | null, };

/**
 * Input of `list`.
 */
export type List = { 
/**
 * Which records.
 */
filter: Filter, 
/**
 * How many to skip.
 */
offset: number, 
/**
 * How many to give, at most 500.
 */
limit: number, };

/**
 * Part of a list: newest first, undated ones last; a list of one kind that has groups comes group
 * by group; a search gives the best match first.
 */
export type Page = { 
/**
 * How many the whole list has.
 */
total: number, 
/**
 * The rows asked for.
 */
records: Array<Row>, 
/**
 * What was searched for in place of words that are spelled nowhere in the record, where each of
 * them is one letter away from one that is.
 */
corrected?: string, };

/**
 * One record in a list. `onhand records --json` prints it.
 */
export type Row = { 
/**
 * Its number in this database; stays the same over re-syncs.
 */
id: number, 
/**
 * Which list it belongs to.
 */
kind: Kind, 
/**
 * Its name.
 */
title: string, 
/**
 * One quiet line below it; may be empty.
 */
subtitle: string, 
/**
 * When, as sent; `None`: undated.
 */
when: string | null, 
/**
 * The same with end, precision, zone and label.
 */
when_detail: When | null, 
/**
 * Its status code: as sent, or what a modifier makes of it (`not-given`).
 */
status: string | null, 
/**
 * The status in words.
 */
status_text: string | null, 
/**
 * Whether it belongs among what is so today.
 */
standing: Standing | null, 
/**
 * How loudly the row is to be shown.
 */
tone: Tone, 
/**
 * Whose; `None` where the record does not say.
 */
person: number | null, 
/**
 * Where it came from.
 */
source: Source, 
/**
 * Since when the portal no longer sends it (RFC 3339).
 */
gone_since: string | null, 
/**
 * The id it had at the portal before, where it came with the same content under a new one.
 */
moved_from: string | null, 
/**
 * What the sync that the list is about found of it ([`Filter::run`], [`Filter::change`]).
 */
change: Change | null, 
/**
 * The record it is folded into.
 */
part_of: number | null, 
/**
 * The value of a single result, with its unit: `7.0 %`.
 */
value: string | null, 
/**
 * The sender's mark on that value.
 */
flag: Flag | null, 
/**
 * On which side of its range that value lies ([`Measurement::own_flag`]).
 */
own_flag: Flag | null, 
/**
 * How many of its results carry a mark that is to be noticed.
 */
flagged: number, 
/**
 * The part of its list that it belongs to, where the list of its kind has parts.
 */
group: Group | null, 
/**
 * What it counts as among its like: "3 recorded here", "Not counted as a dose".
 */
counts_as: string | null, 
/**
 * What is to be said about it beside the others, in sentences: "May be the same as …".
 */
notes: Array<string>, 
/**
 * Where the words found stand: the text around them, with `\u{2}` before and `\u{3}` after each.
 */
snippet: string | null, 
/**
 * What a visit holds, kind by kind ([`Filter::by_visit`]).
 */
holds: Array<Held>, };

/**
 * Where a record came from.
 */
export type Source = { 
/**
 * `DSTU2` resource type.
 */
type: string, 
/**
 * Its id at the portal; `None` where it sent none.
 */
id: string | null, };

/**
 * A year of a list and how many rows it has.
 */
export type Period = { 
/**
 * `2022`, or `None` for the undated ones.
 */
year: string | null, 
/**
 * How many rows.
 */
count: number, 
/**
 * How many records: as many as rows, and what visits hold ([`Filter::by_visit`]).
 */
records: number, 
/**
 * Which of its rows, from 0, are visits that hold something, and how many lines say what: one for
 * each kind, at most three.
 */
tall: [number, number][], };

/**
 * Input of commands about one record.
 */
export type RecordRef = { 
/**
 * [`Row::id`]
 */
id: number, };

/**
 * One record in full. `onhand show --json` prints it; a lab result has the fields of
 * [`Measurement`] beside these.
 */
export type Detail = { 
/**
 * The name exactly as sent, where `title` is set differently.
 */
title_sent: string | null, 
/**
 * The name of the one measurement, where the record is a single result.
 */
name: string | null, 
/**
 * Whose name that is.
 */
name_from: NameFrom | null, 
/**
 * How sure an inferred name is.
 */
likelihood: Likelihood | null, 
/**
 * Why an inferred name was given.
 */
reasons: Array<string>, 
/**
 * Other names that would fit.
 */
candidates: Array<string>, 
/**
 * The unit of the one measurement.
 */
unit: string | null, 
/**
 * Its reference range as sent.
 */
range: string | null, 
/**
 * Its LOINC code.
 */
code: string | null, 
/**
 * The one measurement in full, where the record is a single result.
 */
result: Measurement | null, 
/**
 * The results of a result of many parts.
 */
components: Array<Measurement>, 
/**
 * Everything it says, in words.
 */
sections: Array<Section>, 
/**
 * Its narrative as plain text, where nothing else speaks.
 */
narrative: string | null, 
/**
 * What it carries or points to.
 */
attachments: Array<Attachment>, 
/**
 * The codes it goes by.
 */
codes: Array<Code>, 
/**
 * The records that hang together with it.
 */
related: Array<Related>, 
/**
 * What could not be read.
 */
problems: Array<Problem>, 
/**
 * When it was first and last seen (RFC 3339).
 */
first_seen: string, 
/**
 * When it was last seen.
 */
last_seen: string, 
/**
 * The earlier versions kept, newest first: when each was first seen.
 */
versions: Array<string>, 
/**
 * The portal it came from.
 */
portal: string, 
/**
 * The person's own note.
 */
own_note: Note | null, 
/**
 * Its number in this database; stays the same over re-syncs.
 */
id: number, 
/**
 * Which list it belongs to.
 */
kind: Kind, 
/**
 * Its name.
 */
title: string, 
/**
 * One quiet line below it; may be empty.
 */
subtitle: string, 
/**
 * When, as sent; `None`: undated.
 */
when: string | null, 
/**
 * The same with end, precision, zone and label.
 */
when_detail: When | null, 
/**
 * Its status code: as sent, or what a modifier makes of it (`not-given`).
 */
status: string | null, 
/**
 * The status in words.
 */
status_text: string | null, 
/**
 * Whether it belongs among what is so today.
 */
standing: Standing | null, 
/**
 * How loudly the row is to be shown.
 */
tone: Tone, 
/**
 * Whose; `None` where the record does not say.
 */
person: number | null, 
/**
 * Where it came from.
 */
source: Source, 
/**
 * Since when the portal no longer sends it (RFC 3339).
 */
gone_since: string | null, 
/**
 * The id it had at the portal before, where it came with the same content under a new one.
 */
moved_from: string | null, 
/**
 * What the sync that the list is about found of it ([`Filter::run`], [`Filter::change`]).
 */
change: Change | null, 
/**
 * The record it is folded into.
 */
part_of: number | null, 
/**
 * The value of a single result, with its unit: `7.0 %`.
 */
value: string | null, 
/**
 * The sender's mark on that value.
 */
flag: Flag | null, 
/**
 * On which side of its range that value lies ([`Measurement::own_flag`]).
 */
own_flag: Flag | null, 
/**
 * How many of its results carry a mark that is to be noticed.
 */
flagged: number, 
/**
 * The part of its list that it belongs to, where the list of its kind has parts.
 */
group: Group | null, 
/**
 * What it counts as among its like: "3 recorded here", "Not counted as a dose".
 */
counts_as: string | null, 
/**
 * What is to be said about it beside the others, in sentences: "May be the same as …".
 */
notes: Array<string>, 
/**
 * Where the words found stand: the text around them, with `\u{2}` before and `\u{3}` after each.
 */
snippet: string | null, 
/**
 * What a visit holds, kind by kind ([`Filter::by_visit`]).
 */
holds: Array<Held>, };

/**
 * A record that hangs together with another.
 */
export type Related = { 
/**
 * What it is to the record: `result`, `part_of`, `medication`, …; `folded`: shown as part of it;
 * `same_visit`: recorded at the same time; `same_day`: recorded the same day, without a word on
 * why; `same_medicine` and `may_be_same`: another source on the medicine.
 */
role: string, 
/**
 * `Type/id` as the portal refers to it.
 */
target: string, 
/**
 * Its row; `None` where the portal never sent it.
 */
row: Row | null, };

/**
 * A resource's source.
 */
export type Raw = { 
/**
 * The exact bytes as received, as text (invalid UTF-8 replaced).
 */
text: string, };

/**
 * A part of a list.
 */
export type Group = { 
/**
 * What it is told apart by: `listed_active`, `past`.
 */
slug: string, 
/**
 * Its heading: "Listed as active by your practice".
 */
title: string, };

/**
 * What of one kind a visit holds.
 */
export type Held = { 
/**
 * The kind.
 */
kind: Kind, 
/**
 * How many; the two halves of a blood pressure are one.
 */
count: number, 
/**
 * How many more there are that say that something is not so: not given, refuted.
 */
void: number, 
/**
 * How many results are marked by the sender, or outside the range sent with them.
 */
n_out: number, 
/**
 * Whether the sender marked one of them critical.
 */
is_critical: boolean, 
/**
 * Names, at most three, of a single result with its value.
 */
names: Array<string>, };

/**
 * Input of `about_kind`.
 */
export type AboutKind = { 
/**
 * Whose; `None` for everybody's.
 */
person: number | null, 
/**
 * Of which kind.
 */
kind: Kind, };

/**
 * What is to be said above a list of one kind.
 */
export type KindAbout = { 
/**
 * When it was last copied (RFC 3339); `None`: never.
 */
as_of: string | null, 
/**
 * The practices it comes from, by name; the portal's address where none was sent.
 */
practices: Array<string>, 
/**
 * Sentences to be shown first: "As of Nov 23, 2026, from Larkspur Family Medicine. Other clinics
 * are not here.", the answer about allergies, "Your practice has sent none."
 */
statements: Array<string>, 
/**
 * Sentences for the second voice: "812 copied: 640 shown, 172 folded in."
 */
notes: Array<string>, 
/**
 * How many resources of this kind were copied.
 */
copied: number, 
/**
 * How many of them have a row of their own.
 */
shown: number, 
/**
 * How many stand in another's row.
 */
folded: number, };

/**
 * Input of commands about one person.
 */
export type PersonRef = { 
/**
 * The person's number.
 */
person: number, };

/**
 * A person as the practice describes them (`DSTU2 Patient`).
 */
export type PersonDetail = { 
/**
 * The person's number.
 */
id: number, 
/**
 * The record it is told from ([`Row::id`]); `None` where it did not come.
 */
record: number | null, 
/**
 * The name to call them by: official → usual → first.
 */
name: string, 
/**
 * Every name as sent, with its use where it is another: "Ana Ruiz (maiden)".
 */
names: Array<string>, 
/**
 * Date of birth.
 */
birth: When | null, 
/**
 * Age in whole years today: from a full date of birth only, and of no one who has died.
 */
age: number | null, 
/**
 * "Died Mar 4, 2020", "Died", where it was sent.
 */
died: string | null, 
/**
 * Sex recorded by the practice, in its word.
 */
sex: string | null, 
/**
 * "No longer used", "Replaced by another record".
 */
status: string | null, 
/**
 * Telephone, mail, address, as sent.
 */
contacts: Array<Field>, 
/**
 * Languages, contact persons, who cares for them.
 */
others: Array<Field>, 
/**
 * The practices that know them, by name.
 */
practices: Array<string>, 
/**
 * The portal it came from.
 */
portal: string, };

/**
 * Input of commands about a file that came with a record.
 */
export type AttachmentRef = { 
/**
 * [`Row::id`]
 */
record: number, 
/**
 * Its place among [`Detail::attachments`], from 0.
 */
index: number, };

/**
 * A file that came with a record.
 */
export type AttachmentContent = { 
/**
 * A name to save it under, safe in any folder: `Discharge summary.pdf`.
 */
file_name: string, 
/**
 * MIME type, as sent or as its bytes show.
 */
content_type: string, 
/**
 * Its size in bytes.
 */
size: number, 
/**
 * Its bytes, in base64.
 */
base64: string, 
/**
 * The same as text, where it is one to read (plain text, XML, a C-CDA document in words).
 */
text: string | null, };

/**
 * Answer of `save_attachment`.
 */
export type SavedFile = { 
/**
 * Where it was saved.
 */
path: string, };

/**
 * Input of `tests`.
 */
export type Whose = { 
/**
 * Whose; `None` for everybody's.
 */
person: number | null, };

/**
 * Input of `test`.
 */
export type TestRef = { 
/**
 * Whose; `None` for everybody's.
 */
person: number | null, 
/**
 * [`Test::key`]
 */
key: string, 
/**
 * Without the other tests of its name, to find which takes a look at every test there is.
 */
alone?: boolean, };

/**
 * Input of `name_result`.
 */
export type NameResult = { 
/**
 * [`Row::id`]
 */
record: number, 
/**
 * Which of its results, from 0.
 */
index: number, 
/**
 * The name the person gives; `None` takes it back.
 */
name: string | null, 
/**
 * Its LOINC code, where the name was chosen from those offered.
 */
code: string | null, };

/**
 * One lab test or vital sign: every value of one code, kind of quantity and name.
 */
export type Test = { 
/**
 * What it is asked for by. Says nothing to a person.
 */
key: string, 
/**
 * Its name, as it was sent last.
 */
name: string, 
/**
 * Whose name that is. A test of inferred names stands apart from the one of that name.
 */
name_from: NameFrom, 
/**
 * How sure an inferred name is, at its surest.
 */
likelihood: Likelihood | null, 
/**
 * The unit of its newest value, as sent.
 */
unit: string | null, 
/**
 * Which list it is in.
 */
kind: TestKind, 
/**
 * Its newest value.
 */
latest: Point, 
/**
 * How many values there are.
 */
count: number, 
/**
 * How many of them the sender marked, or lie outside the range sent with them.
 */
out_of_range: number, 
/**
 * The panel that the newest value came with.
 */
panel: string | null, };

/**
 * Which of the two lists a test is in.
 */
export type TestKind = "labs" | "vitals";

/**
 * A test with all its values.
 */
export type TestDetail = { 
/**
 * Its values, oldest first, undated ones last; all of a day.
 */
points: Array<Point>, 
/**
 * Other tests of the same name or code, apart because of their unit, their code, their spelling or
 * who named them.
 */
others: Array<OtherTest>, 
/**
 * What it is asked for by. Says nothing to a person.
 */
key: string, 
/**
 * Its name, as it was sent last.
 */
name: string, 
/**
 * Whose name that is. A test of inferred names stands apart from the one of that name.
 */
name_from: NameFrom, 
/**
 * How sure an inferred name is, at its surest.
 */
likelihood: Likelihood | null, 
/**
 * The unit of its newest value, as sent.
 */
unit: string | null, 
/**
 * Which list it is in.
 */
kind: TestKind, 
/**
 * Its newest value.
 */
latest: Point, 
/**
 * How many values there are.
 */
count: number, 
/**
 * How many of them the sender marked, or lie outside the range sent with them.
 */
out_of_range: number, 
/**
 * The panel that the newest value came with.
 */
panel: string | null, };

/**
 * A test beside another.
 */
export type OtherTest = { 
/**
 * [`Test::key`]
 */
key: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whose name that is.
 */
name_from: NameFrom, 
/**
 * Its unit.
 */
unit: string | null, };

/**
 * One value of a test.
 */
export type Point = { 
/**
 * The record it stands in ([`super::Row::id`]).
 */
record: number, 
/**
 * Which of that record's results.
 */
index: number, 
/**
 * Its name there.
 */
name: string, 
/**
 * Whose name that is.
 */
name_from: NameFrom, 
/**
 * When, as sent; `None`: undated.
 */
when: string | null, 
/**
 * The same with precision, zone and label.
 */
when_detail: When | null, 
/**
 * The value with every digit as sent, its comparator before it; two pressures as "134/78".
 */
value: string | null, 
/**
 * The value as a plain decimal in `unit`, for a chart; of two pressures the upper one.
 */
number: string | null, 
/**
 * The lower one of two pressures.
 */
second: string | null, 
/**
 * What stands before the number: `<`, `<=`, `>=`, `>`.
 */
comparator: string | null, 
/**
 * The unit of `value`, `number`, `low` and `high`.
 */
unit: string | null, 
/**
 * The lower end of the range sent with this value.
 */
low: string | null, 
/**
 * The upper end of the range sent with this value.
 */
high: string | null, 
/**
 * That range in words, as sent.
 */
range: string | null, 
/**
 * The sender's mark.
 */
flag: Flag | null, 
/**
 * On which side of its range it lies.
 */
own_flag: Flag | null, 
/**
 * A sentence where the two disagree.
 */
flag_note: string | null, 
/**
 * "No range sent".
 */
range_note: string | null, 
/**
 * Why there is no value, in words.
 */
absent: string | null, 
/**
 * The value and unit as sent ("180 lb"), where `value` is a vital sign in the unit of its series.
 */
original: string | null, 
/**
 * What must be said beside it: "Preliminary, may change", "Your portal no longer sends this".
 */
note: string | null, };

/**
 * A panel with all its dates.
 */
export type PanelTable = { 
/**
 * Its name.
 */
title: string, 
/**
 * Its dates, oldest first.
 */
columns: Array<PanelWhen>, 
/**
 * Its tests, in the order of the newest panel.
 */
rows: Array<PanelRow>, };

/**
 * One date of a panel.
 */
export type PanelWhen = { 
/**
 * The report or the result of many parts.
 */
record: number, 
/**
 * When, as sent; `None`: undated.
 */
when: string | null, 
/**
 * The same with precision, zone and label.
 */
when_detail: When | null, };

/**
 * One test of a panel.
 */
export type PanelRow = { 
/**
 * [`Test::key`]; `None` where the test is in no series.
 */
key: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Whose name that is.
 */
name_from: NameFrom, 
/**
 * How sure an inferred name is.
 */
likelihood: Likelihood | null, 
/**
 * The unit of its newest value.
 */
unit: string | null, 
/**
 * Its value at each date; `None` where the panel of that date had none.
 */
cells: Array<Point | null>, };

/**
 * Input of `open_sample`.
 */
export type OpenSample = { 
/**
 * Whether to practise connecting through the system's browser.
 */
browser: boolean, };

/**
 * Something that happened by itself.
 */
export type Event = { "event": "connect_progressed", "data": Connecting } | { "event": "sync_progressed", "data": SyncProgress } | { "event": "sync_finished", "data": SyncReport } | { "event": "sync_failed", "data": ApiError } | { "event": "changed" };

/**
 * The list a record belongs to.
 */
export type Kind = "labs" | "vitals" | "medicines" | "problems" | "allergies" | "immunizations" | "visits" | "procedures" | "documents" | "care_plans" | "goals" | "people" | "places" | "other";

/**
 * When something was, exactly as precise as it was written.
 *
 * The texts are the portal's own (`DSTU2 dateTime`, `date`, `instant`); nothing is padded or moved
 * to another zone.
 */
export type When = { 
/**
 * The start, or the only time, as sent: `2022`, `2022-04`, `2022-04-28`,
 * `2022-04-28T09:30:00-04:00`, `2016-05-27T01:50:00Z`.
 */
start: string | null, 
/**
 * The end of a period, as sent. Never shown without being told apart from `start`.
 */
end: string | null, 
/**
 * How much of `start` (or of `end`, where there is no start) is known.
 */
precision: Precision, 
/**
 * In which zone it was written.
 */
zone: Zone, 
/**
 * Which date this is: a slug such as `performed`, `recorded`, `prescribed`, `since`,
 * `reported`, `collected`. `on` where it is simply when it happened.
 */
label: string, 
/**
 * A text that sorts as the time does: civil time as written (UTC for `Z`), shortened to what is
 * known. Empty never occurs; an undated record has no `When`.
 */
sort: string, };

/**
 * How much of a date is known.
 */
export type Precision = "year" | "month" | "day" | "time";

/**
 * In which zone a time was written.
 */
export type Zone = "none" | "offset" | "utc";

/**
 * What a record's status means to a reader.
 */
export type Status = { 
/**
 * The code as sent (`active`), or what a modifier makes of it (`not-given`, `not-taken`,
 * `not-done`, `not-sent`).
 */
code: string, 
/**
 * The same in words: "Active", "Withdrawn by the practice as an error".
 */
text: string, 
/**
 * Where the record belongs because of it.
 */
standing: Standing, };

/**
 * Whether a record belongs among what is so today.
 */
export type Standing = "current" | "past" | "planned" | "void" | "unclear";

/**
 * How loudly a text is to be shown, the loudest last. Always beside a word or a sign.
 */
export type Tone = "plain" | "quiet" | "notice" | "alarm";

/**
 * A mark on a result, in the sender's words.
 */
export type Flag = { 
/**
 * The interpretation code as sent: `H`, `LL`, `A`, `POS`; empty where only a text came.
 */
code: string, 
/**
 * In words: "High", "Critically low", "Abnormal", "Positive".
 */
text: string, 
/**
 * How loudly it is to be shown.
 */
tone: Tone, 
/**
 * Which way: up for H and HH, down for L and LL.
 */
direction: Direction | null, };

/**
 * Which side of a range.
 */
export type Direction = "up" | "down";

/**
 * Where a result's name comes from.
 */
export type NameFrom = "portal" | "inferred" | "person";

/**
 * One measured or observed value: an Observation, or one of its components.
 */
export type Measurement = { 
/**
 * Its place among its siblings, from 0.
 */
index: number, 
/**
 * Its name; never blank ("Unnamed result 3 of 15").
 */
name: string, 
/**
 * Whose name that is.
 */
name_from: NameFrom, 
/**
 * How sure an inferred name is.
 */
likelihood: Likelihood | null, 
/**
 * Why an inferred name was given, in sentences.
 */
reasons: Array<string>, 
/**
 * Other names that would fit, best first.
 */
candidates: Array<string>, 
/**
 * The value with every digit as sent ("7.0", "<150", "Negative"); `None` where none was sent.
 */
value: string | null, 
/**
 * The unit as sent.
 */
unit: string | null, 
/**
 * The reference range as sent, in words ("4.8–5.6", "less than 150").
 */
range: string | null, 
/**
 * The sender's mark.
 */
flag: Flag | null, 
/**
 * Its LOINC code, where one was sent.
 */
code: string | null, 
/**
 * Why there is no value, in words (`DSTU2 Observation.dataAbsentReason`).
 */
absent: string | null, 
/**
 * The value as a plain decimal with every digit as sent ("7.0", "150"), where it is a number.
 */
number: string | null, 
/**
 * What stands before it: `<`, `<=`, `>=`, `>`.
 */
comparator: string | null, 
/**
 * The lower end of its one range, as a plain decimal in `unit`.
 */
low: string | null, 
/**
 * The upper end of its one range, as a plain decimal in `unit`.
 */
high: string | null, 
/**
 * On which side of the range that was sent the value lies, by Onhand's own comparison; `None`
 * where it lies inside, and where nothing may be said.
 */
own_flag: Flag | null, 
/**
 * A sentence where the sender's mark and the range that was sent disagree.
 */
flag_note: string | null, 
/**
 * "No range sent", for a number that came without one.
 */
range_note: string | null, 
/**
 * A vital sign in its other unit ("81.6 kg"), where it was plausible in the one it was sent in.
 */
converted: string | null, 
/**
 * The LOINC code of an inferred name, or of the one a person gave; never one that was sent.
 */
likely_code: string | null, 
/**
 * When the person gave it its name (RFC 3339).
 */
named_at: string | null, 
/**
 * The series it belongs to ([`crate::store::Test::key`]); `None` where it is in none.
 */
test: string | null, };

/**
 * How sure an inferred name is.
 */
export type Likelihood = "strong" | "likely" | "one_of";

/**
 * A named group of fields in a record's detail.
 */
export type Section = { 
/**
 * Its heading; empty for the first one.
 */
title: string, 
/**
 * Its fields, in reading order.
 */
fields: Array<Field>, };

/**
 * One fact of a record, in words.
 */
export type Field = { 
/**
 * What it is: "Prescribed by", "Route", "Severity".
 */
label: string, 
/**
 * What was sent, in words. A field that is a date or a period and nothing else keeps the text
 * it was sent with, and is also in `when`.
 */
text: string, 
/**
 * The date or time it is, for a field that is one.
 */
when: When | null, 
/**
 * How loudly it is to be shown.
 */
tone: Tone, 
/**
 * The record it points to: `Practitioner/12`, or a full address.
 */
reference: string | null, 
/**
 * The codes behind it.
 */
codes: Array<Code>, };

/**
 * A code as sent (`DSTU2 Coding`), with its system under the name the field uses.
 */
export type Code = { 
/**
 * The system's address as sent.
 */
system: string | null, 
/**
 * The system's common name: `LOINC`, `RxNorm`, `ICD-10-CM`, `CPT`, `CVX`, `SNOMED CT`.
 */
system_name: string | null, 
/**
 * The code.
 */
code: string | null, 
/**
 * The portal's own words for it.
 */
display: string | null, };

/**
 * Something about a resource that could not be read as it should be.
 */
export type Problem = { 
/**
 * Where in the resource: `Observation.valueQuantity.value`.
 */
path: string, 
/**
 * What is wrong, as a sentence.
 */
message: string, };

/**
 * An attachment that a record carries or points to (`DSTU2 Attachment`).
 */
export type Attachment = { 
/**
 * Its title, or a plain one for its type.
 */
title: string, 
/**
 * MIME type as sent.
 */
content_type: string | null, 
/**
 * Its size in bytes, where the data came along or the size was sent.
 */
size: number | null, 
/**
 * The address it is to be had at, where it did not come along. Never opened by itself.
 */
url: string | null, 
/**
 * Whether the data came along with the resource.
 */
inline: boolean, };

/**
 * The person's own note on a record.
 */
export type Note = { 
/**
 * What it says.
 */
text: string, 
/**
 * When it was last written (RFC 3339).
 */
written: string, };

/**
 * Input of `write_note`.
 */
export type WriteNote = { 
/**
 * [`Row::id`]
 */
record: number, 
/**
 * What the note says; blank takes it away.
 */
text: string, };

/**
 * Input of `pins`.
 */
export type PinsOf = { 
/**
 * [`Person::id`]
 */
person: number, };

/**
 * Input of `pin`.
 */
export type Pin = { 
/**
 * [`Person::id`]
 */
person: number, 
/**
 * [`Test::key`]: a pin holds the test, not one of its results.
 */
test: string, 
/**
 * Whether it is to be pinned.
 */
pinned: boolean, };

/**
 * Input of `remembered`.
 */
export type Remembered = { 
/**
 * Under which name.
 */
key: string, };

/**
 * Input of `remember`.
 */
export type Remember = { 
/**
 * Under which name.
 */
key: string, 
/**
 * What; `None` forgets it.
 */
value: string | null, };

export interface Commands {
  /** What the app shows when it opens. */
  start: { input: null; reply: Start };
  /** Makes the database and its key. */
  create_database: { input: CreateDatabase; reply: Start };
  /** Opens a database that a passphrase locks. */
  unlock: { input: Unlock; reply: Start };
  /** Closes a database that a passphrase locks, until it is unlocked again. */
  lock: { input: null; reply: Start };
  /** Begins a sign-in; `connect_progressed` events follow. */
  connect: { input: Connect; reply: Connecting };
  /** Begins a sign-in for a connection that the portal no longer accepts. */
  reconnect: { input: AccountRef; reply: Connecting };
  /** Begins a sign-in for another account at the portal of this connection, with its id and secret. */
  connect_another: { input: AccountRef; reply: Connecting };
  /** Begins the last sign-in once more, or one with what was pasted before and brought nothing yet. */
  connect_again: { input: null; reply: Connecting };
  /** Stops the sign-in under way, if one is. */
  cancel_connect: { input: null; reply: null };
  /** Answers "Is this the right person?"; on yes the sync begins. */
  confirm_person: { input: ConfirmPerson; reply: Start };
  /** Goes on with the sign-in inside the app, in a window of its own. */
  sign_in_here: { input: null; reply: Connecting };
  /** Goes on with the sign-in in the browser, past its warning: opens the start address again. */
  go_past_warning: { input: null; reply: Connecting };
  /** Opens the portal in the browser, for a person who will paste the address it ends at. */
  open_for_paste: { input: null; reply: Connecting };
  /** Goes on with the sign-in from the address of the page that failed to load. */
  paste_address: { input: PasteAddress; reply: Connecting };
  /** Removes every certificate of Onhand's from every place that trusts it. */
  remove_certificates: { input: null; reply: Removed };
  /** Signs out at the portal and forgets the sign-in. */
  disconnect: { input: Disconnect; reply: Start };
  /** Begins a sync; `sync_progressed` events and one `sync_finished` or `sync_failed` follow. */
  sync: { input: AccountRef; reply: SyncProgress };
  /** Stops the sync under way, if one is; what has arrived stays. */
  cancel_sync: { input: null; reply: null };
  /** Part of a list or of what a search finds. */
  list: { input: List; reply: Page };
  /** How many records each year of a list has. */
  periods: { input: Filter; reply: Array<Period> };
  /** One record in full. */
  record: { input: RecordRef; reply: Detail };
  /** A record's source exactly as received. */
  raw: { input: RecordRef; reply: Raw };
  /** Every lab test and vital sign there is, each with its newest value; those seen last first. */
  tests: { input: Whose; reply: Array<Test> };
  /** One test with all its values, oldest first. */
  test: { input: TestRef; reply: TestDetail };
  /** A panel with all its dates as columns, oldest first. */
  panel: { input: RecordRef; reply: PanelTable };
  /** Names a result that the portal left unnamed, or takes that name back. */
  name_result: { input: NameResult; reply: Detail };
  /** What is to be said above a list: as of when, from whom, what was sent none of. */
  about_kind: { input: AboutKind; reply: KindAbout };
  /** A person as the practice describes them. */
  person: { input: PersonRef; reply: PersonDetail };
  /** A file that came with a record. */
  attachment: { input: AttachmentRef; reply: AttachmentContent };
  /** Saves a file that came with a record in the person's folder for downloads; gives its path. */
  save_attachment: { input: AttachmentRef; reply: SavedFile };
  /** The syncs of a connection, newest first. */
  runs: { input: AccountRef; reply: Array<Run> };
  /** Each earlier version of a record beside the next newer one, newest first. */
  versions: { input: RecordRef; reply: Array<VersionView> };
  /** What the person set. */
  settings: { input: null; reply: Settings };
  /** Keeps what the person sets. */
  save_settings: { input: Settings; reply: Settings };
  /** Everything that left this computer, by host, purpose and day, newest day first. */
  requests: { input: null; reply: Array<HostRequests> };
  /** Opens the sample record; the first time, connects to the practice portal and copies it. */
  open_sample: { input: OpenSample; reply: Start };
  /** Goes back to the person's own records. */
  leave_sample: { input: null; reply: Start };
  /** Puts the person's own note on a record, or takes it away. */
  write_note: { input: WriteNote; reply: Detail };
  /** The tests a person has pinned, by their keys. */
  pins: { input: PinsOf; reply: Array<string> };
  /** Pins a test, or takes the pin away. */
  pin: { input: Pin; reply: Array<string> };
  /** What the interface had remembered. */
  remembered: { input: Remembered; reply: string | null };
  /** Remembers a text for the interface. */
  remember: { input: Remember; reply: null };
  /** Opens the portal's own page in the browser. */
  open_portal: { input: OpenPortal; reply: null };
}
