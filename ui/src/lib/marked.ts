/** A piece of a text, and whether it is one of the words that were searched for. */
export type Piece = { text: string; hit: boolean };

/**
 * Splits a snippet at the marks the search puts around the words it found (`\u0002` before,
 * `\u0003` after). Stray marks are dropped; no text is lost.
 */
export function pieces(snippet: string): Piece[] {
  const found = snippet
    .split('\u0002')
    .flatMap((part, at) => part.split('\u0003').map((text, place) => ({ text, hit: at > 0 && place === 0 })));
  return found.filter(({ text }) => text !== '');
}
