import { createServer, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { AddressInfo } from 'node:net';

import type {
  ApiError,
  Commands,
  Detail,
  Connecting,
  Event,
  Filter,
  Held,
  HostRequests,
  Kind,
  Period,
  PersonDetail,
  Row,
  Run,
  Settings,
  Start,
  SyncProgress,
  SyncReport,
  TestDetail,
  TypeOutcome,
} from '../../../ui/src/backend/api';
import { USUAL } from '../../../ui/src/testing/settings';
import { smallRequests, smallRuns, smallVersions } from './copies';
import { smallPanel, smallTests } from './labs';
import { aboutKind, detailOf, PERSON } from './record';

const DIST = join(import.meta.dirname, '../../../ui/dist');

/** The policy of the desktop app; `connect-src` is its own origin. */
const CSP =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

type Replies = {
  [K in keyof Commands]?: (
    input: Commands[K]['input'],
  ) => Commands[K]['reply'] | Promise<Commands[K]['reply']>;
};

/** Thrown by a reply: the command fails with it. */
export class Failed extends Error {
  readonly error: ApiError;

  constructor(code: ApiError['code'], message: string) {
    super(message);
    this.error = { code, message };
  }
}

/**
 * A program around the interface whose every answer a test can set: for what a real portal and a
 * real database show seldom or never (100,000 records, a damaged database, a refused certificate).
 */
export class Fake {
  start: Start = freshStart();
  rows: Row[] = [];
  #timeline: { of: Row[]; key: string; rows: Row[] } | null = null;
  tests: TestDetail[] = smallTests();
  runs: Run[] = smallRuns();
  requests: HostRequests[] = smallRequests();
  settings: Settings = { ...USUAL };
  pins: string[] = [];
  remembered = new Map<string, string | null>();
  /** Takes the place of the answers below. */
  replies: Replies = {};
  readonly calls: { name: string; input: unknown }[] = [];

  /** The record of that number, which is there. */
  row(id: number): Row {
    const row = this.rows.find((one) => one.id === id);
    if (row === undefined) throw new Error(`no record ${id}`);
    return row;
  }

  /** What the last call of that name asked for; `undefined` where there was none. */
  last(name: string): unknown {
    return this.calls.findLast((call) => call.name === name)?.input;
  }

  /** What was answered. */
  readonly answers: unknown[] = [];
  readonly #listeners = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/events') this.#listen(response);
    else if (url.pathname.startsWith('/call/')) {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on(
        'end',
        () => void this.#call(url.pathname.slice(6), Buffer.concat(chunks).toString(), response),
      );
    } else void serve(url.pathname, response);
  });

  async open(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const listener of this.#listeners) listener.end();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  send(event: Event): void {
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
  }

  async #call(name: string, body: string, response: ServerResponse): Promise<void> {
    const input: unknown = JSON.parse(body);
    this.calls.push({ name, input });
    let status = 200;
    let reply: unknown;
    try {
      const own = this.replies[name as keyof Commands] as ((input: unknown) => unknown) | undefined;
      reply = await (own === undefined ? this.#answer(name, input) : own(input));
    } catch (thrown) {
      if (!(thrown instanceof Failed)) throw thrown;
      status = 422;
      reply = thrown.error;
    }
    this.answers.push(reply);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply));
  }

  #answer(name: string, input: unknown): unknown {
    switch (name) {
      case 'list': {
        const { filter, offset, limit } = input as Commands['list']['input'];
        const found = this.#listed(filter);
        return { total: found.length, records: found.slice(offset, offset + limit) };
      }
      case 'periods':
        return periods(this.#find(input as Filter), this.#listed(input as Filter));
      case 'record': {
        const row = this.rows.find(({ id }) => id === (input as { id: number }).id);
        if (row === undefined) throw new Failed('not_found', 'There is no such record on this computer.');
        return detailOf(row, this.rows);
      }
      case 'raw':
        return { text: '{"resourceType":"Observation","valueQuantity":{"value":7.0,"unit":"%"}}' };
      case 'runs':
        return this.runs.filter(({ account }) => account === (input as { account: number }).account);
      case 'versions':
        return smallVersions();
      case 'requests':
        return this.requests;
      case 'settings':
        return this.settings;
      case 'save_settings':
        return (this.settings = input as Settings);
      case 'tests':
        return this.tests.map(({ points, others, ...test }) => {
          void [points, others];
          return test;
        });
      case 'test': {
        const test = this.tests.find(({ key }) => key === (input as { key: string }).key);
        if (test === undefined) throw new Failed('not_found', 'There is no such test on this computer.');
        return test;
      }
      case 'panel':
        return smallPanel();
      case 'about_kind':
        return aboutKind((input as Commands['about_kind']['input']).kind, this.rows);
      case 'name_result': {
        const { record } = input as Commands['name_result']['input'];
        return this.#answer('record', { id: record });
      }
      case 'attachment':
        return {
          file_name: 'After-visit summary.txt',
          content_type: 'text/plain',
          size: 60,
          base64: '',
          text: 'Take the iron tablet every other day.\nCome back in December.',
        };
      case 'save_attachment':
        return { path: '/home/quinn/Downloads/After-visit summary.pdf' };
      case 'person': {
        const person = this.start.people.find(({ id }) => id === (input as { person: number }).person);
        if (person === undefined) throw new Failed('not_found', 'There is no such person on this computer.');
        return {
          id: person.id,
          record: null,
          name: person.name,
          names: [person.name],
          birth: null,
          age: 69,
          died: null,
          sex: 'female',
          status: null,
          contacts: [],
          others: [],
          practices: ['Larkspur Family Medicine'],
          portal: 'https://onpatient.com',
        } satisfies PersonDetail;
      }
      case 'pins':
        return this.pins;
      case 'pin': {
        const { test, pinned } = input as Commands['pin']['input'];
        return (this.pins = [...this.pins.filter((key) => key !== test), ...(pinned ? [test] : [])]);
      }
      case 'remembered':
        return this.remembered.get((input as Commands['remembered']['input']).key) ?? null;
      case 'remember': {
        const { key, value } = input as Commands['remember']['input'];
        this.remembered.set(key, value);
        return null;
      }
      case 'write_note': {
        const { record, text } = input as Commands['write_note']['input'];
        const own_note = text.trim() === '' ? null : { text: text.trim(), written: '2026-11-23T10:14:00Z' };
        return { ...(this.#answer('record', { id: record }) as Detail), own_note };
      }
      case 'remove_certificates':
        return { count: 0, notes: [] };
      case 'open_portal':
      case 'cancel_connect':
      case 'cancel_sync':
        return null;
      default:
        return this.start;
    }
  }

  /** The rows of a list; those of a timeline are kept, as the core keeps them. */
  #listed(filter: Filter): Row[] {
    if (filter.by_visit !== true) return this.#find(filter);
    const key = JSON.stringify(filter);
    if (this.#timeline?.key !== key || this.#timeline.of !== this.rows)
      this.#timeline = { of: this.rows, key, rows: byVisit(this.#find(filter)) };
    return this.#timeline.rows;
  }

  #find({ kinds, query, person, run, change, gone }: Filter): Row[] {
    if (run != null)
      return this.rows.filter(
        (row) => row.change !== null && (change == null || change === 'any' || row.change === change),
      );
    const words = (query ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return (
      this.rows
        .filter(
          (row) =>
            (kinds.length === 0 || kinds.includes(row.kind)) && (person === null || row.person === person),
        )
        .filter((row) => {
          const isGone = row.gone_since !== null;
          if (gone === 'only') return isGone;
          return !isGone || row.kind === 'allergies' || gone === 'show' || (gone == null && words.length > 0);
        })
        .sort((a, b) => (kinds.length === 1 ? place(a) - place(b) : 0))
        .filter((row) => words.every((word) => `${row.title} ${row.subtitle}`.toLowerCase().includes(word)))
        // As the core does: the first text other than the title, if one of the words stands in it.
        .map((row) => (words.length === 0 ? row : { ...row, snippet: marked(row.subtitle, words) }))
    );
  }
}

/** A list of one kind comes part by part. */
function place({ group }: Row): number {
  return [
    'allergy',
    'none_known',
    'listed_active',
    'not_confirmed',
    'active',
    'given',
    'not_given',
    'past',
    'void',
  ].indexOf(group?.slug ?? '');
}

async function serve(path: string, response: ServerResponse): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  try {
    const body = await readFile(join(DIST, file));
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': CSP,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function marked(text: string, words: string[]): string | null {
  const shown = text.replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
    words.some((one) => word.toLowerCase().startsWith(one)) ? `\u0002${word}\u0003` : word,
  );
  return shown === text ? null : shown;
}

