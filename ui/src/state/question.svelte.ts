import type { ApiError } from '../backend/api';
import { toApiError } from '../backend';

const PATIENCE_MS = 300;

/**
 * The answer to one question at a time. The previous answer stands until the next has come, but not
 * for long; an answer to an older question is dropped.
 */
export class Question<T> {
  answer: T | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  /** Nothing came within the time a person does not notice. */
  slow = $state(false);

  #generation = 0;

  /** Asks. With `keep`, the old answer stands however long it takes: it is the same question. */
  async ask(question: () => Promise<T>, keep = false): Promise<void> {
    const generation = ++this.#generation;
    this.error = null;
    const patience = setTimeout(() => {
      if (generation !== this.#generation || keep) return;
      this.answer = null;
      this.slow = true;
    }, PATIENCE_MS);
    try {
      const answer = await question();
      if (generation === this.#generation) this.answer = answer;
    } catch (thrown) {
      if (generation !== this.#generation) return;
      this.answer = null;
      this.error = toApiError(thrown);
    } finally {
      clearTimeout(patience);
      if (generation === this.#generation) this.slow = false;
    }
  }
}
