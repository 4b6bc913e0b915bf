import type { ApiError, Detail } from '../backend/api';
import { toApiError, type Backend } from '../backend';

const PATIENCE_MS = 300;

/** The record that is open. The previous one stands until the next has arrived, but not for long. */
export class DetailState {
  record: Detail | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  /** Nothing came within the time a person does not notice. */
  slow = $state(false);

  readonly #backend: Backend;
  #wanted: number | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks once more for what is open. */
  async again(): Promise<void> {
    await this.open(this.#wanted);
  }

  async open(id: number | null): Promise<void> {
    const again = id === this.#wanted;
    this.#wanted = id;
    // What is asked for again may fail again: why it did stands until there is an answer.
    if (!again) this.error = null;
    if (id === null) {
      this.record = null;
      return;
    }
    const patience = setTimeout(() => {
      if (this.#wanted !== id || again) return;
      this.record = null;
      this.slow = true;
    }, PATIENCE_MS);
    try {
      const record = await this.#backend.call('record', { id });
      if (this.#wanted !== id) return;
      this.record = record;
      this.error = null;
    } catch (thrown) {
      if (this.#wanted === id) {
        this.record = null;
        this.error = toApiError(thrown);
      }
    } finally {
      clearTimeout(patience);
      if (this.#wanted === id) this.slow = false;
    }
  }
}
