import type { Flag, Point, Test } from '../backend/api';
import { placeOf } from './decimal';

/** A heading of the list of tests and the tests below it. */
export type TestGroup = { slug: 'marked' | 'labs' | 'vitals' | 'likely'; tests: Test[] };

/** In which order the tests of a group stand. */
export const ORDERS = ['marked', 'name', 'newest'] as const;
export type Order = (typeof ORDERS)[number];

/** Which tests are shown. */
export type TestChoice = { panel: string | null; out: boolean; words: string; order: Order };

/**
 * The mark that says how a result is to be shown: the sender's, else ours; ours too where the sender's
 * says nothing that is to be noticed ("Normal") and the range sent with it does.
 */
export function markOf(point: Point): Flag | null {
  return loudness(point.flag) > 0 ? point.flag : (point.own_flag ?? point.flag);
}

/** How loud a mark is: 2 for critical, 1 for out of range, 0 for everything else. */
export function loudness(flag: Flag | null): 0 | 1 | 2 {
  return flag?.tone === 'alarm' ? 2 : flag?.tone === 'notice' ? 1 : 0;
}

/** The names of the panels the tests come from, those with the most tests first. */
export function panelsOf(tests: readonly Test[]): string[] {
  const counts = new Map<string, number>();
  for (const { panel } of tests) if (panel !== null) counts.set(panel, (counts.get(panel) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([panel]) => panel);
}

/** The newest record of a panel, by which all of it can be asked for. */
export function newestOf(tests: readonly Test[], panel: string): number | null {
  const latest = tests
    .filter((test) => test.panel === panel)
    .map((test) => test.latest)
    .sort((a, b) => (b.when_detail?.sort ?? '').localeCompare(a.when_detail?.sort ?? ''));
  return latest[0]?.record ?? null;
}

/**
 * The tests under their headings: first those whose newest result is out of range, then the other
 * labs, the vitals, and apart from them all those whose name is only likely.
 */
export function groupTests(tests: readonly Test[], choice: TestChoice): TestGroup[] {
  const words = choice.words.toLowerCase().split(/\s+/);
  const chosen = tests
    .filter(({ panel }) => choice.panel === null || panel === choice.panel)
    .filter(({ out_of_range, latest }) => !choice.out || out_of_range > 0 || loudness(markOf(latest)) > 0)
    .filter(({ name, panel }) => words.every((word) => `${name} ${panel ?? ''}`.toLowerCase().includes(word)))
    .sort(compare(choice.order));
  const slugOf = (test: Test): TestGroup['slug'] =>
    test.name_from === 'inferred' ? 'likely' : loudness(markOf(test.latest)) > 0 ? 'marked' : test.kind;
  return (['marked', 'labs', 'vitals', 'likely'] as const)
    .map((slug) => ({ slug, tests: chosen.filter((test) => slugOf(test) === slug) }))
    .filter((group) => group.tests.length > 0);
}

function compare(order: Order): (a: Test, b: Test) => number {
  const byName = (a: Test, b: Test) => a.name.localeCompare(b.name) || a.key.localeCompare(b.key);
  const newest = (a: Test, b: Test) =>
    (b.latest.when_detail?.sort ?? '').localeCompare(a.latest.when_detail?.sort ?? '') || byName(a, b);
  switch (order) {
    case 'name':
      return byName;
    case 'newest':
      return newest;
    case 'marked':
      return (a, b) =>
        loudness(markOf(b.latest)) - loudness(markOf(a.latest)) ||
        Number(b.out_of_range > 0) - Number(a.out_of_range > 0) ||
        byName(a, b);
  }
}

/** The points of a series, newest first; those without a date last. */
export function newestFirst(points: readonly Point[]): Point[] {
  return [...points].sort((a, b) => (b.when_detail?.sort ?? '').localeCompare(a.when_detail?.sort ?? ''));
}

/** The lowest and the highest of the results that are plain numbers of one unit. */
export function extremes(points: readonly Point[]): { low: Point; high: Point } | null {
  const plain = points.filter(
    ({ number, second, comparator, unit }) =>
      placeOf(number) !== null && second === null && comparator === null && unit === points[0]?.unit,
  );
  const sorted = [...plain].sort((a, b) => (placeOf(a.number) ?? 0) - (placeOf(b.number) ?? 0));
  const [low, high] = [sorted[0], sorted.at(-1)];
  return low === undefined || high === undefined || plain.length < 2 ? null : { low, high };
}
