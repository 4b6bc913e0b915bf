import type { Run, SyncReport, TypeOutcome } from '../backend/api';

/** What a copy came to, in the terms a person is told in. */
export type Outcome = {
  received: number;
  /** What the portal counted; what came, where it did not count. */
  promised: number;
  /**
   * `all`: every record the portal counted. `uncounted`: all, as far as is known. `permitted`: all
   * that is not held back. `more`: more than it counted. `partly`: some are missing. `unknown`: some
   * are missing and nobody knows how many.
   */
  extent: 'all' | 'uncounted' | 'permitted' | 'more' | 'partly' | 'unknown';
  /** The kinds that came, in full or not. */
  came: TypeOutcome[];
  /** Those of which something is missing that another try may bring. */
  missing: TypeOutcome[];
  refused: TypeOutcome[];
  notOffered: TypeOutcome[];
  /** Those the portal gave no count for. */
  uncounted: TypeOutcome[];
};

/** Sums a report up. */
export function outcome(report: SyncReport): Outcome {
  const came = report.types.filter(({ state }) => state !== 'not_offered' && state !== 'refused');
  const missing = came.filter(({ state }) => state === 'partial' || state === 'failed');
  const refused = report.types.filter(({ state }) => state === 'refused');
  const uncounted = came.filter(({ promised, received }) => promised === null && received > 0);
  const received = sum(came, (type) => type.received);
  const promised = sum(came, (type) => type.promised ?? type.received);
  const whole = missing.length === 0 && report.stopped === null;
  return {
    received,
    promised,
    extent: !whole
      ? received < promised
        ? 'partly'
        : 'unknown'
      : received > promised
        ? 'more'
        : received < promised
          ? 'partly'
          : refused.length > 0
            ? 'permitted'
            : uncounted.length > 0
              ? 'uncounted'
              : 'all',
    came,
    missing,
    refused,
    notOffered: report.types.filter(({ state }) => state === 'not_offered'),
    uncounted,
  };
}

/** How many of something over some kinds. */
export function sum(types: readonly TypeOutcome[], of: (type: TypeOutcome) => number): number {
  return types.reduce((total, type) => total + of(type), 0);
}

/** Runs newest first. */
export function newestRuns(runs: readonly Run[]): Run[] {
  return [...runs].sort((a, b) => b.started.localeCompare(a.started) || b.id - a.id);
}

/** Whether a run brought anything. */
export function brought(run: Run): boolean {
  return run.new + run.changed + run.gone + run.moved > 0;
}

/**
 * The run whose news are worth a line: the newest of a connection, if it brought anything and is not
 * its first, to which everything was new. Runs come newest first.
 */
export function newsOf(runs: readonly Run[]): Run | null {
  const ended = runs.filter(({ finished }) => finished !== null);
  const newest = ended[0];
  return newest !== undefined && ended.length > 1 && brought(newest) ? newest : null;
}
