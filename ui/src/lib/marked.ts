/** A piece of a text, and whether it is one of the words that were searched for. */
export type Piece = { text: string; hit: boolean };

/**
 * Splits a snippet at the marks the search puts around the words it found (`\u0002` before,
 * `\u0003` after). Stray marks are dropped; no text is lost.
 */
export function pieces(snippet: string): Piece[] {
  const out: Piece[] = [];
  let hit = false;
  for (const part of snippet.split(/([\u0002\u0003])/)) {
    if (part === '\u0002') hit = true;
    else if (part === '\u0003') hit = false;
    else if (part !== '') out.push({ text: part, hit });
  }
  return out;
}
