import type { ApiError, Filter, Period, Row } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import { Lru } from '../lib/lru';
import { Lines } from '../lib/rows';

/** Rows fetched at once. */
export const PAGE = 50;
/** Pages kept: 9,000 rows. */
const KEPT = 180;
/** Questions under way at once. */
const SIDE_BY_SIDE = 2;
/** How long the previous list may stand while the next one is fetched. */
const PATIENCE_MS = 300;

/**
 * A list of any length, of which only the pages around what is looked at are held. What is shown
 * stays until what replaces it has arrived, so that nothing flickers.
 */
export class ListState {
  /** Where the lines stand. */
  lines: Lines = $state.raw(Lines.flat(0));
  /** `loading`: the previous list still stands. `slow`: nothing to show yet. */
  phase: 'loading' | 'slow' | 'ready' | 'failed' = $state('loading');
  error: ApiError | null = $state.raw(null);
  /** What the lines shown are of. */
  filter: Filter | null = $state.raw(null);
  /** What was searched for in place of words that are spelled nowhere. */
  corrected: string | null = $state(null);
  /** It comes part by part ({@link Row.group}), not by time. */
  grouped = $state(false);
  /** Rises with every list that is opened, but not when one is only brought up to date. */
  opened = $state(0);

  readonly #backend: Backend;
  #pages = new Lru<number, Row[]>(KEPT);
  /** Read with the pages, so that their arrival is noticed. */
  #arrivals = $state(0);
  /** Grows with every question about the whole list; answers to older ones are dropped. */
  #generation = 0;
  #underWay = new Set<number>();
  /** The pages looked at, the one with the most rows first. */
  #wanted: number[] = [0];
  #mismatched = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Shows the records of a filter, from the beginning. */
  async open(filter: Filter): Promise<void> {
    const generation = ++this.#generation;
    this.phase = this.phase === 'slow' ? 'slow' : 'loading';
    const patience = setTimeout(() => {
      if (generation === this.#generation) this.phase = 'slow';
    }, PATIENCE_MS);
    const loaded = await this.#load(filter, 0, generation);
    clearTimeout(patience);
    if (loaded) this.opened += 1;
  }

  /** Brings what is shown up to date; where that cannot be, what is shown stays, with the reason. */
  async refresh(): Promise<void> {
    if (this.filter === null) return;
    await this.#load(this.filter, this.#wanted[0] ?? 0, ++this.#generation);
  }

  /** The record at an offset; `undefined` while it is on its way. */
  row(offset: number): Row | undefined {
    void this.#arrivals;
    return this.#pages.peek(Math.floor(offset / PAGE))?.[offset % PAGE];
  }

  /** The offset of a record, if it is among those held. */
  offsetOf(id: number): number | null {
    void this.#arrivals;
    for (const [page, rows] of this.#pages.entries()) {
      const at = rows.findIndex((row) => row.id === id);
      if (at >= 0) return page * PAGE + at;
    }
    return null;
  }

  /**
   * Says the offsets of the records that are looked at; their pages are fetched, the newest wish
   * first. They need not stand together: a row that has the focus may be far from what is in sight.
   */
  want(offsets: readonly number[]): void {
    const rows = new Map<number, number>();
    for (const offset of offsets) {
      const page = Math.floor(Math.max(0, Math.min(offset, this.lines.total - 1)) / PAGE);
      rows.set(page, (rows.get(page) ?? 0) + 1);
    }
    const looked = [...rows].sort((a, b) => b[1] - a[1]).map(([page]) => page);
    const [most] = looked;
    // What comes next in either direction is there before it is scrolled to.
    const ahead = most === undefined ? [] : [most + 1, most - 1].filter((page) => this.#isPage(page));
    this.#wanted = [...new Set([...looked, ...ahead])];
    this.#pump();
  }

  /**
   * The offset of the first record of a month or before it, in a list by years: newest first, so that
   * it is where that month begins. `null` where the year has none.
   */
  async find(year: string, month: string | null): Promise<number | null> {
    const span = this.lines.offsetsOf(year);
    const filter = this.filter;
    if (span === null || filter === null || month === null) return span?.first ?? null;
    const until = `${year}-${month}`;
    let { first: low, end: high } = span;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row =
        this.row(middle) ??
        (await this.#backend.call('list', { filter, offset: middle, limit: 1 })).records[0];
      if (row === undefined || (row.when_detail?.sort ?? '').slice(0, until.length) > until) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, span.end - 1);
  }

  /** Every record of the list, at most `most`, without keeping them; what a visit holds, by itself. */
  async all(most: number): Promise<Row[]> {
    if (this.filter === null) return [];
    const filter = { ...this.filter, by_visit: false };
    const rows: Row[] = [];
    while (rows.length < Math.min(this.lines.records, most)) {
      const limit = Math.min(500, most - rows.length);
      const { records } = await this.#backend.call('list', { filter, offset: rows.length, limit });
      if (records.length === 0) break;
      rows.push(...records);
    }
    return rows;
  }

  #isPage(page: number): boolean {
    return page >= 0 && page * PAGE < this.lines.total;
  }

  #pump(): void {
    if (this.filter === null) return;
    for (const page of this.#wanted) {
      if (this.#underWay.size >= SIDE_BY_SIDE) return;
      if (this.#pages.get(page) === undefined && !this.#underWay.has(page))
        void this.#fetch(page, this.filter);
    }
  }

  async #fetch(page: number, filter: Filter): Promise<void> {
    const generation = this.#generation;
    const underWay = this.#underWay;
    underWay.add(page);
    try {
      const answer = await this.#backend.call('list', { filter, offset: page * PAGE, limit: PAGE });
      if (generation !== this.#generation) return;
      this.#pages.set(page, answer.records);
      this.#arrivals += 1;
      this.error = null;
      if (answer.total !== this.lines.total && !this.#mismatched) {
        this.#mismatched = true;
        void this.refresh();
      }
    } catch (thrown) {
      if (generation === this.#generation) this.error = toApiError(thrown);
      return;
    } finally {
      underWay.delete(page);
    }
    this.#pump();
  }

  /** Replaces what is shown. Answers whether it did: not if something newer was asked for. */
  async #load(filter: Filter, page: number, generation: number): Promise<boolean> {
    try {
      const search = (filter.query ?? '').trim() !== '';
      const [answer, periods] = await Promise.all([
        this.#backend.call('list', { filter, offset: page * PAGE, limit: PAGE }),
        search ? Promise.resolve<Period[]>([]) : this.#backend.call('periods', filter),
      ]);
      if (generation !== this.#generation) return false;
      const byYear = Lines.byYear(periods);
      this.#mismatched = false;
      this.#pages = new Lru(KEPT);
      this.#underWay = new Set();
      this.#pages.set(page, answer.records);
      // The two answers may stem from before and after a change: then the years must wait.
      // A list that comes in parts is not in the order of time.
      const inParts = filter.kinds.length === 1 && !search && answer.records[0]?.group != null;
      this.grouped = inParts;
      this.lines = byYear.total === answer.total && !inParts ? byYear : Lines.flat(answer.total);
      this.corrected = answer.corrected ?? null;
      this.filter = filter;
      this.error = null;
      this.phase = 'ready';
      this.#arrivals += 1;
      this.#pump();
      return true;
    } catch (thrown) {
      if (generation !== this.#generation) return false;
      this.error = toApiError(thrown);
      if (this.filter !== filter) this.phase = 'failed';
      return false;
    }
  }
}
