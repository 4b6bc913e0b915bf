import { describe, expect, test } from 'vitest';

import type { Run, SyncReport, TypeOutcome } from '../backend/api';
import { extent, newestRuns, newsOf, outcome } from './outcome';

function type(name: string, received: number, more: Partial<TypeOutcome> = {}): TypeOutcome {
  return {
    type: name,
    name,
    promised: received,
    received,
    new: 0,
    changed: 0,
    unchanged: received,
    gone: 0,
    state: 'complete',
    reason: null,
    moved: 0,
    back: 0,
    refused: 0,
    failed: 0,
    known: 0,
    cause: null,
    hint: null,
    ...more,
  };
}

function report(types: TypeOutcome[], more: Partial<SyncReport> = {}): SyncReport {
  return {
    run: 1,
    by_hand: true,
    complete: true,
    requests: 1,
    started: '2026-11-20T14:11:19Z',
    finished: '2026-11-20T14:12:00Z',
    stopped: null,
    goes_on_at: null,
    received: 0,
    expected: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    gone: 0,
    moved: 0,
    back: 0,
    headline: '',
    news: '',
    can_try_again: false,
    not_offered: null,
    refused: null,
    absent: '',
    types,
    ...more,
  };
}

test('the kinds of a report are sorted by what is to be done about them', () => {
  const found = outcome(
    report([
      type('Patient', 1),
      type('Observation', 443, { promised: 446, state: 'partial' }),
      type('Procedure', 0, { promised: null, state: 'failed' }),
      type('CarePlan', 0, { promised: null, state: 'refused' }),
      type('Goal', 0, { promised: null, state: 'not_offered' }),
    ]),
  );
  const names = (types: TypeOutcome[]) => types.map(({ name }) => name);
  expect(names(found.missing)).toEqual(['Observation', 'Procedure']);
  expect(names(found.refused)).toEqual(['CarePlan']);
  expect(names(found.notOffered)).toEqual(['Goal']);
  expect(names(found.came)).toEqual(['Patient', 'Observation', 'Procedure', 'CarePlan']);
});

describe('how much came', () => {
  test('is all only where the copy calls itself complete', () => {
    expect(extent(report([], { received: 812, expected: 812 }))).toBe('all');
    expect(extent(report([], { complete: false, received: 812, expected: 812 }))).toBe('unknown');
    expect(extent(report([], { complete: false, received: 809, expected: 812 }))).toBe('some');
    expect(extent(report([], { complete: false, received: 809, expected: null }))).toBe('unknown');
  });
});

function run(id: number, more: Partial<Run> = {}): Run {
  return {
    id,
    started: `2026-11-0${id}T10:00:00Z`,
    finished: `2026-11-0${id}T10:01:00Z`,
    by_hand: true,
    report: null,
    new: 0,
    changed: 0,
    gone: 0,
    moved: 0,
    back: 0,
    unchanged: 0,
    account: 1,
    parts: 1,
    failed: null,
    ...more,
  };
}

describe('what is new', () => {
  test('is of the newest copy, and not of the very first', () => {
    expect(ids([run(1, { new: 812 })])).toEqual([]);
    expect(ids([run(2, { new: 3 }), run(1, { new: 812 })])).toEqual([2]);
    expect(ids([])).toEqual([]);
  });

  test('tells of earlier copies too that nobody has looked at, the newest few', () => {
    expect(ids([run(3), run(2, { new: 3 }), run(1)])).toEqual([2]);
    expect(ids([6, 5, 4, 3, 2, 1].map((id) => run(id, { new: 1 })))).toEqual([6, 5, 4]);
  });

  test('counts what is gone or moved too', () => {
    expect(ids([run(2, { gone: 1 }), run(1)])).toEqual([2]);
    expect(ids([run(2, { moved: 1 }), run(1)])).toEqual([2]);
  });

  test('looks past a copy that did not end', () => {
    expect(ids([run(3, { finished: null, new: 9 }), run(2, { new: 3 }), run(1)])).toEqual([2]);
  });
});

function ids(runs: Run[]): number[] {
  return newsOf(runs).map(({ id }) => id);
}

test('runs stand newest first', () => {
  expect(newestRuns([run(1), run(3), run(2)]).map(({ id }) => id)).toEqual([3, 2, 1]);
});
