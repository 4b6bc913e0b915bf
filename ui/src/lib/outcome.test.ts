import { describe, expect, test } from 'vitest';

import type { Run, SyncReport, TypeOutcome } from '../backend/api';
import { newestRuns, newsOf, outcome } from './outcome';

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
    hint: null,
    ...more,
  } as TypeOutcome;
}

function report(types: TypeOutcome[], more: Partial<SyncReport> = {}): SyncReport {
  return {
    complete: true,
    requests: 1,
    started: '2026-11-20T14:11:19Z',
    finished: '2026-11-20T14:12:00Z',
    stopped: null,
    types,
    ...more,
  } as SyncReport;
}

describe('what a copy came to', () => {
  test('is all when every kind is complete and counted', () => {
    const found = outcome(report([type('Patient', 1), type('Observation', 811)]));
    expect(found).toMatchObject({ received: 812, promised: 812, extent: 'all', missing: [] });
  });

  test('leaves kinds that are not offered out of the sums', () => {
    const found = outcome(
      report([type('Patient', 1), type('Goal', 0, { promised: null, state: 'not_offered' })]),
    );
    expect(found.extent).toBe('all');
    expect(found.notOffered.map(({ name }) => name)).toEqual(['Goal']);
  });

  test('says that the portal did not count', () => {
    const found = outcome(report([type('Patient', 1), type('Observation', 9, { promised: null })]));
    expect(found.extent).toBe('uncounted');
    expect(found.uncounted.map(({ name }) => name)).toEqual(['Observation']);
  });

  test('is partly while something counted is missing', () => {
    const found = outcome(
      report([type('Observation', 443, { promised: 446, state: 'partial' })], { complete: false }),
    );
    expect(found).toMatchObject({ received: 443, promised: 446, extent: 'partly' });
    expect(found.missing).toHaveLength(1);
  });

  test('never claims all where a kind failed before it was counted, or the copy was stopped', () => {
    expect(
      outcome(
        report([type('Patient', 1), type('Procedure', 0, { promised: null, state: 'failed' })], {
          complete: false,
        }),
      ).extent,
    ).toBe('unknown');
    expect(outcome(report([type('Patient', 1)], { complete: false, stopped: 'You stopped it.' })).extent).toBe(
      'unknown',
    );
  });

  test('tells what is held back from what failed: another try does not help', () => {
    const found = outcome(
      report([type('Patient', 1), type('CarePlan', 0, { promised: null, state: 'refused' })], {
        complete: false,
      }),
    );
    expect(found).toMatchObject({ extent: 'permitted', missing: [] });
    expect(found.refused).toHaveLength(1);
  });

  test('says so when more came than was counted', () => {
    expect(outcome(report([type('Observation', 10, { promised: 8 })])).extent).toBe('more');
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
    unchanged: 0,
    ...more,
  } as Run;
}

describe('what is new', () => {
  test('is of the newest copy, and not of the very first', () => {
    expect(newsOf([run(1, { new: 812 })])).toBeNull();
    expect(newsOf([run(2, { new: 3 }), run(1, { new: 812 })])?.id).toBe(2);
    expect(newsOf([run(3), run(2, { new: 3 }), run(1)])).toBeNull();
    expect(newsOf([])).toBeNull();
  });

  test('counts what is gone or moved too', () => {
    expect(newsOf([run(2, { gone: 1 }), run(1)])?.id).toBe(2);
    expect(newsOf([run(2, { moved: 1 }), run(1)])?.id).toBe(2);
  });

  test('looks past a copy that did not end', () => {
    expect(newsOf([run(3, { finished: null, new: 9 }), run(2, { new: 3 }), run(1)])?.id).toBe(2);
  });
});

test('runs stand newest first', () => {
  expect(newestRuns([run(1), run(3), run(2)]).map(({ id }) => id)).toEqual([3, 2, 1]);
});
