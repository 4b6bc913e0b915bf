import { describe, expect, test } from 'vitest';

import { GROUPS, tally } from './kinds';
import { Lru } from './lru';
import { pieces } from './marked';
import { plural } from './plural';
import { formatRoute, parseRoute, type Route } from './route';
import { fileSize } from './size';

describe('a snippet', () => {
  test('is split at its marks', () => {
    expect(pieces('stored \u0002iron\u0003 and \u0002Iron\u0003')).toEqual([
      { text: 'stored ', hit: false },
      { text: 'iron', hit: true },
      { text: ' and ', hit: false },
      { text: 'Iron', hit: true },
    ]);
  });

  test('loses no text to stray marks, and no text becomes markup', () => {
    const text = '\u0003<b>a</b>\u0002b';
    expect(pieces(text)).toEqual([
      { text: '<b>a</b>', hit: false },
      { text: 'b', hit: true },
    ]);
  });
});

describe('a route', () => {
  const routes: [string, Route][] = [
    ['#/timeline', { view: 'timeline', kinds: [], record: null }],
    ['#/timeline/12?kinds=labs,visits', { view: 'timeline', kinds: ['labs', 'visits'], record: 12 }],
    ['#/kind/medicines/7', { view: 'group', group: 'medicines', kinds: [], record: 7 }],
    ['#/kind/labs?kinds=vitals', { view: 'group', group: 'labs', kinds: ['vitals'], record: null }],
    ['#/search?q=iron+%26+zinc', { view: 'search', query: 'iron & zinc', record: null }],
    ['#/connection', { view: 'connection' }],
    ['#/start', { view: 'start' }],
  ];

  test.each(routes)('%s is read and written', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(formatRoute(route)).toBe(hash);
  });

  test.each(['', '#', '#/', '#/nowhere', '#/%E0%A4%A'])('%j that nobody knows is the start', (hash) => {
    expect(parseRoute(hash)).toEqual({ view: 'start' });
  });

  test('takes no kind that its list does not have, and no number that is none', () => {
    expect(parseRoute('#/kind/labs/x?kinds=medicines,vitals')).toEqual({
      view: 'group',
      group: 'labs',
      kinds: ['vitals'],
      record: null,
    });
    expect(parseRoute('#/kind/nothing')).toEqual({ view: 'timeline', kinds: [], record: null });
  });
});

test('a cache lets go of what was unused for longest', () => {
  const cache = new Lru<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect(cache.peek('b')).toBeUndefined();
  expect(cache.peek('a')).toBe(1);
  expect(cache.size).toBe(2);
});

test('a count has its own words', () => {
  const forms = { one: '# record', other: '# records' };
  expect(plural('en-US', 1, forms)).toBe('1 record');
  expect(plural('en-US', 0, forms)).toBe('0 records');
  expect(plural('en-US', 12480, forms)).toBe('12,480 records');
});

test('a file size is told in the unit that fits', () => {
  expect(fileSize('en-US', 1)).toBe('1 byte');
  expect(fileSize('en-US', 812)).toBe('812 bytes');
  expect(fileSize('en-US', 3400)).toBe('3.4 kB');
  expect(fileSize('en-US', 12_000_000)).toBe('12 MB');
});

describe('a tally', () => {
  const someone = (id: number, count: number, offered: boolean) => ({
    id,
    account: 1,
    name: '',
    birth_date: null,
    relation: null,
    counts: [{ kind: 'labs' as const, count, offered }],
  });

  test('adds up people and kinds', () => {
    const people = [someone(1, 3, true), someone(2, 4, false)];
    expect(tally(people, null, ['labs', 'vitals'])).toEqual({ count: 7, offered: true });
    expect(tally(people, 2, ['labs'])).toEqual({ count: 4, offered: false });
  });

  test('takes a kind that nobody spoke of as offered', () => {
    expect(tally([someone(1, 3, false)], null, ['goals'])).toEqual({ count: 0, offered: true });
  });

  test('covers every kind by exactly one entry', () => {
    const kinds = GROUPS.flatMap((group) => [...group.kinds]);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.length).toBe(14);
  });
});