function periods(records: Row[], rows: Row[]): Period[] {
  const years = new Map<string | null, Period>();
  const yearOf = ({ when }: Row) => {
    const year = when === null ? null : when.slice(0, 4);
    const period = years.get(year) ?? { year, count: 0, records: 0, tall: [] };
    years.set(year, period);
    return period;
  };
  for (const record of records) yearOf(record).records += 1;
  for (const row of rows) {
    const period = yearOf(row);
    if (row.holds.length > 0) period.tall.push([period.count, Math.min(3, row.holds.length)]);
    period.count += 1;
  }
  return [...years.values()];
}

/** The only visit of a day holds what else that day has. */
export function byVisit(rows: Row[]): Row[] {
  const days = new Map<string, Row[]>();
  const dayOf = ({ when, person }: Row) => `${String(person)} ${when?.slice(0, 10) ?? ''}`;
  for (const row of rows) {
    const day = days.get(dayOf(row));
    if (day === undefined) days.set(dayOf(row), [row]);
    else day.push(row);
  }
  return rows.flatMap((row) => {
    const day = row.when !== null && row.when.length >= 10 ? (days.get(dayOf(row)) ?? []) : [];
    if (day.filter(({ kind }) => kind === 'visits').length !== 1) return [row];
    if (row.kind !== 'visits') return [];
    const kinds = [...new Set(day.map(({ kind }) => kind))].filter((kind) => kind !== 'visits');
    const holds = kinds.map((kind): Held => {
      const held = day.filter((other) => other.kind === kind);
      const names = held.slice(0, 3).map(({ title, value }) => `${title} ${value ?? ''}`.trim());
      const n_out = held.reduce((sum, other) => sum + other.flagged, 0);
      return { kind, count: held.length, void: 0, n_out, is_critical: false, names };
    });
    return [{ ...row, holds }];
  });
}

