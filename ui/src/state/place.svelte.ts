import type { Backend } from '../backend';
import { formatRoute, parseRoute, type Route } from '../lib/route';
import type { Router } from './router.svelte';

/** Where somebody was: the fragment of the address, and whose record it was of. */
export type Kept = { hash: string; person: number | null };

const KEY = 'place';
/** How long a place is looked at before it is remembered: going through a list writes once. */
const REST_MS = 400;

/**
 * Pages that are a step of something, and no place to come back to. A search is one: opened another
 * day, a list without what it did not find would look like a record that is gone.
 */
const PASSING: ReadonlySet<Route['view']> = new Set(['start', 'connect', 'syncing', 'run', 'news', 'search']);

/** Remembers the view, in the database because it says what somebody reads. */
export class Place {
  readonly #backend: Backend;
  readonly #router: Router;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #kept = '';

  constructor(backend: Backend, router: Router) {
    this.#backend = backend;
    this.#router = router;
  }

  /** What was remembered; `null` where nothing was, or nothing that can be read. */
  async read(): Promise<Kept | null> {
    try {
      const text = await this.#backend.call('remembered', { key: KEY });
      const kept: unknown = text === null ? null : JSON.parse(text);
      if (typeof kept !== 'object' || kept === null) return null;
      const { hash, person } = kept as Partial<Kept>;
      return typeof hash === 'string' ? { hash, person: typeof person === 'number' ? person : null } : null;
    } catch {
      return null;
    }
  }

  /** Goes there, unless the address names a place itself. */
  restore(kept: Kept | null): void {
    if (kept === null || this.#router.current.view !== 'start') return;
    const route = parseRoute(kept.hash);
    if (!PASSING.has(route.view)) this.#router.replace(route);
  }

  /** Remembers a place once it has been looked at for a moment. */
  keep(route: Route, person: number | null): void {
    // What was looked at before a passing page is still what to come back to.
    if (PASSING.has(route.view)) return;
    clearTimeout(this.#timer);
    const value = JSON.stringify({ hash: formatRoute(route), person } satisfies Kept);
    if (value === this.#kept) return;
    this.#timer = setTimeout(() => {
      this.#kept = value;
      // What cannot be remembered is only not gone back to.
      this.#backend.call('remember', { key: KEY, value }).catch(() => undefined);
    }, REST_MS);
  }

  /** Another database is open: what is on its way is not for that one, nor is anything known of it. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#kept = '';
  }
}
