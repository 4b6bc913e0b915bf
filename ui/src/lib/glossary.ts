import { GLOSSARY, type Term } from '../texts/glossary';

const BY_WORD = new Map<string, Term>(
  GLOSSARY.flatMap((term) => [term.word, ...(term.also ?? [])].map((word) => [fold(word), term] as const)),
);

/** The term that a text is, in any of its spellings; not one that it merely contains. */
export function termOf(text: string): Term | undefined {
  return BY_WORD.get(fold(text));
}

/** The terms that a search finds, best first: by their own name, another spelling, then their text. */
export function searchTerms(query: string): readonly Term[] {
  const wanted = fold(query);
  if (wanted === '') return GLOSSARY;
  return GLOSSARY.map((term) => ({ term, rank: rank(term, wanted) }))
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
