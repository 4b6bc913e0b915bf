import { t } from '../texts';
import type { Term } from '../texts/glossary';

/** The terms by their spellings, for each language that was looked into. */
const BY_WORD = new WeakMap<readonly Term[], ReadonlyMap<string, Term>>();

function byWord(terms: readonly Term[]): ReadonlyMap<string, Term> {
  const known = BY_WORD.get(terms);
  if (known !== undefined) return known;
  const made = new Map<string, Term>();
  for (const term of terms) {
    for (const word of [term.word, ...(term.also ?? [])]) {
      const spelling = fold(word);
      if (!made.has(spelling)) made.set(spelling, term);
    }
  }
  BY_WORD.set(terms, made);
  return made;
}

/** The term that a text is, in any of its spellings; not one that it merely contains. */
export function termOf(text: string): Term | undefined {
  return byWord(t.terms).get(fold(text));
}

/** The terms that a search finds, best first: by their own name, another spelling, then their text. */
export function searchTerms(query: string): readonly Term[] {
  const wanted = fold(query);
  if (wanted === '') return t.terms;
  return t.terms
    .map((term) => ({ term, rank: rank(term, wanted) }))
    .filter(({ rank }) => rank < NOT_FOUND)
    .sort((one, other) => one.rank - other.rank)
    .map(({ term }) => term);
}

const NOT_FOUND = 4;

function rank({ word, also = [], text }: Term, wanted: string): number {
  const names = [word, ...also].map(fold);
  if (names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (names.some((name) => name.includes(wanted))) return 2;
  return fold(text).includes(wanted) ? 3 : NOT_FOUND;
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('’', "'")
    .trim()
    .replace(/\s+/g, ' ')
    .toLowerCase();
}
