/**
 * A text with the marks of a snippet (`\u0002` before, `\u0003` after) around each of its words that
 * begins with a word of a query, as the search finds them: whatever their case, without their accents.
 */
export function highlight(text: string, query: string): string {
  const wanted = wordsOf(query);
  const [first = ''] = wanted;
  // A first letter alone stands for itself.
  const whole = wanted.length === 1 && first.length === 1;
  return text
    .replaceAll('\u0002', '')
    .replaceAll('\u0003', '')
    .replaceAll(WORD, (word) => {
      const spelled = plain(word);
      const hit = whole ? spelled === first : wanted.some((one) => spelled.startsWith(one));
      return hit ? `\u0002${word}\u0003` : word;
    });
}

const WORD = /[\p{L}\p{M}\p{N}\p{Co}]+/gu;

function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].map(([word]) => plain(word)).filter((word) => word !== '');
}

function plain(word: string): string {
  return word.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
}
