/** A line that says what has just been done, and takes it back where it can be. */
export interface Toast {
  id: number;
  text: string;
  undo: (() => Promise<void> | void) | null;
}

/** How long a line stays when nobody looks at it. */
export const TOAST_MS = 8_000;

export class Toasts {
  /** The newest line, alone: an older one has been read or is not worth more room. */
  shown: Toast | null = $state.raw(null);
  #next = 0;

  /** Says what was done; with `undo`, offers to take it back. */
  say(text: string, undo: Toast['undo'] = null): void {
    this.#next += 1;
    this.shown = { id: this.#next, text, undo };
  }

  /** Puts the line away. */
  close(): void {
    this.shown = null;
  }
}
