import type { Kind, Row } from '../backend/api';
import { GROUPS } from './kinds';

/** In which order the rows of a list stand. */
export const ARRANGEMENTS = ['group', 'newest', 'oldest', 'name'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

/** What a person chose to see of a list. */
export type Choice = {
  order: Arrangement;
  words: string;
  /** Only those that stand so ({@link standsAs}); `null` for all. */
  standing: string | null;
};

/** A part of a list, under its heading, and its rows. */
export type Part = { slug: string; heading: Heading; rows: Row[] };

/** The heading of a part: a text, a kind, a year (`null`: undated), those no longer sent, or none. */
export type Heading =
  | { of: 'text'; text: string }
  | { of: 'kind'; kind: Kind }
  | { of: 'year'; year: string | null }
  | { of: 'gone' }
  | { of: 'none' };

/** What a list was narrowed to, in words; `lang`: those of the record. */
export type Limit = { text: string; lang?: 'en' };

/** How a row stands in its list: its part, or its status; `null` where neither was sent. */
export function standsAs({ group, status_text }: Row): string | null {
  return group?.title ?? status_text;
}

/** The ways the rows of a list stand, each with how many; none where all stand alike. */
export function standingsOf(rows: readonly Row[]): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = isGone(row) ? null : standsAs(row);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts.size < 2 ? [] : [...counts].map(([name, count]) => ({ name, count }));
}

/**
 * The orders a list can have. One that comes in parts begins with these; of people and places no date
 * is known.
 */
export function ordersOf(grouped: boolean, dated: boolean): readonly Arrangement[] {
  if (!dated) return ['name'];
  return grouped ? ARRANGEMENTS : ARRANGEMENTS.filter((order) => order !== 'group');
}

/**
 * The rows under their headings. A list that comes in parts keeps them however it is sorted: a past
 * medicine never stands among the current ones. Another has a heading for each year, or for each of
 * its kinds where it is sorted by name. What the portal no longer sends stands below all others.
 */
export function arrange(rows: readonly Row[], grouped: boolean, { order, words, standing }: Choice): Part[] {
  const wanted = words.toLowerCase().split(/\s+/);
  const kinds = new Set(rows.map(({ kind }) => kind));
  const compare = COMPARE[order];
  const chosen = rows.filter(
    (row) =>
      (standing === null || standsAs(row) === standing) && wanted.every((word) => textOf(row).includes(word)),
  );
  const parts = new Map<string, Part>();
  for (const row of compare === null ? chosen : [...chosen].sort(compare)) {
    const heading: Heading = isGone(row)
      ? { of: 'gone' }
      : grouped
        ? row.group === null
          ? { of: 'none' }
          : { of: 'text', text: row.group.title }
        : order === 'name'
          ? kinds.size > 1
            ? { of: 'kind', kind: row.kind }
            : { of: 'none' }
          : { of: 'year', year: row.when_detail?.sort.slice(0, 4) ?? null };
    const slug =
      grouped && heading.of === 'text' ? (row.group?.slug ?? '') : Object.values(heading).join(' ');
    const part = parts.get(slug) ?? { slug, heading, rows: [] };
    part.rows.push(row);
    parts.set(slug, part);
  }
  if (!grouped) {
    const at = ({ heading }: Part) => (heading.of === 'kind' ? KINDS.indexOf(heading.kind) : 0);
    return last([...parts.values()].sort((a, b) => at(a) - at(b)));
  }
  // The parts keep the order in which the list came, whatever comes first within them.
  const place = new Map<string, number>();
  for (const { group } of rows) if (!place.has(group?.slug ?? '')) place.set(group?.slug ?? '', place.size);
  return last(
    [...parts.values()].sort((a, b) => (place.get(a.slug) ?? place.size) - (place.get(b.slug) ?? place.size)),
  );
}

const KINDS: readonly Kind[] = GROUPS.flatMap(({ kinds }) => [...kinds]);

/** No longer sent by the portal, and therefore below the list; an allergy keeps its place. */
export function isGone({ gone_since, kind }: Row): boolean {
  return gone_since !== null && kind !== 'allergies';
}

function last(parts: Part[]): Part[] {
  const gone = parts.filter(({ heading }) => heading.of === 'gone');
  return [...parts.filter(({ heading }) => heading.of !== 'gone'), ...gone];
}

function textOf({ title, subtitle, notes, status_text }: Row): string {
  return `${title} ${subtitle} ${status_text ?? ''} ${notes.join(' ')}`.toLowerCase();
}

const sortOf = ({ when_detail }: Row) => when_detail?.sort ?? '';
const byName = (a: Row, b: Row) => a.title.localeCompare(b.title) || a.id - b.id;

const COMPARE: Record<Arrangement, ((a: Row, b: Row) => number) | null> = {
  group: null,
  name: byName,
  newest: (a, b) => sortOf(b).localeCompare(sortOf(a)) || a.id - b.id,
  // What has no date stays last.
  oldest: (a, b) =>
    Number(sortOf(a) === '') - Number(sortOf(b) === '') || sortOf(a).localeCompare(sortOf(b)) || a.id - b.id,
};
