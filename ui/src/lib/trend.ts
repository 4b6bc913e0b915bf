import type { Flag, Point, When } from '../backend/api';
import { placeOf } from './decimal';

/** A day as a number: days since 1970-01-01, with the time of day behind the point. */
export type Day = number;

/** A stretch of time, or of values. */
export type Span = { from: number; to: number };

/** A tick of an axis: where, in percent of its length, and what it says. */
export type Tick = { at: number; text: string };

/** The form of a point; the form tells the mark without colour. */
export type Shape = 'dot' | 'up' | 'down' | 'other';

/** A result on the chart. Places are in percent of the drawing, from its left and its top. */
export type Mark = {
  /** Its place among the points given. */
  at: number;
  x: number;
  y: number;
  /** How far the day it stands for reaches to either side, where only a month or a year is known. */
  reach: number;
  shape: Shape;
  tone: 'plain' | 'notice' | 'alarm';
  /** Beyond what the instrument can tell: `<` or `>` as sent. */
  beyond: '<' | '>' | null;
  /** Where the lower one of two pressures stands. */
  lower: number | null;
};

/** A line from one result to the next. */
export type Stroke = { x1: number; y1: number; x2: number; y2: number };

/** The range sent with some neighbouring points; an open side reaches the edge of the drawing. */
export type Band = {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  /** The limits as sent; `null` on an open side. */
  low: string | null;
  high: string | null;
  /** The limits' places; `null` where they are open. */
  lowAt: number | null;
  highAt: number | null;
};

/** Everything a chart draws. */
export type Trend = {
  marks: Mark[];
  strokes: Stroke[];
  bands: Band[];
  values: Tick[];
  times: Tick[];
  /** Points that have no place: no date, or a result that is not a number. */
  undated: number;
  wordless: number;
};

/** The stretches of time one can choose. */
export const PERIODS = ['year', 'three', 'all'] as const;
export type PeriodName = (typeof PERIODS)[number];

const YEAR = 365.25;
/** Air at either end of the time axis and of the values, as a share. */
const AIR = 0.04;
/** The values shown span at least this share of the largest. */
const LEAST_SHARE = 0.1;
/** A line ends where nothing was measured for this many times the usual interval, and for this long. */
const GAP_TIMES = 3;
const GAP_DAYS = 400;

/**
 * A series as a drawing. `points` are in any order; their dates are taken as written, an imprecise
 * one stands in the middle of what it may be. Values are joined by straight lines, never across a
 * result that is no number nor across a long time without any.
 */
export function trend(points: readonly Point[], period: PeriodName, locale: string): Trend {
  const placed = points
    .map((point, at) => ({ point, at, time: timeOf(point.when_detail), value: placeOf(point.number) }))
    .filter((entry): entry is Placed => entry.time !== null)
    .sort((a, b) => a.time.middle - b.time.middle || b.at - a.at);
  const undated = points.length - placed.length;
  const newest = placed.at(-1)?.time.middle ?? 0;
  const back = period === 'year' ? YEAR : period === 'three' ? 3 * YEAR : Infinity;
  const shown = placed.filter(({ time }) => newest - time.middle <= back);
  const numeric = shown.filter((entry) => entry.value !== null);
  const time = timeSpan(shown.map((entry) => entry.time.middle));
  const values = valueSpan(numeric);
  const x = (day: number) => (100 * (day - time.from)) / (time.to - time.from);
  const y = (value: number) => 100 - (100 * (value - values.from)) / (values.to - values.from);

  return {
    marks: numeric.map(({ point, at, time: { middle, reach }, value }) => ({
      at,
      x: x(middle),
      y: y(value ?? 0),
      reach: (100 * reach) / (time.to - time.from),
      ...look(point.flag ?? point.own_flag ?? null),
      beyond: beyond(point),
      lower: second(point) === null ? null : y(second(point) ?? 0),
    })),
    strokes: strokes(shown, x, y),
    bands: bands(numeric, x, y),
    values: valueTicks(values).map((value) => ({
      at: y(value.value),
      text: value.text,
    })),
    times: timeTicks(time, locale).map(({ day, text }) => ({ at: x(day), text })),
    undated,
    wordless: shown.length - numeric.length,
  };
}

type Time = { middle: Day; reach: number };
type Placed = { point: Point; at: number; time: Time; value: number | null };

/** When a result was, as a day and how uncertain it is. Times of day are civil, as written. */
export function timeOf(when: When | null): Time | null {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2}))?)?)?/.exec(when?.sort ?? '');
  if (match === null) return null;
  const [, year = '', month, day, hour, minute] = match;
  if (month === undefined) return between(dayOf(Number(year), 1, 1), dayOf(Number(year) + 1, 1, 1));
  if (day === undefined)
    return between(dayOf(Number(year), Number(month), 1), dayOf(Number(year), Number(month) + 1, 1));
  const start = dayOf(Number(year), Number(month), Number(day));
  if (hour === undefined) return { middle: start + 0.5, reach: 0 };
  return { middle: start + (Number(hour) * 60 + Number(minute)) / 1440, reach: 0 };
}

function between(from: Day, to: Day): Time {
  return { middle: (from + to) / 2, reach: (to - from) / 2 };
}

function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

function look(flag: Flag | null): { shape: Shape; tone: Mark['tone'] } {
  if (flag === null || (flag.tone !== 'notice' && flag.tone !== 'alarm'))
    return { shape: 'dot', tone: 'plain' };
  return { shape: flag.direction ?? 'other', tone: flag.tone };
}

