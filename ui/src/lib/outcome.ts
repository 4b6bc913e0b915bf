import type { Run, SyncReport, TypeOutcome } from '../backend/api';

/** The kinds of a report, by what is to be done about them. */
export type Outcome = {
  /** Those of which a table tells: all that the portal offers. */
  came: TypeOutcome[];
  /** Those of which something is missing that another try may bring. */
  missing: TypeOutcome[];
  refused: TypeOutcome[];
  notOffered: TypeOutcome[];
};

/** Sorts the kinds of a report. */
export function outcome({ types }: SyncReport): Outcome {
  return {
    came: types.filter(({ state }) => state !== 'not_offered'),
    missing: types.filter(({ state }) => state === 'partial' || state === 'failed'),
    refused: types.filter(({ state }) => state === 'refused'),
    notOffered: types.filter(({ state }) => state === 'not_offered'),
  };
}

/**
 * How much came, for a narrow place: `all`, `some` of a known number, or `unknown`. Never `all` where
 * the copy does not call itself complete.
 */
export function extent({ complete, received, expected }: SyncReport): 'all' | 'some' | 'unknown' {
  return complete ? 'all' : expected !== null && expected > received ? 'some' : 'unknown';
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
  return run.new + run.changed + run.gone + run.moved + run.back > 0;
}

/** So many runs with news are told of at once. */
const TOLD = 3;

/**
 * The runs whose news are worth a line: those that ended and brought anything, but for the first of a
 * connection, to which everything was new. The newest few of runs that come newest first.
 */
export function newsOf(runs: readonly Run[]): Run[] {
  const ended = runs.filter(({ finished }) => finished !== null);
  return ended.slice(0, -1).filter(brought).slice(0, TOLD);
}