/** A fresh machine. */
export function freshStart(): Start {
  return {
    version: '0.1.0',
    sample: false,
    database: 'new',
    notice: null,
    accounts: [],
    people: [],
    connecting: null,
    syncing: null,
    has_own_client: false,
    registered: null,
    redirect_uris: [27443, 27444, 27445].map((port) => `https://localhost:${port}/callback`),
    trust_note: null,
    keeps_certificate: false,
  };
}

/** A machine with a copied record, of a portal that does not offer some kinds. */
export function copiedStart(
  rows: Row[],
  notOffered: readonly Kind[] = ['documents', 'care_plans', 'goals'],
): Start {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => ({
    kind,
    count: rows.filter((row) => row.kind === kind).length,
    offered: true,
  }));
  return {
    ...freshStart(),
    database: 'open',
    accounts: [
      {
        id: 1,
        portal: 'https://onpatient.com',
        signed_in: true,
        disconnected: false,
        last_sync: '2026-11-20T14:12:00Z',
        last_outcome: report(),
        unsaid: 0,
        strangers: 0,
      },
    ],
    people: [
      {
        id: 1,
        account: 1,
        ...PERSON,
        relation: null,
        counts: [
          ...counts,
          ...notOffered
            .filter((kind) => !kinds.includes(kind))
            .map((kind) => ({ kind, count: 0, offered: false })),
        ],
      },
    ],
  };
}

/** Two connections with three people, one of them in both, and a few records of nobody in particular. */
export function familyStart(rows: Row[]): Start {
  const start = copiedStart(rows);
  const [account] = start.accounts;
  const [first] = start.people;
  if (account === undefined || first === undefined) return start;
  return {
    ...start,
    accounts: [
      { ...account, unsaid: 2, strangers: 1 },
      { ...account, id: 2, portal: 'https://larkspur.onpatient.com' },
    ],
    people: [
      { ...first, relation: 'mine' },
      { ...first, id: 2, name: 'Teo Quinn', birth_date: '2016-08-02', relation: 'in_my_care', counts: [] },
      { ...first, id: 3, account: 2, relation: 'mine', counts: [] },
    ],
  };
}

