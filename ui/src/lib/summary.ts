import type { Point, Test } from '../backend/api';
import { loudness, markOf } from './tests';

/** Whether a mark says that a value is out of its range, or otherwise to be noticed. */
export function isMarked(point: Point): boolean {
  return loudness(markOf(point)) > 0;
}

/**
 * The lab tests whose newest value is marked: critical ones first, then the newest. A name that
 * Onhand worked out is no headline until the person has confirmed it.
 */
export function outOfRange(tests: readonly Test[]): Test[] {
  return tests
    .filter(({ kind, name_from, latest }) => kind === 'labs' && name_from !== 'inferred' && isMarked(latest))
    .sort((one, other) => loudest(other) - loudest(one) || newer(one, other));
}

/** How many lab tests with a worked-out name have a marked newest value. */
export function inferredOut(tests: readonly Test[]): number {
  return tests.filter(
    ({ kind, name_from, latest }) => kind === 'labs' && name_from === 'inferred' && isMarked(latest),
  ).length;
}

/** The newest of each vital sign people ask about first, in the order they are read out. */
export function chooseVitals(tests: readonly Test[]): Test[] {
  const vitals = tests.filter(({ kind }) => kind === 'vitals');
  const place = (name: string) => {
    const at = VITALS.findIndex((pattern) => pattern.test(name));
    return at < 0 ? VITALS.length : at;
  };
  return vitals
    .sort((one, other) => place(one.name) - place(other.name) || newer(one, other))
    .slice(0, SHOWN);
}

const SHOWN = 8;
const VITALS = [
  /blood pressure/i,
  /heart rate|pulse/i,
  /weight/i,
  /body mass|bmi/i,
  /oxygen|spo2/i,
  /temperature/i,
  /respirat/i,
  /height/i,
];

function loudest({ latest }: Test): number {
  return loudness(markOf(latest));
}

function newer(one: Test, other: Test): number {
  return (other.latest.when_detail?.sort ?? '').localeCompare(one.latest.when_detail?.sort ?? '');
}
