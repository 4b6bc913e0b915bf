import type { Account, Run } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import type { ApiError } from '../backend/api';
import { newestRuns, newsOf } from '../lib/outcome';
import { t } from '../texts';
import type { Toasts } from './toasts.svelte';

/** The history of copies of each connection, and what the newest of them brought. */
export class Copies {
  /** By connection, newest first; nothing until it was asked for. */
  runs: ReadonlyMap<number, Run[]> = $state.raw(new Map());
  error: ApiError | null = $state.raw(null);
  /** The newest run whose news the person has put aside. */
  seen: number | null = $state(null);

  readonly #backend: Backend;
  #generation = 0;
  #remembered = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async read(accounts: readonly Account[]): Promise<void> {
    const generation = ++this.#generation;
    try {
      if (!this.#remembered) {
        const kept = Number(await this.#backend.call('remembered', { key: SEEN }));
        if (kept > 0) this.seen = Math.max(kept, this.seen ?? 0);
        this.#remembered = true;
      }
      const answers = await Promise.all(
        accounts.map(
          async ({ id }) => [id, newestRuns(await this.#backend.call('runs', { account: id }))] as const,
        ),
      );
      if (generation !== this.#generation) return;
      this.runs = new Map(answers);
      this.error = null;
    } catch (thrown) {
      if (generation === this.#generation) this.error = toApiError(thrown);
    }
  }

  /** Forgets all of it: another database is open. */
  forget(): void {
    this.#generation += 1;
    this.runs = new Map();
    this.seen = null;
    this.#remembered = false;
  }

  /** A run by its number. */
  find(run: number): Run | null {
    for (const runs of this.runs.values()) {
      const found = runs.find(({ id }) => id === run);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** The newest run with news that were not put aside, of all connections. */
  get news(): Run | null {
    return newestRuns([...this.runs.keys()].flatMap((account) => this.since(account)))[0] ?? null;
  }

  /** The runs of a connection with news since the person put any aside, the newest few, newest first. */
  since(account: number): Run[] {
    return newsOf(this.runs.get(account) ?? []).filter(({ id }) => this.seen === null || id > this.seen);
  }

  /** Puts aside all the news there are, says so, and offers to take that back. */
  putAside(toasts: Toasts): void {
    const before = this.seen;
    const newest = Math.max(0, ...[...this.runs.values()].flatMap((runs) => runs.map(({ id }) => id)));
    if (newest === 0) return;
    this.seen = newest;
    // If it is not kept, the line comes once more.
    this.#backend.call('remember', { key: SEEN, value: String(newest) }).catch(() => undefined);
    toasts.say(t.toast.newsAside, () => this.#takeUp(before));
  }

  /** Shows again the news since a run, put aside a moment ago; `null`: all there are. */
  async #takeUp(seen: number | null): Promise<void> {
    await this.#backend.call('remember', { key: SEEN, value: String(seen ?? 0) });
    this.seen = seen;
  }
}

const SEEN = 'news_seen';
