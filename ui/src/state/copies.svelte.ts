import type { Account, Run } from '../backend/api';
import { toApiError, type Backend } from '../backend';
import type { ApiError } from '../backend/api';
import { newestRuns, newsOf } from '../lib/outcome';

/** The history of copies of each connection, and what the newest of them brought. */
export class Copies {
  /** By connection, newest first; nothing until it was asked for. */
  runs: ReadonlyMap<number, Run[]> = $state.raw(new Map());
  error: ApiError | null = $state.raw(null);
  /** The run whose news the person put aside, until the window closes. */
  seen: number | null = $state(null);

  readonly #backend: Backend;
  #generation = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async read(accounts: readonly Account[]): Promise<void> {
    const generation = ++this.#generation;
    try {
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

  /** A run by its number. */
  find(run: number): Run | null {
    for (const runs of this.runs.values()) {
      const found = runs.find(({ id }) => id === run);
      if (found !== undefined) return found;
    }
    return null;
  }

  /** The newest run with news, of all connections. */
  get news(): Run | null {
    const found = newestRuns([...this.runs.values()].flatMap((runs) => newsOf(runs) ?? []))[0];
    return found === undefined || found.id === this.seen ? null : found;
  }
}
