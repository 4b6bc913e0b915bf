import { languageOf, toApiError } from '../backend';

/** A line that says what has just been done, and takes it back where it can be. */
export interface Toast {
  id: number;
  text: string;
  /** The language of the text, where it is not the page's. */
  lang: 'en' | undefined;
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
    this.#show(text, undefined, undo);
  }

  /** Says why something could not be done. */
  fail(thrown: unknown): void {
    const error = toApiError(thrown);
    this.#show(error.message, languageOf(error), null);
  }

  #show(text: string, lang: Toast['lang'], undo: Toast['undo']): void {
    this.#next += 1;
    this.shown = { id: this.#next, text, lang, undo };
  }

  /** Puts the line away. */
  close(): void {
    this.shown = null;
  }
}
