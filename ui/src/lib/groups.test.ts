import { describe, expect, test } from 'vitest';

import type { Row } from '../backend/api';
import { day, row } from '../testing/stand-in';
import { arrange, ordersOf, standingsOf, type Choice, type Part } from './groups';

const ALL: Choice = { order: 'group', words: '', standing: null };
const inGroup = (slug: string, title = slug) => ({ group: { slug, title } });
const on = (date: string) => ({ when: date, when_detail: day(date, 'on') });

function seen(parts: Part[]): [string, number[]][] {
  return parts.map(({ slug, rows }) => [slug, rows.map(({ id }) => id)]);
}

describe('a list that comes in parts', () => {
  const rows: Row[] = [
    row(1, { title: 'Zinc', ...inGroup('active'), ...on('2020-01-01') }),
    row(2, { title: 'Aspirin', ...inGroup('active'), ...on('2024-01-01') }),
    row(3, { title: 'Aloe', ...inGroup('past'), ...on('2025-01-01') }),
  ];

  test('keeps its parts in their order, however it is sorted', () => {
    expect(seen(arrange(rows, true, ALL))).toEqual([
      ['active', [1, 2]],
      ['past', [3]],
    ]);
    expect(seen(arrange(rows, true, { ...ALL, order: 'name' }))).toEqual([
      ['active', [2, 1]],
      ['past', [3]],
    ]);
    expect(seen(arrange(rows, true, { ...ALL, order: 'newest' }))).toEqual([
      ['active', [2, 1]],
      ['past', [3]],
    ]);
  });

  test('is narrowed to one part, and by words of any row', () => {
    expect(seen(arrange(rows, true, { ...ALL, standing: 'past' }))).toEqual([['past', [3]]]);
    expect(seen(arrange(rows, true, { ...ALL, words: ' ASP ' }))).toEqual([['active', [2]]]);
    expect(arrange(rows, true, { ...ALL, words: 'nothing' })).toEqual([]);
  });
});

describe('a list without parts', () => {
  const rows: Row[] = [
    row(1, { title: 'Scan', kind: 'procedures', ...on('2024-03') }),
    row(2, { title: 'Visit', kind: 'visits', ...on('2020-05-05') }),
    row(3, { title: 'Biopsy', kind: 'procedures' }),
  ];

  test('has a heading for each year, the undated last in either direction', () => {
    expect(seen(arrange(rows, false, { ...ALL, order: 'newest' })).map(([, ids]) => ids)).toEqual([
      [1],
      [2],
      [3],
    ]);
    expect(seen(arrange(rows, false, { ...ALL, order: 'oldest' })).map(([, ids]) => ids)).toEqual([
      [2],
      [1],
      [3],
    ]);
    expect(arrange(rows, false, { ...ALL, order: 'oldest' }).at(-1)?.heading).toEqual({
      of: 'year',
      year: null,
    });
  });

  test('sorted by name it has a heading for each kind', () => {
    expect(seen(arrange(rows, false, { ...ALL, order: 'name' }))).toEqual([
      ['kind visits', [2]],
      ['kind procedures', [3, 1]],
    ]);
  });
});

test('what is no longer sent stands below, but an allergy keeps its place', () => {
  const gone = { gone_since: '2026-10-02T08:00:00Z' };
  const rows = [
    row(1, { kind: 'procedures', ...on('2026-01-01'), ...gone }),
    row(2, { kind: 'procedures', ...on('2020-01-01') }),
    row(3, { kind: 'allergies', ...on('2019-01-01'), ...gone }),
  ];
  expect(seen(arrange(rows, false, { ...ALL, order: 'newest' })).map(([, ids]) => ids)).toEqual([
    [2],
    [3],
    [1],
  ]);
});

test('one is offered to choose only between ways of standing that differ', () => {
  const status = (id: number, status_text: string | null) => row(id, { status_text });
  expect(standingsOf([status(1, 'Finished'), status(2, 'Finished'), status(3, null)])).toEqual([]);
  expect(standingsOf([status(1, 'Finished'), status(2, 'Planned'), status(3, 'Finished')])).toEqual([
    { name: 'Finished', count: 2 },
    { name: 'Planned', count: 1 },
  ]);
  expect(ordersOf(true, true)[0]).toBe('group');
  expect(ordersOf(false, true)).toEqual(['newest', 'oldest', 'name']);
  expect(ordersOf(false, false)).toEqual(['name']);
});
