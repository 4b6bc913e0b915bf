import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Route } from '../lib/route';
import { StandIn } from '../testing/stand-in';
import { Place } from './place.svelte';
import { Router } from './router.svelte';

const RECORD: Route = { view: 'group', group: 'problems', kinds: [], record: 10 };
const OTHER: Route = { ...RECORD, record: 11 };
const SEARCH: Route = { view: 'search', query: 'iron', record: null };
/** Longer than a place must be looked at. */
const LONG_MS = 1_000;

/** A database that remembers, and what it was given. */
function database(): { backend: StandIn; given: string[] } {
  const given: string[] = [];
  const backend = new StandIn({
    remember: ({ value }) => {
      if (value !== null) given.push((JSON.parse(value) as { hash: string }).hash);
      return null;
    },
    remembered: () => JSON.stringify({ hash: given.at(-1), person: 1 }),
  });
  return { backend, given };
}

/** A window that has just opened, and asks where it was. */
async function reopened(backend: StandIn): Promise<Route> {
  history.replaceState(null, '', '#/');
  const router = new Router();
  const place = new Place(backend, router);
  place.restore(await place.read());
  return router.current;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  history.replaceState(null, '', '#/');
});

describe('the place', () => {
  test('is the last of those gone through', async () => {
    const { backend, given } = database();
    const place = new Place(backend, new Router());
    place.keep(RECORD, 1);
    await vi.advanceTimersByTimeAsync(100);
    place.keep(OTHER, 1);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(given).toEqual(['#/kind/problems/11']);
  });

  test('is the record that was open, however soon a search began', async () => {
    const { backend, given } = database();
    const place = new Place(backend, new Router());
    place.keep(RECORD, 1);
    await vi.advanceTimersByTimeAsync(100);
    place.keep(SEARCH, 1);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(given).toEqual(['#/kind/problems/10']);
    expect(await reopened(backend)).toEqual(RECORD);
  });

  test('is no search on reopening, even where one was remembered', async () => {
    const { backend, given } = database();
    given.push('#/kind/problems/10');
    expect(await reopened(backend)).toEqual(RECORD);
    given.push('#/search/10?q=iron');
    expect(await reopened(backend)).toEqual({ view: 'start' });
  });

  test('of one database is not remembered in another', async () => {
    const { backend, given } = database();
    const place = new Place(backend, new Router());
    place.keep(RECORD, 1);
    place.forget();
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(given).toEqual([]);
    place.keep(OTHER, 1);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    place.forget();
    place.keep(OTHER, 1);
    await vi.advanceTimersByTimeAsync(LONG_MS);
    expect(given).toEqual(['#/kind/problems/11', '#/kind/problems/11']);
  });
});