export function outcome(
  type: string,
  name: string,
  received: number,
  more: Partial<TypeOutcome> = {},
): TypeOutcome {
  return {
    type,
    name,
    promised: received,
    received,
    new: 0,
    changed: 0,
    unchanged: received,
    gone: 0,
    moved: 0,
    back: 0,
    refused: 0,
    failed: 0,
    known: 0,
    state: 'complete',
    reason: null,
    cause: null,
    hint: null,
    ...more,
  };
}

/** A copy of which three records did not come. */
export function report(): SyncReport {
  return {
    complete: false,
    requests: 31,
    started: '2026-11-20T14:11:19Z',
    finished: '2026-11-20T14:12:00Z',
    stopped: null,
    run: 3,
    by_hand: true,
    goes_on_at: null,
    received: 659,
    expected: 662,
    new: 7,
    changed: 0,
    unchanged: 652,
    gone: 0,
    moved: 0,
    back: 0,
    headline: '659 of 662: your portal failed for Lab results and vital signs (its count does not agree)',
    news: '7 new',
    can_try_again: true,
    not_offered: 'Your portal does not offer: Documents, Care plans.',
    refused: null,
    absent: 'Messages with your practice, bills and images are not part of what your portal gives to apps.',
    types: [
      outcome('Patient', 'Patient', 1),
      outcome('AllergyIntolerance', 'Allergies', 3),
      outcome('Immunization', 'Immunizations', 23, { new: 2, unchanged: 21 }),
      outcome('Observation', 'Lab results and vital signs', 443, {
        promised: 446,
        state: 'partial',
        reason: 'The portal counted 446 and handed over 443, twice in a row.',
        cause: 'its count does not agree',
        failed: 3,
      }),
      outcome('Procedure', 'Procedures', 189, { new: 5, unchanged: 184 }),
      outcome('DocumentReference', 'Documents', 0, {
        promised: null,
        state: 'not_offered',
        reason: 'The portal answered 404.',
      }),
      outcome('CarePlan', 'Care plans', 0, {
        promised: null,
        state: 'not_offered',
        reason: 'The portal answered 403.',
      }),
    ],
  };
}

export function progress(): SyncProgress {
  return {
    account: 1,
    elapsed_ms: 38_000,
    received: 477,
    promised: 662,
    by_hand: true,
    goes_on: false,
    waiting: null,
    types: [
      { type: 'Patient', name: 'Patient', promised: 1, received: 1, state: 'complete' },
      { type: 'AllergyIntolerance', name: 'Allergies', promised: 3, received: 3, state: 'complete' },
      { type: 'Immunization', name: 'Immunizations', promised: 23, received: 23, state: 'complete' },
      {
        type: 'Observation',
        name: 'Lab results and vital signs',
        promised: 446,
        received: 300,
        state: 'running',
      },
      { type: 'Procedure', name: 'Procedures', promised: 189, received: 150, state: 'running' },
      { type: 'Goal', name: 'Goals', promised: null, received: 0, state: 'waiting' },
      { type: 'DocumentReference', name: 'Documents', promised: null, received: 0, state: 'not_offered' },
      { type: 'CarePlan', name: 'Care plans', promised: null, received: 0, state: 'not_offered' },
    ],
  };
}

/** A browser that refused the certificate, with every way on. */
export function refused(more: Partial<Connecting> = {}): Connecting {
  return connecting({
    stage: 'certificate_refused',
    ways: ['in_app', 'past_warning', 'paste_address'],
    note: 'Your browser did not accept the page on this computer that brings you back to Onhand. Nothing was sent, and it is not your doing.',
    ...more,
  });
}

export function connecting(more: Partial<Connecting>): Connecting {
  return {
    stage: 'waiting_for_browser',
    portal: 'https://onpatient.com',
    start_url: 'https://localhost:27443/start?n=4fH2kQ',
    people: [],
    error: null,
    ways: [],
    port_missing: false,
    other_person: null,
    trust_note: null,
    note: null,
    ...more,
  };
}
