import type { ApiError } from '../backend/api';
import { toApiError } from '../backend';

/** Something a person asks for that may fail: one at a time, and why the last one did. */
export class Attempt {
  busy = $state(false);
  error: ApiError | null = $state.raw(null);

  /** Does `work` unless something is under way already. Answers whether it was done. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
