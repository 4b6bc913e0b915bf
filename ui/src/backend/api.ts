export type ErrorCode = 'invalid' | 'offline' | 'not_connected' | 'session_ended' | 'consent_refused' | 'cancelled' | 'locked' | 'no_keychain' | 'key_missing' | 'database_newer' | 'database_damaged' | 'busy' | 'not_found' | 'internal';
export type ApiError = { code: ErrorCode; message: string };

export type Kind = 'labs' | 'vitals' | 'medicines' | 'problems' | 'allergies' | 'immunizations' | 'visits' | 'procedures' | 'documents' | 'care_plans' | 'goals' | 'people' | 'places' | 'other';
export type Precision = 'year' | 'month' | 'day' | 'time';
export type Zone = 'none' | 'offset' | 'utc';
export type When = { start: string | null; end: string | null; precision: Precision; zone: Zone; label: string; sort: string };
export type Standing = 'current' | 'past' | 'planned' | 'void' | 'unclear';
export type Tone = 'plain' | 'quiet' | 'notice' | 'alarm';
export type Direction = 'up' | 'down';
export type Flag = { code: string; text: string; tone: Tone; direction: Direction | null };
export type NameFrom = 'portal' | 'inferred' | 'person';
export type Likelihood = 'strong' | 'likely' | 'one_of';
export type Measurement = {
  index: number;
  name: string;
  name_from: NameFrom;
  likelihood: Likelihood | null;
  reasons: string[];
  candidates: string[];
  value: string | null;
  unit: string | null;
  range: string | null;
  flag: Flag | null;
  code: string | null;
  absent: string | null;
};
export type Code = { system: string | null; system_name: string | null; code: string | null; display: string | null };
export type Field = { label: string; text: string; when: When | null; tone: Tone; reference: string | null; codes: Code[] };
export type Section = { title: string; fields: Field[] };
export type Problem = { path: string; message: string };
export type Attachment = { title: string; content_type: string | null; size: number | null; url: string | null; inline: boolean };

export type DatabaseState = 'open' | 'new' | 'new_needs_passphrase' | 'needs_passphrase' | 'unavailable';
export type KindCount = { kind: Kind; count: number; offered: boolean };
export type Person = { id: number; account: number; name: string; birth_date: string | null; counts: KindCount[] };
export type TypeState = 'complete' | 'partial' | 'refused' | 'not_offered' | 'failed';
export type TypeOutcome = {
  type: string;
  name: string;
  promised: number | null;
  received: number;
  new: number;
  changed: number;
  unchanged: number;
  gone: number;
  state: TypeState;
  reason: string | null;
};
export type SyncReport = { complete: boolean; requests: number; started: string; finished: string; stopped: string | null; types: TypeOutcome[] };
export type Account = { id: number; portal: string; signed_in: boolean; last_sync: string | null; last_outcome: SyncReport | null };
export type FoundPerson = { patient_id: string; name: string; birth_date: string | null };
export type ConnectStage = 'preparing' | 'waiting_for_browser' | 'at_portal' | 'exchanging' | 'confirm' | 'connected' | 'failed' | 'certificate_refused';
export type Connecting = { stage: ConnectStage; portal: string; start_url: string | null; people: FoundPerson[]; error: ApiError | null };
export type TypeProgressState = 'waiting' | 'running' | 'complete' | 'partial' | 'refused' | 'not_offered' | 'failed';
export type TypeProgress = { type: string; name: string; promised: number | null; received: number; state: TypeProgressState };
export type SyncProgress = { account: number; elapsed_ms: number; received: number; promised: number; types: TypeProgress[] };
export type Start = {
  version: string;
  sample: boolean;
  database: DatabaseState;
  notice: string | null;
  accounts: Account[];
  people: Person[];
  connecting: Connecting | null;
  syncing: SyncProgress | null;
  has_own_client: boolean;
  redirect_uris: string[];
};

export type VaultKind = 'keychain' | 'passphrase';
export type CreateDatabase = { vault: VaultKind; passphrase: string | null };
export type Unlock = { passphrase: string };
export type Connect = { client_id: string; client_secret: string | null; portal: string | null; redirect_uris: string[] | null };
export type ConfirmPerson = { accept: boolean };
export type AccountRef = { account: number };
export type Disconnect = { account: number; delete_records: boolean };
export type OpenSample = { browser: boolean };

export type Filter = { person: number | null; kinds: Kind[]; query: string | null; folded: boolean };
export type List = { filter: Filter; offset: number; limit: number };
export type Source = { type: string; id: string | null };
export type Row = {
  id: number;
  kind: Kind;
  title: string;
  subtitle: string;
  when: string | null;
  when_detail: When | null;
  status: string | null;
  status_text: string | null;
  standing: Standing | null;
  tone: Tone;
  person: number | null;
  source: Source;
  gone_since: string | null;
  part_of: number | null;
  value: string | null;
  flag: Flag | null;
  flagged: number;
  snippet: string | null;
};
export type Page = { total: number; records: Row[] };
export type Period = { year: string | null; count: number };
export type RecordRef = { id: number };
export type Related = { role: string; target: string; row: Row | null };
export type Detail = Row & {
  title_sent: string | null;
  name: string | null;
  name_from: NameFrom | null;
  likelihood: Likelihood | null;
  reasons: string[];
  candidates: string[];
  unit: string | null;
  range: string | null;
  code: string | null;
  components: Measurement[];
  sections: Section[];
  narrative: string | null;
  attachments: Attachment[];
  codes: Code[];
  related: Related[];
  problems: Problem[];
  first_seen: string;
  last_seen: string;
  versions: string[];
  portal: string;
};
export type Raw = { text: string };

export type Event =
  | { event: 'connect_progressed'; data: Connecting }
  | { event: 'sync_progressed'; data: SyncProgress }
  | { event: 'sync_finished'; data: SyncReport }
  | { event: 'sync_failed'; data: ApiError }
  | { event: 'changed' };

export interface Commands {
  start: { input: null; reply: Start };
  create_database: { input: CreateDatabase; reply: Start };
  unlock: { input: Unlock; reply: Start };
  connect: { input: Connect; reply: Connecting };
  reconnect: { input: AccountRef; reply: Connecting };
  cancel_connect: { input: null; reply: null };
  confirm_person: { input: ConfirmPerson; reply: Start };
  disconnect: { input: Disconnect; reply: Start };
  sync: { input: AccountRef; reply: SyncProgress };
  cancel_sync: { input: null; reply: null };
  list: { input: List; reply: Page };
  periods: { input: Filter; reply: Period[] };
  record: { input: RecordRef; reply: Detail };
  raw: { input: RecordRef; reply: Raw };
  open_sample: { input: OpenSample; reply: Start };
  leave_sample: { input: null; reply: Start };
  open_portal: { input: null; reply: null };
}