function beyond({ comparator }: Point): '<' | '>' | null {
  const sign = comparator?.charAt(0);
  return sign === '<' || sign === '>' ? sign : null;
}

function second(point: Point): number | null {
  return placeOf(point.second);
}

function timeSpan(days: number[]): Span {
  const from = Math.min(...days);
  const to = Math.max(...days);
  if (!Number.isFinite(from)) return { from: 0, to: 1 };
  // One day alone stands in the middle of a month.
  const air = to - from < 1 ? 15 : (to - from) * AIR;
  return { from: from - air, to: to + air };
}

/** The values shown: all results, and the limits of their ranges where those are not far away. */
function valueSpan(placed: Placed[]): Span {
  const results = placed.flatMap(({ value, point }) => [value ?? [], second(point) ?? []].flat());
  let low = Math.min(...results);
  let high = Math.max(...results);
  if (!Number.isFinite(low)) return { from: 0, to: 1 };
  const limits = placed.flatMap(({ point }) => [placeOf(point.low), placeOf(point.high)]);
  const near = Math.max(high - low, Math.abs(high) * 0.5);
  for (const limit of limits) {
    if (limit === null) continue;
    if (limit < low && low - limit <= near) low = limit;
    if (limit > high && limit - high <= near) high = limit;
  }
  // A small change must not look like a large one.
  const least = Math.max(Math.abs(high), Math.abs(low)) * LEAST_SHARE;
  if (high - low < least) [low, high] = [(low + high - least) / 2, (low + high + least) / 2];
  const air = high === low ? 0.5 : (high - low) * 0.12;
  // Nothing that is never below nought is shown as though it could be.
  return { from: low >= 0 ? Math.max(0, low - air) : low - air, to: high + air };
}

function strokes(shown: Placed[], x: (day: Day) => number, y: (value: number) => number): Stroke[] {
  const waits = shown
    .slice(1)
    .map((entry, at) => entry.time.middle - (shown[at]?.time.middle ?? 0))
    .sort((a, b) => a - b);
  const usual = waits[Math.floor(waits.length / 2)] ?? 0;
  const longest = Math.max(GAP_DAYS, GAP_TIMES * usual);
  return shown.slice(1).flatMap((next, at) => {
    const last = shown[at];
    if (last?.value == null || next.value === null) return [];
    if (beyond(last.point) !== null || beyond(next.point) !== null) return [];
    if (next.time.middle - last.time.middle > longest) return [];
    const [x1, x2] = [x(last.time.middle), x(next.time.middle)];
    const upper = { x1, y1: y(last.value), x2, y2: y(next.value) };
    const [from, to] = [second(last.point), second(next.point)];
    return from === null || to === null ? upper : [upper, { x1, y1: y(from), x2, y2: y(to) }];
  });
}

function bands(placed: Placed[], x: (day: Day) => number, y: (value: number) => number): Band[] {
  const found: Band[] = [];
  placed.forEach(({ point, time }, at) => {
    const [low, high] = [placeOf(point.low), placeOf(point.high)];
    if (low === null && high === null) return;
    const before = placed[at - 1];
    const after = placed[at + 1];
    const from = before === undefined ? 0 : x((before.time.middle + time.middle) / 2);
    const to = after === undefined ? 100 : x((time.middle + after.time.middle) / 2);
    const previous = found.at(-1);
    if (previous?.low === point.low && previous.high === point.high && Math.abs(previous.x2 - from) < 1e-9) {
      previous.x2 = to;
      return;
    }
    const edge = (limit: number | null, open: number) => (limit === null ? open : clamp(y(limit)));
    found.push({
      x1: from,
      x2: to,
      y1: edge(high, 0),
      y2: edge(low, 100),
      low: point.low,
      high: point.high,
      lowAt: low === null ? null : within(y(low)),
      highAt: high === null ? null : within(y(high)),
    });
  });
  return found;
}

function clamp(percent: number): number {
  return Math.max(0, Math.min(100, percent));
}

function within(percent: number): number | null {
  return percent >= 0 && percent <= 100 ? percent : null;
}

/** Round values at even steps, about five of them. */
export function valueTicks({ from, to }: Span): { value: number; text: string }[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const value = (first + at) * step;
    return { value, text: value.toFixed(places) };
  });
}

/** Steps of the time axis, in months. */
const STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240];
const MOST_TICKS = 8;

/** Firsts of months or years, at most eight; days where all lies within weeks. */
export function timeTicks({ from, to }: Span, locale: string): { day: Day; text: string }[] {
  const write = (day: Day, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(day * 86_400_000));
  if (to - from < 62) {
    const step = [1, 2, 7, 14].find((days) => (to - from) / days <= MOST_TICKS) ?? 14;
    const first = Math.ceil(from);
    return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, at) => ({
      day: first + at * step,
      text: write(first + at * step, { month: 'short', day: 'numeric' }),
    }));
  }
  const months = (day: Day) => {
    const date = new Date(day * 86_400_000);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const step =
    STEPS.find((candidate) => (months(to) - months(from)) / candidate <= MOST_TICKS) ?? STEPS.at(-1) ?? 12;
  const first = Math.floor(months(from) / step) * step + step;
  const ticks: { day: Day; text: string }[] = [];
  for (let month = first; month <= months(to); month += step) {
    const day = dayOf(Math.floor(month / 12), (month % 12) + 1, 1);
    const year = step >= 12 || month % 12 === 0;
    ticks.push({
      day,
      text: write(
        day,
        year
          ? { year: 'numeric' }
          : month === first
            ? { month: 'short', year: 'numeric' }
            : { month: 'short' },
      ),
    });
  }
  return ticks;
}
