import { describe, expect, test } from 'vitest';

import type { Period } from '../backend/api';
import { Lines } from './rows';

const periods = [
  { year: '2026', count: 3, records: 9, tall: [[1, 3]] },
  { year: '2024', count: 0, records: 0, tall: [] },
  { year: '2022', count: 2, records: 2, tall: [] },
  { year: null, count: 1, records: 1, tall: [] },
] satisfies Period[];

describe('lines by year', () => {
  const lines = Lines.byYear(periods);

  test('hold the records and a heading for each year that has any', () => {
    expect(lines.total).toBe(6);
    expect(lines.records).toBe(12);
    expect(lines.length).toBe(9);
    expect(Array.from({ length: lines.length }, (_, line) => lines.at(line))).toEqual([
      { type: 'year', year: '2026', count: 9 },
      { type: 'record', offset: 0, holds: 0 },
      { type: 'record', offset: 1, holds: 3 },
      { type: 'record', offset: 2, holds: 0 },
      { type: 'year', year: '2022', count: 2 },
      { type: 'record', offset: 3, holds: 0 },
      { type: 'record', offset: 4, holds: 0 },
      { type: 'year', year: null, count: 1 },
      { type: 'record', offset: 5, holds: 0 },
    ]);
  });

  test('find the line of a record again', () => {
    for (let offset = 0; offset < lines.total; offset += 1) {
      expect(lines.at(lines.lineOf(offset))).toMatchObject({ type: 'record', offset });
    }
  });

  test('know the year and its first record', () => {
    expect(lines.yearAt(5)?.year).toBe('2022');
    expect(lines.startsYear(3)).toBe(true);
    expect(lines.startsYear(4)).toBe(false);
  });
});

test('flat lines are the records alone', () => {
  const lines = Lines.flat(2);
  expect(lines.length).toBe(2);
  expect(lines.at(1)).toEqual({ type: 'record', offset: 1, holds: 0 });
  expect(lines.records).toBe(2);
  expect(lines.lineOf(1)).toBe(1);
  expect(lines.startsYear(0)).toBe(false);
  expect(lines.yearAt(0)).toBeUndefined();
});

test('an empty list has no lines', () => {
  expect(Lines.byYear([]).length).toBe(0);
});
