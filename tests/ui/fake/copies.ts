import type { HostRequests, Run, VersionView } from '../../../ui/src/backend/api';
import { outcome, report } from './portal';

function run(id: number, started: string, more: Partial<Run> = {}): Run {
  return {
    id,
    account: 1,
    started,
    finished: started.replace(/:\d\dZ$/, ':41Z'),
    by_hand: id % 2 === 1,
    parts: 1,
    failed: null,
    report: {
      ...report(),
      run: id,
      started,
      finished: started.replace(/:\d\dZ$/, ':41Z'),
      complete: true,
      can_try_again: false,
      headline: 'All 652 of 652 records',
      news: 'Nothing new',
      received: 652,
      expected: 652,
      new: 0,
      unchanged: 652,
      types: [
        outcome('Patient', 'Patient', 1),
        outcome('Observation', 'Lab results and vital signs', 443),
        outcome('Procedure', 'Procedures', 208),
        outcome('CarePlan', 'Care plans', 0, { promised: null, state: 'not_offered' }),
      ],
    },
    new: 0,
    changed: 0,
    gone: 0,
    moved: 0,
    back: 0,
    unchanged: 652,
    ...more,
  };
}

/** A first copy, some in which nothing happened, one that broke off, and one with news. */
export function smallRuns(): Run[] {
  return [
    run(12, '2026-11-20T14:11:19Z', {
      report: { ...report(), run: 12 },
      new: 3,
      changed: 1,
      gone: 1,
      moved: 1,
      unchanged: 646,
    }),
    run(11, '2026-11-19T08:00:00Z', { finished: null, report: null }),
    run(10, '2026-11-18T08:00:00Z', { report: null, failed: 'The portal asks you to sign in again.' }),
    ...Array.from({ length: 8 }, (_, at) => run(9 - at, `2026-11-0${9 - at}T08:30:00Z`)),
    run(1, '2026-03-12T15:00:00Z', { new: 640, unchanged: 0 }),
  ];
}

export function smallRequests(): HostRequests[] {
  return [
    { host: 'onpatient.com', purpose: 'records', day: '2026-11-20', count: 31 },
    { host: 'onpatient.com', purpose: 'refresh', day: '2026-11-20', count: 1 },
    { host: 'onpatient.com', purpose: 'records', day: '2026-11-09', count: 12 },
    { host: 'onpatient.com', purpose: 'records', day: '2026-03-12', count: 368 },
    { host: 'onpatient.com', purpose: 'sign_in', day: '2026-03-12', count: 2 },
  ];
}

/** A problem that was named anew, and got a status. */
export function smallVersions(): VersionView[] {
  const same = { label: 'Recorded', before: '2026-03-10', after: '2026-03-10', differs: false };
  return [
    {
      first_seen: '2026-03-12T15:00:00Z',
      until: '2026-04-02T14:00:00Z',
      title: 'Anemia, unspecified',
      sections: [
        {
          title: '',
          fields: [
            { label: 'Title', before: 'Anemia, unspecified', after: 'Iron deficiency anemia', differs: true },
            { label: 'Verification', before: null, after: 'Confirmed', differs: true },
            { label: 'Severity', before: 'Mild', after: null, differs: true },
            same,
          ],
        },
        { title: 'Codes', fields: [{ label: 'ICD-10-CM', before: 'D64.9', after: 'D50.9', differs: true }] },
      ],
    },
  ];
}
