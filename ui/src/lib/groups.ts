import type { Row } from '../backend/api';

/** In which order the rows of a list in parts stand. */
export const ARRANGEMENTS = ['group', 'newest', 'name'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

/** A part of a list: its heading, empty where all are one part, and its rows. */
export type Part = { slug: string; title: string; rows: Row[] };

/**
 * The rows under their headings, in the order the parts come in. Sorted by name or by time they stay
 * in their parts: a past medicine never stands among the current ones.
 */
export function arrange(rows: readonly Row[], order: Arrangement, words: string): Part[] {
  const wanted = words.toLowerCase().split(/\s+/);
  const parts = new Map<string, Part>();
  for (const row of rows) {
    const text = `${row.title} ${row.subtitle} ${row.notes.join(' ')}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const slug = row.group?.slug ?? '';
    const part = parts.get(slug) ?? { slug, title: row.group?.title ?? '', rows: [] };
    part.rows.push(row);
    parts.set(slug, part);
  }
  const compare = COMPARE[order];
  return [...parts.values()].map((part) => ({
    ...part,
    rows: compare === null ? part.rows : [...part.rows].sort(compare),
  }));
}

const COMPARE: Record<Arrangement, ((a: Row, b: Row) => number) | null> = {
  group: null,
  name: (a, b) => a.title.localeCompare(b.title) || a.id - b.id,
  newest: (a, b) => (b.when_detail?.sort ?? '').localeCompare(a.when_detail?.sort ?? '') || a.id - b.id,
};
