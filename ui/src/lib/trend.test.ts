import { describe, expect, test } from 'vitest';

import type { Point, When } from '../backend/api';
import { timeOf, timeTicks, trend, valueTicks } from './trend';

function on(sort: string): When {
  return { start: sort, end: null, precision: 'day', zone: 'none', label: 'on', sort };
}

function point(day: string | null, number: string | null, more: Partial<Point> = {}): Point {
  return {
    record: 1,
    index: 0,
    name: 'Hemoglobin',
    name_from: 'portal',
    when: day,
    when_detail: day === null ? null : on(day),
    value: number ?? 'Negative',
    number,
    second: null,
    comparator: null,
    unit: 'g/dL',
    low: '11.1',
    high: '15.9',
    range: '11.1–15.9',
    flag: null,
    own_flag: null,
    flag_note: null,
    range_note: null,
    absent: null,
    original: null,
    note: null,
    ...more,
  };
}

const LOW = { code: 'L', text: 'Low', tone: 'notice', direction: 'down' } as const;

const draw = (points: Point[], period: 'year' | 'three' | 'all' = 'all') => trend(points, period, 'en-US');

describe('the time axis', () => {
  test('takes a date as it was written', () => {
    expect(timeOf(on('1970-01-02'))).toEqual({ middle: 1.5, reach: 0 });
    expect(timeOf(on('1970-01-02T06:00'))).toEqual({ middle: 1.25, reach: 0 });
    expect(timeOf(on('1969-12-31'))).toEqual({ middle: -0.5, reach: 0 });
    expect(timeOf(null)).toBeNull();
  });

  test('puts a month or a year in its middle and says how far it reaches', () => {
    expect(timeOf(on('1970-01'))).toEqual({ middle: 15.5, reach: 15.5 });
    expect(timeOf(on('1970'))).toEqual({ middle: 182.5, reach: 182.5 });
    expect(timeOf(on('1970-12'))).toEqual({ middle: 349.5, reach: 15.5 });
  });

  test('is true to time: twice as long is twice as far', () => {
    const { marks } = draw([point('2020-01-01', '12'), point('2020-01-11', '12'), point('2020-01-31', '12')]);
    const [a, b, c] = marks.map(({ x }) => x);
    expect(((c ?? 0) - (b ?? 0)) / ((b ?? 0) - (a ?? 0))).toBeCloseTo(2, 9);
  });

  test('is in the order of time whatever order the points come in', () => {
    const { marks } = draw([point('2022-01-01', '12'), point('2020-01-01', '13'), point('2021-01-01', '11')]);
    expect(marks.map(({ at }) => at)).toEqual([1, 2, 0]);
  });

  test('has years, months or days as its ticks, at most nine', () => {
    const day = (text: string) => Date.parse(text) / 86_400_000;
    const texts = (from: string, to: string) =>
      timeTicks({ from: day(from), to: day(to) }, 'en-US').map(({ text }) => text);
    expect(texts('2019-08-01', '2026-10-01')).toEqual([
      '2020',
      '2021',
      '2022',
      '2023',
      '2024',
      '2025',
      '2026',
    ]);
    expect(texts('2025-10-10', '2026-04-20')).toEqual(['Nov 2025', 'Dec', '2026', 'Feb', 'Mar', 'Apr']);
    expect(texts('2026-03-01', '2026-03-06')).toEqual(['Mar 1', 'Mar 2', 'Mar 3', 'Mar 4', 'Mar 5', 'Mar 6']);
    for (const to of ['2020-03-05', '2020-09-01', '2023-01-01', '2040-01-01', '2199-01-01']) {
      const count = texts('2020-01-01', to).length;
      expect(count).toBeGreaterThan(1);
      expect(count).toBeLessThanOrEqual(9);
    }
  });

  test('shows the last year or three, counted back from the newest result', () => {
    const points = ['2019-01-01', '2023-06-01', '2025-07-01', '2026-01-01'].map((day) => point(day, '12'));
    expect(draw(points, 'year').marks.map(({ at }) => at)).toEqual([2, 3]);
    expect(draw(points, 'three').marks.map(({ at }) => at)).toEqual([1, 2, 3]);
    expect(draw(points, 'all').marks).toHaveLength(4);
  });
});

