/** A piece of a text and which of the places found it is; `null` between them. */
export type FoundPiece = { text: string; hit: number | null };

/** More places than these are not marked: nobody looks through them. */
const MOST = 500;

/** Splits a text at every place where some words stand, whatever their case. */
export function findIn(text: string, words: string): FoundPiece[] {
  const wanted = words.trim();
  if (wanted === '') return [{ text, hit: null }];
  const pattern = new RegExp(wanted.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`), 'giu');
  const pieces: FoundPiece[] = [];
  let end = 0;
  let hit = 0;
  for (const match of text.matchAll(pattern)) {
    if (hit === MOST) break;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), hit: null });
    pieces.push({ text: match[0], hit });
    hit += 1;
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hit: null });
  return pieces;
}
