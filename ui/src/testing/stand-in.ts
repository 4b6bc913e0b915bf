import type { Commands, Detail, Event, Filter, Measurement, Row, When } from '../backend/api';
import type { Backend } from '../backend';

type Replies = {
  [K in keyof Commands]?: (
    input: Commands[K]['input'],
  ) => Commands[K]['reply'] | Promise<Commands[K]['reply']>;
};

/** A backend in the test itself, of which each command answers what the test sets. */
export class StandIn implements Backend {
  readonly calls: { name: string; input: unknown }[] = [];
  readonly replies: Replies;
  #onEvent: ((event: Event) => void) | null = null;

  constructor(replies: Replies = {}) {
    this.replies = replies;
  }

  async call<K extends keyof Commands>(name: K, input: Commands[K]['input']): Promise<Commands[K]['reply']> {
    this.calls.push({ name, input });
    const reply = this.replies[name] as
      ((input: Commands[K]['input']) => Promise<Commands[K]['reply']>) | undefined;
    if (reply === undefined) throw new Error(`nobody answers ${name}`);
    return await reply(input);
  }

  listen(onEvent: (event: Event) => void): () => void {
    this.#onEvent = onEvent;
    return () => (this.#onEvent = null);
  }

  onMenu(): () => void {
    return () => undefined;
  }

  send(event: Event): void {
    this.#onEvent?.(event);
  }
}

/** All records, of everybody. */
export const EVERYTHING: Filter = { person: null, kinds: [], query: null, folded: false, unsaid: false };

/** A date without a time of day. */
export function day(start: string, label = 'on'): When {
  return { start, end: null, precision: 'day', zone: 'none', label, sort: start };
}

/** A record with nothing special about it. */
export function row(id: number, more: Partial<Row> = {}): Row {
  return {
    id,
    kind: 'problems',
    title: `Record ${id}`,
    subtitle: '',
    when: null,
    when_detail: null,
    status: null,
    status_text: null,
    standing: 'current',
    tone: 'plain',
    person: 1,
    source: { type: 'Condition', id: String(id) },
    gone_since: null,
    moved_from: null,
    change: null,
    part_of: null,
    value: null,
    flag: null,
    own_flag: null,
    flagged: 0,
    group: null,
    counts_as: null,
    notes: [],
    snippet: null,
    holds: [],
    ...more,
  };
}

/** A record in full with nothing special about it. */
export function detail(id: number, more: Partial<Detail> = {}): Detail {
  return {
    ...row(id),
    title_sent: null,
    name: null,
    name_from: null,
    likelihood: null,
    reasons: [],
    candidates: [],
    unit: null,
    range: null,
    code: null,
    result: null,
    components: [],
    sections: [],
    narrative: null,
    attachments: [],
    codes: [],
    related: [],
    problems: [],
    first_seen: '2026-03-12T15:00:00Z',
    last_seen: '2026-11-20T14:12:00Z',
    versions: [],
    own_note: null,
    portal: 'https://onpatient.com',
    ...more,
  };
}

/** A measurement with nothing special about it. */
export function measurement(more: Partial<Measurement> = {}): Measurement {
  return {
    index: 0,
    name: 'Hemoglobin',
    name_from: 'portal',
    likelihood: null,
    reasons: [],
    candidates: [],
    value: null,
    unit: null,
    range: null,
    flag: null,
    code: null,
    absent: null,
    number: null,
    comparator: null,
    low: null,
    high: null,
    own_flag: null,
    flag_note: null,
    range_note: null,
    converted: null,
    likely_code: null,
    named_at: null,
    test: null,
    ...more,
  };
}