describe('the values', () => {
  test('have round ticks with the digits they need', () => {
    const texts = (from: number, to: number) => valueTicks({ from, to }).map(({ text }) => text);
    expect(texts(9.9, 16.2)).toEqual(['10', '12', '14', '16']);
    expect(texts(0, 1)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(texts(0.02, 0.11)).toEqual(['0.02', '0.04', '0.06', '0.08', '0.10']);
    expect(texts(120, 480)).toEqual(['200', '300', '400']);
  });

  test('are all within the drawing, with one result too, and one that is nought', () => {
    for (const numbers of [['7.0'], ['0'], ['-1', '-1'], ['1000', '1000'], ['0.001', '90000']]) {
      const { marks } = draw(
        numbers.map((number, at) => point(`2020-01-0${at + 1}`, number, { low: null, high: null })),
      );
      expect(marks).toHaveLength(numbers.length);
      for (const { x, y } of marks) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(100);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y).toBeLessThanOrEqual(100);
      }
    }
  });

  test('are told apart by form where the sender marked them, and by ours only where it did not', () => {
    const { marks } = draw([
      point('2020-01-01', '10', { flag: LOW }),
      point('2020-01-02', '10', { own_flag: LOW }),
      point('2020-01-03', '12', {
        flag: { code: 'N', text: 'Normal', tone: 'plain', direction: null },
        own_flag: LOW,
      }),
      point('2020-01-04', '12', { flag: { code: 'A', text: 'Abnormal', tone: 'notice', direction: null } }),
    ]);
    expect(marks.map(({ shape }) => shape)).toEqual(['down', 'down', 'dot', 'other']);
  });

  test('that are off the scale of the instrument are marked and not joined', () => {
    const { marks, strokes } = draw([
      point('2020-01-01', '12'),
      point('2020-01-02', '5', { value: '<5', comparator: '<' }),
      point('2020-01-03', '12'),
    ]);
    expect(marks.map(({ beyond }) => beyond)).toEqual([null, '<', null]);
    expect(strokes).toEqual([]);
  });
});

test('two pressures are two lines', () => {
  const { marks, strokes } = draw([
    point('2020-01-01', '134', { value: '134/78', second: '78', low: null, high: null }),
    point('2020-02-01', '140', { value: '140/90', second: '90', low: null, high: null }),
  ]);
  expect(strokes.map(({ y1 }) => y1)).toEqual([marks[0]?.y, marks[0]?.lower]);
  expect(marks[0]?.lower).toBeGreaterThan(marks[0]?.y ?? 0);
});

describe('the line', () => {
  test('joins neighbours straight', () => {
    const { marks, strokes } = draw([point('2020-01-01', '12'), point('2020-02-01', '14')]);
    expect(strokes).toEqual([{ x1: marks[0]?.x, y1: marks[0]?.y, x2: marks[1]?.x, y2: marks[1]?.y }]);
  });

  test('ends at a result that is no number and at a long time without any', () => {
    const words = draw([point('2020-01-01', '12'), point('2020-02-01', null), point('2020-03-01', '12')]);
    expect(words.strokes).toEqual([]);
    expect(words.wordless).toBe(1);
    const long = draw([
      point('2015-01-01', '12'),
      point('2015-03-01', '12'),
      point('2019-01-01', '12'),
      point('2019-03-01', '12'),
    ]);
    expect(long.strokes).toHaveLength(2);
  });

  test('goes on where results are seldom as a rule', () => {
    const yearly = ['2019', '2020', '2021', '2022'].map((year) => point(`${year}-03-01`, '12'));
    expect(draw(yearly).strokes).toHaveLength(3);
  });
});

describe('the range', () => {
  test('is one band while it stays the same and another once it changes', () => {
    const { bands } = draw([
      point('2020-01-01', '12'),
      point('2020-02-01', '12'),
      point('2020-03-01', '12', { low: '12.0', high: '15.5' }),
    ]);
    expect(bands.map(({ low, high }) => [low, high])).toEqual([
      ['11.1', '15.9'],
      ['12.0', '15.5'],
    ]);
    expect(bands[0]?.x1).toBe(0);
    expect(bands[0]?.x2).toBe(bands[1]?.x1);
    expect(bands[1]?.x2).toBe(100);
  });

  test('is open on the side that was not sent, and missing where none was', () => {
    const { bands } = draw([
      point('2020-01-01', '70', { low: '60', high: null }),
      point('2020-02-01', '70', { low: null, high: null }),
      point('2020-03-01', '140', { low: null, high: '150' }),
    ]);
    expect(
      bands.map(({ y1, y2, lowAt, highAt }) => [y1 === 0, y2 === 100, lowAt === null, highAt === null]),
    ).toEqual([
      [true, false, false, true],
      [false, true, true, false],
    ]);
  });

  test('far from every result does not flatten the line', () => {
    const { marks, bands } = draw([
      point('2020-01-01', '30', { low: null, high: '5000' }),
      point('2020-02-01', '60', { low: null, high: '5000' }),
    ]);
    expect(Math.abs((marks[0]?.y ?? 0) - (marks[1]?.y ?? 0))).toBeGreaterThan(50);
    expect(bands[0]?.highAt).toBeNull();
  });
});

test('a result without a date is counted, not drawn', () => {
  const { marks, undated } = draw([point(null, '12'), point('2020-01-01', '12')]);
  expect(marks).toHaveLength(1);
  expect(undated).toBe(1);
});

test('nothing at all draws nothing', () => {
  expect(draw([])).toMatchObject({ marks: [], strokes: [], bands: [], undated: 0, wordless: 0 });
});
