import type { Kind, KindCount, Person } from '../backend/api';

/** The entries of the side bar, in its order. */
export const GROUPS = [
  { name: 'labs', kinds: ['labs', 'vitals'] },
  { name: 'medicines', kinds: ['medicines'] },
  { name: 'problems', kinds: ['problems'] },
  { name: 'allergies', kinds: ['allergies'] },
  { name: 'immunizations', kinds: ['immunizations'] },
  { name: 'visits', kinds: ['visits', 'procedures'] },
  { name: 'documents', kinds: ['documents'] },
  { name: 'plans', kinds: ['care_plans', 'goals'] },
  { name: 'people', kinds: ['people', 'places'] },
  { name: 'other', kinds: ['other'] },
] as const satisfies readonly { name: string; kinds: readonly Kind[] }[];

export type GroupName = (typeof GROUPS)[number]['name'];

/** The kinds of a side bar entry. */
export function kindsOfGroup(name: GroupName): readonly Kind[] {
  return GROUPS.find((group) => group.name === name)?.kinds ?? [];
}

/** How many records there are of some kinds, and whether the portal offers any of them. */
export type Tally = { count: number; offered: boolean };

/** The tally of some kinds over one person, or over everybody (`null`). */
export function tally(people: readonly Person[], person: number | null, kinds: readonly Kind[]): Tally {
  const counts: KindCount[] = people
    .filter(({ id }) => person === null || id === person)
    .flatMap((someone) => someone.counts)
    .filter(({ kind }) => kinds.includes(kind));
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    offered: counts.length === 0 || counts.some(({ offered }) => offered),
  };
}
