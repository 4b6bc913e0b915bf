import { flushSync } from 'svelte';
import { describe, expect, test, vi } from 'vitest';

import type { Filter, Page, Period } from '../backend/api';
import { EVERYTHING, row, StandIn } from '../testing/stand-in';
import { ListState, PAGE } from './list.svelte';

const BLOODS: Filter = { ...EVERYTHING, query: 'blood' };

/** A backend with `count` records of one year. */
function holding(count: number): StandIn {
  return new StandIn({
    list: ({ offset, limit }) => ({
      total: count,
      records: Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, at) =>
        row(offset + at),
      ),
    }),
    periods: () => [{ year: '2022', count, records: count, tall: [] }],
  });
}

/** The offsets from one to another. */
function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function asked(backend: StandIn): number[] {
  return backend.calls
    .filter(({ name }) => name === 'list')
    .map(({ input }) => (input as { offset: number }).offset);
}

describe('a list', () => {
  test('holds the first page and knows how long it is', async () => {
    const list = new ListState(holding(100_000));
    await list.open(EVERYTHING);
    expect(list.phase).toBe('ready');
    expect(list.lines.total).toBe(100_000);
    expect(list.row(0)?.id).toBe(0);
    expect(list.row(PAGE)).toBeUndefined();
  });

  test('fetches the page that is looked at, then its neighbours, once each', async () => {
    const backend = holding(100_000);
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    list.want(span(50_000, 50_010));
    list.want(span(50_000, 50_010));
    await vi.waitFor(() => expect(list.row(50_005)?.id).toBe(50_005));
    const page = Math.floor(50_000 / PAGE) * PAGE;
    await vi.waitFor(() => expect(list.row(page - 1)).toBeDefined());
    expect(asked(backend)).toEqual([0, page, page + PAGE, page - PAGE]);
  });

  test('asks two questions at a time and, after a long way, only for where it ended', async () => {
    const backend = holding(100_000);
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    for (let at = 1_000; at <= 90_000; at += 1_000) list.want(span(at, at + 20));
    await vi.waitFor(() => expect(list.row(90_010)?.id).toBe(90_010));
    expect(asked(backend).length).toBeLessThan(8);
  });

  test('asks for nothing between what is in sight and the row that has the focus', async () => {
    const backend = holding(100_000);
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    list.want([...span(40_000, 40_010), 99_999]);
    const page = (offset: number) => Math.floor(offset / PAGE) * PAGE;
    const seen = page(40_000);
    await vi.waitFor(() => expect(list.row(seen - 1)).toBeDefined());
    expect(list.row(99_999)?.id).toBe(99_999);
    expect(list.row(40_005)?.id).toBe(40_005);
    const once = [seen, page(99_999), seen + PAGE, seen - PAGE];
    expect(asked(backend)).toEqual([0, ...once]);
    await list.refresh();
    await vi.waitFor(() => expect(asked(backend)).toEqual([0, ...once, ...once]));
  });

  test('finds the offset of a record it holds', async () => {
    const list = new ListState(holding(300));
    await list.open(EVERYTHING);
    expect(list.offsetOf(7)).toBe(7);
    expect(list.offsetOf(299)).toBeNull();
  });

  test('has no years for a search, and does not ask for them', async () => {
    const backend = holding(3);
    const list = new ListState(backend);
    await list.open(BLOODS);
    expect(list.lines.length).toBe(3);
    expect(backend.calls.map(({ name }) => name)).toEqual(['list']);
  });

  test('drops the answer to an older question', async () => {
    const backend = holding(5);
    let answer: (page: Page) => void = () => undefined;
    backend.replies.list = ({ filter }) =>
      filter.query === 'blood' ? new Promise((done) => (answer = done)) : { total: 1, records: [row(42)] };
    const list = new ListState(backend);
    const older = list.open(BLOODS);
    await list.open({ ...EVERYTHING, query: 'iron' });
    answer({ total: 1, records: [row(1)] });
    await older;
    expect(list.row(0)?.id).toBe(42);
    expect(list.filter?.query).toBe('iron');
  });

  test('keeps what it shows until what replaces it has come, but not for long', async () => {
    vi.useFakeTimers();
    try {
      const backend = holding(5);
      const list = new ListState(backend);
      await list.open(EVERYTHING);
      backend.replies.list = () => new Promise(() => undefined);
      void list.open(BLOODS);
      expect(list.phase).toBe('loading');
      expect(list.row(0)?.id).toBe(0);
      vi.advanceTimersByTime(300);
      expect(list.phase).toBe('slow');
    } finally {
      vi.useRealTimers();
    }
  });

  test('brings itself up to date where one looks', async () => {
    const backend = holding(1_000);
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    list.want(span(600, 620));
    await vi.waitFor(() => expect(list.row(600)).toBeDefined());
    const opened = list.opened;
    await list.refresh();
    expect(list.row(600)?.id).toBe(600);
    expect(list.opened).toBe(opened);
  });

  test('shows the rows without years when the two answers do not agree', async () => {
    const backend = holding(10);
    backend.replies.periods = (): Period[] => [{ year: '2022', count: 7, records: 7, tall: [] }];
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    expect(list.lines.length).toBe(10);
  });

  test('says why it could not be read, and recovers', async () => {
    const backend = holding(2);
    const good = backend.replies.list;
    backend.replies.list = () => {
      throw Object.assign(new Error('The disk is full.'), { code: 'internal' });
    };
    const list = new ListState(backend);
    await list.open(EVERYTHING);
    expect(list.phase).toBe('failed');
    expect(list.error?.message).toBe('The disk is full.');
    if (good !== undefined) backend.replies.list = good;
    await list.open(EVERYTHING);
    expect(list.phase).toBe('ready');
    expect(list.error).toBeNull();
  });

  test('tells Svelte when rows arrive', async () => {
    const list = new ListState(holding(1_000));
    await list.open(EVERYTHING);
    const seen: (number | undefined)[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        seen.push(list.row(500)?.id);
      });
    });
    flushSync();
    list.want(span(500, 510));
    await vi.waitFor(() => expect(seen.slice(0, 2)).toEqual([undefined, 500]));
    stop();
  });
});
